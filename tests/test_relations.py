"""`a << b` and `a & b`: what they find, and what is marked; masks within phrases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_twin import ids, indexed, numbered

from indexer import Document

LONG = " ".join(f"Строка {number} повести ни о чём, и она кончается как все." for number in range(300))


@pytest.mark.parametrize(
    ("why", "texts", "query", "found"),
    [
        ("order", ["Из Москвы вылетели в Вену.", "Из Вены вылетели в Москву."], "Москва << Вена", ["0"]),
        ("three in order", ["Утро, день, вечер.", "Утро, вечер, день."], "утро << день << вечер", ["0"]),
        ("the middle one may stand twice", ["День, утро, день, вечер."], "утро << день << вечер", ["0"]),
        ("over sentences", ["Пришло утро. Настал вечер."], "утро << вечер", ["0"]),
        ("twice the same word", ["Шаг за шагом.", "Один шаг."], "шаг << шаг", ["0"]),
        ("parts of a word in order", ["Плавучий жар-птица."], "жар << птица", ["0"]),
        ("a sentence", ["Рябков прилетел в Женеву.", "Рябков ждал. В Женеве шёл дождь."], "Рябков & Женева", ["0"]),
        ("another of its sentences", ["Шёл дождь. Рябков не ждал дождя."], "дождь & Рябков", ["0"]),
        ("an abbreviation ends none", ["В 1880 г. на средства города построили мост."], "средства & 1880", ["0"]),
        ("nor do initials", ["Памятник А. С. Пушкину открыт."], "памятник & Пушкин", ["0"]),
        ("a blank line does", ["Первая глава\n\nвторая глава"], "первая & вторая", []),
        ("a phrase over two sentences is in none", ["Идёт дождь. Ветер стих."], '"дождь ветер" & идёт', []),
        ("the phrase alone is", ["Идёт дождь. Ветер стих."], '"дождь ветер" идёт', ["0"]),
        ("not in one", ["Дождь и ветер.", "Дождь. Ветер стих."], "дождь -(дождь & ветер)", ["1"]),
        (
            "a mask in a phrase",
            ["переговоры о безопасности", "переговоры, безопасность"],
            '"перегов* безопасности"',
            ["1"],
        ),
        ("masks at both ends", ["гарантий безопасности", "гарантии и опасности"], '"гарант* *опасности"', ["0"]),
        ("far apart in a long text", [LONG], "строка & 299", ["0"]),
        ("a sentence of a long text", [LONG], '"298 повести" & (298 | 299) & кончается', ["0"]),
        ("neighbours in a long text", [LONG], "298 & 299", []),
        ("as far as can be", ["Начало " + "и " * 254 + "конец."], "начало & конец", ["0"]),
        ("a list is no sentence", ["Начало " + "и " * 255 + "конец."], "начало & конец", []),
    ],
)
def test_found(why: str, texts: Sequence[str], query: str, found: list[str]) -> None:
    with indexed(*numbered(*texts)) as index:
        assert ids(index.search(query)) == found, why


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("Вена << Москва", "Из Москвы в <Вену> и снова в <Москву>."),
        ("Вена & спать", "Москва ждала, в <Вене> <спали>."),
        ("(спать | Москва) & ждать", "<Москва> <ждала>, в Вене <спали>."),
    ],
)
def test_only_what_stands_as_asked_is_marked(query: str, shown: str) -> None:
    text = "Из Москвы в Вену и снова в Москву. Москва ждала, в Вене спали."
    with indexed(Document(text, id="1")) as index:
        html = index.search(query, snippets=1)[0].snippets[0].html()
        assert html.replace("<mark>", "<").replace("</mark>", ">") == shown


def test_a_title_is_one_sentence_and_another_field() -> None:
    with indexed(
        Document("Спор окончен.", id="1", title="Дождь. Ветер"), Document("Ветер.", id="2", title="Дождь")
    ) as index:
        assert ids(index.search("дождь & ветер")) == ["1"]
        assert ids(index.search("дождь << ветер")) == ["1"]
        assert ids(index.search("title:(дождь & ветер)")) == ["1"]
        assert ids(index.search("дождь << спор")) == []


def test_in_a_question_the_signs_are_nothing() -> None:
    """«Procter & Gamble» of a pasted question."""
    with indexed(*numbered("Проктер. Гэмбл.", "Другое.")) as index:
        assert ids(index.search("Проктер & Гэмбл", match="any")) == ["0"]
        assert ids(index.search("Гэмбл << Проктер", match="any")) == ["0"]
