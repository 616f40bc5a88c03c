"""Tokens in columns, document by document → posting lists by term: one sort over packed 64-bit keys.

A key is entry | document | in title | position | capitalised, from the highest bits down, each as wide as the batch
needs, so that the sorted keys are the inverted batch and nothing has to be carried along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import beginnings, edges, ranges
from indexer.segment.lexicon import PAGE, Kin
from indexer.segment.postings import Places, Run, value

Array = NDArray[Any]

# Which bit of a place says that it is in the title.
_TITLED = 31
_WITHIN = np.uint32((1 << _TITLED) - 1)
# So many keys are taken apart at once: more would not fit the cache of a processor.
_AT_ONCE = 1 << 16


class Occurrences(NamedTuple):
    """Tokens in columns: the entry and `place` of each; and of whose documents they are, so many in a row."""

    entries: Array
    places: Array
    documents: Array
    sizes: Array


def place(positions: Array, titles: Array, capitals: Array) -> Array:
    """Position, below 2³⁰, whether in the title and whether capitalised in one uint32."""
    places = titles.astype(np.uint32)
    places <<= np.uint32(_TITLED - 1)
    places |= positions.astype(np.uint32, copy=False)
    places <<= np.uint32(1)
    places |= capitals.astype(np.uint32)
    return places


def bits(largest: int) -> int:
    """How many bits the numbers up to `largest` take."""
    return int(largest).bit_length()


def width(entries: int, documents: int, positions: int) -> int:
    """How wide the keys of a batch are, from the number of entries and documents and the largest position."""
    return bits(entries - 1) + bits(documents - 1) + bits(positions) + 2


def invert(batches: list[Occurrences], ranks: Array, documents: int) -> Iterator[Run]:
    """The posting lists of the entries, by rank, some at a time; the batches are used up.

    `ranks` has the rank of each entry that occurs, from 0.
    """
    longest = max((int((tokens.places & _WITHIN).max(initial=0)) for tokens in batches), default=0)
    for_position = bits(longest >> 1)
    for_document = bits(documents - 1)
    assert width(len(ranks), documents, (1 << for_position) - 1) <= 64, "flushed too late"
    keys = _keys(batches, ranks, for_document, for_position)
    keys.sort()
    for part in _parts(keys, for_document + for_position + 2):
        yield _lists(part, for_document, for_position)


def _keys(batches: list[Occurrences], ranks: Array, for_document: int, for_position: int) -> Array:
    keys = np.empty(sum(len(tokens.entries) for tokens in batches), np.uint64)
    high = ranks.astype(np.uint64) << np.uint64(for_document + for_position + 2)
    at = 0
    while batches:
        tokens = batches.pop()
        part = keys[at : at + len(tokens.entries)]
        high.take(tokens.entries, out=part, mode="clip")  # otherwise by way of another array
        part |= (tokens.documents.astype(np.uint64) << np.uint64(for_position + 2)).repeat(tokens.sizes)
        places = tokens.places >> np.uint32(_TITLED)
        places <<= np.uint32(for_position + 1)
        places |= tokens.places & _WITHIN
        part |= places
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


def _lists(keys: Array, for_document: int, for_position: int) -> Run:
    """The lists of some keys."""
    postings = keys >> np.uint64(for_position + 2)
    first = beginnings(postings)
    postings = postings.take(first)
    lists = beginnings(postings >> np.uint64(for_document))
    postings &= np.uint64((1 << for_document) - 1)
    places = keys.astype(np.uint32) & np.uint32((4 << for_position) - 1)
    counts = first.copy()
    counts[:-1] -= first[1:]
    counts[-1] -= len(keys)
    np.negative(counts, out=counts)
    values = counts.astype(np.uint64)
    titled = np.uint32(2 << for_position)
    odd = ((places & (titled | np.uint32(1))) != 0).nonzero()[0]  # few are in a title or capitalised
    if len(odd):
        some = places.take(odd)
        titles, of = some >= titled, first.searchsorted(odd, "right") - 1
        own = beginnings(of)
        amounts = value(~titles, titles, some & np.uint32(1)) - np.uint64(1)  # as one in the text it is counted
        values[of.take(own)] += np.add.reduceat(amounts, own)
    places >>= np.uint32(1)
    places &= np.uint32((1 << for_position) - 1)
    return Run(np.diff(lists, append=len(postings)), postings.astype(np.uint32), values, Places(counts, places))


def reverse(kin: Kin, others: int) -> Kin:
    """The same pairs seen from the other side: of forms' lemmas the lemmas' forms."""
    own = np.arange(len(kin.counts)).repeat(kin.counts)
    keys = kin.ranks.astype(np.int64) << 32 | np.arange(len(own))  # which sort sooner than places are sorted by ranks
    keys.sort()
    order = keys & 0xFFFFFFFF
    return Kin(np.bincount(keys >> 32, minlength=others), own.take(order), kin.shares.take(order))


def page_ranges(sizes: Array, kin: Kin, at_once: int) -> Iterator[tuple[int, int]]:
    """Whole pages of lemmas, as many at a time as have about so many postings in their forms.

    `sizes` are those of the lists of the forms, `kin` the forms of all lemmas.
    """
    before = edges(sizes.take(kin.ranks))
    whole = np.array([*range(0, len(kin.counts), PAGE), len(kin.counts)])
    held = before.take(edges(kin.counts).take(whole))
    first = 0
    while first < len(whole) - 1:
        last = max(first + 1, int(held.searchsorted(held[first] + at_once, "right")) - 1)
        yield int(whole[first]), int(whole[last])
        first = last


def lemmatise(forms: Run, starts: Array, kin: Kin, documents: int) -> Run:
    """The lists of some lemmas, worked out from those of the forms, whose values are `frequencies`.

    `starts` says where those begin. `kin` are the forms of each lemma, at least one. A lemma's value is its expected
    frequency, Σ frequency(form) · P(lemma | form), in units of 1 / SHARE.
    """
    assert forms.values is not None
    # of each pair of a lemma and a form the postings of the form
    sizes = forms.sizes.take(kin.ranks)
    picked = ranges(starts.take(kin.ranks), sizes)
    amounts = kin.shares.astype(np.uint64).repeat(sizes)
    amounts *= forms.values.take(picked).astype(np.uint64)
    for_document, for_amount = bits(documents - 1), bits(int(amounts.max(initial=0)))
    lemmas = np.arange(len(kin.counts), dtype=np.uint64).repeat(kin.counts)
    keys = (lemmas << np.uint64(for_document)).repeat(sizes)
    keys |= forms.documents.take(picked).astype(np.uint64)
    if bits(len(kin.counts) - 1) + for_document + for_amount <= 64:
        keys <<= np.uint64(for_amount)
        keys |= amounts
        keys.sort()
        amounts = keys & np.uint64((1 << for_amount) - 1)
        keys >>= np.uint64(for_amount)
    else:
        order = np.argsort(keys, kind="stable")
        keys, amounts = keys[order], amounts[order]
    first = beginnings(keys)
    if len(first) < len(keys):
        amounts = np.add.reduceat(amounts, first)
        keys = keys.take(first)
    numbers = (keys & np.uint64((1 << for_document) - 1)).astype(np.uint32)
    keys >>= np.uint64(for_document)
    return Run(np.bincount(keys.view(np.int64), minlength=len(kin.counts)), numbers, amounts)
