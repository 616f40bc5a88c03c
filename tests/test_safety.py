"""Nothing is lost: storage that fails at any moment, processes that are killed, files that are broken, many at once.

The constants below make the loops longer; raised, they are the run that a release deserves.
"""

from __future__ import annotations

import ast
import json
import os
import random
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import (
    Document,
    Index,
    IndexDamaged,
    IndexerError,
    IndexNotFound,
    IndexVersionError,
    Problem,
)
from indexer.analysis import columns, words
from indexer.segment import files, relemmatise, repair, store, toc
from indexer.segment.check import check

# INDEXER_THOROUGH=1: every failing point, a hundred rounds of kill -9, every byte sampled more often.
THOROUGH = bool(os.environ.get("INDEXER_THOROUGH"))
STEP = 1 if THOROUGH else 41  # of the writes that are made to fail; syncs and renames all are
ROUNDS = 100 if THOROUGH else 8
FLIPS = 20 if THOROUGH else 1  # bytes of each section
SUBJECTS = "завод мост река порт рыбак капитан договор гарантия уступка трос канат лебёдка".split()


def document(number: int, version: int = 0) -> Document:
    """A short document of its own; another version has other words."""
    chosen = random.Random(number * 1000 + version).choices(SUBJECTS, k=12)
    text = f"Заметка{number} версия{version}. {' '.join(chosen)}. Рыбаки-якуты приехали 12.03.2021 к мосту."
    title = f"Новость {chosen[0]}" if number % 3 == 0 else ""
    return Document(text, id=f"д{number}", title=title, path=f"news/{number}.txt", fields={"тема": chosen[1]})


def answers(index: Index) -> dict[str, list[tuple[str, float]]]:
    """What the index says to some queries, scores rounded, and the texts that it keeps."""
    queries = ["завод мост", "рыбаков", '"12.03.2021"', "заметка*", "река | порт", "заголовок:новость"]
    found = {query: [(hit.id, round(hit.score, 9)) for hit in index.search(query, limit=None)] for query in queries}
    found["*"] = sorted((name, hash(index.get(name).text)) for name in (f"д{n}" for n in range(60)) if name in index)
    return found


def answers_of(folder: Path) -> dict[str, list[tuple[str, float]]]:
    """The same of the index in a folder, opened anew; it is whole."""
    report = check(folder)
    assert report.ok, report.problems
    with Index.open(folder) as index:
        return answers(index)


