"""The fields of the Whoosh index, and the one posting format.

| field | terms | postings |
| --- | --- | --- |
| text, title | entries (form and language) | positions |
| capital | entries like surnames that are capitalised somewhere | positions where |
| id, lang, path, ext, date, field | the value, name=value | documents |
| lemma, kind | lexicon rows: lemma, P(lemma given form), entry | lexicon records |

Morphology is worked out once per entry, when it is first seen, and kept in records of their own, one a commit:
they are no documents, and the rows of a form that is gone do no harm.

Columns: length in tokens, id, path and date for sorting, and a digest of the content. Stored: the rest.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whoosh import columns, fields, formats

# What the field `kind` says of a record that holds lexicon rows and is no document.
LEXICON = "lexicon"
_POSITION = "I"


class PositionList(formats.Format):
    """Positions as four-byte little-endian integers: no pickle, and the frequency is the length by four."""

    def encode(self, positions: Sequence[int]) -> bytes:
        numbers = array(_POSITION, positions)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers.tobytes()

    def decode_positions(self, data: bytes) -> array[int]:
        numbers = array(_POSITION)
        numbers.frombytes(data)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def decode_frequency(self, data: bytes) -> int:
        return len(data) // 4

    def decode_weight(self, data: bytes) -> float:
        return len(data) / 4


class Postings(fields.FieldType):
    """A field whose value is already analysed: a mapping of term to positions."""

    def __init__(self) -> None:
        super().__init__(PositionList(), None)

    def index(self, value: Mapping[str, Sequence[int]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, encoded positions) for Whoosh's writer."""
        encode = self.format.encode
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), encode(positions)


class Terms(fields.FieldType):
    """A field whose value is the collection of its terms: only which documents have them is kept."""

    def __init__(self, *, sortable: bool = False) -> None:
        super().__init__(formats.Existence(), None, sortable=sortable)

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, nothing) for Whoosh's writer."""
        for term in value:
            yield term.encode(), 1, 1.0, b""

    def to_column_value(self, value: Sequence[str]) -> bytes:
        """What is sorted by: the first and only term."""
        return value[0].encode() if value else b""


def schema() -> fields.Schema:
    """The schema of a new index. One dictionary of stored values keeps what a hit shows."""
    return fields.Schema(
        text=Postings(),
        title=Postings(),
        capital=Postings(),
        lemma=Terms(),
        kind=Terms(),
        id=Terms(sortable=True),
        path=Terms(sortable=True),
        date=Terms(sortable=True),
        lang=Terms(),
        ext=Terms(),
        field=Terms(),
        length=fields.COLUMN(columns.NumericColumn("I")),
        digest=fields.COLUMN(columns.VarBytesColumn()),
        document=fields.STORED(),
    )
