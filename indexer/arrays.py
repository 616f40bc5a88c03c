"""Passes over arrays of numbers that NumPy has no function for, or only one that loads much more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def beginnings(ordered: Array) -> Array:
    """Where each run of equal numbers begins, among ordered ones."""
    return _first(ordered).nonzero()[0]


def _first(ordered: Array) -> Array:
    """Which numbers are the first of a run."""
    first = np.empty(len(ordered), bool)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def distinct(numbers: Array) -> Array:
    """The numbers, rising, each once. As np.unique, which loads numpy.ma for it."""
    ordered = numbers.copy()
    ordered.sort()
    return ordered[_first(ordered)]


def sums(ordered: Array, amounts: Array) -> tuple[Array, Array]:
    """The ordered numbers, each once, and the sum of the amounts that stand beside it."""
    first = beginnings(ordered)
    return ordered[first], np.add.reduceat(amounts, first) if len(first) else amounts


def find(rising: Array, wanted: Array) -> tuple[Array, Array]:
    """Where wanted numbers stand among rising ones, and whether they do."""
    if not len(rising):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    at = rising.searchsorted(wanted)
    np.minimum(at, len(rising) - 1, out=at)
    return at, rising.take(at) == wanted


def edges(sizes: Array) -> Array:
    """Where ranges of these sizes begin that lie one after another, and where the last ends."""
    found = np.zeros(len(sizes) + 1, np.int64)
    sizes.cumsum(dtype=np.int64, out=found[1:])
    return found


def ranges(starts: Array, sizes: Array) -> Array:
    """start, start + 1, … of every range, one after another: which elements the ranges take."""
    after = sizes.cumsum(dtype=np.int64)
    found: Array = (starts - after + sizes).repeat(sizes)
    found += np.arange(len(found))
    return found


class Growing:
    """An array that grows at its end: `array` is what is in it."""

    def __init__(self, array: Array) -> None:
        self.array = self._room = array

    def extend(self, values: Sequence[Any] | Array) -> None:
        """Put more behind it."""
        size = len(self.array)
        end = size + len(values)
        if end == size:
            return  # and the array may be one that is only read
        if end > len(self._room):
            self._room = np.empty(2 * end, self.array.dtype)
            self._room[:size] = self.array
        self._room[size:end] = values
        self.array = self._room[:end]
