"""Reprints of one text fold into one hit, and different stories never do."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer import Document, Index, QueryError
from indexer.analysis.strings import Strings
from indexer.segment import shingles
from indexer.segment.shingles import Beginnings, are_reprints, checksums, fingerprints, may_be_reprints, rows

STORY = (
    "В Заречном после двух лет ремонта открыли мост через реку Сизую. Первыми по нему прошли школьники из слободы, "
    "за ними проехал хлебный фургон. Мост стал шире на полметра, а перила сварили заново на местном заводе. Старые "
    "брёвна не выбросили: из них плотник Игнат Ломов обещает сложить на берегу беседку, и два десятка жителей уже "
    "записались ему помогать по воскресеньям."
)
DOCUMENTS = [
    Document(STORY, id="story"),
    Document("Обновлено. " + STORY + " Подписывайтесь на наш канал.", id="reprint"),
    Document(STORY.replace("открыли", "открыт").replace("школьники", "школьникам"), id="edited"),  # other forms
    Document(
        "Мост через реку Сизую в Заречном открыт: ремонт длился два года. По словам мэра, перила пришлось "
        "заказывать дважды, и вторые оказались лучше первых. Фургонам на мост пока нельзя.",
        id="another",  # the same event, told by someone else
    ),
    Document("Мост в Ольховке закрыли на ремонт: в опоре нашли трещину.", id="elsewhere"),
]


@pytest.mark.parametrize("together", [True, False])
def test_folded(tmp_path: Path, together: bool) -> None:
    """The best one stands, whatever segments they fell into; what is told otherwise is a hit of its own."""
    with Index.open(tmp_path / "index", create=True) as index:
        for part in [DOCUMENTS] if together else [[document] for document in DOCUMENTS]:
            index.add_many(part)
        plain = index.search("ремонт моста", match="any")
        assert len(plain) == 5
        results = index.search("ремонт моста", match="any", collapse="near")
        hits = {hit.id: set(hit.duplicates) for hit in results}
        shown = next(hit for hit in plain if hit.id in ("story", "reprint", "edited")).id
        assert hits == {shown: {"story", "reprint", "edited"} - {shown}, "another": set(), "elsewhere": set()}
        assert [hit.rank for hit in results] == [1, 2, 3]
        assert results.total == 5  # documents, whatever is folded


def test_pages_are_of_hits(tmp_path: Path) -> None:
    """A page goes on behind the folded hits of the page before it, whatever the order."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(DOCUMENTS)
        index.compact()
        for sort in ("relevance", "path"):
            whole = [hit.id for hit in index.search("мост", collapse="near", sort=sort)]
            pages = [
                hit.id
                for at in range(3)
                for hit in index.search("мост", collapse="near", sort=sort, limit=1, offset=at)
            ]
            assert len(whole) == 3
            assert pages == whole


def test_a_word_and_an_empty_text(tmp_path: Path) -> None:
    """Short texts are reprints when they are the same; nothing is a reprint of nothing."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many([Document("Снег", id="a"), Document("снег!", id="b"), Document("Снег идёт", id="c")])
        index.add_many([Document("", id=name, title="Снег") for name in "de"])
        hits = {hit.id: hit.duplicates for hit in index.search("снег", collapse="near")}
        assert sorted(map(len, hits.values())) == [0, 0, 0, 1]


def test_a_headline_with_a_word_more(tmp_path: Path) -> None:
    """Of a short text the end is no larger a part than of a long one."""
    lead = "Россия не пойдёт на уступки США и НАТО, заявил Рябков РИА Новости в воскресенье"
    texts = {"lead": f"{lead}.", "later": f"{lead} вечером.", "other": "Рябков: уступки исключены."}
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(Document(text, id=name) for name, text in texts.items())
        hits = {hit.id: set(hit.duplicates) for hit in index.search("Рябков уступки", collapse="near")}
        assert hits in ({"lead": {"later"}, "other": set()}, {"later": {"lead"}, "other": set()})


def test_no_such_value(tmp_path: Path) -> None:
    """A value that means nothing is an error that names those that do."""
    with Index.open(tmp_path / "index", create=True) as index, pytest.raises(QueryError, match="near"):
        index.search("снег", collapse="exact")  # type: ignore[arg-type]


WORDS = st.lists(st.integers(0, 40), max_size=40)


@given(st.lists(WORDS, max_size=6))
def test_fingerprints_of_a_batch(texts: list[list[int]]) -> None:
    """A text's fingerprint does not depend on its neighbours, and equal texts have equal ones."""
    words = np.array([word for text in texts for word in text], np.uint32)
    first = np.cumsum([0, *map(len, texts)])
    together = fingerprints(words, first).tolist()
    alone = [int(fingerprints(np.array(text, np.uint32), np.array([0, len(text)]))[0]) for text in texts]
    assert together == alone
    assert [bool(one) for one in alone] == [bool(text) for text in texts]


@given(WORDS, st.integers(1, 4))
def test_most_reprints_may_be(text: list[int], changed: int) -> None:
    """Rows are the words themselves, three by three; a text is a reprint of itself with an end added."""
    words = np.array([*range(100, 160), *text], np.uint32)
    longer = np.concatenate((words, np.arange(500, 500 + changed, dtype=np.uint32)))
    one, other = (rows(each, np.array([0, len(each)])) for each in (words, longer))
    assert are_reprints(one, other)
    prints = fingerprints(np.concatenate((words, longer)), np.array([0, len(words), len(words) + len(longer)]))
    same = int((prints[:1].view(np.uint8) == prints[1:].view(np.uint8)).sum())
    assert bool(may_be_reprints(int(prints[0]), prints[1:])[0]) == (same >= 4)


def test_beginnings_are_the_same_everywhere() -> None:
    """They are kept in the index: CRC-32 of the first five letters, ё being е."""
    forms = Strings.of(["мосты"])
    numbers = Beginnings(forms)
    assert numbers.of(np.array([0])).tolist() == [2942861083]
    forms.extend(Strings.of(["мостыком", "ёлка", "елка"]))
    assert numbers.of(np.array([1, 2, 3])).tolist()[0] == 2942861083
    assert numbers.of(np.array([2]))[0] == numbers.of(np.array([3]))[0]


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=6), max_size=8))
@example(["", "ёлка", "елка", "abc", "五𝒳é"])  # nothing; ё; one, three, four and two bytes a letter
def test_checksums_of_many_are_those_of_each(forms: list[str]) -> None:
    each = [crc32(form.replace("ё", "е").encode()) for form in forms]
    assert checksums(Strings.of(forms)).tolist() == each, "few"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shingles, "_FEW", 0)
        assert checksums(Strings.of(forms)).tolist() == each
