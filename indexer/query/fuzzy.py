"""Words within one or two edits of another, for `слово~1`: all that the index has, whatever their first letter."""

from __future__ import annotations

from typing import NamedTuple

from indexer.query import edits
from indexer.query.known import known
from indexer.segment.reader import Reader

# What a word at a distance weighs, of 1 for the word itself and its forms.
_WEIGHTS = {1: 0.5, 2: 0.25}


class Near(NamedTuple):
    """Keys of forms, and lemmas, within a distance of a word, and what they weigh."""

    forms: dict[str, float]
    lemmas: dict[str, float]


def near(key: str, distance: int, reader: Reader) -> Near:
    """What the index has within the distance; the farther come first, so that a nearer way to a word is what stays."""
    found = Near({}, {})
    for away, spellings in ((2, edits.twice(key) if distance > 1 else ()), (1, edits.once(key))):
        every = edits.Together(spellings)
        for number, documents in known(every.hashes, every.word, reader).items():
            for words, there in zip(found, documents, strict=True):
                if there:
                    words[every.word(number)] = _WEIGHTS[away]
    return found
