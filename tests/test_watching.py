"""A folder that is followed: what is written, renamed or removed in it is in the index soon after, and nothing else."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event, Thread

import pytest

from indexer import Index
from indexer.errors import SourceError
from indexer.model import AddReport
from indexer.watching import watch
from tests.command_runner import environment, run

pytest.importorskip("watchfiles", reason="нужна библиотека watchfiles")

PATIENCE = 30.0  # seconds until what was to happen has happened, on a machine that is busy with something else


@contextmanager
def following(index: Index, *folders: Path) -> Iterator[list[AddReport]]:
    reports: list[AddReport] = []
    stop = Event()
    thread = Thread(target=watch, args=(index, folders), kwargs={"on_report": reports.append, "stop": stop})
    thread.start()
    try:
        until(lambda: len(reports) >= len(folders))  # the first look
        yield reports
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(happened: Callable[[], bool]) -> None:
    last = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < last, "it has not happened"
        time.sleep(0.02)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """In the very folder that is followed, as `index_data` is."""
    return Index.open(tmp_path / "docs/index_data", create=True)


def ids(index: Index) -> set[str]:
    return {one.id or "" for one in index.export()}


def test_a_folder_is_followed(index: Index, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "a.txt").write_text("Паром вышел в полдень.", "utf-8")
    with following(index, docs):
        assert ids(index) == {"a.txt"}
        (docs / "b.txt").write_text("Маяк погас.", "utf-8")
        until(lambda: ids(index) == {"a.txt", "b.txt"})
        (docs / "a.txt").write_text("Паром вернулся.", "utf-8")
        until(lambda: index.get("a.txt").text == "Паром вернулся.")
        (docs / "b.txt").rename(docs / "c.txt")
        until(lambda: ids(index) == {"a.txt", "c.txt"})
        (docs / "a.txt").unlink()
        until(lambda: ids(index) == {"c.txt"})
    (docs / "d.txt").write_text("Ветер стих.", "utf-8")
    assert ids(index) == {"c.txt"}, "it is over"


def test_folders_come_and_go(index: Index, tmp_path: Path) -> None:
    docs, made = tmp_path / "docs", tmp_path / "готовое"
    for name in ("1.txt", "deep/2.txt", ".hidden/3.txt"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("Паром.", "utf-8")
    with following(index, docs):
        made.rename(docs / "new")
        until(lambda: ids(index) == {"new/1.txt", "new/deep/2.txt"})
        (docs / "new/.gitignore").write_text("1.*\n", "utf-8")
        (docs / "new/1.txt").unlink()
        until(lambda: ids(index) == {"new/deep/2.txt"})
        shutil.rmtree(docs / "new")
        until(lambda: ids(index) == set())


def test_what_an_index_writes_is_no_change(index: Index, tmp_path: Path) -> None:
    """Otherwise every commit would be followed by another one, for ever."""
    docs = tmp_path / "docs"
    with following(index, docs) as reports:
        (docs / "a.txt").write_text("Паром.", "utf-8")
        until(lambda: sum(report.added for report in reports) == 1)
        time.sleep(1.5)  # the file may have been met half written, and once more when it was whole
        count = len(reports)
        time.sleep(1.5)
        assert len(reports) == count


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C there is no signal to one process")
def test_the_command(tmp_path: Path) -> None:
    """A line for every batch of changes, until Ctrl-C; the index is whole then."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("Паром вышел в полдень.", "utf-8")
    following = Popen(
        ["indexer", "watch", "docs"],
        cwd=tmp_path,
        stdout=PIPE,
        stderr=PIPE,
        env=environment(),
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # in a background job it is ignored
    )
    assert following.stdout and following.stderr
    try:
        assert following.stdout.readline().decode()[9:].startswith("1 новый, 0 изменено")
        assert following.stderr.readline().decode() == "Слежу: docs. Ctrl-C — закончить\n"
        (tmp_path / "docs/a.txt").rename(tmp_path / "docs/b.txt")
        assert following.stdout.readline().decode()[9:].startswith("0 новых, 1 изменён")
        following.send_signal(signal.SIGINT)
        _, said = following.communicate(timeout=PATIENCE)
    finally:
        following.kill()
    assert (following.returncode, said.decode()) == (130, "Прервано\n")
    assert run(tmp_path, "indexer", "check").code == 0
    assert run(tmp_path, "search", "-l", "паромы").stdout == "docs/b.txt\n"


def test_only_folders_are_followed(index: Index, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Паром.", "utf-8")
    with pytest.raises(SourceError, match="Следить можно только за папкой"):
        watch(index, [tmp_path / "a.txt"], on_report=print)
