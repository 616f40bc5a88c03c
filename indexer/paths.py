"""How an index names files: relative to the folder that it lies in where they lie below that, else in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os.path import abspath
from pathlib import Path

# Between a file and what is in it: «книга.zip!/глава 1.txt», «почта.mbox!/3».
MEMBER = "!/"


class Paths:
    """The names of files, with slashes, for an index in the folder `base`."""

    def __init__(self, base: Path | None) -> None:
        """Without `base` all are named in full."""
        self._base = "" if base is None else _full(base)
        self._below = "" if base is None else self._base.rstrip("/") + "/"

    def stored(self, path: str | Path) -> str:
        """A file's path as the index keeps it."""
        return self._name(_full(path))

    def under(self, root: str | Path) -> Callable[[str], str]:
        """From the path of a file from `root` on («» is `root` itself) to its path as the index keeps it."""
        full = _full(root)
        above = full.rstrip("/") + "/"
        return lambda relative: self._name(above + relative if relative else full)

    def prefix(self, root: str | Path) -> str:
        """What the stored paths of all files below a folder begin with; "" where those below the index's do."""
        stored = self.stored(root)
        return "" if stored == "." else stored.rstrip("/") + "/"

    @staticmethod
    def among(stored: Iterable[str], prefix: str) -> set[str]:
        """Those of the stored paths that are below a folder of this prefix."""
        return {path for path in stored if (path.startswith(prefix) if prefix else not Path(path).is_absolute())}

    def file(self, stored: str) -> Path:
        """Where the file of a stored path is: the reverse of `stored`."""
        return Path(self._base) / stored

    def exists(self, stored: str) -> bool:
        """Whether there is a file of a stored path; one that may not be looked at is there."""
        try:
            return self.file(stored).exists()
        except OSError:
            return True

    def _name(self, full: str) -> str:
        return "." if full == self._base else full.removeprefix(self._below)


def _full(path: str | Path) -> str:
    # not resolve(): a link is found under the name that its owner gave it
    return Path(abspath(path)).as_posix()  # noqa: PTH100
