"""A segment's documents as Whoosh reads them: columns, lengths, stored fields, and which are deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader

from indexer.segment.codec.schema import SCORED
from indexer.segment.segment import Segment

Array = NDArray[Any]


class Values(ColumnReader):
    """A column in memory."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._sign = 1

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, number: int) -> Any:
        return self._values[number]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def sort_key(self, number: int) -> Any:
        """What the document is sorted by."""
        return self[number] if self._sign > 0 else -self[number]

    def set_reverse(self) -> None:
        """Sort the other way round; asked of numbers only."""
        self._sign = -1


class PerDocumentReader(base.PerDocumentReader):
    """Columns, lengths and stored fields of the documents of a segment."""

    def __init__(self, segment: Segment, schema: Any) -> None:
        self._segment = segment
        self._schema = schema
        self._columns: dict[str, Sequence[Any]] = {}

    def doc_count(self) -> int:
        """Live documents."""
        return self.doc_count_all() - self._segment.info.deleted

    def doc_count_all(self) -> int:
        """All documents."""
        return len(self._segment)

    def has_deletions(self) -> bool:
        """Whether any document is deleted."""
        return self._segment.live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted; Whoosh also asks for the one behind the last."""
        live = self._segment.live
        return live is not None and docnum < len(live) and not live[docnum]

    def deleted_docs(self) -> Iterator[int]:
        """The documents that are deleted."""
        return iter(() if self._segment.live is None else np.flatnonzero(~self._segment.live).tolist())

    def all_doc_ids(self) -> Iterator[int]:
        """The documents that are not."""
        live = self._segment.live
        return iter(range(len(self._segment)) if live is None else np.flatnonzero(live).tolist())

    def supports_columns(self) -> bool:
        """There are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether a field is one."""
        return fieldname in self.list_columns()

    def list_columns(self) -> list[str]:
        """The fields that are."""
        return [name for name, field in self._schema.items() if field.column_type]

    def column_reader(self, fieldname: str, column: Column) -> Values:  # noqa: ARG002
        """A column: made of what a hit shows when it is first asked for."""
        if fieldname not in self._columns:
            documents = self._segment.documents
            if fieldname == "length":
                self._columns[fieldname] = documents.lengths.tolist()
            else:
                to_bytes = self._schema[fieldname].to_bytes
                heads = map(documents.head, range(len(documents)))
                self._columns[fieldname] = [to_bytes(head[fieldname] or "") for head in heads]
        return Values(self._columns[fieldname])

    @cached_property
    def _lengths(self) -> Array:
        lengths, live = self._segment.documents.lengths, self._segment.live
        return lengths if live is None else lengths[live]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Tokens of a document, text and title together."""
        return int(self._segment.documents.lengths[docnum]) if fieldname in SCORED else default

    def field_length(self, fieldname: str) -> int:
        """Tokens of the live documents."""
        return self._segment.tokens if fieldname in SCORED else 0

    def min_field_length(self, fieldname: str) -> int:
        """Tokens of the shortest live document."""
        return int(self._lengths.min()) if fieldname in SCORED else 0

    def max_field_length(self, fieldname: str) -> int:
        """Tokens of the longest live document."""
        return int(self._lengths.max()) if fieldname in SCORED else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """A document as it was added; what it does not have is left out."""
        documents = self._segment.documents
        kept = {**documents.head(docnum), "text": documents.text(docnum)}
        del kept["title_at"]
        return {name: value for name, value in kept.items() if value is not None}
