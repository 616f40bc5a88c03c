"""Text → sentences, by the rules of Russian print: abbreviations and initials do not end one.

A boundary is looked for after «.», «!», «?», «…» and at blank lines; the ordered rules of `_goes_on` are what keeps
a sentence together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A line shorter than this that is followed by a capital stands alone: a heading, a dateline, a verse.
SHORT_LINE = 60

# Never the end: what they belong to follows.
_BEFORE_NAME = frozenset(
    """ул пл пр-т просп пер наб ш д кв корп стр рис табл гл ст п пп ч т св акад проф доц инж ген кап о
    см ср напр г-н г-жа тов гр гос зам зав пом н э е к обл р-н пос дер оз р с прим прил ред
    -корр дж mr mrs dr prof ін вул""".split()
)
# Goes on before a number: «ок. 1500», «9 янв. 2022».
_BEFORE_NUMBER = frozenset(
    "тел доб изд вып ок янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек кн абз разд".split()
)
# Goes on before Latin letters: «(нем. Köln)», but «забыл о нем. Потом».
_BEFORE_LATIN = frozenset("англ нем фр лат греч итал исп польск порт тур".split())
# «им. Чехова», «им. Н. Чехова», but «недоволен им. Она …».
_NAMED_AFTER = re.compile(r"[А-ЯЁ]\.|[А-ЯЁ]\w+(?:[оеё]ва|[иы]на|ого|ой)\b")
_ITEM_NUMBER = re.compile(r"(?:\d+\.)*\d{1,3}|[IVXLC]{1,6}")
# The end when a capital follows, but only if a number or its like stands before: «в 1880 г. Потом», but «г. Москва».
_AFTER_NUMBER = frozenset(
    "г гг в вв руб коп тыс млн млрд трлн чел экз мин сек час ч кг км м см мм га т стр с р п".split()
)
_CANDIDATE = re.compile(
    r"""(?P<stop>(?<![.!?…])[.!?…]++[)\]»”“"']*+(?:\[\d+\])*+)(?=\s)\s++ | \n[^\S\n]*\n\s* | (?P<line>\n)\s*""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"([\w-]+)[.!?…]*[)\]»”\"']*\Z")
_NUMBER_BEFORE = re.compile(r"(?:\d|\b[IVXLC]+)[\s\u00a0]*\Z")
_OPENS = re.compile(r"[«„“\"'(\[—–-]*\s*")


# No abbreviation and no Roman number of these rules is so long.
_LONG_WORD = 7
# Full stops that are looked at for one that surely ends a sentence.
_TRIES = 12


def boundary(text: str, at: int, least: int = 0) -> int:
    """A place where a sentence surely begins, not behind `at`, and near it if one is; `least` where there is none."""
    for _ in range(_TRIES):
        stop = text.rfind(". ", least, at)
        if stop < least + _LONG_WORD:
            break
        if text[stop - _LONG_WORD : stop].isalpha() and text[stop + 2 : stop + 3].isupper():
            return stop + 2
        at = stop
    return least


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences, without the white space around them, in order, from a boundary on."""
    for match in _CANDIDATE.finditer(text, start):
        if match.group("stop") is not None:
            end = match.end("stop")
            if _goes_on(text, start, match.start(), match.end()):
                continue
        elif match.group("line") is not None:
            end = match.start()
            if not _line_ends(text, start, end, match.end()):
                continue
        else:
            end = match.start()
        if span := _trimmed(text, start, end):
            yield span
        start = match.end()
    if span := _trimmed(text, start, len(text)):
        yield span


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _goes_on(text: str, start: int, stop: int, following: int) -> bool:
    """Whether the sentence goes on behind the stop."""
    if stop >= _LONG_WORD and text[following : following + 1].isupper() and text[stop - _LONG_WORD : stop].isalpha():
        return False  # as most sentences end: behind a word longer than any abbreviation, before a capital
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
    if lower in _AFTER_NUMBER and _NUMBER_BEFORE.search(text, max(start, word.start() - 12), word.start()):
        return first.isdigit() and lower in ("ч", "мин", "руб", "км", "м", "кг")  # «5 руб. 20 коп.»
    if (first.isdigit() or first == "+") and lower in _BEFORE_NAME | _BEFORE_NUMBER:
        return True
    if lower == "им":
        return bool(_NAMED_AFTER.match(text, following))
    if lower in _BEFORE_LATIN and first.upper().isascii():
        return True
    if lower == "долл" and text.startswith("США", following):
        return True
    if _closing_pair(text, start, word.start(), lower):
        return False  # «и т. д. Потом»
    return lower in _BEFORE_NAME or (lower == "г" and first.isupper())


def _closing_pair(text: str, start: int, at: int, last: str) -> bool:
    """т. д., т. п., н. э.: they end a list or a date, and so may end the sentence."""
    before = text[max(start, at - 4) : at].replace("\u00a0", " ").strip().lower()
    return (before.endswith("т.") and last in ("д", "п")) or (before.endswith("н.") and last == "э")


def _line_ends(text: str, start: int, end: int, following: int) -> bool:
    """Whether a single line end is a boundary: after a short line, before a capital, a dash or a digit."""
    line = text[max(start, text.rfind("\n", 0, end) + 1) : end].strip()
    first = text[following : following + 1]
    return len(line) < SHORT_LINE and bool(first) and not first.islower() and not line.endswith((",", "-", "—"))
