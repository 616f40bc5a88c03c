"""Frozen values: what a dataclass promises, without its cost."""

from __future__ import annotations

import copy
import pickle

import pytest

from indexer.query.tree import And, Fuzzy, Gap, Mask, Or, Phrase, Word


def test_equal_by_class_and_fields() -> None:
    """A default is as good as the same value given, by place or by name; another class is another value."""
    assert Word("Кот", "кот") == Word(form="кот", text="Кот", exact=False) != Word("Кот", "кот", exact=True)
    assert And((Word("а", "а"),)) != Or((Word("а", "а"),))
    assert Mask("кот", "кот") != Fuzzy("кот", "кот", "кот", 1)
    assert Gap() == Gap() != ()
    assert len({Word("Кот", "кот"), Word("Кот", "кот", False), Word("кот", "кот"), Gap(), Gap()}) == 3


def test_shown_as_it_is_made() -> None:
    """So that a failing test says what it found."""
    word = Word("Кот", "кот", kin=("related",))
    assert repr(word) == "Word(text='Кот', form='кот', exact=False, kin=('related',))"
    assert eval(repr(Phrase((word, Gap()))), {"Word": Word, "Phrase": Phrase, "Gap": Gap}) == Phrase((word, Gap()))


def test_frozen() -> None:
    """Trees are keys of caches."""
    word = Word("Кот", "кот")
    with pytest.raises(AttributeError, match="exact"):
        word.exact = True  # type: ignore[misc]
    with pytest.raises(AttributeError, match="text"):
        del word.text  # type: ignore[misc]
    assert word.replace(exact=True) == Word("Кот", "кот", True)
    assert word == Word("Кот", "кот")


@pytest.mark.parametrize(
    ("given", "named"),
    [(("кот",), {}), (("к", "к", True, (), 1), {}), (("к", "к"), {"text": "к"}), (("к", "к"), {"letters": 3})],
    ids=["one is lacking", "one too many", "given twice", "no such field"],
)
def test_wrong_fields(given: tuple[str, ...], named: dict[str, object]) -> None:
    """As of any function."""
    with pytest.raises(TypeError, match=r"Word\.__init__\(\)"):
        Word(*given, **named)  # type: ignore[arg-type]


def test_copied_pickled_and_matched() -> None:
    """Where a tree is sent to another process, and where it is taken apart."""
    fuzzy = Fuzzy("кошка", "кошка", "кошка", 2)
    assert pickle.loads(pickle.dumps(fuzzy)) == copy.deepcopy(fuzzy) == fuzzy
    match fuzzy:
        case Mask(text, pattern):
            assert (text, pattern) == ("кошка", "кошка")
        case _:
            pytest.fail("a fuzzy word is a mask")
