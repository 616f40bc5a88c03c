"""Dates and numbers of a query → what else is the same date or number: 9 января 2022, 09.01.2022, 9 січня 2022.

Words that are typed without quotation marks stay words, each of which the other spellings have too. The spelling that
was typed is in the very form, the others are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from indexer.analysis.months import BESIDE_A_DAY, OF_A_DAY
from indexer.analysis.numerals import in_figures, in_letters
from indexer.patterns import pattern
from indexer.query.tree import (
    And,
    Before,
    Compound,
    Either,
    Gap,
    InTitle,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Sentence,
    Term,
    Word,
)

_DAY = pattern(r"(\d{1,2})(?:-(?:го|е))?")
_YEAR = pattern(r"[12]\d{3}")
_WHOLE = pattern(r"(\d{4})-(\d\d)-(\d\d)")
_YEAR_WORDS = ("года", "г", "год", "році", "року", "р", "година")
# The years of a day that was typed without one.
_CENTURIES = ("18", "19", "20")

_WORDS = Word | Compound  # made once: every word of a query is asked about

T = TypeVar("T")


def with_spellings(tree: Node) -> Node:
    """The tree with dates and numbers by any spelling of them."""
    match tree:
        case Word() | Compound():
            return _numeral(tree)
        case Phrase(items, None):
            found = tuple(_row(items))
            return found[0] if len(found) == 1 and isinstance(found[0], Either) else tree.replace(items=found)
        case Phrase():
            return tree.replace(items=tuple(_one(item) for item in tree.items))
        case And():
            return And(tuple(_words(tree.children)))
        case Or() | Before() | Sentence():
            return tree.replace(children=tuple(map(with_spellings, tree.children)))
        case Must() | Not() | InTitle():
            return tree.replace(child=with_spellings(tree.child))
    return tree


def _numeral(term: Word | Compound) -> Term:
    """двадцатилетний and 20-летний; a date in figures, and its words one after another."""
    if term.exact:
        return term
    if isinstance(term, Compound):
        letters = in_letters(term.form)
        return Either(term.text, term, (Word(term.text, letters),)) if letters else term
    if term.form[:1].isdecimal() and (match := _WHOLE.fullmatch(term.form)) and (day := _date(*match.groups())):
        return Either(term.text, term, (day.row(term.text),))
    if figures := in_figures(term.form):
        parts = tuple(Word(term.text, part) for part in figures)
        return Either(term.text, term, (Compound(term.text, "-".join(figures), parts),))
    return term


def _one(item: Term | Gap) -> Term | Gap:
    return _numeral(item) if isinstance(item, Word | Compound) else item


class _Day(NamedTuple):
    """A day of the calendar, of any year where none was typed."""

    year: str | None
    month: int
    day: int

    def figures(self, text: str) -> tuple[Word | Mask, ...]:
        """The date as one word; `text` is what was typed."""
        end = f"-{self.month:02}-{self.day:02}"
        if self.year:
            return (Word(text, self.year + end, exact=True),)
        return tuple(Mask(text, f"{century}??{end}") for century in _CENTURIES)

    def row(self, text: str, *, but: str = "") -> Phrase:
        """The date as words one after another, day and month by any name that is not `but`."""
        days = dict.fromkeys((str(self.day), f"{self.day:02}", f"{self.day}-го", f"{self.day}-е"))
        names = (name for name in BESIDE_A_DAY[self.month - 1] if not name.isascii())
        rows = [_any(text, names, but) for names in (days, names)]
        return Phrase((*rows, Word(text, self.year, exact=True)) if self.year else tuple(rows))


def _any(text: str, forms: Iterable[str], but: str) -> Either:
    return Either(text, None, tuple(Word(text, form, exact=True) for form in forms if form != but))


def _date(year: str | None, month: str, day: str) -> _Day | None:
    """The day, if there is such a one; without a year, in a leap year."""
    try:
        dt.date(int(year or 2000), int(month), int(day))
    except ValueError:
        return None
    return _Day(year, int(month), int(day))


class _Typed(NamedTuple):
    """A date typed in words: so many nodes in a row, the last of them perhaps «года»."""

    day: _Day
    length: int
    year_word: bool


def _typed(nodes: Sequence[object], at: int) -> _Typed | None:
    """The date that begins at a node."""
    first = nodes[at]
    if not (isinstance(first, _WORDS) and first.form[:1].isdecimal()):
        return None
    forms = [node.form if isinstance(node, Word | Compound) and not node.exact else "" for node in nodes[at : at + 4]]
    day, month, year, word = (*forms, "", "", "", "")[:4]
    number = _DAY.fullmatch(day)
    if not (number and month in OF_A_DAY):
        return None
    in_year = year if _YEAR.fullmatch(year) else None
    found = _date(in_year, str(OF_A_DAY[month]), number[1])
    after = in_year is not None and word in _YEAR_WORDS
    return _Typed(found, 2 + (in_year is not None) + after, after) if found else None


def _runs(nodes: Sequence[T]) -> Iterator[tuple[Sequence[T], _Typed | None]]:
    """The nodes in order, those that are a date together."""
    at = 0
    while at < len(nodes):
        found = _typed(nodes, at)
        run = nodes[at : at + (found.length if found else 1)]
        yield run, found
        at += len(run)


def _row(items: Sequence[Term | Gap]) -> Iterator[Term | Gap]:
    """The words of a phrase; a date is one of them."""
    for run, found in _runs(items):
        if not found:
            yield _one(run[0])
            continue
        text = " ".join(word.text for word in run if not isinstance(word, Gap))
        row = found.day.row(text)
        with_word = Phrase((*row.items, _any(text, _YEAR_WORDS, "")))
        others = (row, with_word) if found.year_word else (row,)
        yield Either(text, Phrase(tuple(run)), (*others, *found.day.figures(text)))


def _words(children: Sequence[Node]) -> Iterator[Node]:
    """The words of a date stay, each beside what has it in other spellings: «09.01.2022» has the day and the month."""
    for run, found in _runs(children):
        if not found:
            yield with_spellings(run[0])
            continue
        day, month, *rest = (word for word in run if isinstance(word, Word | Compound))
        for word in (day, month):
            yield Either(word.text, word, (found.day.row(word.text, but=word.form), *found.day.figures(word.text)))
        if found.year_word:  # the year itself says that it is one
            year, word = rest
            yield from (year, Either(word.text, word, (year.replace(text=word.text),)))
        else:
            yield from rest
