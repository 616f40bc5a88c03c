"""Some documents of a remote index as a segment here, so that our own code ranks, checks, marks and explains them.

What depends on the whole index (how many documents there are, how many have a word, which forms are surnames, the
languages) comes from `Statistics`, so that scores are those of a local index of all the documents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

from indexer.model import Document
from indexer.opensearch.counting import Counts
from indexer.opensearch.statistics import Statistics
from indexer.segment.builder import Builder, Lore
from indexer.segment.reader import Reader
from indexer.segment.record import prepare
from indexer.segment.segment import Segment
from indexer.segment.terms import Entry
from indexer.segment.toc import SegmentInfo

Array = NDArray[Any]
_MEMORY = 1 << 30  # that no number of candidates needs


class Candidates(Reader):
    """Documents by the order in which they were given, with the statistics of the index that they are from."""

    def __init__(self, segments: Sequence[Segment], statistics: Statistics, counts: Counts, lore: Lore) -> None:
        self._statistics = statistics
        self._counts = counts
        super().__init__(segments)
        self.documents = statistics.documents
        self.average_length = max(1.0, statistics.average_length)
        self.languages = statistics.languages
        self.vocabulary = lore.vocabulary

    def _entries(self, key: str) -> tuple[Entry, ...]:
        return tuple(sorted({*super()._entries(key), *self._statistics.names_of(key)}))

    def _capitalised(self, entry: Entry) -> float:
        return self._statistics.capitalised.get(entry, 0.0)

    def document_frequency(self, leaf: Hashable, having: Array) -> int:
        """How many documents of the remote index have a leaf: never fewer than are here."""
        return max(self._counts.leaf(leaf), len(having))

    def lemma_frequencies(self, lemmas: Sequence[str]) -> list[int]:
        """How many documents of the remote index have each of some lemmas."""
        return self._counts.lemmas(lemmas)

    def identity(self, number: int) -> str:
        """The id of a document."""
        return str(self.head(number)["id"])


@contextmanager
def candidates(
    documents: Sequence[Document], statistics: Statistics, counts: Counts, lore: Lore
) -> Iterator[Candidates]:
    """The documents as a reader, which is gone afterwards."""
    with TemporaryDirectory(prefix="indexer-", ignore_cleanup_errors=True) as folder:
        segments = [_segment(documents, Path(folder), lore)] if documents else []
        yield Candidates(segments, statistics, counts, lore)


def _segment(documents: Sequence[Document], folder: Path, lore: Lore) -> Segment:
    builder = Builder(folder, "s1", _MEMORY, lore, lasting=False)
    builder.add([prepare(document) for document in documents])
    built = builder.finish()
    files = {
        kind: (f"s1{'-0' * (kind == 'lexicon')}.{kind}", *fingerprint) for kind, fingerprint in built.files.items()
    }
    return Segment(folder, SegmentInfo("s1", built.documents, 0, built.tokens, files))
