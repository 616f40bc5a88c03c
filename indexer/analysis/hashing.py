"""Stretches of text as 64-bit keys, and a table from keys to numbers, for many at once.

The keys of all stretches of a text come from one pass over its code points: a polynomial over random values, drawn
anew in each process, whose prefix sums are subtracted. That two stretches out of ten million have the same key is as
likely as one in a hundred thousand; nothing else here is approximate.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

ABSENT = -1
# A polynomial tells long texts apart less surely, if they are made for it; Python's own hash stands in.
_LONG = 64
_KEY = (1 << 64) - 1


class Hasher:
    """Keys of stretches of text. Equal stretches have equal keys of one hasher. Not for two threads at once."""

    def __init__(self) -> None:
        self._values = np.frombuffer(os.urandom(8 << 16), np.uint64)
        self._base = int.from_bytes(os.urandom(8)) | 1  # odd, so that it has an inverse
        self._sums = np.zeros(1, np.uint64)  # kept, as new memory for each text would cost more than the sums
        self._powers: tuple[Keys, Keys] = (np.ones(1, np.uint64), np.ones(1, np.uint64))

    def keys(self, text: str, points: Places, start: Places, end: Places) -> Keys:
        """Keys of `text[start[i]:end[i]]`; `points` are the code points of the text."""
        powers, inverses = self._powers_up_to(len(points))
        sums = self._sums[: len(points) + 1]
        values = sums[1:]
        self._values.take(points, mode="clip", out=values)
        if np.maximum.reduce(points, initial=0) > 0xFFFF:
            astral = (points > 0xFFFF).nonzero()[0]
            wide = points[astral].astype(np.uint64) * self._values[0]
            values[astral] = (wide ^ (wide >> np.uint64(29))) * self._values[1]
        values *= powers[: len(points)]
        values.cumsum(out=values)
        keys: Keys = (sums.take(end) - sums.take(start)) * inverses.take(start)
        for at in (end - start > _LONG).nonzero()[0].tolist():
            keys[at] = hash(text[start[at] : end[at]]) & _KEY
        return keys

    def _powers_up_to(self, most: int) -> tuple[Keys, Keys]:
        """Powers of the base and of its inverse, from 0 to at least `most`."""
        powers = self._powers
        if most >= len(powers[0]):
            size = max(most, 2 * len(powers[0]), 1 << 14)
            bases = (self._base, pow(self._base, -1, 1 << 64))
            upward, downward = (np.full(size + 1, base, np.uint64) for base in bases)
            for rising in (upward, downward):
                rising[0] = 1
                rising.cumprod(out=rising)
            self._powers = powers = (upward, downward)
            self._sums = np.zeros(size + 1, np.uint64)
        return powers


class Table:
    """Keys → values that are not `ABSENT`: linear probing, at most half full; an empty slot has key 0."""

    def __init__(self, bits: int = 12) -> None:
        self._clear(bits)

    def _clear(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)  # the upper bits of a polynomial depend on all of it
        self._last = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._values = np.full(1 << bits, ABSENT, np.int32)
        self._filled = 0

    def find(self, keys: Keys) -> Ints:
        """The value of each key, or `ABSENT`."""
        slot = (keys >> self._shift).view(np.int64)
        found, there = self._values.take(slot), self._keys.take(slot)
        other = (there != keys).nonzero()[0]
        other = other[there.take(other) != 0]
        slot, keys = slot.take(other), keys.take(other)
        while other.size:
            slot = (slot + 1) & self._last
            there = self._keys.take(slot)
            found[other] = self._values.take(slot)
            still = ((there != keys) & (there != 0)).nonzero()[0]
            other, slot, keys = other.take(still), slot.take(still), keys.take(still)
        return found

    def insert(self, keys: Keys, values: Ints) -> None:
        """Adds distinct keys that are not in the table."""
        self._filled += keys.size
        if 2 * self._filled > self._keys.size:
            self._rebuild(self._keys != 0)
        slot = (keys >> self._shift).view(np.int64)
        while keys.size:
            free = self._keys[slot] == 0
            self._keys[slot[free]] = keys[free]  # several may want one slot: the last has it
            mine = self._keys[slot] == keys
            self._values[slot[mine]] = values[mine]
            keys, values, slot = keys[~mine], values[~mine], (slot[~mine] + 1) & self._last

    def forget_below(self, least: int) -> None:
        """Leaves out the keys with lesser values."""
        keep = (self._keys != 0) & (self._values >= least)
        self._filled = int(np.count_nonzero(keep))
        self._rebuild(keep)

    def _rebuild(self, keep: NDArray[np.bool_]) -> None:
        """A table with room for twice as many keys as there are, and with the kept ones."""
        keys, values, filled = self._keys[keep], self._values[keep], self._filled
        self._clear(max(12, (4 * filled - 1).bit_length()))
        self.insert(keys, values)
        self._filled = filled
