"""The index as a whole: what is added is found, replaced, deleted, kept; what is wrong has a name."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import stat
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import (
    Document,
    DocumentError,
    DocumentNotFound,
    Index,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexVersionError,
    QueryError,
    SearchTimeout,
    SourceError,
    search,
)
from indexer.segment import toc
from indexer.segment.record import digests, prepare
from indexer.segment.writer import writing

NEWS = (
    Document("Завод дал гарантию на лебёдку.", id="1", title="Новости завода", date="2022-01-09", path="news/a.txt"),
    Document("Гарантии безопасности обсудят в Вене.", id="2", date=dt.date(2021, 12, 23), path="news/b.md"),
    Document("Рыбаки вернулись в порт с уловом.", id="3", fields={"author": "Пестова", "pages": 3, "tags": ["море"]}),
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An index of three notes."""
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.add_many(NEWS)
        yield opened


def ids(index: Index, query: str, **options: object) -> list[str]:
    """Ids of the hits in their order."""
    return [hit.id for hit in index.search(query, **options)]  # type: ignore[arg-type]


def test_found_in_another_form(index: Index) -> None:
    """The point of it all."""
    assert ids(index, "гарантиями") == ["2", "1"]  # the shorter text first


def test_a_document_of_the_same_id_is_replaced(index: Index) -> None:
    """One id, one document: the old text is gone."""
    index.add(Document("Погода ясная.", id="1"))
    assert ids(index, "гарантия") == ["2"]
    assert len(index) == 3


def test_the_last_of_equal_ids_in_one_run_wins(index: Index) -> None:
    """One id, one document, within a run too."""
    report = index.add_many([Document("первая версия", id="x"), Document("вторая версия", id="x")])
    assert (report.added, len(index)) == (1, 4)
    assert index.get("x").text == "вторая версия"


def test_unchanged_documents_are_not_written_again(index: Index) -> None:
    """Adding the same again costs a look-up, unless forced."""
    assert index.add_many(NEWS).unchanged == 3
    assert index.add_many(NEWS, force=True).changed == 3
    assert len(index) == 3


def test_a_language_that_was_found_may_be_given(index: Index) -> None:
    """What is exported has the language that was found: to add it again changes nothing. Another language does."""
    text = "Міністр пообіцяв нові школи."
    plain, told, wrong = (Document(text, id="школи", lang=lang) for lang in (None, "uk", "bg"))

    def add(document: Document) -> tuple[int, int]:
        report = index.add_many([document])
        return report.added + report.changed, report.unchanged

    assert [add(one) for one in (plain, plain, told)] == [(1, 0), (0, 1), (0, 1)]
    assert [add(one) for one in (wrong, wrong)] == [(1, 0), (0, 1)] and index.get("школи") == wrong
    assert add(plain) == (0, 1), "who gives none this time leaves what stands there"
    assert add(told) == (1, 0) and add(plain) == (0, 1) and index.get("школи") == told


def test_the_same_twice_in_one_run(index: Index) -> None:
    """Two batches apart, and not committed yet: unchanged."""
    twice = Document("Море.", id="море")
    report = index.add_many([twice, *(Document(f"Снег {number}.", id=f"с{number}") for number in range(1000)), twice])
    assert (report.added, report.changed, report.unchanged) == (1001, 0, 1)


def test_fingerprints_of_earlier_versions() -> None:
    """They always had the language: a document under such a fingerprint is unchanged."""
    given = Document("Міністр пообіцяв нові школи.", id="школи")
    ready, told = prepare(given), prepare(replace(given, lang="uk"))
    assert digests(ready.whole) == (told.digest, ready.digest)
    assert ready.same(told.digest, "uk") and ready.same(ready.digest, "uk") and told.same(ready.digest, "uk")
    assert not ready.same(told.digest, "ru") and not prepare(replace(given, text="Море.")).same(told.digest, "uk")


def test_delete(index: Index) -> None:
    """Deleted documents are neither found nor counted, in `in`, `len`, totals or document frequencies."""
    assert index.delete("1", "нет такого", "1") == 1
    assert ("1" in index, "2" in index, len(index)) == (False, True, 2)
    assert index.search("гарантия").total == 1


