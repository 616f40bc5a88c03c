"""The benchmark does not rot: every rival at hand answers sensibly, and a run gives every figure. No timings here."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).parent / "bench"
sys.path.insert(0, str(BENCH))

import corpus  # noqa: E402
import queries  # noqa: E402
import sample  # noqa: E402
from report import RATIOS, Summary, percentile, searched  # noqa: E402
from rival import Query, Rival  # noqa: E402
from stations import Row  # noqa: E402
from zoo import ZOO  # noqa: E402

K = 10


@pytest.fixture(scope="module", params=ZOO)
def rival(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rival]:
    """A rival over the sample, open."""
    # other people's engines warn as they like
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ZOO[request.param]()
        if reason := found.missing():
            pytest.skip(reason)
        folder = tmp_path_factory.mktemp(request.param)
        found.build(sample.documents(), folder)
        found.open(folder)
        yield found
        found.close()


def asked(rival: Rival, kind: str, *words: str, **options: bool) -> set[str]:
    """The numbers of the documents found."""
    query = Query("", kind, words)
    query = query._replace(text=query.plain)
    if not rival.can(query):
        pytest.skip(f"{rival.name} has no {query.operator}")
    answer = rival.search(query, K, options.get("snippets", False), options.get("count", False))
    assert len(answer.ids) == len(set(answer.ids))
    assert answer.total in (None, len(answer.ids))
    return {name.removeprefix("sample-") for name in answer.ids}


def test_any(rival: Rival) -> None:
    """Either word will do."""
    assert asked(rival, "t2-med", "колокол", "журавлей") == {"07", "16"}


def test_all(rival: Rival) -> None:
    """Both words are needed."""
    assert asked(rival, "and2", "учёные", "карты") == {"10"}


def test_phrase(rival: Rival) -> None:
    """The words in a row: «порт» stands apart from «старого» elsewhere."""
    assert asked(rival, "ph2", "старого", "порта") == {"10"}


def test_counts_and_snippets(rival: Rival) -> None:
    """The ways of asking do not change what is found."""
    ways = ({}, {"count": "count" not in rival.lacks}, {"snippets": "snippets" not in rival.lacks})
    assert [asked(rival, "t1-med", "мельница", **way) for way in ways][1:] == [asked(rival, "t1-med", "мельница")] * 2


def test_change(rival: Rival) -> None:
    """What is added is found, what is deleted is not."""
    if "change" in rival.lacks:
        pytest.skip(f"{rival.name} is never updated")
    document, word = corpus.added(sample.documents(), 7)
    rival.add_one(document)
    assert asked(rival, "t1-rare", word) == {"added-7"}
    rival.delete_one(document.id)
    assert asked(rival, "t1-rare", word) == set()


def test_queries() -> None:
    """The same queries every time, of every class, of plain words, and phrases as they stand in a text."""
    documents = sample.documents()
    made = queries.make(documents, 5)
    assert made == queries.make(documents, 5)
    assert made != queries.make(documents, 5, seed=2)
    assert {query.kind for query in made} == queries.CLASSES.keys()
    texts = "\n".join(document.text.lower() for document in documents)
    for query in made:
        assert all(re.fullmatch("[а-яё]+", word) for word in query.words)
        assert query.operator != "phrase" or " ".join(query.words) in texts


def test_words_with_digits_and_hyphens_are_left_alone() -> None:
    """No part of such a word is taken for a word."""
    assert re.findall(queries.WORD, "кто-то ту154 мы 5а дом-2 вы") == ["мы", "вы"]
    assert queries.ROW.findall("вот кто-то идёт по льду, скользит") == ["идёт по льду"]


def test_percentiles() -> None:
    """Nearest rank; phrases are counted together too; hits once, however many passes."""
    assert [percentile(range(1, 101), share) for share in (50, 95, 99)] == [50, 95, 99]
    rows = searched("x", "warm", "count", [[0, 1.0, 1.0, 3, 3], [1, 2.0, 2.0, 0, 0]] * 2, ["ph2", "ph3"])
    values = {row[1:3]: row.value for row in rows}
    assert values["warm hits", "phrases"] == values["warm hits", "ph2"] == 3
    assert values["warm count without an answer", "all"] == 1
    assert values["warm count wall p99", "ph3"] == 2.0


def test_ratios() -> None:
    """Ours over the other's, by medians; a dash where one is not measured."""
    rows = [Row(name, "open", "all", value, "ms") for name, value in (("ours", 1.0), ("tantivy", 4.0))]
    rows += [Row("ours", "open", "all", value, "ms") for value in (2.0, 3.0)]
    text = Summary(rows, {}, {}).ratios()
    assert "| open | 0.5 | less |" in text
    assert text.count("| – |") == len(RATIOS) - 1


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A relevance set of one question."""
    folder = tmp_path_factory.mktemp("judged")
    rows = [document._asdict() for document in sample.documents()]
    (folder / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"id": 1, "text": "Сколько весит колокол?"}), encoding="utf-8")
    (folder / "qrels.tsv").write_text("1\tsample-16\t2", encoding="utf-8")
    return folder


def test_run(tmp_path: Path, judged: Path) -> None:
    """The command gives every figure for ours and SQLite, and says who is left out."""
    few = [
        "--each",
        "2",
        "--passes",
        "1",
        "--times",
        "1",
        "--builds",
        "2",
        "--grow",
        "10,20",
        "--jobs",
        "1",
        "--rivals",
        "ours,fts5",
    ]
    command = [sys.executable, str(BENCH / "run.py"), *few, "--out", str(tmp_path / "out"), "--qrels", str(judged)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "raw.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["rival"], row["measure"], row["class"]): float(row["value"]) for row in csv.DictReader(file)}
    for name in ("ours", "fts5"):
        for measure, kind, _ in RATIOS.values():
            assert rows[name, measure, kind] >= 0
        for kind in queries.CLASSES:
            assert rows[name, "warm hits", kind] > 0
        assert rows[name, "nDCG@10", judged.name] == 1
        assert rows[name, "delete one wall", "all"] > 0
    assert {("ours jobs=1", "build wall", "all"), ("ours n=20", "add one CPU", "all")} <= rows.keys()
    summary = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert done.stdout.strip() == summary.strip()
    assert "Left out" not in summary
    assert str(tmp_path) not in summary
