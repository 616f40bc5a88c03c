"""Dates as people type them: a year, a month, a day, in figures or words, a range with one or both ends.

Dates in an index are ISO strings, so that a bound is a string too: from "2022-01" follow all days of the month.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from indexer.analysis.months import NUMBERS
from indexer.errors import QueryError
from indexer.patterns import pattern

_FORMS = tuple(
    pattern(form)
    for form in (
        r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?",
        r"(?:(?:(?P<day>\d{1,2})[./])?(?P<month>\d{1,2})[./])?(?P<year>\d{4})",
        r"(?:(?P<day>\d{1,2})(?:-?го)?\s+)?(?P<month>[^\W\d_]+)\.?(?:(?:,?\s+|-)(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})",
    )
)
# Two ends: 9..15, с 9 по 15 января, 9 января — 3 марта 2022, 2021-2022, 09.01.2022-15.01.2022, 9-15 января.
_RANGES = tuple(
    pattern(form, re.IGNORECASE)
    for form in (
        r"(.*?)(?:\.{2,3}|…)(.*)",
        r"(?:со?|от)\s+(.+?)\s+(?:по|до)\s+(.+)",
        r"(.+?)(?:\s*[–—]\s*|\s+-\s+)(.+)",
        r"(\d{4}|[\d.]{8,10})-(\d{4}|[\d.]{8,10})",
        r"(\d{1,2})-(\d{1,2}\s.+)",
    )
)
_DECADE = pattern(r"(?:во?\s+)?(\d\d)?(\d)0-?(?:ы?е|ы?х)(?:\s+год(?:ы|ов|ах))?", re.IGNORECASE)
_BEFORE = pattern(r"^(?:во?|за|на|от)\s+")
_YEAR_WORD = pattern(r"(?<=\d{4})\s*(?:г\.?|год[ау]?|р\.?|рік|року|година)$")
_DAYS_AGO = {
    "сегодня": 0, "вчера": 1, "позавчера": 2, "сьогодні": 0, "вчора": 1, "позавчора": 2, "днес": 0, "today": 0,
    "yesterday": 1,
}  # fmt: skip
# Later than any day of a month or a year that the bound may name.
_LAST = "\uffff"


class _Date(NamedTuple):
    """As much of a date as was typed."""

    year: int | None
    month: int | None = None
    day: int | None = None


def among(text: str, days: Iterable[str]) -> Iterator[str]:
    """Those of some ISO strings that are within what was typed; a day or a month without a year is of every year.

    Raises QueryError, at once, when an end is no date.
    """
    if (end := recurring(text)) is not None:
        return (day for day in days if day.startswith(end, 4))
    return between(bounds(text), days)


def recurring(text: str) -> str | None:
    """What follows the year in the ISO strings of a day or a month of every year; None where a year is meant.

    Raises QueryError when it is no date.
    """
    if _ends(text) or (date := _read(text)).year is not None or date.month is None:
        return None
    return _iso(date._replace(year=2000), text)[4:]  # a leap year, which has the 29th of February


def between(ends: tuple[str, str], days: Iterable[str]) -> Iterator[str]:
    """Those of some ISO strings that lie between two bounds, these among them."""
    first, last = ends
    return (day for day in days if first <= day <= last)


def bounds(text: str) -> tuple[str, str]:
    """The first and the last ISO string of «2022», «2022-01..2022-03», «..31.12.2021», «9..15 января 2022», «90-е».

    Raises QueryError when an end is no date.
    """
    if (ends := _ends(text)) is None:
        return span(text, text)
    first, last = ends
    if first.strip() and last.strip():  # the first end may leave out what the last one says
        begin, end = _read(first), _read(last)
        month = end.month if begin.month is None and begin.day is not None else begin.month
        begin = _Date(end.year if begin.year is None else begin.year, month, begin.day)
        return _iso(begin, first), _iso(end, last) + _LAST
    return span(first or None, last or None)


def _ends(text: str) -> tuple[str, str] | None:
    """The ends of a range as typed, either of which may be empty; None for one date."""
    typed = text.strip()
    if decade := _DECADE.fullmatch(typed):
        year = f"{decade[1] or 19}{decade[2]}"
        return f"{year}0", f"{year}9"
    matches = (form.fullmatch(typed) for form in _RANGES)
    return next(((match[1], match[2]) for match in matches if match), None)


def span(first: object, last: object) -> tuple[str, str]:
    """Inclusive bounds from two ends, each a date, a string or None for open."""
    return ("" if first is None else _bound(first), _LAST if last is None else _bound(last) + _LAST)


def _bound(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, dt.date) else _iso(_read(str(value)), str(value))


def _read(text: str) -> _Date:
    """Year, month and day as typed, none of them checked."""
    typed = _BEFORE.sub("", _YEAR_WORD.sub("", text.strip().lower()))
    if typed in _DAYS_AGO:
        day = dt.date.today() - dt.timedelta(_DAYS_AGO[typed])
        return _Date(day.year, day.month, day.day)
    for form in _FORMS:
        if match := form.fullmatch(typed):
            found = {name: _number(part) for name, part in match.groupdict().items() if part}
            if None not in found.values():
                return _Date(found.get("year"), found.get("month"), found.get("day"))
    raise _unread(text)


def _number(part: str) -> int | None:
    """What a part of a date says, a month by its name."""
    return int(part) if part.isdecimal() else NUMBERS.get(part)


def _iso(date: _Date, text: str) -> str:
    """The date as far as it was typed; `text` is for the message."""
    if date.year is None or (date.month is None and date.day is not None):
        raise _unread(text)
    try:
        dt.date(date.year, *(1 if part is None else part for part in date[1:]))
    except ValueError as error:
        raise QueryError(f"Такой даты нет: «{text.strip()}»") from error
    return "-".join([f"{date.year:04}", *(f"{part:02}" for part in date[1:] if part is not None)])


def _unread(text: str) -> QueryError:
    example = "2022, 2022-01, 2022-01-09, 09.01.2022 или 9 января 2022"
    return QueryError(f"Дата «{text.strip()}» не читается. Запишите её так: {example}")
