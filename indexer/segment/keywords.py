"""Keywords: what documents can be filtered by, as terms «name, tab, value»."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from indexer.paths import MEMBER
from indexer.patterns import pattern

if TYPE_CHECKING:
    from indexer.model import Document

_ESCAPED = pattern(r"\\(.)")


def keywords(document: Document, language: str | None) -> set[str]:
    """The keywords of a document in a language."""
    found = [("lang", language), ("date", document.date), ("path", document.path)]
    if document.path and (ending := _ending(document.path)):
        found.append(("ext", ending))
    for name, given in document.fields.items():
        found += [("field", f"{name}={one}") for one in (given if isinstance(given, list) else [given])]
    return {keyword(name, str(one)) for name, one in found if one}


def _ending(path: str) -> str:
    """What kind of file it is: that of the member of an archive, of the table that it is a row of; fb2 for .fb2.zip."""
    for part in reversed(path.split(MEMBER)):
        if suffixes := PurePosixPath(part).suffixes:
            inner = suffixes[-1] == ".zip" and suffixes[-2:-1]
            return (inner[0] if inner else suffixes[-1])[1:].lower()
    return ""


def keyword(name: str, text: str) -> str:
    """The term of a value; a line break in it is written as two characters, since terms stand one a line."""
    return f"{name}\t" + text.replace("\\", "\\\\").replace("\n", "\\n")


def keyword_value(term: str) -> str:
    """The value of a term that `keyword` made."""
    text = term.partition("\t")[2]
    return _ESCAPED.sub(lambda pair: "\n" if pair[1] == "n" else pair[1], text) if "\\" in text else text
