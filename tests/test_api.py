"""What may be imported, what it is called, and that every error has one root."""

from __future__ import annotations

import inspect

import pytest

import indexer
from indexer import errors
from indexer.model import AddReport, CheckReport, Document, Problem
from indexer.results import Hit, Results, Snippet


def test_all_is_what_there_is() -> None:
    """Every name of `__all__` is there, and is documented; nothing else is a name of the package."""
    for name in indexer.__all__:
        assert inspect.getdoc(getattr(indexer, name)), name
    assert indexer.__all__ == sorted(indexer.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = indexer.nonsense
    assert set(indexer.__all__) <= set(dir(indexer))


def test_search_is_the_function() -> None:
    """No module of the package may hide the function behind its own name."""
    indexer.Index  # noqa: B018 - loads everything
    assert callable(indexer.search)


def test_errors_are_one_tree() -> None:
    """Whoever catches IndexerError catches all; `__all__` has each of them."""
    tree = {name: value for name, value in vars(errors).items() if inspect.isclass(value)}
    assert all(issubclass(value, errors.IndexerError) for value in tree.values())
    assert tree.keys() <= set(indexer.__all__)
    assert issubclass(errors.DocumentNotFound, errors.DocumentError | KeyError)


def test_values_are_frozen() -> None:
    """What is handed out cannot be changed behind the back of another thread."""
    hit = Hit(1, "а", 1.0)
    for value in (
        Document("Кот"),
        Problem("а.txt", "пуст"),
        AddReport(),
        CheckReport(ok=True),
        hit,
        Results("кот", "кот"),
    ):
        field = type(value).__match_args__[0]
        with pytest.raises(AttributeError):
            setattr(value, field, getattr(value, field))


def test_forms() -> None:
    """All forms of every lemma, ё folded: other tools can be given them as a list."""
    assert {"шел", "идет", "идя", "шедшими"} <= set(indexer.forms("идти"))
    assert "уступками" in indexer.forms("Уступка")
    assert indexer.forms("C++") == ["c++"]


def test_tokenize() -> None:
    """One folded token a position; parts of hyphenated words, no wholes."""
    assert indexer.tokenize("Ёлка в телеграм-канале — 5 374 руб.") == [
        "елка", "в", "телеграм", "канале", "5", "374", "руб",
    ]  # fmt: skip


def test_results_as_json_and_html() -> None:
    """The JSON object, version 1, letter for letter; HTML for notebooks is escaped."""
    snippet = Snippet("text", 5, 16, "два <b>кота", ((7, 11),), more_before=True)
    hit = Hit(1, "a<b", 1.23456, title="Кот & пёс", matches={"кот": ("кота",)}, snippets=(snippet,))
    results = Results("кот", "кот", (hit,), 1, took_ms=0.5)
    assert results.to_json() == (
        '{"version": 1, "query": "кот", "executed": "кот", "repaired": null, "relaxed": [], "suggestions": [],'
        ' "total": 1, "total_is": "exact", "took_ms": 0.5, "hits": [{"rank": 1, "id": "a<b", "path": null,'
        ' "title": "Кот & пёс", "date": null, "lang": null, "score": 1.2346, "matches": {"кот": ["кота"]},'
        ' "snippets": [{"field": "text", "start": 5, "end": 16, "text": "два <b>кота", "spans": [[7, 11]],'
        ' "location": null}], "fields": {}, "duplicates": [], "explain": null}], "facets": {}}'
    )
    assert results._repr_html_() == (
        "<ol><li><b>a&lt;b — Кот &amp; пёс</b><br>…два &lt;b&gt;<mark>кота</mark></li></ol>"
    )
    assert (len(results), results[0], results[:1], list(results)) == (1, hit, (hit,), [hit])
