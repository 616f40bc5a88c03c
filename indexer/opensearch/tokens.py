"""What OpenSearch is given in place of words: one unit a position, which its stock filters take apart into terms.

A unit is the terms that stand at one position, joined by `BETWEEN`. A term says by its first letter what it is:

    k:лед       the look-up key of a form: what masks, and a form typed without ё, are met by
    e:лёд       the form itself, where it is not its key
    l:лёд       a lemma that it may stand for
    s:шольц     the stem of a word that no dictionary knows
    n:рябкову/ru   a form that may be a surname, and its language
    2:9-го      the key of a number, a date, an address or a hyphenated word, and how many positions it covers

What a word of several positions stands for is in the unit of its first position, as in a local index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

from indexer.analysis.tokens import is_one_word
from indexer.segment.terms import Entry

BETWEEN = "|"
# A position of which nothing is indexed: the title, where it stands in the text and is a field of its own.
NOTHING = "_"
_STEM = "~"  # what a stem begins with among the lemmas
# Letters of a form that may be ё: their spellings are as many as two to this power at most.
_MOST = 8
_ORDINAL = re.compile(r"\d+-\w+")


def key_term(key: str) -> str:
    """The term of a look-up key."""
    return f"k:{key}"


def lemma_term(lemma: str) -> str:
    """The term of a lemma or of a stem."""
    return f"s:{lemma[1:]}" if lemma.startswith(_STEM) else f"l:{lemma}"


def name_term(entry: Entry) -> str:
    """The term of a form that may be a surname."""
    return f"n:{entry.form}/{entry.language}"


def wide_term(key: str, width: int) -> str:
    """The term of a look-up key that covers so many positions."""
    return f"{width}:{key}"


def widths(form: str) -> tuple[int, ...] | None:
    """How many positions a form may cover; None where that is not known, as of an address.

    A number of four digits and more is also the whole of its groups: 5374, 5 374.
    """
    if is_plain(form):
        return (1,)
    if any(map(str.isalpha, form)) and not _ORDINAL.fullmatch(form):
        return None
    digits = re.findall(r"\d+", form)
    groups = -(-len(digits[0]) // 3) if digits else 1
    parts = len(re.findall(r"\w+", form))
    return (parts,) if groups == 1 or "-" in form else (parts, parts + groups - 1)


def is_plain(form: str) -> bool:
    """Whether a form is one word by its letters, and so of one position."""
    return is_one_word(form) or (form.isalnum() and any(map(str.isalpha, form)))


def terms(entry: Entry, lemmas: Iterable[str], may_be_name: bool) -> list[str]:
    """The terms of an entry of the lexicon."""
    found = [key_term(entry.key)]
    if entry.form != entry.key:
        found.append(f"e:{entry.form}")
    found += map(lemma_term, lemmas)
    if may_be_name:
        found.append(name_term(entry))
    if not is_plain(entry.form):
        found.append(wide_term(entry.key, entry.width))
    return found


def typed_terms(form: str) -> list[str]:
    """The terms that a form is met by as typed: a typed ё is meant, a typed е may be either."""
    if "ё" not in form:
        return [key_term(form)]
    open_ = [at for at, letter in enumerate(form) if letter == "е"][:_MOST]
    found = []
    for letters in product("её", repeat=len(open_)):
        spelled = list(form)
        for at, letter in zip(open_, letters, strict=True):
            spelled[at] = letter
        found.append(f"e:{''.join(spelled)}")
    return found
