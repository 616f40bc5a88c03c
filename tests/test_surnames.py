"""Surnames: the cases of a name that no dictionary has meet under one key.

A row is `key: forms # reason`: each of the forms has the key, and none other.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import russian, surnames
from indexer.analysis.folding import fold, key
from indexer.analysis.strings import Strings

NAMES = """
щуров: Щуров Щурова Щурову Щуровым Щурове Щуровой Щуровою Щуровы Щуровых Щуровыми           # -ов: he, she, they
ветлугин: Ветлугин Ветлугина Ветлугину Ветлугиным Ветлугине Ветлугиной Ветлугины Ветлугиных  # -ин
курицын: Курицын Курицына Курицыну Курицыным Курицыне Курицыной Курицыны Курицыных          # -ын
жулев: Жулев Жулёв Жулёва Жулева Жулёвым Жулевой Жулёвых                                    # -ев and -ёв are one
щёголев: Щёголев Щеголева Щёголевым                                                         # ё in the root as well
тверск: Тверской Тверского Тверскому Тверским Тверском Тверская Тверскую Тверские Тверских  # -ской
лужск: Лужский Лужского Лужскому Лужским Лужском Лужская Лужской Лужскую Лужские Лужскими   # -ский
заруцк: Заруцкий Заруцкого Заруцкому Заруцким Заруцкая Заруцкой                             # -цкий
рог-щуров: Рог-Щуров Рог-Щурова Рог-Щуровым                                                 # the last of two parts
ветлугин: Ветлугін Ветлугіна Ветлугіну Ветлугіним Ветлугіні Ветлугіної Ветлугіній Ветлугіних  # in Ukrainian
жулев: Жулєв Жулєва Жулєву Жулєвим Жулєвої                                                  # in Ukrainian
"""
NAMELESS = """
Лев Сов Дина                # too short to be a surname and an ending
Лужково Пушкино             # towns in -ово, -ино are indeclinable or their own
Щурович Щуровна             # patronymics
Толстой Белых Ким Шевченко  # families that have no key: the dictionary, or nothing to join
Навальный
"""
STRANGERS = """
Щуров Щурин                 # two names of one root
Щуров Щуровский
Лужский Лужин
Ветлугин Ветлугов
Лужский Лужицкий
"""


def cells(table: str) -> list[str]:
    """The rows without their reasons."""
    return [line.partition("#")[0].strip() for line in table.strip().splitlines()]


def keys(form: str) -> list[str]:
    """Surname keys of a form as written."""
    return list(surnames.keys(fold(form)))


PAIRS = [(key(row.partition(": ")[0]), form) for row in cells(NAMES) for form in row.partition(": ")[2].split()]


@pytest.mark.parametrize(("surname", "form"), PAIRS, ids=[form for _, form in PAIRS])
def test_a_case_has_the_key_and_the_key_the_case(surname: str, form: str) -> None:
    assert keys(form) == [surname]
    assert key(fold(form)) in surnames.cases(surname)
    assert keys(form.upper()) == keys(key(form.lower())) == [surname], "typed in any case, with ё or without"


@pytest.mark.parametrize("form", " ".join(cells(NAMELESS)).split())
def test_no_surname_no_key(form: str) -> None:
    assert keys(form) == []


@pytest.mark.parametrize("pair", cells(STRANGERS))
def test_two_names_are_two(pair: str) -> None:
    one, other = pair.split()
    assert not set(keys(one)) & set(keys(other))


@pytest.mark.parametrize("surname", ["щуров", "ветлугин", "курицын", "жулев"])
def test_what_the_dictionary_parts_the_key_joins(surname: str) -> None:
    """The reason for all this: no lemma of the nominative need be among those of every case."""
    cases = set(surnames.cases(surname))
    assert {surname, f"{surname}а", f"{surname}ым", f"{surname}ой"} <= cases
    assert all(surname in surnames.keys(case) for case in cases)


@pytest.mark.parametrize(
    ("case", "language", "fits"),
    [
        ("рубини", "ru", False),  # the singer Рубини is no Рубин
        ("киеви", "ru", False),
        ("щуровим", "uk", True),
        ("щуровим", "ru", False),
        ("щурови", "bg", True),  # the family in Bulgarian
        ("щуровы", "ru", True),
        ("щуровым", "ru", True),
        ("лужским", "ru", True),  # -им is Russian too behind -ск
        ("лужские", "ru", True),
    ],
)
def test_a_case_is_one_of_its_language(case: str, language: str, fits: bool) -> None:
    assert surnames.fits(case, language) == fits
    assert any(case in surnames.cases(surname) for surname in surnames.keys(case))


def test_a_bird_and_a_surname() -> None:
    lemmas = {form: {lemma for lemma, _ in russian.lemmas(form)} for form in ("зябликов", "зябликовым")}
    assert not lemmas["зябликов"] & lemmas["зябликовым"], "the dictionary has the finches alone"
    assert keys("зябликов") == keys("зябликовым") == ["зябликов"]


def test_other_words_may_look_like_surnames() -> None:
    """The key does not know; that the form is mostly capitalised is asked for by the index."""
    assert keys("часов") == ["часов"]
    assert keys("русский") == ["русск"]
    assert 0 < surnames.CAPITALISED < 1
    assert 0 < surnames.WEIGHT < 1, "less than a true lemma"


def test_a_key_in_neither_family_has_no_cases() -> None:
    assert list(surnames.cases("самовар")) == []
    assert list(surnames.cases("")) == []


ENDED = st.builds(
    "".join,
    st.tuples(
        st.text(st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїє-'"), max_size=8),
        st.sampled_from("ов ев ёв ин ын єв ін ск цк овск овин".split()),
        st.sampled_from(["", *"а у ым им е і ой ою ої ій ы и ых их ыми ими ий ого ому ом ая ую ие".split()]),
    ),
)


@given(st.one_of(ENDED, st.text(max_size=12)).map(fold))
def test_every_case_of_a_key_has_the_key(form: str) -> None:
    for surname in surnames.keys(form):
        cases = list(surnames.cases(surname))
        assert key(form) in cases
        assert all(surname in surnames.keys(case) for case in cases)
        assert all(case == key(case) for case in cases), "cases are look-up keys"


@given(st.one_of(ENDED, st.text(max_size=12)).map(fold))
def test_yo_makes_no_difference(form: str) -> None:
    assert list(surnames.keys(form)) == list(surnames.keys(key(form)))


OTHER = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.one_of(ENDED, OTHER).map(fold).filter(lambda form: "\n" not in form), max_size=20))
@example(["", "ов", "чов", "рячов", "рябкова", "щуровский", "рябков-"])  # too short, just long enough, not at the end
def test_many_are_told_as_one_by_one(forms: list[str]) -> None:
    each = [any(True for _ in surnames.keys(form)) for form in forms]
    assert surnames.like(Strings.of(forms)).tolist() == each, "few"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(surnames, "_FEW", 0)
        assert surnames.like(Strings.of(forms)).tolist() == each


def test_a_very_long_name() -> None:
    assert keys("щ" * 1_000_000 + "ов") == []  # cut by folding
    assert list(surnames.keys("ов" * 50_000 + "ым")) == ["ов" * 50_000]
