"""The values that are not of a search: a document, and what a run reports. All frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FieldValue = str | int | float | list[str]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as its owner sees it.

    `id` None stands for the path and, where there is none, for a hash of the text. `date` is ISO 8601 when a
    string. `lang` is "ru", "uk", "bg" or "en"; None is detected. `fields` are stored and can be filtered by.
    `locations` are (offset in `text`, name), offsets rising: from there on a passage stands in «стр. 12», «глава 3».
    """

    text: str
    id: str | None = None
    title: str = ""
    date: dt.date | str | None = None
    path: str | None = None
    lang: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    locations: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that could not be indexed, or a file of the index that is broken, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What a run of adding did, counted in documents."""

    added: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0
    failed: list[Problem] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Whether the files of an index are whole; `path` of a problem is the name of the file in the index's folder."""

    ok: bool
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The index in numbers. `languages` counts documents; `bytes` is what its files take.

    `forms` and `lemmas` are None where they are not counted, as on a cluster.
    """

    documents: int
    segments: int
    forms: int | None
    lemmas: int | None
    bytes: int
    languages: Mapping[str, int]
    last_commit: str | None
