"""The tokenizer for many texts gives what the reference gives, token by token."""

from __future__ import annotations

import random
import re
import tracemalloc
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import batch, hashing, spelling, vocabulary
from indexer.analysis.batch import tokenize_batch
from indexer.analysis.tokens import Token, tokenize
from indexer.analysis.vocabulary import Vocabulary

KNOWN = {"самовар", "кто-то", "аб", "а-б", "aб", "бб", "абв"}


def known(form: str) -> bool:
    return form in KNOWN


Row = tuple[str, int, int, int, int, bool, bool]


def reference(text: str) -> list[Row]:
    def row(token: Token) -> Row:
        return (*token[:5], token.kind == "word", token.capital)

    return [row(token) for token in tokenize(text, known)]


def rows(texts: list[str], words: Vocabulary) -> list[list[Row]]:
    """The columns as rows like those of the reference: form, position, start, end, width, is it a word, capital."""
    tokens = tokenize_batch(texts, words)
    form, start, end, capital, first, *wholes = (column.tolist() for column in tokens)
    assert first[0] == 0 and first[-1] == len(form) and len(first) == len(texts) + 1
    pending = list(zip(*wholes, strict=True))[::-1]
    found: list[list[Row]] = []
    for begin, finish in pairwise(first):
        found.append([])
        for at in range(begin, finish):
            while pending and pending[-1][1] == at:
                whole, _, width, opens, closes, big = pending.pop()
                found[-1].append((words.forms[whole], at - begin, opens, closes, width, False, big))
            found[-1].append((words.forms[form[at]], at - begin, start[at], end[at], 1, True, capital[at]))
    assert not pending
    return found


def agree(texts: list[str], words: Vocabulary) -> None:
    """The same as the reference; the vocabulary is used twice, first learning and then knowing."""
    expected = [reference(text) for text in texts]
    assert rows(texts, words) == expected
    size = len(words)
    assert rows(texts, words) == expected
    assert len(words) == size == len(set(words.forms))


CASES = r"""
Кошка спала на печи.
— Да, — сказал он. — И всё...
– Да – сказал он –
- раз\n- два\n-три
«ёлочки» "лапки" „немецкие“ ‘англ’ 'кошка' О'Генри, О’Нил, п'ять, don't, полно'чи
...слово... !слово? .слово :слово: @слово _слово_ __init__ snake_case 'слово`
и/или, и / или, 1/2, 10/20 (скобки)[1]{2}<b>
иван.петров+x@mail.example.ru, a@b, @ivan, почта@пример.рф.
https://example.com/a/b?c=d&e=f#якорь www.primer.ru Node.js .NET файл_1.tar.gz
C++ C# С# С++ C++17 F#, g++ _C++ слово+ слово# слово++ #тег #тег_два ## Заголовок #
10-го 7-й 1980-х 5-ФЗ 30-летний -5 +5 5- 5+ 2019–2023 10—15
5 374 | 1 000 000,50 | 5\u00a0374 | 5\u202f374\u2009123 | 5  374 | 2021 500 | 5 374- | +5 374 | 5,5 374 | 5, 374
5,5 5.5 5,5,5 5.5.5.5 1,2 3 ,5 5, .5 5. 5,а а,5 ,5,
09.01.2022 9.1.2022 45.13.2021 2022-01-09 2022-01-09- 09.01.2022.5 1.09.01.2022
10:30 10:30:15 :10:30 10:30: 10:30:1 1С:Бухгалтерия а:б 10: 30
са\u00adмо\u00adвар само\u00ad\nвар само¬\r\nвар са\u00ad-мовар \u00adслово слово\u00ad \u00ad
само-\nвар само-\r\nвар само- \t\n  вар само-\n\nвар само-\u2028вар само--\nвар само-,\nвар само\u2010\nвар
кто-то кто-\nто что-\nто а-\nб-\nв-\nг а-\n5 5-\nа а'-\nб а-\n'б -\nб
и\u0306од е\u0308ж за\u0301мок края\u0301, \u0301край кра\u0301-\nй
Pоссия CОБАКА cобака мoлоко Łódź ŉ ёжik ЁЛКА ёлка Ёлка straße İstanbul \u04d9 їжак
🐈кошка🐈 👍🏽 ❤️ 𝐀𝐁 𝟗 𝟗 5 5 𝟗𝟗𝟗 \U00017000а
\u0661\u0662 \u0661 \u0662\u0662\u0662 2² ½ 5½ x² ªº
А.С.Пушкин А. С. Пушкин т.е. и т. д. Кошка.Собака кошка…Собака конец.)
слово\u0085слово\x0bслово\x1cслово\u2028слово\u200bслово \ufeffслово
8(495)123-45-67 +7 495 123-45-67 495 123-45-67 8-800-555-35-35 495 1234
а\x00б а-\x00б 5\x005 а\uffffб \ud800а \ud83d\ude00 а\udc00
сл\u02bcово \u02bcслово слово\u02bc ´слово´ `слово` ``
100% 25°C $5 №5 §3 R&D A*B a=b a|b ~а ^а \а
а-а-а-а-а-а-а-а-а-а-а кошка—собака жар-птица по-русски из-за кое-кто всё-таки
""".strip().splitlines()
_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{4}|U[0-9a-f]{8}|x[0-9a-f]{2}|[nrt])")
LITERALS = [_ESCAPE.sub(lambda found: found.group().encode().decode("unicode_escape"), case) for case in CASES]
ODD = ["", " ", "\n \t\n", "-", "\u0301", "\u0301а", "щ" * 100_000, "щo" * 50_000, "а" * 64, "а" * 65, "а-" * 300]


