"""A query tree → scores of documents: compiled to a Whoosh query tree and run, and relaxed where nothing has all.

The relaxation: words that occur nowhere are dropped; the rest is ranked as any of the words, leaving out documents
with less than a third of their summed idf. Filters, exclusions, `+x`, phrases and groups stay binding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from whoosh.query import Query

from indexer.query.filters import matching
from indexer.query.leaves import AllOf, AnyOf, Documents, Scored, unscored
from indexer.query.places import Mark, places
from indexer.query.tree import (
    And,
    Compound,
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
    Term,
    Word,
)
from indexer.segment.reader import FIELDS, Reader

Match = Literal["all", "any"]
# A document that has less than this share of the words' summed idf is no answer to them.
ENOUGH = 1 / 3


class Plan:
    """A tree against one state of the index; the leaves are evaluated once."""

    def __init__(self, tree: Node, reader: Reader, on_step: Callable[[], None] = lambda: None) -> None:
        self._tree = tree if isinstance(tree, And) else And((tree,))
        self._reader = reader
        self._on_step = on_step
        self._words = max(1, sum(1 for _ in _typed(self._tree)))
        self._loose = False  # whether any of the words is enough
        self._leaves: dict[tuple[Leaf, tuple[str, ...]], Scored] = {}
        self._passing: dict[int, set[int]] = {}  # by the identity of a filter: its value may be a list

    def scores(self, match: Match = "all") -> dict[int, float]:
        """Document number → score, of all documents that match."""
        self._loose = match == "any"
        return self._run(self._all(self._tree, FIELDS, match))

    def relaxed(self) -> tuple[dict[int, float], list[str]]:
        """Scores of the best partial matches, and the words that the best of them lacks."""
        self._loose = True
        loose = [node for node in self._tree.children if isinstance(node, Word | Compound | Mask)]
        binding = [node for node in self._tree.children if node not in loose]
        found = [(node, leaf) for node in loose if (leaf := self._leaf(node, FIELDS)).scores]
        positive = any(not isinstance(node, Not | Filter) for node in binding)
        if len(loose) < 2 - positive or not (found or positive) or any(isinstance(n, Must) for n in binding):
            return {}, []
        parts = [self._compile(node, FIELDS) for node in binding]
        if found:
            parts += [
                AnyOf([Documents(leaf.scores) for _, leaf in found]),
                unscored(_enough(leaf for _, leaf in found)),
            ]
        scores = self._run(_joined(AllOf, parts))
        if not scores:
            return {}, []
        best = self.best(scores)
        return scores, [node.text for node in loose if best not in self._leaf(node, FIELDS).scores]

    def best(self, scores: dict[int, float]) -> int:
        """The document that a ranking by score puts first: ties go by id."""
        ids = self._reader.column("id")
        top = max(scores.values())
        return min((number for number, score in scores.items() if score == top), key=lambda n: str(ids[n]))

    def marks(self, number: int) -> list[tuple[str, Mark]]:
        """(field, mark) of what matched in a document: nothing of what is excluded, nor of a group not met."""
        if self._loose:
            return [mark for leaf in self._leaves.values() for mark in leaf.marks(number)]
        return self._met(self._tree, FIELDS, number) or []

    def _met(self, node: Node, fields: tuple[str, ...], number: int) -> list[tuple[str, Mark]] | None:
        """Marks of a node in a document, None where the document does not match it."""
        if isinstance(node, Filter):
            return [] if number in self._filtered(node) else None
        if isinstance(node, Not):
            return [] if self._met(node.child, fields, number) is None else None
        if isinstance(node, Must | InTitle):
            return self._met(node.child, ("title",) if isinstance(node, InTitle) else fields, number)
        if isinstance(node, And | Or):
            binding = isinstance(node, And) and not any(isinstance(child, Must) for child in node.children)
            met: list[tuple[str, Mark]] | None = None
            for child in node.children:
                marks = self._met(child, fields, number)
                needed = isinstance(child, Must | Not | Filter) and isinstance(node, And)
                if marks is None and (binding or needed):
                    return None
                met = met if marks is None else [*(met or ()), *marks]
            return met
        leaf = self._leaf(node, fields)
        return list(leaf.marks(number)) if number in leaf.scores else None

    def weights(self) -> dict[str, float]:
        """Query word → idf, for choosing passages."""
        return {
            word.text: leaf.idf
            for (node, _), leaf in self._leaves.items()
            for word in (node.items if isinstance(node, Phrase) else (node,))
            if isinstance(word, Word | Compound | Mask)
        }

    def _run(self, query: Query) -> dict[int, float]:
        matcher = query.matcher(None)
        scores: dict[int, float] = {}
        while matcher.is_active():
            scores[matcher.id()] = matcher.score()
            matcher.next()
        return scores

    def _compile(self, node: Node, fields: tuple[str, ...]) -> Query:
        if isinstance(node, And):
            return self._all(node, fields, "all")
        if isinstance(node, Or):
            return _joined(AnyOf, [self._compile(child, fields) for child in node.children])
        if isinstance(node, Must):
            return self._compile(node.child, fields)
        if isinstance(node, InTitle):
            return self._compile(node.child, ("title",))
        if isinstance(node, Filter):
            return unscored(self._filtered(node))
        if isinstance(node, Not):
            return self._without(node.child, fields)
        return Documents(self._leaf(node, fields).scores)

    def _all(self, node: And, fields: tuple[str, ...], match: Match) -> Query:
        """All children; or, where one is a Must or any will do, the plain ones as a bonus to the rest."""
        required = [child for child in node.children if isinstance(child, Must)]
        silent = [child for child in node.children if isinstance(child, Filter | Not)]
        plain = [child for child in node.children if child not in required and child not in silent]
        if match == "any":
            plain = [word for child in plain for word in _words(child)]
        parts = [self._compile(child, fields) for child in silent]
        if not required and match == "all":
            return _joined(AllOf, [self._compile(child, fields) for child in plain] + parts)
        musts = [self._compile(child, fields) for child in required]
        bonus = [self._compile(child, fields) for child in plain]
        if musts:
            parts.append(unscored(self._run(_joined(AllOf, musts))))
        if musts or bonus:
            parts.append(_joined(AnyOf, musts + bonus))
        return _joined(AllOf, parts)

    def _without(self, child: Node, fields: tuple[str, ...]) -> Documents:
        # a plan of its own: what is excluded must not be marked
        gone = Plan(And(()), self._reader, self._on_step)
        excluded = gone._run(gone._compile(child, fields))
        return unscored(number for number in self._reader.all_numbers() if number not in excluded)

    def _leaf(self, node: Leaf, fields: tuple[str, ...]) -> Scored:
        if (node, fields) not in self._leaves:
            self._on_step()
            self._leaves[node, fields] = Scored(places(node, self._reader, fields), self._reader, self._words)
        return self._leaves[node, fields]

    def _filtered(self, node: Filter) -> set[int]:
        """Documents that pass; read once, though every hit of the page asks again."""
        if id(node) not in self._passing:
            self._passing[id(node)] = matching(node, self._reader)
        return self._passing[id(node)]


def _joined(kind: type[AllOf] | type[AnyOf], parts: list[Query]) -> Query:
    return kind(parts) if parts else Documents({})


def _words(node: Node) -> Iterable[Node]:
    """A phrase of a question is its words: quotation marks in a question are seldom meant as an operator."""
    if isinstance(node, Phrase) and node.slop is None:
        return (word for item in node.items if not isinstance(item, Gap) for word in _words(item))
    return node.parts if isinstance(node, Compound) else (node,)


def _typed(node: Node) -> Iterator[Term]:
    """The words of the query that a document may have, those of phrases too."""
    if isinstance(node, Word | Compound | Mask):
        yield node
    for child in node.children if isinstance(node, And | Or) else node.items if isinstance(node, Phrase) else ():
        yield from _typed(child) if not isinstance(child, Gap) else ()
    if isinstance(node, Must | InTitle):
        yield from _typed(node.child)


def _enough(leaves: Iterable[Scored]) -> set[int]:
    leaves = list(leaves)
    least = ENOUGH * sum(leaf.idf for leaf in leaves)
    covered: dict[int, float] = {}
    for leaf in leaves:
        for number in leaf.scores:
            covered[number] = covered.get(number, 0.0) + leaf.idf
    return {number for number, idf in covered.items() if idf >= least * (1 - 1e-9)}  # equal words, unequally rounded
