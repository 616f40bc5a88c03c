"""Tokens: text → words with their places, and wholes of several words.

A row is `text → tokens # reason`. A whole stands before its parts: `жар-птица{жар птица}` where the parts mean what
it means, `5374<5 374>` where it is more than they are. ⏎ is a line end; what cannot be seen is written \\u….
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import russian, tokens
from indexer.analysis.folding import MAX_FORM, fold
from indexer.analysis.tokens import Token, tokenize

PROSE = """
Кошка спала. → кошка спала                                    # words, without what stands between them
«Кошка», — сказал он, — „спала“! → кошка сказал он спала      # quotes of both kinds, dashes, direct speech
(кошка) [кошка] {кошка} <кошка> → кошка кошка кошка кошка     # brackets
кошка…Собака → кошка собака                                   # an ellipsis without a space
кошка/собака → кошка собака                                   # a slash
и/или → и или                                                 # so here
кошка_собака → кошка собака                                   # an underscore is no letter
кошка—собака → кошка собака                                   # a tight dash is a dash
день — ночь → день ночь                                       # a loose one too
№ 17, §3 → 17 3                                               # signs before numbers
100%, 25°C, $5 → 100 25 c 5                                   # signs after and before
Кошка.Собака → кошка собака                                   # a forgotten space
\u00a0кошка\u00a0→\u2009спит → кошка спит                     # spaces of every width
🐈кошка🐈 → кошка                                             # emoji
👍🏽 ❤️ → ∅                                                      # no word at all
— … ! * # → ∅                                                 # nor here
\u00ad\u200b\u0301 → ∅                                        # nor where nothing is to be seen
За\u0301мок → замок                                           # stress is no part of the word, and does not split it
края\u0301 и края → края и края                               # stress at its end
и\u0306од е\u0308ж → йод ёж                                   # letters in two pieces
са\u00adмо\u00adвар → самовар                                 # soft hyphens
са\u00ad-мовар → са-мовар{са мовар}                           # a soft hyphen before a real one
2\u00b2 → 2²                                                  # an exponent is a digit to Unicode
"""

LETTERS = """
А. Н. Островский → а н островский                             # initials
А.Н.Островский → а н островский                               # without spaces
т. е., т.е., и т. д., и т.п. → т е т е и т д и т п            # abbreviations are their letters
им. Кирова, ул. Лесная, н. э. → им кирова ул лесная н э       # so with full words
США, НАТО, МИДа → сша нато мида                               # the capitals of an abbreviation
1С, 1С:Бухгалтерия → 1с 1с бухгалтерия                        # the firm and its programs
C++17, C++20 → c++ 17 c++ 20                                  # a version behind
C++, C#, С++ → c++ c# c++                                     # languages of programs, in either alphabet
g++, F# → g++ f#                                              # others like them
витамин C → витамин c                                         # and the vitamin
си#, ABC# → си abc                                            # a letter, not a word
.NET, Node.js → net node.js<node js>                          # names with a dot
R&D, AT&T → r d at t                                          # an ampersand separates
"""

HYPHENS = """
жар-птица → жар-птица{жар птица}                              # two nouns
Жар\u2011птица → жар-птица{жар птица}                         # no-break hyphen
жар–птица → жар-птица{жар птица}                              # an en dash, as typesetters put it
Комсомольск-на-Амуре → комсомольск-на-амуре{комсомольск на амуре}   # three words
Ан-2, Ми-8МТВ → ан-2{ан 2} ми-8мтв{ми 8мтв}                   # types of aircraft
IT-отдел → it-отдел{it отдел}                                 # two alphabets, each part its own
Wi-Fi → wi-fi{wi fi}                                          # Latin
теле- и радиоканалы → теле и радиоканалы                      # a hanging hyphen
-кошка -5 → кошка 5                                           # a leading one
кошка- → кошка                                                # a trailing one
кошка--собака → кошка собака                                  # two hyphens are a dash
а-а-а → а-а-а{а а а}                                          # a drawn-out sound
"""

PARTICLES = """
кто-то, Что-нибудь, кому-либо → кто-то что-нибудь кому-либо   # -то, -нибудь, -либо are spelling
где-то откуда-то зачем-то → где-то откуда-то зачем-то         # with adverbs
какой-то какими-то чьих-то → какой-то какими-то чьих-то       # and in every case
кое-где кой-куда → кое-где кой-куда                           # кое-, кой-
по-волчьи по-новому по-турецки → по-волчьи по-новому по-турецки     # manner
во-вторых в-четвёртых → во-вторых в-четвёртых                 # order
всё-таки так-таки опять-таки → всё-таки так-таки опять-таки   # -таки
из-за из-под → из-за из-под                                   # prepositions
кто\u2011то → кто-то                                          # whichever hyphen
кое с кем → кое с кем                                         # divided by a preposition
пошёл-таки → пошёл-таки{пошёл таки}                           # of a verb the verb is looked for
это-то → это-то{это то}                                       # and so of any other word
дай-ка → дай-ка{дай ка}                                       # -ка
по-над, по-за → по-над по-за                                  # double prepositions
"""

APOSTROPHES = """
Д’Артаньян → д'артаньян{д артаньян}                           # a name of two words
О'Генри, O`Henry → о'генри{о генри} o'henry{o henry}          # whichever apostrophe
полно'чи, те'ни → полночи тени                                # stress, as old electronic texts write it
комп'ютер, п’ять → комп'ютер п'ять                            # Ukrainian: a letter of the word
don't, it’s, we'll → don't it's we'll                         # English: the word has no other form
JavaScript'ом → javascript'ом{javascript ом}                  # a Russian ending on a Latin word
'кошка' → кошка                                               # quotation marks
"""

NUMBERS = """
12 345 678 → 12345678<12 345 678>                             # groups of three
12\u00a0345, 12\u202f345, 12\u2009345 → 12345<12 345> 12345<12 345> 12345<12 345>   # by any narrow space
1 234,50 → 1234,50<1 234 50>                                  # with a fraction
12 34 → 12 34                                                 # no group of three
2021 500 → 2021 500                                           # a year, then a number
3,5; 3.5 → 3,5<3 5> 3,5<3 5>                                  # comma or point, one number
ст. 7.2 → ст 7,2<7 2>                                         # the number of an article
ст.7.2, п.3.1.2 → ст 7,2<7 2> п 3.1.2<3 1 2>                  # without a space
3,5кг → 3,5<3 5> кг                                           # a unit without a space
5 000р. → 5000<5 000> р                                       # so
10 000-15 000 → 10000<10 000> 15000<15 000>                   # from one to another
+7 495 123-45-67 → 7 495 123-45-67{123 45 67}                 # a telephone is no number
495 123-45-67 → 495 123-45-67{123 45 67}                      # so any part of it is found
03.04.2021-05.04.2021 → 2021-04-03<03 04 2021> 2021-04-05<05 04 2021>   # days by a hyphen
1.2.3 → 1.2.3<1 2 3>                                          # of a version, of a section
192.168.0.1 → 192.168.0.1<192 168 0 1>                        # an address
5-ФЗ → 5-фз{5 фз}                                             # the number of a law
№ 44-ФЗ → 44-фз{44 фз}                                        # with its sign
7-й, 1980-х, 3-го → 7-й{7 й} 1980-х{1980 х} 3-го{3 го}        # ordinals
30-летний → 30-летний{30 летний}                              # of a compound
2019–2023 → 2019-2023{2019 2023}                              # a span of years
10—15 → 10 15                                                 # by a long dash
03.04.2021 → 2021-04-03<03 04 2021>                           # a day is one day however written
3.4.2021 → 2021-04-03<3 4 2021>                               # so
2021-04-03 → 2021-04-03<2021 04 03>                           # and so
03.04.2021–05.04.2021 → 2021-04-03<03 04 2021> 2021-04-05<05 04 2021>   # from one to another
2021-04-03T10:20 → 2021-04-03<2021 04 03> t10 20              # with the time, as programs write it
45.13.2021 → 45.13.2021<45 13 2021>                           # no day: a number of some other kind
29.02.2023 → 29.02.2023<29 02 2023>                           # no such day in that year
9:05 и 21:30:15 → 9:05<9 05> и 21:30:15<21 30 15>             # times
2:1 → 2 1                                                     # a score
5x5, 3D → 5x5 3d                                              # letters and digits are one word
8(495)123 → 8 495 123                                         # brackets separate
1990\u20131995\u00a0гг. → 1990-1995{1990 1995} гг             # with a no-break space behind
\u0661\u0662 → \u0661\u0662                                   # digits of other scripts are digits
"""

ADDRESSES = """
zayavka@primer.ru → zayavka@primer.ru<zayavka primer ru>      # e-mail
ivan.k+x@mail.primer.ru. → ivan.k+x@mail.primer.ru<ivan k x mail primer ru>   # with all its signs, not the full stop
почта@пример.рф → почта@пример.рф<почта пример рф>            # in Cyrillic
primer.ru, a.primer.ru → primer.ru<primer ru> a.primer.ru<a primer ru>   # domains
www.primer.ru → primer.ru<www primer ru>                      # www is no part of the name
#весна_в_лесу → #весна_в_лесу<весна в лесу>                   # a hashtag of several words
кремлёвка.рф → кремлёвка.рф<кремлёвка рф>                     # in Cyrillic
https://primer.ru/a/b?c=d → https primer.ru<primer ru> a b c d      # the parts of an address
отчёт_2021.docx → отчёт_2021.docx<отчёт 2021 docx>            # a file
архив.tar.gz → архив.tar.gz<архив tar gz>                     # with two endings
a@b → a b                                                     # neither
#весна и #спорт2024 → #весна<весна> и #спорт2024<спорт2024>   # hashtags
@ivan → ivan                                                  # a name in a network is a word
"""

LINE_ENDS = """
само-⏎вар → самовар                                           # a word of the dictionary, divided
само-⏎  вар → самовар                                         # with an indent
само\u00ad⏎вар → самовар                                      # a soft hyphen divides any word
щуро\u00ad⏎гляз → щурогляз                                    # in the dictionary or not
щуро¬⏎гляз → щурогляз                                         # as a scanner writes it
само-\r⏎вар → самовар                                         # with the line end of Windows
кто-⏎то → кто-то                                              # the dictionary knows it with a hyphen
жар-⏎птица → жар-птица{жарптица<жар птица>}                   # a compound of the dictionary that is divided
щуро-⏎гляз → щуро-гляз{щурогляз<щуро гляз>}                   # nobody knows: both can be found
кошка -⏎собака → кошка собака                                 # a dash at the end of a line
кошка-⏎⏎собака → кошка собака                                 # a blank line ends a word
12-⏎15 → 12 15                                                # numbers are not divided
"""


def rows(*tables: str) -> list[tuple[str, str, str]]:
    """(text, tokens, reason) of the tables' lines."""
    found = [re.fullmatch(r"(.+) → (.+?)\s+# (.+)", line) for table in tables for line in table.strip().split("\n")]
    assert all(found), [line for table in tables for line in table.split("\n") if " → " not in line]
    return [(row[1].replace("⏎", "\n"), row[2].replace("∅", ""), row[3]) for row in found if row]


