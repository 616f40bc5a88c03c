"""Measure the rivals of the zoo on one corpus: python tests/bench/run.py --corpus FILE.jsonl.gz -n 50000

Every rival is built, asked and changed in processes of its own. The passes over the queries go round from rival to
rival, so that a busy minute of the machine falls on all of them, each pass in a random order of queries.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import report
from stations import Failed, Kept, Process, Row, Station, command, shoot
from zoo import ZOO

MODES = ("plain", "count", "snippets")
LEAST = 0.5  # seconds of a warm turn


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


class Bench:
    """A run: its stations, its rows, and why rivals are left out."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options, self.work = options, work
        self.random = Random(options.seed)
        self.rows: list[Row] = []
        self.rivals: dict[str, dict[str, Any]] = {}
        self.left_out: dict[str, str] = {}

    def prepare(self, name: str, limit: int, *, ask: bool) -> Kept:
        """Documents, and with `ask` the queries, put where the workers find them."""
        docs, source = self.work / name, self.options.corpus
        process = Process(self.work / "log", docs=str(docs), asked=str(self.work / "queries"))
        try:
            facts = process(
                "prepare", source=source and str(source), limit=limit, each=self.options.each,
                seed=self.options.seed, ask=ask,
            )  # fmt: skip
        finally:
            process.close()
        return Kept(docs, **facts)

    def tried(self, station: Station, rows: Callable[[], Iterable[Row]]) -> bool:
        """Take rows of a station; a failure leaves the rival out from here on, and says why."""
        try:
            self.rows += rows()
        except Failed as error:
            self.left_out[station.label] = str(error)
            say(f"{station.label}: {error}")
            return False
        return True

    def stations(self, kept: Kept) -> list[Station]:
        """A station for every rival that can run here."""
        found = []
        for name in self.options.rivals:
            station = Station(name, name, kept, self.work)
            about = station.once("about")
            if about["missing"]:
                self.left_out[name] = about["missing"]
                say(f"{name}: skipped: {about['missing']}")
            else:
                self.rivals[name] = about
                found.append(station)
        return found

    def each(self, stations: list[Station], what: str, rows: Callable[[Station], Iterable[Row]]) -> list[Station]:
        """Do it with every station; those with which it went well."""
        say(f"{what}: {', '.join(station.label for station in stations)}")
        return [station for station in stations if self.tried(station, lambda station=station: rows(station))]

    def ask(self, stations: list[Station], modes: tuple[str, ...], passes: int) -> None:
        """The passes: the first of a mode is cold, the rest are warm; rivals take turns, and so do modes.

        A warm turn lasts half a second at least: the pass of a fast rival would fit into one hiccup of the machine.
        """
        kinds = report.kinds(self.work / "queries")
        found: dict[tuple[Station, str, str], list[list[Any]]] = {}
        for turn in range(passes + 1):
            # the very first pass is the one whose pages are cold: always the same mode
            for mode in self.random.sample(modes, len(modes)) if turn else modes:
                able = [station for station in stations if station.label not in self.left_out]
                able = [station for station in able if mode not in ZOO[station.rival].lacks]
                say(f"{'warm' if turn else 'cold'} pass {turn}, {mode}")
                for station in self.random.sample(able, len(able)):
                    rows = found.setdefault((station, "warm" if turn else "cold", mode), [])
                    ask = partial(station.ask, mode, self.random.randrange(10**9), LEAST if turn else 0)
                    # bound now: the loop goes on
                    self.tried(station, lambda rows=rows, ask=ask: rows.extend(ask()) or ())
        for (station, heat, mode), rows in found.items():
            self.rows += report.searched(station.label, heat, mode, rows, kinds)

    def shots(self, stations: list[Station], times: int) -> None:
        """Processes that ask once, in turns; `python -c pass` is the zero."""
        commands = {("python -c pass", "plain"): command(["-c", "pass"])}
        for station in stations:
            commands |= {(station.label, way): line for way, line in station.shots().items()}
        figures: dict[tuple[str, str], list[tuple[float, float]]] = {name: [] for name in commands}
        say("one-shot processes")
        for turn in range(times + 1):
            for name, line in [*commands.items()]:
                try:
                    figures[name] += [shoot(line)] if turn else [shoot(line)][1:]  # the first one warms the disk
                except Failed as error:
                    self.left_out[name[0]] = str(error)
                    del commands[name]
        for (label, way), values in figures.items():
            for clock, column in zip(("wall", "CPU"), zip(*values, strict=True), strict=False):
                self.rows.append(Row(label, f"one-shot {way} {clock}", "all", median(column), "ms"))

    def whole(self, stations: list[Station], modes: tuple[str, ...] = MODES) -> list[Station]:
        """Build, open, ask, change."""
        times = self.options.times
        for _ in range(self.options.builds):
            stations = self.each(stations, "build", Station.build)
        stations = self.each(stations, "open", lambda station: station.open(times))
        self.ask(stations, modes, self.options.passes)
        stations = [station for station in stations if station.label not in self.left_out]
        stations = self.each(stations, "end", Station.end)
        able = [station for station in stations if "change" not in ZOO[station.rival].lacks]
        self.each(able, "change", lambda station: station.change(times))
        return stations

    def run(self) -> Kept:
        """Everything that was asked for; the facts about the corpus."""
        kept = self.prepare("docs", self.options.number, ask=True)
        say(f"{kept.documents} documents, {kept.bytes / 1e6:.1f} MB, {kept.queries} queries")
        stations = self.whole(self.stations(kept))
        self.shots(stations, self.options.times)
        for folder in self.options.qrels:
            self.each(stations, f"relevance of {folder.name}", lambda station, f=folder: station.relevance(f))
        lots = [Station(f"ours jobs={jobs}", "ours", kept, self.work, jobs) for jobs in self.options.jobs]
        for _ in range(self.options.builds):
            lots = self.each(lots, "jobs", Station.build)
        self.grow()
        return kept

    def grow(self) -> None:
        """Our own figures at several sizes, over the queries of the smallest."""
        stations = []
        for turn, size in enumerate(sorted(self.options.grow)):
            kept = self.prepare(f"docs-{size}", size, ask=not turn)
            stations.append(Station(f"ours n={size}", "ours", kept, self.work))
        if stations:
            self.whole(stations, ("plain",))


