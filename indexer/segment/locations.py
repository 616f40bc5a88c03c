"""Where in a long text what stands: its pages or chapters, kept apart from heads and texts, read only for passages.

Two sections, in segments that have a document with locations: `location` has the offsets of the rows, a document
each and one more, in `location.rows`; a row is Zstandard over JSON, a list of [offset in the text, name].
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import zstandard

from indexer.segment.files import Sections, SectionWriter

Locations = Sequence[tuple[int, str]]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(locations: Locations) -> bytes:
    """A row; empty for none."""
    return zstandard.compress(_encode(locations).encode(), 9) if locations else b""


class LocationsWriter:
    """Takes the rows of documents."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._ends = [0]

    def add(self, rows: Iterable[bytes]) -> None:
        """The rows of the next documents."""
        for row in rows:
            self._rows.append(row)
            self._ends.append(self._ends[-1] + len(row))

    def write(self, target: SectionWriter) -> None:
        """The sections, if there is anything in them."""
        if self._ends[-1]:
            target.add("location", np.array(self._ends, np.uint64))
            target.add("location.rows", np.frombuffer(b"".join(self._rows), np.uint8))


def row(sections: Sections, number: int) -> bytes:
    """The row of a document; empty in a segment that has no such sections."""
    if "location" not in sections:
        return b""
    begin, end = sections["location"][number : number + 2].tolist()
    return sections["location.rows"][begin:end].tobytes()


def read(sections: Sections, number: int) -> tuple[tuple[int, str], ...]:
    """The locations of a document."""
    found = row(sections, number)
    return tuple((int(offset), str(name)) for offset, name in json.loads(zstandard.decompress(found))) if found else ()


def at(locations: Locations, offset: int) -> str | None:
    """The name of the place that a character of the text stands in; None before the first."""
    last = bisect_right(locations, offset, key=_offset)
    return locations[last - 1][1] if last else None


def sound(locations: Locations, length: int) -> bool:
    """Whether these are names at rising offsets of a text so long."""
    try:
        offsets = [offset for offset, name in locations if isinstance(offset, int) and isinstance(name, str)]
    except (TypeError, ValueError):
        return False
    rising = all(a < b for a, b in pairwise(offsets))
    return rising and len(offsets) == len(locations) and all(0 <= offset <= length for offset in offsets)


def _offset(location: tuple[int, str]) -> int:
    return location[0]
