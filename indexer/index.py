"""The index as a whole: open, add, delete, search. What only writing needs is loaded when something is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from os.path import abspath
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from indexer.errors import DocumentNotFound, IndexerError, SourceError
from indexer.model import MEMBER, AddReport, CheckReport, Document, IndexStats, Problem, Results
from indexer.opensearch import is_address
from indexer.options import Collapse, Options, Sort
from indexer.query.plan import Match
from indexer.searching import alike, run, understand
from indexer.segment.reader import Reader
from indexer.segment.store import Store, is_index

if TYPE_CHECKING:
    from indexer.adding import Progress, Run
    from indexer.opensearch.index import RemoteIndex


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

    def add(self, document: Document) -> None:
        """Add a document; one of the same id is replaced. On disk on return.

        Raises DocumentError for a document that cannot be taken, IndexLocked when another writer does not end.
        """
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
    ) -> AddReport:
        """Add documents, committing whenever `memory` is full, and in the end.

        `jobs` processes build segments at once and share the memory. `on_error="skip"` puts a document that cannot be
        taken into `failed`, and at once to `on_problem`, and goes on. `progress` is called with the number of
        documents done. `force` writes what has not changed too.
        """
        from indexer.adding import Run

        run = Run(self._store, self._timeout, on_error == "skip", progress, force, on_problem, memory, jobs)
        with self._writing:
            run.take(documents)
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
        include: Collection[str] = (),
        exclude: Collection[str] = (),
        hidden: bool = False,
        force: bool = False,
        on_problem: Callable[[Problem], None] | None = None,
        on_skip: Callable[[Path, str], None] | None = None,
    ) -> AddReport:
        """Add a file, or all files of known formats in a folder; `prune` deletes what is no longer there.

        What cannot be read goes into `failed` and, at once, to `on_problem`; files passed over go to `on_skip`
        with the reason. Raises SourceError when the path does not exist.
        """
        from indexer import sources
        from indexer.adding import Run

        root = Path(path)
        if not root.exists():
            raise SourceError(f"Нет такого файла или папки: {root}")
        sources.check_encoding(encoding)
        run = Run(self._store, self._timeout, True, progress, force, on_problem, memory, jobs)
        files = [root]
        if root.is_dir():
            walk = sources.walk(
                root, include=include, exclude=exclude, hidden=hidden, is_index=is_index, on_skip=on_skip
            )
            files = list(walk)
        run.total = len(files)
        with self._writing:
            run.take(self._read(files, encoding, run))
            if prune and root.is_dir():
                gone = (stored for stored in self._under(root) - run.seen if self._gone(stored, run.unread))
                run.deleted(self._delete_paths(set(gone)))
        return run.report()

    def _read(self, files: Iterable[Path], encoding: str, run: Run) -> Iterator[Document]:
        from indexer import sources

        for file in files:
            stored = self.stored_path(file)
            run.seen.add(stored)
            try:
                for found in sources.read(file, encoding=encoding):
                    if isinstance(found, Problem):
                        run.fail(replace(found, path=_stored_below(found.path, file, stored) or ""))
                    else:
                        document = replace(found, path=_stored_below(found.path, file, stored))
                        run.seen.add(document.path or "")
                        yield document
            except SourceError as error:
                run.unread.add(stored)
                run.fail(Problem(stored, str(error)))

    def stored_path(self, path: str | Path) -> str:
        """A file's path as the index keeps it: relative to the index's parent where it lies below, else absolute."""
        # not resolve(): a link is found under the name that its owner gave it
        full, base = (Path(abspath(place)) for place in (path, self._store.folder.parent))  # noqa: PTH100
        return (full.relative_to(base) if full.is_relative_to(base) else full).as_posix()

    def file(self, stored: str) -> Path:
        """Where the file of a stored path is: the reverse of `stored_path`."""
        return Path(abspath(self._store.folder.parent)) / stored  # noqa: PTH100

    def _gone(self, stored: str, unread: Collection[str]) -> bool:
        """Whether the file of a stored path is no longer there; one that may not be looked at is, and so is what was
        in an archive that could not be read this time."""
        if stored.partition(MEMBER)[0] in unread:
            return False
        try:
            return not self.file(stored).exists()
        except OSError:
            return False

    def _under(self, root: Path) -> set[str]:
        stored = self.stored_path(root)
        prefix = "" if stored == "." else stored.rstrip("/") + "/"
        with self._lock, self._store.reading():
            paths = set(self._current().terms("path", prefix))
        return paths if prefix else {path for path in paths if not Path(path).is_absolute()}

    def delete(self, *ids: str) -> int:
        """Delete documents by id; how many there were."""
        from indexer.segment.writer import writing

        with self._writing, writing(self._store, self._timeout) as writer:
            return sum(writer.delete(identity) for identity in dict.fromkeys(ids))

    def delete_path(self, path: str | Path) -> int:
        """Delete the documents of a file, or all documents of files below a folder; how many there were."""
        with self._writing:
            stored = self.stored_path(path)
            with self._lock, self._store.reading():
                inside = set(self._current().terms("path", stored + MEMBER))
            return self._delete_paths({stored, *inside, *self._under(Path(path))})

    def _delete_paths(self, paths: set[str]) -> int:
        with self._lock, self._store.reading():
            reader = self._current()
            ids = [reader.head(number)["id"] for number in reader.having("path", paths).tolist()]
        return self.delete(*ids) if ids else 0

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
        from indexer.segment.record import complete, spoken

        (whole,) = spoken([complete(document)])
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
            reader = self._current()
            number = self._number(identity)
            kept = {**reader.head(number), "text": reader.text(number), "locations": reader.locations(number)}
        del kept["title_at"]
        return Document(**kept)

    def stats(self) -> IndexStats:
        """The index in numbers."""
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


def _stored_below(path: str | None, file: Path, stored: str) -> str | None:
    """The path of a document of a file as the index keeps it: that of the file, and what stands behind it.

    A path that a line of JSON names for itself is its own.
    """
    name = str(file)
    mine = path == name or (path or "").startswith((name + MEMBER, name + ":"))
    return stored + (path or "")[len(name) :] if mine else path


def search(query: str, *, index: str | Path = "index_data", **options: Any) -> Results:
    """Open the index, search it, close it: `Index.open(index).search(query, **options)`."""
    with Index.open(index) as opened:
        return opened.search(query, **options)
