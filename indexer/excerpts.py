"""The documents of a page of hits, read again: where the words of the query stand in them, down to the character.

A text of ordinary length is tokenised whole. Of a long one the posting lists tell the positions, and only the best
stretches are read and tokenised, each from the checkpoint before it: a passage of a book costs what one of a page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.batch import Tokens, tokenize_batch
from indexer.analysis.language import of_word
from indexer.query.places import Mark
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry
from indexer.snippets import Span, Stretch

Array = NDArray[Any]

# Tokens from which a text is long.
LONG = 2048
# Of a long text so many stretches are read, chosen by what stands within so many positions of a match, and so many
# characters around a match, so that sentences are whole.
_STRETCHES, _NEAR, _AROUND = 24, 40, 1500

Placed = tuple[Entry, int, int, int]  # entry, position, start, end


class Part(NamedTuple):
    """A part of a stored field that is tokenised: where it begins, by character and by position, and its text."""

    number: int
    field: str
    start: int
    position: int
    text: str


class Excerpts:
    """Some documents: heads, texts, and the places in them of wanted entries, each with the words it stands for."""

    def __init__(self, reader: Reader, numbers: Sequence[int], wanted: Mapping[Entry, Sequence[str]]) -> None:
        self.reader = reader
        self.heads: dict[int, Mapping[str, Any]] = {number: reader.head(number) for number in numbers}
        self._wanted = wanted
        self._long = {number for number in numbers if reader.words(number) > LONG}
        self._parts: dict[tuple[int, str], list[Part]] = {}
        for number, head in self.heads.items():
            if number not in self._long:
                self._parts[number, "text"] = [Part(number, "text", 0, 0, reader.text(number))]
            if head["title"] and not head["title_at"][1]:
                self._parts[number, "title"] = [Part(number, "title", 0, 0, head["title"])]
        self._tokens = _Read([part for parts in self._parts.values() for part in parts], reader)
        self._found = self._find()

    def _find(self) -> dict[tuple[int, str], list[Placed]]:
        """Stored field → the wanted entries in it: the tokens that have a wanted form are few, and taken one by one."""
        vocabulary = self.reader.vocabulary
        ids: dict[int, list[Entry]] = {}
        for entry in self._wanted:
            if (form := vocabulary.number(entry.form)) is not None:
                ids.setdefault(form, []).append(entry)
        spoken: dict[tuple[int, str], str] = {}
        found: dict[tuple[int, str], list[Placed]] = {}
        for form, width, position, start, end, part in self._tokens.rows(list(ids), len(vocabulary)):
            language = self.heads[part.number]["lang"] or "ru"
            if (own := spoken.get((form, language))) is None:
                own = spoken[form, language] = of_word(vocabulary.forms[form], language)
            for entry in ids[form]:
                if entry.width == width and entry.language == own:
                    found.setdefault((part.number, part.field), []).append((entry, position, start, end))
        return found

    @cached_property
    def _positions(self) -> dict[tuple[Entry, str], list[tuple[int, list[int]]]]:
        positions: dict[tuple[Entry, str], dict[int, list[int]]] = {}
        for (number, name), found in self._found.items():
            low, high = self.heads[number]["title_at"]
            for entry, position, start, _ in found:
                field = "title" if name == "title" or low <= start < high else "text"
                positions.setdefault((entry, field), {}).setdefault(number, []).append(position)
        for number in self._long:
            for entry in self._wanted:
                for field, here in self.reader.positions(entry, number):
                    if here and (field == "text" or self.heads[number]["title_at"][1]):
                        positions.setdefault((entry, field), {})[number] = here
        return {key: list(by_number.items()) for key, by_number in positions.items()}

    def positions(self, entry: Entry, field: str) -> Iterable[tuple[int, Sequence[int]]]:
        """(document number, positions) of an entry in a field."""
        return self._positions.get((entry, field), ())

    def all_marks(self, number: int) -> Iterator[tuple[str, Mark]]:
        """(field, mark) of every place of every wanted entry in a document."""
        for (entry, field), by_number in self._positions.items():
            for here, positions in by_number:
                if here == number:
                    for word in self._wanted[entry]:
                        yield from ((field, Mark(word, position, entry.width)) for position in positions)

    def all_spans(self, number: int, weights: Mapping[str, float]) -> dict[str, list[Span]]:
        """Stored field → character spans of all wanted entries, in order, none overlapping."""
        if number in self._long:
            return self.spans(number, self.all_marks(number), weights)
        return {
            name: _apart(
                Span(start, end, word)
                for entry, _, start, end in self._found.get((number, name), ())
                for word in self._wanted[entry]
            )
            for name in ("text", "title")
        }

    def spans(
        self, number: int, marks: Iterable[tuple[str, Mark]], weights: Mapping[str, float]
    ) -> dict[str, list[Span]]:
        """Stored field → character spans of the marks, in order, none overlapping; of two that do the longer stays.

        A title that stands in the text is a part of the text. Of a long text only the marks in its best stretches.
        """
        inside = self.heads[number]["title_at"][1]
        by_field: dict[str, list[Mark]] = {"text": [], "title": []}
        for field, mark in marks:
            by_field["text" if inside else field].append(mark)
        tokens = self._tokens
        if number in self._long:
            self._parts[number, "text"] = self._stretches(number, by_field["text"], weights)
            tokens = _Read([*self._parts[number, "text"], *self._parts.get((number, "title"), ())], self.reader)
        found: dict[str, list[Span]] = {}
        for name, here in by_field.items():
            parts = self._parts.get((number, name), [])
            found[name] = _apart({span for mark in here if (span := tokens.span(parts, mark))})
        return found

    def _stretches(self, number: int, marks: Sequence[Mark], weights: Mapping[str, float]) -> list[Part]:
        """The parts of a long text to read: each form at its first place, and where most of the query stands."""
        positions, offsets = self.reader.checkpoints(number)
        chars = self.reader.chars(number)
        first = {(mark.word, mark.width): mark.position for mark in sorted(marks, key=_position, reverse=True)}
        wanted = {*_best(marks, weights), *first.values()}
        wanted |= {here[0] for key in self._positions for at, here in self._positions[key] if at == number}
        edges: list[list[int]] = []
        for position in sorted(wanted):
            low = int(np.searchsorted(positions, position, "right")) - 1
            high = int(np.searchsorted(positions, position + _NEAR, "right"))
            end = int(offsets[high]) if high < len(offsets) else chars
            low = max(0, int(np.searchsorted(offsets, offsets[low] - _AROUND, "right")) - 1)
            high = int(np.searchsorted(offsets, end + _AROUND))
            if edges and low <= edges[-1][1]:
                edges[-1][1] = max(high, edges[-1][1])
            else:
                edges.append([low, high])
        if not edges:
            edges = [[0, int(np.searchsorted(offsets, _AROUND))]]
        ends = [*offsets.tolist(), chars]
        return [
            Part(
                number,
                "text",
                ends[low],
                int(positions[low]),
                self.reader.text(number, ends[low], ends[min(high, len(ends) - 1)]),
            )
            for low, high in edges
        ]

    def stretches(self, number: int, field: str) -> list[Stretch]:
        """What was read of a stored field."""
        return [Stretch(part.start, part.text) for part in self._parts.get((number, field), ())]


class _Read:
    """Parts of texts, tokenised together."""

    def __init__(self, parts: Sequence[Part], reader: Reader) -> None:
        self._parts = list(parts)
        self._number = {id(part): number for number, part in enumerate(self._parts)}
        self._tokens: Tokens = tokenize_batch([part.text for part in self._parts], reader.vocabulary)

    def rows(self, forms: list[int], size: int) -> Iterator[tuple[int, int, int, int, int, Part]]:
        """(form id, width, position, start, end, part) of the tokens of some forms, of a vocabulary of that size."""
        tokens = self._tokens
        mine = np.zeros(size, bool)
        mine[forms] = True
        single = mine[tokens.form].nonzero()[0]
        whole = mine[tokens.whole_form].nonzero()[0]
        at = np.concatenate((single, tokens.whole_token[whole]))
        of_part = tokens.first.searchsorted(at, "right") - 1
        return zip(
            np.concatenate((tokens.form[single], tokens.whole_form[whole])).tolist(),
            [1] * len(single) + tokens.whole_width[whole].tolist(),
            (at - tokens.first[of_part]).tolist(),
            np.concatenate((tokens.start[single], tokens.whole_start[whole])).tolist(),
            np.concatenate((tokens.end[single], tokens.whole_end[whole])).tolist(),
            [self._parts[number] for number in of_part.tolist()],
            strict=True,
        )

    def span(self, parts: Sequence[Part], mark: Mark) -> Span | None:
        """Where a mark stands in the stored field; None where that was not read."""
        for part in parts:
            number = self._number[id(part)]
            begin, end = int(self._tokens.first[number]), int(self._tokens.first[number + 1])
            at = begin + mark.position - part.position
            if begin <= at and at + mark.width <= end:
                start, stop = int(self._tokens.start[at]), int(self._tokens.end[at + mark.width - 1])
                return Span(part.start + start, part.start + stop, mark.word)
        return None


def _best(marks: Sequence[Mark], weights: Mapping[str, float]) -> list[int]:
    """The positions of marks that have most of the query, by idf, within a few words behind them."""
    words = sorted({mark.word for mark in marks})
    places = {word: np.unique([mark.position for mark in marks if mark.word == word]) for word in words}
    if not places:
        return []
    every = np.unique(np.concatenate(list(places.values())))
    worth = np.zeros(len(every))
    for word, here in places.items():
        near = np.searchsorted(here, every + _NEAR) > np.searchsorted(here, every)
        worth += near * max(weights.get(word, 0.0), 0.01)
    order = np.argsort(-worth, kind="stable")[:_STRETCHES]
    best: list[int] = every[order].tolist()
    return best


def _position(mark: Mark) -> int:
    return mark.position


def _apart(found: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=_order):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _order(span: Span) -> tuple[int, int, str]:
    return span.start, -span.end, span.word
