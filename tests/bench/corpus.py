"""The corpus: documents from JSON lines, kept for the rivals in a form that costs next to nothing to read.

Reading JSON takes a tenth of the time of the fastest rival's whole build, and all of it would count as building.
"""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import sample
from rival import Item

BATCH = 200


def read(path: Path | None, limit: int) -> Iterator[Item]:
    """The first documents of a .jsonl or .jsonl.gz file, or our own few sentences without one."""
    if path is None:
        yield from islice(sample.documents(), limit)
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for row in map(json.loads, islice(lines, limit)):
            yield Item(str(row["id"]), row.get("title") or "", row["text"])


def keep(items: Iterable[Item], path: Path) -> tuple[int, int]:
    """Write documents for `kept`; how many there are, and their UTF-8 bytes."""
    rows, count, size = iter(items), 0, 0
    with path.open("wb") as file:
        while batch := list(islice(rows, BATCH)):
            pickle.dump([tuple(item) for item in batch], file)
            count += len(batch)
            size += sum(len(item.full.encode()) for item in batch)
    return count, size


def kept(path: Path) -> Iterator[Item]:
    """The documents written by `keep`, a batch in memory at a time."""
    with path.open("rb") as file:
        while True:
            try:
                batch = pickle.load(file)
            except EOFError:
                return
            yield from map(Item._make, batch)


def added(items: list[Item], number: int) -> tuple[Item, str]:
    """A document that no corpus has, to be added while others search, and the word that it is found by."""
    # differs at its beginning: a stemmer may cut what differs at the end
    word = "".join("абвгдежзик"[int(digit)] for digit in str(number)) + "ъюцфщк"
    like = items[number % len(items)]
    return Item(f"added-{number}", like.title, f"{like.text}\nИ слово {word}."), word
