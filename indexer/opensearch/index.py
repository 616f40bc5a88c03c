"""An index that lies on a cluster: the second implementation of `protocol.AnyIndex`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any, Literal, Self

from opensearchpy import OpenSearch

from indexer import sources
from indexer.adding import in_bytes, skips
from indexer.errors import DocumentNotFound
from indexer.model import AddReport, CheckReport, Document, IndexStats, Problem
from indexer.opensearch import completing, versions
from indexer.opensearch.address import Address, parse
from indexer.opensearch.asking import Searcher
from indexer.opensearch.bulk import send
from indexer.opensearch.connection import Connection
from indexer.opensearch.counting import Counts
from indexer.opensearch.documents import STORED, document, key_of
from indexer.opensearch.lexicon import RemoteLexicon
from indexer.opensearch.listing import scan
from indexer.opensearch.running import Run
from indexer.options import Options
from indexer.paths import MEMBER, Paths
from indexer.repair.suggestions import suggest
from indexer.results import Results
from indexer.segment.builder import Lore
from indexer.segment.ledger import Ledger
from indexer.segment.record import prepare
from indexer.sources.isolation import Parsers
from indexer.tally import OnDocument, Progress
from indexer.upkeep import Upkeep, looked_up


class RemoteIndex:
    """An index on an OpenSearch cluster, asked and filled as a local one. Threads may share one."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        self._options = {**address.client_options(), "timeout": max(timeout, 1.0), "max_retries": 5}
        self._connection = Connection(OpenSearch(**self._options), address.index)
        self._paths = Paths(None)
        self._local = local()

    @classmethod
    def open(cls, address: str, *, create: bool = False, timeout: float = 10.0, outdated: bool = False) -> Self:
        """Open the index of an address such as `opensearch://server:9200/name`; `create` makes one where there is none.

        `timeout` is how long an answer may take, in seconds; `outdated` opens an index of other dictionaries too, for
        `relemmatise`. Raises AddressError, IndexNotFound, IndexVersionError, and IndexerError where the cluster cannot
        be asked.
        """
        index = cls(parse(address, os.environ), timeout)
        try:
            if create:
                versions.create(index._connection)
            if not outdated:
                versions.check(index._connection)
        except BaseException:
            index.close()
            raise
        return index

    @property
    def place(self) -> str:
        """Where the index lies, to be shown: without a password or key."""
        return str(self.address)

    # Writing

    def add(self, document: Document) -> None:
        """Add a document; one of the same id is replaced. Acknowledged by the cluster, and found, on return."""
        self.add_many([document])

    def add_many(
        self,
        documents: Iterable[Document],
        *,
        jobs: int = 1,
        memory: str | int = "256MB",
        on_error: Literal["raise", "skip"] = "raise",
        progress: Progress | None = None,
        force: bool = False,
        on_problem: Callable[[Problem], None] | None = None,
        on_document: OnDocument | None = None,
    ) -> AddReport:
        """Add documents; see `Index.add_many`. `jobs` processes analyse and send; batches are small whatever `memory`.

        What was acknowledged stays, whatever happens then.
        """
        in_bytes(memory)
        run = self._run(jobs, skips(on_error), progress, force, on_problem, on_document)
        try:
            run.take(documents)
        finally:
            self._refresh()
        return run.report()

    def add_path(
        self,
        path: str | Path,
        *,
        prune: bool = False,
        jobs: int = 1,
        memory: str | int = "256MB",
        progress: Progress | None = None,
        encoding: str = "auto",
        include: str | Collection[str] = (),
        exclude: str | Collection[str] = (),
        hidden: bool = False,
        force: bool = False,
        on_problem: Callable[[Problem], None] | None = None,
        on_skip: Callable[[Path, str], None] | None = None,
        on_document: OnDocument | None = None,
        only: Collection[str] | None = None,
    ) -> AddReport:
        """Add a file, or all files of known formats in a folder; see `Index.add_path`.

        Stored paths are absolute. Every file is read each time, and what has not changed in it is not sent.
        """
        sources.check_encoding(encoding)
        in_bytes(memory)
        run = self._run(jobs, True, progress, force, on_problem, on_document)
        name = self._paths.under(path)
        rules: dict[str, Any] = {"include": include, "exclude": exclude, "hidden": hidden, "only": only}
        files = looked_up(path, run, name, on_skip=on_skip, **rules)
        run.total = len(files)
        ledger = Ledger(Path(), ())  # a cluster keeps none: which files are gone is asked of the documents
        upkeep = Upkeep(run, ledger, self._paths, _none, encoding=encoding, force=True, whole=prune)
        try:
            with Parsers(jobs) as parsers:
                items = upkeep.items(files, name, parsers.read)
                run.take(item for item in items if isinstance(item, Document))
        finally:
            self._refresh()
        if prune and Path(path).is_dir():
            there = self._below(self._paths.stored(path))
            old = upkeep.old(path, set(there.values()))
            run.deleted(self.delete(*(id for id, at in there.items() if at in old and id not in upkeep.taken)))
        return run.report()

    def _run(
        self,
        jobs: int,
        skip: bool,
        progress: Progress | None,
        force: bool,
        on_problem: Callable[[Problem], None] | None,
        on_document: OnDocument | None,
    ) -> Run:
        return Run(
            self._connection,
            self._options,
            jobs=jobs,
            skip=skip,
            force=force,
            progress=progress,
            on_problem=on_problem,
            on_document=on_document,
        )

    def delete(self, *ids: str) -> int:
        """Delete documents by id; how many there were."""
        actions = {key_of(identity): {"_op_type": "delete"} for identity in ids}
        if not actions:
            return 0
        done = [result for _, result in send(self._connection, self._connection.index, actions)]
        self._refresh()
        return done.count("deleted")

    def delete_path(self, path: str | Path) -> int:
        """Delete the documents of a file, or all documents of files below a folder; how many there were."""
        return self.delete(*self._below(self._paths.stored(path)))

    def _below(self, stored: str) -> dict[str, str]:
        """id → path of the documents of a file or of a folder."""
        query = {"terms": {"places": [stored, stored + MEMBER[:-1]]}}
        return {source["id"]: source["path"] for source in scan(self._connection, query, ["id", "path"])}

    def stored_path(self, path: str | Path) -> str:
        """A file's path as the index keeps it: absolute, since the cluster lies beside no folder."""
        return self._paths.stored(path)

    def file(self, stored: str) -> Path:
        """Where the file of a stored path is."""
        return self._paths.file(stored)

    def _refresh(self) -> None:
        with self._connection.asked():
            self._connection.client.indices.refresh(index=self._connection.index)

    # Searching

    def search(self, query: str, **options: Any) -> Results:
        """The hits of a query, best first; the options are those of `Index.search`, and find the same documents.

        Raises QueryError where only a local index can answer, and SearchTimeout.
        """
        with ExitStack() as stack:
            return self._searcher(stack, options).run(query)

    def similar(self, id: str, limit: int = 10, **options: Any) -> Results:
        """The documents most like one of the index, which is left out; see `Index.similar`."""
        like = self.get(id)
        with ExitStack() as stack:
            searcher = self._searcher(stack, {"limit": limit, **options})
            return searcher.alike(like.text, like.lang or "ru", without=id)

    def like(self, document: Document, **options: Any) -> Results:
        """The documents most like one that is not in the index; options as those of `similar`."""
        whole = prepare(document).whole
        with ExitStack() as stack:
            return self._searcher(stack, options).alike(whole.text, whole.lang or "ru")

    def _searcher(self, stack: ExitStack, options: Mapping[str, Any]) -> Searcher:
        if getattr(self._local, "lore", None) is None or self._local.lore.heavy:
            self._local.lore = Lore()  # for each thread: what is learnt of words is not for two at once
        return Searcher(self._connection, Options(**options), self._local.lore, stack)

    def suggest(self, word: str, limit: int = 5) -> list[str]:
        """Words of the index that may have been meant by this one, likeliest first."""
        with ExitStack() as stack:
            known = self._searcher(stack, {}).statistics()
        return suggest(word, RemoteLexicon(self._connection, known.languages), limit)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Words of the index that begin so, in most documents first, as far as a sample of the documents has them."""
        with ExitStack() as stack:
            return completing.complete(self._searcher(stack, {}), prefix, limit)

    # Reading

    def get(self, identity: str) -> Document:
        """The document of an id. Raises DocumentNotFound."""
        if (found := self._source(identity, list(STORED))) is None:
            raise DocumentNotFound(f"В индексе нет документа {identity!r}")
        return document(found)

    def _source(self, identity: str, fields: list[str]) -> dict[str, Any] | None:
        with self._connection.asked():
            answer = self._connection.client.mget(
                index=self._connection.index, body={"ids": [key_of(identity)]}, _source_includes=fields
            )
        (row,) = answer["docs"]
        source: dict[str, Any] | None = row.get("_source") if row.get("found") else None
        return source

    def export(self) -> Iterator[Document]:
        """All documents, by id, as of now."""
        return map(document, scan(self._connection, {"match_all": {}}, list(STORED)))

    def stats(self) -> IndexStats:
        """The index in numbers; forms and lemmas are not counted on a cluster."""
        with self._connection.asked():
            found = self._connection.client.indices.stats(index=self._connection.index)["_all"]["primaries"]
        asked = {"languages": {"terms": {"field": "lang", "size": 100}}}
        answer = self._connection.search({"size": 0, "track_total_hits": True, "aggs": asked})
        buckets = answer["aggregations"]["languages"]["buckets"]
        return IndexStats(
            documents=answer["hits"]["total"]["value"],
            segments=found["segments"]["count"],
            forms=None,
            lemmas=None,
            bytes=found["store"]["size_in_bytes"],
            languages={bucket["key"]: bucket["doc_count"] for bucket in sorted(buckets, key=lambda b: str(b["key"]))},
            last_commit=None,
        )

    def problems(self) -> Iterator[Problem]:
        """What could not be read of the files added: a run tells it, and nothing is kept of it on a cluster."""
        return iter(())

    def check(self) -> CheckReport:
        """Whether all shards of the index are there; OpenSearch verifies their files itself."""
        with self._connection.asked():
            name, _ = versions.current(self._connection)
            health = self._connection.client.cluster.health(index=name)
        if health["status"] != "red":
            return CheckReport(True)
        lost = f"нет {health['unassigned_shards']} шардов из {health['active_shards'] + health['unassigned_shards']}"
        return CheckReport(False, [Problem(name, f"{lost}: верните узлы кластера или восстановите снимок")])

    def compact(self) -> None:
        """Merge the segments of every shard into one, without the documents deleted."""
        with self._connection.asked():
            self._connection.client.indices.forcemerge(
                index=self._connection.index, max_num_segments=1, request_timeout=86_400
            )

    def relemmatise(self) -> None:
        """Make the index anew by the rules and dictionaries of today, from the texts that it keeps, and then switch.

        Searches go on meanwhile; what is added meanwhile is lost, so that nobody should.
        """
        before, _ = versions.current(self._connection)
        after = versions.following(before, self._connection.index)
        with self._connection.asked():
            # left over from a run that was cut off
            self._connection.client.indices.delete(index=after, ignore_unavailable=True)
            versions.make(self._connection, after)
        run = Run(self._connection, self._options, force=True, index=after)
        run.take(self.export())
        versions.switch(self._connection, before, after)

    def __len__(self) -> int:
        return Counts(self._connection).queries([{"match_all": {}}])[0]

    def __contains__(self, identity: object) -> bool:
        return isinstance(identity, str) and self._source(identity, ["id"]) is not None

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _none(_path: str) -> tuple[int, Iterator[Document]]:
    """The documents of a file of another name: a cluster is not asked for them."""
    return 0, iter(())
