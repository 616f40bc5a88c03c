"""A word that stands nowhere → words of the index that may have been meant, likeliest first.

Candidates are forms and lemmas, found by hash among all spellings one edit away, and two where there are none; words of
the dictionary whose lemma is in the index; and two words typed as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexer.analysis import russian, words
from indexer.analysis.function_words import FUNCTION_WORDS
from indexer.query import edits
from indexer.query.edits import Spellings
from indexer.repair.candidates import Candidate, ranked
from indexer.repair.lexicon import Lexicon

# Shorter words have too many neighbours to guess; a second edit needs a longer one.
_SHORTEST, _SHORTEST_OF_TWO = 4, 6
# A word is a slip where one at an edit of this cost is so many times as frequent.
_SLIP, _FAR = 0.6, 50
# Two words typed as one, of so many letters each at least; but for prepositions and their like.
_SPACE, _PART = 0.9, 3


def candidates(key: str, lexicon: Lexicon) -> list[Candidate]:
    """What a look-up key that the index has not may stand for, likeliest first."""
    if not _may_be_meant(key):
        return []
    once = list(edits.once(key))
    found = _near(once, key, lexicon)
    found += _of_dictionary(once, lexicon) if not found else []
    found += _two_words(key, lexicon)
    if not found and len(key) >= _SHORTEST_OF_TWO:
        found += _known(edits.twice(key, likely=True), key, lexicon)
    return ranked(found)


def near(key: str, lexicon: Lexicon) -> list[Candidate]:
    """The words of the index one edit away, likeliest first."""
    return ranked(_near(list(edits.once(key)), key, lexicon)) if _may_be_meant(key) else []


def far_better(key: str, frequency: float, lexicon: Lexicon) -> list[str]:
    """Words very like it, and so much more frequent than what so many documents have that this is rather a slip."""
    found = near(key, lexicon)
    return [other.word for other in found if other.cost <= _SLIP and other.frequency >= _FAR * (1 + frequency)]


def _near(once: Sequence[Spellings], key: str, lexicon: Lexicon) -> list[Candidate]:
    return [*_known(once, key, lexicon), *_other_first_letter(once, key, lexicon)]


def _may_be_meant(key: str) -> bool:
    return len(key) >= _SHORTEST and any(map(str.isalpha, key))


def _known(near: Iterable[Spellings], key: str, lexicon: Lexicon) -> list[Candidate]:
    """Those of the spellings with the first letter of the key that the index has."""
    return [candidate for candidate in lexicon.near(key, near) if candidate.word != key]


def _other_first_letter(near: Iterable[Spellings], key: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """A first letter lost, too much, exchanged or mistyped: few enough to be looked up one by one."""
    costs = [
        (spellings.word(at), float(spellings.costs[at]))
        for spellings in near
        for at in np.flatnonzero((spellings.points[:, 0] != ord(key[0])) & (spellings.costs < edits.RARE)).tolist()
    ]
    counts = lexicon.frequencies([word for word, _ in costs])
    yield from (Candidate(*pair, count) for pair, count in zip(costs, counts, strict=True) if count)


def _of_dictionary(near: Iterable[Spellings], lexicon: Lexicon) -> Iterator[Candidate]:
    """Words of which the index has other forms only."""
    for spellings in near:
        for at in range(len(spellings.costs)):
            if russian.known(word := spellings.word(at)):
                lemmas = words.affinities(word, lexicon.languages)
                if count := max(lexicon.frequencies(list(lemmas))):
                    yield Candidate(word, float(spellings.costs[at]), count)


def _two_words(key: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Both halves of what was typed without a space."""
    halves = {key[:at]: key[at:] for at in range(1, len(key)) if _are_words(key[:at], key[at:])}
    for first in lexicon.known([(half, 0.0) for half in halves]):
        if count := min(first.frequency, *lexicon.frequencies([halves[first.word]])):
            yield Candidate(f"{first.word} {halves[first.word]}", _SPACE, count)


def _are_words(*halves: str) -> bool:
    return all(len(half) >= _PART or half in FUNCTION_WORDS for half in halves)
