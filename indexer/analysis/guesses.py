"""Words that a pymorphy3 dictionary does not have, read by analogy with those that it has.

The rules are pymorphy3's units, asked in their order until one answers (its documentation, «Prediction of unknown
words»): a particle after a hyphen, по-русски, two words joined by a hyphen, a known prefix; and at last any prefix
before a known word together with the words of the same ending.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from indexer.analysis.dictionary import Dictionary, Items, Reading, Tag
from indexer.analysis.paradigms import ADVERBIAL, Move

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

# Units of pymorphy3 give their readings these shares of the scores of what they are read by.
_PARTICLE = 0.9
ADVERB = 0.7
_HYPHENATED = 0.75
_KNOWN_PREFIX = 0.75
ANY_PREFIX = 0.5
ENDING = 0.5
# What is left without a prefix is as long as this at least; a prefix that is not known is not longer than that.
REST = 3
LONGEST_PREFIX = 5
SHORTEST_BY_ENDING = 4
_SHORTEST_ADVERB = 5

_Seen = set[tuple[str, int, object]]


class Split(NamedTuple):
    """A word and the part that it is read by, with what stands before and behind it in lemmas; or two parts.

    `share` is what its readings have of the scores of those of the (first) part; `productive`: of which only those
    count that new words may have; `adverb`: unless it is one, as the second part may tell.
    """

    share: float
    before: str
    part: str
    after: str = ""
    other: str = ""
    productive: bool = False
    adverb: bool = False


class Unread(Exception):
    """A word that only pymorphy3 itself can read: two names joined by a hyphen, one a patronymic of a woman."""


# A reading of words of one ending: the ending in the spelling of the dictionary, how a lemma is made, the tag, the
# paradigm and the score.
_Guess = tuple[str, Move, Tag, int, float]
_score = itemgetter(4)


class Morphology:
    """All that `MorphAnalyzer.parse` says of a word in small letters, known or not."""

    def __init__(self, analyzer: MorphAnalyzer, dictionary: Dictionary, adverbs: bool) -> None:
        """`adverbs`: whether the units have the one of по-русски, which is of Russian alone."""
        import pymorphy3.lang
        from pymorphy3.dawg import PrefixMatcher

        rules = getattr(pymorphy3.lang, analyzer.lang)
        self._dictionary = dictionary
        self._find = dictionary.find
        self._analyzer = analyzer
        self._substitutes = analyzer.char_substitutes
        self._particles = tuple(rules.PARTICLES_AFTER_HYPHEN)
        self._prefixes = PrefixMatcher(rules.KNOWN_PREFIXES).prefixes
        self._adverb_tag = dictionary.tag(analyzer.TagClass("ADVB")) if adverbs else None
        self._unknown_tag = dictionary.tag(analyzer.TagClass("UNKN"))
        data = analyzer.dictionary
        self._suffixes = data.prediction_suffixes_dawgs
        self.paradigm_prefixes: list[str] = list(data.paradigm_prefixes)
        # the longest first, the empty one last
        self._paradigm_prefixes: list[tuple[int, str]] = list(enumerate(self.paradigm_prefixes))[::-1]
        self._openings = tuple(prefix for _, prefix in self._paradigm_prefixes if prefix)
        self._only_empty = tuple(number for number, prefix in self._paradigm_prefixes if not prefix)
        options = data.meta.get("compile_options") or data.meta["prediction_options"]
        self.longest_suffix: int = options["max_suffix_length"]
        # The parts of words repeat; an answer is some 10 readings, 1.5 KB.
        self._part = lru_cache(maxsize=1 << 12)(self._parsed)
        self._guesses = lru_cache(maxsize=1 << 13)(self._guessed)

    def is_plain(self, word: str) -> bool:
        """Whether a word that the dictionary does not have is read by analogy alone."""
        left, hyphen, right = word.partition("-")
        if hyphen and (word.endswith(self._particles) or left == "по" or (left and right and "-" not in right)):
            return False
        return not self._prefixes(word)

    def split(self, word: str) -> list[Split]:
        """What a word that the dictionary does not have is read by, if the first unit that may apply tells it.

        Of several prefixes the readings by the longest one come first.
        """
        for particle in self._particles if word.endswith(self._particles) else ():
            if word.endswith(particle) and word != particle:
                return [Split(_PARTICLE, "", word[: -len(particle)], particle)]
        left, _, right = word.partition("-")
        adverb = bool(self._adverb_tag) and left == "по"
        if prefixes := self._prefixes(word):
            longest_first = sorted(prefixes, key=len, reverse=True) if not adverb else []
            return [
                Split(_KNOWN_PREFIX, self._dictionary.folded(prefix), word[len(prefix) :], productive=True)
                for prefix in longest_first
                if len(word) - len(prefix) >= REST
            ]
        if not left or not right or "-" in right:
            return []
        return [Split(_HYPHENATED, "", left, other=right, adverb=adverb and len(word) >= _SHORTEST_ADVERB)]

    def weights(self, word: str, items: Items) -> dict[str, float]:
        """Lemma → the sum of the scores of the readings of a word, given what the dictionary has of it."""
        found = self._dictionary.readings(items) if items else self._unknown(word)
        return self._dictionary.weights(word, found)

    def _parsed(self, word: str) -> list[Reading]:
        """The readings of a part of a word, in pymorphy3's order and with its scores."""
        items = self._find(word)
        found = self._dictionary.readings(items) if items else self._unknown(word)
        return self._dictionary.estimated(word, found)

    def _unknown(self, word: str) -> list[Reading]:
        found: list[Reading] = []
        if "-" in word:
            found = self._before_particle(word) or self._adverb(word) or self._hyphenated(word)
        found = found or self._after_known_prefix(word) or self._by_analogy(word)
        return found or [(word, self._unknown_tag, self._dictionary.folded(word), 1.0, None)]

    def _before_particle(self, word: str) -> list[Reading]:
        """смотри-ка: смотри."""
        for particle in self._particles if word.endswith(self._particles) else ():
            if word.endswith(particle) and word != particle:
                seen: _Seen = set()
                readings = self._part(word[: -len(particle)])
                return [
                    (form + particle, tag, lemma + particle, score * _PARTICLE, source)
                    for form, tag, lemma, score, source in readings
                    if _is_new(form, tag, source, seen)
                ]
        return []

    def _adverb(self, word: str) -> list[Reading]:
        """по-западному: an adverb, if the rest is a dative of an adjective."""
        if not self._adverb_tag or len(word) < _SHORTEST_ADVERB or not word.startswith("по-"):
            return []
        if not any(ADVERBIAL in tag for tag in self._analyzer.tag(word[3:])):
            return []
        return [(word, self._adverb_tag, self._dictionary.folded(word), ADVERB, None)]

    def _hyphenated(self, word: str) -> list[Reading]:
        """человек-гора, where both parts change, and интернет-магазин, where the last one does."""
        left, _, right = word.partition("-")
        if not left or not right or "-" in right or self._prefixes(word):
            return []
        found: list[Reading] = []
        lasts = [(reading, ("-", right, at)) for at, reading in enumerate(self._part(right))]
        for form, tag, lemma, score, _ in self._part(left):
            if tag.unknown:
                continue
            features = tag.features
            for last, source in lasts:
                if last[1].features is not features:
                    continue
                # Their lemmas are not normal forms, and which it is depends on both parts.
                if tag.woman or last[1].woman:
                    raise Unread
                found.append((f"{form}-{last[0]}", tag, f"{lemma}-{last[2]}", score * _HYPHENATED, source))
        first = self._dictionary.folded(left)
        for (form, tag, lemma, score, _), source in lasts:
            if not tag.unknown:
                found.append((f"{left}-{form}", tag, f"{first}-{lemma}", score * _HYPHENATED, source))
        return found

    def _after_known_prefix(self, word: str) -> list[Reading]:
        """псевдокошка: кошка."""
        prefixes: list[str] = self._prefixes(word)
        if not prefixes:
            return []
        found: list[Reading] = []
        seen: _Seen = set()
        for prefix in sorted(prefixes, key=len, reverse=True):
            rest = word[len(prefix) :]
            if len(rest) < REST:
                continue
            start = self._dictionary.folded(prefix)
            for form, tag, lemma, score, source in self._part(rest):
                if tag.productive and _is_new(prefix + form, tag, source, seen):
                    found.append((prefix + form, tag, start + lemma, score * _KNOWN_PREFIX, source))
        return found

    def _by_analogy(self, word: str) -> list[Reading]:
        """байткод: код, and the words in -ткод."""
        found: list[Reading] = []
        seen: _Seen = set()
        for cut in range(1, 1 + min(LONGEST_PREFIX, len(word) - REST)):
            if items := self._find(word[cut:]):
                found += self._after_any_prefix(word[:cut], items, seen)
        if len(word) >= SHORTEST_BY_ENDING:
            found += self._by_ending(word, seen)
        return found

    def _after_any_prefix(self, prefix: str, items: Items, seen: _Seen) -> list[Reading]:
        found: list[Reading] = []
        for rest, pairs in items:
            form = prefix + rest
            start, folded = self._dictionary.folded(prefix), self._dictionary.folded(rest)
            for number, index in pairs:
                (stem, before, after), tag = self._dictionary.cell(number, index)
                if tag.productive and (reading := (form, tag.kind, number)) not in seen:
                    seen.add(reading)
                    found.append((form, tag, start + before + folded[stem] + after, ANY_PREFIX, number))
        return found

    def _by_ending(self, word: str, seen: _Seen) -> list[Reading]:
        """бутявкать: the words in …вкать."""
        ending, start = word[-self.longest_suffix :], word[: -self.longest_suffix]
        numbers = self._only_empty
        if word.startswith(self._openings):
            numbers = tuple(number for number, prefix in self._paradigm_prefixes if word.startswith(prefix))
        folded = self._dictionary.folded
        plain = folded(word)
        found: list[Reading] = []
        for tail, (stem, before, after), tag, paradigm, score in self._guesses(ending, numbers):
            form, base = (word, plain) if tail == ending else (start + tail, folded(start + tail))
            if not seen or (form, tag.kind, paradigm) not in seen:
                found.append((form, tag, before + base[stem] + after, score, paradigm))
        return found

    def _guessed(self, ending: str, numbers: tuple[int, ...]) -> list[_Guess]:
        """The readings of the words of an ending, likeliest first, for paradigms of these prefixes (наи-, по-)."""
        found: list[_Guess] = []
        seen: _Seen = set()
        for number in numbers:
            for length in range(self.longest_suffix, 0, -1):
                total, guesses = self._analogues(number, ending, length, seen)
                found += guesses
                if total:
                    break
        found.sort(key=_score, reverse=True)
        return found

    def _analogues(self, number: int, ending: str, length: int, seen: _Seen) -> tuple[int, list[_Guess]]:
        """How many words have the last letters of the ending and a productive tag, and their readings not seen yet."""
        similar = self._suffixes[number].similar_items(ending[-length:], self._substitutes)
        total, new = 0, []
        for suffix, analogues in similar:
            tail = ending[:-length] + suffix
            for count, paradigm, index in analogues:
                move, tag = self._dictionary.cell(paradigm, index)
                if tag.productive:
                    total += count
                    if (reading := (tail, tag.kind, paradigm)) not in seen:
                        seen.add(reading)
                        new.append((tail, move, tag, paradigm, count))
        # pymorphy3 smooths the counts by starting from 1
        smoothed = total + 1
        return total, [
            (tail, move, tag, paradigm, count / smoothed * ENDING) for tail, move, tag, paradigm, count in new
        ]


def _is_new(form: str, tag: Tag, source: object, seen: _Seen) -> bool:
    """Whether no such reading was seen; now it is."""
    reading = form, tag.kind, source
    if reading in seen:
        return False
    seen.add(reading)
    return True
