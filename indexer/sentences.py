"""Text → sentences, by the rules of Russian print: abbreviations and initials do not end one.

A boundary is looked for after «.», «!», «?», «…» and at blank lines; the ordered rules of `_goes_on` are what keeps
a sentence together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from indexer.patterns import pattern

# What begins with a start and an end.
S = TypeVar("S", bound=tuple[Any, ...])

# A line shorter than this that is followed by a capital stands alone: a heading, a dateline, a verse.
SHORT_LINE = 60

# Never the end: what they belong to follows.
_BEFORE_NAME = frozenset(
    """ул пл пр-т просп пер наб ш д кв корп стр рис табл гл ст п пп ч т св акад проф доц инж ген кап о
    см ср напр г-н г-жа тов гр гос зам зав пом н э е к обл р-н пос дер оз р с прим прил ред
    пр бул журн авт сост кн имп преп митр архиеп прот мр -корр дж mr mrs dr prof ін вул""".split()
)
# Goes on before a number: «ок. 1500», «9 янв. 2022».
_BEFORE_NUMBER = frozenset(
    "тел доб изд вып ок янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек абз разд подп".split()
)
# Goes on before Latin letters: «(нем. Köln)», but «забыл о нем. Потом».
_BEFORE_LATIN = frozenset("англ нем фр лат греч итал исп польск порт тур".split())
# «им. Чехова», «им. Н. Чехова», but «недоволен им. Она …».
_NAMED_AFTER = pattern(r"[А-ЯЁ]\.|[А-ЯЁ]\w+(?:[оеё]ва|[иы]на|ого|ой)\b")
_ITEM_NUMBER = pattern(r"(?:\d+\.)*\d{1,3}|[IVXLC]{1,6}")
# The end when a capital follows, but only if a number or its like stands before: «в 1880 г. Потом», but «г. Москва».
_AFTER_NUMBER = frozenset(
    "г гг в вв руб коп тыс млн млрд трлн чел экз мин сек час ч кг км м см мм га т стр с р п".split()
)
# One set of signs to begin with is what the matcher finds fast.
_CANDIDATE = pattern(
    r"""[.!?…\n](?:
    (?<=\n)(?:[^\S\n]*\n\s*|(?P<line>)\s*)
    |(?<!\n)(?<![.!?…][.!?…])[.!?…]*+[)\]»”“"']*+(?:\[\d+\])*+(?P<stop>)\s++)""",
    re.VERBOSE,
)
_LAST_WORD = pattern(r"([\w-]+)[.!?…]*[)\]»”\"']*\Z")
_NUMBER_BEFORE = pattern(r"(?:\d|\b[IVXLC]+)[\s\u00a0]*\Z")
_OPENS = pattern(r"[«„“\"'(\[—–-]*\s*")


_ABBREVIATIONS = _BEFORE_NAME | _BEFORE_NUMBER | _BEFORE_LATIN | _AFTER_NUMBER | {"им", "долл", "дол"}
# What a boundary cannot be without.
_STOP = pattern(r"[.!?…\n]")
_LONG_WORD = 20  # no abbreviation is so long
_LONGEST = max(map(len, _ABBREVIATIONS)) + 1
# Ends of a sentence that are looked at that it surely is.
_TRIES = 12


def sentence(text: str, at: int, least: int = 0) -> tuple[int, int]:
    """The sentence that goes on to the character `at` or beyond it; `least` is a boundary before it."""
    following = _boundary(text, at, least)
    while True:
        start, end, following = _next(text, following)
        if end > at or following == len(text):
            return start, end


class Sentences:
    """Those sentences of one text that were asked for, each looked for once."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def holding(self, text: str, spans: Sequence[S]) -> Iterator[tuple[int, int, Sequence[S]]]:
        """Start and end of those in which some spans begin, which come in order, each with those spans.

        The text is always the same.
        """
        starts, ends = self._starts, self._ends
        first = number = end = 0
        count = len(spans)
        while first < count:
            at = spans[first][0]
            number = bisect_right(starts, at, number)
            if not number or at >= ends[number - 1]:
                start, end = sentence(text, at, end)
                starts.insert(number, start)
                ends.insert(number, end)
                number += 1
            last, end = first + 1, ends[number - 1]
            while last < count and spans[last][0] < end:
                last += 1
            yield starts[number - 1], end, spans[first:last]
            first = last


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the white space around them, in order."""
    following = 0
    while following < len(text):
        start, end, following = _next(text, following)
        if start < end:
            yield start, end


def _boundary(text: str, at: int, least: int) -> int:
    """A place where a sentence surely begins, not behind `at`, and near it if one is; `least` where there is none."""
    for _ in range(_TRIES):
        stop = text.rfind("\n", least, at)
        for sign in (". ", "! ", "? "):
            stop = max(stop, text.rfind(sign, max(least, stop), at))
        if stop < 0:
            break
        following = stop + 2
        if text[stop] == "\n":
            following = stop + 1
            before = text[stop - 1] if stop > least else " "
            if before == "\n":
                return following  # an empty line ends anything
            if before in ".!?…":
                stop -= 1
        if _surely_ends(text, stop, following):
            return following
        at = stop
    return least


