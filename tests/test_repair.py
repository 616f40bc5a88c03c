"""What is done with a query that finds nothing, and what is never done."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from indexer import Document, Index
from indexer.repair import layout, lookalike, translit

TEXTS = {
    "мид": "Сергей Рябков приехал в Женеву на переговоры о гарантиях безопасности.",
    "ельцин": "Борис Ельцин выступил в Екатеринбурге, Щербаков молчал.",
    "агентство": "Агентство сообщило, что комиссия поехала во Владивосток.",
    "программы": "Open source software is free, said Ryabov.",
    "эхо": "Эхо, юбка и будущее: в хорошем объезде.",
    "кот": "Кот и собака спят. Римский-Корсаков писал оперы.",
    "слова": "Он как-нибудь что-то да сказал бы, но не сказал; лист формата А4, выбросы CO2.",
    "снег": "Снег идёт, весь Ярославль в снегу. Невский проспект пуст.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The texts above."""
    with Index.open(tmp_path_factory.mktemp("repair") / "index", create=True) as opened:
        opened.add_many(
            Document(text, id=name, lang="en" if name == "программы" else "ru") for name, text in TEXTS.items()
        )
        yield opened


@pytest.mark.parametrize(
    ("query", "kind", "executed", "found"),
    [
        ("hz,rjd", "layout", "рябков", "мид"),  # a comma within is б
        (";tytdf", "layout", "женева", "мид"),  # ж is the key of the semicolon
        ("gthtujdjhfv", "layout", "переговорам", "мид"),  # a form that no text has
        ("ыщаецфку", "layout", "software", "программы"),
        ('"ufhfynbz ,tpjgfcyjcnb"', "layout", '"гарантия безопасности"', "мид"),
        ("@ufhfynbz ,tpjgfcyjcnb@", "layout", '"гарантия безопасности"', "мид"),  # the quotation marks of that layout
        ('"[j', "layout", "Эхо", "эхо"),  # and the key of Э
        ("<eleott", "layout", "Будущее", "эхо"),
        ("d ;tytdt", "layout", "в женеве", "мид"),  # both words, though «d» alone might be known
        ("gthtujd* -ceghfv", "layout", "перегов* -ceghfv", "мид"),
        ("+gthtujdjhs Женева", "layout", "+переговоры Женева", "мид"),  # operators stay
        ("заголовок:gthtujdjhs ИЛИ ;tytdf", "layout", "заголовок:переговоры ИЛИ женева", "мид"),
        ("KOT", "lookalike", "КОТ", "кот"),  # all letters Latin
        ("Е6урге", None, "Е6урге", None),
        ("A4", "lookalike", "А4", "слова"),  # with a digit
        ("СО2", "lookalike", "CO2", "слова"),  # the other way round
        ("К0миссия", "lookalike", "комиссия", "агентство"),
        ("Ryabkov", "translit", "рябков", "мид"),
        ("Riabkov", "translit", "рябков", "мид"),
        ("Rjabkovym", "translit", "рябковым", "мид"),  # a case that no text has
        ("Yeltsin", "translit", "ельцин", "ельцин"),  # the soft sign is left out
        ("Scherbakov", "translit", "щербаков", "ельцин"),
        ("Shcherbakov Yekaterinburg", "translit", "щербаков екатеринбург", "ельцин"),
        ("kot i sobaka", "translit", "кот и собака", "кот"),
        ("rimskij-korsakov", "translit", "римский-корсаков", "кот"),
        ("Рябов", "translit", "ryabov", "программы"),  # the other way round
        ("Рябовым", "translit", "ryabov", "программы"),  # in a case, which Latin letters have not
        ("пере говоры в Женеве", "spelling", "переговоры в Женеве", "мид"),  # a space too many
        ("пере говоров", "spelling", "переговоров", "мид"),  # in a form that no text has
        ("снегу весь Яро славль", "spelling", "снегу весь Ярославль", "снег"),  # at the end
        ("римский корсаковым", None, "римский корсаковым", "кот"),  # parts are found without
        ("как нибудь сказал", "spelling", "как-нибудь сказал", "слова"),  # a particle typed apart
        ("что то сказал", "spelling", "что-то сказал", "слова"),  # the same
        ("невиделснег", None, "невиделснег", None),  # three words are too many
        ("несказал", "spelling", "не сказал", "слова"),  # a short word typed with another
        ("Жинева", "spelling", "женева", "мид"),
        ("рибков", "spelling", "рябков", "мид"),  # and not «рябок»
        ("агенство", "spelling", "агентство", "агентство"),
        ("агенствами", "spelling", "агентствами", "агентство"),  # a word of the dictionary whose lemma is there
        ("комисия Владивасток", "spelling", "комиссия владивосток", "агентство"),
        ("гарантиябезопасности", "spelling", "гарантия безопасности", "мид"),
        ("Сергей рибков в Жиневе", "spelling", "Сергей рябков в женеве", "мид"),
        ("епреговоры", "spelling", "переговоры", "мид"),  # the first letter
    ],
)
def test_repaired(index: Index, query: str, kind: str | None, executed: str, found: str | None) -> None:
    """What is mended, and into what; the notice says both."""
    results = index.search(query, relax=False)
    assert results.executed == executed
    assert [hit.id for hit in results] == ([found] if found else [])
    assert results.repaired == (kind and {"kind": kind, "from": query, "to": executed})
    assert results.query == query


