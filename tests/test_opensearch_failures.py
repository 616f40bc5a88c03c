"""Nothing acknowledged is lost on OpenSearch: nodes killed, runs cut off, refusals, answers that never come."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import servers
from gateway import Answer, Cut, Gateway, Request
from opensearchpy import OpenSearch

from indexer import Document, Index, IndexerError, SearchTimeout
from indexer.opensearch import bulk, connection

SUBJECTS = "завод мост река порт рыбак капитан договор гарантия уступка трос канат лебёдка".split()
NAMES = count()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses between tries."""
    monkeypatch.setattr(bulk, "_PAUSE", 0.01)
    monkeypatch.setattr(bulk, "_LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(connection, "_PAUSES", (0.01, 0.01, 0.01))


def letter(number: int) -> Document:
    """A document that is found by its number and by three words."""
    words = (SUBJECTS[number % 12], SUBJECTS[number // 12 % 12], SUBJECTS[number // 144 % 12])
    return Document(f"Письмо {number}: {', '.join(words)}.", id=f"письмо-{number}", lang="ru")


def letters(size: int) -> list[Document]:
    """So many documents."""
    return [letter(number) for number in range(size)]


def captains(size: int) -> int:
    """How many of so many letters are of a captain."""
    return sum("капитан" in each.text for each in letters(size))


def address(*servers: str) -> str:
    """An index of its own for each test, on these servers."""
    return f"opensearch://{','.join(server.removeprefix('http://') for server in servers)}/failures-{next(NAMES)}"


def lost(index: Index, size: int) -> set[str]:
    """Letters that are not there, or not as they were."""
    there = {document.id: document.text for document in index.export()}
    return {each.id or "" for each in letters(size) if there.get(each.id) != each.text}


def wait_until_green(cluster: servers.Cluster) -> None:
    """Until each shard has its copy on another node."""
    with OpenSearch(cluster.urls[cluster.running[0]]) as client:
        client.cluster.health(wait_for_status="green", request_timeout=60)


def holder(cluster: servers.Cluster, index: str) -> int:
    """The node that takes the documents of an index first."""
    with OpenSearch(cluster.urls[cluster.running[0]]) as client:
        shards = client.cat.shards(index=index, format="json")
    return next(int(shard["node"].removeprefix("node-")) for shard in shards if shard["prirep"] == "p")


def when(least: int, action: Callable[[], None]) -> Callable[..., None]:
    """A `progress` that does something once, as soon as so many documents are done."""
    waiting = [action]

    def progress(done: int, *_: Any) -> None:
        if done >= least and waiting:
            waiting.pop()()

    return progress


def test_a_node_dies_while_documents_come_and_are_sought(three_nodes: servers.Cluster) -> None:
    """All that a run counts as added is there, and searches never fail or find less than they did."""
    size, known = 1700, 300
    url = address(*three_nodes.urls)
    with Index.open(url, create=True) as index:
        index.add_many(letters(known))
        wait_until_green(three_nodes)
        victim = holder(three_nodes, url.rpartition("/")[2])
        over, problems, searches = Event(), list[object](), count()

        def search() -> None:
            with Index.open(url) as mine:
                while not over.is_set():
                    try:
                        found = mine.search("капитан", limit=1).total
                        problems.extend([found] if found < captains(known) else [])
                    except IndexerError as error:
                        problems.append(error)
                    next(searches)

        reader = Thread(target=search)
        reader.start()
        report = index.add_many(letters(size), progress=when(400, lambda: three_nodes.kill(victim)))
        over.set()
        reader.join()
        assert problems == [] and next(searches) > 3
        assert (report.added, report.failed) == (size - known, [])
        assert len(index) == size and lost(index, size) == set()
        assert index.search("капитан", limit=1).total == captains(size)


def test_all_nodes_die_at_once(three_nodes: servers.Cluster) -> None:
    """What was acknowledged is on disk: the cluster that comes back has all of it."""
    with Index.open(address(*three_nodes.urls), create=True) as index:
        report = index.add_many(letters(300))
        for node in three_nodes.running:
            three_nodes.kill(node)
        with pytest.raises(IndexerError, match="Нет связи с кластером"):
            index.search("капитан")
        three_nodes.restart(0, 1, 2)
        wait_until_green(three_nodes)
        assert report.added == 300 and lost(index, 300) == set()
        assert index.search("капитан", limit=1).total == captains(300)


def test_a_server_that_hangs(cluster: servers.Cluster) -> None:
    """A search waits no longer than it was told to."""
    awake = Event()

    def meddle(request: Request) -> None:
        if "search" in request.path:
            awake.wait()

    with Gateway(cluster.urls[0]) as gateway, Index.open(address(gateway.host), create=True) as index:
        index.add_many(letters(5))
        gateway.meddle = meddle
        with pytest.raises(SearchTimeout):
            index.search("капитан", timeout=0.1)
        awake.set()


def test_a_run_cut_off_goes_on(cluster: servers.Cluster) -> None:
    """A process killed by the system in the middle: the next run adds the rest, and nothing is there twice."""
    size = 1200
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_opensearch_failures import letters; "
        "from indexer import Index; Index.open(sys.argv[2], create=True).add_many(letters(int(sys.argv[3])))"
    )
    requests = count(1)

    def meddle(request: Request) -> None:
        if "_bulk" in request.path and next(requests) == 2:
            process.kill()
            raise Cut

    with Gateway(cluster.urls[0], meddle=meddle) as gateway:
        url = address(gateway.host)
        process = subprocess.Popen([sys.executable, "-c", script, str(Path(__file__).parent), url, str(size)])
        assert process.wait() == -signal.SIGKILL
        with Index.open(url) as index:
            report = index.add_many(letters(size))
            assert 0 < report.unchanged < size  # some of it had been acknowledged
            assert (report.added, report.changed) == (size - report.unchanged, 0)
            assert len(index) == size and lost(index, size) == set()


def first(times: int, part: str, answer: Answer | None) -> Callable[[Request], Answer | None]:
    """Answers so the first requests of a kind; None cuts the connection."""
    left = count()

    def meddle(request: Request) -> Answer | None:
        if part not in request.path or next(left) >= times:
            return None
        if answer is None:
            raise Cut
        return answer

    return meddle


BUSY = Answer(429, json.dumps({"error": {"type": "rejected_execution_exception"}, "status": 429}).encode())
AWAY = Answer(503, b"no healthy upstream", "text/plain")


@pytest.mark.parametrize("answer", [BUSY, AWAY, None], ids=["429", "503", "cut"])
def test_a_server_that_refuses_for_a_while(cluster: servers.Cluster, answer: Answer | None) -> None:
    """What was refused is sent again, and in the end all is there."""
    with Gateway(cluster.urls[0], meddle=first(3, "_bulk", answer)) as gateway:
        with Index.open(address(gateway.host), create=True) as index:
            report = index.add_many(letters(50))
            assert (report.added, report.failed) == (50, [])
            assert len(index) == 50
        assert gateway.count("_bulk") == 4


def test_an_answer_that_never_came(cluster: servers.Cluster) -> None:
    """The server did what it was asked, and the network lost the answer: asked again, nothing is there twice."""
    answers = count()

    def amend(request: Request, answer: Answer) -> Answer:
        if "_bulk" in request.path and next(answers) == 0:
            raise Cut
        return answer

    with Gateway(cluster.urls[0], amend=amend) as gateway, Index.open(address(gateway.host), create=True) as index:
        report = index.add_many(letters(50))
        assert (report.failed, len(index), lost(index, 50)) == ([], 50, set())


def spoiled(status: int, numbers: set[int], times: int) -> Callable[[Request, Answer], Answer]:
    """Says of some letters, in the first answers so many, that they were refused; the server has not seen them so."""
    left = count()

    def amend(request: Request, answer: Answer) -> Answer:
        if "_bulk" not in request.path or next(left) >= times:
            return answer
        reply = json.loads(answer.body)
        for item in reply["items"]:
            (action,) = item.values()
            if action["_id"] in {f"письмо-{number}" for number in numbers}:
                reply["errors"] = True
                action |= {"status": status, "error": {"type": "refused", "reason": "слишком много полей"}}
        return replace(answer, body=json.dumps(reply).encode())

    return amend


def test_one_document_refused(cluster: servers.Cluster) -> None:
    """It is named with what the server says of it; all the others are added."""
    refusing = spoiled(400, {7}, 99)
    with Gateway(cluster.urls[0], amend=refusing) as gateway, Index.open(address(gateway.host), create=True) as index:
        report = index.add_many(letters(50), on_error="skip")
        assert report.added == 49
        (problem,) = report.failed
        assert problem.path == "письмо-7" and "слишком много полей" in problem.reason
        with pytest.raises(IndexerError, match=r"письмо-7.*слишком много полей"):
            index.add(replace(letter(7), text="Другой текст"))


def test_documents_refused_for_a_while(cluster: servers.Cluster) -> None:
    """Only those that a busy server turned away are sent again."""
    with Gateway(cluster.urls[0], amend=spoiled(429, {3, 30}, 1)) as gateway:
        with Index.open(address(gateway.host), create=True) as index:
            report = index.add_many(letters(50))
            assert (report.added, report.failed) == (50, [])
        sent = [request.body.count(b'"_id"') for request in gateway.heard if "_bulk" in request.path]
        assert sent == [50, 2]


def test_a_server_that_always_refuses(cluster: servers.Cluster) -> None:
    """The run ends after so many tries, says why, and keeps what was acknowledged; the same again goes on."""
    with Gateway(cluster.urls[0]) as gateway, Index.open(address(gateway.host), create=True) as index:
        index.add_many(letters(5))
        gateway.meddle = first(10**6, "_bulk", BUSY)
        with pytest.raises(IndexerError, match=r"не принимает документы.*429.*Принятое сохранено"):
            index.add_many(letters(20), on_error="skip")
        assert gateway.count("_bulk") <= 20
        assert len(index) == 5
        gateway.meddle = None
        report = index.add_many(letters(20))
        assert (report.added, report.unchanged, len(index)) == (15, 5, 20)


@pytest.mark.parametrize("answer", [BUSY, AWAY, None], ids=["429", "503", "cut"])
def test_searches_go_on(cluster: servers.Cluster, answer: Answer | None) -> None:
    """One refusal is not the end of a search; a server that always refuses is, with one sentence."""
    with Gateway(cluster.urls[0]) as gateway, Index.open(address(gateway.host), create=True) as index:
        index.add_many(letters(20))
        gateway.meddle = first(1, "search", answer)
        assert index.search("капитан").total == captains(20)
        heard = len(gateway.heard)
        gateway.meddle = first(10**6, "search", answer)
        with pytest.raises(IndexerError):
            index.search("лебёдка")
        assert len(gateway.heard) - heard <= 10
