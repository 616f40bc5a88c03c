"""How many of the documents found have each value of something: year, lang, ext, dir, or a field of the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segment.keywords import keyword, keyword_value
from indexer.segment.reader import Reader

Array = NDArray[Any]
Counted = Iterator[tuple[str, int]]


def facet(name: str, found: Array, reader: Reader) -> dict[str, int]:
    """Value → documents among those found (numbers), the most frequent first; a document may have several values."""
    counts: Counter[str] = Counter()
    for value, count in FACETS[name](found, reader) if name in FACETS else _field(name, found, reader):
        counts[value] += count
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _years(found: Array, reader: Reader) -> Counted:
    counts = np.bincount(reader.column("date")[found] // 10_000)  # a date is 20220109, no date 0
    yield from ((f"{year:04}", int(counts[year])) for year in np.flatnonzero(counts).tolist() if year)


def _folders(found: Array, reader: Reader) -> Counted:
    for path, count in _values("path", "", found, reader):
        yield path.rpartition("/")[0] or ("/" if path.startswith("/") else "."), count


def _field(name: str, found: Array, reader: Reader) -> Counted:
    prefix = f"{name}="
    return ((value.removeprefix(prefix), count) for value, count in _values("field", prefix, found, reader))


def _values(field: str, prefix: str, found: Array, reader: Reader) -> Counted:
    """Values of a keyword that begin with a prefix, a segment at a time: lists of all values are read as one."""
    among = np.zeros(reader.size, np.int64)
    among[found] = 1
    for segment, base in zip(reader.segments, reader.bases, strict=True):
        ranks = segment.keywords.beginning(keyword(field, prefix))
        if ranks:
            terms, lists = segment.keywords.lists_of(ranks.start, ranks.stop, segment.documents.lengths, places=False)
            counts = np.add.reduceat(among[lists.documents + base], np.cumsum(lists.sizes) - lists.sizes)
            yield from ((keyword_value(terms[at]), int(counts[at])) for at in np.flatnonzero(counts).tolist())


# What is asked for by these names; any other is a field of the documents.
FACETS: dict[str, Callable[[Array, Reader], Counted]] = {
    "year": _years,
    "lang": lambda found, reader: _values("lang", "", found, reader),
    "ext": lambda found, reader: _values("ext", "", found, reader),
    "dir": _folders,
}
