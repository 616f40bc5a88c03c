"""`indexer`: everything that writes, and what the index holds."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.cli import console, contents, maintenance, search
from indexer.cli.console import ERROR, FOUND, NOTHING, Parser
from indexer.formats import agree

if TYPE_CHECKING:
    from indexer.model import AddReport, Document, Problem

_EXAMPLES = """Примеры:
  indexer add ~/Документы                 добавить папку; ещё раз — только новое и изменённое
  indexer add --prune новости             и забыть то, чего в папке больше нет
  zcat news.jsonl.gz | indexer add --jsonl -
  indexer rm новости/старая.txt
  indexer status
  indexer check                           цел ли индекс
  indexer search уступка                  то же, что search уступка

Код выхода: 0 сделано, 1 ничего не нашлось, 2 ошибка.
"""
_ADD_EXAMPLES = """Примеры:
  indexer add ~/Документы письмо.txt
  indexer add --encoding cp866 --include '*.txt' старые
  zcat news.jsonl.gz | indexer add --jsonl -
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
    _add_parser(commands.add_parser("add", usage="indexer add [параметры] ПУТЬ…", help="добавить файлы и папки"))
    rm = commands.add_parser(
        "rm", help="удалить документы", description="Удалить документы из индекса; файлы остаются."
    )
    rm.add_argument("names", metavar="ПУТЬ|ID", nargs="+", help="файл, папка или id документа")
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
    for name in ("add", "rm"):  # argparse would make it of our usage line
        commands.choices[name].prog = f"indexer {name}"
    rm.set_defaults(run=_rm)
    rm.epilog = _RM_EXAMPLES
    rm.usage = "indexer rm [параметры] ПУТЬ|ID…"
    console.add_common(rm, inherited=True)
    rm.add_argument("--timeout", metavar="С", type=float, default=10.0, help="сколько секунд ждать другую запись (10)")
    return parser


def _completion(options: argparse.Namespace) -> int:
    from indexer.cli.completion import script

    sys.stdout.write(script(options.shell, {"search": search.parser(), "indexer": _parser()}))
    return FOUND


def _add_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = "Добавить файлы и папки. Файл, который уже есть и не изменился, не трогается."
    parser.epilog = _ADD_EXAMPLES
    parser.set_defaults(run=_add)
    console.add_common(parser, inherited=True)
    add = parser.add_argument
    add("paths", metavar="ПУТЬ", nargs="*", help="файлы и папки: тексты, HTML, PDF, DOCX, EPUB, FB2, письма, архивы…")
    add(
        "--jsonl",
        metavar="ФАЙЛ",
        help="документы из строк JSON: text, id, title, date, lang…; - — стандартный ввод",
    )
    add("--prune", action="store_true", help="удалить из индекса то, чего в папке больше нет")
    add("--force", action="store_true", help="добавить заново и то, что не изменилось")
    add(
        "--encoding",
        default="auto",
        metavar="auto",
        help="кодировка файлов, если она известна: cp1251, koi8-r, cp866…",
    )
    add("--include", metavar="GLOB", action="append", default=[], help="только такие файлы")
    add("--exclude", metavar="GLOB", action="append", default=[], help="кроме таких файлов")
    add("--hidden", action="store_true", help="и скрытые файлы и папки")
    add("--jobs", metavar="N", type=int, default=1, help="сколько процессов индексируют сразу (1)")
    add("--memory", metavar="256MB", default="256MB", help="сколько памяти занимать, примерно (256MB)")
    add("--strict", action="store_true", help="код выхода 2, если хоть один файл не прочитан")
    add("--timeout", metavar="С", type=float, default=10.0, help="сколько секунд ждать другую запись (10)")
    add("-q", "--quiet", action="store_true", help="ничего не печатать, кроме ошибок")
    add("-v", "--verbose", action="store_true", help="называть каждый пропущенный файл")