def shown(text: str) -> str:
    """The tokens of a text, as the tables write them."""
    words: list[str] = []
    closing: dict[int, str] = {}
    opened = ""
    for token in tokenize(text, russian.known):
        if token.kind == "word":
            words.append(opened + token.form + closing.pop(token.position, ""))
            opened = ""
            continue
        left, right = "{}" if token.kind == "compound" else "<>"
        opened += token.form + left
        last = token.position + token.width - 1
        closing[last] = right + closing.get(last, "")
    return " ".join(words)


TABLE = rows(PROSE, LETTERS, HYPHENS, PARTICLES, APOSTROPHES, NUMBERS, ADDRESSES, LINE_ENDS)


@pytest.mark.parametrize(("text", "expected", "reason"), TABLE, ids=[row[0] for row in TABLE])
def test_tokens(text: str, expected: str, reason: str) -> None:
    assert shown(text) == expected, reason


def test_places_refer_to_the_text_as_it_stands() -> None:
    text = "— За\u0301мок у Жар-птицы: 5 374 м."
    assert [(text[t.start : t.end], t.position, t.width, t.kind, t.capital) for t in tokenize(text)] == [
        ("За\u0301мок", 0, 1, "word", True),
        ("у", 1, 1, "word", False),
        ("Жар-птицы", 2, 2, "compound", True),
        ("Жар", 2, 1, "word", True),
        ("птицы", 3, 1, "word", False),
        ("5 374", 4, 2, "unit", False),
        ("5", 4, 1, "word", False),
        ("374", 5, 1, "word", False),
        ("м", 6, 1, "word", False),
    ]


