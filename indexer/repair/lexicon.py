"""Which words an index has, and in how many documents: what repairs are chosen by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Protocol

from indexer.query.edits import Spellings
from indexer.query.keys import hashes, of_forms, of_lemmas
from indexer.repair.candidates import Candidate
from indexer.segment import terms
from indexer.segment.reader import Reader


class Lexicon(Protocol):
    """The words of an index, here or elsewhere."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its documents."""

    def known(self, readings: Iterable[tuple[str, float]]) -> list[Candidate]:
        """Those of some (word, cost) that are forms or lemmas of the index."""

    def near(self, key: str, spellings: Iterable[Spellings]) -> list[Candidate]:
        """Those of some spellings of a key that the index has, among those with its first letter."""

    def frequencies(self, keys: Sequence[str]) -> list[int]:
        """How many documents have a form or a lemma of each key, the more frequent of both; deleted ones may count."""

    def written(self, key: str) -> str | None:
        """A key in the spelling that most documents have; a lemma or two words as they are; None where none is left."""


class LocalLexicon:
    """The words of a local index."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.languages = reader.languages

    def known(self, readings: Iterable[tuple[str, float]]) -> list[Candidate]:
        """Those of some (word, cost) that are forms or lemmas of the index."""
        found = []
        by_letter = sorted((pair for pair in readings if pair[0]), key=lambda pair: pair[0][0])
        for letter, group in groupby(by_letter, key=lambda pair: pair[0][0]):
            pairs = list(group)
            hashed = hashes([word for word, _ in pairs])
            for keys in (of_forms(self._reader, letter), of_lemmas(self._reader, letter)):
                which, rows = keys.find(hashed)
                found += [
                    Candidate(pairs[at][0], pairs[at][1], float(keys.frequencies[row]))
                    for at, row in zip(which.tolist(), rows.tolist(), strict=True)
                ]
        return found

    def near(self, key: str, spellings: Iterable[Spellings]) -> list[Candidate]:
        """Those of some spellings of a key that the index has, among those with its first letter."""
        lexicons = of_forms(self._reader, key[0]), of_lemmas(self._reader, key[0])
        found = []
        for points, costs in spellings:
            same = points[:, 0] == ord(key[0])
            group = Spellings(points[same], costs[same])
            for keys in lexicons:
                which, rows = keys.find(group.hashes)
                found += [
                    Candidate(group.word(at), float(group.costs[at]), float(keys.frequencies[row]))
                    for at, row in zip(which.tolist(), rows.tolist(), strict=True)
                ]
        return found

    def frequencies(self, keys: Sequence[str]) -> list[int]:
        """How many documents have a form or a lemma of each key, the more frequent of both; deleted ones count."""
        return [self._frequency(key) for key in keys]

    def _frequency(self, key: str) -> int:
        forms = lemmas = 0
        for segment in self._reader.segments:
            of_key = segment.forms.beginning(terms.key_prefix(key))
            forms += int(segment.forms.sizes(of_key)[1].sum()) if of_key else 0
            rank = segment.lemmas.find(key)
            lemmas += 0 if rank is None else int(segment.lemmas.sizes(range(rank, rank + 1))[1][0])
        return max(forms, lemmas)

    def written(self, key: str) -> str | None:
        """A key in the spelling that most documents have; a lemma or two words as they are; None where none is left."""
        counts = {entry.form: len(self._reader.form(entry).documents) for entry in self._reader.entries(key)}
        if not counts:
            return key
        return min(counts, key=lambda form: (-counts[form], "ё" in form, form)) if any(counts.values()) else None
