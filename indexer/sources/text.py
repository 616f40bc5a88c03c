"""Plain text and Markdown → one document a file. Markdown is kept as it is, marks and all."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from indexer.model import Document
from indexer.sources import encodings, frontmatter, metadata, titles


def plain(stream: BinaryIO, path: str, encoding: str) -> Iterator[Document]:
    """The document of a text file, its title a line of the text; none if there is nothing but space.

    Raises SourceError for bytes that are no text in `encoding` and front matter whose date cannot be read.
    """
    return _document(stream, path, encoding, titles.of_text)


def markdown(stream: BinaryIO, path: str, encoding: str) -> Iterator[Document]:
    """The same of Markdown, its title the first heading."""
    return _document(stream, path, encoding, titles.of_markdown)


def _document(stream: BinaryIO, path: str, encoding: str, heading: Callable[[str], str]) -> Iterator[Document]:
    said, text = frontmatter.split(encodings.decode(stream.read(), encoding))
    if text.strip():
        yield metadata.document(text, said, heading=heading(text), path=path)
