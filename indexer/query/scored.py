"""Documents and what each of them scores: those found, and the leaves of a query, whose scores are worked out as asked.

What a leaf comes to without regard to the query around it is kept between queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import ranking
from indexer.arrays import find

Array = NDArray[Any]

# A list of more than one in so many documents is dense.
_DENSE = 32
# Documents, in a row of a list, of which the largest score is kept.
BLOCK = 128


class Found:
    """Documents that match, rising (int64), and what each scores (float64)."""

    def __init__(self, documents: Array, scores: Array) -> None:
        self.documents = documents
        self._scores = scores

    @property
    def scores(self) -> Array:
        """The score of every document."""
        return self._scores

    def find(self, wanted: Array) -> tuple[Array, Array]:
        """The rows of some documents, and which of them are among these."""
        return find(self.documents, wanted)

    def scored(self, rows: Any) -> Array:
        """The scores of the documents in some rows."""
        scores: Array = self._scores[rows]
        return scores

    def scores_of(self, numbers: Sequence[int]) -> list[float]:
        """The scores of some of these documents."""
        scores: list[float] = self.scored(self.documents.searchsorted(numbers)).tolist()
        return scores

    def at(self, wanted: Array) -> Array:
        """The scores of some documents; 0 for what is not among these."""
        if not len(self.documents):
            return np.zeros(len(wanted))
        rows, there = self.find(wanted)
        return self.scored(rows) * there


class Saturated:
    """A leaf without regard to the query around it: documents, BM25's share of frequency of all kin, of the very form.

    A list of many of the index's documents has its rows by document beside it, so that looking some of them up is one
    pass and not a search each; and which documents they are as bits.
    """

    def __init__(
        self, documents: Array, kin: Array, typed: Array | None, idf: float, size: int, frequency: int
    ) -> None:
        """`frequency` is how many documents of the index have it, of which these may be a part."""
        # what any other document has stands before the first; the two shares lie side by side, as they are looked up
        self._documents = np.concatenate(([-1], documents))
        self._shares = np.zeros((len(kin) + 1, 2))
        self.documents, self.shares = self._documents[1:], self._shares[1:]
        self.shares[:, 0] = kin
        if typed is not None:
            self.shares[:, 1] = typed
        self.frequency = frequency
        self.idf = idf
        self.most = np.maximum.reduceat(kin, np.arange(0, len(kin), BLOCK)) if len(kin) else np.zeros(0)
        self.most_kin, self.most_typed = self._shares.max(axis=0).tolist()
        self.dense = len(documents) * _DENSE > size
        self._size = size

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        width = np.dtype(self._row_type).itemsize
        dense = width * self._size + self._size // 8 if self.dense else 0  # rows and bits
        return int(self.documents.nbytes + self._shares.nbytes + dense)

    @property
    def _row_type(self) -> type[np.unsignedinteger[Any]]:
        """What the numbers of rows fit in."""
        return np.uint16 if len(self.documents) < 1 << 16 else np.uint32

    @cached_property
    def _by_document(self) -> Array:
        """Of a dense list: document → its row and one, 0 for others."""
        rows = np.zeros(self._size, self._row_type)
        rows[self.documents] = np.arange(1, len(self._documents))
        return rows

    @cached_property
    def bits(self) -> Array:
        """Of a dense list: which documents are in it, as 64-bit words."""
        there = np.zeros(-(-self._size // 64) * 64, bool)
        there[self.documents] = True
        return np.packbits(there, bitorder="little").view(np.uint64)

    def find(self, wanted: Array) -> Array:
        """Where wanted documents stand in the list, the first being at 1; 0 for what is not there."""
        if self.dense:
            return self._by_document.take(wanted)
        found = self.documents.searchsorted(wanted, "right")
        found *= self._documents.take(found) == wanted
        return found

    def at(self, wanted: Array) -> Array:
        """The shares of kin and of the very form in some documents, n × 2; 0 for what is not there."""
        return self._shares.take(self.find(wanted), axis=0)


class Scored(Found):
    """A leaf in a query of `words` words, of which it counts `share` of its idf."""

    def __init__(self, saturated: Saturated, words: int, share: float = 1.0) -> None:
        self.saturated = saturated
        self.documents = saturated.documents
        self.idf = share * saturated.idf
        self.frequency = saturated.frequency
        self.words = words
        most: float = ranking.score(self.idf, saturated.most_kin, saturated.most_typed, words)
        self.bound = most * (1 + 1e-12)  # what no document exceeds

    @property
    def scores(self) -> Array:
        """The score of every document."""
        return self._score(self.saturated.shares)

    def _score(self, shares: Array) -> Array:
        scores: Array = ranking.score(self.idf, shares[:, 0], shares[:, 1], self.words)
        return scores

    def scored(self, rows: Any) -> Array:
        """The scores of the documents in some rows."""
        return self._score(self.saturated.shares.take(rows, axis=0))

    def find(self, wanted: Array) -> tuple[Array, Array]:
        """The rows of some documents, and which of them are among these."""
        found = self.saturated.find(wanted)
        return found - 1, found > 0

    def at(self, wanted: Array) -> Array:
        """The scores of some documents; 0 for what is not among these."""
        return self._score(self.saturated.at(wanted))

    def score_of(self, number: int) -> float:
        """The score of one document; 0 where it is not among these."""
        return float(self.at(np.array([number]))[0])

    def saturations(self, number: int) -> tuple[float, float]:
        """BM25's share of frequency in one of the documents: of all kin, of the very form."""
        ((kin, typed),) = self.saturated.at(np.array([number])).tolist()
        return kin, typed

    @property
    def bits(self) -> Array | None:
        """Which documents are among these, as 64-bit words, where they are many."""
        return self.saturated.bits if self.saturated.dense else None

    def rows(self, blocks: Array) -> Array:
        """Where the documents of some blocks stand."""
        rows = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return rows[rows < len(self.documents)]

    @property
    def bounds(self) -> Array:
        """What no document of each BLOCK exceeds."""
        bounds: Array = ranking.score(self.idf, self.saturated.most, self.saturated.most_typed, self.words)
        return bounds * (1 + 1e-12)


def joined(parts: Sequence[Scored]) -> tuple[Array, Array]:
    """The documents of some leaves of one query, list after list, and what each gains there."""
    if len(parts) == 1:
        return parts[0].documents, parts[0].scores
    documents = [part.documents for part in parts]
    shares = np.concatenate([part.saturated.shares for part in parts])
    idf = np.array([part.idf for part in parts]).repeat([*map(len, documents)])
    scores: Array = ranking.score(idf, shares[:, 0], shares[:, 1], parts[0].words)
    return np.concatenate(documents), scores


def table(parts: Sequence[Scored], wanted: Array) -> Array:
    """What each of some leaves of one query gives each of some documents, a row a leaf."""
    shares = np.empty((len(parts), len(wanted), 2))
    for number, part in enumerate(parts):
        shares[number] = part.saturated.at(wanted)
    idf = np.array([part.idf for part in parts])[:, None]
    scores: Array = ranking.score(idf, shares[..., 0], shares[..., 1], parts[0].words if parts else 1)
    return scores
