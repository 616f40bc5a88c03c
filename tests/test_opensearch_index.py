"""An index on a cluster as a store: what is put in comes out, once, as it was; versions change behind one name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import servers
from opensearch_store import emptied
from opensearchpy import OpenSearch

from indexer import Document, DocumentError, Index, IndexerError, IndexNotFound, IndexVersionError
from indexer.opensearch import listing, mapping

LETTERS = [
    Document(
        "В Женеве прошли переговоры.", id="1", date="2022-01-09", fields={"автор": "Ким", "тег": ["а", "б"], "год": 7}
    ),
    Document("Глава первая.\n\nГлава вторая.", id="книга", title="Книга", locations=((0, "глава 1"), (15, "глава 2"))),
    Document("Договор подписан", path="архив/д.txt", lang="ru"),
]
NUMBER = count()


@pytest.fixture(scope="module")
def address(cluster: servers.Cluster) -> str:
    """Where indexes may be made; a name is still to be added."""
    return cluster.urls[0].replace("http", "opensearch")


@pytest.fixture(scope="module")
def shared(address: str) -> Iterator[Index]:
    """One index, for tests that empty it."""
    with Index.open(f"{address}/store", create=True) as index:
        yield index


@pytest.fixture
def remote(shared: Index) -> Index:
    """An empty index."""
    return emptied(shared)


def test_documents_come_back_as_they_were(remote: Index) -> None:
    """Text, title, date, fields, pages; the language that was detected."""
    report = remote.add_many(LETTERS)
    assert (report.added, report.changed, report.unchanged, report.failed) == (3, 0, 0, [])
    assert remote.get("1").fields == {"автор": "Ким", "тег": ["а", "б"], "год": 7}
    assert remote.get("книга") == Document(**{**_values(LETTERS[1]), "lang": "ru"})
    assert [document.id for document in remote.export()] == ["1", "архив/д.txt", "книга"]
    assert len(remote) == 3
    assert "1" in remote
    assert "2" not in remote


def _values(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__slots__}


def test_a_page_is_told_by_its_name(remote: Index) -> None:
    """Locations are those of the passages."""
    remote.add_many(LETTERS)
    ((hit,)) = remote.search("вторая")
    assert [snippet.location for snippet in hit.snippets] == ["глава 2"]


def test_what_has_not_changed_is_not_sent(remote: Index) -> None:
    """A run that was cut off goes on where it was: what is there is left alone, what differs is replaced."""
    remote.add_many(LETTERS[:2])
    report = remote.add_many([*LETTERS, Document("Другой текст", id="1")])
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    assert remote.get("1").text == "Другой текст"
    assert remote.add_many(LETTERS[1:], force=True).changed == 2


def test_the_last_of_equal_ids_wins(remote: Index) -> None:
    """In one batch and over several processes."""
    versions = [Document(f"текст {number}", id="один") for number in range(1200)]
    remote.add_many([*versions[:2], *LETTERS, versions[2]])
    assert remote.get("один").text == "текст 2"
    remote.add_many([*LETTERS, *versions[3:]], jobs=2)
    assert remote.get("один").text == "текст 1199"


def test_deleting(remote: Index) -> None:
    """As many as there were; what is not there is no error."""
    remote.add_many(LETTERS)
    assert remote.delete("1", "нет такого", "1") == 1
    assert remote.delete_path("/нигде") == 0
    assert [hit.id for hit in remote.search("переговоры")] == []


def test_odd_documents(remote: Index) -> None:
    """Long ids and values, words without an end, nothing at all: taken as a local index takes them."""
    odd = [
        Document("первый", id="я" * 400, fields={"заметка": "д" * 40_000}),
        Document("о" * 5000 + " второй " + "a-b" * 3000, id="2"),
        Document("", id="3"),
        Document('|| _ | k:кот \\ " {}', id="4", title="_"),
    ]
    remote.add_many(odd)
    assert remote.get("я" * 400).fields == {"заметка": "д" * 40_000}
    assert [hit.id for hit in remote.search("первый", where={"заметка": "д" * 40_000})] == ["я" * 400]
    assert [hit.id for hit in remote.search("второй")] == ["2"]
    assert [hit.id for hit in remote.search("кот")] == ["4"]


def test_a_document_refused(remote: Index) -> None:
    """It is named with the reason; the others are taken."""
    wrong = Document("текст", id="два", date="когда-нибудь")
    with pytest.raises(DocumentError, match="ГГГГ-ММ-ДД"):
        remote.add(wrong)
    report = remote.add_many([LETTERS[0], wrong], on_error="skip")
    assert (report.added, [problem.path for problem in report.failed]) == (1, ["два"])


def test_files_and_folders(remote: Index, tmp_path: Path) -> None:
    """Added under their full paths; what is no longer there is pruned."""
    for name, text in (("а.txt", "Договор"), ("б/в.txt", "Договоры"), ("б/г.md", "Договору")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert remote.add_path(tmp_path).added == 3
    assert {hit.id for hit in remote.search("договор", where={"path": str(tmp_path / "б")})} == {
        str(tmp_path / "б" / "в.txt"),
        str(tmp_path / "б" / "г.md"),
    }
    (tmp_path / "б" / "г.md").unlink()
    report = remote.add_path(tmp_path, prune=True)
    assert (report.unchanged, report.deleted) == (2, 1)
    assert remote.delete_path(tmp_path / "б") == 1
    assert [hit.id for hit in remote.search("договор")] == [str(tmp_path / "а.txt")]


def test_filters(remote: Index) -> None:
    """Globs with sets, days of every year, ranges of numbers."""
    remote.add_many(
        [
            Document("кот", id="1", path="а/1.txt", date="2021-01-09", fields={"год": 9}),
            Document("кот", id="2", path="а/2.txt", date="2022-01-09", fields={"год": 10}),
            Document("кот", id="3", path="б-[1].txt", date="2022-02-01", fields={"год": "много"}),
        ]
    )
    for where, expected in (
        ({"path": "а/[!1].txt"}, {"2"}),
        ({"path": "[аб]*"}, {"1", "2", "3"}),
        ({"path": "б-[[]1].txt"}, {"3"}),
        ({"date": "9 января"}, {"1", "2"}),
        ({"date": (None, "2022-01")}, {"1", "2"}),
        ({"год": (9.5, None)}, {"2"}),
        ({"год": [9, "много"]}, {"1", "3"}),
    ):
        assert {hit.id for hit in remote.search("кот", where=where)} == expected, where


def test_beyond_the_window_of_the_cluster(remote: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cluster gives no more by number is walked to."""
    monkeypatch.setattr(listing, "_WINDOW", 100)
    monkeypatch.setattr(listing, "_STRIDE", 30)
    remote.add_many(Document("кот", id=f"{number:03}") for number in range(250))
    ids = [f"{number:03}" for number in range(250)]
    assert [hit.id for hit in remote.search("кот", limit=None, snippets=0)] == ids
    assert [hit.id for hit in remote.search("кот", limit=5, offset=240, sort="date")] == ids[240:245]


