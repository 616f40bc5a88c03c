"""A query word → the weighted set of lexicon entries that stand for it.

w(entry | word) = Σ over lemmas a(lemma) · P(lemma | form), at most 1; the form typed weighs 1; a surname of the
same key, where it is mostly capitalised, at least `surnames.WEIGHT`. Kin by choice are lemmas of less affinity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.analysis import surnames, words
from indexer.analysis.folding import key
from indexer.query.tree import Compound, Either, Fuzzy, Gap, Mask, Phrase, Term, Word
from indexer.segment.reader import Reader
from indexer.segment.terms import KEY_END, Entry


class Weight(NamedTuple):
    """How far an entry stands for the word, 0 … 1, and whether it is the very form typed."""

    value: float
    very_form: bool


def expand(term: Word | Mask, reader: Reader) -> dict[Entry, Weight]:
    """The entries of the index that stand for a word or a mask."""
    if isinstance(term, Fuzzy):
        return _fuzzy(term, reader)
    if isinstance(term, Mask):
        fitting: _Entries = reader.worked_out.get(("mask", term.pattern), lambda: _masked(term.pattern, reader))
        return dict.fromkeys(fitting, Weight(1.0, False))
    weights: dict[Entry, Weight] = reader.worked_out.get(("expand", term), lambda: _expanded(term, reader))
    return weights


class _Weights(dict[Entry, Weight]):
    """Entries and what they weigh, to be remembered."""

    @property
    def nbytes(self) -> int:
        """What they take in memory, about."""
        return 512 + 400 * len(self)


def _expanded(word: Word, reader: Reader) -> _Weights:
    typed = {entry: Weight(1.0, True) for entry in typed_entries(word.form, reader)}
    return _Weights(typed if word.exact else {**_kin(word, reader), **typed})


def expand_all(term: Term | Phrase, reader: Reader) -> Iterator[Entry]:
    """All entries that may stand for a term or for a part of it."""
    if isinstance(term, Either | Phrase):
        for part in term.options if isinstance(term, Either) else term.items:
            yield from expand_all(part, reader) if not isinstance(part, Gap) else ()
    elif isinstance(term, Compound):
        yield from expand(Word(term.text, term.form, term.exact), reader)
        for part in term.parts:
            yield from expand(part, reader)
    else:
        yield from expand(term, reader)


def typed_entries(form: str, reader: Reader) -> list[Entry]:
    """Entries of the form as typed: a typed ё is meant, a typed е may be either."""
    meant = [at for at, letter in enumerate(form) if letter == "ё"]
    return [entry for entry in reader.entries(key(form)) if all(entry.form[at] == "ё" for at in meant)]


def affinities(word: Word, reader: Reader) -> dict[str, float]:
    """The lemmas that a word stands for → how far, 0 … 1: its own, and their kin as the query asks."""
    own = words.affinities(word.form, reader.languages, reader.lemmas_of_form)
    if not word.kin:
        return own
    from indexer.analysis import kinship  # few ask for it

    found = dict(own)
    for kind in word.kin:
        for lemma, affinity in own.items():
            for other, weight in kinship.of(kind, lemma, affinity):
                found[other] = max(found.get(other, 0.0), weight)
    return found


def _kin(word: Word, reader: Reader) -> dict[Entry, Weight]:
    weights: dict[Entry, float] = {}
    for lemma, affinity in affinities(word, reader).items():
        for entry, share in reader.lemma_rows(lemma):
            weights[entry] = weights.get(entry, 0.0) + affinity * share
    for entry, least in surnames_of(word.form, reader):
        weights[entry] = max(weights.get(entry, 0.0), least)
    return {entry: Weight(min(1.0, weight), False) for entry, weight in weights.items()}


def surnames_of(form: str, reader: Reader) -> Iterator[tuple[Entry, float]]:
    """Entries that may be cases of the surname that the form may be, and what they weigh at least."""
    for surname in surnames.keys(form):
        for case in surnames.cases(surname):
            for entry in reader.entries(case):
                if surnames.fits(case, entry.language) and reader.capitalised(entry) >= surnames.CAPITALISED:
                    yield entry, surnames.WEIGHT


def _fuzzy(term: Fuzzy, reader: Reader) -> dict[Entry, Weight]:
    """The word itself as ever; the forms of words near it, of which the lemma or the form is near, for less."""
    from indexer.query.fuzzy import near  # few queries need it

    found: dict[Entry, float] = {}
    forms, lemmas = near(term.pattern, term.distance, reader)
    for form, weight in forms.items():
        for entry in reader.entries(form):
            found[entry] = max(found.get(entry, 0.0), weight)
    for lemma, weight in lemmas.items():
        for entry, share in reader.lemma_rows(lemma):
            found[entry] = max(found.get(entry, 0.0), weight * share)
    itself = expand(Word(term.text, term.form), reader)
    return {entry: Weight(weight, False) for entry, weight in found.items()} | itself


class _Entries(frozenset[Entry]):
    """Entries to be remembered."""

    @property
    def nbytes(self) -> int:
        """What they take in memory, about."""
        return 256 * len(self)


def _masked(pattern: str, reader: Reader) -> _Entries:
    """Entries whose key fits the pattern; a letter must stand in it, or it would be the whole lexicon."""
    fits = re.compile(_regex(pattern), re.DOTALL).fullmatch
    head, *inner, tail = re.split(r"[*?]", pattern)
    piece = max([*inner, tail + KEY_END], key=len)
    return _Entries(entry for entry in reader.scan(head, piece) if fits(entry.key))


def _regex(pattern: str) -> str:
    """What stands between two asterisks is looked for once, as early as it can be: no backtracking over many."""
    pieces = ["".join("." if letter == "?" else re.escape(letter) for letter in part) for part in pattern.split("*")]
    if len(pieces) == 1:
        return pieces[0]
    head, *inner, tail = pieces
    return head + "".join(f"(?>.*?{piece})" for piece in inner) + ".*" + tail
