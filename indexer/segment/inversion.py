"""Tokens in columns, document by document → posting lists by term: one sort over packed 64-bit keys.

A key is entry | document | in title | position | capitalised, from the highest bits down, each as wide as the batch
needs, so that the sorted keys are the inverted batch and nothing has to be carried along.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.segment.integers import beginnings, ranges
from indexer.segment.lexicon import Kin
from indexer.segment.postings import SHARE, Codes, Places, Run, in_text, in_title, value

Array = NDArray[Any]

# What a place in the title counts in the expected frequency of a lemma, against one in the text.
TITLE = 2


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


def invert(tokens: Occurrences, entries: int, documents: int) -> Run:
    """The posting lists of all entries, 0 … entries - 1, each of which occurs."""
    for_position = bits(int(tokens.positions.max()) if len(tokens.positions) else 0)
    for_document = bits(documents - 1)
    assert width(entries, documents, (1 << for_position) - 1) <= 64, "flushed too late"
    keys = tokens.entries.astype(np.uint64)
    for column, size in (
        (tokens.documents, for_document),
        (tokens.titles, 1),
        (tokens.positions, for_position),
        (tokens.capitals, 1),
    ):
        keys <<= np.uint64(size)
        keys |= column.astype(np.uint64)
    keys.sort()
    positions = ((keys >> np.uint64(1)) & np.uint64((1 << for_position) - 1)).astype(np.uint32)
    groups = keys >> np.uint64(for_position + 2)
    first = beginnings(groups)
    flags = keys & np.uint64(1)
    capitals = np.add.reduceat(flags, first) if len(first) else flags
    titles = np.add.reduceat((keys >> np.uint64(for_position + 1)) & np.uint64(1), first) if len(first) else flags
    counts = np.diff(first, append=len(keys))
    groups = groups[first]
    of_entry = (groups >> np.uint64(for_document)).astype(np.int64)
    sizes = np.bincount(of_entry, minlength=entries)
    numbers = (groups & np.uint64((1 << for_document) - 1)).astype(np.int64)
    return Run(sizes, numbers, value(counts - titles.astype(np.int64), titles, capitals), Places(counts, positions))


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
    of_form = np.repeat(np.arange(len(forms.sizes)), forms.sizes)
    many = kin.counts[of_form].astype(np.int64)
    picked = ranges((np.cumsum(kin.counts, dtype=np.int64) - kin.counts)[of_form], many)
    lemma = kin.ranks[picked].astype(np.uint64)
    codes = Codes(SHARE)
    code = codes.encode(np.repeat(frequencies(forms.values), many) * kin.shares[picked].astype(np.int64))
    for_document, for_code = bits(documents - 1), bits(len(codes.values) - 1)
    keys = (lemma << np.uint64(for_document)) | np.repeat(forms.documents, many).astype(np.uint64)
    if bits(lemmas - 1) + for_document + for_code <= 64:
        keys = (keys << np.uint64(for_code)) | code.astype(np.uint64)
        keys.sort()
        code = (keys & np.uint64((1 << for_code) - 1)).astype(np.int64)
        keys >>= np.uint64(for_code)
    else:
        order = np.argsort(keys, kind="stable")
        keys, code = keys[order], code[order]
    amounts = np.array(codes.values, np.int64)[code]
    first = beginnings(keys)
    if len(first) < len(keys):
        amounts = np.add.reduceat(amounts, first)
        keys = keys[first]
    sizes = np.bincount((keys >> np.uint64(for_document)).astype(np.int64), minlength=lemmas)
    numbers = (keys & np.uint64((1 << for_document) - 1)).astype(np.int64)
    return Run(sizes, numbers, amounts.astype(np.uint64))


def reverse(kin: Kin, others: int) -> Kin:
    """The same pairs seen from the other side: of forms' lemmas the lemmas' forms."""
    own = np.repeat(np.arange(len(kin.counts)), kin.counts)
    order = np.argsort(kin.ranks, kind="stable")
    counts = np.bincount(kin.ranks.astype(np.int64), minlength=others)
    return Kin(counts, own[order], kin.shares[order])
