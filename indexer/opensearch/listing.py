"""The documents that a query finds, in order, any stretch of them."""

from __future__ import annotations

from typing import Any

from indexer.model import Document
from indexer.opensearch.connection import Body, Connection
from indexer.opensearch.documents import STORED, document
from indexer.options import Sort

# A cluster gives no more by number, unless its owner says so; beyond, it goes on behind the last one given.
_WINDOW = 10_000
_STRIDE = 1_000

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
        found: list[Any] = self._connection.search(
            body if texts else body | {"_source": False}, self._timeout
        )["hits"]["hits"]
        if found:
            self._behind[at + len(found)] = found[-1]["sort"]
        return found

    def _body(self, count: int) -> Body:
        return {"query": self._query, "size": count, "sort": _ORDERS[self._sort], "_source": STORED}


def read(answer: Body) -> list[Document]:
    """The documents of an answer."""
    return [document(hit["_source"]) for hit in answer["hits"]["hits"]]
