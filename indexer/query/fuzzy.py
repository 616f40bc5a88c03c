"""Words within one or two edits of another, for `слово~1`: all that the index has, whatever their first letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from indexer.query import edits
from indexer.query.keys import Keys, letters, of_forms, of_lemmas
from indexer.segment.reader import Reader

# What a word at a distance weighs, of 1 for the word itself and its forms.
_WEIGHTS = {1: 0.5, 2: 0.25}


def near_forms(key: str, distance: int, reader: Reader) -> dict[str, float]:
    """Keys of forms within the distance, and what they weigh."""
    return dict(_near(key, distance, reader, of_forms))


def near_lemmas(key: str, distance: int, reader: Reader) -> dict[str, float]:
    """Lemmas within the distance, and what their forms weigh."""
    return dict(_near(key, distance, reader, of_lemmas))


def _near(
    key: str, distance: int, reader: Reader, lexicon: Callable[[Reader, str], Keys]
) -> Iterator[tuple[str, float]]:
    """The farther ones first, so that a nearer way to the same word is what stays."""
    there = letters(reader)
    for edits_, spellings in chain(
        ((2, group) for group in (edits.twice(key) if distance > 1 else ())), ((1, group) for group in edits.once(key))
    ):
        if not len(spellings.costs) or not spellings.points.shape[1]:
            continue
        first, hashes = spellings.points[:, 0], spellings.hashes
        for code in np.flatnonzero(np.bincount(first.astype(np.int64))).tolist():
            if (letter := chr(code)) in there:
                same = np.flatnonzero(first == code)
                which, _ = lexicon(reader, letter).find(hashes[same])
                yield from ((spellings.word(at), _WEIGHTS[edits_]) for at in same[which].tolist())
