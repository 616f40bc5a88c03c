"""Dates and numbers by any spelling: what finds what, in which order, and what is marked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_twin import ids, indexed, numbered

from indexer import Document
from indexer.analysis.numerals import in_figures, in_letters

DATES = {
    "words": "Опубликовано 9 января 2022 года.",
    "points": "Опубликовано 09.01.2022 в газете.",
    "iso": "Опубликовано 2022-01-09 в газете.",
    "zero": "Опубликовано 09 января 2022 г.",
    "ordinal": "Опубликовано 9-го января 2022 года.",
    "short": "Опубликовано 9 янв. 2022 года.",
    "uk": "Опубліковано 9 січня 2022 року.",
    "bg": "Публикувано на 9 януари 2022 г.",
    "year": "Опубликовано 9 января 2021 года.",
    "19": "Опубликовано 19 января 2022 года.",
    "month": "Опубликовано 9 июня 2022 года.",
    "time": "Опубликовано в 09:01 2022 раза.",
}
SAME = {"words", "points", "iso", "zero", "ordinal", "short", "uk", "bg"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("09.01.2022", SAME),
        ("9.1.2022", SAME),
        ("2022-01-09", SAME),
        ("9 января 2022", SAME),
        ('"9 января 2022"', SAME),
        ("«9 января 2022 года»", SAME),
        ("9 января 2022 года", SAME),
        ("9 січня 2022", SAME),
        ("09 января 2022 г.", SAME),
        ("9-го января 2022", SAME),
        ("9 янв. 2022", SAME),
        ("9 января", {*SAME, "year"}),
        ('"9 января"', {*SAME, "year"}),
        ("!09.01.2022", {"points", "iso"}),
        ('!"9 января 2022"', {"words"}),
        ("32.01.2022", set()),
        ("опубликовано & 09.01.2022", SAME - {"uk", "bg"}),
        ("опубликовано << 09.01.2022", SAME - {"uk", "bg"}),
        ('"опубликовано 09.01.2022"', SAME - {"uk", "bg"}),
        ('"опубликовано 9 января 2022 года"', SAME - {"uk", "bg"}),
        ("2022 -09.01.2022", {"19", "month", "time"}),
        ("09.01.2022 | 9.6.2022", {*SAME, "month"}),
    ],
)
def test_a_date_is_found_by_any_spelling(query: str, found: set[str]) -> None:
    with indexed(*(Document(text, id=name) for name, text in DATES.items())) as index:
        results = index.search(query, limit=None)
        assert results.relaxed == ()
        assert set(ids(results)) == found


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("09.01.2022", {"0", "1"}),  # one word of the lexicon
        ("2022-01-09", {"0", "1"}),
        ("9 января 2022", {"2"}),
        ('"9 января 2022"', {"2"}),
        ("9 января", {"2"}),
        ("09 января 2022", {"3"}),
        ("9 січня 2022", {"4"}),
    ],
)
def test_the_spelling_that_was_typed_is_first(query: str, first: set[str]) -> None:
    texts = ("от 09.01.2022", "от 2022-01-09", "от 9 января 2022", "от 09 января 2022", "от 9 січня 2022")
    with indexed(*numbered(*texts)) as index:
        results = index.search(query)
        assert set(ids(results)[: len(first)]) == first
        assert len(results) == len(texts)
        assert results[len(first)].score < results[0].score


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Издан 9 января 2022 года.", "09.01.2022", "Издан <9> <января> <2022> года."),
        ("Издан 09.01.2022 в газете.", "9 января 2022", "Издан <09.01.2022> в газете."),
        ("Издан 09.01.2022 в газете.", '"издан 9 января 2022 года"', "<Издан> <09.01.2022> в газете."),
        ("Издан 09.01.2022 в газете.", "9 января", "Издан <09.01.2022> в газете."),
        ("Студент двадцатилетний.", "20-летнего", "Студент <двадцатилетний>."),
        ("Студент 20-летний.", "двадцатилетнего", "Студент <20-летний>."),
    ],
)
def test_other_spellings_are_marked(text: str, query: str, shown: str) -> None:
    with indexed(Document(text, id="1")) as index:
        html = index.search(query)[0].snippets[0].html()
        assert html.replace("<mark>", "<").replace("</mark>", ">") == shown


@pytest.mark.parametrize(
    ("why", "texts", "query", "found"),
    [
        ("a street", ["Улица 9 Мая, дом 5.", "Улица Мая."], "улица 9 мая", ["0"]),
        ("words of a date apart", ["В январе 2022 открыли 9 школ."], "9 января 2022", ["0"]),
        ("a number is no day", ["99 января", "9 января"], "99 января", ["0"]),
        ("there is no such day", ["от 30 февраля", "от 30.02.2022"], "30 февраля", ["0"]),
        ("any year of three centuries", ["от 19.10.1811", "от 19.10.1911", "от 20.10.1811"], "19 октября", ["0", "1"]),
        ("29 February", ["от 29.02.2024"], "29 февраля", ["0"]),
        ("a month that is a word", ["Холод лютого 9 ветра."], "9 февраля", []),
        ("an ordinal by its ending", ["В 90-х годах.", "В 90-е годы.", "90 годов."], "90-е", ["1", "0"]),
        ("a number in a word", ["20-летнего студента", "двадцатилетнюю", "30-летний"], "двадцатилетний", ["1", "0"]),
        ("and in figures", ["двадцатилетнюю", "летние дни 20 числа"], "20-летний", ["0"]),
        ("in a phrase", ["20-летнего студента"], '"двадцатилетний студент"', ["0"]),
        ("not as typed only", ["20-летнего студента", "двадцатилетний"], "!двадцатилетний", ["1"]),
    ],
)
def test_found(why: str, texts: Sequence[str], query: str, found: list[str]) -> None:
    with indexed(*numbered(*texts)) as index:
        results = index.search(query)
        assert (ids(results) if not results.relaxed else []) == found, why


NUMBERS = """
двадцатилетний 20 летний
двадцатипятилетнего 25 летнего
стотридцатипятилетие 135 летие
трёхэтажный 3 этажный
сорокаградусный 40 градусный
одиннадцатилетние 11 летние
семинар
сторона
летний
пятиться
двухдвадцатилетний
двадцатидвадцатилетний
""".strip().splitlines()


@pytest.mark.parametrize("row", NUMBERS)
def test_numbers_within_words(row: str) -> None:
    """Hundreds, tens and units as one writes them; anything else is a word."""
    form, *figures = row.split()
    assert in_figures(form) == (tuple(figures) or None)
    if figures:
        assert in_letters("-".join(figures)) == form.replace("ё", "е")


def test_every_number_there_and_back() -> None:
    for number in range(1, 1000):
        letters = in_letters(f"{number}-летний")
        assert letters
        assert in_figures(letters) == (str(number), "летний")
