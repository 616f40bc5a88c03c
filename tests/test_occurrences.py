"""Where forms stand in texts: the same as the tokenizer says, which reads every word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import batch, russian
from indexer.analysis import sightings as plain
from indexer.analysis.occurrences import Occurrence, occurrences
from indexer.analysis.sightings import rows, scan, sightings, sought
from indexer.analysis.tokens import tokenize

# Words as they stand in print, and what hides them: stress, soft hyphens, letters of the other script, divided words.
PIECES = """
    Договор договора ДОГОВОР ДоГоВоР «дом-музей» дом музей ёлка елка ЁЛКА Ёлкой по-русски кто-то полно'чи О'Генри
    В.И. Н.Чехова т.е. г. 9.01.2022 12:30 5 374 1 234 567 3,5 1941 2х 5G 1С C++ #тег a@primer.ru www.primer.рф mid.ru
    дoговор сок coк Ça naïve Kindle kindle здоров'я ʼ ё и и̇ й — - – … . , ! ? ( ) _ * 🙂 к🙂т 495 123-45-67 км/ч
    """.split()
HIDDEN = [
    "до\u0301говор", "дого\u00adвор", "дого\u200bвор", "еле\u0308на", "само-\nвар", "дого\u00ad\nвор", "И\u0306од",
    "\u0450", "\ufeffдом", "5\u00a0374", "щ" * 130, "щ" * 128,
]  # fmt: skip
GLUE = [" ", " ", " ", " ", "\n", "\n\n", "\u00a0", "-", ".", ". ", ", ", "", "/", "\0", "'"]
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES + HIDDEN), st.sampled_from(GLUE)), max_size=30).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
)


def twin(texts: Sequence[str], forms: Set[str]) -> Iterator[Occurrence]:
    """Every word is read, and those that are not wanted are left out."""
    for number, text in enumerate(texts):
        tokens = list(tokenize(text, russian.known))
        for token in tokens:
            if token.form in forms:
                words = [one for one in tokens if (one.position, one.kind) == (token.position, "word")]
                shown = words[0] if token.width == 1 else token  # a hash tag is marked without its sign
                yield number, token.form, token.position, token.width, shown.start, shown.end


@given(st.lists(TEXTS, max_size=4), st.data())
def test_random_texts(texts: list[str], data: st.DataObject) -> None:
    """Any of the forms of the texts, and some that are not in them; all of them too."""
    every = sorted({token.form for text in texts for token in tokenize(text, russian.known)} | {"нет", "договоры"})
    for forms in (set(data.draw(st.lists(st.sampled_from(every)))), set(every)):
        assert list(occurrences(texts, forms)) == list(twin(texts, forms))


@given(st.lists(st.text(max_size=40), max_size=3))
def test_any_characters(texts: list[str]) -> None:
    """Whatever Unicode has."""
    forms = {token.form for text in texts for token in tokenize(text, russian.known)}
    assert list(occurrences(texts, forms)) == list(twin(texts, forms))


def test_texts_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are read in pieces, and short ones some at a time: positions and offsets are those of the text."""
    monkeypatch.setattr(batch, "_CHUNK", 50)
    texts = ["Дом. " * 40, "Сад и дом", "", "Дом-музей, дом; " * 20]
    assert list(occurrences(texts, {"дом", "дом-музей"})) == list(twin(texts, {"дом", "дом-музей"}))


def test_no_forms_and_no_texts() -> None:
    assert list(occurrences(["Дом"], set())) == list(occurrences([], {"дом"})) == []


Plain = list[tuple[int, str, int, int, int]]


def sighted(texts: Sequence[str], forms: Set[str]) -> Plain:
    """Where the forms, which are plain, are seen: text, form, width, start, end."""
    wanted = sought(forms)
    assert wanted is not None
    return [
        (text, form, width, start, end)
        for text, tokens in sightings([*scan(texts)], [wanted])
        for _, _, form, width, start, end, *_ in tokens
    ]


def plain_twin(texts: Sequence[str], forms: Set[str]) -> Plain:
    """The same, positions left out."""
    return [(number, form, width, start, end) for number, form, _, width, start, end in twin(texts, forms)]


@given(st.lists(TEXTS, max_size=4), st.data())
def test_plain_forms_of_random_texts(texts: list[str], data: st.DataObject) -> None:
    """Any forms of basic letters, and some that are not in the texts; all of them too."""
    every = sorted({token.form for text in texts for token in tokenize(text, russian.known)} | {"нет", "договоры"})
    every = [form for form in every if sought({form})]
    for forms in (set(data.draw(st.lists(st.sampled_from(every)))), set(every)):
        assert sighted(texts, forms) == plain_twin(texts, forms)


