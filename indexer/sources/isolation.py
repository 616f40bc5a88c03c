"""Files read in processes that may crash or hang: that costs the file, and not the run.

The processes read ahead while the caller is busy with what they found, up to a bound of files, and of bytes that nobody
has asked for yet. What is harmless is read here, and where there is nothing else no process is started.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.errors import SourceError
from indexer.sources import files, worker
from indexer.sources.process import Process, Task
from indexer.sources.source import Found

MEMORY = 2 << 30  # bytes of addresses: Python, NumPy, PDFium take .12 GB; the most that an honest file took, .83
SECONDS = 60.0  # without a word of a file, and one more for every MB of it
_AHEAD = 512  # files that are known beforehand


class Parsers:
    """Up to `jobs` processes that read files; to be closed, or used as a context manager."""

    def __init__(
        self, jobs: int = 1, *, seconds: float = SECONDS, memory: int = MEMORY, module: str = worker.__name__
    ) -> None:
        """`seconds` is how long a file may keep silent, and a second more for each of its megabytes; `memory` how many
        bytes a process may take, where the system can tell it (Linux)."""
        self._jobs = jobs
        self._seconds = seconds
        self._module = module
        self._memory = memory
        self._processes: list[Process] = []

    def read(self, wanted: Iterable[tuple[Path, str]]) -> Iterator[tuple[Path, Found]]:
        """Each file (path, encoding) with what is found in it, in the order of the files.

        What is found is that of `files.read`, dates as strings; it must be taken before the next file is asked for.
        SourceError is also for a file on which a process crashes, keeps silent for too long or takes too much memory.
        Raises IndexerError where no process can be started.
        """
        rest = iter(wanted)
        ahead: deque[Task] = deque()
        try:
            while True:
                for path, encoding in rest:
                    ahead.append(self._begun(path, encoding))
                    if len(ahead) >= _AHEAD:
                        break
                if not ahead:
                    return
                task = ahead[0]
                if task.process is None:
                    yield task.path, files.read(task.path, encoding=task.encoding)
                else:
                    yield task.path, task.process.found(task)
                    _leave(task, task.process)
                ahead.popleft()
        finally:
            if ahead:
                self.close()  # the processes are about files that nobody asks for any more

    def _begun(self, path: Path, encoding: str) -> Task:
        """The file as a task, which somebody has been given unless it is to be done here."""
        task = Task(path, encoding)
        if files.harmless(path):
            return task
        with suppress(OSError, ValueError):  # `files.read` will say what is the matter
            task.size = path.stat().st_size
        task.seconds = self._seconds + task.size / 1e6
        freest = min(self._processes, key=lambda process: process.load, default=None)
        if freest is None or (freest.load and len(self._processes) < self._jobs):
            freest = Process(self._module, self._memory)
            self._processes.append(freest)
        freest.take(task)
        return task

    def close(self) -> None:
        """End the processes, whatever they are about."""
        for process in self._processes:
            process.stop()
        self._processes.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _leave(task: Task, process: Process) -> None:
    """Let go of what nobody took of a file."""
    with suppress(SourceError):
        for _ in process.found(task):
            pass
