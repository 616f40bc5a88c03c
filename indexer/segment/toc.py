"""The table of contents: `indexer.json`, the one file whose replacement is a commit.

It names the segments and their files, each with its length and checksum, and the versions by which words were read. A
reader that has read it knows everything it needs; files that it does not name belong to nobody. A copy is kept beside
it, which nothing reads but a repair.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from indexer.errors import IndexDamaged, IndexVersionError
from indexer.patterns import pattern
from indexer.segment.files import ADVICE, Fingerprint, publish
from indexer.values import Value

FORMAT = 2
NAME = "indexer.json"
COPY = "indexer.json.bak"
# Every name of a file that this package makes besides; what is called otherwise is somebody else's.
_FILE = pattern(r"s([1-9][0-9]{0,17})(?:-([0-9]{1,18}))?\.(documents|postings|lexicon|deleted)", re.ASCII)
_LEDGER = pattern(r"files-([1-9][0-9]{0,17})\.ledger", re.ASCII)
_KINDS = ("documents", "lexicon", "postings")
_BEGINNING = b'{"format": '
_encode = json.JSONEncoder(ensure_ascii=False, default=dict).encode
_sorted = json.JSONEncoder(ensure_ascii=False, default=dict, sort_keys=True).encode


class SegmentInfo(Value):
    """A segment: how many documents it has, how many of them are deleted, its tokens, and its files by kind."""

    name: str
    documents: int
    deleted: int
    tokens: int
    files: dict[str, tuple[str, int, int]]  # documents, postings, lexicon, deleted → name, length, checksum

    def fingerprint(self, kind: str) -> Fingerprint:
        """What the file of a kind must be."""
        return Fingerprint(*self.files[kind][1:])

    @property
    def lasting(self) -> tuple[object, ...]:
        """What tells it from other segments, whichever of its documents are deleted.

        Names alone would not: a folder made anew has the same ones for other files.
        """
        return self.documents, *[self.files[kind] for kind in _KINDS]


class Toc(Value):
    """One commit."""

    generation: int = 0
    committed: str | None = None
    counter: int = 0  # segments ever begun: names are never used again
    rules: int = 0  # by which texts became forms
    analysis: Mapping[str, str] = MappingProxyType({})
    segments: tuple[SegmentInfo, ...] = ()
    ledger: tuple[tuple[str, int, int], ...] = ()  # of the files read: name, length, checksum

    def files(self) -> Iterator[str]:
        """The names of all files of the commit."""
        yield from (name for name, _, _ in self.ledger)
        for segment in self.segments:
            yield from (name for name, _, _ in segment.files.values())


def is_ours(name: str) -> bool:
    """Whether a file of this name in the folder of an index is one of a segment or ledger, or a table begun."""
    return bool(_FILE.fullmatch(name) or _LEDGER.fullmatch(name)) or name == NAME + ".new"


def is_one(path: Path) -> bool:
    """Whether a file looks like a table of contents, by its beginning."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def _checksum(body: dict[str, Any]) -> int:
    return zlib.crc32(_sorted(body).encode())


def write(folder: Path, toc: Toc) -> bytes:
    """Commit: the new table in place of the old one, at once; on disk on return. What was written."""
    body = {"format": FORMAT, **_fields(toc), "segments": [_fields(segment) for segment in toc.segments]}
    body["checksum"] = _checksum(body)
    # a segment a line; what json.dumps indents itself takes as long as all else that a commit does
    rows = ",\n  ".join(map(_encode, body.pop("segments")))
    text = f'{_encode(body)[:-1]}, "segments": [\n  {rows}\n]}}\n'.encode()
    publish(folder / NAME, text)
    return text


def _fields(row: Toc | SegmentInfo) -> dict[str, Any]:
    """By name, in the order of the class."""
    return {name: getattr(row, name) for name in row.__match_args__}


def read(folder: Path, name: str = NAME) -> Toc:
    """The last commit. Raises OSError, and what `parse` does."""
    return parse((folder / name).read_bytes(), folder, name)


def parse(text: bytes, folder: Path, name: str = NAME) -> Toc:
    """A table as it was read. Raises IndexVersionError for another format, IndexDamaged for what makes no sense."""
    try:
        body = json.loads(text)
        if (number := body["format"]) != FORMAT:
            raise IndexVersionError(
                f"Индекс {folder} другого формата ({number}, нужен {FORMAT})."
                f" Удалите папку {folder} и запустите indexer add ещё раз"
            )
        if body.pop("checksum") != _checksum(body):
            raise ValueError("контрольная сумма не сходится")
        return _toc(body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"Индекс {folder} повреждён: {name} не читается ({error}). {ADVICE}") from error


def _toc(body: dict[str, Any]) -> Toc:
    """A table from a file that anyone may have written: names that lead elsewhere are refused, and names used twice."""
    generation, counter = int(body["generation"]), int(body["counter"])
    segments = tuple(_segment(row, counter, generation) for row in body["segments"])
    analysis = {str(language): str(version) for language, version in body["analysis"].items()}
    committed = None if body["committed"] is None else str(body["committed"])
    ledger = tuple(_ledger(row, generation) for row in body.get("ledger", ()))
    toc = Toc(generation, committed, counter, int(body.get("rules", 0)), analysis, segments, ledger)
    if len(set(toc.files())) < len([*toc.files()]) or len({segment.name for segment in segments}) < len(segments):
        raise ValueError("один файл назван дважды")
    return toc


def _ledger(row: Sequence[Any], generation: int) -> tuple[str, int, int]:
    name, length, checksum = str(row[0]), int(row[1]), int(row[2])
    found = _LEDGER.fullmatch(name)
    if not found or int(found[1]) > generation:
        raise ValueError(f"имя файла {name!r}")
    return name, length, checksum


def _segment(row: dict[str, Any], counter: int, generation: int) -> SegmentInfo:
    files = {kind: (str(name), int(length), int(checksum)) for kind, (name, length, checksum) in row["files"].items()}
    info = SegmentInfo(str(row["name"]), int(row["documents"]), int(row["deleted"]), int(row["tokens"]), files)
    if not (files.keys() >= {*_KINDS} and 0 <= info.deleted <= info.documents):
        raise ValueError(f"сегмент {info.name}")
    for kind, (name, _, _) in files.items():
        found = _FILE.fullmatch(name)
        if not found or found[3] != kind or f"s{found[1]}" != info.name:
            raise ValueError(f"имя файла {name!r}")
        if int(found[1]) > counter or int(found[2] or 0) > generation:
            raise ValueError(f"файл {name} новее оглавления")
    return info
