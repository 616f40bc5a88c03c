"""The lexicon of a segment: terms in order, in compressed pages, with what is known of each.

A page holds 256 consecutive terms and columns of numbers: where their posting lists lie (`postings.COLUMNS`), and for
each term its kin: of a form the lemmas that it may stand for, of a lemma its forms, with P(lemma | form) in
ten-thousandths. The first term of every page and where its posting streams stand are kept uncompressed, so that a
look-up decompresses one page. A term's number in the order is its rank; kin are ranks in the other lexicon.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from indexer import arrays
from indexer.analysis.strings import Strings
from indexer.arrays import beginnings, ranges
from indexer.segment import integers
from indexer.segment.cache import remembered
from indexer.segment.files import Sections, SectionWriter
from indexer.segment.integers import MODES, STREAMS
from indexer.segment.postings import BLOCK, COLUMNS, PARTS, SHARE, TOTALS, Lists, Run, Scattered

Array = NDArray[Any]

PAGE = 256
_CACHED = 256
_FEW = 4  # pages of a lexicon that are kept in any case
_LEVEL = 3
_LAST = b"\xff"  # behind everything that may be written
# What a number takes in the stream of its mode, as far as a stream is of bytes.
_BITS = np.array([0, *(min(mode.bits, 8) for mode in MODES.values())])


class Kin(NamedTuple):
    """For some terms: how many kin each has, then the rank and the share (1 … SHARE) of each, term by term."""

    counts: Array
    ranks: Array
    shares: Array

    def cut(self, first: int, last: int) -> Kin:
        """The kin of the terms first … last - 1."""
        begin, counts = int(self.counts[:first].sum()), self.counts[first:last]
        end = begin + int(counts.sum())
        return Kin(counts, self.ranks[begin:end], self.shares[begin:end])


NO_KIN = Kin(*(np.zeros(0, np.int64) for _ in range(3)))


def zigzag(numbers: Array, edges: Array) -> Array:
    """Steps between neighbours, small ones small whatever their sign: 0, -1, 1, -2 … → 0, 1, 2, 3 …

    The first of each page, from one edge to the next, is a step from 0.
    """
    steps: Array = numbers.astype(np.int64)
    steps[1:] -= numbers[:-1]
    first = edges[:-1][edges[:-1] < edges[1:]]
    steps[first] = numbers[first]
    folded: Array = (steps << 1) ^ (steps >> 63)
    return folded


def unzigzag(steps: Array) -> Array:
    """The numbers whose steps they were."""
    steps = steps.astype(np.int64)
    return ((steps >> 1) ^ -(steps & 1)).cumsum()


def _decompress(data: Any) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data)


def _line(term: str) -> bytes:
    """A term as it is written; what is no text may be asked for, but is never found."""
    return term.encode("utf-8", "surrogatepass")


class LexiconWriter:
    """Writes terms, in order, with the columns of their lists, page by page; `coded` says whether lists have codes."""

    def __init__(self, *, coded: bool) -> None:
        self._coded = coded
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._heads: list[str] = []
        self._reached = np.zeros(len(TOTALS), np.int64)
        self._pages: list[bytes] = []
        self.size = 0

    def append(self, terms: Strings, columns: Sequence[Array], kin: Kin | None = None) -> None:
        """More terms: a row of COLUMNS and some kin for each. All calls but the last bring a multiple of PAGE terms."""
        kin = kin or NO_KIN._replace(counts=np.zeros(len(terms), np.int64))
        edges = np.array([*range(0, len(terms), PAGE), len(terms)])
        kin_edges = arrays.edges(kin.counts).take(edges)
        reached = np.concatenate((self._reached[None], _taken(columns, edges, coded=self._coded))).cumsum(axis=0)
        self._reached = reached[-1]
        pages = integers.pack_pages(
            _texts(terms),
            [
                *((column, edges) for column in columns),
                (kin.counts, edges),
                (zigzag(kin.ranks, kin_edges), kin_edges),
                (kin.shares, kin_edges),
                (reached[:-1].ravel(), np.arange(len(edges)) * len(TOTALS)),
            ],
        )
        self._pages += map(self._compressor.compress, pages)
        self._heads += [terms[at] for at in range(0, len(terms), PAGE)]
        self.size += len(terms)

    def write(self, target: SectionWriter, prefix: str) -> None:
        """The pages and their directory as sections of a file."""
        target.add(prefix + "ends", np.array([*accumulate(map(len, self._pages))], np.uint64))
        target.add(prefix + "totals", self._reached.astype(np.uint64))
        target.add(prefix + "heads", np.frombuffer("\n".join(self._heads).encode(), np.uint8))
        target.add(prefix + "size", np.array([self.size], np.uint64))
        target.begin(prefix + "pages", np.uint8)
        for page in self._pages:
            target.append(page)


def _texts(terms: Strings) -> list[bytes]:
    """The terms of each page as they are written, with line breaks between them."""
    text, edges = terms.text, [*terms.starts[::PAGE].tolist(), len(terms.points)]
    return [text[begin : end - 1].encode() for begin, end in pairwise(edges)]


def _taken(columns: Sequence[Array], edges: Array, *, coded: bool) -> Array:
    """How far the lists between two edges go on in each stream of TOTALS: shape (len(edges) - 1, len(TOTALS))."""
    size, *parts, places, long_places = columns
    pages, groups = len(edges) - 1, len(_BITS)
    of_page = np.arange(pages).repeat(edges[1:] - edges[:-1])
    taken = np.zeros((pages, len(TOTALS)), np.int64)
    for number, of_part in enumerate((size, size, long_places) if coded else (size, None, long_places)):
        modes, exceptions = parts[2 * number : 2 * number + 2]
        if of_part is None or not modes.any():
            continue
        first, after = (len(STREAMS) * at for at in (number, number + 1))
        elements = -(-of_part.astype(np.int64) * _BITS.take(modes) // 8)
        for at, amounts in ((first, elements), (first + 1, exceptions)):
            sums = np.bincount(of_page * groups + modes, amounts, minlength=pages * groups)  # exact below 2⁵³
            taken[:, at:after:2] = sums.reshape(pages, groups)[:, 1:]
    if places.any():
        taken[:, -2] = np.bincount(of_page, places, minlength=pages)
    if (long := size > BLOCK).any():
        taken[:, -1] = np.bincount(of_page, -(-size.astype(np.int64) // BLOCK) * long, minlength=pages)
    return taken


class Page:
    """A page in memory: terms, and when they are asked for columns, where streams stand before it (TOTALS), and kin.

    Terms are looked up as they are written: the order of UTF-8 is that of the letters.
    """

    def __init__(self, data: bytes, *, coded: bool) -> None:
        self._data = data
        self._coded = coded
        self._sums: dict[tuple[str, int], tuple[Array, Array]] = {}

    @cached_property
    def lines(self) -> list[bytes]:
        """The terms as they are written."""
        return integers.first(self._data).split(b"\n")

    def having(self, piece: bytes) -> Iterator[bytes]:
        """Those of the lines in which something stands: it is looked for in all of them at once."""
        text = integers.first(self._data)
        at = text.find(piece)
        while at >= 0:
            end = text.find(b"\n", at)
            yield text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None]
            at = text.find(piece, end) if end >= 0 else -1

    @property
    def terms(self) -> list[str]:
        """All the terms."""
        return b"\n".join(self.lines).decode().split("\n")

    @cached_property
    def _numbers(self) -> list[Array]:
        return integers.unpack(self._data)[1:]

    @cached_property
    def columns(self) -> dict[str, Array]:
        """COLUMNS of the lists."""
        return dict(zip(COLUMNS, self._numbers, strict=False))

    @property
    def _before(self) -> Array:
        return self._numbers[-1]

    @cached_property
    def kin(self) -> Kin:
        """The kin of all terms."""
        counts, steps, shares, _ = self._numbers[len(COLUMNS) :]
        return Kin(counts, unzigzag(steps), shares)

    @cached_property
    def kin_at(self) -> Array:
        """Where the kin of each term begin, and those of the last end."""
        return arrays.edges(self.kin.counts)

    def before(self, slot: int) -> dict[str, int]:
        """Where the streams stand before the list of a term, or after the last one."""
        if not slot:
            return self._start
        columns = [self.columns[name][:slot] for name in COLUMNS]
        reached = self._before.astype(np.int64) + _taken(columns, np.array([0, slot]), coded=self._coded)[0]
        return dict(zip(TOTALS, reached.tolist(), strict=True))

    def row(self, slot: int) -> tuple[dict[str, int], dict[str, int]]:
        """Where the streams that hold a term's list stand before it, and its columns; no other streams."""
        row: dict[str, int] = {name: column.item(slot) for name, column in self.columns.items()}
        at = self._start.copy()
        for part in PARTS:
            if not (number := row[f"{part}_mode"]):
                continue
            mode, (low, high) = MODES[number], self._reached(part, number)
            at[f"{part}.{mode.low}"] += low.item(slot)
            at[f"{part}.{mode.high}"] += high.item(slot)
        if row["places"]:
            at["low"] += self._places.item(slot)
        return at, row

    def scattered(
        self, slots: Array, columns: dict[str, Array], at: dict[str, tuple[Array, Array]], places: Array
    ) -> None:
        """The same of several terms, into columns."""
        for name, column in columns.items():
            column[:] = self.columns[name][slots]
        for part, (lows, highs) in at.items():
            modes = columns[f"{part}_mode"]
            for number in set(modes.tolist()) - {integers.ZERO}:
                mine, mode, (low, high) = modes == number, MODES[number], self._reached(part, number)
                lows[mine] = low[slots[mine]] + self._start[f"{part}.{mode.low}"]
                highs[mine] = high[slots[mine]] + self._start[f"{part}.{mode.high}"]
        places[:] = self._places[slots] + self._start["low"]

    @cached_property
    def _start(self) -> dict[str, int]:
        return dict(zip(TOTALS, self._before.tolist(), strict=True))

    @cached_property
    def _places(self) -> Array:
        return _sums_before(self.columns["places"])

    def _reached(self, part: str, number: int) -> tuple[Array, Array]:
        """How far the lists of a mode go on in its two streams, from the page's beginning to before each term."""
        if (part, number) not in self._sums:
            mine = self.columns[f"{part}_mode"] == number
            sizes = self.columns["long_places" if part == "high" else "size"].astype(np.int64)
            taken = integers.elements(sizes, MODES[number]) * mine, self.columns[f"{part}_over"] * mine
            self._sums[part, number] = _sums_before(taken[0]), _sums_before(taken[1])
        return self._sums[part, number]

    def kin_of(self, slot: int) -> list[tuple[int, float]]:
        """(rank in the other lexicon, P) of a term's kin."""
        begin, end = self.kin_at[slot : slot + 2]
        pairs = zip(self.kin.ranks[begin:end].tolist(), self.kin.shares[begin:end].tolist(), strict=True)
        return [(rank, share / SHARE) for rank, share in pairs]


