"""Documents → units: the analysis of a local index, written as text that a whitespace tokenizer takes apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import russian
from indexer.analysis.batch import Tokens
from indexer.analysis.detection import Votes
from indexer.analysis.vocabulary import Vocabulary
from indexer.opensearch.tokens import BETWEEN, NOTHING, terms
from indexer.segment.entries import Entries
from indexer.segment.record import Prepared
from indexer.segment.terms import Entry, decode
from indexer.segment.tokenised import tokenised

Array = NDArray[Any]

# Forms whose units are kept from one batch to the next: about 200 MB.
_MOST_FORMS = 320_000


class Name(NamedTuple):
    """A form of a document that may be a surname: how often it stands there, and how often with a capital."""

    entry: Entry
    places: int
    capitals: int


class Units(NamedTuple):
    """A document in units, those of its text and of its title; its length in positions, the title included."""

    text: str
    title: str
    length: int
    names: list[Name]
    language: str


class _Row(NamedTuple):
    """The tokens of one text in columns, and those of several positions: number of the entry, capital, place."""

    entries: Array
    capitals: Array
    starts: Array
    wholes: Array
    whole_capitals: Array
    whole_at: Array


class Analyser:
    """Analyses batches of documents; what it learnt of words is kept for the next batch."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._vocabulary = Vocabulary(russian.known)
        self._entries, self._votes = Entries(self._vocabulary.forms), Votes(self._vocabulary.forms)
        self._units: list[str] = []  # of the entries, by number
        self._names: dict[int, Entry] = {}  # those of them that may be surnames

    def __call__(self, documents: Sequence[Prepared]) -> list[Units]:
        """The documents in units, in their order."""
        if len(self._vocabulary) > _MOST_FORMS:
            self._forget()
        tokens, owner, languages = tokenised(documents, self._vocabulary, self._votes)
        owners = owner.tolist()
        rows = [self._row(tokens, at, languages[one]) for at, one in enumerate(owners)]
        self._learn()
        titles = dict(zip(owners[len(documents) :], rows[len(documents) :], strict=True))
        return [
            self._written(rows[number], titles.get(number), each, languages[number])
            for number, each in enumerate(documents)
        ]

    def _row(self, tokens: Tokens, text: int, language: str) -> _Row:
        low, high = tokens.first[text : text + 2].tolist()
        first, last = np.searchsorted(tokens.whole_token, (low, high)).tolist()
        return _Row(
            self._entries.of_words(tokens.form[low:high], language),
            tokens.capital[low:high],
            tokens.start[low:high],
            self._entries.of_wholes(tokens.whole_form[first:last], tokens.whole_width[first:last], language),
            tokens.whole_capital[first:last],
            tokens.whole_token[first:last] - low,
        )

    def _learn(self) -> None:
        """Work out the units of the entries that are new."""
        new = np.arange(len(self._units), len(self._entries))
        if not len(new):
            return
        chosen = self._entries.choose(new)
        ends = np.cumsum(chosen.kin.counts)
        begins = (ends - chosen.kin.counts).tolist()
        lemmas, encoded = chosen.lemmas.some(chosen.kin.ranks).tolist(), chosen.terms.tolist()
        like = self._entries.name_like(new).tolist()
        for number, rank, may_be_name in zip(new.tolist(), chosen.ranks[new].tolist(), like, strict=True):
            entry = decode(encoded[rank])
            self._units.append(BETWEEN.join(terms(entry, lemmas[begins[rank] : ends[rank]], may_be_name)))
            if may_be_name:
                self._names[number] = entry

    def _written(self, text: _Row, title: _Row | None, each: Prepared, language: str) -> Units:
        units, titled = self._of(text), list[str]()
        names = self._counted(text)
        if title is not None:
            titled = self._of(title)
            for entry, name in self._counted(title).items():
                before = names.get(entry, Name(entry, 0, 0))
                names[entry] = Name(entry, before.places + name.places, before.capitals + name.capitals)
        length = len(units) + len(titled)
        if each.title_at[1]:  # at the positions that it has in the text, and there only
            low, high = np.searchsorted(text.starts, each.title_at).tolist()
            titled = [NOTHING] * low + units[low:high]
            units[low:high] = [NOTHING] * (high - low)
        return Units(" ".join(units), " ".join(titled), length, list(names.values()), language)

    def _of(self, row: _Row) -> list[str]:
        units = [self._units[number] for number in row.entries.tolist()]
        for at, number in zip(row.whole_at.tolist(), row.wholes.tolist(), strict=True):
            units[at] += BETWEEN + self._units[number]
        return units

    def _counted(self, row: _Row) -> dict[Entry, Name]:
        """The names of a text."""
        numbers = np.concatenate((row.entries, row.wholes))
        capitals = np.concatenate((row.capitals, row.whole_capitals))
        like = self._entries.name_like(numbers)
        places, capital = Counter(numbers[like].tolist()), Counter(numbers[like & capitals].tolist())
        return {entry: Name(entry, places[at], capital[at]) for at in places if (entry := self._names[at])}
