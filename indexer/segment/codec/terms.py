"""A segment's lexicons and postings as Whoosh reads them.

| field | terms | weight |
| --- | --- | --- |
| text, title | entries as `terms.encode` writes them; with positions | places |
| lemma | lemmas | expected frequency, title twice |
| lang, date, path, ext, field («name=value») | keywords | 1 |
| id | ids | 1 |

All counts are of live documents: a term that only deleted documents have is not there. The length of a document, for
whichever field, is that of its text and title together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from indexer.segment.cache import Cache
from indexer.segment.codec.matcher import Postings, PostingsMatcher
from indexer.segment.codec.schema import KEYWORDS, escaped
from indexer.segment.keywords import keyword
from indexer.segment.lexicon import PAGE, Lexicon
from indexer.segment.postings import SHARE, in_text, in_title
from indexer.segment.reader import lexicon_list
from indexer.segment.segment import Segment

Array = NDArray[Any]
Weigh = Callable[[Array], Array]

# Bytes of lists that are kept decoded, for each field of each segment.
_MEMORY = 4 << 20


class Field:
    """The terms of one field of a segment, in order."""

    def find(self, term: str) -> Postings | None:
        """The postings of a term; None where no live document has it."""
        raise NotImplementedError

    def starting(self, term: str) -> Iterator[str]:
        """The terms from this one on."""
        raise NotImplementedError


class LexiconField(Field):
    """A field whose terms stand in a lexicon; `weigh` says how much of the field each value of a posting is."""

    def __init__(
        self, segment: Segment, lexicon: Lexicon, weigh: Weigh, prefix: str = "", title: bool | None = None
    ) -> None:
        self._segment = segment
        self._lexicon = lexicon
        self._weigh = weigh
        self._prefix = prefix
        self._title = title  # whether its places are those of the title; None: it has none
        self._lists: Cache[Postings] = Cache(_MEMORY, lambda found: found.nbytes)
        self._last: tuple[int, Postings] | None = None

    def _of(self, rank: int) -> Postings:
        # Whoosh asks several times for one list: the last one is kept, however long it is
        last = self._last
        if last is None or last[0] != rank:
            last = self._last = rank, self._lists.get(rank, lambda: self._decoded(rank))
        return last[1]

    def _decoded(self, rank: int) -> Postings:
        documents, values = lexicon_list(self._lexicon, rank)
        weights = self._weigh(values).astype(float)
        kept = weights > 0
        if (alive := self._segment.alive(documents)) is not None:
            kept &= alive
        lengths = self._segment.documents.lengths
        places = None if self._title is None else (lambda: self._places(rank, kept))
        return Postings(documents[kept], weights[kept], lengths, places)

    def _places(self, rank: int, kept: Array) -> tuple[Array, Array]:
        """How many places each document kept has in this field, and the places."""
        documents, values = lexicon_list(self._lexicon, rank)
        at, row = self._lexicon.page(rank // PAGE).row(rank % PAGE)
        text, counts = in_text(values), in_text(values) + in_title(values)
        positions = self._lexicon.lists.positions(at, row, counts, self._segment.documents.lengths[documents])
        of_title = np.arange(len(positions)) >= np.repeat(np.cumsum(counts) - counts + text, counts)
        mine = np.repeat(kept, counts) & (of_title == self._title)
        return self._weigh(values)[kept], positions[mine]

    def find(self, term: str) -> Postings | None:
        """The postings of a term; None where no live document has it."""
        rank = self._lexicon.find(self._prefix + term)
        return None if rank is None else self._of(rank) or None

    def starting(self, term: str) -> Iterator[str]:
        """The terms from this one on."""
        first = self._lexicon.rank(self._prefix + term)
        ranks = range(first, self._lexicon.beginning(self._prefix).stop)
        sure = self._segment.live is None and self._title is None
        for rank, found in zip(ranks, self._lexicon.terms(ranks), strict=True):
            if sure or self._of(rank):
                yield found[len(self._prefix) :]


class IdField(Field):
    """The ids, which are not in a lexicon: found by their hashes, listed from what a hit shows."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def find(self, term: str) -> Postings | None:
        """The one live document of an id."""
        documents, live = self._segment.documents, self._segment.live
        numbers = [number for number in documents.numbers(term) if live is None or live[number]]
        return Postings(np.array(numbers, np.int64), np.ones(len(numbers)), documents.lengths) if numbers else None

    @cached_property
    def _terms(self) -> list[str]:
        documents, live = self._segment.documents, self._segment.live
        numbers = range(len(documents)) if live is None else np.flatnonzero(live).tolist()
        return sorted({documents.head(number)["id"] for number in numbers})

    def starting(self, term: str) -> Iterator[str]:
        """The ids from this one on."""
        return iter(self._terms[bisect_left(self._terms, term) :])