def test_a_divided_word_is_marked_over_the_line_end() -> None:
    text = "Стоит само-\n  вар, кипит."
    (token,) = [token for token in tokenize(text, russian.known) if token.form == "самовар"]
    assert text[token.start : token.end] == "само-\n  вар"


def test_the_dictionary_is_asked_only_where_a_hyphen_ends_a_line() -> None:
    asked: list[str] = []
    assert list(tokenize("Жар-птица, само-\nвар.", lambda form: bool(asked.append(form))))
    assert asked == ["самовар"]


def test_without_a_dictionary_both_readings_of_a_divided_word_stand() -> None:
    forms = [(token.form, token.kind) for token in tokenize("само-\nвар")]
    assert forms == [("само-вар", "compound"), ("самовар", "unit"), ("само", "word"), ("вар", "word")]


PARADIGMS = """
какой-нибудь какая-нибудь какое-нибудь какие-нибудь какого-нибудь какому-нибудь какую-нибудь какой-нибудь
каким-нибудь какою-нибудь какими-нибудь каких-нибудь каком-нибудь
кто-то кого-то кому-то кем-то ком-то
что-либо чего-либо чему-либо чем-либо чём-либо
чью-то чью-нибудь чей-то чья-то чьё-то чье-то чьи-то чьего-то чьей-то чьему-то чьим-то чьими-то чьём-то чьем-то чьих-то
кое-кто кое-кого кое-что кое-чем кое-как кое-какие
когда-то где-либо куда-нибудь откуда-то почему-либо зачем-то отчего-то сколько-нибудь
по-моему по-твоему по-своему по-зимнему по-английски по-немецки по-птичьи
во-первых во-вторых в-третьих в-пятых в-последних
"""


