"""Lexicon entries: (form, language of the word, width) ↔ small numbers, with the lemmas of each, worked out once.

They outlive a segment: what was asked of the dictionaries for one is known for the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import columns, surnames, words
from indexer.analysis.columns import Found
from indexer.analysis.detection import of_words
from indexer.analysis.folding import key
from indexer.arrays import ranges
from indexer.segment.lexicon import Kin
from indexer.segment.ordering import order
from indexer.segment.postings import SHARE
from indexer.segment.terms import Entry, encode

Array = NDArray[Any]

_UNKNOWN = -1


class Chosen(NamedTuple):
    """Some entries as a lexicon: terms in order, the rank of every entry (-1 of others), lemmas in order, kin."""

    terms: list[str]
    ranks: Array
    lemmas: list[str]
    kin: Kin


class Entries:
    """Entries seen so far, numbered as they come; `forms` is the vocabulary's list, which grows meanwhile."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms
        self._of_form: dict[str, Array] = {}  # document language → form id → entry number of the single word
        self._words: dict[str, Array] = {}  # word language → the same
        self._wholes: dict[Entry, int] = {}
        self._of_whole: dict[str, dict[int, int]] = {}  # document language → form id and width → entry number
        self._terms: list[str] = []
        # of the entries whose lemmas are not worked out yet, which are the last ones
        self._asked: tuple[list[str], list[str]] = [], []  # forms, languages
        self._names: defaultdict[str, int] = defaultdict()  # lemma → its number, the next one for a new lemma
        self._names.default_factory = self._names.__len__
        self._lemmas: list[str] = []  # by number
        self._name_like = _Growing(bool)
        self._counts, self._kin, self._shares = _Growing(np.uint8), _Growing(np.int32), _Growing(np.uint16)
        self.languages: set[str] = set()

    def __len__(self) -> int:
        return len(self._terms)

    def name_like(self, numbers: Array) -> Array:
        """Which of some entries look like surnames, so that their capitals are counted."""
        flags: Array = self._name_like.array[numbers]
        return flags

    def of_words(self, forms: Array, language: str) -> Array:
        """The entries of single words, from their form ids and the language of their documents."""
        known = self._of_form[language] = self._grown(self._of_form, language)
        numbers: Array = known[forms]
        unseen = np.zeros(len(known), bool)
        unseen[forms[numbers < 0]] = True
        if len(new := np.flatnonzero(unseen)):
            by_own: defaultdict[str, list[int]] = defaultdict(list)
            spoken = of_words([self._forms[form] for form in new.tolist()], language)
            for form, own in zip(new.tolist(), spoken, strict=True):
                by_own[own].append(form)
            for own in sorted(by_own):
                known[by_own[own]] = self._of_own_language(np.array(by_own[own]), own)
            numbers = known[forms]
        return numbers

    def _grown(self, tables: dict[str, Array], language: str) -> Array:
        table = tables.get(language, np.zeros(0, np.int32))
        missing = len(self._forms) - len(table)
        return np.concatenate((table, np.full(2 * missing, _UNKNOWN, np.int32))) if missing > 0 else table

    def _of_own_language(self, forms: Array, language: str) -> Array:
        table = self._words[language] = self._grown(self._words, language)
        new = forms[table[forms] < 0]
        table[new] = np.arange(len(new)) + len(self)
        names = [self._forms[form] for form in new.tolist()]
        if names:
            # of many at once: a form has no line break, and those without ё are their own keys
            terms = key("\n".join(names)).replace("\n", f"\t{language}\n").split("\n")
            terms[-1] += f"\t{language}"
            for at in [at for at, form in enumerate(names) if "ё" in form]:
                terms[at] = encode(Entry(names[at], language))
            self._terms += terms
        self._note(names, language)
        numbers: Array = table[forms]
        return numbers

    def _note(self, forms: list[str], language: str) -> None:
        self.languages.add(language)
        self._asked[0].extend(forms)
        self._asked[1].extend([language] * len(forms))
        self._name_like.extend(surnames.like(forms))

    def of_wholes(self, forms: Array, widths: Array, language: str) -> Array:
        """The entries of words of several positions."""
        keys, which = np.unique(forms.astype(np.int64) << 32 | widths, return_inverse=True)
        known = self._of_whole.setdefault(language, {})
        if new := [one for one in keys.tolist() if one not in known]:
            known.update(zip(new, self._of_new_wholes(new, language), strict=True))
        return np.array([known[one] for one in keys.tolist()], np.int32)[which]

    def _of_new_wholes(self, keys: list[int], language: str) -> list[int]:
        forms = [self._forms[one >> 32] for one in keys]
        entries = list(map(Entry, forms, of_words(forms, language), [one & 0xFFFFFFFF for one in keys]))
        # in texts of another language some of them may have been met
        for own in sorted({entry.language for entry in entries}):
            new = [entry for entry in entries if entry.language == own and entry not in self._wholes]
            self._wholes.update(zip(new, range(len(self), len(self) + len(new)), strict=True))
            self._terms += map(encode, new)
            self._note([entry.form for entry in new], own)
        return [self._wholes[entry] for entry in entries]

    def choose(self, numbers: Array) -> Chosen:
        """The lexicon of some entries, given by their numbers, each once."""
        self._lemmatise()
        chosen, terms = _in_order(numbers, self._terms)
        ranks = np.full(len(self), -1, np.int32)
        ranks[chosen] = np.arange(len(chosen))
        starts = np.cumsum(self._counts.array, dtype=np.int64) - self._counts.array
        counts = self._counts.array[chosen].astype(np.int64)
        picked = ranges(starts[chosen], counts)
        kin, shares = self._kin.array[picked], self._shares.array[picked]
        names = self._lemmas
        used, lemmas = _in_order(np.flatnonzero(np.bincount(kin, minlength=len(names))), names)
        rank_of = np.zeros(len(names), np.int64)
        rank_of[used] = np.arange(len(used))
        return Chosen(terms, ranks, lemmas, Kin(counts, rank_of[kin], shares))

    def _lemmatise(self) -> None:
        """Work out the lemmas of the entries that are new."""
        found = lemmas_of(*self._asked)
        self._counts.extend(np.bincount(found.forms, minlength=len(self) - len(self._counts.array)))
        self._kin.extend(np.fromiter(map(self._names.__getitem__, found.lemmas), np.int32, len(found.lemmas)))
        self._shares.extend(np.rint(found.shares * SHARE))
        self._lemmas += [*islice(reversed(self._names), len(self._names) - len(self._lemmas))][::-1]
        self._asked = [], []


