"""The lexicon and the postings of an open index, as the query layer asks for them.

Nothing here depends on how documents fell into segments: all counts are over the live documents of the index. The
documents are numbered through all segments; numbers of deleted ones are left out of every list.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import distinct
from indexer.segment import postings, terms
from indexer.segment.cache import Cache, remembered
from indexer.segment.collection import Collection
from indexer.segment.keywords import keyword, keyword_value
from indexer.segment.lexicon import Lexicon
from indexer.segment.postings import NO_POSTINGS, Postings
from indexer.segment.segment import Segment
from indexer.segment.terms import Entry

if TYPE_CHECKING:
    from indexer.analysis.vocabulary import Vocabulary

Array = NDArray[Any]

FIELDS = ("text", "title")
# What may be kept of posting lists, of what queries worked out of them, and of texts that were shown, in bytes.
_LISTS, _WORKED_OUT, _TEXTS = 16 << 20, 256 << 20, 64 << 20
_WORDS = 1 << 12
_LEAST = 512


class Frequencies(NamedTuple):
    """Documents, rising, and what each has of something: shapes equal, int64 and float64."""

    documents: Array
    amounts: Array

    @property
    def nbytes(self) -> int:
        """What it takes in memory; that nothing was found is worth remembering too."""
        return int(self.documents.nbytes + self.amounts.nbytes) + _LEAST


NOTHING = Frequencies(np.zeros(0, np.int64), np.zeros(0))


class Reader(Collection):
    """One committed state of the index."""

    def __init__(self, segments: Sequence[Segment], before: Reader | None = None) -> None:
        """`before` is a reader that this one stands in for: what was read of segments that are still there is kept."""
        super().__init__(segments)
        self.entries = remembered(self._entries, _WORDS)
        self.lemma_rows = remembered(self._lemma_rows, _WORDS)
        self.capitalised = remembered(self._capitalised, _WORDS)
        self._having = remembered(self._segments_having, _WORDS)
        self.lemmas_of = remembered(self._lemmas_of, _WORDS)
        self.texts: Cache[Any] = Cache(_TEXTS, lambda found: int(found.nbytes))
        self._lists: Cache[Frequencies] = before._lists if before else Cache(_LISTS, lambda found: found.nbytes)
        self.worked_out: Cache[Any] = Cache(_WORKED_OUT, lambda found: int(found.nbytes))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts that were read whole."""
        from indexer.analysis import russian
        from indexer.analysis.vocabulary import Vocabulary

        return Vocabulary(russian.known)

    # The lexicon

    def _segments_having(self, word: str) -> tuple[tuple[Segment, int], ...]:
        """The segments that may have a word as a key or lemma, each with the number of its first document."""
        pairs = zip(self.segments, self.bases, strict=True)
        return tuple((segment, base) for segment, base in pairs if not segment.words.lacks(word))

    def _entries(self, key: str) -> tuple[Entry, ...]:
        """Entries of exactly this look-up key, in order: what they add is summed, the same in every process."""
        found: set[Entry] = set()
        for segment, _ in self._having(key):
            found.update(map(terms.decode, segment.forms.terms(segment.forms.beginning(terms.key_prefix(key)))))
        return tuple(sorted(found))

    def scan(self, prefix: str, piece: str = terms.KEY_END) -> Iterator[Entry]:
        """Entries whose term begins with a prefix and has a piece; one of several segments comes several times."""
        for segment in self.segments:
            yield from map(terms.decode, segment.forms.having(prefix, piece))

    def _lemma_rows(self, lemma: str) -> tuple[tuple[Entry, float], ...]:
        """(entry, P(lemma | form)) of every entry that may stand for the lemma."""
        found: dict[Entry, float] = {}
        for segment, _ in self._having(lemma):
            if (rank := segment.lemmas.find(lemma)) is not None:
                for form, share in segment.lemmas.kin(rank):
                    found[terms.decode(segment.forms.term(form))] = share
        return tuple(found.items())

    def _lemmas_of(self, entry: Entry) -> tuple[tuple[str, float], ...] | None:
        """(lemma, P(lemma | form)) of an entry, by falling P; None where no segment has it."""
        term, key = terms.encode(entry), entry.key
        for segment, _ in self._having(key):
            if (rank := segment.forms.find(term)) is not None:
                pairs = [(segment.lemmas.term(lemma), share) for lemma, share in segment.forms.kin(rank)]
                return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
        return None

    def lemmas_of_form(self, form: str, language: str) -> tuple[tuple[str, float], ...] | None:
        """The same of a form in a language."""
        return self.lemmas_of(Entry(form, language))

    # Postings

    def lemma(self, lemma: str) -> Frequencies:
        """The documents of a lemma with its expected frequency, title twice."""
        return self._joined("lemma", lemma, lemma)

    def form(self, entry: Entry) -> Frequencies:
        """The documents of an entry with its frequency, title twice."""
        return self._joined("form", terms.encode(entry), entry.key)

    def document_frequency(self, leaf: Hashable, having: Array) -> int:
        """How many documents of the whole index have a leaf of a query; `having` are those of them that are here."""
        del leaf  # a reader of a part of an index looks it up
        return len(having)

    def lemma_frequencies(self, lemmas: Sequence[str]) -> list[int]:
        """How many documents of the whole index have each of some lemmas."""
        return [len(self.lemma(lemma).documents) for lemma in lemmas]

    def _joined(self, kind: str, term: str, word: str) -> Frequencies:
        found = []
        for segment, base in self._having(word):
            # by its file and not by itself, which would keep the files of a segment that is gone
            key = kind, term, segment.info.files["lexicon"]
            documents, amounts = self._lists.get(key, partial(_frequencies, segment, kind, term))
            if len(documents) and (alive := segment.alive(documents)) is not None:
                documents, amounts = documents[alive], amounts[alive]
            if len(documents):
                found.append((base, documents, amounts))
        if not found:
            return NOTHING
        joined = np.empty(sum(len(documents) for _, documents, _ in found), np.int64)
        at = 0
        for base, documents, _ in found:
            np.add(documents, base, out=joined[at : at + len(documents)])
            at += len(documents)
        return Frequencies(joined, np.concatenate([amounts for _, _, amounts in found]))

    def occurrences(self, entries: Sequence[Entry], within: Array | None = None) -> Postings:
        """Every place of some entries in live documents; `lists` are numbers of entries.

        `within` tells of each document whether it is looked into; those deleted must not be.
        """
        found = []
        wanted = sorted((terms.encode(entry), at) for at, entry in enumerate(entries))  # page after page
        for segment, base in zip(self.segments, self.bases, strict=True):
            ranks = [(rank, at) for term, at in wanted if (rank := segment.forms.find(term)) is not None]
            if not ranks:
                continue
            rank, number = np.array(ranks).T
            here = segment.live if within is None else within[base : base + len(segment)]
            part = segment.forms.lists.some(segment.forms.scattered(rank), segment.documents.lengths, here)
            found.append(part._replace(lists=number[part.lists], documents=part.documents + base))
        if len(found) == 1:
            return found[0]
        return Postings(*map(np.concatenate, zip(*found, strict=True))) if found else NO_POSTINGS

    def among(self, documents: Array) -> Among:
        """The places of entries in some documents only."""
        return Among(self, documents)

    def _capitalised(self, entry: Entry) -> float:
        """The share of the entry's occurrences that begin with a capital, 0 … 1."""
        term = terms.encode(entry)
        places = capitals = 0
        for segment in self.segments:
            if (rank := segment.forms.find(term)) is not None:
                documents, values = lexicon_list(segment.forms, rank)
                if (alive := segment.alive(documents)) is not None:
                    values = values[alive]
                places += int(postings.count(values).sum())
                capitals += int(postings.capitals(values).sum())
        return capitals / places if places else 0.0

    # Keywords

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Values of a field that begin with the prefix, in order within a segment; some may have no document left."""
        for segment in self.segments:
            found = segment.keywords.terms(segment.keywords.beginning(keyword(field, prefix)))
            yield from map(keyword_value, found)

    def having(self, field: str, values: Iterable[str]) -> Array:
        """Numbers of the documents that have one of the values in the field, rising."""
        found = []
        wanted = dict.fromkeys(keyword(field, value) for value in values)
        for number, segment in enumerate(self.segments):
            for term in wanted:
                if (rank := segment.keywords.find(term)) is not None:
                    documents, _ = lexicon_list(segment.keywords, rank)
                    alive = segment.alive(documents)
                    found.append((documents if alive is None else documents[alive]) + self.bases[number])
        return distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages of the live documents; Russian is always among them."""
        found = {"ru"}
        for segment in self.segments:
            for rank in segment.keywords.beginning(keyword("lang", "")):
                language = keyword_value(segment.keywords.term(rank))
                if language not in found and _any_alive(segment, rank):
                    found.add(language)
        return tuple(sorted(found))

    def positions(self, entry: Entry, number: int) -> tuple[tuple[str, list[int]], ...]:
        """(field, positions) of an entry in one document."""
        segment, local = self.place(number)
        if (rank := segment.forms.find(terms.encode(entry))) is None:
            return ()
        at, row = segment.forms.row(rank)
        documents, values = _read(segment.forms, at, row)
        here = int(np.searchsorted(documents, local))
        if here == len(documents) or documents[here] != local:
            return ()
        counts = postings.count(values)
        first, title = int(counts[:here].sum()), int(postings.in_title(values[here : here + 1])[0])
        every = segment.forms.lists.positions(at, row, counts, segment.documents.lengths[documents])
        found = every[first : first + int(counts[here])].tolist()
        text = len(found) - title
        return ("text", found[:text]), ("title", found[text:])


