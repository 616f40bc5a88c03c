"""An English form → its stem, by Snowball's English stemmer (Porter 2, snowballstem.org/algorithms/english).

A stem is written in Latin letters, so it meets no word of the other languages.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from indexer.analysis.columns import Array, Found, Lemmas, certain
from indexer.analysis.strings import Strings
from indexer.patterns import pattern

if TYPE_CHECKING:
    from Stemmer import Stemmer

_LONGEST = 60
_WORD = pattern(r"[a-z]+(?:['-][a-z]+)*'?")


def version() -> str:
    """What the stems depend on: the release of PyStemmer, which brings Snowball of the same number."""
    import Stemmer

    return f"snowball {Stemmer.version()}"


def lemmas(form: str) -> Lemmas:
    """((stem, 1.0),) of a folded form: "concessions" → "concess", and so the possessive "concession's".

    What is no English word (c++, covid-19, naïve) comes back whole, with ё→е; never empty, never raises.
    """
    return ((_stemmer().stemWord(form) if _is_word(form) else form.replace("ё", "е"), 1.0),)


def lemmas_many(forms: Strings, some: Array) -> Found:
    """`lemmas` of some of the forms, given by their numbers."""
    each = forms.some(some).tolist()
    found = _stemmer().stemWords(each)
    for at, form in enumerate(each):
        if not ((form.isascii() and form.isalpha() and len(form) <= _LONGEST) or _is_word(form)):
            found[at] = form.replace("ё", "е")
    return certain(some, Strings.of(found))


def _is_word(form: str) -> bool:
    return len(form) <= _LONGEST and bool(_WORD.fullmatch(form))


@functools.cache
def _stemmer() -> Stemmer:
    import Stemmer

    # Its cache is slower than stemming once it is full.
    return Stemmer.Stemmer("english", 0)
