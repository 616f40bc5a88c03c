"""What a dictionary says of many forms at once: the only lemma of each, where there is one.

The forms are walked through the dictionary's automaton together. Forms of the same readings mostly end at the same
node, so that it is asked but once how they turn into their lemmas.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexer.analysis.automaton import Array, Automaton, Hits, Words, spelling
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.readings import Readings
from indexer.analysis.strings import Strings
from indexer.arrays import distinct

# In place of the number of a move: the form may be several.
SEVERAL = -1
_UNASKED = -2


class Known(NamedTuple):
    """Of each form in how many spellings the dictionary has it, and the number of its only move; and all of these."""

    spellings: Array
    moves: Array
    hits: Hits


class Lookup:
    """A dictionary, for many forms at a time."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._cells = dictionary.cells
        self.automaton = Automaton(Path(dictionary.path) / "words.dawg", 4)
        self._move_of_node = np.full(len(self.automaton), _UNASKED, np.int32)

    def find(self, forms: Words) -> Known:
        """What the dictionary has of the forms. Of one in several spellings no move is told."""
        hits = self.automaton.find(forms, self._dictionary.swap)
        self._ask(hits.nodes)
        moves = np.full(len(forms.starts), SEVERAL, np.int32)
        moves[hits.words] = self._move_of_node.take(hits.nodes)
        spellings = np.bincount(hits.words, minlength=len(moves))
        moves[spellings > 1] = SEVERAL
        return Known(spellings, moves, hits)

    def readings(self, known: Known, forms: Array) -> Readings:
        """All the readings of some forms, given by their numbers, in pymorphy3's order."""
        number = np.full(len(known.spellings), -1)
        number[forms] = np.arange(len(forms))
        word = number.take(known.hits.words)
        row = np.lexsort((spelling(known.hits.swapped), word))
        row = row[np.searchsorted(word.take(row), 0) :]
        of, values = self.automaton.values_of_each(known.hits.nodes.take(row))
        row, cells = row.take(of), self._cells.number(values)
        return Readings(word.take(row), np.zeros_like(row), cells, np.ones(len(row)), known.hits.swapped.take(row))

    def lemmas(self, forms: Strings, some: Array, moves: Array) -> Strings:
        """What some of the forms, given by their numbers, turn into by moves."""
        return self._cells.moved(self._dictionary.folded_all(forms), some, moves, np.zeros_like(moves))

    def _ask(self, nodes: Array) -> None:
        """Learn the moves of the nodes that are new."""
        nodes = distinct(nodes[self._move_of_node.take(nodes) == _UNASKED])
        if not len(nodes):
            return
        owner, values = self.automaton.values(nodes)
        move = self._cells.move[self._cells.number(values)]
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        least, most = np.minimum.reduceat(move, begins), np.maximum.reduceat(move, begins)
        self._move_of_node[nodes] = np.where(least == most, least, SEVERAL)
