"""What a query means, before it meets an index."""

from __future__ import annotations

from indexer.values import Value

# The edits that a fuzzy word may be away.
FARTHEST = 2


class Word(Value):
    """A word: `text` as typed, `form` as folded; exact is this very form only.

    `kin` names the kinds of kinship (`kinship.KINDS`) by which other words may stand for it.
    """

    text: str
    form: str
    exact: bool = False
    kin: tuple[str, ...] = ()


class Compound(Value):
    """A hyphenated word: the whole, or its parts one after another."""

    text: str
    form: str
    parts: tuple[Word, ...]
    exact: bool = False


class Mask(Value):
    """A pattern over look-up keys: `*` any letters, `?` one letter."""

    text: str
    pattern: str


class Fuzzy(Mask):
    """A word and what is spelled like it: `pattern` is its look-up key, `distance` the edits allowed, 1 or 2."""

    form: str
    distance: int


class Either(Value):
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


class Gap(Value):
    """`*` alone within a phrase: exactly one word, whichever."""


class Phrase(Value):
    """Words one after another; with a slop, in any order with at most so many words between."""

    items: tuple[Term | Gap, ...]
    slop: int | None = None


class InTitle(Value):
    """The same, looked for in titles only."""

    child: Node


class Filter(Value):
    """Documents whose `field` has the value; see `filters` for what values mean."""

    field: str
    value: object


class Must(Value):
    """`+x`: this must be there, and its plain neighbours need not."""

    child: Node


class Not(Value):
    """Documents without it."""

    child: Node


class And(Value):
    """All of them."""

    children: tuple[Node, ...]


class Or(Value):
    """Any of them."""

    children: tuple[Node, ...]


class Before(Value):
    """All of them in one field, each behind the one before it: leaves, or alternatives of leaves."""

    children: tuple[Node, ...]


class Sentence(Value):
    """All of them in one sentence: leaves, or alternatives of leaves."""

    children: tuple[Node, ...]


Term = Word | Compound | Mask | Either
Leaf = Term | Phrase
Related = Before | Sentence
Node = Leaf | InTitle | Filter | Must | Not | And | Or | Related