def names(text: str) -> list[str]:
    """Rivals by name."""
    found = text.split(",")
    if strange := [name for name in found if name not in ZOO]:
        raise argparse.ArgumentTypeError(f"no such rival: {', '.join(strange)}; there are {', '.join(ZOO)}")
    return found


def numbers(text: str) -> list[int]:
    """1,2 → [1, 2]."""
    return [int(part) for part in text.split(",")]


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--corpus", type=Path, help=".jsonl or .jsonl.gz: id, title, text; our own 20 documents without"
    )
    parser.add_argument("-n", "--number", type=int, default=50_000, help="the first documents of the corpus")
    parser.add_argument("--rivals", type=names, default=[*ZOO], help=", ".join(ZOO))
    parser.add_argument("--out", type=Path, help="folder of raw.csv and summary.md; tests/bench/runs/DATE-NUMBER")
    parser.add_argument("--passes", type=int, default=3, help="warm turns, each a pass over the queries or several")
    parser.add_argument("--builds", type=int, default=1, help="builds of each index, in turns; the median counts")
    parser.add_argument("--each", type=int, default=34, help="queries of a class")
    parser.add_argument("--times", type=int, default=7, help="opens, additions, deletions, one-shot processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--qrels", type=Path, action="append", default=[], help="a relevance set, as of relevance.py")
    parser.add_argument("--jobs", type=numbers, default=[], help="1,2: our own build with so many workers")
    parser.add_argument("--grow", type=numbers, default=[], help="10000,70000: our own figures at these sizes")
    parser.add_argument("--ratios", action="store_true", help="print the ratios ours / tantivy only")
    parser.add_argument("--work", type=Path, help="where the indexes are made; a temporary folder without")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure, write, print."""
    options = parsed()
    today = f"{datetime.date.today():%Y-%m-%d}"
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        bench = Bench(options, Path(work))
        kept = bench.run()
    out = options.out or Path(__file__).parent / "runs" / f"{today}-{kept.documents}"
    summary = report.Summary(bench.rows, bench.rivals, bench.left_out)
    report.write(out, bench.rows, text := summary.text(today, kept, options))
    print(summary.ratios() if options.ratios else text)


if __name__ == "__main__":
    main()
