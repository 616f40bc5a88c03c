"""XML → events, by expat, which fetches nothing; a document that declares entities of its own is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol
from xml.parsers import expat

from indexer.errors import SourceError
from indexer.sources import encodings

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PIECE = 1 << 16  # characters
_DEPTH = 10_000  # elements within one another


class Target(Protocol):
    """Takes the events of a document; names are without prefixes, «w:p» is «p»."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def data(self, text: str) -> None:
        """Text within the element that is open."""


def feed(data: bytes, target: Target, encoding: str = "auto") -> None:
    """Tell the target what is in a document. The encoding that it declares is checked against the text.

    Raises SourceError for what is no XML, and for declarations of entities: a few lines of them can stand for
    gigabytes, or for files of this machine.
    """
    said = _DECLARED.search(data[:400])
    text = _INVALID.sub(" ", encodings.decode(data, encoding, said[1].decode() if said else None))
    parser = expat.ParserCreate("utf-8")  # whatever is declared: the text is decoded
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = _counted(target)
    parser.CharacterDataHandler = target.data
    parser.EntityDeclHandler = _refuse
    try:
        for at in range(0, len(text), _PIECE):
            parser.Parse(text[at : at + _PIECE].encode(), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(f"XML повреждён (строка {error.lineno}): откройте и сохраните файл заново") from error


def _counted(target: Target) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise SourceError("слишком глубокая вложенность: файл повреждён или сделан нарочно")
        target.start(_local(tag), _without_prefixes(attributes))

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        target.end(_local(tag))

    return start, end


def _refuse(*_: object) -> NoReturn:
    raise SourceError("в XML объявлены свои сущности: так делают XML-бомбы, файл не читается")


def _local(tag: str) -> str:
    return tag[tag.find(":") + 1 :]


def _without_prefixes(attributes: Mapping[str, str]) -> Mapping[str, str]:
    return {_local(name): value for name, value in attributes.items()} if attributes else attributes
