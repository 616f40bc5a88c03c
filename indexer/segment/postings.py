"""Posting lists as they are read: document numbers, what each document has of the term, and where.

A list has, for each of its documents in rising order,

- the document's number, as the gap to the one before it;
- a code for *what* the document has: for a form the number of places in the text, in the title, and of capitalised
  ones; for a lemma its expected frequency. The codes of a segment share one table, in which 0 is the commonest thing;
- of a form the positions, text before title: the low byte of each and, of documents longer than 256 tokens, the rest
  as a list of its own.

Numbers are written by `integers`. Of a list longer than a block of 128 documents every block has a row in a table:
the document before it, its exceptions and positions before it, and of lemmas what bounds the scores in it. `listing`
writes all this.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import ranges
from indexer.segment import integers
from indexer.segment.files import Sections
from indexer.segment.integers import MODES, STREAMS, decode_all

Array = NDArray[Any]

BLOCK = integers.PIECE
# P(lemma | form), and so the expected frequency of a lemma, is kept in these units.
SHARE = 10000
# Tokens from which the positions of a document are more than a byte.
LONG = 256

# Of every list, what a reader must know to find it: of each of its parts the mode and the number of exceptions, how
# many positions it has, and how many of them in long documents.
PARTS = ("doc", "code", "high")
COLUMNS = ("size", "doc_mode", "doc_over", "code_mode", "code_over", "high_mode", "high_over", "places", "long_places")
# What is added up from list to list: where the streams stand.
TOTALS = (*(f"{part}.{stream}" for part in PARTS for stream in STREAMS), "low", "block")


class Places(NamedTuple):
    """Positions of the postings of some lists: how many each posting has, and all of them, one after another."""

    counts: Array
    positions: Array


class Run(NamedTuple):
    """Some lists, one after another: sizes (one a list), documents and values (one a posting), places of forms."""

    sizes: Array
    documents: Array
    values: Array | None = None
    places: Places | None = None


class Scattered(NamedTuple):
    """Some lists from anywhere: COLUMNS; where each begins in its two streams of each of PARTS, and in positions."""

    columns: dict[str, Array]
    at: dict[str, tuple[Array, Array]]
    places: Array


class Postings(NamedTuple):
    """Some postings of lists of forms: list, document, places in text and title; positions, text before title."""

    lists: Array
    documents: Array
    text: Array
    title: Array
    positions: Array


NO_POSTINGS = Postings(*(np.zeros(0, np.int64) for _ in range(5)))
NO_BYTES = np.zeros(0, np.uint8)


class Lists:
    """Lists of one kind in an open segment; `at` is where streams stand before a list (TOTALS), `row` its COLUMNS."""

    def __init__(self, sections: Sections, prefix: str) -> None:
        self._sections = sections
        self._prefix = prefix
        self.values: Array | None = sections[prefix + "values"] if prefix + "values" in sections else None  # noqa: SIM401
        self.placed = prefix + "low" in sections

    def _stream(self, name: str) -> Array:
        return self._sections[self._prefix + name]

    def _numbers(self, part: str, size: int, at: dict[str, int], row: dict[str, int]) -> Array:
        if (number := row[f"{part}_mode"]) == integers.ZERO:
            return np.zeros(size, np.uint32)
        mode = MODES[number]
        low, high = f"{part}.{mode.low}", f"{part}.{mode.high}"
        taken = integers.elements(size, mode)
        return integers.decode(
            number,
            size,
            self._stream(low)[at[low] : at[low] + taken],
            self._stream(high)[at[high] : at[high] + row[f"{part}_over"]],
        )

    def documents(self, at: dict[str, int], row: dict[str, int]) -> Array:
        """The documents of a list, rising, as int64."""
        gaps = self._numbers("doc", row["size"], at, row)
        return gaps.cumsum(dtype=np.int64) + np.arange(len(gaps))

    def codes(self, at: dict[str, int], row: dict[str, int]) -> Array:
        """The code of each document of a list, as uint32."""
        return self._numbers("code", row["size"], at, row)

    def positions(self, at: dict[str, int], row: dict[str, int], counts: Array, lengths: Array) -> Array:
        """All positions of a list, as uint32; `counts` and `lengths` are those of its documents."""
        begin = at["low"]
        places: Array = self._stream("low")[begin : begin + row["places"]].astype(np.uint32)
        if row["long_places"]:
            places[np.repeat(lengths > LONG, counts)] |= self._numbers("high", row["long_places"], at, row) << 8
        return places

    def some(self, rows: Scattered, lengths: Array, within: Array | None) -> Postings:
        """Lists of forms from anywhere, at once; `within` tells of each document whether it is wanted, None of all."""
        sizes = rows.columns["size"]
        documents = numbered(self._decoded("doc", rows, sizes), sizes)
        kept = np.arange(len(documents)) if within is None else within[documents].nonzero()[0]
        if not len(kept) or self.values is None:
            return NO_POSTINGS
        values = self.values[self._decoded("code", rows, sizes)]
        counts = count(values)
        before = counts.cumsum() - counts
        starts = before + (rows.places - before[sizes.cumsum() - sizes]).repeat(sizes)
        here = counts[kept]
        positions = self._stream("low")[ranges(starts[kept], here)].astype(np.int64)
        if rows.columns["long_places"].any():
            long = lengths[documents] > LONG
            amounts = counts * long
            high = self._decoded("high", rows, rows.columns["long_places"])
            high = high[ranges((amounts.cumsum() - amounts)[kept], amounts[kept])]
            positions[long[kept].repeat(here)] |= high.astype(np.int64) << 8
        values = values[kept]
        of_list = np.arange(len(sizes)).repeat(sizes)[kept]
        return Postings(of_list, documents[kept], in_text(values), in_title(values), positions)

    def _decoded(self, part: str, rows: Scattered, sizes: Array) -> Array:
        """The numbers of one of PARTS of lists from anywhere."""
        modes, over = rows.columns[f"{part}_mode"], rows.columns[f"{part}_over"]
        streams = dict.fromkeys(STREAMS, NO_BYTES)
        for number in set(modes.tolist()) - {integers.ZERO}:
            mode, mine = MODES[number], modes == number
            low, high = (column[mine] for column in rows.at[part])
            streams[mode.low] = self._stream(f"{part}.{mode.low}")[ranges(low, integers.elements(sizes[mine], mode))]
            streams[mode.high] = self._stream(f"{part}.{mode.high}")[ranges(high, over[mine])]
        return decode_all(modes, sizes, streams)

    def part(self, name: str, begin: dict[str, int], end: dict[str, int]) -> dict[str, Array]:
        """The streams of one of PARTS between two places."""
        streams = dict.fromkeys(STREAMS, NO_BYTES)
        for one in STREAMS:
            first, last = begin[f"{name}.{one}"], end[f"{name}.{one}"]
            if first < last:
                streams[one] = self._stream(f"{name}.{one}")[first:last]
        return streams

    def run(
        self,
        columns: dict[str, Array],
        begin: dict[str, int],
        end: dict[str, int],
        lengths: Array,
        *,
        places: bool = True,
    ) -> Run:
        """Consecutive lists whole: their columns, where the streams stand before them and after."""
        sizes = columns["size"].astype(np.int64)
        documents = numbered(self._whole("doc", columns["doc_mode"], sizes, begin, end), sizes)
        if self.values is None:
            return Run(sizes, documents)
        values = self.values[self._whole("code", columns["code_mode"], sizes, begin, end)]
        if not (self.placed and places):
            return Run(sizes, documents, values)
        counts = count(values)
        found = self._stream("low")[begin["low"] : end["low"]].astype(np.uint32)
        long = columns["long_places"] > 0
        if long.any():
            high = self._whole("high", columns["high_mode"][long], columns["long_places"][long], begin, end)
            found[np.repeat(lengths[documents] > LONG, counts)] |= high << 8
        return Run(sizes, documents, values, Places(counts, found))

    def _whole(self, part: str, modes: Array, sizes: Array, begin: dict[str, int], end: dict[str, int]) -> Array:
        """The numbers of one of PARTS of consecutive lists."""
        if not modes.any():
            return np.zeros(int(sizes.sum()), np.uint32)
        return decode_all(modes, sizes, self.part(part, begin, end))


def numbered(gaps: Array, sizes: Array) -> Array:
    """The documents of some lists from the gaps between them, as int64."""
    starts = sizes.cumsum() - sizes
    running = gaps.cumsum(dtype=np.int64) + np.arange(len(gaps))
    documents: Array = running - (running - gaps)[starts].repeat(sizes)
    return documents


# What a place in the title counts in the expected frequency of a lemma, against one in the text.
TITLE = 2
# What a document has of a form, in one number: places in the text, in the title, capitalised ones.
_TEXT_BITS, _TITLE_BITS = 24, 16


def value(text: Array, title: Array, capitals: Array) -> Array:
    """The three counts in one number; text and capitals below 2²⁴, title below 2¹⁶."""
    return text.astype(np.uint64) | (title.astype(np.uint64) << _TEXT_BITS) | (capitals.astype(np.uint64) << 40)


def count(values: Array) -> Array:
    """Places in text and title together."""
    return in_text(values) + in_title(values)


def in_text(values: Array) -> Array:
    """Places in the text."""
    return (values & ((1 << _TEXT_BITS) - 1)).astype(np.int64)


def in_title(values: Array) -> Array:
    """Places in the title."""
    return ((values >> _TEXT_BITS) & ((1 << _TITLE_BITS) - 1)).astype(np.int64)


def frequencies(values: Array) -> Array:
    """What each posting of a form counts: places in the text and, twice, in the title."""
    counts: Array = in_text(values) + TITLE * in_title(values)
    return counts


def capitals(values: Array) -> Array:
    """Capitalised places."""
    return (values >> 40).astype(np.int64)
