"""Neighbouring words of a query that stand near each other in a document: a leaf of its own, that only adds.

After Rasolofo & Savoy 2003, «Term Proximity Scoring for Keyword-Based Retrieval Systems»: the nearest places of two
words in one field count, by their distance. What a pair comes to is worked out once and kept, as for a word: few
documents have both words near each other, so that it is a short list, which is pruned like any other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer import ranking
from indexer.arrays import beginnings, find
from indexer.query import spots
from indexer.query.expansion import expand
from indexer.query.leaves import intersection
from indexer.query.scored import Found, Saturated, Scored
from indexer.query.tree import Word
from indexer.segment.reader import FIELDS, Reader

Array = NDArray[Any]


class Pair(NamedTuple):
    """Two neighbouring words, and what they add to the score of documents."""

    one: Word
    other: Word
    added: Scored


def pairs(row: Sequence[tuple[Word, Scored]], reader: Reader) -> Iterator[Pair]:
    """What each two neighbours of a row of words add to the score of documents; pairs that add nothing are left out."""
    keys = {at: _key(one, other) for at, ((one, _), (other, _)) in enumerate(pairwise(row)) if one.form != other.form}
    places = _Places(row, reader, {at for at, key in keys.items() if key not in reader.worked_out})
    for at, key in keys.items():
        near: Saturated = reader.worked_out.get(key, partial(_worked_out, at, places, reader))
        if near.frequency:
            (one, scored), (other, beside) = row[at : at + 2]
            share = ranking.NEAR / len(row) * min(scored.idf, beside.idf)
            yield Pair(one, other, Scored(near, scored.words, share))


def nearer(found: Found, near: Sequence[Pair]) -> Found:
    """The same documents with what pairs add to their scores, one after another."""
    if not near:
        return found
    scores = found.scores.copy()
    for pair in near:
        at, there = find(found.documents, pair.added.documents)
        scores[at[there]] += pair.added.scores[there]
    return Found(found.documents, scores)


def _key(one: Word, other: Word) -> Hashable:
    return "near", one.form, one.exact, other.form, other.exact


class _Places:
    """Where the words of a row stand, in the documents that have both words of a pair which is not worked out yet.

    A word is read once for both of its neighbours, and forgotten after the second: all places of common words are many.
    """

    def __init__(self, row: Sequence[tuple[Word, Scored]], reader: Reader, missing: set[int]) -> None:
        """`missing` are pairs by the place of their first word."""
        self._row = row
        self._reader = reader
        self._missing = missing
        self._shared: dict[int, Array] = {}
        self._keys: dict[int, Array] = {}

    def of_pair(self, at: int) -> tuple[Array, Array] | None:
        """The keys of both words of a pair, rising; None where no document has both. Pairs are asked for in order."""
        if not len(self._documents(at)):
            return None
        pair = self._of(at), self._of(at + 1)
        del self._keys[at]
        return pair

    def _of(self, at: int) -> Array:
        if at not in self._keys:
            within = np.zeros(self._reader.size, bool)
            for first in self._missing & {at - 1, at}:
                within[self._documents(first)] = True
            word, _ = self._row[at]
            self._keys[at] = spots.of_entries(expand(word, self._reader), self._reader, FIELDS, within).keys
        return self._keys[at]

    def _documents(self, at: int) -> Array:
        if at not in self._shared:
            self._shared[at] = intersection([scored.documents for _, scored in self._row[at : at + 2]])
        return self._shared[at]


def _worked_out(at: int, places: _Places, reader: Reader) -> Saturated:
    """The documents that have two words near each other, and 1 / distance, in positions."""
    documents, distances = np.zeros(0, np.int64), np.zeros(0, np.int64)
    if pair := places.of_pair(at):
        rare, common = sorted(pair, key=len)
        apart = _distances(rare, common)
        near = (apart <= ranking.WITHIN).nonzero()[0]
        documents, distances = spots.documents_of(rare[near]), np.maximum(apart[near], 1)
    first = beginnings(documents)
    least = np.minimum.reduceat(distances, first) if len(first) else distances
    return Saturated(documents[first], 1 / least, None, 1.0, reader.size, len(first))


def _distances(rare: Array, common: Array) -> Array:
    """From each key of a word to the nearest of another, which has one at least; far to another document or field."""
    at = common.searchsorted(rare)
    behind = np.abs(common.take(at, mode="clip") - rare)
    before = np.abs(rare - common.take(at - 1, mode="clip"))
    distances: Array = np.minimum(behind, before)
    return distances
