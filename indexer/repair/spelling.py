"""A word that stands nowhere → words of the index that may have been meant, likeliest first.

Candidates are forms and lemmas, found by hash among all spellings one edit away, and two where there are none; words of
the dictionary whose lemma is in the index; and two words typed as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexer.analysis import russian, words
from indexer.query import edits
from indexer.query.edits import Spellings
from indexer.query.keys import Keys, of_forms, of_lemmas
from indexer.repair.candidates import Candidate, frequency, known, ranked
from indexer.segment.reader import Reader

# Shorter words have too many neighbours to guess; a second edit needs a longer one.
_SHORTEST, _SHORTEST_OF_TWO = 4, 6
# Two words typed as one, of so many letters each at least.
_SPACE, _PART = 0.9, 3


def candidates(key: str, reader: Reader) -> list[Candidate]:
    """What a look-up key that the index has not may stand for, likeliest first."""
    if not _may_be_meant(key):
        return []
    once = list(edits.once(key))
    found = _near(once, key, reader)
    found += _of_dictionary(once, reader) if not found else []
    found += _two_words(key, reader)
    if not found and len(key) >= _SHORTEST_OF_TWO:
        found += _known(edits.twice(key, likely=True), key, reader)
    return ranked(found)


def near(key: str, reader: Reader) -> list[Candidate]:
    """The words of the index one edit away, likeliest first."""
    return ranked(_near(list(edits.once(key)), key, reader)) if _may_be_meant(key) else []


def _near(once: Sequence[Spellings], key: str, reader: Reader) -> list[Candidate]:
    return [*_known(once, key, reader), *_other_first_letter(once, key, reader)]


def _may_be_meant(key: str) -> bool:
    return len(key) >= _SHORTEST and any(map(str.isalpha, key))


def _known(near: Iterable[Spellings], key: str, reader: Reader) -> list[Candidate]:
    """Those of the spellings with the first letter of the key that the index has."""
    letter = key[0]
    lexicons = of_forms(reader, letter), of_lemmas(reader, letter)
    found = []
    for points, costs in near:
        same = points[:, 0] == ord(letter)
        spellings = Spellings(points[same], costs[same])
        found += [candidate for keys in lexicons for candidate in _among(keys, spellings)]
    return [candidate for candidate in found if candidate.word != key]


def _among(keys: Keys, spellings: Spellings) -> Iterator[Candidate]:
    which, rows = keys.find(spellings.hashes)
    for at, row in zip(which.tolist(), rows.tolist(), strict=True):
        yield Candidate(spellings.word(at), float(spellings.costs[at]), float(keys.frequencies[row]))


def _other_first_letter(near: Iterable[Spellings], key: str, reader: Reader) -> Iterator[Candidate]:
    """A first letter lost, too much, exchanged or mistyped: few enough to be looked up one by one."""
    for spellings in near:
        for at in np.flatnonzero((spellings.points[:, 0] != ord(key[0])) & (spellings.costs < edits.RARE)).tolist():
            if count := frequency(word := spellings.word(at), reader):
                yield Candidate(word, float(spellings.costs[at]), count)


def _of_dictionary(near: Iterable[Spellings], reader: Reader) -> Iterator[Candidate]:
    """Words of which the index has other forms only."""
    for spellings in near:
        for at in range(len(spellings.costs)):
            if russian.known(word := spellings.word(at)):
                lemmas = words.affinities(word, reader.languages)
                if count := max(frequency(lemma, reader) for lemma in lemmas):
                    yield Candidate(word, float(spellings.costs[at]), count)


def _two_words(key: str, reader: Reader) -> Iterator[Candidate]:
    """Both halves of what was typed without a space."""
    halves = {key[:at]: key[at:] for at in range(_PART, len(key) - _PART + 1)}
    for first in known([(half, 0.0) for half in halves], reader):
        if count := min(first.frequency, frequency(halves[first.word], reader)):
            yield Candidate(f"{first.word} {halves[first.word]}", _SPACE, count)