def expected(documents: dict[str, Document], folder: Path) -> dict[str, list[tuple[str, float]]]:
    """What an index made at once of some documents says."""
    with Index.open(folder, create=True) as index:
        index.add_many(documents.values())
        return answers(index)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of forty documents in three segments, some deleted."""
    folder = tmp_path_factory.mktemp("made") / "index"
    with Index.open(folder, create=True) as index:
        index.add_many(document(number) for number in range(25))
        index.add_many(document(number) for number in range(20, 40))
        index.add(document(40))
        index.delete("д3", "д33")
    assert len(toc.read(folder).segments) == 3
    return folder


# Storage that fails


class Failing:
    """Storage that fails at its n-th write, sync or rename; from then on always, if it is `broken` for good."""

    def __init__(self, at: int, *, broken: bool = False) -> None:
        self._at, self._broken = at, broken
        self.calls: list[str] = []

    def _call(self, kind: str) -> None:
        self.calls.append(kind)
        if len(self.calls) == self._at or (self._broken and len(self.calls) > self._at):
            raise OSError(28, "No space left on device")

    @contextmanager
    def installed(self) -> Iterator[None]:
        """In place of the calls that `files` makes."""
        write, sync, sync_folder, rename = files.write, files.sync, files.sync_folder, os.replace

        def half(handle: Any, data: Any) -> None:
            try:
                self._call("write")
            except OSError:
                write(handle, bytes(data)[: len(data) // 2])
                raise
            write(handle, data)

        def calls(kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
            def called(*arguments: Any) -> Any:
                self._call(kind)
                return call(*arguments)

            return called

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "write", half)
            patch.setattr(files, "sync", calls("sync", sync))
            for module in (files, store):
                patch.setattr(module, "sync_folder", calls("sync", sync_folder))
            patch.setattr(os, "replace", calls("rename", rename))
            yield


def commit(index: Index) -> None:
    """Additions and replacements, in one commit."""
    index.add_many([document(2, 1), document(22, 1), document(39, 1), *(document(number) for number in range(41, 46))])


def tidy(index: Index) -> None:
    """Deletions in every segment."""
    index.delete("д1", "д21", "д40")


def merge(index: Index) -> None:
    """A deletion that makes a segment go, and one that makes a segment be written anew."""
    index.delete(*(f"д{number}" for number in range(15)))


OPERATIONS: dict[str, Callable[[Index], Any]] = {
    "commit": commit,
    "tidy": tidy,
    "merge": merge,
    "compact": Index.compact,
    "relemmatise": Index.relemmatise,
}


def points(made: Path, folder: Path, operation: Callable[[Index], Any]) -> list[int]:
    """Which calls are to fail: every sync and rename, and of the writes every one that comes up."""
    shutil.copytree(made, folder)
    counting = Failing(0)
    with counting.installed(), Index.open(folder) as index:
        operation(index)
    shutil.rmtree(folder)
    return [at for at, kind in enumerate(counting.calls, start=1) if kind != "write" or at % STEP == 1 or STEP == 1]


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_storage_that_fails(made: Path, tmp_path: Path, name: str, broken: bool) -> None:
    """Whatever fails, the index is as before or as after, and the next commit works and clears up."""
    operation = OPERATIONS[name]
    before = answers_of(made)
    shutil.copytree(made, tmp_path / "after")
    with Index.open(tmp_path / "after") as index:
        operation(index)
    after = answers_of(tmp_path / "after")
    tried = points(made, tmp_path / "index", operation)
    for at in tried:
        folder = tmp_path / f"index{at}"
        shutil.copytree(made, folder)
        failing = Failing(at, broken=broken)
        with Index.open(folder) as index:
            with failing.installed(), pytest.raises(IndexerError, match="No space left"):
                operation(index)
            assert answers(index) in (before, after)
        assert answers_of(folder) in (before, after), (at, failing.calls[at - 1])
        with Index.open(folder) as index:
            operation(index)
            index.add(document(50))
            index.delete("д50")
            assert answers(index)["*"] == after["*"]
        assert check(folder).ok
        assert not store.leftovers(folder, toc.read(folder).files())
        shutil.rmtree(folder)
    print(f"{name}: {len(tried)} points")


def put(folder: Path, **files: int) -> None:
    """Files of some documents' texts, of an age that can be relied on."""
    folder.mkdir(exist_ok=True)
    for name, number in files.items():
        path = folder / f"{name}.txt"
        path.write_text(document(number).text, "utf-8")
        os.utime(path, (1_600_000_000 + number, 1_600_000_000 + number))


def state(index: Index) -> dict[str, str]:
    return {one.id or "": one.text for one in index.export()}


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
def test_storage_that_fails_while_a_folder_is_read(tmp_path: Path, broken: bool) -> None:
    """What is known of files never runs ahead of the documents: the next run brings all that is missing."""
    docs = tmp_path / "docs"
    put(docs, kept=1, changed=2, renamed=3, gone=4)
    with Index.open(tmp_path / "made/index", create=True) as index:
        index.add_path(docs)
        before = state(index)
    put(docs, changed=5, new=6)
    (docs / "renamed.txt").rename(docs / "name.txt")
    (docs / "gone.txt").unlink()

    def again(index: Index) -> None:
        index.add_path(docs, prune=True)

    tried = points(tmp_path / "made/index", tmp_path / "once/index", again)
    names = {"kept": 1, "changed": 5, "name": 3, "new": 6}
    after = {str(docs / f"{name}.txt"): document(number).text for name, number in names.items()}
    for at in tried:
        folder = tmp_path / f"made{at}/index"
        shutil.copytree(tmp_path / "made/index", folder)
        with Index.open(folder) as index:
            with Failing(at, broken=broken).installed(), pytest.raises(IndexerError, match="No space left"):
                again(index)
            assert state(index) in (before, after)
        with Index.open(folder) as index:
            assert state(index) in (before, after)
            again(index)
            assert state(index) == after
            index.add(document(50))  # the next commit clears up
        assert check(folder).ok
        assert not store.leftovers(folder, toc.read(folder).files())
        shutil.rmtree(folder)


