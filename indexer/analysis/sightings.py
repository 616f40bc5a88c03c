"""Where plain words stand in texts: what `occurrences` gives of them but for positions, in about half the time.

A form of basic letters stands in a text as it is, but for its case, unless something hides it: stress, a soft hyphen,
a letter of the other script, a line end within the word. So what the forms begin with is looked for as strings, in a
copy of the text in which the first letter of every word and its last are marked. The tokenizer reads only what may
hide a word, and what is found within more than a word: a hyphenated one, an address.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import batch
from indexer.analysis.batch import Chunk, chunks, code_points
from indexer.analysis.folding import APOSTROPHES, HYPHENS, MAX_FORM
from indexer.analysis.hashing import Places
from indexer.analysis.occurrences import read
from indexer.analysis.spelling import Flags, lower

Bits = NDArray[np.uint8]
# number of the text, form, width, start, end
Sighting = tuple[int, str, int, int, int]

# Signs of one of these stand alone at an end of a word as if they were not there.
_JOINERS = "._@:" + HYPHENS + APOSTROPHES
# One of MAX_FORM letters may stand for a longer word.
_PLAIN = re.compile(rf"(?:[а-яё]+|[a-z]+)(?<!.{{{MAX_FORM}}})")
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
# Forms that have so many letters in common are looked for together.
_SHARED = 4
# What a character is, one bit each: between words, the end of a text; of the basic letters; what digits may go on over
# a space with; what a line end may follow within a word; an apostrophe; what may hide a letter.
_SPACE, _END, _CYRILLIC, _LATIN, _DIGIT, _BREAKS, _APOSTROPHE, _ODD = (1 << bit for bit in range(8))
# Marks of the first letter of a word and of the last: no basic letter has these bits.
_FIRST, _LAST = 14, 15


def patterns(forms: AbstractSet[str]) -> list[str] | None:
    """What to look for where one of the forms may stand; None where one of them is not of basic letters alone."""
    if not all(map(_PLAIN.fullmatch, forms)):
        return None
    found = []
    for _, group in groupby(sorted(forms), lambda form: form[:_SHARED]):
        alike = list(group)
        shared = _shared(alike[0], alike[-1])
        if len(alike) > 1:
            found.append(_marked(shared, _FIRST))
        if shared in alike:
            found.append(_marked(shared, _FIRST, _LAST))
    return found


def _shared(one: str, other: str) -> str:
    """What two forms begin with, and so all that stand between them."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return one[:at]


def _marked(letters: str, *marks: int) -> str:
    points = [*map(ord, letters)]
    for mark in marks:
        points[0 if mark == _FIRST else -1] |= 1 << mark
    return "".join(map(chr, points))


def sightings(texts: Sequence[str], forms: AbstractSet[str], sought: Sequence[str]) -> Iterator[Sighting]:
    """Every token of one of the forms, whose patterns are sought: text by text, by place, a whole before its parts."""
    first = 0  # the text that a chunk begins with
    for chunk in chunks(texts):
        yield from _sighted(chunk, first, forms, sought)
        first += len(chunk.texts) - chunk.goes_on


def _sighted(chunk: Chunk, first: int, forms: AbstractSet[str], sought: Sequence[str]) -> Iterator[Sighting]:
    text = "\0".join(("", *chunk.texts, ""))
    points = code_points(text)
    bits = _bits().take(points, mode="clip")
    plain, marked = _spelled(points, bits)
    odd, space = _odd(bits), (bits & (_SPACE | _END)) != 0
    _bridge(text, bits, space, odd)
    between = space.tobytes()
    found: dict[int, list[tuple[str, int, int, int]]] = {}  # by where a stretch begins: form, width, start, end
    for at in odd.nonzero()[0].tolist():
        if (low := between.rfind(1, 0, at) + 1) not in found:
            found[low] = _read(text, low, between.find(1, at), forms)
    for at in _places(marked, sought):
        low = at if between[at - 1] else between.rfind(1, 0, at) + 1
        if low in found:
            continue
        high = between.find(1, at)
        end = high - 1 if plain[high - 1] in _JOINERS else high
        if (word := plain[low:end]) in forms:
            found[low] = [(word, 1, low, end)]
        elif not word.isalpha():
            found[low] = _read(text, low, high, forms)
    begin = [1]
    for one in chunk.texts:
        begin.append(begin[-1] + len(one) + 1)
    for low in sorted(found):
        number = bisect_right(begin, low) - 1
        shift = chunk.offset - begin[number]
        for form, width, start, end in found[low]:
            yield first + number, form, width, start + shift, end + shift


