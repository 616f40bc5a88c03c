"""The automata that pymorphy3's dictionaries are files of, walked by many words at once.

A file holds nodes in one array of 32-bit units, a "double array" (Aoe 1989, «An Efficient Digital Search Algorithm by
Using a Double-Array Structure»; as S. Yata's dawgdic writes it): where a byte leads to is told by exclusive or of the
node's number, its offset and the byte, if the label there is this byte. Behind the units stand the first child and
the next sibling of every node. A word is its UTF-8, then the byte 1, then a value in Base64; all the values of a word
lie below one node, which words of the same values often share.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import ranges

Array = NDArray[Any]

_SEPARATOR = 1
# Of a unit: the label, and that it is a node; then the offset, in units of 256 when its lowest bit says so.
_LABEL = np.uint32(0x800000FF)
_FAR, _OFFSET, _SHIFT = np.uint32(1 << 9), np.uint32(10), np.uint32(6)
# Two bytes of UTF-8 go so far; no dictionary here has words of other letters.
_POINTS = 0x800
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Words(NamedTuple):
    """Words as `points[starts[i]:ends[i]]`, in code points."""

    points: Array
    starts: Array
    ends: Array


class Hits(NamedTuple):
    """Words that are there: which, the node of their values, and a bit for each letter that was swapped.

    The bits are counted from the end of the word, and begin anew behind 64.
    """

    words: Array
    nodes: Array
    swapped: Array


class Automaton:
    """A file of words with values of `width` bytes each. Node 0 is the root, and stands for none."""

    def __init__(self, path: Path, width: int) -> None:
        self._width = width
        size = int(np.fromfile(path, "<u4", 1)[0])
        self._units = np.asarray(np.memmap(path, "<u4", "r", 4, (size,)))
        links = np.asarray(np.memmap(path, "u1", "r", 8 + 4 * size, (size, 2)))
        # every other byte: to be indexed, as `take` would copy them all first
        self._child, self._sibling = links[:, 0], links[:, 1]
        letters = [chr(point).encode() for point in range(_POINTS)]
        self._first = np.array([letter[0] for letter in letters], np.uint32)
        self._second = np.array([letter[1] if len(letter) > 1 else 0 for letter in letters], np.uint32)

    def __len__(self) -> int:
        return len(self._units)

    def _follow(self, nodes: Array, labels: Array) -> Array:
        """Where bytes lead to from nodes, 0 where to nowhere."""
        units = self._units.take(nodes)
        after: Array = (units >> _OFFSET) << ((units & _FAR) >> _SHIFT)
        after ^= nodes
        after ^= labels
        after *= (self._units.take(after) & _LABEL) == labels
        return after

    def find(self, words: Words, swap: tuple[str, str] | None = None) -> Hits:
        """Which of the words are there, by falling number of letters.

        `swap`: a letter that may stand for another one; a word that is there in several spellings comes several times.
        """
        points, at, ends = words
        word: Array = np.arange(len(at))
        node: Array = np.zeros(len(at), np.uint32)
        swapped: Array = np.zeros(len(at), np.uint64)
        found = [Hits(word[:0], node[:0], swapped[:0])]
        while len(word):
            going = at < ends.take(word)
            if not going.all():
                done = (~going).nonzero()[0]
                found.append(Hits(word.take(done), node.take(done), swapped.take(done)))
                left = going.nonzero()[0]
                word, at, node, swapped = (column.take(left) for column in (word, at, node, swapped))
            point = points.take(at)
            if swap is not None and len(loose := (point == ord(swap[0])).nonzero()[0]):
                word, at, node, swapped = (
                    np.concatenate((column, column.take(loose))) for column in (word, at, node, swapped)
                )
                place = (ends.take(word[-len(loose) :]) - at[-len(loose) :] - 1) & 63
                swapped[-len(loose) :] |= np.uint64(1) << place.astype(np.uint64)
                point = np.concatenate((point, np.full(len(loose), ord(swap[1]), point.dtype)))
            node = self._follow(node, self._first.take(point, mode="clip"))
            second = self._second.take(point, mode="clip")
            node = np.where(second > 0, self._follow(node, second), node)
            live = ((node > 0) & (point < _POINTS)).nonzero()[0]
            word, at, node, swapped = word.take(live), at.take(live) + 1, node.take(live), swapped.take(live)
        hits = Hits(*map(np.concatenate, zip(*found, strict=True)))
        nodes = self._follow(hits.nodes, np.full(len(hits.nodes), _SEPARATOR, np.uint32))
        there = nodes.nonzero()[0]
        return Hits(hits.words.take(there), nodes.take(there), hits.swapped.take(there))

    def values_of_each(self, nodes: Array) -> tuple[Array, Array]:
        """`values` of nodes some of which are the same."""
        distinct, which = np.unique(nodes, return_inverse=True)
        owner, values = self.values(distinct)
        sizes = np.bincount(owner, minlength=len(distinct))
        picked = ranges((np.cumsum(sizes) - sizes)[which], sizes[which])
        return np.repeat(np.arange(len(nodes)), sizes[which]), values[picked]

    def values(self, nodes: Array) -> tuple[Array, Array]:
        """The values below each of the nodes, in the order of the file: whose they are, and their bytes [m, width]."""
        digits = -(-self._width * 8 // 6)
        owner, parent, label = np.arange(len(nodes)), nodes, self._child[nodes]
        depth = np.zeros(len(nodes), np.int64)
        path = np.zeros((len(nodes), 16), np.uint8)
        found = [(owner[:0], path[:0])]
        while len(owner):
            node = self._follow(parent, label.astype(np.uint32))
            path[np.arange(len(path)), depth] = label
            deeper, sibling = (depth + 1 < digits).nonzero()[0], self._sibling[node]
            if len(deeper) < len(owner):
                ends = (depth + 1 == digits).nonzero()[0]
                found.append((owner[ends], path[ends]))
            beside = sibling.nonzero()[0]
            both = np.concatenate((deeper, beside))
            owner, path = owner.take(both), path.take(both, axis=0)
            label = np.concatenate((self._child[node.take(deeper)], sibling.take(beside)))
            parent = np.concatenate((node.take(deeper), parent.take(beside)))
            depth = depth.take(both)
            depth[: len(deeper)] += 1
        owners, paths = (np.concatenate(column) for column in zip(*found, strict=True))
        high, low = paths.view(">u8").T
        order = np.lexsort((low, high, owners))
        return owners[order], _bytes(paths[order], self._width)


def _bytes(digits: Array, width: int) -> Array:
    """The first bytes [m, width] of what digits of Base64 [m, any] stand for."""
    six = _sixes().take(digits).astype(np.uint16)
    value = np.zeros((len(digits), width), np.uint8)
    for number in range(width):
        high, bits = divmod(number * 8, 6)
        value[:, number] = (six[:, high] << 6 | six[:, high + 1]) >> (4 - bits)
    return value


def _sixes() -> Array:
    """[256] the number that a digit of Base64 stands for."""
    numbers = np.zeros(256, np.uint8)
    numbers[np.frombuffer(_DIGITS, np.uint8)] = np.arange(len(_DIGITS))
    return numbers
