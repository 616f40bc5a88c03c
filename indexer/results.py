"""The values that a search gives: hits, with passages of their texts. All frozen.

A `Snippet` is text and spans; `markup` alone knows how marks are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, overload

from indexer import markup
from indexer.values import Value

if TYPE_CHECKING:
    from indexer.model import FieldValue


class Snippet(Value):
    """A passage: `text` is `document.<field>[start:end]`, and `spans` are the matched words in it.

    `spans` are half-open character offsets within `text`, in order, none overlapping. `more_before` and
    `more_after` say that the field goes on where the passage stops within a sentence.
    """

    field: str
    start: int
    end: int
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    location: str | None = None
    more_before: bool = False
    more_after: bool = False

    def html(self, tag: str = "mark") -> str:
        """The passage as HTML: the text escaped, each span within `<tag>`."""
        return self._ellipsis(markup.html(self.text, self.spans, tag))

    def ansi(self) -> str:
        """The passage for a terminal: matches in bold red, control characters of the text made harmless."""
        return self._ellipsis(markup.ansi(self.text, self.spans))

    def markdown(self) -> str:
        """The passage as Markdown: matches in bold, the text's own marks escaped."""
        return self._ellipsis(markup.markdown(self.text, self.spans))

    def __str__(self) -> str:
        return self._ellipsis(self.text)

    def to_dict(self) -> dict[str, Any]:
        """One of `snippets` in the JSON object, version 1."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "location": self.location,
        }

    def _ellipsis(self, text: str) -> str:
        return ("…" if self.more_before else "") + text + ("…" if self.more_after else "")


class Hit(Value):
    """One document found. `matches` maps each query word to the surface forms that met it."""

    rank: int
    id: str
    score: float
    title: str = ""
    path: str | None = None
    date: str | None = None
    lang: str | None = None
    fields: Mapping[str, FieldValue] = MappingProxyType({})
    matches: Mapping[str, Sequence[str]] = MappingProxyType({})
    snippets: tuple[Snippet, ...] = ()
    duplicates: tuple[str, ...] = ()
    explain: Any = None

    def to_dict(self) -> dict[str, Any]:
        """One of `hits` in the JSON object, version 1."""
        row: dict[str, Any] = {name: getattr(self, name) for name in ("rank", "id", "path", "title", "date", "lang")}
        row["score"] = round(self.score, 4)
        row["matches"] = {word: list(forms) for word, forms in self.matches.items()}
        row["snippets"] = [snippet.to_dict() for snippet in self.snippets]
        row |= {"fields": dict(self.fields), "duplicates": list(self.duplicates), "explain": self.explain}
        return row


class Results(Value, Sequence[Hit]):
    """The hits of one page, and what was done to find them."""

    query: str
    executed: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    total_is: Literal["exact", "at_least"] = "exact"
    took_ms: float = 0.0
    repaired: Mapping[str, str] | None = None
    relaxed: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = MappingProxyType({})

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, version 1, as Python values."""
        head = {name: getattr(self, name) for name in ("query", "executed", "repaired")}
        return {
            "version": 1,
            **head,
            "relaxed": list(self.relaxed),
            "suggestions": list(self.suggestions),
            "total": self.total,
            "total_is": self.total_is,
            "took_ms": self.took_ms,
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
        }

    def to_json(self) -> str:
        """The JSON object, version 1, on one line, letters as they are."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def _repr_html_(self) -> str:
        """An ordered list for notebooks."""
        rows = []
        for hit in self.hits:
            head = markup.html(" — ".join(part for part in (hit.id, hit.title) if part), ())
            body = "".join(f"<br>{snippet.html()}" for snippet in hit.snippets)
            rows.append(f"<li><b>{head}</b>{body}</li>")
        return f"<ol>{''.join(rows)}</ol>"
