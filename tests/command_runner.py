"""Runs the two commands as processes, and one case of `tests/cases/command.jsonl` in a fresh folder.

The environment is made anew: `INDEXER_DATA`, `NO_COLOR`, the locale and what else the tests are run with do not
reach the commands.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CASES = Path(__file__).parent / "cases"
# A command that hangs is a failure, and not the end of the tests.
PATIENCE = 60

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a process left behind."""

    code: int
    out: bytes
    err: bytes

    @property
    def stdout(self) -> str:
        """Standard output; bytes that are no UTF-8 show as U+FFFD."""
        return self.out.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        """Standard error, likewise."""
        return self.err.decode("utf-8", "replace")


def environment(**more: str) -> dict[str, str]:
    """A clean environment where `search` and `indexer` are those of this interpreter."""
    scripts = Path(sys.executable).parent  # not resolved: a venv's interpreter is a link out of it
    path = os.pathsep.join([str(scripts), os.environ.get("PATH", os.defpath)])
    return {"PATH": path, "LANG": "C.UTF-8", "TERM": "xterm-256color", **more}


def run(folder: Path, *command: str | bytes, stdin: bytes = b"", **more: str) -> Done:
    """Run a program in a folder, `more` being added to its environment."""
    done = subprocess.run(
        command, cwd=folder, env=environment(**more), input=stdin, capture_output=True, timeout=PATIENCE, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def shell(folder: Path, line: str, **more: str) -> Done:
    """Run a line of shell in a folder; over when all that it started is."""
    return run(folder, "bash", "-c", line, **more)


class Screen:
    """A terminal: give `end` to a process as its streams, and see what it shows."""

    def __init__(self, columns: int = 100) -> None:
        self._own, self.end = pty.openpty()
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._shown = b""

    def see(self, text: str) -> str:
        """All that has been shown, as soon as `text` is a part of it. Raises TimeoutError if it never is."""
        while text not in self.shown:
            if not self._more():
                raise TimeoutError(f"{text!r} is not in {self.shown!r}")
        return self.shown

    def rest(self) -> str:
        """All that was shown, once every process has let go of the terminal."""
        while self._more():
            pass
        return self.shown

    @property
    def shown(self) -> str:
        """What has been read so far; the terminal's line ends are plain ones."""
        return self._shown.decode("utf-8", "replace").replace("\r\n", "\n")

    def _more(self) -> bool:
        if not select.select([self._own], [], [], PATIENCE)[0]:
            return False
        try:
            piece = os.read(self._own, 65536)
        except OSError:  # Linux says EIO where nobody holds the other end
            piece = b""
        self._shown += piece
        return bool(piece)

    def let_go(self) -> None:
        """Close our copy of the processes' end."""
        if self.end >= 0:
            os.close(self.end)
            self.end = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()
        os.close(self._own)


def on_terminal(folder: Path, *command: str, **more: str) -> str:
    """All that a program shows on a terminal, its three streams being that."""
    with Screen() as screen:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(**more), stdin=screen.end, stdout=screen.end, stderr=screen.end
        )
        screen.let_go()
        shown = screen.rest()
        process.wait(PATIENCE)
        return shown


def into_closed_pipe(folder: Path, *command: str) -> Done:
    """Run a program whose standard output is a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(writer)
    return Done(done.returncode, b"", done.stderr)


def cases() -> list[Case]:
    """The cases, in order."""
    return [json.loads(line) for line in (CASES / "command.jsonl").read_text(encoding="utf-8").splitlines()]


def not_yet() -> dict[str, str]:
    """Id → why the case is not reached; ids of the library's cases are among them."""
    lines = (CASES / "not_yet.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(" ") for line in lines if line.strip() and not line.startswith("#"))
    return {name: reason for name, _, reason in rows}


def complaints(case: Case, folder: Path) -> Iterator[str]:
    """What the commands of the case did wrong; nothing when all is right."""
    for file in case["files"]:
        write(folder, file)
    for step in case["steps"]:
        done = shell(folder, step["run"])
        yield from (f"{step['run']}: {fault}" for fault in faults(step, done))


def write(folder: Path, file: Case) -> None:
    """Write a file of a case: its `text` in its `encoding`, or its `bytes_hex`."""
    path = folder / file["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    data = bytes.fromhex(file["bytes_hex"]) if "bytes_hex" in file else None
    path.write_bytes(file["text"].encode(file.get("encoding", "utf-8")) if data is None else data)


def faults(step: Case, done: Done) -> Iterator[str]:
    """What of the step's expectations is not met. An expectation that nobody checks is a KeyError."""
    for key, wanted in step.items():
        if key == "run" or (key == "exit" and "exit_any" in step):  # the wider one holds where both stand
            continue
        if not CHECKS[key](wanted, done):
            yield f"{key} is not {wanted!r}; exit {done.code}, stdout {done.stdout!r}, stderr {done.stderr!r}"


def _json(wanted: dict[str, Any], done: Done) -> bool:
    return _holds(wanted, done.stdout)


def _first_line_json(wanted: dict[str, Any], done: Done) -> bool:
    return _holds(wanted, done.stdout.partition("\n")[0])


def _holds(wanted: dict[str, Any], text: str) -> bool:
    try:
        found = json.loads(text)
        return all(_is(found, path, value) for path, value in wanted.items())
    except (ValueError, LookupError, TypeError):
        return False


def _is(found: Any, path: str, value: Any) -> bool:
    """Whether the value stands at the path; of spans the case says in prose which word they cut out."""
    prose = re.search(r'== "(.+)"$', value) if isinstance(value, str) and path.endswith(".spans") else None
    if not prose:
        return bool(_at(found, path) == value)
    text = _at(found, path.removesuffix("spans") + "text")
    spans = _at(found, path)
    return bool(spans) and all(text[start:end] == prose[1] for start, end in spans)


def _at(found: Any, path: str) -> Any:
    """The value at a path like `.hits[0].id`."""
    for name, number in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        found = found[name] if name else found[int(number)]
    return found


# Key of a step → whether what it wants is so.
CHECKS: dict[str, Callable[[Any, Done], bool]] = {
    "exit": lambda code, done: done.code == code,
    "exit_any": lambda codes, done: done.code in codes,
    "stdout": lambda text, done: done.stdout == text,
    "stdout_bytes": lambda text, done: done.out == text.replace("\\0", "\0").encode(),
    "stdout_contains": lambda parts, done: all(part in done.stdout for part in parts),
    "stdout_not_contains": lambda parts, done: not any(part in done.stdout for part in parts),
    "stderr": lambda text, done: done.stderr == text,
    "stderr_contains": lambda parts, done: all(part in done.stderr for part in parts),
    "stderr_not_contains": lambda parts, done: not any(part in done.stderr for part in parts),
    "lines": lambda number, done: len(done.stdout.splitlines()) == number,
    "json": _json,
    "first_line_json": _first_line_json,
}
