"""What a source says of a document, key by key → `Document`: title, date, lang, and the rest as fields."""

import json
import math
import re
from collections.abc import Mapping, Sequence

from indexer.errors import SourceError
from indexer.model import Document, FieldValue
from indexer.sources import dates, titles

_OWN = ("title", "date", "lang")
_PDF_DATE = re.compile(r"^D:(\d{4})(\d\d)(\d\d).*", re.DOTALL)
_SAMPLE = 10_000  # characters whose letters are counted
_CYRILLIC, _LATIN = re.compile("[а-яёіїєґ]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)


def document(
    text: str,
    said: Mapping[str, object],
    *,
    heading: str,
    id: str | None = None,
    path: str | None = None,
    fields: Mapping[str, object] | None = None,
) -> Document:
    """The document of `text`, where `said` has nothing: `heading` for its title, the dateline for its date.

    What `said` has besides joins `fields`. A title or date of "" says that there is none. "ru-RU" is "ru". Values of
    nothing (None, NaN) are left out; what is no FieldValue (objects, true) is kept as JSON. Raises SourceError for a
    title or lang that is no string and a date that cannot be read.
    """
    date, lang = string(said, "date"), string(said, "lang")
    known = dict(fields or {}) | {key: value for key, value in said.items() if key not in _OWN}
    return Document(
        text=text,
        id=id,
        title=string(said, "title") or ("" if said.get("title") == "" else heading),
        date=dates.parse(date) if date else None if said.get("date") == "" else dates.in_head(text),
        path=path,
        lang=lang.replace("_", "-").partition("-")[0].lower() if lang else None,
        fields={key: value for key, raw in known.items() if (value := field(raw)) is not None},
    )


def extracted(
    text: str,
    *,
    path: str,
    title: str = "",
    date: str | None = None,
    created: str | None = None,
    lang: str | None = None,
    fields: Mapping[str, object] | None = None,
    locations: Sequence[tuple[int, str]] = (),
) -> Document:
    """The document of a text that was taken out of a file with metadata, which are only believed as far as they go.

    `date` goes before a dateline, `created` after it. A date that is none, a language whose letters the text does not
    have and values of nothing are left out.
    """
    known = {key: field(value) for key, value in (fields or {}).items()}
    return Document(
        text=text,
        title=" ".join(title.split()) or titles.of_text(text),
        date=day(date) or dates.in_head(text) or day(created),
        path=path,
        lang=language(lang, text),
        fields={key: value for key, value in known.items() if value not in (None, "", [])},
        locations=tuple(locations),
    )


def day(value: str | None) -> str | None:
    """The day that metadata of a file names, ISO 8601, a letter's or a PDF's way; None where it is none."""
    try:
        return dates.parse(_PDF_DATE.sub(r"\1-\2-\3", value)).isoformat() if value else None
    except SourceError:
        return None


def language(value: str | None, text: str) -> str | None:
    """The language that a file declares, unless its letters are those of another: templates all say «en»."""
    code = (value or "").strip().replace("_", "-").partition("-")[0].lower()
    sample = text[:_SAMPLE]
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    fits = cyrillic > latin if code in ("ru", "uk", "bg") else latin > cyrillic
    return code if code and fits else None


def string(said: Mapping[str, object], key: str) -> str | None:
    """The string of `key`, a whole number written out, None for nothing. Raises SourceError for the rest."""
    value = said.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str):
        return value if value and value.strip() else None
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