def test_get_gives_back_what_was_added(index: Index) -> None:
    """All of it, with what was filled in."""
    assert index.get("3") == Document(
        NEWS[2].text, id="3", lang="ru", fields={"author": "Пестова", "pages": 3, "tags": ["море"]}
    )
    assert index.get("2").date == "2021-12-23"
    with pytest.raises(DocumentNotFound, match="нет документа 'нет'"):
        index.get("нет")
    with pytest.raises(KeyError):
        index.get("нет")


def test_fields_belong_to_whom_they_were_given(index: Index) -> None:
    """What is kept of a document between searches is not what a caller may change."""
    for found in (index.search("улов")[0].fields, index.get("3").fields):
        assert isinstance(found, dict)
        assert isinstance(found["tags"], list)
        found["tags"].append("суша")
        found["author"] = "Никто"
    assert index.search("улов")[0].fields == index.get("3").fields == NEWS[2].fields


def test_an_id_is_made_where_there_is_none(tmp_path: Path) -> None:
    """The path; else a hash of the text, so that the same text twice is one document."""
    with Index.open(tmp_path, create=True) as index:
        index.add_many([Document("один текст"), Document("один текст"), Document("другой", path="a/b.txt")])
        assert len(index) == 2
        assert "a/b.txt" in index


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"lang": "ru"}, ["1", "2", "3"]),
        ({"lang": "bg"}, []),
        ({"date": ("2022-01-01", None)}, ["1"]),
        ({"date": (None, "2021")}, ["2"]),
        ({"date": "2021-12"}, ["2"]),
        ({"date": dt.date(2022, 1, 9)}, ["1"]),
        ({"path": "news"}, ["1", "2"]),
        ({"path": "*.md"}, ["2"]),
        ({"ext": "txt"}, ["1"]),
        ({"ext": ["txt", "md"]}, ["1", "2"]),
        ({"author": "Пестова"}, ["3"]),
        ({"author": ["Пестова", "Орехова"], "tags": "море"}, ["3"]),
        ({"pages": (1, 5)}, ["3"]),
        ({"pages": (4, None)}, []),
    ],
)
def test_where(index: Index, where: dict[str, object], expected: list[str]) -> None:
    """Filters as values; of several fields all must hold, of several values any."""
    assert sorted(ids(index, "завод | гарантия | порт", where=where)) == expected


def test_sort(index: Index) -> None:
    """By date both ways, undated last; by path, those without one last."""
    everything = "завод | гарантия | порт"
    assert ids(index, everything, sort="date") == ["2", "1", "3"]
    assert ids(index, everything, sort="-date") == ["1", "2", "3"]
    assert ids(index, everything, sort="path") == ["1", "2", "3"]


def test_paging_is_stable(index: Index) -> None:
    """Pages put together are the whole, and ranks go on."""
    whole = ids(index, "завод | гарантия | порт")
    pages = [index.search("завод | гарантия | порт", limit=1, offset=at) for at in range(3)]
    assert [hit.id for page in pages for hit in page] == whole
    assert [(page.total, page[0].rank) for page in pages] == [(3, 1), (3, 2), (3, 3)]
    assert not index.search("завод", offset=5)


def test_relaxed(index: Index) -> None:
    """Nothing has both: the best partial match, and what it lacks; never with `relax=False`."""
    results = index.search("рыбаки гарантия трансформатор")
    assert results[0].id == "3"
    assert results.relaxed == ("гарантия", "трансформатор")
    assert index.search("рыбаки гарантия", relax=False).total == 0


def test_a_phrase_stays_binding_when_relaxed(index: Index) -> None:
    """Quotation marks mean it."""
    assert ids(index, '"гарантия безопасности" трансформатор') == ["2"]
    assert ids(index, '"безопасность гарантии" порт') == []
    assert ids(index, "+порт трансформатор -улов") == []


