"""Tables and JSON files: a document for every row, with an address."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from indexer import Index
from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import json_file, jsonl, read, tables

LETTERS = (
    "Дата;Заголовок;Текст;Отдел\n2021-04-02;Ледоход;Лёд тронулся.;погода\n03.04.2021;Паром;«Да», — сказал он.;река\n"
)


def rows(tmp_path: Path, name: str, data: bytes | str, **options: str) -> list[Document | Problem]:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read(path, **options))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_columns_with_a_meaning(encoding: str, tmp_path: Path) -> None:
    first, second = rows(tmp_path, "письма.csv", LETTERS.encode(encoding))
    path = str(tmp_path / "письма.csv")
    assert first == Document(
        "Лёд тронулся.", title="Ледоход", date="2021-04-02", path=f"{path}!/2", fields={"Отдел": "погода"}
    )
    assert (second.text, second.date) == ("«Да», — сказал он.", "2021-04-03")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("why", "name", "data", "texts"),
    [
        ("no text column: a line a column", "a.csv", "пост,уровень\nЛопухово,412\n", ["пост: Лопухово\nуровень: 412"]),
        ("tabs", "a.tsv", "пост\tуровень\nЛопухово, село\t412\n", ["пост: Лопухово, село\nуровень: 412"]),
        ("no names: there is a number among them", "a.csv", "Лопухово,412\nЗаречное,415\n",
         ["Лопухово\t412", "Заречное\t415"]),
        ("a value of two lines", "a.csv", 'а,б\n"раз\nдва",три\n', ["а: раз\nдва\nб: три"]),
        ("rows too short and too long", "a.csv", "а,б\nраз\nраз,два,три\n", ["а: раз", "а: раз\nб: два\n: три"]),
        ("a comma in a text that has no quotation marks", "a.csv", "имя,текст\nЗаря,Отошёл, и ждали его\n",
         ["Отошёл\nи ждали его"]),
        ("blank rows are none", "a.csv", "а,б\n\n,\nраз,два\n", ["а: раз\nб: два"]),
        ("new lines of the Macintosh", "a.csv", "а,б\rраз,два\r", ["а: раз\nб: два"]),
        ("commas in sentences, and semicolons between", "a.csv", "а;б\nда, нет;ну, да\n", ["а: да, нет\nб: ну, да"]),
    ],
)  # fmt: skip
def test_rows(why: str, name: str, data: str, texts: list[str], tmp_path: Path) -> None:
    assert [found.text for found in rows(tmp_path, name, data)] == texts, why  # type: ignore[union-attr]


def test_a_table_of_200_000_characters_in_a_cell(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, "a.csv", "текст,автор\n" + "слово " * 40_000 + ",Пестов\n")
    assert len(found.text) > 200_000  # type: ignore[union-attr]


def test_a_cell_or_a_line_beyond_measure_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_FIELD", 1000)
    monkeypatch.setattr(tables, "_LINE", 5000)
    usual = csv.field_size_limit(1000)
    try:
        good, bad = rows(tmp_path, "a.csv", "а,б\nраз,два\n" + "в" * 2000 + ",г\n")
        assert isinstance(good, Document) and isinstance(bad, Problem) and "не строка таблицы" in bad.reason
        good, bad = rows(tmp_path, "a.csv", "а,б\nраз,два\n" + "в," * 4000 + "\n")
        assert isinstance(good, Document) and isinstance(bad, Problem) and "строка длиннее" in bad.reason
    finally:
        csv.field_size_limit(usual)


def test_a_table_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="двоичный файл"):
        rows(tmp_path, "a.csv", bytes(range(256)) * 8)
    with pytest.raises(SourceError, match="не читается как utf-8"):
        rows(tmp_path, "a.csv", LETTERS.encode("cp1251"), encoding="utf-8")


def test_rows_are_found_by_their_table(tmp_path: Path) -> None:
    (tmp_path / "письма.csv").write_text(LETTERS, "utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(tmp_path / "письма.csv")
        assert [hit.path for hit in index.search("лёд", where={"ext": "csv", "path": "письма.csv"})] == [
            "письма.csv!/2"
        ]
        assert index.delete_path(tmp_path / "письма.csv") == 2


# JSON


def test_a_list_of_objects(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    value = [
        {"text": "Лёд тронулся.", "id": "л", "n": 1},
        {"text": None, "город": "Лопухово"},
        {"title": {"a": 1}, "text": "x"},
    ]
    first, second, third = rows(tmp_path, "a.json", json.dumps(value))
    assert first == Document("Лёд тронулся.", id="л", path=f"{path}!/1", fields={"n": 1})
    assert second == Document("город: Лопухово", path=f"{path}!/2", fields={"город": "Лопухово"})
    assert third == Problem(f"{path}!/3", "title — не строка: запишите значение в кавычках")


def test_objects_below_a_name_and_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "чат.json"
    value = {"name": "Пристань", "messages": [{"from": "Лука", "text": ["Лёд ", {"type": "bold", "text": "тронулся"}]}]}
    message, rest = rows(tmp_path, "чат.json", json.dumps(value))
    assert (message.path, rest.path) == (f"{path}!/messages/1", str(path))
    assert "тронулся" in message.text and rest.text == "name: Пристань"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("{", "не JSON"),
        ("[" * 100_000, "JSON слишком сложен"),
        ("null", "пустой файл"),
        ("{}", "пустой файл"),
        ("", "не JSON"),
    ],
)
def test_what_is_no_json(data: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=reason):
        rows(tmp_path, "a.json", data)


def test_a_json_file_beyond_measure_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_file, "_WHOLE", 1 << 20)
    with pytest.raises(SourceError, match="больше 1 МБ"):
        rows(tmp_path, "a.json", '"' + "a" * (1 << 20) + '"')


def test_a_line_beyond_measure_is_a_problem_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LINE", 1 << 20)
    long = '{"text": "' + "a" * (3 << 20) + '"}'
    first, problem, last = rows(tmp_path, "a.jsonl", f'{{"text": "x"}}\n{long}\n{{"text": "y"}}\n')
    path = tmp_path / "a.jsonl"
    assert (first.path, last.path) == (f"{path}!/1", f"{path}!/3")
    assert problem == Problem(f"{path}:2", "строка длиннее 1 МБ: разделите её")
