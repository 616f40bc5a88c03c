"""What can be saved of a damaged index. Nothing is destroyed: every file that goes is put aside, and it is said.

A segment of which any file is broken is left out; those of its documents whose stored text and fields are still what
their fingerprint says are written anew. The others must be added again by their owner.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged, IndexerError, IndexVersionError
from indexer.model import Document
from indexer.segment import toc
from indexer.segment.check import ledger_problems, segment_problems
from indexer.segment.check_documents import deleted, document_of
from indexer.segment.documents import Documents
from indexer.segment.files import Sections, fingerprint
from indexer.segment.record import Prepared, digests, prepare
from indexer.segment.store import Store, allowed, leftovers, lock
from indexer.segment.toc import SegmentInfo, Toc
from indexer.segment.writer import Writer

Array = NDArray[Any]

LOST = "lost.txt"
_BATCH = 500


@dataclass
class Repaired:
    """What was done, a sentence each, and how many documents are lost."""

    said: list[str] = field(default_factory=list)
    lost: int = 0


def repair(folder: Path, timeout: float) -> Repaired:
    """Make the index whole, with as many documents as can be saved. Raises IndexerError when it cannot be."""
    with ExitStack() as held:
        with allowed(folder):
            held.enter_context(lock(folder, timeout))
        with allowed(folder):
            return _Repair(folder).run()


class _Repair:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done = Repaired()
        now = datetime.now(UTC).astimezone().strftime("%Y%m%d-%H%M%S")
        names = (folder / f"damaged-{now}{suffix}" for suffix in chain([""], (f"-{number}" for number in count(2))))
        self._aside = next(path for path in names if not path.exists())
        self._names: list[str] = []  # ids of documents that are lost

    def run(self) -> Repaired:
        """Table of contents, segments, leftovers."""
        contents = self._contents()
        self._put_aside(leftovers(self._folder, contents.files()), move=True)
        broken = [info for info in contents.segments if segment_problems(self._folder, info)]
        if broken:
            self._leave_out(contents, broken)
        elif ledger_problems(self._folder, contents):
            self._forget_files(contents)
        if self._names:
            (self._aside / LOST).write_text("".join(f"{name}\n" for name in self._names), encoding="utf-8")
        if self._aside.exists():
            self._done.said.append(
                f"Испорченные и лишние файлы отложены в {self._aside}; когда они станут не нужны, удалите эту папку"
            )
        return self._done

    def _contents(self) -> Toc:
        """The table of contents; when it cannot be read, the last one that can and whose files are there."""
        try:
            return toc.read(self._folder)
        except IndexVersionError:
            raise
        except (IndexDamaged, FileNotFoundError) as error:
            found = [(name, contents) for name in (toc.NAME + ".new", toc.COPY) if (contents := self._readable(name))]
            if not found:
                raise IndexDamaged(
                    f"Индекс {self._folder} не восстановить: {toc.NAME} не читается, и копии нет."
                    f" Удалите папку {self._folder} и запустите indexer add ещё раз"
                ) from error
        name, contents = max(found, key=lambda pair: pair[1].generation)
        self._put_aside([path for path in (self._folder / toc.NAME, self._folder / name) if path.exists()])
        toc.write(self._folder, contents)
        self._done.said.append(f"Оглавление восстановлено из {name}, записано {contents.committed or 'при создании'}")
        return contents

    def _readable(self, name: str) -> Toc | None:
        with suppress(OSError, IndexerError):
            contents = toc.read(self._folder, name)
            files = [*contents.ledger, *(file for info in contents.segments for file in info.files.values())]
            if all((self._folder / file).stat().st_size == length for file, length, _ in files):
                return contents
        return None

    def _leave_out(self, contents: Toc, broken: list[SegmentInfo]) -> None:
        """Commit the other segments with the documents of the broken ones that can be saved."""
        paths = [self._folder / name for info in broken for name, _, _ in info.files.values()]
        self._put_aside([path for path in paths if path.exists()])
        store = Store(self._folder, create=False, outdated=True)
        rest = contents.replace(segments=tuple(info for info in contents.segments if info not in broken), ledger=())
        writer = Writer(store, contents=rest)
        try:
            # of two documents of one id the newer is met first: the older one is not alive, or is not known to be dead
            for info in reversed(broken):
                self._save(writer, info)
            writer.commit()
        except BaseException:
            writer.abandon()
            raise
        if store.contents().generation == contents.generation:  # there was nothing to save
            store.commit(rest)

    def _forget_files(self, contents: Toc) -> None:
        """Leave out the list of the files read: they are all read again by the next `add`, and nothing else is lost."""
        self._put_aside([path for name, _, _ in contents.ledger if (path := self._folder / name).exists()])
        Store(self._folder, create=False, outdated=True).commit(contents.replace(ledger=()))
        self._done.said.append("Список прочитанных файлов испорчен: следующий indexer add прочтёт их все ещё раз")

    def _save(self, writer: Writer, info: SegmentInfo) -> None:
        saved, lost = 0, list[str]()
        known, documents = self._alive(info), self._documents(info)
        alive = np.ones(info.documents, bool) if known is None else known
        batch: list[Prepared] = []
        numbers = np.flatnonzero(alive).tolist() if documents else []
        for name, document in (_rescued(documents, number) for number in numbers) if documents else ():
            if document is None:
                lost.append(name)
            elif writer.same([ready := prepare(document)]) == [None]:
                batch.append(ready)
                saved += 1
            if len(batch) >= _BATCH:
                writer.add(batch)
                batch = []
        writer.add(batch)
        missing = len(lost) if documents else info.documents - info.deleted
        self._say(info, saved, missing, known=known is not None)
        self._names += [name for name in lost if name]
        self._done.lost += missing

    def _say(self, info: SegmentInfo, saved: int, lost: int, *, known: bool) -> None:
        text = f"Сегмент {info.name} испорчен и выведен из индекса. Сохранено документов: {saved}"
        if lost:
            text += f"; нужно добавить ещё раз: {lost} (их id, какие прочлись, — в {self._aside / LOST})"
        if not known:
            text += f". Список удалённых испорчен: {info.deleted} из них могли вернуться"
        self._done.said.append(text)

    def _documents(self, info: SegmentInfo) -> Documents | None:
        try:
            documents = Documents(Sections(self._folder / info.files["documents"][0]))
            return documents if len(documents) == info.documents else None
        except (OSError, IndexerError):
            return None

    def _alive(self, info: SegmentInfo) -> Array | None:
        """Which documents are alive; None when that is not known."""
        if "deleted" not in info.files:
            return np.ones(info.documents, bool)
        path = self._folder / info.files["deleted"][0]
        with suppress(OSError, IndexerError):
            bits = Sections(path)["deleted"]
            if fingerprint(path) == info.fingerprint("deleted") and not [*deleted(bits, info)]:
                alive: Array = np.unpackbits(bits, count=info.documents, bitorder="little") == 0
                return alive
        return None

    def _put_aside(self, paths: list[Path], *, move: bool = False) -> None:
        """A copy of the files, or the files themselves, into a folder of their own."""
        if paths:
            self._aside.mkdir(mode=0o700, exist_ok=True)
        for path in paths:
            if move:
                path.replace(self._aside / path.name)
            else:
                shutil.copy2(path, self._aside / path.name)


def _rescued(documents: Documents, number: int) -> tuple[str, Document | None]:
    """The id of a document, empty when it cannot be read, and the document, when it is what was written."""
    name = ""
    try:
        name = str(documents.head(number)["id"])
        document, _ = document_of(documents, number)
        whole = documents.digest(number) in digests(document)
    except Exception:  # damaged bytes may be anything to what reads them
        return name, None
    return name, document if whole else None