def test_misspelled_rather_than_written_in_latin(tmp_path: Path) -> None:
    """A rare Latin word does not stand in for what hundreds of documents have one letter away."""
    index = Index.open(tmp_path / "index", create=True)
    texts = [f"Правительство приняло {number} решений" for number in range(2, 120)]
    index.add_many(Document(text) for text in [*texts, "Сайт pravitelstvo.example закрыт", "Читайте на softwar"])
    assert index.search("правителство").repaired == {
        "kind": "spelling", "from": "правителство", "to": "правительство",
    }  # fmt: skip
    assert index.suggest("правителство") == ["правительство"]
    assert index.suggest("софтвар") == ["softwar"]


@pytest.mark.parametrize(
    "query",
    [
        "Рябков",  # found
        "собака снег",  # both known: no document has both, and nothing is to mend
        "весна",  # a word of the language that no text has: «весь» is not what was meant
        "ъыьъыь",
        "12345",
        "lang:ru",
        "-нет",
        "!!!",
        "ytn",  # «нет» is nowhere either
    ],
)
def test_left_alone(index: Index, query: str) -> None:
    """What finds something is never changed, nor what there is nothing better for."""
    assert index.search(query, relax=False).repaired is None


def test_no_harm(index: Index) -> None:
    """With any of the words enough, a found one keeps the query as it is; the other one is offered."""
    results = index.search("Рябков Жинева", match="any")
    assert (results.repaired, results.suggestions, len(results)) == (None, ("Рябков женева",), 1)


def test_a_right_word_that_is_not_there_is_offered_only(index: Index) -> None:
    """«Невзкий» may be a slip; «невеский» is none of the index's, so nothing is run in place of a known word."""
    results = index.search("снежок", relax=False)
    assert (results.repaired, list(results)) == (None, [])


def test_switched_off(index: Index) -> None:
    """`repair=False` runs nothing else, and offers all the same."""
    results = index.search("hz,rjd", repair=False)
    assert (results.repaired, len(results), results.suggestions) == (None, 0, ("рябков",))


def test_repaired_and_relaxed(index: Index) -> None:
    """What is mended may still be too much for one document; then the rest is relaxed as ever."""
    results = index.search("Жинева собака Рябков")
    assert (results.executed, results.relaxed, results[0].id) == ("женева собака Рябков", ("собака",), "мид")


def test_marks(index: Index) -> None:
    """What a repaired query found is marked."""
    snippet = index.search("Ryabkov")[0].snippets[0]
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["Рябков"]