def test_storage_that_fails_while_an_index_is_made(tmp_path: Path) -> None:
    """There is no index, or an empty one; the next attempt makes it."""
    for at in range(1, 5):
        folder = tmp_path / f"index{at}"
        with Failing(at).installed(), pytest.raises(IndexerError, match="No space left"):
            Index.open(folder, create=True)
        with Index.open(folder, create=True) as index:
            index.add(document(1))
            assert len(index) == 1


# kill -9

CHILD = """
import random, sys
sys.path.insert(0, sys.argv[3])
from indexer import Index
from test_safety import document

chance = random.Random(int(sys.argv[2]))
with Index.open(sys.argv[1], timeout=30) as index:
    while True:
        kind = chance.choice(["add", "add", "add", "add", "delete", "compact"])
        if kind == "add":
            changes = {number: chance.randrange(1000) for number in chance.sample(range(60), chance.randint(1, 6))}
        else:
            changes = dict.fromkeys(chance.sample(range(60), chance.randint(1, 3)), -1) if kind == "delete" else {}
        print("begin", changes, flush=True)
        if kind == "add":
            index.add_many(document(number, version) for number, version in changes.items())
        elif kind == "delete":
            index.delete(*(f"д{number}" for number in changes))
        else:
            index.compact()
        print("done", flush=True)
"""


def killed(folder: Path, seed: int) -> list[tuple[dict[int, int], bool]]:
    """Let a process change the index until it is killed at some moment: its changes, and which it saw done."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(seed), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "OPENBLAS_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout
        first = process.stdout.readline()  # by now it has loaded everything
        time.sleep(random.Random(seed).uniform(0.0, 0.6))
        process.kill()
        lines = [first, *process.stdout]
    changes = [
        ast.literal_eval(line.removeprefix("begin ")) for line in lines if line.startswith("begin") and line[-1] == "\n"
    ]
    done = sum(line == "done\n" for line in lines)
    return [(change, number < done) for number, change in enumerate(changes)]


def changed(state: dict[int, int], change: dict[int, int]) -> dict[int, int]:
    """Document → version, after a change; version -1 is a deletion."""
    return {number: version for number, version in {**state, **change}.items() if version >= 0}


def test_kill_9(tmp_path: Path) -> None:
    """What was acknowledged is there, what was not is there wholly or not at all, and the index is whole."""
    folder = tmp_path / "index"
    Index.open(folder, create=True).close()
    state: dict[int, int] = {}
    acknowledged = 0
    for seed in range(ROUNDS):
        changes = killed(folder, seed)
        for change, done in changes:
            if done:
                state = changed(state, change)
                acknowledged += 1
        possible = [state, *(changed(state, change) for change, done in changes if not done)]
        report = check(folder)
        assert report.ok, report.problems
        with Index.open(folder, timeout=1) as index:
            texts = {number: index.get(f"д{number}").text for number in range(60) if f"д{number}" in index}
            states = [{number: document(number, version).text for number, version in each.items()} for each in possible]
            assert texts in states
            state = possible[states.index(texts)]
            found = {hit.id for hit in index.search("мост", limit=None)}
            assert found == {f"д{number}" for number in state}
    with Index.open(folder) as index:
        index.add(document(0, 5))
        kept = {f"д{number}": document(number, version) for number, version in (state | {0: 5}).items()}
        assert answers(index) == expected(kept, tmp_path / "fresh")
    assert not store.leftovers(folder, toc.read(folder).files())
    assert acknowledged > ROUNDS


WORKERS = """
import itertools, sys
from indexer import Index, Document

