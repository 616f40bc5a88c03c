"""The lexicon and the postings of an open index, as the query layer asks for them.

Nothing here depends on how documents fell into segments: all counts are over the live documents of the index.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from indexer.segment import terms
from indexer.segment.schema import LEXICON
from indexer.segment.terms import Entry

if TYPE_CHECKING:
    from whoosh.reading import IndexReader

FIELDS = ("text", "title")


class Reader:
    """One committed state of the index."""

    def __init__(self, whoosh: IndexReader) -> None:
        self.whoosh = whoosh
        self._lexicons = self.having("kind", [LEXICON])
        self.documents = int(whoosh.doc_count()) - len(self._lexicons)
        self.entries = lru_cache(maxsize=1 << 12)(self._entries)
        self.lemma_rows = lru_cache(maxsize=1 << 12)(self._lemma_rows)

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Terms of a Whoosh field that begin with the prefix, in order."""
        return (bytes(term).decode() for term in self.whoosh.expand_prefix(field, _bytes(prefix)))

    def _entries(self, key: str) -> frozenset[Entry]:
        """Entries of exactly this look-up key."""
        return frozenset(self.scan(terms.key_prefix(key)))

    def scan(self, prefix: str) -> Iterator[Entry]:
        """Entries whose key begins with the prefix; one that is in title and text comes twice."""
        for field in FIELDS:
            yield from map(terms.decode, self.terms(field, prefix))

    def _lemma_rows(self, lemma: str) -> tuple[tuple[Entry, float], ...]:
        """(entry, P(lemma | form)) of every entry that may stand for the lemma."""
        return tuple(map(terms.decode_lemma, self.terms("lemma", terms.key_prefix(lemma))))

    def knows(self, entry: Entry) -> bool:
        """Whether some document of the index had the entry, so that the lexicon has its rows."""
        term = terms.encode(entry).encode()
        return any((field, term) in self.whoosh for field in FIELDS)

    def positions(self, entry: Entry, field: str) -> Iterator[tuple[int, array[int]]]:
        """(document number, positions) of an entry in a field, by document number."""
        term = terms.encode(entry).encode()
        if (field, term) in self.whoosh:
            matcher = self.whoosh.postings(field, term)
            while matcher.is_active():
                yield matcher.id(), matcher.value_as("positions")
                matcher.next()

    def having(self, field: str, values: Iterable[str]) -> set[int]:
        """Numbers of the documents that have one of the terms in the field."""
        found: set[int] = set()
        for value in values:
            term = _bytes(value)
            if (field, term) in self.whoosh:
                found.update(self.whoosh.postings(field, term).all_ids())
        return found

    def capitalised(self, entry: Entry) -> float:
        """The share of the entry's occurrences that begin with a capital, 0 … 1."""
        occurrences = sum(len(at) for field in FIELDS for _, at in self.positions(entry, field))
        capitals = sum(len(at) for _, at in self.positions(entry, "capital"))
        return capitals / occurrences if occurrences else 0.0

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages of the live documents; Russian is always among them."""
        spoken = (name for name in self.terms("lang") if self.whoosh.postings("lang", name.encode()).is_active())
        return tuple(sorted({"ru", *spoken}))

    @cached_property
    def lengths(self) -> Any:
        """Document number → length in tokens, title included."""
        return self.column("length")

    @cached_property
    def average_length(self) -> float:
        """Mean length of the live documents, in tokens; at least 1."""
        lengths = self.lengths
        total: int = sum(lengths[number] for number in self.all_numbers())
        return max(1.0, total / max(1, self.documents))

    def column(self, field: str) -> Any:
        """Document number → the value of a column, "" or 0 where there is none; empty in an empty index."""
        return self.whoosh.column_reader(field) if self.documents else ()

    def number(self, identity: str) -> int | None:
        """The number of the document of this id."""
        return min(self.having("id", [identity]), default=None)

    def stored(self, number: int) -> dict[str, Any]:
        """What was kept of a document: id, text, title, title_at, date, path, lang, fields."""
        kept: dict[str, Any] = json.loads(self.whoosh.stored_fields(number)["document"])
        return kept

    def all_numbers(self) -> Iterable[int]:
        """Numbers of the live documents."""
        return (number for number in self.whoosh.all_doc_ids() if number not in self._lexicons)


def _bytes(text: str) -> bytes:
    """A term as Whoosh keeps it; what is no text, a file name of other bytes, is one that nothing has."""
    return text.encode("utf-8", "surrogatepass")
