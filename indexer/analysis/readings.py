"""Readings of many words in columns, and the lemmas that they come to."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.columns import Found
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.numbering import Numbering, first_seen
from indexer.analysis.paradigms import Paradigms
from indexer.analysis.strings import Strings, joined

Array = NDArray[Any]


class Readings(NamedTuple):
    """Word by word in pymorphy3's order: which word, how many letters stand before what is moved, cell, score.

    `swapped` tells spellings of the word apart (`automaton.Hits`).
    """

    words: Array
    cuts: Array
    cells: Array
    scores: Array
    swapped: Array

    def some(self, rows: Array) -> Readings:
        """Some of them."""
        return Readings(*(column[rows] for column in self))

    def of(self, numbers: Array) -> Readings:
        """The same with other numbers for the words: `numbers[word]`."""
        return self._replace(words=numbers.take(self.words))

    def scaled(self) -> Readings:
        """The same with scores that sum to 1 for each word."""
        return self._replace(scores=self.scores * (1.0 / np.bincount(self.words, self.scores).take(self.words)))


class Weights(NamedTuple):
    """Word by word: which word, a lemma of it as it first came, and the sum of the scores of its readings.

    Lemmas are numbers into `names`.
    """

    words: Array
    lemmas: Array
    weights: Array
    names: Strings


def estimated(readings: Readings, words: Strings, dictionary: Dictionary) -> Readings:
    """`Dictionary.estimated`, many at once: P(tag | form) for scores, by falling P, or else scores that sum to 1."""
    readings = readings.scaled()
    having = dictionary.having_chances(words)
    some = having.nonzero()[0]
    chances = dict(zip(some.tolist(), map(dictionary.chances, words.some(some)), strict=True))
    rows = np.flatnonzero(having[readings.words])
    pairs = zip(readings.words[rows].tolist(), dictionary.tags(readings.cells[rows]), strict=True)
    scores = np.zeros(len(readings.words))
    scores[rows] = [chances[word].get(tag, 0.0) for word, tag in pairs]
    rated = np.bincount(readings.words, scores)[readings.words] > 0
    readings = readings._replace(scores=np.where(rated, scores, readings.scores))
    return readings.some(np.lexsort((np.where(rated, -scores, 0), readings.words)))


def weights(readings: Readings, folded: Strings, paradigms: Paradigms) -> Weights:
    """The lemmas of words that are given as they are written in lemmas."""
    names = Numbering()
    numbers = names.of(lemmas(readings, folded, paradigms))
    rows, sums = summed(readings.words, numbers, readings.scores, paradigms.abbreviated_verb[readings.cells])
    return Weights(readings.words[rows], numbers[rows], sums, names.strings)


def lemmas(readings: Readings, folded: Strings, paradigms: Paradigms) -> Strings:
    """The lemma of each reading."""
    return paradigms.moved(folded, readings.words, paradigms.move[readings.cells], readings.cuts)


def summed(words: Array, lemmas: Array, scores: Array, doubtful: Array) -> tuple[Array, Array]:
    """Of each lemma of each word the first reading, in their order, and the sum of the scores of all of them.

    Lemmas are numbers. Doubtful readings are none where there is another. Sums are taken in the order of the readings,
    to the last bit.
    """
    rows = np.arange(len(words))
    if doubtful.any():
        rows = np.flatnonzero(~doubtful | (np.bincount(words, ~doubtful) == 0)[words])
    keys = words[rows] * (int(lemmas.max(initial=0)) + 1) + lemmas[rows]
    first, group = first_seen(keys.view(np.uint64))
    return rows[first], np.bincount(group, scores[rows], minlength=len(first))


def in_shares(found: Weights, floor: float, stems: Strings | None = None, of_stems: float = 0.0) -> Found:
    """P(lemma | word) of each, where it is `floor` at least; stems, if there are any, one a word, take their part."""
    words, lemmas, amounts, names = found
    shares = amounts / np.bincount(words, amounts)[words]
    if stems is not None:
        words = np.concatenate((words, np.arange(len(stems))))
        lemmas = np.concatenate((lemmas, np.arange(len(names), len(names) + len(stems))))
        names = joined((names, stems))
        shares = np.concatenate((shares * (1 - of_stems), np.full(len(stems), of_stems)))
    kept = np.flatnonzero(shares >= floor)
    rounded = _rounded(shares[kept])
    order = np.lexsort((-rounded, words[kept]))
    kept, shares = kept[order], rounded[order]
    words, lemmas = words[kept], lemmas[kept]
    # equal shares of a word by the alphabet
    alike = np.concatenate(([False], (words[1:] == words[:-1]) & (shares[1:] == shares[:-1]), [False]))
    rows = np.flatnonzero(alike[1:] | alike[:-1])
    each = names.some(lemmas[rows]).tolist()
    place = np.argsort(sorted(range(len(each)), key=each.__getitem__))
    lemmas[rows] = lemmas[rows][np.lexsort((place, -shares[rows], words[rows]))]
    return Found(words, lemmas, shares, names).bare()


def _rounded(shares: Array) -> Array:
    """`round(share, 4)` of each."""
    tenthousandths = shares * 10_000
    rounded: Array = np.rint(tenthousandths) / 10_000
    # here it is the last bit that tells
    near = np.flatnonzero(abs(tenthousandths - np.floor(tenthousandths) - 0.5) < 1e-6)
    rounded[near] = [round(share, 4) for share in shares[near].tolist()]
    return rounded
