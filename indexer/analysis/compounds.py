"""Many words that are read by a part of them, or by two: `guesses`, where the parts are easy to read.

смотри-ка by смотри, псевдокошка by кошка, плащ-палатка by плащ and палатка. A part is easy to read if the dictionary
has it in one spelling, or if `analogy` reads it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indexer.analysis.analogy import LONGEST, Analogy
from indexer.analysis.automaton import Array
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.guesses import Morphology
from indexer.analysis.lookup import Lookup
from indexer.analysis.numbering import Numbering
from indexer.analysis.readings import Readings, Weights, estimated, lemmas, summed
from indexer.analysis.strings import Strings
from indexer.arrays import ranges

# So many words at a time: they have not more parts than `analogy` takes.
MOST = 1 << 13


class _Parts(NamedTuple):
    """The readings of parts, part by part: where those of each begin, how many they are; their lemmas as numbers.

    `own` is the number of each part as it is written in lemmas.
    """

    readings: Readings
    first: Array
    sizes: Array
    lemmas: Array
    own: Array
    names: list[str]


class _Rows(NamedTuple):
    """Readings of words: the word, the lemma of its first part (0 where there is but one), of its last; score, cell."""

    words: Array
    left: Array
    right: Array
    scores: Array
    cells: Array

    def some(self, rows: Array) -> _Rows:
        return _Rows(*(column[rows] for column in self))


class Compounds:
    """Words that the dictionary does not have, read by their parts."""

    def __init__(self, dictionary: Dictionary, morphology: Morphology, lookup: Lookup, analogy: Analogy) -> None:
        self._dictionary, self._cells = dictionary, dictionary.cells
        self._morphology, self._lookup, self._analogy = morphology, lookup, analogy

    def weights(self, words: Strings) -> tuple[Weights, Array]:
        """The lemmas of at most MOST words, and the words that must be read elsewhere."""
        splits = {at: split for at, word in enumerate(words) if (split := self._morphology.split(word))}
        numbers: dict[str, int] = {}
        which = [
            [numbers.setdefault(part, len(numbers)) if part else -1 for part in (split.part, split.other)]
            for split in splits.values()
        ]
        part, other = np.array(which, np.int64).reshape(-1, 2).T
        word = np.array([*splits], np.int64)
        share = np.array([split.share for split in splits.values()])
        productive = np.array([split.productive for split in splits.values()], bool)
        parts = self._read(Strings.of(numbers))
        one, two = np.flatnonzero(other < 0), np.flatnonzero(other >= 0)
        found = [
            self._of_one(parts, word[one], part[one], share[one], productive[one]),
            *self._of_two(parts, word[two], part[two], other[two], share[two]),
        ]
        rows = _Rows(*map(np.concatenate, zip(*found, strict=True)))
        rows = rows.some(np.argsort(rows.words, kind="stable"))
        totals = np.bincount(rows.words, rows.scores).take(rows.words)
        rated = totals > 0
        rows, scores = rows.some(rated), rows.scores[rated] * (1.0 / totals[rated])
        lemma = rows.left * len(parts.names) + rows.right
        first, sums = summed(rows.words, lemma, scores, self._cells.abbreviated_verb[rows.cells])
        made = Strings.of(
            split.before + parts.names[last] + split.after
            if not split.other
            else f"{parts.names[left]}-{parts.names[last]}"
            for split, left, last in zip(
                map(splits.__getitem__, rows.words[first].tolist()),
                rows.left[first].tolist(),
                rows.right[first].tolist(),
                strict=True,
            )
        )
        return Weights(rows.words[first], made, sums), np.flatnonzero(
            np.bincount(rows.words, minlength=len(words)) == 0
        )

    def _read(self, parts: Strings) -> _Parts:
        """The readings of the parts that are easy to read, with what they are estimated at."""
        known = self._lookup.find(parts)
        one = np.flatnonzero(known.spellings == 1)
        found = estimated(self._lookup.readings(known.nodes[one]), parts.some(one).tolist(), self._dictionary)
        others = np.flatnonzero(known.spellings == 0)
        others = others[[*map(self._is_plain, parts.some(others))]]
        guessed, odd = self._analogy.readings(parts.some(others))
        guessed = guessed.some(~np.isin(guessed.words, odd)).scaled()
        each = found.of(one), guessed.of(others)
        readings = Readings(*map(np.concatenate, zip(*each, strict=True)))
        readings = readings.some(np.argsort(readings.words, kind="stable"))
        folded = self._dictionary.folded_all(parts)
        names = Numbering()
        lemma, own = names.of(lemmas(readings, folded, self._cells)), names.of(folded)
        sizes = np.bincount(readings.words, minlength=len(parts))
        return _Parts(readings, np.cumsum(sizes) - sizes, sizes, lemma, own, names.strings.tolist())

    def _is_plain(self, part: str) -> bool:
        return len(part) <= LONGEST and self._morphology.is_plain(part) and not self._dictionary.has_chances(part)

    def _of_one(self, parts: _Parts, word: Array, part: Array, share: Array, productive: Array) -> _Rows:
        """Readings of words that have one part, by those of the part: псевдокошка, смотри-ка."""
        sizes = parts.sizes[part]
        of, row = np.repeat(np.arange(len(word)), sizes), ranges(parts.first[part], sizes)
        cells = parts.readings.cells[row]
        rows = _Rows(word[of], np.zeros_like(row), parts.lemmas[row], parts.readings.scores[row] * share[of], cells)
        return rows.some(~productive[of] | self._cells.productive[cells])

    def _of_two(self, parts: _Parts, word: Array, left: Array, right: Array, share: Array) -> tuple[_Rows, _Rows]:
        """Readings of words of two parts: where both change (человек-гора), where the last does (интернет-магазин)."""
        easy = np.flatnonzero((parts.sizes[left] > 0) & (parts.sizes[right] > 0))
        word, left, right, share = word[easy], left[easy], right[easy], share[easy]
        cells, scores = parts.readings.cells, parts.readings.scores
        features, woman = self._dictionary.features(cells), self._cells.woman[cells]
        many = parts.sizes[right]
        pairs = parts.sizes[left] * many
        of, at = np.repeat(np.arange(len(word)), pairs), ranges(np.zeros_like(pairs), pairs)
        one, other = parts.first[left][of] + at // many[of], parts.first[right][of] + at % many[of]
        same = np.flatnonzero(features[one] == features[other])
        of, one, other = of[same], one[same], other[same]
        both = _Rows(word[of], parts.lemmas[one], parts.lemmas[other], scores[one] * share[of], cells[one])
        # their lemmas are not normal forms, and which it is depends on both parts
        unread = np.bincount(of, woman[one] | woman[other], minlength=len(word)) > 0
        last, row = np.repeat(np.arange(len(word)), many), ranges(parts.first[right], many)
        alone = _Rows(word[last], parts.own[left][last], parts.lemmas[row], scores[row] * share[last], cells[row])
        return both.some(~unread[of]), alone.some(~unread[last])
