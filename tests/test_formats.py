"""What people have in their folders, as real programs wrote it: text, title, date, and where a passage stands."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from pathlib import Path

import pytest

from indexer import Index
from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import pdf, read
from indexer.sources.growing import Growing
from indexer.sources.hyphens import rejoined

FILES = Path(__file__).parent / "files"
BOOKS = sorted(FILES.glob("povest-*.*"))


def only(path: Path) -> Document:
    (found,) = read(path)
    assert isinstance(found, Document), found
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_every_program_says_the_same(path: Path) -> None:
    book = only(path)
    text = flat(book.text)
    assert "Капитан Рябков не торопился: переговоры с лоцманом затянулись, а премьер-министр" in text
    assert "Не пойдём на уступки, — сказал лоцман и сплюнул за борт" in text  # «ус**туп**ки» is one word
    assert "Лопухово 14 07:30" in text.replace("\t", " ")
    assert "Заречное 37 11:05" in text
    assert "взять дров" in text
    assert "О делегации больше никто не вспоминал." in text
    assert "Лоцман потом уверял, что этого не говорил." in text  # a note
    assert book.title == "Пароход «Заря» и другие"
    assert book.date in (dt.date(2021, 5, 14), "2021-05-14")
    assert book.path == str(path)


@pytest.mark.parametrize("path", [book for book in BOOKS if book.suffix != ".rtf"], ids=lambda path: path.name)
def test_the_author_is_a_field(path: Path) -> None:
    """pandoc writes none into RTF."""
    assert only(path).fields["author"] in ("Лука Пестов", ["Лука Пестов"])


@pytest.mark.parametrize(
    "path", [book for book in BOOKS if book.suffix not in (".html", ".pdf")], ids=lambda path: path.name
)
def test_a_passage_names_its_chapter(path: Path, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(path)
        places = {word: index.search(word)[0].snippets[0].location for word in ("рябков", "смотритель", "самовары")}
        assert places["рябков"] == "Глава первая. Отъезд"
        assert places["смотритель"] == "Глава вторая. Маяк"
        assert index.search("толстый стакан")[0].snippets[0].location == "Глава третья. Возвращение"


def test_a_page_of_a_pdf_is_named_and_its_lines_are_whole(tmp_path: Path) -> None:
    path = FILES / "uzkie-stranicy.pdf"
    text = only(path).text
    assert "самого вечера, отправился обратно в город на последнем извозчике.\nГлава 2" in text  # no page number
    assert "научно-исследовательского\nинститута возвращалась" in text
    assert "Социал-демократ Зарубин читал вслух" in text
    assert "превосходительней-\nший" in text  # the dictionary knows it neither way
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(path)
        for query, page in (("премьер-министр", "стр. 1"), ("достопримечательность", "стр. 2"), ("чай", "стр. 3")):
            (hit,) = index.search(query)
            assert hit.snippets[0].location == page
        assert index.search("превосходительнейший").total == 1
        assert index.search("полуразвалившийся").total == 1


def test_where_a_passage_stands_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from indexer.cli import indexer as command

    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(FILES / "uzkie-stranicy.pdf")
    assert command.main(["search", "--index", str(tmp_path / "index"), "телеграмма"]) == 0
    assert "   [стр. 3] Социал-демократ Зарубин читал вслух телеграмму" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("перего-\nворы шли", "переговоры шли"),
        ("перего\ufffeворы шли", "переговоры шли"),
        ("перего\u00ad\nворы шли", "переговоры шли"),
        ("премьер-\nминистр", "премьер-министр"),
        ("научно-тех\ufffeнический", "научно-технический"),
        ("Санкт-\nПетербург", "Санкт-Петербург"),
        ("в 1990-\n1995 годах", "в 1990-1995 годах"),
        ("фырмы-\nшмырмы", "фырмы-\nшмырмы"),
        ("конец страницы\ufffe", "конец страницы-"),
        ("— Да,\n— сказал он", "— Да,\n— сказал он"),
    ],
)
def test_words_broken_at_line_ends(text: str, whole: str) -> None:
    assert rejoined(text) == whole


def test_without_pdfium_one_sentence_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(SourceError, match=r"^для PDF нужна библиотека pypdfium2: pip install 'indexer\[pdf\]'$"):
        list(read(FILES / "uzkie-stranicy.pdf"))


def test_a_title_that_a_program_made_up_is_none() -> None:
    for title in ("Microsoft Word - Документ1.doc", "отчёт.docx", "untitled"):
        assert pdf._NO_TITLE.fullmatch(title.strip())
    assert not pdf._NO_TITLE.fullmatch("Пароход «Заря»")


# Damaged specimens


@pytest.mark.parametrize("path", [*BOOKS, FILES / "uzkie-stranicy.pdf"], ids=lambda path: path.name)
@pytest.mark.parametrize("damage", ["cut", "zeros", "noise"])
def test_a_damaged_file_is_a_problem_or_a_document(path: Path, damage: str, tmp_path: Path) -> None:
    """Never another error, and never more than a reason in Russian."""
    data = path.read_bytes()
    middle = len(data) // 2
    broken = {
        "cut": data[:middle],
        "zeros": data[:middle] + bytes(200) + data[middle + 200 :],
        "noise": bytes(byte ^ (0x5A if at % 97 == 0 else 0) for at, byte in enumerate(data)),
    }
    (tmp_path / path.name).write_bytes(broken[damage])
    try:
        for found in read(tmp_path / path.name):
            assert isinstance(found, Document) or found.reason
    except SourceError as error:
        assert any("а" <= sign <= "я" for sign in str(error))


@pytest.mark.parametrize(
    "ending", ["docx", "odt", "epub", "fb2", "fb2.zip", "pdf", "rtf", "zip", "tar", "fodt", "mbox"]
)
def test_another_format_under_the_name_is_a_problem(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("Это просто текст, а не то, что обещает имя файла.\n", "utf-8")
    try:
        found = list(read(path))
    except SourceError as error:
        assert "а" in str(error)
    else:
        assert all(isinstance(one, Problem) for one in found) and found


def test_the_rest_of_a_book_is_read_where_a_page_is_damaged(tmp_path: Path) -> None:
    source = zipfile.ZipFile(FILES / "povest-pandoc.epub")
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if not info.filename.endswith("ch002.xhtml"):
                target.writestr(info, data)
    problem, book = read(path)
    assert isinstance(problem, Problem) and problem.path.endswith("book.epub!/EPUB/text/ch002.xhtml")
    assert isinstance(book, Document) and "Самовар" in book.text and "Смотритель" not in book.text


def test_a_book_under_drm_says_so(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes((FILES / "povest-pandoc.epub").read_bytes())
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(
            "META-INF/encryption.xml",
            '<encryption xmlns:e="x"><e:CipherReference URI="EPUB/text/ch001.xhtml"/></encryption>',
        )
    with pytest.raises(SourceError, match="DRM"):
        list(read(path))


# FB2


FB2 = """<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">
<description><title-info><genre>prose</genre><author><first-name>Лука</first-name><last-name>Пестов</last-name></author>
<book-title>Ледоход</book-title><annotation><p>Повесть о реке.</p></annotation><lang>ru</lang>
<sequence name="Река" number="2"/></title-info></description>
<body><section><title><p>Часть первая</p></title><section><p>Лёд тронулся в среду.</p></section></section>
<section><p>Безымянная глава о плотах.</p>
<poem><stanza><v>Плывут плоты,</v><v>плывут и поют.</v></stanza></poem></section>
</body><body name="notes"><section id="n1"><title><p>1</p></title><p>То есть весной.</p></section></body>
<binary id="c.jpg" content-type="image/jpeg">0YfQuNGB0LvQvg==</binary></FictionBook>"""


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "koi8-r"])
def test_fb2_whatever_it_declares(encoding: str, tmp_path: Path) -> None:
    """The declared encoding is checked against the text: «windows-1251» above UTF-8 is common."""
    path = tmp_path / "book.fb2"
    path.write_bytes(FB2.encode(encoding))
    book = only(path)
    assert book.text == (
        "Повесть о реке.\n\nЧасть первая\n\nЛёд тронулся в среду.\n\nБезымянная глава о плотах.\n\n"
        "Плывут плоты,\nплывут и поют.\n\n1\n\nТо есть весной."
    )
    assert (book.title, book.lang) == ("Ледоход", "ru")
    assert book.fields == {"author": ["Лука Пестов"], "genre": ["prose"], "series": "Река"}
    assert [name for _, name in book.locations] == ["Часть первая", "глава 2"]


def test_a_zipped_book_goes_by_the_name_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "ледоход.fb2.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("book.fb2", FB2.encode("cp1251"))
    assert only(path).path == str(path)
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(path)
        assert [hit.title for hit in index.search("плоты", where={"ext": "fb2"})] == ["Ледоход"]


# RTF


def rtf(body: bytes, tmp_path: Path) -> Document:
    path = tmp_path / "a.rtf"
    path.write_bytes(body)
    return only(path)


@pytest.mark.parametrize(
    ("why", "body", "text"),
    [
        ("code page of the document", rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2\par}", "Привет"),
        (
            "code page of the font in an «English» document",
            rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}}",
            "Привет",
        ),
        (
            "said to be Western, written in Russian: a converter of the nineties",
            b"{\\rtf1\\ansi\\ansicpg1252 " + "Делегация не пойдёт на уступки журналистам".encode("cp1251") + b"}",
            "Делегация не пойдёт на уступки журналистам",
        ),
        ("Unicode with one sign for older readers", rb"{\rtf1\ansi\uc1\u1055?\u1088?}", "Пр"),
        ("with none, and with two", rb"{\rtf1\uc0\u1055\u1088{\uc2\u1080??}\u1074}", "Прив"),
        ("negative numbers and pairs", rb"{\rtf1\u-10179?\u-8704?}", "😀"),
        ("the old Macintosh", b"{\\rtf1\\mac{\\fonttbl{\\f0\\fcharset77 A;}{\\f1\\fcharset89 B;}}\\f1 "
         + "Привет".encode("mac-cyrillic") + b"}", "Привет"),
        ("braces, slashes, hyphens", rb"{\rtf1 a\{b\}\\c\~d\-e\_f}", "a{b}\\c\u00a0d\u00ade\u2011f"),
        ("what is no text", rb"{\rtf1{\*\generator X;}{\pict abcdef}{\header top}{\stylesheet{\s1 Head;}}yes}", "yes"),
        ("binary data", b"{\\rtf1 a{\\pict\\bin5 }}}}}}b}", "ab"),
        ("a link shows its text", rb'{\rtf1{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt link}}}', "link"),
        ("a table", rb"{\rtf1\trowd\intbl a\cell b\cell\row\pard c\par}", "a\tb\nc"),
        ("never closed", rb"{\rtf1 {\b bold", "bold"),
    ],
)  # fmt: skip
def test_rtf(why: str, body: bytes, text: str, tmp_path: Path) -> None:
    assert rtf(body, tmp_path).text.replace("\n\n", "\n") == text, why


def test_rtf_says_its_title_in_unicode(tmp_path: Path) -> None:
    body = rb"{\rtf1{\info{\upr{\title ???}{\*\ud{\title \u1051?\u1105?\u1076?}}}{\author I. I.}}a}"
    found = rtf(body, tmp_path)
    assert (found.title, found.fields, found.date) == ("Лёд", {"author": "I. I."}, None)
    assert rtf(rb"{\rtf1{\info{\creatim\yr2021\mo5\dy14\hr9}}a}", tmp_path).date == "2021-05-14"


# Subtitles


def test_subtitles_name_the_minute(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(
        "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Лёд тронулся,</i>\r\nгоспода.\r\n\r\n"
        "2\r\n01:02:03,000 --> 01:02:05,000\r\n{\\an8}Командовать парадом\r\nбуду я.\r\n".encode("cp1251")
    )
    found = only(path)
    assert found.text == "Лёд тронулся,\nгоспода.\nКомандовать парадом\nбуду я."
    assert found.locations == ((0, "00:00:01"), (23, "01:02:03"))


def test_web_subtitles(tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000 align:start\nЛёд тронулся.\n", "utf-8")
    assert only(path).locations == ((0, "00:01"),)


# Source code


def test_code_is_text_without_a_title(tmp_path: Path) -> None:
    path = tmp_path / "deploy.yaml"
    path.write_text("---\nservice: поиск\nversion: 2\n---\nservice: индекс\n", "utf-8")
    found = only(path)
    assert found.text.startswith("---\nservice: поиск") and not found.title and not found.fields


def test_places_of_what_is_put_together() -> None:
    grown = Growing()
    grown.add("  ")
    grown.begin("стр. 1")
    grown.add(" а\n")
    grown.begin("стр. 2")
    grown.add("")
    grown.begin("стр. 3")
    grown.add("б\n\nв", headings=[(3, "глава 1")])
    assert grown.text == "а\n\nб\n\nв"
    assert grown.locations == [(0, "стр. 1"), (3, "стр. 3"), (6, "глава 1")]
    assert [grown.text[at] for at, _ in grown.locations] == ["а", "б", "в"]
