"""The order of many strings: by some letters at a time as one number, and again where these are equal.

Python's own sort compares two strings where they lie in memory, and that is never where the last two lay.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import ne
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import BREAK, Strings

Array = NDArray[Any]

# So few strings are sorted sooner as they are.
_FEW = 4000
_KEY = 8  # bytes
# So many letters are numbered at once: what is in between of more would not fit the cache of a processor.
_AT_ONCE = 1 << 15


def order(strings: Strings) -> Array:
    """The indices of strings in the order of their code points; of equal ones in any order."""
    if len(strings) < _FEW:
        each = strings.tolist()
        return np.array(sorted(range(len(each)), key=each.__getitem__), np.int64)
    return _by_eights(strings)


def _by_eights(strings: Strings) -> Array:
    codes = _codes(strings.points)
    eights = np.ndarray((len(codes) - _KEY // codes.itemsize + 1,), ">u8", codes.data, strides=(codes.itemsize,))
    place, ends = strings.starts.copy(), strings.ends
    found, slot = np.arange(len(strings)), np.arange(len(strings))  # slot: places in the order that are not settled
    group = np.zeros(len(strings), np.uint64)
    while len(slot):
        # as many letters as find room below the number of the group
        letters = (8 * _KEY - int(group[-1]).bit_length()) // (8 * codes.itemsize)
        own = np.uint64(8 * codes.itemsize * letters)
        mine = found[slot]
        keys = eights[place.take(mine)].astype(np.uint64)
        keys &= _masks(codes.itemsize).take(ends.take(mine) - place.take(mine), mode="clip")
        keys >>= np.uint64(8 * _KEY) - own
        goes_on = keys > 0
        keys |= group << own
        by_key = np.argsort(keys)
        keys, goes_on = keys.take(by_key), goes_on.take(by_key)
        found[slot] = mine = mine.take(by_key)
        place[mine] = np.minimum(place.take(mine) + letters, ends.take(mine))
        differs = np.ones(len(slot) + 1, bool)
        np.not_equal(keys[1:], keys[:-1], out=differs[1:-1])
        again = (~(differs[:-1] & differs[1:]) & goes_on).nonzero()[0]
        slot, group = slot.take(again), differs[:-1].cumsum(dtype=np.uint64).take(again)
    return found


def union(lists: Sequence[Sequence[str]]) -> tuple[list[str], list[Array]]:
    """The strings of all the lists, each once, in order; and for each list where its strings stand among them."""
    every = [string for strings in lists for string in strings]
    by_string = order(Strings.of(every))
    ordered = [every[at] for at in by_string.tolist()]
    new = np.fromiter(map(ne, ordered, [None, *ordered]), bool, len(ordered))
    places = np.empty(len(every), np.int64)
    places[by_string] = np.cumsum(new) - 1
    return [*compress(ordered, new.tolist())], np.split(places, np.cumsum([*map(len, lists)])[:-1])


def _codes(points: Array) -> Array:
    """Numbers of letters that keep their order, as narrow as they can be; 0 for the line break, and some behind all."""
    parts = [slice(first, first + _AT_ONCE) for first in range(0, len(points), _AT_ONCE)]
    there = np.zeros(int(points.max(initial=BREAK)) + 1, bool)
    for part in parts:
        there[points[part]] = True
    there[BREAK] = False
    numbers = there.cumsum()
    numbers[BREAK] = 0
    dtype = next(kind for kind in (">u1", ">u2", ">u4") if numbers[-1] <= np.iinfo(kind).max)
    codes = np.zeros(len(points) + _KEY, dtype)
    for part in parts:
        codes[:-_KEY][part] = numbers.take(points[part])
    return codes


def _masks(width: int) -> Array:
    """By how many letters are left of a string, which bits of a key are its own."""
    masks = [(1 << 64) - (1 << 8 * (_KEY - width * letters)) for letters in range(_KEY // width + 1)]
    return np.array(masks, np.uint64)
