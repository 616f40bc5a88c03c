"""Date bounds as people type them: a year, a month, a day, a range with one or both ends.

Dates in an index are ISO strings, so that a bound is a string too: from "2022-01" follow all days of the month.
"""

from __future__ import annotations

import datetime as dt
import re

from indexer.errors import QueryError

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DOTTED = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4})")
# Later than any day of a month or a year that the bound may name.
_LAST = "\uffff"


def bounds(text: str) -> tuple[str, str]:
    """The first and the last ISO string of «2022», «2022-01..2022-03», «..31.12.2021», «2022-01-09».

    Raises QueryError when an end is no date.
    """
    first, dots, last = text.partition("..")
    if not dots:
        return span(text, text)
    return span(first or None, last or None)


def span(first: object, last: object) -> tuple[str, str]:
    """Inclusive bounds from two ends, each a date, a string or None for open."""
    return ("" if first is None else _iso(first), _LAST if last is None else _iso(last) + _LAST)


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if match := _PARTIAL.fullmatch(text):
        parts = [part for part in match.groups() if part]
    elif match := _DOTTED.fullmatch(text):
        parts = [part for part in reversed(match.groups()) if part]
    else:
        raise QueryError(f"Дата «{text}» не читается. Запишите её так: 2022, 2022-01, 2022-01-09 или 09.01.2022")
    year, month, day = [*map(int, parts), 1, 1][:3]
    try:
        dt.date(year, month, day)
    except ValueError as error:
        raise QueryError(f"Такой даты нет: «{text}»") from error
    return "-".join([parts[0], *(f"{int(part):02}" for part in parts[1:])])
