"""Stretches taken apart → their tokens as columns.

An atom is a maximal row of letters and digits. A link is the one sign between two atoms, if a rule may go on over it.
A chain is a maximal row of linked atoms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.hashing import Places, Points
from indexer.analysis.spelling import Flags, capitals, spell
from indexer.analysis.strings import Strings
from indexer.analysis.tokens import Token, day, is_one_word
from indexer.arrays import edges, ranges

Kinds = NDArray[np.uint16]


class Reading(NamedTuple):
    """The tokens of those of s stretches that are simple, by stretch; all places count from the stretch's start."""

    simple: Flags  # [s]
    words: Strings  # [p] forms of the tokens that count as length
    word: Places  # [4, p] stretch, start, end, capital
    wholes: Strings  # [w] forms of the wholes
    whole: Places  # [6, w] stretch, start, end, capital, first of its words in the stretch, number of its words

    @classmethod
    def of(cls, stretches: Sequence[Sequence[Token]]) -> Reading:
        """The tokens of stretches that were read one by one."""
        each = [(number, token) for number, tokens in enumerate(stretches) for token in tokens]
        rows = [(number, token.start, token.end, token.capital, token.position, token.width) for number, token in each]
        columns, forms = np.array(rows, np.int64).reshape(-1, 6).T, Strings.of([token.form for _, token in each])
        is_word = np.array([token.kind == "word" for _, token in each], np.bool_)
        word, whole = is_word.nonzero()[0], (~is_word).nonzero()[0]
        simple = np.ones(len(stretches), np.bool_)
        return cls(simple, forms.some(word), columns[:4, word], forms.some(whole), columns[:, whole])


class Atoms(NamedTuple):
    """Atoms, in the order of the row."""

    first: Places  # where it begins
    after: Places  # where it ends
    size: Places
    bits: Kinds  # the kinds of its letters
    link: Kinds  # the link behind it, or 0


class Chains(NamedTuple):
    """Chains: the first and last of the atoms, their number, and what is in them."""

    first: Places
    last: Places
    number: Places
    bits: Kinds
    links: Kinds


class Judged(NamedTuple):
    """What each chain is: more than its parts, or joined by hyphens; the first may be a tag with its #, or a date."""

    unit: Flags
    joined: Flags
    tag: Flags
    date: Flags


def tokens_of(
    row: Points, begin: Places, simple: Flags, stretch: Places, atoms: Atoms, chains: Chains, judged: Judged
) -> Reading:
    """The tokens; the stretches begin at `begin` in the row, `stretch` are those of the atoms."""
    chosen = ((judged.unit | judged.joined) & simple.take(stretch.take(chains.first))).nonzero()[0]
    first, last = chains.first.take(chosen), chains.last.take(chosen)
    opens, closes = atoms.first.take(first) - judged.tag.take(chosen), atoms.after.take(last)
    wholes = Strings.lines(f"\n{spell(row, opens, closes).text}".replace("\nwww.", "\n")[1:])
    if len(dates := judged.date.take(chosen).nonzero()[0]):
        each = wholes.tolist()
        for at in dates.tolist():
            each[at] = day(each[at])
        wholes = Strings.of(each)
    alone = np.zeros(len(chosen), np.bool_)
    maybe = judged.joined.take(chosen).nonzero()[0]
    alone[maybe] = [*map(is_one_word, wholes.some(maybe).tolist())]
    ends = atoms.after.copy()
    ends[first[alone]] = closes[alone]
    kept = simple.take(stretch)
    kept[ranges(first[alone] + 1, (last - first)[alone])] = False
    before = edges(kept)
    atom = kept.nonzero()[0]
    word = _columns(row, begin, stretch.take(atom), atoms.first.take(atom), ends.take(atom))
    words = spell(row, atoms.first.take(atom), ends.take(atom))
    several = (~alone).nonzero()[0]
    first, last, opens, closes = (column.take(several) for column in (first, last, opens, closes))
    of = stretch.take(first)
    position = before.take(first) - before.take(stretch.searchsorted(of))
    whole = np.vstack((_columns(row, begin, of, opens, closes), position, last - first + 1))
    return Reading(simple, words, word, wholes.some(several), whole)


def _columns(row: Points, begin: Places, stretch: Places, start: Places, end: Places) -> Places:
    shift = begin.take(stretch)
    return np.array((stretch, start - shift, end - shift, capitals(row.take(start))))
