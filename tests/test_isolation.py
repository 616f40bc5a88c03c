"""Files read in processes: the same as here, and whatever happens to a process costs one file."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from command_runner import PATIENCE, environment

from indexer import Document, Index, IndexerError, Problem
from indexer.errors import SourceError
from indexer.sources import FORMATS, isolation, process, read, text, wire, worker
from indexer.sources.isolation import Parsers
from indexer.sources.source import Found, NotNow

FILES = Path(__file__).parent / "files"

# A process in which the endings below are formats that do what no format should.
BAD = """
import os, signal, sys, time
from indexer.model import Document, Problem
from indexer.sources import files, wire, worker

def crash(source):
    os.kill(os.getpid(), signal.SIGSEGV)

def leave(source):
    os._exit(3)

def killed(source):
    os.kill(os.getpid(), signal.SIGKILL)

def hang(source):
    while True:
        time.sleep(1)

def loop(source):
    while True:
        pass

def late(source):
    yield Document("первый", path=source.path + "!/1")
    yield Problem(source.path + "!/2", "не читается")
    os.kill(os.getpid(), signal.SIGSEGV)

def eat(source):
    eaten = [bytes(1 << 26) for _ in range(1 << 10)]

def babble(source):
    print("the library says: hello", flush=True)
    yield Document(source.read().decode(), path=source.path)

def lie(source):
    os.write(3, b"\\0\\0\\0\\4null" + b"\\xff" * 100)
    while True:
        time.sleep(1)

def leak(source):
    kept.append(bytearray(300 << 20))
    yield Document(str(os.getpid()), path=source.path)

def count(source):
    for number in range(int(source.read())):
        yield Document("море " * 1000 + str(number), path=f"{source.path}!/{number}")

kept = []
for reader in (crash, leave, killed, hang, loop, late, eat, babble, lie, leak, count):
    files.FORMATS["." + reader.__name__] = reader
