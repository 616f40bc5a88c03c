"""What OpenSearch is given in place of words: one unit a position, which its stock filters take apart into terms.

A unit is the terms that stand at one position, joined by `BETWEEN`. A term says by its first letter what it is:

    k:лед       the look-up key of a form: what masks, and a form typed without ё, are met by
    e:лёд       the form itself, where it is not its key
    l:лёд       a lemma that it may stand for
    s:шольц     the stem of a word that no dictionary knows
    n:рябкову/ru   a form that may be a surname, and its language

What a word of several positions stands for is in the unit of its first position, as in a local index.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from indexer.segment.terms import Entry

BETWEEN = "|"
# A position of which nothing is indexed: the title, where it stands in the text and is a field of its own.
NOTHING = "_"
_STEM = "~"  # what a stem begins with among the lemmas
# Letters of a form that may be ё: their spellings are as many as two to this power at most.
_MOST = 8


def key_term(key: str) -> str:
    """The term of a look-up key."""
    return f"k:{key}"


def lemma_term(lemma: str) -> str:
    """The term of a lemma or of a stem."""
    return f"s:{lemma[1:]}" if lemma.startswith(_STEM) else f"l:{lemma}"


def name_term(entry: Entry) -> str:
    """The term of a form that may be a surname."""
    return f"n:{entry.form}/{entry.language}"


def terms(entry: Entry, lemmas: Iterable[str], may_be_name: bool) -> list[str]:
    """The terms of an entry of the lexicon."""
    found = [key_term(entry.key)]
    if entry.form != entry.key:
        found.append(f"e:{entry.form}")
    found += map(lemma_term, lemmas)
    if may_be_name:
        found.append(name_term(entry))
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
