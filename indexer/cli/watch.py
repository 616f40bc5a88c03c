"""`indexer watch`: folders are followed until Ctrl-C."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indexer.cli import add, console
from indexer.cli.console import FOUND

if TYPE_CHECKING:
    from indexer.errors import IndexLocked
    from indexer.model import AddReport, Problem

_DESCRIPTION = """Следить за папками: новое, изменённое, переименованное и удалённое попадает в индекс через секунду.

Сначала папки просматриваются целиком, как indexer add --prune. Ctrl-C в любой миг оставляет индекс целым.
"""
_EXAMPLES = """Примеры:
  indexer watch ~/Документы
  indexer watch --exclude '*.log' заметки письма

Нужна библиотека watchfiles: pip install 'indexer[watch]'. В сетевых папках, о переменах в которых система не
сообщает, задайте WATCHFILES_FORCE_POLLING=true.
"""


def add_parsers(commands: Any) -> None:
    """The subcommand."""
    parser = console.subcommand(
        commands, "watch", _watch, "ПУТЬ…", help="следить за папками", description=_DESCRIPTION, epilog=_EXAMPLES
    )
    parser.add_argument("paths", metavar="ПУТЬ", nargs="+", help="папки")
    add.add_choices(parser)


def _watch(options: argparse.Namespace) -> int:
    from indexer.index import Index
    from indexer.watching import watch

    console.refuse_empty(options.paths)
    looked = 0

    def report(done: AddReport) -> None:
        nonlocal looked
        looked += 1
        if not options.quiet and (looked <= len(options.paths) or done.added or done.changed or done.deleted):
            print(f"{datetime.now():%H:%M:%S} {add.summary([done])}", flush=True)
        if not options.quiet and looked == len(options.paths):
            console.notice(f"Слежу: {', '.join(options.paths)}. Ctrl-C — закончить")

    def problem(one: Problem) -> None:
        console.notice(f"{one.path}: {one.reason}")

    def locked(error: IndexLocked) -> None:
        console.notice(str(error))

    place = console.index_place(options.index)
    with Index.open(place, create=True, timeout=options.timeout) as index, console.stoppable():
        watch(index, options.paths, on_report=report, on_locked=locked, on_problem=problem, **add.choices(options))
    return FOUND
