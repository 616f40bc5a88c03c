"""What a pymorphy3 dictionary says of a form, read from its automata without building Parse objects.

A dictionary holds for each form the pairs (paradigm, index) that it may be. A paradigm is a list of (prefix, tag,
suffix), the word's dictionary form first; so a pair alone tells how a form turns into its lemma and what its tag is
(Korobov 2015, «Morphological Analyzer and Generator for Russian and Ukrainian Languages», 2). The results are those
of `MorphAnalyzer.parse` to the last bit; its arithmetic is repeated in its order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.automaton import Automaton, Words
from indexer.analysis.paradigms import Move, Paradigms
from indexer.analysis.strings import Strings

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.tagset import OpencorporaTag

Pair = tuple[int, int]  # paradigm, index in it
Items = Sequence[tuple[str, Sequence[Pair]]]  # a form as the dictionary spells it, what it may be


class Tag:
    """What is asked of a tag, each told once. Compared by identity, which is faster than by grammemes."""

    __slots__ = ("abbreviated_verb", "features", "kind", "productive", "text", "unknown", "woman")

    def __init__(self, tag: OpencorporaTag, kind: int, features: frozenset[str], mended: bool) -> None:
        self.text = str(tag)
        self.kind = kind  # equal for equal tags, which may be written differently
        self.features = features  # what the parts of человек-гора must have in common
        self.productive: bool = tag.is_productive()
        self.unknown: bool = tag.POS is None
        self.abbreviated_verb = mended and {"VERB", "Abbr"} <= tag.grammemes
        self.woman = mended and {"Patr", "femn"} <= tag.grammemes


# One parse: the form, its tag, its lemma, the score, and what tells parses of one form and tag apart (the paradigm).
Reading = tuple[str, Tag, str, float, object]


class Dictionary:
    """The known words of an analyzer."""

    def __init__(self, analyzer: MorphAnalyzer, fold: tuple[str, str] | None = None, mended: bool = False) -> None:
        """`fold`: a letter of lemmas and what it is written as.

        `mended`: an abbreviated verb is no reading of what may be something else («см» is centimetres far more often
        than the cut-off «смотри» that the dictionary puts first), and a woman's patronymic is not a man's (Ивановне →
        ивановна, not иванович).
        """
        self.analyzer = analyzer
        self._data = analyzer.dictionary
        self._get = self._data.words.get
        self._similar = self._data.words.similar_items
        self._substitutes = analyzer.char_substitutes
        # е may stand for ё: only words with such a letter need the slower look-up
        ((loose, ((_, meant),)),) = self._substitutes.items()
        self.swap: tuple[str, str] = (loose.decode(), meant)
        self._loose = self.swap[0]
        self._fold = fold
        self._mended = mended
        estimator = analyzer.prob_estimator
        self._chances = estimator.p_t_given_w if estimator else None
        self._tags: dict[str, Tag] = {}
        self._kinds: dict[OpencorporaTag, int] = {}
        self._features_met: dict[frozenset[str], frozenset[str]] = {}
        known = self._data.Tag
        self._compared = known.PARTS_OF_SPEECH | known.NUMBERS | known.CASES | known.PERSONS | known.TENSES
        self.cells = Paradigms(self._data, fold, mended)
        self._first: list[int] = self.cells.first.tolist()
        self._facts: list[Tag | None] = [None] * len(self._data.gramtab)  # by the number of a tag, told when it is met

    @property
    def path(self) -> str:
        """The folder of its files."""
        return str(self._data.path)

    def find(self, form: str) -> Items:
        """The form in all spellings that the dictionary has, with what each may be; empty if it has none."""
        if self._loose in form:
            found: Items = self._similar(form, self._substitutes)
            return found
        pairs = self._get(form)
        return ((form, pairs),) if pairs else ()

    def has(self, form: str) -> bool:
        """Whether it has the form, in whatever spelling."""
        if self._loose in form:
            return bool(self._data.words.similar_keys(form, self._substitutes))
        return form in self._data.words

    def headwords(self, form: str) -> Iterator[frozenset[str]]:
        """The grammemes of each word of which this is the dictionary form, in whatever spelling."""
        for _, pairs in self.find(form):
            for paradigm, index in pairs:
                if not index:
                    _, tag = self.cell(paradigm, index)
                    yield frozenset(tag.text.replace(" ", ",").split(","))

    def only_lemma(self, items: Items) -> str | None:
        """The lemma, if all the readings have the same for a reason that needs no look at their weights."""
        if len(items) != 1:
            return None
        form, pairs = items[0]
        move_of = self.cells.move.item
        moves = {move_of(self._first[paradigm] + index) for paradigm, index in pairs}
        if len(moves) != 1:
            return None
        stem, before, after = self.cells.moves[moves.pop()]
        return before + self.folded(form)[stem] + after

    def readings(self, items: Items) -> list[Reading]:
        """All the readings, in pymorphy3's order; each scores 1 until it is estimated."""
        found: list[Reading] = []
        for form, pairs in items:
            folded = self.folded(form)
            for paradigm, index in pairs:
                (stem, before, after), tag = self.cell(paradigm, index)
                found.append((form, tag, before + folded[stem] + after, 1.0, paradigm))
        return found

    def estimated(self, form: str, readings: list[Reading]) -> list[Reading]:
        """The readings with P(tag | form) for scores, by falling P; where it is not known, with scores that sum to 1.

        What `ProbabilityEstimator.apply_to_parses` does; a dictionary without probabilities leaves them as they are.
        """
        if self._chances is None:
            return readings
        if chances := self.chances(form):
            scores = [chances.get(reading[1].text, 0.0) for reading in readings]
            if sum(scores):
                again = [(*reading[:3], score, reading[4]) for reading, score in zip(readings, scores, strict=True)]
                return sorted(again, key=lambda reading: reading[3], reverse=True)
        scale = 1.0 / sum([reading[3] for reading in readings])
        return [(spelt, tag, lemma, score * scale, source) for spelt, tag, lemma, score, source in readings]

    def weights(self, form: str, readings: list[Reading]) -> dict[str, float]:
        """Lemma → the sum of the scores of its readings, once estimated."""
        scale = 1.0
        if self._chances is not None:
            if self.has_chances(form):
                readings = self.estimated(form, readings)
            else:
                scale = 1.0 / sum([reading[3] for reading in readings])
        if self._mended:
            readings = [reading for reading in readings if not reading[1].abbreviated_verb] or readings
        found: dict[str, float] = {}
        for _, _, lemma, score, _ in readings:
            found[lemma] = found.get(lemma, 0.0) + score * scale
        return found

    @property
    def rated(self) -> bool:
        """Whether it has probabilities."""
        return self._chances is not None

    def has_chances(self, form: str) -> bool:
        """Whether it has probabilities for the readings of a form."""
        return self._chances is not None and bool(self._chances.items(form + ":"))

    def having_chances(self, forms: Strings) -> NDArray[np.bool_]:
        """Which of some forms it has probabilities for."""
        found = np.zeros(len(forms), np.bool_)
        if self._chances is not None:
            found[self._rated.find(Words.of(forms)).words] = True
        return found

    @cached_property
    def _rated(self) -> Automaton:
        """The forms with their tags behind a colon, and no values."""
        return Automaton(Path(self.path) / "p_t_given_w.intdawg", 0, ord(":"))

    def chances(self, form: str) -> dict[str, float]:
        """P(tag | form) by tag; empty where it has no probabilities for the form."""
        if self._chances is None or not (found := self._chances.items(form + ":")):
            return {}
        multiplier, tag = self._chances.MULTIPLIER, len(form) + 1
        return {key[tag:]: chance / multiplier for key, chance in found}

    def tags(self, cells: NDArray[np.int32]) -> list[str]:
        """The tags of some cells."""
        tags = self._data.gramtab
        return [str(tags[number]) for number in self.cells.tag[cells].tolist()]

    def features(self, cells: NDArray[np.int32]) -> NDArray[np.int64]:
        """A number for what `Tag.features` says of the tags of some cells."""
        found: NDArray[np.int64] = self._features_of_tags[self.cells.tag[cells]]
        return found

    @cached_property
    def _features_of_tags(self) -> NDArray[np.int64]:
        numbers: dict[frozenset[str], int] = {}
        return np.array([numbers.setdefault(self._features(tag), len(numbers)) for tag in self._data.gramtab])

    def folded(self, text: str) -> str:
        """Text as it is written in lemmas."""
        return text.replace(*self._fold) if self._fold else text

    def folded_all(self, forms: Strings) -> Strings:
        """Forms as they are written in lemmas."""
        return forms.replaced(*self._fold) if self._fold else forms

    def tag(self, tag: OpencorporaTag) -> Tag:
        """The facts of a tag; the same object each time. A dictionary has some 5,000 tags."""
        text = str(tag)
        if text not in self._tags:
            kind = self._kinds.setdefault(tag, len(self._kinds))
            self._tags[text] = Tag(tag, kind, self._features(tag), self._mended)
        return self._tags[text]

    def cell(self, paradigm: int, index: int) -> tuple[Move, Tag]:
        """How a form of a paradigm becomes its lemma, and its tag."""
        at = self._first[paradigm] + index
        number = self.cells.tag.item(at)
        if (tag := self._facts[number]) is None:
            tag = self._facts[number] = self.tag(self._data.gramtab[number])
        return self.cells.moves[self.cells.move.item(at)], tag

    def _features(self, tag: OpencorporaTag) -> frozenset[str]:
        """What `HyphenatedWordsAnalyzer` wants both parts of a word to share; equal ones are one object."""
        same = {"gen1": "gent", "loc1": "loct"}
        features = frozenset(same.get(grammeme, grammeme) for grammeme in tag.grammemes & self._compared)
        return self._features_met.setdefault(features, features)
