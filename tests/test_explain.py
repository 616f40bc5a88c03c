"""Why a document was found: forms by their kinship, and a score that one can add up by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest
from command_runner import run

from indexer import Document, Index

TEXTS = {
    "a": "Сергей Рябков говорил о гарантиях безопасности. Гарантий безопасности мало.",
    "b": "С Рябковым обсудили уступки и гарантии, потом безопасность.",
    "c": "Уступка сделана 9 января 2022 года. Женева ждёт.",
    "d": "Шольцем довольны: шольцы ждут в Женеве, а премьер-министр уехал.",
    "e": "Япония и японские острова. Он заявил и заявлял.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The texts above, one of them with a title."""
    with Index.open(tmp_path_factory.mktemp("explain") / "index", create=True) as opened:
        opened.add_many(
            Document(text, id=name, title="Гарантии" if name == "b" else "") for name, text in TEXTS.items()
        )
        yield opened


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("Рябковым", {}),
        ("гарантия безопасности", {}),
        ("что сказал Рябков о гарантиях безопасности", {"match": "any"}),
        ('"гарантия безопасности"', {}),
        ("гаранти* -уступка", {}),
        ("заголовок:гарантии ИЛИ (женева уступка)", {}),
        ("+рябков гарантии женева", {}),
        ("рибков~1 гарантия", {}),
        ("премьер-министр", {}),
        ("9.01.2022", {}),
        ("гарантии << безопасность", {}),
        ("рябков рябков женева", {"match": "any"}),
        ("уступка женева собака", {}),  # relaxed
        ("япония заявить", {"expand": ("aspect", "related")}),
        ("lang:ru", {}),
    ],
)
def test_the_sum_is_the_score(index: Index, query: str, options: dict[str, object]) -> None:
    """Whatever was asked: words, nearness, nothing else; and each word by its formula."""
    hits = index.search(query, explain=True, **options)  # type: ignore[arg-type]
    assert len(hits)
    for hit in hits:
        why = hit.explain
        assert why["score"] == pytest.approx(hit.score)
        assert sum(part["score"] for part in (*why["words"], *why["near"])) == pytest.approx(hit.score)
        for part in why["words"]:
            by_hand = part["idf"] * (part["saturation"] + part["share"] * part["very_form"])
            assert part["score"] == pytest.approx(by_hand)


def test_by_hand(index: Index) -> None:
    """Frequencies from the forms, saturation from frequencies, idf from documents."""
    hit = index.search("уступка", explain=True)[0]
    (part,) = hit.explain["words"]
    assert part["idf"] == pytest.approx(log(1 + (5 - 2 + 0.5) / (2 + 0.5)))
    frequency = sum(form["weight"] * (form.get("text", 0) + 2 * form.get("title", 0)) for form in part["forms"])
    norm = 1.2 * (0.25 + 0.75 * hit.explain["length"] / hit.explain["average"])
    assert part["saturation"] == pytest.approx(frequency * 2.2 / (frequency + norm))


@pytest.mark.parametrize(
    ("query", "options", "document", "form", "kinship", "lemmas"),
    [
        ("Рябковым", {}, "b", "рябковым", "typed", []),
        ("Рябковым", {}, "a", "рябков", "surname", []),
        ("гарантия", {}, "a", "гарантиях", "lemma", ["гарантия"]),
        ("гаранти*", {}, "a", "гарантий", "mask", []),
        ("рибков~1", {}, "a", "рябков", "fuzzy", []),
        ("шольц", {}, "d", "шольцем", "stem", ["шольц"]),
        ("япония", {"expand": "related"}, "e", "японские", "kin", ["японский"]),
        ('"гарантия безопасности"', {}, "a", "безопасности", "typed", []),
    ],
)
def test_kinship(
    index: Index, query: str, options: dict[str, str], document: str, form: str, kinship: str, lemmas: list[str]
) -> None:
    """How a form comes to stand for a word."""
    (hit,) = (hit for hit in index.search(query, explain=True, **options) if hit.id == document)  # type: ignore[arg-type]
    met = {row["form"]: (row["kinship"], row["lemmas"]) for part in hit.explain["words"] for row in part["forms"]}
    assert met[form] == (kinship, lemmas)


def test_not_asked(index: Index) -> None:
    """Nobody pays for it who does not ask."""
    assert index.search("уступка")[0].explain is None


def test_on_a_terminal(tmp_path: Path) -> None:
    """A line a word below the passages, and the whole; JSON has the same numbers."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("С Рябковым говорили. Рябковым довольны.", encoding="utf-8")
    run(tmp_path, "indexer", "add", "docs")
    shown = run(tmp_path, "search", "--explain", "--snippets", "0", "Рябковым").stdout
    assert shown == (
        "1. docs/a.txt\n"
        "   Рябковым: 0,593 = 0,288 · (1,38 + 0,5 · 1,38) — рябковым × 2 (набрано, вес 1)\n"
        "   всего 0,593; слов в документе 5\n"
    )
    why = json.loads(run(tmp_path, "search", "--explain", "--json", "Рябковым").stdout)["hits"][0]["explain"]
    assert why["words"][0]["forms"][0]["form"] == "рябковым"
