"""How to search: what `Index.search` may be asked for, and whether it means anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from typing import Any, Literal, get_args

from indexer.errors import QueryError
from indexer.query.plan import Match
from indexer.query.tree import FARTHEST
from indexer.query.widening import kinds
from indexer.values import Value

Sort = Literal["relevance", "date", "-date", "path"]
Collapse = Literal["near"]
_ALLOWED = {"match": get_args(Match), "sort": get_args(Sort), "collapse": (None, *get_args(Collapse))}
_LEAST = {"limit": 0, "offset": 0, "snippets": 0, "snippet_chars": 1}


class Options(Value):
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
    collapse: Collapse | None = None
    explain: bool = False

    @property
    def end(self) -> int | None:
        """How many of the best there are up to the end of the page; None for all."""
        return None if self.limit is None else self.offset + self.limit

    def __post_init__(self) -> None:
        for name, values in _ALLOWED.items():
            if getattr(self, name) not in values:
                allowed = ", ".join(map(str, values))
                raise QueryError(f"{name}={getattr(self, name)!r}: такого значения нет; возможны {allowed}")
        if not isinstance(self.facets, Collection) or isinstance(self.facets, bytes):
            raise QueryError(f"facets={self.facets!r}: нужен список полей, например ['year', 'lang']")
        if not isinstance(self.synonyms, str | PathLike | None):
            raise QueryError(f"synonyms={self.synonyms!r}: нужен путь к файлу синонимов")
        vars(self)["facets"] = (self.facets,) if isinstance(self.facets, str) else tuple(self.facets)
        vars(self)["exact"] = bool(self.exact)
        if self.fuzzy not in range(FARTHEST + 1):
            raise QueryError(f"fuzzy={self.fuzzy!r}: нужно 0, 1 или 2 — сколько опечаток в слове допустить")
        kinds(self.expand)
        for name, bound in _LEAST.items():
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= bound) and (name, value) != ("limit", None):
                raise QueryError(f"{name}={value!r}: нужно целое число не меньше {bound}")
