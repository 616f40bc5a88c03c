"""A rival over one corpus in one folder, its processes, and the figures taken from them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rival import Query
from zoo import ZOO

HERE = Path(__file__).parent
# one thread for everybody: the sums of NumPy would spread over the cores
ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Row(NamedTuple):
    """A line of raw.csv."""

    rival: str
    measure: str
    kind: str  # class of queries, or what the figure is about; "all"
    value: float
    unit: str


class Kept(NamedTuple):
    """Documents put where workers read them, and the facts about them."""

    path: Path
    documents: int
    bytes: int
    queries: int


class Failed(Exception):
    """A rival could not do what was asked; the text says what it said."""


class Process:
    """A worker process: `process(do, **what)` is one request."""

    def __init__(self, log: Path, **about: Any) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), json.dumps(about)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env={**os.environ, **ALONE},
        )  # fmt: skip

    def __call__(self, do: str, **what: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"do": do, **what}).encode() + b"\n")
            self._process.stdin.flush()
            reply = json.loads(self._process.stdout.readline() or b"null")
        except BrokenPipeError:
            reply = None
        if reply is None:
            raise Failed(f"{do}: the process ended with {self._process.wait()}")
        if "error" in reply:
            raise Failed(f"{do}: {reply['error']}")
        return reply["answer"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        self._log.close()


class Station:
    """A rival, its documents, its folder; and the process that answers for it, while there is one."""

    def __init__(self, label: str, rival: str, kept: Kept, work: Path, jobs: int = 1) -> None:
        self.label, self.rival, self.kept, self.work = label, rival, kept, work
        self.folder = work / f"index-{label}"
        self._about = {
            "rival": rival, "folder": str(self.folder), "docs": str(kept.path), "asked": str(work / "queries"),
            "jobs": jobs,
        }  # fmt: skip
        self._process: Process | None = None

    def start(self, **about: Any) -> Process:
        """A fresh process."""
        return Process(self.work / "log", **{**self._about, **about})

    def once(self, do: str, about: dict[str, Any] | None = None, **what: Any) -> Any:
        """One request to a fresh process."""
        process = self.start(**(about or {}))
        try:
            return process(do, **what)
        finally:
            process.close()

    def row(self, measure: str, value: float, unit: str, kind: str = "all") -> Row:
        """A figure of this station."""
        return Row(self.label, measure, kind, value, unit)

    def build(self) -> Iterator[Row]:
        """Build the index."""
        found = self.once("build")
        yield self.row("build documents per CPU second", self.kept.documents / found["cpu"], "1/s")
        yield self.row("build documents per wall second", self.kept.documents / found["wall"], "1/s")
        yield self.row("build wall", found["wall"], "s")
        yield self.row("build CPU", found["cpu"], "s")
        yield self.row("build peak memory", found["peak"] / 1e6, "MB")
        yield self.row("index bytes / text bytes", found["bytes"] / self.kept.bytes, "ratio")

    def open(self, times: int) -> Iterator[Row]:
        """Open for searching; the process stays."""
        self._process = self.start()
        found = self._process("open", times=times)
        yield self.row("open", median(found["opened"]), "ms")
        yield self.row("open and first answer", median(found["answered"]), "ms")

    def ask(self, mode: str, seed: int, least: float) -> list[list[Any]]:
        """Passes over the queries in the process that is open, for so many seconds at least."""
        assert self._process
        found: list[list[Any]] = self._process("ask", mode=mode, seed=seed, least=least)
        return found

    def end(self) -> Iterator[Row]:
        """End the process that is open."""
        if self._process:
            yield self.row("search peak memory", self._process("memory") / 1e6, "MB")
            self._process.close()
            self._process = None

    def change(self, times: int) -> Iterator[Row]:
        """Add and delete documents one by one."""
        for name, figures in self.once("change", times=times).items():
            for clock, values in zip(("wall", "CPU"), zip(*figures, strict=True), strict=True):
                yield self.row(f"{name} one {clock}", median(values), "ms")

    def relevance(self, folder: Path) -> Iterator[Row]:
        """nDCG@10 on a set with judgements."""
        place = str(self.work / f"judged-{self.label}-{folder.name}")
        found = self.once("relevance", {"folder": place}, folder=str(folder))
        yield self.row("nDCG@10", found["ndcg"], f"of 1, {found['questions']} questions", folder.name)

    def example(self) -> Query:
        """A query for a process of its own: one word, neither rare nor common."""
        rows = pickle.loads((self.work / "queries").read_bytes())
        return next(query for query in map(Query._make, rows) if query.kind == "t1-med")

    def shots(self) -> dict[str, list[str]]:
        """Commands that ask once: by whether they make snippets."""
        rival, query = ZOO[self.rival], self.example()
        ways = {"plain": False, **({} if "snippets" in rival.lacks else {"snippets": True})}
        return {way: command(rival.one_shot(self.folder, query, snippets)) for way, snippets in ways.items()}


def command(arguments: list[str]) -> list[str]:
    """Python's arguments, or a whole command, as a command."""
    return [sys.executable, *arguments] if arguments[0].startswith("-") else arguments


def shoot(arguments: Iterable[str]) -> tuple[float, float]:
    """Wall and CPU ms of a process of its own."""
    env = {**os.environ, **ALONE}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled; the first process may have to do it
    began = time.perf_counter()
    process = subprocess.Popen(
        [*arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"one-shot: exit status {process.returncode}")
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3
