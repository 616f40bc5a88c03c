"""Stretches of text as 64-bit keys, and a table from keys to numbers, for many at once.

A stretch is read eight letters at a time, each eight mixed into its key (as in the finalizer of MurmurHash3) with
numbers that are drawn anew in each process: stretches of one length up to eight common letters always have different
keys. That two others out of ten million have the same is as likely as one in a hundred thousand; nothing else here is
approximate.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import sums

Keys = NDArray[np.uint64]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]
Points = NDArray[np.uint32]

ABSENT = -1
# Of longer stretches, which are few, Python's own hash is taken.
_LONG = 64
_KEY = (1 << 64) - 1
_AT_ONCE = 8  # letters
_HALF = np.uint64(32)
# The bits that neither the code points of ASCII have nor those from U+0400 up to U+047F.
_NOT_COMMON = np.uint32(0xFFFFFB80)
# So many code points or keys are looked at at once: more would not fit the cache of a processor.
_POINTS_AT_ONCE, _KEYS_AT_ONCE = 1 << 16, 1 << 14
# What is counted or packed becomes a key of a `Table` times this: odd, so that different ones stay different.
MIXER = np.uint64(0x9E3779B97F4A7C15)
# By the number of letters that are left, which of the next eight are the stretch's own.
_MASKS = np.array([(1 << 8 * own) - 1 for own in range(_AT_ONCE + 1)], np.uint64)


class Letters(NamedTuple):
    """Code points, each with a code of a byte."""

    points: Points
    codes: NDArray[np.uint8]  # ASCII and Russian letters have codes of their own; some zeros behind
    rare: Places  # where others stand, whose codes may be those of any

    @classmethod
    def of(cls, points: Points) -> Letters:
        """With the codes of these."""
        codes, is_rare = np.zeros(len(points) + _AT_ONCE, np.uint8), np.empty(len(points), np.bool_)
        for first in range(0, len(points), _POINTS_AT_ONCE):
            some = points[first : first + _POINTS_AT_ONCE]
            np.not_equal(some & _NOT_COMMON, 0, out=is_rare[first : first + _POINTS_AT_ONCE])
            short = some.astype(np.uint16)
            short ^= short >> np.uint16(3)  # the bit of what is Cyrillic becomes the eighth
            codes[first : first + len(short)] = short
        return cls(points, codes, is_rare.nonzero()[0])


class Hasher:
    """Keys of stretches of text. Equal stretches have equal keys of one hasher."""

    def __init__(self) -> None:
        self._seed, *self._odd = (np.uint64(int.from_bytes(os.urandom(8)) | 1) for _ in range(3))

    def keys(self, letters: Letters, start: Places, end: Places) -> Keys:
        """Keys of the letters from `start[i]`, which rise, up to `end[i]`."""
        points, codes, _ = letters
        eights = np.ndarray((len(points) + 1,), "<u8", codes.data, strides=(1,))
        left = end - start
        keys = left.astype(np.uint64)
        for first in range(0, len(keys), _KEYS_AT_ONCE):
            some = slice(first, first + _KEYS_AT_ONCE)
            keys[some] = self._mixed(self._seed * keys[some], eights, start[some], left[some])
        longer = (left > _AT_ONCE).nonzero()[0]
        place, left = start.take(longer), left.take(longer)
        for _ in range(_AT_ONCE, _LONG, _AT_ONCE):
            if not len(longer):
                break
            place += _AT_ONCE
            left -= _AT_ONCE
            keys[longer] = self._mixed(keys.take(longer), eights, place, left)
            on = (left > _AT_ONCE).nonzero()[0]
            longer, place, left = longer.take(on), place.take(on), left.take(on)
        self._add_rare(keys, letters, start, end)
        for at in longer.tolist():
            keys[at] = hash(points[start[at] : end[at]].tobytes()) & _KEY
        return keys

    def _mixed(self, keys: Keys, eights: Keys, place: Places, left: Places) -> Keys:
        """The keys with the next letters of their stretches."""
        found: Keys = eights[place]
        found &= _MASKS.take(left, mode="clip")
        found ^= keys
        self._stir(found)
        return found

    def _stir(self, keys: Keys) -> None:
        for odd in self._odd:
            keys ^= keys >> _HALF
            keys *= odd
        keys ^= keys >> _HALF

    def _add_rare(self, keys: Keys, letters: Letters, start: Places, end: Places) -> None:
        """Adds to the keys what rare characters there are in their stretches, each with its place there."""
        if not len(letters.rare) or not len(start):
            return
        owner = start.searchsorted(letters.rare, "right") - 1
        inside = ((letters.rare < end.take(owner, mode="clip")) & (owner >= 0)).nonzero()[0]
        rare, owner = letters.rare.take(inside), owner.take(inside)
        found = letters.points.take(rare).astype(np.uint64) << _HALF
        found |= (rare - start.take(owner)).view(np.uint64)
        self._stir(found)
        some, amounts = sums(owner, found)
        keys[some] += amounts


class Table:
    """Keys → values that are not `ABSENT`: linear probing, at most half full; an empty slot has key 0."""

    def __init__(self, bits: int = 12) -> None:
        self._clear(bits)

    def _clear(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)  # the upper bits of a key depend on all of it
        self._last = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._values = np.full(1 << bits, ABSENT, np.int32)
        self._filled = 0

    def __len__(self) -> int:
        return self._filled

    def find(self, keys: Keys) -> Ints:
        """The value of each key, or `ABSENT`."""
        slot = (keys >> self._shift).view(np.int64)
        found, there = self._values.take(slot, mode="clip"), self._keys.take(slot, mode="clip")  # which is sooner done
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
            free = (self._keys.take(slot) == 0).nonzero()[0]
            self._keys[slot.take(free)] = keys.take(free)  # several may want one slot: the last has it
            mine = self._keys.take(slot) == keys
            there = mine.nonzero()[0]
            self._values[slot.take(there)] = values.take(there)
            left = (~mine).nonzero()[0]
            keys, values, slot = keys.take(left), values.take(left), (slot.take(left) + 1) & self._last

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
