"""The index as a whole: open, add, delete, search. What only writing needs is loaded when something is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from os import PathLike
from os.path import abspath
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from indexer.errors import DocumentNotFound, IndexerError
from indexer.opensearch import is_address
from indexer.options import Collapse, Options, Sort
from indexer.paths import MEMBER, Paths
from indexer.query.plan import Match
from indexer.results import Results
from indexer.searching import alike, run, understand
from indexer.segment.collection import own_fields
from indexer.segment.reader import Reader
from indexer.segment.store import Store

if TYPE_CHECKING:
    from indexer.model import AddReport, CheckReport, Document, IndexStats, Problem
    from indexer.opensearch.index import RemoteIndex
    from indexer.protocol import AnyIndex
    from indexer.segment.writer import Writer
    from indexer.tally import OnDocument, Progress


def _remote() -> type[RemoteIndex]:
    """What is loaded for addresses alone."""
    try:
        from indexer.opensearch.index import RemoteIndex
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        raise IndexerError("Для индекса на кластере нужно: pip install 'indexer[opensearch]'") from error
    return RemoteIndex


class Index:
    """A local index. Threads may share one; processes may open the same folder, one of them writing."""

    def __init__(self, store: Store, timeout: float) -> None:
        self._store = store
        self._paths = Paths(Path(abspath(store.folder)).parent)  # noqa: PTH100  (of «.» the parent is not «.»)
        self._timeout = timeout
        self._lock = RLock()  # of the reader, whose caches are not for two threads at once
        self._writing = RLock()  # so that threads search while one writes
        self._reader: tuple[tuple[int, int, int], Reader] | None = None

    @classmethod
    def open(
        cls,
        path: str | Path = "index_data",
        *,
        create: bool = False,
        timeout: float = 10.0,
        outdated: bool = False,
    ) -> Self:
        """Open the index in a folder, or at an address `opensearch://server:9200/name`, which gives a `RemoteIndex`.

        `create` makes one where there is none, in a folder for its owner's eyes only.

        `timeout` is how long a writer waits for another, in seconds; `outdated` opens an index of other dictionaries
        too, for `relemmatise`. Raises IndexNotFound, IndexDamaged, IndexVersionError.
        """
        if is_address(path):
            # it does all that an Index does, elsewhere
            return _remote().open(str(path), create=create, timeout=timeout, outdated=outdated)  # type: ignore[return-value]
        return cls(Store(Path(path), create=create, outdated=outdated), timeout)

    @property
    def place(self) -> str:
        """Where the index lies, to be shown."""
        return str(self._store.folder)

    def add(self, document: Document) -> None:
        """Add a document; one of the same id is replaced. On disk on return.

        Raises DocumentError for a document that cannot be taken, IndexLocked when another writer does not end.
        """
        from indexer.segment.workers import uncollected

        with uncollected():
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
        """Add documents, committing whenever `memory` is full, and in the end.

        `jobs` processes build segments at once and share the memory. `on_error="skip"` puts a document that cannot be
        taken into `failed`, and at once to `on_problem`, and goes on. `progress` is called with the number of
        documents done and None, `on_document` with the path (or id) of each and what came of it: "added", "changed",
        "unchanged". `force` writes what has not changed too.
        """
        from indexer.adding import Run, skips

        run = Run(self._store, self._timeout, skips(on_error), progress, force, on_problem, memory, jobs, on_document)
        with self._writing, run.writing() as writer:
            run.take(documents, writer)
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
        """Add a file, or all files of known formats in a folder; `prune` deletes what is no longer there.

        A file that has not changed is not read again, unless `force`; one that was renamed keeps its documents, under
        its new name. `only` are paths from the folder on: nothing else in it is looked at. What cannot be read goes
        into `failed` and, when it is first met, to `on_problem`; files passed over go to `on_skip` with the reason.
        `jobs` processes read files, and as many write segments. `progress` is called with the number of files done and
        of all, `on_document` as by `add_many`. Raises SourceError when the path does not exist.
        """
        from indexer import sources
        from indexer.adding import Run
        from indexer.sources.isolation import Parsers
        from indexer.upkeep import Upkeep, looked_up

        sources.check_encoding(encoding)
        run = Run(self._store, self._timeout, True, progress, force, on_problem, memory, jobs, on_document)
        name = self._paths.under(path)
        rules: dict[str, Any] = {"include": include, "exclude": exclude, "hidden": hidden, "only": only}
        files = looked_up(path, run, name, on_skip=on_skip, **rules)
        run.expect(len(files))
        if only is not None and not files:
            return run.report()  # nothing of it concerns us, and no other writer need wait
        with self._writing, run.writing() as writer, Parsers(jobs) as parsers:
            upkeep = Upkeep(run, writer.ledger, self._paths, self._of_file, encoding=encoding, force=force, whole=prune)
            run.take(upkeep.items(files, name, parsers.read), writer)
            if prune and Path(path).is_dir():
                old = upkeep.old(path, self._below(self._paths.prefix(path)))
                run.deleted(self._delete_all(old, writer, but=upkeep.taken))
        return run.report()

    def _of_file(self, stored: str) -> tuple[int, Iterator[Document]]:
        """How many documents of a file there are, and what they are."""
        with self._lock, self._store.reading():
            reader = self._current()
            paths = {stored, *reader.terms("path", stored + MEMBER)}
            ids = [reader.head(number)["id"] for number in reader.having("path", paths).tolist()]
        return len(ids), map(self.get, ids)

    def stored_path(self, path: str | Path) -> str:
        """A file's path as the index keeps it: relative to the index's parent where it lies below, else absolute."""
        return self._paths.stored(path)

    def file(self, stored: str) -> Path:
        """Where the file of a stored path is: the reverse of `stored_path`."""
        return self._paths.file(stored)

    def _below(self, prefix: str) -> set[str]:
        """The paths of the documents of the files below a folder of this prefix."""
        with self._lock, self._store.reading():
            return self._paths.among(self._current().terms("path", prefix), prefix)

    def delete(self, *ids: str) -> int:
        """Delete documents by id; how many there were."""
        from indexer.segment.writer import writing

        with self._writing, writing(self._store, self._timeout) as writer:
            writer.ledger.forget(writer.paths(ids))
            return sum(writer.delete(identity) for identity in dict.fromkeys(ids))

    def delete_path(self, path: str | Path) -> int:
        """Delete the documents of a file, or all documents of files below a folder; how many there were."""
        from indexer.segment.writer import writing

        stored, prefix = self._paths.stored(path), self._paths.prefix(path)
        with self._writing, writing(self._store, self._timeout) as writer:
            files = self._paths.among((row.path for row in writer.ledger), prefix)
            paths = {stored, *files, *self._below(stored + MEMBER), *self._below(prefix)}
            writer.ledger.forget(paths)
            return self._delete_all(paths, writer)

    def _delete_all(self, paths: set[str], writer: Writer, but: Collection[str] = ()) -> int:
        """Delete the documents of these paths, but for some ids."""
        with self._lock, self._store.reading():
            reader = self._current()
            ids = [reader.head(number)["id"] for number in reader.having("path", paths).tolist()]
        # one that this turn has replaced by that of another file stays
        now = zip(ids, writer.paths(ids), strict=True)
        return sum(writer.delete(identity) for identity, path in now if path in paths and identity not in but)

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        offset: int = 0,
        match: Match = "all",
        where: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
        sort: Sort = "relevance",
        snippets: int = 2,
        snippet_chars: int = 240,
        exact: bool = False,
        repair: bool = True,
        fuzzy: int = 0,
        facets: Collection[str] = (),
        collapse: Collapse | None = None,
        explain: bool = False,
        relax: bool = True,
        timeout: float | None = None,
        count: bool = True,
        expand: Collection[str] = (),
        synonyms: str | PathLike[str] | None = None,
    ) -> Results:
        """The hits of a query, best first.

        `match="any"` ranks by any of the words (questions); `where` filters by lang, date, path, ext or a field
        of the documents; `exact` takes every word in the form typed, `fuzzy` what is spelled like it too, up to so
        many edits (1 or 2, fewer in short words). Where nothing is found, the query is `repair`ed
        (keyboard layout, look-alike letters, transliteration, spelling), then relaxed to partial matches;
        `repaired` and `relaxed` of the results say so. `limit=None` is all; `count=False` lets the engine stop as
        soon as the best are known: `total` is a lower bound then. `facets` counts the documents found by year, lang,
        ext, dir (folder) or any field. `expand` takes other words along, at less weight: "aspect" (заявить, заявлять),
        "related" (Япония, японский); `synonyms` is a file of groups, one a line: США = Соединённые Штаты.
        `collapse="near"` folds reprints of a text into the best of them, whose `duplicates` they are; `total`
        counts them all. `explain` says of every hit what its score is the sum of. Raises QueryError and SearchTimeout.
        """
        options = Options(
            limit, offset, match, where, sort, snippets, snippet_chars, exact, relax, timeout, count, repair, fuzzy,
            facets, expand, synonyms, collapse, explain,
        )  # fmt: skip
        tree = understand(query, options)
        with self._lock, self._store.reading():
            return run(query, tree, self._current(), options)

    def similar(self, id: str, limit: int = 10, **options: Any) -> Results:
        """The documents most like one of the index, which is left out; `query` is the words that it was told by.

        The options are those of `search` that any query has: offset, where, sort, snippets, facets… Raises
        DocumentNotFound.
        """
        with self._lock, self._store.reading():
            reader = self._current()
            number = self._number(id)
            language = reader.head(number)["lang"]
            return alike(reader.text(number), language, reader, Options(limit=limit, **options), without=number)

    def like(self, document: Document, **options: Any) -> Results:
        """The documents most like one that is not in the index; options as those of `similar`."""
        from indexer.segment.record import prepare

        whole = prepare(document).whole
        with self._lock, self._store.reading():
            return alike(whole.text, whole.lang or "ru", self._current(), Options(**options))

    def _number(self, identity: str) -> int:
        if (number := self._current().number(identity)) is None:
            raise DocumentNotFound(f"В индексе нет документа {identity!r}")
        return number

    def suggest(self, word: str, limit: int = 5) -> list[str]:
        """Words of the index that may have been meant by this one, likeliest first."""
        from indexer.repair.lexicon import LocalLexicon
        from indexer.repair.suggestions import suggest

        with self._lock, self._store.reading():
            return suggest(word, LocalLexicon(self._current()), limit)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Words of the index that begin so, in most documents first; the last word of several is completed."""
        from indexer.repair.lexicon import LocalLexicon
        from indexer.repair.suggestions import complete

        with self._lock, self._store.reading():
            return complete(prefix, self._current(), LocalLexicon(self._current()), limit)

    def get(self, identity: str) -> Document:
        """The document of an id. Raises DocumentNotFound."""
        with self._lock, self._store.reading():
            return self._document(self._current(), self._number(identity))

    def _document(self, reader: Reader, number: int) -> Document:
        from indexer.model import Document

        head = reader.head(number)
        kept = {**head, "text": reader.text(number), "locations": reader.locations(number), "fields": own_fields(head)}
        del kept["title_at"]
        return Document(**kept)

    def export(self) -> Iterator[Document]:
        """All documents as they were taken, one by one; what is written meanwhile is not among them."""
        with self._lock, self._store.reading():
            reader = self._current()
            numbers = reader.live.tolist()
        for number in numbers:
            with self._lock, self._store.reading():
                document = self._document(reader, number)
            yield document

    def problems(self) -> Iterator[Problem]:
        """What could not be read of the files added, and why."""
        return (problem for row in self._store.files() for problem in row.problems)

    def stats(self) -> IndexStats:
        """The index in numbers."""
        from indexer.model import IndexStats

        with self._lock, self._store.reading():
            reader = self._current()
            counts = {language: len(reader.having("lang", [language])) for language in set(reader.terms("lang"))}
            lemmas = {term for s in reader.segments for term in s.lemmas.terms(range(len(s.lemmas)))}
            return IndexStats(
                documents=reader.documents,
                segments=len(reader.segments),
                forms=len({entry.form for entry in reader.scan("")}),
                lemmas=len(lemmas),
                bytes=self._store.bytes(),
                languages={language: count for language, count in sorted(counts.items()) if count},
                last_commit=self._store.contents().committed,
            )

    def check(self) -> CheckReport:
        """Verify every file of the index and everything in it; what is broken is in the report, by file."""
        from indexer.segment.check import check

        return check(self._store.folder)

    def compact(self) -> None:
        """Merge all segments into one, without the documents deleted; on disk on return."""
        from indexer.segment.writer import writing

        with self._writing, writing(self._store, self._timeout) as writer:
            writer.compact()

    def relemmatise(self) -> None:
        """Work the lemmas of all words out anew, after a change of dictionaries; no text is read."""
        from indexer.segment.relemmatise import relemmatise

        with self._writing:
            relemmatise(self._store, self._timeout)

    def _current(self) -> Reader:
        stamp = self._store.stamp()
        if self._reader is None or self._reader[0] != stamp:
            self._reader = (stamp, self._store.reader(self._reader and self._reader[1]))
        return self._reader[1]

    def close(self) -> None:
        """Let go of the open files; the index can be used again all the same."""
        with self._lock:
            self._reader = None
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        with self._lock, self._store.reading():
            return self._current().documents

    def __contains__(self, identity: object) -> bool:
        with self._lock, self._store.reading():
            return isinstance(identity, str) and self._current().number(identity) is not None

    def __repr__(self) -> str:
        return f"Index({str(self._store.folder)!r})"


def search(query: str, *, index: str | Path = "index_data", **options: Any) -> Results:
    """Open the index, search it, close it: `Index.open(index).search(query, **options)`."""
    with Index.open(index) as opened:
        return opened.search(query, **options)


if TYPE_CHECKING:
    # both kinds keep the promise
    _kinds: tuple[type[AnyIndex], ...] = (Index, RemoteIndex)
