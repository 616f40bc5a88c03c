"""Random documents and queries that meet: both are drawn from a few families of words that are easily confused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
    press@mid.ru mid.ru press mid #россия россия россией
    шольц шольцем шольца шольце
    здоров'я здоров мова мови мовою мов
    времето време врем времена
    bank banks banking the running run
    2-го 2-й второй см м с
    c++ с# c с
    """.strip().splitlines()
]
LANGUAGES = ("ru", "uk", "bg", "en")
DAYS = ("2021-12-31", "2022-01-09", "2022-01-31", "2022-02-01", "2023-05-05")
PATHS = ("новости/2022/а.txt", "новости/б.md", "z.TXT", "Архив/news/я.html", "архив")
IDS = ("1", "2", "10", "а", "я", "b", "новости/б.md", "Z")

Words = list[str]


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
def documents(draw: Callable[..., Any], words: Words) -> Document:
    """A document of these words; its title stands in the text or apart."""
    title = " ".join(draw(passages(words, most=4)).split())
    before, after = draw(st.sampled_from([("", ""), ("", "\n\n"), ("# ", "\n"), ("Раз.\nДва.\n\n", "\n")]))
    text = draw(passages(words, most=14))
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


def _as_typed(words: Words) -> st.SearchStrategy[str]:
    real = [word.replace("·", " ").replace("⏎", "") for word in words]
    return st.sampled_from([*real, *(word.capitalize() for word in real), *(word.upper() for word in real)])


def _masks(words: Words) -> st.SearchStrategy[str]:
    cuts = [(word, at) for word in words for at in range(1, len(word))]
    ends = [f"{word[:at]}*" for word, at in cuts] + [f"*{word[at:]}" for word, at in cuts]
    return st.sampled_from([*ends, *(f"{word[:at]}?{word[at + 1 :]}" for word, at in cuts)] or ["*"])


def _phrases(words: Words) -> st.SearchStrategy[str]:
    item = st.one_of(_as_typed(words), _as_typed(words), _masks(words), st.just("*"))
    inside = st.lists(item, min_size=1, max_size=4).map(" ".join)
    shapes = ['"{}"', "«{}»", '!"{}"', '"{}"~0', '"{}"~1', '"{}"~4']
    return st.builds(str.format, st.sampled_from(shapes), inside)


def _filters() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["lang:ru", "lang:uk,bg", "язык:en", "date:2022", "дата:2022-01..2022-01-31", "date:..2021", "date:2022-02..",
         "path:новости", "path:новости/*", "path:*.md", "путь:нет", "ext:txt", "ext:md,html"]
    )  # fmt: skip


def queries(words: Words) -> st.SearchStrategy[str]:
    """Queries over all operators."""
    word = _as_typed(words)
    atom = st.one_of(word, word, word, _masks(words), word.map("!{}".format), word.map("={}".format), _phrases(words))
    inner = st.one_of(
        atom,
        st.builds("({} OR {})".format, atom, atom),
        st.builds("({} {})".format, atom, atom),
        st.builds("({} -{})".format, atom, word),
        st.builds("(+{} {})".format, word, atom),
    )
    part = st.one_of(
        atom,
        atom,
        atom,
        inner,
        st.builds("title:{}".format, inner),
        inner.map("-{}".format),
        inner.map("НЕ {}".format),
        inner.map("+{}".format),
        _filters(),
        st.sampled_from(["неттакого", "тут", "***", "?"]),
    )
    joints = st.sampled_from([" ", " ", " ", " ", " | ", " ИЛИ ", " И ", " AND "])
    more = st.lists(st.tuples(joints, part).map("".join), max_size=3).map("".join)
    return st.builds(str.__add__, part, more)


def wheres() -> st.SearchStrategy[dict[str, Any]]:
    """Filters as values."""
    return st.sampled_from(
        [{}, {}, {}, {"lang": "ru"}, {"lang": ["uk", "ru"]}, {"date": ("2022-01-01", None)}, {"date": "2022-01"},
         {"date": (None, dt.date(2022, 1, 31))}, {"path": "новости"}, {"ext": "txt"}, {"год": 2022},
         {"год": (2022, None)}, {"тег": "а"}, {"автор": ["Ким", "Ли"]}, {"нет": "а", "lang": "ru"}]
    )  # fmt: skip
