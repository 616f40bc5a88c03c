"""Files that the index may know already: which of them must be read, and what is to be known of them next time.

One whose size and time are as they were is not opened; one whose time alone is another is compared by its content; one
whose content is that of a file that is gone is that file under another name, and its documents are taken from the
index.
"""

from __future__ import annotations

import hashlib
import stat
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer import sources
from indexer.adding import Item, Moved
from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.paths import MEMBER, Paths
from indexer.segment.ledger import DIGEST, Ledger, Row, file_of
from indexer.segment.store import holds_index
from indexer.sources import File, Found
from indexer.tally import Tally

# A file changed so shortly before it was read may change again without its time showing it, in nanoseconds.
_FRESH = 2_000_000_000
_PROBLEMS = 100  # of one file that are kept

# The documents of a file that the index has, by its stored path, and how many they are.
Stored = Callable[[str], tuple[int, Iterator[Document]]]
# How files are read: each path and encoding with what is found in it, in their order.
Read = Callable[[Iterable[tuple[Path, str]]], Iterator[tuple[Path, Found]]]


class _Due(NamedTuple):
    """A file that must be read."""

    file: File
    stored: str
    digest: bytes | None  # None where it cannot be read


def looked_up(
    path: str | Path,
    run: Tally,
    name: Callable[[str], str],
    *,
    on_skip: Callable[[Path, str], None] | None,
    include: str | Collection[str] = (),
    exclude: str | Collection[str] = (),
    hidden: bool = False,
    only: Collection[str] | None = None,
) -> list[File]:
    """The files of a path; a part of a folder that cannot be looked at is told to the run, by its stored name.

    Raises SourceError where there is no such path, and for the folder of an index.
    """
    root = Path(path)
    if not str(path) or not root.exists():
        raise SourceError(f"Нет такого файла или папки: {path}")
    if not root.is_dir():
        return [sources.single(root)]
    if holds_index(root):
        raise SourceError(f"{root} — папка индекса, её файлы не документы. Добавьте другую папку или папку внутри неё")

    def fail(part: Path, reason: str) -> None:
        run.fail(Problem(name(part.relative_to(root).as_posix()), reason))

    globs = {"include": _globs(include), "exclude": _globs(exclude)}
    return list(
        sources.walk(root, is_index=holds_index, on_skip=on_skip, on_problem=fail, hidden=hidden, only=only, **globs)
    )


def _globs(given: str | Collection[str]) -> Collection[str]:
    return [given] if isinstance(given, str) else given


