"""`indexer status` and `indexer export`: what the index holds."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from indexer.cli import console
from indexer.cli.console import FOUND

if TYPE_CHECKING:
    from indexer.model import IndexStats, Problem

_STATUS_EXAMPLES = """Примеры:
  indexer status
  indexer status --problems               что не прочитано и почему
  indexer status --json --index ~/индекс
"""
_EXPORT = """Напечатать все документы индекса строками JSON: text, id, path, title, date, lang, fields.

Из них indexer add --jsonl соберёт такой же индекс.
"""
_EXPORT_EXAMPLES = """Примеры:
  indexer export | gzip > копия.jsonl.gz
  indexer export --index старый | indexer add --index новый --jsonl -
"""


def add_parsers(commands: Any) -> None:
    """The two subcommands."""
    status = console.subcommand(
        commands, "status", _status, help="что в индексе", description="Что в индексе.", epilog=_STATUS_EXAMPLES
    )
    status.add_argument("--problems", action="store_true", help="и какие файлы не прочитаны, почему")
    status.add_argument("--json", action="store_true", help="для программ")
    console.subcommand(
        commands, "export", _export, help="выгрузить документы", description=_EXPORT, epilog=_EXPORT_EXAMPLES
    )


def _status(options: argparse.Namespace) -> int:
    from indexer.index import Index

    with Index.open(console.index_place(options.index)) as index:
        place, stats, problems = index.place, index.stats(), list(index.problems())
    if options.json:
        said = {"index": place, **asdict(stats), "failed": len(problems)}
        listed = {"problems": [asdict(problem) for problem in problems]} if options.problems else {}
        print(json.dumps(said | listed, ensure_ascii=False))
        return FOUND
    for name, value in (("Индекс", place), *_rows(stats, problems, options.problems)):
        print(f"{name + ':':14} {value}")
    for problem in problems if options.problems else ():
        print(f"{console.readable(problem.path)}: {problem.reason}")
    return FOUND


def _rows(stats: IndexStats, problems: list[Problem], listed: bool) -> list[tuple[str, object]]:
    languages = ", ".join(f"{name} {count}" for name, count in sorted(stats.languages.items(), key=lambda x: -x[1]))
    more = "" if listed or not problems else " (подробнее: indexer status --problems)"
    return [
        ("Документов", stats.documents),
        ("Не прочитано", "—" if stats.forms is None else f"{len(problems)}{more}"),
        ("Языки", languages or "—"),
        ("Словоформ", "—" if stats.forms is None else stats.forms),
        ("Лемм", "—" if stats.lemmas is None else stats.lemmas),
        ("Сегментов", stats.segments),
        ("Размер", _size(stats.bytes)),
        ("Обновлён", stats.last_commit or "—"),
    ]


def _size(number: int) -> str:
    size, unit = (number / 1e6, "МБ") if number >= 1e6 else (number / 1e3, "КБ")
    return f"{size:.1f} {unit}".replace(".", ",")


def _export(options: argparse.Namespace) -> int:
    from indexer.index import Index
    from indexer.sources.jsonl import line

    with Index.open(console.index_place(options.index)) as index:
        for document in index.export():
            sys.stdout.buffer.write(line(document).encode())  # whatever the console's encoding is
    return FOUND
