"""Files and streams → documents: titles, front matter, JSON lines, folders, and what cannot be read."""

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import FORMATS, frontmatter, jsonl, printable, read, titles, walk
from indexer.sources.reasons import unreadable

HEADLINE = "Переговоры в Женеве продлятся два дня"
BODY = "Делегации собрались утром. К вечеру они объявили, что продолжат завтра."
NEWS = f"Прямой эфир\n\n{HEADLINE}\n\nНовости\n5 374\n14:45, 09.01.2022\n\n{BODY}\n"


def only(found: Iterator[Document | Problem]) -> Document:
    (document,) = found
    assert isinstance(document, Document)
    return document


# Titles


@pytest.mark.parametrize(
    ("why", "text", "title"),
    [
        ("the first line long enough; «Прямой эфир» is a rubric", NEWS, HEADLINE),
        ("a blank line may have spaces", f"{HEADLINE}\n \t\n{BODY}", HEADLINE),
        ("new lines of Windows", f"{HEADLINE}\r\n\r\n{BODY}", HEADLINE),
        ("no blank line after it: the text goes on", f"{HEADLINE}\n{BODY}", ""),
        ("nothing after it", HEADLINE, ""),
        ("a full stop: a sentence", f"{HEADLINE}.\n\n{BODY}", ""),
        ("a question is a title", "Когда кончатся переговоры?\n\nЗавтра.", "Когда кончатся переговоры?"),
        ("19 characters", "Переговоры в Женеве\n\nТекст.", ""),
        ("20 characters", "Переговоры в Женеве!\n\nТекст.", "Переговоры в Женеве!"),
        ("150 characters", "я" * 150 + "\n\nТекст.", "я" * 150),
        ("151 characters", "я" * 151 + "\n\nТекст.", ""),
        ("the fifth line", f"а\nб\n\nв\nг\n{HEADLINE}\n\n{BODY}", HEADLINE),
        ("the sixth line", f"а\nб\n\nв\nг\nд\n{HEADLINE}\n\n{BODY}", ""),
        ("nothing", "", ""),
    ],
)
def test_title_of_text(why: str, text: str, title: str) -> None:
    assert titles.of_text(text) == title, why


@pytest.mark.parametrize(
    ("why", "text", "title"),
    [
        ("of any length", "# Сеть\n\nТекст.", "Сеть"),
        ("marks at both ends", "# Сеть ##\n", "Сеть"),
        ("underlined", "Сеть\n====\n\nТекст.", "Сеть"),
        ("not at the top", "[значок](x.png)\n\n# Сеть\n", "Сеть"),
        ("a comment within code is no heading", "```sh\n# установка\n```\n\n# Сеть\n", "Сеть"),
        ("level one goes before what stands above it", f"## {HEADLINE}\n\n# Сеть\n", "Сеть"),
        ("no level one: as of any text, without the marks", f"## {HEADLINE}\n\n{BODY}", HEADLINE),
        ("a hashtag is no heading", f"#новости\n\n{BODY}", ""),
        (
            "marks within stay: the title is a part of the text",
            "# Сеть **без** сбоев\n",
            "Сеть **без** сбоев",
        ),
    ],
)
def test_title_of_markdown(why: str, text: str, title: str) -> None:
    assert titles.of_markdown(text) == title, why


# Front matter


def test_front_matter_is_said_and_the_text_comes_after() -> None:
    text = """\
---
title: "Записки: том первый"
author: 'Иван Петров'
year: 1998
tags: [море, "ветер, волны"]
places:
  - Женева
  - Вена
summary: >
  Первая строка
  и вторая.
draft:
# примечание
---
Текст.
"""
    assert frontmatter.split(text) == (
        {
            "title": "Записки: том первый",
            "author": "Иван Петров",
            "year": 1998,
            "tags": ["море", "ветер, волны"],
            "places": ["Женева", "Вена"],
            "summary": "Первая строка и вторая.",
        },
        "Текст.\n",
    )


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("text between two rules", "---\nОн вошёл и сказал:\nздравствуйте!\n---\nВсе молчали.\n"),
        ("never closed", "---\ntitle: Сеть\n\nТекст.\n"),
        ("not at the top", "\n---\ntitle: Сеть\n---\n"),
        ("nothing in it", "---\n---\nТекст.\n"),
        ("an address is no pair", "---\nhttps://example.org\n---\nТекст.\n"),
        ("none at all", "Текст.\n"),
        ("a table of settings: nobody wrote so much by hand", "---\nkeys:\n" + "- a\n" * 20_000 + "---\nТекст.\n"),
    ],
)
def test_what_is_no_front_matter_stays_text(why: str, text: str) -> None:
    assert frontmatter.split(text) == ({}, text), why