def documents():
    for number in itertools.count():
        if number == 3000:
            print("begun", flush=True)
        yield Document(f"слово{number} лодка " * 50, id=str(number))

with Index.open(sys.argv[1]) as index:
    index.add_many(documents(), jobs=2)
"""


def test_kill_9_of_a_run_with_workers(made: Path, tmp_path: Path) -> None:
    """The workers end too, so that the lock is free; nothing of the run is left after the next commit."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    before = answers_of(folder)
    with subprocess.Popen(
        [sys.executable, "-c", WORKERS, str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    ) as process:
        assert process.stdout and process.stdout.readline() == b"begun\n"
        process.kill()
    assert answers_of(folder) == before
    with Index.open(folder, timeout=20) as index:
        index.add(document(50))
        assert len(index) == 40
    assert check(folder).ok and not store.leftovers(folder, toc.read(folder).files())


# Readers while others write

WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from indexer import Index
from test_safety import document

with Index.open(sys.argv[1]) as index:
    for line in sys.stdin:
        if line.startswith("compact"):
            index.compact()
        else:
            index.add_many(document(number, 7) for number in range(int(line)))
        print("done", flush=True)
"""


def test_a_reader_goes_on_while_another_process_writes(made: Path, tmp_path: Path) -> None:
    """It answers from its commit while files are replaced and removed beneath it, and then sees the new one."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    with (
        Index.open(folder) as index,
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        ) as writer,
    ):
        assert writer.stdin and writer.stdout
        before, reader = answers(index), index._current()
        for command in ("30", "compact", "50"):
            writer.stdin.write(f"{command}\n")
            writer.stdin.flush()
            while not select.select([writer.stdout], [], [], 0)[0]:
                assert answers(index)
                assert [reader.text(number) for number in reader.live.tolist()]
            assert writer.stdout.readline() == "done\n"
        # the files of its commit are gone, and it has them all the same
        assert not (folder / "s1.documents").exists()
        assert [reader.text(number) for number in reader.live.tolist()]
        after = answers(index)
        assert after != before and len(after["*"]) == 50
        writer.stdin.close()
    assert answers_of(folder) == after


def test_threads_search_while_one_writes(made: Path, tmp_path: Path) -> None:
    """Each answer is that of one commit: a document has the same version in the query and in its text."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    failures: list[BaseException] = []
    stop = threading.Event()

    def search(index: Index) -> None:
        try:
            while not stop.is_set():
                found = {hit.id: hit.snippets[0].text for hit in index.search("версия*", limit=None)}
                assert len(found) in (39, 41) and len({text.split()[1] for text in found.values()}) <= 2
        except BaseException as error:
            failures.append(error)

    with Index.open(folder) as index:
        threads = [threading.Thread(target=search, args=(index,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for version in range(1, 6):
            index.add_many(document(number, version) for number in range(40))
        index.compact()
        stop.set()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(index) == 41
    assert check(folder).ok


def test_a_search_does_not_wait_for_a_writer_of_its_own_process(made: Path, tmp_path: Path) -> None:
    """A thread that adds for an hour leaves the others their searches."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    with Index.open(folder) as index:

        def slowly() -> Iterator[Document]:
            yield document(50)
            found: list[int] = []
            thread = threading.Thread(target=lambda: found.append(index.search("мост").total))
            thread.start()
            thread.join(10)
            assert found == [39]

        index.add_many(slowly())
        assert len(index) == 40


# Broken files


def queries_survive(folder: Path) -> None:
    """Opening and searching answer, or say that the index is damaged; nothing else happens."""
    try:
        with Index.open(folder) as index:
            answers(index)
    except (IndexDamaged, IndexVersionError):
        pass
    except IndexerError as error:
        assert "памяти" in str(error)


