"""Stretches of the commonest shapes, read many at once: exactly what `tokens.tokenize` makes of each.

Nine stretches in ten are basic letters and digits with signs over which few rules of the tokenizer go: жар-птица,
snake_case, std::sort, www.example.com, 3,5, 10:30, 12.06.2024, #тег. Those are read here; what could be anything else
is left to the tokenizer, and where in doubt it is left.

Stretches are laid in a row, of which atoms, links and chains are columns.
"""

from __future__ import annotations

from functools import cache
from string import ascii_letters, digits

import numpy as np

from indexer.analysis.folding import APOSTROPHES, HYPHENS, INVISIBLE, MAX_FORM
from indexer.analysis.hashing import Places, Points
from indexer.analysis.reading import Atoms, Chains, Judged, Kinds, Reading, tokens_of
from indexer.analysis.spelling import RUSSIAN, Flags, alphanumeric
from indexer.arrays import ranges

# Kinds of code points, each a bit, so that the kinds of an atom or of the links in a chain are their union.
# A sign that no rule cares for has no bit.
_LATIN, _CYRILLIC, _DIGIT = (np.uint16(1 << bit) for bit in range(3))
_DOT, _POINT, _COMMA, _COLON, _UNDER, _DASH, _HYPHEN, _APOSTROPHE, _SPACE, _PLUS, _HASH, _OTHER = (
    np.uint16(1 << bit) for bit in range(3, 15)
)
_ALNUM = _LATIN | _CYRILLIC | _DIGIT
_JOIN = _DASH | _HYPHEN | _APOSTROPHE
# The kind of a dot between digits is _POINT, but only as a link.
_OF_KIND = {
    _LATIN: ascii_letters,
    _CYRILLIC: RUSSIAN,
    _DIGIT: digits,
    _DOT: ".",
    _COMMA: ",",
    _COLON: ":",
    _UNDER: "_",
    _DASH: "-",
    _HYPHEN: HYPHENS[1:],
    _APOSTROPHE: APOSTROPHES,
    _SPACE: " \u00a0\u202f\u2009",
    _PLUS: "+",  # a rule begins with two
    _HASH: "#",
    _OTHER: "@\nʼ" + INVISIBLE + "".join(map(chr, range(0x300, 0x370))),
}
# `folding._DIGITS_AND_LETTER`: these behind digits become Cyrillic
_TYPED_FOR_CYRILLIC = "aceopxykACEOPXYK"
_MOST_PARTS = 8  # of a word, in `tokens._RULES`


class _Doubts:
    """Where something stands that is not to be read here."""

    def __init__(self) -> None:
        self._places: list[Places] = []

    def add(self, places: Places) -> None:
        self._places.append(places)

    def stretches(self, after: Places) -> Flags:
        """Which of the stretches have none, if they end before `after`."""
        simple = np.ones(len(after), np.bool_)
        simple[after.searchsorted(np.concatenate(self._places), "right")] = False
        return simple


def read(points: Points, start: Places, end: Places) -> Reading:
    """The tokens of the stretches `points[start[i]:end[i]]`; a separator stands before and behind each."""
    size = end - start + 1
    after = size.cumsum()
    row = np.zeros(after[-1] + 1, np.uint32)
    points.take(ranges(start - 1, size), out=row[:-1], mode="clip")
    row[after - size] = 0
    doubts = _Doubts()
    kind = _kinds_of(row)
    doubts.add((kind == _OTHER).nonzero()[0])
    doubts.add(((kind[1:] & kind[:-1]) == _PLUS).nonzero()[0])
    doubts.add(((kind[:-1] == _HASH) & ((kind[1:] & _ALNUM) == 0)).nonzero()[0])
    atoms = _atoms(kind)
    doubts.add(atoms.first[_doubtful_atoms(row, kind, atoms)])
    doubts.add(_mend_links(kind, atoms))
    domain = _find_domains(kind, atoms, doubts)
    _cut_joined(atoms)
    chains = _chains(atoms)
    tag, date = _tags(kind, atoms, chains, doubts), _dates(kind, atoms, chains)
    unit, joined = _judge(kind, atoms, chains, domain, date, row, doubts)
    simple = doubts.stretches(after)
    stretch = after.searchsorted(atoms.first, "right")
    return tokens_of(row, after - size + 1, simple, stretch, atoms, chains, Judged(unit | tag, joined, tag, date))


def _kinds_of(row: Points) -> Kinds:
    kind = _kinds().take(row, mode="clip")
    for at in (row > 0xFFFF).nonzero()[0].tolist():
        kind[at] = _OTHER if chr(row[at]).isalnum() else 0
    return kind


