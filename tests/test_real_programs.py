"""One sentence of ours as real programs write it, a folder of everything, and the same with one damaged file of each.

A program that is not on this machine skips its test. `test_formats.py` reads what two of them wrote at length.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from command_runner import environment, run

from indexer.model import Document
from indexer.sources import FORMATS, read, text

SENTENCE = "Пароход «Заря» отошёл от пристани на рассвете, и капитан Рябков договорился об уступках."
MARKDOWN = f"# Отъезд\n\n{SENTENCE}\n"
MANUAL = ".TH ПАРОХОД 7\n.SH ОПИСАНИЕ\n" + SENTENCE.replace("Заря", r"\fBЗаря\fR") + "\n"


def call(folder: Path, *command: str) -> bytes:
    """Run a program in a folder; what it prints."""
    program = command[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment(HOME=str(folder)), check=True)
    return done.stdout


def flat(found: str) -> str:
    return " ".join(found.split())


def said(path: Path) -> str:
    """All texts of a file, its lines joined."""
    return flat("\n".join(one.text for one in read(path) if isinstance(one, Document)))


# Programs


@pytest.mark.parametrize("ending", ["docx", "odt", "rtf", "html", "epub", "fb2", "rst", "tex", "txt"])
def test_pandoc(ending: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN, "utf-8")
    call(tmp_path, "pandoc", "--standalone", "--metadata", "title=Отъезд", "a.md", "-o", f"a.{ending}")
    marked = said(tmp_path / f"a.{ending}")
    assert SENTENCE in marked


def test_office_from_the_word_of_the_nineties(tmp_path: Path) -> None:
    """Our text as .doc, which we do not read; its .docx and .pdf, which people make of it."""
    (tmp_path / "a.md").write_text(MARKDOWN, "utf-8")
    call(tmp_path, "pandoc", "a.md", "-o", "a.odt")
    for before, after in (("odt", "doc"), ("doc", "docx"), ("doc", "pdf")):
        call(tmp_path, "soffice", "-env:UserInstallation=file://" + str(tmp_path / "profile"), "--headless",
             "--convert-to", after, f"a.{before}")  # fmt: skip
    assert SENTENCE in said(tmp_path / "a.docx")
    assert SENTENCE in said(tmp_path / "a.pdf")


def test_groff(tmp_path: Path) -> None:
    """A manual page; bold letters are printed twice, which must not be seen."""
    (tmp_path / "a.7").write_text(MANUAL, "utf-8")
    page = call(tmp_path, "groff", "-K", "utf8", "-T", "utf8", "-man", "-rLL=200n", "a.7")
    assert "З\bЗа\bа".encode() in page
    (tmp_path / "a.txt").write_bytes(page)
    assert SENTENCE in said(tmp_path / "a.txt")


def test_logs_in_colours(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("\x1b[1;31mЗаря\x1b[0m отошла\n\x1b[32mот\x1b[m", "utf-8")
    assert said(tmp_path / "a.log") == "Заря отошла от"


@pytest.mark.parametrize(
    "command",
    [
        ["zip", "-qr", "все.zip", "книги"],
        ["tar", "-cf", "все.tar", "книги"],
        ["tar", "-czf", "все.tar.gz", "книги"],
        ["tar", "-czf", "все.tgz", "--format=posix", "книги"],
    ],
    ids=lambda command: command[2],
)
def test_archivers(command: list[str], tmp_path: Path) -> None:
    """Russian names as each of them writes them."""
    books = tmp_path / "книги" / "том первый, в котором пароход отправляется в путь и долго не может причалить к берегу"
    books.mkdir(parents=True)
    (books / "глава.txt").write_text(SENTENCE, "cp1251")
    call(tmp_path, *command)
    (archive,) = tmp_path.glob("все.*")
    (found,) = read(archive)
    assert isinstance(found, Document) and found.text == SENTENCE
    assert found.path == f"{archive}!/книги/{books.name}/глава.txt"


# A folder of everything


def letter() -> bytes:
    found = EmailMessage()
    found["Subject"], found["From"], found["To"] = "Отъезд", "Лука <a@example.org>", "b@example.org"
    found.set_content(SENTENCE)
    return found.as_bytes()


def packed(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def rolled(mode: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=f"w:{mode}") as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("a.txt")
        info.size = len(SENTENCE.encode())
        archive.addfile(info, io.BytesIO(SENTENCE.encode()))
    return target.getvalue()


FILES = Path(__file__).parent / "files"
WORD = f"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p></w:body></w:document>".encode()
FICTION = f"<FictionBook><body><section><p>{SENTENCE}</p></section></body></FictionBook>".encode()
OPEN = (
    f"<o:document xmlns:o='o' xmlns:t='t'><o:body><o:text><t:p>{SENTENCE}</t:p></o:text></o:body></o:document>".encode()
)
PAGE = f"<html><body><p>{SENTENCE}</p></body></html>".encode()
CUE = f"1\n00:00:01,000 --> 00:00:02,000\n{SENTENCE}\n".encode()
LINE = json.dumps({"text": SENTENCE}).encode()
BINARY = bytes(range(256)) * 8


def book(ending: str) -> bytes:
    """What LibreOffice or pandoc wrote."""
    (found, *_) = sorted(FILES.glob(f"povest-*{ending}"))
    return found.read_bytes()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


# Format → a healthy file, a damaged one. Of code one format stands for all.
EVERYTHING: dict[str, tuple[bytes, bytes]] = {
    ".txt": (SENTENCE.encode("cp1251"), BINARY),
    ".text": (SENTENCE.encode("koi8-r", "ignore"), b" \n"),
    ".rst": (SENTENCE.encode("utf-16"), BINARY),
    ".md": (MARKDOWN.encode(), "---\ndate: завтра\n---\nТекст".encode()),
    ".markdown": (MARKDOWN.encode(), BINARY),
    ".jsonl": (LINE, cut(LINE)),
    ".ndjson": (LINE, b"[1]"),
    ".json": (LINE, cut(LINE)),
    ".csv": (f'имя,текст\nЗаря,"{SENTENCE}"\n'.encode("cp1251"), BINARY),
    ".tsv": (f"имя\tтекст\nЗаря\t{SENTENCE}\n".encode(), BINARY),
    ".html": (book(".html"), BINARY),
    ".htm": (PAGE, b"<html></html>"),
    ".xhtml": (PAGE, BINARY),
    ".pdf": (book(".pdf"), book(".pdf")[:100]),
    ".docx": (book(".docx"), cut(book(".docx"))),
    ".docm": (packed("word/document.xml", WORD), packed("word/document.xml", cut(WORD))),
    ".odt": (book(".odt"), cut(book(".odt"))),
    ".fodt": (OPEN, cut(OPEN)),
    ".rtf": (book(".rtf"), b"\xd0\xcf\x11\xe0 no RTF"),
    ".epub": (book(".epub"), cut(book(".epub"))),
    ".fb2": (book(".fb2"), cut(book(".fb2"))),
    ".fb2.zip": (packed("a.fb2", FICTION), packed("a.fb2", cut(FICTION))),
    ".srt": (CUE, b"1\n2\n3\n"),
    ".vtt": (b"WEBVTT\n\n" + CUE, BINARY),
    ".eml": (letter(), BINARY),
    ".mbox": (b"From a@example.org\n" + letter(), letter()),
    ".zip": (packed("a.txt", SENTENCE.encode()), cut(packed("a.txt", SENTENCE.encode()))),
    ".tar": (rolled(""), rolled("")[:300]),
    ".tar.gz": (rolled("gz"), cut(rolled("gz"))),
    ".tgz": (rolled("gz"), BINARY),
    ".py": (f"# {SENTENCE}\n".encode(), BINARY),
}


def test_everything_is_here() -> None:
    assert {ending for ending, reader in FORMATS.items() if reader is not text.code} | {".py"} == EVERYTHING.keys()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all formats, a healthy and a damaged file of each, as a command has added it."""
    folder = tmp_path_factory.mktemp("everything")
    (folder / "docs").mkdir()
    for ending, (healthy, damaged) in EVERYTHING.items():
        (folder / f"docs/good{ending}").write_bytes(healthy)
        (folder / f"docs/bad{ending}").write_bytes(damaged)
    return folder


