"""A document → what Whoosh is given: postings of its title and text, its columns; new entries → lexicon rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from indexer.analysis import russian, surnames, words
from indexer.analysis.language import detect, of_word
from indexer.analysis.tokens import Token, tokenize
from indexer.errors import DocumentError
from indexer.model import Document, FieldValue
from indexer.segment.schema import LEXICON
from indexer.segment.terms import Entry, encode, encode_lemma

# A title is looked for among this many lines with something on them.
_HEAD_LINES = 5


def complete(document: Document) -> Document:
    """The document with its id, language and ISO date filled in; a language we do not read is detected anew.

    Raises DocumentError when a value is of the wrong kind or cannot be stored.
    """
    if not isinstance(document, Document):
        raise DocumentError(f"Нужен Document, а не {type(document).__name__}: Document('текст', id='1')")
    name = document.id if isinstance(document.id, str) else document.path
    for field, optional in (("text", False), ("title", False), ("id", True), ("path", True), ("lang", True)):
        value = getattr(document, field)
        if not (isinstance(value, str) or (optional and value is None)):
            raise DocumentError(f"У документа {name!r} поле {field} — не строка, а {type(value).__name__}")
    for field, value in document.fields.items():
        if not (isinstance(field, str) and _storable(value)):
            raise DocumentError(f"У документа {name!r} поле {field!r}: нужна строка, число или список строк")
    identity = document.id or document.path or _hash(document.text)
    language = document.lang
    if language not in words.LANGUAGES:
        language = detect(f"{document.title}\n{document.text}")
    values = (document.text, document.title, identity, document.path or "", *_strings(document.fields.items()))
    if any(_unwritable(value) for value in values):
        raise DocumentError(f"В документе {identity!r} есть символы, которых нет в Юникоде (суррогаты)")
    return replace(document, id=identity, lang=language, date=_iso(document.date, identity))


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
    return not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)


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
    parts = [
        document.text,
        document.title,
        document.date,
        document.path,
        document.lang,
        dict(document.fields),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).digest()[:16]


def title_span(document: Document) -> tuple[int, int]:
    """Where the title stands in the text as a line of its own; (0, 0) where it does not."""
    at, seen = 0, 0
    for line in document.text.splitlines(keepends=True) if document.title else ():
        begin = line.find(document.title)
        if begin >= 0 and document.title.strip() in (line.strip(), line.strip().lstrip("# ").strip()):
            return at + begin, at + begin + len(document.title)
        at, seen = at + len(line), seen + bool(line.strip())
        if seen == _HEAD_LINES:
            break
    return 0, 0


class _Field:
    """The postings of one field while they are gathered."""

    def __init__(self) -> None:
        self.postings: dict[Entry, array[int]] = {}
        self.length = 0

    def add(self, token: Token, entry: Entry) -> None:
        positions = self.postings.setdefault(entry, array("I"))
        if not positions or positions[-1] != token.position:
            positions.append(token.position)
        self.length += token.kind == "word"

    def terms(self) -> dict[str, array[int]]:
        return {encode(entry): positions for entry, positions in self.postings.items()}


class Record(NamedTuple):
    """The field values for Whoosh's writer, and the entries that its words are."""

    values: dict[str, Any]
    entries: set[Entry]


def record(document: Document) -> Record:
    """What is written of a document that `complete` returned.

    Tokens of a title that stands in the text go to the title alone, with the positions they have in the text:
    they count once, and a phrase does not run from the title into the text.
    """
    text, title = _Field(), _Field()
    capitals: dict[Entry, array[int]] = {}
    language = document.lang or "ru"
    begin, end = title_span(document)
    streams = [(document.text, text)] if end else [(document.text, text), (document.title, title)]
    for source, target in streams:
        for token in tokenize(source, russian.known):
            inside = source is document.text and begin <= token.start < end
            entry = Entry(token.form, of_word(token.form, language), token.width)
            (title if inside else target).add(token, entry)
            if token.capital and any(surnames.keys(token.form)):
                capitals.setdefault(entry, array("I")).append(token.position)
    values = {
        "text": text.terms(),
        "title": title.terms(),
        "capital": {encode(entry): positions for entry, positions in capitals.items()},
        **_filters(document),
        "length": text.length + title.length,
        "digest": digest(document),
        "document": _stored(document, (begin, end)),
    }
    return Record(values, {*text.postings, *title.postings})


def lexicon(entries: Iterable[Entry]) -> dict[str, Any]:
    """The field values of a lexicon record: for each entry, the lemmas that it may stand for."""
    lettered = (entry for entry in entries if any(map(str.isalpha, entry.form)))
    rows = (
        encode_lemma(lemma, share, entry)
        for entry in lettered
        for lemma, share in words.lemmas(entry.form, entry.language)
    )
    return {"lemma": list(rows), "kind": [LEXICON]}


def _filters(document: Document) -> dict[str, list[str]]:
    path = PurePosixPath(document.path) if document.path else None
    pairs = ((name, value if isinstance(value, list) else [value]) for name, value in document.fields.items())
    return {
        "id": [document.id or ""],
        "lang": [document.lang or ""],
        "path": [document.path] if document.path else [],
        "ext": [path.suffix[1:].lower()] if path and path.suffix else [],
        "date": [str(document.date)] if document.date else [],
        "field": sorted({f"{name}={value}" for name, values in pairs for value in values}),
    }


def _stored(document: Document, title_at: tuple[int, int]) -> str:
    return json.dumps(
        {
            "id": document.id,
            "text": document.text,
            "title": document.title,
            "title_at": title_at,
            "date": document.date,
            "path": document.path,
            "lang": document.lang,
            "fields": dict(document.fields),
        },
        ensure_ascii=False,
    )
