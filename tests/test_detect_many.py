"""The languages of many texts and of many words at once are those that are found one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document
from indexer.analysis import language, russian
from indexer.analysis.belonging import of_words
from indexer.analysis.detection import Votes
from indexer.analysis.language import LANGUAGE_OF_COMMON, LANGUAGES, detect, of_word
from indexer.analysis.strings import Strings
from indexer.analysis.vocabulary import Vocabulary
from indexer.segment.record import prepare
from indexer.segment.tokenised import tokenised

RUSSIAN = "Мы были в этом городе, где подъезды выходят на объездную дорогу; ещё вымытые улицы, мосты и сады."
UKRAINIAN = (
    "Міністр пообіцяв нові школи; зачинилося вікно, бо почалося навчання. Її ґанок, його об'єкт, писати й купувала."
)
BULGARIAN = (
    "Министърът обеща нови училища. Децата от селото ходят пеша; лекарите казаха, че страната има правителството."
)
ENGLISH = "The court adjourned the case until March, said the union."
OLD = "Домъ стоялъ на берегу, и садъ былъ старъ; въ немъ жилъ нѣкто, имѣвшій свѣтлый умъ."
WORDS = re.findall(r"\w+", " ".join((RUSSIAN, UKRAINIAN, BULGARIAN, ENGLISH, OLD)))
WORDS += LANGUAGE_OF_COMMON
WORDS += """пути печати найдите положите страха успеха диване совете карта зарплата лето кинето ствотo множество
    несколько протягом нянькалося аувала ауваласъ ъ ы ъъ въ съб объём съюз Київ КИЇВ Ґанок Ъгъл комп'ютер it-компания
    café Straße ЁЛКА ѝ ҂ӑ а҃з""".split()

TEXTS = [
    *(text for language in (RUSSIAN, UKRAINIAN, BULGARIAN, ENGLISH, OLD) for text in (language, language.upper())),
    *(normalize("NFD", text) for text in (RUSSIAN, UKRAINIAN, BULGARIAN)),
    *re.findall(r"\w+", RUSSIAN + UKRAINIAN + BULGARIAN + ENGLISH),
    *(
        "",
        " ",
        "\0",
        "\0\0их\0",
        "2022, 5 374 — 14:45!",
        "東京",
        "😀",
        "Женева",
        "да",
        "да те",
    ),
    f"{RUSSIAN} Он говорит: «{BULGARIAN}»",
    f"Он говорит: «{BULGARIAN}» {UKRAINIAN}",
    f"{RUSSIAN} {ENGLISH * 9}",
    "Бонжур, mes amis, сказал он гостям.",
    "https://example.org/very/long/address Погода на завтра",
    "(https://пример.рф/є/ї/ґ)Погода на за́втра, https://t.me/і",
    "смотри https://example.org/é\u0301/і і т.д.; http://\xa0ї://ї :// a://",
    "İ://іїєґ K://іїєґ é\u0301://іїєґ a_1://іїєґ -://іїєґ ://a://іїєґ Ⓐ://іїєґ",
    "е\u0308лка ё и\u0306 і\u0308 г\u0301 за\u0301мок",
    "ﬁ İstanbul Kelvin ẞ Å ΑΣ",
    "Русия" + " и" * 5000 + " ще " + "няма " * 9,
    "ы" * 3999 + "і",
    "мы " * 50 + "її " * 50,
    "ити " * 9 + "ты бы мы вы",
]


VOCABULARY = Vocabulary(russian.known)
VOTES = Votes(VOCABULARY.forms)


def detect_many(texts: list[str], titles: Sequence[str] = ()) -> list[str]:
    """The languages of documents of some texts, by columns."""
    given = [Document(text, title=title) for text, title in zip_longest(texts, titles, fillvalue="")]
    return tokenised([*map(prepare, given)], VOCABULARY, VOTES).languages


def test_texts() -> None:
    assert detect_many(TEXTS) == list(map(detect, TEXTS))
    assert [detect_many([text]) for text in TEXTS] == [[detect(text)] for text in TEXTS]
    assert detect_many([]) == []


def test_many_texts() -> None:
    texts = [text * 20 for text in TEXTS] * 3
    assert detect_many(texts) == list(map(detect, texts))


def test_titles() -> None:
    """A title that does not stand in the text counts with it; one that does counts there alone."""
    assert detect_many(["", "Женева", RUSSIAN], ["Їжа", UKRAINIAN, "Ще"]) == ["uk", "uk", "ru"]
    text = f"{ENGLISH}\nЖенева, Москва, Рим и другие города\n"
    assert detect_many([text, text], ["", ENGLISH]) == [detect(text)] * 2 == ["ru", "ru"]


def test_russian_and_english_are_settled_by_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "of_forms", lambda *_: "asked")
    texts = [RUSSIAN, f"{RUSSIAN} Тут https://example.org/a да за́мок 😀", ENGLISH, UKRAINIAN, BULGARIAN]
    assert detect_many(texts) == ["ru", "ru", "en", "asked", "asked"]


SIGNS = st.sampled_from([" ", " ", " ", ", ", "-", "\n", "\0", "'", "\u0301", "\u0308", " https://a.ru/", "://", "😀 "])
LETTERS = st.text(st.sampled_from("абвгдиейтухъыьэюяёѣіїєґЁЪЇabzÿ'-\u0306\u0308\u0301"), max_size=6)
MIXED = st.lists(st.sampled_from(WORDS) | st.sampled_from(WORDS).map(str.capitalize) | LETTERS | SIGNS, max_size=30)
OF_WORDS = st.tuples(st.lists(st.sampled_from(WORDS), max_size=40), SIGNS).map(lambda parts: parts[1].join(parts[0]))


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.lists(OF_WORDS | MIXED.map("".join) | MIXED.map(" ".join) | st.text(), max_size=5))
def test_any_texts(texts: list[str]) -> None:
    assert detect_many(texts) == list(map(detect, texts))
    vocabulary = Vocabulary(russian.known)
    alone = [tokenised([prepare(Document(text))], vocabulary, Votes(vocabulary.forms)).languages for text in texts[:1]]
    assert alone == [[detect(text)] for text in texts[:1]], "to a vocabulary that knows nothing"


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(WORDS) | LETTERS | st.text(), max_size=9), st.sampled_from(LANGUAGES))
def test_any_words(forms: list[str], document: str) -> None:
    forms = [form for form in forms if "\n" not in form]
    assert languages_of(forms, document) == [of_word(form, document) for form in forms]


def languages_of(forms: list[str], document: str) -> list[str]:
    """The language of each of the forms."""
    found = {number: own for own, at in of_words(Strings.of(forms), document).items() for number in at.tolist()}
    return [found[number] for number in range(len(forms))]


@pytest.mark.parametrize("document", LANGUAGES)
def test_words(document: str) -> None:
    letters = [chr(point) for point in range(0x600) if point != ord("\n")]
    forms = [*WORDS, *map(str.lower, WORDS), *letters, "", "東京", "\U00017000", "\ud800", "qі", "qы", "и\0ы"]
    assert languages_of(forms, document) == [of_word(form, document) for form in forms]


def test_documents() -> None:
    """A language that is given and that we read is kept."""
    given = [Document(UKRAINIAN), Document(RUSSIAN, lang="bg"), Document(ENGLISH, lang="fr"), Document("", title="Їжа")]
    ready = [*map(prepare, given)]
    expected = ["uk", "bg", "en", "uk"]
    assert tokenised(ready, VOCABULARY, VOTES).languages == expected
    assert [each.whole.lang for each in ready] == expected, "one by one the same"
    assert [each.whole.text for each in ready] == [document.text for document in given]


def test_long_common_words() -> None:
    """Of a word of more than eight letters its end is not enough: «несколько» votes, «понесколько» does not."""
    long = [word for word in LANGUAGE_OF_COMMON if len(word) > 8]
    assert long, "there are some"
    for word in long:
        texts = [f"{word} няма този", f"по{word} няма този", f"{word[1:]} няма този", f"{word}ҕ няма този"]
        assert detect_many(texts) == list(map(detect, texts))
