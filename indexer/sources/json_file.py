"""A JSON file → documents: each object of a list is one, what is left of the file another."""

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.paths import MEMBER
from indexer.sources import jsonl, records
from indexer.sources.source import Found, Source

_WHOLE = 32 << 20  # bytes: as Python values they are ten times as many


def read(source: Source) -> Found:
    """A list of objects, alone or as a value of the object that the file is, gives a document for each of them,
    «чат.json!/messages/3»; the rest is the document of the file.

    Raises SourceError for what is no JSON.
    """
    value = jsonl.parse(source.read(_WHOLE).removeprefix(b"\xef\xbb\xbf"))
    if isinstance(value, list):
        value = {"": value}
    if not isinstance(value, dict):
        value = {"text": value} if isinstance(value, str) else {}
    listed = {name: rows for name, rows in value.items() if _objects(rows)}
    for name, rows in listed.items():
        for number, row in enumerate(rows, start=1):
            yield from _each(row, MEMBER.join((source.path, f"{name}/{number}" if name else str(number))))
    yield from _each({name: rows for name, rows in value.items() if name not in listed}, source.path)


def _objects(value: object) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(row, dict) for row in value)


def _each(row: dict[str, object], path: str) -> Found:
    try:
        if isinstance(row.get("text"), str):
            found = jsonl.document(dict(row))
            yield Document(found.text, found.id, found.title, found.date, found.path or path, found.lang, found.fields)
        elif found_or_none := records.document(row, path):
            yield found_or_none
    except SourceError as error:
        yield Problem(path, str(error))
