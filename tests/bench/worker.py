"""A process that drives one rival: requests come as JSON lines, answers go out so. Its memory is the rival's own."""

from __future__ import annotations

import json
import os
import pickle
import resource
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from shutil import rmtree
from statistics import mean
from typing import Any

import corpus
import queries
from rival import Query, Rival
from zoo import ZOO

K = 10
# mode → (snippets, count)
MODES = {"plain": (False, False), "count": (False, True), "snippets": (True, False)}
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def cpu_seconds() -> float:
    """CPU time of this process and of the children that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peak_bytes(jobs: int) -> int:
    """Peak memory of this process and, with several jobs, as much as `jobs` of its largest child: an upper bound."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if jobs > 1 else 0
    return (own + jobs * child) * UNIT


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Milliseconds of wall and of CPU (children's apart), and what came of it."""
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    value = work()
    wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
    return wall / 1e6, cpu / 1e6, value


class Worker:
    """What can be asked of a rival; a method a request."""

    def __init__(self, rival: str = "", folder: str = "", docs: str = "", asked: str = "", jobs: int = 1) -> None:
        self.jobs = jobs
        self.folder, self.docs, self.asked = Path(folder), Path(docs), Path(asked)
        self.rival: Rival = ZOO[rival](jobs) if rival else Rival()

    def about(self) -> dict[str, Any]:
        """Why it cannot run, or its version and how it is set up."""
        if reason := self.rival.missing():
            return {"missing": reason}
        fairness = " ".join((self.rival.__doc__ or "").split())
        return {"missing": None, "version": self.rival.version(), "fairness": fairness, "lacks": [*self.rival.lacks]}

    def prepare(self, source: str | None, limit: int, each: int, seed: int, ask: bool) -> dict[str, Any]:
        """Put documents and queries where the other workers find them; here, to keep the runner itself small."""
        items = list(corpus.read(Path(source) if source else None, limit))
        made = queries.make(items, each, seed) if ask else []
        if ask:
            self.asked.write_bytes(pickle.dumps([tuple(query) for query in made]))
        count, size = corpus.keep(items, self.docs)
        return {"documents": count, "bytes": size, "queries": len(made)}

    def build(self) -> dict[str, float]:
        """Build the index anew; seconds, peak bytes, bytes on disk."""
        rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        documents = corpus.kept(self.docs)
        cpu, wall = cpu_seconds(), time.perf_counter()
        self.rival.build(documents, self.folder)
        wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
        size = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        return {"wall": wall, "cpu": cpu, "peak": peak_bytes(self.jobs), "bytes": size}

    def queries(self) -> list[Query]:
        """The queries, as prepared."""
        return [Query._make(row) for row in pickle.loads(self.asked.read_bytes())]

    def open(self, times: int) -> dict[str, list[float]]:
        """Open several times and ask once; what was open last stays so. The first opens pay for imports: not kept."""
        query = next(query for query in self.queries() if self.rival.can(query))
        opened, answered = [], []
        for turn in range(times + 1):
            wall = timed(lambda: self.rival.open(self.folder))[0]
            first = timed(lambda: self.rival.search(query, K, False, False))[0]
            if turn:
                opened.append(wall)
                answered.append(wall + first)
            if turn < times:
                self.rival.close()
        return {"opened": opened, "answered": answered}

    def ask(self, mode: str, seed: int, least: float) -> list[list[Any]]:
        """Passes over the queries, each in a random order, one or `least` seconds of them.

        A row a query asked: its number, wall ms, CPU ms, total, hits.
        """
        snippets, count = MODES[mode]
        order = [(number, query) for number, query in enumerate(self.queries()) if self.rival.can(query)]
        random, rows, began = Random(seed), [], time.perf_counter()
        while not rows or time.perf_counter() - began < least:
            for number, query in random.sample(order, len(order)):
                wall, cpu, answer = timed(partial(self.rival.search, query, K, snippets, count))
                rows.append([number, wall, cpu, answer.total, len(answer.ids)])
        return rows

    def memory(self) -> float:
        """Peak bytes so far."""
        return peak_bytes(1)

    def change(self, times: int) -> dict[str, list[list[float]]]:
        """Add documents one by one, each found at once; delete them, each gone at once: wall and CPU ms."""
        self.rival.open(self.folder)
        items = list(islice(corpus.kept(self.docs), 50))
        fresh = [corpus.added(items, number) for number in range(times)]
        added, deleted = [], []
        for item, word in fresh:
            added.append(self._changed(partial(self.rival.add_one, item), word))
            self._check(item.id, word, there=True)
        for item, word in fresh:
            # a word that other documents have: to find nothing is another matter, spellings are looked for then
            deleted.append(self._changed(partial(self.rival.delete_one, item.id), item.text.split()[0]))
            self._check(item.id, word, there=False)
        self.rival.close()
        return {"add": added, "delete": deleted}

    def _changed(self, change: Callable[[], None], word: str) -> list[float]:
        """Wall and CPU ms of a change together with a search that sees it."""

        def work() -> None:
            change()
            self._found(word)

        wall, cpu, _ = timed(work)
        return [wall, cpu]

    def _found(self, word: str) -> list[str]:
        return self.rival.search(Query(word, "t1", (word,)), K, False, False).ids

    def _check(self, identity: str, word: str, there: bool) -> None:
        """Whether a document is, or is not, what is found by its word."""
        ids = self._found(word)
        if (ids[:1] == [identity]) is not there or identity in ids[1:]:
            raise AssertionError(f"{identity} should {'' if there else 'not '}be found by {word}; found: {ids}")

    def relevance(self, folder: str) -> dict[str, float]:
        """Index a relevance set and ask its questions as any of their words."""
        import relevance as judged  # here: it loads our own engine, and every rival's memory is its own

        given = judged.Judged(Path(folder))
        self.folder.mkdir(parents=True)
        scores = judged.scores(given, self.rival, self.folder)
        return {"questions": len(scores), "ndcg": mean(scores.values())}


def main() -> None:
    """Answer requests until there are no more; what a rival prints itself goes elsewhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(**json.loads(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": getattr(worker, request.pop("do"))(**request)}
        except Exception as error:  # a rival's failure is its own: the others go on
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
