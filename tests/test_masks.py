"""A mask meets the words of the lexicon that it fits, and no others, whatever piece of it is looked for first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document, Index
from indexer.query.expansion import _masked
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry

# Words of a few letters, in three pages of the lexicon and in two segments; some as Ukrainian, some with ё, one of two
# parts; «ru» stands in every term as its language.
WORDS = [*map("".join, product("аёкр", repeat=4)), "ru", "кара-кёр", "каракёру", "р5", "тариф", "теле"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path: Path = tmp_path_factory.mktemp("masks") / "index"
    with Index.open(path, create=True) as index:
        index.add(Document(" ".join(WORDS), id="1", lang="ru"))
        index.add(Document(" ".join([*WORDS[::3], "їжак"]), id="2", lang="uk"))
        with index._store.reading():
            yield index._current()


def entries(reader: Reader) -> set[Entry]:
    """All that the lexicons have."""
    return {entry for segment in reader.segments for entry in _read(segment.forms.terms(range(len(segment.forms))))}


def _read(terms: Iterator[str]) -> Iterator[Entry]:
    for term in terms:
        key, language, *rest = term.split("\t")
        yield Entry(rest[0] if rest else key, language, int(rest[1]) if len(rest) > 1 else 1)


def fitting(mask: str, reader: Reader) -> set[Entry]:
    """The slow way: every word against the whole mask."""
    fits = re.compile("".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in mask), re.DOTALL).fullmatch
    return {entry for entry in entries(reader) if fits(entry.key)}


@settings(derandomize=True, deadline=None, max_examples=400)
@given(mask=st.text(st.sampled_from("акеру5-**??"), min_size=1, max_size=7).filter(lambda mask: {*mask} & {*"*?"}))
def test_masks(reader: Reader, mask: str) -> None:
    assert set(_masked(mask, reader)) == fitting(mask, reader)


def test_each_piece_of_a_mask(reader: Reader) -> None:
    """Its beginning, its end or its middle may be what it is told by; the language of a term is none of it."""
    found = {mask: {entry.form for entry in _masked(mask, reader)} for mask in ("тар*", "*риф", "т?р?ф", "*ариф*")}
    assert all(forms == {"тариф"} for forms in found.values()), found
    assert {entry.form for entry in _masked("*ru", reader)} == {"ru"}
    assert {entry.form for entry in _masked("кар*ер?", reader)} == {"каракёру"}
    assert {entry.form for entry in _masked("*-*", reader)} == {"кара-кёр"}
    assert {entry.form for entry in _masked("*ж?к", reader)} == {"їжак"}
