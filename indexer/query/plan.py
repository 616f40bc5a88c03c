"""A query tree → documents and scores: evaluated on arrays, and relaxed where nothing has all the words.

The relaxation: words that occur nowhere are dropped; the rest is ranked as any of the words, leaving out documents
with less than a third of their summed idf. Filters, exclusions, `+x`, phrases and groups stay binding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer import ranking
from indexer.analysis.function_words import FUNCTION_WORDS
from indexer.arrays import sums
from indexer.query import leaves, relations
from indexer.query.filters import matching
from indexer.query.leaves import all_of, any_of, unscored
from indexer.query.nearness import Pair, nearer, pairs
from indexer.query.places import Mark, Place, Places, Source, places
from indexer.query.scored import Found, Scored
from indexer.query.spots import items
from indexer.query.spots import key as spots_key
from indexer.query.topk import best_of_any, page
from indexer.query.tree import (
    And,
    Before,
    Compound,
    Either,
    Filter,
    Gap,
    InTitle,
    Leaf,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Related,
    Sentence,
    Term,
    Word,
)
from indexer.segment.reader import FIELDS, Reader

Array = NDArray[Any]
Match = Literal["all", "any"]
# A document that has less than this share of the words' summed idf is no answer to them.
ENOUGH = 1 / 3


class Answer(NamedTuple):
    """Documents with their scores: all that match, or at least the best of them; how many match, if that is known."""

    found: Found
    total: int
    exact: bool


class Relaxation(NamedTuple):
    """A tree in which words may be lacking: what binds, the words, and those of them that the index has."""

    binding: list[Node]
    loose: list[Term]
    found: list[tuple[Term, Scored]]

    @property
    def least(self) -> float:
        """What a document must have of the words, by their idf."""
        return ENOUGH * sum(leaf.idf for _, leaf in self.found)


class Plan:
    """A tree against one state of the index; the leaves are evaluated once."""

    def __init__(self, tree: Node, reader: Reader, on_step: Callable[[], None] = lambda: None) -> None:
        self._tree = tree if isinstance(tree, And) else And((tree,))
        self._reader = reader
        self._on_step = on_step
        typed = list(_typed(self._tree))
        self._words = max(1, len(typed))
        self._weighty = not all(map(_is_function_word, typed))
        self._match: Match = "all"
        self._loose = False  # whether any of the words is enough
        self._leaves: dict[tuple[Leaf, tuple[str, ...]], Scored] = {}
        self._places: dict[tuple[int, Leaf, tuple[str, ...]], Places] = {}
        self._passing: dict[int, Array] = {}  # by the identity of a filter, whose value may be a list

    def answer(self, match: Match = "all", best: int | None = None, *, count: bool = True) -> Answer:
        """What matches. With `best`, only so many of the best need be right, and the rest of them left out.

        Without `count` the number of documents that match may be a lower bound.
        """
        self._match = match
        self._loose = match == "any"
        if best is not None and match == "any" and (plain := self._plain()):
            number = leaves.total(plain) if count else max(len(part.documents) for part in plain)
            found = best_of_any(plain, [pair.added for pair in self.near()], best, self._reader.size)
            return Answer(found, number, count or len(plain) == 1)
        found = self._all(self._tree, FIELDS, match)
        return Answer(nearer(found, self.near()), len(found.documents), True)

    def near(self) -> list[Pair]:
        """What words near each other add."""
        any_will_do = self._match == "any"
        row = [(word, self._leaf(word, FIELDS)) for word in _row(self._tree, any_will_do) if not self._is_light(word)]
        return list(pairs(row, self._reader)) if len(row) > 1 else []

    def contributions(self, number: int) -> Iterator[tuple[Leaf, Scored]]:
        """The words and phrases that the score of a document found is summed over, but for those near each other."""
        for child in self._tree.children:
            for node in plain_words(child) if self._match == "any" else (child,):
                yield from self._contributions(node, FIELDS, number)

    def _contributions(self, node: Node, fields: tuple[str, ...], number: int) -> Iterator[tuple[Leaf, Scored]]:
        if isinstance(node, Filter | Not):
            return
        if isinstance(node, Leaf):
            scored = self._leaf(node, fields)
            if scored.find(np.array([number]))[1][0]:
                yield node, scored
        elif self._evaluate(node, fields).find(np.array([number]))[1][0]:
            inner = ("title",) if isinstance(node, InTitle) else fields
            for child in (node.child,) if isinstance(node, Must | InTitle) else node.children:
                yield from self._contributions(child, inner, number)

    def _is_light(self, node: Leaf) -> bool:
        """Whether it is a function word beside others."""
        return self._weighty and _is_function_word(node)

    def lacks_words(self) -> bool:
        """Whether some word that was looked for is nowhere in the index."""
        return any(not leaf.frequency for (node, _), leaf in self._leaves.items() if isinstance(node, Word))

    def _plain(self) -> list[Scored]:
        """The leaves of a query of words alone, of which any will do; empty for any other query."""
        children = [word for child in self._tree.children for word in plain_words(child)]
        if not all(isinstance(child, Leaf) for child in children):
            return []
        return [self._leaf(child, FIELDS) for child in children]  # type: ignore[arg-type]

    def relaxation(self) -> Relaxation | None:
        """What may be left out where nothing has it all; None where nothing may."""
        children = list(_spliced(self._tree.children))
        loose = [node for node in children if isinstance(node, Term)]
        binding = [node for node in children if node not in loose]
        found = [(node, leaf) for node in loose if (leaf := self._leaf(node, FIELDS)).frequency]
        positive = any(not isinstance(node, Not | Filter) for node in binding)
        if len(loose) < 2 - positive or not (found or positive) or any(isinstance(n, Must) for n in binding):
            return None
        return Relaxation(binding, loose, found)

    def relaxed(self) -> tuple[Found, list[str]]:
        """The best partial matches, and the words that the best of them lacks."""
        self._loose = True
        if (relaxation := self.relaxation()) is None:
            return any_of([]), []
        parts = [self._evaluate(node, FIELDS) for node in relaxation.binding]
        if found := [leaf for _, leaf in relaxation.found]:
            parts.append(any_of(found, _enough(found, relaxation.least)))
        matched = all_of(parts)
        if not len(matched.documents):
            return matched, []
        matched = nearer(matched, self.near())
        best = np.array(page(matched, 1, self._identity))
        loose = relaxation.loose
        return matched, [node.text for node in loose if not self._leaf(node, FIELDS).find(best)[1][0]]

    def _identity(self, number: int) -> str:
        return str(self._reader.head(number)["id"])

    @property
    def words_alone(self) -> bool:
        """Whether everything that stands for any word of the query is to be marked wherever it stands."""
        flat = self._loose or all(isinstance(child, Word | Mask | Filter) for child in self._tree.children)
        return flat and all(isinstance(node, Word | Mask) and fields == FIELDS for node, fields in self._leaves)

    @property
    def counts_positions(self) -> bool:
        """Whether it matters how far words stand from each other, and not only which of them stand in a row."""
        return _counts(self._tree)

    def marks(self, number: int, source: Source) -> list[tuple[str, Mark]]:
        """(field, mark) of what matched in a document: nothing of what is excluded, nor of a group not met."""
        if self._loose:
            return [mark for node, fields in self._leaves for mark in self._marks(node, fields, number, source)]
        return self._met(self._tree, FIELDS, number, source) or []

    def _marks(self, node: Leaf, fields: tuple[str, ...], number: int, source: Source) -> Iterator[tuple[str, Mark]]:
        for field, place in self._placed(node, fields, number, source):
            yield from ((field, mark) for mark in place.marks)

    def _placed(self, node: Leaf, fields: tuple[str, ...], number: int, source: Source) -> Iterator[tuple[str, Place]]:
        """(field, place) of a leaf in a document."""
        key = (id(source), node, fields)
        if key not in self._places:
            self._places[key] = places(node, source, fields)
        for field, here in self._places[key].get(number, {}).items():
            yield from ((field, place) for place in here)

    def _met(self, node: Node, fields: tuple[str, ...], number: int, source: Source) -> list[tuple[str, Mark]] | None:
        """Marks of a node in a document, None where the document does not match it."""
        if isinstance(node, Filter | Not):
            return [] if number in self._passed(node, fields) else None
        if isinstance(node, Must | InTitle):
            return self._met(node.child, ("title",) if isinstance(node, InTitle) else fields, number, source)
        if isinstance(node, Related):
            return self._related_marks(node, fields, number, source)
        if isinstance(node, And | Or):
            binding = isinstance(node, And) and not any(isinstance(child, Must) for child in node.children)
            met: list[tuple[str, Mark]] | None = None
            for child in node.children:
                marks = self._met(child, fields, number, source)
                needed = isinstance(child, Must | Not | Filter) and isinstance(node, And)
                if marks is None and (binding or needed):
                    return None
                met = met if marks is None else [*(met or ()), *marks]
            return met
        marks = list(self._marks(node, fields, number, source))
        return marks or None

    def _related_marks(
        self, node: Related, fields: tuple[str, ...], number: int, source: Source
    ) -> list[tuple[str, Mark]] | None:
        """Marks of the words where they stand as asked, and nowhere else."""
        marks: list[tuple[str, Mark]] = []
        for child, met in zip(node.children, relations.taking_part(node, self._reader, fields, number), strict=True):
            spots = set(zip(met.keys.tolist(), met.ends.tolist(), strict=True))
            for leaf in relations.leaves(child):
                for field, place in self._placed(leaf, fields, number, source):
                    key = spots_key(number, field, place.position)
                    if (key, key + place.width) in spots:
                        marks += ((field, mark) for mark in place.marks)
        return marks or None

    def weights(self) -> dict[str, float]:
        """Query word → idf, for choosing passages."""
        return {
            word.text: leaf.idf
            for (node, _), leaf in self._leaves.items()
            for word in (node.items if isinstance(node, Phrase) else (node,))
            if isinstance(word, Term)
        }

    def terms(self) -> list[Term]:
        """The words that were looked for."""
        return [term for node, _ in self._leaves for term in _typed(node)]

    def _evaluate(self, node: Node, fields: tuple[str, ...]) -> Found:
        if isinstance(node, And):
            return self._all(node, fields, "all")
        if isinstance(node, Or):
            return any_of([self._evaluate(child, fields) for child in node.children])
        if isinstance(node, Related):
            parts = [self._evaluate(child, fields) for child in node.children]
            return all_of(parts, [self._matching(node, fields)])
        if isinstance(node, Must):
            return self._evaluate(node.child, fields)
        if isinstance(node, InTitle):
            return self._evaluate(node.child, ("title",))
        if isinstance(node, Filter | Not):
            return unscored(self._passed(node, fields))
        return self._leaf(node, fields)

    def _all(self, node: And, fields: tuple[str, ...], match: Match) -> Found:
        """All children; or, where one is a Must or any will do, the plain ones as a bonus to the rest."""
        required = [child for child in node.children if isinstance(child, Must)]
        silent = [child for child in node.children if isinstance(child, Filter | Not)]
        plain = [child for child in node.children if child not in required and child not in silent]
        if match == "any":
            plain = [word for child in plain for word in plain_words(child)]
        passing = [self._evaluate(child, fields).documents for child in silent]
        scored = [self._evaluate(child, fields) for child in plain]
        if not required and match == "all":
            return all_of(scored, passing) if scored or passing else any_of([])
        musts = [self._evaluate(child, fields) for child in required]
        if musts:
            passing.append(leaves.intersection([must.documents for must in musts]))
        if not (musts or scored):
            return all_of([], passing) if passing else any_of([])
        return any_of(musts + scored, leaves.intersection(passing) if passing else None)

    def _leaf(self, node: Leaf, fields: tuple[str, ...]) -> Scored:
        key = node, fields
        if (found := self._leaves.get(key)) is None:
            self._on_step()
            share = ranking.LIGHT if self._is_light(node) else 1.0
            found = self._leaves[key] = leaves.leaf(node, self._reader, fields, self._words, share)
        return found

    def _matching(self, node: Related, fields: tuple[str, ...]) -> Array:
        """The documents in which the words stand as asked; remembered, as texts may have to be read for it."""
        found: Array = self._reader.worked_out.get(
            (node, fields), lambda: relations.matching(node, self._reader, fields, self._on_step)
        )
        return found

    def _passed(self, node: Filter | Not, fields: tuple[str, ...]) -> Array:
        """Documents that pass, rising; worked out once, though every hit of the page asks again."""
        if id(node) not in self._passing:
            if isinstance(node, Filter):
                self._passing[id(node)] = matching(node, self._reader)
            else:  # a plan of its own: what is excluded must not be marked
                gone = Plan(And(()), self._reader, self._on_step)._evaluate(node.child, fields)
                self._passing[id(node)] = leaves.without(self._reader.live, gone.documents)
        return self._passing[id(node)]


def _spliced(children: Iterable[Node]) -> Iterator[Node]:
    """Words in parentheses are words like those beside them, and may as well be left out: «Кутузов (род. 1745)»."""
    for child in children:
        if isinstance(child, And) and not any(isinstance(node, Must) for node in child.children):
            yield from _spliced(child.children)
        else:
            yield child


def plain_words(node: Node) -> Iterable[Node]:
    """A phrase of a question is its words: quotation marks in a question are seldom meant as an operator."""
    match node:
        case Compound():
            return node.parts
        case Phrase(slop=None):
            return (word for item in items(node) for word in plain_words(item))
        case Before() | Sentence():  # nor are the signs between: «Procter & Gamble»
            return (word for child in node.children for word in plain_words(child))
    return (node,)


def _counts(node: Node | Gap) -> bool:
    if isinstance(node, Phrase):
        return node.slop is not None or any(map(_counts, node.items))
    if isinstance(node, Either | And | Or):
        return any(map(_counts, node.options if isinstance(node, Either) else node.children))
    if isinstance(node, Must | InTitle | Not):
        return _counts(node.child)
    return isinstance(node, Related | Gap)


def _is_function_word(node: Leaf) -> bool:
    return isinstance(node, Word) and node.form.replace("ё", "е") in FUNCTION_WORDS


def _row(node: Node, loose: bool) -> Iterator[Word]:
    """The plain words of a query one after another; in a question those of phrases and hyphenated words too."""
    match node:
        case Word():
            yield node
        case And():
            for child in node.children:
                yield from _row(child, loose)
        case Must():
            yield from _row(node.child, loose)
        case _ if loose:
            yield from (word for word in plain_words(node) if isinstance(word, Word))


def _typed(node: Node) -> Iterator[Term]:
    """The words of the query that a document may have, those of phrases too."""
    match node:
        case Word() | Compound() | Mask() | Either():
            yield node
        case And() | Or() | Before() | Sentence():
            for child in node.children:
                yield from _typed(child)
        case Phrase():
            for item in items(node):
                yield from _typed(item)
        case Must() | InTitle():
            yield from _typed(node.child)


def _enough(found: Sequence[Scored], least: float) -> Array:
    """The documents that have enough of the words, by their idf."""
    documents = np.concatenate([leaf.documents for leaf in found])
    idf = np.repeat([leaf.idf for leaf in found], [len(leaf.documents) for leaf in found])
    order = documents.argsort(kind="stable")
    distinct, covered = sums(documents.take(order), idf.take(order))
    return distinct[covered >= least * (1 - 1e-9)]  # equal words, unequally rounded
