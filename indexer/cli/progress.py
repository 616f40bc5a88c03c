"""A line at the foot of the terminal that says how far a run has come; other lines go above it."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_FIRST = 0.5  # seconds; what is done by then needs no bar
_PAUSE = 0.1  # seconds between two pictures
_LOOK_BACK = 100  # pictures by which the rate is told: the last ten seconds
_NARROW, _WIDE = 10, 40  # columns of the bar itself

# What is counted: where it is known how many there are, files; else documents.
_FILES, _DOCUMENTS = ("Файлы", "файлов/с"), ("Документы", "документов/с")


class Bar:
    """Called with what is done and how much there is in all, as `Index.add_path(progress=…)` does."""

    def __init__(self, stream: TextIO, columns: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._columns = columns
        self._clock = clock
        self._began = clock()
        self._shown = 0  # columns that the line takes
        self._last = 0.0
        self._now: tuple[int, int | None] = 0, None
        self._documents = 0
        self._past: deque[tuple[float, int]] = deque([(self._began, 0)], maxlen=_LOOK_BACK)
        try:
            "█".encode(stream.encoding or "ascii")
            self._signs = "█░"
        except UnicodeEncodeError:
            self._signs = "#."

    def __call__(self, done: int, total: int | None) -> None:
        """Show it, unless the last picture is too fresh."""
        if done < self._now[0]:  # another folder begins
            self._past.clear()
            self._documents = 0
        self._now = done, total
        self._draw()

    def document(self) -> None:
        """One document more: of a mailbox there may be so many that for an hour no file is done."""
        self._documents += 1
        self._draw()

    def _draw(self) -> None:
        now = self._clock()
        if now - self._began < _FIRST or now - self._last < _PAUSE:
            return
        done, total = self._now
        self._past.append((now, done))
        self._last = now
        self._write(self._line(done, total))

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0

    def _write(self, line: str) -> None:
        padded, self._shown = line.ljust(self._shown), len(line)  # Ctrl-C may come as soon as it is written
        self._stream.write("\r" + padded)
        self._stream.flush()

    def _line(self, done: int, total: int | None) -> str:
        """The counts, then what else there is room for: rate and time left, and between them the bar."""
        name, unit = _DOCUMENTS if total is None else _FILES
        counts = f"{name}: {_grouped(done)}" + ("" if total is None else f" из {_grouped(total)}")
        room = self._columns() - 1  # the cursor stands behind
        rate = self._rate()
        speed = f"{_decimal(rate)} {unit}" if rate else ""
        left = f"осталось {_duration((total - done) / rate)}" if rate and total is not None else ""
        inside = f"документов {_grouped(self._documents)}" if total is not None and self._documents > done else ""
        for said in ((counts, inside, speed, left), (counts, speed, left), (counts, left), (counts, inside)):
            line = ", ".join(filter(None, said))
            if len(line) <= room:
                break
        else:
            return counts[:room]
        width = min(_WIDE, room - len(line) - 1)
        if total is None or width < _NARROW:
            return line
        full = width * min(done, total) // max(1, total)
        return line.replace(counts, f"{counts} {self._signs[0] * full}{self._signs[1] * (width - full)}", 1)

    def _rate(self) -> float:
        (then, before), (now, done) = self._past[0], self._past[-1]
        return (done - before) / (now - then) if now > then else 0.0


@contextmanager
def bar(quiet: bool) -> Iterator[Bar | None]:
    """A bar on stderr where that is a terminal and not `quiet`, cleared at the end; None elsewhere."""
    stream = sys.stderr
    if quiet or stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    shown = Bar(stream, _columns)
    try:
        yield shown
    finally:
        shown.clear()


def _columns() -> int:
    """The width of the terminal as it is now."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _decimal(number: float) -> str:
    """Two figures at least: 1,2; 12; 1 234."""
    return _grouped(round(number)) if number >= 9.95 else f"{number:.1f}".replace(".", ",")


def _duration(seconds: float) -> str:
    """«0:07», «12:34», «1:02:03»."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
