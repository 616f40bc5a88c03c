"""Which words a segment surely has not: a Bloom filter (CACM 13(7), 1970) of the keys of its forms and of its lemmas.

A word that is not there passes about once in a hundred times. Words are known by polynomials of their code points, so
that thousands of spellings are asked for at once, and few of them ever written out.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.arrays import distinct

Array = NDArray[Any]
Hashes = NDArray[np.uint64]

# Odd, so that it has an inverse modulo 2⁶⁴, and no power of it loses bits.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
SECTION = "filter"
_MIXED = np.uint64(0xD6E8FEB86659FD93)
_TAB, _NEWLINE = ord("\t"), ord("\n")
_BITS, _PROBES = 10, 6  # for each word
_ALL = (1 << 64) - 1
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
# Terms hashed at a time: their code points and the powers for them stay in the processor's cache.
_TERMS = 2048


def codes(word: str) -> NDArray[np.uint32]:
    """The code points of a word."""
    return np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)


def powers(size: int) -> Hashes:
    """base^0, base^1 … base^(size - 1), modulo 2⁶⁴."""
    return _table(_BASE, 1 << max(size - 1, 0).bit_length())[:size]


@cache
def _table(base: int, size: int) -> Hashes:
    return np.cumprod(np.array([1, *[base] * (size - 1)], np.uint64), dtype=np.uint64)


def hashes(terms: Strings) -> Hashes:
    """Σ code point · base^place of each term up to its first tab, modulo 2⁶⁴; no term is empty."""
    edges = [*terms.starts[::_TERMS].tolist(), len(terms.points)]
    parts = [_hashed(terms.points[first:last]) for first, last in pairwise(edges)]
    return np.concatenate(parts) if len(terms) else np.zeros(0, np.uint64)


def _hashed(points: NDArray[np.uint32]) -> Hashes:
    """The same of some: differences of sums over all of them, brought back to the place 0."""
    breaks = ((points == _TAB) | (points == _NEWLINE)).nonzero()[0]
    last = (points[breaks] == _NEWLINE).nonzero()[0]
    starts = np.concatenate(([0], breaks[last[:-1]] + 1))
    ends = breaks[np.concatenate(([0], last[:-1] + 1))]
    sums = np.zeros(len(points) + 1, np.uint64)
    (points * powers(len(points))).cumsum(out=sums[1:])
    inverse = _table(_INVERSE, 1 << len(points).bit_length())
    found: Hashes = (sums[ends] - sums[starts]) * inverse[starts]
    return found


def made(hashed: Hashes) -> NDArray[np.uint8]:
    """The filter of some words, ten bits for each different one."""
    bits = np.zeros(-(-_BITS * len(distinct(hashed)) // 8) * 8, bool)
    for first in range(0, len(hashed), _TERMS):
        start, step = _progression(hashed[first : first + _TERMS])
        bits[_place(start, step, np.arange(_PROBES, dtype=np.uint64)[:, None], len(bits))] = True
    return np.packbits(bits, bitorder="little")


def passing(there: NDArray[np.uint8], hashed: Hashes) -> Array:
    """The numbers of those words, of some, that a filter lets pass, rising."""
    found = np.arange(len(hashed) if len(there) else 0)
    start, step = _progression(hashed[: len(found)])
    for number in range(_PROBES):
        places = _place(start, step, np.uint64(number), 8 * len(there)).astype(np.int64)
        kept = np.flatnonzero(there[places >> 3] >> (places & 7).astype(np.uint8) & 1)
        found, start, step = found[kept], start[kept], step[kept]
    return found


@lru_cache(maxsize=1 << 10)
def probes(word: str) -> tuple[int, int]:
    """Where the bits of one word begin, and how they go on. Without NumPy, which takes longer for so little."""
    hashed = 0
    for letter in reversed(word):
        hashed = (hashed * _BASE + ord(letter)) & _ALL
    mixed = (hashed ^ hashed >> 32) * int(_MIXED) & _ALL
    return mixed & 0xFFFFFFFF, mixed >> 32 | 1


def has(there: memoryview, word: str) -> bool:
    """Whether a filter, as bytes, lets one word pass."""
    if not there:
        return False
    start, step = probes(word)
    bits = 8 * len(there)
    for number in range(_PROBES):
        place = ((start + step * number) & 0xFFFFFFFF) * bits >> 32
        if not there[place >> 3] >> (place & 7) & 1:
            return False
    return True


def _progression(hashed: Hashes) -> tuple[Hashes, Hashes]:
    """Where the bits of each word begin, and how they go on (Kirsch and Mitzenmacher, ESA 2006)."""
    mixed = (hashed ^ (hashed >> _HALF)) * _MIXED
    return mixed & _LOW, (mixed >> _HALF) | np.uint64(1)


def _place(start: Hashes, step: Hashes, number: Any, bits: int) -> Hashes:
    place: Hashes = (((start + step * number) & _LOW) * np.uint64(bits)) >> _HALF
    return place
