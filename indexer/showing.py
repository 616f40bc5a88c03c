"""The documents of a page → hits: why each was found, and its passages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from indexer.analysis.folding import INVISIBLE, fold
from indexer.options import Options
from indexer.query.plan import Plan
from indexer.query.scored import Found
from indexer.results import Hit, Snippet
from indexer.segment.collection import own_fields
from indexer.segment.locations import Locations
from indexer.segment.locations import at as location
from indexer.segment.reader import Reader
from indexer.snippets import LEAST, Span, Stretch, passages

_INVISIBLE = str.maketrans(dict.fromkeys(INVISIBLE + "\u0300\u0301"))


def hits(
    plan: Plan, found: Found, reader: Reader, folded: Mapping[int, Sequence[int]], options: Options
) -> Iterator[Hit]:
    """The hits of a page: documents with their reprints; texts are read only where something is to be shown of them."""
    numbers = list(folded)
    if not numbers:
        return
    why = _explained(plan, numbers, reader) if options.explain else {}
    ranked = enumerate(zip(numbers, found.scores_of(numbers), strict=True), options.offset + 1)
    if not options.snippets:
        for rank, (number, score) in ranked:
            same = _ids(folded[number], reader) if folded[number] else ()
            yield _hit(rank, score, reader.head(number), {}, (), same, why.get(number))
        return
    from indexer.excerpts import Excerpts  # reads texts, which a search without snippets does not

    excerpts = Excerpts(reader, numbers, plan.terms(), counted=plan.counts_positions)
    weights = {word: max(idf, LEAST) for word, idf in plan.weights().items()}
    words_alone = plan.words_alone
    for rank, (number, score) in ranked:
        if words_alone:
            located = excerpts.all_spans(number, weights)
        else:
            located = excerpts.spans(number, plan.marks(number, excerpts), weights)
        shown = excerpts.stretches(number)
        snippets = _snippets(located, shown, excerpts.heads[number], weights, options)
        if reader.has_locations and (places := reader.locations(number)):
            snippets = [_placed(snippet, places) for snippet in snippets]
        same = _ids(folded[number], reader) if folded[number] else ()
        matches = _matches(located, shown)
        yield _hit(rank, score, excerpts.heads[number], matches, tuple(snippets), same, why.get(number))


def _explained(plan: Plan, numbers: Iterable[int], reader: Reader) -> dict[int, Any]:
    from indexer.query.explanation import explain  # few ask why

    return {number: explain(plan, number, reader) for number in numbers}


def _ids(numbers: Sequence[int], reader: Reader) -> tuple[str, ...]:
    return tuple([str(reader.head(number)["id"]) for number in numbers])


def _placed(snippet: Snippet, places: Locations) -> Snippet:
    """The passage with the page or chapter in which its first match stands."""
    if snippet.field != "text":
        return snippet
    first = snippet.spans[0][0] if snippet.spans else 0
    return snippet.replace(location=location(places, snippet.start + first))


def _hit(
    rank: int,
    score: float,
    head: Mapping[str, Any],
    matches: Mapping[str, Sequence[str]],
    snippets: tuple[Snippet, ...],
    duplicates: tuple[str, ...],
    why: Any,
) -> Hit:
    return Hit(
        rank, head["id"], score, head["title"], head["path"], head["date"], head["lang"], own_fields(head),
        matches, snippets, duplicates, why,
    )  # fmt: skip


def _matches(located: Mapping[str, list[Span]], shown: Mapping[str, Sequence[Stretch]]) -> dict[str, tuple[str, ...]]:
    """Query word → the surface forms that met it, each once, as first written, the text first."""
    met: dict[str, dict[str, str]] = {}
    for name, found in located.items():
        stretches, base, text, behind = iter(shown[name]), 0, "", 0
        for start, end, word in found:
            while end > behind:
                base, text, _, _ = next(stretches)  # both are in the order of the text
                behind = base + len(text)
            form, clean = _read(text[start - base : end - base])
            if (forms := met.get(word)) is None:
                met[word] = {form: clean}
            elif form not in forms:
                forms[form] = clean
    return {word: tuple(forms.values()) for word, forms in met.items()}


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
) -> list[Snippet]:
    """Passages of the text; the title is shown as one only when nothing of the text matched."""
    name = "title" if located["title"] and not located["text"] else "text"
    stretches, title = shown[name], tuple(head["title_at"])
    found = passages(
        stretches, located[name], weights, count=options.snippets, chars=options.snippet_chars, title=title
    )
    snippets: list[Snippet] = []
    base, text, behind = 0, "", 0
    parts = iter(stretches)
    for start, end, spans, cut_before, cut_after in found:
        while end > behind:
            base, text, _, _ = next(parts)  # both are in the order of the text
            behind = base + len(text)
        marked = tuple([(low - start, high - start) for low, high, _ in spans])
        snippets.append(Snippet(name, start, end, text[start - base : end - base], marked, None, cut_before, cut_after))
    return snippets
