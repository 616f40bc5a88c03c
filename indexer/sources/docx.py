"""DOCX → one document: paragraphs, tables, notes; what was deleted, instructions of fields and macros are not read.

Two hundred lines of python-docx's object model would be built for every page that is read once; the text is the runs
of one XML file, so it is taken as the parser meets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from indexer.model import Document
from indexer.sources import metadata, xml
from indexer.sources.growing import Growing
from indexer.sources.packed import Packed
from indexer.sources.properties import Properties
from indexer.sources.source import Source

_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SILENT = frozenset(("del", "moveFrom", "Fallback"))  # a text box stands in an alternative, and in its fallback again
_HEADING = re.compile(r"heading [1-3]|заголовок [1-3]|title", re.IGNORECASE)


def read(source: Source) -> Iterator[Document]:
    """The document; a passage names the heading above it. Raises SourceError for what is no DOCX."""
    packed = Packed(source)
    styles = _Styles()
    if "word/styles.xml" in packed:
        xml.feed(packed.read("word/styles.xml"), styles)
    body = _Body(styles.headings)
    for name in (_MAIN, *(name for name in _NOTES if name in packed)):
        xml.feed(packed.read(name), body)
    said = Properties()
    if "docProps/core.xml" in packed:
        xml.feed(packed.read("docProps/core.xml"), said)
    if body.grown.text:
        yield metadata.extracted(
            body.grown.text,
            path=source.path,
            title=said.get("title") or body.title,
            created=said.get("created"),
            lang=said.get("language"),
            fields={"author": said.get("creator"), "keywords": said.get("keywords")},
            locations=body.grown.locations,
        )


class _Styles:
    """Takes the events of the styles: which of them are headings."""

    def __init__(self) -> None:
        self.headings: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag == "style":
            self._style = attributes.get("styleId", "")
        elif tag == "name" and _HEADING.fullmatch(attributes.get("val", "")):
            self.headings[self._style] = attributes["val"].lower()

    def end(self, tag: str) -> None:
        """An element closes."""

    def data(self, text: str) -> None:
        """Text within the element that is open."""


class _Body:
    """Takes the events of the text. A paragraph within a paragraph (a text box) goes before it."""

    def __init__(self, headings: Mapping[str, str]) -> None:
        self.grown = Growing()
        self.title = ""
        self._headings = headings
        self._silent = 0
        self._paragraphs: list[list[str]] = []
        self._styles: list[str] = []
        self._cells: list[str] = []
        self._tables = 0
        self._in_text = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "p":
            self._paragraphs.append([])
            self._styles.append("")
        elif tag == "pStyle" and self._styles:
            self._styles[-1] = self._headings.get(attributes.get("val", ""), "")
        elif tag == "tbl":
            self._tables += 1
        elif tag == "t":
            self._in_text = True
        elif tag in _SIGNS and not self._silent and self._paragraphs and "pos" not in attributes:
            self._paragraphs[-1].append(_SIGNS[tag])

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "p":
            self._end_paragraph("".join(self._paragraphs.pop()), self._styles.pop())
        elif tag == "tr" and self._tables:
            self.grown.add("\t".join(self._cells), "\n")
            self._cells = []
        elif tag == "tbl":
            self._tables -= 1

    def _end_paragraph(self, text: str, style: str) -> None:
        if self._tables:
            self._cells += [text.strip()] if text.strip() else []
            return
        if style == "title" and not self.title:
            self.title = text
        elif style and text.strip():
            self.grown.begin(text)
        self.grown.add(text)

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        if self._in_text and not self._silent and self._paragraphs:
            self._paragraphs[-1].append(text)
