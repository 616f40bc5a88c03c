"""What `search` and `indexer` promise, each test real processes: exit codes, streams, formats, files, consoles."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_runner import PATIENCE, Done, environment, into_closed_pipe, on_terminal, run, shell

SEA = """\
Шторм задержал паромы на двое суток

9 января 2022

Паромы стояли в порту. Капитан Рябков шёл на уступки пассажирам и кормил их ухой.
"""
PORT = """\
Порт готовится к долгой зиме

23.12.2021

Капитан из США просил у порта уступку, но получил отказ. Краны встали на ремонт.
"""
SOUP = "# Уха по-портовому\n\nУху варят из трёх рыб. Капитаны её хвалят 🎉.\n"
HARBOUR = "The captain asked the harbour for help, and the harbour master refused. It was a long winter.\n"
LETTERS: list[dict[str, Any]] = [
    {
        "id": "письмо-1",
        "text": "Капитан пишет в порт: уступки не будет.",
        "date": "2020-05-01",
        "author": "Иванов",
        "year": 1998,
        "tags": ["море", "почта"],
    },
    {"id": "письмо-2", "text": "Порт отвечает: договоримся.", "title": "Ответ порта капитану", "author": "Петров"},
]
FILES = {
    "docs/news/sea.txt": SEA,
    "docs/news/port.txt": PORT,
    "docs/notes/soup.md": SOUP,
    "docs/notes/harbour.txt": HARBOUR,
}
SEA_TXT, PORT_TXT, SOUP_MD, HARBOUR_TXT = FILES
# A locale that knows no Cyrillic, and Python kept from helping itself.
C_LOCALE = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SUMMARY = re.compile(
    r"(\d+) (новый|новых), (\d+) (изменён|изменено), (\d+) (удалён|удалено), (\d+) без изменений,"
    r" (\d+) с (ошибкой|ошибками) \(\d+,\d с\)\n"
)


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below the folder; text as UTF-8."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def lines(*documents: dict[str, Any]) -> bytes:
    """JSON lines."""
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents).encode()


def search(folder: Path, *arguments: str | bytes, stdin: bytes = b"", **more: str) -> Done:
    return run(folder, "search", *arguments, stdin=stdin, **more)


def indexer(folder: Path, *arguments: str | bytes, stdin: bytes = b"", **more: str) -> Done:
    return run(folder, "indexer", *arguments, stdin=stdin, **more)


def talking(folder: Path, *command: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """A process that is told more, or signalled, while it runs.

    A shell lets its background jobs ignore interrupts, and so would a child of tests that run as one.
    """
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def tell(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Write to its standard input, at once."""
    assert process.stdin
    process.stdin.write(data)
    process.stdin.flush()


def added(done: Done) -> tuple[int, ...]:
    """The five numbers of the line that `indexer add` ends with: new, changed, deleted, unchanged, failed."""
    match = SUMMARY.fullmatch(done.stdout)
    assert match, (done.stdout, done.stderr)
    return tuple(int(match[group]) for group in (1, 3, 5, 7, 8))