def _sums_before(amounts: Array) -> Array:
    """Of each number the sum of those before it."""
    return amounts.cumsum(dtype=np.int64) - amounts


class Rows(NamedTuple):
    """Consecutive lists: their terms, columns by name, and where the streams stand before them and after."""

    terms: list[str]
    columns: dict[str, Array]
    begin: dict[str, int]
    end: dict[str, int]


class Lexicon:
    """The terms of one kind in an open segment; `lists` are their postings."""

    def __init__(self, sections: Sections, prefix: str, lists: Lists) -> None:
        self._sections = sections
        self._prefix = prefix
        self.lists = lists

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        return int(self._sections[self._prefix + "size"][0])

    @cached_property
    def heads(self) -> list[bytes]:
        """The first term of every page, as it is written."""
        return self._sections[self._prefix + "heads"].tobytes().split(b"\n") if len(self) else []

    @cached_property
    def _ends(self) -> list[int]:
        return [0, *self._sections[self._prefix + "ends"].tolist()]

    @cached_property
    def page(self) -> Callable[[int], Page]:
        """A page by its number; the last ones are kept."""
        return remembered(self._page, _CACHED)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._ends) - 1

    @property
    def _totals(self) -> dict[str, int]:
        """How long all streams are."""
        return dict(zip(TOTALS, self._sections[self._prefix + "totals"].tolist(), strict=True))

    @property
    def postings(self) -> int:
        """How many postings all lists have together, or somewhat fewer."""
        last = self._totals
        return 4 * last["doc.b2"] + 2 * last["doc.b4"] + last["doc.b8"] + last["doc.b16"]

    def _page(self, number: int) -> Page:
        blob = self._sections[self._prefix + "pages"][self._ends[number] : self._ends[number + 1]]
        return Page(_decompress(blob.data), coded=self.lists.values is not None)

    def _passing(self, number: int) -> Page:
        """A page to be looked at once: where there are many, they are not kept."""
        return self.page(number) if self.pages <= _FEW else self._page(number)

    def find(self, term: str) -> int | None:
        """The rank of a term."""
        line = _line(term)
        if (number := bisect_right(self.heads, line) - 1) < 0:
            return None
        lines = self.page(number).lines
        slot = bisect_left(lines, line)
        return number * PAGE + slot if slot < len(lines) and lines[slot] == line else None

    def rank(self, term: str) -> int:
        """How many terms come before this one, which need not be there."""
        return self._rank(_line(term))

    def _rank(self, line: bytes) -> int:
        number = bisect_right(self.heads, line) - 1
        return 0 if number < 0 else number * PAGE + bisect_left(self.page(number).lines, line)

    def term(self, rank: int) -> str:
        """The term of a rank."""
        return self.page(rank // PAGE).lines[rank % PAGE].decode()

    def row(self, rank: int) -> tuple[dict[str, int], dict[str, int]]:
        """Where the streams stand before the list of a term, and its columns."""
        return self.page(rank // PAGE).row(rank % PAGE)

    def size(self, rank: int) -> int:
        """How many documents the term of a rank has."""
        return int(self.page(rank // PAGE).columns["size"][rank % PAGE])

    def scattered(self, ranks: Array) -> Scattered:
        """What is known of the lists of some rising ranks."""
        columns = {name: np.empty(len(ranks), np.int64) for name in COLUMNS}
        at = {part: (np.zeros(len(ranks), np.int64), np.zeros(len(ranks), np.int64)) for part in PARTS}
        places = np.empty(len(ranks), np.int64)
        pages = ranks // PAGE
        first = beginnings(pages)
        for begin, end in pairwise([*first.tolist(), len(ranks)]):
            number, here = int(pages[begin]), slice(begin, end)
            self.page(number).scattered(
                ranks[here] - number * PAGE,
                {name: column[here] for name, column in columns.items()},
                {part: (low[here], high[here]) for part, (low, high) in at.items()},
                places[here],
            )
        return Scattered(columns, at, places)

    def beginning(self, prefix: str) -> range:
        """The ranks of the terms that begin with a prefix."""
        line = _line(prefix)
        return range(self._rank(line), self._rank(line + _LAST))

    def terms(self, ranks: range) -> Iterator[str]:
        """The terms of consecutive ranks."""
        at = ranks.start
        while at < ranks.stop:
            lines = self.page(at // PAGE).lines
            yield from map(bytes.decode, lines[at % PAGE : at % PAGE + ranks.stop - at])
            at += PAGE - at % PAGE

    def having(self, prefix: str, piece: str) -> Iterator[str]:
        """The terms that begin with a prefix and have a piece, which is not empty, somewhere."""
        ranks, begins, wanted = self.beginning(prefix), _line(prefix), _line(piece)
        for number in range(ranks.start // PAGE, -(-ranks.stop // PAGE)) if ranks else ():
            for line in self._passing(number).having(wanted):
                if line.startswith(begins):
                    yield line.decode()

    def sizes(self, ranks: range) -> Array:
        """How many documents the terms of consecutive ranks have, each."""
        found = [np.zeros(0, np.int64)]
        for number in range(ranks.start // PAGE, -(-ranks.stop // PAGE)):
            page = self._passing(number)
            found.append(page.columns["size"][max(0, ranks.start - number * PAGE) : ranks.stop - number * PAGE])
        return np.concatenate(found)

    def all_kin(self) -> Kin:
        """The kin of all terms."""
        pages = [self._passing(number) for number in range(self.pages)]
        columns = zip(*((page.kin.counts, page.kin.ranks, page.kin.shares) for page in pages), strict=True)
        return Kin(*(np.concatenate(column).astype(np.int64) for column in columns)) if pages else NO_KIN

    def kin(self, rank: int) -> list[tuple[int, float]]:
        """(rank in the other lexicon, P) of a term's kin."""
        return self.page(rank // PAGE).kin_of(rank % PAGE)

    def kin_of(self, ranks: Array) -> Kin:
        """The kin of some terms, by their rising ranks."""
        found = [NO_KIN]
        edges = np.searchsorted(ranks, np.arange(self.pages + 1) * PAGE)
        for number in np.flatnonzero(np.diff(edges)).tolist():
            page = self._passing(number)
            slots = ranks[edges[number] : edges[number + 1]] - number * PAGE
            counts = page.kin.counts[slots].astype(np.int64)
            picked = ranges(page.kin_at[slots], counts)
            found.append(Kin(counts, page.kin.ranks[picked], page.kin.shares[picked]))
        return Kin(*map(np.concatenate, zip(*found, strict=True)))

    def lists_of(self, first: int, last: int, lengths: Array, *, places: bool = True) -> tuple[list[str], Run]:
        """The terms and the lists of the ranks first … last - 1; their places too, unless they are not wanted."""
        if first >= last:
            empty = np.zeros(0, np.int64)
            return [], Run(empty, empty)
        rows = self.rows(first, last)
        return rows.terms, self.lists.run(rows.columns, rows.begin, rows.end, lengths, places=places)

    def rows(self, first: int, last: int) -> Rows:
        """What is known of the lists of the ranks first … last - 1, of which there is one at least."""
        begin, end = first // PAGE, (last - 1) // PAGE
        pages = [self._passing(number) for number in range(begin, end + 1)]
        here = slice(first - begin * PAGE, last - begin * PAGE)
        lines = [line for page in pages for line in page.lines][here]
        columns = {name: _joined([page.columns[name] for page in pages])[here].astype(np.int64) for name in COLUMNS}
        stop = pages[-1].before(last - end * PAGE) if last < len(self) else self._totals
        return Rows(b"\n".join(lines).decode().split("\n"), columns, pages[0].before(here.start), stop)


def _joined(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
