"""Results → what a command prints. A new output is a function and a row of `OUTPUTS`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from indexer import markup
from indexer.results import Hit, Results, Snippet

# color → the text to print, newline included
Output = Callable[[Results, bool], Iterator[str]]
_INDENT = "   "
# So many values of a facet are shown to people.
_VALUES = 10


def human(results: Results, color: bool) -> Iterator[str]:
    """`1. docs/a.txt — Заголовок (2022-01-09)` and the passages below it with their pages or chapters; facets last."""
    for hit in results:
        place = markup.harmless(hit.path or hit.id)
        title = f" — {markup.harmless(_line(hit.title))}" if hit.title else ""
        date = f" ({hit.date})" if hit.date else ""
        name = f"\x1b[1m{place}\x1b[0m" if color else place
        yield f"{hit.rank}. {name}{title}{date}\n"
        for snippet in hit.snippets:
            location = f"[{markup.harmless(_line(snippet.location))}] " if snippet.location else ""
            yield f"{_INDENT}{location}{_passage(snippet, color)}\n"
        if hit.explain:
            yield from (f"{_INDENT}{markup.harmless(_line(line))}\n" for line in _why(hit.explain))
        if same := len(hit.duplicates):
            yield f"{_INDENT}ещё {same} {agree(same, 'похожий', 'похожих')}\n"
    for facet, counts in results.facets.items():
        values = (f"{markup.harmless(_line(value))} — {count}" for value, count in islice(counts.items(), _VALUES))
        rest = f", и ещё {len(counts) - _VALUES}" if len(counts) > _VALUES else ""
        yield f"{facet}: {', '.join(values) or 'ничего'}{rest}\n"


# How a form comes to stand for a word.
_KINSHIP = {
    "typed": "набрано", "lemma": "форма слова «{}»", "stem": "основа «{}»", "kin": "родственное: «{}»",
    "surname": "фамилия", "mask": "по маске", "fuzzy": "похоже",
}  # fmt: skip


def _why(explained: Mapping[str, Any]) -> Iterator[str]:
    """A line a word: what it adds to the score and how, and the forms that met it; one for words near each other."""
    for part in explained["words"]:
        very_form = f" + {_number(part['share'])} · {_number(part['very_form'])}" if part["very_form"] else ""
        value = f"{_number(part['idf'])} · ({_number(part['saturation'])}{very_form})"
        forms = "; ".join(map(_form, part["forms"]))
        yield f"{part['word']}: {_number(part['score'])} = {value}{' — ' if forms else ''}{forms}"
    for pair in explained["near"]:
        yield f"{' … '.join(pair['words'])} рядом: {_number(pair['score'])}"
    yield f"всего {_number(explained['score'])}; слов в документе {explained['length']}"


def _form(met: Mapping[str, Any]) -> str:
    times = met.get("text", 0) + met.get("title", 0)
    title = f", из них в заголовке {met['title']}" if met.get("title") else ""
    kinship = _KINSHIP[met["kinship"]].format("», «".join(met["lemmas"]))
    return f"{met['form']} × {times}{title} ({kinship}, вес {_number(met['weight'])})"


def _number(value: float) -> str:
    return f"{value:.3g}".replace(".", ",")


def agree(number: int, one: str, many: str) -> str:
    """The form of a word that goes with a number: 1 and 21 новый, 2, 5 and 11 новых."""
    return one if number % 10 == 1 and number % 100 != 11 else many


def _line(text: str) -> str:
    """On one line, each white space character one space: spans stay where they are."""
    return re.sub(r"\s", " ", text)


def _passage(snippet: Snippet, color: bool) -> str:
    line = snippet.replace(text=_line(snippet.text))
    return line.ansi() if color else markup.harmless(str(line))


def as_json(results: Results, _color: bool) -> Iterator[str]:
    """The whole object, on one line."""
    yield results.to_json() + "\n"


def as_jsonl(results: Results, _color: bool) -> Iterator[str]:
    """An object a hit, a line each."""
    for hit in results:
        yield json.dumps(hit.to_dict(), ensure_ascii=False) + "\n"


def as_csv(results: Results, _color: bool) -> Iterator[str]:
    """A header and a row a hit; passages joined by « … »."""
    yield _row(["rank", "id", "path", "title", "date", "lang", "score", "snippets"])
    for hit in results:
        passages = " … ".join(map(str, hit.snippets))
        yield _row([hit.rank, hit.id, hit.path, hit.title, hit.date, hit.lang, round(hit.score, 4), passages])


def _row(values: list[object]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()


def _name(hit: Hit) -> str:
    return hit.path or hit.id


def paths(results: Results, _color: bool) -> Iterator[str]:
    """The file, or the id, of each hit, a line each."""
    for hit in results:
        yield _name(hit) + "\n"


def paths_null(results: Results, _color: bool) -> Iterator[str]:
    """The file, or the id, of each hit, a NUL byte after each: for `xargs -0`."""
    for hit in results:
        yield _name(hit) + "\0"


def count(results: Results, _color: bool) -> Iterator[str]:
    """The number of hits."""
    yield f"{results.total}\n"


OUTPUTS: dict[str, Output] = {
    "human": human,
    "json": as_json,
    "jsonl": as_jsonl,
    "csv": as_csv,
    "paths": paths,
    "null": paths_null,
    "count": count,
}
