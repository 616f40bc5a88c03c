"""Lexicon entries: (form, language of the word, width) ↔ small numbers, with the lemmas of each, worked out once.

They outlive a segment: what was asked of the dictionaries for one is known for the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import columns, surnames, words
from indexer.analysis.belonging import of_words
from indexer.analysis.columns import Found
from indexer.analysis.hashing import ABSENT, MIXER, Table
from indexer.analysis.numbering import Numbering, first_seen
from indexer.analysis.strings import Strings
from indexer.arrays import Growing, distinct, ranges
from indexer.segment.lexicon import Kin
from indexer.segment.ordering import order
from indexer.segment.postings import SHARE
from indexer.segment.terms import Entry, encode, encode_wholes

Array = NDArray[Any]

# The lemmas of so few forms are told sooner one by one.
_FEW = 500
# So many lemmas are numbered at once: the places of the letters of more would not fit the cache of a processor.
_AT_ONCE = 1 << 13
_NONE = np.zeros(0, np.int32)
_LANGUAGES = [*words.LANGUAGES]


class Chosen(NamedTuple):
    """Some entries as a lexicon: terms in order, the rank of every entry (-1 of others), lemmas in order, kin."""

    terms: Strings
    ranks: Array
    lemmas: Strings
    kin: Kin


class Entries:
    """Entries seen so far, numbered as they come; `forms` are the vocabulary's, which grow meanwhile."""

    def __init__(self, forms: Strings) -> None:
        self._forms = forms
        self._of_form: dict[str, Array] = {}  # document language → form id → entry number of the single word
        self._words: dict[str, Array] = {}  # word language → the same
        self._of_whole: dict[str, Table] = {}  # document language → form id and width → entry number
        self._wholes: dict[str, Table] = {}  # word language → the same
        self._terms = Strings.of(())
        # of the entries whose lemmas are not worked out yet, which are the last ones: forms, numbers of LANGUAGES
        self._asked = Strings.of(()), Growing(np.zeros(0, np.uint8))
        self._names = Numbering()  # of lemmas
        self._name_like = Growing(np.zeros(0, bool))
        self._counts, self._kin, self._shares = (Growing(np.zeros(0, kind)) for kind in (np.uint8, np.int32, np.uint16))
        self.languages: set[str] = set()

    def __len__(self) -> int:
        return len(self._terms)

    def name_like(self, numbers: Array) -> Array:
        """Which of some entries look like surnames, so that their capitals are counted."""
        return self._name_like.array.take(numbers)

    def of_words(self, forms: Array, language: str) -> Array:
        """The entries of single words, from their form ids and the language of their documents."""
        known = self._of_form[language] = self._grown(self._of_form, language)
        numbers = known.take(forms)
        missing = (numbers < 0).nonzero()[0]
        if len(new := distinct(forms.take(missing))):
            names = self._forms.some(new)
            for own, of_own in sorted(of_words(names, language).items()):
                mine = names if len(of_own) == len(new) else names.some(of_own)
                known[new[of_own]] = self._of_own_language(new[of_own], mine, own)
            numbers[missing] = known.take(forms.take(missing))
        return numbers

    def _grown(self, tables: dict[str, Array], language: str) -> Array:
        table = tables.get(language, np.zeros(0, np.int32))
        if len(self._forms) <= len(table):
            return table
        return np.concatenate((table, np.full(2 * len(self._forms) - len(table), ABSENT, np.int32)))

    def _of_own_language(self, forms: Array, names: Strings, language: str) -> Array:
        table = self._words[language] = self._grown(self._words, language)
        new = (table.take(forms) < 0).nonzero()[0]  # in texts of another language some may have been met
        if len(new) < len(forms):
            names = names.some(new)
        folded = names.having("ё")  # those are no keys of their own
        if folded.any():
            plain, odd = (~folded).nonzero()[0], folded.nonzero()[0]
            self._add_words(table, forms[new[odd]], names.some(odd), language)
            new, names = new[plain], names.some(plain)
        self._add_words(table, forms[new], names, language)
        return table.take(forms)

    def _add_words(self, table: Array, forms: Array, names: Strings, language: str) -> None:
        """Number words that are all their own keys, or none of them is."""
        table[forms] = np.arange(len(forms)) + len(self)
        if len(names) and "ё" in names[0]:
            terms = Strings.of([encode(Entry(form, language)) for form in names])
        else:
            terms = Strings.lines(names.text.replace("\n", f"\t{language}\n"))
        self._terms.extend(terms)
        self._note(names, language)

    def _note(self, forms: Strings, language: str) -> None:
        self.languages.add(language)
        self._asked[0].extend(forms)
        self._asked[1].extend(np.full(len(forms), _LANGUAGES.index(language)))
        self._name_like.extend(surnames.like(forms))

    def of_wholes(self, forms: Array, widths: Array, language: str) -> Array:
        """The entries of words of several positions."""
        keys = (forms.astype(np.uint64) << np.uint64(32) | widths.astype(np.uint64)) * MIXER
        known = self._of_whole.setdefault(language, Table())
        numbers = known.find(keys)
        new = (numbers < 0).nonzero()[0]
        if len(new):
            at, which = first_seen(keys.take(new))
            at = new.take(at)
            found = self._of_new_wholes(keys.take(at), forms.take(at), widths.take(at), language)
            known.insert(keys.take(at), found)
            numbers[new] = found.take(which)
        return numbers

    def _of_new_wholes(self, keys: Array, forms: Array, widths: Array, language: str) -> Array:
        numbers = np.empty(len(keys), np.int32)
        for own, of_own in sorted(of_words(self._forms.some(forms), language).items()):
            known = self._wholes.setdefault(own, Table())
            new = of_own[known.find(keys.take(of_own)) < 0]  # in texts of another language some may have been met
            known.insert(keys.take(new), np.arange(len(self), len(self) + len(new), dtype=np.int32))
            names = self._forms.some(forms.take(new))
            self._terms.extend(encode_wholes(names, own, widths.take(new).tolist()))
            self._note(names, own)
            numbers[of_own] = known.find(keys.take(of_own))
        return numbers

    def choose(self, numbers: Array) -> Chosen:
        """The lexicon of some entries, given by their numbers, each once."""
        self._lemmatise()
        chosen, terms = _in_order(numbers, self._terms)
        ranks = np.full(len(self), -1, np.int32)
        ranks[chosen] = np.arange(len(chosen))
        starts = self._counts.array.cumsum(dtype=np.int64) - self._counts.array
        counts = self._counts.array[chosen].astype(np.int64)
        picked = ranges(starts[chosen], counts)
        kin, shares = self._kin.array[picked], self._shares.array[picked]
        names = self._names.strings
        used, lemmas = _in_order(np.bincount(kin, minlength=len(names)).nonzero()[0], names)
        rank_of = np.zeros(len(names), np.int64)
        rank_of[used] = np.arange(len(used))
        return Chosen(terms, ranks, lemmas, Kin(counts, rank_of[kin], shares))

    def _lemmatise(self) -> None:
        """Work out the lemmas of the entries that are new."""
        forms, languages = self._asked
        found = lemmas_of(forms, languages.array)
        self._counts.extend(np.bincount(found.forms, minlength=len(forms)))
        parts = (found.names.part(first, first + _AT_ONCE) for first in range(0, len(found.names), _AT_ONCE))
        self._kin.extend(np.concatenate([_NONE, *map(self._names.of, parts)]).take(found.lemmas))
        self._shares.extend(np.rint(found.shares * SHARE))
        self._asked = Strings.of(()), Growing(np.zeros(0, np.uint8))


