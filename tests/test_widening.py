"""Kin and synonyms in a search: what is found, in which order, marked where, and which files are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import Document, Index, QueryError, Results

TEXTS = {
    "заявил": "Рябков заявил об этом вечером.",
    "заявлял": "Рябков заявлял об этом раньше.",
    "заявление": "Рябков сделал заявление об этом.",
    "часто": "Рябков заявлял, и заявлял, и снова заявлял об этом раньше всех, хотя никто его об этом и не спрашивал.",
    "Япония": "Япония ответила на письмо.",
    "японцы": "Японские рыбаки вернулись домой.",
    "США": "Переговоры с США начались в Женеве.",
    "Штаты": "Переговоры с Соединёнными Штатами Америки начались в Вене.",
    "САЩ": "Преговорите със САЩ започнаха.",
    "врозь": "Штаты спорят, соединённые одной целью, а Америка ждёт.",
}
GROUPS = """\ufeff# страны
США = Соединённые Штаты Америки = САЩ  # и по-болгарски

Генеральный директор = гендиректор
премьер-министр = глава правительства
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("widening") / "index", create=True) as index:
        index.add_many(Document(text, id=name) for name, text in TEXTS.items())
        yield index


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synonyms") / "страны.txt"
    path.write_text(GROUPS, encoding="utf-8")
    return path


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results]


def marked(results: Results) -> dict[str, list[str]]:
    return {hit.id: [s.text[a:b] for s in hit.snippets for a, b in s.spans] for hit in results}


# Kin


def test_without_the_option_nothing_is_taken_along(index: Index) -> None:
    assert ids(index.search("заявить")) == ["заявил"]
    assert ids(index.search("Япония")) == ["Япония"]


def test_kin_stand_below_true_forms(index: Index) -> None:
    """Even where they are said more often, in texts of like length."""
    assert ids(index.search("заявить", expand=("aspect",)))[0] == "заявил"
    assert set(ids(index.search("заявить", expand=("aspect",)))) == {"заявил", "заявлял", "часто"}
    both = ids(index.search("заявить", expand=["aspect", "related"]))
    assert both[0] == "заявил"
    assert both[-1] == "заявление", "a related word is below a partner"
    assert ids(index.search("японский", expand="related")) == ["японцы", "Япония"]


def test_a_partner_is_no_noun(index: Index) -> None:
    assert "заявление" not in ids(index.search("заявить", expand="aspect"))


def test_kin_are_marked_and_named(index: Index) -> None:
    hit = index.search("заявить раньше", expand="aspect")[0]
    assert marked([hit])[hit.id].count("заявлял") >= 1  # type: ignore[arg-type]
    assert hit.matches["заявить"] == ("заявлял",)


def test_kin_in_a_phrase(index: Index) -> None:
    found = index.search('"заявить об этом"', expand="aspect")
    assert ids(found) == ["заявил", "заявлял", "часто"]
    assert marked(found)["заявлял"] == ["заявлял", "об", "этом"]
    assert ids(index.search("заявить /2 этом", expand="aspect")) == ["заявил", "заявлял", "часто"]


def test_the_very_form_has_no_kin(index: Index) -> None:
    assert ids(index.search("!заявил", expand="aspect")) == ["заявил"]
    assert ids(index.search('"заявил об этом"', exact=True, expand="aspect")) == ["заявил"]


def test_what_is_excluded_is_not_widened(index: Index) -> None:
    assert set(ids(index.search("этом -заявить", expand=("aspect", "related")))) == {"заявлял", "часто", "заявление"}


def test_a_kind_that_is_not_known(index: Index) -> None:
    with pytest.raises(QueryError, match="aspect, related"):
        index.search("заявить", expand="синонимы")


