"""`indexer add`: what is added, and what is said of it meanwhile and in the end."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.cli import console
from indexer.cli.console import ERROR, FOUND, INTERRUPTED, Parser
from indexer.cli.progress import Bar, bar
from indexer.formats import agree

if TYPE_CHECKING:
    from indexer.model import AddReport, Document, Problem
    from indexer.tally import Outcome

_EXAMPLES = """Примеры:
  indexer add ~/Документы письмо.txt
  indexer add --encoding cp866 --include '*.txt' старые
  zcat news.jsonl.gz | indexer add --jsonl -
"""


# Endings of documents that no reader of ours reads, and how many endings are named.
_DOCUMENTS = frozenset(
    ".doc .dot .xls .xlsx .ppt .pptx .odp .ods .pages .djvu .mobi .azw3 .chm .msg .pst .wps .wpd .gz .7z .rar".split()
)
_KINDS = 5


def add_parser(commands: Any) -> None:
    """The subcommand."""
    description = "Добавить файлы и папки. Файл, который уже есть и не изменился, не трогается."
    parser = console.subcommand(
        commands, "add", _add, "ПУТЬ…", help="добавить файлы и папки", description=description, epilog=_EXAMPLES
    )
    add = parser.add_argument
    add("paths", metavar="ПУТЬ", nargs="*", help="файлы и папки: тексты, HTML, PDF, DOCX, EPUB, FB2, письма, архивы…")
    add(
        "--jsonl",
        metavar="ФАЙЛ",
        help="документы из строк JSON: text, id, title, date, lang…; - — стандартный ввод",
    )
    add("--prune", action="store_true", help="удалить из индекса то, чего в папке больше нет")
    add("--force", action="store_true", help="добавить заново и то, что не изменилось")
    add("--strict", action="store_true", help="код выхода 2, если хоть один файл не прочитан")
    add("-v", "--verbose", action="store_true", help="называть каждый файл: добавлен, изменён, пропущен…")
    add_choices(parser)


def add_choices(parser: Parser) -> None:
    """The options that say which files of a folder are read, and how."""
    add = parser.add_argument
    add(
        "--encoding",
        default="auto",
        metavar="auto",
        help="кодировка файлов, если она известна: cp1251, koi8-r, cp866…",
    )
    add("--include", metavar="GLOB", action="append", default=[], help="только такие файлы")
    add("--exclude", metavar="GLOB", action="append", default=[], help="кроме таких файлов")
    add("--hidden", action="store_true", help="и скрытые файлы и папки")
    add("--jobs", metavar="N", type=int, default=1, help="сколько процессов читают и индексируют сразу (1)")
    add("--memory", metavar="256MB", default="256MB", help="сколько памяти занимать, примерно (256MB)")
    console.add_timeout(parser)
    add("-q", "--quiet", action="store_true", help="ничего не печатать, кроме ошибок")


def choices(options: argparse.Namespace) -> dict[str, Any]:
    """What was chosen of them, as `Index.add_path` takes it."""
    return {name: getattr(options, name) for name in ("encoding", "include", "exclude", "hidden", "jobs", "memory")}


def _add(options: argparse.Namespace) -> int:
    from indexer.errors import SourceError
    from indexer.index import Index

    if not options.paths and options.jsonl is None:
        raise SourceError("Что добавить? Например: indexer add ~/Документы")
    console.refuse_empty(options.paths)
    missing = [path for path in [*options.paths, options.jsonl] if path not in (None, "-") and not Path(path).exists()]
    if missing:
        raise SourceError(f"Нет такого файла или папки: {', '.join(missing)}")
    with (
        Index.open(console.index_place(options.index), create=True, timeout=options.timeout) as index,
        bar(options.quiet) as shown,
        console.stoppable("Записываю прочитанное…\n"),
    ):
        told = _Told(options.verbose, shown)
        try:
            reports = _added(index, options, told)
        except KeyboardInterrupt:
            told.interrupted()
            return INTERRUPTED
        told.end()
    if not options.quiet:
        told.left_out(sum(len(report.failed) for report in reports))
        print(summary(reports))
    return ERROR if options.strict and any(report.failed for report in reports) else FOUND


def _added(index: Any, options: argparse.Namespace, told: _Told) -> list[AddReport]:
    """Add all that is asked for; a report for each path, and for the lines of JSON."""
    common: dict[str, Any] = {"force": options.force}
    common |= {"progress": told.progress, "on_problem": told.problem, "on_document": told.document}
    own = choices(options) | {"prune": options.prune, "on_skip": told.skip}
    reports = [index.add_path(path, **own, **common) for path in options.paths]
    if options.jsonl is not None:
        failed: list[Problem] = []
        common |= {"jobs": options.jobs, "memory": options.memory}
        reports.append(index.add_many(_json_lines(options.jsonl, failed, told), on_error="skip", **common))
        reports[-1].failed.extend(failed)
    return reports


class _Told:
    """What is said of a run on stderr: problems at once, with `verbose` every file, above the bar if there is one."""

    def __init__(self, verbose: bool, shown: Bar | None) -> None:
        self._verbose = verbose
        self._bar = shown
        self._unknown: Counter[str] = Counter()  # files of unknown formats, by their endings
        self._ignored = 0
        self._problems = 0
        self._without_pdf = 0
        self._file, self._outcomes = "", Counter[str]()  # of the file whose documents come just now
        self._written = 0
        self._done: tuple[int, int | None] = 0, None

    def progress(self, done: int, total: int | None) -> None:
        """So much is done."""
        self._done = done, total
        if self._bar:
            self._bar(done, total)

    def document(self, path: str, outcome: Outcome) -> None:
        """A document is taken; those of one file are said together."""
        from indexer.paths import MEMBER

        self._written += outcome != "unchanged"
        if self._bar:
            self._bar.document()
        if self._verbose:
            file = path.partition(MEMBER)[0]
            if file != self._file:
                self._say_file()
            self._file = file
            self._outcomes[outcome] += 1

    def problem(self, problem: Problem) -> None:
        """A file or a part of it that is not taken. That no PDF can be read is said once, in the end."""
        from indexer.sources.reasons import NO_PDF

        self._problems += 1
        self._without_pdf += problem.reason == NO_PDF
        if self._verbose or problem.reason != NO_PDF:
            self._say(f"{problem.path}: {problem.reason}")

    def skip(self, path: Path, reason: str) -> None:
        """A file of a folder that is passed over; of what is so on purpose only the number is told, in the end."""
        from indexer.sources import IGNORED, INDEX, UNKNOWN, printable

        if reason == UNKNOWN:
            self._unknown[path.suffix.lower() or path.name] += 1
        self._ignored += reason == IGNORED
        if self._verbose or reason not in (UNKNOWN, IGNORED, INDEX):
            self._say(f"{printable(path)}: {reason}")

    def left_out(self, failed: int) -> None:
        """What was not even tried, and how many of the files that failed did so before, a line for each reason."""
        from indexer.sources.reasons import NO_PDF

        if self._without_pdf:
            console.notice(f"Не прочитано PDF: {self._without_pdf}, {NO_PDF}")
        if known := failed - self._problems:
            console.notice(f"По-прежнему не прочитано: {known}. Подробнее: indexer status --problems")
        if self._unknown:
            console.notice(f"Пропущено файлов неизвестных форматов: {self._unknown.total()} ({_kinds(self._unknown)})")
        if self._ignored:
            console.notice(f"Пропущено по .gitignore: {self._ignored}")

    def interrupted(self) -> None:
        """What there is of a run that was stopped, and how to go on."""
        self.end()
        done, total = self._done
        left = f", файлов не прочитано {total - done} из {total}" if total else ""
        again = "Запустите ту же команду ещё раз, чтобы продолжить."
        console.notice(f"Прервано: документов записано {self._written}{left}. {again}")

    def end(self) -> None:
        """There is no more to come."""
        self._say_file()
        if self._bar:
            self._bar.clear()

    def _say_file(self) -> None:
        if self._outcomes:
            self._say(f"{self._file}: {_outcomes(self._outcomes)}")
            self._outcomes.clear()

    def _say(self, line: str) -> None:
        if self._bar:
            self._bar.clear()
        console.notice(line)


def _kinds(unknown: Counter[str]) -> str:
    """Endings and how many files have them: of documents that we cannot read first, then the commonest."""
    ranked = sorted(unknown.most_common(), key=lambda pair: pair[0] not in _DOCUMENTS)
    shown = ", ".join(f"{kind} {number}" for kind, number in ranked[:_KINDS])
    return shown + (f" и ещё {len(ranked) - _KINDS}" if len(ranked) > _KINDS else "")


def _outcomes(counts: Counter[str]) -> str:
    """«добавлен»; of several documents «добавлено 12, без изменений 3»."""
    one = {"added": "добавлен", "changed": "изменён", "unchanged": "без изменений"}
    many = {"added": "добавлено", "changed": "изменено", "unchanged": "без изменений"}
    if counts.total() == 1:
        return one[next(iter(counts.elements()))]
    return ", ".join(f"{many[outcome]} {number}" for outcome, number in counts.items())


def _json_lines(name: str, failed: list[Problem], told: _Told) -> Iterator[Document]:
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
                    told.problem(found)
                else:
                    yield found
    except OSError as error:
        raise SourceError(f"{name}: {unreadable(error)}") from error


def summary(reports: Sequence[AddReport]) -> str:
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
