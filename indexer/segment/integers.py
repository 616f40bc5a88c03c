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


class Encoded(NamedTuple):
    """Lists as written: mode and number of exceptions of each list (shape L), and the streams."""

    modes: Array
    exceptions: Array
    streams: dict[str, Array]


def encode(values: Array, sizes: Array) -> Encoded:
    """Lists of unsigned numbers below 2³², one after another; `sizes` (shape L): how many each has, at least one."""
    starts = np.cumsum(sizes) - sizes
    largest = np.maximum.reduceat(values, starts)
    costs, overs = [np.where(largest == 0, 0, np.iinfo(np.int64).max)], [np.zeros(len(sizes), np.int64)]
    for mode in MODES.values():
        over = np.add.reduceat(values >= mode.escape, starts, dtype=np.int64)
        cost = -(-sizes * mode.bits // 8) + over * np.dtype(DTYPES[mode.high]).itemsize
        costs.append(np.where(largest < mode.limit, cost, np.iinfo(np.int64).max))
        overs.append(over)
    modes = np.argmin(np.stack(costs), axis=0)
    of_value = np.repeat(modes.astype(np.uint8), sizes)
    streams = {}
    for number, mode in MODES.items():
        chosen = values[of_value == number]
        low = np.minimum(chosen, mode.escape).astype(DTYPES[mode.low])
        streams[mode.low] = low if mode.bits >= 8 else _squeezed(low, sizes[modes == number], mode.bits)
        streams[mode.high] = chosen[chosen >= mode.escape].astype(DTYPES[mode.high])
    return Encoded(modes, np.stack(overs)[modes, np.arange(len(modes))], streams)


def lengths(modes: Array, sizes: Array, exceptions: Array) -> dict[str, Array]:
    """How many elements of each stream each list takes."""
    taken = {}
    for number, mode in MODES.items():
        mine = modes == number
        taken[mode.low] = np.where(mine, elements(sizes, mode), 0)
        taken[mode.high] = np.where(mine, exceptions, 0)
    return taken


def elements(sizes: Any, mode: Mode) -> Any:
    """How many elements of its stream lists of some sizes take, a number or an array."""
    return sizes if mode.bits >= 8 else -(-sizes * mode.bits // 8)


def _squeezed(values: Array, sizes: Array, bits: int) -> Array:
    """Numbers of less than a byte, several in one, the first in the lowest bits; every list from a new byte on."""
    per = 8 // bits
    padded = -(-sizes // per) * per
    spread = np.zeros(int(padded.sum()), np.uint8)
    spread[ranges(np.cumsum(padded) - padded, sizes)] = values
    squeezed = np.zeros(len(spread) // per, np.uint8)
    for at in range(per):
        squeezed |= spread[at::per] << np.uint8(bits * at)
    return squeezed


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
        values[np.flatnonzero(low == mode.escape)] = high
    return values


def decode_all(modes: Array, sizes: Array, streams: Mapping[str, Array]) -> Array:
    """All lists at once, one after another: the inverse of `encode`."""
    of_value = np.repeat(modes, sizes)
    values = np.zeros(len(of_value), np.uint32)
    for number, mode in MODES.items():
        low = streams[mode.low]
        if not len(low):
            continue
        if mode.bits < 8:
            per = 8 // mode.bits
            mine = sizes[modes == number]
            padded = -(-mine // per) * per
            low = _spread(mode.bits)[low].ravel()[ranges(np.cumsum(padded) - padded, mine)]
        decoded = low.astype(np.uint32)
        decoded[low == mode.escape] = streams[mode.high]
        values[of_value == number] = decoded
    return values


def pack(columns: Sequence[Array]) -> bytes:
    """Columns of unsigned numbers, each in its narrowest type: (type, length) of each, then the data."""
    head = bytearray([len(columns)])
    body = []
    for column in columns:
        narrow = _narrowest(column)
        head += bytes([narrow.dtype.itemsize]) + len(narrow).to_bytes(4, "little")
        body.append(narrow.astype(narrow.dtype.newbyteorder("<"), copy=False).tobytes())
    return bytes(head) + b"".join(body)


def _narrowest(column: Array) -> Array:
    largest = int(column.max()) if len(column) else 0
    for dtype in (np.uint8, np.uint16, np.uint32):
        if largest <= np.iinfo(dtype).max:
            return column.astype(dtype)
    return column.astype(np.uint64)


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


def beginnings(ordered: Array) -> Array:
    """Where each run of equal numbers begins, among ordered ones."""
    first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


def distinct(numbers: Array) -> Array:
    """The numbers, rising, each once. As np.unique, which loads numpy.ma for it."""
    ordered = np.sort(numbers)
    return ordered[beginnings(ordered)]


def sums(ordered: Array, amounts: Array) -> tuple[Array, Array]:
    """The ordered numbers, each once, and the sum of the amounts that stand beside it."""
    first = beginnings(ordered)
    return ordered[first], np.add.reduceat(amounts, first) if len(first) else amounts


def find(rising: Array, wanted: Array) -> tuple[Array, Array]:
    """Where wanted numbers stand among rising ones, and whether they do."""
    if not len(rising):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    at = np.searchsorted(rising, wanted)
    at[at == len(rising)] = 0
    return at, rising[at] == wanted


def ranges(starts: Array, sizes: Array) -> Array:
    """start, start + 1, … of every range, one after another: which elements the ranges take."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - sizes), sizes) + np.arange(total)
