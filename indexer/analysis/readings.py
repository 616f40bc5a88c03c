"""Readings of many words in columns, and the lemmas that they come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.columns import Found
from indexer.analysis.paradigms import Move

Array = NDArray[Any]


class Readings(NamedTuple):
    """Word by word in pymorphy3's order: which word, how many letters stand before what is moved, move, score.

    `doubtful`: those that are none where there is another.
    """

    words: Array
    cuts: Array
    moves: Array
    scores: Array
    doubtful: Array


class Weights(NamedTuple):
    """Word by word: which word, a lemma of it as it first came, and the sum of the scores of its readings."""

    words: Array
    lemmas: list[str]
    weights: Array


def weights(readings: Readings, folded: Sequence[str], moves: Sequence[Move], *, scaled: bool) -> Weights:
    """The lemmas of words that are given as they are written in lemmas.

    `scaled`: the scores of a word are made to sum to 1. Sums are taken in the order of the readings, to the last bit.
    """
    words, cuts, numbers, scores, doubtful = readings
    if scaled:
        scores = scores * (1.0 / np.bincount(words, scores).take(words))
    if doubtful.any():
        kept = ~doubtful | (np.bincount(words, ~doubtful) == 0)[words]
        words, cuts, numbers, scores = (column[kept] for column in (words, cuts, numbers, scores))
    ways, way = np.unique((words << 8 | cuts) << 32 | numbers, return_inverse=True)
    word, cut = ways >> 40, ways >> 32 & 0xFF
    made = [
        form[:start] + before + form[start:][stem] + after
        for form, start, (stem, before, after) in zip(
            [folded[at] for at in word.tolist()],
            cut.tolist(),
            [moves[number] for number in (ways & 0xFFFFFFFF).tolist()],
            strict=True,
        )
    ]
    known: dict[str, int] = {}
    lemma = np.fromiter((known.setdefault(one, len(known)) for one in made), np.int64, len(made))
    _, first, group = np.unique((word * len(known) + lemma)[way], return_index=True, return_inverse=True)
    sums = np.bincount(group, scores, minlength=len(first))
    in_order = np.argsort(first)
    first = first[in_order]
    return Weights(words[first], [made[at] for at in way[first].tolist()], sums[in_order])


def in_shares(found: Weights, floor: float, stems: Sequence[str] = (), of_stems: float = 0.0) -> Found:
    """P(lemma | word) of each, where it is `floor` at least; stems, if there are any, one a word, take their part."""
    words, lemmas, amounts = found
    shares = amounts / np.bincount(words, amounts)[words]
    if stems:
        words = np.concatenate((words, np.arange(len(stems))))
        lemmas = [*lemmas, *stems]
        shares = np.concatenate((shares * (1 - of_stems), np.full(len(stems), of_stems)))
    kept = np.flatnonzero(shares >= floor)
    words, shares = words[kept], _rounded(shares[kept])
    order = np.lexsort((-shares, words))
    words, shares = words[order], shares[order]
    lemmas = [lemmas[row] for row in kept[order].tolist()]
    # equal shares of a word by the alphabet
    alike = np.concatenate(([False], (words[1:] == words[:-1]) & (shares[1:] == shares[:-1]), [False]))
    edges = np.flatnonzero(alike[1:] != alike[:-1])
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        lemmas[first : last + 1] = sorted(lemmas[first : last + 1])
    return Found(words, lemmas, shares)


def _rounded(shares: Array) -> Array:
    """`round(share, 4)` of each."""
    tenthousandths = shares * 10_000
    rounded: Array = np.rint(tenthousandths) / 10_000
    # here it is the last bit that tells
    near = np.flatnonzero(abs(tenthousandths - np.floor(tenthousandths) - 0.5) < 1e-6)
    rounded[near] = [round(share, 4) for share in shares[near].tolist()]
    return rounded
