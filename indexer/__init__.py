"""Russian full-text search: an index that knows morphology, ranked snippets with every word form marked.

    from indexer import Document, Index

    with Index.open("index_data", create=True) as index:
        index.add(Document("Россия не пойдёт на уступки.", id="1"))
        for hit in index.search("уступка"):
            print(hit.id, *hit.snippets)

Importing this loads names only: NumPy, Whoosh and pymorphy3 come with the first use of what needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.api import forms, tokenize
    from indexer.errors import (
        AddressError,
        DocumentError,
        DocumentNotFound,
        IndexDamaged,
        IndexerError,
        IndexLocked,
        IndexNotFound,
        IndexVersionError,
        QueryError,
        SearchTimeout,
        SourceError,
    )
    from indexer.index import Index, search
    from indexer.model import AddReport, CheckReport, Document, IndexStats, Problem
    from indexer.results import Hit, Results, Snippet

_HOMES = {
    "errors": (
        "AddressError", "DocumentError", "DocumentNotFound", "IndexDamaged", "IndexLocked", "IndexNotFound",
        "IndexVersionError", "IndexerError", "QueryError", "SearchTimeout", "SourceError",
    ),
    "model": ("AddReport", "CheckReport", "Document", "IndexStats", "Problem"),
    "results": ("Hit", "Results", "Snippet"),
    "index": ("Index", "search"),
    "api": ("forms", "tokenize"),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AddReport",
    "AddressError",
    "CheckReport",
    "Document",
    "DocumentError",
    "DocumentNotFound",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexStats",
    "IndexVersionError",
    "IndexerError",
    "Problem",
    "QueryError",
    "Results",
    "SearchTimeout",
    "Snippet",
    "SourceError",
    "forms",
    "search",
    "tokenize",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'indexer' has no attribute {name!r}")
    value = getattr(import_module(f"indexer.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
