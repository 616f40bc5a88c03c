"""A file → its documents, by its extension. A new format is a file of its own here and a row of `FORMATS`."""

import os
import stat
from functools import partial
from pathlib import Path
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import (
    archives,
    docx,
    epub,
    fb2,
    html,
    json_file,
    jsonl,
    mail,
    odt,
    pdf,
    rtf,
    subtitles,
    tables,
    text,
)
from indexer.sources.reasons import NO_MEMORY, printable, unreadable
from indexer.sources.source import Budget, Found, Inside, NotNow, Reader, Source

_CODE = """
    .bash .bat .c .cc .cfg .cpp .cs .css .go .h .hpp .ini .java .js .kt .log .lua .php .pl .ps1 .py .r .rb .rs .scala
    .sh .sql .swift .tex .toml .ts .vb .yaml .yml
"""


# To be raised with every change of what the readers make of a file: what was read by another version is read again.
READING = 1
_EMPTY = "пустой файл: в нём нет текста"
_HOPELESS = 1000  # parts of a file that are none, when no more of them are some
LONGEST = 32_000_000  # characters of a text: to index so many takes some 600 MB of memory


def documents(source: Source) -> Found:
    """The documents of an open file, and a Problem for each part of it that is none.

    A file of an unknown extension is read as plain text. Raises SourceError, when first asked for a document or
    later, if it is empty, damaged, no text; the message is the reason alone, without the path.
    """
    good = bad = 0
    try:
        for found in FORMATS.get(ending(source.path), text.plain)(source):
            if isinstance(found, Document) and len(found.text) > LONGEST:
                raise SourceError(f"текст длиннее {LONGEST // 1_000_000} млн знаков: разделите файл на части")
            good, bad = (good + 1, bad) if isinstance(found, Document) else (good, bad + 1)
            if bad > max(good, _HOPELESS):
                raise SourceError("слишком много ошибок, остальное не читается: проверьте, того ли формата файл")
            yield found
    except (SourceError, OSError):
        raise
    except MemoryError as error:
        raise SourceError(NO_MEMORY) from error
    except Exception as error:  # what parsers make of bytes that were damaged on purpose is without end
        kind = type(error).__name__
        raise SourceError(f"повреждён или не того формата ({kind}): откройте и сохраните заново") from error
    if not good and not bad:
        raise SourceError(_EMPTY)


_INSIDE = Inside(documents, lambda name: ending(name) in FORMATS)
FORMATS: dict[str, Reader] = {
    ".txt": text.plain,
    ".text": text.plain,
    ".rst": text.plain,
    ".md": text.markdown,
    ".markdown": text.markdown,
    ".jsonl": jsonl.file,
    ".ndjson": jsonl.file,
    ".json": json_file.read,
    ".csv": tables.read,
    ".tsv": tables.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".docm": docx.read,  # its macros are never looked at
    ".odt": odt.read,
    ".fodt": odt.flat,
    ".rtf": rtf.read,
    ".epub": epub.read,
    ".fb2": fb2.read,
    ".fb2.zip": partial(fb2.packed, inside=_INSIDE),
    ".srt": subtitles.read,
    ".vtt": subtitles.read,
    ".eml": partial(mail.letter, inside=_INSIDE),
    ".mbox": partial(mail.mailbox, inside=_INSIDE),
    ".zip": partial(archives.zipped, inside=_INSIDE),
    ".tar": partial(archives.tarred, inside=_INSIDE),
    ".tar.gz": partial(archives.tarred, inside=_INSIDE),
    ".tgz": partial(archives.tarred, inside=_INSIDE),
    **dict.fromkeys(_CODE.split(), text.code),
}


# Read in one pass by code of our own, or by Python's of CSV and JSON: nothing that crashes, hangs or asks for much more
# memory than the file has.
_HARMLESS = frozenset((text.plain, text.markdown, text.code, jsonl.file, tables.read, subtitles.read))


def harmless(path: Path) -> bool:
    """Whether a file may be read here, whatever is in it, and needs no process of its own."""
    return FORMATS.get(ending(path.name), text.plain) in _HARMLESS


def ending(name: str) -> str:
    """The ending of a name that `FORMATS` goes by, of two parts where it has such a row: «.fb2.zip»."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes[-2:]]
    both = "".join(suffixes)
    return both if both in FORMATS else "".join(suffixes[-1:])


def read(path: Path, *, encoding: str = "auto") -> Found:
    """The documents of one file, as `documents`, with what may be unpacked of it bounded by its size.

    `encoding` is "auto" or a name that Python knows. Raises SourceError too if the file is unreadable or a folder.
    """
    name = str(path)
    if "\0" in name or printable(path) != name:
        raise NotNow("имя файла не в UTF-8, его нельзя записать в индекс: переименуйте файл")
    try:
        if path.is_dir():  # Windows would say «no rights»
            raise NotNow(unreadable(IsADirectoryError()))
        with _opened(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            if not size:  # so say files of /proc too, some of which have no end
                raise SourceError(_EMPTY)
            yield from documents(Source(stream, name, encoding, Budget(size)))
    except OSError as error:
        raise NotNow(unreadable(error)) from error


def _opened(path: Path) -> BinaryIO:
    """The file; of a pipe nobody may ever open the other end, and a device may have no end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotNow("не файл, а канал или устройство: сохраните то, что он даёт, в файл")
    return os.fdopen(handle, "rb")
