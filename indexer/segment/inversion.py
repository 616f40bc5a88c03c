"""Tokens in columns, document by document → posting lists by term: one sort over packed 64-bit keys.

A key is entry | document | in title | position | capitalised, from the highest bits down, each as wide as the batch
needs, so that the sorted keys are the inverted batch and nothing has to be carried along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import beginnings, ranges
from indexer.segment.lexicon import Kin
from indexer.segment.postings import Places, Run, in_text, in_title, value

Array = NDArray[Any]

# What a place in the title counts in the expected frequency of a lemma, against one in the text.
TITLE = 2
# So many keys are taken apart at once: more would not fit the cache of a processor.
_AT_ONCE = 1 << 16


class Occurrences(NamedTuple):
    """Tokens in columns: entry, document, position, whether in the title, whether capitalised."""

    entries: Array
    documents: Array
    positions: Array
    titles: Array
    capitals: Array


def bits(largest: int) -> int:
    """How many bits the numbers up to `largest` take."""
    return int(largest).bit_length()


def width(entries: int, documents: int, positions: int) -> int:
    """How wide the keys of a batch are, from the number of entries and documents and the largest position."""
    return bits(entries - 1) + bits(documents - 1) + bits(positions) + 2


def invert(batches: list[Occurrences], ranks: Array, documents: int) -> Run:
    """The posting lists of the entries, by rank: `ranks` has that of each, from 0; the batches are used up."""
    for_position = max((bits(int(tokens.positions.max())) for tokens in batches if len(tokens.positions)), default=0)
    for_document = bits(documents - 1)
    assert width(len(ranks), documents, (1 << for_position) - 1) <= 64, "flushed too late"
    keys = _keys(batches, ranks, for_document, for_position)
    keys.sort()
    sizes = np.zeros(int(ranks.max(initial=-1)) + 1, np.int64)
    parts = [_postings(part, sizes, for_document, for_position) for part in _parts(keys, for_position + 2)]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Run(sizes, nothing, nothing.astype(np.uint64), Places(nothing, nothing))
    numbers, values, counts, positions = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Run(sizes, numbers, values, Places(counts, positions))


def _keys(batches: list[Occurrences], ranks: Array, for_document: int, for_position: int) -> Array:
    keys = np.empty(sum(len(tokens.entries) for tokens in batches), np.uint64)
    at = 0
    while batches:
        tokens = batches.pop()
        part = keys[at : at + len(tokens.entries)]
        part[:] = ranks.take(tokens.entries)
        for column, size in (
            (tokens.documents, for_document),
            (tokens.titles, 1),
            (tokens.positions, for_position),
            (tokens.capitals, 1),
        ):
            part <<= np.uint64(size)
            part |= column
        at += len(part)
    return keys


def _parts(keys: Array, below: int) -> Iterator[Array]:
    """The sorted keys in parts; those that differ in their lowest bits only stay together."""
    first = 0
    while first < len(keys):
        last = min(first + _AT_ONCE, len(keys))
        if last < len(keys):
            following = ((int(keys[last - 1]) >> below) + 1) << below
            last = int(np.searchsorted(keys, np.uint64(following))) if following < 1 << 64 else len(keys)
        yield keys[first:last]
        first = last


def _postings(keys: Array, sizes: Array, for_document: int, for_position: int) -> tuple[Array, Array, Array, Array]:
    """Documents, values and places of the postings of some keys; `sizes` of their lists grow."""
    groups = keys >> np.uint64(for_position + 2)
    first = beginnings(groups)
    groups = groups.take(first)
    entries = (groups >> np.uint64(for_document)).view(np.int64)
    lowest = int(entries[0])
    counted = np.bincount(entries - lowest)
    sizes[lowest : lowest + len(counted)] += counted
    documents = (groups & np.uint64((1 << for_document) - 1)).astype(np.uint32)
    titles = (keys >> np.uint64(for_position + 1)) & np.uint64(1)
    values = np.add.reduceat(value(titles ^ np.uint64(1), titles, keys & np.uint64(1)), first)
    positions = ((keys >> np.uint64(1)) & np.uint64((1 << for_position) - 1)).astype(np.uint32)
    return documents, values, np.diff(first, append=len(keys)).astype(np.uint32), positions


def frequencies(values: Array) -> Array:
    """What each posting of a form counts: places in the text and, twice, in the title."""
    counts: Array = in_text(values) + TITLE * in_title(values)
    return counts


def lemmatise(forms: Run, kin: Kin, lemmas: int, documents: int) -> Run:
    """The lists of the lemmas, worked out from those of the forms and the lemmas that each form may stand for.

    A lemma's value is its expected frequency, Σ frequency(form) · P(lemma | form), in units of 1 / SHARE. Lemmas are
    0 … lemmas - 1, each of which some form stands for.
    """
    assert forms.values is not None
    amounts = frequencies(forms.values)
    # of each pair of a form and a lemma the postings of the form
    owner = np.repeat(np.arange(len(kin.counts)), kin.counts)
    sizes = forms.sizes.take(owner)
    picked = ranges((np.cumsum(forms.sizes) - forms.sizes).take(owner), sizes)
    amounts = amounts.take(picked) * np.repeat(kin.shares.astype(np.int64), sizes)
    for_document, for_amount = bits(documents - 1), bits(int(amounts.max(initial=0)))
    keys = np.repeat(kin.ranks.astype(np.uint64) << np.uint64(for_document), sizes)
    keys |= forms.documents.take(picked).astype(np.uint64)
    if bits(lemmas - 1) + for_document + for_amount <= 64:
        keys = (keys << np.uint64(for_amount)) | amounts.view(np.uint64)
        keys.sort()
        amounts = (keys & np.uint64((1 << for_amount) - 1)).view(np.int64)
        keys >>= np.uint64(for_amount)
    else:
        order = np.argsort(keys, kind="stable")
        keys, amounts = keys[order], amounts[order]
    first = beginnings(keys)
    if len(first) < len(keys):
        amounts = np.add.reduceat(amounts, first)
        keys = keys[first]
    sizes = np.bincount((keys >> np.uint64(for_document)).view(np.int64), minlength=lemmas)
    numbers = (keys & np.uint64((1 << for_document) - 1)).astype(np.uint32)
    return Run(sizes, numbers, amounts.view(np.uint64))


def reverse(kin: Kin, others: int) -> Kin:
    """The same pairs seen from the other side: of forms' lemmas the lemmas' forms."""
    own = np.repeat(np.arange(len(kin.counts)), kin.counts)
    order = np.argsort(kin.ranks, kind="stable")
    counts = np.bincount(kin.ranks.astype(np.int64), minlength=others)
    return Kin(counts, own[order], kin.shares[order])
