"""`search`: ask an index."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.cli import console
from indexer.cli.console import ERROR, FOUND, NOTHING, Parser
from indexer.markup import harmless

if TYPE_CHECKING:
    from indexer.index import Index
    from indexer.results import Results

_EXAMPLES = """Примеры:
  search уступка                          все формы слова: уступки, уступок, уступками…
  search '"гарантия безопасности"'        фраза, слова в любых падежах
  search '!договор' -приложение           точная форма; без слова «приложение»
  search 'Женева ИЛИ Вена' --after 2022   любое из слов, с 2022 года
  search 'уступ*' заголовок:переговоры    начало слова; слово в заголовке
  search --json Рябковым | jq .total      для программ
  search -l договор | xargs -d '\\n' wc   имена файлов

Язык запросов: пробел — все слова; "…" — фраза; "…"~3, a /3 b — слова рядом;
a << b — по порядку; a & b — в одном предложении; ! или = — точная форма; - или НЕ — без слова;
+ — слово обязательно; ИЛИ, OR, | — любое; ( ) — группа; * и ? — маска;
слово~1 — с опечаткой; заголовок: дата: язык: путь: ext: — где искать;
дата:2022-01, дата:"9 января 2022", дата:..вчера. Код выхода: 0 найдено, 1 ничего, 2 ошибка.
"""
# An argument that is query text though it begins with a minus: -США, -(a | b), -«…».
_MINUS_WORD = re.compile(r"-[^\x00-\x7f]|-\(", re.DOTALL)
_SHIELD = "\x00"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    gc.disable()  # one query fills no memory, and looking through what was imported costs a thirtieth of its time
    atexit.register(gc.freeze)  # nor need Python look for rubbish in it at the end
    return console.run(command, arguments)


def parser() -> Parser:
    """The options of the command."""
    made = Parser(
        prog="search",
        usage="search [параметры] ЗАПРОС…",
        description="Поиск по индексу с русской морфологией.",
        epilog=_EXAMPLES,
    )
    made.add_argument(
        "words", metavar="ЗАПРОС", nargs="*", help="слова запроса; без них — строка со стандартного ввода"
    )
    console.add_common(made)
    add = made.add_argument
    add("-n", "--limit", metavar="N", type=_natural, default=10, help="сколько найденного показать (10)")
    add("--offset", metavar="N", type=_natural, default=0, help="сколько пропустить")
    add("--sort", default="relevance", choices=("relevance", "date", "-date", "path"), help="порядок")
    add("--batch", metavar="ФАЙЛ", help="запросы из файла, по одному в строке; - — стандартный ввод")
    output = made.add_mutually_exclusive_group()
    for flags, name, text in (
        (("--json",), "json", "один объект JSON"),
        (("--jsonl",), "jsonl", "объект JSON на каждый документ"),
        (("--csv",), "csv", "таблица CSV"),
        (("-c", "--count"), "count", "только число документов"),
    ):
        output.add_argument(*flags, dest="output", action="store_const", const=name, help=text)
    add("-l", "--files-with-matches", action="store_true", help="только имена файлов")
    add("-0", "--null", action="store_true", help="имена файлов, разделённые нулевым байтом")
    add("--snippets", metavar="N", type=_natural, default=2, help="сколько отрывков на документ (2)")
    add("--chars", metavar="N", type=_natural, default=240, help="длина отрывка в знаках (240)")
    add("--no-snippets", dest="snippets", action="store_const", const=0, help="без отрывков")
    add("--color", choices=("auto", "always", "never"), default="auto", help="цвет; NO_COLOR выключает")
    add("--exact", action="store_true", help="все слова точно в этой форме")
    add("--any", action="store_true", help="любое из слов, лучшие первыми (для вопросов)")
    add("--no-repair", dest="repair", action="store_false", help="не исправлять запрос, который ничего не нашёл")
    add("--fuzzy", metavar="N", type=int, choices=(0, 1, 2), default=0, help="допустить в словах столько опечаток")
    add(
        "--expand",
        metavar="a,b",
        type=_names,
        default=(),
        help="заодно: aspect — другой вид глагола (заявить, заявлять), related — родственные слова (Япония, японский)",
    )
    add("--synonyms", metavar="ФАЙЛ", help="синонимы, группа в строке: США = Соединённые Штаты")
    add("--path", metavar="GLOB", help="только файлы по маске или из папки")
    add("--ext", metavar="a,b", help="только файлы с таким окончанием: txt,md")
    add("--lang", metavar="ru", help="только на этом языке: ru, uk, bg, en")
    add("--after", metavar="ДАТА", help="не раньше: 2022, 2022-01, 2022-01-09, «9 января 2022», вчера")
    add("--before", metavar="ДАТА", help="не позже")
    add("--where", metavar="ПОЛЕ=ЗНАЧЕНИЕ", action="append", default=[], help="по полю документа")
    add("--like", metavar="ФАЙЛ", help="похожие на этот файл, вместо запроса")
    add("--collapse", choices=("near",), help="перепечатки одного текста — одной строкой")
    add(
        "--explain",
        action="store_true",
        help="почему нашлось: какие формы и из чего сложилась оценка",
    )
    add("--facet", metavar="ИМЯ", action="append", default=[], help="сколько найдено по: year, lang, ext, dir или полю")
    add("--timeout", metavar="С", type=float, help="сколько секунд искать")
    add("-q", "--quiet", action="store_true", help="без замечаний в stderr")
    return made


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def command(arguments: Sequence[str]) -> int:
    """Parse, search, print."""
    arguments = [console.readable(argument) for argument in arguments]
    options = parser().parse_intermixed_args(_shielded(arguments))
    words = [word.removeprefix(_SHIELD) for word in options.words]
    if "--" not in arguments and len(words) == 2 and words[0] == "forms":
        return _forms(words[1])
    from indexer.index import Index

    with Index.open(console.index_place(options.index)) as index:
        if options.batch is not None:
            gc.enable()
            codes = [_one(index, query, options) for query in _queries(options.batch) if query.strip()]
            return min(codes, default=NOTHING)
        if options.like is not None:
            if words:
                console.notice("Либо запрос, либо --like ФАЙЛ: уберите одно из них")
                return ERROR
            return _shown(index, _alike(index, options), options)
        if not words and console.stdin().isatty():
            console.notice("Что искать? Например: search договор. Справка: search --help")
            return ERROR
        query = " ".join(words) if words else console.stdin().readline()
        return _one(index, query.strip(), options)


def _shielded(arguments: Sequence[str]) -> list[str]:
    """Arguments that argparse would take for options, kept from it; `--sort -date` joined."""
    result: list[str] = []
    for number, argument in enumerate(arguments):
        if argument == "--":  # dropped: parse_intermixed_args would look at what follows once more
            return [*result, *(_SHIELD + rest for rest in arguments[number + 1 :])]
        if result and result[-1] == "--sort" and argument == "-date":
            result[-1] = "--sort=-date"
        else:
            result.append(_SHIELD + argument if _MINUS_WORD.match(argument) else argument)
    return result


def _queries(name: str) -> Iterator[str]:
    from indexer.errors import SourceError

    if name == "-":
        yield from (line.rstrip("\r\n") for line in console.stdin())
        return
    try:
        yield from Path(name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"Запросы из {name} не читаются: {error}. Нужен текст в UTF-8") from error


def _forms(word: str) -> int:
    from indexer.api import forms

    found = forms(word)
    print(*found, sep="\n")
    return FOUND if found else NOTHING


def _one(index: Index, query: str, options: argparse.Namespace) -> int:
    """One query: results on stdout, notices on stderr."""
    results = index.search(
        query,
        **_page(options),
        match="any" if options.any else "all",
        exact=options.exact,
        repair=options.repair,
        fuzzy=options.fuzzy,
        relax=not _whole(options),
        expand=options.expand,
        synonyms=options.synonyms,
    )
    return _shown(index, results, options)


def _alike(index: Index, options: argparse.Namespace) -> Results:
    from indexer import sources
    from indexer.errors import SourceError
    from indexer.model import Document

    if (stored := index.stored_path(options.like)) in index:
        return index.similar(stored, **_page(options))
    for found in sources.read(Path(options.like)):
        if isinstance(found, Document):
            return index.like(found, **_page(options))
    raise SourceError(f"В {options.like} нет текста, с которым сравнивать")


def _output(options: argparse.Namespace) -> str:
    if options.files_with_matches or options.null:
        return "null" if options.null else "paths"
    return options.output or "human"


def _whole(options: argparse.Namespace) -> bool:
    """Whether all that was found is wanted, and not a page of it."""
    return _output(options) in ("paths", "null", "count")


def _page(options: argparse.Namespace) -> dict[str, Any]:
    """What to show of whatever is found."""
    whole = _whole(options)
    return {
        "limit": (0 if _output(options) == "count" else None) if whole else options.limit,
        "offset": 0 if whole else options.offset,
        "where": _where(options),
        "sort": options.sort,
        "snippets": 0 if whole else options.snippets,
        "snippet_chars": max(1, options.chars),
        "facets": options.facet,
        "explain": options.explain,
        "collapse": None if whole else options.collapse,
        "timeout": options.timeout,
    }


def _shown(index: Index, results: Results, options: argparse.Namespace) -> int:
    output = _output(options)
    if output in ("paths", "null"):
        results = results.replace(hits=tuple(hit.replace(path=_usable(index, hit.path)) for hit in results))
    if not options.quiet:
        _announce(results)
    _print(results, output, _colored(options.color))
    if not options.quiet:
        _explain(results)
    return FOUND if results.total else NOTHING


def _usable(index: Index, stored: str | None) -> str | None:
    """A name that other programs can open from here: stored paths are relative to the index, not to us."""
    from indexer.paths import MEMBER

    if stored is None:
        return stored
    name, between, member = stored.partition(MEMBER)
    if not (file := index.file(name)).exists():
        return stored
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file) + between + member


def _where(options: argparse.Namespace) -> list[tuple[str, Any]]:
    """Pairs of field and value: all must hold, of several values of one field of the documents any."""
    from indexer.errors import QueryError

    pairs: list[tuple[str, Any]] = [("path", options.path), ("ext", options.ext), ("lang", options.lang)]
    if options.after or options.before:
        pairs.append(("date", (options.after, options.before)))
    fields: dict[str, list[str]] = {}
    for condition in options.where:
        name, equals, value = condition.partition("=")
        if not equals:
            raise QueryError(f"--where {condition}: напишите ПОЛЕ=ЗНАЧЕНИЕ, например --where author=Иванов")
        if name in ("path", "ext", "lang", "date"):
            pairs.append((name, value))
        else:
            fields.setdefault(name, []).append(value)
    return [*pairs, *fields.items()]


def _colored(when: str) -> bool:
    if when == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return when == "always"


def _print(results: Results, output: str, color: bool) -> None:
    from indexer.formats import OUTPUTS

    if output in ("json", "jsonl", "csv") and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # for programs, whatever the console is
    if output in ("paths", "null") and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding=sys.getfilesystemencoding(), errors="surrogateescape")  # names, to be opened
    lines: Iterable[str] = OUTPUTS[output](results, color)
    if output in ("paths", "csv") and sys.stdout.isatty():
        lines = map(harmless, lines)
    sys.stdout.writelines(lines)
    sys.stdout.flush()


# What is said of a repaired query, by kind.
_REPAIRED = {
    "layout": "Исправлена раскладка: {} → {}",
    "lookalike": "Исправлены похожие буквы другого алфавита: {} → {}",
    "translit": "Прочитано как транслитерация: {} → {}",
    "spelling": "Запрос «{}» ничего не нашёл. Возможно, вы имели в виду: {}",
}


def _announce(results: Results) -> None:
    """What was not searched for as typed, before what was found so."""
    if results.repaired:
        console.notice(_REPAIRED[results.repaired["kind"]].format(results.query, results.executed))
    elif results.suggestions:
        console.notice(f"Возможно, вы имели в виду: {' · '.join(results.suggestions)}")


def _explain(results: Results) -> None:
    if not results.total:
        console.notice("ничего не найдено")
        return
    if results.relaxed:
        lacking = ", ".join(f"«{word}»" for word in results.relaxed)
        console.notice(f"Всех слов сразу нет ни в одном документе; в лучшем из найденных нет: {lacking}")
    if sys.stderr.isatty():
        took = f"{results.took_ms:.0f} мс"
        console.notice(f"Найдено: {results.total}, показано {len(results)} ({took})")
