"""A file of properties of a document (author, title, date) → the text of each element."""

from __future__ import annotations

from collections.abc import Mapping


class Properties:
    """Takes the events of a file of properties: the text of each element, the first of a name."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._parts: list[str] = []

    def get(self, name: str) -> str:
        """The text of the first element of a name; empty where there is none."""
        return self._said.get(name, "")

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._parts = []

    def end(self, tag: str) -> None:
        """An element closes."""
        if text := "".join(self._parts).strip():
            self._said.setdefault(tag, text)
        self._parts = []

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        self._parts.append(text)
