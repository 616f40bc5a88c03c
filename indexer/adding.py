"""A run of adding: documents in batches, a commit a batch, and what came of each."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple, Self

from indexer.errors import QueryError
from indexer.model import Document, Problem
from indexer.segment.ledger import Row, file_of
from indexer.segment.record import Prepared
from indexer.segment.store import Store
from indexer.segment.workers import seldom_collected, uncollected
from indexer.segment.writer import MEMORY, Writer, writing
from indexer.tally import OnDocument, Outcome, Progress, Tally

# So many documents or characters are tokenised at once.
BATCH_DOCUMENTS = 1000
BATCH_CHARACTERS = 4_000_000

_MEMORY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([KMGКМГ]?)[iи]?[BБ]?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "К": 1 << 10, "M": 1 << 20, "М": 1 << 20, "G": 1 << 30, "Г": 1 << 30}
_LEAST = 16 << 20


def in_bytes(memory: str | int) -> int:
    """«256MB», «2 ГБ» or a number of bytes. Raises QueryError for anything else, and for less than 16 MB."""
    match = _MEMORY.fullmatch(str(memory).strip())
    size = int(float(match[1].replace(",", ".")) * _UNITS[match[2].upper()]) if match else 0
    if size < _LEAST:
        raise QueryError(f"memory={memory!r}: нужен размер не меньше 16MB, например 256MB или 2GB")
    return size


def skips(on_error: str) -> bool:
    """Whether bad documents are skipped. Raises QueryError for a word that is neither."""
    if on_error not in ("raise", "skip"):
        raise QueryError(f"on_error={on_error!r}: нужно 'raise' или 'skip'")
    return on_error == "skip"


def _positive(jobs: int) -> int:
    if not isinstance(jobs, int) or jobs < 1:
        raise QueryError(f"jobs={jobs!r}: нужно целое число не меньше 1")
    return jobs


class _Interruptions:
    """Ctrl-C while a turn of writing lasts: it takes effect between two batches, and once.

    What was taken is kept then; whoever presses again, because that takes a while, must not lose it.
    """

    def __init__(self) -> None:
        self._usual: Any = None
        self._holding = self._came = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.getsignal(signal.SIGINT)
            if callable(self._usual):
                signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, *_: object) -> None:
        if callable(self._usual):
            signal.signal(signal.SIGINT, self._usual)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._came:
            return
        try:
            self._usual(number, frame)
        except KeyboardInterrupt:
            self._came = True
            if not self._holding:
                raise

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Until this is over, nothing is interrupted."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._came:
            raise KeyboardInterrupt


class Moved(NamedTuple):
    """A document that is in the index under another id, because its file had another name."""

    document: Document
    before: str


# What a run takes: documents, and behind those of a file what is to be known of it.
Item = Document | Moved | Row


class _Batch:
    """Documents of different ids, and the files that end with them."""

    def __init__(self) -> None:
        self.documents: dict[str, Prepared] = {}
        self.before: dict[str, str] = {}  # of those that moved: their ids until now
        self.rows: list[Row] = []
        self.characters = 0

    @property
    def full(self) -> bool:
        return len(self.documents) >= BATCH_DOCUMENTS or self.characters >= BATCH_CHARACTERS


class Run(Tally):
    """One run of adding to a local index."""

    def __init__(
        self,
        store: Store,
        timeout: float,
        skip: bool,
        progress: Progress | None,
        force: bool,
        on_problem: Callable[[Problem], None] | None = None,
        memory: str | int = MEMORY,
        jobs: int = 1,
        on_document: OnDocument | None = None,
    ) -> None:
        super().__init__(skip, progress, on_problem, on_document)
        self._store = store
        self._memory = in_bytes(memory)
        self._jobs = _positive(jobs)
        self._timeout = timeout
        self._force = force
        self._interruptions = _Interruptions()
        self._shared: set[str] = set()  # files that have ids in common with others: the last one wins, every time

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The writer of the run. An interrupted run keeps what it has taken."""
        with (
            self._interruptions,
            seldom_collected(),
            writing(self._store, self._timeout, self._memory, self._jobs) as writer,
        ):
            try:
                yield writer
            except KeyboardInterrupt:
                writer.keep()
                raise

    def take(self, items: Iterable[Item], writer: Writer) -> None:
        """Write the documents; the last of equal ids wins.

        What was known of the file of a document that a program, or another file, has another for now is forgotten.
        """
        for batch in self._batches(items):
            with self._interruptions.hold():
                self._write(batch, writer)

    def _batches(self, items: Iterable[Item]) -> Iterator[_Batch]:
        batch = _Batch()
        try:
            for item in items:
                self._put(item, batch)
                if batch.full:
                    yield batch
                    batch = _Batch()
        except KeyboardInterrupt:  # it may have taken minutes to read so much
            yield batch
            raise
        if batch.documents or batch.rows:
            yield batch

    def _put(self, item: Item, batch: _Batch) -> None:
        if isinstance(item, Row):
            batch.rows.append(item)
            return
        document, before = item if isinstance(item, Moved) else (item, None)
        if (ready := self.prepared(document)) is None:
            return
        identity = ready.document.id or ""
        if (other := batch.documents.get(identity)) is not None:
            self._share(other.document.path, ready.document.path)
        batch.documents[identity] = ready
        batch.characters += len(ready.document.text)
        if before is not None:
            batch.before[identity] = before

    @uncollected()
    def _write(self, batch: _Batch, writer: Writer) -> None:
        fresh, replaced = [], []
        for each, same in zip(batch.documents.values(), writer.same([*batch.documents.values()]), strict=True):
            identity = each.document.id or ""
            outcome: Outcome = "added" if same is None and identity not in batch.before else "changed"
            if same and not self._force:
                outcome = "unchanged"
            else:
                fresh.append(each)
                if same is not None and identity not in batch.before:
                    replaced.append(each.document)
            self.took(each.document.path or identity, outcome)
        for document, path in zip(replaced, writer.paths([one.id or "" for one in replaced]), strict=True):
            if path:
                self._share(path, document.path)
                writer.ledger.forget([path])
        for identity, other in batch.before.items():
            if other != identity:
                writer.delete(other)
        writer.add(fresh)
        for row in batch.rows:
            if row.path in self._shared:
                writer.ledger.forget([row.path])
            else:
                writer.ledger.note(row)

    def _share(self, one: str | None, other: str | None) -> None:
        """Two documents of one id: when they are of different files, both are to be read every time."""
        if one and other and file_of(one) != file_of(other):
            self._shared |= {file_of(one), file_of(other)}
