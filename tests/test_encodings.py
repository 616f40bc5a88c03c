"""Bytes → text: each encoding Russian is met in comes back to the letter, and what is no text is refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources.encodings import decode

NEWS = "Делегация не пойдёт на уступки: об этом её глава сообщил журналистам перед отлётом в Женеву."
EVERYWHERE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r", "cp866")

TABLE = """\
┌──────────┬─────────────┐
│ Город    │ Погода      │
├──────────┼─────────────┤
│ Женева   │ ясно        │
│ Брюссель │ моросит     │
└──────────┴─────────────┘
"""

MIXED = (
    "class Reader: parses every record of the stream, keeps no state between calls and never blocks.\n"
    "Примечание: после разбора поток закрывать не нужно.\n"
    "See also: Writer, Stream, Record. All names are reserved for internal use.\n"
)


@pytest.mark.parametrize("encoding", EVERYWHERE)
@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("a sentence of the news, with ё", NEWS),
        ("capitals: their codes are the small letters of another encoding", NEWS.upper()),
        ("twenty letters are enough", "Погода в Женеве ясная"),
        ("a heading: every word begins with a capital", "Министерство Иностранных Дел Сообщает"),
        ("much English, one line of Russian", MIXED),
        ("Bulgarian, whose ъ is everywhere", "Той подчерта, че срещата утре няма да бъде лесна за никого."),
        ("new lines stay as they are", "Первая строка.\r\nВторая строка.\r\rТретья\tстрока.\n\n"),
        ("a single NUL among letters is kept", "Первая запись\0вторая запись, и обе читаются"),
    ],
)
def test_every_encoding_is_told_apart(encoding: str, why: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text, why


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "utf-8", "utf-16-le", "utf-16-be"])
def test_frames_of_tables_are_no_letters(encoding: str) -> None:
    # «─» of cp866 is «д» in KOI8-R, and that of KOI8-R is «А» in cp866
    assert decode(TABLE.encode(encoding)) == TABLE


@pytest.mark.parametrize(
    ("why", "data", "text"),
    [
        ("ASCII is UTF-8", b"plain old text\n", "plain old text\n"),
        ("nothing is nothing", b"", ""),
        (
            "quotes and dashes of cp1251",
            "«Да», — сказал он… № 5".encode("cp1251"),
            "«Да», — сказал он… № 5",
        ),
        ("Ukrainian in cp1251", "Її рішення підтримали всі".encode("cp1251"), "Її рішення підтримали всі"),
        (
            "Ukrainian in DOS, Latin i for і",
            "вiн пiдтримав рiшення".encode("cp866"),
            "вiн пiдтримав рiшення",
        ),
        ("Western: é within a Latin word", "déjà vu à la carte".encode("cp1252"), "déjà vu à la carte"),
        ("Western quotes in English", "it’s a “word”".encode("cp1252"), "it’s a “word”"),
        ("the mark of DOS for the end of a file", "Конец файла, и ничего после\n\x1a".encode("cp866"), None),
        ("colours of a log", "\x1b[31mОшибка при чтении\x1b[0m файла".encode("cp1251"), None),
    ],
)
def test_what_else_is_met(why: str, data: bytes, text: str | None) -> None:
    found = decode(data)
    assert found == text if text is not None else "а" in found, why


def test_utf8_cut_within_a_letter_stays_utf8() -> None:
    # a download stopped in the middle: the rest must not turn into «РќРѕРІРѕСЃС‚Рё»
    assert decode("Новости дня".encode()[:-1]) == "Новости дн\ufffd"


@pytest.mark.parametrize(
    ("why", "data"),
    [
        ("the head of a PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\0\x08\x06"),
        ("its signature alone", b"\x89PNG\r\n\x1a\n"),
        ("the head of an ELF program", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0>\0\x01\0\0\0"),
        ("zeros", bytes(512)),
        ("every byte there is", bytes(range(256)) * 4),
        ("UTF-8, and controls in every word", "а\x01б\x02в\x03г\x04д\x05".encode()),
    ],
)
def test_what_is_no_text_is_refused(why: str, data: bytes) -> None:
    with pytest.raises(SourceError, match="двоичный файл"):
        decode(data)
        pytest.fail(why)


def test_an_encoding_given_is_used_as_told() -> None:
    data = "Да".encode("koi8-r")
    assert decode(data, "koi8-r") == "Да"
    assert decode(data, "cp1251") == "дБ"  # wrong, but so they said
    assert decode(codecs.BOM_UTF8 + b"text", "utf-8") == "text"  # the mark is never a part of the text


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"text", "windows-russian", "нет такой кодировки: windows-russian"),
        (b"text", "rot13", "нет такой кодировки: rot13"),  # Python has it, but it makes no text of bytes
        (b"text", "no\0name", "нет такой кодировки"),
        ("Женева".encode("cp1251"), "utf-8", "не читается как utf-8, начиная с байта 0"),
        (b"\\ud83d", "unicode_escape", "не читается как"),  # half a pair could not be written down
        (codecs.BOM_UTF16_LE + b"\x1f\x04\x40", "auto", "не читается как utf-16"),
    ],
)
def test_what_cannot_be_decoded_names_the_next_step(data: bytes, encoding: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        decode(data, encoding)
    assert "--encoding" in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_source_error(data: bytes) -> None:
    try:
        text = decode(data)
    except SourceError:
        return
    assert text.encode().decode() == text  # no halves of pairs


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_in_utf8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")
