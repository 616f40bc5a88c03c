"""A ZIP file (an archive, a book, a document), from which nothing comes but bytes in memory, and not too many."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from indexer.errors import SourceError
from indexer.sources.source import Source, bounded

_DIRECTORY = 32 << 20  # bytes of a directory: some 300,000 names
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA may ask for gigabytes
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError, RuntimeError)
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"


class Packed:
    """An open ZIP file. Raises SourceError for one that is none, or whose directory is beyond measure."""

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            _refuse_large(source.stream)
            self._file = zipfile.ZipFile(source.stream)
        except _BROKEN as error:
            raise SourceError("не ZIP или повреждён: скачайте или запакуйте заново") from error

    def names(self) -> Iterator[zipfile.ZipInfo]:
        """What is in it, in its order; folders are left out."""
        return (info for info in self._file.infolist() if not info.is_dir())

    def read(self, member: zipfile.ZipInfo | str) -> bytes:
        """The bytes of a member. Raises SourceError for a name that is not there, bytes that are damaged, encrypted or
        too many."""
        try:
            info = self._file.getinfo(member) if isinstance(member, str) else member
        except KeyError as error:
            raise SourceError(f"внутри нет {member}: файл повреждён или не того формата") from error
        if info.flag_bits & 1:
            raise SourceError("закрыт паролем: распакуйте и добавьте как папку")
        if info.compress_type not in _METHODS:
            raise SourceError("упакован способом, который не читается: запакуйте заново обычным ZIP")
        try:
            with self._file.open(info) as stream:
                data = bounded(cast(BinaryIO, stream))
        except _BROKEN as error:
            raise SourceError("повреждён: скачайте или запакуйте заново") from error
        self._source.budget.take(len(data))
        return data

    def __contains__(self, name: object) -> bool:
        return name in self._file.NameToInfo


def _refuse_large(stream: BinaryIO) -> None:
    """A directory is read whole, ten bytes of memory for one of it, before anything else can be asked."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - (1 << 16) - 200))
    tail = stream.read()
    at, wide = tail.rfind(_END), tail.rfind(_END_64)
    directory = struct.unpack_from("<L", tail, at + 12)[0] if at >= 0 else 0
    if wide >= 0:
        directory = max(directory if directory != 0xFFFFFFFF else 0, struct.unpack_from("<Q", tail, wide + 40)[0])
    if directory > _DIRECTORY:
        raise SourceError("в архиве слишком много файлов: распакуйте и добавьте как папку")
    stream.seek(0)