@pytest.mark.parametrize("word", PARADIGMS.split())
def test_every_case_of_a_particle_word_is_one_word(word: str) -> None:
    assert shown(word) == word


COMPOSED = """
кто-кто мало-помалу еле-еле чуть-чуть крест-накрест иван-чай по-2 вице-президент бизнес-ланч плащ-палатка
""".split()


@pytest.mark.parametrize("word", COMPOSED)
def test_other_hyphens_join_two_words(word: str) -> None:
    assert shown(word) == f"{word}{{{word.replace('-', ' ')}}}"


# What holds of every text.

PIECES = [
    *"а я ё й Ж B c 1 5 42 374 2022 09 . , : ; ! ? - – — ' ’ # @ + _ / ( ) « »".split(),
    *(" ", "\u00a0", "\n", "-\n", "- \n", "\r\n", "\u00ad", "\u0301", "\u0306", "\u200b", "\u2011", "\U00017000", "🐈"),
    *"кто-то по- всё-таки самовар само вар Нью-Йорк п'ять don't C++ С# a@b.ru primer.рф 12.04.2020 7-й 3,5".split(),
]
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


def words_of(found: list[Token]) -> list[Token]:
    """Those that count as length."""
    return [token for token in found if token.kind == "word"]


@given(TEXTS)
def test_the_fast_rule_takes_nothing_that_another_would(text: str) -> None:
    slow = {name: rule for name, rule in tokens._RULES.items() if name != "plain"}
    master = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in slow.items()))
    fast = list(tokenize(text, russian.known))
    with patch.object(tokens, "_TOKEN", master):  # the space keeps letters alone from being read at once
        assert fast == list(tokenize(text + " ", russian.known))


