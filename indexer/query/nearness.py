"""Neighbouring words of a query that stand near each other in a document: a leaf of its own, that only adds.

After Rasolofo & Savoy 2003, «Term Proximity Scoring for Keyword-Based Retrieval Systems»: the nearest places of two
words in one field count, by their distance. What a pair comes to is worked out once and kept, as for a word: few
documents have both words near each other, so that it is a short list, which is pruned like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    for one, other in pairwise(row):
        if one[0].form != other[0].form and len((near := _near(one, other, reader)).documents):
            added = Scored(near, one[1].words, ranking.NEAR / len(row) * min(one[1].idf, other[1].idf))
            yield Pair(one[0], other[0], added)


def nearer(found: Found, near: Sequence[Pair]) -> Found:
    """The same documents with what pairs add to their scores, one after another."""
    if not near:
        return found
    scores = found.scores.copy()
    for pair in near:
        at, there = find(found.documents, pair.added.documents)
        scores[at[there]] += pair.added.scores[there]
    return Found(found.documents, scores)


def _near(one: tuple[Word, Scored], other: tuple[Word, Scored], reader: Reader) -> Saturated:
    """The documents that have two words near each other, and 1 / distance, in positions."""
    key = ("near", one[0].form, one[0].exact, other[0].form, other[0].exact)
    found: Saturated = reader.worked_out.get(key, lambda: _worked_out(one, other, reader))
    return found


def _worked_out(one: tuple[Word, Scored], other: tuple[Word, Scored], reader: Reader) -> Saturated:
    documents, distances = np.zeros(0, np.int64), np.zeros(0, np.int64)
    shared = intersection([one[1].documents, other[1].documents])
    if len(shared):
        within = np.zeros(reader.size, bool)
        within[shared] = True
        # not kept: all places of common words would drive everything else out of memory
        every = [spots.of_entries(expand(word, reader), reader, FIELDS, within).keys for word, _ in (one, other)]
        rare, common = sorted(every, key=len)
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
