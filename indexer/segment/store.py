"""The folder of an index: made, opened, checked for its version, locked for writing, committed.

A commit is new files, synced, and then `indexer.json` replaced at once. Files that it does not name are left over from
a writer that was killed, or from the commits before; they are removed by the next commit. Files of other names are
somebody else's and never touched.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.analysis import words
from indexer.errors import IndexDamaged, IndexerError, IndexLocked, IndexNotFound, IndexVersionError
from indexer.segment import toc
from indexer.segment.files import ADVICE, overwrite, remove, sync_folder
from indexer.segment.reader import Reader
from indexer.segment.segment import Segment
from indexer.segment.toc import Toc

if TYPE_CHECKING:
    from indexer.segment.builder import Lore
    from indexer.segment.ledger import Ledger

_LOCK = "indexer.lock"
# How often, and after how many seconds each time, to look again at files that a commit has just replaced.
_TRIES, _PAUSE = 10, 0.02
T = TypeVar("T")


def is_index(folder: Path) -> bool:
    """Whether the folder holds an index of ours."""
    return (folder / toc.NAME).is_file()


def holds_index(folder: Path) -> bool:
    """The same of any folder that one meets: a project may have an `indexer.json` of its own."""
    return is_index(folder) and ((folder / _LOCK).exists() or toc.is_one(folder / toc.NAME))


def outdated(contents: Toc) -> str:
    """Why the lemmas of an index are not those of today; empty when they are."""
    for language, version in contents.analysis.items():
        now = words.version(language) if language in words.LANGUAGES else "нет такого языка"
        if version != now:
            return f"собран с другой морфологией ({version}, сейчас {now})"
    return ""


@contextmanager
def allowed(folder: Path) -> Iterator[None]:
    """Maps what the system refuses, which is no fault of the index in the folder, to an IndexerError."""
    try:
        yield
    except OSError as error:
        raise IndexerError(
            f"Не удалось открыть или записать индекс {folder}: {error.strerror or error}."
            " Проверьте права на папку и место на диске"
        ) from error


@contextmanager
def lock(folder: Path, timeout: float) -> Iterator[None]:
    """The right to write in a folder. Raises IndexLocked when another process has it for longer than `timeout`."""
    from whoosh.util.filelock import FileLock, try_for  # Whoosh's storage, which makes these, would load much more

    held = FileLock(str(folder / _LOCK))
    if not try_for(held.acquire, timeout=timeout, delay=0.05):
        raise IndexLocked(_locked(folder))
    try:
        _hold(held.fd)
        yield
    finally:
        with suppress(OSError):
            os.ftruncate(held.fd, 0)
        held.release()


def _hold(handle: int) -> None:
    """Say in the file of the lock who has it, behind the byte that Windows locks."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    holder = {"pid": os.getpid(), "command": command, "since": time.strftime("%d.%m.%Y %H:%M:%S")}
    with suppress(OSError):
        os.lseek(handle, 1, os.SEEK_SET)
        os.ftruncate(handle, 1 + os.write(handle, json.dumps(holder).encode()))
        os.lseek(handle, 0, os.SEEK_SET)  # where it is released


def _locked(folder: Path) -> str:
    who = ""
    with suppress(OSError, ValueError, KeyError, TypeError):
        with (folder / _LOCK).open("rb") as file:
            file.seek(1)
            holder = json.loads(file.read())
        who = f" процессом {holder['pid']} ({holder['command']}) с {holder['since']}"
    return f"Индекс {folder} занят{who}. Подождите его или увеличьте --timeout"


