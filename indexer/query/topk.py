"""The best documents without looking at all: MaxScore (Turtle & Flood 1995) on arrays, with bounds per block.

Lists are taken by falling bound. A document that is only in the lists not taken yet cannot reach the best as soon as
the sum of their bounds is below the worst of the best so far; from then on those lists are only looked up for the
candidates there are. Of a long list only those blocks are taken whose bound leaves them a chance (Ding & Suel 2011,
«Faster Top-k Document Retrieval Using Block-Max Indexes»).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import arrays
from indexer.query.leaves import Found, Scored

Array = NDArray[Any]

# Sums of the same numbers in another order differ by less.
_ROUNDING = 1e-9
# So few candidates are looked up in every list at once.
_FEW = 64


def page(found: Found, last: int | None, identity: Callable[[int], str]) -> list[int]:
    """The documents by falling score, equals by id, as far as the first `last` of them."""
    documents, scores = found.documents, found.scores
    if last is not None and last < len(documents):
        if last == 0:
            return []
        least = np.partition(scores, len(scores) - last)[len(scores) - last]
        chosen = np.flatnonzero(scores >= least)
        documents, scores = documents[chosen], scores[chosen]
    order = np.argsort(-scores, kind="stable")
    documents, scores = documents[order], scores[order]
    ties = np.concatenate(([True], scores[1:] != scores[:-1])) if len(scores) else np.zeros(0, bool)
    ranked: list[int] = documents.tolist()
    if not ties.all():
        edges = [*np.flatnonzero(ties).tolist(), len(ranked)]
        for first, end in pairwise(edges):
            if end - first > 1:
                ranked[first:end] = sorted(ranked[first:end], key=identity)
    return ranked if last is None else ranked[:last]


def best_of_any(parts: Sequence[Scored], wanted: int, size: int, near: Found | None = None) -> Found:
    """Documents among which are the best `wanted` of those in any of the parts, with their scores.

    `near` is a short list, of documents that are in some of the parts, which is taken first.
    """
    words = sorted((part for part in parts if len(part.documents)), key=lambda part: -part.bound)
    if not words or wanted < 1:
        return Found(np.zeros(0, np.int64), np.zeros(0))
    if len(words) == 1 and near is None:
        return _best_of_one(words[0], wanted)
    ordered = [*([] if near is None else [near]), *words]
    rest = [*accumulate((part.bound for part in reversed(ordered)), initial=0.0)][::-1]
    candidates, partial, taken = _gathered(ordered, rest, wanted, size)
    least = _worst(partial, wanted)
    for number in range(taken, len(ordered)):
        if len(candidates) <= _FEW:
            break
        kept = partial + rest[number] >= least * (1 - _ROUNDING)
        if not kept.all():
            candidates, partial = candidates[kept], partial[kept]
        partial = partial + ordered[number].at(candidates)
        least = max(least, _worst(partial, wanted))
    else:
        candidates = candidates[partial >= least * (1 - _ROUNDING)]
    scores = np.zeros(len(candidates))
    for part in parts:  # in the order of the query, as everywhere: equal sums must be equal
        scores += part.at(candidates)
    if near is not None:
        scores += near.at(candidates)
    return Found(candidates, scores)


def _gathered(ordered: Sequence[Found], rest: Sequence[float], wanted: int, size: int) -> tuple[Array, Array, int]:
    """Candidates with their sums over the lists that had to be taken whole, and how many lists those were."""
    least = 0.0
    sums = np.zeros(size) if sum(len(part.documents) for part in ordered) * 8 > size else None
    lists: list[Array] = []
    scores: list[Array] = []
    for number, part in enumerate(ordered):
        if number and rest[number] < least * (1 - _ROUNDING):
            break
        lists.append(part.documents)
        scores.append(part.scores)
        number += 1
        if sums is not None:
            sums[part.documents] += part.scores
        if rest[0] - rest[number] > rest[number]:  # else the best so far cannot be better than the rest
            here = part.scores if sums is None else sums[part.documents]
            least = max(least, _worst(here, wanted))
    if sums is not None:
        candidates = np.flatnonzero(sums >= max(least - rest[number], np.nextafter(0, 1)) * (1 - _ROUNDING))
        return candidates, sums[candidates], number
    documents = np.concatenate(lists)
    order = np.argsort(documents, kind="stable")
    return *arrays.sums(documents[order], np.concatenate(scores)[order]), number


def _worst(scores: Array, wanted: int) -> float:
    """The score of the last of the best, 0 where there are not so many."""
    if len(scores) < wanted:
        return 0.0
    return float(np.partition(scores, len(scores) - wanted)[len(scores) - wanted])


def _best_of_one(part: Scored, wanted: int) -> Found:
    """Of one list only the blocks that can have one of the best."""
    bounds = part.bounds
    if len(bounds) < 4 * wanted:
        return part
    order = np.argsort(-bounds, kind="stable")
    first = part.rows(order[: 2 * wanted])
    least = _worst(part.scored(first), wanted)
    chosen = np.sort(order[: int(np.searchsorted(-bounds[order], -least, "right"))])
    rows = part.rows(chosen)
    return Found(part.documents[rows], part.scored(rows))
