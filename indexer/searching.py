"""A query and its options → results: parse, plan, rank, cut the page, show why and where."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeVar

import numpy as np

from indexer.errors import SearchTimeout
from indexer.options import Options, Sort
from indexer.query.filters import where
from indexer.query.parser import parse, with_filters
from indexer.query.plan import Answer, Plan
from indexer.query.scored import Found
from indexer.query.spellings import with_spellings
from indexer.query.topk import page
from indexer.query.tree import Node, Word
from indexer.query.widening import kinds, with_kin, with_synonyms
from indexer.results import Results
from indexer.segment.reader import Reader
from indexer.showing import hits

if TYPE_CHECKING:
    from indexer.repair.chain import Chain, Repair

# How many repairs of a query are tried, and how many queries offered in its place.
_REPAIRS, _OFFERED = 8, 3


def understand(query: str, options: Options) -> Node:
    """What the query and the filters of the options mean. Raises QueryError."""
    tree = with_kin(parse(query, exact=options.exact, fuzzy=options.fuzzy), kinds(options.expand))
    if options.synonyms is not None:
        from indexer.query.synonyms import load

        tree = with_synonyms(tree, load(options.synonyms), any_will_do=options.match == "any")
    return with_filters(with_spellings(tree), where(options.where))


class Asked(NamedTuple):
    """A tree against the index, and what it found; what was done to find it."""

    plan: Plan
    answer: Answer
    repair: Repair | None = None
    lacking: Sequence[str] = ()

    @property
    def found(self) -> bool:
        """Whether there is any document."""
        return len(self.answer.found.documents) > 0

    def lacks_words(self) -> bool:
        """Whether some word that was looked for is nowhere in the index."""
        return self.plan.lacks_words()

    def repaired(self, repair: Repair) -> Asked:
        """The same, as what was asked in place of another query."""
        return self._replace(repair=repair)

    def relaxed(self) -> Asked:
        """The documents that have some of the words."""
        found, lacking = self.plan.relaxed()
        return self._replace(answer=Answer(found, len(found.documents), True), lacking=lacking)


def run(query: str, tree: Node, reader: Reader, options: Options) -> Results:
    """Search one committed state of an index. Raises QueryError and SearchTimeout."""
    began = time.perf_counter()
    clock = stopwatch(options.timeout, began)
    asked, offered = _ask(tree, reader, options, clock), list[str]()
    if not asked.found or asked.lacks_words():
        from indexer.repair.chain import Chain  # a search that finds all its words does without
        from indexer.repair.lexicon import LocalLexicon

        def finds(text: str) -> bool:
            return len(Plan(parse(text), reader).answer().found.documents) > 0

        def again(text: str) -> Asked:
            return _ask(understand(text, options), reader, options, clock)

        asked, offered = mended(asked, again, Chain(query, LocalLexicon(reader), finds), options, clock)
    return results(query, asked, offered, reader, options, began)


def alike(text: str, language: str, reader: Reader, options: Options, without: int | None = None) -> Results:
    """The documents most like a text, by its most telling words, which are the query; one document is left out."""
    from indexer.query.likeness import typical

    began = time.perf_counter()
    tree = typical(text, language, reader)
    query = " ".join(word.text for word in tree.children if isinstance(word, Word))
    plan = Plan(with_filters(tree, where(options.where)), reader, stopwatch(options.timeout, began))
    found = plan.answer("any").found
    if without is not None:
        kept = found.documents[found.documents != without]
        found = Found(kept, found.at(kept))
    asked = Asked(plan, Answer(found, len(found.documents), True))
    return results(query, asked, [], reader, options, began)


def results(
    query: str, asked: Asked, offered: Sequence[str], reader: Reader, options: Options, began: float
) -> Results:
    """The page that was asked for."""
    (found, total, exact), repair = asked.answer, asked.repair
    shown = _page(found, reader, options)
    executed = repair.text if repair else query
    return Results(
        query=query,
        executed=executed,
        hits=tuple(hits(asked.plan, found, reader, shown, options)),
        total=total,
        total_is="exact" if exact else "at_least",
        took_ms=round((time.perf_counter() - began) * 1000, 2),
        repaired={"kind": repair.kind, "from": query, "to": executed} if repair else None,
        relaxed=tuple(asked.lacking),
        suggestions=tuple(offered),
        facets=_facets(found, reader, options),
    )


def _facets(found: Found, reader: Reader, options: Options) -> dict[str, dict[str, int]]:
    if not options.facets:
        return {}
    from indexer.query.facets import facet  # few searches want any

    return {name: facet(name, found.documents, reader) for name in options.facets}


def _ask(tree: Node, reader: Reader, options: Options, clock: Callable[[], None]) -> Asked:
    plan = Plan(tree, reader, clock)
    early = options.sort == "relevance" and not options.facets and options.collapse is None
    best = options.end if early else None
    return Asked(plan, plan.answer(options.match, best, count=options.count))


class Askable(Protocol):
    """What was asked of an index, here or elsewhere, and whether it found anything."""

    @property
    def found(self) -> bool:
        """Whether there is any document."""

    def repaired(self, repair: Repair) -> Self:
        """The same, as what was asked in place of another query."""

    def relaxed(self) -> Self:
        """The documents that have some of the words."""


A = TypeVar("A", bound=Askable)


def mended(
    asked: A, again: Callable[[str], A], chain: Chain, options: Options, clock: Callable[[], None]
) -> tuple[A, list[str]]:
    """Where nothing was found: the first repair that finds something, else some of the words. And what to offer.

    A query that finds something stays as it is; where it has words that stand nowhere, others are offered. `again`
    asks for a repaired query.
    """
    first = asked
    if asked.found:
        return asked, chain.suggestions()[:_OFFERED]
    for repair in islice(chain.repairs(), _REPAIRS) if options.repair else ():
        clock()
        other = again(repair.text).repaired(repair)
        if other.found:
            return other, [repair.text] if repair.kind == "spelling" else []
        first = other if first is asked else first
    offered = chain.suggestions()[:_OFFERED]
    if options.relax and options.match == "all":
        for one in dict.fromkeys((first, asked)):
            if (relaxed := one.relaxed()).found:
                return relaxed, offered
    return asked, offered


def stopwatch(timeout: float | None, began: float) -> Callable[[], None]:
    """What raises SearchTimeout when the time that a search may take is over."""

    def check() -> None:
        if timeout is not None and time.perf_counter() - began > timeout:
            raise SearchTimeout(f"Поиск не уложился в {timeout:g} с. Увеличьте --timeout или уточните запрос")

    return check


def _page(found: Found, reader: Reader, options: Options) -> dict[int, list[int]]:
    """The documents to show, each with its reprints, which are looked for when asked."""
    if options.collapse is None:
        ranked = _ranked(found, reader, options.sort, options.end)
        return {number: [] for number in ranked[options.offset :]}
    from indexer.query.reprints import folded

    groups = folded(_ranked(found, reader, options.sort, None), options.end, reader)
    return dict(islice(groups.items(), options.offset, None))


def _ranked(found: Found, reader: Reader, sort: Sort, end: int | None) -> list[int]:
    """Document numbers in the order asked for, up to `end`; ties go by id, so that pages are stable."""

    def identity(number: int) -> str:
        return str(reader.head(number)["id"])

    if sort == "relevance":
        return page(found, end, identity)
    if sort == "path":
        heads = {number: reader.head(number) for number in found.documents.tolist()}
        paths = {number: head["path"] or "" for number, head in heads.items()}
        return sorted(paths, key=lambda number: (not paths[number], paths[number], heads[number]["id"]))[:end]
    days = reader.column("date")[found.documents].astype(float)
    # what has no date stands last either way
    return page(Found(found.documents, np.where(days > 0, days if sort == "-date" else -days, -np.inf)), end, identity)
