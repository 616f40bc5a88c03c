"""The look-up keys of the index as arrays, by first letter: which words there are, how frequent, from any segment.

A key stands under a 64-bit polynomial of its code points, so that all spellings near a word are looked up at once
without being written out (`edits`), and nothing more is stored for it. What one letter takes is read from the lexicon
when it is first asked for, and kept while memory lasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import beginnings, distinct
from indexer.segment.lexicon import Lexicon
from indexer.segment.reader import Reader

Array = NDArray[Any]
Hashes = NDArray[np.uint64]

# Odd, so that no power of it loses bits modulo 2⁶⁴.
_BASE = 0x9E3779B97F4A7C15
_LONGEST = 160
_TAB, _NEWLINE = ord("\t"), ord("\n")
_BITS = np.uint64(64 - 20)


POWERS: Hashes = np.cumprod(np.array([1, *[_BASE] * (_LONGEST - 1)], np.uint64), dtype=np.uint64)


def codes(word: str) -> NDArray[np.uint32]:
    """The code points of a word."""
    return np.frombuffer(word.encode("utf-32-le"), np.uint32)


def hashes(terms: Sequence[str]) -> Hashes:
    """Σ code point · base^place of each term up to its first tab, modulo 2⁶⁴; no term is empty."""
    return _hashed(terms)[0]


def _hashed(terms: Sequence[str]) -> tuple[Hashes, Array]:
    """The same, and how many characters of each term count."""
    points = codes("\n".join(terms))
    breaks = np.flatnonzero(points == _NEWLINE)
    starts = np.concatenate(([0], breaks + 1))
    sizes = np.diff(starts, append=len(points) + 1)
    places = np.arange(len(points)) - np.repeat(starts, sizes)[: len(points)]
    values = points.astype(np.uint64)
    tabs = np.flatnonzero(points == _TAB)
    ends = np.concatenate((breaks, [len(points)]))
    if len(tabs):  # nothing counts from the first tab of a term on
        first = tabs[np.searchsorted(tabs, starts).clip(max=len(tabs) - 1)]
        ends = np.where((first >= starts) & (first < ends), first, ends)
    values[places >= np.repeat(ends - starts, sizes)[: len(points)]] = 0
    values *= POWERS[places.clip(max=_LONGEST - 1)]
    return np.add.reduceat(values, starts), ends - starts


class Span(NamedTuple):
    """Consecutive ranks of a lexicon, and of each the row of its key."""

    lexicon: Lexicon
    first: int
    rows: Array


class Keys:
    """Keys that begin with one letter: of the forms, or of the lemmas, of all segments.

    `hashes` rise; `frequencies` are the documents that have it, deleted ones too, summed over the segments; `lengths`
    are in characters.
    """

    def __init__(self, lexicons: Sequence[Lexicon], letter: str) -> None:
        found, lengths, counts, where, spans = [], [], [], [], []
        for number, lexicon in enumerate(lexicons):
            ranks = lexicon.beginning(letter)
            if ranks:
                terms, documents = lexicon.sizes(ranks)
                hashed, size = _hashed(terms)
                found.append(hashed)
                lengths.append(size)
                counts.append(documents)
                where.append(np.arange(ranks.start, ranks.stop, dtype=np.int64) << 16 | number)
                spans.append((lexicon, ranks.start))
        every = np.concatenate(found) if found else np.zeros(0, np.uint64)
        order = np.argsort(every, kind="stable")
        first = beginnings(every[order])
        rows = np.empty(len(every), np.int64)
        rows[order] = np.repeat(np.arange(len(first)), np.diff(first, append=len(every)))
        self.hashes, first = every[order][first], order[first]
        self.frequencies = np.bincount(rows, np.concatenate(counts), len(self.hashes)) if found else np.zeros(0)
        self.lengths = np.concatenate(lengths)[first] if found else np.zeros(0, np.int64)
        self._where = np.concatenate(where)[first] if found else np.zeros(0, np.int64)
        ends = np.cumsum([len(part) for part in found])[:-1]
        parts = np.split(rows.astype(np.int32), ends) if found else []
        self._spans = [Span(*span, part) for span, part in zip(spans, parts, strict=True)]
        self._lexicons = lexicons

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return 36 * len(self.hashes) + 4 * sum(len(span.rows) for span in self._spans) + (1 << 20)

    @cached_property
    def _likely(self) -> NDArray[np.bool_]:
        """By the upper bits of a hash: whether any key has them."""
        there = np.zeros(1 << 20, bool)
        there[(self.hashes >> _BITS).astype(np.int64)] = True
        return there

    def find(self, wanted: Hashes) -> tuple[Array, Array]:
        """(which of the wanted are keys, their rows)."""
        maybe = np.flatnonzero(self._likely[(wanted >> _BITS).astype(np.int64)])
        rows = np.searchsorted(self.hashes, wanted[maybe])
        there = self.hashes[rows.clip(max=len(self.hashes) - 1)] == wanted[maybe] if len(self.hashes) else rows < 0
        return maybe[there], rows[there]

    def key(self, row: int) -> str:
        """The key of a row."""
        where = int(self._where[row])
        return self._lexicons[where & 0xFFFF].term(where >> 16).partition("\t")[0]

    def beginning(self, prefix: str) -> Array:
        """Rows of the keys that begin with a prefix."""
        found = []
        for lexicon, first, rows in self._spans:
            ranks = lexicon.beginning(prefix)
            found.append(rows[ranks.start - first : ranks.stop - first])
        return distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)


def of_forms(reader: Reader, letter: str) -> Keys:
    """The forms of an index that begin with a letter."""
    found: Keys = reader.worked_out.get(("form keys", letter), lambda: Keys(_forms(reader), letter))
    return found


def of_lemmas(reader: Reader, letter: str) -> Keys:
    """The lemmas that begin with it."""
    found: Keys = reader.worked_out.get(("lemma keys", letter), lambda: Keys(_lemmas(reader), letter))
    return found


def letters(reader: Reader) -> set[str]:
    """What the forms and lemmas of an index begin with."""
    return {letter for lexicon in (*_forms(reader), *_lemmas(reader)) for letter in _letters(lexicon)}


def _letters(lexicon: Lexicon) -> Iterator[str]:
    at = 0
    while at < len(lexicon):
        letter = lexicon.term(at)[0]
        yield letter
        at = lexicon.beginning(letter).stop


def _forms(reader: Reader) -> list[Lexicon]:
    return [segment.forms for segment in reader.segments]


def _lemmas(reader: Reader) -> list[Lexicon]:
    return [segment.lemmas for segment in reader.segments]
