"""Reprints of one text fold into one hit: the best of them stands, the others are its duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.batch import tokenize_batch
from indexer.segment.reader import Reader
from indexer.segment.shingles import Beginnings, are_reprints, may_be_reprints, rows

Array = NDArray[Any]

# So many texts at most are compared with one hit; a reprint of more is found as a hit of its own.
_MOST = 200


def folded(order: Sequence[int], count: int | None, reader: Reader) -> dict[int, list[int]]:
    """The first `count` documents of an order that are no reprints of earlier ones → their reprints, in the order."""
    numbers = np.array(order, np.int64)
    prints = np.concatenate([segment.documents.shingles for segment in reader.segments])[numbers]
    rows_of, free = _rows(reader), np.ones(len(numbers), bool)
    found: dict[int, list[int]] = {}
    for at, number in enumerate(order):
        if len(found) == count:
            break
        if not free[at]:
            continue
        maybe = np.flatnonzero(may_be_reprints(int(prints[at]), prints[at + 1 :]) & free[at + 1 :])[:_MOST] + at + 1
        same = [other for other in maybe.tolist() if are_reprints(rows_of(number), rows_of(order[other]))]
        free[same] = False
        found[number] = [order[other] for other in same]
    return found


def _rows(reader: Reader) -> Callable[[int], Array]:
    beginnings = Beginnings(reader.vocabulary.forms)

    @cache
    def of(number: int) -> Array:
        tokens = tokenize_batch([reader.text(number)], reader.vocabulary)
        return rows(beginnings.of(tokens.form), tokens.first)

    return of
