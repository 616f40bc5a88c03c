"""Texts as they lie on disk: whatever their lengths, and with any dictionary, they come out as they went in."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
import zstandard

from indexer.segment import documents
from indexer.segment.documents import DIGEST, Documents, Rows, hashed
from indexer.segment.files import Sections, SectionWriter
from indexer.segment.storing import CHUNK, write_all

WORDS = "порт маяк ветер волна туман улов сети рыба лёд почта сани баржа зерно соль устье причал капитан 🙂".split()


def rows(texts: list[str], first: int) -> Rows:
    """Some texts with nothing else; ids are numbers from `first` on."""
    numbers = range(first, first + len(texts))
    ones = np.ones(len(texts), np.int64)
    return Rows(
        heads=[json.dumps([str(number), "", [0, 0], None, None, "ru", {}]) for number in numbers],
        texts=[text.encode() for text in texts],
        chars=[len(text) for text in texts],
        dates=[0] * len(texts),
        hashes=[hashed(str(number)) for number in numbers],
        digests=bytes(DIGEST * len(texts)),
        lengths=ones,
        words=ones,
        marks=0 * ones,
        offsets=ones[:0],
        back=ones[:0],
        locations=[b""] * len(texts),
        shingles=0 * ones,
    )


def kept(folder: Path, texts: list[str]) -> Documents:
    """Written some at a time, and opened again."""
    with SectionWriter(folder / "s1.documents") as target:
        write_all(target, (rows(texts[first : first + 50], first) for first in range(0, len(texts), 50)))
    return Documents(Sections(folder / "s1.documents"))


def texts(count: int) -> list[str]:
    """Short ones, empty ones, some of many chunks."""
    random = Random(7)
    sizes = [random.choice([0, 1, 5, 40, 40, 40, 300, 3000]) for _ in range(count)]
    return [" ".join(random.choices(WORDS, k=size)) for size in sizes]


@pytest.mark.parametrize("count", [0, 1, 30, 600])
def test_texts_come_out_as_they_went_in(tmp_path: Path, count: int) -> None:
    """With few there is no dictionary; of the many one is trained."""
    given = texts(count)
    found = kept(tmp_path, given)
    assert bool(len(found.sections["text.dictionary"])) == (sum(map(len, given)) >= 1 << 19)
    assert [found.text(number) for number in range(count)] == given
    for number, text in enumerate(given):
        assert found.text(number, 3, 2 * CHUNK + 1) == text[3 : 2 * CHUNK + 1]
        assert found.numbers(str(number)) == [number]


@pytest.mark.parametrize("text", ["а" * (1 << 20), "абв " * (1 << 18)], ids=["one letter", "one word"])
def test_texts_that_teach_a_dictionary_nothing(tmp_path: Path, text: str) -> None:
    assert kept(tmp_path, [text]).text(0) == text


@pytest.mark.parametrize("letter", "aя—🙂")
def test_long_texts_are_cut_between_characters(tmp_path: Path, letter: str) -> None:
    """Of one byte in UTF-8, of two, of three and of four: all chunks but the last have as many characters."""
    text = letter * (3 * CHUNK + 1)
    found = kept(tmp_path, [text])
    assert found.sections["text.starts"].tolist() == [0, CHUNK, 2 * CHUNK, 3 * CHUNK + 1]
    assert [found.text(0, at, at + CHUNK) for at in (0, 1, CHUNK)] == 3 * [letter * CHUNK]


def test_a_dictionary_that_was_not_trained() -> None:
    """As earlier versions wrote it: it is text, and no more."""
    text = "Порт Лопухов лежит в устье реки Сизой."
    raw = zstandard.ZstdCompressionDict(text.encode(), zstandard.DICT_TYPE_RAWCONTENT)
    blob = np.frombuffer(zstandard.ZstdCompressor(dict_data=raw).compress(("Летом " + text).encode()), np.uint8)
    assert documents._blocks(np.array([0, len(blob)]), blob, text.encode())(0) == "Летом " + text
