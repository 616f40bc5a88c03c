"""The documents of a page of hits, read again: where the words of the query stand in them, down to the character.

A text of ordinary length is read whole. Of a long one the posting lists tell the positions, and only the best stretches
are read, each from the checkpoint before it: a passage of a book costs what one of a page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.language import of_word
from indexer.analysis.occurrences import occurrences
from indexer.analysis.sightings import Scanned, Sighted, Sighting, rows, scan, sightings, sought
from indexer.arrays import distinct
from indexer.query.expansion import expand_all
from indexer.query.places import Mark
from indexer.query.tree import Term
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry
from indexer.sentences import Sentences
from indexer.snippets import LEAST, Span, Stretch

Array = NDArray[Any]

# Tokens from which a text is long.
LONG = 8192
# Of a long text so many stretches are read, chosen by what stands within so many positions of a match, and so many
# characters around a match, so that sentences are whole.
_STRETCHES, _NEAR, _AROUND = 24, 40, 1500

# What a token may stand for: entries, each with a word of the query.
Meant = list[tuple[Entry, str]]
_language = lru_cache(maxsize=1 << 14)(of_word)


class Placed(NamedTuple):
    """A token that may stand for something wanted, in its stored field."""

    meant: Meant
    word: str  # the first of those that it stands for
    position: int
    width: int
    start: int
    end: int


class _Part:
    """A part of a stored field of a document, and what may be words in it, once that was asked."""

    __slots__ = ("field", "number", "scanned", "stretch")

    def __init__(self, number: int, field: str, stretch: Stretch) -> None:
        self.number, self.field, self.stretch = number, field, stretch
        self.scanned: Scanned | None = None


class _Whole:
    """What is read of a document whole: its title, where that stands apart, and its text, unless that is long."""

    def __init__(self, number: int, reader: Reader) -> None:
        head, words = reader.head(number), reader.lengths.item(number)
        self.head = head
        self.language = head["lang"] or "ru"
        self.long = words > LONG and reader.words(number) > LONG
        text = [] if self.long else [Stretch(0, reader.text(number), Sentences())]
        apart = head["title"] and not head["title_at"][1]
        title = [Stretch(0, head["title"], Sentences())] if apart else []
        self.stretches: Mapping[str, Sequence[Stretch]] = {"text": text, "title": title}
        self.parts = [_Part(number, "text", one) for one in text] + [_Part(number, "title", one) for one in title]
        self.nbytes = 2048 + 6 * sum([len(part.stretch.text) for part in self.parts])  # about, with what is told of it


class _Kin:
    """What may stand for a term, by form, and by form, width and language; and what that takes in memory, about."""

    def __init__(self, term: Term, reader: Reader) -> None:
        self.by_form: dict[str, Meant] = {}
        self.by_token: dict[tuple[str, int, str], Meant] = {}
        for entry in dict.fromkeys(expand_all(term, reader)):
            self.by_form.setdefault(entry.form, []).append((entry, term.text))
            self.by_token.setdefault((entry.form, entry.width, entry.language), []).append((entry, term.text))
        self.word = term.text
        self.sought = sought(self.by_form)
        self.nbytes = 600 * len(self.by_form)


class _Words(dict[tuple[str, int], tuple[Meant, str]]):
    """Form and width of a token in a document of some language → what it stands for, and the first of the words."""

    def __init__(self, kin: Sequence[_Kin], language: str) -> None:
        super().__init__()
        self._kin, self._language = kin, language

    def __missing__(self, token: tuple[str, int]) -> tuple[Meant, str]:
        form, width = token
        key = form, width, _language(form, self._language)
        meant: Meant = []
        first = ""
        for kin in self._kin:
            if key in kin.by_token:
                meant += kin.by_token[key]
                first = min(first, kin.word) if first else kin.word
        found = self[token] = meant, first
        return found


class Excerpts:
    """Some documents: heads, texts, and the places in them of what stands for some terms.

    Where not `counted`, positions need only tell what stands in a row.
    """

    def __init__(self, reader: Reader, numbers: Sequence[int], terms: Iterable[Term], *, counted: bool = True) -> None:
        self.reader = reader
        self._kin: list[_Kin] = [
            reader.worked_out.get(("kin", term), partial(_Kin, term, reader)) for term in dict.fromkeys(terms)
        ]
        found = [kin.sought for kin in self._kin if kin.sought]
        self._sought = found if len(found) == len(self._kin) else None  # None where all words must be read
        self._counted = counted
        self._whole: dict[int, _Whole] = {
            number: reader.texts.get(number, partial(_Whole, number, reader)) for number in numbers
        }
        self.heads = {number: whole.head for number, whole in self._whole.items()}
        self._stretches = {number: whole.stretches for number, whole in self._whole.items()}
        self._lists: dict[int, list[tuple[Entry, str, list[int]]]] = {}  # what `_listed` said
        self._words: dict[str, _Words] = {}  # by language

    def _parts(self) -> list[_Part]:
        """What is read of all documents."""
        return [part for whole in self._whole.values() for part in whole.parts]

    @cached_property
    def _seen(self) -> dict[int, dict[str, list[Span]]]:
        """Document → stored field → spans of everything wanted, in order, none overlapping."""
        parts = self._parts()
        seen: dict[int, dict[str, list[Span]]] = {number: {"text": [], "title": []} for number in self.heads}
        for at, tokens in self._sighted(parts):
            part = parts[at]
            words, after = self._meant(part.number), 0
            here = seen[part.number][part.field]
            for _, _, form, width, start, end, _, _, _ in tokens:
                if start >= after and (word := words[form, width][1]):
                    here.append((start, end, word))
                    after = end
        return seen

    def _sighted(self, parts: Sequence[_Part]) -> Iterable[Sighted]:
        """The tokens of wanted forms, part by part."""
        if self._sought is not None:
            return sightings(_scanned(parts), self._sought)
        found: dict[int, list[Sighting]] = {}
        for at, form, _, width, start, end in occurrences([part.stretch.text for part in parts], self._forms):
            found.setdefault(at, []).append((start, 0, form, width, start, end, 0, 1, end))
        return found.items()

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(form for kin in self._kin for form in kin.by_form)

    @cached_property
    def _found(self) -> dict[tuple[int, str], list[Placed]]:
        return self._find(self._parts(), counted=self._counted)

    def _find(self, parts: Sequence[_Part], *, counted: bool = True) -> dict[tuple[int, str], list[Placed]]:
        """Document and stored field → what of it is wanted, in order, a whole before its parts."""
        found: dict[tuple[int, str], list[Placed]] = {}
        if counted or self._sought is None:
            every = occurrences([part.stretch.text for part in parts], self._forms)
        else:
            every = rows(_scanned(parts), self._sought)
        for at, form, position, width, start, end in every:
            part = parts[at]
            meant, word = self._meant(part.number)[form, width]
            if meant:
                base, _, _, first = part.stretch
                here = found.setdefault((part.number, part.field), [])
                here.append(Placed(meant, word, first + position, width, base + start, base + end))
        return found

    def _meant(self, number: int) -> _Words:
        """What tokens of a document stand for."""
        language = self._whole[number].language
        if (words := self._words.get(language)) is None:
            words = self._words[language] = _Words(self._kin, language)
        return words

    @cached_property
    def _positions(self) -> dict[tuple[Entry, str], list[tuple[int, list[int]]]]:
        positions: dict[tuple[Entry, str], dict[int, list[int]]] = {}
        for (number, name), found in self._found.items():
            low, high = self.heads[number]["title_at"]
            for meant, _, position, _, start, _ in found:
                field = "title" if name == "title" or low <= start < high else "text"
                for entry in {entry for entry, _ in meant}:
                    positions.setdefault((entry, field), {}).setdefault(number, []).append(position)
        for number, whole in self._whole.items():
            for entry, field, here in self._listed(number) if whole.long else ():
                positions.setdefault((entry, field), {})[number] = here
        return {key: list(by_number.items()) for key, by_number in positions.items()}

    def _every(self) -> Iterator[tuple[Entry, str]]:
        """All entries that are wanted, each with a word that it may stand for."""
        return (pair for kin in self._kin for meant in kin.by_form.values() for pair in meant)

    def _listed(self, number: int) -> list[tuple[Entry, str, list[int]]]:
        """Where the posting lists say that what is wanted stands in a long text: entry, field, positions."""
        if number not in self._lists:
            titled = self.heads[number]["title_at"][1]
            self._lists[number] = [
                (entry, field, here)
                for entry in {entry for entry, _ in self._every()}
                for field, here in self.reader.positions(entry, number)
                if here and (field == "text" or titled)
            ]
        return self._lists[number]

    def positions(self, entry: Entry, field: str) -> Iterable[tuple[int, Sequence[int]]]:
        """(document number, positions) of an entry in a field."""
        return self._positions.get((entry, field), ())

    def all_spans(self, number: int, weights: Mapping[str, float]) -> dict[str, list[Span]]:
        """Stored field → character spans of everything wanted, in order, none overlapping."""
        if self._whole[number].long:
            return self.spans(number, self._all_marks(number), weights)
        return self._seen[number]

    def _all_marks(self, number: int) -> Iterator[tuple[str, Mark]]:
        """(field, mark) of every place of every wanted entry in a long document."""
        words: dict[Entry, list[str]] = {}
        for entry, word in self._every():
            words.setdefault(entry, []).append(word)
        for entry, field, here in self._listed(number):
            for word in words[entry]:
                yield from ((field, Mark(word, position, entry.width)) for position in here)
        for one in self._found.get((number, "title"), ()):
            yield from (("title", Mark(word, one.position, one.width)) for _, word in one.meant)

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
        found = self._found
        if self._whole[number].long:
            stretches = self._best_stretches(number, by_field["text"], weights)
            self._stretches[number] = {**self._stretches[number], "text": stretches}
            found = {**found, **self._find([_Part(number, "text", stretch) for stretch in stretches])}
        return {name: _apart(_spans(found.get((number, name), ()), here)) for name, here in by_field.items()}

    def _best_stretches(self, number: int, marks: Sequence[Mark], weights: Mapping[str, float]) -> list[Stretch]:
        """The parts of a long text to read: each form at its first place, and where most of the query stands."""
        positions, offsets = self.reader.checkpoints(number)
        chars = self.reader.chars(number)
        first = {(mark.word, mark.width): mark.position for mark in sorted(marks, key=_position, reverse=True)}
        wanted = {*_best(marks, weights), *first.values()}
        wanted |= {here[0] for _, _, here in self._listed(number)}
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
        texts = [self.reader.text(number, ends[low], ends[min(high, len(ends) - 1)]) for low, high in edges]
        return [
            Stretch(ends[low], text, Sentences(), int(positions[low]))
            for (low, _), text in zip(edges, texts, strict=True)
        ]

    def stretches(self, number: int) -> Mapping[str, Sequence[Stretch]]:
        """Stored field → what was read of it."""
        return self._stretches[number]


def _scanned(parts: Iterable[_Part]) -> list[Scanned]:
    """What may be words in each part; those new are looked at together."""
    fresh = [part for part in parts if part.scanned is None]
    for part, scanned in zip(fresh, scan([part.stretch.text for part in fresh]), strict=True):
        part.scanned = scanned
    return [part.scanned for part in parts if part.scanned]


def _spans(found: Iterable[Placed], marks: Iterable[Mark]) -> Iterator[Span]:
    """The marks by character, as far as that was read: a mark begins and ends with something wanted."""
    exact: dict[tuple[int, int], tuple[int, int]] = {}
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for _, _, position, width, start, end in found:
        exact[position, width] = start, end
        starts[position] = start
        ends[position + width] = end
    for word, position, width in marks:
        behind = position + width
        if (bounds := exact.get((position, width))) is not None:
            yield *bounds, word
        elif position in starts and behind in ends:
            yield starts[position], ends[behind], word


def _best(marks: Sequence[Mark], weights: Mapping[str, float]) -> list[int]:
    """The positions of marks that have most of the query, by idf, within a few words behind them."""
    words = sorted({mark.word for mark in marks})
    places = {word: distinct(np.array([mark.position for mark in marks if mark.word == word])) for word in words}
    if not places:
        return []
    every = distinct(np.concatenate(list(places.values())))
    worth = np.zeros(len(every))
    for word, here in places.items():
        near = np.searchsorted(here, every + _NEAR) > np.searchsorted(here, every)
        worth += near * weights.get(word, LEAST)
    order = np.argsort(-worth, kind="stable")[:_STRETCHES]
    best: list[int] = every[order].tolist()
    return best


def _position(mark: Mark) -> int:
    return mark.position


def _apart(found: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=_order):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _order(span: Span) -> tuple[int, int, str]:
    return span[0], -span[1], span[2]
