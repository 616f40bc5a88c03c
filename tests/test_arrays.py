"""What is done to whole arrays at once against the same done one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis.strings import Strings
from indexer.segment import integers, ordering
from indexer.segment.ordering import order, union

LETTERS = st.characters(exclude_characters="\n")
# few letters make long equal beginnings; all of them make keys of two letters
WORDS = st.one_of(st.text("абв\t", max_size=30), st.text("aя\ud800\uffff\U00010000", max_size=12), st.text(LETTERS))


@settings(deadline=None)
@given(st.lists(WORDS, unique=True))
@example([])
@example([""])
@example(["лёд", "лед\tru", "лед", "леденец", "ледоколами", "ледоколам", "ледоколами\tru"])
@example([chr(point) for point in range(0x400, 0x800)])  # too many letters for a byte each
@example([chr(point) + "а" for point in range(0x10000, 0x20010)])  # and for two
def test_order_is_that_of_python(strings: list[str]) -> None:
    assert [strings[at] for at in ordering._by_eights(Strings.of(strings))] == sorted(strings)
    assert [strings[at] for at in order(Strings.of(strings))] == sorted(strings)  # few are sorted by Python


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, unique=True), min_size=1, max_size=4))
@example([["лёд", "мёд"], [], ["мёд", "лёд", "мост"]])
def test_union_is_that_of_sets(lists: list[list[str]]) -> None:
    strings, places = union(lists)
    assert strings == sorted(set().union(*lists))
    assert [[strings[place] for place in of_list.tolist()] for of_list in places] == lists


COLUMN = st.lists(st.integers(0, (1 << 64) - 1))
PAGES = st.lists(st.tuples(st.binary(), COLUMN, COLUMN), max_size=5)


@settings(deadline=None)
@given(PAGES)
@example([(b"1", [255, 256], [65535, 65536]), (b"", [255], []), (b"", [(1 << 32) - 1], [1 << 32])])  # bounds of widths
def test_pages_are_packed_together_as_one_by_one(pages: list[tuple[bytes, list[int], list[int]]]) -> None:
    columns = []
    for number in (1, 2):
        of_pages = [page[number] for page in pages]
        edges = np.cumsum([0, *map(len, of_pages)])
        columns.append((np.array([one for column in of_pages for one in column], np.uint64), edges))
    expected = [
        integers.pack([np.frombuffer(text, np.uint8), *(np.array(column, np.uint64) for column in rest)])
        for text, *rest in pages
    ]
    assert integers.pack_pages([text for text, _, _ in pages], columns) == expected
