"""Lists that are taken whole when the best documents are looked for: what each document has in them together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import arrays
from indexer.query.scored import Scored, joined

Array = NDArray[Any]

# Sums of the same numbers in another order differ by less.
_ROUNDING = 1e-9
# Of so many documents of the index one must be met at least for a sum to be kept of each of them.
_DENSE = 32
# So many lists are sooner gone through again than looked up one after another.
_MANY = 8


class Taken:
    """The sums of lists, and what was added up.

    Of few documents each is there once with its sum. Of many the sums lie by document of the index, which is sooner
    than to sort them, and a document is there once for every list that it is in.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._parts: list[Scored] = []
        self._postings: tuple[Array, Array] = np.zeros(0, np.int64), np.zeros(0)  # list after list, with their scores
        self._documents, self._sums = self._postings
        self._all: Array | None = None

    def take(self, parts: Sequence[Scored]) -> None:
        """More lists, one at least."""
        documents, scores = more = joined(parts)
        if self._parts:
            documents, scores = map(np.concatenate, zip(self._postings, more, strict=True))
        self._parts += parts
        self._postings = documents, scores
        if self._all is not None:
            np.add.at(self._all, *more)
        elif len(self._parts) == 1:
            self._documents, self._sums = documents, scores
            return
        elif len(documents) * _DENSE <= self._size:
            order = documents.argsort(kind="stable")
            self._documents, self._sums = arrays.sums(documents.take(order), scores.take(order))
            return
        else:
            self._all = np.zeros(self._size)
            np.add.at(self._all, documents, scores)
        self._documents, self._sums = documents, self._all.take(documents)

    def count(self, least: float) -> int:
        """How many documents have so much in these lists; some may be counted twice."""
        return int(np.count_nonzero(self._sums >= least))

    def above(self, least: float) -> tuple[Array, Array]:
        """The documents that have so much in these lists, rising, and how much."""
        rows = (self._sums >= least).nonzero()[0]
        documents = self._documents.take(rows)
        if self._all is None:
            return documents, self._sums.take(rows)
        documents = arrays.distinct(documents)
        return documents, self._all.take(documents)

    def best(self, wanted: int) -> tuple[Array, Array]:
        """The best documents, `wanted` at least if there are so many, with their sums."""
        if self._all is None:
            return self.above(worst(self._sums, wanted))
        documents, sums = self.above(worst(self._sums, wanted * len(self._parts)))
        kept = sums >= worst(sums, wanted)
        return documents[kept], sums[kept]

    def scores(self, wanted: Array) -> dict[Scored, Array]:
        """What some documents, rising, have in each of the lists; of few lists none, as they are sooner looked up."""
        if self._all is None or len(self._parts) < _MANY:
            return {}
        documents, found = self._postings
        there = np.zeros(self._size, bool)
        there[wanted] = True
        rows = there.take(documents).nonzero()[0]
        ends = np.array([*accumulate(len(part.documents) for part in self._parts)])
        scores = np.zeros((len(ends), len(wanted)))
        scores[ends.searchsorted(rows, "right"), wanted.searchsorted(documents.take(rows))] = found.take(rows)
        return dict(zip(self._parts, scores, strict=True))


def largest(scores: Array, place: int) -> float:
    """The score at a place, the largest being at 1; there must be so many."""
    ordered = scores.copy()
    ordered.partition(len(scores) - place)
    return float(ordered[-place])


def worst(scores: Array, wanted: int) -> float:
    """What none of the best has less of, however its sum was rounded; 0 where there are not so many."""
    return largest(scores, wanted) * (1 - _ROUNDING) if len(scores) >= wanted else 0.0