def names(done: Done) -> set[str]:
    """What `search -l` printed."""
    assert "Traceback" not in done.stderr
    return set(done.stdout.splitlines())


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents and their index: for tests that write nothing there."""
    folder = put(tmp_path_factory.mktemp("sea"), dict(FILES))
    assert indexer(folder, "add", "docs", "--jsonl", "-", stdin=lines(*LETTERS)).code == 0
    return folder


@pytest.fixture
def own(tmp_path: Path, sea: Path) -> Path:
    """A copy of that folder: for tests that write."""
    return Path(shutil.copytree(sea, tmp_path / "own"))


# Exit codes and where things are printed


def test_found(sea: Path) -> None:
    """Exit 0, hits on stdout as the reader expects them, not a word on stderr."""
    done = search(sea, "Рябковым")
    head = "1. docs/news/sea.txt — Шторм задержал паромы на двое суток (2022-01-09)"
    passage = "   Капитан Рябков шёл на уступки пассажирам и кормил их ухой."
    assert (done.code, done.stdout, done.stderr) == (0, f"{head}\n{passage}\n", "")


def test_nothing_found(sea: Path) -> None:
    """Exit 1, stdout empty, stderr says so."""
    done = search(sea, "трансформатор")
    assert (done.code, done.stdout, done.stderr) == (1, "", "ничего не найдено\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--нет-такого", "уступка"],
        ["--nosuch", "уступка"],
        ["--limit"],
        ["--limit", "много", "уступка"],
        ["--limit=-1", "уступка"],
        ["--sort", "size", "уступка"],
        ["--color", "иногда", "уступка"],
        ["--json", "--csv", "уступка"],
        ["--timeout", "долго", "уступка"],
        ["--after", "завтрак", "уступка"],
        ["--before", "2022-02-30", "уступка"],
        ["--where", "author", "уступка"],
        ["--batch", "нет такого файла"],
        [""],
        ["   "],
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked(sea: Path, arguments: list[str]) -> None:
    """Exit 2, nothing on stdout, the reason on stderr in Russian."""
    done = search(sea, *arguments)
    assert (done.code, done.stdout) == (2, "")
    assert re.search("[а-я]{3}", done.stderr)
    assert not re.search(r"Traceback|usage|error:|argument|invalid|required", done.stderr)


@pytest.mark.parametrize("arguments", [[], ["нет-такой"], ["add"], ["rm"], ["add", "--timeout", "долго", "docs"]])
def test_what_cannot_be_done(sea: Path, arguments: list[str]) -> None:
    """The same of `indexer`."""
    done = indexer(sea, *arguments)
    assert (done.code, done.stdout) == (2, "")
    assert re.search("[а-я]{3}", done.stderr)
    assert not re.search(r"Traceback|usage|error:|argument|invalid|required", done.stderr)


@pytest.mark.parametrize("command", ["search уступка", "search --json уступка", "indexer status", "indexer rm docs"])
def test_no_index(tmp_path: Path, command: str) -> None:
    """Exit 2, the next step named, and no index made by asking."""
    done = shell(tmp_path, command)
    assert (done.code, done.stdout) == (2, "")
    assert "ндекс" in done.stderr and "indexer add" in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("indexer.json", b'{"format": 99, "analysis": {}}'),
        ("indexer.json", b"{"),
        ("indexer.json", b""),
        ("*.documents", b"\0" * 100),
        ("*.postings", b"\0" * 100),
        ("*.lexicon", b""),
    ],
)
def test_damaged_index(own: Path, file: str, content: bytes) -> None:
    """Exit 2 and what to do next, whichever file is broken."""
    for path in (own / "index_data").glob(file):
        path.write_bytes(content)
    done = search(own, "уступка")
    assert (done.code, done.stdout) == (2, "")
    assert "indexer add" in done.stderr and "Traceback" not in done.stderr


def test_check(own: Path) -> None:
    """Exit 0 and a word about a whole index; 2 and the file that is broken, and what to do; then it is repaired."""
    whole = "Индекс index_data цел. Документов: 6, сегментов: 2\n"
    done = indexer(own, "check")
    assert (done.code, done.stdout) == (0, whole)
    path = own / "index_data/s1.postings"
    path.write_bytes(path.read_bytes()[:-1])
    done = indexer(own, "check")
    assert done.code == 2 and done.stdout.startswith(f"{path.name}: файл не читается: длина ")
    assert "indexer check --repair" in done.stderr and "Traceback" not in done.stderr
    done = indexer(own, "check", "--repair")
    assert (done.code, done.stdout) == (0, whole)
    assert re.search(r"Сохранено документов: \d\.\n", done.stderr) and "s1" in done.stderr and "damaged-" in done.stderr
    assert search(own, "-c", "уступка").stdout == "3\n"
    assert "Чинить нечего." in indexer(own, "check", "--repair").stderr


def test_check_says_what_is_lost(own: Path) -> None:
    """Exit 2 although the index is whole again: documents must be added once more."""
    (own / "index_data/s1.documents").unlink()
    done = indexer(own, "check", "--repair")
    lost = re.search(r"нужно добавить ещё раз: (\d)", done.stderr)
    assert done.code == 2 and lost
    assert indexer(own, "check").stdout == f"Индекс index_data цел. Документов: {6 - int(lost[1])}, сегментов: 1\n"
    assert added(indexer(own, "add", "docs"))[0] > 0


@pytest.mark.parametrize("name", ["check", "compact", "relemmatise"])
def test_maintenance_of_no_index(tmp_path: Path, name: str) -> None:
    """Exit 2 and what to run; nothing is made."""
    done = indexer(tmp_path, name)
    assert done.code == 2 and "indexer add" in done.stderr and not list(tmp_path.iterdir())


def test_compact_and_relemmatise(own: Path) -> None:
    """One segment; the same answers."""
    put(own, {"docs/late.txt": "Волна."})
    indexer(own, "add", "docs")
    done = indexer(own, "compact")
    assert done.code == 0 and done.stdout.startswith("Сегментов: 3 → 1; размер: ")
    done = indexer(own, "relemmatise")
    assert done.code == 0 and done.stdout.startswith("Леммы определены заново. Словоформ: ")
    assert search(own, "-c", "уступка").stdout == "3\n"
    assert search(own, "-c", "волной").stdout == "1\n"


def test_offset_behind_the_end_is_found_all_the_same(sea: Path) -> None:
    """A page without hits is no error: there are hits."""
    done = search(sea, "--offset", "50", "--json", "уступка")
    assert (done.code, json.loads(done.stdout)["hits"]) == (0, [])


# Formats


def test_json_version_1(sea: Path) -> None:
    """All keys with their values, in a line of UTF-8."""
    done = search(sea, "--json", "Рябковым")
    assert done.stdout.count("\n") == 1 and "Рябков" in done.stdout
    found = json.loads(done.stdout)
    took, score = found.pop("took_ms"), found["hits"][0].pop("score")
    assert isinstance(took, float) and isinstance(score, float) and score > 0
    sentence = "Капитан Рябков шёл на уступки пассажирам и кормил их ухой."
    start = SEA.index(sentence)
    assert found == {
        "version": 1,
        "query": "Рябковым",
        "executed": "Рябковым",
        "repaired": None,
        "relaxed": [],
        "suggestions": [],
        "total": 1,
        "total_is": "exact",
        "hits": [
            {
                "rank": 1,
                "id": "docs/news/sea.txt",
                "path": "docs/news/sea.txt",
                "title": "Шторм задержал паромы на двое суток",
                "date": "2022-01-09",
                "lang": "ru",
                "matches": {"Рябковым": ["Рябков"]},
                "snippets": [
                    {
                        "field": "text",
                        "start": start,
                        "end": start + len(sentence),
                        "text": sentence,
                        "spans": [[8, 14]],
                        "location": None,
                    }
                ],
                "fields": {},
                "duplicates": [],
                "explain": None,
            }
        ],
        "facets": {},
    }


def test_json_of_a_document_without_a_file(sea: Path) -> None:
    """Fields come as they were given, and what is not known is null."""
    (hit,) = json.loads(search(sea, "--json", "уступка", "--where", "year=1998").stdout)["hits"]
    assert (hit["id"], hit["path"], hit["title"]) == ("письмо-1", None, "")
    assert hit["fields"] == {"author": "Иванов", "year": 1998, "tags": ["море", "почта"]}


def test_json_of_nothing_found(sea: Path) -> None:
    """Valid, complete and empty, at exit 1."""
    done = search(sea, "--json", "трансформатор")
    found = json.loads(done.stdout)
    assert (done.code, found["version"], found["total"], found["hits"]) == (1, 1, 0, [])


def test_jsonl_is_the_hits_of_json(sea: Path) -> None:
    """An object a hit, a line each, the same objects."""
    hits = json.loads(search(sea, "--json", "уступка").stdout)["hits"]
    assert len(hits) == 3
    assert [json.loads(line) for line in search(sea, "--jsonl", "уступка").stdout.splitlines()] == hits


def test_csv(sea: Path) -> None:
    """A header and a row a hit; commas and quotes survive."""
    rows = list(csv.DictReader(io.StringIO(search(sea, "--csv", "уступка").stdout)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    row = next(row for row in rows if row["path"] == PORT_TXT)
    assert row["title"] == "Порт готовится к долгой зиме" and row["date"] == "2021-12-23"
    assert row["snippets"] == "Капитан из США просил у порта уступку, но получил отказ."


@pytest.mark.parametrize("output", ["--jsonl", "--csv", "-l", "-0"])
def test_nothing_found_prints_no_hit(sea: Path, output: str) -> None:
    """Every format of nothing is empty, but for the header of a table."""
    done = search(sea, output, "трансформатор")
    assert done.code == 1
    assert done.stdout == ("rank,id,path,title,date,lang,score,snippets\n" if output == "--csv" else "")


def test_names_of_files(sea: Path) -> None:
    """`-l` is not cut at the limit and takes the id where there is no file."""
    assert names(search(sea, "-l", "-n", "1", "уступка")) == {SEA_TXT, PORT_TXT, "письмо-1"}


@pytest.mark.parametrize("option", [["-0"], ["-l", "-0"], ["--null"]])
def test_names_ended_by_nul(sea: Path, option: list[str]) -> None:
    """For `xargs -0`: a NUL after each name, no line ends."""
    done = search(sea, *option, "--sort", "path", "капитан", "--path", "docs")
    assert done.out == f"{PORT_TXT}\0{SEA_TXT}\0{SOUP_MD}\0".encode()


@pytest.mark.parametrize("option", ["-c", "--count"])
def test_count(sea: Path, option: str) -> None:
    """Of all hits, not of the page."""
    assert search(sea, option, "-n", "1", "уступка").stdout == "3\n"


def test_count_of_nothing(sea: Path) -> None:
    """Zero, at exit 1."""
    done = search(sea, "-c", "трансформатор")
    assert (done.code, done.stdout) == (1, "0\n")


@pytest.mark.parametrize("option", ["-l", "-0", "-c"])
def test_lists_and_counts_are_not_relaxed(sea: Path, option: str) -> None:
    """A script must get documents with all the words or none."""
    done = search(sea, option, "уступка", "трансформатор")
    assert (done.code, done.stdout.strip("0\n")) == (1, "")


def test_pages(sea: Path) -> None:
    """`-n` and `--offset` cut one and the same list; ranks go on over pages, the total is of all."""
    whole = json.loads(search(sea, "--json", "капитан").stdout)
    pages = [json.loads(search(sea, "--json", "-n", "2", "--offset", at, "капитан").stdout) for at in ("0", "2", "4")]
    assert [hit for page in pages for hit in page["hits"]] == whole["hits"]
    assert [len(page["hits"]) for page in pages] == [2, 2, 1]
    assert {page["total"] for page in pages} == {5}


@pytest.mark.parametrize(
    ("order", "wanted", "last"),
    [
        ("date", ["письмо-1", PORT_TXT, SEA_TXT], {SOUP_MD, "письмо-2"}),
        ("-date", [SEA_TXT, PORT_TXT, "письмо-1"], {SOUP_MD, "письмо-2"}),
        ("path", [PORT_TXT, SEA_TXT, SOUP_MD], {"письмо-1", "письмо-2"}),
    ],
)
def test_sort(sea: Path, order: str, wanted: list[str], last: set[str]) -> None:
    """By date both ways, by path; what has no date or path is last either way."""
    found = search(sea, "-l", "--sort", order, "капитан").stdout.splitlines()
    assert (found[:3], set(found[3:])) == (wanted, last)


@pytest.mark.parametrize("option", [["--snippets", "0"], ["--no-snippets"]])
def test_no_snippets(sea: Path, option: list[str]) -> None:
    """A line a hit, and an empty list in JSON."""
    printed = search(sea, *option, "уступка").stdout.splitlines()
    assert [line[:3] for line in printed] == ["1. ", "2. ", "3. "]
    assert {len(hit["snippets"]) for hit in json.loads(search(sea, "--json", *option, "уступка").stdout)["hits"]} == {0}


def test_number_of_snippets(sea: Path) -> None:
    """Two sentences met, which do not fit into one passage."""
    for number in (1, 2):
        done = search(sea, "--json", "--snippets", str(number), "--chars", "60", "--any", "кран США")
        assert len(json.loads(done.stdout)["hits"][0]["snippets"]) == number


def test_length_of_snippets(sea: Path) -> None:
    """`--chars` bounds each passage; what is cut off is shown by «…» in print only."""
    hits = json.loads(search(sea, "--json", "--chars", "30", "уступка").stdout)["hits"]
    texts = [snippet["text"] for hit in hits for snippet in hit["snippets"]]
    assert texts and all(0 < len(text) <= 30 for text in texts)
    assert not any("…" in text for text in texts)
    assert "…" in search(sea, "--chars", "30", "уступка").stdout


def test_a_passage_of_a_long_word(tmp_path: Path) -> None:
    """As much of the word as fits."""
    indexer(tmp_path, "add", "--jsonl", "-", stdin=lines({"id": "1", "text": "ы" * 1000}))
    (hit,) = json.loads(search(tmp_path, "--json", "--chars", "100", "ыы*").stdout)["hits"]
    assert [len(snippet["text"]) for snippet in hit["snippets"]] == [100]


# Which documents


@pytest.mark.parametrize(
    ("why", "arguments", "wanted"),
    [
        ("all the words", ["уступка отказ"], {PORT_TXT}),
        ("words as arguments of their own", ["уступка", "отказ"], {PORT_TXT}),
        ("options between them", ["уступка", "--sort", "path", "отказ"], {PORT_TXT}),
        ("options after them", ["уступка", "отказ", "-n", "5"], {PORT_TXT}),
        ("any of the words", ["--any", "уха", "кран"], {SEA_TXT, PORT_TXT, SOUP_MD}),
        ("only the form typed", ["--exact", "уступку"], {PORT_TXT}),
        ("verbs of the other aspect", ["--expand", "aspect", "сварить"], {SOUP_MD}),
        ("related words, both kinds asked for", ["--expand", "aspect, related", "зимний"], {PORT_TXT}),
        ("a language", ["--lang", "en", "harbour"], {HARBOUR_TXT}),
        ("another language", ["--lang", "ru", "harbour"], set()),
        ("from a day on, that day too", ["--after", "2022-01-09", "уступка"], {SEA_TXT}),
        ("up to a day, that day too", ["--before", "2021-12-23", "уступка"], {PORT_TXT, "письмо-1"}),
        ("a whole year", ["--after", "2021", "--before", "2021", "уступка"], {PORT_TXT}),
        ("a folder", ["--path", "docs/news", "капитан"], {SEA_TXT, PORT_TXT}),
        ("a glob of paths", ["--path", "*/s*.*", "капитан"], {SEA_TXT, SOUP_MD}),
        ("an ending", ["--ext", "md", "капитан"], {SOUP_MD}),
        ("several endings", ["--ext", ".md,TXT", "капитан"], {SOUP_MD, SEA_TXT, PORT_TXT}),
        ("a field", ["--where", "author=Иванов", "капитан"], {"письмо-1"}),
        ("a field that is a number", ["--where", "year=1998", "капитан"], {"письмо-1"}),
        ("a field that is a list", ["--where", "tags=почта", "капитан"], {"письмо-1"}),
        ("two fields at once", ["--where", "author=Петров", "--where", "year=1998", "капитан"], set()),
        (
            "two values of a field",
            ["--where", "author=Петров", "--where", "author=Иванов", "порт"],
            {"письмо-1", "письмо-2"},
        ),
        ("a word shut out", ["уступка", "-США"], {SEA_TXT, "письмо-1"}),
        ("a word shut out, first", ["-США", "уступка"], {SEA_TXT, "письмо-1"}),
        ("a group shut out", ["уступка", "-(отказ | уха)"], {"письмо-1"}),
        ("a phrase shut out", ["уступка", "-«просить у порта»"], {SEA_TXT, "письмо-1"}),
        ("-- ends options", ["-l", "--", "-США", "уступка"], {SEA_TXT, "письмо-1"}),
        ("what would be an option is text after --", ["-l", "--", "--any", "any", "captain"], set()),
        ("the name of a subcommand is a word like others", ["add"], set()),
        ("forms and two words are a query", ["forms", "уха", "уха"], set()),
        ("forms after -- is a word", ["--", "forms", "уха"], set()),
    ],
)
def test_which_documents(sea: Path, why: str, arguments: list[str], wanted: set[str]) -> None:
    """The options and the query text choose these documents and no others."""
    done = search(sea, "-l", *arguments)
    assert names(done) == wanted, why
    assert done.code == (0 if wanted else 1)


def test_synonyms(own: Path) -> None:
    """A file of them, also within a phrase; one that is wrong says where, and the command fails."""
    put(own, {"слова.txt": "США = Соединённые Штаты\nуха = суп из рыбы\n"})
    assert names(search(own, "-l", "--synonyms", "слова.txt", "соединённые штаты")) == {PORT_TXT}
    assert names(search(own, "-l", "--synonyms", "слова.txt", "«суп из рыб варят»")) == {SOUP_MD}
    put(own, {"слова.txt": "США\n"})
    wrong = search(own, "--synonyms", "слова.txt", "порт")
    assert (wrong.code, wrong.stdout) == (2, "")
    assert "слова.txt, строка 1: «США» стоит одно" in wrong.stderr


def test_an_expansion_that_is_not_known(sea: Path) -> None:
    """It names those that are."""
    done = search(sea, "--expand", "aspects", "порт")
    assert done.code == 2
    assert "aspect, related" in done.stderr


def test_an_argument_that_looks_like_an_option_is_text_after_two_minuses(sea: Path) -> None:
    """`search -- --json` asks for the word json, and prints no JSON."""
    done = search(sea, "--", "--json", "уха")
    assert not done.stdout.startswith("{")
    assert "незнакомые" not in done.stderr


def test_relaxed_is_said(sea: Path) -> None:
    """The best partial matches, and on stderr and in JSON the word that they lack."""
    done = search(sea, "--json", "уступка", "трансформатор")
    found = json.loads(done.stdout)
    assert (done.code, found["total"], found["relaxed"]) == (0, 3, ["трансформатор"])
    assert "«трансформатор»" in done.stderr


@pytest.mark.parametrize("query", [["уступка", "трансформатор"], ["трансформатор"]])
def test_quiet(sea: Path, query: list[str]) -> None:
    """`-q` changes stderr and nothing else."""
    loud, quiet = search(sea, *query), search(sea, "-q", *query)
    assert loud.stderr and not quiet.stderr
    assert (quiet.code, quiet.stdout) == (loud.code, loud.stdout)


def test_timeout_of_a_search(sea: Path) -> None:
    """No time at all: exit 2 and the option named."""
    done = search(sea, "--timeout", "0", "уступка")
    assert (done.code, done.stdout) == (2, "") and "--timeout" in done.stderr


# Other ways to ask


@pytest.mark.parametrize(
    "way",
    [
        ["indexer", "search"],
        [sys.executable, "-m", "indexer", "search"],
        ["indexer", "search", "--index", "index_data"],
    ],
)
def test_ways_to_search(sea: Path, way: list[str]) -> None:
    """All are `search`, options and all."""
    wanted = search(sea, "-n", "1", "--csv", "уступка", "-США")
    assert wanted.code == 0
    assert run(sea, *way, "-n", "1", "--csv", "уступка", "-США") == wanted


def test_python_module_is_indexer(sea: Path) -> None:
    """`python -m indexer` does what `indexer` does."""
    assert run(sea, sys.executable, "-m", "indexer", "status").stdout == indexer(sea, "status").stdout != ""


@pytest.mark.parametrize("command", ["search", "indexer"])
def test_version(tmp_path: Path, command: str) -> None:
    """The program and its version, without an index."""
    assert re.fullmatch(rf"{command} \d+\.\d+\.\d+\S*\n", run(tmp_path, command, "--version").stdout)


def test_forms(tmp_path: Path) -> None:
    """A form a line, folded, of a word whose forms have nothing in common; no index is needed."""
    done = search(tmp_path, "forms", "идти")
    assert done.code == 0
    assert {"идти", "иду", "шел", "шла", "идет", "идущий"} <= set(done.stdout.splitlines())
    assert "ё" not in done.stdout


def test_query_from_stdin(sea: Path) -> None:
    """One line of it."""
    assert names(search(sea, "-l", stdin="уступка отказ\nуха\n".encode())) == {PORT_TXT}


def test_empty_stdin(sea: Path) -> None:
    """An empty query is a mistake wherever it comes from."""
    assert search(sea).code == 2


def test_no_query_on_a_terminal(sea: Path) -> None:
    """Nobody knows that it waits for a line: say what to type instead."""
    shown = on_terminal(sea, "search")
    assert "search --help" in shown


@pytest.mark.parametrize("source", ["-", "queries.txt"])
def test_batch(own: Path, source: str) -> None:
    """A query a line, an object of JSON each; empty lines are none."""
    queries = "уступка отказ\n\nуха\nтрансформатор\n"
    put(own, {"queries.txt": queries})
    done = search(own, "--batch", source, "--json", stdin=queries.encode())
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["query"].strip() for answer in found] == ["уступка отказ", "уха", "трансформатор"]
    assert [answer["total"] for answer in found] == [1, 2, 0]
    assert done.code == 0


def test_batch_that_finds_nothing(sea: Path) -> None:
    """Exit 1 when none of the queries found anything."""
    done = search(sea, "--batch", "-", "-c", stdin="трансформатор\nдиод\n".encode())
    assert (done.code, done.stdout) == (1, "0\n0\n")


# Pipes, consoles, terminals


@pytest.mark.parametrize(
    "command",
    [
        ["search", "уступка"],
        ["search", "--json", "уступка"],
        ["search", "-l", "уступка"],
        ["search", "forms", "идти"],
        ["search", "--help"],
        ["indexer", "status"],
    ],
    ids=" ".join,
)
def test_broken_pipe(sea: Path, command: list[str]) -> None:
    """A reader that has gone away is no reason to complain."""
    assert into_closed_pipe(sea, *command).stderr == ""


def test_broken_pipe_of_a_shell(sea: Path) -> None:
    """The same where a shell joins the two."""
    done = shell(sea, "search 'уступка | уха' | head -n 0")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")


def test_c_locale(sea: Path) -> None:
    """Without a locale, as in cron and containers, all is UTF-8, as Python's own UTF-8 mode has it."""
    done = search(sea, "уступка", "-США", **C_LOCALE)
    assert done.code == 0 and "1. письмо-1 (2020-05-01)" in done.stdout
    assert search(sea, "трансформатор", **C_LOCALE).stderr == "ничего не найдено\n"