def _surely_ends(text: str, stop: int, following: int) -> bool:
    """Whether a sentence ends as most do: before a capital, and behind a word that is no abbreviation."""
    if not text[following : following + 1].isupper():
        return False
    if text[stop] != ".":
        return text[stop] != "\n" or (text[stop - 1 : stop].isalnum() and _line_ends(text, 0, stop, following))
    tail = text[max(0, stop - _LONGEST) : stop]
    if tail.isalpha() and len(tail) == _LONGEST and not tail.isupper():
        return True
    before = text[max(0, stop - _LONG_WORD) : stop]
    last = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    return len(last) > 1 and last.isalpha() and not last.isupper() and last.lower() not in _ABBREVIATIONS


def numbered(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """For some characters in order, none of them white space, numbers that are equal in one sentence and rise else.

    Only where a stop stands between two of them that does not surely end a sentence, sentences are looked for.
    """
    number = last = end = following = 0  # of the character before, and where its sentence ends, if that is known
    for offset in offsets:
        if offset >= end and _STOP.search(text, last, offset):
            if (sure := _boundary(text, offset, last)) > last:
                number += 1
                following, end = sure, 0
            else:
                while end <= last:
                    _, end, following = _next(text, following)
                number += offset >= end
        last = offset
        yield number


def _next(text: str, start: int) -> tuple[int, int, int]:
    """From a boundary on: where the sentence starts and ends, and the boundary behind it."""
    while text[start : start + 1].isspace():
        start += 1
    following = start
    while match := _CANDIDATE.search(text, following):
        end, following = match.span()
        kind = match.lastgroup
        if kind == "stop":
            if not _goes_on(text, start, end, following):
                return start, match.end(kind), following
        elif kind != "line" or _line_ends(text, start, end, following):
            return start, _trimmed(text, start, end), following
    return start, _trimmed(text, start, len(text)), len(text)


def _trimmed(text: str, start: int, end: int) -> int:
    while start < end and text[end - 1].isspace():
        end -= 1
    return end


def _goes_on(text: str, start: int, stop: int, following: int) -> bool:
    """Whether the sentence goes on behind the stop."""
    if _surely_ends(text, stop, following):
        return False
    opened = _OPENS.match(text, following)
    first = text[opened.end() : opened.end() + 1] if opened else ""
    if not first:
        return False
    if "\n" in text[stop:following] and "\n\n" in re.sub(r"[^\S\n]", "", text[stop:following]):
        return False  # a new paragraph, whatever stands before it
    if first.islower():
        return True  # «в 1880 г. на средства», «— Иди! — сказал он»
    if text[stop] != ".":
        return False
    word = _LAST_WORD.search(text, max(start, stop - 30), stop)
    if not word:
        return False
    last = word[1]
    if stop - start < 16 and _ITEM_NUMBER.fullmatch(text[start:stop].strip()):
        return True  # «1. Общие положения»
    if text[word.start() - 1 : word.start()] == "/":
        return False  # «90 км/ч. Потом»
    if len(last) == 1 and last.isupper():
        return True  # initials
    lower = last.lower()
    if first in "№§" and lower in _ABBREVIATIONS:
        return True  # «закон от 1 мая 2022 г. № 44»
    if lower in _AFTER_NUMBER and _NUMBER_BEFORE.search(text, max(start, word.start() - 12), word.start()):
        # «5 руб. 20 коп.», «ст. 5 п. 3»
        return first.isdigit() and (lower in ("мин", "руб", "км", "м", "кг") or lower in _BEFORE_NAME)
    if (first.isdigit() or first == "+") and lower in _BEFORE_NAME | _BEFORE_NUMBER:
        return True
    if lower == "им":
        return bool(_NAMED_AFTER.match(text, following))
    if lower in _BEFORE_LATIN and first.upper().isascii():
        return True
    if lower in ("долл", "дол") and text.startswith("США", following):
        return True
    if _closing_pair(text, start, word.start(), lower):
        return False  # «и т. д. Потом»
    return lower in _BEFORE_NAME or (lower == "г" and first.isupper())


def _closing_pair(text: str, start: int, at: int, last: str) -> bool:
    """т. д., т. п., и пр., н. э.: they end a list or a date, and so may end the sentence."""
    before = text[max(start, at - 4) : at].replace("\u00a0", " ").strip().lower()
    ends = {"т.": ("д", "п"), "н.": ("э",), " и": ("пр",)}
    return last in ends.get(before[-2:], ())


def _line_ends(text: str, start: int, end: int, following: int) -> bool:
    """Whether a single line end is a boundary: after a short line, before a capital, a dash or a digit."""
    first = text[following : following + 1]
    if not first or first.islower():
        return False
    line = text[max(start, text.rfind("\n", start, end) + 1) : end].strip()
    return len(line) < SHORT_LINE and not line.endswith((",", "-", "—"))
