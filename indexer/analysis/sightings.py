"""Where plain words stand in texts: what `occurrences` gives of them, in less time; positions only tell rows.

A form of basic letters stands in a text as it is, but for its case, unless something hides it: stress, a soft hyphen,
a letter of the other script, a line end within the word. So the text is written in codes of a byte a character, which
are blind to case; rows of letters in it that may be of a wanted form by their length and some letters are compared with
the forms. The tokenizer reads only what may hide a word, and what is found within more than a word: a hyphenated one,
an address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import accumulate
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import batch
from indexer.analysis.folding import APOSTROPHES, MAX_FORM
from indexer.analysis.occurrences import Occurrence, read
from indexer.analysis.spelling import RUSSIAN
from indexer.patterns import pattern

# where they begin and end
Islands = Sequence[tuple[int, int]]
Codes = NDArray[np.uint8]
Signs = NDArray[np.uint16]
Edges = NDArray[np.int32 | np.int64]
# A token in a text. What an island has of them, a word or a stretch of several, lies together:
# where it begins, the number in it, form, width, start and end; the position in it, how many it has, and where it ends.
Sighting = tuple[int, int, str, int, int, int, int, int, int]
# number of the text, tokens
Sighted = tuple[int, Sequence[Sighting]]

# One of MAX_FORM letters may stand for a longer word.
_PLAIN = pattern(rf"(?:[а-яё]+|[a-z]+)(?<!.{{{MAX_FORM}}})")
_LINE_END = pattern(r"[ \t]*\r?\n[ \t]*")
_WORDY = pattern(r"[^\W_]")
# Signs of words are of so many bits.
_BITS = 14
# So many texts are looked at as one: with fewer, what each call of NumPy costs would show.
_TOGETHER = 64
# A basic letter, small or capital, has the code of the small one. Which alphabet it is of tells the second bit, and the
# first is of what is no letter and has a code for its kind. What stands between words is first of these, a sign or
# white space and the end of a text; last is what a line end may follow within a word or digits go on over a space with.
_CYRILLIC, _LATIN = RUSSIAN[32:64] + "ё", ascii_lowercase
_CODES = {letter: code for base, row in ((0, _CYRILLIC), (64, _LATIN)) for code, letter in enumerate(row, base)}
_SPACE, _END, _PLUS, _MARK, _APOSTROPHE, _JOINER, _HYPHEN, _SOFT, _OTHER, _DIGIT = range(128, 138)
_LETTER = rb"[\x00-\x%02x]" % (len(_CYRILLIC) - 1)
_STRESS = pattern(rb"(?s)\x%02x(?<=%b.)(?=%b)" % (_APOSTROPHE, _LETTER, _LETTER))


class Sought(NamedTuple):
    """Forms to be looked for, and their signs."""

    forms: frozenset[str]
    signs: Signs


class Scanned(NamedTuple):
    """A text, and what may be words in it: what is told once, whichever are wanted."""

    text: str
    spaces: bytes  # of each character, and of the end of the text: 1 where nothing goes on over it, else 0
    edges: bytes  # where each row of letters begins and its last letter stands, int32
    signs: bytes  # of these rows, uint16; bytes of many texts are joined sooner than arrays
    hiding: Islands  # those that are read whichever rows they have


def sought(forms: Iterable[str]) -> Sought | None:
    """What the forms are looked for by; None where one of them is not of basic letters alone."""
    forms = frozenset(forms)
    if not all(map(_PLAIN.fullmatch, forms)):
        return None
    end = np.fromiter(accumulate(map(len, forms)), np.int64, len(forms))
    edges = np.column_stack((np.concatenate(([0], end[:-1])), end - 1)) if forms else np.zeros((0, 2), np.int64)
    return Sought(forms, _signs(_in_codes("".join(forms)), edges))


def _in_codes(text: str) -> Codes:
    return _codes().take(np.array(text).reshape(1).view(np.uint32), mode="clip")  # of code points


def _signs(codes: Codes, edges: Edges) -> Signs:
    """A number for each row of letters by its length and its first and last one, whose places these are, n × 2."""
    sign = codes.take(edges).view(np.uint16).ravel()  # both letters
    sign *= np.uint16(0x79B1)
    size = (edges[:, 1] - edges[:, 0]).astype(np.uint16)
    size *= np.uint16(0x9E37)
    sign += size
    sign >>= np.uint16(16 - _BITS)
    return sign


def scan(texts: Sequence[str]) -> Iterator[Scanned]:
    """What may be words in each of the texts."""
    for at in range(0, len(texts), _TOGETHER):
        yield from _scanned(texts[at : at + _TOGETHER])


def _scanned(texts: Sequence[str]) -> Iterator[Scanned]:
    """The same of some texts, looked at as one."""
    text = "\0".join(("", *texts, ""))
    codes = _in_codes(text)
    plain = codes.tobytes()
    change = (codes[1:] ^ codes[:-1]).view(np.int8)
    edges = (change < 0).nonzero()[0].astype(np.int32)  # of letters and what is none, by turns
    edges[::2] += 1
    signs = _signs(codes, edges.reshape(-1, 2))
    between = codes.view(np.int8) <= np.int8(_END - 256)
    spaces = bytearray(between)
    joined = ((codes[:-1] >= _HYPHEN) & between[1:]).nonzero()[0].tolist()
    mixed = (change >= np.int8(64)).nonzero()[0].tolist()
    places = (*_bridged(text, plain, joined, spaces), *mixed, *_hiding(plain))
    islands = sorted({_island(spaces, at, at) for at in places})
    begins = [*accumulate([len(one) + 1 for one in texts], initial=1)]
    bounds = edges.searchsorted(begins)
    edges -= np.array(begins[:-1], np.int32).repeat(bounds[1:] - bounds[:-1])
    columns = bytes(spaces), edges.tobytes(), signs.tobytes()
    first = done = 0
    for one, begin, last in zip(texts, begins, bounds[1:].tolist(), strict=False):
        end = begin + len(one) + 1
        hiding: Islands = ()
        if done < len(islands) and islands[done][0] < end:
            low, done = done, bisect_left(islands, (end,), done)
            hiding = [(start - begin, stop - begin) for start, stop in islands[low:done]]
        yield Scanned(one, columns[0][begin:end], columns[1][4 * first : 4 * last], columns[2][first:last], hiding)
        first = last


def _island(spaces: bytes | bytearray, low: int, high: int) -> tuple[int, int]:
    """The island that has these characters."""
    return spaces.rfind(1, 0, low) + 1, spaces.find(1, high)


def sightings(texts: Sequence[Scanned], wanted: Sequence[Sought]) -> Iterator[Sighted]:
    """Every token of one of the forms: text by text, by place, a whole before its parts."""
    forms = frozenset[str]().union(*[one.forms for one in wanted])
    if not forms or not texts:
        return
    there = np.zeros(1 << _BITS, np.bool_)
    for one in wanted:
        there[one.signs] = True
    rows = there.take(np.frombuffer(b"".join([text.signs for text in texts]), np.uint16)).nonzero()[0]
    edges = np.frombuffer(b"".join([text.edges for text in texts]), np.int32).reshape(-1, 2).take(rows, axis=0).tolist()
    places = rows.tolist()
    end = done = 0
    for number, text in enumerate(texts):
        end += len(text.signs) // 2
        low, done = done, bisect_left(places, end, done)
        if (low < done or text.hiding) and (tokens := _tokens(text, edges[low:done], forms)):
            yield number, tokens


def rows(texts: Sequence[Scanned], wanted: Sequence[Sought]) -> Iterator[Occurrence]:
    """The same one by one. Positions tell what stands in a row, and no more.

    Where what a token covers ends, another begins if and only if they do so in the text.
    """
    base = position = 0
    for number, tokens in sightings(texts, wanted):
        island, behind = -1, 0
        for low, _, form, width, start, end, at, size, high in tokens:
            if low != island:
                island = low
                base = position + (_WORDY.search(texts[number].text, behind, island) is not None)
                position, behind = base + size, high
            yield number, form, base + at, width, start, end


def _tokens(scanned: Scanned, rows: Iterable[Sequence[int]], forms: AbstractSet[str]) -> list[Sighting]:
    """The tokens of a text that are wanted, where these are the edges of the rows that may be of a wanted form."""
    text, spaces, _, _, hiding = scanned
    closing = _closing()
    found: list[Sighting] = []
    seen: set[int] = set()
    for low, high in hiding:
        seen.add(low)
        found += _read(text, low, high, forms)
    for at, last in rows:
        end = last + 1
        if (form := text[at:end].lower()) in forms:
            if spaces[at - 1] and (spaces[end] or (text[end] in closing and spaces[end + 1])):
                if at not in seen:
                    found.append((at, 0, form, 1, at, end, 0, 1, end))
            else:
                low, high = _island(spaces, at, end)
                if low not in seen:
                    seen.add(low)
                    found += _read(text, low, high, forms)
    found.sort()
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
def _closing() -> frozenset[str]:
    """What may follow a word, and ends it where nothing goes on behind."""
    codes = _codes()
    return frozenset(map(chr, ((codes >= _APOSTROPHE) & (codes <= _HYPHEN)).nonzero()[0].tolist()))


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
