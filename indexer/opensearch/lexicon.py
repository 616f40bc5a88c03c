"""The words of a remote index, as repairs and suggestions ask for them.

Words like another come from OpenSearch's own term suggester, which walks its dictionaries of terms; how many documents
have them is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from indexer.analysis.strings import Strings
from indexer.opensearch.connection import Body, Connection
from indexer.opensearch.counting import Counts
from indexer.opensearch.tokens import key_term, lemma_term
from indexer.query.edits import Spellings
from indexer.repair.candidates import Candidate
from indexer.segment.filter import hashes

# So many words like another are asked for, and so many readings of one looked up.
_NEAR, _READINGS, _FEW = 500, 300, 4
_EDITS = 2  # the most that the suggester allows, and that anyone mends


class RemoteLexicon:
    """The words of an index of a cluster."""

    def __init__(self, connection: Connection, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._connection = connection
        self._counts = Counts(connection)
        self._like = lru_cache(maxsize=64)(self._asked_for)

    def known(self, readings: Iterable[tuple[str, float]]) -> list[Candidate]:
        """Those of some (word, cost), the first of them, that are forms or lemmas of the index."""
        costs = [pair for pair in readings if pair[0]][:_READINGS]
        counts = self.frequencies([word for word, _ in costs])
        return [Candidate(*pair, count) for pair, count in zip(costs, counts, strict=True) if count]

    def near(self, key: str, spellings: Iterable[Spellings]) -> list[Candidate]:
        """Those of some spellings of a key that the index has, among those with its first letter."""
        like = [word for word in self._like(key) if word[0] == key[0]]
        if not like:
            return []
        there = hashes(Strings.of(like))
        order = np.argsort(there)
        found: dict[str, float] = {}
        for group in spellings:
            hashed = group.hashes
            at = np.searchsorted(there[order], hashed).clip(max=len(there) - 1)
            for row in np.flatnonzero(there[order][at] == hashed).tolist():
                word = group.word(row)
                found[word] = min(found.get(word, np.inf), float(group.costs[row]))
        counts = self.frequencies(list(found))
        return [Candidate(*pair, count) for pair, count in zip(found.items(), counts, strict=True) if count]

    def frequencies(self, keys: Sequence[str]) -> list[int]:
        """How many documents have a form or a lemma of each key, the more frequent of both."""
        if len(keys) > _FEW:  # most often there are none, which one count tells
            terms = [term for key in keys for term in (key_term(key), lemma_term(key))]
            if not self._counts.terms([terms])[0]:
                return [0] * len(keys)
        return self._counts.keys(keys)

    def written(self, key: str) -> str | None:
        """A key in the spelling that most documents have; a lemma or two words as they are; None where none is left."""
        forms = self._spellings(key)
        plain, *others = self._counts.terms([[key_term(key)], *([f"e:{form}"] for form in forms)])
        counts = dict(zip(forms, others, strict=True))
        best = max(counts, key=lambda form: counts[form], default=key)
        if not plain:
            return key if " " in key or self.frequencies([key])[0] else None
        return best if 2 * counts.get(best, 0) > plain else key

    def _spellings(self, key: str) -> list[str]:
        """A key with one of its letters е written ё: no word has two of its own."""
        return [f"{key[:at]}ё{key[at + 1 :]}" for at, letter in enumerate(key) if letter == "е"]

    def _asked_for(self, key: str) -> tuple[str, ...]:
        """The forms and lemmas within two edits of a key."""
        asked = {
            f"{field}-{number}": {"text": term, "term": {"field": f"{field}_units", **_LIKE}}
            for field in ("text", "title")
            for number, term in enumerate((key_term(key), lemma_term(key)))
        }
        answer = self._connection.search({"size": 0, "suggest": asked})["suggest"]
        options = [option["text"] for entries in answer.values() for entry in entries for option in entry["options"]]
        return tuple(dict.fromkeys(term.partition(":")[2] for term in options))


_LIKE: Body = {
    "analyzer": "keyword",
    "suggest_mode": "always",
    "max_edits": _EDITS,
    "prefix_length": 2,  # what a term says of itself
    "size": _NEAR,
    "shard_size": _NEAR,
    "min_word_length": 3,
    "max_term_freq": 1e9,
    "string_distance": "damerau_levenshtein",
    "accuracy": 0.1,
}
