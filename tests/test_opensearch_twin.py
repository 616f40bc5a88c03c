"""An index on a cluster against a local one, on random documents and queries: the same documents, order and scores."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import servers
import strategies
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from opensearch_store import emptied
from test_twin import FIXED, Question, ids, questions

from indexer import Document, Index, QueryError, Results


@pytest.fixture(scope="module")
def remote(cluster: servers.Cluster) -> Iterator[Index]:
    """An empty index on the cluster."""
    with Index.open(f"{cluster.urls[0].replace('http', 'opensearch')}/twin", create=True) as index:
        yield index


@contextmanager
def both(remote: Index, documents: list[Document]) -> Iterator[Index]:
    """The documents in the index on the cluster, alone, and in a local one."""
    emptied(remote).add_many(documents)
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.add_many(documents)
        yield index


@st.composite
def libraries(draw: Callable[..., Any]) -> tuple[list[Document], list[Question], list[str]]:
    """Documents, and questions about them."""
    words = draw(strategies.vocabularies())
    document = strategies.documents(words)
    documents = draw(st.lists(document, min_size=1, max_size=8, unique_by=lambda document: document.id))
    return documents, draw(questions(words, most=20)), draw(st.lists(strategies.related(words), max_size=6))


# What is only counted from above on a cluster, so that its weight and the order may differ: words near each other, and
# phrases with a mask, an address or a date in them.
ABOUT = re.compile(r"/\d|~\d|[\"«][^\"»]*[\d*?@#.+]")


def compare(query: str, here: Results, there: Results) -> None:
    """The cluster found what the local index did; and but for the reasons of ABOUT, in the same order and as heavy."""
    assert {hit.id for hit in there} == {hit.id for hit in here}
    assert (there.total, there.total_is, bool(there.relaxed)) == (here.total, here.total_is, bool(here.relaxed))
    if ABOUT.search(query):
        return
    assert [hit.id for hit in there] == [hit.id for hit in here]
    assert there.relaxed == here.relaxed
    for one, other in zip(here, there, strict=True):
        assert math.isclose(one.score, other.score, rel_tol=1e-9, abs_tol=1e-12), one.id
        assert (one.matches, one.snippets) == (other.matches, other.snippets)


@settings(FIXED, max_examples=12, phases=(Phase.generate,))  # making an example smaller would take minutes
@given(library=libraries())
def test_both_find_the_same(remote: Index, library: tuple[list[Document], list[Question], list[str]]) -> None:
    """Documents, totals, order, scores, passages and the words of a relaxed query."""
    documents, asked, relations = library
    with both(remote, documents) as local:
        for query, options in [*asked[:8], *(Question(query, {}) for query in relations[:4])]:
            found = local.search(query, limit=None, repair=False, **options)
            compare(query, found, remote.search(query, limit=None, repair=False, **options))


def test_a_page_is_cut_from_the_whole(remote: Index) -> None:
    """Blocks are ranked by themselves: pages of three beside one another are all that there is, in one order."""
    documents = [
        Document(f"Заседание {'договор ' * (number % 7)} номер {number}", id=str(number)) for number in range(25)
    ]
    with both(remote, documents) as local:
        whole = [hit.id for hit in local.search("договор", limit=None)]
        pages = [hit.id for at in range(0, 25, 3) for hit in remote.search("договор", limit=3, offset=at)]
        assert pages == whole
        assert [hit.rank for hit in remote.search("договор", limit=2, offset=4)] == [5, 6]


@pytest.mark.parametrize("sort", ["date", "-date", "path"])
def test_orders(remote: Index, sort: str) -> None:
    """By date and by path as here, undated and pathless documents last, equals by id."""
    dates = ["2022-01-09", None, "2021-12-31", "2022-01-09", "2023-05-05", None]
    documents = [
        Document("договор", id=str(number), date=date, path=f"папка/{number % 2}.txt" if number else None)
        for number, date in enumerate(dates)
    ]
    with both(remote, documents) as local:
        assert ids(remote.search("договор", sort=sort)) == ids(local.search("договор", sort=sort))  # type: ignore[arg-type]


def test_facets(remote: Index) -> None:
    """Counted on the cluster, of all that was found."""
    documents = [
        Document("договор", id="1", date="2022-01-09", path="новости/а.txt", fields={"тег": ["а", "б"], "год": 2022}),
        Document("договор", id="2", date="2022-02-01", path="новости/б.md", lang="bg", fields={"тег": ["а"]}),
        Document("договор", id="3", path="я.txt"),
        Document("другое", id="4", date="2021-01-01"),
    ]
    names = ("year", "lang", "ext", "dir", "тег", "год")
    with both(remote, documents) as local:
        expected = local.search("договор", facets=names).facets
        assert remote.search("договор", facets=names, limit=0).facets == expected
        assert expected["тег"] == {"а": 2, "б": 1}


def test_reprints_fold(remote: Index) -> None:
    """The best of them stands, the others are its duplicates."""
    text = "В Женеве прошли переговоры о гарантиях безопасности, стороны не пришли к согласию и условились продолжить."
    documents = [Document(text, id="1"), Document(text + " Итог.", id="2"), Document("Переговоры о торговле.", id="3")]
    with both(remote, documents) as local:
        here, there = (index.search("переговоры", collapse="near") for index in (local, remote))
        assert [(hit.id, hit.duplicates) for hit in there] == [(hit.id, hit.duplicates) for hit in here]
        assert there.total == here.total == 3


def test_like_and_completion(remote: Index) -> None:
    """Documents like another; words that begin so; words that were meant."""
    documents = [
        Document("Переговоры в Женеве о гарантиях безопасности идут второй день", id="1"),
        Document("В Женеве продолжились переговоры: гарантии безопасности обсуждают закрыто", id="2"),
        Document("Хоккеисты выиграли матч", id="3"),
        Document("Лёд на озере окреп; гарантии нет", id="4"),
    ]
    with both(remote, documents) as local:
        assert ids(remote.similar("1")) == ids(local.similar("1"))
        assert remote.similar("1").query == local.similar("1").query
        unknown = Document("переговоры о безопасности")
        assert ids(remote.like(unknown)) == ids(local.like(unknown))
        assert remote.complete("гаран") == local.complete("гаран") == ["гарантии", "гарантиях"]
        assert remote.complete("на ле") == local.complete("на ле") == ["на лёд"]
        for word in ("перговоры", "ghtujdjhs", "zheneva", "хокеисты"):
            assert remote.suggest(word) == local.suggest(word), word


@pytest.mark.parametrize(
    "query", ["ghtujdjhs", "перговоры", "Zheneva", "женеве нетакогослова", "перговоры ЖЕНЕВА -лёд"]
)
def test_repairs(remote: Index, query: str) -> None:
    """A query that finds nothing is repaired, relaxed and answered as here."""
    documents = [
        Document("Переговоры в Женеве о гарантиях безопасности", id="1"),
        Document("Лёд на озере окреп; переговоры", id="2"),
    ]
    with both(remote, documents) as local:
        here, there = local.search(query), remote.search(query)
        assert (there.executed, there.repaired, there.relaxed) == (here.executed, here.repaired, here.relaxed)
        assert ids(there) == ids(here)
        assert there.suggestions == here.suggestions


def test_explanations(remote: Index) -> None:
    """The sum is that of a local index, with the document frequencies of all documents."""
    documents = [Document("Рябков прибыл в Женеву", id="1"), Document("С Рябковым говорили в Женеве", id="2")]
    with both(remote, documents) as local:
        (here, *_), (there, *_) = (index.search("Рябков Женева", explain=True) for index in (local, remote))
        assert there.explain == here.explain


def test_a_long_question(remote: Index) -> None:
    """A whole page pasted is a question: two hundred words are found by any of them, and ranked as here."""
    numerals = "ноль один два три четыре пять шесть семь восемь девять".split()
    words = [f"{tens}{ones}" for tens in numerals for ones in numerals[::-1]]
    documents = [Document(" ".join(words[number : number + 5]), id=str(number)) for number in range(20)]
    with both(remote, documents) as local:
        for match in ("any", "all"):
            here, there = (index.search(" ".join(words * 2), match=match) for index in (local, remote))  # type: ignore[arg-type]
            assert ids(there) == ids(here)
            assert there.total == here.total


def test_threads_share_an_index(remote: Index) -> None:
    """Each thread gets its own answers."""
    words = ["договор", "переговоры", "уступка", "гарантия"]
    documents = [Document(f"{word} {number}", id=f"{word}-{number}") for word in words for number in range(5)]
    with both(remote, documents), ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda word: {hit.id.partition("-")[0] for hit in remote.search(word)}, words * 5)
        assert list(found) == [{word} for word in words * 5]


def test_too_many_to_be_checked(remote: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cluster cannot find exactly, and is too much to be fetched, is an error and no other answer."""
    monkeypatch.setattr("indexer.opensearch.asking.MOST_CHECKED", 1)
    with both(remote, [Document("Кот и пёс.", id="1"), Document("Кот. Пёс.", id="2")]):
        with pytest.raises(QueryError, match="Добавьте слов или фильтр"):
            remote.search("кот & пёс")
        assert len(remote.search("кот пёс")) == 2
