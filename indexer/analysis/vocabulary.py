"""The words and stretches of text seen so far: each is looked at once, however often it occurs."""

from __future__ import annotations

import numpy as np

from indexer.analysis.folding import MAX_FORM
from indexer.analysis.hashing import ABSENT, Ints, Keys, Letters, Places, Points
from indexer.analysis.numbering import Numbering, first_seen
from indexer.analysis.reading import Reading
from indexer.analysis.shapes import read
from indexer.analysis.spelling import Flags, capitals, spell
from indexer.analysis.stretches import Memo, Stretches
from indexer.analysis.strings import Strings, joined
from indexer.analysis.tokens import Known, tokenize
from indexer.arrays import edges

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
        self._known = known
        self._ids = Numbering()
        # Words by their forms' keys and, where they are written otherwise, by their own; stretches by what is left of
        # two to the 64th, as one may be written like a form.
        self._hasher, self._table = self._ids.hasher, self._ids.table
        self._memo = Memo()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def forms(self) -> Strings:
        """The forms by id; it grows."""
        return self._ids.strings

    def find(self, text: str, letters: Letters, start: Places, end: Places, stretch: Places) -> Ints:
        """What each `text[start[i]:end[i]]` is: if one word, twice its form id plus one for a capital.

        Else `-2 - number`, the number of the stretch in `stretches()`, until the next call. `letters` are those
        of the text; those in `stretch` are stretches, the others are words in basic letters of one script or
        digits.
        """
        if self._memo.size > _MOST_STRETCHES:
            self._table.forget_below(0)
            self._memo = Memo()
        keys = self._hasher.keys(letters, start, end)
        keys[stretch] = ~keys[stretch]
        found = self._table.find(keys)
        new = (found == ABSENT).nonzero()[0]
        if new.size:
            is_stretch = np.zeros(len(start), np.bool_)
            is_stretch[stretch] = True
            at, which = first_seen(keys.take(new))
            at = new.take(at)
            values = self._learn(text, letters.points, keys.take(at), start.take(at), end.take(at), is_stretch.take(at))
            found[new] = values.take(which)
        return found

    def stretches(self) -> Stretches:
        """The stretches of several words."""
        return self._memo.stretches()

    def _learn(self, text: str, points: Points, keys: Keys, start: Places, end: Places, is_stretch: Flags) -> Ints:
        """Values of distinct surfaces that are new; now they are known."""
        values = np.empty(len(start), np.int32)
        word, stretch = (~is_stretch).nonzero()[0], is_stretch.nonzero()[0]
        first = start.take(word)
        forms = [spell(points, first, np.minimum(end.take(word), first + MAX_FORM))]
        readings: list[tuple[Places, Reading]] = []
        if len(stretch) >= _FEW:
            reading = read(points, start.take(stretch), end.take(stretch))
            readings.append((stretch[reading.simple], reading))
            stretch = stretch[~reading.simple]
        if stretch.size:
            bounds = zip(start.take(stretch).tolist(), end.take(stretch).tolist(), strict=True)
            tokens = [list(tokenize(text[begin:finish], self._known)) for begin, finish in bounds]
            readings.append((stretch, Reading.of(tokens)))
        for _, reading in readings:
            forms += reading.wholes, reading.words
        every = joined(forms)
        of_forms = self._hasher.keys(Letters.of(every.points), every.starts, every.ends)
        of_words, *others = np.split(self._ids.of_keys(of_forms, every), edges(np.array([*map(len, forms)]))[1:-1])
        values[word] = 2 * of_words + capitals(points.take(first))
        for (at, reading), wholes, words in zip(readings, others[::2], others[1::2], strict=True):
            values[at] = ABSENT - 1 - self._memo.add(reading, wholes, words)
        # Most words are written as their forms, which are known by the same keys.
        is_stretch[word] = keys.take(word) != of_forms[: len(word)]
        other = is_stretch.nonzero()[0]
        self._table.insert(keys.take(other), values.take(other))
        return values