def test_matches_and_snippet(index: Index) -> None:
    """Why it was found, in the letters of the text."""
    (hit,) = index.search("лебедка")
    assert hit.matches == {"лебедка": ("лебёдку",)}
    assert hit.snippets[0].html() == "Завод дал гарантию на <mark>лебёдку</mark>."


def test_a_group_that_is_not_met_is_not_marked(index: Index) -> None:
    """Of «(лебёдка море) | завод» the second alternative was met: the winch in the same sentence was not asked for."""
    (hit,) = index.search("(лебёдка море) | завод", where={"path": "news/a.txt"})
    assert hit.matches == {"завод": ("Завод", "завода")}
    assert hit.snippets[0].html() == "<mark>Завод</mark> дал гарантию на лебёдку."


def test_a_title_that_stands_in_the_text_counts_once(tmp_path: Path) -> None:
    """Found as a title, weighs as a title, and is not one occurrence more in the text."""
    text = "Ремонт моста начнут весной\n\nПодрядчик уже выбран."
    with Index.open(tmp_path, create=True) as index:
        index.add_many([Document(text, id="in", title="Ремонт моста начнут весной"), Document("мост", id="other")])
        (hit,) = index.search("title:мост")
        assert hit.snippets[0].field == "text"
        assert text[hit.snippets[0].start :].startswith("Ремонт моста")
        assert ids(index, '"весной подрядчик"') == []


def test_options_that_mean_nothing(index: Index) -> None:
    """Each is a QueryError that names the values there are."""
    for options in ({"match": "some"}, {"sort": "length"}, {"limit": -1}, {"snippets": -1}, {"offset": -1}):
        with pytest.raises(QueryError, match="="):
            index.search("завод", **options)  # type: ignore[arg-type]
    for query in ("", "  \n"):
        with pytest.raises(QueryError, match="Пустой запрос"):
            index.search(query)
    with pytest.raises(QueryError, match="2022-01-09"):
        index.search("завод", where={"date": "вчерашний"})
    with pytest.raises(QueryError, match="строкой"):
        index.search(None)  # type: ignore[arg-type]
    with pytest.raises(DocumentError, match="Нужен Document"):
        index.add("просто текст")  # type: ignore[arg-type]
    for name, value in (("where", "lang:uk"), ("where", 5), ("facets", None), ("facets", b"x"), ("synonyms", [])):
        with pytest.raises(QueryError, match=f"{name}=.*: нужен"):
            index.search("завод", **{name: value})
    for name, value in (("fields", None), ("fields", "автор"), ("locations", None), ("locations", 5)):
        with pytest.raises(DocumentError, match=name):
            index.add(Document("Завод.", **{name: value}))
    assert index.search("завод", exact=[]).total == index.search("завод").total  # type: ignore[arg-type]


def test_a_pasted_date_field_is_words(index: Index) -> None:
    """Only an empty query is an error: «дата:» before what is no date is text, and so is «?» within a quotation."""
    index.add(Document("Дата: завтра. Готов ли завод? Да, готов.", id="4"))
    assert ids(index, "дата:завтра") == ["4"]
    assert ids(index, "«готов ли завод? Да»") == ["4"]


def test_a_search_may_be_given_up(index: Index) -> None:
    """The time allowed is checked at every word."""
    with pytest.raises(SearchTimeout, match="не уложился"):
        index.search("завод", timeout=-1.0)


@pytest.mark.parametrize(
    "document",
    [
        Document("текст", id="x", date="вчера"),
        Document(None, id="x"),  # type: ignore[arg-type]
        Document("половина \ud800 пары", id="x"),
        Document("текст", id="x", title="половина \ud800"),
        Document("текст", id="x", path="\udcff.txt"),
        Document("текст", id="x", fields={"автор": "\udfff"}),
        Document("текст", id="x", fields={"теги": ["\udfff"]}),
        Document("текст", id="x", fields={"счёт": float("nan")}),
        Document("текст", id="x", fields={"вложено": {"a": 1}}),  # type: ignore[dict-item]
        Document("текст", id="x", path=5),  # type: ignore[arg-type]
    ],
)
def test_documents_that_cannot_be_taken(index: Index, document: Document) -> None:
    """Named and raised; or, when asked, put aside while the others go in."""
    with pytest.raises(DocumentError, match="'x'"):
        index.add(document)
    report = index.add_many([document, Document("хороший", id="y")], on_error="skip")
    assert (report.added, [problem.path for problem in report.failed]) == (1, ["x"])


