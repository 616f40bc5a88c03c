"""The words that an open segment has, as keys of its forms or as lemmas."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.segment import filter as bloom
from indexer.segment.files import Sections
from indexer.segment.lexicon import Lexicon
from indexer.segment.terms import key_prefix

Array = NDArray[Any]


class Words:
    """Which words there are, and in how many documents."""

    def __init__(self, sections: Sections, forms: Lexicon, lemmas: Lexicon) -> None:
        self._sections = sections
        self._forms, self._lemmas = forms, lemmas

    @cached_property
    def _filter(self) -> NDArray[np.uint8]:
        """As it was written; an older index has none."""
        return self._sections[bloom.SECTION] if bloom.SECTION in self._sections else self.expected_filter()

    def expected_filter(self) -> NDArray[np.uint8]:
        """The filter made anew of all forms and lemmas."""
        every = [Strings.of(lexicon.terms(range(len(lexicon)))) for lexicon in (self._forms, self._lemmas)]
        return bloom.made(np.concatenate([*map(bloom.hashes, every)]))

    @cached_property
    def _bytes(self) -> memoryview | None:
        """The same as bytes; None where it had to be made anew, which takes longer than it saves."""
        return self._sections[bloom.SECTION].data if bloom.SECTION in self._sections else None

    def lacks(self, word: str) -> bool:
        """Whether a word surely is neither key nor lemma here: without a look into the lexicons."""
        return self._bytes is not None and not bloom.has(self._bytes, word)

    def maybe(self, hashes: bloom.Hashes) -> Array:
        """The numbers of those words, of some, that may be there."""
        return bloom.passing(self._filter, hashes)

    def of_key(self, key: str) -> int:
        """How many documents the entries of a key have together; deleted ones count."""
        return sum(map(self._forms.size, self._forms.beginning(key_prefix(key))))

    def of_lemma(self, lemma: str) -> int:
        """How many a lemma has."""
        rank = self._lemmas.find(lemma)
        return 0 if rank is None else self._lemmas.size(rank)
