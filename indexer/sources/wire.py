"""What the process that reads a file tells the one that asked: JSON behind its length.

Never pickle: a parser that a file has taken over must not take over its reader.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, BinaryIO

from indexer.model import Document

_LONGEST = 512 << 20  # bytes: a text of the greatest length, in the longest letters, with room for the rest
_FIELDS = tuple(field.name for field in fields(Document))
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def send(stream: BinaryIO, kind: str, *values: object) -> None:
    """Write one message. Raises OSError where nobody reads."""
    data = _compact([kind, *values]).encode("utf-8", "surrogatepass")
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """The bytes of the next message; None at the end of the stream, or where there is none but something else."""
    size = int.from_bytes(stream.read(4), "big")
    data = stream.read(size) if 0 < size <= _LONGEST else b""
    return data if data and len(data) == size else None


def parse(data: bytes) -> tuple[str, list[Any]]:
    """The kind of a message and its values. Raises ValueError for what is none."""
    try:
        kind, *values = json.loads(data.decode("utf-8", "surrogatepass"))
    except (TypeError, RecursionError) as error:
        raise ValueError("no message") from error
    return kind, values


def packed(document: Document) -> dict[str, object]:
    """A document as JSON can hold it; its date is a string then."""
    said = {name: getattr(document, name) for name in _FIELDS}
    if isinstance(document.date, date):
        said["date"] = document.date.isoformat()
    return said


def unpacked(said: Sequence[Any]) -> Document:
    """The document of a message. Raises ValueError for what is none; values are checked when it is written."""
    try:
        (values,) = said
        locations = tuple((at, name) for at, name in values.pop("locations"))
        return Document(**values, locations=locations)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no document") from error
