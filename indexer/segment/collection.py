"""The documents of an open index, numbered through all its segments; those deleted have numbers too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import find
from indexer.segment.cache import remembered
from indexer.segment.documents import hashed
from indexer.segment.segment import Segment

Array = NDArray[Any]

# So few ids are looked up sooner one by one than together.
_FEW = 8
_HEADS = 1 << 13  # of documents, kept in memory: some 600 bytes each


class Collection:
    """The documents of one committed state of the index."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = list(segments)
        *self.bases, self.size = accumulate(map(len, self.segments), initial=0)
        self.documents = sum(segment.info.documents - segment.info.deleted for segment in self.segments)
        self.head = remembered(self._head, _HEADS)

    @cached_property
    def lengths(self) -> Array:
        """Length of every document in tokens, title included; deleted ones too."""
        return self.column("length")

    def column(self, name: str) -> Array:
        """A column of numbers of all documents, deleted ones too."""
        parts = [segment.documents.sections[name] for segment in self.segments]
        return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.zeros(0, np.uint32)

    @cached_property
    def average_length(self) -> float:
        """Mean length of the live documents, in tokens; at least 1."""
        return max(1.0, sum(segment.tokens for segment in self.segments) / max(1, self.documents))

    @cached_property
    def live(self) -> Array:
        """Numbers of the live documents, rising."""
        numbers = [
            (np.arange(len(segment)) if segment.live is None else np.flatnonzero(segment.live)) + base
            for segment, base in zip(self.segments, self.bases, strict=True)
        ]
        return np.concatenate(numbers) if numbers else np.zeros(0, np.int64)

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment of a document and its number there."""
        at = bisect_right(self.bases, number) - 1
        return self.segments[at], number - self.bases[at]

    def number(self, identity: str) -> int | None:
        """The number of the live document of this id."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            for found in segment.documents.numbers(identity):
                if segment.live is None or segment.live[found]:
                    number: int = base + found
                    return number
        return None

    def numbers(self, identities: Sequence[str]) -> list[int | None]:
        """The same of many ids, most of which are in no segment."""
        if len(identities) < _FEW:
            return [*map(self.number, identities)]
        hashes = np.array([hashed(identity) for identity in identities], np.uint64)
        some = np.zeros(len(hashes), bool)
        for segment in self.segments:
            some |= find(segment.documents.sections["hash.sorted"], hashes)[1]
        return [
            self.number(identity) if maybe else None for identity, maybe in zip(identities, some.tolist(), strict=True)
        ]

    def _head(self, number: int) -> Mapping[str, Any]:
        """What was kept of a document without its text: id, title, title_at, date, path, lang, fields."""
        segment, local = self.place(number)
        return segment.documents.head(local)

    def words(self, number: int) -> int:
        """How many tokens the text of a document has."""
        segment, local = self.place(number)
        return int(segment.documents.sections["words"][local])

    def chars(self, number: int) -> int:
        """How many characters it has."""
        segment, local = self.place(number)
        return segment.documents.chars(local)

    def checkpoints(self, number: int) -> tuple[Array, Array]:
        """(positions, offsets) of the places in it where the tokenizer may begin."""
        segment, local = self.place(number)
        return segment.documents.checkpoints(local)

    def text(self, number: int, start: int = 0, end: int | None = None) -> str:
        """The text of a document, or the characters start … end of it."""
        segment, local = self.place(number)
        return segment.documents.text(local, start, end)

    @cached_property
    def has_locations(self) -> bool:
        """Whether documents with pages or chapters may be among these."""
        return any("location" in segment.documents.sections for segment in self.segments)

    def locations(self, number: int) -> tuple[tuple[int, str], ...]:
        """The pages or chapters of a document, as they were given."""
        segment, local = self.place(number)
        return segment.documents.locations(local)


def own_fields(head: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a document for somebody who may do what he likes with them: its head is kept."""
    fields = head["fields"]
    return {name: [*value] if isinstance(value, list) else value for name, value in fields.items()} if fields else {}
