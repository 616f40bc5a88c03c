"""The words of an index that begin with some letters, in most documents first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.segment.reader import Reader

Array = NDArray[Any]

# Terms of a segment looked at first, and how many times more each next time.
_FIRST, _MORE = 128, 8


class _Sizes(NamedTuple):
    """Of some terms of each segment: their first rank, how many documents each has, and their order by that."""

    first: list[int]
    sizes: list[Array]
    order: list[Array]

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (*self.sizes, *self.order))


def _sizes(prefix: str, reader: Reader) -> _Sizes:
    ranks = [segment.forms.beginning(prefix) for segment in reader.segments]
    sizes = [segment.forms.sizes(these) for segment, these in zip(reader.segments, ranks, strict=True)]
    order = [np.argsort(-size.astype(np.int32), kind="stable").astype(np.int32) for size in sizes]
    return _Sizes([these.start for these in ranks], sizes, order)


def beginning(prefix: str, reader: Reader) -> Iterator[str]:
    """Keys of forms that begin with the prefix, by falling number of documents, deleted ones too; then the shorter.

    Of each segment only the most frequent terms are looked up, as long as no other word can be as frequent as what is
    given: the threshold algorithm (Fagin, Lotem and Naor, JCSS 66(4), 2003).
    """
    first, sizes, order = reader.worked_out.get(("sizes", prefix), lambda: _sizes(prefix, reader))
    counts: dict[str, int] = {}
    given = 0
    for step in count():
        depth = _FIRST * _MORE**step
        for segment, rank, rows in zip(reader.segments, first, order, strict=True):
            for row in rows[:depth].tolist():
                if (key := segment.forms.term(rank + row).partition("\t")[0]) not in counts:
                    counts[key] = sum(each.words.of_key(key) for each in reader.segments)
        # a key that was not met has a term below the depth for each of its languages
        most = sum(int(size[rows[depth]]) for size, rows in zip(sizes, order, strict=True) if len(rows) > depth)
        most *= len(reader.languages)
        ready = sorted(counts, key=lambda key: (-counts[key], len(key), key))
        sure = [key for key in ready if counts[key] > most]
        yield from sure[given:]
        given = len(sure)
        if not most:
            return