def lemmas_of(forms: Strings, languages: Array) -> Found:
    """The lemmas of entries, in their order, from their forms and the numbers of their languages in `words.LANGUAGES`.

    What has no letter has none: it is met by its form alone.
    """
    if len(forms) < _FEW:
        pairs = [
            words.lemmas(form, _LANGUAGES[number]) if any(map(str.isalpha, form)) else ()
            for form, number in zip(forms, languages.tolist(), strict=True)
        ]
        return columns.in_rows(range(len(pairs)), pairs)
    lettered, parts = _have_letters(forms), []
    for number, language in enumerate(_LANGUAGES):
        if len(mine := np.flatnonzero(lettered & (languages == number))):
            parts.append(words.lemmas_many(forms, mine, language))
    return columns.joined(parts).by_form()


def _have_letters(forms: Strings) -> Array:
    """Which of the forms have a letter, as bools."""
    if not len(forms):
        return np.zeros(0, bool)
    first = forms.points.take(forms.starts)  # of most a letter
    found: Array = (first | np.uint32(0x20)) - np.uint32(ord("a")) < 26  # below "a" it wraps around
    found |= first - np.uint32(ord("а")) < 32
    rest = np.flatnonzero(~found)
    found[rest] = [any(map(str.isalpha, form)) for form in forms.some(rest)]
    return found


def _in_order(numbers: Array, strings: Strings) -> tuple[Array, Strings]:
    """Some of the strings, given by their numbers, in their order: numbers and strings."""
    every = len(numbers) == len(strings)
    in_order = order(strings) if every else numbers.take(order(strings.some(numbers)))
    return in_order, strings.some(in_order)