@given(TEXTS)
def test_words_follow_each_other(text: str) -> None:
    found = words_of(list(tokenize(text, russian.known)))
    assert [token.position for token in found] == list(range(len(found)))
    assert all(token.width == 1 for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_a_whole_covers_its_parts_and_stands_before_them(text: str) -> None:
    found = list(tokenize(text, russian.known))
    words = words_of(found)
    for at, whole in enumerate(found):
        if whole.kind == "word":
            continue
        parts = words[whole.position : whole.position + whole.width]
        assert len(parts) == whole.width >= 1
        assert whole.start <= parts[0].start < parts[-1].end <= whole.end
        assert parts[0] in found[at:], "a whole stands before its parts"
    for kind in ("compound", "unit"):
        wholes = [token for token in found if token.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(wholes)), kind


@given(TEXTS)
def test_a_token_says_what_stands_in_the_text(text: str) -> None:
    for token in tokenize(text, russian.known):
        raw = text[token.start : token.end]
        assert 0 < len(token.form) <= MAX_FORM
        assert raw == raw.strip()
        assert token.capital == raw[0].isupper()
        if token.kind == "word" and raw.isalnum():
            assert token.form == fold(raw)


@given(TEXTS)
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    covered: set[int] = set()
    for token in words_of(list(tokenize(text, russian.known))):
        covered.update(range(token.start, token.end))
    assert [at for at, letter in enumerate(text) if letter.isalnum() and at not in covered] == []


@given(TEXTS, TEXTS)
def test_a_blank_line_keeps_texts_apart(one: str, other: str) -> None:
    def forms(text: str) -> Iterator[tuple[str, str, int]]:
        return ((token.form, token.kind, token.width) for token in tokenize(text, russian.known))

    assert [*forms(one), *forms(other)] == list(forms(f"{one}\n\n{other}"))


@given(TEXTS)
@example("Pоссия")
@example("ŉ")
def test_the_tokens_of_a_form_are_the_form(text: str) -> None:
    """A query is typed in another case, with other hyphens, without stress: it must come to the same tokens."""
    for token in tokenize(text, russian.known):
        again = [t.form for t in tokenize(token.form)]
        if token.kind == "word" and token.form.isalnum():
            assert again == [fold(token.form)]


# Hostile texts: none may take more than linear time. No clock here; a slow rule is noticed.

MANY = 30_000
HOSTILE = {
    "a word of a million letters": ("щ" * 1_000_000, 1),
    "a word of a million look-alikes": ("щo" * 500_000, 1),
    "hyphens": ("а-" * MANY, MANY),
    "apostrophes": ("а'" * MANY, MANY),
    "dots": ("а." * MANY, MANY),
    "digits and dots": ("1." * MANY, MANY),
    "digits and commas": ("1," * MANY, MANY),
    "digits and spaces": ("123 " * MANY, MANY),
    "digits and colons": ("1:" * MANY, MANY),
    "addresses without an end": ("а@" * MANY, MANY),
    "underscores": ("а_" * MANY, MANY),
    "stress without end": ("а" + "\u0301" * MANY, 1),
    "stress on every letter": ("а\u0301" * MANY, 1),
    "soft hyphens": ("а\u00ad" * MANY, 1),
    "soft hyphens alone": ("\u00ad" * MANY, 0),
    "hyphens at line ends": ("а-\n" * MANY, MANY),
    "a hyphen and many spaces": ("а-" + " " * MANY + "\nа", 2),
    "hashes": ("#" * MANY + "а", 1),
    "pluses": ("C" + "+" * MANY, 1),
    "emoji": ("😀" * MANY, 0),
}


@pytest.mark.parametrize(("text", "count"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text: str, count: int) -> None:
    assert len(words_of(list(tokenize(text)))) == count
