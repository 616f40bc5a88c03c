"""The best documents without looking at all: MaxScore (Turtle & Flood 1995) on arrays, with bounds per block.

Lists are taken by falling bound. A document that is only in the lists not taken yet cannot reach the best as soon as
the sum of their bounds is below the worst of the best so far; from then on those lists are only looked up for the
candidates there are. The fewest lists are taken when the worst of the best is known early: as soon as some short lists
are, their best documents are looked up in all others. Of one long list only those blocks are taken whose bound leaves
them a chance (Ding & Suel 2011, «Faster Top-k Document Retrieval Using Block-Max Indexes»).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import arrays
from indexer.query.scored import Found, Scored, table
from indexer.query.taken import Taken, largest, worst

Array = NDArray[Any]

_BOUND = attrgetter("bound")
# So few candidates are looked up in every list at once.
_FEW = 64
# Lists that have together less than one in so many documents are taken whole.
_SHORT = 8
# Of the lists taken first so many times the documents wanted are looked up in the others.
_SEEDS = 2


def page(found: Found, last: int | None, identity: Callable[[int], str]) -> list[int]:
    """The documents by falling score, equals by id, as far as the first `last` of them."""
    documents, scores = found.documents, found.scores
    if last is not None and last < len(documents):
        if last == 0:
            return []
        chosen = (scores >= largest(scores, last)).nonzero()[0]
        documents, scores = documents.take(chosen), scores.take(chosen)
    order = (-scores).argsort(kind="stable")
    documents, scores = documents.take(order), scores.take(order)
    ranked: list[int] = documents.tolist()
    if (scores[1:] == scores[:-1]).any():
        for first, end in pairwise([*arrays.beginnings(scores).tolist(), len(ranked)]):
            if end - first > 1:
                ranked[first:end] = sorted(ranked[first:end], key=identity)
    return ranked if last is None else ranked[:last]


def best_of_any(parts: Sequence[Scored], near: Sequence[Scored], wanted: int, size: int) -> Found:
    """Documents among which are the best `wanted` of those in any of the parts, with their scores.

    `near` are short lists, of documents that are in some of the parts, which add to their scores.
    """
    words = sorted((part for part in parts if part.bound), key=_BOUND, reverse=True)
    if not words or wanted < 1:
        return Found(np.zeros(0, np.int64), np.zeros(0))
    if len(words) == 1 and not near:
        return _best_of_one(words[0], wanted)
    taken, candidates = _candidates(words, near, wanted, size)
    rows, ordered = taken.scores(candidates), (*parts, *near)
    others = [part for part in ordered if part not in rows]
    rows |= zip(others, table(others, candidates), strict=True)
    scores = np.zeros(len(candidates))
    for part in ordered:  # in the order of the query, as everywhere: equal sums must be equal
        scores += rows[part]
    return Found(candidates, scores)


def _candidates(words: Sequence[Scored], near: Sequence[Scored], wanted: int, size: int) -> tuple[Taken, Array]:
    """The lists that had to be taken whole, and documents among which are the best, not many more.

    The words come by falling bound.
    """
    rest = [*accumulate((part.bound for part in reversed(words)), initial=0.0)][::-1]
    lengths = [*accumulate(len(part.documents) for part in words)]
    number, end, least = 0, max(1, bisect(lengths, size // _SHORT)), 0.0
    taken = Taken(size)
    while number < end:
        taken.take(words[number:end] if number else [*near, *words[:end]])
        number = end
        best, sums = taken.best(_SEEDS * wanted)
        if number == len(words):
            return taken, best[sums >= worst(sums, wanted)]
        sums = sums + table(words[number:], best).sum(axis=0)
        least = max(least, worst(sums, wanted))
        end = next((end for end in range(number, len(words)) if rest[end] < least), len(words))
    while number < len(words) and taken.count(least - rest[number]) > len(words[number].documents):
        taken.take(words[number : number + 1])
        number += 1
    candidates, sums = taken.above(least - rest[number])
    for part, others in zip(words[number:], rest[number + 1 :], strict=True):
        if len(candidates) <= _FEW:
            break
        sums = sums + part.at(candidates)
        kept = sums + others >= least
        candidates, sums = candidates[kept], sums[kept]
        least = max(least, worst(sums, wanted))
    return taken, candidates


def _best_of_one(part: Scored, wanted: int) -> Found:
    """Of one list only the blocks that can have one of the best."""
    bounds = part.bounds
    if len(bounds) < 4 * wanted:
        return part
    order = np.argsort(-bounds, kind="stable")
    first = part.rows(order[: 2 * wanted])
    least = worst(part.scored(first), wanted)
    chosen = np.sort(order[: int(np.searchsorted(-bounds[order], -least, "right"))])
    rows = part.rows(chosen)
    return Found(part.documents[rows], part.scored(rows))
