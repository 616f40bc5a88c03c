"""`indexer check`, `compact` and `relemmatise`: what keeps an index whole, small and up to date."""

from __future__ import annotations

import argparse
from typing import Any

from indexer.cli import console
from indexer.cli.console import ERROR, FOUND

_CHECK = """Проверить каждый файл индекса: длину, контрольную сумму и всё, что в нём. Индекс не меняется.

С --repair испорченное чинится, насколько возможно:
  - оглавление, которое не читается, восстанавливается из копии;
  - сегмент, в котором испорчен хоть один файл, выводится из индекса; те его документы, чей сохранённый текст цел,
    записываются заново, а сколько документов нужно добавить ещё раз, будет сказано;
  - испорченные файлы и оставшиеся от прерванной записи не удаляются, а откладываются в папку damaged-… в индексе;
    там же lost.txt — id документов, которые не спасти.
"""
_CHECK_EXAMPLES = """Примеры:
  indexer check
  indexer check --repair && indexer add ~/Документы

Код выхода: 0 индекс цел (или починен без потерь), 2 испорчен (или часть документов потеряна).
"""
_COMPACT = "Слить сегменты индекса в один, без удалённых документов: меньше места, быстрее поиск."
_COMPACT_EXAMPLES = """Примеры:
  indexer compact
"""
_RELEMMATISE = """Определить леммы всех слов заново — после обновления словаря или программы. Тексты не читаются, заново
добавлять их не нужно. Если запись прервать, индекс останется прежним."""
_RELEMMATISE_EXAMPLES = """Примеры:
  pip install -U pymorphy3-dicts-ru && indexer relemmatise
"""


def add_parsers(commands: Any) -> None:
    """The three subcommands."""
    check = console.subcommand(
        commands, "check", _check, help="проверить, цел ли индекс", description=_CHECK, epilog=_CHECK_EXAMPLES
    )
    check.add_argument("--repair", action="store_true", help="починить, что можно; ничего не удаляется без следа")
    compact = console.subcommand(
        commands, "compact", _compact, help="слить сегменты в один", description=_COMPACT, epilog=_COMPACT_EXAMPLES
    )
    relemmatise = console.subcommand(
        commands,
        "relemmatise",
        _relemmatise,
        help="леммы по новому словарю",
        description=_RELEMMATISE,
        epilog=_RELEMMATISE_EXAMPLES,
    )
    for parser in (check, compact, relemmatise):
        console.add_timeout(parser)


def _check(options: argparse.Namespace) -> int:
    from indexer.segment.check import check
    from indexer.segment.toc import read

    if isinstance(place := console.index_place(options.index), str) and not options.repair:
        return _check_cluster(place)
    folder = console.index_folder(options.index)
    report, lost = check(folder), 0
    if options.repair:
        lost = _repair(options)
        report = check(folder)
    for problem in report.problems:
        print(f"{problem.path}: {problem.reason}")
    if report.ok:
        segments = read(folder).segments
        documents = sum(segment.documents - segment.deleted for segment in segments)
        print(f"Индекс {folder} цел. Документов: {documents}, сегментов: {len(segments)}")
    elif not options.repair:
        console.notice("Индекс повреждён. Починить, что можно: indexer check --repair")
    return FOUND if report.ok and not lost else ERROR


def _check_cluster(address: str) -> int:
    from indexer.index import Index

    with Index.open(address) as index:
        report = index.check()
        for problem in report.problems:
            print(f"{problem.path}: {problem.reason}")
        if report.ok:
            print(f"Индекс {index.place}: все шарды на месте. Документов: {len(index)}")
    return FOUND if report.ok else ERROR


def _repair(options: argparse.Namespace) -> int:
    """Repair and say what was done; how many documents are lost."""
    from indexer.segment.repair import repair

    done = repair(console.index_folder(options.index), options.timeout)
    for sentence in done.said or ["Чинить нечего"]:
        console.notice(f"{sentence}.")
    return done.lost


def _compact(options: argparse.Namespace) -> int:
    from indexer.index import Index

    with Index.open(console.index_place(options.index), timeout=options.timeout) as index:
        before = index.stats()
        index.compact()
        after = index.stats()
    size = f"{before.bytes / 1e6:.1f} → {after.bytes / 1e6:.1f} МБ".replace(".", ",")
    print(f"Сегментов: {before.segments} → {after.segments}; размер: {size}")
    return FOUND


def _relemmatise(options: argparse.Namespace) -> int:
    from indexer.index import Index

    with Index.open(console.index_place(options.index), timeout=options.timeout, outdated=True) as index:
        index.relemmatise()
        stats = index.stats()
    counted = "" if stats.forms is None else f" Словоформ: {stats.forms}, лемм: {stats.lemmas}"
    print(f"Леммы определены заново.{counted}")
    return FOUND
