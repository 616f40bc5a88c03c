"""Surfaces in basic letters → forms, many at once: `folding.fold` of those is lower case and plain signs."""

from __future__ import annotations

from functools import cache
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.folding import APOSTROPHES, HYPHENS
from indexer.analysis.hashing import Places, Points
from indexer.analysis.strings import Strings, cut

Flags = NDArray[np.bool_]

RUSSIAN = "".join(map(chr, range(ord("А"), ord("я") + 1))) + "Ёё"
_CAPITALS = RUSSIAN[:32] + "Ё" + ascii_uppercase


def spell(points: Points, start: Places, end: Places) -> Strings:
    """The forms of `points[start[i]:end[i]]`, which hold no line end."""
    return cut(points, start, end).mapped(lower())


def capitals(points: Points) -> Flags:
    """Whether each is a capital letter, of those in basic letters."""
    return _is_capital().take(points, mode="clip")


@cache
def lower() -> NDArray[np.uint32]:
    """[65536] what stands in a form for each code point; as of no use here, surrogates are left out."""
    lower = np.arange(1 << 16, dtype="<u4")
    lower[0xD800:0xE000] = 0
    for letter in _CAPITALS:
        lower[ord(letter)] = ord(letter.lower())
    for signs in (HYPHENS, APOSTROPHES):
        lower[[ord(sign) for sign in signs]] = ord("-" if signs is HYPHENS else "'")
    return lower


@cache
def alphanumeric() -> Flags:
    """[65536] whether each code point is a letter or a digit, as `str.isalnum` has it."""
    found: Flags = np.strings.isalnum(np.arange(1 << 16, dtype="<u4").view("<U1"))
    return found


@cache
def _is_capital() -> Flags:
    capital = np.zeros(1 << 16, np.bool_)
    capital[[ord(letter) for letter in _CAPITALS]] = True
    return capital
