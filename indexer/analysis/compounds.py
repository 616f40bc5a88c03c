"""Many words that are read by a part of them, or by two: `guesses`, where the parts are easy to read.

смотри-ка by смотри, псевдокошка by кошка, плащ-палатка by плащ and палатка. A part is easy to read if the dictionary
has it in one spelling, or if `analogy` reads it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indexer.analysis.analogy import LONGEST, Analogy
from indexer.analysis.automaton import Array, Words
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.guesses import ADVERB, Morphology, Split
from indexer.analysis.lookup import Lookup
from indexer.analysis.numbering import Numbering, first_seen
from indexer.analysis.readings import Readings, Weights, estimated, lemmas, summed
from indexer.analysis.strings import Strings
from indexer.arrays import ranges

# So many words at a time: they have not more parts than `analogy` takes.
MOST = 1 << 14


class _Parts(NamedTuple):
    """The readings of parts, part by part: where those of each begin, how many they are; their lemmas as numbers.

    `own` is the number of each part as it is written in lemmas; `nothing` says of which it is known that they have no
    readings, `adverbial` which may be behind по- in an adverb.
    """

    readings: Readings
    first: Array
    sizes: Array
    lemmas: Array
    own: Array
    nothing: Array
    adverbial: Array
    names: list[str]


class _Rows(NamedTuple):
    """Readings: the split, the lemma of its first part (0 where there is but one), of its last; score, cell."""

    splits: Array
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

    def weights(self, words: Strings) -> Weights:
        """The lemmas of at most MOST words; those that must be read elsewhere have none."""
        pairs = [(at, split) for at, word in enumerate(words) for split in self._morphology.split(word)]
        splits, owner = [split for _, split in pairs], np.array([at for at, _ in pairs], np.int64)
        parts, rows = self._rows(splits, owner)
        word = owner.take(rows.splits)
        totals = np.bincount(word, rows.scores, len(words)).take(word)
        rated = (totals > 0).nonzero()[0]
        rows, word, scores = rows.some(rated), word[rated], rows.scores[rated] * (1.0 / totals[rated])
        several = len(parts.names)
        at, which = first_seen(((rows.splits * several + rows.left) * several + rows.right).view(np.uint64))
        made = [
            f"{parts.names[left]}-{parts.names[last]}"
            if split.other
            else split.before + parts.names[last] + split.after
            for split, left, last in zip(
                map(splits.__getitem__, rows.splits[at].tolist()),
                rows.left[at].tolist(),
                rows.right[at].tolist(),
                strict=True,
            )
        ]
        names = Numbering()
        lemma = names.of(Strings.of(made)).take(which).astype(np.int64)
        first, sums = summed(word, lemma, scores, self._cells.abbreviated_verb[rows.cells])
        return Weights(word[first], lemma[first], sums, names.strings)

    def _rows(self, splits: list[Split], owner: Array) -> tuple[_Parts, _Rows]:
        """The parts of words and the readings by them, word by word; `owner` is the word that each split is of."""
        numbers: dict[str, int] = {}
        which = [
            [numbers.setdefault(part, len(numbers)) if part else -1 for part in (split.part, split.other)]
            for split in splits
        ]
        part, other = np.array(which, np.int64).reshape(-1, 2).T
        share = np.array([split.share for split in splits])
        productive, adverb = np.array([(split.productive, split.adverb) for split in splits], bool).reshape(-1, 2).T
        parts = self._read(Strings.of(numbers))
        # a word that is read by several parts is read here if all of them are
        unread = np.bincount(owner, (parts.sizes[part] == 0) & (other < 0)) > 0
        one = np.flatnonzero((other < 0) & ~unread[owner])
        adverb &= parts.adverbial[other]
        two, alone = np.flatnonzero((other >= 0) & ~adverb), np.flatnonzero(adverb)
        found = [
            self._of_one(parts, one, part[one], share[one], productive[one], owner),
            *self._of_two(parts, two, part[two], other[two], share[two]),
            _Rows(alone, parts.own[part[alone]], parts.own[other[alone]], np.full(len(alone), ADVERB), 0 * alone),
        ]
        rows = _Rows(*map(np.concatenate, zip(*found, strict=True)))
        return parts, rows.some(np.argsort(rows.splits, kind="stable"))

    def _read(self, parts: Strings) -> _Parts:
        """The readings of the parts that are easy to read, with what they are estimated at."""
        known = self._lookup.find(Words.of(parts))
        there = np.flatnonzero(known.spellings)
        found = estimated(self._lookup.readings(known, there), parts.some(there), self._dictionary)
        others = np.flatnonzero((known.spellings == 0) & ~self._dictionary.having_chances(parts))
        others = others[[*map(self._is_plain, parts.some(others))]]
        each = found.of(there), self._analogy.readings(parts.some(others)).scaled().of(others)
        readings = Readings(*map(np.concatenate, zip(*each, strict=True)))
        readings = readings.some(np.argsort(readings.words, kind="stable"))
        folded = self._dictionary.folded_all(parts)
        names = Numbering()
        lemma, own = names.of(lemmas(readings, folded, self._cells)), names.of(folded)
        sizes = np.bincount(readings.words, minlength=len(parts))
        nothing = np.zeros(len(parts), bool)
        nothing[others] = sizes[others] == 0
        adverbial = np.bincount(readings.words, self._cells.adverbial[readings.cells], len(parts)) > 0
        firsts = np.cumsum(sizes) - sizes
        return _Parts(readings, firsts, sizes, lemma, own, nothing, adverbial, names.strings.tolist())

    def _is_plain(self, part: str) -> bool:
        return len(part) <= LONGEST and self._morphology.is_plain(part)

    def _of_one(self, parts: _Parts, split: Array, part: Array, share: Array, productive: Array, owner: Array) -> _Rows:
        """Readings of words by one part, псевдокошка, смотри-ка, or by several, one after another: двух-, дву-."""
        sizes = parts.sizes[part]
        of, row = np.repeat(np.arange(len(split)), sizes), ranges(parts.first[part], sizes)
        cells = parts.readings.cells[row]
        kept = np.flatnonzero(~productive[of] | self._cells.productive[cells])
        of, row, cells = of[kept], row[kept], cells[kept]
        _, spelt = first_seen(parts.readings.swapped[row])
        key = (owner[split[of]] << 20 | spelt) << 13 | self._cells.kind[cells]
        new, _ = first_seen((key << 13 | self._cells.paradigm[cells]).view(np.uint64))
        of, row, cells = of[new], row[new], cells[new]
        return _Rows(split[of], np.zeros_like(row), parts.lemmas[row], parts.readings.scores[row] * share[of], cells)

    def _of_two(self, parts: _Parts, word: Array, left: Array, right: Array, share: Array) -> tuple[_Rows, _Rows]:
        """Readings of words of two parts: where both change (человек-гора), where the last does (интернет-магазин)."""
        easy = np.flatnonzero(((parts.sizes[left] > 0) | parts.nothing[left]) & (parts.sizes[right] > 0))
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
