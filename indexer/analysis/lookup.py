"""What a dictionary says of many forms at once: the only lemma of each, where there is one.

The forms are walked through the dictionary's automaton together. Forms of the same readings mostly end at the same
node, so that it is asked but once how they turn into their lemmas.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexer.analysis.automaton import Array, Automaton, Words
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.readings import Readings
from indexer.analysis.strings import Strings

# In place of the number of a move: the form may be several.
SEVERAL = -1
_UNASKED = -2


class Known(NamedTuple):
    """Of each form in how many spellings the dictionary has it, the node of one, and the number of its only move."""

    spellings: Array
    nodes: Array
    moves: Array


class Lookup:
    """A dictionary, for many forms at a time."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._cells = dictionary.cells
        self.automaton = Automaton(Path(dictionary.path) / "words.dawg", 4)
        self._move_of_node = np.full(len(self.automaton), _UNASKED, np.int32)

    def find(self, forms: Strings) -> Known:
        """What the dictionary has of the forms. Of one in several spellings no move is told."""
        hits = self.automaton.find(Words(forms.points, forms.starts, forms.ends), self._dictionary.swap)
        self._ask(hits.nodes)
        nodes, moves = np.zeros(len(forms), np.uint32), np.full(len(forms), SEVERAL, np.int32)
        nodes[hits.words] = hits.nodes
        moves[hits.words] = self._move_of_node.take(hits.nodes)
        spellings = np.bincount(hits.words, minlength=len(forms))
        moves[spellings > 1] = SEVERAL
        return Known(spellings, nodes, moves)

    def readings(self, nodes: Array) -> Readings:
        """All the readings of forms that end at the nodes, each in one spelling."""
        word, values = self.automaton.values_of_each(nodes)
        return Readings(word, np.zeros_like(word), self._cells.number(values), np.ones(len(word)))

    def lemmas(self, forms: Strings, moves: Array) -> Strings:
        """What forms turn into by moves."""
        return self._cells.moved(self._dictionary.folded_all(forms), moves, np.zeros_like(moves))

    def _ask(self, nodes: Array) -> None:
        """Learn the moves of the nodes that are new."""
        nodes = np.unique(nodes[self._move_of_node.take(nodes) == _UNASKED])
        if not len(nodes):
            return
        owner, values = self.automaton.values(nodes)
        move = self._cells.move[self._cells.number(values)]
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        least, most = np.minimum.reduceat(move, begins), np.maximum.reduceat(move, begins)
        self._move_of_node[nodes] = np.where(least == most, least, SEVERAL)
