"""Filters → OpenSearch's query language: the values that pass are those that pass in a local index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from indexer.opensearch.documents import short
from indexer.query import dates, filters
from indexer.query.tree import Filter

Dsl = dict[str, Any]
# name → all values that documents of the index have of it, as «name=value»
Values = Callable[[str], Iterable[str]]


def condition(node: Filter, values: Values) -> Dsl:
    """What documents pass a filter. Raises QueryError when its value means nothing to the field."""
    if node.field in ("lang", "ext"):
        return {"terms": {node.field: filters.choices(node.value)}}
    if node.field == "date":
        return _date(node.value)
    if node.field == "path":
        globs = [{"regexp": {"places": {"value": regexp(glob), "flags": "NONE"}}} for glob in filters.globs(node.value)]
        return {"bool": {"should": globs, "minimum_should_match": 1}}
    return {"terms": {"field": [short(term) for term in filters.field_terms(node, lambda: values(node.field))]}}


def _date(value: object) -> Dsl:
    if isinstance(value, str) and (end := dates.recurring(value)) is not None:
        return {"wildcard": {"date": {"value": f"????{end}*"}}}
    first, last = filters.date_bounds(value)
    return {"range": {"date": {"gte": first, "lte": last}}}


def regexp(glob: str) -> str:
    """A glob, as `fnmatch` reads it, in the regular expressions of Lucene."""
    found, at = "", 0
    while at < len(glob):
        letter = glob[at]
        end = glob.find("]", at + 2 + (glob[at + 1 : at + 2] == "!")) if letter == "[" else -1
        if end > 0:
            inner = glob[at + 1 : end]
            found += f"[{'^' * (inner[0] == '!')}{_set(inner.removeprefix('!'))}]"
            at = end
        else:
            found += {"*": ".*", "?": "."}.get(letter) or _escaped(letter)
        at += 1
    return found


def _set(letters: str) -> str:
    return re.sub(r"[\\\[\]^\"&~]", lambda letter: f"\\{letter[0]}", letters)


def _escaped(letter: str) -> str:
    return letter if letter.isalnum() else f"\\{letter}"