def test_json_is_utf8_in_any_locale(sea: Path) -> None:
    """For programs, whatever the console is."""
    found, wanted = (json.loads(search(sea, "--json", "Рябковым", **env).stdout) for env in (C_LOCALE, {}))
    assert found.pop("took_ms") and wanted.pop("took_ms")
    assert found == wanted


def test_console_of_cp1251(sea: Path) -> None:
    """Russian in its own bytes, and «?» for the emoji, never an error."""
    done = search(sea, "капитан", "--ext", "md", PYTHONIOENCODING="cp1251:strict", PYTHONUTF8="0")
    assert done.code == 0 and "Капитаны её хвалят ?." in done.out.decode("cp1251")


@pytest.mark.parametrize(
    ("option", "variables", "colored"),
    [
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {}, False),
        ("never", {}, False),
    ],
)
def test_color_in_a_pipe(sea: Path, option: str, variables: dict[str, str], colored: bool) -> None:
    """Only when it was asked for in so many words."""
    printed = search(sea, "--color", option, "уступка", **variables).stdout
    assert ("\x1b[1;31mуступки\x1b[0m" in printed) == colored == ("\x1b" in printed)


@pytest.mark.parametrize(
    ("option", "variables", "colored"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
    ],
)
def test_color_on_a_terminal(sea: Path, option: str, variables: dict[str, str], colored: bool) -> None:
    """Unless NO_COLOR says otherwise (no-color.org: when it is there and not empty)."""
    shown = on_terminal(sea, "search", "--color", option, "уступка", **variables)
    assert "уступки" in shown
    assert ("\x1b[1;31mуступки\x1b[0m" in shown) == colored == ("\x1b" in shown)


