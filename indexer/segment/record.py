"""A document as it is given → as it is kept: complete, fingerprinted, its title found in its text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from hashlib import blake2b, sha256
from json.encoder import encode_basestring as quoted
from math import isfinite
from typing import Any, NamedTuple

from indexer.analysis import words
from indexer.analysis.language import detect
from indexer.errors import DocumentError
from indexer.model import Document
from indexer.segment.documents import DIGEST
from indexer.segment.locations import sound

_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# The fields of a document that are strings, and what else they may be.
_STRING, _OPTIONAL = (str,), (str, type(None))
_STRINGS = (("text", _STRING), ("title", _STRING), ("id", _OPTIONAL), ("path", _OPTIONAL), ("lang", _OPTIONAL))
# A title is looked for among this many lines with something on them.
_HEAD_LINES = 5


def _complete(document: Document) -> Document:
    """The document with its id and ISO date filled in; a language that we do not read is left to be found.

    Raises DocumentError when a value other than the text is of the wrong kind or cannot be stored.
    """
    if not isinstance(document, Document):
        raise DocumentError(f"Нужен Document, а не {type(document).__name__}: Document('текст', id='1')")
    name = document.id if isinstance(document.id, str) else document.path
    for field, kinds in _STRINGS:
        if not isinstance(value := getattr(document, field), kinds):
            raise DocumentError(f"У документа {name!r} поле {field} — не строка, а {type(value).__name__}")
    if type(document.fields) is not dict and not isinstance(document.fields, Mapping):  # which takes longer
        raise DocumentError(f"У документа {name!r} fields: нужен словарь, а не {type(document.fields).__name__}")
    for field, value in document.fields.items():
        if not (isinstance(field, str) and _storable(value)):
            raise DocumentError(f"У документа {name!r} поле {field!r}: нужна строка, число или список строк")
    if document.locations != () and not sound(document.locations, len(document.text)):
        raise DocumentError(f"У документа {name!r} locations: нужны пары (место в тексте, название) по порядку")
    identity = document.id or document.path or _hash(document.text)
    language = document.lang if document.lang in words.LANGUAGES else None
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


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _storable(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


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


def digests(document: Document) -> tuple[bytes, bytes]:
    """What the fingerprint of a document of the index may be: its language was given with it, or was not."""
    data = document.text.encode()
    return _digest(document, data, document.lang), _digest(document, data, None)


def _digest(document: Document, data: bytes, lang: str | None) -> bytes:
    fields = _sorted(dict(document.fields)) if document.fields else "{}"
    title, date, path = quoted(document.title), _json(document.date), _json(document.path)
    told = f"[{len(document.text)}, {title}, {date}, {path}, {_json(lang)}, {fields}]"
    if document.locations:
        told += _compact([list(location) for location in document.locations])
    found = blake2b(data, digest_size=DIGEST)
    found.update(told.encode())
    return found.digest()


def _json(value: object) -> str:
    return "null" if value is None else quoted(str(value))


def title_span(document: Document) -> tuple[int, int]:
    """Where the title stands in the text as a line of its own; (0, 0) where it does not."""
    title, text = document.title, document.text
    begin = seen = 0
    at = text.find(title) if title else -1
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
    """A complete document, ready to be written."""

    document: Document  # its language may still have to be found
    data: bytes  # its text in UTF-8
    digest: bytes  # equal for equal content, as given
    title_at: tuple[int, int]  # where its title stands in its text

    @property
    def apart(self) -> bool:
        """Whether it has a title that does not stand in the text."""
        return bool(self.document.title) and not self.title_at[1]

    @property
    def whole(self) -> Document:
        """The document with its language, which `tokenised` finds faster for many."""
        one = self.document
        texts = [one.text, one.title] if self.apart else [one.text]
        lang = one.lang or detect(*texts)
        return Document(one.text, one.id, one.title, one.date, one.path, lang, one.fields, one.locations)

    def same(self, digest: bytes, language: str | None) -> bool:
        """Whether it is what stands in an index with a fingerprint and in a language."""
        if digest == self.digest or self.document.lang not in (None, language):
            return digest == self.digest
        return digest in (_digest(self.document, self.data, given) for given in (None, language))

    def head(self, language: str | None) -> str:
        """What a hit shows without the text: the values of `documents.HEAD` as JSON."""
        document, (begin, end) = self.document, self.title_at
        fields = _compact(dict(document.fields)) if document.fields else "{}"
        title, date, path = quoted(document.title), _json(document.date), _json(document.path)
        return f"[{_json(document.id)},{title},[{begin},{end}],{date},{path},{_json(language)},{fields}]"

    def __reduce__(self) -> tuple[Callable[..., Prepared], tuple[Any, ...]]:
        """To another process the text goes once, and no name of a field with it."""
        one = self.document
        fields = (one.id, one.title, one.date, one.path, one.lang, one.fields, one.locations)
        return _sent, (self.data, self.digest, self.title_at, *fields)


def _sent(data: bytes, digest: bytes, title_at: tuple[int, int], *fields: Any) -> Prepared:
    return Prepared(Document(data.decode(), *fields), data, digest, title_at)


def prepare(given: Document) -> Prepared:
    """A document as it is to be kept, with what is worked out of it.

    Raises DocumentError when a value is of the wrong kind or cannot be stored.
    """
    document = _complete(given)
    try:
        (document.id or "").encode()
        data = document.text.encode()
        digest = _digest(document, data, document.lang)  # it is of all else
    except UnicodeEncodeError as error:  # halves of characters, as in names of files that are not UTF-8
        raise DocumentError(f"В документе {document.id!r} есть символы, которых нет в Юникоде (суррогаты)") from error
    return Prepared(document, data, digest, title_span(document))
