"""Random documents and queries that meet: both are drawn from a few families of words that are easily confused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from indexer import Document

# Each line is a family: homonyms, ё and е, names and birds, hyphens, numbers, neighbour languages.
FAMILIES = [
    line.split()
    for line in """
    стали сталь стать стал стала сталью
    все всё всех весь
    лёд лед льда лета лет летом
    трёхколёсный трехколёсный трехколесный трёхколесного
    рябков рябковым рябкову рябок рябка
    зарубина зарубін зарубин заруба
    орловский орловского орел орёл орла
    уступка уступки уступкам отстъпки отстъпка уступать
    договор договора договоры договорят договорите
    телеграм-канал телеграм-канале телеграм телеграма канал каналы
    премьер-министр премьер-министром премьер-⏎министра премьер министр министра
    кто-то кто то по-русски русски русский
    5·374 5374 5 374 374,5 3,5
    09.01.2022 2022-01-09 09 01 2022
    9·января·2022 9·января·2022·года 9·янв·2022 9-го·января 9·січня 9 января 2022 2022-01-09 09.01.2022 09·января
    двадцатилетний двадцатилетнего 20-летний 20-летнего 20 летний
    press@mid.ru mid.ru press mid #россия россия россией
    шольц шольцем шольца шольце
    здоров'я здоров мова мови мовою мов
    времето време врем времена
    bank banks banking the running run
    2-го 2-й второй см м с
    c++ с# c с
    заявить заявлять заявил заявляли заявление стал становился становиться
    япония японии японский японские японец
    """.strip().splitlines()
]
LANGUAGES = ("ru", "uk", "bg", "en")
DAYS = ("2021-12-31", "2022-01-09", "2022-01-31", "2022-02-01", "2023-05-05")
PATHS = ("новости/2022/а.txt", "новости/б.md", "z.TXT", "Архив/news/я.html", "архив")
IDS = ("1", "2", "10", "а", "я", "b", "новости/б.md", "Z")

Words = list[str]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def vocabularies() -> st.SearchStrategy[Words]:
    """The words of one test: of a few families, so that documents and queries often meet."""
    families = st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=3, unique_by=tuple)
    return families.map(lambda chosen: [word for family in chosen for word in family])


# Documents


def _written(words: Words) -> Words:
    """The words as they stand in texts; the signs for a narrow space and a line end are made real."""
    real = [word.replace("·", "\u00a0").replace("⏎", "\n") for word in words]
    return [*real, *(word.capitalize() for word in real), *(word + "." for word in real)]


def passages(words: Words, *, most: int) -> st.SearchStrategy[str]:
    """Text of the words, with stops, dashes and line ends between them."""
    pieces = [*_written(words), *words, "—", ",", "\n", "\n\n", "(тут)"]
    return st.lists(st.sampled_from(pieces), max_size=most).map(" ".join)


@st.composite
def documents(draw: Draw, words: Words, most: int = 14) -> Document:
    """A document of these words; its title stands in the text or apart."""
    title = " ".join(draw(passages(words, most=4)).split())
    before, after = draw(st.sampled_from([("", ""), ("", "\n\n"), ("# ", "\n"), ("Раз.\nДва.\n\n", "\n")]))
    text = draw(passages(words, most=most))
    return Document(
        text=f"{before}{title}{after}{text}" if after else text,
        id=draw(st.sampled_from(IDS)),
        title=title,
        date=draw(st.sampled_from([None, *DAYS, dt.date(2022, 1, 9)])),
        path=draw(st.sampled_from([None, *PATHS])),
        lang=draw(st.sampled_from([None, "ru", *LANGUAGES])),
        fields=draw(st.sampled_from([{}, {"год": 2021}, {"год": 2022, "тег": ["а", "б"]}, {"автор": "Ким"}])),
    )


# Queries

FILTERS = (
    "lang:ru", "lang:uk,bg", "язык:en", "date:2022", "дата:2022-01..2022-01-31", "date:..2021", "date:2022-02..",
    "path:новости", "path:новости/*", "path:*.md", "путь:нет", "ext:txt", "ext:md,html",
)  # fmt: skip
WHERES: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {}, {}, {"lang": "ru"}, {"lang": ["uk", "ru"]}, {"date": ("2022-01-01", None)}, {"date": "2022-01"},
    {"date": (None, dt.date(2022, 1, 31))}, {"path": "новости"}, {"ext": "txt"}, {"год": 2022}, {"год": (2022, None)},
    {"тег": "а"}, {"автор": ["Ким", "Ли"]}, {"нет": "а", "lang": "ru"},
)  # fmt: skip
EXPANDS = ((), (), ("aspect",), ("related",), ("aspect", "related"))
SYNONYMS = Path(__file__).parent / "synonyms.txt"
PHRASES = ('"{}"', '"{}"', "«{}»", '"* {}"', '!"{}"', '"{}"~0', '"{}"~1', '"{}"~4')
GROUPS = ("{}", "{}", "({} OR {})", "({} {})", "({} -{})", "(+{} {})")
PARTS = ("{}", "{}", "{}", "{}", "title:{}", "-{}", "НЕ {}", "+{}", "+{}")
JOINTS = (" ", " ", " ", " | ", " ИЛИ ", " ИЛИ ", " И ", " AND ", " & ", " & ", " << ", " << ")


class _Typist:
    """Types queries over all operators from a few words."""

    def __init__(self, draw: Draw, words: Words) -> None:
        self._draw = draw
        self._words = [word.replace("·", " ").replace("⏎", "") for word in words]

    def query(self) -> str:
        """A few parts with operators, or a question of plain words."""
        if self._one(range(3)):
            parts = [self._part() + self._one(JOINTS) for _ in range(self._one((1, 1, 2, 2, 3)))]
            return "".join(parts)
        return " ".join(self._one((self._word(), "нетакого")) for _ in range(self._one(range(2, 8))))

    def _one(self, choices: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def _part(self) -> str:
        if self._one(range(8)) == 0:
            return str(self._one((*FILTERS, "***", "()", "title:()")))
        group = str(self._one(GROUPS))
        return str(self._one(PARTS)).format(group.format(*(self._atom() for _ in range(group.count("{}")))))

    def _atom(self) -> str:
        match self._one(range(10)):
            case 0:
                return "!" + self._word()
            case 1:
                return self._mask()
            case 2:
                return f"{self._word()} /{self._one((1, 2, 5))} {self._word()}"
            case 3 | 4:
                items = [self._word(), *(self._item() for _ in range(self._one(range(4))))]
                return str(self._one(PHRASES)).format(" ".join(items))
        return self._word()

    def _item(self) -> str:
        return str(self._one((self._word(), self._word(), self._word(), self._mask(), "*")))

    def _word(self) -> str:
        word = str(self._one(self._words))
        return str(self._one((word, word, word.capitalize(), word.upper())))

    def _mask(self) -> str:
        word = str(self._one([word for word in self._words if len(word) > 2]))
        at = int(self._one(range(1, len(word) - 1)))
        return str(self._one((f"{word[:at]}*", f"*{word[at:]}", f"{word[:at]}?{word[at + 1 :]}")))

    def related(self) -> str:
        """Words, phrases and alternatives, one behind another or in one sentence."""
        forms = ("{}", "{}", "{}", "({} | {})", "({} {})", '"{} {}"', "{} /2 {}", "title:{}", "-{}")
        text = ""
        for number in range(self._one((2, 2, 2, 3))):
            form = str(self._one(forms))
            text += self._one((" & ", " << ", " << ", " ")) * (number > 0)
            text += form.format(
                *(self._one((self._word(), self._word(), self._mask())) for _ in range(form.count("{}")))
            )
        return text


@st.composite
def queries(draw: Draw, words: Words) -> str:
    """Queries over all operators, and plain questions."""
    return _Typist(draw, words).query()


@st.composite
def related(draw: Draw, words: Words) -> str:
    """Queries of words in relation."""
    return str(draw(st.sampled_from(("{}", "{}", "title:({})", "-({})")))).format(_Typist(draw, words).related())


@st.composite
def options(draw: Draw) -> dict[str, Any]:
    """Options that decide what matches."""
    return {
        "match": draw(st.sampled_from(["all", "all", "all", "any"])),
        "exact": draw(st.sampled_from([False, False, False, True])),
        "where": draw(st.sampled_from(WHERES)),
        "expand": draw(st.sampled_from(EXPANDS)),
        "synonyms": draw(st.sampled_from([None, None, None, SYNONYMS])),
    }