def lemmas_of(forms: Sequence[str], languages: Sequence[str]) -> Found:
    """The lemmas of entries, in their order.

    What has no letter has none: it is met by its form alone.
    """
    by_language: defaultdict[str, list[int]] = defaultdict(list)
    for number, (form, language) in enumerate(zip(forms, languages, strict=True)):
        if form.isalpha() or any(map(str.isalpha, form)):
            by_language[language].append(number)
    parts = [
        words.lemmas_many([forms[number] for number in numbers], language).of(np.array(numbers))
        for language, numbers in by_language.items()
    ]
    return columns.joined(parts).by_form()


def _in_order(numbers: Array, strings: Sequence[str]) -> tuple[Array, list[str]]:
    """Some of the strings, given by their numbers, in their order: numbers and strings."""
    some = [strings[number] for number in numbers.tolist()]
    by_string = order(some)
    return numbers.take(by_string), [some[at] for at in by_string.tolist()]


class _Growing:
    """An array that grows at its end."""

    def __init__(self, dtype: Any) -> None:
        self._array: Array = np.zeros(1024, dtype)
        self._size = 0

    @property
    def array(self) -> Array:
        """What is in it."""
        return self._array[: self._size]

    def extend(self, values: Sequence[Any] | Array) -> None:
        """Put more behind it."""
        end = self._size + len(values)
        if end > len(self._array):
            grown = np.zeros(2 * end, self._array.dtype)
            grown[: self._size] = self.array
            self._array = grown
        self._array[self._size : end] = values
        self._size = end
