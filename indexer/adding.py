"""A run of adding: documents in batches, a commit a batch, and what came of each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from indexer.errors import DocumentError
from indexer.model import AddReport, Document, Problem
from indexer.segment.record import complete, digest, record
from indexer.segment.store import Store, Writer

# A commit after so many documents or characters: what bounds memory, and what an interruption may cost.
BATCH_DOCUMENTS = 4000
BATCH_CHARACTERS = 32_000_000

# documents done, and how many files there are in all, where that is known
Progress = Callable[[int, int | None], None]


class Run:
    """One run of adding: batches, and what came of them."""

    def __init__(
        self,
        store: Store,
        timeout: float,
        skip: bool,
        progress: Progress | None,
        force: bool,
        on_problem: Callable[[Problem], None] | None = None,
    ) -> None:
        self._store = store
        self._timeout = timeout
        self._skip = skip
        self._progress = progress or (lambda _done, _total: None)
        self._force = force
        self._on_problem = on_problem or (lambda _: None)
        self._counts: Counter[str] = Counter()
        self._failed: list[Problem] = []
        self._began = time.perf_counter()
        self.seen: set[str] = set()
        self.total: int | None = None

    def take(self, documents: Iterable[Document]) -> None:
        """Write the documents, a commit a batch; the last of equal ids wins."""
        for batch in self._batches(documents):
            with self._store.writer(self._timeout) as writer:
                for document in batch:
                    self._write(document, writer)
                    self._progress(self._counts.total() + len(self._failed), self.total)

    def _batches(self, documents: Iterable[Document]) -> Iterator[Iterable[Document]]:
        batch: dict[str | None, Document] = {}
        characters = 0
        for document in documents:
            try:
                ready = complete(document)
            except DocumentError as error:
                if not self._skip:
                    raise
                self.fail(Problem(str(document.id or document.path or ""), str(error)))
                continue
            batch[ready.id] = ready
            characters += len(ready.text)
            if len(batch) >= BATCH_DOCUMENTS or characters >= BATCH_CHARACTERS:
                yield batch.values()
                batch, characters = {}, 0
        if batch:
            yield batch.values()

    def _write(self, document: Document, writer: Writer) -> None:
        fingerprint = digest(document)
        number = writer.before.number(document.id or "")
        if number is not None:
            if not self._force and writer.before.column("digest")[number] == fingerprint:
                self._counts["unchanged"] += 1
                return
            writer.delete(number)
        values, entries = record(document)
        writer.add({**values, "digest": fingerprint}, entries)
        self._counts["added" if number is None else "changed"] += 1

    def fail(self, problem: Problem) -> None:
        """Note what could not be taken."""
        self._failed.append(problem)
        self._on_problem(problem)

    def deleted(self, number: int) -> None:
        """Note that so many documents were deleted by the way."""
        self._counts["deleted"] += number

    def report(self) -> AddReport:
        """What the run did."""
        counts = {name: self._counts[name] for name in ("added", "changed", "deleted", "unchanged")}
        return AddReport(**counts, failed=self._failed, seconds=time.perf_counter() - self._began)
