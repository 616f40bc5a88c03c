"""An index of format 2 as it was written on the day it was made: later versions must open it, or say what to run.

`make` says how it came about. Nothing here may be made anew to please a change: a change of the format gets a number
of its own, and a folder of its own beside this one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer import Document, Index, IndexVersionError
from indexer.segment import toc
from indexer.segment.check import check

KEPT = Path(__file__).parent / "indexes" / "v2"

_HARBOUR = (
    "Порт Лопухов лежит в устье реки Сизой. Летом сюда приходят баржи с зерном, осенью — с яблоками и солью.",
    "Смотритель маяка записывает погоду каждый час: ветер, волну, туман. За сорок лет он пропустил один вечер.",
    "Рыбаки ставят сети затемно, а к полудню продают улов на пристани. Торгуются недолго: рыба ждать не любит.",
    "Зимой лёд стоит до марта, и почту возят на санях. Лошади знают дорогу лучше людей.",
)

SHORT = (
    Document(
        "Завод дал гарантию на лебёдку.", id="zavod", title="Новости завода", date="2022-01-09", path="news/a.txt"
    ),
    Document("Гарантии безопасности обсудят в Вене 12.03.2021.", id="vena", date="2021-12-23", path="news/b.md"),
    Document("Ремонт моста начнут весной\n\nПодрядчик уже выбран.", id="most", title="Ремонт моста начнут весной"),
    Document("Рыбаки вернулись в порт с уловом.", id="ulov", fields={"author": "Пестова", "tags": ["море", "порт"]}),
    Document("Капитан Рябков шёл на уступки пассажирам.", id="kapitan"),
    Document("С Рябковым говорили о ценах на билеты.", id="bilety"),
    Document("Мы купили 5 374 верёвки и 3,5 тонны льда.", id="verevki"),
    Document("Премьер-министр приехал в Ростов-на-Дону.", id="rostov"),
    Document("Все люди пришли, и каждый человек получил по яблоку.", id="yabloko"),
    Document("Дети играли у моря, пока шёл дождь.", id="deti"),
    Document("Пишите на info@lopuhov.example или звоните.", id="pochta", lang="ru"),
    Document("Канатную дорогу откроют после проверки тросов.", id="kanat", date="2021-11-16"),
    Document("Цей чоловік працює у порту вже двадцять років і знає кожного рибалку.", id="chelovik", lang="uk"),
    Document("Міністр Рябков приїхав до Відня на переговори.", id="viden", lang="uk"),
    Document("Министърът каза, че договорът за морските пътища е готов.", id="dogovor", lang="bg"),
    Document("Рябков пристигна във Виена за преговорите.", id="viena", lang="bg"),
    Document("The harbour of Lopukhov was closed for two days because of fog.", id="harbour", lang="en"),
    Document("Fishermen made small concessions about the price.", id="concessions", lang="en"),
)

LATER = (
    Document("Вечером у маяка был туман.", id="lishnij"),
    Document("Капитан Рябков больше не идёт на уступки.", id="kapitan", date="2023-05-02"),
    Document(
        "\n\n".join(" ".join(_HARBOUR) for _ in range(40)) + "\n\nПоследним пришёл ледокол.", id="kniga", title="Порт"
    ),
    Document("", id="pusto"),
)


def make(folder: Path) -> None:
    """How it was made: two commits, one replacement, one deletion."""
    with Index.open(folder, create=True) as index:
        index.add_many(SHORT)
        index.add_many(LATER)
        index.delete("lishnij")
    (folder / "indexer.lock").unlink(missing_ok=True)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy of the index that may be written to."""
    folder = tmp_path / "index"
    shutil.copytree(KEPT, folder)
    try:
        Index.open(folder).close()
    except IndexVersionError as error:
        if "relemmatise" not in str(error):
            raise
        pytest.skip(f"другой словарь, чем при записи: {error}")
    return folder


def test_its_format() -> None:
    """What a program must know to read it: the number of the format, and the names of the files."""
    contents = toc.read(KEPT)
    assert toc.FORMAT == 2
    assert [(one.name, one.documents, one.deleted) for one in contents.segments] == [("s1", 18, 1), ("s2", 4, 1)]
    assert {path.name for path in KEPT.iterdir()} == {*contents.files(), "indexer.json", "indexer.json.bak"}
    assert sorted(contents.analysis) == ["bg", "en", "ru", "uk"]


def test_it_is_whole(kept: Path) -> None:
    """Every byte as it was written, and all of it makes sense."""
    assert check(kept).problems == []


def ids(index: Index, query: str, **options: object) -> list[str]:
    """Ids of the hits in alphabetical order: ranking may become better."""
    return sorted(hit.id for hit in index.search(query, limit=None, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("гарантиями", ["vena", "zavod"]),
        ('"гарантия безопасности"', ["vena"]),
        ("Рябков", ["bilety", "kapitan", "viden", "viena"]),
        ("человек", ["kniga", "yabloko"]),
        ("!уступки", ["kapitan"]),
        ("лед", ["kniga", "verevki"]),
        ("5374", ["verevki"]),
        ("ростов на дону", ["rostov"]),
        ("12.03.2021", ["vena"]),
        ("ледо*", ["kniga"]),
        ("рибалка чоловік", ["chelovik"]),
        ("договорът", ["dogovor"]),
        ("заголовок:завод", ["zavod"]),
        ("заголовок:порт", ["kniga"]),
        ("министр", ["rostov"]),
        ("concession", ["concessions"]),
        ("lopuhov", ["pochta"]),
        ("дата:2021", ["kanat", "vena"]),
        ("туман", ["kniga"]),
        ("идти -дождь", ["kapitan"]),
        ("язык:uk", ["chelovik", "viden"]),
    ],
)
def test_what_it_finds(kept: Path, query: str, expected: list[str]) -> None:
    """As on the day it was made."""
    with Index.open(kept) as index:
        assert ids(index, query, relax=False) == expected


def test_what_it_shows(kept: Path) -> None:
    """Documents as they were given; passages cut at the checkpoints of a long text."""
    with Index.open(kept) as index:
        assert len(index) == 20
        for document in (*SHORT, *LATER):
            if document.id not in ("kapitan", "lishnij"):
                assert document.id
                shown = index.get(document.id)
                assert (shown.text, shown.title, shown.date, dict(shown.fields)) == (
                    document.text,
                    document.title,
                    document.date,
                    dict(document.fields),
                )
        assert index.get("kapitan").text == LATER[1].text and "lishnij" not in index
        (hit,) = index.search("ледокол")
        assert hit.snippets[0].html() == "Последним пришёл <mark>ледокол</mark>."
        assert hit.snippets[0].start == len(LATER[2].text) - len("Последним пришёл ледокол.")
        (hit,) = index.search("лебёдка")
        assert hit.snippets[0].html() == "Завод дал гарантию на <mark>лебёдку</mark>."
        assert ids(index, "рыбаки", where={"author": "Пестова", "tags": "море"}) == ["ulov"]
        assert index.stats().languages == {"bg": 2, "en": 2, "ru": 14, "uk": 2}


def test_it_can_be_written_to(kept: Path) -> None:
    """Added to, replaced, compacted, given new lemmas: and it answers as before."""
    with Index.open(kept) as index:
        index.add_many([Document("Новый завод дал гарантии.", id="novyj"), Document("Мост открыт.", id="most")])
        for change in (lambda: None, index.compact, index.relemmatise):
            change()
            assert check(kept).problems == []
            assert ids(index, "гарантия завод") == ["novyj", "zavod"]
            assert ids(index, "мост") == ["most"] and len(index) == 21
        assert index.stats().segments == 1
