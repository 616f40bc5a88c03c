"""Pages and chapters of a long text: given with a document, kept, and named by the passages of a hit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Document, DocumentError, Index
from indexer.segment.locations import at, sound

FIRST = "Пароход отошёл от пристани на рассвете.\n"
SECOND = "К полудню показались огни маяка.\n"
BOOK = Document(FIRST + SECOND, id="книга", locations=((0, "стр. 1"), (len(FIRST), "стр. 2")))
PLAIN = Document("Маяк построили в позапрошлом веке.", id="заметка")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index", create=True)


def test_a_passage_names_its_page(index: Index) -> None:
    index.add_many([PLAIN, BOOK])
    places = {hit.id: [snippet.location for snippet in hit.snippets] for hit in index.search("маяк")}
    assert places == {"книга": ["стр. 2"], "заметка": [None]}
    (hit,) = index.search("пароход", snippet_chars=200)
    assert hit.snippets[0].to_dict()["location"] == "стр. 1"


def test_the_page_is_that_of_the_match_where_a_passage_runs_over_two(index: Index) -> None:
    text = "Он долго смотрел на воду, а потом ушёл в каюту и лёг спать."
    index.add(Document(text, id="1", locations=((0, "стр. 1"), (text.index("ушёл"), "стр. 2"))))
    assert index.search("каюта")[0].snippets[0].location == "стр. 2"
    assert index.search("вода")[0].snippets[0].location == "стр. 1"


def test_before_the_first_place_there_is_none(index: Index) -> None:
    index.add(Document(FIRST + SECOND, id="1", locations=[(len(FIRST), "глава 1")]))
    assert index.search("пароход")[0].snippets[0].location is None


def test_places_are_kept_through_reading_merging_and_checking(index: Index) -> None:
    index.add(PLAIN)
    index.add(BOOK)
    index.compact()
    assert index.get("книга").locations == BOOK.locations
    assert index.get("заметка").locations == ()
    assert index.check().ok


def test_other_places_are_another_document(index: Index) -> None:
    """The same text, numbered otherwise, is written anew; the same places are no change."""
    index.add(BOOK)
    assert index.add_many([BOOK]).unchanged == 1
    moved = Document(BOOK.text, id="книга", locations=[(0, "глава 1")])
    assert index.add_many([moved]).changed == 1
    assert index.search("пароход")[0].snippets[0].location == "глава 1"


def test_a_long_text_read_in_stretches_names_its_pages(index: Index) -> None:
    page = "Волны шли одна за другой, и берега не было видно. " * 40
    pages = [page] * 30 + [page + "Тогда боцман крикнул: земля!\n"] + [page] * 30
    starts = [sum(map(len, pages[:number])) for number in range(len(pages))]
    places = [(start, f"стр. {number}") for number, start in enumerate(starts, start=1)]
    index.add(Document("".join(pages), id="1", locations=places))
    assert index.search("боцман")[0].snippets[0].location == "стр. 31"


@pytest.mark.parametrize(
    ("why", "places"),
    [
        ("falling", [(5, "а"), (3, "б")]),
        ("two at one place", [(3, "а"), (3, "б")]),
        ("behind the end", [(100_000, "а")]),
        ("before the beginning", [(-1, "а")]),
        ("no name", [(3, 5)]),
        ("no pair", [3]),
        ("half of a character", [(3, "\ud83d")]),
    ],
)
def test_places_that_make_no_sense_are_refused(index: Index, why: str, places: list[object]) -> None:
    with pytest.raises(DocumentError):
        index.add(Document(FIRST, id="1", locations=places))  # type: ignore[arg-type]
    assert len(index) == 0, why


@given(st.lists(st.integers(0, 30), unique=True, max_size=6).map(sorted), st.integers(0, 31))
def test_the_place_is_the_last_that_began(offsets: list[int], wanted: int) -> None:
    places = [(offset, str(offset)) for offset in offsets]
    assert sound(places, 30)
    slow = [name for offset, name in places if offset <= wanted]
    assert at(places, wanted) == (slow[-1] if slow else None)
