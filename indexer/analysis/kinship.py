"""Kinship by choice: a lemma → the lemmas that a search may take along, and what each weighs against the lemma itself.

All are worked out for the lemma asked, from rules and look-ups in the dictionary of Russian; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from indexer.analysis import aspect, derivation
from indexer.analysis.russian import FLOOR


class Kind(NamedTuple):
    """A kind of kinship: the kin of a lemma, and the weight of each."""

    of: Callable[[str], Sequence[str]]
    weight: float


# A true form once outweighs two places of an aspect partner, and some ten of a related word.
KINDS = {"aspect": Kind(aspect.partners, 0.3), "related": Kind(derivation.related, 0.1)}


def of(kind: str, lemma: str, affinity: float = 1.0) -> Iterator[tuple[str, float]]:
    """The kin of a lemma that a word stands for so far, and how far the word stands for each; ё written е."""
    found, weight = KINDS[kind]
    if affinity * weight >= FLOOR:
        yield from ((other, affinity * weight) for other in found(lemma))
