"""The formulas of ranking: numbers worked out by hand, and what must hold of any numbers."""

from __future__ import annotations

from itertools import pairwise
from math import inf, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import ranking
from indexer.ranking import K1, TITLE, VERY_FORM, B, idf, saturation


def score(rarity: float, frequency: float, very_form: float, length: float, average: float, words: int = 1) -> float:
    """A query word's score in a document, from its frequency and the part of it in the form typed."""
    kin, typed = (saturation(count, length, average) for count in (frequency, very_form))
    return ranking.score(rarity, kin, typed, words)


IDF = [
    (2, 1, log(2), "one document of two: 1 + 1.5 / 1.5"),
    (3, 1, log(8 / 3), "one of three: 1 + 2.5 / 1.5"),
    (10, 10, log(1 + 0.5 / 10.5), "in every document: little, but more than nothing"),
    (1, 1, log(4 / 3), "in the only document there is"),
    (5, 0, log(12), "in none: 1 + 5.5 / 0.5"),
]


@pytest.mark.parametrize(("documents", "having", "expected", "reason"), IDF)
def test_idf(documents: int, having: int, expected: float, reason: str) -> None:
    assert isclose(idf(documents, having), expected), reason


SATURATION = [
    (0.0, 10.0, 10.0, 0.0, "no occurrence"),
    (1.0, 10.0, 10.0, 1.0, "one in a document of average length: 2.2 / 2.2"),
    (2.0, 10.0, 10.0, 4.4 / 3.2, "two are worth less than twice as much"),
    (0.5, 10.0, 10.0, 1.1 / 1.7, "half an occurrence: a form that is as often another word"),
    (1.0, 20.0, 10.0, 2.2 / 3.1, "in a document twice as long: 1 + 1.2 · (0.25 + 1.5)"),
    (1.0, 5.0, 10.0, 2.2 / 1.75, "in one half as long: 1 + 1.2 · (0.25 + 0.375)"),
]


@pytest.mark.parametrize(("frequency", "length", "average", "expected", "reason"), SATURATION)
def test_saturation(frequency: float, length: float, average: float, expected: float, reason: str) -> None:
    assert isclose(saturation(frequency, length, average), expected), reason


SCORE = [
    (1.0, 1.0, 0.0, 1, 1.0, "one occurrence in another form"),
    (1.0, 1.0, 1.0, 1, 1.5, "in the very form typed"),
    (1.0, 1.0, 1.0, 2, 1.25, "of two words: half of the bonus"),
    (1.0, 1.0, 1.0, 10, 1.05, "of ten: a tenth"),
    (3.0, 1.0, 1.0, 1, 4.5, "of a rarer word"),
    (0.0, 1.0, 1.0, 1, 0.0, "of a word worth nothing"),
]


@pytest.mark.parametrize(("rarity", "frequency", "very_form", "words", "expected", "reason"), SCORE)
def test_score(rarity: float, frequency: float, very_form: float, words: int, expected: float, reason: str) -> None:
    assert isclose(score(rarity, frequency, very_form, 10, 10, words), expected), reason


# A query of one word, idf 1, in documents of ten words on the average: each row is above the next.
# expected frequency, of it in the form typed, length — and why it is above the next
PLACES = [
    (TITLE + 1.0, TITLE + 1.0, 10, "in the title and in the text"),
    (TITLE, TITLE, 10, "in the title, which is as good as twice in the text"),
    (1.0, 1.0, 5, "once, as typed, in a short document"),
    (1.0, 1.0, 10, "once, as typed"),
    (1.0, 0.0, 10, "once, in another form"),
    (1.0, 0.0, 20, "in a long document"),
    (0.5, 0.0, 20, "in a form that is as often another word"),
    (0.0, 0.0, 1, "not at all"),
]


def test_places() -> None:
    scores = [score(1.0, frequency, typed, length, 10) for frequency, typed, length, _ in PLACES]
    for (_, _, _, reason), (one, other) in zip(PLACES, pairwise(scores), strict=False):
        assert one > other, reason


def test_a_rare_word_once_is_worth_more_than_a_common_one_often() -> None:
    assert score(idf(1000, 3), 1, 0, 10, 10) > score(idf(1000, 600), 50, 0, 10, 10)


def test_constants_are_those_of_the_paper() -> None:
    assert (K1, B) == (1.2, 0.75)
    assert TITLE > 1
    assert 0 < VERY_FORM < 1


COUNTS = st.integers(1, 10**7)
AMOUNTS = st.floats(0, 1e6)
LENGTHS = st.floats(1, 1e7)


@given(COUNTS, st.data())
def test_a_word_that_fewer_have_is_worth_more(documents: int, data: st.DataObject) -> None:
    having = data.draw(st.integers(0, documents - 1))
    assert 0 < idf(documents, having + 1) < idf(documents, having) < inf


@given(AMOUNTS, AMOUNTS, LENGTHS, LENGTHS)
def test_more_occurrences_are_never_worth_less(one: float, more: float, length: float, average: float) -> None:
    assert 0 <= saturation(one, length, average) <= K1 + 1
    assert saturation(one + more, length, average) >= saturation(one, length, average) - 1e-9


@given(st.floats(0.01, 1e6), LENGTHS, LENGTHS, LENGTHS)
def test_a_longer_document_is_never_worth_more(frequency: float, length: float, more: float, average: float) -> None:
    assert saturation(frequency, length + more, average) <= saturation(frequency, length, average)


@given(st.floats(0, 20), AMOUNTS, st.floats(0, 1), LENGTHS, LENGTHS, st.integers(1, 50))
def test_the_form_typed_is_a_bonus_and_not_the_whole(
    rarity: float, frequency: float, share: float, length: float, average: float, words: int
) -> None:
    plain = score(rarity, frequency, 0.0, length, average, words)
    typed = score(rarity, frequency, frequency * share, length, average, words)
    assert plain <= typed <= plain * (1 + VERY_FORM) + 1e-9
