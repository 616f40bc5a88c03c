"""The spellings one or two edits away from a word, with costs: what people mistype, cheaper than what not.

An edit is a letter left out, added or replaced, or two neighbours exchanged (Damerau, CACM 7(3), 1964). Spellings are
written out as rows of code points and looked up by their hashes (`known`): a word of nine letters has six hundred
neighbours, so a lexicon of a million forms is never compared with it one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.segment.filter import Hashes, codes, powers

Array = NDArray[Any]

_CYRILLIC, _UKRAINIAN, _LATIN = "абвгдежзийклмнопрстуфхцчшщъыьэюя-", "іїєґ'", "abcdefghijklmnopqrstuvwxyz-'"
_KEYBOARD = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
# Letters heard alike.
_ALIKE = """
    оа еи еэ ыи яе яи йи юу бп вф гк дт жш зс шщ щч цс цт хг ьъ
    ie ea ao yi sz ck fv td bp
    """.split()
# Letters written and hardly heard: здравствуйте, агентство, объект, солнце.
_SILENT = "вдтльъй"
_DOUBLED, _LIKELY, _ANY = 0.4, 0.6, 1.0
# More for the first letter, which is seldom the wrong one; RARE is what no one makes of it.
_AT_FIRST, RARE = 0.4, 1.6
_LONG = 8
_TABLE = 0x500  # the code points that are anywhere near others


class Spellings(NamedTuple):
    """Words as code points (shape N × length), and what it costs to come there (shape N)."""

    points: Array
    costs: Array

    @property
    def hashes(self) -> Hashes:
        """What `known` finds them by."""
        hashed: Hashes = (self.points * powers(self.points.shape[1])).sum(axis=1)
        return hashed

    def word(self, at: int) -> str:
        """One of the words."""
        return "".join(map(chr, self.points[at].tolist()))


class Together:
    """Spellings of several lengths, numbered through."""

    def __init__(self, groups: Iterable[Spellings]) -> None:
        self._groups = [group for group in groups if group.points.size]
        self._ends = [*accumulate(len(group.costs) for group in self._groups)]
        self.hashes = np.concatenate([np.zeros(0, np.uint64), *(group.hashes for group in self._groups)])

    def word(self, number: int) -> str:
        """One of the words."""
        group, row = self._of(number)
        return group.word(row)

    def cost(self, number: int) -> float:
        """What it costs to come there."""
        group, row = self._of(number)
        return float(group.costs[row])

    def _of(self, number: int) -> tuple[Spellings, int]:
        place = bisect_right(self._ends, number)
        return self._groups[place], number - self._ends[place]  # from the end


def once(word: str) -> Iterator[Spellings]:
    """One edit away, by kind of edit; the word itself may be among them."""
    return _neighbours(_itself(word), _alphabet(word))


def twice(word: str, *, likely: bool = False) -> Iterator[Spellings]:
    """Two edits away; of `likely` ones the second, and in a long word the first, is one that people make."""
    alphabet = _alphabet(word)
    for spellings in _neighbours(_itself(word), None if likely and len(word) > _LONG else alphabet):
        if spellings.points.shape[1]:
            yield from _neighbours(spellings, None if likely else alphabet)


def _itself(word: str) -> Spellings:
    return Spellings(codes(word)[None, :].astype(np.uint64), np.zeros(1))


def _alphabet(word: str) -> Array:
    """The letters that may be meant."""
    if word.isascii():
        return codes(_LATIN)
    return codes(_CYRILLIC + _UKRAINIAN if set(word) & set(_UKRAINIAN) else _CYRILLIC)


@cache
def _near() -> tuple[Array, Array]:
    """Code point → the letters likely meant by it (shape _TABLE × most, 0 for none); and the same as pairs."""
    near: dict[str, set[str]] = {}
    for first, second in (*_ALIKE, *(pair for row in _KEYBOARD for pair in pairwise(row))):
        near.setdefault(first, set()).add(second)
        near.setdefault(second, set()).add(first)
    table = np.zeros((_TABLE, max(map(len, near.values()))), np.uint64)
    pairs = np.zeros((_TABLE, _TABLE), bool)
    for letter, others in near.items():
        found = codes("".join(sorted(others)))
        table[ord(letter), : len(found)] = found
        pairs[ord(letter), found] = True
    return table, pairs


def _neighbours(spellings: Spellings, alphabet: Array | None) -> Iterator[Spellings]:
    """One edit of each; without an alphabet only edits that people make."""
    points, before = spellings
    for written, costs in (
        _without_one(points),
        _exchanged(points),
        _replaced(points, alphabet),
        _with_one(points, alphabet),
    ):
        costs = costs + before.reshape(-1, *[1] * (costs.ndim - 1))
        yield Spellings(written.reshape(costs.size, written.shape[-1]), costs.ravel())


def _without_one(points: Array) -> tuple[Array, Array]:
    length = points.shape[1]
    kept = np.array([[at for at in range(length) if at != gone] for gone in range(length)], np.int64)
    doubled = np.zeros(points.shape, bool)
    doubled[:, 1:] = points[:, 1:] == points[:, :-1]
    costs = np.where(doubled, _DOUBLED, np.where(np.isin(points, codes(_SILENT)), _LIKELY, _ANY))
    costs[:, 0] += _AT_FIRST
    return points[:, kept.reshape(length, length - 1)], costs


def _exchanged(points: Array) -> tuple[Array, Array]:
    length = points.shape[1]
    order = np.tile(np.arange(length), (max(0, length - 1), 1))
    for at, row in enumerate(order):
        row[at : at + 2] = at + 1, at
    return points[:, order], np.full((len(points), len(order)), _LIKELY)


def _replaced(points: Array, alphabet: Array | None) -> tuple[Array, Array]:
    count, length = points.shape
    near, pairs = _near()
    here = points.clip(max=_TABLE - 1).astype(np.int64)
    letters = near[here] if alphabet is None else np.broadcast_to(alphabet, (count, length, len(alphabet)))
    costs = np.where(pairs[here[:, :, None], letters.astype(np.int64)], _LIKELY, _ANY)
    costs[:, 0] = np.where(costs[:, 0] < _ANY, costs[:, 0] + _AT_FIRST, RARE)
    written = np.repeat(points[:, None, None, :], length, axis=1).repeat(letters.shape[2], axis=2)
    at = np.arange(length)
    written[:, at, :, at] = letters.swapaxes(0, 1)
    return written, costs


def _with_one(points: Array, alphabet: Array | None) -> tuple[Array, Array]:
    count, length = points.shape
    before = np.pad(points, ((0, 0), (1, 0)))[:, :, None]
    after = np.pad(points, ((0, 0), (0, 1)))[:, :, None]
    added = codes(_SILENT).astype(np.uint64) if alphabet is None else alphabet
    letters = np.broadcast_to(added, (count, length + 1, len(added)))
    if alphabet is None:
        letters = np.concatenate((letters, before), axis=2)
    doubled = (letters == before) | (letters == after)
    costs = np.where(doubled, _DOUBLED, np.where(np.isin(letters, codes(_SILENT)), _LIKELY, _ANY))
    costs[:, 0] += _AT_FIRST
    order = np.array([[*range(at), 0, *range(at, length)] for at in range(length + 1)], np.int64)
    written = points[:, order][:, :, None, :].repeat(letters.shape[2], axis=2)
    at = np.arange(length + 1)
    written[:, at, :, at] = letters.swapaxes(0, 1)
    return written, costs
