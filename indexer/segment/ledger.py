"""The files that the index has read: what each looked like then, and what came of it.

It spares reading a file again that has not changed, tells a file that was renamed from a new one, and keeps what could
not be read and why. It is committed with the documents, so that it never knows more than they do. A commit adds a file
of the rows that changed; where these have grown to half of the whole, all are written anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

from indexer.errors import IndexDamaged
from indexer.model import Problem
from indexer.paths import MEMBER
from indexer.segment.files import ADVICE, Sections, SectionWriter

DIGEST = 16  # bytes of BLAKE2b
_FORGOTTEN = 0xFFFFFFFF  # documents of a row that takes back those before it
_PARTS = 8  # files at most
_NUL = "\0"  # the one character that no path has


class Row(NamedTuple):
    """A file as it was when it was read last."""

    path: str  # as the index keeps it
    size: int  # bytes
    modified: int  # nanoseconds since 1970; 0 where it might have changed since without showing
    digest: bytes  # of its content
    reading: int  # by which version of the readers
    documents: int
    encoding: str = "auto"  # what was asked for
    foreign: bool = False  # whether some of its documents name paths of their own
    problems: tuple[Problem, ...] = ()  # what could not be read of it


def file_of(path: str) -> str:
    """The file that the document of a path is in: «книга.zip» of «книга.zip!/глава 1.txt»."""
    return path.partition(MEMBER)[0]


class Ledger:
    """The rows of a commit, and those noted since."""

    def __init__(self, folder: Path, files: Iterable[tuple[str, int, int]]) -> None:
        """`files` as a table of contents names them. Raises OSError, IndexDamaged."""
        self._rows: dict[str, Row] = {}
        for name, _, _ in files:
            for path, row in _read(folder / name):
                if row is None:
                    self._rows.pop(path, None)
                else:
                    self._rows[path] = row
        self._foreign = {row.path for row in self if row.foreign}
        self.pending: dict[str, Row | None] = {}  # what the next commit is to write

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def get(self, path: str) -> Row | None:
        """The row of a file, if it was read."""
        return self._rows.get(path)

    def note(self, row: Row) -> None:
        """A file was read."""
        self._rows[row.path] = self.pending[row.path] = row
        (self._foreign.add if row.foreign else self._foreign.discard)(row.path)

    def forget(self, paths: Iterable[str | None]) -> None:
        """The documents of these paths are no longer what came of their files, which are to be read again.

        A path that is no file's may have come of any foreign row; a document without a path came of no file.
        """
        for path in {file_of(path) for path in paths if path}:
            for name in [path] if path in self._rows else list(self._foreign):
                del self._rows[name]
                self._foreign.discard(name)
                self.pending[name] = None

    def write(self, folder: Path, number: int, before: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Write what is pending beside the files of the commit before, or all in place of them; the files now."""
        if not self.pending:
            return list(before)
        anew = len(before) + 1 >= _PARTS or 2 * len(self.pending) >= len(self._rows)
        rows: Mapping[str, Row | None] = self._rows if anew else self.pending
        name = f"files-{number}.ledger"
        with SectionWriter(folder / name) as file:
            _write(file, rows)
        self.pending = {}
        return [*(() if anew else before), (name, *file.fingerprint)]


def _write(file: SectionWriter, rows: Mapping[str, Row | None]) -> None:
    blank = Row("", 0, 0, bytes(DIGEST), 0, _FORGOTTEN)
    whole = [row or blank for row in rows.values()]
    file.add("size", np.array([row.size for row in whole], np.uint64))
    file.add("modified", np.array([row.modified for row in whole], np.uint64))
    file.add("reading", np.array([row.reading for row in whole], np.uint32))
    file.add("documents", np.array([row.documents for row in whole], np.uint32))
    file.begin("digest", np.uint8)
    file.append(b"".join(row.digest for row in whole))
    rare = {
        str(at): [row.encoding, row.foreign, [[problem.path, problem.reason] for problem in row.problems]]
        for at, row in enumerate(whole)
        if row.problems or row.foreign or row.encoding != "auto"
    }
    for name, text in (("paths", _NUL.join(rows)), ("rare", json.dumps(rare))):
        file.begin(name, np.uint8)
        file.append(zstandard.compress(text.encode("utf-8", "surrogatepass")))


def _read(path: Path) -> Iterator[tuple[str, Row | None]]:
    sections = Sections(path)
    try:
        names = _text(sections, "paths").split(_NUL)
        rare: dict[int, Any] = {int(at): row for at, row in json.loads(_text(sections, "rare")).items()}
        digests = sections["digest"].tobytes()
        numbers = [sections[name].tolist() for name in ("size", "modified", "reading", "documents")]
        rows = zip(names, *numbers, strict=True) if numbers[0] else ()
        for at, (name, size, modified, reading, documents) in enumerate(rows):
            digest = digests[at * DIGEST : (at + 1) * DIGEST]
            row = Row(name, size, modified, digest, reading, documents)
            yield name, None if documents == _FORGOTTEN else _whole(row, rare[at]) if at in rare else row
    except (ValueError, KeyError, TypeError, AttributeError, zstandard.ZstdError, RecursionError) as error:
        raise IndexDamaged(f"Файл индекса {path.name} повреждён ({error}). {ADVICE}") from error


def _whole(row: Row, rare: Any) -> Row:
    encoding, foreign, problems = rare
    found = tuple(Problem(str(path), str(reason)) for path, reason in problems)
    return row._replace(encoding=str(encoding), foreign=bool(foreign), problems=found)


def _text(sections: Sections, name: str) -> str:
    return zstandard.decompress(sections[name].tobytes()).decode("utf-8", "surrogatepass")
