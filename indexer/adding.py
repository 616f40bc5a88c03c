"""A run of adding: documents in batches, a commit a batch, and what came of each."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from indexer.errors import DocumentError, QueryError
from indexer.model import AddReport, Document, Problem
from indexer.segment.record import complete, prepare, spoken
from indexer.segment.store import Store
from indexer.segment.workers import uncollected
from indexer.segment.writer import MEMORY, Writer, writing

# So many documents or characters are tokenised at once.
BATCH_DOCUMENTS = 1000
BATCH_CHARACTERS = 4_000_000

_MEMORY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([KMGКМГ]?)[iи]?[BБ]?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "К": 1 << 10, "M": 1 << 20, "М": 1 << 20, "G": 1 << 30, "Г": 1 << 30}
_LEAST = 16 << 20

# documents done, and how many files there are in all, where that is known
Progress = Callable[[int, int | None], None]


def in_bytes(memory: str | int) -> int:
    """«256MB», «2 ГБ» or a number of bytes. Raises QueryError for anything else, and for less than 16 MB."""
    match = _MEMORY.fullmatch(str(memory).strip())
    size = int(float(match[1].replace(",", ".")) * _UNITS[match[2].upper()]) if match else 0
    if size < _LEAST:
        raise QueryError(f"memory={memory!r}: нужен размер не меньше 16MB, например 256MB или 2GB")
    return size


def _positive(jobs: int) -> int:
    if not isinstance(jobs, int) or jobs < 1:
        raise QueryError(f"jobs={jobs!r}: нужно целое число не меньше 1")
    return jobs


@contextmanager
def _interruptions_wait() -> Iterator[None]:
    """Ctrl-C takes effect at the end, so that what was taken is whole and can be kept; a second one, at once."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def remember(*_: object) -> None:
        nonlocal came
        came = True
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


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
        memory: str | int = MEMORY,
        jobs: int = 1,
    ) -> None:
        self._store = store
        self._memory = in_bytes(memory)
        self._jobs = _positive(jobs)
        self._timeout = timeout
        self._skip = skip
        self._progress = progress or (lambda _done, _total: None)
        self._force = force
        self._on_problem = on_problem or (lambda _: None)
        self._counts: Counter[str] = Counter()
        self._failed: list[Problem] = []
        self._done = 0
        self._began = time.perf_counter()
        self.seen: set[str] = set()
        self.unread: set[str] = set()  # files of which nothing or not all could be read
        self.total: int | None = None

    def take(self, documents: Iterable[Document]) -> None:
        """Write the documents; the last of equal ids wins. An interrupted run keeps what it has taken."""
        with writing(self._store, self._timeout, self._memory, self._jobs) as writer:
            try:
                for batch in self._batches(documents):
                    with _interruptions_wait():
                        self._write(batch, writer)
            except KeyboardInterrupt:
                writer.keep()
                raise

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

    @uncollected()
    def _write(self, batch: Iterable[Document], writer: Writer) -> None:
        ready = [prepare(document) for document in spoken(batch)]
        there = writer.digests([each.document.id or "" for each in ready])
        fresh = []
        for each, before in zip(ready, there, strict=True):
            if before == each.digest and not self._force:
                self._counts["unchanged"] += 1
            else:
                self._counts["added" if before is None else "changed"] += 1
                fresh.append(each)
            self._done += 1
            self._progress(self._done, self.total)
        writer.add(fresh)

    def fail(self, problem: Problem) -> None:
        """Note what could not be taken."""
        self._failed.append(problem)
        self._done += 1
        self._on_problem(problem)

    def deleted(self, number: int) -> None:
        """Note that so many documents were deleted by the way."""
        self._counts["deleted"] += number

    def report(self) -> AddReport:
        """What the run did."""
        counts = {name: self._counts[name] for name in ("added", "changed", "deleted", "unchanged")}
        return AddReport(**counts, failed=self._failed, seconds=time.perf_counter() - self._began)
