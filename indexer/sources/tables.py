"""CSV and TSV → a document for every row, under its number as a table shows it: «цены.csv!/12»."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from indexer.errors import SourceError
from indexer.model import Problem
from indexer.paths import MEMBER
from indexer.sources import encodings, records
from indexer.sources.source import Found, Source

_SAMPLE = 1 << 20  # bytes by which the encoding is told
_HEAD = 20  # lines by which the separator is
_FIELD, _LINE = 4 << 20, 32 << 20  # characters of a value, of a line
_MEMBERS = ",;\t|"


def read(source: Source) -> Found:
    """The first row names the columns, unless there is a number or nothing in one of its cells.

    Raises SourceError for bytes that are no text.
    """
    sample = source.stream.read(_SAMPLE)
    source.stream.seek(0)
    told = source.encoding != "auto"
    encoding = source.encoding if told else encodings.detect(sample)
    head = sample.decode(encoding, "replace")
    encodings.refuse_binary(head)
    lines = io.TextIOWrapper(source.stream, encoding, "strict" if told else "replace", newline="")
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD))  # 128 KB: shorter than an article
    rows = csv.reader(_lines(lines), delimiter=_separator(head, source.path))
    names: list[str] | None = None
    try:
        for number, row in enumerate(rows, start=1):
            if number == 1:
                row = [cell.removeprefix("\ufeff") for cell in row]
                names = _names(row)
                if names:
                    continue
            if not row:
                continue  # blank lines may be without end
            if found := records.document(_named(row, names), f"{source.path}{MEMBER}{number}"):
                yield found
    except csv.Error as error:
        yield Problem(f"{source.path}{MEMBER}{rows.line_num}", f"не строка таблицы ({error}): дальше не читается")
    except UnicodeError as error:
        raise SourceError(f"не читается как {encoding}: назовите кодировку (--encoding)") from error
    finally:
        lines.detach()  # the stream is not ours to close


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(_LINE):
        if len(line) == _LINE and not line.endswith("\n"):
            raise csv.Error(f"строка длиннее {_LINE >> 20} млн знаков")
        yield line


def _separator(head: str, path: str) -> str:
    """What stands equally often in most of the first lines, of what separates values at all."""
    if path.lower().endswith(".tsv"):
        return "\t"
    lines = head.splitlines()[:_HEAD]
    best, most = ",", 0
    for sign in _MEMBERS:
        counts = Counter(line.count(sign) for line in lines)
        counts.pop(0, None)
        if counts and (same := counts.most_common(1)[0][1]) > most:
            best, most = sign, same
    return best


def _names(row: list[str]) -> list[str] | None:
    cells = [cell.strip() for cell in row]
    told = all(cells) and len(set(cells)) == len(cells) and not any(_number(cell) for cell in cells)
    return cells if told else None


def _number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").replace(" ", "").isdigit()


def _named(row: list[str], names: list[str] | None) -> dict[str, object]:
    """Column → value; values behind the last column that has a name stand together."""
    if names is None:
        return {"text": "\t".join(row)}
    named: dict[str, object] = dict(zip(names, row, strict=False))
    if len(row) > len(names):
        named[""] = row[len(names) :]
    return named
