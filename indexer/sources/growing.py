"""A text as it is put together, and the places in it that a passage is named by."""

from __future__ import annotations

from collections.abc import Sequence

_NAME = 80  # characters of a location


class Growing:
    """Paragraphs one after another; `begin` says that a page or chapter begins with the next of them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._next = ""
        self.locations: list[tuple[int, str]] = []

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)

    def add(self, paragraph: str, gap: str = "\n\n", headings: Sequence[tuple[int, str]] = ()) -> None:
        """A paragraph, if there is anything in it, `gap` behind the one before.

        It may be several that are put together already, with (offset, name) of the places that begin in them.
        """
        bare = paragraph.strip()
        if not bare:
            return
        if self._parts:
            self._put(gap)
        start = self._length - (len(paragraph) - len(paragraph.lstrip()))
        named = {start + at: _short(name) for at, name in headings}
        if self._next:
            named.setdefault(self._length, self._next)
            self._next = ""
        self.locations += sorted((at, name) for at, name in named.items() if name)
        self._put(bare)

    def begin(self, name: str) -> None:
        """What follows stands in the page, the chapter, of that name."""
        self._next = _short(name)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _short(name: str) -> str:
    return " ".join(name.split())[:_NAME].rstrip()
