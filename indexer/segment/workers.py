"""Who builds segments: one builder here, or several at once, each in a process of its own."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from indexer.errors import IndexerError
from indexer.segment.builder import Builder, Built, Lore
from indexer.segment.record import Prepared

# So many objects may come, more than go, before cycles are looked for: some twenty-five batches of documents.
_SELDOM = 50_000
_DIED = (
    "Рабочий процесс индексации оборвался, вероятно из-за нехватки памяти."
    " Уменьшите --memory или --jobs и запустите ещё раз"
)


class Done(NamedTuple):
    """A segment that was built, and the languages that its words were read in."""

    built: Built
    languages: set[str]


class Builders(Protocol):
    """One builder or several: each builds one segment between `begin` and `finish`."""

    size: int
    full: bool
    lore: Lore | None  # for the builder of the next turn of writing, where it has use of it

    def begin(self, names: Sequence[str], memory: int) -> None:
        """Begin `size` segments of these names, with so many bytes of memory in all."""

    def add(self, documents: Sequence[Prepared]) -> tuple[int, int]:
        """Take some documents; which builder has them, and the number of the first there."""

    def finish(self) -> list[Done | None]:
        """The segments, on disk; None of a builder that had nothing to do."""

    def abandon(self) -> None:
        """Leave what was begun; nothing refers to its files."""

    def stop(self) -> None:
        """The end of it."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: there are none, and it would walk through all the words again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """With a collector of cycles that comes seldom, for what is between the batches and not all ours."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _SELDOM) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Alone:
    """One builder, in this process."""

    size = 1

    def __init__(self, folder: Path, lore: Lore | None = None) -> None:
        self._folder = folder
        self.lore = lore
        self._builder: Builder | None = None
        self.full = False

    def begin(self, names: Sequence[str], memory: int) -> None:
        """Begin the segment."""
        self.lore = Lore() if self.lore is None or self.lore.heavy else self.lore
        self._builder = Builder(self._folder, names[0], memory, self.lore)
        self.full = False

    def add(self, documents: Sequence[Prepared]) -> tuple[int, int]:
        """Take some documents; which builder has them, and the number of the first there."""
        assert self._builder is not None, "not begun"
        first = len(self._builder)
        with uncollected():
            self._builder.add(documents)
        self.full = self._builder.full
        return 0, first

    def finish(self) -> list[Done | None]:
        """The segment, on disk."""
        assert self._builder is not None, "not begun"
        builder, self._builder = self._builder, None
        with uncollected():
            return [Done(builder.finish(), builder.languages)]

    def abandon(self) -> None:
        """Leave what was begun, and what was learnt: it may be half of something."""
        self.lore = None
        if self._builder is not None:
            self._builder.abandon()
            self._builder = None

    def stop(self) -> None:
        """Nothing to end."""


def _serve(pipe: Connection, folder: Path, copies: Sequence[Connection]) -> None:
    """The life of a worker: does what it is told; every answer is (result, error).

    A fork has copies of the other ends of the pipes: while they are open, nobody learns that the one who gives the
    orders was killed, and the workers would hold the lock of the index for ever.
    """
    for copy in copies:
        copy.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who gives the orders says when to end
    builder = Alone(folder)
    orders: dict[str, Callable[..., Any]] = {
        name: getattr(builder, name) for name in ("begin", "add", "finish", "abandon")
    }
    with suppress(EOFError, OSError):
        while True:
            order, arguments = pipe.recv()
            try:
                answer: Any = orders[order](*arguments)
            except Exception as error:
                pipe.send((None, error))
            else:
                pipe.send((builder.full if order == "add" else answer, None))


class _Worker:
    """A builder in another process. One order is on its way at a time; `wait` has the answer to it."""

    def __init__(self, folder: Path, others: Sequence[_Worker]) -> None:
        """`others` are the workers before it, of whose pipes a fork has copies."""
        # a fork shares what is loaded already; where there is none, a new process loads it again
        fork = sys.platform == "linux"
        context: Any = multiprocessing.get_context("fork" if fork else "spawn")
        self._pipe, other = context.Pipe()
        copies = [*(worker._pipe for worker in others), self._pipe] if fork else []
        self._process = context.Process(target=_serve, args=(other, folder, copies), daemon=True)
        self._process.start()
        other.close()
        self._waiting = False

    def tell(self, order: str, *arguments: Any) -> None:
        """Give an order, when the one before has been carried out."""
        self.wait()
        try:
            self._pipe.send((order, arguments))
        except OSError as error:
            raise IndexerError(_DIED) from error
        self._waiting = True

    def wait(self) -> Any:
        """What the last order came to; None when that is known already."""
        if not self._waiting:
            return None
        self._waiting = False
        try:
            answer, error = self._pipe.recv()
        except (EOFError, OSError) as gone:
            raise IndexerError(_DIED) from gone
        if error is not None:
            raise error
        return answer

    def stop(self) -> None:
        """End the process; one that is in the middle of something is given a moment."""
        self._pipe.close()
        self._process.join(1)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


class Gang:
    """Builders in processes of their own, which take turns with the documents."""

    lore: Lore | None = None

    def __init__(self, folder: Path, jobs: int) -> None:
        self._workers: list[_Worker] = []
        for _ in range(jobs):
            self._workers.append(_Worker(folder, self._workers))
        self._sizes = [0] * jobs
        self._next = 0
        self.size = jobs
        self.full = False

    def begin(self, names: Sequence[str], memory: int) -> None:
        """Begin a segment with every worker."""
        for worker, name in zip(self._workers, names, strict=True):
            worker.tell("begin", [name], memory // self.size)
        self._sizes = [0] * self.size
        self.full = False

    def add(self, documents: Sequence[Prepared]) -> tuple[int, int]:
        """Hand some documents to the next worker; which worker has them, and the number of the first there."""
        turn, self._next = self._next, (self._next + 1) % self.size
        worker, first = self._workers[turn], self._sizes[turn]
        self.full |= bool(worker.wait())  # of the documents before
        worker.tell("add", documents)
        self._sizes[turn] += len(documents)
        return turn, first

    def finish(self) -> list[Done | None]:
        """The segments, on disk; None of a worker that had nothing to do."""
        for worker, size in zip(self._workers, self._sizes, strict=True):
            worker.tell("finish" if size else "abandon")
        answers = [worker.wait() for worker in self._workers]
        return [answer and answer[0] for answer in answers]

    def abandon(self) -> None:
        """Leave what was begun."""
        for worker in self._workers:
            with suppress(IndexerError):
                worker.tell("abandon")
                worker.wait()

    def stop(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.stop()
