"""A document as it is given → as it is kept: complete, fingerprinted, its title found in its text."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring as quoted
from math import isfinite
from typing import Any, NamedTuple

from indexer.analysis import words
from indexer.analysis.language import detect
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


def _complete(document: Document) -> Document:
    """The document with its id and ISO date filled in; a language that we do not read is left to be found.

    Raises DocumentError when a value other than the text is of the wrong kind or cannot be stored.
    """
    if not isinstance(document, Document):
        raise DocumentError(f"Нужен Document, а не {type(document).__name__}: Document('текст', id='1')")
    name = document.id if isinstance(document.id, str) else document.path
    for field, optional in _STRINGS:
        value = getattr(document, field)
        if not (isinstance(value, str) or (optional and value is None)):
            raise DocumentError(f"У документа {name!r} поле {field} — не строка, а {type(value).__name__}")
    if not isinstance(document.fields, Mapping):
        raise DocumentError(f"У документа {name!r} fields: нужен словарь, а не {type(document.fields).__name__}")
    for field, value in document.fields.items():
        if not (isinstance(field, str) and _storable(value)):
            raise DocumentError(f"У документа {name!r} поле {field!r}: нужна строка, число или список строк")
    if document.locations != () and not sound(document.locations, len(document.text)):
        raise DocumentError(f"У документа {name!r} locations: нужны пары (место в тексте, название) по порядку")
    identity = document.id or document.path or _hash(document.text)
    language = document.lang if document.lang in words.LANGUAGES else None
    values = (document.title, identity, document.path or "", *_strings(document.fields.items()))
    values += tuple(place for _, place in document.locations)
    _utf8("\n".join(values), identity)
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
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _storable(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def _strings(items: Iterable[tuple[str, FieldValue]]) -> Iterable[str]:
    for name, value in items:
        yield str(name)
        yield from value if isinstance(value, list) else [str(value)]


def _utf8(value: str, identity: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:  # halves of characters, as in names of files that are not UTF-8
        raise DocumentError(f"В документе {identity!r} есть символы, которых нет в Юникоде (суррогаты)") from error


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
    date, path, language = (_json(value) for value in (document.date, document.path, lang))
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
        date, path, spoken = (_json(value) for value in (document.date, document.path, language))
        fields = _compact(dict(document.fields)) if document.fields else "{}"
        return f"[{_json(document.id)},{quoted(document.title)},[{begin},{end}],{date},{path},{spoken},{fields}]"

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
    data = _utf8(document.text, document.id or "")
    return Prepared(document, data, _digest(document, data, document.lang), title_span(document))
