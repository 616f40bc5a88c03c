"""Spellings near a word: the hashed neighbourhood against distances computed one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document, Index
from indexer.analysis.strings import Strings
from indexer.query import beginnings
from indexer.query.edits import once, twice
from indexer.query.fuzzy import near as near_words
from indexer.query.known import known
from indexer.segment.filter import hashes
from indexer.segment.reader import Reader

WORDS = st.text("абвежзийнор-", min_size=1, max_size=7).filter(lambda word: word.strip("-") == word)


def distance(first: str, second: str) -> int:
    """Edits from one word to the other, one letter taking part in one edit only (optimal string alignment)."""
    rows = [[max(i, j) if not i or not j else 0 for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i, a in enumerate(first, 1):
        for j, b in enumerate(second, 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def spelled(groups: object) -> set[str]:
    """All the spellings written out."""
    return {group.word(at) for group in groups for at in range(len(group.costs))}  # type: ignore[attr-defined]


@given(WORDS, WORDS)
def test_one_edit(word: str, other: str) -> None:
    """What is one edit away is among the neighbours, and nothing else but the word itself."""
    assert (other in spelled(once(word)) - {word}) == (distance(word, other) == 1)


@settings(max_examples=30)
@given(st.text("абвежзий", min_size=1, max_size=4), st.text("абвежзий", min_size=1, max_size=5))
def test_two_edits(word: str, other: str) -> None:
    """Two edits reach all at distance two; edits of edits may touch a letter twice, never more."""
    (wanted,) = hashes(Strings.of([other])).tolist()
    if distance(word, other) <= 2 and word != other:
        assert any(wanted in group.hashes for group in (*once(word), *twice(word)))


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("рибков", "рябков", 0.6),  # и and я sound alike
        ("комисия", "комиссия", 0.4),  # one of a double letter
        ("агенство", "агентство", 0.6),  # т is not heard
        ("договро", "договор", 0.6),  # exchanged
        ("двговор", "договор", 1.0),  # в is neither beside о nor like it
        ("жоговор", "договор", 1.0),  # ж is beside д, but the first letter is seldom wrong
        ("ттайна", "тайна", 0.4),  # whichever of the two is left out
    ],
)
def test_costs(typed: str, meant: str, cost: float) -> None:
    """People mistype some letters more than others."""
    costs = [group.costs[at] for group in once(typed) for at in range(len(group.costs)) if group.word(at) == meant]
    assert min(costs) == pytest.approx(cost)


def reader(folder: Path, *texts: str) -> Reader:
    """An index of one segment a text."""
    index = Index.open(folder, create=True)
    for text in texts:
        index.add(Document(text, lang="ru"))
    return index._current()


def test_known_in_several_segments(tmp_path: Path) -> None:
    """Frequencies are of the whole index, whatever segment a word is in; ё is е; a lemma has those of its forms."""
    held = reader(tmp_path, "Ель и ежи", "Ёлка, ёж и ель", "Ежи, ежи!")
    words = ["ель", "ежи", "еж", "елка", "елки"]
    # Ежи is a name too
    assert known(hashes(Strings.of(words)), words.__getitem__, held) == {0: (2, 2), 1: (2, 2), 2: (1, 3), 3: (1, 1)}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=1, max_size=3), st.text("абв", max_size=2))
def test_beginning(tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], prefix: str) -> None:
    """The most frequent first, as a count over all documents has them; then the shorter."""
    held = reader(tmp_path_factory.mktemp("index"), *map(" ".join, texts))
    counts = Counter({entry.key: 0 for entry in held.scan(prefix)})
    for key in counts:
        counts[key] = sum(len(held.form(entry).documents) for entry in held.entries(key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beginnings, "_FIRST", 1)  # so that a few words take several rounds
        found = [*beginnings.beginning(prefix, held)]
    assert found == sorted(counts, key=lambda key: (-counts[key], len(key), key))


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=20, unique=True), WORDS, st.sampled_from([1, 2]))
def test_near_forms(tmp_path_factory: pytest.TempPathFactory, words: list[str], word: str, most: int) -> None:
    """Fuzzy search finds the forms that a scan of all of them finds."""
    held = reader(tmp_path_factory.mktemp("index"), *(" ".join(words[at::3]) for at in range(3) if words[at::3]))
    forms = {entry.key for entry in held.scan("")}
    found = set(near_words(word, most, held).forms) - {word}
    near = {form for form in forms if 0 < distance(word, form) <= most}
    assert near <= found
    assert all(distance(word, form) <= most + (most > 1) for form in found)