def sections(path: Path) -> dict[str, tuple[int, int]]:
    """Where the sections of a file lie."""
    data = path.read_bytes()
    length = int.from_bytes(data[-16:-8], "little")
    found = {name: (at, size) for name, (at, size, _) in json.loads(data[-16 - length : -16]).items() if size}
    return {**found, "directory": (len(data) - 16 - length, length), "tail": (len(data) - 16, 16)}


@pytest.mark.parametrize("kind", ["documents", "postings", "lexicon", "deleted"])
def test_a_byte_flipped(made: Path, tmp_path: Path, kind: str) -> None:
    """In any section: `check` names the file, nothing raises anything else than IndexDamaged."""
    chance = random.Random(kind)
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    name = toc.read(folder).segments[0].files[kind][0]
    path = folder / name
    whole = path.read_bytes()
    for at, size in sections(path).values():
        for place in chance.sample(range(at, at + size), min(FLIPS, size)):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged)
            report = check(folder)
            assert not report.ok and {problem.path for problem in report.problems} <= {name, toc.NAME} | {
                file for file, _, _ in toc.read(folder).segments[0].files.values()
            }
            assert Problem(name, "контрольная сумма не сходится: содержимое изменилось") in report.problems
            queries_survive(folder)


def test_a_column_longer_than_the_others(made: Path, tmp_path: Path) -> None:
    """A flipped bit may say so in the directory of a file; `check` survives it too."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    name = toc.read(folder).segments[0].files["documents"][0]
    whole = (folder / name).read_bytes()
    at, size = sections(folder / name)["words"]
    (folder / name).write_bytes(
        whole.replace(f'"words": [{at}, {size},'.encode(), f'"words": [{at}, {size + 40},'.encode())
    )
    report = check(folder)
    assert Problem(name, "контрольная сумма не сходится: содержимое изменилось") in report.problems
    queries_survive(folder)


@pytest.mark.parametrize("kind", ["documents", "postings", "lexicon", "deleted"])
@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "zeros", "folder"])
def test_a_file_broken(made: Path, tmp_path: Path, kind: str, damage: str) -> None:
    """Cut short, gone, or something else: IndexDamaged on opening, and `check` names it."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    path = folder / toc.read(folder).segments[0].files[kind][0]
    whole = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "zeros": bytes(len(whole))}[damage])
    with pytest.raises(IndexDamaged, match="indexer check"), Index.open(folder) as index:
        index.search("мост")
    with pytest.raises(IndexDamaged, match="indexer check"), Index.open(folder) as index:
        index.add(document(1))
    report = check(folder)
    assert not report.ok and path.name in {problem.path for problem in report.problems}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\0" * 100,
        b"[" * 100_000,
        b'{"format": 2}',
        b'{"format": 2, "checksum": 0}',
        b"\xff",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_table_of_contents_of_garbage(made: Path, tmp_path: Path, content: bytes) -> None:
    """IndexDamaged, named by `check`, and restored by `repair` from its copy."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    (folder / toc.NAME).write_bytes(content)
    with pytest.raises(IndexDamaged, match="indexer check --repair"):
        Index.open(folder)
    assert [problem.path for problem in check(folder).problems] == [toc.NAME]
    done = repair.repair(folder, 1.0)
    assert (done.lost, len(done.said)) == (0, 2)
    assert answers_of(folder) == answers_of(made)


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The table of contents changed, with a checksum that is right."""
    body = json.loads((folder / toc.NAME).read_text(encoding="utf-8"))
    del body["checksum"]
    change(body)
    body["checksum"] = toc._checksum(body)
    (folder / toc.NAME).write_text(json.dumps(body), encoding="utf-8")


def file_name(name: str) -> Callable[[dict[str, Any]], None]:
    """A change of the name of the first segment's documents."""

    def change(body: dict[str, Any]) -> None:
        body["segments"][0]["files"]["documents"][0] = name

    return change