def test_last_line_on_a_terminal(sea: Path) -> None:
    """How many were found and shown; in a pipe nobody asked."""
    shown = on_terminal(sea, "search", "-n", "1", "уступка")
    assert re.fullmatch(r"Найдено: 3, показано 1 \(\d+ мс\)", shown.splitlines()[-1])
    assert "Найдено" not in search(sea, "-n", "1", "уступка").stderr
    assert "Найдено" not in on_terminal(sea, "search", "-q", "уступка")


def test_a_text_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """Escape sequences of a text or a title come out without their escape, coloured or not."""
    evil = {"id": "1", "title": "Заголовок \x1b[2J\x9b31m", "text": "Море \x1b]0;взлом\x07 волнуется.\r\x1b[1AРаз."}
    indexer(tmp_path, "add", "--jsonl", "-", stdin=lines(evil))
    for option in ("never", "always"):
        shown = on_terminal(tmp_path, "search", "--color", option, "море")
        assert "волнуется" in shown
        assert set(re.findall("\x1b[^m]*m|[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)) <= {
            "\x1b[1m",
            "\x1b[1;31m",
            "\x1b[0m",
        }


HELPS = [["search"], ["indexer"], *(["indexer", name] for name in ("add", "rm", "status", "search"))]


@pytest.mark.parametrize("command", HELPS, ids=" ".join)
def test_help_is_russian(tmp_path: Path, command: list[str]) -> None:
    """Every help text: on stdout, with its parameters or examples, and nothing of argparse's English."""
    done = run(tmp_path, *command, "--help")
    name = " ".join(command).replace("indexer search", "search")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Использование: {name} ")
    assert "Примеры" in done.stdout or "Параметры" in done.stdout
    assert not re.search(r"(?i)usage|options:|error:|positional|arguments:|show this|default", done.stdout)


def test_help_names_every_format_of_output(tmp_path: Path) -> None:
    """What a script may ask for stands in the help."""
    shown = search(tmp_path, "--help").stdout
    assert all(option in shown for option in ("--json", "--jsonl", "--csv", "-l,", "-0,", "-c,", "Примеры"))


# Adding, changing, removing


@pytest.mark.parametrize(("number", "word"), [(1, "новый"), (2, "новых"), (11, "новых"), (21, "новый")])
def test_summary_agrees_with_its_number(tmp_path: Path, number: int, word: str) -> None:
    """«1 новый», «2 новых», «21 новый»; a decimal comma; on stdout, with stderr silent."""
    put(tmp_path, {f"docs/{at}.txt": f"Волна номер {at}." for at in range(number)})
    done = indexer(tmp_path, "add", "docs")
    rest = "0 изменено, 0 удалено, 0 без изменений, 0 с ошибкой"
    assert re.fullmatch(rf"{number} {word}, {rest} \(\d+,\d с\)\n", done.stdout)
    assert (done.code, done.stderr) == (0, "")


def test_life_of_a_folder(tmp_path: Path) -> None:
    """New, unchanged, changed, forced, gone, pruned: each is counted, and the index holds what the files say."""
    put(tmp_path, {"docs/a.txt": "Волна бьёт о берег.", "docs/b.txt": "Ветер стих."})
    assert added(indexer(tmp_path, "add", "docs")) == (2, 0, 0, 0, 0)
    assert added(indexer(tmp_path, "add", "docs")) == (0, 0, 0, 2, 0)
    put(tmp_path, {"docs/b.txt": "Шторм усилился."})
    assert added(indexer(tmp_path, "add", "docs")) == (0, 1, 0, 1, 0)
    assert search(tmp_path, "-c", "ветер").stdout == "0\n"
    assert names(search(tmp_path, "-l", "шторм")) == {"docs/b.txt"}
    forced = indexer(tmp_path, "add", "docs", "--force")
    assert added(forced) == (0, 2, 0, 0, 0) and "2 изменено" in forced.stdout
    (tmp_path / "docs/b.txt").rename(tmp_path / "docs/c.txt")
    assert added(indexer(tmp_path, "add", "docs")) == (0, 1, 0, 1, 0), "a new name is a change, not a new document"
    assert names(search(tmp_path, "-l", "шторм")) == {"docs/c.txt"}
    (tmp_path / "docs/c.txt").unlink()
    assert added(indexer(tmp_path, "add", "docs")) == (0, 0, 0, 1, 0), "what is gone stays until it is asked for"
    assert names(search(tmp_path, "-l", "шторм")) == {"docs/c.txt"}
    pruned = indexer(tmp_path, "add", "docs", "--prune")
    assert added(pruned) == (0, 0, 1, 1, 0) and "1 удалён" in pruned.stdout
    assert names(search(tmp_path, "-l", "шторм")) == set()


def test_prune_forgets_its_own_folder_only(tmp_path: Path) -> None:
    """Files elsewhere, a folder whose name begins alike and documents without a file stay."""
    put(tmp_path, {"docs/a.txt": "Волна.", "docs/b.txt": "Волна.", "docs2/c.txt": "Волна.", "d.txt": "Волна."})
    indexer(tmp_path, "add", ".", "--jsonl", "-", stdin=lines({"id": "строка", "text": "Волна."}))
    for name in ("docs/a.txt", "docs2/c.txt", "d.txt"):
        (tmp_path / name).unlink()
    assert added(indexer(tmp_path, "add", "docs", "--prune")) == (0, 0, 1, 1, 0)
    assert names(search(tmp_path, "-l", "волна")) == {"docs/b.txt", "docs2/c.txt", "d.txt", "строка"}


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("docs/news/sea.txt", {PORT_TXT, "письмо-1"}),
        ("./docs/../docs/news/sea.txt", {PORT_TXT, "письмо-1"}),
        ("docs/news", {"письмо-1"}),
        ("docs/news/", {"письмо-1"}),
        ("письмо-1", {SEA_TXT, PORT_TXT}),
    ],
)
def test_rm(own: Path, name: str, left: set[str]) -> None:
    """By file, by folder, by id; the files themselves stay."""
    done = indexer(own, "rm", name)
    assert (done.code, done.stderr) == (0, "")
    assert names(search(own, "-l", "уступка")) == left
    assert (own / SEA_TXT).exists()


