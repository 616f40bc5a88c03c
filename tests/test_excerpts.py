"""Long texts: what is read by checkpoints and stretches shows what reading the whole text shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import cast

import pytest

from indexer import Document, Hit, Index, excerpts
from indexer.analysis.folding import fold

NAMES = "Рябков Зарубина Орехов Светлова Колдуэлл Ярошин".split()
DEEDS = "подписал уступил обсудил отклонил перенёс огласил".split()
THINGS = "договор уступку канал телеграм-канал гарантию письмо".split()


def book(paragraphs: int, seed: int) -> str:
    """A text of many paragraphs, in which some words stand in few of them."""
    random = Random(seed)

    def sentences() -> Iterator[str]:
        for _ in range(random.randint(2, 6)):
            name, deed, thing = (random.choice(words) for words in (NAMES, DEEDS, THINGS))
            tail = random.choice(("в Вене", "в Ростове-на-Дону", "на 5 374-й день", "09.01.2022", "по-русски"))
            yield f"{random.choice(('Потом', 'Наутро', 'В 1880 г.'))} {name} {deed} {thing} {tail}."

    chapters = [" ".join(sentences()) for _ in range(paragraphs)]
    chapters[paragraphs // 3] += " Белый медведь вышел на лёд и ушёл."
    chapters[paragraphs // 2] += " Медведица нашла полынью, а договора о ней не было."
    return "\n".join(chapters)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Three books, one with its title as the first line."""
    with Index.open(tmp_path_factory.mktemp("books") / "index", create=True) as index:
        index.add_many(
            [
                Document(book(900, 1), id="1"),
                Document("Белый медведь\n\n" + book(700, 2), id="2", title="Белый медведь"),
                Document(book(600, 3), id="3", title="О каналах и договорах"),
            ]
        )
        yield index


QUERIES = [
    "медведь", "медведица полынья", "рябков уступил канал", '"подписать договор"', "лёд договор", "медведь -ледокол",
    "ростов-на-дону зарубина", "5374 орехов", '"рябков договор"~4', "медв*", "заголовок:каналы медведь", "2022-01-09",
]  # fmt: skip


def covered(hit: Hit) -> int:
    """How many different words of the query the passage has."""
    marked = {fold(hit.snippets[0].text[start:end]) for start, end in hit.snippets[0].spans}
    return sum(any(fold(form) in marked for form in forms) for forms in hit.matches.values())


@pytest.mark.parametrize("query", QUERIES)
def test_stretches_show_what_the_whole_shows(index: Index, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """The matches, and a passage with as many of the words; the very same where they are rare."""
    found = index.search(query, snippets=1)
    monkeypatch.setattr(excerpts, "LONG", 10**9)
    whole = index.search(query, snippets=1)
    assert found.total and [hit.id for hit in found] == [hit.id for hit in whole]
    for hit, expected in zip(found, whole, strict=True):
        assert {word: set(forms) for word, forms in hit.matches.items()} == {
            word: set(forms) for word, forms in expected.matches.items()
        }
        assert covered(hit) == covered(expected)
        if "медв" in query or "полынья" in query:
            assert hit.snippets == expected.snippets


def test_spans_are_the_words(index: Index) -> None:
    """The offsets are those of the stored text, far into it too."""
    for hit in index.search("медведь лёд", match="any", snippets=3):
        text = index.get(hit.id).text
        for snippet in hit.snippets:
            if snippet.field == "text":
                assert text[snippet.start : snippet.end] == snippet.text
            marked = {snippet.text[start:end].lower() for start, end in snippet.spans}
            assert marked <= {"медведь", "медведя", "лёд"} and marked


def test_without_matches_the_beginning(index: Index) -> None:
    """A filter alone shows how a book begins."""
    (hit,) = index.search("title:каналах", snippets=1, where={"lang": "ru"}).hits
    assert hit.snippets[0].field == "title"
    first = index.search("lang:ru", snippets=1)[0]
    assert first.snippets[0].start == 0


def test_what_was_read_serves_other_queries(tmp_path: Path) -> None:
    """Texts are kept with what is told of them: each answer is that of an index just opened, in any order, twice."""
    documents = [
        Document("Орехов подписал договор. Потом Рябков уступил канал.", id="а", title="О договоре"),
        Document("О договоре\n\nДоговор-уступку подписала Зарубина; по до\u0301говору — 5 374 письма.", id="б"),
        Document(book(600, 4), id="в", title="Договор и канал"),
    ]
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(documents)
    queries = ["договор", '"рябков уступил"', "канал договор", "5374", "письма", "медведица договор", "подписала"]
    with Index.open(tmp_path / "index") as warm:
        for query in queries + queries[::-1]:
            with Index.open(tmp_path / "index") as cold:
                assert warm.search(query).hits == cold.search(query).hits != ()


def test_hits_of_one_document_share_nothing_that_can_be_changed(tmp_path: Path) -> None:
    """What a caller does to the fields of a hit, no later hit has."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(Document("Белый медведь", id="а", fields={"год": "1880"}))
        cast(dict[str, str], index.search("медведь").hits[0].fields)["год"] = "1881"
        assert index.search("медведь", snippets=0).hits[0].fields == {"год": "1880"}
