"""The repairs of a query that finds nothing, in order: layout, words typed apart, look-alike letters, transliteration,
spelling.

A query is repaired piece by piece: operators, quotation marks, fields and words that the index has stay as typed. Each
unknown word takes the first repair that makes a known one of it; but a query typed wholly in the other layout, or in
the other alphabet, is read wholly so, since «d», «yt» and «kot» may well be in an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from indexer.analysis import russian
from indexer.analysis.folding import fold, key
from indexer.analysis.tokens import is_one_word
from indexer.query.parser import FIELDS
from indexer.repair import layout, lookalike, spelling, translit
from indexer.repair.candidates import Candidate
from indexer.repair.lexicon import Lexicon

Kind = Literal["layout", "lookalike", "translit", "spelling"]
# How many known words are tried for one of the query.
_TRIED = 4
# A shorter word of a query that is otherwise in the right layout is hardly in the wrong one: vs, no.
_SHORTEST_ALONE = 4

_PIECE, _PIECE_WITH_QUOTES = re.compile(r'([^\s()|"“”„«»]+)'), re.compile(r"([^\s()|“”„«»]+)")
_PARTS = re.compile(r"([-+]?(?:(?:title|заголовок):)?[-+!=]*)(.*?)(\*|~\d?)?", re.DOTALL | re.IGNORECASE)
_OTHER_FIELD = re.compile(rf"[-+]?(?:{'|'.join(FIELDS)}):(?<!title:)(?<!заголовок:)", re.IGNORECASE)
_OPERATOR = re.compile(r"И|ИЛИ|НЕ|AND|OR|NOT|&&?|<<|/\d+")
_AROUND = re.compile(r"\W*(\w(?:[\w'’-]*\w)?)\W*")


@dataclass(frozen=True, slots=True)
class Repair:
    """A query that may have been meant, and what was mended; of several kinds, the farthest from what was typed."""

    kind: Kind
    text: str


class _Piece(NamedTuple):
    """A word of the query with the operators that it wears; `number` is its place among the parts of the query."""

    number: int
    before: str
    body: str
    after: str


class Chain:
    """The repairs of one query against one state of an index."""

    def __init__(self, query: str, lexicon: Lexicon, finds: Callable[[str], bool]) -> None:
        """`finds` says whether the index has what a piece of a query asks for."""
        self._lexicon = lexicon
        # an odd quotation mark is no quotation mark but the key of Э
        self._parts = (_PIECE if query.count('"') % 2 == 0 else _PIECE_WITH_QUOTES).split(query)
        self._pieces = [piece for number in range(1, len(self._parts), 2) if (piece := self._piece(number))]
        self._finds = lru_cache(maxsize=None)(lambda text: bool(text.strip()) and finds(text))
        self._spellings = lru_cache(maxsize=None)(lambda word: spelling.candidates(word, lexicon))
        self._readings = lru_cache(maxsize=None)(lambda word: transliterated(word, lexicon))

    def repairs(self) -> Iterator[Repair]:
        """What may have been meant by a query that finds nothing, likeliest first."""
        given = set[str]()
        for repair in chain(
            self._whole("layout", lambda piece: layout.other(piece.body)),
            self._joined(),
            self._by_piece(_STEPS),
            self._whole("translit", self._transliterated),
        ):
            if repair.text not in given:
                given.add(repair.text)
                yield repair

    def suggestions(self) -> list[str]:
        """The query with words of the index for those that it lacks, though they may be right and only not there."""
        steps = {**_STEPS, "spelling": Chain._near}
        return list(dict.fromkeys(repair.text for repair in self._by_piece(steps)))

    def _piece(self, number: int) -> _Piece | None:
        text = self._parts[number]
        parts = _PARTS.fullmatch(text)
        if not parts or _OPERATOR.fullmatch(text) or _OTHER_FIELD.match(text) or not any(map(str.isalpha, parts[2])):
            return None
        return _Piece(number, parts[1], parts[2], parts[3] or "")

    def _written(self, changes: dict[int, str]) -> str:
        parts = list(self._parts)
        for piece in self._pieces:
            if piece.number in changes:
                parts[piece.number] = piece.before + changes[piece.number] + piece.after
        return "".join(parts)

    def _whole(self, kind: Kind, readings: Callable[[_Piece], Sequence[str]]) -> Iterator[Repair]:
        """All words of the query read otherwise, where all of them are known so."""
        changes = {}
        for piece in self._pieces:
            known = (text for text in readings(piece) if self._finds(text + piece.after))
            if not (text := next(known, "")):
                return
            changes[piece.number] = text
        if changes:
            yield Repair(kind, self._written(changes))

    def _joined(self) -> Iterator[Repair]:
        """Two words as one that was meant: «пере говоры», «кто то»."""
        for first, second in pairwise(self._pieces):
            if not (first.body.isalpha() and second.body.isalpha() and self._are_neighbours(first, second)):
                continue
            for word in (first.body + second.body, f"{first.body}-{second.body}"):
                if self._is_one_word(key(fold(word))):
                    here = slice(first.number, second.number + 1)
                    parts = [*self._parts[: here.start], first.before + word + second.after, *self._parts[here.stop :]]
                    yield Repair("spelling", "".join(parts))

    def _are_neighbours(self, first: _Piece, second: _Piece) -> bool:
        between = self._parts[first.number + 1 : second.number]
        return not (first.after or second.before) and len(between) == 1 and between[0].isspace()

    def _is_one_word(self, word: str) -> bool:
        """Whether the index has the word; with a hyphen, of those only that are not found by their parts."""
        if "-" in word and not is_one_word(word):
            return False
        return bool(self._lexicon.known([(word, 0.0)])) or (russian.known(word) and self._finds(word))

    def _by_piece(self, steps: Mapping[Kind, _Step]) -> Iterator[Repair]:
        """The unknown words mended each by itself; the best of each first, then one of them changed."""
        found = {piece.number: options for piece in self._pieces if (options := self._options(piece, steps))}
        if not found:
            return
        best = {number: options[1][0] for number, options in found.items()}
        kind = max((options[0] for options in found.values()), key=list(steps).index)
        yield Repair(kind, self._written(best))
        for number, (_, words) in found.items():
            for word in words[1:]:
                yield Repair(kind, self._written({**best, number: word}))

    def _options(self, piece: _Piece, steps: Mapping[Kind, _Step]) -> tuple[Kind, list[str]] | None:
        if self._finds(piece.body + piece.after):
            return ("spelling", better) if (better := self._far_better(piece)) else None
        for kind, step in steps.items():
            if known := [text for text in step(self, piece) if self._finds(text + piece.after)]:
                return kind, known[:_TRIED]
        return None

    def _other_layout(self, piece: _Piece) -> Sequence[str]:
        long = len(piece.body) >= _SHORTEST_ALONE or len(self._pieces) == 1
        return layout.other(piece.body) if long else ()

    def _look_alike(self, piece: _Piece) -> Sequence[str]:
        return lookalike.other(piece.body)

    def _transliterated(self, piece: _Piece) -> Sequence[str]:
        return self._by_parts(piece, self._readings)

    def _respelled(self, piece: _Piece) -> Sequence[str]:
        """The words near it; what is a word of the language was meant, though the index does not have it."""
        return self._by_parts(piece, lambda word: () if russian.known(word) else self._spellings(word))

    def _near(self, piece: _Piece) -> Sequence[str]:
        return self._by_parts(piece, self._spellings)

    def _by_parts(self, piece: _Piece, mend: Callable[[str], Sequence[Candidate]]) -> Sequence[str]:
        """The whole word mended or, of a hyphenated one, each part that is not known."""
        if (word := _bare(piece)) is None:
            return ()
        if whole := [candidate.word for candidate in mend(word)]:
            return whole
        parts = word.split("-")
        mended = [part if self._finds(part) else next((near.word for near in mend(part)), part) for part in parts]
        return () if len(parts) == 1 or mended == parts else ("-".join(mended),)

    def _far_better(self, piece: _Piece) -> list[str]:
        """For a slip that stands in the texts too: words very like it, and far more frequent."""
        word = _bare(piece)
        if word is None or russian.known(word) or piece.after:
            return []
        return spelling.far_better(word, self._lexicon.frequencies([word])[0], self._lexicon)[:_TRIED]


def transliterated(word: str, lexicon: Lexicon) -> list[Candidate]:
    """Its readings in the other alphabet, unless it is rather misspelled in its own: «правителство»."""
    found = translit.candidates(word, lexicon)
    most = max((candidate.frequency for candidate in found), default=0)
    return [] if found and spelling.far_better(word, most, lexicon) else found


def _bare(piece: _Piece) -> str | None:
    """The look-up key of a piece that is one word; punctuation around it is left out."""
    around = _AROUND.fullmatch(piece.body)
    return key(fold(around[1])) if around else None


_Step = Callable[[Chain, _Piece], Sequence[str]]
_STEPS: dict[Kind, _Step] = {
    "layout": Chain._other_layout,
    "lookalike": Chain._look_alike,
    "translit": Chain._transliterated,
    "spelling": Chain._respelled,
}