def test_rm_of_a_file_that_is_gone(own: Path) -> None:
    """What is no longer on disk can be forgotten too."""
    (own / SEA_TXT).unlink()
    assert indexer(own, "rm", SEA_TXT).code == 0
    assert SEA_TXT not in names(search(own, "-l", "уступка"))


def test_rm_of_what_is_not_there(own: Path) -> None:
    """Exit 1 and its name, and nothing else gone."""
    done = indexer(own, "rm", "нет такого")
    assert done.code == 1 and "нет такого" in done.stderr
    assert search(own, "-c", "уступка").stdout == "3\n"


def test_status(sea: Path) -> None:
    """For people: the numbers in Russian. For programs: the same in JSON."""
    done = indexer(sea, "status")
    assert done.code == 0 and re.search(r"Документов:\s+6\n", done.stdout) and "ru 5" in done.stdout
    status = json.loads(indexer(sea, "status", "--json").stdout)
    assert (status["documents"], status["languages"]) == (6, {"en": 1, "ru": 5})
    assert all(isinstance(status[name], int) and status[name] > 0 for name in ("segments", "forms", "lemmas", "bytes"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", status["last_commit"])


def test_quiet_add(tmp_path: Path) -> None:
    """`-q` prints nothing at all when all goes well, and still what goes wrong."""
    put(tmp_path, {"docs/a.txt": "Волна.", "docs/b.html": "<p>Волна."})
    done = indexer(tmp_path, "add", "-q", "docs")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    put(tmp_path, {"docs/c.txt": ""})
    done = indexer(tmp_path, "add", "-q", "docs")
    assert done.stdout == "" and "docs/c.txt" in done.stderr


def test_unknown_formats_are_counted_or_named(tmp_path: Path) -> None:
    """One line of kinds; with `-v` every file."""
    put(tmp_path, {"docs/a.txt": "Волна.", "docs/b.xyz": "?", "docs/c.xyz": "?", "docs/README": "?"})
    done = indexer(tmp_path, "add", "docs")
    assert added(done) == (1, 0, 0, 0, 0)
    assert ".xyz 2" in done.stderr and "README 1" in done.stderr and "b.xyz" not in done.stderr
    assert "docs/b.xyz: неизвестный формат" in indexer(tmp_path, "add", "-v", "docs").stderr


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], {"docs/a.txt", "docs/b.md", "docs/old/c.txt"}),
        (["--include", "*.md"], {"docs/b.md"}),
        (["--exclude", "old"], {"docs/a.txt", "docs/b.md"}),
        (["--exclude", "*.md", "--exclude", "old/*"], {"docs/a.txt"}),
        (["--hidden"], {"docs/a.txt", "docs/b.md", "docs/old/c.txt", "docs/.d.txt", "docs/.git/e.txt"}),
    ],
)
def test_which_files_of_a_folder(tmp_path: Path, options: list[str], wanted: set[str]) -> None:
    """Globs over names or paths; hidden ones when asked for."""
    files = ("docs/a.txt", "docs/b.md", "docs/old/c.txt", "docs/.d.txt", "docs/.git/e.txt")
    put(tmp_path, dict.fromkeys(files, "Волна."))
    indexer(tmp_path, "add", "docs", *options)
    assert names(search(tmp_path, "-l", "волна")) == wanted


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    """Exit 2 with its name, before anything is written: neither the others nor an index."""
    put(tmp_path, {"docs/a.txt": "Волна."})
    done = indexer(tmp_path, "add", "docs", "нет такой")
    assert (done.code, done.stdout) == (2, "") and "нет такой" in done.stderr
    assert not (tmp_path / "index_data").exists()


# Where the index is


def test_a_new_index_is_for_its_owner_only(own: Path, tmp_path: Path) -> None:
    """Texts may be private: mode 0700."""
    assert (own / "index_data").stat().st_mode & 0o777 == 0o700
    put(tmp_path, {"docs/a.txt": "Волна."})
    indexer(tmp_path, "--index", "deep/er", "add", "docs")
    assert (tmp_path / "deep/er").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "command",
    [
        ["indexer", "--index", "elsewhere", "add", "docs"],
        ["indexer", "add", "docs", "--index", "elsewhere"],
        ["indexer", "add", "--index=elsewhere", "docs"],
    ],
    ids=" ".join,
)
def test_index_before_or_after_the_subcommand(tmp_path: Path, command: list[str]) -> None:
    """Both are read, and the default folder stays away."""
    put(tmp_path, {"docs/a.txt": "Волна."})
    assert run(tmp_path, *command).code == 0
    assert not (tmp_path / "index_data").exists()
    assert (tmp_path / "elsewhere/indexer.json").exists()


def test_index_of_a_search_and_a_status(sea: Path, tmp_path: Path) -> None:
    """Asked from another folder: `-l` gives names that can be opened from there."""
    index = str(sea / "index_data")
    found = {str(sea / SEA_TXT), str(sea / PORT_TXT), "письмо-1"}
    assert names(search(tmp_path, "-l", "--index", index, "уступка")) == found
    assert indexer(tmp_path, "--index", index, "status") == indexer(tmp_path, "status", "--index", index)


def test_index_of_the_environment(tmp_path: Path) -> None:
    """$INDEXER_DATA stands in for the default, and an option goes before it."""
    put(tmp_path, {"docs/a.txt": "Волна."})
    assert indexer(tmp_path, "add", "docs", INDEXER_DATA="мой индекс").code == 0
    assert (tmp_path / "мой индекс/indexer.json").exists() and not (tmp_path / "index_data").exists()
    assert search(tmp_path, "-c", "волна", INDEXER_DATA="мой индекс").stdout == "1\n"
    assert search(tmp_path, "-c", "волна", "--index", "мой индекс", INDEXER_DATA="nowhere").stdout == "1\n"
    assert search(tmp_path, "-c", "волна").code == 2


def test_paths_are_kept_from_the_folder_of_the_index(tmp_path: Path) -> None:
    """Relative from wherever they were added below it, absolute elsewhere; one file is one document."""
    put(tmp_path, {"base/docs/a.txt": "Волна.", "other/b.txt": "Волна."})
    base = tmp_path / "base"
    assert added(indexer(base, "add", "docs")) == (1, 0, 0, 0, 0)
    below = indexer(base / "docs", "--index", "../index_data", "add", "a.txt")
    assert added(below) == (0, 0, 0, 1, 0)
    assert added(indexer(base, "add", str(base / "docs"), "../other")) == (1, 0, 0, 1, 0)
    assert names(search(base, "-l", "волна")) == {"docs/a.txt", str((tmp_path / "other/b.txt").resolve())}