class Store:
    """An index folder. Raises IndexNotFound, IndexVersionError or IndexDamaged when it cannot be opened.

    `outdated` opens one of other dictionaries too, so that it can be brought up to date.
    """

    def __init__(self, folder: Path, *, create: bool, outdated: bool = False) -> None:
        self.folder = folder
        self._contents = folder / toc.NAME
        self._outdated = outdated
        self._opened: dict[tuple[Any, ...], Segment] = {}
        self._ledger: tuple[tuple[tuple[str, int, int], ...], Ledger] | None = None
        self._last: tuple[bytes, Toc] | None = None  # the table read or written last, as it is on disk and what it says
        self.lore: Lore | None = None  # what the last turn of writing learnt of words, for the next one
        with self.allowed():
            if not is_index(folder):
                if not create:
                    raise IndexNotFound(f"Не найден индекс: {folder}. Чтобы создать его, запустите: indexer add ПУТЬ")
                self._create()
        self.contents()

    def _create(self) -> None:
        """Make an empty index; of two processes that come at once the second finds it made."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        with self.lock(60.0):
            if is_index(self.folder):
                return
            if any(toc.is_ours(path.name) and path.name != f"{toc.NAME}.new" for path in self.folder.iterdir()):
                # an empty table would give all of them up
                raise IndexDamaged(
                    f"В папке {self.folder} есть файлы индекса, но нет {toc.NAME}. Запустите: indexer check --repair"
                )
            toc.write(self.folder, Toc())

    def allowed(self) -> AbstractContextManager[None]:
        """Maps what the system refuses, which is no fault of the index, to an IndexerError with the reason."""
        return allowed(self.folder)

    def _checked(self, contents: Toc) -> Toc:
        """The contents, if words are read today as they were then."""
        if contents.segments and contents.rules != words.RULES:
            raise IndexVersionError(
                f"Индекс {self.folder} собран по другим правилам разбора текста ({contents.rules},"
                f" сейчас {words.RULES}). Удалите папку {self.folder} и запустите indexer add ещё раз"
            )
        if not self._outdated and (reason := outdated(contents)):
            raise IndexVersionError(f"Индекс {self.folder} {reason}. Запустите: indexer relemmatise")
        return contents

    @contextmanager
    def reading(self, *, writing: bool = False) -> Iterator[None]:
        """Maps what broken files raise to IndexDamaged: they hold anything, so that it may be anything.

        Where files are written too, what the system refuses is left to `allowed`.
        """
        try:
            yield
        except (IndexerError, RecursionError):
            raise
        except MemoryError as error:
            raise IndexerError(
                f"Не хватило памяти при чтении индекса {self.folder}. Если её должно хватать, запустите: indexer check"
            ) from error
        except OSError as error:
            if writing and not isinstance(error, FileNotFoundError):
                raise
            raise self._unreadable(error) from error
        except Exception as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> IndexerError:
        if isinstance(error, PermissionError):
            return IndexerError(f"Нет прав на чтение индекса {self.folder}. Проверьте права на его папку")
        return IndexDamaged(f"Индекс {self.folder} повреждён ({type(error).__name__}: {error}). {ADVICE}")

    def stamp(self) -> tuple[int, int, int]:
        """Changes with every commit, and costs one look at a name. To be asked for within `reading`."""
        status = _steady(self._contents.stat)
        return status.st_mtime_ns, status.st_size, status.st_ino

    def contents(self) -> Toc:
        """The last commit's table of contents."""
        with self.reading():
            return self._checked(_steady(self._read))

    def _read(self) -> Toc:
        text = self._contents.read_bytes()
        if (last := self._last) is None or last[0] != text:
            last = self._last = text, toc.parse(text, self.folder)
        return last[1]

    def reader(self, before: Reader | None = None) -> Reader:
        """The last commit; segments that were open already stay so, and what `before` has read of them."""
        with self.reading():
            return _steady(lambda: Reader(self.segments(self._checked(self._read())), before))

    def segments(self, contents: Toc) -> list[Segment]:
        """The segments that a table of contents names."""
        opened = {}
        for info in contents.segments:
            segment = self._opened.get(info.lasting)
            if segment is None or segment.info != info:
                segment = Segment(self.folder, info, segment)
            opened[info.lasting] = segment
        self._opened = opened
        return list(opened.values())

    def ledger(self, contents: Toc) -> Ledger:
        """What a commit knows of the files read, for one writer; `keep` brings it back for the next."""
        from indexer.segment.ledger import Ledger

        kept, self._ledger = self._ledger, None
        if kept is not None and kept[0] == contents.ledger:
            return kept[1]
        return Ledger(self.folder, contents.ledger)

    def keep(self, contents: Toc, ledger: Ledger) -> None:
        """What a commit knows of the files read, with nothing pending."""
        self._ledger = (contents.ledger, ledger)

    def files(self) -> Ledger:
        """What the last commit knows of the files read."""
        from indexer.segment.ledger import Ledger

        with self.reading():
            return _steady(lambda: Ledger(self.folder, self._read().ledger))

    def close(self) -> None:
        """Let go of the open files; a reader that still has them keeps them."""
        self._opened, self.lore, self._ledger = {}, None, None

    def lock(self, timeout: float) -> AbstractContextManager[None]:
        """The right to write. Raises IndexLocked when another process has it for longer than `timeout` seconds."""
        return lock(self.folder, timeout)

    def commit(self, contents: Toc) -> Toc:
        """Put a new table of contents in place, and remove what it does not name; the table as it is now."""
        now = datetime.now(UTC).astimezone().isoformat("T", "seconds")
        contents = contents.replace(generation=contents.generation + 1, committed=now)
        text = toc.write(self.folder, contents)
        self._last = text, contents
        with suppress(OSError):
            overwrite(self.folder / toc.COPY, text)
        self.sweep(contents.files())
        return contents

    def sweep(self, named: Iterable[str]) -> None:
        """Remove the files of segments that no commit names any more."""
        remove(leftovers(self.folder, named))

    def bytes(self) -> int:
        """What the files of the index take, in bytes; folders within are not its own."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())


def leftovers(folder: Path, named: Iterable[str]) -> list[Path]:
    """The files of segments in a folder that are not among those named."""
    others = {*os.listdir(folder)} - {*named}  # noqa: PTH208  (the names alone)
    return [folder / name for name in sorted(others) if toc.is_ours(name)]


def _steady(call: Callable[[], T]) -> T:
    """The call's result; tried again while a writer removes the files that were just named."""
    for _ in range(_TRIES):
        try:
            return call()
        except FileNotFoundError:
            time.sleep(_PAUSE)
    return call()
