"""Sentences: where Russian print ends one.

A row is a text with | where one sentence ends and another begins. ⏎ is a line end, ¶ an empty line.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.sentences import Sentences, numbered, sentence, sentences

STOPS = """
Дождь кончился. |Вышло солнце.                                  # a full stop
Дождь кончился? |Да! |Ура!                                      # other stops
Дождь кончился… |Вышло солнце.                                  # an ellipsis in one sign
Дождь кончился... |Вышло солнце.                                # and in three
Как?! |Не может быть!..                                         # several at once
Дождь кончился, вышло солнце                                    # no stop at the end of the text
Дождь кончился.                                                 # one sentence
Было тихо... так тихо, что слышно часы.                         # the sentence goes on behind an ellipsis
Эх! если бы знать.                                              # and behind an exclamation, in older print
Дождь кончился.Вышло солнце.                                    # a forgotten space: one passage does no harm
(Дождь кончился.) |Вышло солнце.                                # brackets
Дождь (наконец!) кончился. |Вышло солнце.                       # within a sentence
Дождь кончился (наконец-то!). |Вышло солнце.                    # at its end
"""

ABBREVIATIONS = """
Дом построен в 1905 г. на деньги купца.                         # the year goes on
Дом построен в 1905 г. |Купец разорился.                        # and may end the sentence
Дом построен в 1905\u00a0г. |Купец разорился.                   # with a no-break space
Церкви XVII в. |Колокольня новая.                               # centuries
Они родом из г. Вологда и с. Покровское.                        # г. before a name: город
Живёт на ул. Садовой, д. 5, кв. 12.                             # an address
Едем на о. Валаам, к оз. Сайма и на р. Свирь.                   # islands, lakes, rivers
1. Открыть окно. |2. Закрыть дверь.                             # numbers of a list are not sentences
1.1. Общие правила. |II. Обзор.                                 # of any kind
Скорость 90 км/ч. |Потом стихло.                                # a unit with a stroke
Звоните по тел. 8 800 555-35-35 или +7 495 123-45-67.           # telephones
Стоит 5 млн долл. США в год.                                    # dollars of one country
Построен ок. 1500 года. |Сгорел 9 янв. 1701 г.                  # before a number
Париж (фр. Paris) стоит на Сене.                                # before Latin letters
Она забыла о нем. |Потом вспомнила.                             # a pronoun that looks like an abbreviation
Недоволен им. |Она тоже.                                        # another
Театр им. Чехова, завод им. И. И. Серова.                       # but this is one
Он ушёл в полк. |Потом погиб.                                   # a noun
Дж. Серов и Дж. Р. Р. Климов.                                   # two letters of an initial
Заплатил 5 руб. 20 коп. |Ушёл.                                  # two units
Осуждён по ст. 5 п. 3 ч. 2 кодекса.                              # a reference has many numbers
Закон от 1 мая 2022 г. № 44 отменён. |Ст. 5 № 2 осталась.        # a number goes with what is before it
Живёт на пр. Мира, у бул. Цветов. |Рядом киоски и пр. |Тихо.    # an avenue, and the end of a list
Кн. Волков и преп. Сергий.                                      # titles
Стоит 5 дол. США в год.                                         # dollars in short
Дождь кончился.[3] |Вышло солнце.                               # a footnote
Купили хлеб, соль и т. д. |Печь остыла.                         # the end of a list may end the sentence
Купили хлеб, соль и т.д. |Печь остыла.                          # without the space
Купили хлеб, соль и т. п., затопили печь.                       # or not
Хлеб, т. е. Рожь, дорожает.                                     # never the end
Это было в V в. до н. э. и позже.                               # before our era
Это было в 44 г. до н. э. |Потом начались войны.                # and the end
См. Приложение и ср. Предисловие.                               # references
См. рис. 3, табл. 2 и стр. 14.                                  # before numbers
Читайте гл. II и ст. 5.                                         # Roman ones too
Ширина 5 м. |Длина больше.                                      # a unit behind a number ends it
Цена 300 руб. |Скидок нет.                                      # money
Жителей 20 тыс. |Школа одна.                                    # thousands
Встретил проф. Серова и акад. Климова.                          # titles
Пришли тов. Серов и гр. Климов.                                 # older ones
Пять км. |Дорога плохая.                                        # a unit that no digit stands before
Это ООО «Заря». |Оно закрыто.                                   # capitals are no initials
Он из СССР. |Я тоже.                                            # nor are these
Стоит 3,5 руб. за кг. |Дорого!                                  # a decimal comma, a unit without a number
Выехали в 14.30 и к ночи вернулись.                             # a stop within a number
Адрес — primer.ru. |Пишите!                                     # within an address
"""

NAMES = """
Это А. П. Серов. |Он врач.                                      # initials before the name
Это А.П. Серов. |Он врач.                                       # without a space
Серов А. П. и Климов Б. Ю. ушли.                                # behind the name
Это\u00a0А.\u00a0П.\u00a0Серов.                                 # no-break spaces
Р. Серов и К. Климов.                                           # at the very beginning
"""

SPEECH = """
— Дождь кончился? — спросил он.                                 # the author's words after a question
— Дождь кончился! — сказал он. |— Вышло солнце.                 # and a reply that goes on is a new sentence
«Дождь кончился!» — сказал он.                                  # in quotation marks
«Дождь кончился». |Он вышел.                                    # the stop outside
«Дождь кончился!» |Он вышел.                                    # and inside
Он крикнул: «Дождь!» |И вышел.                                  # before a new sentence
Он крикнул: „Дождь!“ |И вышел.                                  # the closing quotation mark of „
Он крикнул „Дождь!“ и вышел.                                    # inner quotation marks
Он прочёл "Дождь кончился." |Затем вышел.                       # of a typewriter
— Да. |— Нет. |— Почему?                                        # replies on one line
— Да.⏎|— Нет.⏎|— Почему?                                       # and on their own
"""

LINES = """
Заголовок¶|Дождь кончился.                                      # an empty line ends anything
Дождь¶|кончился                                                 # even before a small letter
Живёт в г.¶|Вологда                                             # and behind an abbreviation
Первый заголовок⏎|Второй заголовок⏎|Дождь кончился.             # short lines stand alone
Дождь кончился,⏎вышло солнце.                                   # a comma at the line's end
Вот и кончился⏎дождь.                                           # a small letter at the next line's beginning
Мы ехали вдоль реки, и по обоим берегам её до самого горизонта тянулась⏎Вологодская земля. |Стемнело.   # hard wrap
Белеет берег⏎|За рекой⏎|Поёт пастух⏎|Над тишиной                # verse
Нужно купить:⏎|— хлеб;⏎|— соль;⏎|— спички.                      # a list with dashes
Нужно купить:⏎|1) хлеб;⏎|2) соль.                               # with numbers
Дождь кончился.⏎|Вышло солнце.                                  # a stop at a line's end
Дождь кончился.\r⏎|Вышло солнце.                                # line ends of Windows
Дождь кончился.  ⏎  ⏎|Вышло солнце.                             # spaces that cannot be seen
"""


def rows(*tables: str) -> list[tuple[str, str]]:
    """(text with cuts, reason)."""
    lines = (line.partition(" # ") for table in tables for line in table.strip("\n").split("\n"))
    return [(row.strip().replace("⏎", "\n").replace("¶", "\n\n"), reason) for row, _, reason in lines]


def cut(text: str) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for start, end in sentences(text)]


TABLE = rows(STOPS, ABBREVIATIONS, NAMES, SPEECH, LINES)


@pytest.mark.parametrize(("marked", "reason"), TABLE, ids=[row[0] for row in TABLE])
def test_sentences(marked: str, reason: str) -> None:
    assert cut(marked.replace("|", "")) == [part.strip() for part in marked.split("|")], reason


@pytest.mark.parametrize("text", ["", " ", "\n", " \n\n \t\u00a0\n"], ids=ascii)
def test_nothing_has_no_sentences(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize("text", [".", "…", "— ", "¿", "\U00017000", "a"], ids=ascii)
def test_one_sign_is_a_sentence(text: str) -> None:
    assert cut(text) == [text.strip()]


def test_a_short_line_is_shorter_than_a_printed_one() -> None:
    """A line that fills its measure goes on behind its end; a short one was ended on purpose."""
    full = "Слово за словом" + " слово" * 8
    assert len(cut(f"{full}\nСеров")) == 1
    assert len(cut("Слово за словом\nСеров")) == 2


# What holds of every text.

PIECES = [
    *"Слово слово г. т. е. д. и А. С. 1905 5 стр. 3 Он — « » „ “ ( ) \" ' [ ] , ; : . ! ? … ... ?! XV в. 1) -".split(),
    *(" ", "\u00a0", "\n", "\r\n", "\n\n", "\t", "  "),
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
TIGHT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.one_of(TEXTS, TIGHT))
@example("\x1c. \x1f")  # separators that are white space to Python
def test_every_sign_is_in_one_sentence(text: str) -> None:
    spans = list(sentences(text))
    assert all(one[1] <= other[0] for one, other in pairwise(spans)), "in order, none overlapping"
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans), "no space around"
    covered = {at for start, end in spans for at in range(start, end)}
    assert [at for at, sign in enumerate(text) if not sign.isspace() and at not in covered] == []


@given(st.one_of(TEXTS, TIGHT), st.one_of(TEXTS, TIGHT))
def test_paragraphs_know_nothing_of_each_other(one: str, other: str) -> None:
    assume(not one.rstrip().endswith(tuple("«„“\"'([—–-")))  # nothing is opened at the end of a paragraph
    assert cut(f"{one}\n\n{other}") == cut(one) + cut(other)


@given(st.one_of(TEXTS, TIGHT))
def test_words_are_never_cut(text: str) -> None:
    for start, end in sentences(text):
        assert start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
        assert end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())


@given(st.one_of(TEXTS, TIGHT), st.data())
def test_one_sentence_is_that_of_the_whole_text(text: str, data: st.DataObject) -> None:
    """Found from any of its characters, and from the end of any sentence before it."""
    spans = list(sentences(text))
    assume(spans)
    number = data.draw(st.integers(0, len(spans) - 1))
    ends = [0, *(end for _, end in spans[:number])]
    at = data.draw(st.integers(spans[number][0], spans[number][1] - 1))
    assert sentence(text, at, data.draw(st.sampled_from(ends))) == spans[number]


@given(st.one_of(TEXTS, TIGHT), st.data())
def test_sentences_are_remembered(text: str, data: st.DataObject) -> None:
    """Asked for several times, some more than once, those that hold something are those of the whole text."""
    spans = list(sentences(text))
    known = Sentences()
    inner = [at for start, end in spans for at in range(start, end)]
    for _ in range(3 if spans else 0):
        asked = sorted(data.draw(st.lists(st.sampled_from(inner), max_size=6)))
        every = [(start, end, [(at, at + 1) for at in asked if start <= at < end]) for start, end in spans]
        assert list(known.holding(text, [(at, at + 1) for at in asked])) == [one for one in every if one[2]]


@given(st.one_of(TEXTS, TIGHT), st.data())
def test_characters_are_numbered_by_their_sentences(text: str, data: st.DataObject) -> None:
    """Whatever is passed over between them, two have one number exactly if one sentence has them both."""
    words = [at for at, sign in enumerate(text) if sign.isalnum()]
    offsets = sorted(data.draw(st.lists(st.sampled_from(words), max_size=6))) if words else []
    spans = list(sentences(text))
    home = [next(number for number, (start, end) in enumerate(spans) if start <= at < end) for at in offsets]
    found = list(numbered(text, offsets))
    assert [a == b for a, b in pairwise(found)] == [a == b for a, b in pairwise(home)]
    assert found == sorted(found)


# Hostile texts: none may take more than linear time. No clock here; a slow rule is noticed.

MANY = 50_000
HOSTILE = {
    "full stops": "." * MANY,
    "question marks": "?!" * MANY,
    "stops apart": ". " * MANY,
    "stops and brackets": ".)" * MANY,
    "stops and quotation marks": '."' * MANY,
    "brackets behind one stop": "." + ")" * MANY,
    "spaces": "а." + " " * MANY + "Б",
    "spaces alone": " " * MANY,
    "line ends": "\n" * MANY,
    "lines of spaces": " \n" * MANY,
    "short lines": "Слово\n" * MANY,
    "short sentences": "Слово.\n" * MANY,
    "initials": "А. " * MANY,
    "abbreviations": "г. " * MANY,
    "a word": "щ" * 1_000_000,
    "words without a stop": "слово " * MANY,
    "opening quotation marks": ". " + "«" * MANY,
    "numbers": "1. " * MANY,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text: str) -> None:
    spans = list(sentences(text))
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for start, end in spans[-5:]:
        assert sentence(text, (start + end) // 2) == (start, end)
