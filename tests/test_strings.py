"""Many strings in one array against Python's own, and their numbers against a dict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import numbering, strings
from indexer.analysis.numbering import Numbering
from indexer.analysis.strings import Strings, cut, joined, pieced

WORD = st.text(st.characters(exclude_characters="\n"), max_size=9)
WORDS = st.lists(WORD | st.sampled_from(["", "ёж", "ежи", "ежи", "\ud800", "𝒳𝒳"]), max_size=12)


@given(WORDS, st.data())
@example(["", "ёж", ""], None)  # nothing before the first letter and behind the last
def test_they_are_those_of_python(words: list[str], data: st.DataObject | None) -> None:
    many = Strings.of(words)
    assert len(many) == len(words)
    assert many.tolist() == [*many] == [many[number] for number in range(len(words))] == words
    assert many.sizes.tolist() == [*map(len, words)]
    assert [*map(chr, many.points)] == [*"".join(word + "\n" for word in words)]
    assert many.having("ё").tolist() == ["ё" in word for word in words]
    numbers = data.draw(st.lists(st.integers(0, len(words) - 1))) if data and words else []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(strings, "_AT_ONCE", 3)
        assert many.some(np.array(numbers, np.int64)).tolist() == [words[number] for number in numbers]
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(words))] * 2))) if data else (1, 2)
    assert many.part(first, last).tolist() == words[first:last]
    begun = cut(many.points, many.starts, np.minimum(many.ends, many.starts + 2))
    assert begun.tolist() == [word[:2] for word in words]


@given(st.lists(WORDS, max_size=4))
@example([[], [], ["ёж"]])
def test_more_may_be_put_behind_them(parts: list[list[str]]) -> None:
    many = joined([Strings.of(part) for part in parts])
    assert many.tolist() == [word for part in parts for word in part]
    before = Strings.of(["ёж"])
    seen = before.points
    before.extend(many)
    assert before.tolist() == ["ёж", *many]
    assert seen.tolist() == [ord("ё"), ord("ж"), ord("\n")], "what was given out stays as it was"
    part = before.part(0, 1)
    part.extend(many)
    assert before.tolist() == ["ёж", *many], "a part may grow by itself"


@given(WORDS, WORDS, st.data())
def test_put_together_of_pieces(words: list[str], others: list[str], data: st.DataObject) -> None:
    words, others = [*words, "ёж"], [*others, "ели"]
    pairs = st.tuples(st.integers(0, len(words) - 1), st.integers(0, len(others) - 1))
    chosen = np.array(data.draw(st.lists(pairs)), np.int64).reshape(-1, 2)
    (one, two), (first, second) = chosen.T, (Strings.of(words), Strings.of(others))
    behind = len(first.points)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(strings, "_AT_ONCE", 3)
        made = pieced(
            np.concatenate((first.points, second.points)),
            (first.starts.take(one), first.sizes.take(one)),
            (second.starts.take(two) + behind, second.sizes.take(two) + 1),
        )
    assert made.tolist() == [words[at] + others[to] for at, to in chosen.tolist()]


def test_another_letter() -> None:
    before = Strings.of(["ёж", "", "ели", "ёё"])
    assert before.replaced("ё", "е").tolist() == ["еж", "", "ели", "ее"]
    assert before.tolist() == ["ёж", "", "ели", "ёё"]


@given(st.lists(st.integers(0, 20) | st.integers(0, (1 << 64) - 1)), st.sampled_from([1, 1 << 60 | 1]))
def test_first_seen(keys: list[int], mixer: int) -> None:
    """Keys that are not mixed are alike in their upper bits, where the sort does not tell them apart."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(numbering, "MIXER", np.uint64(mixer))
        at, which = numbering.first_seen(np.array(keys, np.uint64))
    assert at.tolist() == [place for place, key in enumerate(keys) if key not in keys[:place]]
    assert [keys[at.tolist()[number]] for number in which.tolist()] == keys


def test_other_letters() -> None:
    """What is beyond the table is as the last there."""
    table = np.arange(0x500, dtype=np.uint32)
    table[ord("Ё")], table[-1] = ord("ё"), ord("?")
    assert Strings.of(["Ёж", "", "ёж", "五"]).mapped(table).tolist() == ["ёж", "", "ёж", "?"]


@given(st.lists(WORDS, max_size=4))
def test_numbers_by_first_sight(parts: list[list[str]]) -> None:
    numbering, numbers = Numbering(), dict[str, int]()
    for part in parts:
        assert numbering.of(Strings.of(part)).tolist() == [numbers.setdefault(word, len(numbers)) for word in part]
        assert numbering.strings.tolist() == [*numbers]
        assert len(numbering) == len(numbers)