def test_a_language_we_do_not_read_is_detected(index: Index) -> None:
    """A German note is indexed all the same."""
    index.add(Document("Der Hafen ist offen.", id="de", lang="de"))
    assert ids(index, "Hafen") == ["de"]


def test_missing_index(tmp_path: Path) -> None:
    """What to run is said."""
    with pytest.raises(IndexNotFound, match="indexer add"):
        Index.open(tmp_path / "нет")
    with pytest.raises(IndexNotFound):
        search("завод", index=tmp_path)


def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    """Made 0700; a folder that was there keeps its mode."""
    Index.open(tmp_path / "made", create=True)
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700
    (tmp_path / "there").mkdir(mode=0o755)
    Index.open(tmp_path / "there", create=True)
    assert stat.S_IMODE((tmp_path / "there").stat().st_mode) == 0o755


@pytest.mark.usefixtures("index")
def test_module_search(tmp_path: Path) -> None:
    """Open, search, close."""
    assert [hit.id for hit in search("улов", index=tmp_path / "index")] == ["3"]


@pytest.mark.usefixtures("index")
def test_another_version_of_the_analysis(tmp_path: Path) -> None:
    """The versions of format and dictionaries are kept, and compared on opening."""
    marker = tmp_path / "index" / "indexer.json"
    meta = json.loads(marker.read_text(encoding="utf-8"))
    del meta["checksum"]
    other = {**meta, "analysis": {"ru": "0: другой словарь"}}
    marker.write_text(json.dumps({**other, "checksum": toc._checksum(other)}), encoding="utf-8")
    with pytest.raises(IndexVersionError, match="indexer relemmatise"):
        Index.open(tmp_path / "index")
    marker.write_text(json.dumps({**meta, "format": 99}), encoding="utf-8")
    with pytest.raises(IndexVersionError, match="99"):
        Index.open(tmp_path / "index")


@pytest.mark.parametrize("pattern", ["*.documents", "*.postings", "*.lexicon", "indexer.json"])
def test_damaged_files(index: Index, tmp_path: Path, pattern: str) -> None:
    """Broken files are IndexDamaged and nothing else, on opening or on searching; more in test_safety."""
    index.close()
    (path,) = (tmp_path / "index").glob(pattern)
    path.write_bytes(b"\x00" * 10)
    with pytest.raises(IndexDamaged, match="повреждён"):
        Index.open(tmp_path / "index").search("завод")


def test_two_writers(index: Index, tmp_path: Path) -> None:
    """The second waits, then says who holds the lock: not who was killed with it, and nobody when it is free."""
    other = Index.open(tmp_path / "index", timeout=0.2)
    (lock := tmp_path / "index/indexer.lock").write_bytes(b"\0" + b'{"pid": 1}' * 1000)
    with writing(index._store, 1.0), pytest.raises(IndexLocked, match=f"процессом {os.getpid()} "):
        other.add(Document("текст"))
    other.add(Document("текст"))
    assert lock.read_bytes() == b""


def test_readers_go_on_while_another_index_writes(index: Index, tmp_path: Path) -> None:
    """A reader sees the last commit, without opening anew."""
    with Index.open(tmp_path / "index") as writer:
        writer.add(Document("Новый завод открыт.", id="4"))
        assert sorted(ids(index, "завод")) == ["1", "4"]
        writer.delete("1")
        assert ids(index, "завод") == ["4"]


def test_threads_share_an_index(index: Index) -> None:
    """Searching and adding from several threads at once."""
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            index.add(Document(f"поток {number}", id=f"t{number}"))
            assert ids(index, "завод") == ["1"]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(index) == 9


def test_stats(index: Index) -> None:
    """The index in numbers."""
    stats = index.stats()
    assert (stats.documents, stats.languages, stats.segments) == (3, {"ru": 3}, 1)
    assert stats.forms > 10 < stats.lemmas
    assert stats.bytes > 1000
    assert stats.last_commit is not None


