"""Whoosh's writer over one turn of our own writing."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import Any, NoReturn

from whoosh import index, writing

from indexer.errors import DocumentError, IndexerError, IndexLocked
from indexer.model import Document
from indexer.segment import writer as engine
from indexer.segment.codec.reader import whoosh_reader
from indexer.segment.codec.schema import schema
from indexer.segment.record import Prepared, prepare
from indexer.segment.store import Store

_BATCH = 1000
_FIXED = "Поля этого индекса не меняются; свои значения кладите в fields документа"


class Locked(IndexLocked, index.LockError):
    """Another process is writing; also what Whoosh raises then, so that its AsyncWriter waits."""


def fixed(*_: Any, **__: Any) -> NoReturn:
    """What adding or removing a field does."""
    raise IndexerError(_FIXED)


class _Cancelled(Exception):
    """Leaves the turn of writing without a commit."""


class Writer(writing.IndexWriter):
    """One turn of writing. `commit` or `cancel` ends it; as a context manager it does that itself.

    Documents that take more memory than a segment may are committed on the way: that much a `cancel` does not undo.
    """

    def __init__(self, store: Store, timeout: float) -> None:
        self.schema = schema()
        self._folder = store.folder
        self._turn = ExitStack()
        try:
            self._engine = self._turn.enter_context(engine.writing(store, timeout))
        except IndexLocked as error:
            raise Locked(str(error)) from error
        self._before = self._engine.before  # what document numbers refer to
        self._generation = store.contents().generation
        self._waiting: dict[str, Prepared] = {}
        self._added: set[str] = set()

    def reader(self, **_: Any) -> Any:
        """The state before this turn."""
        return whoosh_reader(self._before, self._generation, self._folder)

    def add_document(
        self, text: str = "", title: str = "", id: str | None = None, path: str | None = None, date: Any = None,
        lang: str | None = None, fields: Any = None, **more: Any,
    ) -> None:  # fmt: skip
        """Add a document, replacing that of the same id; what has no field of its own goes into `fields`.

        Raises DocumentError for one that cannot be taken.
        """
        if unknown := [name for name in more if name.startswith("_")]:
            raise DocumentError(f"Поля {unknown} не поддерживаются: веса и отдельное хранимое значение")
        given = Document(text, id=id, title=title, path=path, date=date, lang=lang, fields={**(fields or {}), **more})
        ready = prepare(given)
        identity = ready.document.id or ""
        self._waiting[identity] = ready
        self._added.add(identity)
        if len(self._waiting) >= _BATCH:
            self._flush()

    update_document = add_document

    def _flush(self) -> None:
        self._engine.add(list(self._waiting.values()))
        self._waiting = {}

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a document by its number in the state before this turn."""
        if not delete:
            raise IndexerError("Удалённый документ нельзя вернуть; добавьте его заново")
        identity = self._before.head(docnum)["id"]
        if identity not in self._added:  # else it is replaced already
            self._engine.delete(identity)

    add_field = remove_field = fixed

    def commit(self, optimize: bool = False, **_: Any) -> None:
        """Everything on disk and to be seen; `optimize` merges all segments into one."""
        with self._turn.pop_all():
            self._flush()
            if optimize:
                self._engine.compact()

    def cancel(self) -> None:
        """Nothing of it."""
        with suppress(_Cancelled), self._turn.pop_all():
            raise _Cancelled