def segment_name(name: str) -> Callable[[dict[str, Any]], None]:
    """A change of the name of the first segment."""

    def change(body: dict[str, Any]) -> None:
        body["segments"][0]["name"] = name

    return change


@pytest.mark.parametrize(
    "change",
    [
        *(
            file_name(name)
            for name in ("../s1.documents", "/etc/passwd", "C:s1.documents", "..", "", "a\\b", ".bashrc")
        ),
        *(
            file_name(name)
            for name in ("indexer.json", "s1.postings", "s99.documents", "s2.documents", "s1.documents\n")
        ),
        *(segment_name(name) for name in ("../s1", "/tmp/s1", "s2", "s01", "")),
        lambda body: body.update(segments=body["segments"] * 2),
        lambda body: body.update(counter=0),
        lambda body: body.update(generation=0),
        lambda body: body.update(analysis=[]),
        lambda body: body["segments"][0].update(deleted=-1),
        lambda body: body["segments"][0]["files"].pop("lexicon"),
    ],
)
def test_a_table_of_contents_that_lies(made: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Names that lead out of the folder, or to files that are to be written, are refused; so is what cannot be."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    rewritten(folder, change)
    with pytest.raises(IndexDamaged):
        Index.open(folder)
    assert not check(folder).ok


def test_numbers_of_a_table_of_contents_that_lie(made: Path, tmp_path: Path) -> None:
    """A number of documents or tokens that is not that of the files."""
    for key in ("documents", "tokens", "deleted"):
        folder = tmp_path / key
        shutil.copytree(made, folder)
        rewritten(folder, lambda body, key=key: body["segments"][0].update({key: body["segments"][0][key] + 1}))
        assert not check(folder).ok
        queries_survive(folder)


def test_a_table_of_contents_that_is_gone(made: Path, tmp_path: Path) -> None:
    """Adding to the folder must not begin a new index, whose first commit would remove the old one's files."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    (folder / toc.NAME).unlink()
    with pytest.raises(IndexNotFound):
        Index.open(folder)
    with pytest.raises(IndexDamaged, match="--repair"):
        Index.open(folder, create=True)
    assert [problem.path for problem in check(folder).problems] == [toc.NAME]
    repair.repair(folder, 1.0)
    assert answers_of(folder) == answers_of(made)


def test_files_of_others_are_left_alone(made: Path, tmp_path: Path) -> None:
    """A commit removes what is left of others of its kind, and nothing that is called otherwise."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    others = ["notes.documents", "мои.new", "s1.documents.txt", "README.md", "sample.lexicon", "s0.postings"]
    for name in [*others, "s77.documents", "s1-9.deleted", "indexer.json.new"]:
        (folder / name).write_bytes(b"")
    with Index.open(folder) as index:
        index.add(document(50))
    assert {*others} <= {path.name for path in folder.iterdir()}
    assert not store.leftovers(folder, toc.read(folder).files())


def test_no_pickle_is_read() -> None:
    """An index that someone sends you must not be able to run code."""
    for path in (Path(files.__file__).parent).glob("*.py"):
        names = {
            alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        parts = {part for name in names for part in name.split(".")}
        assert not parts & {"pickle", "cPickle", "dill", "shelve", "marshal"}, path.name
        assert "allow_pickle" not in path.read_text(encoding="utf-8")


# Repair


def test_repair_saves_what_is_readable(made: Path, tmp_path: Path) -> None:
    """Broken postings cost nothing: the documents are written anew, deleted ones stay deleted."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    for info in toc.read(folder).segments[:2]:
        path = folder / info.files["postings"][0]
        path.write_bytes(path.read_bytes()[:-1])
    done = repair.repair(folder, 1.0)
    assert done.lost == 0 and "Сохранено документов" in done.said[0]
    assert answers_of(folder)["*"] == answers_of(made)["*"]
    assert [*folder.glob("damaged-*/s1.postings")]


def test_repair_names_what_is_lost(made: Path, tmp_path: Path) -> None:
    """A chunk of texts that cannot be read: the number is said, the ids are listed, the rest is there."""
    folder = tmp_path / "index"
    shutil.copytree(made, folder)
    path = folder / toc.read(folder).segments[1].files["documents"][0]
    at, _ = sections(path)["text.chunks"]
    damaged = bytearray(path.read_bytes())
    damaged[at + 20] ^= 0xFF
    path.write_bytes(damaged)
    (folder / "s88.documents").write_bytes(b"left over")
    before = {name for name, _ in answers_of(made)["*"]}
    done = repair.repair(folder, 1.0)
    assert done.lost > 0 and f"нужно добавить ещё раз: {done.lost}" in done.said[0]
    lost = {*next(folder.glob("damaged-*/lost.txt")).read_text(encoding="utf-8").split()}
    assert len(lost) == done.lost
    assert {name for name, _ in answers_of(folder)["*"]} == before - lost
    assert next(folder.glob("damaged-*/s88.documents")).read_bytes() == b"left over"
    assert repair.repair(folder, 1.0).said == [], "there is nothing to do any more"


# Another dictionary


def test_relemmatise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of an older dictionary says so, and afterwards is as if it had been built with today's."""
    with monkeypatch.context() as older:
        older.setattr(words, "version", lambda language: f"0: {language}, старый словарь")
        older.setattr(
            "indexer.segment.entries.lemmas_of",
            lambda forms, _languages: columns.certain(np.arange(len(forms)), forms),
        )
        with Index.open(tmp_path / "index", create=True) as index:
            index.add_many(document(number) for number in range(25))
            assert index.search("приехать").total == 0
    with pytest.raises(IndexVersionError, match="indexer relemmatise"):
        Index.open(tmp_path / "index")
    assert "relemmatise" in check(tmp_path / "index").problems[0].reason
    with Index.open(tmp_path / "index", outdated=True) as index:
        with pytest.raises(IndexVersionError), Index.open(tmp_path / "index") as other:
            other.add(document(1))
        index.relemmatise()
        with Index.open(tmp_path / "fresh", create=True) as fresh:
            fresh.add_many(document(number) for number in range(25))
            assert answers(index) == answers(fresh)
            assert index.search("приехать").total == 25
    assert answers_of(tmp_path / "index")
    contents = toc.read(tmp_path / "index")
    assert contents.analysis == toc.read(tmp_path / "fresh").analysis
    name = contents.segments[0].files["lexicon"][0]
    assert (tmp_path / "index" / name).read_bytes() == (tmp_path / "fresh" / "s1-0.lexicon").read_bytes()
    assert not store.leftovers(tmp_path / "index", contents.files())


def test_relemmatise_by_ranges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several passes over the forms give the lists that one gives."""
    folder = tmp_path / "index"
    with Index.open(folder, create=True) as index:
        index.add_many(
            Document(" ".join(f"слово{n} лемма{n * 7} гарантии" for n in range(900)), id=str(i)) for i in range(3)
        )
        before = index.search("леммой* гарантиями слово77", limit=None)
        monkeypatch.setattr(relemmatise, "AT_ONCE", 700)
        monkeypatch.setattr(relemmatise, "_TERMS", 512)
        index.relemmatise()
        after = index.search("леммой* гарантиями слово77", limit=None)
    assert [(hit.id, hit.score) for hit in before] == [(hit.id, hit.score) for hit in after]
    assert check(folder).ok


def test_other_rules_cannot_be_mended(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When texts become other forms, documents must be added again, and that is said."""
    monkeypatch.setattr(words, "RULES", words.RULES + 1)
    for outdated in (False, True):
        with pytest.raises(IndexVersionError, match=r"Удалите папку .* и запустите indexer add"):
            Index.open(made, outdated=outdated)
    assert "правилам" in check(made).problems[0].reason
    Index.open(tmp_path / "empty", create=True)
    monkeypatch.setattr(words, "RULES", words.RULES + 1)
    with Index.open(tmp_path / "empty") as index:
        index.add(document(1))  # nothing was read by the other rules
