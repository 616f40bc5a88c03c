"""A query and its options → results: parse, plan, rank, cut the page, show why and where."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from indexer.analysis.folding import INVISIBLE, fold
from indexer.errors import QueryError, SearchTimeout
from indexer.model import Hit, Results, Snippet
from indexer.query.filters import where
from indexer.query.parser import parse, with_filters
from indexer.query.places import Mark
from indexer.query.plan import Match, Plan
from indexer.query.tree import Node
from indexer.segment.reader import Reader
from indexer.snippets import Passage, Span, passages, spans

Sort = Literal["relevance", "date", "-date", "path"]
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

    def __post_init__(self) -> None:
        for name, values in (("match", get_args(Match)), ("sort", get_args(Sort))):
            if getattr(self, name) not in values:
                allowed = ", ".join(values)
                raise QueryError(f"{name}={getattr(self, name)!r}: такого значения нет; возможны {allowed}")
        least = {"limit": 0, "offset": 0, "snippets": 0, "snippet_chars": 1}
        for name, bound in least.items():
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= bound) and (name, value) != ("limit", None):
                raise QueryError(f"{name}={value!r}: нужно целое число не меньше {bound}")


def understand(query: str, options: Options) -> Node:
    """What the query and the filters of the options mean. Raises QueryError."""
    return with_filters(parse(query, exact=options.exact), where(options.where))


def run(query: str, tree: Node, reader: Reader, options: Options) -> Results:
    """Search one committed state of an index. Raises QueryError and SearchTimeout."""
    began = time.perf_counter()
    plan = Plan(tree, reader, _clock(options.timeout, began))
    scores, lacking = plan.scores(options.match), list[str]()
    if not scores and options.relax and options.match == "all":
        scores, lacking = plan.relaxed()
    ranked = _ranked(scores, reader, options.sort)
    end = None if options.limit is None else options.offset + options.limit
    page = list(enumerate(ranked[options.offset : end], options.offset + 1))
    weights = plan.weights()
    hits = tuple(
        _hit(rank, scores[number], reader.stored(number), plan.marks(number), weights, options) for rank, number in page
    )
    return Results(
        query=query,
        executed=query,
        hits=hits,
        total=len(scores),
        took_ms=round((time.perf_counter() - began) * 1000, 2),
        relaxed=tuple(lacking),
    )


def _clock(timeout: float | None, began: float) -> Callable[[], None]:
    def check() -> None:
        if timeout is not None and time.perf_counter() - began > timeout:
            raise SearchTimeout(f"Поиск не уложился в {timeout:g} с. Увеличьте --timeout или уточните запрос")

    return check


def _ranked(scores: Mapping[int, float], reader: Reader, sort: Sort) -> list[int]:
    """Document numbers in the order asked for; ties go by id, so that pages are stable."""
    ids = reader.column("id")
    if sort == "relevance":
        return sorted(scores, key=lambda number: (-scores[number], ids[number]))
    column = reader.column(sort.lstrip("-"))
    ordered = sorted(scores, key=lambda number: ids[number])
    ordered.sort(key=lambda number: str(column[number]), reverse=sort.startswith("-"))
    return sorted(ordered, key=lambda number: not column[number])  # what has no date or path stands last


def _hit(
    rank: int,
    score: float,
    kept: Mapping[str, Any],
    marks: Iterable[tuple[str, Mark]],
    weights: Mapping[str, float],
    options: Options,
) -> Hit:
    located = _located(marks, kept)
    return Hit(
        rank=rank,
        id=kept["id"],
        score=score,
        title=kept["title"],
        path=kept["path"],
        date=kept["date"],
        lang=kept["lang"],
        fields=kept["fields"],
        matches=_matches(located, kept),
        snippets=tuple(_snippets(located, kept, weights, options)) if options.snippets else (),
    )


def _located(marks: Iterable[tuple[str, Mark]], kept: Mapping[str, Any]) -> dict[str, list[Span]]:
    """Stored field → spans. A title that stands in the text is a part of the text."""
    by_field: dict[str, list[Mark]] = {"text": [], "title": []}
    for name, mark in marks:
        by_field["text" if kept["title_at"][1] else name].append(mark)
    return {name: spans(kept[name], found) for name, found in by_field.items()}


def _matches(located: Mapping[str, list[Span]], kept: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Query word → the surface forms that met it, each once, as first written, the text first."""
    met: dict[str, dict[str, str]] = {}
    for name, found in located.items():
        for span in found:
            surface = kept[name][span.start : span.end]
            met.setdefault(span.word, {}).setdefault(fold(surface), _clean(surface))
    return {word: tuple(forms.values()) for word, forms in met.items()}


def _clean(surface: str) -> str:
    return " ".join(unicodedata.normalize("NFC", surface).translate(_INVISIBLE).split())


def _snippets(
    located: Mapping[str, list[Span]], kept: Mapping[str, Any], weights: Mapping[str, float], options: Options
) -> Iterable[Snippet]:
    """Passages of the text; the title is shown as one only when nothing of the text matched."""
    name = "title" if located["title"] and not located["text"] else "text"
    found = passages(
        kept[name],
        located[name],
        weights,
        count=options.snippets,
        chars=options.snippet_chars,
        title=tuple(kept["title_at"]),
    )
    return (_snippet(name, kept[name], passage) for passage in found)


def _snippet(name: str, text: str, passage: Passage) -> Snippet:
    return Snippet(
        field=name,
        start=passage.start,
        end=passage.end,
        text=text[passage.start : passage.end],
        spans=tuple((span.start - passage.start, span.end - passage.start) for span in passage.spans),
        more_before=passage.cut_before,
        more_after=passage.cut_after,
    )
