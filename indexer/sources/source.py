"""A file, or a part of one, that is open for reading, and how much may be taken from it.

What a file may cost is bounded here, whatever is in it: bytes read at once, bytes unpacked in all, archives within
archives. A text of 64 MB is forty times «War and Peace».
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.paths import MEMBER

WHOLE = 64 << 20  # bytes that are read into memory at once
# What may come out of a packed file: text packs to a third or a tenth of itself, logs and XML to a thirtieth, bombs to
# a thousandth.
RATIO, FLOOR = 200, 64 << 20
DEPTH = 4  # archives within archives, letters within letters

Found = Iterator[Document | Problem]


class NotNow(SourceError):
    """What keeps a file from being read is not in it: it may be read next time, unchanged."""


class Budget:
    """How many bytes may still be unpacked of a file and of all that is in it."""

    def __init__(self, size: int) -> None:
        self._left = RATIO * size + FLOOR

    def take(self, size: int) -> None:
        """Count bytes that were unpacked. Raises SourceError when they are too many."""
        self._left -= size
        if self._left < 0:
            raise SourceError(f"распаковано в {RATIO} раз больше, чем весит файл: похоже на архивную бомбу")


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: `stream` may be read and sought, `path` is what its documents go by."""

    stream: BinaryIO
    path: str
    encoding: str = "auto"
    budget: Budget = field(default_factory=lambda: Budget(0))

    def read(self, limit: int = WHOLE) -> bytes:
        """All of it. Raises SourceError where that is more than `limit` bytes."""
        return bounded(self.stream, limit)

    def member(self, name: str, data: bytes) -> Source:
        """What is in the file under a name. Raises SourceError for too many archives within one another."""
        if self.path.count(MEMBER) >= DEPTH:
            raise SourceError(f"вложено больше {DEPTH} раз: распакуйте и добавьте как папку")
        return Source(io.BytesIO(data), f"{self.path}{MEMBER}{name}", self.encoding, self.budget)


# The open file → its documents, and a Problem for each part of it that is none; nothing if it is empty. SourceError
# where nothing of it can be read.
Reader = Callable[[Source], Found]


class Inside(NamedTuple):
    """How to read what is in a file: `knows` says of a name whether there is a format for it."""

    read: Reader
    knows: Callable[[str], bool]


def bounded(stream: BinaryIO, limit: int = WHOLE) -> bytes:
    """All of a stream. Raises SourceError where that is more than `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise SourceError(f"больше {limit >> 20} МБ: разделите файл на части")
    return data


def lines(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The lines of a stream, and None in place of one longer than `limit` bytes, which is passed over."""
    while line := stream.readline(limit):
        if len(line) < limit or line.endswith(b"\n"):
            yield line
            continue
        yield None
        while (line := stream.readline(limit)) and not line.endswith(b"\n"):
            pass
