"""Where some forms stand in texts: what the tokenizer would give of them, without telling all words apart.

An easy word (see `batch`) is read only where its length and some of its letters are those of a wanted form; a stretch
of several parts is read once, however often it occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import russian
from indexer.analysis.batch import chunks, code_points, items
from indexer.analysis.folding import MAX_FORM, fold
from indexer.analysis.hashing import Places, Points
from indexer.analysis.spelling import lower
from indexer.analysis.tokens import Token, tokenize

# Signs of words are of so many bits.
_BITS = 14
# Longer stretches are hardly seen again, and so not kept.
_LONG = 200

# number of the text, form, position, width, start, end
Occurrence = tuple[int, str, int, int, int, int]


class _Read(NamedTuple):
    """The tokens of a stretch, how many of them count as length, and their forms."""

    tokens: tuple[Token, ...]
    size: int
    forms: frozenset[str]


def occurrences(texts: Sequence[str], forms: AbstractSet[str]) -> Iterator[Occurrence]:
    """Every token of one of the forms: text by text, by position, a whole before its parts."""
    size = np.fromiter(map(len, forms), np.int64, len(forms))
    wanted = np.zeros(1 << _BITS, np.bool_)
    wanted[_signs(code_points("".join(forms)), size.cumsum() - size, size.cumsum())] = True
    first = begun = 0  # the text that a chunk begins with, and what of its positions was in the chunks before
    for chunk in chunks(texts):
        text, letters, start, end, stretch, begin = items(chunk.texts)
        bounds = zip(start.take(stretch).tolist(), end.take(stretch).tolist(), strict=True)
        found = [read(text[low:high]) for low, high in bounds]
        may = wanted.take(_signs(letters.points, start, end))
        may[stretch] = [not forms.isdisjoint(one.forms) for one in found]
        before = _before(len(start), stretch, found)
        at = may.nonzero()[0]
        number = begin.searchsorted(start.take(at), "right") - 1
        position = before.take(at) - before.take(start.searchsorted(begin)).take(number) + begun
        columns = (at, number + first, position, start.take(at), end.take(at), begin.take(number) - chunk.offset)
        stretches = dict(zip(stretch.tolist(), found, strict=True))
        for item, which, place, low, high, base in zip(*(column.tolist() for column in columns), strict=True):
            if item not in stretches:
                if (form := fold(text[low:high])) in forms:
                    yield which, form, place, 1, low - base, high - base
                continue
            for token in stretches[item].tokens:
                if token.form in forms:
                    low_of, high_of = low - base + token.start, low - base + token.end
                    yield which, token.form, place + token.position, token.width, low_of, high_of
        first, begun = (first, begun + int(before[-1])) if chunk.goes_on else (first + len(chunk.texts), 0)


def _before(items: int, stretch: Places, found: Sequence[_Read]) -> Places:
    """[items + 1] the positions before each item, and in all."""
    before = np.ones(items + 1, np.int64)
    before[0] = 0
    before[stretch + 1] = [one.size for one in found]
    before.cumsum(out=before)
    return before


def read(stretch: str) -> _Read:
    """What the tokenizer makes of a stretch; short ones are kept."""
    return _kept(stretch) if len(stretch) <= _LONG else _kept.__wrapped__(stretch)


@lru_cache(maxsize=1 << 13)
def _kept(stretch: str) -> _Read:
    tokens = tuple(_of_words(list(tokenize(stretch, russian.known))))
    return _Read(tokens, sum(token.kind == "word" for token in tokens), frozenset(token.form for token in tokens))


def _of_words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, what covers one word only standing where that word does: a hash tag without its sign."""
    words = {token.position: token for token in tokens if token.kind == "word"}
    for token in tokens:
        word = words.get(token.position, token) if token.width == 1 else token
        yield token if word is token else token._replace(start=word.start, end=word.end)


def _signs(points: Points, start: Places, end: Places) -> NDArray[np.uint32]:
    """A number for each `points[start[i]:end[i]]` by its length and its first, middle and last letter."""
    size = np.minimum(end - start, MAX_FORM)
    values = _values()
    sign = values.take(points.take(start), mode="clip")
    for factor, at in ((3, start + (size >> 1)), (5, start + size - 1)):
        sign *= np.uint32(factor)
        sign += values.take(points.take(at), mode="clip")
    sign += size.astype(np.uint32) << np.uint32(32 - _BITS)
    sign >>= np.uint32(32 - _BITS)
    return sign


@cache
def _values() -> NDArray[np.uint32]:
    """[65536] a value for each code point, the same for small letters and capitals, as if drawn by lot."""
    values = lower().astype(np.uint32)
    for _ in range(2):
        values = (values ^ (values >> np.uint32(15))) * np.uint32(0x9E3779B1)
    return values
