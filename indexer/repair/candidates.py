"""Words that may have been meant, and how they are compared: what they cost against how frequent they are."""

from __future__ import annotations

from collections.abc import Iterable
from math import log10
from typing import NamedTuple

# A word ten times as frequent makes up for so much dearer a change.
_TENFOLD = 0.25


class Candidate(NamedTuple):
    """A word of the index, what it costs to read the typed one so, and how many documents have it in any form."""

    word: str
    cost: float
    frequency: float

    @property
    def worth(self) -> float:
        """By which candidates are compared: the noisy channel of Kernighan, Church and Gale (COLING 1990)."""
        return _TENFOLD * log10(1 + self.frequency) - self.cost


def ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """Each word once, the likeliest first."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.word not in best or candidate.worth > best[candidate.word].worth:
            best[candidate.word] = candidate
    return sorted(best.values(), key=lambda candidate: (-candidate.worth, candidate.word))
