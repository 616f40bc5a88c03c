"""A folder → the files in it that can be read as documents, in order."""

from collections.abc import Callable, Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from indexer.errors import SourceError
from indexer.sources.files import FORMATS, ending
from indexer.sources.reasons import unreadable

_NOT_OURS = ("node_modules", "__pycache__")  # like hidden ones: made by tools, not written by people

# The reason given to `on_skip` for a file that no row of `FORMATS` reads.
UNKNOWN = "неизвестный формат"


def walk(
    root: Path,
    *,
    include: Collection[str] = (),
    exclude: Collection[str] = (),
    hidden: bool = False,
    is_index: Callable[[Path], bool] = lambda _folder: False,
    on_skip: Callable[[Path, str], None] | None = None,
) -> Iterator[Path]:
    """The files of known formats under `root`, sorted by the parts of their paths.

    `include` and `exclude` are globs over the path from `root` or the name alone; a folder excluded is not
    entered. Passed over in silence: what they rule out, hidden files and folders unless `hidden`, folders
    that hold an index. Told to `on_skip`, with a reason in Russian: other formats, links to folders, what
    cannot be read.
    Raises SourceError if `root` itself cannot be.
    """
    tell = on_skip or (lambda _path, _reason: None)
    try:
        waiting = [] if is_index(root) else _entries(root)
    except OSError as error:
        raise SourceError(unreadable(error)) from error
    while waiting:
        path = waiting.pop()
        if (_is_hidden(path) and not hidden) or _matches(path, root, exclude):
            continue
        try:
            if path.is_dir():
                if path.is_symlink():  # it may lead back up, and the walk would never end
                    tell(path, "ссылка на папку: добавьте саму папку")
                elif not is_index(path):
                    waiting += _entries(path)
            elif not include or _matches(path, root, include):
                reason = _unfit(path)
                if reason:
                    tell(path, reason)
                else:
                    yield path
        except OSError as error:
            tell(path, unreadable(error))


def _entries(folder: Path) -> list[Path]:
    """What is in the folder, last first: the walk takes from the end."""
    return sorted(folder.iterdir(), reverse=True)


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name in _NOT_OURS


def _matches(path: Path, root: Path, globs: Collection[str]) -> bool:
    names = (path.name, path.relative_to(root).as_posix())
    return any(fnmatchcase(name, glob) for name in names for glob in globs)


def _unfit(path: Path) -> str:
    if ending(path.name) not in FORMATS:
        return UNKNOWN
    if not path.is_file():
        return "не файл: ссылка в никуда или устройство"
    return ""
