"""What a dictionary says of many forms at once: the only lemma of each, where there is one.

The forms are walked through the dictionary's automaton together. Forms of the same readings mostly end at the same
node, so that it is asked but once how they turn into their lemmas.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.analysis.automaton import Array, Automaton
from indexer.analysis.dictionary import Dictionary, Move

# In place of the number of a move: the form is not there; it may be several, or stands there in several spellings.
ABSENT, SEVERAL = -1, -2
_UNASKED = -3
_BREAK = ord("\n")


class Lookup:
    """A dictionary, for many forms at a time."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._words = Automaton(Path(dictionary.path) / "words.dawg", 4)
        self._move_of_node = np.full(len(self._words), _UNASKED, np.int32)
        self._moves: list[Move] = []
        self._numbers: dict[int, int] = {}  # by the identity of a move
        # A cell is an index in a paradigm: one paradigm after another.
        self._first = np.cumsum([0, *dictionary.sizes])
        self._move_of_cell = np.full(self._first[-1], _UNASKED, np.int32)

    def moves(self, forms: Sequence[str]) -> Array:
        """The number of the move of each form, for `lemmas`, or ABSENT or SEVERAL. The forms have no line break."""
        points = np.frombuffer("\n".join(["", *forms, ""]).encode("utf-16-le"), "<u2")
        breaks = (points == _BREAK).nonzero()[0]
        form, node = self._words.find(points, breaks[:-1] + 1, breaks[1:], self._dictionary.swap)
        self._ask(node)
        found = np.full(len(forms), ABSENT, np.int32)
        found[form] = self._move_of_node.take(node)
        form.sort()
        found[form[1:][form[1:] == form[:-1]]] = SEVERAL
        return found

    def lemmas(self, forms: Sequence[str], moves: Array) -> list[str]:
        """What forms turn into by moves."""
        known = self._moves
        folded = self._dictionary.folded("\n".join(forms)).split("\n") if forms else []
        turned = zip(folded, [known[move] for move in moves.tolist()], strict=True)
        return [before + form[stem] + after for form, (stem, before, after) in turned]

    def _ask(self, nodes: Array) -> None:
        """Learn the moves of the nodes that are new."""
        nodes = np.unique(nodes[self._move_of_node.take(nodes) == _UNASKED])
        if not len(nodes):
            return
        owner, values = self._words.values(nodes)
        move = self._of_cells(*values.view(">u2").T.astype(np.int64))
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        least, most = np.minimum.reduceat(move, begins), np.maximum.reduceat(move, begins)
        self._move_of_node[nodes] = np.where(least == most, least, SEVERAL)

    def _of_cells(self, paradigm: Array, index: Array) -> Array:
        """The moves of some forms of paradigms."""
        cell = self._first.take(paradigm) + index
        new = self._move_of_cell.take(cell) == _UNASKED
        for number in np.unique(paradigm[new]).tolist():
            begin, end = self._first[number : number + 2]
            self._move_of_cell[begin:end] = [*map(self._number, self._dictionary.paradigm(number)[0])]
        return self._move_of_cell.take(cell)

    def _number(self, move: Move) -> int:
        number = self._numbers.setdefault(id(move), len(self._moves))
        if number == len(self._moves):
            self._moves.append(move)
        return number
