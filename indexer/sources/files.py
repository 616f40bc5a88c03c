"""A file → its documents, by its extension. A new format is a file of its own here and a row of `FORMATS`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import jsonl, text
from indexer.sources.reasons import printable, unreadable

# The open file, its path, the encoding asked for → its documents; none if it is empty.
Reader = Callable[[BinaryIO, str, str], Iterator[Document | Problem]]


def _json_lines(stream: BinaryIO, path: str, _encoding: str) -> Iterator[Document | Problem]:
    return jsonl.read(stream, path)  # JSON is UTF-8, whatever the other files are in


FORMATS: dict[str, Reader] = {
    ".txt": text.plain,
    ".text": text.plain,
    ".md": text.markdown,
    ".markdown": text.markdown,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
}


def read(path: Path, *, encoding: str = "auto") -> Iterator[Document | Problem]:
    """The documents of one file, and a Problem for each part of it that is none.

    A file of an unknown extension is read as plain text. `encoding` is "auto" or a name that Python knows.
    Raises SourceError, when first asked for a document, if the file is empty, no text, unreadable or a
    folder; the message is the reason alone, without the path.
    """
    name = str(path)
    if "\0" in name or printable(path) != name:
        raise SourceError("имя файла не в UTF-8, его нельзя записать в индекс: переименуйте файл")
    nothing = True
    try:
        if path.is_dir():  # Windows would say «no rights»
            raise SourceError(unreadable(IsADirectoryError()))
        with path.open("rb") as stream:
            for found in FORMATS.get(path.suffix.lower(), text.plain)(stream, name, encoding):
                nothing = False
                yield found
    except OSError as error:
        raise SourceError(unreadable(error)) from error
    if nothing:
        raise SourceError("пустой файл: в нём нет текста")
