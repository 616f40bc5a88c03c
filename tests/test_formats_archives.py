"""Archives as folders, and everything that is put into them to do harm."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer import Index
from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import files, packed, read, source, xml

TEXT = "Пароход отошёл от пристани на рассвете."


def zipped(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def tarred(files: Mapping[str, bytes], packing: str = "gz", links: Mapping[str, str] | None = None) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, goal in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, goal
            archive.addfile(info)
    return target.getvalue()


def found_in(tmp_path: Path, name: str, data: bytes) -> dict[str, str]:
    """Address within the file → text or reason."""
    path = tmp_path / name
    path.write_bytes(data)
    return {
        (one.path or "").removeprefix(str(path)): one.text if isinstance(one, Document) else one.reason
        for one in read(path)
    }


def test_the_files_of_an_archive_are_documents(tmp_path: Path) -> None:
    data = zipped(
        {
            "глава 1.txt": TEXT.encode("cp1251"),
            "папка/": "",
            "папка/глава 2.md": "# Маяк\n\nСвет.",
            "photo.jpg": b"\xff\xd8",
            ".hidden.txt": "x",
            "__MACOSX/._глава 1.txt": "x",
        }
    )
    assert found_in(tmp_path, "книга.zip", data) == {
        "!/глава 1.txt": TEXT,
        "!/папка/глава 2.md": "# Маяк\n\nСвет.",
    }


@pytest.mark.parametrize("name", ["a.tar.gz", "a.tgz", "a.tar"])
@pytest.mark.parametrize("packing", ["gz", ""])
def test_tar(name: str, packing: str, tmp_path: Path) -> None:
    """Whatever it is called: whether it is packed is seen."""
    data = tarred({"./папка/a.txt": TEXT.encode(), "b.txt": b"b", "c.png": b"c"}, packing, {"link.txt": "/etc/passwd"})
    assert found_in(tmp_path, name, data) == {"!/папка/a.txt": TEXT, "!/b.txt": "b"}


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-8"])
def test_names_that_declare_no_encoding(encoding: str, tmp_path: Path) -> None:
    """Windows writes cp866 into ZIP, others what they like."""
    raw = "Пристань и маяк.txt".encode(encoding)
    placeholder = "x" * len(raw)
    data = zipped({placeholder: TEXT}).replace(placeholder.encode(), raw)
    assert found_in(tmp_path, "a.zip", data) == {"!/Пристань и маяк.txt": TEXT}
    name = raw.decode("utf-8", "surrogateescape")
    assert found_in(tmp_path, "a.tar", tarred({name: TEXT.encode()})) == {"!/Пристань и маяк.txt": TEXT}


def test_names_with_control_characters_and_backslashes(tmp_path: Path) -> None:
    assert found_in(tmp_path, "a.zip", zipped({"a\x1b[31m\\b\n.txt": "да"})) == {"!/a\ufffd[31m/b\ufffd.txt": "да"}


def test_archives_within_archives(tmp_path: Path) -> None:
    inner = zipped({"a.txt": TEXT})
    data = zipped({"b.zip": inner, "c.tar.gz": tarred({"d.txt": b"d"})})
    assert found_in(tmp_path, "a.zip", data) == {"!/b.zip!/a.txt": TEXT, "!/c.tar.gz!/d.txt": "d"}
    for _ in range(6):
        inner = zipped({"z.zip": inner, "e.txt": "e"})
    reached = found_in(tmp_path, "deep.zip", inner)
    assert reached["!/z.zip!/z.zip!/z.zip!/e.txt"] == "e"
    assert "вложено больше 4 раз" in reached["!/z.zip!/z.zip!/z.zip!/z.zip!/z.zip"]


def test_an_archive_is_found_pruned_and_removed_as_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    archive = folder / "a.zip"
    archive.write_bytes(zipped({"раз.txt": "Пароход отошёл.", "два.txt": "Пароход пришёл."}))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(folder)
        assert {hit.path for hit in index.search("пароход", where={"path": "docs/a.zip"})} == {
            "docs/a.zip!/раз.txt",
            "docs/a.zip!/два.txt",
        }
        archive.write_bytes(zipped({"раз.txt": "Пароход отошёл."}))
        assert index.add_path(folder, prune=True).deleted == 1
        archive.write_bytes(b"PK broken")  # not read this time: what is known of it stays
        report = index.add_path(folder, prune=True)
        assert (report.deleted, len(report.failed), len(index)) == (0, 1, 1)
        assert index.delete_path(archive) == 1


# Harm


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../evil.txt", "..\\evil.txt"]
)
def test_a_name_that_leads_out_is_a_problem_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    for file, data in (
        ("a.zip", zipped({name: "x", "good.txt": TEXT})),
        ("a.tar", tarred({name: b"x", "good.txt": b"y"})),
    ):
        found = found_in(tmp_path, file, data)
        assert len(found) == 2 and "!/good.txt" in found
        assert next(why for path, why in found.items() if path != "!/good.txt").startswith("имя ведёт за пределы")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.tar", "a.zip"]


def test_a_bomb_is_a_problem(tmp_path: Path) -> None:
    """A gigabyte of zeros in a megabyte; the good file before it stays."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.txt", TEXT)
        with archive.open("bomb.txt", "w") as member:
            for _ in range(80):
                member.write(bytes(1 << 20))
    found = found_in(tmp_path, "a.zip", bomb.getvalue())
    assert found["!/good.txt"] == TEXT
    assert found["!/bomb.txt"] == "больше 64 МБ: разделите файл на части"


