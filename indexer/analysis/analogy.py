"""Many words that a pymorphy3 dictionary does not have, read by those that it has: `guesses`, for the plain ones.

Plain is a word of one piece that begins with no known prefix. It is read as any prefix before a known word together
with the words of the same ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.analysis.automaton import Array, Automaton, Words
from indexer.analysis.dictionary import Dictionary
from indexer.analysis.guesses import ANY_PREFIX, ENDING, LONGEST_PREFIX, REST, SHORTEST_BY_ENDING
from indexer.analysis.readings import Readings
from indexer.analysis.strings import Strings

# Letters from the end, of which it is kept in the key of a reading how they are spelled.
LONGEST = 20
# So many words at a time: in the key of a reading there are 17 bits for the word, and readings take memory.
MOST = 1 << 14


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
        # A spelling by the bits of its swapped letters, the last in the lowest: first none, then by the first of them.
        spellings = sorted(range(1 << longest_suffix), key=lambda bits: _places(bits, longest_suffix))
        self._rank = np.argsort(spellings)

    def readings(self, forms: Strings) -> tuple[Readings, Array]:
        """The readings of at most MOST words of at most LONGEST letters, and the words that must be read elsewhere."""
        words = Words(forms.points, forms.starts, forms.ends)
        one, cut, cell, spelt, odd = self._after_prefixes(words)
        two, by_ending, spelt_ending, score = self._by_ending(words)
        word, cell, spelt = (np.concatenate(pair) for pair in ((one, two), (cell, by_ending), (spelt, spelt_ending)))
        key = (word << LONGEST | spelt.astype(np.int64)) << 13 | self._cells.kind[cell]
        _, new = np.unique(key << 13 | self._cells.paradigm[cell], return_index=True)
        ending = np.arange(len(word)) >= len(one)
        scores = np.concatenate((np.full(len(one), ANY_PREFIX), score))
        new.sort()
        order = new[np.lexsort((np.where(ending, -scores, 0)[new], ending[new], word[new]))]
        cuts = np.concatenate((cut, np.zeros_like(two)))
        return Readings(word[order], cuts[order], cell[order], scores[order]), odd

    def _after_prefixes(self, words: Words) -> tuple[Array, Array, Array, Array, Array]:
        """байткод: код. Words, cuts, cells, spellings; and the words of which a rest has several spellings."""
        lengths = words.ends - words.starts
        pairs = [((lengths >= cut + REST).nonzero()[0], cut) for cut in range(1, 1 + LONGEST_PREFIX)]
        word = np.concatenate([having for having, _ in pairs])
        cut = np.concatenate([np.full(len(having), number) for having, number in pairs])
        hits = self._known.find(Words(words.points, words.starts[word] + cut, words.ends[word]), self._swap)
        order = np.lexsort((cut[hits.words], word[hits.words]))
        rest, node, spelt = (column[order] for column in hits)
        row, values = self._known.values_of_each(node)
        cell = self._cells.number(values)
        keep = self._cells.productive[cell]
        row, cell = row[keep], cell[keep]
        several = rest[1:][rest[1:] == rest[:-1]]
        return word[rest[row]], cut[rest[row]], cell, spelt[row], np.unique(word[several])

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
                count = np.ascontiguousarray(values[keep, :4]).view(">u4").ravel().astype(np.int64)
                mine = word[hits.words[row]]
                total = np.bincount(mine, count, minlength=len(lengths))
                left &= total == 0
                # pymorphy3 smooths the counts by starting from 1
                score = count / (total + 1)[mine] * ENDING
                rows.append((mine, np.full(len(mine), number), self._rank[hits.swapped[row].astype(np.int64)],
                             cell, hits.swapped[row], score))  # fmt: skip
        word, turn, rank, cell, spelt, score = (np.concatenate(column) for column in zip(*rows, strict=True))
        order = np.lexsort((rank, turn, word))
        return word[order], cell[order], spelt[order], score[order]


def _places(bits: int, size: int) -> list[int]:
    """From the first letter on, which of some letters have their bits set."""
    return [place for place in range(size) if bits >> (size - 1 - place) & 1]
