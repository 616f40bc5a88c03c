"""Plain text, Markdown and source code → one document a file. Markdown is kept as it is, marks and all."""

import re
from collections.abc import Callable, Iterator

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import encodings, frontmatter, metadata, titles
from indexer.sources.source import Source

# Letters printed twice to be bold (groff), and colours (logs): both would be parts of words.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_TYPE = re.compile("[^\n]\b|\x1b\\[[0-9;]*m")


def plain(source: Source) -> Iterator[Document]:
    """The document of a text file, its title a line of the text; none if there is nothing but space.

    Raises SourceError for bytes that are no text in the encoding and front matter whose date cannot be read.
    """
    return _document(source, titles.of_text)


def markdown(source: Source) -> Iterator[Document]:
    """The same of Markdown, its title the first heading."""
    return _document(source, titles.of_markdown)


def code(source: Source) -> Iterator[Document]:
    """The text of a program, a table of settings: no line of it is a title, and nothing at its top is front matter."""
    text = _decoded(source)
    if text.strip():
        yield metadata.document(text, {}, heading="", path=source.path)


def _document(source: Source, heading: Callable[[str], str]) -> Iterator[Document]:
    said, text = frontmatter.split(_decoded(source))
    if text.strip():
        yield metadata.document(text, said, heading=heading(text), path=source.path)


def _decoded(source: Source) -> str:
    data = source.read()
    if data.startswith(_OLE):
        raise SourceError("документ старого Word, Excel или PowerPoint: сохраните его как DOCX, ODT или CSV")
    text = encodings.decode(data, source.encoding)
    return _TYPE.sub("", text) if "\b" in text or "\x1b" in text else text
