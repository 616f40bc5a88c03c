"""Encodings told apart by the text, and the declared one checked against it."""

from pathlib import Path

import pytest

from indexer.sources.encodings import decode, detect

SAMPLES = Path(__file__).parent.parent / "index_data" / "samples"
SEVEN = ("utf-8", "cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
SENTENCE = (
    "Пароход «Заря» отошёл от пристани на рассвете, когда над рекой ещё стоял туман, и капитан Рябков не торопился: "
    "переговоры с лоцманом затянулись, а премьер-министр, которого ждали до полуночи, так и не приехал."
)


def pieces() -> list[str]:
    """Texts of 200 letters, from every sample that has as many."""
    found = []
    for path in sorted(SAMPLES.iterdir()):
        text, start, letters = decode(path.read_bytes()), 0, 0
        for at, sign in enumerate(text):
            letters += sign.isalpha()
            if letters == 200:
                found.append(text[start : at + 1])
                start, letters = at + 1, 0
    return found


@pytest.mark.parametrize("encoding", [*SEVEN, *WIDE])
def test_texts_of_200_letters_come_back_to_the_letter(encoding: str) -> None:
    texts = [text.encode(encoding, "ignore").decode(encoding) for text in pieces()]
    assert len(texts) >= 60
    right = sum(decode(text.encode(encoding)) == text for text in texts)
    assert right == len(texts)


@pytest.mark.parametrize("encoding", [*SEVEN, *WIDE, "utf-32", "utf-16"])
def test_one_sentence_in_every_encoding(encoding: str) -> None:
    text = SENTENCE.encode(encoding, "ignore").decode(encoding)  # KOI8-R has no «»
    assert decode(text.encode(encoding)) == text


def test_ukrainian_letters_tell_koi8_u_from_koi8_r() -> None:
    text = "Її рішення підтримали всі, крім двох делегацій, які ще вагаються."
    assert decode(text.encode("koi8-u")) == text


@pytest.mark.parametrize(
    ("why", "data", "declared", "expected"),
    [
        ("what is declared and fits", "Да".encode("koi8-r"), "KOI8-R", "koi8-r"),
        ("declared otherwise than written", SENTENCE.encode("cp1251"), "koi8-r", "cp1251"),
        ("a page of the nineties: Latin-1 in its head", SENTENCE.encode("cp1251"), "iso-8859-1", "cp1251"),
        ("UTF-8 is UTF-8, whatever is said", SENTENCE.encode(), "windows-1251", "utf-8"),
        ("said to be UTF-8, and is not", SENTENCE.encode("cp1251"), "utf-8", "cp1251"),
        ("no such encoding", SENTENCE.encode("cp866", "ignore"), "windows-cyrillic", "cp866"),
        ("a codec that unpacks is no encoding", SENTENCE.encode("cp1251"), "zlib", "cp1251"),
        ("nothing of it", SENTENCE.encode("cp1251"), "\0 ", "cp1251"),
        ("Polish, as declared", "żółw i gęś śpią".encode("iso8859-2"), "iso-8859-2", "iso8859-2"),
        ("Polish said to be Russian", "déjà vu à la carte".encode("cp1252"), "cp1251", "cp1252"),
    ],
)
def test_the_declared_encoding_is_checked(why: str, data: bytes, declared: str, expected: str) -> None:
    assert detect(data, declared) == expected, why
