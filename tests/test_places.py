"""Places of several entries at once: the same as of each entry in each document, by itself."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from indexer import Document, Index
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry

# Common and rare words, so that lists are long and short; the last stand in few documents.
WORDS = "лес река поле озеро берег мост дорога туман-то 09.01.2022 само-собой полынья медведица".split()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Three segments of short texts and some of more than 256 words, with titles, a few deleted."""
    random, weights = Random(1), [2.0**-number for number in range(len(WORDS))]
    with Index.open(tmp_path_factory.mktemp("places") / "index", create=True) as index:
        for part in range(3):
            sizes = [random.choice((3, 8, 40, 300, 700)) for _ in range(200)]
            index.add_many(
                Document(
                    " ".join(random.choices(WORDS, weights, k=size)),
                    id=f"{part}-{number}",
                    title=random.choice(("", "Туман над озером", "Лес")),
                )
                for number, size in enumerate(sizes)
            )
        index.delete(*(f"{part}-{number}" for part in range(2) for number in range(0, 200, 7)))
        return index._current()


def one_by_one(reader: Reader, within: set[int]) -> dict[tuple[int, int], tuple[list[int], list[int]]]:
    """(number of the entry, document) → positions in its text and in its title."""
    found = {}
    for number, entry in enumerate(sorted(set(reader.scan("")))):
        for document in within:
            if places := dict(reader.positions(entry, document)):
                found[number, document] = places["text"], places["title"]
    return found


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02, 0.0])
def test_places_of_all_entries(reader: Reader, share: float) -> None:
    """In all live documents, in half of them, in a few, in none."""
    random = Random(2)
    live = [number for number in reader.live.tolist() if random.random() < share]
    within = np.zeros(reader.size, bool)
    within[live] = True
    entries = sorted(set(reader.scan("")))
    for found in (reader.occurrences(entries, within), *([reader.occurrences(entries)] if share == 1 else [])):
        ends = (found.text + found.title).cumsum().tolist()
        rows = zip(
            found.lists.tolist(), found.documents.tolist(), found.text.tolist(), found.title.tolist(), ends, strict=True
        )
        got = {}
        for number, document, text, title, end in rows:
            places = found.positions[end - text - title : end].tolist()
            got[number, document] = places[:text], places[text:]
        assert got == one_by_one(reader, set(live))


def test_no_entries(reader: Reader) -> None:
    assert len(reader.occurrences([]).positions) == 0


def test_entries_of_a_key_are_in_order(tmp_path: Path) -> None:
    """What they add to a score is summed in their order: it must depend neither on the process nor on the segments."""
    texts = [("bg", "все още"), ("uk", "все ще"), ("ru", "всё ещё"), ("ru", "все ещё")]
    for turn in (texts, texts[::-1]):
        with Index.open(tmp_path / turn[0][0], create=True) as index:
            for lang, text in turn:
                index.add(Document(text, id=text, lang=lang))
            with index._store.reading():
                now = index._store.reader()
                found = now.entries("все")
        assert found == tuple(Entry(*row) for row in [("все", "bg"), ("все", "ru"), ("все", "uk"), ("всё", "ru")])
