"""Filters and their dates: which documents have a language, a day, a path, an ending, a field of the value asked for.

The reader is a table of documents, asked through the two methods that filters use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.months import BESIDE_A_DAY
from indexer.errors import QueryError
from indexer.query.dates import bounds, span
from indexer.query.filters import matching, where
from indexer.query.parser import parse
from indexer.query.tree import Filter
from indexer.segment.reader import Reader

# number: language, day, path, ending, fields
DOCUMENTS = """
1 | ru | 2021-12-31 | письма/1921/дед.txt  | txt | author=Серов; pages=5; tag=сад; tag=лето
2 | ru | 2022-01-09 | письма/1922/внук.md  | md  | author=Климов; pages=12
3 | bg | 2022-01-31 | письма/баба.txt      | txt | author=Серова; pages=0.5
4 | uk | 2022-02-01 | дневник, копия.txt   | txt | pages=много; tag=зима
5 | en |            | /srv/a/Diary [1].TXT | txt | author=Smith, John
6 | ru | 2023       |                      |     |
"""


class Table:
    """As much of a reader as filters ask for."""

    def __init__(self, table: str) -> None:
        self._terms: dict[str, dict[str, set[int]]] = {}
        for line in table.strip().splitlines():
            number, *values = (cell.strip() for cell in line.split("|"))
            for field, value in zip(("lang", "date", "path", "ext", "field"), values, strict=True):
                for term in value.split("; ") if field == "field" else [value]:
                    if term:
                        self._terms.setdefault(field, {}).setdefault(term, set()).add(int(number))

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Terms of a field that begin with the prefix, in order."""
        return (term for term in sorted(self._terms[field]) if term.startswith(prefix))

    def having(self, field: str, values: Iterable[str]) -> set[int]:
        """Numbers of the documents that have one of the terms."""
        return set().union(*(self._terms[field].get(value, ()) for value in values))


READER = cast(Reader, Table(DOCUMENTS))


def numbers(field: str, value: object) -> list[int]:
    """The documents that pass."""
    return sorted(matching(Filter(field, value), READER))


TYPED = """
lang:ru | 1 2 6                          | one language
lang:RU | 1 2 6                          | in capitals
lang:bg,uk | 3 4                         | one of several
lang:de | —                              | none of ours
ext:txt | 1 3 4 5                        | an ending
ext:.txt | 1 3 4 5                       | with its dot
ext:TXT,md | 1 2 3 4 5                   | one of several, in capitals
ext:pdf | —                              | of no document
date:2022 | 2 3 4                        | a year
date:2022-01 | 2 3                       | a month
date:2022-01-09 | 2                      | a day
date:09.01.2022 | 2                      | as people write it
date:9.1.2022 | 2                        | without zeros
date:01.2022 | 2 3                       | a month as people write it
date:2022-01-09..2022-01-31 | 2 3        | both ends belong to it
date:2022-01..2022-02 | 2 3 4            | all days of the last month
date:2022.. | 2 3 4 6                    | from a year on
date:..2021 | 1                          | all days of the last year
date:..31.12.2021 | 1                    | to a day
date:.. | 1 2 3 4 6                      | any day: the undated have none
date:2023 | 6                            | a document that has but a year
date:"9 января 2022" | 2                 | in words
date:"9-го января 2022 г." | 2           | as in papers
date:"9 січня 2022 року" | 2             | Ukrainian
date:"9 януари 2022" | 2                 | Bulgarian
date:"Январь 2022" | 2 3                 | a month in words
date:январь | 2 3                        | of any year
date:"9 января" | 2                      | a day of any year
date:"31 янв." | 3                       | in short
date:"2021 год" | 1                      | a year in words
date:"9..31 января 2022" | 2 3           | the month is said once
date:"31 декабря 2021..январь 2022" | 1 2 3   | both ends in words
date:"декабрь..январь 2022" | —          | the year said once is of both
date:"..январь 2022" | 1 2 3             | an open end
date:2022-02-01..2022-01-01 | —          | ends the wrong way round
date:2022/01/09 | 2                      | with strokes
date:09/01/2022 | 2                      | the day comes first
date:2022.01.09 | 2                      | with points
date:"в январе 2022 г." | 2 3            | as one says it
date:"за 2021 год" | 1                   | the same of a year
date:2021-2022 | 1 2 3 4                 | years with a hyphen
date:09.01.2022-31.01.2022 | 2 3         | days with a hyphen
date:09.01.2022–31.01.2022 | 2 3         | with a dash
date:"9 — 31 января 2022" | 2 3          | with a dash and spaces
date:"9-31 января 2022" | 2 3            | the month is said once
date:"с 9 января по 1 февраля 2022" | 2 3 4   | in words
date:2022-01-09...2022-01-31 | 2 3       | three points
date:"20-е" | —                          | a decade of the last century
date:2020-е | 1 2 3 4 6                  | and of this one
date:"в 2020-х годах" | 1 2 3 4 6        | in words
dir:письма | 1 2 3                       | a folder by another name
папка:письма | 1 2 3                     | and in Russian
path:"дневник, копия.txt" | 4             | the path itself, comma and all
path:письма | 1 2 3                      | a folder
path:письма/ | 1 2 3                     | with its slash
path:./письма | 1 2 3                    | from here
path:письма/1921 | 1                     | a folder in it
path:письма/* | 1 2 3                    | what is in a folder
path:письма/19?? | 1 2                   | folders of a pattern
path:*.md | 2                            | an ending of the path
path:*/1922/* | 2                        | a folder anywhere
path:/srv | 5                           | from the root
path:1921 | —                            | a folder is named from the beginning
path:пись | —                            | a part of a name is not it
path:письма/1921,письма/баба.txt | 1 3   | one of several
"""


