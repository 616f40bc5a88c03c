"""nDCG@10 of `match="any"` on a relevance set: python tests/bench/relevance.py FOLDER [--body] [--split dev|test]

FOLDER holds docs.jsonl (id, title, text), queries.jsonl (id, text, split) and qrels.tsv (query, document, grade);
the sets themselves are not part of this repository. Gain 2^grade - 1, discount log2(rank + 1) (Burges et al. 2005).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any

from indexer import Document, Index


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


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """Query → document → grade."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if grade.isdigit():
            found.setdefault(query, {})[document] = int(grade)
    return found


def build(folder: Path, index: Index, *, body: bool) -> None:
    """Index the set's documents; `body` leaves the titles out."""
    index.add_many(
        Document(row["text"], id=str(row["id"]), title="" if body else row.get("title") or "")
        for row in rows(folder / "docs.jsonl")
    )


def measure(folder: Path, index: Index, split: str | None = None) -> tuple[float, int, float]:
    """Mean nDCG@10, the number of queries, and seconds of searching."""
    judged = judgements(folder / "qrels.tsv")
    began, total, count = time.perf_counter(), 0.0, 0
    for query in rows(folder / "queries.jsonl"):
        grades = judged.get(str(query["id"]))
        if not grades or (split and query.get("split") != split):
            continue
        hits = index.search(query["text"], match="any", snippets=0)
        total += ndcg([grades.get(hit.id, 0) for hit in hits], list(grades.values()))
        count += 1
    return total / max(1, count), count, time.perf_counter() - began


def main() -> None:
    """Index the set in a temporary folder and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--body", action="store_true", help="leave titles out")
    parser.add_argument("--split", choices=("dev", "test"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, Index.open(place, create=True) as index:
        build(options.folder, index, body=options.body)
        value, count, seconds = measure(options.folder, index, options.split)
    print(f"{options.folder.name}: nDCG@10 {value:.4f} over {count} queries ({seconds:.1f} s)")


if __name__ == "__main__":
    main()
