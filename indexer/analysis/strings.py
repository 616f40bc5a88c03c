"""Many short strings as one array of code points.

A string of Python is an object somewhere in memory: to make hundreds of thousands, look at each and throw it away costs
more than everything else that is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Array, Growing, edges, ranges

BREAK = ord("\n")
# So many strings are taken at once: the places of the letters of more would not fit the cache of a processor.
_AT_ONCE = 1 << 12
# Of no strings: never written to.
_NOTHING, _FIRST = np.zeros(0, np.uint32), np.zeros(1, np.int64)


class Strings:
    """Strings without line breaks, one behind another, each with a line break at its end; there may come more."""

    def __init__(self, points: Array, bounds: Array) -> None:
        """`points`: code points (uint32); `bounds` [strings + 1]: where each begins, and one more would."""
        self.points: NDArray[np.uint32] = points
        self._bounds = bounds
        self._growing: tuple[Growing, Growing] | None = None  # these two with room behind them, once there came more

    @classmethod
    def of(cls, strings: Iterable[str]) -> Strings:
        """The strings of Python."""
        return cls.lines("\n".join((*strings, "")))

    @classmethod
    def lines(cls, text: str) -> Strings:
        """The lines of a text, each of which ends with a line break."""
        if not text:
            return cls(_NOTHING, _FIRST)
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        return cls(points, np.concatenate(([0], (points == BREAK).nonzero()[0] + 1)))

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each begins in the points."""
        return self._bounds[:-1]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Where each ends in the points: there is its line break."""
        ends: NDArray[np.int64] = self._bounds[1:] - 1
        return ends

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many letters each has."""
        sizes: NDArray[np.int64] = self._bounds[1:] - self._bounds[:-1] - 1
        return sizes

    @property
    def text(self) -> str:
        """All, each with its line break."""
        return str(self.points.data, "utf-32-le", "surrogatepass")

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, number: int) -> str:
        begin, end = self._bounds.item(number), self._bounds.item(number + 1)
        return str(self.points[begin : end - 1].data, "utf-32-le", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    def tolist(self) -> list[str]:
        """The strings of Python."""
        return self.text.split("\n")[:-1]

    def some(self, numbers: Array) -> Strings:
        """Some of them, in the order given."""
        if not len(numbers):
            return Strings.of(())
        starts = self._bounds.take(numbers)
        return pieced(self.points, (starts, self._bounds.take(numbers + 1) - starts))

    def part(self, first: int, last: int) -> Strings:
        """Those from one number on up to another, of which nothing is copied but their bounds."""
        bounds = self._bounds[first : last + 1]
        return Strings(self.points[bounds[0] : bounds[-1]], bounds - bounds[0])

    def having(self, letter: str) -> Array:
        """Which of them have a letter, as bools."""
        found = np.zeros(len(self), bool)
        found[self._bounds.searchsorted((self.points == ord(letter)).nonzero()[0], "right") - 1] = True
        return found

    def replaced(self, letter: str, other: str) -> Strings:
        """The same with another letter in place of one."""
        points = self.points.copy()
        points[points == ord(letter)] = ord(other)
        return Strings(points, self._bounds)

    def mapped(self, table: NDArray[np.uint32]) -> Strings:
        """The same in other letters, by code point; what is beyond the table is as the last there."""
        return Strings(table.take(self.points, mode="clip"), self._bounds)

    def extend(self, others: Strings) -> None:
        """Put others behind them."""
        points, bounds = self._growing = self._growing or (Growing(self.points), Growing(self._bounds))
        bounds.extend(others._bounds[1:] + len(self.points))
        points.extend(others.points)
        self.points, self._bounds = points.array, bounds.array


def cut(points: Array, starts: Array, ends: Array) -> Strings:
    """`points[starts[i]:ends[i]]` of code points, which hold no line break."""
    sizes = ends - starts + 1
    found, bounds = points.take(ranges(starts, sizes), mode="clip"), edges(sizes)
    found[bounds[1:] - 1] = BREAK
    return Strings(found, bounds)


def pieced(points: Array, *pieces: tuple[Array, Array]) -> Strings:
    """Strings each of which is so many pieces of the points, given by starts and sizes; the last has its line break."""
    bounds = edges(reduce(np.add, [sizes for _, sizes in pieces]))
    found = np.empty(bounds[-1], points.dtype)
    for first in range(0, len(bounds) - 1, _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        starts, sizes = (np.stack([part[some] for part in parts], axis=1) for parts in zip(*pieces, strict=True))
        to = found[bounds[first] : bounds[first + len(sizes)]]
        points.take(ranges(starts.ravel(), sizes.ravel()), out=to, mode="clip")
    return Strings(found, bounds)


def joined(parts: Iterable[Strings]) -> Strings:
    """The strings of all the parts."""
    parts = [Strings.of(()), *parts]
    sizes = np.concatenate([part.sizes for part in parts]) + 1
    return Strings(np.concatenate([part.points for part in parts]), edges(sizes))
