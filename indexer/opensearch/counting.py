"""What is counted on the cluster: documents that have the words of a query, values of fields, facets."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from indexer.errors import QueryError
from indexer.opensearch.connection import Body, Connection
from indexer.opensearch.tokens import key_term, lemma_term

# So many values at most are listed; it is the most that OpenSearch counts for one answer, by default some more.
MOST_VALUES = 10_000
_FACETS = {"year": "year", "lang": "lang", "ext": "ext", "dir": "dir"}


class Counts:
    """How many documents of an index have something; asked for together, and once."""

    def __init__(self, connection: Connection, leaves: Mapping[Any, int] | None = None) -> None:
        self._connection = connection
        self.leaves = dict(leaves or {})

    def leaf(self, leaf: Hashable) -> int:
        """A leaf of the query with its fields, which was counted when the query was asked."""
        return int(self.leaves.get(leaf, 0))

    def lemmas(self, lemmas: Sequence[str]) -> list[int]:
        """Documents that have each of the lemmas."""
        return self.terms([[lemma_term(lemma)] for lemma in lemmas])

    def keys(self, keys: Sequence[str]) -> list[int]:
        """Documents that have a form or a lemma of each look-up key, the more frequent of both."""
        counts = self.terms([[term] for key in keys for term in (key_term(key), lemma_term(key))])
        return [max(pair) for pair in zip(counts[::2], counts[1::2], strict=True)]

    def terms(self, groups: Sequence[Sequence[str]]) -> list[int]:
        """Documents that have any of the terms of each group, in the text or in the title."""
        return self.queries([having(group) for group in groups])

    def queries(self, queries: Sequence[Body]) -> list[int]:
        """Documents that each of the queries finds."""
        if not queries:
            return []
        return [total(answer) for answer in self._connection.searches([counting(query) for query in queries])]

    def values(self, name: str) -> list[str]:
        """All «name=value» of a field of the documents. Raises QueryError where they are too many."""
        asked = {"terms": {"field": "field", "include": f"{_literal(name)}=.*", "size": MOST_VALUES}}
        found = self._connection.search({"size": 0, "aggs": {"values": asked}})["aggregations"]["values"]
        if found["sum_other_doc_count"]:
            raise QueryError(
                f"У поля {name!r} больше {MOST_VALUES} разных значений: промежуток по нему на кластере не ищется."
                " Укажите значения списком"
            )
        return [bucket["key"] for bucket in found["buckets"]]


def having(terms: Iterable[str]) -> Body:
    """The query for any of some terms, in the text or in the title."""
    wanted = list(terms)
    fields = [{"terms": {f"{field}_units": wanted}} for field in ("text", "title")]
    return {"bool": {"should": fields, "minimum_should_match": 1}}


def counting(query: Body) -> Body:
    """The search that only counts what a query finds."""
    return {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": [query]}}}


def total(answer: Mapping[str, Any]) -> int:
    """How many documents a search found."""
    return int(answer["hits"]["total"]["value"])


def facets_request(names: Sequence[str]) -> Body:
    """Aggregations that `facets` reads."""
    return {name: {"terms": _counted(name)} for name in names}


def _counted(name: str) -> Body:
    if name in _FACETS:
        return {"field": _FACETS[name], "size": MOST_VALUES}
    return {"field": "field", "include": f"{_literal(name)}=.*", "size": MOST_VALUES}


def facets(answer: Mapping[str, Any], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Name → value → documents found, the most frequent first, equals by value."""
    found = {}
    for name in names:
        start = 0 if name in _FACETS else len(name) + 1
        counts = {str(b["key"])[start:]: int(b["doc_count"]) for b in answer["aggregations"][name]["buckets"]}
        found[name] = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
    return found


def _literal(text: str) -> str:
    """A text in the regular expressions of Lucene."""
    return re.sub(r"\W", lambda sign: f"\\{sign[0]}", text)


Values = Callable[[str], Iterable[str]]
