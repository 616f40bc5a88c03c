"""The folder of an index: made, opened, checked for its version, locked for writing, committed.

Whoosh keeps the documents; `indexer.json` beside its files says that this is an index, of which format, and by
which dictionaries and rules its words were read. All of Whoosh's exceptions end here.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex, LockError

from indexer.analysis import words
from indexer.errors import IndexDamaged, IndexerError, IndexLocked, IndexNotFound, IndexVersionError
from indexer.segment.reader import Reader
from indexer.segment.record import lexicon
from indexer.segment.schema import schema
from indexer.segment.terms import Entry

FORMAT = 1
MARKER = "indexer.json"
_HOLDER = "writer.json"
# How often, and after how many seconds each time, to look again at files that a commit has just replaced.
_TRIES, _PAUSE = 10, 0.02
T = TypeVar("T")


def is_index(folder: Path) -> bool:
    """Whether the folder holds an index of ours."""
    return (folder / MARKER).is_file()


class Store:
    """An index folder. Raises IndexNotFound, IndexVersionError or IndexDamaged when it cannot be opened."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self.folder = folder
        with self._allowed():
            if not is_index(folder):
                if not create:
                    raise IndexNotFound(f"Не найден индекс: {folder}. Чтобы создать его, запустите: indexer add ПУТЬ")
                self._create()
        with self.reading():
            self._whoosh = _steady(lambda: FileIndex(FileStorage(str(folder))))
            self._check()

    def _create(self) -> None:
        """Make an empty index; of two processes that come at once the second finds it made."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        storage = FileStorage(str(self.folder))
        lock = storage.lock("MAIN_WRITELOCK")
        lock.acquire(blocking=True)
        try:
            if not is_index(self.folder):
                FileIndex.create(storage, schema(), "MAIN")
                self._write_meta({"format": FORMAT, "analysis": {}})
        finally:
            lock.release()

    @contextmanager
    def _allowed(self) -> Iterator[None]:
        """Maps what the system refuses, which is no fault of the index, to an IndexerError with the reason."""
        try:
            yield
        except OSError as error:
            raise IndexerError(
                f"Не удалось открыть или записать индекс {self.folder}: {error.strerror or error}."
                " Проверьте права на папку и место на диске"
            ) from error

    def _write_meta(self, meta: dict[str, Any]) -> None:
        target = self.folder / MARKER
        fresh = target.with_suffix(".new")
        fresh.write_text(json.dumps(meta, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(target)

    def _meta(self) -> dict[str, Any]:
        meta: dict[str, Any] = json.loads((self.folder / MARKER).read_text(encoding="utf-8"))
        return meta

    def _check(self) -> None:
        meta = self._meta()
        remake = f"Удалите папку {self.folder} и запустите indexer add ещё раз"
        if meta.get("format") != FORMAT:
            raise IndexVersionError(f"Индекс {self.folder} другого формата ({meta.get('format')}). {remake}")
        for language, version in meta["analysis"].items():
            if version != words.version(language):
                raise IndexVersionError(
                    f"Индекс {self.folder} собран с другой морфологией"
                    f" ({version}, сейчас {words.version(language)}). {remake}"
                )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Maps what broken files raise to IndexDamaged: Whoosh unpickles them, so that it may be anything."""
        try:
            yield
        except (IndexerError, LockError, RecursionError, MemoryError):
            raise
        except PermissionError as error:
            raise IndexerError(f"Нет прав на чтение индекса {self.folder}. Проверьте права на его папку") from error
        except Exception as error:
            raise IndexDamaged(
                f"Индекс {self.folder} повреждён ({type(error).__name__}: {error})."
                " Удалите его папку и запустите indexer add ещё раз"
            ) from error

    def generation(self) -> int:
        """The number of the last commit."""
        with self.reading():
            return int(_steady(self._whoosh.latest_generation))

    def reader(self) -> Reader:
        """The last commit. A new one is opened each time: `Searcher.refresh` of Whoosh shows deleted documents."""
        with self.reading():
            return _steady(lambda: Reader(self._whoosh.reader()))

    @contextmanager
    def writer(self, timeout: float) -> Iterator[Writer]:
        """The one writer; commits on leaving when anything changed, and not when an exception leaves.

        Raises IndexLocked when another process holds the lock for longer than `timeout` seconds.
        """
        try:
            with self.reading():
                whoosh = self._whoosh.writer(timeout=timeout, delay=0.05)
        except LockError as error:
            raise IndexLocked(self._locked()) from error
        with self._allowed():
            self._hold()
            try:
                with self.reading():
                    writer = Writer(whoosh)
                yield writer
                self._commit(writer)
            except BaseException:
                if not whoosh.is_closed:
                    whoosh.cancel()
                raise
            finally:
                with suppress(OSError):
                    (self.folder / _HOLDER).unlink()

    def _commit(self, writer: Writer) -> None:
        if not writer.changed:
            writer.before.whoosh.close()
            writer.whoosh.cancel()
            return
        meta = self._meta()  # read anew: another process may have written since
        languages = {entry.language for entry in writer.entries} - meta["analysis"].keys()
        fresh = {language: words.version(language) for language in languages}
        if fresh:  # before the commit: a folder that names a language too many is whole all the same
            meta["analysis"] |= fresh
            self._write_meta(meta)
        new = [entry for entry in writer.entries if not writer.before.knows(entry)]
        if new:
            writer.whoosh.add_document(**lexicon(new))
        writer.before.whoosh.close()
        writer.whoosh.commit()
        self._sync()

    def _sync(self) -> None:
        """Whoosh writes without fsync; a commit that was reported must outlive a power cut."""
        if sys.platform == "win32":
            return  # folders cannot be opened there, and files are flushed on closing
        for path in [*self.folder.iterdir(), self.folder]:
            with suppress(FileNotFoundError):
                if path == self.folder or path.is_file():
                    handle = os.open(path, os.O_RDONLY)
                    try:
                        os.fsync(handle)
                    finally:
                        os.close(handle)

    def _hold(self) -> None:
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
        now = datetime.now(UTC).astimezone().strftime("%d.%m.%Y %H:%M:%S")
        with suppress(OSError):
            holder = {"pid": os.getpid(), "command": command, "since": now}
            (self.folder / _HOLDER).write_text(json.dumps(holder), encoding="utf-8")

    def _locked(self) -> str:
        who = ""
        with suppress(OSError, ValueError, KeyError, TypeError):
            holder = json.loads((self.folder / _HOLDER).read_text(encoding="utf-8"))
            who = f" процессом {holder['pid']} ({holder['command']}) с {holder['since']}"
        return f"Индекс {self.folder} занят{who}. Подождите его или увеличьте --timeout"

    def bytes(self) -> int:
        """What the files of the index take, in bytes; folders within are not its own."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    def segments(self) -> int:
        """How many segments the last commit has."""
        with self.reading():
            return len(_steady(self._whoosh._segments))

    def last_commit(self) -> str | None:
        """When the last commit was made, ISO 8601 with the local zone; None before the first."""
        stamps = [path.stat().st_mtime for path in self.folder.glob("_MAIN_*.toc")]
        return datetime.fromtimestamp(max(stamps), UTC).astimezone().isoformat("T", "seconds") if stamps else None


def _steady(call: Callable[[], T]) -> T:
    """The call's result; tried again while a writer replaces the table of contents that it looked at."""
    for _ in range(_TRIES):
        try:
            return call()
        except (FileNotFoundError, EmptyIndexError):
            time.sleep(_PAUSE)
    return call()


class Writer:
    """The documents of one commit."""

    def __init__(self, whoosh: Any) -> None:
        self.whoosh = whoosh
        self.before = Reader(whoosh.reader())
        self.changed = False
        self.entries: set[Entry] = set()

    def add(self, values: dict[str, Any], entries: Iterable[Entry]) -> None:
        """Add a document by its field values; its entries go into the lexicon where they are new."""
        self.whoosh.add_document(**values)
        self.entries.update(entries)
        self.changed = True

    def delete(self, number: int) -> None:
        """Delete a document of the commit before this one."""
        self.whoosh.delete_document(number)
        self.changed = True
