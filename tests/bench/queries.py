"""Queries by class, made from the corpus itself: the same corpus and seed give the same queries.

t1, t2, t3: words of one band of document frequency (of the stem); t5-mix: five of all bands; and2, and3: words of one
document; ph2, ph3: words that stand in a row; sent: a sentence as a question. Only plain Cyrillic words, in lower
case: no parser takes these for operators.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from random import Random

from rival import Item, Query
from Stemmer import Stemmer

# a word that is not part of a longer one with digits or hyphens; possessive, or else a shorter one would do
WORD = r"(?<![\w-])[А-Яа-яЁё]++(?![\w-])"
ROW = re.compile(rf"{WORD}(?: {WORD})++")
# shares of the documents that have the stem
BANDS = {"rare": (0.0, 0.002), "med": (0.005, 0.03), "com": (0.08, 1.01)}
ENOUGH = 12  # stems in a band; with fewer the stems are cut in thirds instead
SAMPLE = 20_000  # documents that frequencies are counted in: shares do not need more


class Lexicon:
    """Document frequencies of stems, and the forms in which they stand."""

    def __init__(self, items: Sequence[Item]) -> None:
        stem, stems = Stemmer("russian"), {}
        self.items = items[:: max(1, len(items) // SAMPLE)]
        self.frequency: Counter[str] = Counter()
        self.forms: dict[str, list[str]] = {}
        for item in self.items:
            here = dict.fromkeys(re.findall(WORD, item.full.lower()))
            for word in here.keys() - stems.keys():
                stems[word] = stem.stemWord(word)
            self.frequency.update({stems[word] for word in here})
        for word in sorted(stems):
            self.forms.setdefault(stems[word], []).append(word)

    @cached_property
    def bands(self) -> dict[str, list[str]]:
        """Band → stems."""
        ranked = sorted(self.frequency, key=lambda stem: (self.frequency[stem], stem))
        bands = {}
        for number, (name, (low, high)) in enumerate(BANDS.items()):
            least, most = max(2, low * len(self.items)), high * len(self.items)
            found = [stem for stem in ranked if least <= self.frequency[stem] < most]
            third = len(ranked) // 3
            bands[name] = found if len(found) >= ENOUGH else ranked[number * third : (number + 1) * third]
        return bands

    def pick(self, random: Random, band: str, count: int) -> list[str]:
        """Words of a band, in any of their forms."""
        return [random.choice(self.forms[stem]) for stem in random.sample(self.bands[band], count)]


def _band(band: str, count: int) -> Callable[[Lexicon, Random], Sequence[str]]:
    return lambda lexicon, random: lexicon.pick(random, band, count)


def _mix(lexicon: Lexicon, random: Random) -> Sequence[str]:
    words = lexicon.pick(random, "com", 1) + lexicon.pick(random, "med", 2) + lexicon.pick(random, "rare", 2)
    return random.sample(words, len(words))


def _together(count: int) -> Callable[[Lexicon, Random], Sequence[str]]:
    def make(lexicon: Lexicon, random: Random) -> Sequence[str]:
        words = sorted({word for word in re.findall(WORD, random.choice(lexicon.items).text.lower()) if len(word) > 3})
        return random.sample(words, count) if len(words) >= count else ()

    return make


def _row(count: int) -> Callable[[Lexicon, Random], Sequence[str]]:
    def make(lexicon: Lexicon, random: Random) -> Sequence[str]:
        rows = [row.split() for row in ROW.findall(random.choice(lexicon.items).text.lower())]
        rows = [row for row in rows if len(row) >= count]
        if not rows:
            return ()
        row = random.choice(rows)
        start = random.randrange(len(row) - count + 1)
        words = row[start : start + count]
        return words if any(len(word) > 3 for word in words) else ()

    return make


def _sentence(lexicon: Lexicon, random: Random) -> Sequence[str]:
    sentences = re.split(r"(?<=[.!?…])\s+", random.choice(lexicon.items).text.lower())
    words = re.findall(WORD, random.choice(sentences))
    return words if 6 <= len(words) <= 25 else ()


CLASSES: dict[str, Callable[[Lexicon, Random], Sequence[str]]] = {
    **{f"t{count}-{band}": _band(band, count) for count in (1, 2, 3) for band in BANDS},
    "t5-mix": _mix,
    "and2": _together(2),
    "and3": _together(3),
    "ph2": _row(2),
    "ph3": _row(3),
    "sent": _sentence,
}


def _distinct(kind: str, lexicon: Lexicon, random: Random) -> Iterator[Query]:
    """Queries of a class, none twice; ends when the corpus gives no more."""
    seen: set[tuple[str, ...]] = set()
    for _ in range(10_000):
        words = tuple(CLASSES[kind](lexicon, random))
        if words and words not in seen:
            seen.add(words)
            query = Query("", kind, words)
            yield query._replace(text=query.plain)


def make(items: Sequence[Item], each: int = 34, seed: int = 1) -> list[Query]:
    """`each` queries of every class; a class does not change with what is asked of the others."""
    lexicon = Lexicon(items)
    found: list[Query] = []
    for kind in CLASSES:
        queries = _distinct(kind, lexicon, Random(f"{seed} {kind}"))
        found += islice(queries, each)
    return found
