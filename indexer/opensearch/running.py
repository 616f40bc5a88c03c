"""A run of adding to a cluster: documents in batches, to one sender here or to several processes at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Any

from opensearchpy import OpenSearch

from indexer.errors import DocumentError, IndexerError
from indexer.model import Document, Problem
from indexer.opensearch.bulk import Outcome, Sender
from indexer.opensearch.connection import Connection
from indexer.segment.record import Prepared
from indexer.tally import OnDocument, Progress, Tally

# So many documents or characters are analysed and sent together.
_BATCH, _CHARACTERS = 500, 2_000_000

Batch = dict[str, Prepared]


class Run(Tally):
    """One run of adding to an index on a cluster. `client` is what a client in another process is made with."""

    def __init__(
        self,
        connection: Connection,
        client: Mapping[str, Any],
        *,
        jobs: int = 1,
        skip: bool = False,
        force: bool = False,
        progress: Progress | None = None,
        on_problem: Callable[[Problem], None] | None = None,
        on_document: OnDocument | None = None,
        index: str | None = None,
    ) -> None:
        """`index` is where to write when that is not behind the name of the index."""
        super().__init__(skip, progress, on_problem, on_document)
        self._connection = connection
        self._client = client
        self._jobs = jobs
        self._force = force
        self._index = index

    def take(self, documents: Iterable[Document]) -> None:
        """Send the documents; of equal ids the last wins. What was acknowledged stays, whatever happens then."""
        if self._jobs == 1:
            sender = Sender(self._connection, self._index)
            for batch in self._batches(documents):
                self._note(sender([*batch.values()], force=self._force))
            return
        with ExitStack() as stack:
            pool = stack.enter_context(
                ProcessPoolExecutor(
                    self._jobs,
                    multiprocessing.get_context("spawn"),
                    _begin,
                    (dict(self._client), self._connection.index),
                )
            )
            stack.callback(pool.shutdown, cancel_futures=True)
            self._spread(documents, pool)

    def _spread(self, documents: Iterable[Document], pool: ProcessPoolExecutor) -> None:
        waiting: dict[Future[Outcome], Batch] = {}
        for batch in self._batches(documents):
            # of two versions of a document the later one must arrive later
            while len(waiting) >= 2 * self._jobs or any(batch.keys() & other.keys() for other in waiting.values()):
                self._collect(waiting)
            waiting[pool.submit(_send, list(batch.values()), self._force, self._index)] = batch
        while waiting:
            self._collect(waiting)

    def _collect(self, waiting: dict[Future[Outcome], Batch]) -> None:
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            del waiting[future]
            try:
                self._note(future.result())
            except BrokenProcessPool as error:
                raise IndexerError(
                    "Рабочий процесс индексации оборвался, вероятно из-за нехватки памяти. Уменьшите --jobs и запустите"
                    " ещё раз: отправленное сохранено"
                ) from error

    def _batches(self, documents: Iterable[Document]) -> Iterator[Batch]:
        batch: Batch = {}
        characters = 0
        for document in documents:
            if (ready := self.prepared(document)) is None:
                continue
            batch[ready.document.id or ""] = ready
            characters += len(ready.document.text)
            if len(batch) >= _BATCH or characters >= _CHARACTERS:
                yield batch
                batch, characters = {}, 0
        if batch:
            yield batch

    def _note(self, outcome: Outcome) -> None:
        for name, done in outcome.done:
            self.took(name, done)
        for problem in outcome.failed:
            if not self.skip:
                raise DocumentError(f"{problem.path}: {problem.reason}")
            self.fail(problem)


_senders: dict[str | None, Sender] = {}
_connections: list[Connection] = []


def _begin(client: Mapping[str, Any], index: str) -> None:
    """In a worker process: its own connections."""
    _connections.append(Connection(OpenSearch(**client), index))


def _send(documents: list[Prepared], force: bool, index: str | None) -> Outcome:
    if index not in _senders:
        _senders[index] = Sender(_connections[0], index)
    return _senders[index](documents, force=force)