def _add(options: argparse.Namespace) -> int:
    from indexer.errors import SourceError
    from indexer.index import Index
    from indexer.model import Problem
    from indexer.sources import UNKNOWN, printable

    if not options.paths and options.jsonl is None:
        raise SourceError("Что добавить? Например: indexer add ~/Документы")
    _refuse_empty(options.paths)
    missing = [path for path in [*options.paths, options.jsonl] if path not in (None, "-") and not Path(path).exists()]
    if missing:
        raise SourceError(f"Нет такого файла или папки: {', '.join(missing)}")
    skipped: Counter[str] = Counter()

    def on_skip(path: Path, reason: str) -> None:
        if reason == UNKNOWN:
            skipped[path.suffix.lower() or path.name] += 1
        if options.verbose or reason != UNKNOWN:
            _problem(Problem(printable(path), reason))

    chosen = {
        name: getattr(options, name)
        for name in ("prune", "encoding", "include", "exclude", "hidden", "force", "jobs", "memory")
    }
    with (
        Index.open(console.index_folder(options.index), create=True, timeout=options.timeout) as index,
        _bar(options.quiet) as progress,
        _said_when_interrupted(),
    ):
        shown: dict[str, Any] = {"progress": progress, "on_problem": _problem}
        reports = [index.add_path(path, on_skip=on_skip, **chosen, **shown) for path in options.paths]
        if options.jsonl is not None:
            failed: list[Problem] = []
            documents = _json_lines(options.jsonl, failed)
            reports.append(
                index.add_many(
                    documents, on_error="skip", force=options.force, jobs=options.jobs, memory=options.memory, **shown
                )
            )
            reports[-1].failed.extend(failed)
    if not options.quiet:
        if skipped:
            kinds = ", ".join(f"{kind} {number}" for kind, number in skipped.most_common(5))
            console.notice(f"Пропущено файлов неизвестных форматов: {skipped.total()} ({kinds})")
        print(_summary(reports))
    return ERROR if options.strict and any(report.failed for report in reports) else FOUND


def _refuse_empty(names: Sequence[str]) -> None:
    """An empty name would be the working folder; it comes of a variable that is not set."""
    from indexer.errors import SourceError

    if "" in names:
        raise SourceError("Пустое имя файла. Для текущей папки напишите точку: .")


def _problem(problem: Problem) -> None:
    console.notice(f"{problem.path}: {problem.reason}")


def _json_lines(name: str, failed: list[Problem]) -> Iterator[Document]:
    from indexer.errors import SourceError
    from indexer.model import Problem
    from indexer.sources import jsonl, unreadable
    from indexer.sources.source import lines as bounded_lines

    try:
        with console.stdin().buffer if name == "-" else Path(name).open("rb") as lines:
            rows = bounded_lines(lines, jsonl.LINE)
            for found in jsonl.read(rows, "stdin" if name == "-" else name):
                if isinstance(found, Problem):
                    failed.append(found)
                    _problem(found)
                else:
                    yield found
    except OSError as error:
        raise SourceError(f"{name}: {unreadable(error)}") from error


@contextmanager
def _said_when_interrupted() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        console.notice("Записанное до этого цело; та же команда продолжит с остального")
        raise


@contextmanager
def _bar(quiet: bool) -> Iterator[Any]:
    """A progress callback: a bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(unit=" док.", leave=False, delay=0.5, dynamic_ncols=True) as bar:

        def progress(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _summary(reports: Sequence[AddReport]) -> str:
    """`2 новых, 1 изменён, 0 удалено, 40 без изменений, 1 с ошибкой (0,4 с)`."""
    added, changed, deleted, unchanged = (
        sum(getattr(report, name) for report in reports) for name in ("added", "changed", "deleted", "unchanged")
    )
    failed = sum(len(report.failed) for report in reports)
    seconds = f"{sum(report.seconds for report in reports):.1f}".replace(".", ",")
    return (
        f"{added} {agree(added, 'новый', 'новых')}, {changed} {agree(changed, 'изменён', 'изменено')},"
        f" {deleted} {agree(deleted, 'удалён', 'удалено')}, {unchanged} без изменений,"
        f" {failed} с {agree(failed, 'ошибкой', 'ошибками') if failed else 'ошибкой'} ({seconds} с)"
    )


def _rm(options: argparse.Namespace) -> int:
    from indexer.index import Index

    _refuse_empty(options.names)
    with Index.open(console.index_folder(options.index), timeout=options.timeout) as index:
        counts = {name: index.delete(name) or index.delete_path(name) for name in options.names}
    for name, number in counts.items():
        if not number:
            console.notice(f"Нет в индексе: {console.readable(name)}.")
    total = sum(counts.values())
    print(f"{total} {agree(total, 'удалён', 'удалено')}")
    return FOUND if total else NOTHING
