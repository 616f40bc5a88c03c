"""Posting lists: document numbers, what each document has of the term, and where. Written in runs, read one by one.

A list has, for each of its documents in rising order,

- the document's number, as the gap to the one before it;
- a code for *what* the document has: for a form the number of places in the text, in the title, and of capitalised
  ones; for a lemma its expected frequency. The codes of a segment share one table, in which 0 is the commonest thing;
- of a form the positions, text before title: the low byte of each and, of documents longer than 256 tokens, the rest
  as a list of its own.

Numbers are written by `integers`. Of a list longer than a block of 128 documents every block has a row in a table:
the document before it, its exceptions and positions before it, and of lemmas what bounds the scores in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from indexer.segment import integers
from indexer.segment.files import Sections, SectionWriter
from indexer.segment.integers import DTYPES, MODES, STREAMS, decode_all, encode, ranges

Array = NDArray[Any]

BLOCK = 128
# P(lemma | form), and so the expected frequency of a lemma, is kept in these units.
SHARE = 10000
# Tokens from which the positions of a document are more than a byte.
LONG = 256
_SPOOLED = 8 << 20
_SMALL = 1 << 16

# Of every list, what a reader must know to find it: of each of its parts the mode and the number of exceptions, how
# many positions it has, and how many of them in long documents.
PARTS = ("doc", "code", "high")
COLUMNS = ("size", "doc_mode", "doc_over", "code_mode", "code_over", "high_mode", "high_over", "places", "long_places")
# What is added up from list to list: where the streams stand.
TOTALS = (*(f"{part}.{stream}" for part in PARTS for stream in STREAMS), "low", "block")
_BLOCK_DTYPES = {"block.before": np.uint32, "block.over": np.uint32, "block.places": np.uint64}
_BOUND_DTYPES = {"block.most": np.float32, "block.least": np.float32}


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


class Codes:
    """The table of values: value ↔ code. Code 0 is `common`; others get theirs as they are first seen."""

    def __init__(self, common: int) -> None:
        self.values = [common]
        self._small = np.full(_SMALL, -1, np.int64)
        self._large: dict[int, int] = {}
        self._learn([common], 0)

    def _learn(self, values: Iterable[int], first: int) -> None:
        for code, value in enumerate(values, first):
            if value < _SMALL:
                self._small[value] = code
            else:
                self._large[value] = code

    def encode(self, values: Array) -> Array:
        """The codes of some values, as uint32."""
        small = values < _SMALL
        codes: Array = np.full(len(values), -1, np.int64)
        codes[small] = self._small[values[small]]
        missing = np.flatnonzero(codes < 0)
        if len(missing):
            distinct, which, counts = np.unique(values[missing], return_inverse=True, return_counts=True)
            known = np.array([self._large.get(value, -1) for value in distinct.tolist()])
            new = np.flatnonzero(known < 0)
            new = new[np.argsort(-counts[new], kind="stable")]
            known[new] = np.arange(len(self.values), len(self.values) + len(new))
            fresh = distinct[new].tolist()
            self._learn(fresh, len(self.values))
            self.values += fresh
            codes[missing] = known[which]
        return codes.astype(np.uint32)


class Streams:
    """Arrays that grow side by side: in memory while small, in temporary files beyond."""

    def __init__(self, dtypes: dict[str, Any]) -> None:
        self._dtypes = dtypes
        import tempfile  # only writing needs it

        self._files = {name: tempfile.SpooledTemporaryFile(_SPOOLED) for name in dtypes}  # noqa: SIM115
        # a writer that gives up half way leaves nothing open
        self._close = finalize(self, _close, [*self._files.values()])
        self.totals = dict.fromkeys(dtypes, 0)

    def append(self, name: str, array: Array) -> None:
        """More of one of them."""
        self._files[name].write(np.ascontiguousarray(array, self._dtypes[name]).tobytes())
        self.totals[name] += len(array)

    def write(self, target: SectionWriter, prefix: str) -> None:
        """All of them as sections of a file; they are gone then."""
        for name, file in self._files.items():
            target.begin(prefix + name, self._dtypes[name])
            file.seek(0)
            while chunk := file.read(1 << 20):
                target.append(chunk)
        self._close()


def _close(files: Iterable[Any]) -> None:
    for file in files:
        file.close()


class PostingsWriter:
    """Writes runs of lists into the sections of one file; `columns` of each run go into the lexicon."""

    def __init__(self, lengths: Array, common: int | None, *, places: bool = False) -> None:
        self._lengths = lengths  # of every document, in tokens
        self._codes = None if common is None else Codes(common)
        self._bounded = common is not None and not places
        parts = ["doc", *(["code"] if common is not None else []), *(["high"] if places else [])]
        dtypes: dict[str, Any] = {f"{part}.{name}": DTYPES[name] for part in parts for name in STREAMS}
        dtypes |= _BLOCK_DTYPES | ({"low": np.uint8} if places else {}) | (_BOUND_DTYPES if self._bounded else {})
        self._streams = Streams(dtypes)

    def append(self, run: Run) -> list[Array]:
        """Write a run of lists; the COLUMNS of each."""
        starts = np.cumsum(run.sizes) - run.sizes
        gaps = np.diff(run.documents.astype(np.int64), prepend=-1) - 1
        gaps[starts] = run.documents[starts]
        documents = encode(gaps.astype(np.uint32), run.sizes)
        self._put("doc", documents)
        columns = [run.sizes, documents.modes, documents.exceptions]
        if self._codes is not None and run.values is not None:
            codes = encode(self._codes.encode(run.values), run.sizes)
            self._put("code", codes)
            columns += [codes.modes, codes.exceptions]
        else:
            columns += [np.zeros(len(run.sizes), np.int64)] * 2
        columns += self._places(run, starts)
        self._blocks(run, starts, gaps, documents)
        return columns

    def _put(self, part: str, encoded: integers.Encoded) -> None:
        for name, stream in encoded.streams.items():
            self._streams.append(f"{part}.{name}", stream)

    def _places(self, run: Run, starts: Array) -> list[Array]:
        nothing = np.zeros(len(run.sizes), np.int64)
        if run.places is None:
            return [nothing] * 4
        counts, positions = run.places
        self._streams.append("low", positions & 0xFF)
        places = np.add.reduceat(counts, starts, dtype=np.int64)
        long = self._lengths[run.documents] > LONG
        many = np.add.reduceat(counts * long, starts, dtype=np.int64)
        having = np.flatnonzero(many)
        modes, exceptions = nothing.copy(), nothing.copy()
        if len(having):
            high = encode(positions[np.repeat(long, counts)] >> 8, many[having])
            self._put("high", high)
            modes[having], exceptions[having] = high.modes, high.exceptions
        return [modes, exceptions, places, many]

    def _blocks(self, run: Run, starts: Array, gaps: Array, documents: integers.Encoded) -> None:
        """Rows for the blocks of lists longer than one."""
        many = np.where(run.sizes > BLOCK, -(-run.sizes // BLOCK), 0)
        if not many.any():
            return
        of_list = np.repeat(np.arange(len(many)), many)
        first = np.repeat(starts, many) + (np.arange(len(of_list)) - np.repeat(np.cumsum(many) - many, many)) * BLOCK
        lead = first > starts[of_list]
        self._streams.append("block.before", np.where(lead, run.documents[first - 1], 0))
        escape = np.array([0, *(mode.escape for mode in MODES.values())])[documents.modes][of_list]
        self._streams.append("block.over", exceptions_before(gaps, first, starts[of_list], escape))
        if run.places is not None:
            done = np.concatenate(([0], np.cumsum(run.places.counts)))
            self._streams.append("block.places", done[first] - done[starts[of_list]])
        if self._bounded and run.values is not None:
            last = np.minimum(first + BLOCK, (starts + run.sizes)[of_list])
            picked = ranges(first, last - first)
            edges = np.cumsum(last - first) - (last - first)
            values = run.values[picked] / SHARE
            ratio = self._lengths[run.documents[picked]] / values
            # rounded outwards, so that a bound stays one
            self._streams.append("block.most", np.maximum.reduceat(values, edges) * (1 + 1e-6))
            self._streams.append("block.least", np.minimum.reduceat(ratio, edges) * (1 - 1e-6))

    def write(self, target: SectionWriter, prefix: str) -> None:
        """The streams and the table of values as sections of a file."""
        self._streams.write(target, prefix)
        if self._codes is not None:
            target.add(prefix + "values", np.array(self._codes.values, np.uint64))


def exceptions_before(gaps: Array, first: Array, start: Array, escape: Array) -> Array:
    """How many exceptions there are in each list before each of its blocks."""
    done = np.zeros(len(first), np.int64)
    for mode in MODES.values():
        over = np.concatenate(([0], np.cumsum(gaps >= mode.escape)))
        mine = escape == mode.escape
        done[mine] = over[first[mine]] - over[start[mine]]
    return done


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
        return np.cumsum(gaps, dtype=np.int64) + np.arange(len(gaps))

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

    def part(self, name: str, begin: dict[str, int], end: dict[str, int]) -> dict[str, Array]:
        """The streams of one of PARTS between two places."""
        return {one: self._stream(f"{name}.{one}")[begin[f"{name}.{one}"] : end[f"{name}.{one}"]] for one in STREAMS}

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
        documents = numbered(decode_all(columns["doc_mode"], sizes, self.part("doc", begin, end)), sizes)
        if self.values is None:
            return Run(sizes, documents)
        values = self.values[decode_all(columns["code_mode"], sizes, self.part("code", begin, end))]
        if not (self.placed and places):
            return Run(sizes, documents, values)
        counts = count(values)
        found = self._stream("low")[begin["low"] : end["low"]].astype(np.uint32)
        long = columns["long_places"] > 0
        if long.any():
            high = decode_all(columns["high_mode"][long], columns["long_places"][long], self.part("high", begin, end))
            found[np.repeat(lengths[documents] > LONG, counts)] |= high << 8
        return Run(sizes, documents, values, Places(counts, found))


def numbered(gaps: Array, sizes: Array) -> Array:
    """The documents of some lists from the gaps between them, as int64."""
    starts = np.cumsum(sizes) - sizes
    running = np.cumsum(gaps, dtype=np.int64) + np.arange(len(gaps))
    documents: Array = running - np.repeat((running - gaps)[starts], sizes)
    return documents


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


def capitals(values: Array) -> Array:
    """Capitalised places."""
    return (values >> 40).astype(np.int64)
