"""A document ↔ what OpenSearch keeps of it: the stored document, keywords to filter by, units to search in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.model import Document
from indexer.opensearch.units import Name, Units
from indexer.paths import MEMBER
from indexer.segment.keywords import keyword_value, keywords
from indexer.segment.record import Prepared

# What is read of a document found: all but what it is found by.
STORED = ("id", "text", "title", "date", "path", "lang", "fields", "locations")
# Lucene takes 32,766 bytes of a keyword; of a longer one the beginning and a fingerprint stand for it.
_LONGEST, _BEGINNING = 8_000, 1_000
_LONGEST_ID = 512  # bytes, of OpenSearch


def key_of(identity: str) -> str:
    """The `_id` of a document: its own where that fits, so that adding it again replaces it."""
    return identity if len(identity.encode()) <= _LONGEST_ID else "#" + _hash(identity)


def short(value: str) -> str:
    """A keyword that Lucene takes."""
    return value if len(value) <= _LONGEST else f"{value[:_BEGINNING]}#{_hash(value)}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def body(each: Prepared, units: Units) -> dict[str, Any]:
    """What is sent of a document."""
    document = each.document
    by_name: dict[str, list[str]] = {}
    for term in keywords(document, units.language):
        by_name.setdefault(term.partition("\t")[0], []).append(short(keyword_value(term)))
    found: dict[str, Any] = {
        "id": document.id,
        "text": document.text,
        "title": document.title,
        "digest": each.digest.hex(),
        "length": units.length,
        "chars": len(document.text),
        "text_units": units.text,
        "title_units": units.title,
        "names": [name_value(name) for name in units.names],
        **{name: by_name[name][0] for name in ("lang", "date", "path", "ext") if name in by_name},
        "field": by_name.get("field", []),
    }
    if document.date:
        found["year"] = str(document.date)[:4]
    if document.path:
        found |= {"places": list(map(short, places(document.path))), "dir": short(folder(document.path))}
    if document.fields:
        found["fields"] = dict(document.fields)
    if document.locations:
        found["locations"] = [list(location) for location in document.locations]
    return found


def document(source: Mapping[str, Any]) -> Document:
    """The document that `body` was made of."""
    kept = {name: source[name] for name in STORED if name in source}
    kept["locations"] = tuple((int(at), str(name)) for at, name in source.get("locations", ()))
    return Document(**kept)


def name_value(name: Name) -> str:
    """A possible surname with its counts, as a value that can be counted by."""
    form, language, width = name.entry
    return "\t".join((name.entry.key, form, language, str(width), str(name.places), str(name.capitals)))


def folder(path: str) -> str:
    """The folder of a path, as it is counted by."""
    return path.rpartition("/")[0] or ("/" if path.startswith("/") else ".")


def places(path: str) -> Iterator[str]:
    """What a glob may fit for a path to pass: itself, the folders it lies in, the archive that it is in."""
    while True:
        yield path
        if path.endswith(MEMBER[:-1]):
            yield path[:-1]
        if "/" not in path:
            return
        path = path.rpartition("/")[0]