def test_every_healthy_file_is_found_and_every_damaged_one_is_named(everything: Path) -> None:
    done = run(everything, "indexer", "add", "docs", "--jobs", "2")
    assert done.code == 0
    found = run(everything, "search", "-l", "пароход (уступка | капитан)").stdout.split("\n")
    assert {line.partition("!/")[0] for line in found if line} == {f"docs/good{ending}" for ending in EVERYTHING}
    # a line of JSON lines is named by its number, a row, a member, a letter by its address in the file
    named = [line.split(": ", 1) for line in done.stderr.splitlines()]
    assert sorted(name.partition("!/")[0].partition(":")[0] for name, _ in named) == sorted(
        f"docs/bad{ending}" for ending in EVERYTHING
    )
    assert all(": " in reason for _, reason in named)  # what is the matter, and what to do
    assert f" {len(EVERYTHING)} с " in done.stdout


SEVEN = ("utf-8", "cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")


@pytest.mark.parametrize("ending", [".txt", ".html", ".csv", ".srt", ".py"])
def test_seven_encodings_in_one_folder(ending: str, tmp_path: Path) -> None:
    """None of them is declared."""
    written = {
        ".txt": SENTENCE,
        ".html": PAGE.decode(),
        ".csv": f"пароход;заметка\nЗаря;{SENTENCE}\n",
        ".srt": CUE.decode(),
        ".py": f"# {SENTENCE}\n",
    }[ending]
    (tmp_path / "docs").mkdir()
    for encoding in SEVEN:
        (tmp_path / f"docs/{encoding}{ending}").write_bytes(written.encode(encoding, "ignore"))
    assert run(tmp_path, "indexer", "add", "docs").stderr == ""
    assert run(tmp_path, "search", "-c", '"капитан Рябков договорился об уступках"').stdout == "7\n"


MANUALS = sorted(Path("/usr/share/man/ru").rglob("*.gz"))[:12]


@pytest.mark.skipif(not MANUALS, reason="there are no Russian manual pages of Debian here")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic"])
def test_manuals_of_debian(encoding: str, tmp_path: Path) -> None:
    """Pages as they come, Russian among marks and English words, are read in whatever encoding they were kept in."""
    pages = 0
    for page in MANUALS:
        data = gzip.decompress(page.read_bytes()).decode().encode(encoding, "ignore")
        text = data.decode(encoding)
        if len(re.findall("[а-яё]", text, re.IGNORECASE)) < 200:
            continue  # a page that only names another
        (tmp_path / "page.txt").write_bytes(data)
        (found,) = read(tmp_path / "page.txt")
        assert isinstance(found, Document) and found.text == text, page.name
        pages += 1
    assert pages