# Synonyms


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("США", {"США", "Штаты", "САЩ"}),
        ("сша", {"США", "Штаты", "САЩ"}),  # as people type it
        ("САЩ", {"США", "Штаты", "САЩ"}),
        ("соединённых штатов америки", {"США", "Штаты", "САЩ", "врозь"}),  # words without quotation marks stay words
        ('"соединенных штатов америки"', {"США", "Штаты", "САЩ"}),  # in any form
        ("переговоры США", {"США", "Штаты"}),
        ('"переговоры с США"', {"США", "Штаты"}),
        ('"переговоры с Соединёнными Штатами Америки"', {"США", "Штаты"}),
        ('"переговоры с сащ начались в"', {"США", "Штаты"}),  # words behind a longer synonym
        ("США /3 переговоры", {"США", "Штаты"}),
        ("!США", {"США"}),
        ("штаты", {"Штаты", "врозь"}),  # a part of a member is none
        ("переговоры -США", set()),
        ("САЩ ИЛИ Япония", {"США", "Штаты", "САЩ", "Япония"}),
    ],
)
def test_synonyms(index: Index, groups: Path, query: str, found: set[str]) -> None:
    assert set(ids(index.search(query, synonyms=groups))) == found


def test_what_was_typed_stands_first(index: Index, groups: Path) -> None:
    for query in ("США", "САЩ"):
        assert ids(index.search(query, synonyms=groups))[0] == query
    assert ids(index.search("соединённые штаты америки", synonyms=groups))[:2] == ["врозь", "Штаты"]


def test_any_of_the_words_or_the_synonym(index: Index, groups: Path) -> None:
    found = index.search("что ответили соединённые штаты америки", match="any", synonyms=groups)
    assert {"США", "Штаты", "САЩ", "врозь", "Япония"} == set(ids(found))


def test_synonyms_are_marked_as_what_was_typed(index: Index, groups: Path) -> None:
    found = {hit.id: hit for hit in index.search('"переговоры с США"', synonyms=groups)}
    assert found["Штаты"].matches["США"] == ("Соединёнными", "Штатами", "Америки")
    assert found["США"].matches["США"] == ("США",)
    assert "Америка" not in marked(index.search("США", synonyms=groups)).get("врозь", [])


def test_kin_and_synonyms_together(index: Index, groups: Path) -> None:
    assert set(ids(index.search("США заявить", expand="aspect", synonyms=groups, relax=False))) == set()
    assert ids(index.search("японцы (США ИЛИ рыбаки)", expand="related", synonyms=groups)) == ["японцы"]


@pytest.mark.parametrize("query", ["гендиректора", "генеральных директоров", '"генеральному директору"'])
def test_hyphens_and_rows_of_words(tmp_path: Path, groups: Path, query: str) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(Document("Гендиректор завода и генеральный директор банка.", id="1"))
        index.add(Document("Премьер-министр уехал.", id="2"))
        index.add(Document("Главе правительства ответили.", id="3"))
        assert ids(index.search(query, synonyms=groups)) == ["1"]
        assert set(ids(index.search("премьер-министра", synonyms=groups))) == {"2", "3"}
        assert set(ids(index.search("«глава правительства»", synonyms=groups))) == {"2", "3"}


def test_a_file_that_changes_is_read_again(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "слова.txt"
    path.write_text("Женева = Вена\n", encoding="utf-8")
    assert len(index.search("Женева", synonyms=path)) == 2
    path.write_text("Женева = Япония = Вена\n", encoding="utf-8")
    assert len(index.search("Женева", synonyms=path)) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("мост = брод\n\nСША\n", "строка 3: «США» стоит одно"),
        ("США =", "строка 1: по одну сторону"),
        ("= США", "строка 1: по одну сторону"),
        ("США == Штаты", "строка 1: по одну сторону"),
        ("США = — = Штаты", "строка 1: по одну сторону"),
        ("США = штат*", "не действуют"),
        ("США = !Штаты", "не действуют"),
        ("мост = брод\nСША = Мост", "строка 2: «Мост» уже есть в строке 1"),
    ],
)
def test_a_file_that_is_refused(index: Index, tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the line and what to do."""
    path = tmp_path / "слова.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QueryError) as error:
        index.search("США", synonyms=path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_that_cannot_be_read(index: Index, tmp_path: Path) -> None:
    (tmp_path / "cp1251.txt").write_bytes("США = Штаты".encode("cp1251"))
    for name in ("нет.txt", "cp1251.txt", "\0", ""):
        with pytest.raises(QueryError, match="не читается"):
            index.search("США", synonyms=tmp_path / name)