@pytest.mark.parametrize("text", [*LITERALS, *ODD], ids=lambda text: text[:40])
def test_one_text(text: str) -> None:
    agree([text], Vocabulary(known))


def test_all_texts_at_once_keep_apart() -> None:
    agree([*LITERALS, *ODD], Vocabulary(known))
    words = [word for text in LITERALS for word in re.split(r"(?<=[ \n])", text)]
    agree(words, Vocabulary(known))


def test_texts_do_not_touch() -> None:
    agree(
        ["само-", "\nвар", "5", "374", "\n", "само-\n", "вар", "", "", "а@", "б.рф", "C", "++", "1,", "5"], Vocabulary()
    )


def test_no_texts() -> None:
    tokens = tokenize_batch([], Vocabulary())
    assert [len(column) for column in tokens] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert tokens.first.tolist() == [0]


def test_types_and_order_of_forms() -> None:
    words = Vocabulary(known)
    tokens = tokenize_batch(["Кошка спит: 3,5.", "спит Кошка, кошка"], words)
    assert words.forms.tolist() == ["кошка", "спит", "3,5", "3", "5"], "by first sight"
    assert tokens.form.tolist() == [0, 1, 3, 4, 1, 0, 0]
    assert tokens.first.tolist() == [0, 4, 7]
    assert tokens.whole_token.tolist() == [2]
    types = ["int32", "int32", "int32", "bool", "int64", "int32", "int64", "int32", "int32", "int32", "bool"]
    assert [column.dtype.name for column in tokens] == types


def test_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_CHUNK", 50)
    agree([*LITERALS, *ODD, *LITERALS], Vocabulary(known))


@pytest.mark.parametrize("chunk", [1, 30, 200])
@pytest.mark.parametrize("between", ["\n", " ", "\n\n", ""])
def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch, chunk: int, between: str) -> None:
    monkeypatch.setattr(batch, "_CHUNK", chunk)
    text = between.join(LITERALS)
    agree([text], Vocabulary(known))
    agree(["", text, "а-", text, ""], Vocabulary(known))


@pytest.mark.parametrize("sentence", ["Кошка спит на печи. ", "x=f(y);", "a,b\n\n", "строка, строка\n"])
def test_memory_for_a_long_text_is_that_of_its_tokens(sentence: str) -> None:
    words, text = Vocabulary(), sentence * 400_000
    tokenize_batch([sentence * 100_000], words)
    tracemalloc.start()
    tokens = tokenize_batch([text], words)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1.5 * sum(column.nbytes for column in tokens) + 60e6


def test_stretches_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_STRETCHES", 3)
    words = Vocabulary(known)
    for text in LITERALS * 2:
        assert rows([text], words) == [reference(text)]


def test_a_vocabulary_grows() -> None:
    words, chance = Vocabulary(known), random.Random(0)
    for _ in range(5):
        texts = [" ".join("".join(chance.choices("абвгдАБ-5", k=5)) for _ in range(1000)) for _ in range(5)]
        assert rows(texts, words) == [reference(text) for text in texts]
    assert len(words) == len(set(words.forms)) > 5000


def test_a_table_finds_what_was_put_and_nothing_else() -> None:
    table, chance = hashing.Table(), np.random.default_rng(0)
    keys = chance.integers(1, 1 << 20, 300, np.uint64)  # all want the first slot
    keys = np.unique(np.concatenate((keys, chance.integers(1, (1 << 64) - 1, 40_000, np.uint64, endpoint=True))))
    put, absent = keys[::2], keys[1::2]
    for part in range(7):
        some = put[part::7]
        table.insert(some, (some % 1000).astype(np.int32))
    assert np.array_equal(table.find(put), (put % 1000).astype(np.int32))
    assert (table.find(absent) == hashing.ABSENT).all()
    table.forget_below(500)
    assert np.array_equal(table.find(put), np.where(put % 1000 < 500, hashing.ABSENT, (put % 1000).astype(np.int32)))


