"""How a marked passage is written: HTML, terminal, Markdown. The only place where marks are made.

Each function takes the text and the spans to mark: half-open character offsets, in order, none overlapping.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.patterns import pattern

Spans = Sequence[tuple[int, int]]

_MARKDOWN = pattern(r"([\\`*_\[\]<>#|~&])")
# A text may hold escape sequences; printed raw they would drive the reader's terminal.
_CONTROL = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _marked(text: str, spans: Spans, escape: Callable[[str], str] | None, before: str, after: str) -> str:
    parts, at = [], 0  # of the text and of marks, by turns
    for start, end in spans:
        parts += [text[at:start], before, text[start:end], after]
        at = end
    parts.append(text[at:])
    if escape:
        parts[::2] = map(escape, parts[::2])
    return "".join(parts)


def html(text: str, spans: Spans, tag: str = "mark") -> str:
    """HTML: everything of the text escaped, so that the only tags are ours."""
    plain = not ("&" in text or "<" in text or ">" in text or '"' in text or "'" in text)
    return _marked(text, spans, None if plain else _escaped, f"<{tag}>", f"</{tag}>")


def _escaped(text: str) -> str:
    from html import escape  # with a table of all entities, which most texts do without

    return escape(text)


def harmless(text: str) -> str:
    """The text without control characters, which a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def ansi(text: str, spans: Spans) -> str:
    """ANSI: matches in bold red (SGR 1;31)."""
    return _marked(text, spans, harmless, "\x1b[1;31m", "\x1b[0m")


def markdown(text: str, spans: Spans) -> str:
    """Markdown (CommonMark): matches in bold, characters that mean something escaped."""
    return _marked(text, spans, lambda part: _MARKDOWN.sub(r"\\\1", part), "**", "**")
