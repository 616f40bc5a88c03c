"""The Whoosh query tree: leaves are documents with the scores that `ranking` gives them; And and Or combine them.

Nothing else of Whoosh's compounds is used: ANDNOT and AndMaybe give wrong answers (whoosh-community#419), so an
exclusion is a leaf of its own and an optional word is an Or under an And.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whoosh import matching
from whoosh.query import And, Or, Query

from indexer import ranking
from indexer.query.places import Mark, Places
from indexer.segment.reader import Reader


class Documents(Query):
    """Whoosh's query over a fixed set of documents with scores."""

    def __init__(self, scores: Mapping[int, float]) -> None:
        self._numbers = sorted(scores)
        self._scores = [scores[number] for number in self._numbers]

    def matcher(self, _searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        """A matcher over the whole index, not over one segment."""
        if not self._numbers:
            return matching.NullMatcher()
        return matching.ListMatcher(self._numbers, self._scores)


class AllOf(And):
    """Whoosh's And as a balanced tree: its own, ordered by size, is as deep as a pasted text has words."""

    def _matcher(self, subs: Sequence[Query], searcher: Any, context: Any) -> Any:
        return self._tree_matcher(subs, matching.IntersectionMatcher, searcher, context, None)


class AnyOf(Or):
    """Whoosh's Or as a balanced tree, whatever the number of branches and documents."""

    def _matcher(self, subs: Sequence[Query], searcher: Any, context: Any) -> Any:
        return self._tree_matcher(subs, matching.UnionMatcher, searcher, context, None)


def unscored(numbers: Iterable[int]) -> Documents:
    """Documents that pass, and gain nothing by it."""
    return Documents(dict.fromkeys(numbers, 0.0))


class Scored:
    """A leaf that stands in the index: its places, its document frequency, its BM25 in every document."""

    def __init__(self, places: Places, reader: Reader, words: int) -> None:
        self._places = places
        self.idf = ranking.idf(reader.documents, len(places))
        self._words = words
        self.scores = {number: self._score(number, reader) for number in places}

    def _score(self, number: int, reader: Reader) -> float:
        frequency = very_form = 0.0
        for field, here in self._places[number].items():
            boost = ranking.TITLE if field == "title" else 1.0
            best: dict[int, tuple[float, bool]] = {}  # a position counts once
            for place in here:
                best[place.position] = max(best.get(place.position, (0.0, False)), (place.weight, place.very_form))
            frequency += boost * sum(weight for weight, _ in best.values())
            very_form += boost * sum(typed for _, typed in best.values())
        length, average = reader.lengths[number], reader.average_length
        return ranking.score(self.idf, frequency, very_form, length, average, self._words)

    def marks(self, number: int) -> Iterable[tuple[str, Mark]]:
        """(field, mark) of everything that matched in a document."""
        for field, here in self._places.get(number, {}).items():
            for place in here:
                for mark in place.marks:
                    yield field, mark