@given(st.text(st.sampled_from("-:a я\n#[]\",'"), max_size=60))
def test_front_matter_takes_only_from_the_top(text: str) -> None:
    said, body = frontmatter.split("---\n" + text)
    assert ("---\n" + text).endswith(body)
    assert all(said.values()) or 0 in said.values()


# Files


def test_a_text_file_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text(NEWS, encoding="cp1251")
    assert only(read(path)) == Document(NEWS, title=HEADLINE, date=dt.date(2022, 1, 9), path=str(path))


def test_a_note_says_its_title_date_and_language(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("---\ntitle: Нота\ndate: 9 января 2022\nlang: ru-RU\nrating: 5\n---\n# Сеть\n", "utf-8")
    note = only(read(path))
    assert (note.title, note.date, note.lang) == ("Нота", dt.date(2022, 1, 9), "ru")
    assert (note.text, note.fields) == ("# Сеть\n", {"rating": 5})


def test_an_unknown_extension_that_is_named_is_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "README"
    path.write_text(BODY, "koi8-r")
    assert only(read(path)).text == BODY
    assert only(read(path, encoding="cp1251")).text == BODY.encode("koi8-r").decode("cp1251")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "пустой файл"),
        ("a.txt", "\ufeff \n\t\n".encode(), "пустой файл"),
        ("a.jsonl", b"\n\n", "пустой файл"),
        ("a.md", b"---\ntitle: x\n---\n", "пустой файл"),
        ("a.txt", bytes(100), "двоичный файл"),
        ("a.md", "---\ndate: завтра\n---\nТекст".encode(), "дата «завтра» непонятна"),
    ],
)
def test_a_file_that_is_no_document_says_why(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=message):
        list(read(tmp_path / name))