def test_keys_are_of_the_text_and_not_of_its_place() -> None:
    """Of all short strings over a few letters, some astral, no two have one key; wherever it stands it has the same."""
    hasher = hashing.Hasher()
    strings = [""]
    for _ in range(4):
        strings += {string + letter for string in strings for letter in "абA-\U0001d400\U0001d401\uffff"}
    strings = sorted(set(strings) - {""})
    keys = _keys(hasher, strings, " ")
    assert keys == _keys(hasher, strings, "  щщ")
    assert len(set(keys)) == len(strings)


def test_keys_of_characters_that_have_no_code() -> None:
    """Their codes are those of other letters: it is the character itself, and its place, that make the key."""
    hasher = hashing.Hasher()
    signs = [chr(point) for point in range(0x3040, 0x3040 + 300)]
    strings = [sign * size for sign in signs for size in (1, 2, 9, 70)]
    strings += [f"год{sign}" for sign in signs] + [f"{sign}год" for sign in signs]
    keys = _keys(hasher, strings, " ")
    assert keys == _keys(hasher, strings, "щ ")
    assert len(set(keys)) == len(strings)


def _keys(hasher: hashing.Hasher, strings: list[str], gap: str) -> list[int]:
    text = gap.join(strings)
    size = np.array([len(string) for string in strings])
    end = np.cumsum(size + len(gap)) - len(gap)
    points = np.frombuffer(text.encode("utf-32-le"), "<u4")
    return hasher.keys(hashing.Letters.of(points), end - size, end).tolist()


# What the rules turn on: letters of both scripts, digits, all that joins, breaks or is not seen.

PIECES = [
    *"абвАaBcCСёЁйьії01234567895551112",
    *".,:;!?-–—'’ʼ`´‘@#+_/()«»…*|¬²½\\",
    *" \t\n\r\0\x0b\x85\xa0\u2009\u202f\u2028\u2010\u2011\u2012",
    *"\xad\u200b\u200d\ufeff\u0301\u0306\u0308\u0483\u0661\u0130\uffff\ud800\U0001d400\U0001d7d7🐈",
    *"  \n\n--..,,  ",
    *("-\n", "- \n", "-\r\n\t", "\xad\n", "¬ \n", "374", "000", " 123", ".рф", ".com", "++", "самовар", "само", "вар"),
    *(
        "кто-то",
        "кто",
        "то",
        "по-",
        "09.01.2022",
        "2022-01-09",
        "10:30",
        "3,5",
        "a@b.ru",
        "C++",
        "С#",
        "don't",
        "аб",
        "бб",
    ),
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=10))


@given(st.lists(st.lists(TEXTS, max_size=4), min_size=1, max_size=3))
@settings(derandomize=True, deadline=None, max_examples=1500)
def test_random_texts(batches: list[list[str]]) -> None:
    words = Vocabulary(known)
    for texts in batches:
        agree(texts, words)


