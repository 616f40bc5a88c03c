"""What a query means, before it meets an index."""

from __future__ import annotations

from dataclasses import dataclass

# The edits that a fuzzy word may be away.
FARTHEST = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `text` as typed, `form` as folded; exact is this very form only.

    `kin` names the kinds of kinship (`kinship.KINDS`) by which other words may stand for it.
    """

    text: str
    form: str
    exact: bool = False
    kin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compound:
    """A hyphenated word: the whole, or its parts one after another."""

    text: str
    form: str
    parts: tuple[Word, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """A pattern over look-up keys: `*` any letters, `?` one letter."""

    text: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy(Mask):
    """A word and what is spelled like it: `pattern` is its look-up key, `distance` the edits allowed, 1 or 2."""

    form: str
    distance: int


@dataclass(frozen=True, slots=True)
class Either:
    """What was typed, or a synonym or another spelling of it: США, САЩ; 9 января 2022, 09.01.2022.

    `typed` is None where the words typed are looked for elsewhere in the tree.
    """

    text: str
    typed: Word | Compound | Phrase | None
    others: tuple[Leaf, ...]

    @property
    def options(self) -> tuple[Leaf, ...]:
        """All that may stand for it, the typed one first."""
        return (self.typed, *self.others) if self.typed else self.others


@dataclass(frozen=True, slots=True)
class Gap:
    """`*` alone within a phrase: exactly one word, whichever."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after another; with a slop, in any order with at most so many words between."""

    items: tuple[Term | Gap, ...]
    slop: int | None = None


@dataclass(frozen=True, slots=True)
class InTitle:
    """The same, looked for in titles only."""

    child: Node


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents whose `field` has the value; see `filters` for what values mean."""

    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Must:
    """`+x`: this must be there, and its plain neighbours need not."""

    child: Node


@dataclass(frozen=True, slots=True)
class Not:
    """Documents without it."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """All of them in one field, each behind the one before it: leaves, or alternatives of leaves."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """All of them in one sentence: leaves, or alternatives of leaves."""

    children: tuple[Node, ...]


Term = Word | Compound | Mask | Either
Leaf = Term | Phrase
Related = Before | Sentence
Node = Leaf | InTitle | Filter | Must | Not | And | Or | Related
