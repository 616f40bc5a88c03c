"""RTF → one document (Rich Text Format 1.9.1): letters in the code page of their font, Unicode, tables, notes.

striprtf 0.0.35 takes .4 of the time, but believes the code page that a document declares («Ïàðîõîä», where 1252 was
said and 1251 meant), leaves out notes, title and author, and makes two halves of each letter beyond U+FFFF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import encodings, metadata
from indexer.sources.growing import Growing
from indexer.sources.source import Source

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|\\"
)
_DEPTH = 10_000
_SAMPLE = 1 << 20
_CHARSETS = {
    128: "cp932", 161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    238: "cp1250", 77: "mac-roman", 89: "mac-cyrillic", 255: "cp866",
}  # fmt: skip
_SIGNS = {
    "tab": "\t", "line": "\n", "cell": "\t", "nestcell": "\t", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SPECIAL = {"~": "\u00a0", "-": "\u00ad", "_": "\u2011"}
_PARAGRAPHS = frozenset("par sect page row nestrow".split())
# What is in a group that begins so is no text of the document.
_SILENT = frozenset(
    """colortbl stylesheet pict object header headerl headerr headerf footer footerl footerr footerf fldinst themedata
    colorschememapping latentstyles datastore listtable listoverridetable rsidtbl generator xmlnstbl bkmkstart bkmkend
    nonshppict filetbl revtbl private ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn annotation atnid atnauthor
    userprops doccomm""".split()
)
_INFO = frozenset("title author keywords creatim".split())
_TEXT, _NOTE = "text", "footnote"


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within braces: `into` is where the text goes, None for nowhere."""

    into: str | None = _TEXT
    skip: int = 1  # characters that stand after \u for readers that know no Unicode
    font: int = -1
    heading: bool = False
    table: bool = False


def read(source: Source) -> Iterator[Document]:
    """The document; a passage names the heading above it. Raises SourceError for what is no RTF."""
    data = source.read()
    if not data.lstrip()[:5].startswith(b"{\\rtf"):
        raise SourceError("не RTF или повреждён: откройте и сохраните заново")
    text = _Rtf(data)
    text.run()
    if text.grown.text:
        yield metadata.extracted(
            text.grown.text,
            path=source.path,
            title=text.said.get("title", ""),
            created=text.created,
            fields={"author": text.said.get("author"), "keywords": text.said.get("keywords")},
            locations=text.grown.locations,
        )


