"""A living folder: what has not changed is not read again, and the index is what it would be if all were read anew."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document, Index, sources
from indexer.errors import QueryError, SourceError
from indexer.model import AddReport, Problem
from indexer.sources import files

LONG_AGO = 1_600_000_000  # seconds: so old that its time can be relied on
TIMES = count(LONG_AGO)


def put(path: Path, content: str | bytes) -> Path:
    """Write a file whose time is its own, and long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return touched(path)


def touched(path: Path) -> Path:
    now = next(TIMES)
    os.utime(path, (now, now))
    return path


def rows(*documents: dict[str, object]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed."""
    parsed: list[str] = []
    read = files.read

    def noted(path: Path, *, encoding: str = "auto") -> Iterator[Document | Problem]:
        parsed.append(path.name)
        return read(path, encoding=encoding)

    monkeypatch.setattr(files, "read", noted)
    return parsed


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index", create=True)


def counts(report: AddReport) -> tuple[int, int, int, int, int]:
    """New, changed, deleted, unchanged, failed."""
    return report.added, report.changed, report.deleted, report.unchanged, len(report.failed)


def kept(index: Index) -> dict[str, tuple[str, str | None]]:
    """Id → text and path of every document."""
    return {one.id or "": (one.text, one.path) for one in index.export()}


def test_what_has_not_changed_is_not_read(index: Index, tmp_path: Path, reads: list[str]) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.txt", "Паром вышел в полдень.")
    put(docs / "b.txt", "Маяк погас.")
    assert counts(index.add_path(docs)) == (2, 0, 0, 0, 0)
    put(docs / "b.txt", "Маяк горит.")  # as long as before
    reads.clear()
    assert counts(index.add_path(docs)) == (0, 1, 0, 1, 0)
    assert reads == ["b.txt"]
    touched(docs / "a.txt")  # another time, the same content: it is compared and not parsed
    assert counts(index.add_path(docs)) == (0, 0, 0, 2, 0)
    assert reads == ["b.txt"]
    assert counts(index.add_path(docs, force=True)) == (0, 2, 0, 0, 0)


def test_nothing_is_written_when_nothing_has_changed(index: Index, tmp_path: Path) -> None:
    put(tmp_path / "docs/a.txt", "Паром вышел в полдень.")
    index.add_path(tmp_path / "docs")
    before = index.stats().last_commit, sorted(path.name for path in (tmp_path / "index").iterdir())
    index.add_path(tmp_path / "docs")
    assert before == (index.stats().last_commit, sorted(path.name for path in (tmp_path / "index").iterdir()))


def test_a_file_changed_while_its_clock_stood_still(index: Index, tmp_path: Path) -> None:
    """Just written: a second change may leave size and time as they are, and is seen all the same."""
    path = tmp_path / "docs/a.txt"
    path.parent.mkdir()
    path.write_text("Маяк погас.", "utf-8")
    status = path.stat()
    index.add_path(path.parent)
    path.write_text("Маяк горит.", "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(index.add_path(path.parent)) == (0, 1, 0, 0, 0)


@pytest.mark.parametrize("new", ["b.txt", "deep/er/b.txt", "старое/а.txt"])
def test_a_renamed_file_is_not_read(index: Index, tmp_path: Path, reads: list[str], new: str) -> None:
    docs = tmp_path / "docs"
    old = put(docs / "a.txt", "Паром вышел в полдень.")
    put(docs / "z.txt", "Маяк погас.")
    index.add_path(docs)
    reads.clear()
    (docs / new).parent.mkdir(parents=True, exist_ok=True)
    old.rename(docs / new)
    assert counts(index.add_path(docs)) == (0, 1, 0, 1, 0)
    assert reads == []
    assert set(kept(index)) == {f"docs/{new}", "docs/z.txt"}
    assert [hit.path for hit in index.search("паромы")] == [f"docs/{new}"]
    assert counts(index.add_path(docs, prune=True)) == (0, 0, 0, 2, 0)


def test_a_renamed_archive_keeps_its_documents(index: Index, tmp_path: Path, reads: list[str]) -> None:
    """Addresses follow the file; ids that the documents name for themselves stay."""
    docs = tmp_path / "docs"
    put(docs / "a.jsonl", rows({"text": "Паром вышел."}, {"id": "маяк-1", "text": "Маяк погас."}))
    index.add_path(docs)
    reads.clear()
    (docs / "a.jsonl").rename(docs / "b.jsonl")
    assert counts(index.add_path(docs)) == (0, 2, 0, 0, 0)
    assert reads == []
    assert kept(index) == {
        "docs/b.jsonl!/1": ("Паром вышел.", "docs/b.jsonl!/1"),
        "маяк-1": ("Маяк погас.", "docs/b.jsonl!/2"),
    }


def test_a_copy_is_another_document(index: Index, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.txt", "Паром вышел в полдень.")
    index.add_path(docs)
    shutil.copy2(docs / "a.txt", docs / "b.txt")
    assert counts(index.add_path(docs)) == (1, 0, 0, 1, 0)
    assert set(kept(index)) == {"docs/a.txt", "docs/b.txt"}


def test_a_new_ending_is_another_format(index: Index, tmp_path: Path, reads: list[str]) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.txt", "# Паром\n\nВышел в полдень.")
    index.add_path(docs)
    reads.clear()
    (docs / "a.txt").rename(docs / "a.md")
    assert counts(index.add_path(docs, prune=True)) == (1, 0, 1, 0, 0)
    assert reads == ["a.md"]
    assert index.get("docs/a.md").title == "Паром"


def test_what_was_deleted_comes_back(index: Index, tmp_path: Path) -> None:
    """The file has not changed, the index has: by id, by path, by a program that has another document of that id."""
    docs = tmp_path / "docs"
    put(docs / "a.txt", "Паром вышел в полдень.")
    index.add_path(docs)
    assert index.delete("docs/a.txt") == 1
    assert counts(index.add_path(docs)) == (1, 0, 0, 0, 0)
    assert index.delete_path(docs) == 1
    assert counts(index.add_path(docs)) == (1, 0, 0, 0, 0)
    index.add(Document("Другое.", id="docs/a.txt"))
    assert counts(index.add_path(docs)) == (0, 1, 0, 0, 0)
    assert index.get("docs/a.txt").text == "Паром вышел в полдень."


def test_what_fails_is_told_once_and_counted_always(index: Index, tmp_path: Path, reads: list[str]) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.pdf", b"%PDF-1.4 \xff")
    put(docs / "b.jsonl", rows({"text": "Паром вышел."}, {"нет": "текста"}))
    told: list[str] = []
    first = index.add_path(docs, on_problem=lambda problem: told.append(problem.path))
    assert told == ["docs/a.pdf", "docs/b.jsonl:2"]
    assert counts(first) == (1, 0, 0, 0, 2)
    told.clear()
    reads.clear()
    again = index.add_path(docs, on_problem=lambda problem: told.append(problem.path))
    assert (told, reads, again.failed, counts(again)) == ([], [], first.failed, (0, 0, 0, 1, 2))
    assert list(index.problems()) == first.failed
    put(docs / "a.pdf", b"%PDF-1.4 \xfe")
    index.add_path(docs, on_problem=lambda problem: told.append(problem.path))
    assert told == ["docs/a.pdf"]
    (docs / "a.pdf").unlink()
    index.add_path(docs, prune=True)
    assert [problem.path for problem in index.problems()] == ["docs/b.jsonl:2"]


def test_what_may_be_read_next_time_is_tried_again(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that is missing, rights that are missing: nothing of it is in the file."""
    put(tmp_path / "docs/a.txt", "Паром вышел.")
    read = files.read

    def refuse(*_path: Path, **_options: str) -> Iterator[Document | Problem]:
        raise sources.NotNow("нет прав на чтение")
        yield

    monkeypatch.setattr(files, "read", refuse)
    assert counts(index.add_path(tmp_path / "docs")) == (0, 0, 0, 0, 1)
    monkeypatch.setattr(files, "read", read)
    assert counts(index.add_path(tmp_path / "docs")) == (1, 0, 0, 0, 0)


def test_the_encoding_that_was_given_stays(index: Index, tmp_path: Path) -> None:
    """Who named it once need not name it again; who names another has the file read again."""
    docs = tmp_path / "docs"
    put(docs / "a.txt", "Паром".encode("koi8-r"))
    index.add_path(docs, encoding="koi8-r")
    assert counts(index.add_path(docs)) == (0, 0, 0, 1, 0)
    assert index.get("docs/a.txt").text == "Паром"
    assert counts(index.add_path(docs, encoding="cp1251")) == (0, 1, 0, 0, 0)
    assert index.get("docs/a.txt").text == "рБТПН"


def test_new_readers_read_again(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    put(tmp_path / "docs/a.txt", "Паром вышел.")
    index.add_path(tmp_path / "docs")
    monkeypatch.setattr(sources, "READING", sources.READING + 1)
    reads.clear()
    assert counts(index.add_path(tmp_path / "docs")) == (0, 0, 0, 1, 0)
    assert reads == ["a.txt"]


def test_files_that_share_an_id(index: Index, tmp_path: Path) -> None:
    """The last one wins, every time; when it goes, the other one is there again."""
    docs = tmp_path / "docs"
    put(docs / "a.jsonl", rows({"id": "1", "text": "Паром."}))
    put(docs / "b.jsonl", rows({"id": "1", "text": "Маяк."}))
    for _ in range(3):
        index.add_path(docs)
        assert index.get("1").text == "Маяк."
    (docs / "b.jsonl").unlink()
    index.add_path(docs, prune=True)
    assert index.get("1").text == "Паром."


def test_lines_that_name_paths_of_their_own(index: Index, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.jsonl", rows({"path": "docs/сайт/1.html", "text": "Паром."}))
    index.add_path(docs)
    assert counts(index.add_path(docs, prune=True)) == (0, 0, 0, 1, 0), "there is no such file, and it is not gone"
    index.delete("docs/сайт/1.html")
    assert counts(index.add_path(docs)) == (1, 0, 0, 0, 0)


def test_an_archive_left_out_this_time_keeps_its_documents(index: Index, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.jsonl", rows({"text": "Паром."}))
    index.add_path(docs)
    assert counts(index.add_path(docs, exclude=["*.jsonl"], prune=True)) == (0, 0, 0, 0, 0)
    put(docs / "a.jsonl", rows({"id": "2", "text": "Маяк."}))
    assert counts(index.add_path(docs, prune=True)) == (1, 0, 1, 0, 0), "the line is gone from its file"


@pytest.mark.parametrize("named", [".", "../index", "./", "../index/."])
def test_an_index_named_by_dots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """Paths are told from the folder that the index lies in, whatever it is called on the way."""
    put(tmp_path / "docs/a.txt", "Паром.")
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(tmp_path / "docs")
    monkeypatch.chdir(tmp_path / "index")
    with Index.open(named) as index:
        assert counts(index.add_path("../docs")) == (0, 0, 0, 1, 0)
        assert set(kept(index)) == {"docs/a.txt"}


def test_what_looks_like_an_index(index: Index, tmp_path: Path) -> None:
    """A project's own `indexer.json` is no index; a real one is passed over, and is no folder of documents."""
    docs = tmp_path / "docs"
    put(docs / "project/indexer.json", '{"name": "сборка"}')
    put(docs / "project/a.txt", "Паром.")
    put(docs / "real/b.txt", "Маяк.")
    Index.open(docs / "real", create=True).close()
    told: list[tuple[str, str]] = []
    index.add_path(docs, include="*.txt", on_skip=lambda path, why: told.append((path.name, why)))
    assert set(kept(index)) == {"docs/project/a.txt"}
    assert told == [("real", sources.INDEX)]
    with pytest.raises(SourceError, match="папка индекса"):
        index.add_path(docs / "real")


def test_a_folder_that_may_not_be_looked_at(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as failed, and its documents stay."""
    docs = tmp_path / "docs"
    put(docs / "closed/a.txt", "Паром.")
    index.add_path(docs)
    inside = os.scandir

    def refuse(path: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return inside(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = index.add_path(docs, prune=True)
    assert report.failed == [
        Problem("docs/closed", "нет прав на чтение: откройте доступ или запустите от имени владельца")
    ]
    assert set(kept(index)) == {"docs/closed/a.txt"}


def test_what_is_no_document_is_skipped_too(index: Index) -> None:
    report = index.add_many([Document("Паром.", id="1"), {"text": "Маяк."}], on_error="skip")  # type: ignore[list-item]
    assert counts(report) == (1, 0, 0, 0, 1)
    with pytest.raises(QueryError, match="on_error"):
        index.add_many([], on_error="pass")  # type: ignore[arg-type]


# .gitignore


def test_gitignore(tmp_path: Path) -> None:
    """As git reads it: names, folders, places, exceptions; rules nearer to a file go first."""
    for name in (
        "a.txt",
        "черновик.txt",
        "build/b.txt",
        "deep/build/c.txt",
        "deep/d.log",
        "deep/keep.log",
        "deep/top.txt",
        "top.txt",
    ):
        put(tmp_path / name, "Паром.")
    put(tmp_path / ".gitignore", "# наброски\nчерновик*\nbuild/\n*.log\n/top.txt\n!\n")
    put(tmp_path / "deep/.gitignore", "!keep.log\n")
    told: list[tuple[str, str]] = []
    found = sources.walk(tmp_path, on_skip=lambda path, why: told.append((path.relative_to(tmp_path).as_posix(), why)))
    assert [file.relative for file in found] == ["a.txt", "deep/keep.log", "deep/top.txt"]
    assert [name for name, why in told if why == sources.IGNORED] == [
        "build",
        "deep/build",
        "deep/d.log",
        "top.txt",
        "черновик.txt",
    ]
    assert [file.relative for file in sources.walk(tmp_path / "build")] == ["b.txt"], "asked for by name"


def test_only_some_paths_are_looked_at(tmp_path: Path) -> None:
    for name in ("a/b/c.txt", "a/b/d.txt", "a/e.txt", "f.txt", ".hidden/g.txt", "build/h.txt"):
        put(tmp_path / name, "Паром.")
    put(tmp_path / ".gitignore", "build/\n")

    def walked(*only: str) -> list[str]:
        return [file.relative for file in sources.walk(tmp_path, only=only)]

    assert walked("a/b/c.txt") == ["a/b/c.txt"]
    assert walked("a/b", "f.txt") == ["a/b/c.txt", "a/b/d.txt", "f.txt"]
    assert walked(".hidden/g.txt", "build/h.txt", "нет.txt", "a/b/c") == []


# The twin


NAMES = st.sampled_from(["a.txt", "b.txt", "c.md", "deep/a.txt", "x.jsonl", "deep/y.jsonl"])
TEXTS = st.sampled_from(["Паром вышел.", "Маяк погас.", "Маяк горит.", "Ветер стих."])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES, TEXTS),
        st.tuples(st.just("touch"), NAMES),
        st.tuples(st.just("unlink"), NAMES),
        st.tuples(st.just("rename"), NAMES, NAMES),
        st.tuples(st.just("add"), st.booleans()),
        st.tuples(st.just("delete"), NAMES),
        st.tuples(st.just("rm"), NAMES),
    ),
    max_size=14,
)


def content(name: str, text: str) -> str:
    """Lines of one file have ids that those of the other have too, and of those one names a path of its own."""
    if not name.endswith(".jsonl"):
        return text
    return rows(
        {"id": "1", "text": text}, {"id": text[0], "text": text}, {"text": text}, {"path": "docs/p", "text": text}
    )


def do(step: tuple[object, ...], docs: Path, index: Index) -> None:
    match step:
        case ("put", str(name), str(text)):
            put(docs / name, content(name, text))
        case ("touch", str(name)) if (docs / name).exists():
            touched(docs / name)
        case ("unlink", str(name)):
            (docs / name).unlink(missing_ok=True)
        case ("rename", str(name), str(new)) if (docs / name).exists() and Path(name).suffix == Path(new).suffix:
            (docs / new).parent.mkdir(exist_ok=True)
            (docs / name).replace(docs / new)
        case ("add", bool(prune)):
            index.add_path(docs, prune=prune)
        case ("delete", str(name)):
            index.delete(f"docs/{name}", "1")
        case ("rm", str(name)):
            index.delete_path(docs / name)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_index_is_what_the_folder_is(steps: list[tuple[object, ...]]) -> None:
    """After any history, adding with `prune` leaves what an index made anew has."""
    with tempfile.TemporaryDirectory() as name:
        docs = Path(name) / "docs"
        docs.mkdir()
        with Index.open(Path(name) / "index", create=True) as index:
            for step in steps:
                do(step, docs, index)
            index.add_path(docs, prune=True)
            with Index.open(Path(name) / "anew", create=True) as anew:
                anew.add_path(docs)
                assert kept(index) == kept(anew)
            assert index.check().ok
            again = index.add_path(docs, prune=True)
            assert (again.added, again.changed, again.deleted) == (0, 0, 0)


def test_a_broken_list_of_files_is_named_and_mended(index: Index, tmp_path: Path, reads: list[str]) -> None:
    docs = tmp_path / "docs"
    put(docs / "a.txt", "Паром вышел.")
    index.add_path(docs)
    (ledger,) = (tmp_path / "index").glob("*.ledger")
    data = bytearray(ledger.read_bytes())
    data[10] ^= 255
    ledger.write_bytes(data)
    report = index.check()
    assert [problem.path for problem in report.problems] == [ledger.name]
    from indexer.segment.repair import repair

    assert repair(tmp_path / "index", 1.0).lost == 0
    assert index.check().ok
    reads.clear()
    with Index.open(tmp_path / "index") as mended:
        assert counts(mended.add_path(docs)) == (0, 0, 0, 1, 0)
    assert reads == ["a.txt"]


def test_a_missing_path_is_an_error(index: Index, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Нет такого файла или папки"):
        index.add_path(tmp_path / "нет")
