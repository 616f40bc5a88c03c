"""How a word or a phrase stands in units: rows of positions, at each of which some terms may stand.

A hyphenated word, a number and a date cover several positions, so that a phrase goes on behind them. Where it is not
known how many, there are no rows, and what is found is to be checked.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.opensearch.tokens import is_plain, lemma_term, name_term, typed_terms, wide_term, widths
from indexer.query.expansion import affinities, surnames_of
from indexer.query.tree import Compound, Either, Gap, Leaf, Mask, Phrase, Word
from indexer.segment.reader import Reader

# Ways to read one phrase with hyphenated words and synonyms; beyond them each document is checked.
_MOST_ROWS = 256

# What may stand at one position: terms, of the very form and of its kin; () for whatever stands there.
Step = tuple[str, ...]
Row = tuple[Step, ...]


class Rows:
    """The rows of leaves; `reader` knows languages and surnames of the index."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def terms(self, word: Word) -> Step:
        """The terms that stand for a word at a position."""
        typed = typed_terms(word.form)
        if word.exact:
            return tuple(typed)
        kin = map(lemma_term, affinities(word, self._reader))
        names = (name_term(entry) for entry, _ in surnames_of(word.form, self._reader))
        return tuple(dict.fromkeys((*typed, *kin, *names)))

    def of(self, node: Leaf) -> list[Row] | None:
        """The ways to read a leaf as a row of positions; None where they are not known, or too many."""
        match node:
            case Mask():
                return None
            case Word():
                return [(self.terms(node),)]
            case Compound():
                return [self._whole(node), tuple(self.terms(part) for part in node.parts)]
            case Either():
                found = [self.of(option) for option in node.options]
                return None if None in found else _merged([row for rows in found for row in rows or ()])
        return self._phrase(node)

    def _phrase(self, phrase: Phrase) -> list[Row] | None:
        found: list[Row] = [()]
        for item in phrase.items if phrase.slop is None else ():
            rows = [((),)] if isinstance(item, Gap) else self.in_phrase(item)
            if rows is None or len(found) * len(rows) > _MOST_ROWS:
                return None
            found = [(*before, *row) for before in found for row in rows]
        return found if phrase.slop is None else None

    def in_phrase(self, item: Leaf) -> list[Row] | None:
        """The rows of an item of a phrase, each of as many positions as it covers; None where that is not known."""
        match item:
            case Mask():
                return None
            case Word():
                return self._wide(item)
            case Compound():
                return [self._whole(item), tuple(self.terms(part) for part in item.parts)]
            case Phrase():
                return self._phrase(item)
        found = [self.in_phrase(option) for option in item.options]
        return None if None in found else _merged([row for rows in found for row in rows or ()])

    def _wide(self, word: Word) -> list[Row] | None:
        if is_plain(word.form):
            return [(self.terms(word),)]
        may_cover = widths(word.form)
        if may_cover is None or "ё" in word.form or not (word.exact or not any(map(str.isalpha, word.form))):
            return None
        return [((wide_term(word.form, width),), *[()] * (width - 1)) for width in may_cover]

    def _whole(self, node: Compound) -> Row:
        """A hyphenated word as it stands: at the position of its first part, and nothing asked of the others."""
        return (self.terms(Word(node.text, node.form, node.exact)), *[()] * (len(node.parts) - 1))


def _merged(rows: Sequence[Row]) -> list[Row]:
    """The rows, those of one term and as many positions made one."""
    found: dict[object, Row] = {}
    for row in rows:
        shape = len(row) if not any(row[1:]) else row
        before = found.get(shape, ((),))
        found[shape] = ((*before[0], *row[0]), *row[1:]) if isinstance(shape, int) else row
    return list(found.values())