worker.main()
"""


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the module above."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/bad_formats.py").write_text(BAD, "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "modules")
    # here these files are none of ours, or they would be read as text
    monkeypatch.setattr("indexer.sources.files.harmless", lambda path: path.suffix == ".txt")
    return "bad_formats"


def put(folder: Path, *names: str) -> list[Path]:
    """Files that have their own names for a text."""
    for name in names:
        (folder / name).write_text(name, "utf-8")
    return [folder / name for name in names]


def taken(found: Found) -> list[Document | Problem | str]:
    """What is found in a file, dates as strings, and the reason why there is no more."""
    all_: list[Document | Problem | str] = []
    try:
        for one in found:
            iso = isinstance(one, Document) and isinstance(one.date, dt.date)
            all_.append(replace(one, date=one.date.isoformat()) if iso else one)  # type: ignore[union-attr, call-arg, arg-type]
    except SourceError as error:
        all_.append(str(error))
    return all_


def all_of(parsers: Parsers, files: Iterable[Path]) -> dict[str, list[Document | Problem | str]]:
    """Name of a file → what is found in it, in order."""
    return {path.name: taken(found) for path, found in parsers.read((path, "auto") for path in files)}


def processes(parsers: Parsers) -> list[int]:
    """The ids of the processes that read."""
    return [each._program._process.pid for each in parsers._processes if each._program]


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_same_as_here_in_the_same_order(jobs: int, tmp_path: Path) -> None:
    """Real files of all formats, archives of them, and what is damaged, missing or a folder."""
    with zipfile.ZipFile(tmp_path / "все.zip", "w") as archive:
        for path in FILES.iterdir():
            archive.write(path, path.name)
    whole = (FILES / "povest-pandoc.docx").read_bytes()
    (tmp_path / "cut.docx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "чат.json").write_text('[{"text": "\\ud83d Да", "n": 1.5}, {"text": ["нет"]}, {"id": []}]')
    files = [*sorted(FILES.iterdir()), *sorted(tmp_path.iterdir()), tmp_path / "нет.pdf", tmp_path / "a\0b.pdf"] * 2
    with Parsers(jobs) as parsers:
        found = [(path, taken(inside)) for path, inside in parsers.read((path, "auto") for path in files)]
    assert found == [(path, taken(read(path))) for path in files]


def test_text_needs_no_process(tmp_path: Path) -> None:
    files = put(tmp_path, "a.txt", "b.md", "c.py", "d.csv", "e.srt", "f.jsonl", "g")
    with Parsers() as parsers:
        assert all_of(parsers, files) == {path.name: taken(read(path)) for path in files}
        assert not processes(parsers)


REASONS = {
    "a.crash": "чтение обрывается (SIGSEGV): файл повреждён или слишком сложен, откройте его",
    "a.leave": "чтение обрывается (код 3): файл повреждён",
    "a.killed": "чтение прервала система, скорее всего из-за нехватки памяти: освободите",
    "a.lie": "чтение обрывается (ответ непонятен): файл повреждён",
    "a.eat": "на чтение не хватило памяти: разделите файл на части",
}


@pytest.mark.parametrize("name", REASONS)
def test_a_process_that_is_lost_costs_one_file(name: str, bad: str, tmp_path: Path) -> None:
    """The files behind it, which the same process was to read, are read all the same."""
    if name == "a.eat" and sys.platform != "linux":
        pytest.skip("no limit of memory there")
    files = put(tmp_path, "1.babble", name, "2.babble", "3.txt", "4.babble")
    with Parsers(memory=1 << 30, module=bad) as parsers:
        found = all_of(parsers, files)
        assert [each for each in found if each != name] == ["1.babble", "2.babble", "3.txt", "4.babble"]
        assert all(isinstance(found[path.name][0], Document) for path in files if path.name != name)
        (reason,) = found[name]
        assert isinstance(reason, str) and reason.startswith(REASONS[name])
        assert all_of(parsers, files)["4.babble"] == found["4.babble"]  # it goes on and on


@pytest.mark.parametrize("name", ["a.hang", "a.loop"])
def test_a_file_that_keeps_silent_is_given_up(name: str, bad: str, tmp_path: Path) -> None:
    files = put(tmp_path, name, "1.babble")
    with Parsers(seconds=1.0, module=bad) as parsers:
        found = all_of(parsers, files)
    assert found[name] == [
        "не прочитан за 1 с: откройте его в той программе, где он сделан, и сохраните заново или разделите на части"
    ]
    assert isinstance(found["1.babble"][0], Document)


def test_what_was_read_before_the_crash_stays(bad: str, tmp_path: Path) -> None:
    (path,) = put(tmp_path, "a.late")
    with Parsers(module=bad) as parsers:
        first, second, reason = all_of(parsers, [path])["a.late"]
    assert first == Document("первый", path=f"{path}!/1") and second == Problem(f"{path}!/2", "не читается")
    assert isinstance(reason, str) and reason.startswith("чтение обрывается (SIGSEGV)")


def test_what_does_not_lie_in_the_file_is_told_from_what_does(bad: str, tmp_path: Path) -> None:
    """A file that was not to be had, or whose process the system killed, is tried again next time."""
    expected = {"a.crash": SourceError, "b.killed": NotNow, "c.leave": SourceError, "нет.babble": NotNow}
    put(tmp_path, "a.crash", "b.killed", "c.leave")
    with Parsers(module=bad) as parsers:
        for path, found in parsers.read((tmp_path / name, "auto") for name in expected):
            with pytest.raises(SourceError) as caught:
                list(found)
            assert type(caught.value) is expected[path.name]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is known there only")
def test_a_process_that_grows_is_replaced_in_time(bad: str, tmp_path: Path) -> None:
    """Ten times a third of what it may have, and none of the files pays for it."""
    files = put(tmp_path, *(f"{number}.leak" for number in range(10)))
    with Parsers(memory=1 << 30, module=bad) as parsers:
        found = all_of(parsers, files)
    ids = [one.text for (one,) in found.values() if isinstance(one, Document)]
    assert len(ids) == 10 and len(set(ids)) == 10


def test_it_reads_ahead_and_no_further_than_its_bound(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 10,000 letters of 5 KB somebody asks for a few: the rest waits in the process, not here."""
    monkeypatch.setattr(process, "_KEPT", 100_000)
    (path,) = put(tmp_path, "a.count")
    path.write_text("10000")
    with Parsers(module=bad) as parsers:
        ((_, found),) = [(path, [next(found) for _ in range(5)]) for path, found in parsers.read([(path, "auto")])]
        assert [one.path for one in found] == [f"{path}!/{number}" for number in range(5)]
    path.write_text("200")
    with Parsers(module=bad) as parsers:
        for _, found_ in parsers.read([(path, "auto")]):
            program = parsers._processes[0]._program
            assert program
            first = next(found_)
            until = time.monotonic() + PATIENCE
            while program._size < 100_000 and time.monotonic() < until:
                time.sleep(0.01)
            assert 100_000 <= program._size < 120_000
            assert len([first, *found_]) == 200


def test_what_nobody_takes_is_passed_over(bad: str, tmp_path: Path) -> None:
    """The next file is not answered with what is left of the one before."""
    files = put(tmp_path, "a.count", "b.babble", "c.crash", "d.babble")
    files[0].write_text("50")
    with Parsers(module=bad) as parsers:
        firsts = [
            next(found) if path.suffix != ".crash" else None
            for path, found in parsers.read((path, "auto") for path in files)
        ]
    assert [one and one.path for one in firsts] == [f"{files[0]}!/0", str(files[1]), None, str(files[3])]


