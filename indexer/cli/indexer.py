"""`indexer`: everything that writes, and what the index holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from indexer.cli import add, console, contents, maintenance, search, watch
from indexer.cli.console import FOUND, NOTHING, Parser
from indexer.formats import agree

_EXAMPLES = """Примеры:
  indexer add ~/Документы                 добавить папку; ещё раз — только новое и изменённое
  indexer add --prune новости             и забыть то, чего в папке больше нет
  zcat news.jsonl.gz | indexer add --jsonl -
  indexer watch ~/Документы               и дальше самому
  indexer rm новости/старая.txt
  indexer status --problems               что в индексе и что не прочитано
  indexer export > копия.jsonl
  indexer check                           цел ли индекс
  indexer search уступка                  то же, что search уступка

Код выхода: 0 сделано, 1 ничего не нашлось, 2 ошибка.
"""
_RM_EXAMPLES = """Примеры:
  indexer rm новости/старая.txt           один файл
  indexer rm новости                      все файлы папки
"""
_COMPLETION_EXAMPLES = """Примеры:
  eval "$(indexer completion bash)"       в ~/.bashrc
  eval "$(indexer completion zsh)"        в ~/.zshrc, после compinit
  indexer completion fish | source        в ~/.config/fish/config.fish
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    return console.run(command, arguments)


def command(arguments: Sequence[str]) -> int:
    """`indexer search …` is `search …`; the rest are our own subcommands."""
    head = 2 if list(arguments[:1]) == ["--index"] else 1 if "".join(arguments[:1]).startswith("--index=") else 0
    if list(arguments[head : head + 1]) == ["search"]:
        return search.command([*arguments[:head], *arguments[head + 1 :]])
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> Parser:
    parser = Parser(
        prog="indexer",
        usage="indexer КОМАНДА [параметры]",
        description="Индекс для поиска с русской морфологией.",
        epilog=_EXAMPLES,
    )
    console.add_common(parser)
    commands = parser.add_subparsers(metavar="КОМАНДА", required=True, title="Команды", parser_class=Parser)
    add.add_parser(commands)
    watch.add_parsers(commands)
    description = "Удалить документы из индекса; файлы остаются."
    rm = console.subcommand(
        commands, "rm", _rm, "ПУТЬ|ID…", help="удалить документы", description=description, epilog=_RM_EXAMPLES
    )
    rm.add_argument("names", metavar="ПУТЬ|ID", nargs="+", help="файл, папка или id документа")
    console.add_timeout(rm)
    contents.add_parsers(commands)
    maintenance.add_parsers(commands)
    commands.add_parser("search", help="то же, что команда search")
    completion = commands.add_parser(
        "completion",
        usage="indexer completion bash|zsh|fish",
        help="дополнение команд в оболочке",
        description="Скрипт, который дополняет search и indexer в оболочке.",
        epilog=_COMPLETION_EXAMPLES,
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="оболочка")
    completion.set_defaults(run=_completion)
    return parser


def _completion(options: argparse.Namespace) -> int:
    from indexer.cli.completion import script

    sys.stdout.write(script(options.shell, {"search": search.parser(), "indexer": _parser()}))
    return FOUND


def _rm(options: argparse.Namespace) -> int:
    from indexer.index import Index

    console.refuse_empty(options.names)
    with Index.open(console.index_place(options.index), timeout=options.timeout) as index:
        counts = {name: index.delete(name) or index.delete_path(name) for name in options.names}
    for name, number in counts.items():
        if not number:
            console.notice(f"Нет в индексе: {console.readable(name)}.")
    total = sum(counts.values())
    print(f"{total} {agree(total, 'удалён', 'удалено')}")
    return FOUND if total else NOTHING
