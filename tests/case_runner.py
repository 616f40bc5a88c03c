"""Runs one case of `tests/cases/search.jsonl` against the library and says what is wrong with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer import Document, Index, Results

# options of a case → options of `Index.search`
_OPTIONS = {"fragments": "snippets", "max_chars": "snippet_chars"}


def build(case: dict[str, Any], folder: Path) -> Index:
    """An index of the case's documents: as values, or as files when the case is about files."""
    index = Index.open(folder / "index", create=True)
    fill(index, case, folder)
    return index


def fill(index: Index, case: dict[str, Any], folder: Path) -> None:
    """Put the case's documents into an empty index; files lie in the folder."""
    if case["kind"] != "index":
        index.add_many(Document(**doc) for doc in case["docs"])
        return
    for doc in case["docs"]:
        path = folder / "docs" / doc["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(doc["text"].encode(doc.get("encoding", "utf-8")))
    index.add_path(folder / "docs")


def complaints(case: dict[str, Any], index: Index) -> Iterator[str]:
    """What the answer lacks or has too much of; nothing when it is right."""
    options = {_OPTIONS.get(name, name): value for name, value in case.get("options", {}).items()}
    html = options.pop("format", None) == "html"
    results = index.search(case["query"], limit=None, **options)
    by_id = {Path(hit.id).stem if case["kind"] == "index" else hit.id: hit for hit in results}
    found = list(by_id)
    if lacking := set(case["must_match"]) - set(found):
        yield f"not found: {sorted(lacking)}"
    if extra := set(case["must_not"]) & set(found):
        yield f"found: {sorted(extra)}"
    if order := case.get("order"):
        if order[0] not in found:
            yield f"first of the order not found: {order[0]}"
        ranks = [found.index(name) for name in order if name in found]
        if ranks != sorted(ranks):
            yield f"order: {found}"
    yield from _marks(case, by_id)
    yield from _snippet(case, results, html)
    if (wanted := case.get("suggest")) and wanted not in results.suggestions:
        yield f"not suggested: {wanted}"


def _marks(case: dict[str, Any], by_id: dict[str, Any]) -> Iterator[str]:
    for key in ("marked", "marked_any", "not_marked", "not_marked_at"):
        for name, wanted in case.get(key, {}).items():
            if name not in by_id:
                yield f"{key}: {name} not found"
                continue
            snippets = by_id[name].snippets
            marked = {s.text[a:b] for s in snippets for a, b in s.spans}
            places = [(s.start + a, s.start + b) for s in snippets if s.field == "text" for a, b in s.spans]
            if not _as_wanted(key, wanted, marked, places):
                yield f"{key} {wanted}: marked are {marked} at {places}"


def _as_wanted(key: str, wanted: list[Any], marked: set[str], places: list[tuple[int, int]]) -> bool:
    if key == "marked":
        return set(wanted) <= marked
    if key == "marked_any":
        return bool(set(wanted) & marked)
    if key == "not_marked":
        return not set(wanted) & marked
    return not any(start <= at < end for at in wanted for start, end in places)


def _snippet(case: dict[str, Any], results: Results, html: bool) -> Iterator[str]:
    texts = [snippet.html() if html else str(snippet) for hit in results for snippet in hit.snippets]
    if (wanted := case.get("snippet_is")) and wanted not in texts:
        yield f"snippet is {texts}"
    if (wanted := case.get("snippet_contains")) and not any(wanted in text for text in texts):
        yield f"snippet is {texts}"
    if (longest := case.get("max_len")) and any(len(text) > longest for text in texts):
        yield f"longer than {longest}: {[len(text) for text in texts]}"
