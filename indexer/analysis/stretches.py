"""What the stretches of several words hold: tokens as rows of tables that grow at their ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from indexer.analysis.hashing import Ints, Places
from indexer.analysis.reading import Reading


class Stretches(NamedTuple):
    """What the reference tokenizer makes of the stretches that are not just letters and digits.

    All are int32; the rows stand for: of s stretches, their first part, number of parts, first whole, number of
    wholes; of p parts and w wholes, twice the form id plus one for a capital, then the start and end in the stretch,
    and of wholes the first part, counted within the stretch, and the width.
    """

    extent: Ints  # [4, at least s]
    part: Ints  # [3, at least p]
    whole: Ints  # [5, at least w]


class _Table:
    """Columns that grow at their end."""

    def __init__(self, width: int) -> None:
        self.size = 0
        self.columns: Ints = np.empty((width, 256), np.int32)

    def extend(self, new: Places) -> None:
        """Adds columns; behind the last one may be room."""
        size = self.size + new.shape[1]
        if size > self.columns.shape[1]:
            grown = np.empty((len(self.columns), 2 * size), np.int32)
            grown[:, : self.size] = self.columns[:, : self.size]
            self.columns = grown
        self.columns[:, self.size : size] = new
        self.size = size


class Memo:
    """The stretches seen so far, numbered from 0."""

    def __init__(self) -> None:
        self._extent, self._part, self._whole = _Table(4), _Table(3), _Table(5)

    @property
    def size(self) -> int:
        """How many rows are kept, but for wholes, which are fewer."""
        return self._extent.size + self._part.size

    def stretches(self) -> Stretches:
        """All of them."""
        return Stretches(self._extent.columns, self._part.columns, self._whole.columns)

    def add(self, reading: Reading, wholes: Ints, words: Ints) -> Places:
        """Adds the simple stretches, the forms of whose tokens have these ids; gives their numbers here."""
        index = reading.simple.cumsum() - 1
        simple = int(index[-1]) + 1
        parts, several = (
            np.bincount(index.take(column[0]), minlength=simple) for column in (reading.word, reading.whole)
        )
        first = self._extent.size
        part_at = parts.cumsum() - parts + self._part.size
        whole_at = several.cumsum() - several + self._whole.size
        self._extent.extend(np.array((part_at, parts, whole_at, several)))
        self._part.extend(np.vstack((2 * words + reading.word[3], reading.word[1:3])))
        self._whole.extend(np.vstack((2 * wholes + reading.whole[3], reading.whole[[1, 2, 4, 5]])))
        return np.arange(first, self._extent.size)
