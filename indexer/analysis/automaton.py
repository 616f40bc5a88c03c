"""The automata that pymorphy3's dictionaries are files of, walked by many words at once.

A file holds nodes in one array of 32-bit units, a "double array" (Aoe 1989, «An Efficient Digital Search Algorithm by
Using a Double-Array Structure»; as S. Yata's dawgdic writes it): where a byte leads to is told by exclusive or of the
node's number, its offset and the byte, if the label there is this byte. Behind the units stand the first child and
the next sibling of every node. A word is its UTF-8, then the byte 1, then a value in Base64; all the values of a word
lie below one node, which words of the same values often share.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.numbering import first_seen
from indexer.analysis.strings import BREAK, Strings
from indexer.arrays import ranges

Array = NDArray[Any]

# Behind a word.
_SEPARATOR = 1
# Of a unit: the label, and that it is a node; then the offset, in units of 256 when its lowest bit says so.
_LABEL = np.uint32(0x800000FF)
_FAR, _OFFSET, _SHIFT = np.uint32(1 << 9), np.uint32(10), np.uint32(6)
# Nodes that others lie so far from at most are told without it.
_NEAR = 1 << 21
# Two bytes of UTF-8 go so far; no dictionary here has words of other letters.
_POINTS = 0x800
_NOWHERE = b"\xff"  # in place of others
# So many words are walked at once: of fewer there are too many short rows of long words, of more the cache has no room.
_AT_ONCE = 1 << 16
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Words(NamedTuple):
    """Words as `points[starts[i]:ends[i]]`, in code points, a line break behind each."""

    points: Array
    starts: Array
    ends: Array

    @classmethod
    def of(cls, strings: Strings) -> Words:
        """All of the strings."""
        return cls(strings.points, strings.starts, strings.ends)

    def some(self, numbers: Array) -> Words:
        """Some of them; no letter is copied."""
        return self._replace(starts=self.starts.take(numbers), ends=self.ends.take(numbers))


class Hits(NamedTuple):
    """Words that are there: which, the node of their values, and a bit for each letter that was swapped.

    The bits are counted from the end of the word, and begin anew behind 64.
    """

    words: Array
    nodes: Array
    swapped: Array


def spelling(swapped: Array) -> Array:
    """Numbers that rise as pymorphy3 tells the spellings of a word: first none swapped, then by the first one that is.

    Of two that differ the one comes first that has the first letter in which they do swapped, unless it goes on from
    the other: each comes behind all that begin with more, which are as many as its last bit says.
    """
    bits = swapped.view(np.int64)
    return np.where(bits == 0, -1 << 62, np.bitwise_count(swapped).astype(np.int64) - bits - (bits & -bits))


class _Walks(NamedTuple):
    """Walks through an automaton: which word, the letters swapped so far, the next letter, the node and its unit."""

    words: Array
    swapped: Array
    at: Array
    nodes: Array
    units: Array


class Automaton:
    """A file of words with values of `width` bytes each. Node 0 is the root, and stands for none."""

    def __init__(self, path: Path, width: int, separator: int = _SEPARATOR) -> None:
        self._width = width
        size = int(np.fromfile(path, "<u4", 1)[0])
        self._units = np.asarray(np.memmap(path, "<u4", "r", 4, (size,)))
        links = np.asarray(np.memmap(path, "u1", "r", 8 + 4 * size, (size, 2)))
        # every other byte: to be indexed, as `take` would copy them all first
        self._child, self._sibling = links[:, 0], links[:, 1]
        letters = [chr(point).encode() for point in range(_POINTS)] + [_NOWHERE]
        letters[BREAK] = bytes([separator])
        self._first = np.array([letter[0] for letter in letters], np.uint32)
        self._second = np.array([letter[1] if len(letter) > 1 else 0 for letter in letters], np.uint32)

    def __len__(self) -> int:
        return len(self._units)

    def _after(self, nodes: Array, units: Array, labels: Array) -> Array:
        """Where bytes lead to from nodes, with their units, if they are there."""
        after: Array = units >> _OFFSET
        if len(self._units) > _NEAR:
            after <<= (units & _FAR) >> _SHIFT
        after ^= nodes
        after ^= labels
        return after

    def _follow(self, nodes: Array, units: Array, labels: Array) -> tuple[Array, Array, Array]:
        """Where bytes lead to from nodes, with their units: nodes, units, and which there are; others are of no use."""
        after = self._after(nodes, units, labels)
        found: Array = self._units.take(after)
        there = (found & _LABEL) == labels
        found *= there
        return after, found, there

    def find(self, words: Words, swap: tuple[str, str] | None = None) -> Hits:
        """Which of the words are there, in any order.

        `swap`: a letter that may stand for another one; a word that is there in several spellings comes several times.
        """
        none = np.zeros(len(words.starts), np.uint32)
        walks = _Walks(np.arange(len(none)), none.astype(np.uint64), words.starts, none, none | self._units[0])
        found = [Hits(walks.words[:0], none[:0], walks.swapped[:0])]
        while len(walks.words):
            others = []
            for first in range(0, len(walks.words), _AT_ONCE):
                some = _Walks(*(column[first : first + _AT_ONCE] for column in walks))
                hits, branches = self._walked(some, words, swap)
                found.append(hits)
                others += branches
            walks = _Walks(*map(np.concatenate, zip(*others, strict=True)))
        return Hits(*map(np.concatenate, zip(*found, strict=True)))

    def _walked(self, walks: _Walks, words: Words, swap: tuple[str, str] | None) -> tuple[Hits, list[_Walks]]:
        """Walks to the ends of the words: which come there, and the walks that begin on the way by swapped letters."""
        ends: list[tuple[Array, Array]] = []
        others = [_Walks(*(column[:0] for column in walks))]
        row, (word, swapped, at, node, unit) = np.arange(len(walks.words)), walks
        while len(row):
            point = words.points.take(at)
            if swap is not None and len(loose := (point == ord(swap[0])).nonzero()[0]):
                of, place, other = row.take(loose), at.take(loose), np.full(len(loose), ord(swap[1]))
                bit = np.uint64(1) << ((words.ends.take(word.take(of)) - place - 1) & 63).astype(np.uint64)
                after, of_after, there = self._step(other, node.take(loose), unit.take(loose))
                branch = _Walks(word.take(of), swapped.take(of) | bit, place + 1, after, of_after)
                others.append(_Walks(*(column[there] for column in branch)))
            node, unit, there = self._step(point, node, unit)
            done = ((point == BREAK) & there).nonzero()[0]
            if len(done):
                ends.append((row.take(done), node.take(done)))
                there[done] = False
            live = there.nonzero()[0]
            row, at, node, unit = row.take(live), at.take(live) + 1, node.take(live), unit.take(live)
        rows, nodes = map(np.concatenate, zip((row, node), *ends, strict=True))
        return Hits(word.take(rows), nodes, swapped.take(rows)), others

    def _step(self, points: Array, nodes: Array, units: Array) -> tuple[Array, Array, Array]:
        """Where letters lead to, which are one byte or two."""
        one = self._follow(nodes, units, self._first.take(points, mode="clip"))
        second = self._second.take(points, mode="clip")
        two = self._follow(*one[:2], second)
        np.logical_and(one[2], two[2], out=two[2])
        short = (second == 0).nonzero()[0]
        for of_two, of_one in zip(two, one, strict=True) if len(short) else ():
            of_two[short] = of_one.take(short)
        return two

    def values_of_each(self, nodes: Array) -> tuple[Array, Array]:
        """`values` of nodes some of which are the same."""
        if not len(nodes):
            return self.values(nodes)
        at, which = first_seen(nodes.astype(np.uint64))
        owner, values = self.values(nodes.take(at))
        sizes = np.bincount(owner, minlength=len(at))
        firsts, sizes = (sizes.cumsum() - sizes).take(which), sizes.take(which)
        return np.arange(len(nodes)).repeat(sizes), values.take(ranges(firsts, sizes))

    def values(self, nodes: Array) -> tuple[Array, Array]:
        """The values below each of the nodes, in the order of the file: whose they are, and their bytes as a number."""
        owner, value = np.arange(len(nodes)), np.zeros(len(nodes), np.uint64)
        for left in range(self._width * 8, 0, -6):
            bits = min(left, 6)  # of the last digit those in front
            row, nodes, labels = self._children(nodes)
            owner, value = owner.take(row), value.take(row) << np.uint64(bits)
            value |= _sixes().take(labels) >> np.uint64(6 - bits)
        return owner, value

    def _children(self, nodes: Array) -> tuple[Array, Array, Array]:
        """The children of nodes that have some, in the order of the file: whose they are, which, by what bytes."""
        row, parent, unit, label = np.arange(len(nodes)), nodes, self._units.take(nodes), self._child[nodes]
        found: list[tuple[Array, Array, Array]] = []
        while len(row) or not found:
            child = self._after(parent, unit, label)
            found.append((row, child, label))
            sibling = self._sibling[child]
            on = sibling.nonzero()[0]
            row, parent, unit, label = row.take(on), parent.take(on), unit.take(on), sibling.take(on)
        if len(found) == 1:
            return found[0]
        counts = np.bincount(np.concatenate([row for row, _, _ in found]), minlength=len(nodes))
        rows = np.arange(len(nodes)).repeat(counts)
        starts = counts.cumsum() - counts
        children, labels = np.empty(len(rows), np.uint32), np.empty(len(rows), np.uint8)
        for number, (row, child, label) in enumerate(found):
            at = starts.take(row) + number
            children[at], labels[at] = child, label
        return rows, children, labels


@cache
def _sixes() -> NDArray[np.uint64]:
    """[256] the number that a digit of Base64 stands for."""
    numbers = np.zeros(256, np.uint64)
    numbers[np.frombuffer(_DIGITS, np.uint8)] = np.arange(len(_DIGITS))
    return numbers