def test_an_index_is_not_walked_into(own: Path) -> None:
    """Neither ours nor another below the folder, whatever text files lie in it."""
    shutil.copytree(own / "index_data", own / "docs/old index")
    for folder in ("index_data", "docs/old index"):
        put(own, {f"{folder}/readme.txt": "Волна."})
    assert added(indexer(own, "add", ".")) == (0, 0, 0, 4, 0)
    assert search(own, "-c", "волна").stdout == "0\n"


# Files that are odd, broken or gone


BAD = {
    "docs/2 empty.txt": b"",
    "docs/3 blank.txt": " \n\t\n",
    "docs/4 binary.txt": bytes(range(256)) * 8,
    "docs/5 nul.txt": b"\0" * 100,
}


def test_bad_files(tmp_path: Path) -> None:
    """Each is named with its reason, the others are taken, and only `--strict` makes it an error."""
    put(tmp_path, {"docs/1.txt": "Волна.", "docs/6.txt": "Волна.", **BAD})
    done = indexer(tmp_path, "add", "docs")
    assert (done.code, added(done)) == (0, (2, 0, 0, 0, 4))
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == list(BAD)
    assert all(re.search(": [а-я].{8}", line) for line in done.stderr.splitlines())
    strict = indexer(tmp_path, "add", "docs", "--strict")
    assert (strict.code, added(strict)) == (2, (0, 0, 0, 2, 4))
    assert names(search(tmp_path, "-l", "волна")) == {"docs/1.txt", "docs/6.txt"}


# A file that goes away between the walk and its turn: no timing of ours would do it every time.
VANISHING = """
import sys
from pathlib import Path
from indexer import sources
from indexer.cli.indexer import main

walk = sources.walk

def walk_and_lose(*arguments, **options):
    found = list(walk(*arguments, **options))
    Path("docs/b.txt").unlink()
    return found

sources.walk = walk_and_lose
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 2)])
def test_a_file_that_vanishes(tmp_path: Path, options: list[str], code: int) -> None:
    """Named like any other that cannot be read; the rest is taken."""
    put(tmp_path, {f"docs/{name}.txt": "Волна." for name in "abc"})
    done = run(tmp_path, sys.executable, "-c", VANISHING, "add", "docs", *options)
    assert (done.code, added(done)) == (code, (2, 0, 0, 0, 1))
    assert done.stderr.startswith("docs/b.txt: ") and done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 2)])
def test_a_file_without_rights(tmp_path: Path, options: list[str], code: int) -> None:
    """Named, and the rest is taken."""
    put(tmp_path, {f"docs/{name}.txt": "Волна." for name in "abc"})
    (tmp_path / "docs/b.txt").chmod(0)
    done = indexer(tmp_path, "add", "docs", *options)
    assert (done.code, added(done)) == (code, (2, 0, 0, 0, 1))
    assert done.stderr.startswith("docs/b.txt: нет прав")


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    """Named; the rest is taken."""
    put(tmp_path, {"docs/a.txt": "Волна."})
    (tmp_path / "docs/b.txt").symlink_to("нет такого.txt")
    done = indexer(tmp_path, "add", "docs")
    assert done.code == 0 and done.stderr.startswith("docs/b.txt: ") and "1 новый" in done.stdout


BROKEN_LINES = b"".join(
    (
        lines({"id": "1", "text": "Волна первая."}),
        b'{"id": "2", "text": \n',
        b"\n",
        lines({"id": "4"}),
        b'["5"]\n',
        lines({"id": "6", "text": "Волна вторая.", "date": "32.13.2022"}),
        lines({"id": "7", "text": "Волна третья."}),
    )
)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(["--jsonl", "-"], "stdin"), (["in.jsonl"], "in.jsonl")],
)
def test_broken_lines_of_json(tmp_path: Path, arguments: list[str], name: str) -> None:
    """Each named by its number, the others taken; an error only with `--strict`."""
    put(tmp_path, {"in.jsonl": BROKEN_LINES})
    done = indexer(tmp_path, "add", *arguments, stdin=BROKEN_LINES)
    assert (done.code, added(done)) == (0, (2, 0, 0, 0, 4))
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [f"{name}:{at}" for at in (2, 4, 5, 6)]
    strict = indexer(tmp_path, "add", "--strict", *arguments, stdin=BROKEN_LINES)
    assert (strict.code, added(strict)) == (2, (0, 0, 0, 2, 4))
    # a line of a file can be found there again, one of a stream goes by its id
    assert names(search(tmp_path, "-l", "волна")) == ({"1", "7"} if name == "stdin" else {f"{name}!/1", f"{name}!/7"})


def test_json_lines_replace_by_id(tmp_path: Path) -> None:
    """A line of the same id is the same document."""
    assert added(indexer(tmp_path, "add", "--jsonl", "-", stdin=lines({"id": "1", "text": "Волна."})))[0] == 1
    assert added(indexer(tmp_path, "add", "--jsonl", "-", stdin=lines({"id": "1", "text": "Ветер."})))[1] == 1
    assert search(tmp_path, "-c", "волна").stdout == "0\n"
    assert search(tmp_path, "-c", "ветер").stdout == "1\n"


def test_encodings(tmp_path: Path) -> None:
    """Old files are found, and shown, like new ones."""
    text = "Ветер к вечеру стих, и рыбаки вышли в море за треской."
    encodings = ("utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-16-be")
    put(tmp_path, {f"docs/{encoding}.txt": text.encode(encoding) for encoding in encodings})
    assert added(indexer(tmp_path, "add", "docs")) == (7, 0, 0, 0, 0)
    shown = search(tmp_path, "--sort", "path", "треска").stdout
    names_in_order = sorted(f"docs/{encoding}.txt" for encoding in encodings)
    assert shown == "".join(f"{at}. {name}\n   {text}\n" for at, name in enumerate(names_in_order, start=1))


def test_an_encoding_told(tmp_path: Path) -> None:
    """Two letters are too few to guess from; one who knows can say."""
    put(tmp_path, {"docs/a.txt": "Ёж".encode("cp866")})
    assert added(indexer(tmp_path, "add", "docs", "--encoding", "cp866"))[0] == 1
    assert names(search(tmp_path, "-l", "ежи")) == {"docs/a.txt"}


# Why it is odd → the text, whether it is indexed, a query, how many it finds.
ODD: dict[str, tuple[str | bytes, bool, str, int]] = {
    "one word of a million letters": ("ы" * 1_000_000, True, "ы" * 1000 + "*", 1),
    "a word beside it": ("Волна. " + "щ" * 1_000_000, True, "волна", 1),
    "emoji alone": ("🎉🎊😀", True, "волна", 0),
    "NUL here and there": ("Волна.\0\0 Рыбаки вышли в море за треской, и вернутся нескоро.", True, "волна", 1),
    "NUL alone": (b"\0" * 5000, False, "волна", 0),
    "a byte order mark alone": ("\ufeff", False, "волна", 0),
    "line ends of every kind": ("Ветер\u2028\u2029\x85\x0c\x0bволна\u202e.", True, "волна", 1),
    "stress on every letter": ("а\u0301" * 5000, True, "волна", 0),
    "brackets without end": ("(" * 20000 + "волна" + '"' * 999, True, "волна", 1),
}


@pytest.mark.parametrize("why", ODD)
def test_odd_text(tmp_path: Path, why: str) -> None:
    """Indexed or named, and an index of it can be asked: never a traceback."""
    content, indexed, query, total = ODD[why]
    put(tmp_path, {"docs/a.txt": content})
    done = indexer(tmp_path, "add", "docs")
    assert (done.code, added(done)) == (0, (indexed, 0, 0, 0, not indexed))
    assert done.stderr.startswith("docs/a.txt: ") != indexed
    asked = search(tmp_path, "--json", query)
    assert json.loads(asked.stdout)["total"] == total


# One writer at a time, and interruptions


HOLDER = """
import sys
from pathlib import Path
from indexer.segment.store import Store

