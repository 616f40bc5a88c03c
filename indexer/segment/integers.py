"""Columns of small numbers: lists of them in the narrowest type with exceptions, and packed pages.

A list of numbers is kept in one of five modes, whichever takes fewest bytes: all zero (nothing is written), or 2, 4, 8
or 16 bits each, where the largest such number stands for the next exception, itself of 8, 8, 16 or 32 bits. The lists
of a mode lie one after another in the streams of that mode, each from a whole byte on, so that encoding and decoding
are passes over whole arrays and a list is a slice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import beginnings, ranges

Array = NDArray[Any]

ZERO = 0


class Mode(NamedTuple):
    """Bits of a number, streams of numbers and exceptions, the number from which on it is one, what none may reach."""

    bits: int
    low: str
    high: str
    escape: int
    limit: int


MODES = {
    1: Mode(2, "b2", "x2", 3, 1 << 8),
    2: Mode(4, "b4", "x4", 15, 1 << 8),
    3: Mode(8, "b8", "x8", 255, 1 << 16),
    4: Mode(16, "b16", "x16", 65535, 1 << 32),
}
DTYPES = {
    "b2": np.uint8, "x2": np.uint8, "b4": np.uint8, "x4": np.uint8, "b8": np.uint8, "x8": np.uint16, "b16": np.uint16,
    "x16": np.uint32,
}  # fmt: skip
STREAMS = tuple(DTYPES)
_NO_STREAMS: dict[str, Array] = {name: np.zeros(0, dtype) for name, dtype in DTYPES.items()}


# Numbers are counted in pieces of so many, so that eight counts of a piece fit one number of 64 bits.
PIECE = 128
# From each of these on: is it zero, does it fit two, four, eight, sixteen bits; and the limits of their exceptions.
_THRESHOLDS = (1, 3, 15, 255, 256, 65535, 65536)
_AT = {threshold: at for at, threshold in enumerate(_THRESHOLDS)}
# By mode, which of these counts the exceptions; of none one that is always zero.
_ESCAPED = np.array([7, *(_AT[mode.escape] for mode in MODES.values())])
_FORBIDDEN = 1 << 40  # more bytes than any list takes


class Pieces(NamedTuple):
    """Lists cut into pieces of PIECE numbers and a rest: where each begins; how many a list has, its first."""

    first: Array
    many: Array
    lists: Array


class Encoded(NamedTuple):
    """Lists as written: mode and number of exceptions of each list (shape L), and the streams.

    `passed` (shape P, 8) has for each of the thresholds how many numbers of each piece are not below it.
    """

    modes: Array
    exceptions: Array
    streams: dict[str, Array]
    passed: Array

    def before(self, some: Array, of_list: Array) -> Array:
        """How many exceptions there are in the list before some of the pieces, of each list all or none."""
        here = _over(self.passed, some, self.modes.take(of_list))
        done, first = np.cumsum(here) - here, beginnings(of_list)
        found: Array = done - np.repeat(done.take(first), np.diff(first, append=len(some)))
        return found


def pieces(sizes: Array) -> Pieces:
    """The pieces of lists of some sizes, at least one each."""
    many = (sizes + (PIECE - 1)) // PIECE
    lists, starts = many.cumsum() - many, sizes.cumsum() - sizes
    if len(sizes) and lists[-1] + many[-1] == len(sizes):
        return Pieces(starts, many, lists)
    first = np.repeat(starts - lists * PIECE, many)
    first += np.arange(len(first)) * PIECE
    return Pieces(first, many, lists)


def encode(values: Array, sizes: Array, cut: Pieces | None = None) -> Encoded:
    """Lists of unsigned numbers below 2³², one after another; `sizes` (shape L): how many each has, at least one."""
    cut = cut or pieces(sizes)
    largest = int(values.max(initial=0))
    if not largest:
        nothing = np.zeros(len(sizes), np.int64)
        return Encoded(nothing.astype(np.uint8), nothing, _NO_STREAMS, np.zeros((len(cut.first), 8), np.uint8))
    passed = np.add.reduceat(_counted().take(values, mode="clip"), cut.first).view(np.uint8).reshape(-1, 8)
    counts = _of_lists(passed, cut)
    # what each mode costs, times 8, and the mode: of those that cost the same the narrowest is the least
    best = (counts[:, 0] > 0) * _FORBIDDEN
    for number, mode in MODES.items():
        cost = sizes * mode.bits + 7 >> 3
        if mode.escape <= largest:
            cost += counts[:, _AT[mode.escape]] * np.dtype(DTYPES[mode.high]).itemsize
        if mode.limit <= largest:
            cost += (counts[:, _AT[mode.limit]] > 0) * _FORBIDDEN
        np.minimum(best, (cost << 3) + number, out=best)
        if mode.escape > largest:
            break  # without exceptions no wider mode takes less
    modes = (best & 7).astype(np.uint8)
    exceptions = _over(counts, np.arange(len(counts)), modes)
    return Encoded(modes, exceptions, _streams(values, sizes, modes), passed)


def _of_lists(passed: Array, cut: Pieces) -> Array:
    """What is counted of pieces, of whole lists, as int64."""
    counts: Array = passed.take(cut.lists, axis=0).astype(np.int64)
    if len(passed) == len(counts):
        return counts
    several = (cut.many > 1).nonzero()[0]
    many = cut.many.take(several)
    parts = passed.take(ranges(cut.lists.take(several), many), axis=0)
    counts[several] = np.add.reduceat(parts, many.cumsum() - many, axis=0, dtype=np.int64)
    return counts


def _over(counts: Array, some: Array, modes: Array) -> Array:
    """How many exceptions some pieces or lists have in their modes, as int64."""
    over: Array = counts.ravel().take(some * 8 + _ESCAPED.take(modes)).astype(np.int64)
    return over


@cache
def _counted() -> Array:
    """By a number, of which the last stands for all above: a byte for each threshold, 1 if it is passed."""
    counted = np.zeros(_THRESHOLDS[-1] + 1, np.uint64)
    for at, threshold in enumerate(_THRESHOLDS):
        counted[threshold:] += np.uint64(1 << 8 * at)
    return counted


def _streams(values: Array, sizes: Array, modes: Array) -> dict[str, Array]:
    of_value = modes.repeat(sizes)
    streams = dict(_NO_STREAMS)
    for number in np.bincount(modes).nonzero()[0].tolist():
        if number == ZERO:
            continue
        mode, mine = MODES[number], modes == number
        chosen = values[of_value == number]  # in long runs a mask is sooner than places
        low = np.minimum(chosen, mode.escape).astype(DTYPES[mode.low])
        streams[mode.low] = low if mode.bits >= 8 else _squeezed(low, sizes[mine], mode.bits)
        streams[mode.high] = chosen.take((chosen >= mode.escape).nonzero()[0]).astype(DTYPES[mode.high])
    return streams


def elements(sizes: Any, mode: Mode) -> Any:
    """How many elements of its stream lists of some sizes take, a number or an array."""
    return sizes if mode.bits >= 8 else -(-sizes * mode.bits // 8)


# By bits, a factor whose product with a group of numbers, a byte each, has them side by side in its highest byte.
_JOINING = {2: np.uint32(1 << 24 | 1 << 18 | 1 << 12 | 1 << 6), 4: np.uint16(1 << 8 | 1 << 4)}


def _squeezed(values: Array, sizes: Array, bits: int) -> Array:
    """Numbers of less than a byte, several in one, the first in the lowest bits; every list from a new byte on."""
    per = 8 // bits
    runs, kinds = np.empty(2 * len(sizes), np.int64), np.zeros(2 * len(sizes), bool)
    runs[::2], runs[1::2], kinds[::2] = sizes, -sizes % per, True
    filled = kinds.repeat(runs)
    spread = np.zeros(len(filled), np.uint8)
    spread[filled] = values
    groups: Array = spread.view(f"<u{per}") * _JOINING[bits]
    return groups.view(np.uint8)[per - 1 :: per]


@cache
def _spread(bits: int) -> Array:
    """[256, 8 / bits] the numbers in each byte."""
    numbers = np.arange(256)[:, None] >> (np.arange(8 // bits) * bits)
    return (numbers & ((1 << bits) - 1)).astype(np.uint8)


def decode(number: int, size: int, low: Array, high: Array) -> Array:
    """One list of a mode other than ZERO from its slices of the two streams; as uint32."""
    mode = MODES[number]
    if mode.bits < 8:
        low = _spread(mode.bits)[low].ravel()[:size]
    values: Array = low.astype(np.uint32)
    if len(high):
        values[(low == mode.escape).nonzero()[0]] = high
    return values


def decode_all(modes: Array, sizes: Array, streams: Mapping[str, Array]) -> Array:
    """All lists at once, one after another: the inverse of `encode`."""
    of_value = modes.repeat(sizes)
    values = np.zeros(len(of_value), np.uint32)
    for number, mode in MODES.items():
        low = streams[mode.low]
        if not len(low):
            continue
        if mode.bits < 8:
            per = 8 // mode.bits
            mine = sizes[modes == number]
            padded = -(-mine // per) * per
            low = _spread(mode.bits)[low].ravel()[ranges(padded.cumsum() - padded, mine)]
        decoded = low.astype(np.uint32)
        decoded[low == mode.escape] = streams[mode.high]
        values[of_value == number] = decoded
    return values


# Bytes of a column, by those of the largest number in it.
_WIDTHS = (1, 1, 2, 4, 4, 8, 8, 8, 8)


def pack(columns: Sequence[Array]) -> bytes:
    """Columns of unsigned numbers, each in its narrowest type: (type, length) of each, then the data."""
    head = bytearray([len(columns)])
    body = []
    for column in columns:
        largest = int(np.maximum.reduce(column)) if len(column) else 0
        width = _WIDTHS[largest.bit_length() + 7 >> 3]
        head += bytes([width]) + len(column).to_bytes(4, "little")
        body.append(column.astype(f"<u{width}").tobytes())
    return bytes(head) + b"".join(body)


def pack_pages(texts: Sequence[bytes], columns: Sequence[tuple[Array, Array]]) -> list[bytes]:
    """`pack` of every page: of its text and the columns of all pages, each with the edges of the pages in it."""
    if len(texts) == 1:
        return [pack([np.frombuffer(texts[0], np.uint8), *(column for column, _ in columns)])]
    head = np.empty((len(texts), 1 + len(columns)), [("width", "u1"), ("size", "<u4")])
    head["width"][:, 0], head["size"][:, 0] = 1, [*map(len, texts)]
    bodies: list[Sequence[bytes | memoryview]] = [texts]
    for number, (column, edges) in enumerate(columns, 1):
        sizes = np.diff(edges)
        largest = np.zeros(len(sizes), np.uint64)
        filled = np.flatnonzero(sizes)
        if len(filled):
            largest[filled] = np.maximum.reduceat(column, edges[filled])
        widths = 1 << np.searchsorted([1 << 8, 1 << 16, 1 << 32], largest, side="right")
        head["width"][:, number], head["size"][:, number] = widths, sizes
        whole = {width: column.astype(f"<u{width}").view(np.uint8).data for width in set(widths.tolist())}
        cuts = zip(widths.tolist(), (edges[:-1] * widths).tolist(), (edges[1:] * widths).tolist(), strict=True)
        bodies.append([whole[width][first:last] for width, first, last in cuts])
    pages = zip(head, zip(*bodies, strict=True), strict=True)
    return [b"".join((bytes([1 + len(columns)]), row.tobytes(), *body)) for row, body in pages]


def unpack(data: bytes | memoryview) -> list[Array]:
    """The columns that `pack` wrote; views of the data."""
    count, at = data[0], 1 + 5 * data[0]
    columns = []
    for number in range(count):
        width = data[1 + 5 * number]
        size = int.from_bytes(data[2 + 5 * number : 6 + 5 * number], "little")
        columns.append(np.frombuffer(data, f"<u{width}", size, at))
        at += width * size
    return columns


def first(data: bytes) -> bytes:
    """The first of the columns that `pack` wrote, which is of bytes."""
    begin = 1 + 5 * data[0]
    return data[begin : begin + int.from_bytes(data[2:6], "little")]
