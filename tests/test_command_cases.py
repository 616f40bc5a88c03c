"""The cases of `tests/cases/command.jsonl` as processes; `not_yet.txt` lists what is still to come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_runner import CHECKS, Case, cases, complaints, faults, not_yet, shell, write

NOT_YET = not_yet()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case(case: Case, tmp_path: Path) -> None:
    """Every step ends, prints and warns as the case says; or the case is still on the list, with its reason."""
    wrong = list(complaints(case, tmp_path))
    if case["id"] in NOT_YET:
        assert wrong, f"{case['id']} is reached: strike it from not_yet.txt"
        pytest.skip(NOT_YET[case["id"]])
    assert not wrong


# The runner itself: a check that lets everything pass would make every case pass.

SPANS = '{"spans": [[2, 6]], "text": "о море"}'
EXPECTATIONS = [
    ("exit", "exit 1", 1, 0),
    ("exit_any", "exit 1", [0, 1], [0, 2]),
    ("stdout", "echo море", "море\n", "море"),
    ("stdout_bytes", r"printf 'море\0'", r"море\0", "море"),
    ("stdout_contains", "echo море", ["мо", "ре"], ["мо", "река"]),
    ("stdout_not_contains", "echo море", ["река"], ["река", "море"]),
    ("stderr", "echo море >&2", "море\n", ""),
    ("stderr_contains", "echo море >&2", ["мо", "ре"], ["мо", "река"]),
    ("stderr_not_contains", "echo море >&2", ["река"], ["река", "море"]),
    ("lines", "echo море; echo река", 2, 1),
    ("json", """echo '{"a": [{"b": 1}]}'""", {".a[0].b": 1}, {".a[0].b": 2}),
    ("json", """echo '{"a": [{"b": 1}]}'""", {".a": [{"b": 1}]}, {".a[1].b": 1}),
    ("json", f"echo '{SPANS}'", {".spans": 'text[a:b] == "море"'}, {".spans": 'text[a:b] == "мор"'}),
    ("first_line_json", """echo '{"a": 1}'; echo море""", {".a": 1}, {".a": 2}),
]


@pytest.mark.parametrize(("key", "line", "right", "wrong"), EXPECTATIONS)
def test_a_check_tells_right_from_wrong(key: str, line: str, right: Any, wrong: Any, tmp_path: Path) -> None:
    """Each kind of expectation is met by what it describes, and by nothing else."""
    done = shell(tmp_path, line)
    assert not list(faults({"run": line, key: right}, done))
    assert list(faults({"run": line, key: wrong}, done))


def test_every_check_is_tried() -> None:
    """A kind of expectation that is new to the runner comes into the table above."""
    assert {key for key, *_ in EXPECTATIONS} == CHECKS.keys()


def test_files_are_written_as_the_case_says(tmp_path: Path) -> None:
    """In the encoding named, or byte by byte."""
    write(tmp_path, {"path": "в папке/а.txt", "text": "море", "encoding": "cp1251"})
    write(tmp_path, {"path": "б.bin", "bytes_hex": "00ff"})
    assert (tmp_path / "в папке/а.txt").read_bytes() == "море".encode("cp1251")
    assert (tmp_path / "б.bin").read_bytes() == b"\0\xff"
