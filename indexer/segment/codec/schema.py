"""The fields of an index as a schema of Whoosh. It is the same for every index, so that nothing of it is on disk."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from typing import Any

from whoosh import fields
from whoosh.analysis import IDTokenizer, LowercaseFilter
from whoosh.columns import NumericColumn
from whoosh.formats import Existence, Format
from whoosh.query import Prefix

from indexer.analysis.folding import fold, key
from indexer.segment import terms
from indexer.segment.keywords import keyword, keyword_value

# Fields whose terms are scored; the others are for filters.
SCORED = ("text", "title", "lemma")
KEYWORDS = ("lang", "date", "path", "ext", "field")


class Positions(Format):
    """Positions as four-byte little-endian integers."""

    def encode(self, positions: Sequence[int]) -> bytes:
        """Positions as bytes."""
        return _little_endian(array("I", positions)).tobytes()

    def decode_positions(self, data: bytes) -> list[int]:
        """Bytes as positions."""
        numbers = array("I")
        numbers.frombytes(data)
        return _little_endian(numbers).tolist()

    def decode_frequency(self, data: bytes) -> int:
        """How many positions there are."""
        return len(data) // 4

    def decode_weight(self, data: bytes) -> float:
        """The same."""
        return len(data) / 4


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class Amount(Format):
    """An expected frequency as an eight-byte float."""

    posting_size = 8

    def encode(self, amount: float) -> bytes:
        """A number as bytes."""
        return struct.pack("<d", amount)

    def decode_weight(self, data: bytes) -> float:
        """Bytes as a number."""
        return float(struct.unpack("<d", data)[0])

    decode_frequency = decode_weight


class Forms(fields.FieldType):
    """Lexicon entries. A word typed in a query means every entry of its look-up key."""

    def __init__(self, *, stored: bool) -> None:
        super().__init__(Positions(), None, scorable=True, stored=stored)

    def self_parsing(self) -> bool:
        """Whoosh's parser leaves the words to us."""
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Prefix:
        """The entries of a word, scored each by itself."""
        return Prefix(fieldname, terms.key_prefix(key(fold(qstring))), boost=boost, constantscore=False)


class Keywords(fields.FieldType):
    """Values that are filtered by; in a term a line break is written as two characters."""

    def __init__(self, *, sortable: bool = False, stored: bool = False) -> None:
        super().__init__(Existence(), IDTokenizer(), stored=stored, sortable=sortable)

    def to_bytes(self, value: Any) -> bytes:
        """A value as a term; bytes are one already."""
        if isinstance(value, list | tuple):
            value = value[0]
        return value if isinstance(value, bytes) else keyword("", str(value))[1:].encode()

    def from_bytes(self, bs: bytes) -> str:
        """The value of a term."""
        return keyword_value("\t" + bs.decode())


def escaped(field: fields.FieldType, text: str) -> str:
    """A value as the text of a term."""
    return keyword("", text)[1:] if isinstance(field, Keywords) else text


def schema() -> fields.Schema:
    """The schema."""
    return fields.Schema(
        text=Forms(stored=True),
        title=Forms(stored=True),
        lemma=fields.FieldType(Amount(), IDTokenizer() | LowercaseFilter(), scorable=True),
        id=fields.FieldType(Existence(), IDTokenizer(), stored=True, unique=True, sortable=True),
        lang=Keywords(sortable=True, stored=True),
        date=Keywords(sortable=True, stored=True),
        path=Keywords(sortable=True, stored=True),
        ext=Keywords(),
        field=Keywords(),
        length=fields.COLUMN(NumericColumn("I")),
        fields=fields.STORED(),
    )
