"""What an index can do, wherever it lies: `Index` in a folder, `opensearch.RemoteIndex` on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from indexer.model import AddReport, CheckReport, Document, IndexStats, Problem
from indexer.results import Results


class AnyIndex(Protocol):
    """An index; what its methods take and promise is said at `Index`."""

    @property
    def place(self) -> str:
        """Where the index lies, to be shown."""

    def add(self, document: Document) -> None:
        """Add a document; one of the same id is replaced."""

    @property
    def add_many(self) -> Callable[..., AddReport]:
        """Add documents."""

    @property
    def add_path(self) -> Callable[..., AddReport]:
        """Add a file or a folder."""

    def delete(self, *ids: str) -> int:
        """Delete documents by id; how many there were."""

    def delete_path(self, path: str | Path) -> int:
        """Delete the documents of a file or of a folder; how many there were."""

    @property
    def search(self) -> Callable[..., Results]:
        """The hits of a query, best first."""

    @property
    def similar(self) -> Callable[..., Results]:
        """The documents most like one of the index."""

    @property
    def like(self) -> Callable[..., Results]:
        """The documents most like one that is not in the index."""

    def suggest(self, word: str, limit: int = 5) -> list[str]:
        """Words of the index that may have been meant by this one."""

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Words of the index that begin so."""

    def get(self, identity: str) -> Document:
        """The document of an id."""

    def export(self) -> Iterator[Document]:
        """All documents."""

    def problems(self) -> Iterator[Problem]:
        """What could not be read of the files added."""

    def stats(self) -> IndexStats:
        """The index in numbers."""

    def check(self) -> CheckReport:
        """Whether it is whole."""

    def compact(self) -> None:
        """Let it take less place."""

    def relemmatise(self) -> None:
        """Bring it up to date after a change of dictionaries."""

    def stored_path(self, path: str | Path) -> str:
        """A file's path as the index keeps it."""

    def file(self, stored: str) -> Path:
        """Where the file of a stored path is."""

    def __len__(self) -> int: ...

    def __contains__(self, identity: object) -> bool: ...

    def close(self) -> None:
        """Let go of what is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
