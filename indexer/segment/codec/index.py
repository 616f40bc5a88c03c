"""Whoosh's index and searcher over a folder of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from whoosh import collectors, index, searching
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import FilterMatcher
from whoosh.query import Query, Term
from whoosh.query.wrappers import WrappingQuery

from indexer.errors import IndexerError
from indexer.segment import toc
from indexer.segment.codec.matcher import Bm25
from indexer.segment.codec.reader import ONLY_READ, whoosh_reader
from indexer.segment.codec.schema import schema
from indexer.segment.codec.writer import Writer, fixed
from indexer.segment.store import Store


class Deleted:
    """The deleted documents of a reader, to ask whether one is among them."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __contains__(self, number: int) -> bool:
        return bool(self._reader.is_deleted(number))


class Live(WrappingQuery):
    """A query without deleted documents: of Whoosh's own, Not may find some."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """The matcher of the query, filtered."""
        found = self.child.matcher(searcher, context)
        return FilterMatcher(found, Deleted(searcher.reader()), exclude=True)


class Searcher(searching.Searcher):
    """Whoosh's searcher, scoring by our BM25 unless another weighting is given."""

    def __init__(self, reader: Any, weighting: Any = None, **options: Any) -> None:
        super().__init__(reader, weighting=weighting or Bm25(), **options)

    def search_with_collector(self, q: Query, collector: Any, context: Any = None) -> None:
        """Run a query; only a single term's best documents are found by skipping blocks."""
        inner = collector
        while isinstance(inner, collectors.WrappingCollector):
            inner = inner.child
        if isinstance(inner, collectors.TopCollector) and not (inner is collector and isinstance(q, Term)):
            inner.usequality, inner.replace = False, 0
        if self.reader().has_deletions() and not isinstance(q, Term):
            q = Live(q)
        super().search_with_collector(q, collector, context)

    def refresh(self) -> Searcher:
        """This one, or where there has been a commit a new one; this one can be used on."""
        if self.up_to_date():
            return self
        fresh: Searcher = self._ix.searcher(weighting=self.weighting)
        return fresh


class FileIndex(index.FileIndex):
    """The index of a folder. Raises IndexNotFound, IndexDamaged, IndexVersionError when it cannot be opened."""

    def __init__(self, folder: str | Path) -> None:
        self._store = Store(Path(folder), create=False)
        self.storage = FileStorage(str(folder))
        self.indexname = "indexer"
        self._schema = schema()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._store.folder)!r})"

    @classmethod
    def create(cls, *_: Any, **__: Any) -> NoReturn:
        """Not here."""
        raise IndexerError("Новый индекс создаёт Index.open(папка, create=True)")

    def latest_generation(self) -> int:
        """The number of the last commit."""
        return self._store.contents().generation

    def last_modified(self) -> float:
        """When that was, in seconds."""
        return (self._store.folder / toc.NAME).stat().st_mtime

    def is_empty(self) -> bool:
        """Whether there are no documents."""
        return not self._store.contents().segments

    def up_to_date(self) -> bool:
        """It always is: readers and searchers are of one commit, the index is not."""
        return True

    @property
    def schema(self) -> Any:
        """The fields."""
        return self._schema

    @property
    def release(self) -> tuple[int, ...]:
        """The version of the format, as Whoosh has it."""
        return (toc.FORMAT,)

    @property
    def version(self) -> int:
        """The version of the format."""
        return toc.FORMAT

    def _read_toc(self) -> NoReturn:
        raise IndexerError(ONLY_READ)

    def reader(self, reuse: Any = None) -> Any:  # noqa: ARG002
        """Whoosh's reader of the last commit."""
        while True:
            generation = self.latest_generation()
            found = self._store.reader()
            if generation == self.latest_generation():
                return whoosh_reader(found, generation, self._store.folder)

    def searcher(self, **options: Any) -> Searcher:
        """A searcher of the last commit; `weighting` is our BM25 unless given."""
        return Searcher(self.reader(), fromindex=self, **options)

    def writer(self, timeout: float = 10.0, **_: Any) -> Writer:
        """The one writer of the index; waits `timeout` seconds for another. Raises IndexLocked."""
        return Writer(self._store, timeout)

    def optimize(self, **options: Any) -> None:
        """Merge all segments into one."""
        self.writer(**options).commit(optimize=True)

    add_field = remove_field = fixed


def open_index(folder: str | Path = "index_data") -> FileIndex:
    """The index of a folder as an index of Whoosh. Raises IndexNotFound, IndexDamaged, IndexVersionError."""
    return FileIndex(folder)
