"""Folders that are followed: what changes in them goes into the index within seconds.

By watchfiles, the extra `watch`: inotify, FSEvents or what else the system has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from os.path import abspath
from pathlib import Path
from threading import Event
from typing import Any

from indexer.errors import IndexerError, IndexLocked, SourceError
from indexer.index import Index
from indexer.model import AddReport
from indexer.segment.store import holds_index
from indexer.sources.gitignore import NAME as GITIGNORE

# Milliseconds: changes are gathered until nothing has happened for a while, or for so long in all.
_QUIET, _LONGEST = 200, 2000
_TURN = 500  # and how often to look whether to stop, or to try again

_MISSING = "Чтобы следить за папкой, нужна библиотека watchfiles: pip install 'indexer[watch]'"
_NO_WATCH = (
    "Система не даёт следить за папкой ({error}). Если дело в числе папок, увеличьте fs.inotify.max_user_watches;"
    " иначе повторяйте indexer add --prune по расписанию"
)


def watch(
    index: Index,
    folders: Sequence[str | Path],
    *,
    on_report: Callable[[AddReport], None],
    on_locked: Callable[[IndexLocked], None] = lambda _error: None,
    stop: Event | None = None,
    **options: Any,
) -> None:
    """Add the folders, forget what is gone from them, and go on so with all that changes, until `stop` is set.

    `on_report` is called once for every batch of changes that was committed. Another writer is waited for: `on_locked`
    is told, and the changes are kept. `options` are those of `Index.add_path`. Raises IndexerError where watchfiles is
    not installed or the system cannot follow so many folders, SourceError when a folder is gone.
    """
    if files := [str(folder) for folder in folders if not Path(folder).is_dir()]:
        raise SourceError(f"Следить можно только за папкой: {', '.join(files)}")
    roots = [Path(abspath(folder)) for folder in folders]  # noqa: PTH100  (a link keeps its name)
    pending: dict[Path, set[str] | None] = dict.fromkeys(roots)
    for changed in _changes(roots, stop or Event()):
        for root in roots:
            found = {_relative(path, root) for path in changed if _is_of(path, root)}
            if found and pending.get(root, found) is not None:
                rules = any(name.endswith(GITIGNORE) for name in found)
                pending[root] = None if rules else (pending.get(root) or set()) | found
        try:
            for root in list(pending):
                on_report(_taken(index, root, pending[root], options))
                del pending[root]
        except IndexLocked as error:
            on_locked(error)


def _is_of(path: Path, root: Path) -> bool:
    """Whether a path is below a folder, and not what an index there writes for itself."""
    return path.is_relative_to(root) and not any(
        holds_index(above) for above in path.parents if above.is_relative_to(root)
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _taken(index: Index, root: Path, only: set[str] | None, options: dict[str, Any]) -> AddReport:
    """Take what has changed in a folder: all of it, or some paths."""
    if only is None or "." in only:
        return index.add_path(root, prune=True, **options)
    report = index.add_path(root, only=only, **options)
    gone = [root / name for name in sorted(only) if not (root / name).exists()]
    deleted = sum(index.delete_path(path) for path in gone)
    return AddReport(
        report.added, report.changed, report.deleted + deleted, report.unchanged, report.failed, report.seconds
    )


def _changes(roots: Sequence[Path], stop: Event) -> Iterator[set[Path]]:
    """Paths that have changed, again and again; nothing at first, when changes are seen already."""
    try:
        from watchfiles import watch as follow
    except ImportError as error:
        raise IndexerError(_MISSING) from error
    options: dict[str, Any] = {"debounce": _LONGEST, "step": _QUIET, "rust_timeout": _TURN, "yield_on_timeout": True}
    options["ignore_permission_denied"] = True
    try:
        for changed in follow(*roots, watch_filter=None, stop_event=stop, **options):
            yield {Path(path) for _, path in changed}
    except OSError as error:
        raise IndexerError(_NO_WATCH.format(error=error.strerror or error)) from error
