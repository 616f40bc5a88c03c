"""What the stretches of several words hold: tokens as rows of tables that grow at their ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from indexer.analysis.hashing import Ints, Places
from indexer.analysis.reading import Reading
from indexer.analysis.strings import Strings, joined
from indexer.analysis.tokens import Token

# The ids of some forms.
Numbers = Callable[[Strings], Ints]


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

    def add_read(self, reading: Reading, numbers: Numbers) -> Places:
        """Adds the simple stretches; gives their numbers here."""
        index = reading.simple.cumsum() - 1
        simple = int(index[-1]) + 1
        parts, wholes = (
            np.bincount(index.take(column[0]), minlength=simple) for column in (reading.word, reading.whole)
        )
        of_whole, of_word = np.split(numbers(joined((reading.wholes, reading.words))), [len(reading.wholes)])
        whole = np.vstack((2 * of_whole + reading.whole[3], reading.whole[[1, 2, 4, 5]]))
        word = np.vstack((2 * of_word + reading.word[3], reading.word[1:3]))
        return self._add(parts, word, wholes, whole)

    def add_tokens(self, stretches: Sequence[Sequence[Token]], numbers: Numbers) -> Places:
        """Adds stretches with the tokens of each; gives their numbers here."""
        words = [[token for token in tokens if token.kind == "word"] for tokens in stretches]
        wholes = [[token for token in tokens if token.kind != "word"] for tokens in stretches]
        every = [token for tokens in wholes + words for token in tokens]
        number = numbers(Strings.of([token.form for token in every])).tolist()
        rows = [
            (2 * number + token.capital, token.start, token.end, token.position, token.width)
            for number, token in zip(number, every, strict=True)
        ]
        parts, several = _sizes(words), _sizes(wholes)
        whole, word = np.split(np.array(rows, np.int64).reshape(-1, 5).T, [several.sum()], axis=1)
        return self._add(parts, word[:3], several, whole)

    def _add(self, parts: Places, word: Places, wholes: Places, whole: Places) -> Places:
        first = self._extent.size
        part_at = parts.cumsum() - parts + self._part.size
        whole_at = wholes.cumsum() - wholes + self._whole.size
        self._extent.extend(np.array((part_at, parts, whole_at, wholes)))
        self._part.extend(word)
        self._whole.extend(whole)
        return np.arange(first, self._extent.size)


def _sizes(lists: Sequence[Sequence[Token]]) -> Places:
    return np.array([len(each) for each in lists], np.int64)
