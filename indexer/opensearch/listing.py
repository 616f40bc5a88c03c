"""The documents that a query finds, in order, any stretch of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.model import Document
from indexer.opensearch.connection import Body, Connection
from indexer.opensearch.documents import STORED, document
from indexer.options import Sort

# A cluster gives no more by number, unless its owner says so; beyond, it goes on behind the last one given.
_WINDOW = 10_000
_STRIDE = 1_000

# All documents are read so many at a time, from a state of the index that is kept so long between two pages.
_PAGE, _KEPT = 200, "10m"

_BY_ID = {"id": "asc"}
_ORDERS: dict[Sort, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}, _BY_ID],
    "date": [{"date": {"order": "asc", "missing": "_last"}}, _BY_ID],
    "-date": [{"date": {"order": "desc", "missing": "_last"}}, _BY_ID],
    "path": [{"path": {"order": "asc", "missing": "_last"}}, _BY_ID],
}


class Listing:
    """What a query finds, by number from 0; equals by id, so that pages are stable."""

    def __init__(self, connection: Connection, query: Body, sort: Sort, timeout: float | None = None) -> None:
        self._connection = connection
        self._query = query
        self._sort = sort
        self._timeout = timeout
        self._behind: dict[int, list[Any]] = {}  # number → the values of the order of the document before it

    def request(self, start: int, end: int) -> Body:
        """The search for some of the documents, among the first ones."""
        return self._body(end - start) | {"from": start}

    def documents(self, start: int, end: int) -> list[Document]:
        """The documents from one number to another, as far as there are so many."""
        if end <= _WINDOW:
            return read(self._connection.search(self.request(start, end), self._timeout))
        at = max((number for number in self._behind if number <= start), default=0)
        while at < start:
            at += len(self._next(at, min(_STRIDE, start - at), texts=False))
        return read({"hits": {"hits": self._next(start, end - start, texts=True)}})

    def _next(self, at: int, count: int, *, texts: bool) -> list[Any]:
        body = self._body(count) | ({"search_after": self._behind[at]} if at else {})
        found: list[Any] = self._connection.search(body if texts else body | {"_source": False}, self._timeout)["hits"][
            "hits"
        ]
        if found:
            self._behind[at + len(found)] = found[-1]["sort"]
        return found

    def _body(self, count: int) -> Body:
        return {"query": self._query, "size": count, "sort": _ORDERS[self._sort], "_source": STORED}


def read(answer: Body) -> list[Document]:
    """The documents of an answer."""
    return [document(hit["_source"]) for hit in answer["hits"]["hits"]]


def scan(connection: Connection, query: Body, fields: list[str]) -> Iterator[dict[str, Any]]:
    """The stored fields of all documents that a query finds, by id, as they are when the first is asked for."""
    with connection.asked():
        opened = connection.client.create_pit(index=connection.index, keep_alive=_KEPT)["pit_id"]
    try:
        body = {"query": query, "size": _PAGE, "sort": [_BY_ID], "_source": fields}
        while True:
            with connection.asked():
                answer = connection.client.search(body=body | {"pit": {"id": opened, "keep_alive": _KEPT}})
            found = answer["hits"]["hits"]
            yield from (hit["_source"] for hit in found)
            if len(found) < _PAGE:
                return
            body["search_after"] = found[-1]["sort"]
    finally:
        with connection.asked():
            connection.client.delete_pit(body={"pit_id": [opened]})
