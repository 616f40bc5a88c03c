"""An English form → its stem, by Snowball's English stemmer (Porter 2, snowballstem.org/algorithms/english).

A stem is written in Latin letters, so it meets no word of the other languages.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Stemmer import Stemmer

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*'?")


def version() -> str:
    """What the stems depend on: the release of PyStemmer, which brings Snowball of the same number."""
    import Stemmer

    return f"snowball {Stemmer.version()}"


def lemmas(form: str) -> tuple[tuple[str, float], ...]:
    """((stem, 1.0),) of a folded form: "concessions" → "concess", and so the possessive "concession's".

    What is no English word (c++, covid-19, naïve) comes back whole, with ё→е; never empty, never raises.
    """
    if len(form) > 60 or not _WORD.fullmatch(form):
        return ((form.replace("ё", "е"), 1.0),)
    return ((_stemmer().stemWord(form), 1.0),)


@functools.cache
def _stemmer() -> Stemmer:
    import Stemmer

    return Stemmer.Stemmer("english")
