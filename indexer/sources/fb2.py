"""FictionBook 2 → one document a book, in chapters; zipped or not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from indexer.model import Document
from indexer.sources import archives, metadata, xml
from indexer.sources.growing import Growing
from indexer.sources.packed import Packed
from indexer.sources.source import Found, Inside, Source

_PARAGRAPHS = frozenset("p v subtitle text-author tr".split())
_SPACE = re.compile(r"[^\S\t]+")
_LINES = ("v", "tr")


def read(source: Source) -> Iterator[Document]:
    """The book: authors, genres, the series and the annotation from its head; notes stand at the end of its text.

    Raises SourceError for damaged XML.
    """
    book = _Book()
    xml.feed(source.read(), book, source.encoding)
    if book.grown.text:
        yield metadata.extracted(
            book.grown.text,
            path=source.path,
            title=book.said.get("book-title", ""),
            created=book.said.get("date"),
            lang=book.said.get("lang"),
            fields={"author": book.authors, "genre": book.genres, "series": book.said.get("sequence")},
            locations=book.grown.locations,
        )


def packed(source: Source, inside: Inside) -> Found:
    """A zipped book is that book, under the name of the archive; an archive of several is read as one."""
    archive = Packed(source)
    names = list(archive.names())
    if len(names) == 1:
        yield from read(replace(source, stream=io.BytesIO(archive.read(names[0]))))
    else:
        yield from archives.zipped(source, inside)


class _Book:
    """Takes the events of a book."""

    def __init__(self) -> None:
        self.grown = Growing()
        self.said: dict[str, str] = {}
        self.authors: list[str] = []
        self.genres: list[str] = []
        self._open: list[str] = []
        self._parts: list[str] = []
        self._title: list[str] = []
        self._name: list[str] = []
        self._notes = self._first = False  # `_first`: the next line stands apart from what is before it
        self._chapters = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._open.append(tag)
        if tag in _PARAGRAPHS:
            self._parts = []
        elif tag in ("stanza", "table"):
            self._first = True
        elif tag in ("td", "th"):
            self._parts.append("\t")
        elif tag == "body":
            self._notes = "name" in attributes
        elif tag == "section":
            if self._open[-2] == "body" and not self._notes:
                self._chapters += 1
                self.grown.begin(f"глава {self._chapters}")  # until its title is met
        elif self._in_head():
            self._parts = []
            if tag == "sequence" and "name" in attributes:
                self.said.setdefault("sequence", attributes["name"])
            elif tag == "date" and "value" in attributes:
                self.said.setdefault("date", attributes["value"])
            elif tag == "author":
                self._name = []

    def end(self, tag: str) -> None:
        """An element closes."""
        text = _SPACE.sub(" ", "".join(self._parts)).strip()
        if "body" in self._open or "annotation" in self._open:
            self._end_in_text(tag, text)
        elif self._in_head():
            self._end_in_head(tag, text)
        self._open.pop()

    def _end_in_text(self, tag: str, text: str) -> None:
        if tag in _PARAGRAPHS:
            if "title" in self._open:
                self._title.append(text)
            else:
                self.grown.add(text, "\n" if tag in _LINES and not self._first else "\n\n")
                self._first = False
            self._parts = []
        elif tag == "title":
            if not self._notes or self._open[-2] == "body":
                self.grown.begin(" ".join(self._title))
            self.grown.add("\n".join(self._title))
            self._title = []

    def _end_in_head(self, tag: str, text: str) -> None:
        if tag in ("first-name", "middle-name", "last-name", "nickname") and "author" in self._open and text:
            self._name.append(text)
        elif tag == "author" and self._name:
            self.authors.append(" ".join(self._name))
        elif tag == "genre" and text:
            self.genres.append(text)
        elif text:
            self.said.setdefault(tag, text)

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        if not self._open or self._open[-1] != "binary":
            self._parts.append(text)

    def _in_head(self) -> bool:
        return "title-info" in self._open[:4]
