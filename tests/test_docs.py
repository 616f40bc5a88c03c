"""The documents cannot drift: README's commands and sessions run and print what it says, and links lead somewhere."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), ROOT / "index_data" / "README.md"]
_SECONDS = re.compile(r"\(\d+,\d с\)")


def blocks(language: str) -> list[str]:
    """Bodies of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, where the README's commands run."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "index_data" / "samples", folder / "index_data" / "samples")
    return folder


def run(command: str, place: Path) -> str:
    """What a command of the README prints on stdout, in a shell that has ours."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment.pop("INDEXER_DATA", None)
    answer = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in answer.stderr, answer.stderr
    return _SECONDS.sub("(0,0 с)", answer.stdout)


def test_the_first_command_prints_what_the_readme_shows(place: Path) -> None:
    """The two commands of the first line, without the installation: the wheel has its own test."""
    first = blocks("sh")[0]
    assert first.startswith("python3 -m venv .venv && .venv/bin/pip install -q . && ")
    run("indexer add index_data/samples", place)
    assert run("search 'гарантия безопасности'", place) == blocks("text")[0]


def test_sessions(place: Path) -> None:
    """Each `$ command` of a console block prints the lines below it."""
    shutil.rmtree(place / "index_data")
    shutil.copytree(ROOT / "index_data" / "samples", place / "index_data" / "samples")
    run("indexer add index_data/samples", place)  # as the first command of the README has done
    steps = [
        step for block in blocks("console") for step in re.findall(r"^\$ (.+)\n((?:[^$].*\n)*)", block, re.MULTILINE)
    ]
    assert len(steps) >= 8
    for command, expected in steps:
        assert run(command, place) == _SECONDS.sub("(0,0 с)", expected), command


def test_python_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session of the README is a doctest."""
    monkeypatch.chdir(tmp_path)
    (body,) = blocks("python")
    test = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.summarize(verbose=False) == (0, len(test.examples))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links(path: Path) -> None:
    """Relative links lead to files, anchors to headings."""
    text = path.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif "://" not in target:
            assert (path.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("name", ["search", "indexer add", "indexer rm", "indexer status"])
def test_every_command_is_in_the_readme_and_has_help(name: str, place: Path) -> None:
    """A command that nobody can find out about is not there."""
    assert name in README
    assert "Параметры:" in run(f"{name} --help", place)


def test_every_query_of_the_table_runs(place: Path) -> None:
    """The left column of the table of the query language is made of real queries."""
    rows = re.findall(r"^\| (`.+?) \|", README.partition("### Язык запросов")[2], re.MULTILINE)
    queries = [query for row in rows for query in re.findall(r"`([^`]+)`", row) if not query.endswith(":")]
    assert len(queries) > 20
    for query in queries:
        answer = subprocess.run(
            [sys.executable, "-m", "indexer", "search", "--", query], cwd=place, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, encoding="utf-8", check=False,
        )  # fmt: skip
        assert answer.returncode in (0, 1), (query, answer.stderr)


def test_the_architecture_names_every_room() -> None:
    """Each file or folder of the package stands in the map."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "indexer").iterdir() if path.suffix == ".py" or path.is_dir()}
    for room in rooms - {"__pycache__", "__main__.py"}:
        assert f"`{room}`" in text or f"`{room}/`" in text, room


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No path of a machine, no address of a package registry."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    forbidden = re.compile(r"/home/\w|/root/|/work/\w|pypi\.org|files\.pythonhosted")
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt") and path.is_file() and path.name != "test_docs.py":
            body = path.read_bytes().decode("utf-8", "replace")
            assert not forbidden.search(body), name
