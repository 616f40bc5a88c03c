"""A row of a table, an object of a file → its document: the columns that mean something to us, a line for each other.

Column names are met in English and Russian: text, title, date, lang; текст, заголовок, название, дата, язык.
"""

from collections.abc import Iterator, Mapping

from indexer.model import Document
from indexer.sources import metadata

_MEANING = {
    "text": "text",
    "текст": "text",
    "title": "title",
    "заголовок": "title",
    "название": "title",
    "date": "date",
    "дата": "date",
    "lang": "lang",
    "язык": "lang",
}
_SHORT = 200  # characters of a value by which people filter; a longer one is text


def document(row: Mapping[str, object], path: str) -> Document | None:
    """The document of a row; None where there is nothing in it.

    Its text is that of the text column; where there is none, a line «column: value» for every value. Short values are
    fields too.
    """
    pairs = list(_flat(row, ""))
    own: dict[str, str] = {}
    rest: list[tuple[str, str]] = []
    for name, value in pairs:
        meaning = _MEANING.get(name.strip().lower())
        if meaning and meaning not in own:
            own[meaning] = value
        else:
            rest.append((name, value))
    if text := own.get("text", ""):  # what has no name was a part of it before somebody left quotation marks out
        text = "\n".join([text, *(value for name, value in rest if not name)])
    else:
        text = "\n".join(f"{name}: {value}" for name, value in rest)
    if not text.strip() and not own.get("title"):
        return None
    fields: dict[str, object] = {}
    for name, value in rest:
        if name and len(value) <= _SHORT:
            fields.setdefault(name, value)
    return metadata.extracted(
        text, path=path, title=own.get("title", ""), date=own.get("date"), lang=own.get("lang"), fields=fields
    )


def _flat(value: object, name: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what is not empty; names of what is nested are joined by dots."""
    if isinstance(value, list) and _MEANING.get(name) == "text":
        # a text in pieces, some of which say that they are bold or a link
        pieces = (piece.get("text") if isinstance(piece, Mapping) else piece for piece in value)
        yield name, "".join(piece for piece in pieces if isinstance(piece, str)).strip()
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner, name)
    elif isinstance(value, str | int | float) and str(value).strip():
        yield name, str(value).strip()
