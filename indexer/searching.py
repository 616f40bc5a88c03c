"""A query and its options → results: parse, plan, rank, cut the page, show why and where."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

from indexer.analysis.folding import INVISIBLE, fold
from indexer.errors import QueryError, SearchTimeout
from indexer.model import Hit, Results, Snippet
from indexer.query.filters import where
from indexer.query.leaves import Found
from indexer.query.parser import parse, with_filters
from indexer.query.plan import Answer, Match, Plan
from indexer.query.spellings import with_spellings
from indexer.query.synonyms import load
from indexer.query.topk import page
from indexer.query.tree import FARTHEST, Node, Word
from indexer.query.widening import kinds, with_kin, with_synonyms
from indexer.segment.locations import Locations
from indexer.segment.locations import at as location
from indexer.segment.reader import Reader
from indexer.snippets import Passage, Span, Stretch, passages

if TYPE_CHECKING:
    from indexer.repair.chain import Repair

Sort = Literal["relevance", "date", "-date", "path"]
# How many repairs of a query are tried, and how many queries offered in its place.
_REPAIRS, _OFFERED = 8, 3
_INVISIBLE = str.maketrans(dict.fromkeys(INVISIBLE + "\u0300\u0301"))


@dataclass(frozen=True, slots=True)
class Options:
    """How to search; see `Index.search`. Raises QueryError for a value that means nothing."""

    limit: int | None = 10
    offset: int = 0
    match: Match = "all"
    where: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()
    sort: Sort = "relevance"
    snippets: int = 2
    snippet_chars: int = 240
    exact: bool = False
    relax: bool = True
    timeout: float | None = None
    count: bool = True
    repair: bool = True
    fuzzy: int = 0
    facets: Collection[str] = ()
    expand: Collection[str] = ()
    synonyms: str | PathLike[str] | None = None

    def __post_init__(self) -> None:
        for name, values in (("match", get_args(Match)), ("sort", get_args(Sort))):
            if getattr(self, name) not in values:
                allowed = ", ".join(values)
                raise QueryError(f"{name}={getattr(self, name)!r}: такого значения нет; возможны {allowed}")
        object.__setattr__(self, "facets", (self.facets,) if isinstance(self.facets, str) else tuple(self.facets))
        if self.fuzzy not in range(FARTHEST + 1):
            raise QueryError(f"fuzzy={self.fuzzy!r}: нужно 0, 1 или 2 — сколько опечаток в слове допустить")
        kinds(self.expand)
        least = {"limit": 0, "offset": 0, "snippets": 0, "snippet_chars": 1}
        for name, bound in least.items():
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= bound) and (name, value) != ("limit", None):
                raise QueryError(f"{name}={value!r}: нужно целое число не меньше {bound}")


def understand(query: str, options: Options) -> Node:
    """What the query and the filters of the options mean. Raises QueryError."""
    tree = with_kin(parse(query, exact=options.exact, fuzzy=options.fuzzy), kinds(options.expand))
    if options.synonyms is not None:
        tree = with_synonyms(tree, load(options.synonyms), any_will_do=options.match == "any")
    return with_filters(with_spellings(tree), where(options.where))


class _Asked(NamedTuple):
    """A tree against the index, and what it found; what was done to find it."""

    plan: Plan
    answer: Answer
    repair: Repair | None = None
    lacking: Sequence[str] = ()

    @property
    def found(self) -> bool:
        """Whether there is any document."""
        return len(self.answer.found.documents) > 0


def run(query: str, tree: Node, reader: Reader, options: Options) -> Results:
    """Search one committed state of an index. Raises QueryError and SearchTimeout."""
    began = time.perf_counter()
    clock = _clock(options.timeout, began)
    asked, offered = _ask(tree, reader, options, clock), list[str]()
    if not asked.found or asked.plan.lacks_words():
        asked, offered = _mended(query, asked, reader, options, clock)
    return _results(query, asked, offered, reader, options, began)


def alike(text: str, language: str, reader: Reader, options: Options, without: int | None = None) -> Results:
    """The documents most like a text, by its most telling words, which are the query; one document is left out."""
    from indexer.query.likeness import typical

    began = time.perf_counter()
    tree = typical(text, language, reader)
    query = " ".join(word.text for word in tree.children if isinstance(word, Word))
    plan = Plan(with_filters(tree, where(options.where)), reader, _clock(options.timeout, began))
    found = plan.answer("any").found
    if without is not None:
        kept = found.documents[found.documents != without]
        found = Found(kept, found.at(kept))
    asked = _Asked(plan, Answer(found, len(found.documents), True))
    return _results(query, asked, [], reader, options, began)


def _results(
    query: str, asked: _Asked, offered: Sequence[str], reader: Reader, options: Options, began: float
) -> Results:
    """The page that was asked for."""
    (found, total, exact), repair = asked.answer, asked.repair
    end = None if options.limit is None else options.offset + options.limit
    numbers = _ranked(found, reader, options.sort, end)[options.offset :]
    executed = repair.text if repair else query
    return Results(
        query=query,
        executed=executed,
        hits=tuple(_hits(asked.plan, found, reader, numbers, options)),
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


def _ask(tree: Node, reader: Reader, options: Options, clock: Callable[[], None]) -> _Asked:
    plan = Plan(tree, reader, clock)
    end = None if options.limit is None else options.offset + options.limit
    best = end if options.sort == "relevance" and not options.facets else None
    return _Asked(plan, plan.answer(options.match, best, count=options.count))


def _mended(
    query: str, asked: _Asked, reader: Reader, options: Options, clock: Callable[[], None]
) -> tuple[_Asked, list[str]]:
    """Where nothing was found: the first repair that finds something, else some of the words. And what to offer.

    A query that finds something stays as it is; where it has words that stand nowhere, others are offered.
    """
    from indexer.repair.chain import Chain  # a search that finds all its words does without

    chain, first = Chain(query, reader), asked
    if asked.found:
        return asked, chain.suggestions()[:_OFFERED]
    for repair in islice(chain.repairs(), _REPAIRS) if options.repair else ():
        clock()
        mended = _ask(understand(repair.text, options), reader, options, clock)._replace(repair=repair)
        if mended.found:
            return mended, [repair.text] if repair.kind == "spelling" else []
        first = mended if first is asked else first
    offered = chain.suggestions()[:_OFFERED]
    if options.relax and options.match == "all":
        for relaxed in dict.fromkeys((first, asked)):
            found, lacking = relaxed.plan.relaxed()
            if len(found.documents):
                answer = Answer(found, len(found.documents), True)
                return relaxed._replace(answer=answer, lacking=lacking), offered
    return asked, offered


def _clock(timeout: float | None, began: float) -> Callable[[], None]:
    def check() -> None:
        if timeout is not None and time.perf_counter() - began > timeout:
            raise SearchTimeout(f"Поиск не уложился в {timeout:g} с. Увеличьте --timeout или уточните запрос")

    return check


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


def _hits(plan: Plan, found: Found, reader: Reader, numbers: Sequence[int], options: Options) -> Iterator[Hit]:
    """The hits of a page; texts are read only where something of them is to be shown."""
    if not numbers:
        return
    scores = found.at(np.array(numbers)).tolist()
    if not options.snippets:
        for rank, (number, score) in enumerate(zip(numbers, scores, strict=True), options.offset + 1):
            yield _hit(rank, score, reader.head(number))
        return
    from indexer.excerpts import Excerpts  # reads texts, which a search without snippets does not

    excerpts, weights, words_alone = Excerpts(reader, numbers, plan.terms()), plan.weights(), plan.words_alone
    for rank, (number, score) in enumerate(zip(numbers, scores, strict=True), options.offset + 1):
        if words_alone:
            located = excerpts.all_spans(number, weights)
        else:
            located = excerpts.spans(number, plan.marks(number, excerpts), weights)
        shown = {name: excerpts.stretches(number, name) for name in located}
        snippets = tuple(_snippets(located, shown, excerpts.heads[number], weights, options))
        if places := reader.locations(number):
            snippets = tuple(_placed(snippet, places) for snippet in snippets)
        yield _hit(rank, score, excerpts.heads[number], _matches(located, shown), snippets)


def _placed(snippet: Snippet, places: Locations) -> Snippet:
    """The passage with the page or chapter in which its first match stands."""
    if snippet.field != "text":
        return snippet
    first = snippet.spans[0][0] if snippet.spans else 0
    return replace(snippet, location=location(places, snippet.start + first))


def _hit(
    rank: int,
    score: float,
    head: Mapping[str, Any],
    matches: Mapping[str, Sequence[str]] | None = None,
    snippets: tuple[Snippet, ...] = (),
) -> Hit:
    return Hit(
        rank, head["id"], score, head["title"], head["path"], head["date"], head["lang"], head["fields"],
        matches or {}, snippets,
    )  # fmt: skip


def _matches(located: Mapping[str, list[Span]], shown: Mapping[str, Sequence[Stretch]]) -> dict[str, tuple[str, ...]]:
    """Query word → the surface forms that met it, each once, as first written, the text first."""
    met: dict[str, dict[str, str]] = {}
    for name, found in located.items():
        for span in found:
            form, clean = _read(_slice(shown[name], span.start, span.end))
            met.setdefault(span.word, {}).setdefault(form, clean)
    return {word: tuple(forms.values()) for word, forms in met.items()}


def _slice(stretches: Sequence[Stretch], start: int, end: int) -> str:
    """The characters start … end of a text, of which the stretches are parts."""
    for base, text in stretches:
        if base <= start and end <= base + len(text):
            return text[start - base : end - base]
    raise ValueError("outside of what was read")


@lru_cache(maxsize=1 << 14)
def _read(surface: str) -> tuple[str, str]:
    """The form of a word as written, and the word without what is not seen."""
    return fold(surface), " ".join(unicodedata.normalize("NFC", surface).translate(_INVISIBLE).split())


def _snippets(
    located: Mapping[str, list[Span]],
    shown: Mapping[str, Sequence[Stretch]],
    head: Mapping[str, Any],
    weights: Mapping[str, float],
    options: Options,
) -> Iterable[Snippet]:
    """Passages of the text; the title is shown as one only when nothing of the text matched."""
    name = "title" if located["title"] and not located["text"] else "text"
    found = passages(
        shown[name],
        located[name],
        weights,
        count=options.snippets,
        chars=options.snippet_chars,
        title=tuple(head["title_at"]),
    )
    return (_snippet(name, _slice(shown[name], passage.start, passage.end), passage) for passage in found)


def _snippet(name: str, text: str, passage: Passage) -> Snippet:
    start, end, found, *cut = passage
    spans = tuple([(span.start - start, span.end - start) for span in found])
    return Snippet(name, start, end, text, spans, None, *cut)
