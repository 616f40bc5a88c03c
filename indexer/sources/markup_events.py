"""HTML → blocks of text, each with what the elements around it say of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.errors import SourceError

# Nothing in these is text to read.
_SILENT = frozenset("script style noscript template iframe object embed svg canvas select button textarea".split())
# These end a line; those of the second list stand apart, with a blank line.
_LINES = frozenset("li dt dd tr div address figcaption option caption summary legend".split())
_APART = frozenset(
    """p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table thead tbody tfoot section article main header footer nav aside
    figure form fieldset details hr body center""".split()
)
_NAV_TAGS = frozenset("nav footer menu dialog".split())
_NAV_ROLES = frozenset("navigation banner contentinfo search menu menubar toolbar dialog alertdialog".split())
_ASIDE_NAMES = frozenset(
    """nav navbar navigation menu submenu breadcrumb breadcrumbs footer sidebar cookie cookies share sharing social
    banner advert advertisement ads promo related recommend recommended subscribe pagination pager toolbar""".split()
)
_NAMED = frozenset("div ul ol section table td aside form span p".split())  # that names of classes are believed of
_NOTES = ("doc-noteref", "doc-backlink")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NAME = re.compile(r"[a-z]+")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_NO_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r\f"}
_EDGE = re.compile(r" *\n *")
_INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LINKED = 0.7  # of the letters of a block that is a link
_PIECE = 1 << 16  # characters handed to the parser at once
_DEPTH = 100_000  # elements within one another: pages that never close <font> have thousands


@dataclass(slots=True)
class Block:
    """A paragraph, an item, a row: `linked` characters of it are links, `level` is that of a heading."""

    text: str
    linked: int = 0
    level: int = 0
    apart: bool = False
    main: bool = False
    nav: bool = False
    aside: bool = False


@dataclass(slots=True)
class _Element:
    """What holds within an element: `silent` is 1 for what is not read, 2 for data that may be looked at."""

    tag: str
    silent: int = 0
    linked: bool = False
    main: bool = False
    nav: bool = False
    aside: bool = False
    pre: bool = False
    header: bool = False


@dataclass(slots=True)
class Events:
    """Takes the events of lxml's parser (its target interface) and keeps what they come to."""

    blocks: list[Block] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)  # of scripts that hold JSON
    meta: dict[str, str] = field(default_factory=dict)
    lang: str | None = None
    time: str | None = None
    _open: list[_Element] = field(default_factory=lambda: [_Element("")])
    _parts: list[str] = field(default_factory=list)
    _linked: int = 0
    _level: int = 0
    _apart: bool = True

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag in _APART or tag in _LINES:
            self._end_block(tag in _APART)
        if len(self._open) > _DEPTH:
            raise SourceError("слишком глубокая вложенность: файл повреждён или сделан нарочно")
        element = self._inside(tag, attributes)
        self._open.append(element)
        if tag == "br":
            self._parts.append("\n")
        elif tag in ("td", "th"):
            self._parts.append("\t")
        elif tag == "html":
            self.lang = attributes.get("lang") or attributes.get("xml:lang")
        elif tag == "meta":
            self._say(attributes)
        elif tag == "time" and not self.time:
            self.time = attributes.get("datetime")
        self._level = _HEADINGS.get(tag, self._level)

    def _inside(self, tag: str, attributes: Mapping[str, str]) -> _Element:
        around = self._open[-1]
        role = attributes.get("role", "")
        hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
        # the number of a note: «борт¹» must not become «борт1»
        note = tag == "a" and (
            around.tag == "sup" or role in _NOTES or attributes.get("epub:type") in ("noteref", "backlink")
        )
        note = note or (tag == "sup" and around.linked)
        silent = around.silent or int(tag in _SILENT or hidden or note)
        if tag == "script" and attributes.get("type") == "application/ld+json":
            silent = 2
        named = tag in _NAMED and not _ASIDE_NAMES.isdisjoint(
            _NAME.findall(f"{attributes.get('class', '')} {attributes.get('id', '')}".lower())
        )
        main = tag in ("main", "article") or role == "main"
        nav = around.nav or tag in _NAV_TAGS or role in _NAV_ROLES
        # names are guesses: what calls itself the main part is not within a menu
        aside = nav or tag == "aside" or named or (around.aside and not main)
        linked, pre = around.linked or tag == "a", around.pre or tag == "pre"
        header = around.header or tag == "header"
        return _Element(tag, silent, linked, around.main or main, nav, aside, pre, header)

    def _say(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        if name and (value := attributes.get("content", "").strip()):
            self.meta.setdefault(name.lower(), value)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in _APART or tag in _LINES:
            self._end_block(tag in _APART)
        if len(self._open) > 1:
            self._open.pop()

    def data_event(self, text: str) -> None:
        """Text within the element that is open; «&#1;» is no character that a text has."""
        text = text.translate(_NO_CONTROL)
        around = self._open[-1]
        if around.tag == "title" and not self.blocks:
            self.title.append(text)
        elif around.silent:
            if around.silent == 2:
                self.data.append(text)
        else:
            piece = text if around.pre else _SPACE.sub(" ", text)
            self._parts.append(piece)
            self._linked += len(piece.strip()) if around.linked else 0

    def close(self) -> Events:
        """The document ends."""
        self._end_block(True)
        return self

    def _end_block(self, apart: bool) -> None:
        text = "".join(self._parts)
        around = self._open[-1]
        text = (text if around.pre else _EDGE.sub("\n", re.sub(" {2,}", " ", text))).strip(" \t\n")
        if text:
            aside = around.aside or (around.header and self._linked >= LINKED * len(text))  # the name of the site
            self.blocks.append(Block(text, self._linked, self._level, self._apart, around.main, around.nav, aside))
            self._apart = False
        self._apart = self._apart or apart
        self._parts, self._linked, self._level = [], 0, 0


class _Target:
    """What lxml calls; its name for text, `data`, is that of a field of ours."""

    def __init__(self) -> None:
        self._events = Events()
        self.start, self.end, self.data = self._events.start, self._events.end, self._events.data_event

    def close(self) -> Events:
        return self._events.close()


def feed(text: str) -> Events:
    """The events of a page, whatever is wrong with it: nothing in HTML is an error."""
    from lxml import etree  # a dozen milliseconds, which files of other kinds do not need

    parser: Any = etree.HTMLParser(
        target=_Target(), encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    clean = _INVALID.sub(" ", text)
    for at in range(0, len(clean), _PIECE):
        parser.feed(clean[at : at + _PIECE].encode())
    if not clean.strip():
        return Events().close()
    found: Events = parser.close()
    return found
