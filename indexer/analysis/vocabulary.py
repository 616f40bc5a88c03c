"""The words and stretches of text seen so far: each is looked at once, however often it occurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count, islice

import numpy as np

from indexer.analysis.folding import MAX_FORM
from indexer.analysis.hashing import ABSENT, Hasher, Ints, Keys, Places, Table
from indexer.analysis.shapes import read
from indexer.analysis.spelling import Flags, capitals, spell
from indexer.analysis.stretches import Memo, Stretches
from indexer.analysis.tokens import Known, tokenize

# Addresses and numbers are mostly seen once: stretches are forgotten when they and their parts are this many.
_MOST_STRETCHES = 1 << 19
# Fewer new stretches than these are read sooner one by one than all at once.
_FEW = 32


class Vocabulary:
    """Surface forms seen so far → form ids, which are dense from 0 and depend on nothing but the texts seen.

    `forms[id]` is the folded form, each once: of the texts taken together first those of words, in the order of first
    sight, then those of stretches. Of stretches of several words it keeps the tokens, so it belongs to one
    dictionary: `known` is what the reference tokenizer asks about words divided by a line end. Not for two threads at
    once.
    """

    def __init__(self, known: Known = lambda _: False) -> None:
        self.forms: list[str] = []
        self._known = known
        self._ids: defaultdict[str, int] = defaultdict(count().__next__)
        self._hasher, self._table = Hasher(), Table()
        self._memo = Memo()

    def __len__(self) -> int:
        return len(self.forms)

    def number(self, form: str) -> int | None:
        """The id of a form that was seen."""
        return self._ids.get(form)

    def find(self, text: str, points: Places, start: Places, end: Places, stretch: Places) -> Ints:
        """What each `text[start[i]:end[i]]` is: if one word, twice its form id plus one for a capital.

        Else `-2 - number`, the number of the stretch in `stretches()`, until the next call. `points` are the code
        points of the text; those in `stretch` are stretches, the others are words in basic letters of one script or
        digits.
        """
        if self._memo.size > _MOST_STRETCHES:
            self._table.forget_below(0)
            self._memo = Memo()
        keys = self._hasher.keys(text, points, start, end)
        found = self._table.find(keys)
        new = (found == ABSENT).nonzero()[0]
        if new.size:
            is_stretch = np.zeros(len(start), np.bool_)
            is_stretch[stretch] = True
            at, which = _distinct(keys.take(new))
            at = new.take(at)
            values = self._learn(text, points, start.take(at), end.take(at), is_stretch.take(at))
            self._table.insert(keys.take(at), values)
            found[new] = values.take(which)
        return found

    def stretches(self) -> Stretches:
        """The stretches of several words."""
        return self._memo.stretches()

    def _learn(self, text: str, points: Places, start: Places, end: Places, is_stretch: Flags) -> Ints:
        """Values of distinct surfaces that are new."""
        values = np.empty(len(start), np.int32)
        word, stretch = (~is_stretch).nonzero()[0], is_stretch.nonzero()[0]
        begin = start.take(word)
        forms = spell(points, begin, np.minimum(end.take(word), begin + MAX_FORM))
        values[word] = 2 * self._numbers(forms) + capitals(points.take(begin))
        if len(stretch) >= _FEW:
            reading = read(points, start.take(stretch), end.take(stretch))
            values[stretch[reading.simple]] = ABSENT - 1 - self._memo.add_read(reading, self._numbers)
            stretch = stretch[~reading.simple]
        if stretch.size:
            bounds = zip(start.take(stretch).tolist(), end.take(stretch).tolist(), strict=True)
            tokens = [list(tokenize(text[begin:finish], self._known)) for begin, finish in bounds]
            values[stretch] = ABSENT - 1 - self._memo.add_tokens(tokens, self._numbers)
        return values

    def _numbers(self, forms: Sequence[str]) -> Places:
        """The ids of the forms, old or new."""
        numbers = np.fromiter(map(self._ids.__getitem__, forms), np.int64, len(forms))
        new = len(self._ids) - len(self.forms)
        self.forms.extend([*islice(reversed(self._ids), new)][::-1])
        return numbers


def _distinct(keys: Keys) -> tuple[Places, Places]:
    """Where each distinct key stands first, in the order of the text; and which of these each key is."""
    order = keys.argsort()
    keys = keys.take(order)
    differs = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=differs[1:])
    first = np.minimum.reduceat(order, differs.nonzero()[0])
    by_text = first.argsort()
    rank = np.empty(len(first), np.int64)
    rank[by_text] = np.arange(len(first))
    which = np.empty(len(keys), np.int64)
    which[order] = rank.take(differs.cumsum() - 1)
    return first.take(by_text), which
