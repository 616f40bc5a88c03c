"""Many words that a pymorphy3 dictionary does not have, read by those that it has: `guesses`, for the plain ones.

Plain is a word of one piece that begins with no known prefix. It is read as any prefix before a known word together
with the words of the same ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.analysis.automaton import Array, Automaton, Words, spelling
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.guesses import ANY_PREFIX, ENDING, LONGEST_PREFIX, REST, SHORTEST_BY_ENDING
from indexer.analysis.numbering import first_seen
from indexer.analysis.readings import Readings
from indexer.analysis.strings import Strings

# Letters from the end, of which it is kept in the key of a reading how they are spelled.
LONGEST = 20
# So many words at a time: in the key of a reading there are 17 bits for the word, and readings take memory.
MOST = 1 << 15


class Analogy:
    """What the endings of words and what follows their first letters tell."""

    def __init__(self, dictionary: Dictionary, known: Automaton, prefixes: Sequence[str], longest_suffix: int) -> None:
        """`known`: the words of the dictionary; `prefixes`: those of its paradigms, each with endings of its own."""
        self._cells, self._swap, self._known = dictionary.cells, dictionary.swap, known
        folder = Path(dictionary.path)
        # the longest prefix first, the empty one last
        self._endings = [
            (prefix, Automaton(folder / f"prediction-suffixes-{number}.dawg", 8))
            for number, prefix in reversed([*enumerate(prefixes)])
        ]
        self._longest_suffix = longest_suffix

    def readings(self, forms: Strings) -> Readings:
        """The readings of at most MOST words of at most LONGEST letters."""
        words = Words.of(forms)
        one, cut, cell, spelt = self._after_prefixes(words)
        two, by_ending, spelt_ending, score = self._by_ending(words)
        word, cell, spelt = (np.concatenate(pair) for pair in ((one, two), (cell, by_ending), (spelt, spelt_ending)))
        key = (word << LONGEST | spelt.astype(np.int64)) << 13 | self._cells.kind[cell]
        new, _ = first_seen((key << 13 | self._cells.paradigm[cell]).view(np.uint64))
        ending = np.arange(len(word)) >= len(one)
        scores = np.concatenate((np.full(len(one), ANY_PREFIX), score))
        order = new[np.lexsort((np.where(ending, -scores, 0)[new], ending[new], word[new]))]
        cuts = np.concatenate((cut, np.zeros_like(two)))
        return Readings(word[order], cuts[order], cell[order], scores[order], spelt[order])

    def _after_prefixes(self, words: Words) -> tuple[Array, Array, Array, Array]:
        """байткод: код. Words, cuts, cells, spellings."""
        lengths = words.ends - words.starts
        pairs = [((lengths >= cut + REST).nonzero()[0], cut) for cut in range(1, 1 + LONGEST_PREFIX)]
        word = np.concatenate([having for having, _ in pairs])
        cut = np.concatenate([np.full(len(having), number) for having, number in pairs])
        hits = self._known.find(Words(words.points, words.starts[word] + cut, words.ends[word]), self._swap)
        order = np.lexsort((spelling(hits.swapped), cut[hits.words], word[hits.words]))
        rest, node, spelt = (column[order] for column in hits)
        row, values = self._known.values_of_each(node)
        cell = self._cells.number(values)
        keep = self._cells.productive[cell]
        row, cell = row[keep], cell[keep]
        return word[rest[row]], cut[rest[row]], cell, spelt[row]

    def _by_ending(self, words: Words) -> tuple[Array, Array, Array, Array]:
        """бутявкать: the words in …вкать. Words, cells, spellings, scores."""
        lengths = words.ends - words.starts
        rows: list[tuple[Array, ...]] = []
        for number, (prefix, endings) in enumerate(self._endings):
            left = (lengths >= SHORTEST_BY_ENDING) & (lengths >= len(prefix))
            for place, letter in enumerate(prefix):
                left &= words.points.take(words.starts + place, mode="clip") == ord(letter)
            for length in range(self._longest_suffix, 0, -1):
                word = (left & (lengths >= length)).nonzero()[0]
                hits = endings.find(Words(words.points, words.ends[word] - length, words.ends[word]), self._swap)
                row, values = endings.values_of_each(hits.nodes)
                cell = self._cells.number(values)
                keep = self._cells.productive[cell]
                row, cell = row[keep], cell[keep]
                count = (values[keep] >> np.uint64(32)).view(np.int64)
                mine = word[hits.words[row]]
                total = np.bincount(mine, count, minlength=len(lengths))
                left &= total == 0
                # pymorphy3 smooths the counts by starting from 1
                score = count / (total + 1)[mine] * ENDING
                rows.append((mine, np.full(len(mine), number), cell, hits.swapped[row], score))
        word, turn, cell, spelt, score = (np.concatenate(column) for column in zip(*rows, strict=True))
        order = np.lexsort((spelling(spelt), turn, word))
        return word[order], cell[order], spelt[order], score[order]