def test_what_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="нет такого файла"):
        list(read(tmp_path / "gone.txt"))
    with pytest.raises(SourceError, match="это папка"):
        list(read(tmp_path))

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, pytest.raises(SourceError, match="нет прав на чтение"):
        patch.setattr(os, "open", refuse)  # root may read everything, so no chmod
        list(read(tmp_path / "closed.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices")
@pytest.mark.parametrize("ending", ["txt", "pdf"])
def test_pipes_and_devices_are_not_waited_for(ending: str, tmp_path: Path) -> None:
    """Also where a file was when the folder was looked through."""
    os.mkfifo(tmp_path / f"pipe.{ending}")
    (tmp_path / f"zero.{ending}").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(SourceError, match="не файл, а канал или устройство"):
            list(read(tmp_path / f"{name}.{ending}"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="has no such files")
def test_what_says_that_it_is_empty_is_not_read(tmp_path: Path) -> None:
    """/proc/kmsg waits for the next word of the kernel, and says of itself that it is a file without bytes."""
    (tmp_path / "a.txt").symlink_to("/proc/self/status")
    with pytest.raises(SourceError, match="пустой файл"):
        list(read(tmp_path / "a.txt"))


def test_a_file_of_errors_alone_is_given_up(tmp_path: Path) -> None:
    """A log is called .jsonl: a thousand lines of it are named, and no million. Good lines among them are kept."""
    path = tmp_path / "a.jsonl"
    path.write_text("no JSON\n" * 5000, "utf-8")
    told: list[Document | Problem] = []
    with pytest.raises(SourceError, match="слишком много ошибок"):
        told.extend(read(path))
    assert len(told) == 1000
    path.write_text('{"text": "Да"}\nno JSON\n' * 5000, "utf-8")
    assert len(list(read(path))) == 10_000


def test_a_disk_that_fails_says_why() -> None:
    assert unreadable(OSError(5, "Input/output error")).startswith("не читается (Input/output error)")
    assert unreadable(NotADirectoryError()) == "это файл, а не папка: добавьте его как файл"


def test_a_name_that_is_not_utf8_is_refused_in_words_that_print(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    try:
        path.write_text(BODY, "utf-8")
    except OSError:
        pytest.skip("this file system takes no such names")
    with pytest.raises(SourceError, match="имя файла не в UTF-8") as caught:
        list(read(path))
    assert str(caught.value).encode()
    with pytest.raises(SourceError, match="имя файла"):
        list(read(Path("a\0.txt")))
    assert printable(path).endswith("\\udcff.txt")
    assert printable(Path("новости.txt")) == "новости.txt"


# JSON lines


def lines(*rows: object) -> list[Document | Problem]:
    encoded = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return list(jsonl.read(encoded, "in.jsonl"))


def test_a_line_is_a_document() -> None:
    row = {
        "id": 7,
        "text": BODY,
        "title": HEADLINE,
        "date": "2022-01-09T14:45:00+03:00",
        "path": "news/7.html",
        "lang": "ru",
        "author": "Иван Петров",
        "views": 5374,
        "score": 0.5,
        "tags": ["Женева", 2022, None],
        "place": {"город": "Женева"},
        "draft": False,
        "editor": None,
        "fields": {"source": "лента"},
    }
    assert lines(row) == [
        Document(
            BODY,
            id="7",
            title=HEADLINE,
            date=dt.date(2022, 1, 9),
            path="news/7.html",
            lang="ru",
            fields={
                "source": "лента",
                "author": "Иван Петров",
                "views": 5374,
                "score": 0.5,
                "tags": ["Женева", "2022"],
                "place": '{"город": "Женева"}',
                "draft": "false",
            },
        )
    ]


def test_a_line_of_text_alone_has_the_title_and_the_date_of_its_head() -> None:
    assert lines({"text": NEWS}) == [Document(NEWS, title=HEADLINE, date=dt.date(2022, 1, 9))]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "', "не JSON"),
        (b'["text"]', "не объект JSON"),
        (b'{"title": "x"}', "нет строки text"),
        (b'{"text": 5}', "нет строки text"),
        (b'{"text": NaN}', "нет строки text"),
        (b'{"text": " "}', "пустой текст"),
        (b'{"text": "x", "id": 1.5}', "id — не строка"),
        (b'{"text": "x", "id": true}', "id — не строка"),
        (b'{"text": "x", "title": ["y"]}', "title — не строка"),
        (b'{"text": "x", "date": "32.13.2022"}', "дата «32.13.2022» непонятна"),
        (b'{"text": "x", "date": 20220109}', "дата «20220109» непонятна"),
        ('{"text": "Женева"}'.encode("cp1251"), "не UTF-8, начиная с байта 10"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "JSON слишком сложен"),
        (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON слишком сложен"),
    ],
)
def test_a_bad_line_is_named_and_the_run_goes_on(line: bytes, reason: str) -> None:
    good = {"text": "Женева"}
    first, problem, last = lines(good, b"\n", line, good)
    assert first == last == Document("Женева")
    assert isinstance(problem, Problem)
    assert problem.path == "in.jsonl:3"  # blank lines are counted, as an editor counts them
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize(
    ("why", "line", "expected"),
    [
        ("a byte order mark", b'\xef\xbb\xbf{"text": "x"}\r\n', Document("x")),
        ("the later of two keys", b'{"text": "x", "text": "y"}', Document("y")),
        ("NaN is nothing", b'{"text": "x", "n": NaN, "id": NaN, "m": 1e999}', Document("x")),
        ("an empty id is none", b'{"text": "x", "id": "", "lang": null}', Document("x")),
        (
            "half of a pair",
            rb'{"text": "x\ud83d", "a": "\uD83D\uDE00"}',
            Document("x\ufffd", fields={"a": "😀"}),
        ),
        ("a title may stand alone", b'{"text": "", "title": "x"}', Document("", title="x")),
    ],
)
def test_a_line_that_is_odd_but_good(why: str, line: bytes, expected: Document) -> None:
    assert lines(line) == [expected], why


def test_no_depth_of_nesting_stops_the_run() -> None:
    for depth in range(900, 1000, 3):  # Python writes less deep than it reads, or the other way round
        (found,) = lines(b'{"text": "x", "n": ' + b"[" * depth + b"]" * depth + b"}")
        assert isinstance(found, Document) or "вложенность" in found.reason


def test_a_stream_that_breaks_is_a_source_error() -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"text": "x"}'
        raise OSError(5, "Input/output error")

    found = jsonl.read(broken(), "-")
    assert next(found) == Document("x")
    with pytest.raises(SourceError, match="не читается"):
        next(found)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["text", "id", "title", "date", "lang", "path", "fields", "author"])


@given(st.binary(max_size=40) | st.dictionaries(keys, json_values).map(lambda row: json.dumps(row).encode()))
def test_any_line_is_a_document_that_can_be_written_down_or_a_problem(line: bytes) -> None:
    for found in jsonl.read([line], "in.jsonl"):
        if isinstance(found, Document):
            values = [found.text, found.id, found.title, found.lang, found.path, *found.fields.items()]
            json.dumps(values, ensure_ascii=False, allow_nan=False).encode()


