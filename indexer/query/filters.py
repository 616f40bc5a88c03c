"""Filters: which documents have a language, a date, a path, an ending, a field of the value asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from numpy.typing import NDArray

from indexer.errors import QueryError
from indexer.paths import MEMBER
from indexer.query.dates import among, between, bounds, span
from indexer.query.tree import Filter
from indexer.segment.reader import Reader

Array = NDArray[Any]


def where(values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[Filter, ...]:
    """The filters of a mapping: {"lang": "ru", "date": ("2022-01-01", None), "path": "news/*", "author": "…"}.

    Pairs do as well: there a field may stand twice, and both must hold. Raises QueryError for anything else.
    """
    pairs = values.items() if isinstance(values, Mapping) else values
    try:
        return tuple(Filter(str(name), value) for name, value in pairs if value is not None)
    except (TypeError, ValueError) as error:
        raise QueryError(f"where={values!r}: нужен словарь, например {{'lang': 'ru'}}") from error


def matching(condition: Filter, reader: Reader) -> Array:
    """Numbers of the documents that pass, rising. Raises QueryError when the value means nothing to the field."""
    if condition.field in ("lang", "ext"):
        return reader.having(condition.field, choices(condition.value))
    if condition.field == "date":
        return reader.having("date", _dated(condition.value, reader.terms("date")))
    if condition.field == "path":
        wanted = globs(condition.value)
        return reader.having("path", (path for path in reader.terms("path") if any(map(_fits(path), wanted))))
    return reader.having("field", field_terms(condition, lambda: reader.terms("field", f"{condition.field}=")))


def choices(value: object) -> list[str]:
    """The languages or endings that a value names."""
    return [str(one).lower().lstrip(".") for one in _listed(value)]


def globs(value: object) -> list[str]:
    """The globs that a value names, of which one must fit the path or a folder it lies in."""
    values = [*_listed(value)]
    if isinstance(value, str):
        values.append(value)  # a name may have a comma in it
    return [_normal(str(one)) for one in values]


def _listed(value: object) -> Iterable[object]:
    """Several values of one field are alternatives: `lang:ru,bg`, ["ru", "bg"]."""
    if isinstance(value, str):
        return [part for part in value.split(",") if part] or [value]
    return value if isinstance(value, list | tuple | set | frozenset) else [value]


def _dated(value: object, days: Iterable[str]) -> Iterator[str]:
    """The days that are among those asked for."""
    return among(value, days) if isinstance(value, str) else between(date_bounds(value), days)


def date_bounds(value: object) -> tuple[str, str]:
    """Inclusive bounds of the ISO strings asked for. Raises QueryError for what is no date, nor two ends."""
    if isinstance(value, str):
        return bounds(value)
    ends = value if isinstance(value, list | tuple) else (value, value)
    if len(ends) != 2:
        raise QueryError('Промежуток дат — это два конца, например ("2022-01-01", None)')
    return span(*ends)


def _normal(glob: str) -> str:
    return glob.removeprefix("./").rstrip("/") or glob


def _fits(path: str) -> Any:
    """Whether a glob fits the path or any folder it lies in."""
    places = [path]
    while "/" in places[-1]:
        places.append(places[-1].rpartition("/")[0])
    places += [place[:-1] for place in places if place.endswith(MEMBER[:-1])]  # the archive that it is in
    return lambda glob: any(fnmatchcase(place, glob) for place in places)


def field_terms(condition: Filter, there: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Terms «name=value»: of one value, of any of a list, or those that are `there` of a range (first, last)."""
    name, value = condition.field, condition.value
    if not isinstance(value, tuple):
        yield from (f"{name}={one}" for one in (value if isinstance(value, list | set | frozenset) else [value]))
        return
    if len(value) != 2:
        raise QueryError(f"Промежуток поля {name!r} — это два конца: (первый, последний), None — без границы")
    first, last = value
    for term in there():
        found = _like(term.partition("=")[2], first if first is not None else last)
        if found is not None and (first is None or first <= found) and (last is None or found <= last):
            yield term


def _like(text: str, bound: object) -> Any:
    """The value of a term in the type of the bound it is compared with; None when it has no such value."""
    if not isinstance(bound, int | float):
        return text
    try:
        return float(text)
    except ValueError:
        return None