@given(st.lists(st.text(max_size=40), max_size=3))
def test_plain_forms_of_any_characters(texts: list[str]) -> None:
    """Whatever Unicode has."""
    forms = {token.form for text in texts for token in tokenize(text, russian.known) if sought({token.form})}
    assert sighted(texts, forms) == plain_twin(texts, forms)


def test_plain_forms_of_many_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are looked at together and no more; none has anything of those beside it, be they empty."""
    texts = ["Дом. " * 40, "", "Сад и дом", "", "", "Дом-музей, дом; " * 20, "до\u0301м", "дом-\n", "\nмузей"]
    for together in (64, 2, 1):
        monkeypatch.setattr(plain, "_TOGETHER", together)
        assert sighted(texts, {"дом", "музей"}) == plain_twin(texts, {"дом", "музей"})


def test_what_is_told_of_a_text_is_told_once() -> None:
    """Texts may be asked for other words, in another order and beside others: what was told of them stays."""
    texts = ["Дом-музей Чехова", "до\u0301м, сад", "Сад и дом"]
    scanned = [*scan(texts)]
    for order, forms in (([0, 1, 2], {"дом"}), ([2, 0], {"музей", "сад"}), ([1, 1], {"сад"}), ([0], set[str]())):
        wanted = sought(forms)
        assert wanted is not None
        every = sightings([scanned[at] for at in order], [wanted])
        found = [(number, *token[2:6]) for number, tokens in every for token in tokens]
        assert found == plain_twin([texts[at] for at in order], forms)


def test_letters_among_the_signs() -> None:
    """The apostrophe that is a letter belongs to the word before it, the others end it."""
    texts = ["домʼ сад", "дом' сад", "дом’ сад", "домʼсад", "don't donʼt don"]
    assert sighted(texts, {"дом", "сад", "don"}) == plain_twin(texts, {"дом", "сад", "don"})


def test_forms_that_cannot_be_sighted() -> None:
    """What is not written as it is indexed must be read: dates, digits, hyphens, other alphabets, what is cut."""
    assert sought({"дом", "ёлка", "mid"})
    for form in ("2022-01-09", "5374", "дом-музей", "їжак", "c++", "2х", "щ" * 128):
        assert sought({form, "дом"}) is None


def in_rows(found: Iterable[Occurrence]) -> list[tuple[int, str, int, int, int, frozenset[tuple[int, str, int, int]]]]:
    """Each token with those that begin where it ends, by position; positions themselves left out."""
    every = list(found)
    behind: dict[tuple[int, int], set[tuple[int, str, int, int]]] = {}
    for number, form, position, _, start, end in every:
        behind.setdefault((number, position), set()).add((number, form, start, end))
    return [
        (number, form, width, start, end, frozenset(behind.get((number, position + width), ())))
        for number, form, position, width, start, end in every
    ]


def test_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positions of these say the same of what stands in a row as those counted from the beginning."""
    every = ["дом", "музей", "сад", "договор", "чехова", "mid", "ru", "и"]
    texts = [
        "Дом и сад. Сад — дом 🙂 музей", "дом-музей Чехова, дом 5 374 сад", "mid.ru и www.mid.ru; сад", "",
        "дого\u00adвор и до\u0301м", "сад-\nи сад, дом\u200b сад", "дом\n\n___\n\nсад",
    ]  # fmt: skip
    for together in (64, 1):
        monkeypatch.setattr(plain, "_TOGETHER", together)
        assert in_rows(rowed(texts, set(every))) == in_rows(twin(texts, set(every)))


@given(st.lists(TEXTS, max_size=3), st.data())
def test_rows_of_random_texts(texts: list[str], data: st.DataObject) -> None:
    """Whatever stands between."""
    every = sorted({token.form for text in texts for token in tokenize(text, russian.known)} | {"нет"})
    every = [form for form in every if sought({form})]
    for forms in (set(data.draw(st.lists(st.sampled_from(every)))), set(every)):
        assert in_rows(rowed(texts, forms)) == in_rows(twin(texts, forms))


def rowed(texts: Sequence[str], forms: Set[str]) -> list[Occurrence]:
    """What is found of the forms with positions in rows."""
    wanted = sought(forms)
    assert wanted is not None
    return list(rows([*scan(texts)], [wanted]))
