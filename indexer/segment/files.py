"""Files of an index: named sections of numbers and bytes, written once, synced, then mapped and never changed.

A file is its sections one after another, each at a multiple of eight bytes, then a JSON directory of them, then
the directory's length and a magic word. Everything that writes to disk goes through this module, so that a test can
make any single write, sync or rename fail.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged

Array = NDArray[Any]

_MAGIC = b"indexer2"
_TAIL = struct.Struct("<Q8s")  # length of the directory, magic
_ALIGNED = 8
_CHUNK = 1 << 20
ADVICE = "Запустите: indexer check --repair, а если не поможет, удалите папку индекса и запустите indexer add ещё раз"
# What a section may hold: numpy would read other names of types too, some of which are not numbers.
_TYPES = {name: np.dtype(name) for name in ("|u1", "<u2", "<u4", "<u8", "<f4")}


class Fingerprint(NamedTuple):
    """What a file must be: its length in bytes and the CRC-32 of them."""

    length: int
    checksum: int


def write(handle: BinaryIO, data: bytes | bytearray) -> None:
    """All the data into an open file."""
    handle.write(data)


def sync(handle: BinaryIO) -> None:
    """What was written so far, through to the disk."""
    handle.flush()
    os.fsync(handle.fileno())


def replace(fresh: Path, target: Path) -> None:
    """The new file under the old one's name, at once or not at all; on disk on return."""
    os.replace(fresh, target)  # noqa: PTH105  (one place for tests to make fail)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """The names in a folder, through to the disk. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(paths: Iterable[Path]) -> None:
    """Delete files that nothing refers to; one that is still open somewhere (on Windows) goes next time."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


class SectionWriter:
    """A new file of sections. Leaving the block without an error syncs it and sets `fingerprint`.

    One that is not `lasting` is soon removed again, and not synced.
    """

    def __init__(self, path: Path, *, lasting: bool = True) -> None:
        self.path = path
        self._lasting = lasting
        self.fingerprint = Fingerprint(0, 0)
        self._handle = path.open("wb")
        self._waiting = bytearray()  # not in the file yet: most sections are small
        self._at = 0
        self._checksum = 0
        self._sections: dict[str, list[Any]] = {}  # name → where it begins, its length in bytes, its type
        self._open: list[Any] = []  # the last of them

    def _put(self, data: bytes | bytearray | memoryview) -> int:
        """More of the file; how many bytes."""
        before = len(self._waiting)
        self._waiting += data
        size = len(self._waiting) - before
        self._at += size
        if before + size >= _CHUNK:
            self._write()
        return size

    def _write(self) -> None:
        """What waits, into the file."""
        write(self._handle, self._waiting)
        self._checksum = zlib.crc32(self._waiting, self._checksum)
        self._waiting = bytearray()

    def add(self, name: str, array: Array) -> None:
        """A whole section of numbers."""
        self.begin(name, array.dtype)
        self.append(array)

    def begin(self, name: str, dtype: Any) -> None:
        """A section that is filled by `append`; ends where the next one begins."""
        if gap := -self._at % _ALIGNED:
            self._put(bytes(gap))
        self._sections[name] = self._open = [self._at, 0, _written(dtype)]

    def append(self, data: Array | bytes | bytearray) -> None:
        """More of the section begun last."""
        raw = data if isinstance(data, bytes | bytearray) else np.ascontiguousarray(data, dtype=self._open[2]).data
        self._open[1] += self._put(raw)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                directory = json.dumps(self._sections).encode()
                self._put(directory)
                self._put(_TAIL.pack(len(directory), _MAGIC))
                self._write()
                if self._lasting:
                    sync(self._handle)
                self.fingerprint = Fingerprint(self._at, self._checksum)
        finally:
            self._handle.close()


@cache
def _written(dtype: Any) -> str:
    """How a type of numbers is called in the directory."""
    return str(np.dtype(dtype).newbyteorder("<").str)


class Sections:
    """A file of sections, mapped: `sections["name"]` is an array that is read from disk as it is used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb", buffering=0) as file:
                # np.memmap takes four times as long
                self._map = np.frombuffer(mmap(file.fileno(), 0, access=ACCESS_READ), np.uint8)
            self.length = len(self._map)
            length, magic = _TAIL.unpack_from(self._map.data, self.length - _TAIL.size)
            if magic != _MAGIC:
                raise ValueError(f"magic {magic!r}")
            self._end = self.length - _TAIL.size - length
            if self._end < 0:
                raise ValueError("оглавление длиннее файла")
            self._directory = json.loads(self._map[self._end : -_TAIL.size].tobytes())
            if not isinstance(self._directory, dict):
                raise ValueError("вместо оглавления что-то другое")
        except (ValueError, TypeError, AttributeError, RecursionError, struct.error) as error:
            raise IndexDamaged(f"Файл индекса {path.name} повреждён ({error}). {ADVICE}") from error
        self._arrays: dict[str, Array] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> Array:
        if (array := self._arrays.get(name)) is None:
            try:
                # only now: most of what is opened to be searched is never looked at
                at, size, dtype = _section(self._directory[name], self._end)
                array = self._map[at : at + size].view(dtype)
            except (KeyError, ValueError, TypeError) as error:
                raise IndexDamaged(f"В файле индекса {self.path.name} нет раздела {name}. {ADVICE}") from error
            self._arrays[name] = array
        return array


def _section(row: Any, end: int) -> tuple[int, int, np.dtype[Any]]:
    """A row of the directory, if it makes sense in a file whose sections end at `end`."""
    at, size, kind = row
    dtype = _TYPES.get(kind)
    if dtype is None or not (isinstance(at, int) and isinstance(size, int) and 0 <= at <= at + size <= end):
        raise ValueError(f"раздел {row!r}")
    if size % dtype.itemsize:
        raise ValueError(f"раздел {row!r}")
    return at, size, dtype


def fingerprint(path: Path) -> Fingerprint:
    """The length and checksum of a file as it is on disk. Raises OSError."""
    checksum = length = 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
            length += len(chunk)
    return Fingerprint(length, checksum)


def publish(path: Path, data: bytes) -> None:
    """A small file written whole and put in place of the old one at once; on disk on return.

    The names of other new files in the folder, which it may tell of, go to the disk before it takes its place.
    """
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as handle:
        write(handle, data)
        sync(handle)
    sync_folder(path.parent)
    replace(fresh, path)


def overwrite(path: Path, data: bytes) -> None:
    """A file that nothing depends on, written over the old one, which is not emptied first.

    ext4 writes a file that was emptied through to the disk when it is closed.
    """
    try:
        with path.open("r+b", buffering=0) as handle:
            handle.write(data)
            if handle.seek(0, os.SEEK_END) > len(data):
                handle.truncate(len(data))
    except FileNotFoundError:
        path.write_bytes(data)