def rows(table: str) -> list[tuple[str, list[int], str]]:
    """(filter, numbers, reason)."""
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [
        (query, [int(number) for number in found.replace("—", "").split()], reason) for query, found, reason in cells
    ]


@pytest.mark.parametrize(("query", "expected", "reason"), rows(TYPED), ids=[row[0] for row in rows(TYPED)])
def test_typed(query: str, expected: list[int], reason: str) -> None:
    condition = parse(query)
    assert isinstance(condition, Filter)
    assert sorted(matching(condition, READER)) == expected, reason


GIVEN: list[tuple[str, object, list[int], str]] = [
    ("lang", "ru", [1, 2, 6], "one"),
    ("lang", ["bg", "uk"], [3, 4], "a list"),
    ("lang", ("bg", "uk"), [3, 4], "a tuple"),
    ("lang", {"bg", "uk"}, [3, 4], "a set"),
    ("lang", frozenset({"bg"}), [3], "a frozen one"),
    ("lang", [], [], "none of none"),
    ("ext", [".txt", "MD"], [1, 2, 3, 4, 5], "endings as they come"),
    ("date", dt.date(2022, 1, 9), [2], "a day"),
    ("date", dt.datetime(2022, 1, 9, 23, 59), [2], "the day of a moment"),
    ("date", "2022-01", [2, 3], "as typed"),
    ("date", 2022, [2, 3, 4], "a number is a year"),
    ("date", ("2022-01-01", None), [2, 3, 4, 6], "from"),
    ("date", (None, "2022-01"), [1, 2, 3], "to"),
    ("date", [dt.date(2022, 1, 1), "31.01.2022"], [2, 3], "from and to"),
    ("date", (None, None), [1, 2, 3, 4, 6], "any"),
    ("path", ["дневник, копия.txt", "письма/1921"], [1, 4], "a file and a folder"),
    ("author", "Серов", [1], "a field of the documents' own"),
    ("author", "серов", [], "as it is written"),
    ("author", ["Серов", "Климов"], [1, 2], "one of several"),
    ("author", "Smith, John", [5], "a comma is a part of the value"),
    ("author", ("К", "Р"), [2], "from К to Р, as strings are compared"),
    ("author", ("Серов", None), [1, 3], "from Серов on"),
    ("tag", "лето", [1], "a field of several values"),
    ("tag", {"лето", "зима"}, [1, 4], "one of them"),
    ("pages", 5, [1], "a number"),
    ("pages", "5", [1], "or what it is written like"),
    ("pages", (5, None), [1, 2], "numbers are compared as numbers: 12 is more than 5"),
    ("pages", (None, 5), [1, 3], "so is a fraction; what is no number has no place among them"),
    ("pages", (0.5, 11.5), [1, 3], "fractions as ends"),
    ("pages", (6, 4), [], "ends the wrong way round"),
    ("pages", (None, None), [1, 2, 3, 4], "any value: whoever has the field"),
    ("page", 5, [], "no such field"),
    ("pages=5", "", [], "no way round the names"),
]


