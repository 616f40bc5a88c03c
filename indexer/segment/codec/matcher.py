"""Postings of one term as Whoosh steps through them, and our BM25 as a weighting model of Whoosh.

A matcher holds its whole list as arrays, without deleted documents: a list is decoded in one pass anyway, and Whoosh's
own filter for deleted documents may stop at one of them where blocks are skipped. Blocks are stretches of the list;
what bounds them is worked out from the list itself, so that the bounds are exact for every field and weighting.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Format
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.query.spans import Span
from whoosh.scoring import BaseScorer, WeightingModel, WeightScorer

from indexer import ranking

Array = NDArray[Any]

BLOCK = 128


class Postings:
    """The live documents of a term in one segment, rising; what each has of it; how long each is; and where."""

    def __init__(
        self, documents: Array, weights: Array, lengths: Array, places: Callable[[], tuple[Array, Array]] | None = None
    ) -> None:
        self.documents = documents
        self.weights = weights
        self._lengths = lengths  # of all documents of the segment
        self._places = places  # how many places each document has, and all of them

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def nbytes(self) -> int:
        """What it takes in memory, the list of numbers included."""
        return int(self.documents.nbytes * 6 + self.weights.nbytes)

    @cached_property
    def ids(self) -> list[int]:
        """The documents, as Whoosh steps through them one by one."""
        numbers: list[int] = self.documents.tolist()
        return numbers

    @cached_property
    def lengths(self) -> Array:
        """Tokens of each document, as float64."""
        return self._lengths[self.documents].astype(float)

    @cached_property
    def _positions(self) -> tuple[list[int], list[int]]:
        assert self._places is not None
        counts, positions = self._places()
        return [0, *np.cumsum(counts).tolist()], positions.tolist()

    def positions(self, at: int) -> list[int]:
        """Where the term stands in the document of a row."""
        ends, positions = self._positions
        return positions[ends[at] : ends[at + 1]]

    @cached_property
    def heaviest(self) -> list[float]:
        """The largest weight in each block."""
        return _by_block(np.maximum, self.weights)

    @cached_property
    def shortest(self) -> list[float]:
        """The smallest length in each block."""
        return _by_block(np.minimum, self.lengths)

    @cached_property
    def longest(self) -> list[float]:
        """The largest length in each block."""
        return _by_block(np.maximum, self.lengths)


def _by_block(largest: Any, numbers: Array) -> list[float]:
    bounds: list[float] = largest.reduceat(numbers, np.arange(0, len(numbers), BLOCK)).tolist()
    return bounds


class PostingsMatcher(LeafMatcher):
    """Whoosh's view of the postings of a term."""

    def __init__(
        self, postings: Postings, format_: Format, term: tuple[str, bytes], scorer: BaseScorer | None, at: int = 0
    ) -> None:
        self.postings = postings
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._ids = postings.ids
        self._at = at

    def copy(self) -> Self:
        """Another one at the same place."""
        return self.__class__(self.postings, self.format, self._term, self.scorer, self._at)

    # Where it stands

    def is_active(self) -> bool:
        """Whether it stands at a document."""
        return self._at < len(self._ids)

    def reset(self) -> None:
        """Back to the first document."""
        self._at = 0

    def id(self) -> int:
        """The document it stands at."""
        return self._ids[self._at]

    def next(self) -> bool:
        """To the next document; whether that is in another block."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % BLOCK == 0

    def skip_to(self, id: int) -> bool:
        """To the first document from here on that is not before the one given; whether that is in another block."""
        if not self.is_active():
            raise ReadTooFar
        before, self._at = self._at, bisect_left(self._ids, id, self._at)
        return before // BLOCK != self._at // BLOCK

    def skip_to_quality(self, minquality: float) -> int:
        """To the first block from here on that may score more; how many blocks were passed over."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = (self._at // BLOCK + 1) * BLOCK
            skipped += 1
        return skipped

    def all_ids(self) -> Iterator[int]:
        """Every document from here on."""
        return iter(self._ids[self._at :])

    # What the document has

    def weight(self) -> float:
        """How often the document has the term."""
        return float(self.postings.weights[self._at])

    def value(self) -> bytes:
        """The same as the field's format writes it."""
        data: bytes = self.format.encode(
            self.postings.positions(self._at) if self.supports("positions") else self.weight()
        )
        return data

    def value_as(self, astype: str) -> Any:
        """The same as "positions", "frequency" or "weight"."""
        if astype == "positions" and self.supports(astype):
            return self.postings.positions(self._at)
        return super().value_as(astype)

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """(document, value) from here on."""
        rest = self.copy()
        while rest.is_active():
            yield rest.id(), rest.value()
            rest.next()

    def spans(self) -> list[Span]:
        """The places of the document that it stands at."""
        return [Span(position) for position in self.value_as("positions")]

    # Scores, and what bounds them

    @cached_property
    def _scores(self) -> list[float] | None:
        return self.scorer.scores(self.postings) if isinstance(self.scorer, Bm25Scorer) else None

    @cached_property
    def _best(self) -> list[float] | None:
        return None if self._scores is None else _by_block(np.maximum, np.array(self._scores))

    def score(self) -> float:
        """The score of the document that it stands at."""
        return float(super().score()) if self._scores is None else self._scores[self._at]

    def supports_block_quality(self) -> bool:
        """Whether there are bounds."""
        return self.scorer is not None and bool(self.scorer.supports_block_quality())

    def block_quality(self) -> float:
        """What no document of the block exceeds."""
        return float(super().block_quality()) if self._best is None else self._best[self._at // BLOCK]

    def max_quality(self) -> float:
        """What no document exceeds."""
        return float(super().max_quality()) if self._best is None else max(self._best)

    def block_max_weight(self) -> float:
        """The largest weight in the block."""
        return self.postings.heaviest[self._at // BLOCK]

    def block_min_length(self) -> float:
        """The smallest length in the block."""
        return self.postings.shortest[self._at // BLOCK]

    def block_max_length(self) -> float:
        """The largest length in the block."""
        return self.postings.longest[self._at // BLOCK]

    def block_min_id(self) -> int:
        """The first document of the block."""
        return self._ids[self._at // BLOCK * BLOCK]

    def block_max_id(self) -> int:
        """The last document of the block."""
        return self._ids[min(len(self._ids), (self._at // BLOCK + 1) * BLOCK) - 1]


class Bm25(WeightingModel):
    """The BM25 of `ranking`: counts over the live documents of the whole index, title and text as one length."""

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        """How much it says that a document has the term."""
        whole = searcher.get_parent()
        return ranking.idf(whole.doc_count(), whole.doc_frequency(fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> BaseScorer:  # noqa: ARG002
        """Fields that are only filtered by score 1, as Whoosh has it."""
        if not searcher.schema[fieldname].scorable:
            return WeightScorer.for_(searcher, fieldname, text)
        whole = searcher.get_parent()
        average = max(1.0, whole.field_length(fieldname) / max(1, whole.doc_count()))
        return Bm25Scorer(self.idf(searcher, fieldname, text), average, searcher, fieldname, text)


class Bm25Scorer(BaseScorer):
    """The score of one term."""

    def __init__(self, idf: float, average: float, searcher: Any, fieldname: str, text: bytes) -> None:
        self._idf = idf
        self._average = average
        self._length: Callable[[int], int] = lambda number: searcher.doc_field_length(number, fieldname, 1)
        self._info: Callable[[], Any] = lambda: searcher.term_info(fieldname, text)

    def supports_block_quality(self) -> bool:
        """Whether there are bounds."""
        return True

    def _of(self, weight: float, length: float) -> float:
        return float(self._idf * ranking.saturation(weight, length, self._average))

    def scores(self, postings: Postings) -> list[float]:
        """The scores of all documents of a list."""
        scores: list[float] = (
            self._idf * ranking.saturation(postings.weights, postings.lengths, self._average)
        ).tolist()
        return scores

    def score(self, matcher: Any) -> float:
        """The score of the document that any matcher stands at."""
        return self._of(matcher.weight(), self._length(matcher.id()))

    def max_quality(self) -> float:
        """What no document exceeds; more frequent and shorter is never worth less, but for rounding."""
        info = self._info()
        return self._of(info.max_weight(), info.min_length()) * (1 + 1e-12)

    def block_quality(self, matcher: Any) -> float:
        """What no document of a matcher's block exceeds."""
        return self._of(matcher.block_max_weight(), matcher.block_min_length()) * (1 + 1e-12)