class Among:
    """A reader as `places` needs it, of some documents only."""

    def __init__(self, reader: Reader, documents: Array) -> None:
        self.reader = reader
        self._within = np.zeros(reader.size, bool)
        self._within[documents] = True
        self._found = remembered(self._places, None)

    def _places(self, entry: Entry) -> dict[str, list[tuple[int, list[int]]]]:
        found = self.reader.occurrences([entry], self._within)
        by_field: dict[str, list[tuple[int, list[int]]]] = {field: [] for field in FIELDS}
        end = 0
        for number, text, title in zip(*(column.tolist() for column in found[1:4]), strict=True):
            for field, size in (("text", text), ("title", title)):
                begin, end = end, end + size
                if size:
                    by_field[field].append((number, found.positions[begin:end].tolist()))
        return by_field

    def positions(self, entry: Entry, field: str) -> Iterable[tuple[int, Sequence[int]]]:
        """(document number, positions) of an entry in a field, by document number."""
        return self._found(entry)[field]


def _frequencies(segment: Segment, kind: str, term: str) -> Frequencies:
    """The list of a term in one segment, deleted documents too, in the numbers of the segment."""
    lexicon = segment.lemmas if kind == "lemma" else segment.forms
    if (rank := lexicon.find(term)) is None:
        return NOTHING
    amounts = segment.lemma_amounts if kind == "lemma" else segment.form_amounts
    at, row = lexicon.row(rank)
    documents = lexicon.lists.documents(at, row)
    return Frequencies(documents.astype(np.uint32), amounts[lexicon.lists.codes(at, row)])


def _any_alive(segment: Segment, rank: int) -> bool:
    """Whether a keyword has a live document. Mostly the number of them tells."""
    _, row = segment.keywords.row(rank)
    if row["size"] > segment.info.deleted:
        return True
    alive = segment.alive(lexicon_list(segment.keywords, rank)[0])
    return alive is not None and bool(alive.any())


def lexicon_list(lexicon: Lexicon, rank: int) -> tuple[Array, Array]:
    """(documents, values) of the list of one term in its segment; the values of keywords are their documents."""
    return _read(lexicon, *lexicon.row(rank))


def _read(lexicon: Lexicon, at: dict[str, int], row: dict[str, int]) -> tuple[Array, Array]:
    documents = lexicon.lists.documents(at, row)
    values = lexicon.lists.values
    return documents, documents if values is None else values[lexicon.lists.codes(at, row)]
