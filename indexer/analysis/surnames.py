"""The surname key: what joins the cases of a surname that no dictionary has, Рябков ~ Рябковым ~ Рябкову.

Dictionaries take «Рябков» for the bird «рябок» and Snowball strips the -ов, so a name that stands in one's own
documents is found in none of its cases. The key is the ending-free surname; on the side of documents it holds
for forms that are mostly capitalised, on the side of queries always, since people type names in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# Against a true lemma: a form met by the key alone counts for this much.
WEIGHT = 0.5
# The share of a form's occurrences that must be capitalised for it to be a name.
CAPITALISED = 0.5

_POSSESSIVE = ("", "а", "у", "ым", "им", "е", "і", "ой", "ою", "ої", "ій", "ы", "и", "ых", "их", "ыми", "ими")
# Of these, what Russian has not: its Рубини is no Рубин. Ukrainian has them all, Bulgarian the plural.
_ABROAD = re.compile(r".*[вн](?:им|и|і|ої|ій|их|ими)")
_ADJECTIVAL = ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ою", "ие", "их", "ими")
# Ukrainian writes the same name with its own letters: Зарубін, Орєхов.
_UKRAINIAN = (("ин", "ін"), ("ев", "єв"))
_FAMILIES = (
    (re.compile(rf"(.{{2,}}(?:ов|ев|єв|ин|ін|ын))(?:{'|'.join(_POSSESSIVE)})"), _POSSESSIVE),
    (re.compile(rf"(.{{2,}}(?:ск|цк))(?:{'|'.join(_ADJECTIVAL)})"), _ADJECTIVAL),
)
_LIKE = re.compile("|".join(rf"^{pattern.pattern}$" for pattern, _ in _FAMILIES), re.MULTILINE)


def keys(form: str) -> Iterator[str]:
    """The surname keys of a form or of its look-up key (ё folded), usually none or one."""
    for pattern, _ in _FAMILIES:
        if match := pattern.fullmatch(form.replace("ё", "е")):
            yield _russian(match[1])


def like(forms: Sequence[str]) -> list[bool]:
    """Which of some forms may be surnames, so that they have a key."""
    flags = [False] * len(forms)
    joined = "\n".join(forms).replace("ё", "е")
    at = number = 0
    for match in _LIKE.finditer(joined):
        number += joined.count("\n", at, match.start())
        at = match.start()
        flags[number] = True
    return flags


def cases(key: str) -> Iterator[str]:
    """All the look-up keys whose surname key this is."""
    stems = [key] + [key[:-2] + own for common, own in _UKRAINIAN if key.endswith(common)]
    for pattern, endings in _FAMILIES:
        yield from (stem + end for stem in stems if pattern.fullmatch(stem + endings[0]) for end in endings)


def fits(case: str, language: str) -> bool:
    """Whether a case of `cases` may be one in a text of the language."""
    return language != "ru" or not _ABROAD.fullmatch(case)


def _russian(key: str) -> str:
    for common, own in _UKRAINIAN:
        if key.endswith(own):
            return key[:-2] + common
    return key
