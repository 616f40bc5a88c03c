"""What `indexer add` says while it runs: a bar on a terminal, a line a file with -v, nothing in a pipe; Ctrl-C."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command_runner import PATIENCE, Screen, environment, run

from indexer.cli.progress import Bar

# A format whose files take time: the bar is there after half a second.
SLOW = """
import sys, time
from indexer.cli.indexer import main
from indexer.sources import files

read = files.FORMATS[".txt"]

def slowly(source):
    time.sleep(float(sys.argv[1]))
    yield from read(source)

files.FORMATS[".txt"] = slowly
files._HARMLESS |= {slowly}
sys.exit(main(sys.argv[2:]))
"""


def put(folder: Path, **files: str) -> None:
    """Texts, in `docs`."""
    (folder / "docs").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "docs" / name.replace("_", ".")).write_text(text, "utf-8")


def slow(folder: Path, seconds: float, *arguments: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """`indexer` where every text takes so many seconds."""
    return subprocess.Popen(
        ["python", "-c", SLOW, str(seconds), *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


# The line


class Drawn:
    """A bar whose time stands still unless told."""

    def __init__(self, columns: int, encoding: str = "utf-8") -> None:
        self.now = 1000.0
        self._bytes = io.BytesIO()
        stream = io.TextIOWrapper(self._bytes, encoding, newline="")
        self.bar = Bar(stream, lambda: columns, lambda: self.now)

    def after(self, seconds: float, done: int, total: int | None) -> list[str]:
        """What is shown when so many seconds later so much is done."""
        self.now += seconds
        self._bytes.seek(0)
        self._bytes.truncate()
        self.bar(done, total)
        shown = self._bytes.getvalue().decode(self.bar._stream.encoding).replace("\u00a0", " ")
        return [line.rstrip() for line in shown.split("\r")[1:]]


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (100, "Файлы: 5 000 из 100 000 ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░, 500 файлов/с, осталось 3:10"),
        (64, "Файлы: 5 000 из 100 000 ░░░░░░░░░░, 500 файлов/с, осталось 3:10"),
        (63, "Файлы: 5 000 из 100 000, 500 файлов/с, осталось 3:10"),
        (50, "Файлы: 5 000 из 100 000 ░░░░░░░░░░, осталось 3:10"),
        (45, "Файлы: 5 000 из 100 000, осталось 3:10"),
        (30, "Файлы: 5 000 из 100 000"),
        (12, "Файлы: 5 00"),
    ],
)
def test_a_line_fits_its_terminal(columns: int, line: str) -> None:
    """One line, whatever the width; what matters least goes first."""
    drawn = Drawn(columns)
    assert drawn.after(10, 5_000, 100_000) == [line] and len(line) < columns


def test_how_full_it_is() -> None:
    drawn = Drawn(100)
    for done, full in ((0, 0), (50, 20), (100, 40)):
        (shown,) = drawn.after(10, done, 100)
        assert shown.count("█") == full


def test_a_total_that_is_not_known() -> None:
    assert Drawn(100).after(2, 12_345, None) == ["Документы: 12 345, 6 172 документов/с"]


def test_a_mailbox_is_one_file() -> None:
    """Nothing would move for an hour."""
    drawn = Drawn(60)
    drawn.after(0, 0, 2)
    for _ in range(1500):
        drawn.bar.document()
    assert drawn.after(2, 0, 2) == ["Файлы: 0 из 2 ░░░░░░░░░░░░░░░░░░░░░░░░░░░, документов 1 500"]
    drawn.now += 1
    drawn.bar.document()
    assert drawn.after(0, 0, 2) == []  # it has just been drawn
    assert drawn.after(1, 1, 2)[0].endswith("0,2 файлов/с, осталось 0:04")


def test_a_slow_run_and_a_long_one() -> None:
    (shown,) = Drawn(60).after(100, 20, 5000)
    assert shown.endswith("0,2 файлов/с, осталось 6:55:00")


def test_ten_times_a_second_and_not_at_once() -> None:
    """What ends within half a second draws nothing."""
    drawn = Drawn(40)
    assert drawn.after(0.4, 1, 9) == []
    assert len(drawn.after(0.2, 2, 9)) == 1
    assert drawn.after(0.05, 3, 9) == []
    assert len(drawn.after(0.06, 4, 9)) == 1


def test_the_rate_is_that_of_late() -> None:
    """A thousand files that had not changed went by in a moment; the rest takes a second each."""
    drawn = Drawn(60)
    drawn.after(1, 1000, 1200)
    for step in range(1, 120):
        (shown,) = drawn.after(1, 1000 + step, 1200)
    assert shown.endswith("1,0 файлов/с, осталось 1:21")


def test_another_folder_begins_anew() -> None:
    drawn = Drawn(60)
    drawn.after(1, 1000, 1000)
    assert drawn.after(1, 1, 50) == ["Файлы: 1 из 50 " + "░" * 40]
    assert drawn.after(1, 2, 50)[0].endswith("1,0 файлов/с, осталось 0:48")


def test_a_console_without_the_signs() -> None:
    (shown,) = Drawn(100, "cp1251").after(10, 50, 100)
    assert "#" * 20 + "." * 20 in shown


# The command


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    """Files, rate and time left; problems stand above it; in the end it is gone, and stdout has its one line."""
    put(tmp_path, **{f"{number:02}_txt": "Волна." for number in range(12)} | {"05_txt": "", "99_xyz": "?"})
    with Screen() as screen:
        with slow(tmp_path, 0.15, "add", "docs", stderr=screen.end) as process:
            screen.let_go()
            out, _ = process.communicate(timeout=PATIENCE)
        shown = screen.rest()
    assert process.returncode == 0 and out.decode().startswith("11 новых, ") and out.count(b"\n") == 1
    assert re.search(r"\rФайлы: \d+ из 12 [█░]+, \d+,\d файлов/с, осталось 0:0\d", shown)
    *above, last = shown.split("\n")
    assert last == ""
    # each line as it stays: what was drawn before it is written over with spaces
    assert [line.rsplit("\r", 1)[-1].split(":")[0] for line in above] == [
        "docs/05.txt",
        "Пропущено файлов неизвестных форматов",
    ]
    assert all(line.rsplit("\r", 2)[-2].strip() == "" for line in above if "\r" in line)


def test_a_narrow_terminal(tmp_path: Path) -> None:
    put(tmp_path, **{f"{number}_txt": "Волна." for number in range(8)})
    with Screen(columns=30) as screen:
        with slow(tmp_path, 0.15, "add", "docs", stderr=screen.end) as process:
            screen.let_go()
            process.communicate(timeout=PATIENCE)
        pictures = screen.rest().split("\r")
    assert any("осталось" in picture for picture in pictures)
    assert max(map(len, pictures)) < 30


def test_lines_of_json_have_no_total(tmp_path: Path) -> None:
    """Once the run has taken half a second."""
    with Screen() as screen:
        with subprocess.Popen(
            ["indexer", "add", "--jsonl", "-"],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=screen.end,
        ) as process:
            screen.let_go()
            assert process.stdin
            process.stdin.write(b"no JSON\n")
            process.stdin.flush()
            screen.see("stdin:1: ")  # the run has begun
            time.sleep(0.7)
            out, _ = process.communicate('{"text": "Волна."}\n{"text": "Вал."}\n'.encode(), PATIENCE)
        assert out.startswith("2 новых".encode())
        assert re.search(r"\rДокументы: \d", screen.rest())


@pytest.mark.parametrize("options", [[], ["-q"]])
def test_nothing_in_a_pipe_nor_with_quiet(tmp_path: Path, options: list[str]) -> None:
    """A log must not fill with bars."""
    put(tmp_path, **{f"{number}_txt": "Волна." for number in range(6)})
    with slow(tmp_path, 0.15, "add", "docs", *options) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert err == b"" and out.decode() == ("" if options else out.decode()) and bool(out) != bool(options)
    with Screen() as screen:
        with slow(tmp_path, 0.15, "add", "docs", "-q", stderr=screen.end) as process:
            screen.let_go()
            process.communicate(timeout=PATIENCE)
        assert screen.rest() == ""


def test_every_file_is_said_with_verbose(tmp_path: Path) -> None:
    """Added, changed, unchanged, passed over, a problem; several documents of a file on one line."""
    put(tmp_path, a_txt="Волна.", b_txt="Вал.", d_csv="имя,порт\nЗаря,Рыбинск\nВолна,Углич\n", e_xyz="?")
    done = run(tmp_path, "indexer", "add", "-v", "docs")
    assert done.stderr.splitlines() == [
        "docs/e.xyz: неизвестный формат",
        "docs/a.txt: добавлен",
        "docs/b.txt: добавлен",
        "docs/d.csv: добавлено 2",
        "Пропущено файлов неизвестных форматов: 1 (.xyz 1)",
    ]
    put(tmp_path, b_txt="Вал и волна.", c_txt="", d_csv="имя,порт\nЗаря,Рыбинск\nВолна,Тверь\n")
    (tmp_path / "docs/e.xyz").unlink()
    done = run(tmp_path, "indexer", "add", "-v", "docs")
    assert sorted(done.stderr.splitlines()) == [
        "docs/a.txt: без изменений",
        "docs/b.txt: изменён",
        "docs/c.txt: пустой файл: в нём нет текста",
        "docs/d.csv: без изменений 1, изменено 1",
    ]


def test_what_was_left_out_is_counted(tmp_path: Path) -> None:
    """What failed before and has not changed, and what .gitignore rules out: a number, and with -v each file of it."""
    put(tmp_path, a_txt="Волна.", b_txt="", c_log="Вал.")
    (tmp_path / "docs/.gitignore").write_text("*.log\n")
    for name in "ab":  # so long ago that their time is believed
        os.utime(tmp_path / f"docs/{name}.txt", (1_600_000_000, 1_600_000_000))
    left = "Пропущено по .gitignore: 1"
    first = run(tmp_path, "indexer", "add", "docs")
    assert first.stderr.splitlines() == ["docs/b.txt: пустой файл: в нём нет текста", left]
    again = run(tmp_path, "indexer", "add", "docs")
    known = "По-прежнему не прочитано: 1. Подробнее: indexer status --problems"
    assert again.stderr.splitlines() == [known, left]
    every = run(tmp_path, "indexer", "add", "-v", "docs").stderr.splitlines()
    assert every == ["docs/c.log: по .gitignore", "docs/a.txt: без изменений", known, left]


def test_interrupted_among_files(tmp_path: Path) -> None:
    """What was read is kept, the last line says what is left, and the same command goes on from there."""
    put(tmp_path, **{f"{number:02}_txt": "Волна." for number in range(30)})
    with Screen() as screen, slow(tmp_path, 0.2, "add", "docs", stderr=screen.end) as process:
        screen.let_go()
        screen.see("Файлы: ")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
        last = screen.rest().removesuffix("\n").rsplit("\n", 1)[-1].rsplit("\r", 1)[-1]
    assert process.returncode == 130 and out == b""
    said = re.fullmatch(
        r"Прервано: документов записано (\d+), файлов не прочитано (\d+) из 30\."
        r" Запустите ту же команду ещё раз, чтобы продолжить\.",
        last,
    )
    assert said and int(said[1]) + int(said[2]) == 30 and int(said[1]) > 0
    assert run(tmp_path, "search", "-c", "волна").stdout == f"{said[1]}\n"
    done = run(tmp_path, "indexer", "add", "docs")
    assert done.stdout.startswith(f"{said[2]} нов") and f"{said[1]} без изменений" in done.stdout


def test_a_library_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    """Each file still counts as not read; -v names them."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/pypdfium2.py").write_text("raise ImportError")
    put(tmp_path, a_pdf="%PDF", b_pdf="%PDF", c_txt="Волна.")
    where = {"PYTHONPATH": str(tmp_path / "modules")}
    done = run(tmp_path, "indexer", "add", "docs", **where)
    said = "Не прочитано PDF: 2, для PDF нужна библиотека pypdfium2: pip install 'indexer[pdf]'\n"
    assert (done.code, done.stderr) == (0, said) and "2 с ошибками" in done.stdout
    assert run(tmp_path, "indexer", "add", "-v", "docs", **where).stderr.count("docs/a.pdf: для PDF нужна") == 1