def _atoms(kind: Kinds) -> Atoms:
    alnum = (kind & _ALNUM) != 0
    edge = (alnum[1:] != alnum[:-1]).nonzero()[0] + 1
    first, after = edge[::2], edge[1::2]
    bits = np.bitwise_or.reduceat(kind & _ALNUM, first)
    link = kind.take(after)
    link[:-1][first[1:] - after[:-1] > 1] = 0
    link[-1] = 0
    return Atoms(first, after, after - first, bits, link)


def _doubtful_atoms(row: Points, kind: Kinds, atoms: Atoms) -> Flags:
    """Mixed scripts and digits with one letter, which `fold` mends; and too long ones, which it cuts."""
    doubtful = atoms.size > MAX_FORM
    doubtful |= (atoms.bits & (_LATIN | _CYRILLIC)) == _LATIN | _CYRILLIC
    mixed = (atoms.bits == _LATIN | _DIGIT).nonzero()[0]
    ends = np.stack((atoms.first.take(mixed), atoms.after.take(mixed) - 1), axis=1)
    mixed = mixed[np.bitwise_or.reduceat(kind, ends.ravel())[::2] == _DIGIT] if len(mixed) else mixed
    doubtful[mixed] |= _typed_for_cyrillic().take(row.take(atoms.after.take(mixed) - 1), mode="clip")
    return doubtful


def _mend_links(kind: Kinds, atoms: Atoms) -> Places:
    """Tells signs in numbers from others; gives the places of what may be a number in groups, 5 374."""
    link = atoms.link
    number = kind.take(atoms.after - 1) == _DIGIT
    number[:-1] &= kind.take(atoms.first[1:]) == _DIGIT
    link[~number] &= ~(_COMMA | _COLON)
    link[number & (link == _DOT)] = _POINT
    space = ((link == _SPACE) & number & (atoms.bits == _DIGIT) & (atoms.size <= 3)).nonzero()[0]
    link &= ~(_SPACE | _PLUS | _HASH)
    groups: Places = atoms.first.take(space[atoms.size.take(space + 1) >= 3])
    return groups


def _chains(atoms: Atoms) -> Chains:
    ends = (atoms.link == 0).nonzero()[0]
    first = np.zeros(len(ends), np.int64)
    first[1:] = ends[:-1] + 1
    bits, links = (np.bitwise_or.reduceat(column, first) for column in (atoms.bits, atoms.link))
    return Chains(first, ends, ends - first + 1, bits, links)


def _find_domains(kind: Kinds, atoms: Atoms, doubts: _Doubts) -> Flags:
    """Whether each atom is in a domain; in all others dots and underscores are no longer links."""
    link, size = atoms.link, atoms.size
    top = (kind.take(atoms.first - 1) == _DOT) & (kind.take(atoms.after) != _UNDER)
    top &= (kind.take(atoms.first - 2) & (_ALNUM | _UNDER | _DASH)) != 0
    cyrillic = top & (atoms.bits == _CYRILLIC) & (size >= 2) & (size <= 6)
    top &= (atoms.bits == _LATIN) & (size >= 2) & (size <= 24)
    loose = top.copy()
    loose[1:] &= link[:-1] == 0
    doubts.add(atoms.first[cyrillic | loose])
    chains = _chains(atoms)
    domain = top.take(chains.last)
    begin = atoms.first.take(chains.first)
    doubtful = np.logical_or.reduceat(top, chains.first) & ~domain
    strange = ((chains.links & (_COMMA | _COLON | _HYPHEN | _APOSTROPHE)) != 0) | ((chains.bits & _CYRILLIC) != 0)
    strange |= (atoms.after.take(chains.last) - begin > 63) | (chains.number > 9)
    before = kind.take(begin - 1)
    strange |= ((before | np.where(before == _DOT, kind.take(begin - 2), 0)) & (_UNDER | _DASH)) != 0
    doubts.add(begin[doubtful | (domain & strange)])
    inside: Flags = domain.repeat(chains.number)
    link[~inside] &= ~(_DOT | _UNDER)
    return inside


def _cut_joined(atoms: Atoms) -> None:
    """What is joined by hyphens has so many parts at most: the rest is another word."""
    chains = _chains(atoms)
    long = ((chains.number > _MOST_PARTS) & ((chains.links & ~_JOIN) == 0)).nonzero()[0]
    cuts = (chains.number.take(long) - 1) // _MOST_PARTS
    atoms.link[chains.first.take(long).repeat(cuts) + _MOST_PARTS * (ranges(np.zeros_like(cuts), cuts) + 1) - 1] = 0


