"""Several processes that build segments: the same answers as one, whatever happens to them."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import Document, Index, IndexerError, QueryError
from indexer.adding import in_bytes
from indexer.segment.record import prepare

WORDS = ["договор", "уступка", "сталь", "Рябков", "Рябковым", "море", "канал", "5 374", "телеграм-канал"]
QUERIES = ["договор", "уступки", "рябков", '"договор о стали"', "морем -канал", "телеграм канал", "дого*", "5374"]


def documents(count: int = 2500) -> Iterator[Document]:
    """More than two batches; every tenth has the id of one before it."""
    for number in range(count):
        text = " о ".join(WORDS[number * step % len(WORDS)] for step in range(1, 6))
        yield Document(f"{text}. Запись {number}.", id=str(number - number % 10 // 9))


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_same_as_one(tmp_path: Path, jobs: int) -> None:
    """The same report, documents, totals, scores and order."""
    with Index.open(tmp_path / "1", create=True) as one, Index.open(tmp_path / "n", create=True) as many:
        reports = [one.add_many(documents()), many.add_many(documents(), jobs=jobs)]
        assert reports[0].added == reports[1].added and reports[0].changed == reports[1].changed
        assert len(one) == len(many)
        for query in QUERIES:
            expected, found = (index.search(query, limit=50) for index in (one, many))
            assert found.total == expected.total
            assert [(hit.id, pytest.approx(hit.score)) for hit in expected] == [(hit.id, hit.score) for hit in found]
        assert many.check().ok


def test_a_document_on_its_way_to_a_worker() -> None:
    """What is sent arrives as it was: each field of a document, whatever is in it."""
    full = Document(
        "Ход дела\n\nСталь 🚂 идёт.", id="сталь/1", title="Ход дела", date="2024-02-29", path="дела/1.txt", lang="uk",
        fields={"тег": ["сталь", "море"], "год": 2024}, locations=((0, "стр. 1"), (10, "стр. 2")),
    )  # fmt: skip
    for document in (full, Document("Море.", id="2", lang="ru")):
        ready = prepare(document)
        assert pickle.loads(pickle.dumps(ready)) == ready


def test_little_memory(tmp_path: Path) -> None:
    """Segments are written as memory fills, and the last of equal ids wins all the same."""
    long = [Document("Очень длинный договор о море. " * 12000 + f"знак{number}", id="один") for number in range(6)]
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(long, memory="16MB")
        assert len(index) == 1 and index.search("знак5").total == 1 and not index.search("знак4").total
        assert index.check().ok


def test_a_worker_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours with the next step, and the index as it was."""
    from indexer.segment.builder import Builder

    with Index.open(tmp_path / "index", create=True) as index:
        index.add(Document("Договор.", id="был"))
        monkeypatch.setattr(Builder, "add", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(IndexerError, match="--memory"):
            index.add_many(documents(), jobs=2)
        monkeypatch.undo()
        assert len(index) == 1 and index.search("договор").total == 1
        index.add_many(documents(), jobs=2)
        assert index.check().ok


def test_an_error_in_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes out here as it was raised there."""
    from indexer.segment.builder import Builder

    def broken(*_: object) -> None:
        raise IndexerError("нет места")

    monkeypatch.setattr(Builder, "add", broken)
    with Index.open(tmp_path / "index", create=True) as index, pytest.raises(IndexerError, match="нет места"):
        index.add_many(documents(), jobs=2)


@pytest.mark.parametrize(
    ("text", "size"),
    [("256MB", 256 << 20), ("1,5 ГБ", 3 << 29), ("2G", 2 << 30), ("20000000", 20000000), (64 << 20, 64 << 20)],
)
def test_sizes(text: str | int, size: int) -> None:
    """As people write them."""
    assert in_bytes(text) == size


@pytest.mark.parametrize("options", [{"jobs": 0}, {"jobs": "два"}, {"memory": "много"}, {"memory": "1KB"}])
def test_senseless_values(tmp_path: Path, options: dict[str, object]) -> None:
    """A QueryError that names the value."""
    with Index.open(tmp_path / "index", create=True) as index, pytest.raises(QueryError, match=r"jobs|memory"):
        index.add_many([], **options)  # type: ignore[arg-type]
