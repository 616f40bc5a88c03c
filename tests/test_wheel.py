"""The wheel, installed bare in a new environment, answers: no development package is needed to run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "INDEXER_DATA")}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False
    )


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a new environment that holds the wheel and what it depends on, nothing more."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy: what an earlier build left beside the sources must not get in
    shutil.copytree(ROOT / "indexer", source / "indexer", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source / name)
    built = _run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source, cwd=folder)
    if built.returncode and "No matching distribution" in built.stderr:
        pytest.skip("no package index can be reached: the wheel cannot be built here")
    assert built.returncode == 0, built.stderr
    venv.create(folder / "venv", with_pip=True)
    place = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = folder.glob("*.whl")
    installed = _run(place / "python", "-m", "pip", "install", "-q", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return place


def test_help(scripts: Path, tmp_path: Path) -> None:
    """Both commands are there and explain themselves."""
    for name in ("search", "indexer"):
        answer = _run(scripts / name, "--help", cwd=tmp_path)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert "Примеры" in answer.stdout


def test_one_real_search(scripts: Path, tmp_path: Path) -> None:
    """From a file to a marked sentence, with warnings as errors."""
    (tmp_path / "a.txt").write_text("Паром ходит по расписанию.", encoding="utf-8")
    added = _run(scripts / "indexer", "add", "a.txt", cwd=tmp_path)
    assert added.stdout.startswith("1 новый, 0 изменено"), added.stderr
    found = _run(scripts / "python", "-W", "error", "-m", "indexer", "search", "паромами", cwd=tmp_path)
    assert (found.returncode, found.stdout) == (0, "1. a.txt\n   Паром ходит по расписанию.\n"), found.stderr