def _tags(kind: Kinds, atoms: Atoms, chains: Chains, doubts: _Doubts) -> Flags:
    """Whether each chain has a # before it, so that it is a tag; those of several atoms are not read here."""
    begin, end = atoms.first.take(chains.first), atoms.after.take(chains.last)
    tag: Flags = kind.take(begin - 1) == _HASH
    doubts.add(begin[tag & ((chains.number > 1) | (kind.take(end) == _UNDER) | (end - begin >= MAX_FORM))])
    return tag


def _dates(kind: Kinds, atoms: Atoms, chains: Chains) -> Flags:
    """Whether each chain is written as a date: 12.06.2024, 2024-06-12."""
    found: Flags = (chains.bits == _DIGIT) & (chains.number == 3)
    some = found.nonzero()[0]
    links, sizes = chains.links.take(some), atoms.size.take(chains.first.take(some)[:, np.newaxis] + np.arange(3))
    dotted = (links == _POINT) & (sizes <= (2, 2, 4)).all(axis=1) & (sizes[:, 2] == 4)
    dashed = (links == _DASH) & (sizes == (4, 2, 2)).all(axis=1)
    found[some] = dotted | (dashed & (kind.take(atoms.after.take(chains.last.take(some))) != _DASH))
    return found


def _judge(
    kind: Kinds, atoms: Atoms, chains: Chains, domain: Flags, date: Flags, row: Points, doubts: _Doubts
) -> tuple[Flags, Flags]:
    """Whether each chain is more than its parts (an address, a number), and whether it is joined by hyphens."""
    unit = domain.take(chains.first)
    many = (chains.number > 1) & ~unit
    joined = many & ((chains.links & ~_JOIN) == 0) & ~date
    unit |= date & (chains.links == _DASH)
    number = (many & ~joined & ~unit).nonzero()[0]
    begin = atoms.first.take(chains.first)
    doubts.add(begin[joined & _doubtful_joined(atoms, chains)])
    if number.size:
        some = Chains(*(column.take(number) for column in chains))
        around = kind.take(begin.take(number) - 1) | kind.take(atoms.after.take(some.last))
        unit[number], doubtful = _judge_numbers(atoms, some, around, date.take(number))
        doubts.add(begin[number[doubtful]])
        decimal = number[unit[number] & (some.number == 2) & (some.links != _COLON)]
        row[atoms.after.take(chains.first.take(decimal))] = ord(",")
    return unit, joined


def _doubtful_joined(atoms: Atoms, chains: Chains) -> Flags:
    """Apostrophes that may be stress, dates, and what is longer than a word may be."""
    size, digits = atoms.size, atoms.bits == _DIGIT
    doubtful = atoms.after.take(chains.last) - atoms.first.take(chains.first) > MAX_FORM
    doubtful |= ((chains.links & _APOSTROPHE) != 0) & ((chains.bits & _CYRILLIC) != 0)
    year = digits & (size == 4)
    year[:-1] &= digits[1:] & (size[1:] == 2)
    doubtful |= year.take(chains.first) & (chains.number > 2)
    return doubtful


def _judge_numbers(atoms: Atoms, chains: Chains, around: Kinds, date: Flags) -> tuple[Flags, Flags]:
    """Of chains in numbers, with the signs around them: whether it is one number or time; whether it is in doubt."""
    first, last = atoms.size.take(chains.first), atoms.size.take(chains.last)
    middle = atoms.size.take(chains.first + 1)
    both = np.stack((chains.first, chains.last + 1), axis=1).ravel()
    longest = np.maximum.reduceat(np.append(atoms.size, 0), both)[::2]
    two, three = chains.number == 2, chains.number == 3
    colon, point = chains.links == _COLON, chains.links == _POINT
    time = colon & (two | three) & (first <= 2) & (middle == 2) & (last == 2)
    decimal = ~colon & two
    dotted = point & ~two
    doubtful = (chains.bits != _DIGIT) | ~(colon | point | (chains.links == _COMMA))
    doubtful |= (time & ((around & _COLON) != 0)) | ((decimal | dotted) & ((around & _UNDER) != 0))
    doubtful |= (decimal & (longest > 18)) | (dotted & ((longest > 9) | (chains.number > 10)))
    doubtful |= dotted & three & (last == 4) & ~date
    return time | decimal | dotted, doubtful


@cache
def _typed_for_cyrillic() -> Flags:
    """[128] which letters are."""
    typed = np.zeros(128, np.bool_)
    typed[[ord(letter) for letter in _TYPED_FOR_CYRILLIC]] = True
    return typed


@cache
def _kinds() -> Kinds:
    """[65536] the kind of each code point."""
    kinds = np.zeros(1 << 16, np.uint16)
    kinds[alphanumeric()] = _OTHER
    for kind, signs in _OF_KIND.items():
        kinds[[ord(sign) for sign in signs]] = kind
    return kinds
