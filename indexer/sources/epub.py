"""EPUB → one document a book: the pages of its spine, each by the reader of HTML, in chapters."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote

from indexer.errors import SourceError
from indexer.model import Problem
from indexer.paths import MEMBER
from indexer.sources import html, metadata, xml
from indexer.sources.growing import Growing
from indexer.sources.packed import Packed
from indexer.sources.source import Found, Source

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"


def read(source: Source) -> Found:
    """The book; a passage names the heading above it, else the entry of the table of contents, else «глава 3».

    A page that cannot be read is a Problem, and the rest goes on. Raises SourceError for what is no EPUB, and for a
    book under DRM.
    """
    packed = Packed(source)
    package = _package(packed)
    names = _contents(packed, package)
    locked = _locked(packed)
    grown = Growing()
    for number, name in enumerate(dict.fromkeys(package.spine), start=1):
        source.budget.take(0)  # once it is spent, no chapter can be read
        if name in locked:
            raise SourceError("книга защищена от копирования (DRM): её текст зашифрован и не читается")
        try:
            page = html.parse(packed.read(name), whole=True)
        except SourceError as error:
            yield Problem(f"{source.path}{MEMBER}{name}", str(error))
            continue
        if page.text and not (page.headings and page.headings[0][0] == 0):
            grown.begin(names.get(name) or f"глава {number}")
        grown.add(page.text, headings=page.headings)
    if grown.text:
        said = package.said
        yield metadata.extracted(
            grown.text,
            path=source.path,
            title=said.get("title", ""),
            created=said.get("date"),
            lang=said.get("language"),
            fields={"author": package.authors},
            locations=grown.locations,
        )


def _package(packed: Packed) -> _Package:
    container = _Attributes("rootfile", "full-path")
    xml.feed(packed.read(_CONTAINER), container)
    if not container.found:
        raise SourceError(f"в {_CONTAINER} не названа книга: файл повреждён")
    package = _Package(container.found[0])
    xml.feed(packed.read(package.name), package)
    return package


def _contents(packed: Packed, package: _Package) -> dict[str, str]:
    """File → its first entry in the table of contents."""
    if package.contents not in packed:
        return {}
    contents = _Contents(package.contents)
    try:
        xml.feed(packed.read(package.contents), contents)
    except SourceError:  # the book can be read without
        return {}
    return contents.names


def _locked(packed: Packed) -> set[str]:
    """The files that are encrypted; fonts often are."""
    if _ENCRYPTION not in packed:
        return set()
    references = _Attributes("CipherReference", "URI")
    xml.feed(packed.read(_ENCRYPTION), references)
    return {unquote(name) for name in references.found}


class _Attributes:
    """Takes the values of one attribute of the elements of one name."""

    def __init__(self, tag: str, attribute: str) -> None:
        self._wanted = tag, attribute
        self.found: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag == self._wanted[0] and (value := attributes.get(self._wanted[1])):
            self.found.append(value)

    def end(self, tag: str) -> None:
        """An element closes."""

    def data(self, text: str) -> None:
        """Text within the element that is open."""


class _Package:
    """Takes the events of the package document: what the book is, and its files in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.said: dict[str, str] = {}
        self.authors: list[str] = []
        self.spine: list[str] = []
        self.contents = ""
        self._files: dict[str, str] = {}
        self._parts: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._parts = []
        if tag == "item" and "id" in attributes:
            name = _beside(self.name, attributes.get("href", ""))
            self._files[attributes["id"]] = name
            if attributes.get("media-type") == "application/x-dtbncx+xml":
                self.contents = name
        elif tag == "itemref" and (file := self._files.get(attributes.get("idref", ""))):
            self.spine.append(file)

    def end(self, tag: str) -> None:
        """An element closes."""
        text = " ".join("".join(self._parts).split())
        if tag == "creator" and text:
            self.authors.append(text)
        elif text:
            self.said.setdefault(tag, text)
        self._parts = []

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        self._parts.append(text)


class _Contents:
    """Takes the events of toc.ncx."""

    def __init__(self, name: str) -> None:
        self.names: dict[str, str] = {}
        self._name = name
        self._parts: list[str] = []
        self._label = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._parts = []
        if tag == "content" and self._label:
            self.names.setdefault(_beside(self._name, attributes.get("src", "")), self._label)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "text":
            self._label = " ".join("".join(self._parts).split())

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        self._parts.append(text)


def _beside(name: str, reference: str) -> str:
    """The file that a reference in another one means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(reference.partition("#")[0])))
