"""Text → the day it was written: the dateline near the top, never a day the text talks about."""

import datetime as dt
import re
from contextlib import suppress

from indexer.analysis.months import OF_A_DAY
from indexer.errors import SourceError

_HEAD = 500  # characters from the top where a dateline may begin
_LINES = 10  # lines with something in them, likewise
_SHORT = 60  # characters: what is longer is prose, or a sentence after a dateline

_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_YEAR_WORD = r"(?:\s*(?:г\.|р\.|(?:г|р|года|року|година)\b))?"
_FORMS = tuple(
    re.compile(r"(?<![\w.])" + form, re.IGNORECASE)
    for form in (
        r"(?P<year>[12]\d{3})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\." + _YEAR + r"(?!\.\d)" + _YEAR_WORD,
        r"(?P<day>\d{1,2})(?:-?го)?\s+(?P<month>[^\W\d_]{3,9})\.?,?\s+" + _YEAR + _YEAR_WORD,
        r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,\s+" + _YEAR,
    )
)

# Words that may stand by a date in small letters; any other one makes the line prose.
_LABELS = frozenset(
    word
    for words in (
        "в во г на от мск автор дата время источник создано размещено",
        "опубликовано опубликована публикации обновлено обновлена обновления",
        "понедельник вторник среда четверг пятница суббота воскресенье",
        "джерело опубліковано оновлено понеділок вівторок середа четвер п ятниця пʼятниця субота неділя",
        "публикувано обновена понеделник сряда четвъртък петък събота неделя",
        "am at by date gmt on pm posted published updated utc",
    )
    for word in words.split()
)
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = " \t*_#>"  # Markdown around a dateline
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = r"(?P<time>,?\s*(?:в\s+|о\s+)?\d{1,2}:\d\d(?::\d\d)?)?"
_SENTENCE_START = re.compile(r"(?:г\.\s*)?(?:[A-ZА-ЯЁІЇЄҐ][\w-]*\.?\s*){1,3}[,.]\s*")
_SENTENCE_AFTER = re.compile(_CLOCK + r"\s*(?:[—–:/|-]|\.\s)")


def in_head(text: str) -> dt.date | None:
    """The day of the dateline among the first lines, or None: a date within prose is not one.

    A dateline is a line of its own of at most 60 characters (date, time, place, author), or the beginning of
    a sentence that is set off from it: «Женева, 9 января 2022 г. — …».
    """
    start = seen = 0
    for line in text[: _HEAD + 2 * _SHORT].splitlines(keepends=True):
        if start >= _HEAD or seen == _LINES:
            break
        start += len(line)
        bare = line.strip().strip(_MARKS)
        seen += bool(bare)
        if day := _of_line(bare):
            return day
    return None


def parse(value: str) -> dt.date:
    """The day that a value of metadata names, ISO 8601 or as people write it; the time of day is dropped.

    Raises SourceError for anything else, days that do not exist among them.
    """
    if _ISO.fullmatch(value):  # of any year, while a text's year 3021 is a number
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    found = _find(value)
    if found and all(_is_label(word) for word in _WORD.findall(value[: found[1]] + " " + value[found[2] :])):
        return found[0]
    raise SourceError(f"дата «{value[:40]}» непонятна: запишите её так: 2022-01-09")


def _find(line: str) -> tuple[dt.date, int, int] | None:
    """The first date of the line that exists, and where it begins and ends."""
    found = [(match, day) for form in _FORMS for match in form.finditer(line) if (day := _day(match))]
    if not found:
        return None
    match, day = min(found, key=lambda pair: pair[0].start())
    return day, match.start(), match.end()


def _day(match: re.Match[str]) -> dt.date | None:
    name = match["month"].lower()
    month = int(name) if name.isdecimal() else OF_A_DAY.get(name, 0)
    try:
        return dt.date(int(match["year"]), month, int(match["day"]))
    except ValueError:  # 32.13.2022, «5 комнат 2022»: no such day, so no date
        return None


def _of_line(line: str) -> dt.date | None:
    found = _find(line)
    if not found:
        return None
    day, start, end = found
    before, after = line[:start], line[end:]
    if len(line) <= _SHORT and _stands_alone(before.rstrip(), after):
        return day
    return day if _opens_sentence(before, line[start:end], after) else None


def _stands_alone(before: str, after: str) -> bool:
    words = _WORD.findall(before + " " + after)
    if not all(map(_is_label, words)):
        return False
    if before.endswith("(") or _is_span(after):
        return False  # the years of a life, a term
    if words and after.rstrip().endswith("."):
        return False  # «Родился Пётр 23 декабря 1985 года.»
    last = _WORD.findall(before)[-1:]  # a name needs a comma before its date, «Опубликовано» does not
    return not (before[-1:].isalpha() and last and last[0].lower() not in _LABELS)


def _opens_sentence(before: str, date: str, after: str) -> bool:
    """«Женева, 9 января 2022 г. — …», «09.01.2022. …»; but «9 января 2022 года — день…» is prose."""
    if before and not _SENTENCE_START.fullmatch(before):
        return False
    follows = _SENTENCE_AFTER.match(after)
    if not follows or _is_span(after):
        return False
    return bool(before or follows["time"] or not _WORD.search(date))


def _is_span(after: str) -> bool:
    """«… — 9 января 2022»: the date before it was only the first of two."""
    found = _find(after)
    return found is not None and after[: found[1]].strip() in tuple("—–-")


def _is_label(word: str) -> bool:
    return word[0].isupper() or word.lower() in _LABELS
