"""`language.of_word` of many words at once: the same answers, by the letters of all."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import language as rules
from indexer.analysis.hashing import Places
from indexer.analysis.language import of_word
from indexer.analysis.strings import Strings

Kinds = NDArray[np.uint8]

# Characters from here on tell nothing.
_END = 0x500
# Letters and signs of forms that tell something only beside others.
_SIGN = 16


def of_words(forms: Strings, document: str) -> dict[str, Places]:
    """`of_word` of each of the forms, none of which is empty: language → which of them are of it, rising."""
    languages, language = _by_kinds(document)
    if not len(forms):
        return {}
    kinds = np.bitwise_or.reduceat(_kinds().take(forms.points, mode="clip"), forms.starts)
    found = language.take(kinds)
    for at in (kinds >= _SIGN).nonzero()[0].tolist():
        found[at] = languages.index(of_word(forms[at], document))
    every = {own: (found == number).nonzero()[0] for number, own in enumerate(languages)}
    return {own: at for own, at in every.items() if len(at)}


@cache
def _kinds() -> Kinds:
    """[_END + 1] what a character of a form tells, as bits; the last stands for all beyond."""
    everything = "".join(map(chr, range(_END)))
    kinds = np.zeros(_END + 1, np.uint8)
    for bit, letters in enumerate((rules.CYRILLIC, rules.LATIN, rules.UKRAINIAN, rules.RUSSIAN)):
        kinds[[match.start() for match in letters.finditer(everything)]] |= 1 << bit
    kinds[[ord(sign) for sign in "ъ'"]] = _SIGN
    return kinds


@cache
def _by_kinds(document: str) -> tuple[list[str], Kinds]:
    """Languages; [32] by the bits of `_kinds` without a sign: which of them it is in a document of a language."""
    samples = ("и", "q", "і", "ы")
    forms = ["".join(sample for bit, sample in enumerate(samples) if bits >> bit & 1) for bits in range(16)]
    found = [of_word(form, document) for form in forms] * 2
    languages = sorted({*rules.LANGUAGES, document})
    return languages, np.array([*map(languages.index, found)], np.uint8)
