"""Letters: .eml → a document, its attachments more; .mbox → a document a letter, «почта.mbox!/3».

The text is the plain part, or the HTML where there is no plain one; charsets are checked against the bytes, since
letters of the nineties declare anything. Attachments of formats that we read are documents below the letter's:
«письмо.eml!/договор.docx».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.paths import MEMBER
from indexer.sources import encodings, html, metadata
from indexer.sources.source import WHOLE, Found, Inside, Source

_FROM = re.compile(rb"From \S")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_LINE = 1 << 20  # bytes read at once where a line has no end
_PARTS = 10_000


def letter(source: Source, inside: Inside) -> Found:
    """The letter and its attachments. Raises SourceError for what is no letter."""
    yield from _letter(source.read(), source, inside)


def mailbox(source: Source, inside: Inside) -> Found:
    """The letters of a mailbox; one that cannot be read is a Problem, and the rest goes on."""
    for number, data in enumerate(_split(source), start=1):
        path = f"{source.path}{MEMBER}{number}"
        try:
            if data is None:
                raise SourceError(f"письмо больше {WHOLE >> 20} МБ: разделите файл на части")
            # an attachment of the letter stands below the letter's number: «почта.mbox!/3/договор.docx»
            yield from _letter(data, replace(source, path=path), inside, "/")
        except SourceError as error:
            yield Problem(path, str(error))


def _split(source: Source) -> Iterator[bytes | None]:
    """The letters, each from its line «From »; None for one that is too large."""
    parts: list[bytes] = []
    size = 0
    begun = blank = False
    while line := source.stream.readline(_LINE):
        if _FROM.match(line) and (blank or not begun):
            if begun:
                yield _unquoted(parts) if size <= WHOLE else None
            begun, parts, size = True, [], 0
        elif begun:
            size += len(line)
            if size <= WHOLE:
                parts.append(line)
        elif line.strip():
            raise SourceError("не почтовый ящик mbox: в начале нет строки «From »")
        blank = not line.strip()
    if begun:
        yield _unquoted(parts) if size <= WHOLE else None


def _unquoted(parts: list[bytes]) -> bytes:
    return _QUOTED_FROM.sub(rb"\1", b"".join(parts))


def _letter(data: bytes, source: Source, inside: Inside, below: str = MEMBER) -> Found:
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        parts = [part for _, part in zip(range(_PARTS), message.walk(), strict=False)]
    except RecursionError as error:
        raise SourceError("слишком много писем вложено друг в друга: сохраните их по одному") from error
    if not message.keys():
        raise SourceError("не письмо: в начале нет заголовков")
    texts = [part for part in parts if not part.is_multipart() and not _file_name(part)]
    text = _text(texts, "text/plain", source) or _text(texts, "text/html", source)
    said = {name: _header(message, name) for name in ("subject", "from", "to", "cc", "message-id")}
    if text or said["subject"]:
        yield Document(
            text=text,
            path=source.path,
            title=said["subject"],
            date=_date(message),
            lang=None,
            fields={
                name: value
                for name, value in (
                    ("from", _people(said["from"])),
                    ("to", _people(said["to"], said["cc"])),
                    ("message_id", said["message-id"]),
                )
                if value
            },
        )
    for part in parts:
        if (name := _file_name(part)) and not part.is_multipart() and inside.knows(name):
            yield from _attachment(part, name, source, inside, below)


def _attachment(part: Message, name: str, source: Source, inside: Inside, below: str) -> Found:
    path = f"{source.path}{below}{name}"
    try:
        member = source.member(name, _payload(part))
        yield from inside.read(replace(member, path=path, encoding="auto"))
    except SourceError as error:
        yield Problem(path, str(error))


def _text(parts: list[Message], kind: str, source: Source) -> str:
    """The texts of all parts of a kind."""
    found = []
    for part in parts:
        if part.get_content_type() == kind:
            charset = part.get_content_charset() if source.encoding == "auto" else None
            data = _payload(part)
            if kind == "text/html":
                found.append(html.parse(data, source.encoding, charset, whole=True).text)
            else:
                found.append(encodings.decode(data, source.encoding, charset).replace("\r\n", "\n").strip())
    return "\n\n".join(filter(None, found))


def _payload(part: Message) -> bytes:
    data: Any = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(message: Message, name: str) -> str:
    """A header as people read it; bytes that declare nothing are in the encoding that they look like."""
    raw: Any = message.get(name)
    if raw is None:
        return ""
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(str(raw), None)]
    text = "".join(_piece(piece, charset) for piece, charset in pieces)
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        data = piece.encode("utf-8", "surrogateescape")
    elif charset == "unknown-8bit":
        data, charset = piece, None
    else:
        data = piece
    try:
        return encodings.decode(data, "auto", charset)
    except SourceError:
        return data.decode("utf-8", "replace")


def _people(*headers: str) -> list[str]:
    return [name or address for name, address in getaddresses([header for header in headers if header]) if address]


def _date(message: Message) -> str | None:
    try:
        return parsedate_to_datetime(str(message.get("date", ""))).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return metadata.day(_header(message, "date"))


def _file_name(part: Message) -> str:
    """The name of an attachment, without the folders of another machine."""
    try:
        name = part.get_filename() or ""
    except (TypeError, ValueError, UnicodeError):
        return ""
    clean = "".join(_piece(piece, charset) for piece, charset in decode_header(name)) if name else ""
    return "".join(sign for sign in clean.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
