"""One turn of writing: documents in, documents out, then a commit; or nothing, when an error leaves.

New documents gather in a builder, which becomes a segment when it is full and at the end. A document that is replaced
is marked in a bitmap of its segment. After that segments of one size are merged where there are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import words
from indexer.errors import IndexerError
from indexer.segment.builder import Built
from indexer.segment.collection import Collection
from indexer.segment.files import Fingerprint, SectionWriter
from indexer.segment.ledger import Ledger
from indexer.segment.merge import due, merge
from indexer.segment.record import Prepared
from indexer.segment.segment import Segment
from indexer.segment.store import Store
from indexer.segment.toc import SegmentInfo, Toc
from indexer.segment.workers import Alone, Builders, Gang

Array = NDArray[Any]
MEMORY = 256 << 20

# Where a document that is not committed yet is: which builder, its number there; its fingerprint, language and path.
_Fresh = tuple[int, int, bytes, str | None, str | None]


class Writer:
    """The changes of one turn. `add` commits by itself whenever a segment is full."""

    def __init__(self, store: Store, memory: int = MEMORY, jobs: int = 1, contents: Toc | None = None) -> None:
        """`contents` is what to go on from, when that is not the last commit."""
        self._store = store
        self._memory = memory
        self._contents = contents or store.contents()
        self._kept = tuple(self._contents.files())  # what the last commit that is surely on disk needs
        self._whole = True
        self._before: Collection | None = None
        self._ledger: Ledger | None = None
        self._deleted: dict[str, set[int]] = {}  # segment → its documents that go
        self._jobs = jobs
        self._builders: Builders | None = None
        self._begun = False
        self._fresh: dict[str, _Fresh] = {}
        self._gone: set[tuple[int, int]] = set()  # what was replaced before it was written: builder, number there

    @property
    def before(self) -> Collection:
        """What the changes are made to, opened when it is first asked for."""
        if self._before is None:
            self._before = Collection(self._store.segments(self._contents))
        return self._before

    @property
    def ledger(self) -> Ledger:
        """What is known of the files read; what is noted in it is committed with the documents."""
        if self._ledger is None:
            with self._store.reading():
                self._ledger = self._store.ledger(self._contents)
        return self._ledger

    def same(self, documents: Sequence[Prepared]) -> list[bool | None]:
        """Whether the documents that are there under the ids of these are the same; None where there is none."""
        identities = [each.document.id or "" for each in documents]
        found: list[bool | None] = [None] * len(documents)
        with self._store.reading():
            for at, (segment, local) in self._committed(identities).items():
                digest, each = segment.documents.digest(local), documents[at]
                found[at] = digest == each.digest or each.same(digest, segment.documents.head(local)["lang"])
        for at, (identity, each) in enumerate(zip(identities, documents, strict=True)):
            if (fresh := self._fresh.get(identity)) is not None:
                found[at] = each.same(*fresh[2:4])
        return found

    def paths(self, identities: Sequence[str]) -> list[str | None]:
        """The paths of the documents of some ids, None where there is no such document or it has none."""
        found = [self._fresh[identity][-1] if identity in self._fresh else None for identity in identities]
        with self._store.reading():
            for at, (segment, local) in self._committed(identities).items():
                found[at] = found[at] or segment.documents.head(local)["path"]
        return found

    def _committed(self, identities: Sequence[str]) -> dict[int, tuple[Segment, int]]:
        """Of those of the ids that the last commit has and that still stand: index → segment, number there."""
        places = {
            at: self.before.place(number)
            for at, number in enumerate(self.before.numbers(identities))
            if number is not None
        }
        return {
            at: (segment, local)
            for at, (segment, local) in places.items()
            if local not in self._deleted.get(segment.info.name, ())
        }

    @contextmanager
    def _step(self) -> Iterator[None]:
        """A change that is made wholly or not to be committed; maps what the system refuses."""
        self._whole = False
        with self._store.allowed():
            yield
        self._whole = True

    def add(self, documents: Sequence[Prepared]) -> None:
        """Add documents of different ids; those of the same ids that are there are replaced."""
        if not documents:
            return
        with self._step():
            self._add(documents)

    def _add(self, documents: Sequence[Prepared]) -> None:
        identities = [each.document.id or "" for each in documents]
        with self._store.reading():
            self._delete(identities)
        builders = self._begin()
        builder, first = builders.add(documents)
        for number, (identity, each) in enumerate(zip(identities, documents, strict=True), first):
            self._fresh[identity] = (builder, number, each.digest, each.document.lang, each.document.path)
        if builders.full:
            self._commit()

    def _begin(self) -> Builders:
        """The builders, with their segments begun."""
        folder = self._store.folder
        if self._builders is None:
            self._builders = Alone(folder, self._store.lore) if self._jobs == 1 else Gang(folder, self._jobs)
        if not self._begun:
            first = self._contents.counter + 1
            self._contents = self._contents.replace(counter=self._contents.counter + self._builders.size)
            self._builders.begin([f"s{first + number}" for number in range(self._builders.size)], self._memory)
            self._begun = True
        return self._builders

    def delete(self, identity: str) -> bool:
        """Delete the document of an id; whether there was one."""
        with self._step(), self._store.reading():
            return self._delete([identity])

    def _delete(self, identities: Sequence[str]) -> bool:
        """Mark the documents of these ids; whether there was any."""
        fresh = [found for identity in identities if (found := self._fresh.pop(identity, None)) is not None]
        self._gone |= {(builder, number) for builder, number, *_ in fresh}
        committed = self._committed(identities)
        for segment, local in committed.values():
            self._deleted.setdefault(segment.info.name, set()).add(local)
        return bool(fresh or committed)

    def commit(self) -> None:
        """Write everything so far and make it the last commit; on disk on return."""
        with self._step():
            self._commit()
        if self._ledger is not None:
            self._store.keep(self._contents, self._ledger)

    def keep(self) -> None:
        """Commit what was taken so far, unless the interruption came in the middle of a change."""
        if self._whole:
            self.commit()

    def _commit(self) -> None:
        if not self._begun and not self._deleted and not (self._ledger is not None and self._ledger.pending):
            return
        segments = [*map(self._marked, self._contents.segments)]
        for number, done in enumerate(self._builders.finish() if self._builders and self._begun else ()):
            if done is None:
                continue
            gone = {at for builder, at in self._gone if builder == number}
            segments.append(self._with_deleted(info(done.built), gone))
            # an index that is outdated stays so
            versions = {language: words.version(language) for language in done.languages}
            self._contents = self._contents.replace(analysis={**versions, **self._contents.analysis}, rules=words.RULES)
        self._contents = self._contents.replace(segments=tuple(s for s in segments if s.deleted < s.documents))
        while chosen := due(self._contents.segments):
            self._merge(chosen)
        self._finish()

    def compact(self) -> None:
        """Merge everything into one segment without deleted documents."""
        with self._step():
            self._commit()
            segments = self._contents.segments
            if len(segments) > 1 or any(segment.deleted for segment in segments):
                self._merge(segments)
                self._finish()

    def _finish(self) -> None:
        if self._ledger is not None:
            contents = self._contents
            ledger = self._ledger.write(self._store.folder, contents.generation + 1, contents.ledger)
            self._contents = contents.replace(ledger=tuple(ledger))
        self._contents = self._store.commit(self._contents)
        self._begun, self._fresh, self._gone, self._deleted = False, {}, set(), {}
        self._kept = tuple(self._contents.files())
        self._before = None

    def _merge(self, chosen: Sequence[SegmentInfo]) -> None:
        folder, number = self._store.folder, self._contents.counter + 1
        with self._store.reading(writing=True):
            opened = {segment.info.lasting: segment for segment in self.before.segments}
            segments = [Segment(folder, segment, opened.get(segment.lasting)) for segment in chosen]
            built = merge(segments, folder, f"s{number}")
        rest = [segment for segment in self._contents.segments if segment not in chosen]
        self._contents = self._contents.replace(counter=number, segments=(*rest, info(built)))

    def _marked(self, segment: SegmentInfo) -> SegmentInfo:
        """A segment with the documents that go now marked beside those that went before."""
        if not (gone := self._deleted.get(segment.name)):
            return segment
        (live,) = (each.live for each in self.before.segments if each.info.name == segment.name)
        return self._with_deleted(segment, gone, live)

    def _with_deleted(self, segment: SegmentInfo, gone: set[int], live: Array | None = None) -> SegmentInfo:
        if not gone:
            return segment
        bits = np.zeros(segment.documents, bool) if live is None else ~live
        bits[list(gone)] = True
        deleted = int(np.count_nonzero(bits))
        if deleted == segment.documents:
            return segment.replace(deleted=deleted)  # it goes as a whole, and what is gone of it need not be written
        name = f"{segment.name}-{self._contents.generation + 1}.deleted"
        with SectionWriter(self._store.folder / name) as file:
            file.add("deleted", np.packbits(bits, bitorder="little"))
        files = segment.files | {"deleted": (name, *file.fingerprint)}
        return segment.replace(deleted=deleted, files=files)

    def abandon(self) -> None:
        """Give up what was not committed. Raises nothing: what led here is to be told."""
        with suppress(OSError, IndexerError):
            if self._builders is not None:
                self._builders.abandon()
        with suppress(OSError, IndexerError):
            # a commit of which only the sync failed may be undone by a power cut: the one before is kept as well
            self._store.sweep({*self._kept, *self._store.contents().files()})

    def stop(self) -> None:
        """End the workers, if there are any; keep what was learnt of words, if it is little."""
        if self._builders is not None:
            self._builders.stop()
            lore = self._builders.lore
            self._store.lore = lore if lore and lore.light else None


def info(built: Built) -> SegmentInfo:
    """How a segment that was just written stands in the table of contents."""
    names = {"documents": ".documents", "postings": ".postings", "lexicon": "-0.lexicon"}
    files: dict[str, tuple[str, int, int]] = {
        kind: (built.name + names[kind], *Fingerprint(*found)) for kind, found in built.files.items()
    }
    return SegmentInfo(built.name, built.documents, 0, built.tokens, files)


@contextmanager
def writing(store: Store, timeout: float, memory: int = MEMORY, jobs: int = 1) -> Iterator[Writer]:
    """The one writer of an index; commits on leaving, and not when an exception leaves.

    Raises IndexLocked when another process holds the lock for longer than `timeout` seconds.
    """
    with ExitStack() as held:
        with store.allowed():
            held.enter_context(store.lock(timeout))
        with store.reading():
            writer = Writer(store, memory, jobs)
        try:
            yield writer
            writer.commit()
        except BaseException:
            writer.abandon()
            raise
        finally:
            writer.stop()
