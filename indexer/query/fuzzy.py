"""Words within one or two edits of another, for `слово~1`: all that the index has, whatever their first letter."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

import numpy as np

from indexer.query import edits
from indexer.query.keys import letters, of_forms, of_lemmas
from indexer.segment.reader import Reader

# What a word at a distance weighs, of 1 for the word itself and its forms.
_WEIGHTS = {1: 0.5, 2: 0.25}


class Near(NamedTuple):
    """Keys of forms, and lemmas, within a distance of a word, and what they weigh."""

    forms: dict[str, float]
    lemmas: dict[str, float]


def near(key: str, distance: int, reader: Reader) -> Near:
    """What the index has within the distance; the farther come first, so that a nearer way to a word is what stays."""
    there, found = letters(reader), Near({}, {})
    for edits_, spellings in chain(
        ((2, group) for group in (edits.twice(key) if distance > 1 else ())), ((1, group) for group in edits.once(key))
    ):
        if not len(spellings.costs) or not spellings.points.shape[1]:
            continue
        first, hashes = spellings.points[:, 0], spellings.hashes
        for code in np.flatnonzero(np.bincount(first.astype(np.int64))).tolist():
            if (letter := chr(code)) in there:
                same = np.flatnonzero(first == code)
                for words, keys in zip(found, (of_forms(reader, letter), of_lemmas(reader, letter)), strict=True):
                    which, _ = keys.find(hashes[same])
                    words.update((spellings.word(at), _WEIGHTS[edits_]) for at in same[which].tolist())
    return found
