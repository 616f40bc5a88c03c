"""The dateline of a text is its date; a day that the text talks about is not."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources import dates

NINTH = dt.date(2022, 1, 9)
PROSE = "Делегации собрались за закрытыми дверями и до вечера не сказали журналистам ни слова"

DATELINES = """
14:45, 09.01.2022
09.01.2022
9.1.2022
09.01.2022 г.
2022-01-09
2022-01-09 14:45
2022-01-09T14:45:00+03:00
9 января 2022 г.
9 января 2022
9-го января 2022 года
9 янв. 2022, 10:00
воскресенье, 9 января 2022
Опубликовано 9 января 2022 в 14:45
Дата публикации: 09.01.2022
Новости | 9 января 2022 | 14:45 МСК
Иван Петров, 9 января 2022
г. Женева, 9 января 2022 г.
9 января 2022, Женева
Приказ от 09.01.2022 № 5
**9 января 2022**
9 януари 2022
9 януари 2022 г., неделя
9 січня 2022 року
Неділя, 9 січня 2022 р., 14:45
January 9, 2022
9 January 2022
"""

PROSE_WITH_DATES = """
23 декабря 1985 года он родился
Он родился 23 декабря 1985 года
Родился Пётр 23 декабря 1985 года
Родился 23 декабря 1985 года.
23 декабря 1985 года — день его рождения
Курс доллара на 09.01.2022
Отчёт о событиях 9 января 2022
Пётр Иванов (9 сентября 1828 — 20 ноября 1910)
1 января 2022 — 9 января 2022
9 января 2022 года в Женеве собрались делегации
report-2022-01-09.txt
10.01.2022.5
9 января
5 комнат 2022
32.13.2022
29.02.2023
0.0.2022
"""


@pytest.mark.parametrize("line", DATELINES.strip().splitlines())
def test_a_dateline_is_the_date(line: str) -> None:
    assert dates.in_head(f"Заголовок новости\n\n{line}\n\n{PROSE}.") == NINTH


@pytest.mark.parametrize("line", PROSE_WITH_DATES.strip().splitlines())
def test_a_date_within_prose_is_not(line: str) -> None:
    assert dates.in_head(f"{line}\n\n{PROSE}.") is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("Женева, 9 января 2022 г. — ", NINTH),
        ("МОСКВА, 9 января 2022 года. ", NINTH),
        ("МОСКВА, 9 января 2022 г. /Наше агентство/. ", NINTH),
        ("Ростов-на-Дону, 09.01.2022 — ", NINTH),
        ("09.01.2022. ", NINTH),
        ("9 января 2022, 14:45 — ", NINTH),
        ("9 января 2022 г. ", None),  # «9 января 2022 г. делегации собрались»
        ("9 января 2022 года — день, когда ", None),
        ("В понедельник, 9 января 2022 г., ", None),
        ("Толстой, 9 сентября 1828 — 20 ноября 1910: ", None),
    ],
)
def test_a_sentence_may_open_with_its_dateline(start: str, expected: dt.date | None) -> None:
    assert dates.in_head(start + PROSE) == expected


def test_only_the_head_is_looked_at() -> None:
    assert dates.in_head("Строка\n" * 9 + "09.01.2022") == NINTH
    assert dates.in_head("Строка\n" * 10 + "09.01.2022") is None  # the eleventh line
    assert dates.in_head(f"{PROSE}\n" * 6 + "09.01.2022") is None  # past 500 characters
    assert dates.in_head("\n \n" * 40 + "09.01.2022") == NINTH  # empty lines are no lines


def test_the_first_dateline_counts_and_an_impossible_one_does_not() -> None:
    assert dates.in_head("31.02.2022\n09.01.2022\n10.01.2022") == NINTH
    assert dates.in_head("Опубликовано 09.01.2022, обновлено 10.01.2022") == NINTH


@pytest.mark.parametrize(
    "value",
    [
        "2022-01-09",
        "2022-01-09T23:30:00Z",  # the day as written, no time zone moves it
        "2022-01-09 14:45:00 +0300",
        "Sun, 09 Jan 2022 14:45:00 +0300",
        "9 января 2022 г.",
        "14:45, 09.01.2022",
        " 9 Jan 2022 ",
    ],
)
def test_metadata_is_read_as_people_write_it(value: str) -> None:
    assert dates.parse(value) == NINTH


@pytest.mark.parametrize("value", ["", "завтра", "2022", "01/02/2022", "32.13.2022", "с 9 января 2022 года"])
def test_other_metadata_is_an_error_that_says_how(value: str) -> None:
    with pytest.raises(SourceError, match=r"запишите её так: 2022-01-09"):
        dates.parse(value)


@given(st.dates(min_value=dt.date(1000, 1, 1), max_value=dt.date(2999, 12, 31)))
def test_iso_dates_come_back(day: dt.date) -> None:
    assert dates.parse(day.isoformat()) == dates.in_head(day.isoformat()) == day


@given(st.text(st.sampled_from("0129.- ,:—яянваргTZ\n")))
def test_any_text_has_a_date_or_none(text: str) -> None:
    assert dates.in_head(text) is None or isinstance(dates.in_head(text), dt.date)