def test_many_small_bombs_are_stopped_by_what_they_unpack_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FLOOR", 1 << 20)
    data = zipped({f"{number}.txt": b"a" * (1 << 20) for number in range(100)})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="архивную бомбу"):
        taken = 0
        for found in read(path):
            taken += isinstance(found, Document)
    assert 10 < taken < 60


def test_a_book_that_has_one_chapter_a_thousand_times(tmp_path: Path) -> None:
    """It is read once."""
    package = "<package><manifest><item id='a' href='a.xhtml'/></manifest><spine>" + "<itemref idref='a'/>" * 1000
    data = zipped(
        {
            "META-INF/container.xml": "<container><rootfile full-path='c.opf'/></container>",
            "c.opf": f"{package}</spine></package>",
            "a.xhtml": f"<html><body><p>{TEXT}</p></body></html>",
        }
    )
    assert found_in(tmp_path, "a.epub", data) == {"": TEXT}


def test_a_book_whose_chapters_are_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FLOOR", 1 << 20)
    names = [f"{number}.xhtml" for number in range(200)]
    items = "".join(f"<item id='{name}' href='{name}'/>" for name in names)
    spine = "".join(f"<itemref idref='{name}'/>" for name in names)
    package = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = {"META-INF/container.xml": "<container><rootfile full-path='c.opf'/></container>", "c.opf": package}
    with pytest.raises(SourceError, match="архивную бомбу"):
        found_in(tmp_path, "a.epub", zipped(container | dict.fromkeys(names, "a" * (1 << 20))))


def test_a_gzip_bomb_in_a_tar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FLOOR", 1 << 20)
    data = tarred({f"{number}.jpg": bytes(8 << 20) for number in range(10)})  # nothing of it would be read
    path = tmp_path / "a.tar.gz"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="архивную бомбу"):
        list(read(path))


def test_a_tar_header_of_any_length_is_not_read_into_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 50 << 20
    data = header.tobuf(tarfile.USTAR_FORMAT) + bytes(50 << 20)
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="заголовок архива невозможной длины"):
        list(read(path))


def test_a_directory_of_any_length_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_DIRECTORY", 4000)
    with pytest.raises(SourceError, match="слишком много файлов"):
        found_in(tmp_path, "a.zip", zipped({f"{number}.txt": "x" for number in range(100)}))


@pytest.mark.parametrize(
    ("why", "change", "reason"),
    [
        ("a password", lambda data: _flag(data, 1), "закрыт паролем"),
        ("LZMA, which may ask for gigabytes", lambda data: _method(data, 14), "упакован способом"),
        ("damaged bytes", lambda data: data.replace(b"DATADATA", b"DATADATE"), "повреждён"),
    ],
)
def test_one_bad_member_does_not_stop_the_rest(why: str, change: object, reason: str, tmp_path: Path) -> None:
    data = zipped({"bad.txt": "DATADATA" * 4, "good.txt": TEXT}, zipfile.ZIP_STORED)
    found = found_in(tmp_path, "a.zip", change(data))  # type: ignore[operator]
    assert found["!/good.txt"] == TEXT and found["!/bad.txt"].startswith(reason), why


