"""Documents into the cluster: analysed and sent in batches, by several processes at once, again where it is busy.

A document's id is its `_id`, and what has not changed is not sent, so that a run that was cut off goes on where it
was. A document counts as added when the cluster has acknowledged it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import exceptions, helpers

from indexer import tally
from indexer.errors import IndexerError
from indexer.model import Problem
from indexer.opensearch.connection import Connection
from indexer.opensearch.documents import body, key_of
from indexer.opensearch.units import Analyser
from indexer.segment.record import Prepared

# What a busy cluster, or one that has lost a node, answers: sent again, after so many seconds, and then twice as many.
_BUSY = {429, 502, 503, 504}
_TRIES, _PAUSE, _LONGEST_PAUSE = 9, 0.5, 30.0
# What one request carries at most; a cluster takes 100 MB by default.
_CHUNK, _CHUNK_BYTES = 500, 8 << 20
_PATIENCE = 120  # seconds for an answer to it
# Not allowed, or no such index: no other document will fare better.
_HOPELESS = {401, 403, 404}

Action = dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What came of some documents: by path or, where there is none, id; which failed, and why."""

    done: list[tuple[str, tally.Outcome]] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)


class Sender:
    """Analyses and sends batches of documents; each process has one."""

    def __init__(self, connection: Connection, index: str | None = None) -> None:
        """`index` is where to write when that is not behind the name of the index."""
        self._connection = connection
        self._index = index or connection.index
        self._alias = index is None
        self._analyse = Analyser()

    def __call__(self, ready: Sequence[Prepared], *, force: bool = False) -> Outcome:
        """Send documents of different ids. Raises IndexerError when the cluster stays busy or is gone."""
        outcome, before = Outcome(), dict[str, Mapping[str, Any]]()
        if not force:
            before = self._before(ready)
            same = [_same(each, before.get(key_of(each.document.id or ""))) for each in ready]
            outcome.done = [(_name(each), "unchanged") for each, is_same in zip(ready, same, strict=True) if is_same]
            ready = [each for each, is_same in zip(ready, same, strict=True) if not is_same]
        actions = {
            key_of(each.document.id or ""): {"_op_type": "index", "_source": body(each, units)}
            for each, units in zip(ready, self._analyse(ready), strict=True)
        }
        names = {key_of(each.document.id or ""): _name(each) for each in ready}
        for key, result in send(self._connection, self._index, actions, alias=self._alias):
            if isinstance(result, str):
                # sent again after an answer was lost, it would be called updated
                there = key in before if not force else result == "updated"
                outcome.done.append((names[key], "changed" if there else "added"))
            else:
                outcome.failed.append(Problem(names[key], f"Кластер не принял документ: {result.reason}"))
        return outcome

    def _before(self, ready: Sequence[Prepared]) -> dict[str, Mapping[str, Any]]:
        """`_id` → fingerprint and language of the documents that are there."""
        keys = [key_of(each.document.id or "") for each in ready]
        if not keys:
            return {}
        with self._connection.asked():
            found = self._connection.client.mget(
                index=self._index, body={"ids": keys}, _source_includes=["digest", "lang"]
            )
        return {row["_id"]: row["_source"] for row in found["docs"] if row.get("found")}


def _same(each: Prepared, before: Mapping[str, Any] | None) -> bool:
    return before is not None and each.same(bytes.fromhex(before["digest"]), before.get("lang"))


def _name(each: Prepared) -> str:
    return each.document.path or each.document.id or ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the cluster did not take a document."""

    status: int
    reason: str


def send(
    connection: Connection, index: str, actions: Mapping[str, Action], *, alias: bool = True
) -> Iterator[tuple[str, str | Refused]]:
    """(`_id`, what was done or why not) of each action, once the cluster has acknowledged it.

    What a busy cluster refuses is sent again, `_TRIES` times in all. Raises IndexerError when it is still busy.
    """
    waiting, pause = dict(actions), _PAUSE
    for attempt in range(_TRIES):
        again: dict[str, Action] = {}
        last = Refused(0, "")
        for key, result in _sent(connection, index, waiting, alias):
            if isinstance(result, Refused) and result.status in _BUSY | {0}:
                again[key], last = waiting[key], result
            else:
                yield key, result
        if not again:
            return
        waiting = again
        if attempt < _TRIES - 1:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
    raise IndexerError(
        f"Кластер не принимает документы ({last.status or 'нет связи'}: {last.reason})."
        " Принятое сохранено; когда он ответит, та же команда продолжит с остального"
    )


def _sent(
    connection: Connection, index: str, actions: Mapping[str, Action], alias: bool
) -> Iterator[tuple[str, str | Refused]]:
    rows = ({"_index": index, "_id": key, **action} for key, action in actions.items())
    options: dict[str, Any] = {"chunk_size": _CHUNK, "max_chunk_bytes": _CHUNK_BYTES, "request_timeout": _PATIENCE}
    options |= {"raise_on_error": False, "raise_on_exception": False}
    # an index that is not there must not come into being without its mapping
    options |= {"require_alias": "true"} if alias else {}
    with connection.asked():
        for ok, item in helpers.streaming_bulk(connection.client, rows, **options):
            (answer,) = item.values()
            if ok or answer.get("result") == "not_found":
                yield answer["_id"], answer["result"]
            elif answer["status"] in _HOPELESS:
                raise answer.get("exception") or exceptions.NotFoundError(404, answer["error"]["type"], answer)
            else:
                yield answer["_id"], _refused(answer)


def _refused(answer: Mapping[str, Any]) -> Refused:
    error, status = answer.get("error"), answer["status"]
    reason = error.get("reason", "") if isinstance(error, dict) else str(error)
    return Refused(status if isinstance(status, int) else 0, str(reason)[:300])