def _read(text: str, low: int, high: int, forms: AbstractSet[str]) -> list[tuple[str, int, int, int]]:
    tokens = read(text[low:high]).tokens
    return [(one.form, one.width, low + one.start, low + one.end) for one in tokens if one.form in forms]


def _places(marked: str, sought: Sequence[str]) -> Iterator[int]:
    for pattern in sought:
        at = marked.find(pattern)
        while at >= 0:
            yield at
            at = marked.find(pattern, at + 1)


def _spelled(points: Places, bits: Bits) -> tuple[str, str]:
    """The text in small letters, and the same with marks of the first letter of every word and of the last."""
    letters = _small().take(points, mode="clip")
    plain = letters.tobytes().decode("utf-16-le")
    word = (bits & (_CYRILLIC | _LATIN)) != 0
    edge = word[1:] != word[:-1]
    letters[1:] |= (edge & word[1:]).astype("<u2") << _FIRST
    letters[:-1] |= (edge & word[:-1]).astype("<u2") << _LAST
    return plain, letters.tobytes().decode("utf-16-le")


def _odd(bits: Bits) -> Flags:
    """Where something may hide a letter: what is no letter, another script, an apostrophe written for stress."""
    odd: Flags = (bits & _ODD) != 0
    odd[1:] |= ((bits[1:] | bits[:-1]) & (_CYRILLIC | _LATIN)) == (_CYRILLIC | _LATIN)
    odd[1:-1] |= ((bits[:-2] & bits[2:] & _CYRILLIC) != 0) & ((bits[1:-1] & _APOSTROPHE) != 0)
    return odd


def _bridge(text: str, bits: Bits, space: Flags, odd: Flags) -> None:
    """Take from `space` that over which a rule may go on: 5 374, само-⏎вар; a word so divided is odd."""
    space[1:-1] &= ((bits[:-2] & bits[2:] & _DIGIT) == 0) | ((bits[1:-1] & _SPACE) == 0)
    for at in (((bits[:-1] & _BREAKS) != 0) & ((bits[1:] & _SPACE) != 0)).nonzero()[0].tolist():
        if match := _LINE_END.match(text, at + 1):
            space[at + 1 : match.end()] = False
            odd[at] = True


@cache
def _small() -> NDArray[np.uint16]:
    """[65536] what stands in a form for each code point."""
    return lower().astype("<u2")


@cache
def _bits() -> Bits:
    """[65536] what each code point is."""
    of_class = {
        batch.SPACE: _SPACE, batch.STOP: _END, batch.HYPHEN: _BREAKS, batch.SOFT: _ODD | _BREAKS, batch.MARK: _ODD,
        batch.CYRILLIC: _CYRILLIC, batch.LATIN: _LATIN, batch.DIGIT: _DIGIT, batch.OTHER: _ODD | _DIGIT,
    }  # fmt: skip
    table = np.zeros(max(of_class) + 1, np.uint8)
    for kind, bits in of_class.items():
        table[kind] = bits
    found = table[batch.classes()]
    found[[ord(sign) for sign in "+#"]] = 0
    found[[ord(sign) for sign in APOSTROPHES]] |= _APOSTROPHE
    return found