class Upkeep:
    """One look at files: what is new in them goes into a run, and what they were like into the ledger."""

    def __init__(
        self, run: Tally, ledger: Ledger, paths: Paths, stored: Stored, *, encoding: str, force: bool, whole: bool
    ) -> None:
        """`force` reads everything; `whole` reads files again whose documents go by paths of their own."""
        self._run = run
        self._ledger = ledger
        self._paths = paths
        self._documents = stored
        self._encoding = encoding
        self._force = force
        self._whole = whole
        self._moved: deque[Iterator[Item]] = deque()
        self._gone: dict[bytes, list[Row]] | None = None
        self._began = time.time_ns()
        self._seen: set[str] = set()  # paths of files and documents
        self.taken: set[str] = set()  # ids of the documents that the files gave
        self._kept: set[str] = set()  # files whose documents stay as they are: unchanged, or not to be read this time

    def items(self, files: Iterable[File], name: Callable[[str], str], read: Read) -> Iterator[Item]:
        """What the files have for the run; `name` is the stored path of a relative one."""
        asked: deque[_Due] = deque()

        def wanted() -> Iterator[tuple[Path, str]]:
            for due in self._due(files, name):
                asked.append(due)
                yield due.file.path, self._encoding

        for _, found in read(wanted()):
            yield from self._waiting()
            yield from self._read(asked.popleft(), found)
            self._run.did()
        yield from self._waiting()

    def _waiting(self) -> Iterator[Item]:
        while self._moved:
            yield from self._moved.popleft()
            self._run.did()

    def _due(self, files: Iterable[File], name: Callable[[str], str]) -> Iterator[_Due]:
        for file in files:
            stored = name(file.relative)
            self._seen.add(stored)
            row = None if self._force else self._ledger.get(stored)
            if row is not None and self._same(row, file):
                for problem in row.problems:
                    self._run.fail(problem, known=True)
                self._run.unchanged(stored, row.documents)
                self._kept.add(stored)
                continue
            digest = _digest(file.path)
            if row is None and digest is not None and (moved := self._renamed(_Due(file, stored, digest))):
                self._moved.append(moved)
            else:
                yield _Due(file, stored, digest)

    def _same(self, row: Row, file: File) -> bool:
        """Whether a file is as it was when it was read, and would be read alike."""
        if not self._alike(row) or row.size != file.size or (row.foreign and self._whole):
            return False
        if row.modified != file.modified:
            if _digest(file.path) != row.digest:
                return False
            if (settled := self._settled(file)) != row.modified:
                self._ledger.note(row._replace(modified=settled))
        return True

    def _alike(self, row: Row) -> bool:
        """Whether the file would be read today as it was then."""
        return row.reading == sources.READING and self._encoding in ("auto", row.encoding)

    def _settled(self, file: File) -> int:
        return file.modified if file.modified < self._began - _FRESH else 0

    def _renamed(self, due: _Due) -> Iterator[Item] | None:
        """The documents of a file that has had another name until now; None where there is none such."""
        if self._gone is None:
            self._gone = {}
            for row in () if self._force else self._ledger:
                if row.documents and not row.foreign and not row.problems:
                    self._gone.setdefault(row.digest, []).append(row)
        rows = self._gone.get(due.digest or b"", [])
        for row in rows:
            alike = self._alike(row) and sources.ending(row.path) == sources.ending(due.stored)
            if alike and not self._paths.exists(row.path):
                number, documents = self._documents(row.path)
                if number == row.documents:
                    rows.remove(row)
                    return self._move(row, documents, due)
        return None

    def _move(self, row: Row, documents: Iterator[Document], due: _Due) -> Iterator[Item]:
        self._ledger.forget([row.path])
        for document in documents:
            path, before = due.stored + (document.path or "")[len(row.path) :], document.id or ""
            identity = path if before == document.path else before
            self._saw(identity, path)
            yield Moved(replace(document, id=identity, path=path), before)
        yield row._replace(path=due.stored, modified=self._settled(due.file))

    def _read(self, due: _Due, found: Found) -> Iterator[Item]:
        file, stored, digest = due
        problems: list[Problem] = []
        documents, foreign = 0, False
        try:
            for one in found:
                path = _below(one.path, file.path, stored)
                if isinstance(one, Problem):
                    problems.append(replace(one, path=path or ""))
                    self._run.fail(problems[-1])
                    continue
                documents += 1
                foreign |= path is None or file_of(path) != stored
                self._saw(one.id, path)
                yield replace(one, path=path)
        except SourceError as error:
            self._kept.add(stored)
            problems.append(Problem(stored, str(error)))
            self._run.fail(problems[-1])
            digest = None if isinstance(error, sources.NotNow) else digest
        if digest is not None and _is(file):
            some = tuple(problems[:_PROBLEMS])
            modified = self._settled(file)
            yield Row(stored, file.size, modified, digest, sources.READING, documents, self._encoding, foreign, some)

    def _saw(self, identity: str | None, path: str | None) -> None:
        self._seen.add(path or "")
        self.taken.add(identity or path or "")

    def old(self, root: str | Path, stored: set[str]) -> set[str]:
        """Of the paths that the index has, those whose documents go unless they are among `taken`; the files forgotten.

        They are of files that are gone, with those that had no documents, and of files that were read now.
        """
        files = self._paths.among((row.path for row in self._ledger), self._paths.prefix(root))
        gone = {path for path in (files | stored) - self._seen if self._is_gone(path)}
        self._ledger.forget(path for path in gone if file_of(path) not in self._seen)
        return gone | {path for path in stored & self._seen if file_of(path) not in self._kept}

    def _is_gone(self, path: str) -> bool:
        file = file_of(path)
        if file in self._kept:
            return False
        # of a file that was read, what was not seen is no longer in it
        return (file != path and file in self._seen) or not self._paths.exists(file)


def _below(path: str | None, file: Path, stored: str) -> str | None:
    """The path of a document of a file as the index keeps it: that of the file, and what stands behind it.

    A path that a line of JSON names for itself is its own.
    """
    name = str(file)
    mine = path == name or (path or "").startswith((name + MEMBER, name + ":"))
    return stored + (path or "")[len(name) :] if mine else path


def _digest(path: Path) -> bytes | None:
    """Of the content of a file; None for what cannot be read or is no file."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None
        if not status.st_size:  # so say files of /proc too, some of which have no end
            return hashlib.blake2b(digest_size=DIGEST).digest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST)).digest()
    except (OSError, ValueError):
        return None


def _is(file: File) -> bool:
    """Whether a file is still what it was when it was met."""
    try:
        status = file.path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified)
