"""Where the words of a query stand in the whole index, in columns: what phrases are matched on.

A spot is a match that begins at a key, document | field | position from the highest bits down, and covers `width`
positions. Of spots that cover the same positions the likelier stays, then the one in the very form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import distinct, ranges, sums
from indexer.arrays import find as where
from indexer.query.expansion import Weight, expand
from indexer.query.tree import Compound, Either, Gap, Leaf, Mask, Phrase, Term, Word
from indexer.segment.reader import FIELDS, Frequencies, Reader
from indexer.segment.terms import Entry

Array = NDArray[Any]

POSITION_BITS = 32
DOCUMENT_BITS = POSITION_BITS + 1
# What a place in a field counts.
_BOOST = {"text": 1.0, "title": 2.0}


class Spots:
    """Keys (int64, rising) and the kind of each: width, weight 0 … 1 and whether in the very form, by kind."""

    def __init__(self, keys: Array, kinds: Array, widths: Array, weights: Array, typed: Array) -> None:
        self.keys = keys
        self._kinds = kinds
        self._widths, self._weights, self._typed = widths, weights, typed
        self.single = not len(widths) or int(widths.max()) == 1
        self.nbytes = int(keys.nbytes + kinds.nbytes)

    def widths(self, at: Any = slice(None)) -> Array:
        """The positions that some spots cover."""
        widths: Array = self._widths[self._kinds[at]]
        return widths

    def weights(self, at: Any = slice(None)) -> Array:
        """The weights of some spots."""
        weights: Array = self._weights[self._kinds[at]]
        return weights

    def typed(self, at: Any = slice(None)) -> Array:
        """Which of some spots are in the very form."""
        typed: Array = self._typed[self._kinds[at]]
        return typed

    def untyped(self) -> Spots:
        """The same, none of it in the very form."""
        return Spots(self.keys, self._kinds, self._widths, self._weights, np.zeros(len(self._typed), bool))


def spots(keys: Array, widths: Array, weights: Array, typed: Array) -> Spots:
    """Spots from columns in any order; of those that cover the same positions the best stays."""
    order = np.lexsort((typed, weights, widths, keys))
    keys, widths = keys[order], widths[order]
    last = np.ones(len(order), bool)
    last[:-1] = (keys[1:] != keys[:-1]) | (widths[1:] != widths[:-1])
    kept = order[last]
    return Spots(keys[last], np.arange(len(kept)), widths[last], weights[kept], typed[kept])


def find(leaf: Leaf, reader: Reader, fields: tuple[str, ...]) -> Spots:
    """The spots of a term or of a phrase (one without slop) in the given fields."""
    if isinstance(leaf, Word | Mask):
        # the same word as typed elsewhere in the query is worked out once
        key = ("spots", leaf.replace(text=""), fields)
        found: Spots = reader.worked_out.get(key, lambda: of_entries(expand(leaf, reader), reader, fields))
        return found
    if isinstance(leaf, Compound):
        return _any([find(Word(leaf.text, leaf.form, leaf.exact), reader, fields), _row(leaf.parts, reader, fields)])
    if isinstance(leaf, Either):
        others = [find(option, reader, fields).untyped() for option in leaf.others]
        return _any([find(leaf.typed, reader, fields), *others] if leaf.typed else others)
    return _row(leaf.items, reader, fields)


def _any(found: Sequence[Spots]) -> Spots:
    """All spots of some."""
    columns = ([getattr(one, name)() for one in found] for name in ("widths", "weights", "typed"))
    return spots(np.concatenate([one.keys for one in found]), *map(np.concatenate, columns))


def of_entries(
    weights: Mapping[Entry, Weight], reader: Reader, fields: tuple[str, ...], within: Array | None = None
) -> Spots:
    """The spots of some entries, each of which is a kind; `within` tells of each document whether it is looked into."""
    found = reader.occurrences([*weights], within)
    first = found.documents << DOCUMENT_BITS
    begins = np.stack((first, first | 1 << POSITION_BITS), axis=1).ravel()
    keys = begins.repeat(np.stack((found.text, found.title), axis=1).ravel()) | found.positions
    kinds = found.lists.astype(np.uint16 if len(weights) < 65536 else np.int64).repeat(found.text + found.title)
    if len(fields) < len(FIELDS):
        chosen = (keys >> POSITION_BITS) & 1 == ("title" in fields)
        keys, kinds = keys[chosen], kinds[chosen]
    widths = np.array([entry.width for entry in weights], np.int64)
    worth = np.array([weight.value for weight in weights.values()], float)
    typed = np.array([weight.very_form for weight in weights.values()], bool)
    if len(widths) and widths.max() > 1:
        return spots(keys, widths[kinds], worth[kinds], typed[kinds])
    order = np.argsort(keys, kind="stable")  # a position has one single word
    return Spots(keys[order], kinds[order], widths, worth, typed)


def _row(items: Sequence[Term | Gap], reader: Reader, fields: tuple[str, ...]) -> Spots:
    """Items each of which begins where the one before it ends, gaps left out."""
    steps: list[tuple[int, Spots]] = []
    gap = 0
    for item in items:
        if isinstance(item, Gap):
            gap += 1
            continue
        steps.append((gap, find(item, reader, fields)))
        gap = 0
    if any(not len(found.keys) for _, found in steps):
        nothing = np.zeros(0, np.int64)
        return Spots(nothing, nothing, nothing, np.zeros(0), np.zeros(0, bool))
    if all(found.single for _, found in steps):
        return _aligned(steps)
    keys, ends = steps[0][1].keys, steps[0][1].keys + steps[0][1].widths()
    weights, typed = steps[0][1].weights(), steps[0][1].typed()
    for step, found in steps[1:]:
        low, high = (np.searchsorted(found.keys, ends + step, side) for side in ("left", "right"))
        here, there = np.repeat(np.arange(len(ends)), high - low), ranges(low, high - low)
        keys, ends = keys[here], found.keys[there] + found.widths(there)
        weights, typed = weights[here] * found.weights(there), typed[here] & found.typed(there)
    return spots(keys, ends - keys, weights, typed)


def _aligned(steps: Sequence[tuple[int, Spots]]) -> Spots:
    """A row of words of one position each: the rarest word's places, where all the others stand around them."""
    offsets = (np.cumsum([gap for gap, _ in steps]) + np.arange(len(steps))).tolist()
    order = sorted(range(len(steps)), key=lambda number: len(steps[number][1].keys))
    begins = steps[order[0]][1].keys - offsets[order[0]]
    for number in order[1:]:
        begins = begins[where(steps[number][1].keys, begins + offsets[number])[1]]
    weights, typed = np.ones(len(begins)), np.ones(len(begins), bool)
    for (_, found), offset in zip(steps, offsets, strict=True):
        at, _ = where(found.keys, begins + offset)
        weights *= found.weights(at)
        typed &= found.typed(at)
    return Spots(begins, np.arange(len(begins)), np.full(len(begins), offsets[-1] + 1), weights, typed)


