"""JSON Lines → documents: one object a line, UTF-8. A bad line is named, and the rest goes on."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.paths import MEMBER
from indexer.sources import metadata, titles
from indexer.sources.reasons import unreadable
from indexer.sources.source import Found, Source, lines

LINE = 32 << 20  # bytes of a line
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def file(source: Source) -> Found:
    """The documents of a file of JSON lines; one that names no path goes by its line: «новости.jsonl!/3»."""
    for number, line in enumerate(lines(source.stream, LINE), start=1):
        if found := _line(line, number, f"{source.path}:{number}"):
            own = isinstance(found, Problem) or found.path
            yield found if own else replace(found, path=f"{source.path}{MEMBER}{number}")


def read(rows: Iterable[bytes | None], name: str) -> Iterator[Document | Problem]:
    r"""A document or a problem for every line that is not blank; a problem's path is «name:line number».

    The keys text (the only one needed), id, title, date, path and lang are the document's own, `fields` is an
    object of more, every other key is a field. Half of a surrogate pair («\ud83d» alone) becomes U+FFFD: it
    could not be written down. None stands for a line too long. Raises SourceError where the stream itself fails.
    """
    try:
        for number, line in enumerate(rows, start=1):
            if found := _line(line, number, f"{name}:{number}"):
                yield found
    except OSError as error:
        raise SourceError(unreadable(error)) from error


def _line(line: bytes | None, number: int, place: str) -> Document | Problem | None:
    if line is None:
        return Problem(place, f"строка длиннее {LINE >> 20} МБ: разделите её")
    bare = (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).strip()
    try:
        return document(parse(bare)) if bare else None
    except SourceError as error:
        return Problem(place, str(error))


def document(said: object) -> Document:
    """The document of one object. Raises SourceError for anything that is none."""
    if not isinstance(said, dict):
        raise SourceError('не объект JSON: нужна строка вида {"text": "…"}')
    text = said.pop("text", None)
    if not isinstance(text, str):
        raise SourceError("нет строки text: каждой строке нужен ключ text с текстом документа")
    if not text.strip() and not said.get("title"):
        raise SourceError("пустой текст: уберите строку или впишите text")
    id, path = metadata.string(said, "id"), metadata.string(said, "path")
    nested = said.pop("fields", None)
    fields = dict(nested) if isinstance(nested, dict) else {"fields": nested}
    own = {key: fields.pop(key) for key in ("title", "date", "lang") if key in fields and key not in said}
    locations = said.pop("locations") if _are_locations(said.get("locations")) else ()
    rest = {key: value for key, value in said.items() if key not in ("id", "path")}
    found = metadata.document(text, own | rest, heading=titles.of_text(text), id=id, path=path, fields=fields)
    return replace(found, locations=tuple((at, name) for at, name in locations)) if locations else found


def _are_locations(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and list(map(type, pair)) == [int, str] for pair in value
    )


def line(document: Document) -> str:
    """The document as a line that reads as the same document: texts to the letter; what it has not is said too."""
    row = {name: getattr(document, name) for name in ("id", "path", "lang", "title")}
    row |= {"date": str(document.date or ""), "text": document.text, "fields": dict(document.fields)}
    if document.locations:
        row["locations"] = [list(pair) for pair in document.locations]
    return json.dumps(row, ensure_ascii=False) + "\n"


def parse(data: bytes) -> object:
    """The value that JSON says. Raises SourceError for what is no JSON, no UTF-8, or nested too deep."""
    try:
        # pandas writes NaN where there is nothing
        found = json.loads(data.decode(), parse_constant=lambda _name: None)
        if b"\\ud" in data.lower():
            found = json.loads(_HALF_PAIR.sub("\ufffd", json.dumps(found, ensure_ascii=False)))
    except UnicodeDecodeError as error:
        raise SourceError(f"не UTF-8, начиная с байта {error.start}: перекодируйте файл в UTF-8") from error
    except json.JSONDecodeError as error:
        raise SourceError(f"не JSON, начиная с символа {error.pos}: нужен один объект на строку") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, a thousand brackets
        raise SourceError("JSON слишком сложен: упростите вложенность и числа") from error
    return found
