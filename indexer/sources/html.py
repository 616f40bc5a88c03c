"""HTML → the text that its reader came for: without menus, footers, scripts; its title, date, language.

The parser is libxml2's by lxml, as a stream of events: Python's own takes time by the square of «<a <a <a …», and six
times as long on honest pages. What is a menu is told by what the page itself says (nav, role), by names of classes,
and by lists that are all links; where that leaves little of the page, the page is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.model import Document
from indexer.sources import encodings, metadata
from indexer.sources.markup_events import LINKED, Block, Events, feed
from indexer.sources.source import Source

_LEAST = 0.2  # of a page's text; when what is left is less, too much was left out
_MAIN = 0.3  # of the rest; an <article> that has less is a teaser
_MENU = 3  # neighbours that are all links
_LINE = 120  # characters; a longer block is prose, however linked
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{2,40})|^<\?xml[^>]{0,100}encoding=[\"']([\w-]+)", re.IGNORECASE
)
_HEAD = 4096  # bytes among which the encoding is declared
_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publish-date",
    "article:modified_time",
)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d)')


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: `text`, and (offset in it, heading) of its headings."""

    text: str
    title: str = ""
    date: str | None = None
    lang: str | None = None
    author: str = ""
    url: str = ""
    headings: Sequence[tuple[int, str]] = field(default_factory=tuple)


def read(source: Source) -> Iterator[Document]:
    """The document of a page; none where it has no text. Raises SourceError for bytes that are no text."""
    page = parse(source.read(), source.encoding)
    if page.text or page.title:
        yield metadata.extracted(
            page.text,
            path=source.path,
            title=page.title,
            date=page.date,
            lang=page.lang,
            fields={"author": page.author, "url": page.url},
        )


def parse(data: bytes, encoding: str = "auto", declared: str | None = None, *, whole: bool = False) -> Page:
    """What is on a page; `whole` leaves out nothing of it, as for a chapter of a book or a letter.

    `declared` is what goes before the encoding that the page names. Raises SourceError for bytes that are no text.
    """
    said = _CHARSET.search(data[:_HEAD])
    name = declared or (next(filter(None, said.groups())).decode() if said else None)
    events = feed(encodings.decode(data, encoding, name))
    text, headings = _joined(events.blocks if whole else _main(events.blocks))
    return Page(
        text,
        _title(events),
        next((value for key in _DATES if (value := events.meta.get(key))), None) or _json_date(events) or events.time,
        events.lang,
        events.meta.get("author", ""),
        events.meta.get("og:url", ""),
        headings,
    )


def _title(events: Events) -> str:
    """The heading where the title of the page has it: the rest is the name of the site."""
    title = " ".join("".join(events.title).split())
    heading = next((block.text for block in events.blocks if block.level == 1), "")
    if heading and (heading in title or not title):
        return heading
    return title or events.meta.get("og:title", "")


def _json_date(events: Events) -> str | None:
    found = _JSON_DATE.search("".join(events.data))
    return found[1] if found else None


def _main(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without menus and the like; all of them where that leaves too little."""
    size = _size(blocks)
    for kept in (_without_menus([block for block in blocks if not block.aside]), [b for b in blocks if not b.nav]):
        if kept and _size(kept) >= _LEAST * size:
            inner = [block for block in kept if block.main]
            return inner if _size(inner) >= _MAIN * _size(kept) else kept
    return list(blocks)


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _without_menus(blocks: Sequence[Block]) -> list[Block]:
    """Runs of short blocks that are all links go."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in [*blocks, None]:
        if block and block.linked >= LINKED * len(block.text) and len(block.text) <= _LINE and not block.level:
            run.append(block)
            continue
        kept += run if len(run) < _MENU else []
        run = []
        kept += [block] if block else []
    return kept


def _joined(blocks: Sequence[Block]) -> tuple[str, list[tuple[int, str]]]:
    parts: list[str] = []
    headings: list[tuple[int, str]] = []
    at = 0
    for block in blocks:
        gap = ("\n\n" if block.apart else "\n") if parts else ""
        if block.level:
            headings.append((at + len(gap), " ".join(block.text.split())))
        parts += (gap, block.text)
        at += len(gap) + len(block.text)
    return "".join(parts), headings