def test_a_run_left_in_the_middle_leaves_nothing_behind(bad: str, tmp_path: Path) -> None:
    files = put(tmp_path, "a.babble", "b.babble", "c.hang")
    with Parsers(2, module=bad) as parsers:
        for _path, _found in parsers.read((path, "auto") for path in files):
            break
        assert all_of(parsers, files[:2]).keys() == {"a.babble", "b.babble"}
        begun = processes(parsers)
    assert begun and not any(Path(f"/proc/{id}").exists() for id in begun)


def test_a_process_that_cannot_start_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand files are not to blame for a broken installation."""
    (path,) = put(tmp_path, "a.pdf")
    with Parsers(module="no.such.module") as parsers, pytest.raises(IndexerError, match="не запускается"):
        all_of(parsers, [path])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with Parsers() as parsers, pytest.raises(IndexerError, match="не запускается"):
        all_of(parsers, [path])


def test_from_a_thread_while_others_read() -> None:
    """Each thread its own: what one closes is not the other's."""
    files = sorted(FILES.glob("*pandoc*"))
    expected = {path.name: taken(read(path)) for path in files}
    found: list[dict[str, list[Document | Problem | str]]] = []

    def go() -> None:
        with Parsers() as parsers:
            found.append(all_of(parsers, files))

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


def test_a_folder_one_of_whose_files_crashes(bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Problem by the name that the index has for it, and the rest is found."""
    folder = tmp_path / "docs"
    folder.mkdir()
    put(folder, "1.babble", "2.crash", "3.babble")
    monkeypatch.setattr(isolation, "Parsers", partial(Parsers, module=bad))
    for ending in (".babble", ".crash"):  # or the walk would pass them over
        monkeypatch.setitem(FORMATS, ending, text.plain)
    with Index.open(tmp_path / "index", create=True) as index:
        report = index.add_path(folder, jobs=2)
        assert report.added == 2
        (problem,) = report.failed
        assert problem.path == "docs/2.crash" and "обрывается (SIGSEGV)" in problem.reason
        assert {hit.path for hit in index.search("babble")} == {"docs/1.babble", "docs/3.babble"}


# A program that is about to read a file which hangs, says so, and is killed or interrupted.
PARENT = """
import sys
from pathlib import Path
from indexer.sources import files
from indexer.sources.isolation import Parsers

files.harmless = lambda path: False
with Parsers(module="bad_formats") as parsers:
    for path, found in parsers.read((Path(name), "auto") for name in sys.argv[1:]):
        for one in found:
            print(parsers._processes[0]._program._process.pid, flush=True)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks /proc whether a process is there")
@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_one_who_asked(sign: signal.Signals, tmp_path: Path) -> None:
    """However it ends, and whatever they are about."""
    files = put(tmp_path, "a.babble", "b.hang")
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(PYTHONPATH=os.pathsep.join([str(tmp_path / "modules"), str(FILES.parent.parent)])),
    ) as parent:
        assert parent.stdout
        child = Path("/proc") / parent.stdout.readline().decode().strip()
        assert child.exists()
        parent.send_signal(sign)
        parent.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2] and time.monotonic() < until:
        time.sleep(0.01)
    assert time.monotonic() < until


# What stands between them


@pytest.mark.parametrize(
    "said",
    [b"null", b"[]", b"5", b"{", b'["document"]', b'["document", 5]', b'["document", {"text": "x"}]', b'["x", 1]',
     b'["problem", 1]', b"[" * 100_000, b"\xff", b'["document", {"locations": [[1]], "text": ""}]'],
)  # fmt: skip
def test_any_answer_is_a_value_or_a_value_error(said: bytes) -> None:
    """Whoever has taken the process over may say what he likes."""
    with pytest.raises(ValueError):
        process._value(*wire.parse(said))


def test_a_message_is_whole_or_none(tmp_path: Path) -> None:
    path = tmp_path / "said"
    with path.open("wb") as stream:
        wire.send(stream, "order", "\udcff имя", 1.5)
    data = path.read_bytes()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        with path.open("rb") as stream:
            assert wire.receive(stream) is None
    path.write_bytes(data + b"\xff\xff\xff\xff")
    with path.open("rb") as stream:
        assert wire.parse(wire.receive(stream) or b"") == ("order", ["\udcff имя", 1.5])
        assert wire.receive(stream) is None  # 4 GB are not waited for


def test_what_processes_say_has_names() -> None:
    assert len({worker.READY, worker.DOCUMENT, worker.PROBLEM, worker.END}) == 4
