"""A folder → the files in it that can be read as documents, in order."""

import os
from collections.abc import Callable, Collection, Iterator
from errno import ELOOP
from fnmatch import fnmatchcase
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from indexer.errors import SourceError
from indexer.sources.files import FORMATS, ending
from indexer.sources.gitignore import NAME as GITIGNORE
from indexer.sources.gitignore import Ignored
from indexer.sources.reasons import unreadable

_NOT_OURS = ("node_modules", "__pycache__")  # like hidden ones: made by tools, not written by people

# The reasons given to `on_skip` for a file that no row of `FORMATS` reads, and for what a .gitignore rules out.
UNKNOWN = "неизвестный формат"
IGNORED = "по .gitignore"
INDEX = "папка индекса"
_NO_FILE = "не файл: ссылка в никуда или устройство"


class File(NamedTuple):
    """A file as it was when it was met."""

    path: Path
    relative: str  # from the root of the walk, with slashes; "" is the root itself
    size: int  # bytes
    modified: int  # nanoseconds since 1970


Tell = Callable[[Path, str], None]


class _Entry(NamedTuple):
    found: os.DirEntry[str]
    relative: str
    ignored: Ignored | None


def single(path: Path) -> File:
    """A file that was named. Raises SourceError if it cannot be looked at."""
    try:
        status = path.stat()
    except OSError as error:
        raise SourceError(unreadable(error)) from error
    return File(path, "", status.st_size, status.st_mtime_ns)


def walk(
    root: Path,
    *,
    include: Collection[str] = (),
    exclude: Collection[str] = (),
    hidden: bool = False,
    is_index: Callable[[Path], bool] = lambda _folder: False,
    on_skip: Tell | None = None,
    on_problem: Tell | None = None,
    only: Collection[str] | None = None,
) -> Iterator[File]:
    """The files of known formats under `root`, sorted by the parts of their paths.

    `include` and `exclude` are globs over the path from `root` or the name alone; a folder excluded is not
    entered. Passed over in silence: what they rule out, hidden files and folders unless `hidden`. Told to `on_skip`,
    with a reason in Russian: other formats, what the .gitignore files from `root` down rule out, folders that hold an
    index, links to folders; and to `on_problem` what cannot be read. `only` are paths from `root`: nothing else is
    looked at. Raises SourceError if `root` itself cannot be.
    """
    tell: Tell = on_skip or (lambda _path, _reason: None)
    fail: Tell = on_problem or tell
    wanted = _Wanted(only) if only is not None else None
    try:
        waiting = [] if is_index(root) else _entries(root, "", None, wanted, fail)
    except OSError as error:
        raise SourceError(unreadable(error)) from error
    while waiting:
        entry, relative, ignored = waiting.pop()
        if (_is_hidden(entry.name) and not hidden) or _matches(entry.name, relative, exclude):
            continue
        path = root / relative
        try:
            folder = entry.is_dir()
            if ignored and ignored.rule_out(relative, folder=folder):
                tell(path, IGNORED)
            elif folder:
                if entry.is_symlink():  # it may lead back up, and the walk would never end
                    tell(path, "ссылка на папку: добавьте саму папку")
                elif is_index(path):
                    tell(path, INDEX)
                else:
                    waiting += _entries(path, f"{relative}/", ignored, wanted, fail)
            elif not include or _matches(entry.name, relative, include):
                if reason := _unfit(entry):
                    tell(path, reason)
                else:
                    status = entry.stat()
                    yield File(path, relative, status.st_size, status.st_mtime_ns)
        except OSError as error:
            if error.errno == ELOOP:
                tell(path, _NO_FILE)
            else:
                fail(path, unreadable(error))


class _Wanted:
    """Some paths, and the folders on the way to them."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = set(paths)
        self._above = {above for path in paths for above in accumulate(path.split("/"), "{}/{}".format)}

    def __contains__(self, relative: str) -> bool:
        return relative in self._above or any(
            above in self._paths for above in accumulate(relative.split("/"), "{}/{}".format)
        )


def _entries(folder: Path, base: str, ignored: Ignored | None, wanted: _Wanted | None, fail: Tell) -> list[_Entry]:
    """What is in the folder, last first: the walk takes from the end."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name, reverse=True)
    if any(entry.name == GITIGNORE and entry.is_file() for entry in found):
        try:
            ignored = Ignored.read(folder, base, ignored)
        except OSError as error:
            fail(folder / GITIGNORE, unreadable(error))
    rows = [_Entry(entry, base + entry.name, ignored) for entry in found]
    return rows if wanted is None else [row for row in rows if row.relative in wanted]


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _NOT_OURS


def _matches(name: str, relative: str, globs: Collection[str]) -> bool:
    return any(fnmatchcase(name, glob) or fnmatchcase(relative, glob) for glob in globs)


def _unfit(entry: os.DirEntry[str]) -> str:
    if ending(entry.name) not in FORMATS:
        return UNKNOWN
    if not entry.is_file():
        return _NO_FILE
    return ""
