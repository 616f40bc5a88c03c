"""Is an index whole? Every file against its checksum, and every invariant of what is in it.

Nothing that a file may hold ends in a traceback here: what cannot be read is a problem, with the name of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from indexer.analysis import words
from indexer.errors import IndexDamaged, IndexNotFound, IndexVersionError
from indexer.model import CheckReport, Problem
from indexer.segment import files, toc
from indexer.segment.check_documents import Each, columns, deleted
from indexer.segment.check_lists import Lists, keyword_sum, morphology, pages
from indexer.segment.files import ADVICE, Sections
from indexer.segment.filter import SECTION
from indexer.segment.ledger import Ledger
from indexer.segment.lexicon import Lexicon
from indexer.segment.segment import Segment
from indexer.segment.store import outdated
from indexer.segment.toc import SegmentInfo, Toc

# How often to begin anew when a writer has meanwhile made a commit and removed the files of the one that was read.
_TRIES = 5
_UNREAD = "файл не читается"


def check(folder: Path) -> CheckReport:
    """Verify the last commit in the folder. Raises IndexNotFound where there is nothing of an index."""
    problems: list[Problem] = []
    for _ in range(_TRIES):
        contents, problems = _contents(folder)
        if contents is None:
            break
        for info in contents.segments:
            problems += segment_problems(folder, info)
        problems += ledger_problems(folder, contents)
        if not problems:
            problems += _guarded(toc.NAME, "id документов", partial(_twice, folder, contents))
        if not problems or _contents(folder)[0] == contents:
            break
    return CheckReport(not problems, problems)


def _contents(folder: Path) -> tuple[Toc | None, list[Problem]]:
    """The table of contents, and what is wrong with it."""
    try:
        contents = toc.read(folder)
    except FileNotFoundError:
        if folder.is_dir() and any(toc.is_ours(path.name) for path in folder.iterdir()):
            return None, [Problem(toc.NAME, "файла нет, а файлы сегментов есть")]
        raise IndexNotFound(f"Не найден индекс: {folder}. Чтобы создать его, запустите: indexer add ПУТЬ") from None
    except IndexVersionError as error:
        return None, [Problem(toc.NAME, str(error))]
    except IndexDamaged as error:
        return None, [Problem(toc.NAME, f"оглавление индекса не читается ({error.__cause__})")]
    except OSError as error:
        return None, [Problem(toc.NAME, f"оглавление индекса не читается ({error.strerror or error})")]
    if contents.segments and contents.rules != words.RULES:
        reason = "индекс собран по другим правилам разбора текста: удалите его папку и запустите indexer add ещё раз"
        return contents, [Problem(toc.NAME, reason)]
    if reason := outdated(contents):
        return contents, [Problem(toc.NAME, f"индекс {reason}; запустите: indexer relemmatise")]
    return contents, []


def segment_problems(folder: Path, info: SegmentInfo) -> list[Problem]:
    """What is wrong with the files of a segment."""
    problems = [
        Problem(name, reason)
        for kind, (name, _, _) in sorted(info.files.items())
        for reason in _bytes(folder / name, info.fingerprint(kind))
    ]
    if any(problem.reason.startswith(_UNREAD) for problem in problems):
        return problems
    unread = [
        problem
        for name, _, _ in info.files.values()
        for problem in _guarded(name, "разделы файла", partial(_opened, Sections, folder / name))
    ]
    unread = unread or _guarded(info.files["documents"][0], "разделы файла", partial(_opened, Segment, folder, info))
    return problems + (unread or _inside(Segment(folder, info)))


def ledger_problems(folder: Path, contents: Toc) -> list[Problem]:
    """What is wrong with the list of the files read."""
    problems = [
        Problem(name, reason)
        for name, *wanted in contents.ledger
        for reason in _bytes(folder / name, files.Fingerprint(*wanted))
    ]
    if problems or not contents.ledger:
        return problems
    return _guarded(contents.ledger[-1][0], "строки о файлах", partial(_opened, Ledger, folder, contents.ledger))


def _bytes(path: Path, wanted: files.Fingerprint) -> Iterator[str]:
    try:
        found = files.fingerprint(path)
    except FileNotFoundError:
        yield f"{_UNREAD}: его нет"
        return
    except OSError as error:
        yield f"{_UNREAD} ({error.strerror or error})"
        return
    if found.length != wanted.length:
        yield f"{_UNREAD}: длина {found.length} байт, а должна быть {wanted.length}"
    elif found.checksum != wanted.checksum:
        yield "контрольная сумма не сходится: содержимое изменилось"


def _opened(kind: Callable[..., object], *arguments: object) -> Iterator[str]:
    kind(*arguments)
    yield from ()


def _guarded(name: str, what: str, reasons: Callable[[], Iterable[str]]) -> list[Problem]:
    """The reasons as problems of a file; whatever is raised meanwhile is one more."""
    problems: list[Problem] = []
    try:
        problems.extend(Problem(name, reason) for reason in reasons())
    except Exception as error:  # damaged bytes may be anything to what reads them
        text = str(error).removesuffix(f" {ADVICE}")
        problems.append(Problem(name, f"{what}: не читается ({type(error).__name__}: {text})"))
    return problems


def _inside(segment: Segment) -> list[Problem]:
    """What is wrong with the contents of a segment whose files could be opened."""
    names = {kind: name for kind, (name, _, _) in segment.info.files.items()}
    problems = _guarded(names["documents"], "разделы столбцов", lambda: columns(segment.documents, segment.info))
    problems += _guarded(names.get("deleted", toc.NAME), "раздел deleted", partial(_deleted, segment))
    each = Each(segment.documents, segment.info)
    if not problems:
        problems += _guarded(names["documents"], "документы", each.problems)
    whole = not problems
    listed = {
        prefix: _lists(segment, lexicon, prefix, *kinds)
        for prefix, lexicon, kinds in (
            ("form.", segment.forms, ("lexicon", "postings")),
            ("lemma.", segment.lemmas, ("lexicon", "lexicon")),
            ("keyword.", segment.keywords, ("postings", "postings")),
        )
    }
    problems += [problem for found in listed.values() for problem in found]
    if not listed["form."] and not listed["lemma."]:
        kin = partial(morphology, segment.forms, segment.lemmas, segment.documents.lengths)
        problems += _guarded(names["lexicon"], "разделы form.pages и lemma.pages", kin)
        problems += _guarded(names["lexicon"], f"раздел {SECTION}", partial(_filter, segment))
    if (
        whole
        and not listed["keyword."]
        and keyword_sum(segment.keywords, segment.documents.lengths) != (each.pairs, each.sum)
    ):
        problems.append(Problem(names["postings"], "разделы keyword.*: списки не те, что следуют из документов"))
    return problems


def _filter(segment: Segment) -> Iterator[str]:
    sections = segment.files["lexicon"]  # an older index has no filter
    if SECTION in sections and not np.array_equal(sections[SECTION], segment.words.expected_filter()):
        yield f"раздел {SECTION}: не тот, что следует из слов"


def _deleted(segment: Segment) -> Iterator[str]:
    found = segment.files.get("deleted")
    return deleted(None if found is None else found["deleted"], segment.info)


def _lists(segment: Segment, lexicon: Lexicon, prefix: str, terms: str, lists: str) -> list[Problem]:
    """What is wrong with the lexicon in the file `terms` and its lists in the file `lists`."""
    names = {kind: name for kind, (name, _, _) in segment.info.files.items()}
    streams = segment.files[lists]
    reasons = partial(pages, lexicon, streams, prefix, len(segment))
    problems = _guarded(names[terms], f"раздел {prefix}pages", reasons)
    if not problems:
        problems += _guarded(names[lists], f"разделы {prefix}*", partial(_within, segment, lexicon, streams, prefix))
    return problems


def _within(segment: Segment, lexicon: Lexicon, streams: Sections, prefix: str) -> Iterator[str]:
    columns = segment.documents.sections
    return Lists(lexicon, streams, prefix, segment.documents.lengths, columns["words"]).problems()


def _twice(folder: Path, contents: Toc) -> Iterator[str]:
    """Ids of which more than one document is alive."""
    segments = [Segment(folder, info) for info in contents.segments]
    hashes = []
    for segment in segments:
        sections = segment.documents.sections
        alive = segment.alive(sections["hash.number"])
        hashes.append(sections["hash.sorted"] if alive is None else sections["hash.sorted"][alive])
    found, counts = np.unique(np.concatenate(hashes) if hashes else np.zeros(0, np.uint64), return_counts=True)
    shared = found[counts > 1]  # two ids may have one hash, though they hardly ever do
    ids: Counter[str] = Counter()
    for segment in segments:
        sections = segment.documents.sections
        for number in sections["hash.number"][np.isin(sections["hash.sorted"], shared)].tolist():
            if segment.live is None or segment.live[number]:
                ids[str(segment.documents.head(number)["id"])] += 1
    yield from (f"документ {name!r} есть дважды" for name, times in ids.items() if times > 1)