def outermost(found: Spots) -> Spots:
    """Without the spots that lie within another: 09 within 2022-01-09, where either may be meant, is met once."""
    widths = found.widths()
    order = np.lexsort((-widths, found.keys))
    ends = (found.keys + widths)[order]
    apart = np.ones(len(order), bool)
    apart[1:] = ends[1:] > np.maximum.accumulate(ends)[:-1]
    kept = np.sort(order[apart])
    return Spots(found.keys[kept], np.arange(len(kept)), widths[kept], found.weights(kept), found.typed(kept))


def frequencies(found: Spots) -> tuple[Frequencies, Frequencies]:
    """Per document Σ of weights, title twice, and the part of it in the very form; a position counts once."""
    keys, weights, typed = found.keys, found.weights(), found.typed()
    if len(keys) > 1 and (keys[1:] == keys[:-1]).any():
        order = np.lexsort((typed, weights, keys))
        keys, weights, typed = keys[order], weights[order], typed[order]
        last = np.append(keys[1:] != keys[:-1], True)
        keys, weights, typed = keys[last], weights[last], typed[last]
    boost = np.where((keys >> POSITION_BITS) & 1, _BOOST["title"], _BOOST["text"])
    of_document = documents_of(keys)
    amounts = weights * boost
    return Frequencies(*sums(of_document, amounts)), Frequencies(*sums(of_document[typed], boost[typed]))


def items(phrase: Phrase) -> list[Term]:
    """The words of a phrase, gaps left out."""
    return [item for item in phrase.items if not isinstance(item, Gap)]


def documents(found: Spots) -> Array:
    """The documents of some spots, rising, each once."""
    return distinct(documents_of(found.keys))


def documents_of(keys: Array) -> Array:
    """The document of each key."""
    return keys >> DOCUMENT_BITS


def key(document: int, field: str, position: int) -> int:
    """The key of one place."""
    return document << DOCUMENT_BITS | (field == "title") << POSITION_BITS | position
