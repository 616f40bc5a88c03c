"""Posting lists → the sections of a file, run by run; `postings` says what they are and reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.hashing import ABSENT, MIXER, Table
from indexer.arrays import beginnings, edges, ranges
from indexer.segment import integers
from indexer.segment.files import SectionWriter
from indexer.segment.integers import DTYPES, STREAMS, encode
from indexer.segment.postings import BLOCK, LONG, SHARE, Places, Run

Array = NDArray[Any]

_SPOOLED = 8 << 20
# So many postings are written at once, if they are not of one list: more would not fit the cache of a processor.
_AT_ONCE = 1 << 16
_FEW = 512  # values are told sooner one by one than together
_SMALL = 1 << 16  # values below this have their codes in an array
_BLOCK_DTYPES = {"block.before": np.uint32, "block.over": np.uint32, "block.places": np.uint64}
_BOUND_DTYPES = {"block.most": np.float32, "block.least": np.float32}


class Codes:
    """The table of values, at least 1: value ↔ code. Code 0 is `common`; others get theirs as they are first seen."""

    def __init__(self, common: int) -> None:
        self.values = [common]
        self._codes = {common: 0}
        # of the first of the codes, for many values at once; by value of small ones, the last standing for all others
        self._told, self._small, self._table = 0, np.zeros(0, np.int32), Table(0)

    def encode(self, values: Array) -> Array:
        """The codes of some values, as uint32."""
        if len(values) < _FEW:
            given = values.tolist()
            seen = Counter([value for value in given if value not in self._codes])
            self._learn(sorted(seen, key=lambda value: (-seen[value], value)))
            return np.array([self._codes[value] for value in given], np.uint32)
        codes = self._found(values)
        missing = (codes < 0).nonzero()[0]
        if len(missing):
            ordered = np.sort(values.take(missing))
            first = beginnings(ordered)
            self._learn(ordered[first][np.argsort(-np.diff(first, append=len(ordered)), kind="stable")].tolist())
            codes[missing] = self._found(values.take(missing))
        return codes.view(np.uint32)

    def _learn(self, new: list[int]) -> None:
        """Give codes to new values, which come by how common they are, and then by size."""
        self._codes.update(zip(new, count(len(self.values)), strict=False))
        self.values += new

    def _found(self, values: Array) -> Array:
        """The codes of many values, ABSENT of those that have none."""
        if not self._told:
            self._small = np.full(_SMALL + 1, ABSENT, np.int32)
        if self._told < len(self.values):
            new = np.array(self.values[self._told :], np.uint64)
            codes = np.arange(self._told, len(self.values), dtype=np.int32)
            small = new < _SMALL
            self._small[new[small]] = codes[small]
            self._table.insert(new[~small] * MIXER, codes[~small])
            self._told = len(self.values)
        found = self._small.take(values.view(np.int64), mode="clip")
        others = (found < 0).nonzero()[0]
        found[others] = self._table.find(values.take(others) * MIXER)
        return found


class Streams:
    """Arrays that grow side by side: in memory while small, in temporary files beyond."""

    def __init__(self, dtypes: dict[str, Any]) -> None:
        self._dtypes = dtypes
        self._waiting: dict[str, bytearray] = {}  # what is in no file yet
        self._files: dict[str, Any] = {}
        self.totals = dict.fromkeys(dtypes, 0)

    def append(self, name: str, array: Array) -> None:
        """More of one of them."""
        if not len(array):
            return
        waiting = self._waiting.setdefault(name, bytearray())
        waiting += np.ascontiguousarray(array, self._dtypes[name]).data
        self.totals[name] += len(array)
        if len(waiting) >= _SPOOLED:
            if name not in self._files:
                self._files[name] = self._file()
            self._files[name].write(self._waiting.pop(name))

    def _file(self) -> Any:
        import tempfile  # only writing of much needs it

        file = tempfile.TemporaryFile()  # noqa: SIM115
        finalize(self, file.close)  # a writer that gives up half way leaves nothing open
        return file

    def write(self, target: SectionWriter, prefix: str) -> None:
        """All of them as sections of a file; they are gone then."""
        for name, dtype in self._dtypes.items():
            target.begin(prefix + name, dtype)
            if (file := self._files.get(name)) is not None:
                file.seek(0)
                while chunk := file.read(1 << 20):
                    target.append(chunk)
                file.close()
            if name in self._waiting:
                target.append(self._waiting.pop(name))


@cache
def _dtypes(*, coded: bool, placed: bool) -> dict[str, Any]:
    """The streams of lists with codes or without, with positions or without."""
    parts = ["doc", *(["code"] if coded else []), *(["high"] if placed else [])]
    dtypes: dict[str, Any] = {f"{part}.{name}": DTYPES[name] for part in parts for name in STREAMS}
    bounds = _BOUND_DTYPES if coded and not placed else {}
    return dtypes | _BLOCK_DTYPES | ({"low": np.uint8} if placed else {}) | bounds


class PostingsWriter:
    """Writes runs of lists into the sections of one file; `columns` of each run go into the lexicon."""

    def __init__(self, lengths: Array, common: int | None, *, places: bool = False) -> None:
        self._lengths = lengths  # of every document, in tokens
        self._long = lengths > LONG
        self._codes = None if common is None else Codes(common)
        self._bounded = common is not None and not places
        self._streams = Streams(_dtypes(coded=common is not None, placed=places))

    def append(self, run: Run) -> list[Array]:
        """Write a run of lists; the COLUMNS of each."""
        columns = [self._append(part) for part in _parts(run)]
        if len(columns) == 1:
            return columns[0]
        return [np.concatenate(column) for column in zip(*columns, strict=True)]

    def _append(self, run: Run) -> list[Array]:
        starts = run.sizes.cumsum() - run.sizes
        numbers = run.documents.astype(np.uint32, copy=False)
        gaps = numbers - np.uint32(1)
        gaps[1:] -= numbers[:-1]
        gaps[starts] = numbers[starts]
        cut = integers.pieces(run.sizes)
        documents = encode(gaps, run.sizes, cut)
        self._put("doc", documents)
        columns = [run.sizes, documents.modes, documents.exceptions]
        if self._codes is not None and run.values is not None:
            codes = encode(self._codes.encode(run.values), run.sizes, cut)
            self._put("code", codes)
            columns += [codes.modes, codes.exceptions]
        else:
            columns += [np.zeros(len(run.sizes), np.int64)] * 2
        places = None if run.places is None else edges(run.places.counts)  # where those of each posting begin
        columns += self._places(run, starts, places)
        if len(cut.first) > len(cut.lists):
            self._blocks(run, cut, documents, places)
        return columns

    def _put(self, part: str, encoded: integers.Encoded) -> None:
        for name, stream in encoded.streams.items():
            self._streams.append(f"{part}.{name}", stream)

    def _places(self, run: Run, starts: Array, first: Array | None) -> list[Array]:
        nothing = np.zeros(len(run.sizes), np.int64)
        if run.places is None or first is None:
            return [nothing] * 4
        counts, positions = run.places
        self._streams.append("low", positions.astype(np.uint8))
        places, long = first.take(starts + run.sizes) - first.take(starts), self._long.take(run.documents)
        if not long.any():
            return [nothing, nothing, places, nothing]
        many = np.add.reduceat(counts * long, starts)
        having = np.flatnonzero(many)
        modes, exceptions = nothing.copy(), nothing.copy()
        if len(having):
            chosen = np.flatnonzero(long)
            high = encode(positions.take(ranges(first.take(chosen), counts.take(chosen))) >> 8, many[having])
            self._put("high", high)
            modes[having], exceptions[having] = high.modes, high.exceptions
        return [modes, exceptions, places, many]

    def _blocks(self, run: Run, cut: integers.Pieces, documents: integers.Encoded, places: Array | None) -> None:
        """Rows for the blocks of lists longer than one."""
        several = (cut.many > 1).nonzero()[0]
        many = cut.many.take(several)
        of_list, chosen = several.repeat(many), ranges(cut.lists.take(several), many)
        first = cut.first.take(chosen)
        start = cut.first.take(cut.lists.take(of_list))
        self._streams.append("block.before", np.where(first > start, run.documents[first - 1], 0))
        self._streams.append("block.over", documents.before(chosen, of_list))
        if places is not None:
            self._streams.append("block.places", places[first] - places[start])
        if self._bounded and run.values is not None:
            mine = (cut.many > 1).repeat(run.sizes)  # long runs: a mask picks them sooner than places do
            starts = edges(np.minimum(start + run.sizes.take(of_list) - first, BLOCK))[:-1]
            values = run.values[mine]
            ratio = self._lengths.take(run.documents[mine]) / (values / SHARE)
            # rounded outwards, so that a bound stays one
            self._streams.append("block.most", np.maximum.reduceat(values, starts) / SHARE * (1 + 1e-6))
            self._streams.append("block.least", np.minimum.reduceat(ratio, starts) * (1 - 1e-6))

    def write(self, target: SectionWriter, prefix: str) -> None:
        """The streams and the table of values as sections of a file."""
        self._streams.write(target, prefix)
        if self._codes is not None:
            target.add(prefix + "values", np.array(self._codes.values, np.uint64))


def _parts(run: Run) -> Iterator[Run]:
    """The run in parts of about _AT_ONCE postings."""
    ends = run.sizes.cumsum()
    first = begin = place = 0
    while first < len(ends):
        last = max(first + 1, int(ends.searchsorted(begin + _AT_ONCE, "right")))
        end = int(ends[last - 1])
        values = None if run.values is None else run.values[begin:end]
        places = None
        if run.places is not None:
            counts = run.places.counts[begin:end]
            reached = place + int(counts.sum())
            places = Places(counts, run.places.positions[place:reached])
            place = reached
        yield Run(run.sizes[first:last], run.documents[begin:end], values, places)
        first, begin = last, end