with Store(Path(sys.argv[1]), create=False).lock(5):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(own: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the write lock of `own` until its stdin is closed."""
    with talking(own, sys.executable, "-c", HOLDER, "index_data") as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        yield process


@pytest.mark.parametrize("command", [["add", "--force", "docs"], ["rm", "письмо-1"]])
def test_a_second_writer_gives_up(own: Path, holder: subprocess.Popen[bytes], command: list[str]) -> None:
    """Exit 2 after its time, and the process that is in the way named; readers do not notice."""
    done = indexer(own, *command, "--timeout", "0.3")
    assert (done.code, done.stdout) == (2, "")
    assert re.search(rf"\b{holder.pid}\b", done.stderr) and "--timeout" in done.stderr
    assert search(own, "-c", "уступка").stdout == "3\n"


def test_a_second_writer_waits_its_turn(own: Path, holder: subprocess.Popen[bytes]) -> None:
    """It goes on as soon as the first one ends."""
    put(own, {"docs/late.txt": "Волна."})
    with talking(own, "indexer", "add", "docs") as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(0.7)
        assert holder.stdin
        holder.stdin.close()
        assert waiting.wait(PATIENCE) == 0
    assert names(search(own, "-l", "волна")) == {"docs/late.txt"}


def interrupted(process: subprocess.Popen[bytes]) -> int:
    """Interrupt it, and see that it ends as it should: exit 130, no traceback or result; what it kept."""
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert process.stderr and process.stdout
    said = re.fullmatch(
        r"Записываю прочитанное…\n"
        r"Прервано: документов записано (\d+)\. Запустите ту же команду ещё раз, чтобы продолжить\.\n",
        process.stderr.read().decode(),
    )
    assert said and process.stdout.read() == b""
    return int(said[1])


def test_interrupted_twice(own: Path) -> None:
    """What was taken is kept by whoever is impatient too; SIGTERM is as good as Ctrl-C."""
    process = talking(own, "indexer", "add", "--jsonl", "-")
    for number in range(2000):
        tell(process, lines({"id": f"письмо {number}", "text": f"Волна {number}."}))
    assert process.stdin and process.stderr
    time.sleep(1.5)  # a thousand are taken by then, and nobody knows of it yet
    process.send_signal(signal.SIGTERM)
    assert process.stderr.readline().decode() == "Записываю прочитанное…\n"
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode in (130, -signal.SIGINT)  # the latter when it was over already
    assert (kept := int(re.findall(r"документов записано (\d+)", said.decode())[0])) >= 1000
    assert search(own, "-c", "волна").stdout == f"{kept}\n"


def test_interrupted_while_reading(own: Path) -> None:
    """What was read by then is kept."""
    with talking(own, "indexer", "add", "--jsonl", "-") as process:
        tell(process, lines({"id": "новое", "text": "Волна."}) + b"no JSON\n")
        assert process.stderr and process.stderr.readline().startswith(b"stdin:2: ")  # by now it waits for more
        assert interrupted(process) == 1
    assert search(own, "-c", "уступка").stdout == "3\n"
    assert search(own, "-c", "волна").stdout == "1\n"


def test_interrupted_while_writing(own: Path) -> None:
    """In the middle of a batch of a thousand: what it says it kept is there, and nothing else; the lock is free."""
    with talking(own, "indexer", "add", "--jsonl", "-") as process:
        tell(process, lines(*({"id": f"новое {at}", "text": f"Волна и вал{at} сегодня."} for at in range(4000))))
        until = time.monotonic() + PATIENCE
        lock = own / "index_data/indexer.lock"
        while not (lock.exists() and lock.stat().st_size) and time.monotonic() < until:
            time.sleep(0.005)
        assert time.monotonic() < until
        kept = interrupted(process)
    assert search(own, "-c", "уступка").stdout == "3\n"
    assert int(search(own, "-c", "волна").stdout) == kept
    assert indexer(own, "rm", "письмо-1", "--timeout", "0.3").code == 0


# What went wrong once


def test_index_before_search(sea: Path) -> None:
    """`indexer search …` is `search …`, and `--index` may stand before any subcommand."""
    assert names(indexer(sea, "--index", "index_data", "search", "-l", "Рябковым")) == {SEA_TXT}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--where", "lang=ru", "уха"], {SEA_TXT, SOUP_MD}),
        (["--where", "ext=md", "уха"], {SOUP_MD}),
        (["--where", "path=docs/news", "уха"], {SEA_TXT}),
        (["--where", "date=2022", "уха"], {SEA_TXT}),
        (["--ext", "md,txt", "--where", "ext=md", "уха"], {SOUP_MD}),
    ],
)
def test_where_of_what_every_document_has(sea: Path, options: list[str], wanted: set[str]) -> None:
    """lang, ext, path and date are fields like others to the one who types."""
    done = search(sea, "-l", *options)
    assert (done.code, names(done)) == (0, wanted)


def test_c_locale_adds_a_file_of_a_russian_name(tmp_path: Path) -> None:
    """cron and containers have no locale, and files have Russian names there too."""
    put(tmp_path, {"новости/волна.txt": "Волна."})
    done = indexer(tmp_path, "add", "новости", **C_LOCALE)
    assert (done.code, done.out[:2]) == (0, b"1 ")
    assert names(search(tmp_path, "-l", "волна")) == {"новости/волна.txt"}


def test_c_locale_removes(own: Path) -> None:
    """An id of the command line is the id."""
    assert indexer(own, "rm", "письмо-1", **C_LOCALE).code == 0


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("echo уступка | search -c", "3\n"),
        ("echo уступка | search -c --batch -", "3\n"),
        ("search -c капитан --where author=Иванов", "1\n"),
    ],
)
def test_c_locale_reads_options_and_stdin(sea: Path, command: str, wanted: str) -> None:
    """Text is UTF-8 wherever it comes in, as it is for the words of the query."""
    done = shell(sea, command, **C_LOCALE)
    assert done.stdout == wanted and "Traceback" not in done.stderr and "повреж" not in done.stderr


def test_c_locale_filters_by_path(tmp_path: Path) -> None:
    """A Russian name of a folder is that name."""
    put(tmp_path, {"новости/а.txt": "Волна."})
    indexer(tmp_path, "add", "новости")
    assert search(tmp_path, "-c", "волна", "--path", "новости", **C_LOCALE).stdout == "1\n"


@pytest.mark.parametrize("option", ["-l", "-0"])
def test_names_of_files_are_whole_in_any_locale(tmp_path: Path, option: str) -> None:
    """`-l` and `-0` are for programs: bytes of the name, whatever the console is."""
    put(tmp_path, {"волна.txt": "Волна."})
    indexer(tmp_path, "add", "волна.txt")
    assert search(tmp_path, option, "волна", **C_LOCALE).out.strip(b"\n\0") == "волна.txt".encode()


@pytest.mark.parametrize(
    "command",
    [
        [b"search", b"--where", b"author=\xff", "уступка".encode()],
        [b"search", b"--lang", b"\xff", "уступка".encode()],
        [b"search", b"--ext", b"\xff", "уступка".encode()],
        [b"indexer", b"rm", b"\xff"],
    ],
    ids=repr,
)
def test_bytes_that_are_no_text(own: Path, command: list[bytes]) -> None:
    """Nothing of that name: exit 1, and the index is as whole as it was."""
    done = run(own, *command)
    assert done.code == 1 and not re.search("Traceback|повреж|Удалите", done.stderr)


@pytest.mark.parametrize("options", [[], ["--batch", "-"]])
def test_stdin_that_is_no_text(sea: Path, options: list[str]) -> None:
    """In a strict locale too a line of other bytes is a query that finds nothing, or a mistake that is explained."""
    done = search(sea, *options, stdin=b"\xff\xfe\n", PYTHONIOENCODING="utf-8")
    assert done.code in (1, 2) and done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "search уступка >/dev/full",
        "search --json уступка >/dev/full",
        "indexer status >/dev/full",
        "search уступка >&-",
        "search <&-",
        "indexer add --jsonl - <&-",
    ],
)
def test_streams_that_are_full_or_closed(own: Path, command: str) -> None:
    """Exit 2 and a word about it."""
    done = shell(own, command)
    assert done.code == 2 and "Traceback" not in done.stderr and done.stderr


def test_jsonl_that_is_a_folder(own: Path) -> None:
    """Exit 2 and the reason."""
    done = indexer(own, "add", "--jsonl", "docs")
    assert done.code == 2 and "docs" in done.stderr and "Traceback" not in done.stderr


def test_a_full_disk(own: Path) -> None:
    """Exit 2 and the reason; the index as it was. The limit on the size of files stands in for the disk."""
    put(own, {"docs/big.txt": " ".join(f"волна{at}" for at in range(5000))})
    done = shell(own, "ulimit -f 8; indexer add docs 2>&1 | cat")
    assert "Traceback" not in done.stdout and re.search("[а-я]{3}", done.stdout)
    assert search(own, "-c", "уступка").stdout == "3\n"


def test_adding_to_a_damaged_index(own: Path) -> None:
    """Exit 2 and what to do next, as when searching."""
    for path in (own / "index_data").glob("*.postings"):
        path.write_bytes(path.read_bytes()[:50])
    done = indexer(own, "add", "docs", "--force")
    assert done.code == 2 and "Traceback" not in done.stderr


def test_queries_of_a_batch_are_whole_lines_without_their_ends(sea: Path) -> None:
    """As when the query stands on the command line."""
    done = search(sea, "--batch", "-", "--json", stdin="уха\n".encode())
    assert json.loads(done.stdout)["query"] == json.loads(done.stdout)["executed"] == "уха"


@pytest.mark.parametrize("command", [["rm", ""], ["add", ""]])
def test_an_empty_name(own: Path, command: list[str]) -> None:
    """A mistake: exit 2, and nothing happens."""
    done = indexer(own, *command)
    assert (done.code, search(own, "-c", "уступка").stdout) == (2, "3\n")


def test_prune_keeps_what_include_left_out(own: Path) -> None:
    """Those files are still there."""
    assert added(indexer(own, "add", "docs", "--include", "*.md", "--prune"))[2] == 0


def test_prune_keeps_a_line_of_json_that_names_a_path(tmp_path: Path) -> None:
    """The document comes from the file of lines, and that is still there."""
    put(tmp_path, {"docs/in.jsonl": lines({"text": "Волна.", "path": "docs/page.html"})})
    assert added(indexer(tmp_path, "add", "docs", "--prune")) == (1, 0, 0, 0, 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_prune_keeps_what_is_in_a_folder_without_rights(tmp_path: Path) -> None:
    """Not met is not gone."""
    put(tmp_path, {"docs/a.txt": "Волна.", "docs/closed/b.txt": "Волна."})
    indexer(tmp_path, "add", "docs")
    (tmp_path / "docs/closed").chmod(0)
    done = indexer(tmp_path, "add", "docs", "--prune")
    (tmp_path / "docs/closed").chmod(0o700)
    assert added(done)[2] == 0 and "docs/closed" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize(
    ("mode", "command"), [(0, "search уступка"), (0, "indexer add docs"), (0o500, "indexer rm docs")]
)
def test_an_index_without_rights(own: Path, mode: int, command: str) -> None:
    """Exit 2 and the reason: it is not damaged, and must not be deleted."""
    (own / "index_data").chmod(mode)
    done = shell(own, command)
    (own / "index_data").chmod(0o700)
    assert done.code == 2 and not re.search("Traceback|поврежд|Удалите", done.stderr)


def test_an_encoding_that_does_not_exist(own: Path) -> None:
    """A mistake in an option: exit 2, said once."""
    done = indexer(own, "add", "docs", "--encoding", "cp12511")
    assert done.code == 2 and done.stderr.count("cp12511") == 1


def test_a_name_of_a_file_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """Neither among the problems nor among the names found; into a pipe it goes as it is."""
    put(tmp_path, {"docs/a\x1b[2Ja.txt": "Волна.", "docs/b\x1b[2Jb.txt": ""})
    shown = on_terminal(tmp_path, "indexer", "add", "docs")
    assert "пустой файл" in shown and "\x1b[2J" not in shown
    assert "\x1b[2J" not in on_terminal(tmp_path, "search", "-l", "волна")
    assert search(tmp_path, "-l", "волна").stdout == "docs/a\x1b[2Ja.txt\n"


# Two processes at the worst moment: the second one runs where the first looks at the folder.
OVERTAKEN = """
import subprocess, sys
from indexer.cli.indexer import main
{imports}

seen = {looked_at}

def late(*arguments):
    found = seen(*arguments)
    {looked_at} = seen
    subprocess.run({meanwhile}, check=True)
    return found

{looked_at} = late
sys.exit(main(sys.argv[1:]))
"""


def test_two_make_the_index_at_once(tmp_path: Path) -> None:
    """The first files of two processes are both there."""
    put(tmp_path, {"a.txt": "Волна.", "b.txt": "Волна."})
    script = OVERTAKEN.format(
        imports="from indexer.segment import store",
        looked_at="store.is_index",
        meanwhile=["indexer", "add", "-q", "a.txt"],
    )
    assert run(tmp_path, sys.executable, "-c", script, "add", "b.txt").code == 0
    assert names(search(tmp_path, "-l", "волна")) == {"a.txt", "b.txt"}


def test_a_reader_opens_while_a_writer_commits(own: Path) -> None:
    """It reads the commit before or the one after."""
    script = OVERTAKEN.format(
        imports="from indexer.segment import store, toc",
        looked_at="toc.read",
        meanwhile=["indexer", "add", "-q", "--force", "docs"],
    )
    done = run(own, sys.executable, "-c", script, "search", "-c", "уступка")
    assert (done.code, done.stdout) == (0, "3\n"), done.stderr


@pytest.mark.parametrize("name", ["add", "rm", "status", "check", "compact", "relemmatise"])
def test_a_subcommand_is_called_by_its_name(tmp_path: Path, name: str) -> None:
    """In its complaints too, so that the help they point to can be typed."""
    wrong = indexer(tmp_path, name, "--index")
    assert wrong.code == 2 and wrong.stderr.startswith(f"indexer {name}: ")


def _written(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_like_a_file(tmp_path: Path) -> None:
    """A file of the index is not like itself; one from elsewhere is read; a query beside it is a mistake."""
    _written(tmp_path / "docs" / "a.txt", "Канатную дорогу на гору Сизую откроют осенью.")
    _written(tmp_path / "docs" / "b.txt", "На гору Сизую нет дороги, ведёт туда одна тропа.")
    _written(tmp_path / "c.txt", "Тропа ведёт в лес.")
    run(tmp_path, "indexer", "add", "docs")
    assert run(tmp_path, "search", "-l", "--like", "docs/a.txt").stdout == "docs/b.txt\n"
    assert run(tmp_path, "search", "-l", "--like", "c.txt").stdout == "docs/b.txt\n"
    both = run(tmp_path, "search", "--like", "c.txt", "тропа")
    assert (both.code, both.stderr) == (2, "Либо запрос, либо --like ФАЙЛ: уберите одно из них\n")
    missing = run(tmp_path, "search", "--like", "нет.txt")
    assert missing.code == 2


def test_notices_of_repair(tmp_path: Path) -> None:
    """Each repair is announced on stderr, what is offered too; -q says nothing, --no-repair mends nothing."""
    _written(tmp_path / "docs" / "a.txt", "Сергей Рябков приехал в Женеву.")
    run(tmp_path, "indexer", "add", "docs")
    for query, notice in (
        ("hz,rjd", "Исправлена раскладка: hz,rjd → рябков\n"),
        ("Ryabkov", "Прочитано как транслитерация: Ryabkov → рябков\n"),
        ("Жинева", "Запрос «Жинева» ничего не нашёл. Возможно, вы имели в виду: женева\n"),
    ):
        done = run(tmp_path, "search", query)
        assert (done.code, done.stderr) == (0, notice)
        assert (run(tmp_path, "search", "-q", query).stderr, done.stdout) == (
            "",
            run(tmp_path, "search", "Рябков Женева").stdout,
        )
    refused = run(tmp_path, "search", "--no-repair", "Жинева")
    assert (refused.code, refused.stderr) == (1, "Возможно, вы имели в виду: женева\nничего не найдено\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("search --so", ["--sort"]),
        ("search --sort ", ["relevance", "date", "-date", "path"]),
        (
            "indexer ",
            ["add", "watch", "rm", "status", "export", "check", "compact", "relemmatise", "search", "completion"],
        ),
        ("indexer add --pr", ["--prune"]),
    ],
)
def test_completion_in_bash(tmp_path: Path, line: str, words: list[str]) -> None:
    """What the shell offers behind a line; the script is sourced as a user would."""
    command, *rest = line.split(" ")
    typed = " ".join(f"'{word}'" for word in (command, *rest))
    script = f"""eval "$(indexer completion bash)"
        COMP_WORDS=({typed}); COMP_CWORD={len(rest)}; _{command}_complete; printf '%s\\n' "${{COMPREPLY[@]}}" """
    assert shell(tmp_path, script).stdout.split() == words
