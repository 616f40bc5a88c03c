"""Words in relation to each other: `a << b`, one behind another in a field, and `a & b`, in one sentence.

Each is a question about spots: which of them take part. A document matches where some do, and those alone are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import distinct, find
from indexer.query import sentence
from indexer.query.leaves import intersection, spots_of
from indexer.query.spots import DOCUMENT_BITS, POSITION_BITS
from indexer.query.tree import Before, Leaf, Node, Or, Related
from indexer.segment.reader import Reader

Array = NDArray[Any]

# Words of one sentence that begin further from each other are not looked for: that is a list, a table or a verse.
REACH = 255


class Part(NamedTuple):
    """Where one of the words stands: keys of its spots, rising, and where each ends; alike wherever it stands."""

    keys: Array
    ends: Array

    @property
    def homes(self) -> Array:
        """The document and the field of each, as one number."""
        homes: Array = self.keys >> POSITION_BITS
        return homes

    def kept(self, which: Any) -> Part:
        """Some of them."""
        return Part(self.keys[which], self.ends[which])


def matching(node: Related, reader: Reader, fields: tuple[str, ...], on_step: Callable[[], None]) -> Array:
    """The documents in which the words stand as asked, rising."""
    parts = _together([_of(child, reader, fields) for child in node.children])
    met = _in_order(parts) if isinstance(node, Before) else _in_one_sentence(parts, reader, on_step)
    return distinct(met[0].keys >> DOCUMENT_BITS)


def taking_part(node: Related, reader: Reader, fields: tuple[str, ...], document: int) -> list[Part]:
    """Of each of the words, the spots in one document that stand as asked."""
    parts = []
    for child in node.children:
        whole = _of(child, reader, fields)
        low, high = np.searchsorted(whole.keys, [document << DOCUMENT_BITS, (document + 1) << DOCUMENT_BITS])
        parts.append(whole.kept(slice(low, high)))
    parts = _together(parts)
    return _in_order(parts) if isinstance(node, Before) else _in_one_sentence(parts, reader, lambda: None)


def leaves(child: Node) -> Iterator[Leaf]:
    """A leaf itself, or those that are alternatives."""
    yield from (leaf for leaf in (child.children if isinstance(child, Or) else (child,)) if isinstance(leaf, Leaf))


def _of(child: Node, reader: Reader, fields: tuple[str, ...]) -> Part:
    found = [spots_of(leaf, reader, fields) for leaf in leaves(child)]
    keys = np.concatenate([one.keys for one in found])
    ends = keys + np.concatenate([one.widths() for one in found])
    order = np.argsort(keys, kind="stable")
    return Part(keys[order], ends[order])


def _together(parts: Sequence[Part]) -> list[Part]:
    """What stands in a field of a document that has them all."""
    homes = intersection([distinct(part.homes) for part in parts])
    return [part.kept(find(homes, part.homes)[1]) for part in parts]


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """Each behind some chain of those before it, and before some chain of those after it."""
    homes = distinct(parts[0].homes)
    rows = [find(homes, part.homes)[0] for part in parts]
    behind: list[Array] = []
    earliest = np.full(len(homes), -1)
    for part, row in zip(parts, rows, strict=True):
        behind.append(part.keys >= earliest[row])
        earliest = np.full(len(homes), np.iinfo(np.int64).max)
        np.minimum.at(earliest, row[behind[-1]], part.ends[behind[-1]])
    met: list[Part] = []
    latest = np.full(len(homes), np.iinfo(np.int64).max)
    for part, row, after in zip(reversed(parts), reversed(rows), reversed(behind), strict=True):
        both = after & (part.ends <= latest[row])
        latest = np.full(len(homes), -1)
        np.maximum.at(latest, row[both], part.keys[both])
        met.insert(0, part.kept(both))
    return met


def _in_one_sentence(parts: Sequence[Part], reader: Reader, on_step: Callable[[], None]) -> list[Part]:
    """Those whose first and last words stand in a sentence that has some of each part."""
    parts = _together([part.kept(_near_all(part, parts)) for part in parts])
    places = distinct(np.concatenate([edge for part in parts for edge in (part.keys, part.ends - 1)]))
    of_place = places >> POSITION_BITS << POSITION_BITS | sentence.of_places(places, reader, on_step)
    within, sentences = [], []
    for part in parts:
        first, last = (of_place[find(places, edge)[0]] for edge in (part.keys, part.ends - 1))
        within.append(part.kept(first == last))
        sentences.append(first[first == last])
    common = intersection([distinct(one) for one in sentences])
    return [part.kept(find(common, one)[1]) for part, one in zip(within, sentences, strict=True)]


def _near_all(part: Part, parts: Sequence[Part]) -> Array:
    """Which of its places have one of every other part within reach."""
    near = np.ones(len(part.keys), bool)
    for other in parts:
        at = np.searchsorted(other.keys, part.keys - REACH)
        near &= np.append(other.keys, np.iinfo(np.int64).max)[at] <= part.keys + REACH
    return near