class _Rtf:
    """Reads the tokens one after another."""

    def __init__(self, data: bytes) -> None:
        self.grown = Growing()
        self.said: dict[str, str] = {}
        self.created: str | None = None
        self._data = data
        self._page = _code_page(data)
        self._fonts: dict[int, str] = {}
        self._group = _Group()
        self._around: list[_Group] = []
        self._parts: dict[str, list[str]] = {}
        self._bytes = bytearray()
        self._skip = 0
        self._ignorable = False
        self._day: dict[str, int] = {}

    def run(self) -> None:
        """To the end of the file, or of its last group."""
        at = 0
        while token := _TOKEN.match(self._data, at):
            at = token.end()
            if token["word"]:
                at += self._word(token["word"].decode(), int(token["number"] or -1), token)
            elif token["hex"]:
                self._letters(bytes([int(token["hex"], 16)]))
            elif token["text"]:
                self._letters(token["text"])
            elif token["sign"]:
                self._sign(token["sign"])
            elif token["brace"] == b"{":
                self._open()
            elif token["brace"] == b"}":
                self._close()
        self._end_paragraph()

    def _open(self) -> None:
        self._flush()
        self._around.append(self._group)
        if len(self._around) > _DEPTH:
            raise SourceError("слишком глубокая вложенность: файл повреждён или сделан нарочно")
        self._skip = 0

    def _close(self) -> None:
        self._flush()
        into = self._group.into
        if self._around:
            self._group = self._around.pop()
        if into in _INFO and self._group.into != into:
            if into == "creatim" and {"yr", "mo", "dy"} <= self._day.keys():
                self.created = "{yr:04}-{mo:02}-{dy:02}".format(**self._day)
            self._day = {}
            # said twice, the second time in Unicode
            self.said[into] = self._taken(into).strip() or self.said.get(into, "")
        self._ignorable, self._skip = False, 0

    def _word(self, word: str, number: int, token: re.Match[bytes]) -> int:
        """One control word; how many bytes behind it are no tokens."""
        ignorable, self._ignorable = self._ignorable, False
        if word == "bin":
            return max(0, number)
        if word == "u" and token["number"]:
            self._flush()
            self._put(chr(number & 0xFFFF))
            self._skip = self._group.skip
            return 0
        if word not in ("f", "uc"):
            self._flush()
        self._skip = 0
        if word == "fonttbl":
            self._group = replace(self._group, into=None)
        elif word in _INFO:
            self._group = replace(self._group, into=word)
        elif word == _NOTE:
            self._group = replace(self._group, into=_NOTE)
        elif word in _SILENT or (ignorable and word not in ("shptxt", "shpinst")):
            self._group = replace(self._group, into=None)
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif word in _PARAGRAPHS:
            if self._group.into == _TEXT and not (word == "par" and self._group.table):
                self._end_paragraph("\n" if word.endswith("row") else "\n\n")
            else:
                self._put("\n" if self._group.into == _NOTE else " ")
        else:
            self._property(word, number)
        return 0

    def _property(self, word: str, number: int) -> None:
        if word == "f":
            self._flush()
            self._group = replace(self._group, font=number)
        elif word == "fcharset" and number in _CHARSETS:
            self._fonts[self._group.font] = _CHARSETS[number]
        elif word == "uc":
            self._group = replace(self._group, skip=max(0, number))
        elif word == "outlinelevel":
            self._group = replace(self._group, heading=0 <= number < 3)
        elif word == "pard":
            self._group = replace(self._group, heading=False, table=False)
        elif word == "intbl":
            self._group = replace(self._group, table=True)
        elif word in ("yr", "mo", "dy"):
            self._day[word] = number

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._ignorable = True
        elif sign in b"\r\n":
            self._end_paragraph()
        elif (text := sign.decode("latin-1")) in _SPECIAL:
            self._flush()
            self._put(_SPECIAL[text])
        else:
            self._letters(sign)  # \\ \{ \}

    def _letters(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        if self._group.into is not None:
            self._bytes += data[skipped:]

    def _flush(self) -> None:
        """Bytes that wait become letters, in the code page of their font."""
        if self._bytes:
            self._put(self._bytes.decode(self._fonts.get(self._group.font, self._page), "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        if self._group.into is not None:
            self._parts.setdefault(self._group.into, []).append(text)

    def _taken(self, into: str) -> str:
        """What went there, and is there no more; pairs of \\u are halves of one letter."""
        text = "".join(self._parts.pop(into, ()))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _end_paragraph(self, gap: str = "\n\n") -> None:
        self._flush()
        text = self._taken(_TEXT)
        if self._group.heading and text.strip():
            self.grown.begin(text)
        self.grown.add(text, gap)
        self.grown.add(self._taken(_NOTE))


def _code_page(data: bytes) -> str:
    """That of the document, checked against its letters."""
    head = data[:_SAMPLE]
    said = re.search(rb"\\ansicpg(\d{3,5})", head)
    letters = re.sub(rb"\\'([0-9a-fA-F]{2})", lambda pair: bytes([int(pair[1], 16)]), head)
    sample = re.sub(rb"\\[a-z]+-?\d* ?|[{}]", b"", letters)
    declared = "mac-roman" if b"\\mac" in head[:200] else f"cp{said[1].decode() if said else 1252}"
    found = encodings.detect(sample, declared)
    return "cp1252" if found.startswith("utf") else found
