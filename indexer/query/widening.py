"""What else may stand for the words of a query, by choice: kin of theirs, synonyms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.errors import QueryError
from indexer.query.tree import (
    And,
    Before,
    Compound,
    Either,
    Gap,
    InTitle,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Sentence,
    Term,
    Word,
)

if TYPE_CHECKING:
    from indexer.query.synonyms import Member, Synonyms

T = TypeVar("T")


def kinds(expand: Collection[str]) -> tuple[str, ...]:
    """The names of kinds of kinship, each once; a string is one name. Raises QueryError for one that is not known."""
    names = (expand,) if isinstance(expand, str) else tuple(dict.fromkeys(expand))
    if not names:
        return ()
    from indexer.analysis.kinship import KINDS

    for name in names:
        if name not in KINDS:
            raise QueryError(f"expand={name!r}: такого расширения нет; возможны {', '.join(KINDS)}")
    return names


def with_kin(tree: Node, names: tuple[str, ...]) -> Node:
    """The tree with words that may be met by kin; what is excluded, and exact words, stay as they are."""
    if not names:
        return tree
    match tree:
        case Word(exact=False):
            return tree.replace(kin=names)
        case Phrase():
            return tree.replace(items=tuple(_phrase_kin(item, names) for item in tree.items))
        case And() | Or() | Before() | Sentence():
            return tree.replace(children=tuple(with_kin(child, names) for child in tree.children))
        case Must() | InTitle():
            return tree.replace(child=with_kin(tree.child, names))
    return tree


def _phrase_kin(item: Term | Gap, names: tuple[str, ...]) -> Term | Gap:
    return item.replace(kin=names) if isinstance(item, Word) and not item.exact else item


def with_synonyms(tree: Node, synonyms: Synonyms, any_will_do: bool) -> Node:
    """The tree with synonyms beside what was typed, in phrases too.

    Several words typed without quotation marks are still looked for one by one; with `any_will_do` they stay words of
    the query, and the synonym is one more.
    """
    match tree:
        case Word() | Compound():
            return next(iter(_beside([tree], synonyms)))
        case Phrase():
            items = tuple(_beside(tree.items, synonyms))
            return items[0] if len(items) == 1 and isinstance(items[0], Either) else tree.replace(items=items)
        case And():
            return And(tuple(_children(tree.children, synonyms, any_will_do)))
        case Or() | Before() | Sentence():
            children = (with_synonyms(child, synonyms, any_will_do) for child in tree.children)
            return tree.replace(children=tuple(children))
        case Must() | Not() | InTitle():
            return tree.replace(child=with_synonyms(tree.child, synonyms, any_will_do))
    return tree


def _beside(nodes: Sequence[T], synonyms: Synonyms) -> Iterator[T | Either]:
    """Words one after another, those that are members of a group made alternatives."""
    for run, others in _runs(nodes, synonyms):
        yield _either(run, others, _row(run)) if others else run[0]


def _children(nodes: Sequence[Node], synonyms: Synonyms, any_will_do: bool) -> Iterator[Node]:
    for run, others in _runs(nodes, synonyms):
        if not others:
            yield with_synonyms(run[0], synonyms, any_will_do)
        elif len(run) == 1:
            yield _either(run, others, _row(run))
        elif any_will_do:
            yield from (*run, _either(run, others, None))
        else:
            yield Or((And(tuple(run)), _either(run, others, None)))


def _runs(nodes: Sequence[T], synonyms: Synonyms) -> Iterator[tuple[Sequence[T], tuple[Member, ...]]]:
    """The nodes in order: those that are a member of a group, with its others; any other by itself, with none."""
    at = 0
    while at < len(nodes):
        met = synonyms.met(nodes, at)
        run = nodes[at : at + (met.length if met else 1)]
        yield run, met.others if met else ()
        at += len(run)


def _either(run: Sequence[Any], others: Sequence[Member], typed: Word | Compound | Phrase | None) -> Either:
    return Either(" ".join(word.text for word in run), typed, tuple(map(_row, others)))


def _row(words: Sequence[Any]) -> Word | Compound | Phrase:
    """A word, or several one after another."""
    first: Word | Compound = words[0]
    return Phrase(tuple(words)) if len(words) > 1 else first
