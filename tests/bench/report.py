"""Figures to rows, rows to tables: raw.csv and summary.md."""

from __future__ import annotations

import argparse
import csv
import os
import pickle
import platform
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from stations import Kept, Row

PHRASES = "phrases"
HEADS = {
    "build documents per CPU second": "docs / CPU s",
    "build documents per wall second": "docs / wall s",
    "build peak memory": "peak MB",
    "index bytes / text bytes": "index / text",
    "search peak memory": "peak MB searching",
    "open": "open ms",
    "open and first answer": "open + answer ms",
    "add one CPU": "add one CPU ms",
    "add one wall": "wall",
    "delete one CPU": "delete one CPU ms",
    "delete one wall": "wall ",
    "one-shot plain CPU": "process CPU ms",
    "one-shot plain wall": "wall",
    "one-shot snippets CPU": "with snippets CPU ms",
    "one-shot snippets wall": "wall ",
}
BUILD, OTHER = [*HEADS][:5], [*HEADS][5:]
MODES = {"plain": "without snippets, no count", "count": "with exact counts", "snippets": "with snippets"}
# what → measure, class, whether more is better
RATIOS = {
    "documents a CPU second": ("build documents per CPU second", "all", True),
    "p50, no snippets, no count": ("warm plain wall p50", "all", False),
    "p95, no snippets, no count": ("warm plain wall p95", "all", False),
    "p50, CPU": ("warm plain CPU p50", "all", False),
    "p95, CPU": ("warm plain CPU p95", "all", False),
    "p50, exact counts": ("warm count wall p50", "all", False),
    "p50, snippets": ("warm snippets wall p50", "all", False),
    "p50, phrases": ("warm plain wall p50", PHRASES, False),
    "index bytes / text bytes": ("index bytes / text bytes", "all", False),
    "peak memory of building": ("build peak memory", "all", False),
    "open": ("open", "all", False),
    "open and first answer": ("open and first answer", "all", False),
    "one-shot process, snippets": ("one-shot snippets wall", "all", False),
    "one-shot process, no snippets": ("one-shot plain wall", "all", False),
    "add one, CPU": ("add one CPU", "all", False),
}
GROWTH = ("warm plain wall p50", "warm plain CPU p50", "add one wall", "add one CPU")


def kinds(path: Path) -> list[str]:
    """The class of every query, by number."""
    return [row[1] for row in pickle.loads(path.read_bytes())]


def percentile(values: Sequence[float], share: int) -> float:
    """Nearest rank."""
    return sorted(values)[max(0, ceil(len(values) * share / 100) - 1)]


def searched(
    label: str, heat: str, mode: str, passes: Iterable[Sequence[Any]], kind_of: Sequence[str]
) -> Iterator[Row]:
    """Rows of the passes of one rival: number of the query, wall ms, CPU ms, total, hits."""
    classes: dict[str, list[Sequence[Any]]] = {}
    for row in passes:
        kind = kind_of[row[0]]
        for name in ("all", kind, *([PHRASES] if kind.startswith("ph") else [])):
            classes.setdefault(name, []).append(row)
    for name, rows in classes.items():
        for clock, column in (("wall", 1), ("CPU", 2)):
            values = [row[column] for row in rows]
            for share in (50, 95, 99):
                yield Row(label, f"{heat} {mode} {clock} p{share}", name, percentile(values, share), "ms")
        once = {row[0]: row for row in rows}.values()
        if mode == "count":
            yield Row(label, f"{heat} hits", name, sum(row[3] for row in once), "documents")
        yield Row(label, f"{heat} {mode} without an answer", name, sum(not row[4] for row in once), "queries")
        yield Row(label, f"{heat} {mode} asked", name, len(once), "queries")


def machine() -> str:
    """The processor, cores, system and Python; no names of this machine."""
    model, info = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}"