def test_a_folder(index: Index, tmp_path: Path) -> None:
    """Ids are paths relative to the folder that holds the index; gone files are pruned; bad ones are named."""
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "a.txt").write_text("Каток открыт.", encoding="cp1251")
    (docs / "sub" / "b.md").write_text("# Бассейн\n\nЗакрыт на ремонт.", encoding="utf-8")
    (docs / "empty.txt").write_bytes(b"")
    report = index.add_path(docs)
    assert (report.added, [problem.path for problem in report.failed]) == (2, ["docs/empty.txt"])
    assert ids(index, "каток | бассейн", sort="path") == ["docs/a.txt", "docs/sub/b.md"]
    (docs / "a.txt").unlink()
    assert index.add_path(docs, prune=True).deleted == 1
    assert ids(index, "каток") == []
    assert index.delete_path(docs) == 1
    with pytest.raises(SourceError, match="Нет такого"):
        index.add_path(docs / "нет")


def test_many_commits_are_one_index(tmp_path: Path) -> None:
    """How documents fell into segments changes no score: ten commits score as one."""
    texts = [f"Завод номер {number} и {'мост ' * (number % 3)}река" for number in range(10)]
    with Index.open(tmp_path / "one", create=True) as one, Index.open(tmp_path / "ten", create=True) as ten:
        one.add_many(Document(text, id=str(number)) for number, text in enumerate(texts))
        for number, text in enumerate(texts):
            ten.add(Document(text, id=str(number)))
        first, second = (index.search("мост река", match="any", limit=None) for index in (one, ten))
    assert [hit.id for hit in first] == [hit.id for hit in second]
    assert [hit.score for hit in first] == pytest.approx([hit.score for hit in second], rel=1e-12)


@pytest.mark.parametrize("text", ["б" * 1_000_000, "🎉🎉🎉", "до\x00и\x00после", "", " \n", "\U00017000кошка"])
def test_strange_texts(index: Index, text: str) -> None:
    """Indexed and given back as they are, whatever they hold."""
    index.add(Document(text, id="strange"))
    assert index.get("strange").text == text
    for query in (text[:200] or "x", "б*", "кошка"):
        if query.strip():
            index.search(query)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("*рыба*", ["3"]),
        ("*р*б*к*", ["3"]),
        ("рыба?и", ["3"]),
        ("*ибаки", []),
        ("з*в*д", ["1"]),
        ("*а" * 40 + "*в", []),  # must not try every way to share the letters out
    ],
)
def test_masks(index: Index, mask: str, expected: list[str]) -> None:
    """`*` any letters, `?` one letter, several of them in one mask."""
    index.add(Document("а" * 128 + "б", id="long"))
    assert ids(index, mask) == expected


def test_an_interrupted_run_keeps_what_was_taken(tmp_path: Path) -> None:
    """Also of a batch that is not full; the index is not locked."""

    def broken() -> Iterator[Document]:
        yield Document("первый", id="1")
        raise KeyboardInterrupt

    with Index.open(tmp_path, create=True) as index:
        index.add(Document("нулевой", id="0"))
        with pytest.raises(KeyboardInterrupt):
            index.add_many(broken())
        index.add(Document("второй", id="2"))
        assert {name for name in "012" if name in index} == {"0", "1", "2"}


def test_import_is_cheap() -> None:
    """`import indexer` loads neither NumPy, Whoosh nor pymorphy3."""
    code = "import sys, indexer; print([m for m in ('numpy', 'whoosh', 'pymorphy3', 'Stemmer') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_what_a_commit_replaces_is_let_go_at_once(index: Index) -> None:
    """Not when the collector of cycles comes by: until then the files that a merge removed would take up the disk."""
    gc.disable()
    try:
        index.search("лебёдка")
        before = weakref.ref(index._current())
        index.add(Document("Порт закрыт.", id="4"))
        assert [hit.id for hit in index.search("порт")] == ["4", "3"]
        assert before() is None
    finally:
        gc.enable()
