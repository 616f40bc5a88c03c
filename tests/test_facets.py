"""Facets: how many of the documents found have each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document, Index

DOCUMENTS = [
    Document("Переговоры в Женеве", id="a", path="мир/женева.txt", date="2022-01-09", fields={"author": ["Ия", "Ян"]}),
    Document("Переговоры в Вене", id="b", path="мир/вена.md", date="2021-12-23", fields={"author": "Ия"}),
    Document("Переговоры о снеге", id="c", path="погода.txt", date="2022-03-01"),
    Document("Снег", id="d", path="мир/погода/снег.txt", date="1999-12-31", fields={"author": "Ян\nПервый"}),
    Document("Переговори з Києвом почалися, і їх буде ще багато", id="e", lang="uk"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The documents above, a segment each."""
    with Index.open(tmp_path_factory.mktemp("facets") / "index", create=True) as opened:
        for document in DOCUMENTS:
            opened.add(document)
        yield opened


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("year", {"2022": 2, "2021": 1}),  # the most frequent first; the undated is in none
        ("lang", {"ru": 3, "uk": 1}),
        ("ext", {"txt": 2, "md": 1}),
        ("dir", {"мир": 2, ".": 1}),  # the folder itself; what has no path is in none
        ("author", {"Ия": 2, "Ян": 1}),  # a document may have several values
        ("auth", {}),
    ],
)
def test_facet(index: Index, name: str, counts: dict[str, int]) -> None:
    """Counts are of all that was found, not of the page."""
    found = index.search("переговоры ИЛИ переговори", limit=1, facets=name)
    assert found.facets == {name: counts}
    assert list(found.facets[name]) == list(counts)


def test_with_any_of_the_words(index: Index) -> None:
    """Where the engine may stop early without facets, it does not with them."""
    found = index.search("переговоры снег", match="any", limit=1, count=False, facets=("year", "ext"))
    assert found.facets == {"year": {"2022": 2, "1999": 1, "2021": 1}, "ext": {"txt": 3, "md": 1}}
    assert (found.total, found.total_is) == (4, "exact")


def test_deleted_documents_do_not_count(tmp_path: Path) -> None:
    """Nor does the former version of a changed one."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(DOCUMENTS)
        index.delete("a")
        index.add(Document("Переговоры", id="b", date="2020-01-01"))
        assert index.search("переговоры", facets=["year", "author"]).facets == {
            "year": {"2020": 1, "2022": 1},
            "author": {},
        }


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["снег", "дождь"]), st.sampled_from(["а", "б", "в\tг", "д=е"])), max_size=12))
def test_like_counting_by_hand(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    """Whatever segments the documents fell into."""
    with Index.open(tmp_path_factory.mktemp("twin") / "index", create=True) as index:
        for half in (rows[::2], rows[1::2]):
            index.add_many(
                Document(
                    f"{word} {number} {len(half)}",
                    id=f"{number}-{len(half)}-{half is rows}-{value}",
                    fields={"k": value},
                )
                for number, (word, value) in enumerate(half)
            )
        stored = index.search("снег", limit=None, repair=False)
        counts = Counter(hit.fields["k"] for hit in stored)
        assert index.search("снег", facets="k", repair=False).facets["k"] == dict(counts)


def test_similar(index: Index) -> None:
    """Documents that share what tells one from the rest; the one itself is left out."""
    results = index.similar("a")
    assert [hit.id for hit in results] == ["b", "c"]
    assert results.query.split()[0] in ("женеве", "переговоры")
    assert [hit.id for hit in index.similar("a", limit=1, where={"ext": "txt"})] == ["c"]


def test_like(index: Index) -> None:
    """A document from elsewhere; snippets show what is alike."""
    hit = index.like(Document("Снег шёл всю ночь"))[0]
    assert hit.id in ("c", "d")
    assert hit.snippets[0].spans
