"""Numbers within a word, in letters and in figures: двадцатилетний, 20-летний."""

from __future__ import annotations

import re
from functools import cache

_HUNDREDS = "сто двухсот трехсот четырехсот пятисот шестисот семисот восьмисот девятисот"
_TENS = "десяти двадцати тридцати сорока пятидесяти шестидесяти семидесяти восьмидесяти девяносто"
_UNITS = "одно двух трех четырех пяти шести семи восьми девяти"
_TEENS = "одиннадцати двенадцати тринадцати четырнадцати пятнадцати шестнадцати семнадцати восемнадцати девятнадцати"
_VALUES = {
    **{name: 100 * number for number, name in enumerate(_HUNDREDS.split(), 1)},
    **{name: 10 * number for number, name in enumerate(_TENS.split(), 1)},
    **{name: number for number, name in enumerate(_TEENS.split(), 11)},
    **{name: number for number, name in enumerate(_UNITS.split(), 1)},
}
_NAMES = {number: name for name, number in _VALUES.items()}
# What is counted: years, days, storeys, …; any other ending is no number before it: семинар, стоянка.
_COUNTED = (
    r"(?:летн|летие|летия|летию|летием|летии|дневн|недельн|месячн|часов|минутн|секундн|этажн|процентн|метров|километров"
    r"|сантиметров|миллиметров|тысячн|миллионн|миллиардн|рублев|долларов|комнатн|местн|кратн|тонн|томн|серийн|балльн"
    r"|градусн|дюймов|битн|ядерн|ступенчат|конечн|угольн|звездн|разов|слойн|цветн)[а-я]*"
)
_ANY = "|".join(sorted(_VALUES, key=len, reverse=True))
_BEGINNINGS = tuple({name[:3] for name in _VALUES})


@cache
def _in_letters() -> re.Pattern[str]:
    """Compiled when first needed, as few words begin like a number."""
    return re.compile(rf"((?:{'|'.join(_HUNDREDS.split())})?)((?:{_ANY}){{0,2}})({_COUNTED})")


@cache
def _in_figures() -> re.Pattern[str]:
    return re.compile(rf"([1-9]\d{{0,2}})-({_COUNTED})")


def in_figures(form: str) -> tuple[str, str] | None:
    """двадцатипятилетний → ("25", "летний"); None for a word that begins with no number."""
    plain = form.replace("ё", "е")
    match = _in_letters().fullmatch(plain) if plain.startswith(_BEGINNINGS) else None
    if not match:
        return None
    values = [_VALUES[name] for name in re.findall(_ANY, match[1] + match[2])]
    number = sum(values)
    # as one would write it: hundreds, tens, units, none of them twice
    return (str(number), match[3]) if values and _letters(number) == match[1] + match[2] else None


def in_letters(form: str) -> str | None:
    """25-летний → двадцатипятилетний, of numbers below a thousand; None for any other form."""
    match = _in_figures().fullmatch(form.replace("ё", "е")) if form[:1].isdecimal() else None
    return _letters(int(match[1])) + match[2] if match else None


def _letters(number: int) -> str:
    hundreds, rest = number // 100 * 100, number % 100
    parts = (hundreds, rest) if rest in _NAMES else (hundreds, rest // 10 * 10, rest % 10)
    return "".join(_NAMES[part] for part in parts if part)
