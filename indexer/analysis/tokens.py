"""Text → tokens with exact offsets into the text as stored.

The ordered list `_RULES` is the algorithm: at each place the first rule that fits takes its stretch of text.
A stretch that is one word gives one token. A stretch of several parts (телеграм-канал, press@mid.ru, 5 374)
gives a token for the whole and then one for each part: the parts are consecutive positions and alone count as
length, the whole stands at the position of its first part.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from indexer.analysis.folding import APOSTROPHES, HYPHENS, INVISIBLE, fold
from indexer.patterns import pattern

Kind = Literal["word", "compound", "unit"]


class Token(NamedTuple):
    """`text[start:end]` folded to `form`, at `position`; a whole covers `width` positions.

    `kind` is "word" for what counts as length, "compound" for a hyphenated whole, whose parts mean what it
    means, and "unit" for a whole that is more than its parts: an address, a number, a date.
    """

    form: str
    position: int
    start: int
    end: int
    width: int
    kind: Kind
    capital: bool


Known = Callable[[str], bool]
# form, start, end of a part; and of a whole with its kind
_Part = tuple[str, int, int]
_Stretch = tuple[list[tuple[str, Kind]], list[_Part]]

_W = rf"[^\W_][^\W_{INVISIBLE}\u0300-\u036f]*+(?:[{INVISIBLE}\u0300-\u036f]++[^\W_]*+)*+"
_LETTER = r"[^\W\d_]"
_SPACES = " \u00a0\u202f\u2009"
_BREAK = rf"(?:[-\u2010]|(?<=[\u00ad\u00ac]))[ \t]*+\r?\n[ \t]*+(?={_LETTER})"
# What goes on behind is no number, but a longer row of digits or a telephone: 495 123-45-67.
_NO_GROUP = rf"[\d_]|[.,{_SPACES}]\d|-\d\d-\d\d|-\d{{4}}(?!\d)"
_TLD = "рф|рус|укр|бг|бел|москва|дети|онлайн|сайт"

_RULES = {
    # nine words in ten: letters alone, and nothing after them that could belong to them
    "plain": r"[^\W\d_]++(?=[\s,;!?)»”]|[.:…](?:\s|\Z)|\Z)",
    "email": r"[^\W_][\w.+-]{0,63}@[^\W_](?:[\w-]{0,62}\.){1,8}[^\W\d_]{2,24}(?!\w)",
    "domain": rf"[^\W_][\w-]{{0,62}}(?:\.[^\W_][\w-]{{0,62}}){{0,7}}\.(?:[A-Za-z]{{2,24}}|(?i:{_TLD}))(?!\w)",
    "date": r"(?<!\d)(?:\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}(?!-))(?!\d|\.\d)",
    "time": r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])",
    "group": rf"(?<![\w+])(?<!\d[.,])\d{{1,3}}(?:[{_SPACES}]\d{{3}}){{1,6}}(?:[.,]\d{{1,9}})?(?!{_NO_GROUP})",
    "decimal": r"(?<!\w)(?<!\d[.,])\d{1,18}[.,]\d{1,18}(?![\d_]|[.,]\d)",
    "dotted": r"(?<!\w)(?<!\d\.)\d{1,9}(?:\.\d{1,9}){2,9}(?!\w|\.\d)",
    "tag": rf"#{_W}(?:_++{_W})*+",
    "plus": r"(?<![^\W_])[A-Za-zСс](?:\+\+(?=\d)|(?:\+\+|#)(?![\w+#]))",
    "word": rf"{_W}(?:(?:{_BREAK}|[{HYPHENS}{APOSTROPHES}](?=[^\W_])){_W}){{0,7}}+",
}
_TOKEN = pattern("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()))
_WORD = pattern(_W)
_NUMBER = pattern(r"\d+")
_LINE_END = pattern(r"[-\u2010\u00ad\u00ac][ \t]*\r?\n[ \t]*")

# Words whose hyphen is spelling, not composition: they stay whole, and are not found by their parts.
_PARTICLE = pattern(
    r"(?:ко[ей]-.+"
    r"|по-.+(?:ому|ему|ски|цки|ьи)|во?-.+(?:ых|их)|из-за|из-под|по-за|по-над|по-под"
    r"|(?:кто|кого|кому|кем|ком|что|чего|чему|чем|чём|чей|чь[яеёию].{0,2}|как.{0,3}|каков.{0,2}|который.{0,2}|где|куда"
    r"|откуда|когда|почему|зачем|отчего|сколько|скольк.{1,3})-(?:то|либо|нибудь)"
    r"|(?:вс[её]|опять|так|прямо|довольно|снова|верно|действительно)-таки)"
)
# Apostrophes that are a letter of the word: Ukrainian здоров'я, English don't.
_INNER = pattern(r"[^\W\d_]*[бвгґджзкмнпрстфхц]'[яюєї].*|[a-z]+'(?:s|t|re|ve|ll|d|m)")


def tokenize(text: str, known: Known = lambda _: False) -> Iterator[Token]:
    """Tokens of the text, by position; a whole comes before its parts.

    `known` says whether a folded form is a word of the dictionary; it is asked only where a hyphen ends a line.
    """
    if text.isalpha():
        yield Token(fold(text), 0, 0, len(text), 1, "word", text[0].isupper())
        return
    if not any(map(str.isalnum, text)):
        return  # signs alone, as 👉: the rules, which are long, need not be compiled for them
    position = 0
    for match in _TOKEN.finditer(text):
        raw, start = match.group(), match.start()
        if raw.isalnum():  # by far the most common: one word and nothing else
            yield Token(fold(raw), position, start, match.end(), 1, "word", raw[0].isupper())
            position += 1
            continue
        wholes, parts = _READ[match.lastgroup or "word"](raw, start, known)
        if not parts:
            continue
        width, capital = len(parts), raw[0].isupper()
        for form, kind in wholes:
            yield Token(form, position, start, match.end(), width, kind, capital)
        for form, begin, end in parts:
            yield Token(form, position, begin, end, 1, "word", text[begin].isupper())
            position += 1


def is_one_word(form: str) -> bool:
    """Whether a form of several parts is one word by its spelling: кто-то, don't."""
    return bool(_PARTICLE.fullmatch(form) or ("'" in form and _INNER.fullmatch(form)))


