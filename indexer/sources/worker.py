"""The process that reads files for another one, `python -m indexer.sources.worker`: it may crash or hang.

It is told of files on its standard input and tells on its standard output, by `wire`, for each of them: documents and
problems, and in the end why nothing more of it can be read, or nothing.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import files, wire
from indexer.sources.reasons import NO_MEMORY
from indexer.sources.source import NotNow

READY, DOCUMENT, PROBLEM, END = "ready", "document", "problem", "end"
_TIRED = 4  # a process that has taken this part of its memory is replaced before a file that is innocent meets the end


def main() -> None:
    """Read files until there is nobody to read them for."""
    memory = int(sys.argv[1])
    _limit_memory(memory)
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)  # what a library prints must not stand between our words
    orders: SimpleQueue[list[Any]] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()
    with suppress(BrokenPipeError):
        wire.send(out, READY)
        while True:
            _, path, encoding, seconds = orders.get()
            reason, lasting = _read(path, encoding, seconds, out)
            wire.send(out, END, reason, lasting, _taken() > memory // _TIRED)
    os._exit(0)  # the thread that listens would be in the way of a usual end


def _read(path: str, encoding: str, seconds: float, out: BinaryIO) -> tuple[str | None, bool]:
    """Tell all of a file; why it, or the rest of it, cannot be read, and whether that lies in the file."""
    found = files.read(Path(path), encoding=encoding)
    try:
        while True:
            _limit_time(seconds)
            one = next(found, None)
            if one is None:
                return None, True
            if isinstance(one, Document):
                wire.send(out, DOCUMENT, wire.packed(one))
            else:
                wire.send(out, PROBLEM, one.path, one.reason)
    except SourceError as error:
        return str(error), not isinstance(error, NotNow)
    except MemoryError:
        return NO_MEMORY, True


def _listen(stream: BinaryIO, orders: SimpleQueue[list[Any]]) -> None:
    """Take orders, so that whoever gives them never waits; when he is gone, in whatever way, end."""
    while data := wire.receive(stream):
        orders.put(json.loads(data))
    os._exit(0)


def _limit_memory(size: int) -> None:
    """No more than so many bytes of addresses, and no image of the process on the disk when it crashes."""
    with suppress(ImportError):  # Windows has no such limits
        import resource

        with suppress(ValueError, OSError):  # less than we ask for already
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """The system ends the process after so many seconds of work: who waits for it may be gone, and a regular
    expression that does not end lets no thread of ours notice that."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, 2 * seconds)


def _taken() -> int:
    """The bytes of addresses that the process has now; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[0]
    except OSError:
        return 0
    return int(pages) * mmap.PAGESIZE


if __name__ == "__main__":
    main()