def test_a_new_version_behind_the_same_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of other dictionaries is not asked; made anew it is, and nobody sees half of it."""
    name = f"versions-{next(NUMBER)}"
    monkeypatch.setattr(mapping, "analysis", lambda: {"rules": "старые"})
    with Index.open(f"{address}/{name}", create=True) as index:
        index.add_many(LETTERS)
    monkeypatch.undo()
    with pytest.raises(IndexVersionError, match="indexer relemmatise"):
        Index.open(f"{address}/{name}")
    with Index.open(f"{address}/{name}", outdated=True) as index:
        index.relemmatise()
    with Index.open(f"{address}/{name}") as index, OpenSearch(address.replace("opensearch", "http")) as client:
        assert [hit.id for hit in index.search("переговоры")] == ["1"]
        assert len(index) == 3
        assert list(client.indices.get_alias(name=name)) == [f"{name}-2"]
        assert not client.indices.exists(index=f"{name}-1")


def test_a_newer_program_made_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mapping is not known here."""
    name = f"versions-{next(NUMBER)}"
    monkeypatch.setattr(mapping, "VERSION", mapping.VERSION + 1)
    Index.open(f"{address}/{name}", create=True).close()
    monkeypatch.undo()
    with pytest.raises(IndexVersionError, match="более новой"):
        Index.open(f"{address}/{name}")


def test_names_that_are_not_ours(address: str) -> None:
    """No index; an index that somebody else has made."""
    with pytest.raises(IndexNotFound, match="indexer add"):
        Index.open(f"{address}/nothing")
    with OpenSearch(address.replace("opensearch", "http")) as client:
        client.indices.create(index="theirs")
    for create in (False, True):
        with pytest.raises(IndexerError, match="не этой программой"):
            Index.open(f"{address}/theirs", create=create)


def test_numbers(remote: Index) -> None:
    """What is not counted on a cluster is None."""
    remote.add_many(LETTERS)
    stats = remote.stats()
    assert (stats.documents, stats.languages, stats.forms, stats.lemmas) == (3, {"ru": 3}, None, None)
    assert stats.bytes > 0
    assert remote.check().ok
    remote.compact()
