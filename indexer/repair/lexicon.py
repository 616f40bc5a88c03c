"""Which words an index has, and in how many documents: what repairs are chosen by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from indexer.analysis.strings import Strings
from indexer.query.edits import Spellings, Together
from indexer.query.known import known
from indexer.repair.candidates import Candidate
from indexer.segment.filter import hashes
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
        pairs = [pair for pair in readings if pair[0]]
        counts = self.frequencies([word for word, _ in pairs])
        return [Candidate(*pair, count) for pair, count in zip(pairs, counts, strict=True) if count]

    def near(self, key: str, spellings: Iterable[Spellings]) -> list[Candidate]:
        """Those of some spellings of a key that the index has, among those with its first letter."""
        same = ((group, group.points[:, 0] == ord(key[0])) for group in spellings)
        every = Together(Spellings(group.points[rows], group.costs[rows]) for group, rows in same)
        counts = known(every.hashes, every.word, self._reader)
        return [Candidate(every.word(at), every.cost(at), max(count)) for at, count in counts.items()]

    def frequencies(self, keys: Sequence[str]) -> list[int]:
        """How many documents have a form or a lemma of each key, the more frequent of both; deleted ones count."""
        counts = known(hashes(Strings.of(keys)), keys.__getitem__, self._reader)
        return [max(counts.get(number, (0,))) for number in range(len(keys))]

    def written(self, key: str) -> str | None:
        """A key in the spelling that most documents have; a lemma or two words as they are; None where none is left."""
        counts = {entry.form: len(self._reader.form(entry).documents) for entry in self._reader.entries(key)}
        if not counts:
            return key
        return min(counts, key=lambda form: (-counts[form], "ё" in form, form)) if any(counts.values()) else None
