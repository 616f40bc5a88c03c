"""ZIP and TAR → the documents of the files in them: «книга.zip!/глава 1.txt». Nothing is ever unpacked to the disk.

Files of unknown formats and hidden ones are passed over, as in a folder; one that is damaged, encrypted or has a name
that leads out of the archive is a Problem, and the rest goes on.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, cast

from indexer.errors import SourceError
from indexer.model import Problem
from indexer.paths import MEMBER
from indexer.sources import encodings
from indexer.sources.packed import Packed
from indexer.sources.source import Budget, Found, Inside, Source, bounded

_UTF8 = 0x800  # the flag of a ZIP member whose name is UTF-8
_BROKEN = (tarfile.TarError, zlib.error, EOFError, ValueError, gzip.BadGzipFile)
_GZIP = b"\x1f\x8b"
_HEADERS = 4 << 20  # bytes of headers between two files of a TAR file


def zipped(source: Source, inside: Inside) -> Found:
    """The files of a ZIP file, in its order. Raises SourceError for what is no ZIP, and for a bomb."""
    packed = Packed(source)
    for info in packed.names():
        source.budget.take(0)  # once it is spent, no member can be read
        yield from _member(source, _zip_name(info), partial(packed.read, info), inside)


def tarred(source: Source, inside: Inside) -> Found:
    """The files of a TAR file, packed by gzip or not; links and devices in it are passed over.

    What stands behind a damaged place cannot be read: a Problem of the archive itself. Raises SourceError for a bomb.
    """
    packed = source.stream.read(2) == _GZIP
    source.stream.seek(0)
    raw = gzip.GzipFile(fileobj=source.stream) if packed else source.stream
    counted = _Counted(cast(BinaryIO, raw), source.budget)
    try:
        with tarfile.open(fileobj=cast(BinaryIO, counted), mode="r|") as tar:
            for info in tar:
                counted.expect(info.size)
                tar.members = []  # type: ignore[attr-defined]  # it would keep them all
                if info.isreg() and (stream := tar.extractfile(info)):
                    name = _readable(info.name.encode("utf-8", "surrogateescape"))
                    yield from _member(source, name, partial(bounded, cast(BinaryIO, stream)), inside)
    except _BROKEN:
        yield Problem(source.path, "архив повреждён: прочитано только то, что стоит до повреждения")


def _member(source: Source, name: str, unpack: Callable[[], bytes], inside: Inside) -> Found:
    """The documents of one file of an archive."""
    parts = name.split("/")
    if not inside.knows(name) or any(part == "__MACOSX" or (part[:1] == "." and part != "..") for part in parts):
        return
    path = f"{source.path}{MEMBER}{name}"
    try:
        if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
            raise SourceError("имя ведёт за пределы архива: такие архивы делают нарочно, файл не читается")
        yield from inside.read(source.member(name, unpack()))
    except SourceError as error:
        yield Problem(path, str(error))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the flag of UTF-8 it was taken for cp437, and is UTF-8, cp866 or cp1251."""
    if info.flag_bits & _UTF8:
        return _readable(info.filename.encode())
    return _readable(info.filename.encode("cp437", "replace"))


def _readable(raw: bytes) -> str:
    name = raw.decode(encodings.detect(raw), "replace").replace("\\", "/")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name).removeprefix("./")


class _Counted:
    """A stream whose bytes count against the budget, and which ends where the headers of a TAR file have no end."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._left = _HEADERS

    def expect(self, size: int) -> None:
        """A file of so many bytes follows, and then headers."""
        self._left = size + _HEADERS

    def read(self, size: int = -1) -> bytes:
        """So many bytes. Raises SourceError for too many."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise SourceError("заголовок архива невозможной длины: файл повреждён или сделан нарочно")
        self._budget.take(len(data))
        return data
