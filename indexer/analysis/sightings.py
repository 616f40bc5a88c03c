"""Where plain words stand in texts: what `occurrences` gives of them, in less time; positions only tell rows.

A form of basic letters stands in a text as it is, but for its case, unless something hides it: stress, a soft hyphen,
a letter of the other script, a line end within the word. So the text is written in codes of a byte a character, which
are blind to case; rows of letters in it that may be of a wanted form by their length and some letters are compared with
the forms. The tokenizer reads only what may hide a word, and what is found within more than a word: a hyphenated one,
an address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import accumulate
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import batch
from indexer.analysis.batch import chunks
from indexer.analysis.folding import APOSTROPHES, MAX_FORM
from indexer.analysis.hashing import Places
from indexer.analysis.occurrences import Occurrence, read
from indexer.analysis.spelling import RUSSIAN, Flags
from indexer.patterns import pattern

Codes = NDArray[np.uint8]
Signs = NDArray[np.uint16]
# A token in a text or a chunk of texts. What an island has of them, a word or a stretch of several, lies together:
# where it begins, the number in it, form, width, start and end; the position in it, how many it has, and where it ends.
Sighting = tuple[int, int, str, int, int, int, int, int, int]
# number of the text, what places are to be moved by to be its own, tokens
Sighted = tuple[int, int, Sequence[Sighting]]

# One of MAX_FORM letters may stand for a longer word.
_PLAIN = pattern(rf"(?:[а-яё]+|[a-z]+)(?<!.{{{MAX_FORM}}})")
_LINE_END = pattern(r"[ \t]*\r?\n[ \t]*")
_WORDY = pattern(r"[^\W_]")
# Signs of words are of so many bits.
_BITS = 14
# A basic letter, small or capital, has the code of the small one. Which alphabet it is of tells the second bit, and the
# first is of what is no letter and has a code for its kind. What stands between words is first of these, a sign or
# white space and the end of a text; last is what a line end may follow within a word or digits go on over a space with.
_CYRILLIC, _LATIN = RUSSIAN[32:64] + "ё", ascii_lowercase
_CODES = {letter: code for base, row in ((0, _CYRILLIC), (64, _LATIN)) for code, letter in enumerate(row, base)}
_SPACE, _END, _PLUS, _MARK, _APOSTROPHE, _JOINER, _HYPHEN, _SOFT, _OTHER, _DIGIT = range(128, 138)
_LETTER = rb"[\x00-\x%02x]" % (len(_CYRILLIC) - 1)
_STRESS = pattern(rb"(?s)\x%02x(?<=%b.)(?=%b)" % (_APOSTROPHE, _LETTER, _LETTER))


class Sought(NamedTuple):
    """Forms to be looked for: by how they are spelled in codes, and their signs."""

    forms: dict[bytes, str]
    signs: Sequence[int]


def sought(forms: Iterable[str]) -> Sought | None:
    """What the forms are looked for by; None where one of them is not of basic letters alone."""
    forms = list(forms)
    if not all(map(_PLAIN.fullmatch, forms)):
        return None
    spelled = {bytes(map(_CODES.__getitem__, form)): form for form in forms}
    end = np.fromiter(accumulate(map(len, spelled)), np.int64, len(spelled))
    edges = np.column_stack((np.concatenate(([0], end[:-1])), end - 1)) if spelled else np.zeros((0, 2), np.int64)
    return Sought(spelled, _signs(np.frombuffer(b"".join(spelled), np.uint8), edges).tolist())


def _signs(codes: Codes, edges: Places) -> Signs:
    """A number for each row of letters by its length and its first and last one, whose places these are, n × 2."""
    sign = codes.take(edges).view(np.uint16).ravel()  # both letters
    sign *= np.uint16(0x79B1)
    size = (edges[:, 1] - edges[:, 0]).astype(np.uint16)
    size *= np.uint16(0x9E37)
    sign += size
    sign >>= np.uint16(16 - _BITS)
    return sign


def sightings(texts: Sequence[str], wanted: Sequence[Sought]) -> Iterator[Sighted]:
    """Every token of one of the forms: text by text or piece by piece, by place, a whole before its parts."""
    words: dict[bytes, str] = {}
    there = bytearray(1 << _BITS)
    for forms, signs in wanted:
        words.update(forms)
        for sign in signs:
            there[sign] = 1
    if not words:
        return
    first = 0  # the text that a chunk begins with
    for chunk in chunks(texts):
        text = "\0".join(("", *chunk.texts, ""))
        tokens = sorted(_tokens(text, words, np.frombuffer(there, np.bool_)))
        begin, done = 1, 0
        for number, one in enumerate(chunk.texts, first):
            low, done = done, bisect_left(tokens, (begin + len(one),), done)
            if low < done:
                yield number, chunk.offset - begin, tokens[low:done]
            begin += len(one) + 1
        first += len(chunk.texts) - chunk.goes_on


def rows(texts: Sequence[str], wanted: Sequence[Sought]) -> Iterator[Occurrence]:
    """The same one by one. Positions tell what stands in a row, and no more.

    Where what a token covers ends, another begins if and only if they do so in the text.
    """
    base = position = island = behind = 0
    before = -1
    for number, shift, tokens in sightings(texts, wanted):
        if number != before:
            before, island, behind = number, -1, 0
        for low, _, form, width, start, end, at, size, high in tokens:
            if low + shift != island:
                island = low + shift
                base = position + (_WORDY.search(texts[number], behind, island) is not None)
                position, behind = base + size, high + shift
            yield number, form, base + at, width, start + shift, end + shift


def _tokens(text: str, words: Mapping[bytes, str], signs: Flags) -> list[Sighting]:
    """The tokens that are wanted, in any order."""
    codes = _codes().take(np.array(text).reshape(1).view(np.uint32), mode="clip")  # of code points
    plain = codes.tobytes()
    change = (codes[1:] ^ codes[:-1]).view(np.int8)
    edges = (change < 0).nonzero()[0].reshape(-1, 2)  # of letters and what is none
    edges[:, 0] += 1
    between = codes.view(np.int8) <= np.int8(_END - 256)
    spaces = bytearray(between)
    forms = frozenset(words.values())
    found: list[Sighting] = []
    seen: set[int] = set()
    joined = ((codes[:-1] >= _HYPHEN) & between[1:]).nonzero()[0].tolist()
    mixed = (change >= np.int8(64)).nonzero()[0].tolist()
    for at in (*_bridged(text, plain, joined, spaces), *mixed, *_hiding(plain)):
        low, high = spaces.rfind(1, 0, at) + 1, spaces.find(1, at)
        if low not in seen:
            seen.add(low)
            found += _read(text, low, high, forms)
    may = signs.take(_signs(codes, edges)).nonzero()[0]
    for at, last in edges.take(may, axis=0).tolist():
        if form := words.get(plain[at : (end := last + 1)]):
            if spaces[at - 1] and (spaces[end] or (_APOSTROPHE <= plain[end] <= _HYPHEN and spaces[end + 1])):
                if at not in seen:
                    found.append((at, 0, form, 1, at, end, 0, 1, end))
            elif (low := spaces.rfind(1, 0, at) + 1) not in seen:
                seen.add(low)
                found += _read(text, low, spaces.find(1, end), forms)
    return found


def _read(text: str, low: int, high: int, forms: AbstractSet[str]) -> list[Sighting]:
    """What is wanted of some island."""
    tokens, size, of_forms = read(text[low:high])
    if forms.isdisjoint(of_forms):
        return []
    return [
        (low, number, one.form, one.width, low + one.start, low + one.end, one.position, size, high)
        for number, one in enumerate(tokens)
        if one.form in forms
    ]


def _bridged(text: str, plain: bytes, joined: Iterable[int], spaces: bytearray) -> list[int]:
    """Take from `spaces` that over which a rule may go on: 5 374, само-⏎вар; a word so divided is among these."""
    divided = []
    for at in joined:
        if plain[at] >= _OTHER:
            if plain[at + 1] == _SPACE and plain[at + 2] >= _OTHER:
                spaces[at + 1] = 0
        elif match := _LINE_END.match(text, at + 1):
            spaces[at + 1 : match.end()] = bytes(match.end() - at - 1)
            divided.append(at)
    return divided


def _hiding(plain: bytes) -> list[int]:
    """Where something may hide a letter: what is no basic letter, an apostrophe written for stress."""
    found = [stress.start() for stress in _STRESS.finditer(plain)]
    for code in (_SOFT, _MARK, _OTHER):
        at = plain.find(code)
        while at >= 0:
            found.append(at)
            at = plain.find(code, at + 1)
    return found


@cache
def _codes() -> Codes:
    """[65536] the code of each code point; those above the last are as the last."""
    of_class = {
        batch.SPACE: _SPACE, batch.STOP: _END, batch.JOINER: _JOINER, batch.HYPHEN: _HYPHEN, batch.SOFT: _SOFT,
        batch.MARK: _MARK, batch.DIGIT: _DIGIT, batch.OTHER: _OTHER, batch.CYRILLIC: 0, batch.LATIN: 0,
    }  # fmt: skip
    table = np.zeros(max(of_class) + 1, np.uint8)
    table[[*of_class]] = [*of_class.values()]
    codes = table[batch.classes()]
    codes[[ord(sign) for sign in "+#"]] = _PLUS
    codes[[ord(sign) for sign in APOSTROPHES if not sign.isalnum()]] = _APOSTROPHE
    for letter, code in _CODES.items():
        codes[[ord(letter), ord(letter.upper())]] = code
    return codes
