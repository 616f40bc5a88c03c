"""The best documents without looking at all, against the plain sum over all of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.query import taken, topk
from indexer.query.leaves import any_of
from indexer.query.scored import Found, Saturated, Scored
from indexer.query.taken import Taken
from indexer.query.topk import best_of_any


def scored(random: np.random.Generator, size: int, frequency: int, words: int, *, typed: bool, coarse: bool) -> Scored:
    """A leaf that so many documents have; coarse ones are of few values, so that many documents are equals."""
    documents = np.sort(random.choice(size, frequency, replace=False))
    kin = random.integers(1, 4, frequency) / 2 if coarse else random.random(frequency) * 2.2
    very_form = kin * random.random(frequency) * (random.random(frequency) < 0.5) if typed else None
    return Scored(Saturated(documents, kin, very_form, float(random.random() * 8 + 0.1), size, frequency), words)


def near(random: np.random.Generator, parts: list[Scored], size: int) -> list[Scored]:
    """Short lists of documents that are in two neighbours among the parts."""
    found = []
    for one, other in pairwise(parts):
        shared = np.intersect1d(one.documents, other.documents)
        some = np.sort(random.choice(shared, len(shared) // 3, replace=False)) if len(shared) > 2 else shared[:0]
        if len(some):
            saturated = Saturated(some, 1 / random.integers(1, 9, len(some)), None, 1.0, size, len(some))
            found.append(Scored(saturated, one.words, 0.7))
    return found


def plain(parts: list[Scored], pairs: list[Scored]) -> Found:
    """Every document with its score."""
    every = any_of(parts)
    scores = np.zeros(len(every.documents))
    for part in (*parts, *pairs):
        scores += part.at(every.documents)
    return Found(every.documents, scores)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([40, 900, 20_000]),
    st.integers(1, 14),
    st.integers(1, 30),
    st.booleans(),
    st.booleans(),
)
@example(1, 20_000, 14, 10, False, False)
@example(2, 20_000, 14, 10, True, True)
def test_the_best_are_those_of_all(seed: int, size: int, words: int, wanted: int, pairs: bool, coarse: bool) -> None:
    """The same scores to the last bit, of lists rare and common, with and without words near each other."""
    random = np.random.default_rng(seed)
    shares = random.random(words) ** 6
    parts = [
        scored(random, size, int(share * size), words, typed=bool(random.integers(2)), coarse=coarse)
        for share in shares
    ]
    parts += parts[: words // 5]  # a word may stand in a question twice
    beside = near(random, parts, size) if pairs else []
    every = plain(parts, beside)
    found = best_of_any(parts, beside, wanted, size)
    at, there = every.find(found.documents)
    assert there.all()
    assert (every.scores[at] == found.scores).all()
    best = sorted(every.scores, reverse=True)[:wanted]
    assert sorted(found.scores, reverse=True)[: len(best)] == best
    assert set(every.documents[every.scores >= (best or [0])[-1]]) <= set(found.documents), "equals are all there"


def test_few_documents_are_looked_at() -> None:
    """Fifteen words, most of them common: what is left to be scored is not much more than the ten that are wanted."""
    random = np.random.default_rng(5)
    frequencies = [30, 60, 200, 400, 700, 1500, 4000, 6000, 9000, 12_000, 15_000, 15_000, 18_000, 19_000, 19_500]
    parts = [
        Scored(
            Saturated(
                np.sort(random.choice(20_000, count, replace=False)),
                random.random(count) * 2.2,
                None,
                float(np.log(1 + (20_000 - count) / count)),
                20_000,
                count,
            ),
            15,
        )
        for count in frequencies
    ]
    found = best_of_any(parts, [], 10, 20_000)
    assert 10 <= len(found.documents) <= topk._FEW


def test_nothing_wanted_or_nothing_there() -> None:
    """No documents, and no error."""
    random = np.random.default_rng(1)
    word = scored(random, 100, 10, 1, typed=False, coarse=False)
    nothing = scored(random, 100, 0, 1, typed=False, coarse=False)
    assert not len(best_of_any([word, nothing], [], 0, 100).documents)
    assert not len(best_of_any([nothing, nothing], [], 10, 100).documents)
    assert best_of_any([word, nothing], [], 10, 100).documents.tolist() == word.documents.tolist()


@pytest.mark.parametrize("size", [200, 100_000])
def test_lists_taken_one_after_another(size: int) -> None:
    """Few among many documents or many among few: the sums are those of all lists so far."""
    random = np.random.default_rng(size)
    parts = [scored(random, 200, count, 3, typed=True, coarse=False) for count in (5, 90, 40, 120)]
    both = Taken(size)
    for number, part in enumerate(parts, 1):
        both.take([part])
        every = plain(parts[:number], [])
        documents, sums = both.above(0.0)
        assert documents.tolist() == every.documents.tolist()
        assert np.allclose(sums, every.scores)
        assert both.count(2.0) >= np.count_nonzero(every.scores >= 2.0)
        best, _ = both.best(7)
        assert set(every.documents[np.argsort(-every.scores)[:7]]) <= set(best.tolist())


def test_what_documents_have_in_each_list() -> None:
    """The rows of many lists that were taken are what looking the documents up finds."""
    random = np.random.default_rng(3)
    parts = [scored(random, 500, count, 9, typed=True, coarse=False) for count in range(5, 50, 4)]
    assert len(parts) > taken._MANY
    lists = Taken(500)
    lists.take(parts)
    wanted = np.array([0, 17, 133, 134, 499])
    assert all((row == part.at(wanted)).all() for part, row in lists.scores(wanted).items())
    assert lists.scores(wanted).keys() == set(parts)
