"""Words that may have been meant, and how they are compared: what they cost against how frequent they are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from math import log10
from typing import NamedTuple

from indexer.query.keys import hashes, of_forms, of_lemmas
from indexer.segment import terms
from indexer.segment.reader import Reader

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


def known(readings: Iterable[tuple[str, float]], reader: Reader) -> list[Candidate]:
    """Those of some (word, cost) that are forms or lemmas of the index."""
    found = []
    by_letter = sorted((pair for pair in readings if pair[0]), key=lambda pair: pair[0][0])
    for letter, group in groupby(by_letter, key=lambda pair: pair[0][0]):
        pairs = list(group)
        hashed = hashes([word for word, _ in pairs])
        for keys in (of_forms(reader, letter), of_lemmas(reader, letter)):
            which, rows = keys.find(hashed)
            found += [
                Candidate(pairs[at][0], pairs[at][1], float(keys.frequencies[row]))
                for at, row in zip(which.tolist(), rows.tolist(), strict=True)
            ]
    return found


def frequency(key: str, reader: Reader) -> int:
    """How many documents have a form or a lemma of this key, the more frequent of both; deleted ones count."""
    forms = lemmas = 0
    for segment in reader.segments:
        of_key = segment.forms.beginning(terms.key_prefix(key))
        forms += int(segment.forms.sizes(of_key)[1].sum()) if of_key else 0
        rank = segment.lemmas.find(key)
        lemmas += 0 if rank is None else int(segment.lemmas.sizes(range(rank, rank + 1))[1][0])
    return max(forms, lemmas)
