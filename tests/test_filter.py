"""The filter of a segment: no word that is there is ever lost, few that are not pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Document, Index
from indexer.analysis.strings import Strings
from indexer.segment import filter as bloom
from indexer.segment.words import Words

WORDS = st.text("абвежзийнор-ёіz😀", min_size=1, max_size=300)
TERMS = st.lists(WORDS, max_size=9)
OLD = Path(__file__).parent / "indexes" / "v2"


@given(TERMS)
def test_hashes(words: list[str]) -> None:
    """A term hashes as the word before its first tab, however long and whatever stands around it."""
    terms = [f"{word}\tru\t{word}" if len(word) % 2 else word for word in words]
    base, modulus = 0x9E3779B97F4A7C15, 1 << 64
    slow = [sum(ord(letter) * pow(base, at, modulus) for at, letter in enumerate(word)) % modulus for word in words]
    assert bloom.hashes(Strings.of(terms)).tolist() == slow


@given(TERMS, TERMS)
def test_nothing_is_lost(there: list[str], asked: list[str]) -> None:
    """What is there passes, by its number; with nothing there, nothing passes."""
    passed = bloom.passing(bloom.made(bloom.hashes(Strings.of(there))), bloom.hashes(Strings.of(asked))).tolist()
    assert passed == sorted(set(passed))
    assert {number for number, word in enumerate(asked) if word in there} <= set(passed)
    assert there or not passed


@given(TERMS, TERMS)
def test_one_by_one(there: list[str], asked: list[str]) -> None:
    """A word asked for alone passes where it does among others."""
    made = bloom.made(bloom.hashes(Strings.of(there)))
    passed = bloom.passing(made, bloom.hashes(Strings.of(asked))).tolist()
    assert [number for number, word in enumerate(asked) if bloom.has(made.data, word)] == passed


def test_few_pass() -> None:
    """Of words that are not there one in a hundred passes, words of one letter and those alike among them."""
    letters = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
    words = [first + second + third for first in letters for second in letters for third in letters]
    there = bloom.made(bloom.hashes(Strings.of(words[::3])))
    absent = [*(words[number] for number in range(len(words)) if number % 3), *letters]
    assert len(there) == 10923 * 10 // 8 + 1
    assert 0.003 < len(bloom.passing(there, bloom.hashes(Strings.of(absent)))) / len(absent) < 0.015


def test_merged_and_relemmatised(tmp_path: Path) -> None:
    """Whatever writes the words of a segment writes their filter: a commit, a merge, new morphology."""
    index = Index.open(tmp_path / "index", create=True)
    for text in ("Рябков ответил журналистам", "Переговоры в Женеве", "Ёлки и ежи"):
        index.add(Document(text))
    for change in (lambda: None, index.compact, index.relemmatise):
        change()
        for segment in index._current().segments:
            stored = segment.files["lexicon"][bloom.SECTION]
            assert stored.tolist() == segment.words.expected_filter().tolist()
            assert segment.words.maybe(bloom.hashes(Strings.of(["рябков", "женеве", "ежи"]))).size


def test_check_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that would hide words is a problem, though every checksum is right."""
    made = bloom.made
    monkeypatch.setattr(bloom, "made", lambda hashed: made(hashed) & 0)
    index = Index.open(tmp_path / "index", create=True)
    index.add(Document("Рябков ответил журналистам"))
    monkeypatch.undo()
    report = Index.open(tmp_path / "index").check()
    assert [problem.reason for problem in report.problems] == ["раздел filter: не тот, что следует из слов"]


def test_older_index(tmp_path: Path) -> None:
    """An index of a version that wrote no filters finds misspelled words all the same."""
    shutil.copytree(OLD, tmp_path / "old")
    index = Index.open(tmp_path / "old")
    segments = index._current().segments
    assert not any(bloom.SECTION in segment.files["lexicon"] for segment in segments)
    for segment in segments:
        words = Words(segment.files["lexicon"], segment.forms, segment.lemmas)
        keys = [term.partition("\t")[0] for term in segment.forms.terms(range(len(segment.forms)))]
        assert words.maybe(bloom.hashes(Strings.of(keys))).tolist() == list(range(len(keys)))
