"""The cases of `tests/cases/` against the library; `not_yet.txt` lists what is still to come.

`search.jsonl` has one case of each kind, `variations.jsonl` more of those kinds; why is in their notes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from case_runner import build, complaints

from indexer import IndexerError

FOLDER = Path(__file__).parent / "cases"
CASES: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("search.jsonl", "variations.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
]
NOT_YET = {
    line.split(" ", 1)[0]: line.split(" ", 1)[1]
    for line in (FOLDER / "not_yet.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


def _wrong(case: dict[str, Any], folder: Path) -> list[str]:
    with build(case, folder) as index:
        try:
            return list(complaints(case, index))
        except (TypeError, IndexerError) as error:  # an option or a value that is still to come
            if case["id"] not in NOT_YET:
                raise
            return [str(error)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    """Found, left out, in order, marked and cut as the case says; or still on the list, with its reason."""
    wrong = _wrong(case, tmp_path)
    if case["id"] in NOT_YET:
        assert wrong, f"{case['id']} is reached: strike it from not_yet.txt"
        pytest.skip(NOT_YET[case["id"]])
    assert not wrong


def test_every_must_case_but_the_later_ones_is_reached() -> None:
    """The list may hold no basic case: what it defers is repair, suggestions and HTML alone."""
    must = {case["id"] for case in CASES if case["level"] == "must"}
    kinds = {name.split("-")[0] for name in must & NOT_YET.keys()}
    assert kinds <= {"layout", "translit", "typo", "files"}
