"""ODT, and the same as one XML file → one document: paragraphs, tables, notes; not comments and what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import metadata, xml
from indexer.sources.growing import Growing
from indexer.sources.packed import Packed
from indexer.sources.properties import Properties
from indexer.sources.source import Source

_SIGNS = {"tab": "\t", "line-break": "\n", "s": " "}
# Changes that were taken back, comments, the numbers of notes, the code of macros.
_SILENT = frozenset("tracked-changes annotation note-citation scripts forms".split())
_SPACES = 100  # spaces in a row, as one element says
_TYPES = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template")


def read(source: Source) -> Iterator[Document]:
    """The document; a passage names the heading above it. Raises SourceError for what is no ODT, and for passwords."""
    packed = Packed(source)
    if "META-INF/manifest.xml" in packed and b"encryption-data" in packed.read("META-INF/manifest.xml"):
        raise SourceError("закрыт паролем: откройте и сохраните без пароля")
    body, said = _Body(), Properties()
    xml.feed(packed.read("content.xml"), body)
    if "meta.xml" in packed:
        xml.feed(packed.read("meta.xml"), said)
    yield from _document(source, body, said)


def flat(source: Source) -> Iterator[Document]:
    """The same of a flat file. Raises SourceError for damaged XML."""
    data = source.read()
    body, said = _Body(), Properties()
    xml.feed(data, body, source.encoding)
    xml.feed(data, said, source.encoding)
    yield from _document(source, body, said)


def _document(source: Source, body: _Body, said: Properties) -> Iterator[Document]:
    if body.grown.text:
        yield metadata.extracted(
            body.grown.text,
            path=source.path,
            title=said.get("title") or body.title,
            created=said.get("creation-date"),
            lang=said.get("language"),
            fields={"author": said.get("initial-creator") or said.get("creator"), "keywords": said.get("keyword")},
            locations=body.grown.locations,
        )


class _Body:
    """Takes the events of the text. A note goes behind the paragraph that it stands in."""

    def __init__(self) -> None:
        self.grown = Growing()
        self.title = ""
        self._body = False
        self._silent = 0
        self._paragraphs: list[list[str]] = []
        self._style = ""
        self._cells: list[str] = []
        self._rows = 0
        self._notes: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag == "body":
            self._body = True
        elif tag in _SILENT:
            self._silent += 1
        elif tag in ("p", "h"):
            self._paragraphs.append([])
            self._style = attributes.get("style-name", "")
        elif tag == "table-row":
            self._rows += 1
        elif tag in _SIGNS and self._paragraphs and not self._silent:
            count = attributes.get("c", "1")
            self._paragraphs[-1].append(_SIGNS[tag] * (min(int(count), _SPACES) if count.isdecimal() else 1))

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in _SILENT:
            self._silent -= 1
        elif tag in ("p", "h") and self._paragraphs:
            self._end_paragraph("".join(self._paragraphs.pop()), tag == "h")
        elif tag == "table-row":
            self._rows -= 1
            if not self._rows:
                self.grown.add("\t".join(self._cells), "\n")
                self._cells = []

    def _end_paragraph(self, text: str, heading: bool) -> None:
        if self._silent or not self._body:
            return
        if self._paragraphs:  # a note, a frame
            self._notes.append(text)
        elif self._rows:
            self._cells += [text.strip()] if text.strip() else []
        else:
            if heading and text.strip():
                self.grown.begin(text)
            elif self._style == "Title" and not self.title:
                self.title = text
            self.grown.add(text)
            for note in self._notes:
                self.grown.add(note)
            self._notes = []

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        if self._paragraphs and not self._silent:
            self._paragraphs[-1].append(text)
