"""The surname key: what joins the cases of a surname that no dictionary has, Рябков ~ Рябковым ~ Рябкову.

Dictionaries take «Рябков» for the bird «рябок» and Snowball strips the -ов, so a name that stands in one's own
documents is found in none of its cases. The key is the ending-free surname; on the side of documents it holds
for forms that are mostly capitalised, on the side of queries always, since people type names in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.patterns import pattern

# Against a true lemma: a form met by the key alone counts for this much.
WEIGHT = 0.5
# The share of a form's occurrences that must be capitalised for it to be a name.
CAPITALISED = 0.5

_POSSESSIVE = ("", "а", "у", "ым", "им", "е", "і", "ой", "ою", "ої", "ій", "ы", "и", "ых", "их", "ыми", "ими")
# Of these, what Russian has not: its Рубини is no Рубин. Ukrainian has them all, Bulgarian the plural.
_ABROAD = pattern(r".*[вн](?:им|и|і|ої|ій|их|ими)")
_ADJECTIVAL = ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ою", "ие", "их", "ими")
# Ukrainian writes the same name with its own letters: Зарубін, Орєхов.
_UKRAINIAN = (("ин", "ін"), ("ев", "єв"))
_ENDINGS = ((("ов", "ев", "єв", "ин", "ін", "ын"), _POSSESSIVE), (("ск", "цк"), _ADJECTIVAL))
_EXPRESSIONS = [rf"(.{{2,}}(?:{'|'.join(suffixes)}))(?:{'|'.join(endings)})" for suffixes, endings in _ENDINGS]
_FAMILIES = tuple((pattern(name), endings) for name, (_, endings) in zip(_EXPRESSIONS, _ENDINGS, strict=True))
_LIKE = pattern("|".join(_EXPRESSIONS))
# So many forms are told sooner one by one than together.
_FEW = 300


def keys(form: str) -> Iterator[str]:
    """The surname keys of a form or of its look-up key (ё folded), usually none or one."""
    for family, _ in _FAMILIES:
        if match := family.fullmatch(form.replace("ё", "е")):
            yield _russian(match[1])


def like(forms: Strings) -> NDArray[np.bool_]:
    """Which of some forms may be surnames, so that they have a key: told by their letters from the last one on."""
    if len(forms) < _FEW:
        return np.array([_LIKE.fullmatch(form.replace("ё", "е")) is not None for form in forms], np.bool_)
    points, starts, ends = forms.points, forms.starts, forms.ends
    letters, after, whole = _tails()
    letter = letters.take(points, mode="clip")
    flags = np.zeros(len(forms), np.bool_)
    form, at, tail = np.arange(len(forms)), ends - 1, np.zeros(len(forms), np.int64)
    while len(form):
        tail = after.take(tail * (letters[-1] + 1) + letter.take(at))
        flags[form[whole.take(tail) & (at - starts.take(form) >= 2)]] = True
        on = ((tail > 0) & (at > starts.take(form))).nonzero()[0]
        form, at, tail = form.take(on), at.take(on) - 1, tail.take(on)
    return flags


@cache
def _tails() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The tails of surnames, numbered, "" being 0: by code point the number of the letter, and the last for all that
    no tail has; by tail and letter before it the longer tail, or 0; by tail whether nothing is left out.
    """
    whole = {suffix + ending for suffixes, endings in _ENDINGS for suffix in suffixes for ending in endings}
    tails = sorted({ending[at:] for ending in whole for at in range(len(ending) + 1)})
    alphabet = sorted(set("".join(tails)))
    letters = np.full(ord(alphabet[-1]) + 2, len(alphabet))
    letters[[*map(ord, alphabet)]] = np.arange(len(alphabet))
    letters[ord("ё")] = letters[ord("е")]
    number = {tail: at for at, tail in enumerate(tails)}
    after = [number.get(letter + tail, 0) for tail in tails for letter in (*alphabet, "\n")]
    return letters, np.array(after), np.array([tail in whole for tail in tails])


def cases(key: str) -> Iterator[str]:
    """All the look-up keys whose surname key this is."""
    stems = [key] + [key[:-2] + own for common, own in _UKRAINIAN if key.endswith(common)]
    for family, endings in _FAMILIES:
        yield from (stem + end for stem in stems if family.fullmatch(stem + endings[0]) for end in endings)


def fits(case: str, language: str) -> bool:
    """Whether a case of `cases` may be one in a text of the language."""
    return language != "ru" or not _ABROAD.fullmatch(case)


def _russian(key: str) -> str:
    for common, own in _UKRAINIAN:
        if key.endswith(own):
            return key[:-2] + common
    return key
