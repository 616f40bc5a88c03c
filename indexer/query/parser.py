"""Query text → tree. Any text is a query: what does not parse as an operator is text.

either  = all (("ИЛИ" | "OR" | "|") all)*
all     = item ((("<<" | "&" | "И" | "AND" | "&&")? item)*     what binds closer: see `binding`
item    = ("НЕ" | "NOT" | "-" | "+")? (["!="]? phrase | "(" either ")" | field ":" value | mask | text)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from indexer.analysis.folding import HYPHENS, fold, key
from indexer.analysis.tokens import tokenize
from indexer.errors import QueryError
from indexer.patterns import pattern
from indexer.query.binding import OPERATORS, Operator, bind
from indexer.query.dates import among
from indexer.query.tree import (
    FARTHEST,
    And,
    Compound,
    Filter,
    Fuzzy,
    Gap,
    InTitle,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Word,
)

# Field names as typed → the filter's name; "title" is a place to look in, not a filter.
FIELDS = {"title": "title", "заголовок": "title", "date": "date", "дата": "date", "lang": "lang", "язык": "lang",
          "path": "path", "путь": "path", "dir": "path", "папка": "path", "ext": "ext"}  # fmt: skip
_OR, _NOT = {"ИЛИ", "OR", "|", "||"}, {"НЕ", "NOT"}
_BETWEEN = _OR | OPERATORS.keys()
_NO_WORDS = _BETWEEN | _NOT
_QUOTES = '"“”„«»'
# What stands within quotation marks; bounded, so that a text of opening marks alone is read in linear time.
_QUOTED = r"(?:\"[^\"]{0,999}\"|«[^»]{0,999}»|„[^“”\"]{0,999}[“”\"]|“[^”]{0,999}”)(?:~\d{1,4}(?!\d))?"
# A parenthesis is one behind a space, another parenthesis or an operator; in «f(x)» it is nothing.
_BEFORE_OPEN = r"(?:(?<![^\s()|&])|(?<=\bНЕ)|(?<=\bNOT)|(?<=\bИ)|(?<=\bAND)|(?<=\bИЛИ)|(?<=\bOR))"
_LEXER = re.compile(
    rf"""
    (?P<space>\s+) | (?P<word>[^\W_]++(?!\S))
  | (?P<phrase>(?<!\w)(?:(?<![^\s(|])[-+])?(?:(?:{"|".join(FIELDS)}):)?[!=]?{_QUOTED})
  | (?P<open>{_BEFORE_OPEN}[-+]?(?:(?:title|заголовок):)?\() | (?P<close>\)) | (?P<or>\|\|?)
  | (?P<text>[^\s()|{_QUOTES}]+)
  | (?P<noise>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
# Most of a query is words between spaces, which are told first of all.
_KINDS = {**{kind: kind for kind in _LEXER.groupindex}, "word": "text"}
_FIELD = pattern(rf"({'|'.join(FIELDS)}):(.+)", re.DOTALL | re.IGNORECASE)
_FUZZY = pattern(r"(?<=\w)~(\d?)$")
# Where all words are fuzzy, one edit is allowed for so many letters.
_LETTERS_AN_EDIT = 3
# Of so many characters a query is looked at for being words alone; those are remembered.
_SHORT = 1000
_NEAR = pattern(r"/(\d{1,3})")
_PUNCTUATION = ".,;:!?…"
# What a mask is made of; anything else in such a piece ends one mask and begins another.
_MASK_PIECE = pattern(rf"[{HYPHENS}\w*?'’]+")
_EMPTY = And(())
_ASTERISK = pattern(r"(?<!\S)\*(?!\S)")
# What programs for writing make of a hyphen before a word.
_MINUS = pattern(r"(?<![^\s(|])\u2212(?=[^\W\d_]|[(!=\"«„“])")


def parse(query: str, *, exact: bool = False, fuzzy: int = 0) -> Node:
    """The tree of a query; `exact` takes every word as typed, `fuzzy` as within so many edits (0 … 2).

    Raises QueryError when the query is empty.
    """
    if not isinstance(query, str):
        raise QueryError(f"Запрос должен быть строкой, а не {type(query).__name__}")
    if not query.strip():
        raise QueryError("Пустой запрос. Введите хотя бы одно слово, например: search договор")
    if not fuzzy and len(query) <= _SHORT and (words := _alone(query.split(), exact)):
        return words[0] if len(words) == 1 else And(words)
    parser = _Parser(query, exact, fuzzy)
    return parser.either()


def _alone(pieces: list[str], exact: bool) -> tuple[Word, ...]:
    """Words of letters and nothing else, which most queries are: none of the rules has more to say of them."""
    if "".join(pieces).isalpha() and _NO_WORDS.isdisjoint(pieces):
        return tuple([_word(piece, exact) for piece in pieces])
    return ()


@lru_cache(maxsize=1 << 12)
def _word(raw: str, exact: bool) -> Word:
    """The same object every time, so that caches find it by its identity."""
    return Word(raw, fold(raw), exact)


# Parentheses deeper than this are text: nobody means them, and recursion has an end.
_DEEPEST = 50


class _Parser:
    """Recursive descent that never fails: an operator without its operand is not there."""

    def __init__(self, query: str, exact: bool, fuzzy: int) -> None:
        self._exact = exact
        self._fuzzy = fuzzy
        self._tokens = [(_KINDS.get(m.lastgroup or "", ""), m.group()) for m in _LEXER.finditer(_MINUS.sub("-", query))]
        self._at = 0

    def either(self, depth: int = 0) -> Node:
        """Alternatives up to the closing parenthesis or the end."""
        options = [self._all(depth)]
        while self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "close" and depth:
                break
            self._at += 1
            if kind == "or" or text in _OR:
                options.append(self._all(depth))
        options = [option for option in options if option != _EMPTY]
        return options[0] if len(options) == 1 else Or(tuple(options)) if options else _EMPTY

    def _all(self, depth: int) -> Node:
        """Items up to an OR, the closing parenthesis or the end; neighbours with an operator between make a group."""
        found: list[Node | Operator] = []
        while self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "or" or text in _OR or (kind == "close" and depth):
                break
            if text in OPERATORS:
                found.append(OPERATORS[text])
                self._at += 1
                continue
            near = _NEAR.fullmatch(text)
            if near and found and isinstance(last := found[-1], Word | Compound | Mask):
                self._at += 1
                found[-1:] = self._near(last, int(near[1]), depth)
                continue
            found += self._item(depth)
        items = bind(found)
        return items[0] if len(items) == 1 and not isinstance(items[0], Not | Must) else And(tuple(items))

    def _near(self, first: Term, reach: int, depth: int) -> list[Node]:
        """`a /3 b`: within three words of each other, in any order; the slop is the words between."""
        while self._at < len(self._tokens) and self._tokens[self._at][0] == "space":
            self._at += 1
        following = self._item(depth) if self._here() and self._here() not in _BETWEEN | {")"} else []
        if following and isinstance(following[0], Word | Compound | Mask):
            return [Phrase((first, following[0]), max(0, reach - 1)), *following[1:]]
        return [first, *following]

    def _item(self, depth: int) -> list[Node]:
        """What stands here, without what is empty: `title:'`."""
        return [node for node in self._nodes(depth) if node != _EMPTY]

    def _nodes(self, depth: int) -> list[Node]:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "open":
            if depth == _DEEPEST:
                return []
            inner = self.either(depth + 1)
            self._at += self._here() == ")"
            return [] if inner == _EMPTY else [_prefixed(text, InTitle(inner) if ":" in text else inner)]
        if kind == "phrase":
            return [_prefixed(text, self._phrase(text.lstrip("+-")))]
        if text in _NOT:
            while self._at < len(self._tokens) and (self._tokens[self._at][0] == "space" or self._here() in _NOT):
                self._at += 1
            operand = self._item(depth) if self._here() not in _BETWEEN | {"", ")"} else []
            return [Not(operand[0]), *operand[1:]] if operand else []
        return self._text(text) if kind == "text" else []

    def _here(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _phrase(self, text: str) -> Node:
        if field := _FIELD.match(text):
            if FIELDS[field[1].lower()] != "title":
                return self._field(field[1], field[2].strip(_QUOTES))
            inner = self._phrase(field[2])
            return inner if inner == _EMPTY else InTitle(inner)
        body, _, slop = text.rpartition("~") if re.search(r"~\d{1,4}$", text) else (text, "", "")
        exact = self._exact or body[0] in "!="
        pieces = body.lstrip("!=")[1:-1].split()
        if not self._fuzzy and (alone := _alone(pieces, exact)):
            return Phrase(alone, int(slop) if slop else None)
        words = " ".join(pieces)
        items: list[Term | Gap] = []
        for number, stretch in enumerate(_ASTERISK.split(words)):
            if number:
                items.append(Gap())
            for special, row in groupby(stretch.split(), lambda piece: piece[0] in "!=" or _is_more(piece)):
                if special:
                    items += (term for piece in row for term in self._terms(piece, exact or piece[0] in "!="))
                else:
                    items += self._words(" ".join(row), exact)
        while items and isinstance(items[0], Gap):
            del items[0]
        while items and isinstance(items[-1], Gap):
            del items[-1]
        return Phrase(tuple(items), int(slop) if slop else None) if items else _EMPTY

    def _text(self, first: str) -> list[Node]:
        """One piece with an operator, or the run of plain pieces from here: «5 374» is one number."""
        if (nodes := self._operator(first)) is not None:
            return nodes
        run = [first]
        while self._at + 1 < len(self._tokens):
            (space, _), (kind, text) = self._tokens[self._at : self._at + 2]
            if space != "space" or kind != "text" or text in _NO_WORDS or self._is_special(text):
                break
            run.append(text)
            self._at += 2
        return list(self._words(" ".join(run), self._exact))

    def _is_special(self, text: str) -> bool:
        return not text.isalnum() and bool(
            re.match(r"[-!=][^\W_]|\+[^\W\d_]|[-+][!=]", text)
            or _FIELD.match(text)
            or _NEAR.fullmatch(text)
            or _is_more(text)
        )

    def _operator(self, text: str) -> list[Node] | None:
        """The nodes of a piece that is more than words; None for plain words."""
        if not self._is_special(text):
            return None
        bare = text.lstrip("+-") if text[0] in "+-" else text
        if field := _FIELD.match(bare):
            return [_prefixed(text, self._field(field[1], field[2]))]
        terms = list(self._terms(bare, self._exact or bare[0] in "!="))
        if len(terms) > 1 and text[0] in "+-":
            return [_prefixed(text, And(tuple(terms)))]
        return [_prefixed(text, term) for term in terms]

    def _field(self, typed: str, value: str) -> Node:
        name = FIELDS[typed.lower()]
        if name == "date" and not _is_date(value):  # «Дата:завтра» of a pasted text is words
            return And(tuple(self._words(f"{typed} {value}", self._exact)))
        if name != "title":
            return Filter(name, value)
        terms = tuple(self._terms(value, self._exact or value[0] in "!=")) if value else ()
        return InTitle(terms[0] if len(terms) == 1 else And(terms)) if terms else _EMPTY

    def _terms(self, piece: str, exact: bool) -> Iterator[Term]:
        if _is_mask(piece):
            for mask in _MASK_PIECE.findall(piece.rstrip(_PUNCTUATION) if "*" in piece else piece.rstrip(".,;:!…")):
                if re.search(r"[^\W_]", mask):
                    yield (Mask(mask, _pattern(mask)) if re.search(r"[*?]", mask) else Word(mask, fold(mask), exact))
            return
        distance = _FUZZY.search(piece)
        for term in self._words(_FUZZY.sub("", piece).lstrip("!="), exact):
            yield _fuzzy(term, int(distance[1] or 1)) if distance else term

    def _words(self, text: str, exact: bool) -> Iterator[Term]:
        tokens = list(tokenize(text))
        skip = -1
        for number, token in enumerate(tokens, 1):
            raw = text[token.start : token.end]
            if token.position <= skip and token.kind == "word":
                continue  # a part of the whole before it
            if token.kind == "word":
                word = Word(raw, token.form, exact)
                yield _fuzzy(word, min(self._fuzzy, len(token.form) // _LETTERS_AN_EDIT)) if self._fuzzy else word
                continue
            skip = token.position + token.width - 1
            if token.kind == "unit":
                yield Word(raw, token.form, exact)
            else:
                following = tokens[number : number + token.width + 1]  # its parts, one other whole at most before
                parts = [part for part in following if part.kind == "word"][: token.width]
                words = tuple(Word(text[part.start : part.end], part.form, exact) for part in parts)
                yield Compound(raw, token.form, words, exact)


def _fuzzy(term: Term, distance: int) -> Term:
    """A word within some edits; what has no letter is no word."""
    if not isinstance(term, Word) or term.exact or not distance or not any(map(str.isalpha, term.form)):
        return term
    return Fuzzy(term.text, key(term.form), term.form, min(distance, FARTHEST))


def _is_date(value: str) -> bool:
    try:
        among(value, ())
    except QueryError:
        return False
    return True


def _is_mask(text: str) -> bool:
    """`*` anywhere, or `?` before a letter: otherwise it ends a question. An address may have both."""
    return "://" not in text and ("*" in text or bool(re.search(r"\?[?*]*[^\W_]", text)))


def _is_more(text: str) -> bool:
    """Whether a piece stands for more than its words and their forms: `перегов*`, `женива~1`."""
    return _is_mask(text) or bool(_FUZZY.search(text))


def _pattern(mask: str) -> str:
    pieces = re.split(r"([*?])", mask)
    return "".join(piece if piece in ("*", "?") else key(fold(piece)) for piece in pieces)


def _prefixed(text: str, node: Node) -> Node:
    if node == _EMPTY:
        return node
    return Not(node) if text[0] == "-" else Must(node) if text[0] == "+" else node


def with_filters(tree: Node, filters: tuple[Filter, ...]) -> Node:
    """The tree with filters that were given as options."""
    if not filters or tree == _EMPTY:  # a query of masks alone finds nothing, filtered or not
        return tree
    return tree.replace(children=(*tree.children, *filters)) if isinstance(tree, And) else And((tree, *filters))
