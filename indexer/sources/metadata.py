"""What a source says of a document, key by key → `Document`: title, date, lang, and the rest as fields."""

import json
import math
from collections.abc import Mapping

from indexer.errors import SourceError
from indexer.model import Document, FieldValue
from indexer.sources import dates

_OWN = ("title", "date", "lang")


def document(
    text: str, said: Mapping[str, object], *, heading: str, id: str | None = None, path: str | None = None
) -> Document:
    """The document of `text`, where `said` has nothing: `heading` for its title, the dateline for its date.

    "ru-RU" is "ru". Values of nothing (None, NaN) are left out; what is no FieldValue (objects, true) is kept
    as JSON. Raises SourceError for a title or lang that is no string and a date that cannot be read.
    """
    date, lang = string(said, "date"), string(said, "lang")
    fields = {key: field(value) for key, value in said.items() if key not in _OWN}
    return Document(
        text=text,
        id=id,
        title=string(said, "title") or heading,
        date=dates.parse(date) if date else dates.in_head(text),
        path=path,
        lang=lang.replace("_", "-").partition("-")[0].lower() if lang else None,
        fields={key: value for key, value in fields.items() if value is not None},
    )


def string(said: Mapping[str, object], key: str) -> str | None:
    """The string of `key`, a whole number written out, None for nothing. Raises SourceError for the rest."""
    value = said.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    raise SourceError(f"{key} — не строка: запишите значение в кавычках")


def field(value: object) -> FieldValue | None:
    """The value as a document can hold it; None for nothing."""
    match value:
        case None:
            return None
        case bool():
            return json.dumps(value)
        case float():
            return value if math.isfinite(value) else None
        case str() | int():
            return value
        case list():
            return [item if isinstance(item, str) else _json(item) for item in value if item is not None]
    return _json(value)


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError as error:
        raise SourceError("слишком глубокая вложенность: упростите значение") from error