# Folders


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a/z.md",
        "a/y.JSONL",
        "a.txt",
        "a/deep/er/x.txt",
        ".git/config.txt",
        ".hidden.txt",
        "node_modules/n.txt",
        "__pycache__/p.txt",
        "index_data/segments.toc",
        "index_data/sample.txt",
        "photo.png",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("текст", "utf-8")
    return tmp_path


def holds_index(folder: Path) -> bool:
    return (folder / "segments.toc").exists()


def walked(root: Path, **options: object) -> list[str]:
    found = walk(root, is_index=holds_index, **options)  # type: ignore[arg-type]
    return [file.relative for file in found]


ALL = ["a/deep/er/x.txt", "a/y.JSONL", "a/z.md", "a.txt", "b.txt"]


def test_a_folder_is_walked_in_order(tree: Path) -> None:
    assert walked(tree) == ALL
    assert [tree / name for name in ALL] == sorted(tree / name for name in ALL)


@pytest.mark.parametrize(
    ("why", "options", "expected"),
    [
        ("by name", {"include": ["*.txt"]}, ["a/deep/er/x.txt", "a.txt", "b.txt"]),
        ("by path", {"include": ["a/*.md"]}, ["a/z.md"]),
        ("a folder is not entered", {"exclude": ["deep"]}, ["a/y.JSONL", "a/z.md", "a.txt", "b.txt"]),
        ("a folder by path", {"exclude": ["a/*"]}, ["a.txt", "b.txt"]),
        ("exclusion wins", {"include": ["*.txt"], "exclude": ["b*"]}, ["a/deep/er/x.txt", "a.txt"]),
        ("nothing fits", {"include": ["*.doc"]}, []),
        (
            "hidden too, but never an index",
            {"hidden": True, "include": ["*.txt"]},
            [
                ".git/config.txt",
                ".hidden.txt",
                "__pycache__/p.txt",
                "a/deep/er/x.txt",
                "a.txt",
                "b.txt",
                "node_modules/n.txt",
            ],
        ),
    ],
)
def test_what_is_taken(tree: Path, why: str, options: dict[str, object], expected: list[str]) -> None:
    assert walked(tree, **options) == expected, why


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_what_is_passed_over_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "a" / "up").symlink_to(tree)  # a loop
    (tree / "gone.txt").symlink_to(tree / "nowhere")
    (tree / "self.txt").symlink_to(tree / "self.txt")
    (tree / "alias.txt").symlink_to(tree / "b.txt")  # a link to a file is that file
    os.mkfifo(tree / "pipe.txt")  # opening it would wait for ever
    told: list[tuple[str, str]] = []
    inside = os.scandir

    def refuse(path: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if path.name == "deep":
            raise PermissionError(13, "Permission denied")
        return inside(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = walked(tree, on_skip=lambda path, reason: told.append((path.name, reason)))
    assert found == ["a/y.JSONL", "a/z.md", "a.txt", "alias.txt", "b.txt"]
    assert told == [
        ("deep", "нет прав на чтение: откройте доступ или запустите от имени владельца"),
        ("up", "ссылка на папку: добавьте саму папку"),
        ("gone.txt", "не файл: ссылка в никуда или устройство"),
        ("index_data", "папка индекса"),
        ("photo.png", "неизвестный формат"),
        ("pipe.txt", "не файл: ссылка в никуда или устройство"),
        ("self.txt", "не файл: ссылка в никуда или устройство"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_root_is_taken_as_named(tree: Path, tmp_path: Path) -> None:
    assert walked(tree / ".git") == ["config.txt"]  # hidden, but asked for
    (tmp_path / "link").symlink_to(tree / "a")
    assert walked(tmp_path / "link") == ["deep/er/x.txt", "y.JSONL", "z.md"]
    assert walked(tree / "index_data") == []
    with pytest.raises(SourceError, match="нет такого файла или папки"):
        walked(tree / "nowhere")
    with pytest.raises(SourceError, match="это файл, а не папка"):
        walked(tree / "b.txt")


def test_every_format_reads_a_file_of_its_own(tmp_path: Path) -> None:
    for ending in FORMATS:
        (tmp_path / f"a{ending.upper()}").write_text('{"text": "Женева"}', "utf-8")
    assert len(list(walk(tmp_path))) == len(FORMATS)
    for ending in (".txt", ".md", ".jsonl", ".json", ".py"):  # `test_formats.py` has the rest
        assert "Женева" in only(read(tmp_path / f"a{ending.upper()}")).text