class Cursor(base.FieldCursor):
    """A place among the terms of a field."""

    def __init__(self, field: Field, fieldobj: Any) -> None:
        self._field = field
        self._fieldobj = fieldobj
        self.first()

    def first(self) -> str | None:
        """To the first term."""
        return self.find("")

    def find(self, term: str | bytes) -> str | None:
        """To the first term that is not before this one."""
        self._rest = self._field.starting(term.decode() if isinstance(term, bytes) else escaped(self._fieldobj, term))
        return self.next()

    def next(self) -> str | None:
        """To the next term."""
        self._term = next(self._rest, None)
        return self.text()

    def text(self) -> str | None:
        """The term; None behind the last."""
        return None if self._term is None else self._fieldobj.from_bytes(self._term.encode())

    term = text

    def term_info(self) -> TermInfo | None:
        """What is known of the term."""
        found = None if self._term is None else self._field.find(self._term)
        return found and info(found)

    def is_valid(self) -> bool:
        """Whether it stands at a term."""
        return self._term is not None


def info(postings: Postings) -> TermInfo:
    """What Whoosh knows of a term."""
    return TermInfo(
        weight=float(postings.weights.sum()),
        df=len(postings),
        minlength=int(postings.lengths.min()),
        maxlength=int(postings.lengths.max()),
        maxweight=float(postings.weights.max()),
        minid=postings.ids[0],
        maxid=postings.ids[-1],
    )


class TermsReader(base.TermsReader):
    """The terms of a segment, field by field."""

    def __init__(self, segment: Segment) -> None:
        found: dict[str, Field] = {
            "text": LexiconField(segment, segment.forms, in_text, title=False),
            "title": LexiconField(segment, segment.forms, in_title, title=True),
            "lemma": LexiconField(segment, segment.lemmas, lambda values: values / SHARE),
            "id": IdField(segment),
        }
        for name in KEYWORDS:
            found[name] = LexiconField(segment, segment.keywords, np.ones_like, keyword(name, ""))
        self._fields = dict(sorted(found.items()))

    def _find(self, term: tuple[str, bytes]) -> Postings | None:
        name, text = term
        try:
            return self._fields[name].find(text.decode()) if name in self._fields else None
        except UnicodeDecodeError:  # nothing that is written here
            return None

    def _known(self, fieldname: str, text: bytes) -> Postings:
        if (found := self._find((fieldname, text))) is None:
            raise KeyError((fieldname, text))
        return found

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(term) is not None

    def indexed_field_names(self) -> Sequence[str]:
        """Names of the fields that have terms."""
        return list(self._fields)

    def cursor(self, fieldname: str, fieldobj: Any) -> Cursor:
        """A cursor over the terms of a field."""
        return Cursor(self._fields[fieldname], fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every term."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Every term from one on, through the fields behind too."""
        for name in self._fields:
            if name >= fieldname:
                start = prefix.decode() if name == fieldname else ""
                yield from ((name, term.encode()) for term in self._fields[name].starting(start))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term with what is known of it."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Every term from one on with what is known of it."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """What is known of a term. Raises KeyError."""
        return info(self._known(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often the documents have a term. Raises KeyError."""
        return float(self._known(fieldname, text).weights.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term. Raises KeyError."""
        return len(self._known(fieldname, text))

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> PostingsMatcher:
        """The postings of a term. Raises TermNotFound."""
        if (found := self._find((fieldname, text))) is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return PostingsMatcher(found, format_, (fieldname, text), scorer)
