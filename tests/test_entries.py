"""Entries numbered, worked out and put in order many at a time, against the same one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis import words
from indexer.analysis.language import LANGUAGES, of_word
from indexer.analysis.numbering import Numbering
from indexer.analysis.strings import Strings
from indexer.segment import entries
from indexer.segment.entries import Entries, lemmas_of
from indexer.segment.terms import Entry, encode, encode_wholes

# of several languages, told by their letters or by the document; with ё; without a letter in basic script, or any
FORMS = [
    "ёж",
    "ежи",
    "её",
    "мосты",
    "відстань",
    "град",
    "hedgehog",
    "кто-то",
    "2022",
    "5 374",
    "-",
    "五",
    "ґ",
    "𝒳",
    "٣",
]
FORM = st.sampled_from(FORMS) | st.text("аеёіґйыъaz-'1", min_size=1, max_size=4)
BATCH = st.tuples(st.lists(FORM, min_size=1, max_size=9), st.sampled_from(LANGUAGES), st.integers(2, 3))


@settings(deadline=None, max_examples=60)
@given(st.lists(BATCH, min_size=1, max_size=4))
@example([(["ёж", "град", "ежи"], "ru", 2), (["град", "ёж", "ґ"], "bg", 2), (["ґ", "град"], "uk", 3)])  # met before
def test_each_is_the_form_in_its_language(batches: list[tuple[list[str], str, int]]) -> None:
    ids = Numbering()
    numbered = Entries(ids.strings)
    wanted: dict[int, Entry] = {}
    for forms, language, width in batches:
        numbers = ids.of(Strings.of(forms))
        found = (
            numbered.of_words(numbers, language),
            numbered.of_wholes(numbers, np.full(len(forms), width), language),
        )
        for many, wide in zip(found, (1, width), strict=True):
            for form, number in zip(forms, many.tolist(), strict=True):
                entry = Entry(form, of_word(form, language), wide)
                assert wanted.setdefault(number, entry) == entry
    assert len(set(wanted.values())) == len(wanted) == len(numbered), "each has one number"
    chosen = numbered.choose(np.arange(len(numbered)))
    assert chosen.terms.tolist() == sorted(map(encode, wanted.values()))
    assert [chosen.terms[rank] for rank in chosen.ranks.tolist()] == [encode(wanted[at]) for at in range(len(wanted))]
    assert chosen.lemmas.tolist() == sorted({chosen.lemmas[rank] for rank in chosen.kin.ranks.tolist()})


@given(st.lists(st.tuples(FORM, st.integers(1, 12)), max_size=9))
@example([("#1", 1), ("ёж-1", 2), ("ё1", 1)])  # a whole of one position is written as a word
def test_wholes_are_written_together_as_one_by_one(pairs: list[tuple[str, int]]) -> None:
    found = encode_wholes(Strings.of([form for form, _ in pairs]), "ru", [width for _, width in pairs])
    assert found.tolist() == [encode(Entry(form, "ru", width)) for form, width in pairs]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(FORM, st.integers(0, len(words.LANGUAGES) - 1)), max_size=20))
def test_lemmas_of_many_are_those_of_each(pairs: list[tuple[str, int]]) -> None:
    forms, languages = [form for form, _ in pairs], [language for _, language in pairs]
    each = [
        words.lemmas(form, [*words.LANGUAGES][language]) if any(map(str.isalpha, form)) else ()
        for form, language in pairs
    ]
    for few in (0, 1000):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(entries, "_FEW", few)
            found = lemmas_of(Strings.of(forms), np.array(languages, np.uint8))
        assert found.of_each(len(forms)) == each
