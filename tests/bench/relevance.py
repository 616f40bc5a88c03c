"""nDCG@10 of `match="any"` on a relevance set: python tests/bench/relevance.py FOLDER [--body] [--split dev|test]

--ingredients  the ranking without each of its ingredients
--tuned        constants chosen on dev and scored on test, then the other way round, both pooled
--tantivy      the gain over Tantivy (Russian stemmer, title and text in one field, as in `zoo_native`), with the
               paired bootstrap's 95 % interval (Efron 1979; 10,000 samples of the questions)

FOLDER holds docs.jsonl (id, title, text), queries.jsonl (id, text, split) and qrels.tsv (query, document, grade);
the sets themselves are not part of this repository. Gain 2^grade - 1, discount log2(rank + 1) (Burges et al. 2005).
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
from rival import Item, Query, Rival
from zoo_native import Tantivy

from indexer import Document, Index, ranking

Scores = dict[str, float]  # question → nDCG

INGREDIENTS: dict[str, dict[str, float]] = {
    "all": {},
    "function words as heavy as others": {"LIGHT": 1.0},
    "no nearness": {"NEAR": 0.0},
    "neither": {"LIGHT": 1.0, "NEAR": 0.0},
    "no bonus for the very form": {"VERY_FORM": 0.0},
    "the bonus doubled": {"VERY_FORM": 1.0},
    "b = .65": {"B": 0.65},
    "k1 = .9": {"K1": 0.9},
    "k1 = 1.5": {"K1": 1.5},
    "within 4 positions": {"WITHIN": 4},
    "within 16": {"WITHIN": 16},
}
# What tuning chooses from, one constant after another.
GRID: dict[str, tuple[float, ...]] = {
    "LIGHT": (0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    "NEAR": (0.0, 1.0, 2.0, 3.0),
    "K1": (0.9, 1.2, 1.5),
    "B": (0.65, 0.75, 0.85),
    "VERY_FORM": (0.0, 0.25, 0.5, 1.0),
}
SAMPLES = 10_000


def ndcg(grades: list[int], ideal: list[int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the grades in the order found."""

    def gain(row: list[int]) -> float:
        return sum((2**grade - 1) / log2(rank + 2) for rank, grade in enumerate(row[:depth]))

    best = gain(sorted(ideal, reverse=True))
    return gain(grades) / best if best else 0.0


def rows(path: Path) -> Iterator[Any]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Judged:
    """A relevance set: documents, questions, which answers are right."""

    def __init__(self, folder: Path, *, body: bool = False) -> None:
        self.name = folder.name
        self.documents = [
            Item(str(row["id"]), "" if body else row.get("title") or "", row["text"])
            for row in rows(folder / "docs.jsonl")
        ]
        self._grades: dict[str, dict[str, int]] = {}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            query, document, grade = line.split("\t")
            if grade.isdigit():
                self._grades.setdefault(query, {})[document] = int(grade)
        asked = [row for row in rows(folder / "queries.jsonl") if str(row["id"]) in self._grades]
        self.questions: dict[str, str] = {str(row["id"]): row["text"] for row in asked}
        self.splits: dict[str, str | None] = {str(row["id"]): row.get("split") for row in asked}

    def grade(self, question: str, found: list[str]) -> float:
        """nDCG@10 of the documents found for a question."""
        grades = self._grades[question]
        return ndcg([grades.get(document, 0) for document in found], list(grades.values()))

    def of(self, split: str | None) -> list[str]:
        """The questions of a split."""
        return [question for question in self.questions if split in (None, self.splits[question])]


@contextmanager
def constants(values: Mapping[str, float]) -> Iterator[None]:
    """Ranking with other constants."""
    before = {name: getattr(ranking, name) for name in values}
    try:
        for name, value in values.items():
            setattr(ranking, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(ranking, name, value)


def build(judged: Judged, folder: Path) -> None:
    """Index the set."""
    with Index.open(folder, create=True) as index:
        index.add_many(Document(item.text, id=item.id, title=item.title) for item in judged.documents)


def ours(judged: Judged, folder: Path, values: Mapping[str, float] | None = None, split: str | None = None) -> Scores:
    """What the index scores, with other constants of the ranking or its own; opened anew, so that none is kept."""
    with constants(values or {}), Index.open(folder) as index:
        return {
            question: judged.grade(
                question, [hit.id for hit in index.search(judged.questions[question], match="any", snippets=0)]
            )
            for question in judged.of(split)
        }


def scores(judged: Judged, rival: Rival, folder: Path) -> Scores:
    """What an engine scores with an index of its own in the folder, on the words of each question."""
    rival.build(judged.documents, folder)
    rival.open(folder)
    found = {}
    for question, text in judged.questions.items():
        words = tuple(re.findall(r"\w+", text.lower()))
        found[question] = judged.grade(question, rival.search(Query(text, "question", words), 10, False, False).ids)
    rival.close()
    return found


def tuned(judged: Judged, folder: Path) -> tuple[Scores, list[str]]:
    """Every question scored with the constants that are best for the other half, and what these are."""
    pooled: Scores = {}
    chosen = []
    for half, other in (("dev", "test"), ("test", "dev")):
        best: dict[str, float] = {}
        value = mean(ours(judged, folder, best, half))
        for name, choices in GRID.items():
            for choice in choices:
                tried = best | {name: choice}
                if choice != getattr(ranking, name) and (new := mean(ours(judged, folder, tried, half))) > value:
                    best, value = tried, new
        pooled |= ours(judged, folder, best, other)
        chosen.append(f"{half}: {best or 'as they are'}")
    return pooled, chosen


def mean(scores: Scores) -> float:
    """Of the questions."""
    return sum(scores.values()) / max(1, len(scores))


def interval(one: Scores, other: Scores) -> tuple[float, float, float]:
    """The mean gain of one over the other, and the ends of its 95 % interval."""
    gains = np.array([one[question] - other[question] for question in other])
    samples = np.random.default_rng(1).integers(0, len(gains), (SAMPLES, len(gains)))
    low, high = np.percentile(gains[samples].mean(axis=1), (2.5, 97.5))
    return float(gains.mean()), float(low), float(high)


def main() -> None:
    """Index the set in a temporary folder and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--body", action="store_true", help="leave titles out")
    parser.add_argument("--split", choices=("dev", "test"))
    for name in ("ingredients", "tuned", "tantivy"):
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    judged = Judged(options.folder, body=options.body)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "index"
        build(judged, folder)
        began = time.perf_counter()
        plain = ours(judged, folder, split=options.split)
        seconds = time.perf_counter() - began
        print(f"{judged.name}: nDCG@10 {mean(plain):.4f} over {len(plain)} queries ({seconds:.1f} s)")
        if options.ingredients:
            for name, values in INGREDIENTS.items():
                print(f"  {mean(ours(judged, folder, values, options.split)):.4f} {name}", flush=True)
        if options.tuned:
            pooled, chosen = tuned(judged, folder)
            print(f"  {mean(pooled):.4f} tuned on one half, scored on the other ({'; '.join(chosen)})", flush=True)
        if options.tantivy:
            (other := Path(place) / "tantivy").mkdir()
            rival = scores(judged, Tantivy(), other)
            for name, mine in (("as it is", ours(judged, folder)), *([("tuned", pooled)] if options.tuned else [])):
                gain, low, high = interval(mine, rival)
                print(f"  Tantivy {mean(rival):.4f}; gain {gain:+.4f} [{low:+.4f}, {high:+.4f}], {name}")


if __name__ == "__main__":
    main()