def _flag(data: bytes, flag: int) -> bytes:
    """The first member in the directory with another flag."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + struct.pack("<H", flag) + data[at + 2 :]


def _method(data: bytes, method: int) -> bytes:
    at = data.index(b"PK\x01\x02") + 10
    return data[:at] + struct.pack("<H", method) + data[at + 2 :]


def test_a_tar_that_is_cut_keeps_what_was_whole(tmp_path: Path) -> None:
    whole = tarred({"a.txt": TEXT.encode(), "b.txt": os.urandom(20_000).hex().encode()})
    found = found_in(tmp_path, "a.tar.gz", whole[: len(whole) // 2])
    assert found["!/a.txt"] == TEXT
    assert found[""].startswith("архив повреждён")
    assert found_in(tmp_path, "b.tar.gz", gzip.compress(b"not a tar")) == {
        "": "архив повреждён: прочитано только то, что стоит до повреждения"
    }


# XML

BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><x>text</x>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, PARAMETER])
@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("a.fb2", ""),
        ("a.fodt", ""),
        ("a.docx", "word/document.xml"),
        ("a.odt", "content.xml"),
        ("a.epub", "META-INF/container.xml"),
    ],
)
def test_entities_of_its_own_are_refused(text: str, name: str, member: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(zipped({member: text}) if member else text.encode())
    with pytest.raises(SourceError, match="XML-бомбы"):
        list(read(path))


def test_a_foreign_doctype_is_not_fetched(tmp_path: Path) -> None:
    """Nothing listens there, and nobody asks."""
    path = tmp_path / "a.fb2"
    path.write_text(
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><FictionBook><body><p>Да</p></body></FictionBook>', "utf-8"
    )
    (found,) = read(path)
    assert isinstance(found, Document) and found.text == "Да"


def test_entities_of_html_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.xhtml"
    path.write_text(OUTSIDE + BOMB, "utf-8")
    try:
        text = "".join(found.text for found in read(path) if isinstance(found, Document))
    except SourceError:
        return
    assert "root:" not in text and "хаха" not in text


def test_depth_is_bounded(tmp_path: Path) -> None:
    for name, data in (("a.fb2", "<a>" * (xml._DEPTH + 1)), ("a.rtf", "{\\rtf1" + "{" * 20_000)):
        (tmp_path / name).write_text(data)
        with pytest.raises(SourceError, match="слишком глубокая вложенность"):
            list(read(tmp_path / name))


def test_macros_are_never_looked_at(tmp_path: Path) -> None:
    document = '<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>Отчёт за апрель</w:t></w:r></w:p></w:body></w:document>'
    macro = b'Sub AutoOpen: Shell "format c:": End Sub'
    data = zipped({"word/document.xml": document, "word/vbaProject.bin": macro})
    assert found_in(tmp_path, "a.docm", data) == {"": "Отчёт за апрель"}


def test_a_line_of_gigabytes_is_a_problem(tmp_path: Path) -> None:
    """A sparse file: as long as it says, and nothing on the disk."""
    for name in ("a.txt", "a.html", "a.fb2", "a.rtf", "a.srt", "a.py", "a.eml"):
        path = tmp_path / name
        with path.open("wb") as stream:
            stream.truncate(3 << 30)
        with pytest.raises(SourceError, match="больше 64 МБ"):
            list(read(path))


def test_a_text_beyond_measure_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST", 1_000_000)
    (tmp_path / "a.txt").write_text("а" * 1_000_001, "utf-8")
    with pytest.raises(SourceError, match="текст длиннее 1 млн знаков"):
        list(read(tmp_path / "a.txt"))


def test_the_checksum_of_a_member_is_checked(tmp_path: Path) -> None:
    data = zipped({"a.txt": TEXT}, zipfile.ZIP_STORED)
    crc = struct.pack("<L", zlib.crc32(TEXT.encode()))
    found = found_in(tmp_path, "a.zip", data.replace(crc, b"\0\0\0\0"))
    assert found == {"!/a.txt": "повреждён: скачайте или запакуйте заново"}
    assert all(not isinstance(one, Problem) or one.reason for one in read(tmp_path / "a.zip"))