def shown(value: float | None) -> str:
    """Three figures, or a dash."""
    if value is None:
        return "–"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(folder: Path, rows: Iterable[Row], summary: str) -> None:
    """raw.csv and summary.md."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["rival", "measure", "class", "value", "unit"])
        out.writerows([*row[:3], f"{row.value:.6g}", row.unit] for row in rows)
    (folder / "summary.md").write_text(summary + "\n", encoding="utf-8")


class Summary:
    """The tables of a run."""

    def __init__(self, rows: Sequence[Row], rivals: dict[str, dict[str, Any]], left_out: dict[str, str]) -> None:
        self.rivals, self.left_out = rivals, left_out
        taken: dict[tuple[str, str, str], list[float]] = {}
        for row in rows:
            taken.setdefault(row[:3], []).append(row.value)
        # what was measured several times, as builds are, counts by its median
        self.values = {key: median(values) for key, values in taken.items()}
        self.labels = list(dict.fromkeys(row.rival for row in rows))

    def get(self, label: str, measure: str, kind: str = "all") -> float | None:
        """A figure, or None where it was not taken."""
        return self.values.get((label, measure, kind))

    def ratio(self, over: str, under: str, measure: str, kind: str = "all") -> float | None:
        """One rival's figure over another's."""
        upper, lower = self.get(over, measure, kind), self.get(under, measure, kind)
        return upper / lower if upper is not None and lower else None

    def figures(self, measures: Sequence[str]) -> str:
        """Rivals down, measures across."""
        labels = [label for label in self.labels if any(self.get(label, measure) is not None for measure in measures)]
        rows = [[label, *(shown(self.get(label, measure)) for measure in measures)] for label in labels]
        return table(["rival", *(HEADS.get(measure, measure) for measure in measures)], rows)

    def searching(self, heat: str, mode: str) -> str:
        """Percentiles over all classes."""
        start = f"{heat} {mode}"
        names = [f"{start} {clock} p{share}" for clock in ("wall", "CPU") for share in (50, 95, 99)]
        names += [f"{start} without an answer", f"{start} asked", *([f"{heat} hits"] if mode == "count" else [])]
        return self.figures(names).replace(f"| {start} ", "| ").replace(f"| {heat} hits", "| hits")

    def classes(self, measures: Sequence[str]) -> str:
        """Classes down, rivals across; several measures in a cell."""
        pairs = [key for key in self.values if key[1] == measures[0]]
        labels = [label for label in self.labels if any(key[0] == label for key in pairs)]
        classes = {key[2] for key in pairs}
        return table(
            ["class", *labels],
            [
                [kind, *(" / ".join(shown(self.get(label, name, kind)) for name in measures) for label in labels)]
                for kind in sorted(classes)
            ],
        )

    def ratios(self, over: str = "ours", under: str = "tantivy") -> str:
        """Our figures over a rival's."""
        return table(
            [f"{over} / {under}", "ratio", "better"],
            [
                [name, shown(self.ratio(over, under, measure, kind)), "more" if more else "less"]
                for name, (measure, kind, more) in RATIOS.items()
            ],
        )

    def ourselves(self) -> Iterator[str]:
        """Our own ratios: more workers, more documents."""
        jobs = [label for label in self.labels if label.startswith("ours jobs=")]
        sizes = [label for label in self.labels if label.startswith("ours n=")]
        for labels, measures in ((jobs, ("build wall", "build CPU")), (sizes, GROWTH)):
            if len(labels) > 1:
                rows = [
                    [name, f"{label} / {labels[0]}", shown(self.ratio(label, labels[0], name))]
                    for label in labels[1:]
                    for name in measures
                ]
                yield table(["measure", "of", "ratio"], rows)

    def sections(self) -> Iterator[tuple[str, str]]:
        """Heading and body of each part."""
        if {"ours", "tantivy"} <= set(self.labels):
            yield "Ours / Tantivy", self.ratios()
        yield "Building, and memory", self.figures(BUILD)
        yield "Opening, changing, one-shot processes", self.figures(OTHER)
        for mode, name in MODES.items():
            yield f"Search {name}: warm, ms", self.searching("warm", mode)
            yield f"Search {name}: the first pass, ms", self.searching("cold", mode)
            yield (
                f"Search {name}: warm, p50 / p95 wall ms by class",
                self.classes([f"warm {mode} wall p50", f"warm {mode} wall p95"]),
            )
        yield "Hits in total, by class", self.classes(["warm hits"])
        if any(key[1] == "nDCG@10" for key in self.values):
            yield "nDCG@10", self.classes(["nDCG@10"])
        for number, body in enumerate(self.ourselves()):
            yield ("Ours, by workers and by size", body) if not number else ("", body)
        setup = [f"- **{name}** {about['version']}: {about['fairness']}" for name, about in self.rivals.items()]
        yield "How each is set up", "\n".join(setup)
        if self.left_out:
            yield "Left out", "\n".join(f"- {name}: {reason}" for name, reason in self.left_out.items())

    def text(self, day: str, kept: Kept, options: argparse.Namespace) -> str:
        """The whole of summary.md."""
        corpus = options.corpus.name if options.corpus else "our own sample"
        text = f"{corpus}: {shown(kept.bytes / 1e6)} MB of UTF-8 text, {kept.queries} queries"
        way = f"{options.passes} warm turns, ten hits, one thread, seed {options.seed}"
        head = f"# {kept.documents} documents, {day}\n\n{machine()}.\n{text}; {way}."
        parts = [f"## {title}\n\n{body}" if title else body for title, body in self.sections()]
        return "\n\n".join([head, *parts])
