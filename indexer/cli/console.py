"""What both commands share: Russian help, exit codes, consoles that cannot print everything."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

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


class Parser(argparse.ArgumentParser):
    """argparse that speaks Russian and exits with 2."""

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
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
        help="папка индекса (иначе $INDEXER_DATA, иначе ./index_data)",
    )
    if not inherited:
        parser.add_argument("--version", action=_Version, nargs=0, help="версия программы")


class _Version(argparse.Action):
    """Looks the version up only when asked: reading package metadata is a tenth of a short command's time."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(parser.prog, version("indexer"))
        parser.exit(FOUND)


def index_folder(given: str | None) -> Path:
    """The index asked for, by option, environment or default."""
    return Path(given or os.environ.get("INDEXER_DATA") or "index_data")


def notice(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr)


def run(command: Callable[[Sequence[str]], int], arguments: Sequence[str] | None) -> int:
    """The command's exit code, with every way it may end that is not its own."""
    from indexer.errors import IndexerError

    for stream in (sys.stdout, sys.stderr):
        # a narrow console shows «?» for what it has no letter for, and goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = command(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return code
    except IndexerError as error:
        notice(str(error))
        return ERROR
    except KeyboardInterrupt:
        notice("Прервано")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has seen enough; without this the interpreter would complain once more on exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
