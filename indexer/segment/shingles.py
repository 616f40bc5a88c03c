"""Rows of three words, by which reprints of one news item are told from different stories, and a fingerprint of them.

The fingerprint has eight bytes, each of the least of the hashes of all rows of a text under an order of its own: two
texts have a byte in common with the probability that a row of either is in both (Broder 1997, «On the resemblance and
containment of documents»; a byte a sample: Li & König 2010, «b-bit minwise hashing»). It finds what may be a reprint,
the rows themselves decide. A word counts by its beginning, which most of its forms have in common.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.folding import key
from indexer.analysis.strings import Strings, cut
from indexer.arrays import Growing

Array = NDArray[Any]

# Texts with so many bytes in common may be reprints; they are where so large a share of their rows is the same.
_BYTES, _SHARE = 4, 0.8
_BEGINNING = 5
# So many forms are hashed sooner one by one than together.
_FEW = 500
_MIX = np.array([0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35], np.uint32)
_ORDERS = [np.uint32((0x27D4EB2F + 0x165667B2 * number) & 0xFFFFFFFF | 1) for number in range(8)]


class Beginnings:
    """Numbers of the beginnings of words, the same in every process; `forms` may grow between calls."""

    def __init__(self, forms: Strings) -> None:
        self._forms = forms
        self._numbers = Growing(np.zeros(0, np.uint32))

    def of(self, ids: Array) -> Array:
        """The numbers (uint32) of some forms, by id."""
        if len(self._forms) > (known := len(self._numbers.array)):
            new = self._forms.part(known, len(self._forms))
            new = cut(new.points, new.starts, np.minimum(new.ends, new.starts + _BEGINNING))
            self._numbers.extend(checksums(new))
        return self._numbers.array.take(ids)


def checksums(forms: Strings) -> Array:
    """The CRC-32 (uint32), as zlib has it, of the key of each form in UTF-8, for many forms a byte of all at a time."""
    if len(forms) < _FEW:
        return np.array([crc32(key(form).encode()) for form in forms], np.uint32)
    data = np.frombuffer(key(f"\n{forms.text}").encode(), np.uint8)
    breaks = (data == ord("\n")).nonzero()[0]
    at, ends = breaks[:-1] + 1, breaks[1:]
    found = np.full(len(forms), 0xFFFFFFFF, np.uint32)
    for step in range(int((ends - at).max(initial=0))):
        after = _steps().take((found ^ data.take(at + step, mode="clip")) & np.uint32(0xFF))
        np.copyto(found, after ^ (found >> np.uint32(8)), where=at + step < ends)
    return ~found


@cache
def _steps() -> Array:
    """[256] what a byte makes of a checksum of which nothing else is left."""
    return np.array([crc32(bytes([byte ^ 0xFF])) for byte in range(256)], np.uint32) ^ np.uint32(0xFF000000)


def rows(words: Array, first: Array) -> Array:
    """A hash (uint32) of the row that begins with each word, of texts `words[first[t]:first[t + 1]]`.

    The last two words begin none, and have that of the last row; a text of one word or two goes on with its last word.
    """
    found: Array = words * _MIX[0]
    for step in (1, 2):
        found[:-step] ^= (words[step:] * _MIX[step]) >> np.uint32(step)
    # the ends, where that took words of the next text
    begin, last = first[:-1][first[:-1] < first[1:]], first[1:][first[:-1] < first[1:]] - 1
    row = np.maximum(last - 2, begin)
    second, third = words.take(np.minimum(row + 1, last)), words.take(np.minimum(row + 2, last))
    ends = words.take(row) * _MIX[0] ^ (second * _MIX[1]) >> np.uint32(1) ^ (third * _MIX[2]) >> np.uint32(2)
    for at in (last, np.maximum(last - 1, begin)):
        found[at] = ends
    found ^= found >> np.uint32(15)
    return found


def fingerprints(words: Array, first: Array) -> Array:
    """The fingerprints (uint64) of texts whose words are `words[first[t]:first[t + 1]]`; 0 of a text without any."""
    having = (first[1:] - first[:-1]).nonzero()[0]
    found = np.zeros(len(first) - 1, np.uint64)
    if len(having):
        hashed, starts = rows(words, first), first[having]
        bytes_of = np.empty((len(having), len(_ORDERS)), np.uint8)  # of more bits the lowest are kept
        for number, order in enumerate(_ORDERS):
            bytes_of[:, number] = np.minimum.reduceat(hashed * order, starts) >> np.uint32(4)
        found[having] = np.maximum(bytes_of.view("<u8")[:, 0], np.uint64(1))  # 0 is of no text
    return found


def may_be_reprints(one: int, others: Array) -> Array:
    """Which of some fingerprints may be of reprints of the text of this one, as bools; nothing is like no text."""
    mine = np.array([one], np.uint64).view(np.uint8)
    same = np.ascontiguousarray(others, np.uint64).view(np.uint8).reshape(-1, 8) == mine
    near: Array = (same.sum(axis=1) >= _BYTES) & (others != 0) & (one != 0)
    return near


def are_reprints(one: Array, other: Array) -> bool:
    """Whether two texts, given by their rows, share enough of them (Jaccard's coefficient)."""
    first, second = set(one.tolist()), set(other.tolist())
    return len(first & second) >= _SHARE * len(first | second)