@given(st.lists(TEXTS, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=1000)
def test_random_texts_cut_wherever_they_may_be(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "_CHUNK", 1)
        agree(texts, Vocabulary(known))


# Stretches of simple shapes are read in bulk, however few they are here.


@pytest.fixture
def in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_FEW", 1)


@pytest.mark.usefixtures("in_bulk")
def test_bulk_of_all() -> None:
    agree([*LITERALS, *ODD], Vocabulary(known))
    for text in [*LITERALS, *ODD]:
        agree([text], Vocabulary(known))


SHAPES = """
жар-птица Жар-Птица жар–птица кто-то Кое-Кто по-русски по–русски из-за из‑за Ростов-на-Дону диван-
iPhone-чехол IT-отдел Covid-19 10-го 1980-х а-б-в-г-д-е-ж-з а-б-в-г-д-е-ж-з-и don't DON’T rock'n'roll О'Генри d'Ор
snake_case __init__ _a_ a__b std::sort a::b::c x->y a:b 1:a a:1 x9:8 9x:8 `a_b` 'a.b' [a_b]=c
example.com www.example.com WWW.Example.COM www.com a.b a.bc a.bc.d a.b.c.d www.a a-b.com a_b.com a-.com a_.com a_.b.com
a.com- a.com_ a.com-b a.com_b a.com--b.ru a..com .com _.com -a.com a'b.com a–b.com 9.com 1.2.com 1,2.com 1:20.com
сайт.рф слово.com слово.рус г.Москва А.С. А.Пушкин г.Тула Node.js file_1.tar.gz a.b_c.com v1.2 v1.2.3 1.2b 1.2.b b.1.2
1,2 1.2 1,2,3 1.2,3 1.2.3 1.2.2022 1.2.3.4 12:30 12:30:15 1:2 1:2:3 1:22:33:44 :12:30
12:30: 12:30-13:30 _1.2 1.2_ _12:30_
5-5 2022-01-09 2022-01 2022-01-09T10:30:15+03:00 1-2022-01-09 1C 1c-x x-1c 12x
2X_y 1cc c1 L9 9L Ж9 9Ж-Ж 1234567890.1 1.1234567890
+9 9+ +a ++a a++ C++ a+b +1.5 #a #a-b #9 C#_a 🔻жар-птица 🔻a_b 𝐀-b
12.06.2024 1.6.2024 32.13.2022 29.02.2023 100.20.3000 1.20.3000 1.2.20245 12.06.2024г 12.06.2024.5 12.06.2024.
12,06.2024 1.12.06.2024 _12.06.2024 12.06.2024_ 2024-06-12 2024-13-32 2024-06-12- 2024-06-12-5 2024-06-12. 2024-06-12.5
2024–06–12 x-2024-06-12 2024-06-12-x 2024-06-12_x 2024-6-12 _2024-06-12 .2024-06-12 1.2024-06-12 2024-06-12:10
2024-06-1b #тег «#Тег» ##тег #_тег #тег_а #тег.а #тег.com a#b C#a c#1 #1c #12.5 #a@b a.com#b #a:b #тег# # C# a# #-a
#2024-06-12 a_#b 1c9a 12c 12cd 1c2c 12C-9 a1c
""".split()
LONG = [
    "a" * 63 + ".com",
    "a" * 64 + ".com",
    "аб-" * 6 + "в" * 120,
    "a" * 128 + "-b",
    "a.b" * 9 + ".com",
    "1" * 18 + ",1",
    "#" + "a" * 127,
    "#" + "a" * 128,
    *("-".join(["по", "ски", "2024", "06", "12", "don", "1c"] * 4)[:size] for size in range(20, 90, 3)),
    *("-".join(["а"] * size) + end for size in range(7, 18) for end in ("", "-", ".", "-2024-06-12", "-2024-06-12-")),
    "'".join("abcdefghijkl"),
    "-".join(["а" * 20] * 20),
]


def test_letters_and_digits_are_those_of_python() -> None:
    assert spelling.alphanumeric().tolist() == [chr(point).isalnum() for point in range(1 << 16)]


@pytest.mark.usefixtures("in_bulk")
def test_shapes() -> None:
    shapes = [*SHAPES, *LONG, "1" * 19 + ",1", "1." * 10 + "1", "1." * 9 + "1"]
    agree(shapes, Vocabulary(known))
    agree([f"{a} {b}" for a in shapes for b in ("1", "234", "рф", "(b)")], Vocabulary(known))


@pytest.mark.usefixtures("in_bulk")
@pytest.mark.parametrize(
    "letters",
    [
        "aБ1-'",
        "a1.,:",
        "a1._-",
        "1 .,-",
        "aБ.:_",
        "cC1+#",
        ["ab", "1", "22", "4444", ".", "-"],
        "aБ#_.",
        ["по", "ски", "-", "'"],
    ],
)
def test_all_short_strings(letters: list[str]) -> None:
    strings = ["".join(string) for size in range(1, 6) for string in product(letters, repeat=size)]
    words = Vocabulary(known)
    assert rows(strings, words) == [reference(string) for string in strings]


ATOMS = [
    "a",
    "C",
    "ab",
    "com",
    "www",
    "рф",
    "Ж",
    "жар",
    "то",
    "кто",
    "по",
    "ски",
    "1",
    "22",
    "12",
    "333",
    "4444",
    "x9",
    "9x",
]
SIGNS = [*"-.,:_'’–/(+## ", "-", ".", "::", "..", "--", "_-", "\u2009"]


@given(st.lists(st.lists(st.sampled_from(ATOMS + SIGNS), min_size=1, max_size=12).map("".join), min_size=20))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_random_shapes(strings: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_FEW", 1)
        agree(strings, Vocabulary(known))


_SEEN = Vocabulary(known)


@given(st.lists(TEXTS, min_size=1, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=1500)
def test_random_texts_and_a_vocabulary_that_has_seen_many(texts: list[str]) -> None:
    assert rows(texts, _SEEN) == [reference(text) for text in texts]