@pytest.mark.parametrize(("field", "value", "expected", "reason"), GIVEN)
def test_given(field: str, value: object, expected: list[int], reason: str) -> None:
    assert numbers(field, value) == expected, reason


MEANINGLESS: list[tuple[str, object, str]] = [
    ("date", "завтра", "не читается"),
    ("date", "", "не читается"),
    ("date", "22", "не читается"),
    ("date", "2022-13", "Такой даты нет"),
    ("date", "30.02.2022", "Такой даты нет"),
    ("date", "2022-01..завтра", "не читается"),
    ("date", "0000", "Такой даты нет"),
    ("date", "31 ноября 2022", "Такой даты нет"),
    ("date", "30 февраля", "Такой даты нет"),
    ("date", "9 мартобря 2022", "не читается"),
    ("date", "9 января..", "не читается"),  # of which year?
    ("date", "9..января", "не читается"),
    ("date", (None, "январь"), "не читается"),
    ("date", ("2022",), "два конца"),
    ("date", ["2022", "2023", "2024"], "два конца"),
    ("pages", (1, 2, 3), "два конца"),
    ("pages", (), "два конца"),
]


@pytest.mark.parametrize(("field", "value", "message"), MEANINGLESS)
def test_a_value_that_means_nothing_is_an_error_that_says_so(field: str, value: object, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        numbers(field, value)


def test_where_leaves_out_what_is_not_asked_for() -> None:
    assert where({}) == ()
    assert where({"lang": None, "ext": "txt"}) == (Filter("ext", "txt"),)
    assert where({"date": ("2022", None), "pages": 0}) == (Filter("date", ("2022", None)), Filter("pages", 0))


DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_day_is_within_bounds_as_days_are(first: dt.date, last: dt.date, day: dt.date) -> None:
    low, high = bounds(f"{first}..{last:%d.%m.%Y}")
    assert (low <= day.isoformat() <= high) == (first <= day <= last)


def test_days_that_are_counted_from_today() -> None:
    today = dt.date.today()
    for typed, ago in (("сегодня", 0), ("Вчера", 1), ("позавчера", 2), ("вчора", 1), ("yesterday", 1)):
        day = today - dt.timedelta(ago)
        assert bounds(typed) in (span(day, day), span(day + dt.timedelta(1), day + dt.timedelta(1))), "at midnight"
    assert bounds("..вчера")[1] < bounds("сегодня")[1]


@given(DAYS)
def test_a_day_however_typed_is_the_same_bounds(day: dt.date) -> None:
    typed = [f"{day.year:04}-{day.month}-{day.day}", day.isoformat(), f"{day.day}.{day.month}.{day.year:04}"]
    typed += [f"{day.day} {name} {day.year:04}" for name in BESIDE_A_DAY[day.month - 1]]
    assert {bounds(text) for text in typed} == {span(day, day)}
    low, high = span(day, day)
    assert low <= day.isoformat() <= high
    assert low <= f"{day.isoformat()}T23:59" <= high, "a moment of that day is in it"


@given(DAYS)
def test_months_and_years_hold_their_days_and_no_others(day: dt.date) -> None:
    for typed, same in ((f"{day:%Y-%m}", (day.year, day.month)), (f"{day.year:04}", (day.year,))):
        low, high = bounds(typed)
        assert low <= day.isoformat() <= high
        for other in (dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), dt.date(day.year, 6, 30)):
            assert (low <= other.isoformat() <= high) == ((other.year, other.month)[: len(same)] == same)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_query_error(text: str) -> None:
    try:
        low, high = bounds(text)
    except QueryError as error:
        assert "«" in str(error), "the message shows what was typed"
    else:
        assert isinstance(low, str)
        assert isinstance(high, str)


@given(st.sampled_from(["lang", "ext", "path", "author"]), st.text(max_size=12))
def test_any_text_is_a_value(field: str, value: Any) -> None:
    assert set(numbers(field, value)) <= {1, 2, 3, 4, 5, 6}