def _split(pattern: re.Pattern[str], raw: str, start: int) -> list[_Part]:
    found = ((fold(part.group()), start + part.start(), start + part.end()) for part in pattern.finditer(raw))
    return [part for part in found if part[0]]


def _address(raw: str, start: int, _known: Known) -> _Stretch:
    return [(fold(raw).removeprefix("www."), "unit")], _split(_WORD, raw, start)


def _date(raw: str, start: int, _known: Known) -> _Stretch:
    return [(day(raw), "unit")], _split(_NUMBER, raw, start)


def day(raw: str) -> str:
    """A date of either order in that of ISO 8601; what is no day stays as it is."""
    numbers = [int(number) for number in raw.replace("-", ".").split(".")]
    try:
        return dt.date(*(numbers if "-" in raw else reversed(numbers))).isoformat()
    except ValueError:  # 32.13.2022 is a number of some other kind
        return raw


def _number(raw: str, start: int, _known: Known) -> _Stretch:
    whole = re.sub(rf"[{_SPACES}]", "", raw).replace(".", ",")
    return [(whole, "unit")], _split(_NUMBER, raw, start)


def _numeric(raw: str, start: int, _known: Known) -> _Stretch:
    return [(raw, "unit")], _split(_NUMBER, raw, start)


def _plus(raw: str, start: int, _known: Known) -> _Stretch:
    return [], [(raw.replace("С", "C").replace("с", "c").lower(), start, start + len(raw))]


def _word(raw: str, start: int, known: Known) -> _Stretch:
    """A word, perhaps with hyphens, apostrophes or a line end inside."""
    alone: list[tuple[str, Kind]] = []
    if "\n" in raw:
        joined, hyphenated = fold(_LINE_END.sub("", raw)), fold(_LINE_END.sub("-", raw))
        if raw[: raw.index("\n")].rstrip()[-1] in "\u00ad\u00ac" or (known(joined) and not known(hyphenated)):
            raw_end = start + len(raw)
            return [], [(joined, start, raw_end)] if joined else []
        alone = [(joined, "unit")]  # premier-⏎minister: we cannot know, so both are found
        whole = hyphenated
    else:
        whole = fold(raw)
    parts = _split(_WORD, raw, start)
    if len(parts) < 2 or whole.isalnum() or is_one_word(whole):
        return [], [(whole, start, start + len(raw))] if whole else []
    return [(whole, "compound"), *alone], parts


_READ: dict[str, Callable[[str, int, Known], _Stretch]] = {
    "email": _address,
    "domain": _address,
    "tag": _address,
    "date": _date,
    "time": _numeric,
    "dotted": _numeric,
    "group": _number,
    "decimal": _number,
    "plus": _plus,
    "plain": _word,
    "word": _word,
}