def test_slips_of_the_texts(tmp_path: Path) -> None:
    """A slip that stands in a text is found as typed; in a query that finds nothing it may be mended."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many(Document(f"Агентство номер {number} ответило.") for number in range(120))
        index.add(Document("Агенство закрыто.", id="slip"))
        assert [hit.id for hit in index.search("агенство")] == ["slip"]
        results = index.search("агенство ответило", limit=200)
        assert (results.executed, results.total) == ("агентство ответило", 120)


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("ghbdtn", ["привет"]),
        ("ghbdtn,", ["приветб", "привет"]),
        ("ЗШЗ", ["PIP"]),
        ("руддщ", ["hello"]),
        ("слово word", []),
        ("12.5", []),
    ],
)
def test_layout(typed: str, readings: list[str]) -> None:
    """The keys of one layout in the other."""
    assert layout.other(typed) == readings


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("COBET", ["СОВЕТ"]),
        ("Сор", ["Cop"]),
        ("sova", []),
        ("м0сква", ["москва"]),
        ("B-52", ["В-52"]),
        ("М16", ["M16"]),
        ("52", []),
    ],
)
def test_lookalike(typed: str, readings: list[str]) -> None:
    """Only letters that all have a twin."""
    assert lookalike.other(typed) == readings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("riabkov", "рябков"), ("ryabkov", "рябков"), ("rjabkov", "рябков"), ("scherbakov", "щербаков"),
        ("shcherbakov", "щербаков"), ("yeltsin", "ельцин"), ("kurskaja", "курская"), ("kurskaia", "курская"),
        ("olga", "ольга"), ("lebed", "лебедь"), ("tchaikovsky", "чайковский"), ("khrushchev", "хрущев"),
        ("dmitrii", "дмитрий"), ("solovyov", "соловьев"), ("yuri", "юрий"), ("mariia", "мария"),
        ("dostoyevsky", "достоевский"), ("chekhov", "чехов"), ("maxim", "максим"), ("anatoly", "анатолий"),
        ("schwarzman", "шварцман"), ("sergei", "сергей"), ("tolstoi", "толстой"), ("alexander", "александр"),
        ("peregovori", "переговоры"), ("podezd", "подъезд"), ("obyom", "объем"), ("obyavlenie", "объявление"),
        ("mussorgsky", "мусоргский"), ("rachmaninoff", "рахманинов"),
        ("зеленский", "zelenskyy"), ("4elovek", "человек"), ("ob'ezd", "объезд"), ("рябков", "ryabkov"),
        ("чайковский", "tchaikovsky"), ("нижний", "nizhny"), ("юлия", "julia"),
    ],
)  # fmt: skip
def test_translit(written: str, meant: str) -> None:
    """The reading meant is among the first few dozen, by whatever system it was written."""
    assert meant in [reading for reading, _ in islice(translit.readings(written), 150)]


@pytest.mark.parametrize(
    ("prefix", "completed"),
    [
        ("перег", ["переговоры"]),
        ("gthtu", ["переговоры"]),
        ("гарантия без", ["гарантия безопасности"]),
        ("сне", ["снег", "снегу"]),
        ("ид", ["идёт"]),  # ё as it stands
        ("ъ", []),
        ("", []),
    ],
)
def test_complete(index: Index, prefix: str, completed: list[str]) -> None:
    """Forms of the texts, the most frequent first."""
    assert index.complete(prefix) == completed


@pytest.mark.parametrize(
    ("word", "first"),
    [("Жинева", "женева"), ("рибков", "рябков"), ("ghbt[fk", "приехал"), ("Ryabkov", "рябков"), ("снек", "снег")],
)
def test_suggest(index: Index, word: str, first: str) -> None:
    """What may have been meant, whatever went wrong."""
    assert index.suggest(word)[0] == first


def test_nothing_of_deleted_documents_is_offered(tmp_path: Path) -> None:
    """Words that only deleted documents had are gone for completion and repair alike."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_many([Document("Переговоры", id="a"), Document("Перевод", id="b"), Document("Снег", id="c")])
        index.delete("a")
        assert (index.complete("пере"), index.suggest("переговори")) == (["перевод"], [])
        assert index.search("gthtujdjhs").repaired is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("женива~1", ["мид"]),
        ("рибков~", ["мид"]),
        ("рибкоф~1", []),
        ("рибкоф~2", ["мид"]),
        ("жеева~1 переговоры", ["мид"]),
        ('"гарантия~1 безопосности~1"', ["мид"]),
        ("12~1", []),
    ],
)
def test_fuzzy(index: Index, query: str, found: list[str]) -> None:
    """As many edits as asked for, of forms and of lemmas."""
    assert [hit.id for hit in index.search(query, repair=False, relax=False)] == found


def test_fuzzy_by_option(index: Index) -> None:
    """All words, a letter in three at most; short words as they are, and the very word above what is near it."""
    assert [hit.id for hit in index.search("коммисия", fuzzy=2, repair=False)] == ["агентство"]
    assert not len(index.search("ко", fuzzy=1, repair=False))
