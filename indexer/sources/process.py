"""One process that reads files, as seen from outside: told of them, listened to, and replaced when it is lost.

It is started as a new program: a fork of a program with threads may stand still, and multiprocessing would import the
caller's own main module.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Any, BinaryIO, cast

from indexer.errors import IndexerError, SourceError
from indexer.model import Problem
from indexer.sources import wire, worker
from indexer.sources.source import Found, NotNow

_ROOM = 32 << 10  # bytes of orders on their way: a pipe holds more, so that who gives them never waits
_KEPT = 8 << 20  # bytes of answers that nobody has asked for yet
_START = 60.0  # seconds until a process is there
_END = 5.0  # seconds until one whose output has ended is gone

_SAVE_ANEW = "откройте его в той программе, где он сделан, и сохраните заново"
_NO_START = "Процесс, который читает файлы, не запускается: проверьте, хватает ли памяти и цела ли установка Python"


@dataclass(slots=True, eq=False)
class Task:
    """A file to be read, by a process if it has one; `seconds` is how long nothing may be heard of it."""

    path: Path
    encoding: str
    size: int = 0
    seconds: float = 0.0
    process: Process | None = None

    @property
    def weight(self) -> int:
        """The bytes of the order to read it, more or less."""
        return 3 * len(str(self.path)) + 64


class Process:
    """A process that reads files one after another; a new one takes its place when it is lost."""

    def __init__(self, module: str, memory: int) -> None:
        self._command = [sys.executable, "-P", "-m", module, str(memory)]
        self._tasks: deque[Task] = deque()  # in the order in which they are read, and asked for
        self._told = 0  # so many of them
        self._room = _ROOM
        self._program: _Program | None = None

    @property
    def load(self) -> int:
        """How much there is to read, in bytes."""
        return sum(task.size + 1 for task in self._tasks)

    def take(self, task: Task) -> None:
        """Read the file when those before it are done. Raises IndexerError where no process can be started."""
        task.process = self
        self._tasks.append(task)
        self._tell()

    def found(self, task: Task) -> Found:
        """What is found in a file, the first of those that are not done; nothing in one that is.

        Raises SourceError as `files.read`, and for what the process does not survive.
        """
        if not self._tasks or self._tasks[0] is not task:
            return
        failure: SourceError | None
        self._tell()
        try:
            while (said := self._answer(task))[0] != worker.END:
                yield _value(*said)
            reason, lasting, tired = said[1]
            failure = None if reason is None else (SourceError if lasting else NotNow)(str(reason))
        except (TimeoutError, EOFError, ValueError) as error:
            failure, tired = self._loss(error, task), True
        self._tasks.popleft()
        self._told -= 1
        self._room += task.weight
        if tired:
            self.stop()
        self._tell()
        if failure is not None:
            raise failure

    def stop(self) -> None:
        """End it, in the middle of a file too. Files that are not done are for the next one."""
        if self._program is not None:
            self._program.end(0)
        self._program, self._told, self._room = None, 0, _ROOM

    def _tell(self) -> None:
        """Tell of the next files, so far as there is room for orders."""
        if self._tasks and self._program is None:
            self._program = _Program(self._command)
        while self._program and self._told < len(self._tasks) and self._room > 0:
            task = self._tasks[self._told]
            self._program.tell(str(task.path), task.encoding, task.seconds)
            self._told += 1
            self._room -= task.weight

    def _answer(self, task: Task) -> tuple[str, list[Any]]:
        assert self._program
        return wire.parse(self._program.answer(task.seconds))

    def _loss(self, error: Exception, task: Task) -> SourceError:
        """Why the process was lost, and what to do about the file."""
        assert self._program
        ended = isinstance(error, EOFError)
        how = _named(self._program.end(_END)) if ended else "ответ непонятен"
        if isinstance(error, TimeoutError) or how == "SIGPROF":
            return SourceError(f"не прочитан за {task.seconds:.0f} с: {_SAVE_ANEW} или разделите на части")
        if how == "SIGKILL":
            return NotNow(
                "чтение прервала система, скорее всего из-за нехватки памяти: освободите её или разделите файл"
            )
        return SourceError(f"чтение обрывается ({how}): файл повреждён или слишком сложен, {_SAVE_ANEW}")


class _Program:
    """A program that runs, and what it says, which a thread reads up to a bound of bytes before it is asked for."""

    def __init__(self, command: list[str]) -> None:
        variables = {
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),  # it finds what we have found, and nothing else
            "PYTHONUTF8": str(sys.flags.utf8_mode),
        }
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 16,
                env=variables,
                start_new_session=True,  # Ctrl-C is for us alone
            )
        except OSError as error:
            raise IndexerError(_NO_START) from error
        self._ready = False
        self._answers: deque[bytes | None] = deque()
        self._size = 0
        self._over = False
        self._changed = Condition()
        self._thread = Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def tell(self, *order: object) -> None:
        """Give an order. That the program is gone will be learnt from its answer."""
        with suppress(OSError):
            wire.send(cast(BinaryIO, self._process.stdin), "read", *order)

    def answer(self, seconds: float) -> bytes:
        """What it says next. Raises TimeoutError after so many seconds, and EOFError where it says no more.

        Raises IndexerError for a program that did not even begin.
        """
        if not self._ready:
            try:
                self._ready = wire.parse(self._next(_START))[0] == worker.READY
            except (TimeoutError, EOFError, ValueError) as error:
                raise IndexerError(_NO_START) from error
        return self._next(seconds)

    def _next(self, seconds: float) -> bytes:
        with self._changed:
            if not self._changed.wait_for(lambda: self._answers, seconds):
                raise TimeoutError
            found = self._answers[0]
            if found is None:
                raise EOFError
            self._answers.popleft()
            self._size -= len(found)
            self._changed.notify_all()
            return found

    def _listen(self, stream: BinaryIO) -> None:
        with stream:
            while not self._over:
                data = wire.receive(stream)
                with self._changed:
                    self._changed.wait_for(lambda: self._size < _KEPT or self._over)
                    self._answers.append(data)
                    self._size += len(data or b"")
                    self._changed.notify_all()
                if data is None:
                    return

    def end(self, patience: float) -> int:
        """End it, having waited for it to end by itself for so many seconds; the code that it ended with."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self._process.kill()
        with self._changed:
            self._over = True
            self._changed.notify_all()
        with suppress(OSError):  # an order may still be in the buffer
            cast(BinaryIO, self._process.stdin).close()
        self._thread.join(1)
        return self._process.wait()


def _value(kind: str, values: list[Any]) -> Any:
    """The document or problem of an answer. Raises ValueError for anything else."""
    if kind == worker.DOCUMENT:
        return wire.unpacked(values)
    if kind != worker.PROBLEM or len(values) != 2:
        raise ValueError(kind)
    return Problem(str(values[0]), str(values[1]))


def _named(code: int) -> str:
    """How a process ended, in a word."""
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"код {code}"
