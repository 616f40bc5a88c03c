"""The words of a segment: forms, lemmas with their lists, and the filter of them all, as a file and opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.segment import filter as bloom
from indexer.segment.files import Sections, SectionWriter
from indexer.segment.lexicon import Kin, Lexicon, LexiconWriter
from indexer.segment.listing import PostingsWriter
from indexer.segment.postings import SHARE, Run
from indexer.segment.terms import key_prefix

Array = NDArray[Any]

# Terms in order, with a row of COLUMNS for each, or with their lists.
Forms = tuple[Strings, Sequence[Array]]
Lemmas = tuple[Strings, Run]


def write_lexicons(
    target: SectionWriter, forms: Iterable[Forms], lemmas: Iterable[Lemmas], kin: Kin, backward: Kin, lengths: Array
) -> None:
    """The sections form.*, lemma.* and filter, from parts, of which each but the last has whole pages.

    `kin` are the lemmas of all the forms, `backward` the forms of all the lemmas.
    """
    hashes = [np.zeros(0, np.uint64)]
    of_forms = LexiconWriter(coded=True)
    for terms, columns in forms:
        of_forms.append(terms, columns, kin.cut(of_forms.size, of_forms.size + len(terms)))
        hashes.append(bloom.hashes(terms))
    of_forms.write(target, "form.")
    lists, of_lemmas = PostingsWriter(lengths, SHARE), LexiconWriter(coded=True)
    for terms, run in lemmas:
        of_lemmas.append(terms, lists.append(run), backward.cut(of_lemmas.size, of_lemmas.size + len(terms)))
        hashes.append(bloom.hashes(terms))
    lists.write(target, "lemma.")
    of_lemmas.write(target, "lemma.")
    target.add(bloom.SECTION, bloom.made(np.concatenate(hashes)))


class Words:
    """The words that an open segment has, as keys of its forms or as lemmas."""

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
