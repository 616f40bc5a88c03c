"""What both commands share: Russian help, exit codes, consoles that cannot print everything."""

from __future__ import annotations

import argparse
import codecs
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

# One query has no use for the threads of linear algebra, and NumPy takes 50 ms to start them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from indexer.errors import IndexerError, SourceError
from indexer.markup import harmless
from indexer.opensearch import is_address

if TYPE_CHECKING:
    from types import FrameType

FOUND, NOTHING, ERROR, INTERRUPTED = 0, 1, 2, 130

# What argparse says, and how we say it. The library's own texts are English and cannot be told the language.
_MESSAGES = (
    (r"unrecognized arguments: (.+)", r"незнакомые параметры: \1"),
    (r"argument (.+?): expected one argument", r"параметру \1 нужно значение"),
    (r"argument (.+?): expected at least one argument", r"параметру \1 нужно хотя бы одно значение"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1: нет значения \2; возможны \3"),
    (r"argument (.+?): invalid (?:int|_natural) value: (.+)", r"\1: \2 — не целое число"),
    (r"argument (.+?): invalid float value: (.+)", r"\1: \2 — не число"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1: значение \2 лишнее"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 нельзя вместе с \2"),
    (r"the following arguments are required: (.+)", r"не хватает: \1"),
    (r"ambiguous option: (.+?) could match (.+)", r"неясно, какой параметр: \1 — это может быть \2"),
)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Help as wide as the terminal. argparse would ask shutil, for every option, which loads three compressors."""
    try:
        width = int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns)
    except (OSError, ValueError):
        width = 80
    return argparse.RawDescriptionHelpFormatter(prog, width=width - 2)


class Parser(argparse.ArgumentParser):
    """argparse that speaks Russian and exits with 2."""

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", _formatter)
        super().__init__(**options, add_help=False, allow_abbrev=False)  # type: ignore[arg-type]
        self._positionals.title = "Аргументы"
        self._optionals.title = "Параметры"
        self.add_argument("-h", "--help", action="help", help="эта справка")

    def format_help(self) -> str:
        """argparse's help, whose one word that cannot be given to it is «usage»."""
        return super().format_help().replace("usage: ", "Использование: ", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help; exit 2."""
        for pattern, russian in _MESSAGES:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                message = match.expand(russian)
                break
        self.exit(ERROR, f"{self.prog}: {message}\nСправка: {self.prog} --help\n")


def add_common(parser: argparse.ArgumentParser, *, inherited: bool = False) -> None:
    """`--index` and `--version`; a subcommand's own `--index` must not reset the one before it."""
    default = argparse.SUPPRESS if inherited else None
    parser.add_argument(
        "--index",
        metavar="DIR",
        default=default,
        help="папка индекса или адрес opensearch://… (иначе $INDEXER_DATA, иначе ./index_data)",
    )
    if not inherited:
        parser.add_argument("--version", action=_Version, nargs=0, help="версия программы")


def subcommand(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], takes: str = "", **texts: str
) -> Parser:
    """A subcommand of `indexer`: what runs it, what it takes besides options, and its texts (help, description…)."""
    parser: Parser = commands.add_parser(name, **texts)
    parser.prog = f"indexer {name}"  # argparse would make it of our usage line
    parser.usage = f"indexer {name} [параметры] {takes}".rstrip()
    parser.set_defaults(run=run)
    add_common(parser, inherited=True)
    return parser


def add_timeout(parser: Parser) -> None:
    """--timeout, for what writes."""
    parser.add_argument(
        "--timeout", metavar="С", type=float, default=10.0, help="сколько секунд ждать другую запись (10)"
    )


class _Version(argparse.Action):
    """Looks the version up only when asked: reading package metadata is a tenth of a short command's time."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(parser.prog, version("indexer"))
        parser.exit(FOUND)


def index_place(given: str | None) -> str | Path:
    """The index asked for, by option, environment or default: a folder, or an address."""
    place = given or os.environ.get("INDEXER_DATA") or "index_data"
    return place if is_address(place) else Path(place)


def index_folder(given: str | None) -> Path:
    """The same where it must be a folder. Raises IndexerError for an address."""
    place = index_place(given)
    if isinstance(place, str):
        raise IndexerError("Это можно только с папкой индекса: за файлами на кластере следит сам OpenSearch")
    return place


def notice(text: str) -> None:
    """A line on stderr; on a terminal nothing in it that the terminal would obey."""
    if sys.stderr is None:
        return
    try:
        print(harmless(text) if sys.stderr.isatty() else text, file=sys.stderr)
    except BrokenPipeError:  # whoever listened has heard enough; what is done goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def readable(argument: str) -> str:
    """An argument as text: bytes that are none in this locale become replacement characters."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def refuse_empty(names: Sequence[str]) -> None:
    """Raises SourceError for an empty name: it would be the working folder, and comes of a variable that is not set."""
    if "" in names:
        raise SourceError("Пустое имя файла. Для текущей папки напишите точку: .")


def stdin() -> TextIO:
    """Standard input. Raises SourceError when it is closed."""
    if sys.stdin is None:
        raise SourceError("Стандартный ввод закрыт: читать нечего")
    return sys.stdin


@contextmanager
def stoppable(said: str = "") -> Iterator[None]:
    """Ctrl-C says something at once, and what else ends a command politely (SIGTERM, SIGHUP) is Ctrl-C."""
    import signal

    def interrupted(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(2, said.encode())  # not by the stream, which may be in the middle of a line
        signal.default_int_handler(number, frame)

    def end(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    handlers: dict[int, Any] = {signal.SIGINT: interrupted, signal.SIGTERM: end}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = end
    before = {number: signal.getsignal(number) for number in handlers}
    ours = [number for number, handler in before.items() if handler in (signal.SIG_DFL, signal.default_int_handler)]
    for number in ours:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def run(command: Callable[[Sequence[str]], int], arguments: Sequence[str] | None) -> int:
    """The command's exit code, with every way it may end that is not its own."""
    if arguments is None:
        _in_utf8()
    try:
        _prepare()
        try:
            code = command(sys.argv[1:] if arguments is None else arguments)
        except SystemExit as stop:  # --help and mistakes in options
            code = stop.code if isinstance(stop.code, int) else ERROR
        sys.stdout.flush()
        return code
    except IndexerError as error:
        notice(str(error))
        return ERROR
    except KeyboardInterrupt:
        notice("Прервано")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return FOUND  # the reader has seen enough
    except OSError as error:
        _abandon_output()
        notice(f"Ошибка ввода-вывода: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}")
        return ERROR


def _in_utf8() -> None:
    """Without a locale Python reads Russian arguments and file names as ASCII: begin again in its UTF-8 mode."""
    if os.name == "posix" and codecs.lookup(sys.getfilesystemencoding()).name == "ascii":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _prepare() -> None:
    """Streams that go on where the console has no letter («?») or the input is no text."""
    if sys.stdout is None:
        raise IndexerError("Стандартный вывод закрыт: печатать некуда")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _abandon_output() -> None:
    """Let nothing more be written to stdout: the interpreter would complain once more on exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
