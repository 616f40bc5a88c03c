"""A document as it is given → as it is kept: complete, fingerprinted, its title found in its text."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring as quoted
from math import isfinite
from typing import Any, NamedTuple

from indexer.analysis import words
from indexer.analysis.detection import detect_many
from indexer.analysis.language import SAMPLE
from indexer.errors import DocumentError
from indexer.model import Document, FieldValue
from indexer.segment.documents import DIGEST
from indexer.segment.locations import sound

_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# The fields of a document that are strings, and whether they may be None.
_STRINGS = (("text", False), ("title", False), ("id", True), ("path", True), ("lang", True))
# A title is looked for among this many lines with something on them.
_HEAD_LINES = 5
_FIRST_LETTERS = 12


def complete(document: Document) -> Document:
    """The document with its id and ISO date filled in; a language that we do not read is left to `spoken`.

    Raises DocumentError when a value is of the wrong kind or cannot be stored.
    """
    if not isinstance(document, Document):
        raise DocumentError(f"Нужен Document, а не {type(document).__name__}: Document('текст', id='1')")
    name = document.id if isinstance(document.id, str) else document.path
    for field, optional in _STRINGS:
        value = getattr(document, field)
        if not (isinstance(value, str) or (optional and value is None)):
            raise DocumentError(f"У документа {name!r} поле {field} — не строка, а {type(value).__name__}")
    for field, value in document.fields.items():
        if not (isinstance(field, str) and _storable(value)):
            raise DocumentError(f"У документа {name!r} поле {field!r}: нужна строка, число или список строк")
    if document.locations and not sound(document.locations, len(document.text)):
        raise DocumentError(f"У документа {name!r} locations: нужны пары (место в тексте, название) по порядку")
    identity = document.id or document.path or _hash(document.text)
    language = document.lang if document.lang in words.LANGUAGES else None
    values = (document.text, document.title, identity, document.path or "", *_strings(document.fields.items()))
    values += tuple(place for _, place in document.locations)
    if _unwritable("\n".join(values)):
        raise DocumentError(f"В документе {identity!r} есть символы, которых нет в Юникоде (суррогаты)")
    date = _iso(document.date, identity)
    if identity == document.id and date == document.date and language == document.lang:
        return document
    # the constructor: replace() takes three times as long
    return Document(
        document.text, identity, document.title, date, document.path, language, document.fields, document.locations
    )


def called(document: object) -> str:
    """What to call a document that cannot be taken, which may be anything."""
    return str(getattr(document, "id", None) or getattr(document, "path", None) or "")


def spoken(documents: Iterable[Document]) -> list[Document]:
    """Complete documents with their languages: together they are detected much faster than one by one."""
    found = list(documents)
    unknown = [number for number, document in enumerate(found) if document.lang is None]
    texts = [_beginning(found[number]) for number in unknown]
    for number, language in zip(unknown, detect_many(texts), strict=True):
        one = found[number]
        found[number] = Document(one.text, one.id, one.title, one.date, one.path, language, one.fields, one.locations)
    return found


def _beginning(document: Document) -> str:
    return f"{document.title}\n{document.text[:SAMPLE]}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _storable(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def _strings(items: Iterable[tuple[str, FieldValue]]) -> Iterable[str]:
    for name, value in items:
        yield str(name)
        yield from value if isinstance(value, list) else [str(value)]


def _unwritable(value: str) -> bool:
    """Whether there are halves of characters in it, as in names of files that are not UTF-8."""
    try:
        value.encode("utf-16-le")  # refuses the same as UTF-8, in a third of the time
    except UnicodeEncodeError:
        return True
    return False


def _iso(value: dt.date | str | None, identity: str) -> str | None:
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, dt.date) else dt.datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DocumentError(
            f"У документа {identity!r} дата {value!r} не читается; запишите её как ГГГГ-ММ-ДД"
        ) from error
    return day.strftime("%Y-%m-%d") if day.year > 999 else day.isoformat()[:10]


def digest(document: Document) -> bytes:
    """Equal for equal content: what tells a changed document from an unchanged one."""
    return _digest(document, document.text.encode())


def _digest(document: Document, data: bytes) -> bytes:
    date, path, language = (_json(value) for value in (document.date, document.path, document.lang))
    fields = _sorted(dict(document.fields)) if document.fields else "{}"
    found = hashlib.blake2b(data, digest_size=DIGEST)
    found.update(f"[{len(document.text)}, {quoted(document.title)}, {date}, {path}, {language}, {fields}]".encode())
    if document.locations:
        found.update(_compact([list(location) for location in document.locations]).encode())
    return found.digest()


def _json(value: object) -> str:
    return "null" if value is None else quoted(str(value))


def title_span(document: Document) -> tuple[int, int]:
    """Where the title stands in the text as a line of its own; (0, 0) where it does not."""
    title, text = document.title, document.text
    begin = seen = 0
    # its first letters are found sooner not to be there
    at = text.find(title) if title and title[:_FIRST_LETTERS] in text else -1
    while at >= 0:
        end = text.find("\n", at + len(title)) + 1 or len(text)
        for line in text[begin:end].splitlines(keepends=True):
            within = line.find(title)
            if within >= 0 and title.strip() in (line.strip(), line.strip().lstrip("# ").strip()):
                return begin + within, begin + within + len(title)
            begin, seen = begin + len(line), seen + bool(line.strip())
            if seen == _HEAD_LINES:
                return 0, 0
        at = text.find(title, end)
    return 0, 0


class Prepared(NamedTuple):
    """A complete document with a language, ready to be written."""

    document: Document
    data: bytes  # its text in UTF-8
    digest: bytes
    title_at: tuple[int, int]  # where its title stands in its text

    def head(self) -> str:
        """What a hit shows without the text: the values of `documents.HEAD` as JSON."""
        document, (begin, end) = self.document, self.title_at
        date, path, language = (_json(value) for value in (document.date, document.path, document.lang))
        fields = _compact(dict(document.fields)) if document.fields else "{}"
        return f"[{_json(document.id)},{quoted(document.title)},[{begin},{end}],{date},{path},{language},{fields}]"

    def __reduce__(self) -> tuple[Callable[..., Prepared], tuple[Any, ...]]:
        """To another process the text goes once, and no name of a field with it."""
        one = self.document
        fields = (one.id, one.title, one.date, one.path, one.lang, one.fields, one.locations)
        return _sent, (self.data, self.digest, self.title_at, *fields)


def _sent(data: bytes, digest: bytes, title_at: tuple[int, int], *fields: Any) -> Prepared:
    return Prepared(Document(data.decode(), *fields), data, digest, title_at)


def prepare(document: Document) -> Prepared:
    """A complete document with what is worked out of it."""
    data = document.text.encode()
    return Prepared(document, data, _digest(document, data), title_span(document))
