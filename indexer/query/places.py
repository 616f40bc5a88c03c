"""Where the leaves of a query stand: for each document and field, the places that match.

A place counts once, whatever number of entries or lemmas meet in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple, Protocol

from indexer.query.expansion import expand
from indexer.query.tree import Compound, Either, Gap, Leaf, Mask, Phrase, Term, Word
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry

# So many words beside the first are tried in every order; more would take factorial time.
_ORDERED = 3


class Source(Protocol):
    """Some documents in which places are looked for."""

    reader: Reader

    def positions(self, entry: Entry, field: str) -> Iterable[tuple[int, Sequence[int]]]:
        """(document number, positions) of an entry in a field, by document number."""


class Mark(NamedTuple):
    """Something to be shown as matched: the query word, and the positions it covers."""

    word: str
    position: int
    width: int


class Place(NamedTuple):
    """A match that begins at `position` and covers `width` positions, with weight 0 … 1."""

    position: int
    width: int
    weight: float
    very_form: bool
    marks: tuple[Mark, ...]


# document number → field → places by position; a whole and its first part may both stand at one
Places = dict[int, dict[str, list[Place]]]
# the same while it is gathered: by position and width
_Gathered = dict[int, dict[str, dict[tuple[int, int], Place]]]


def places(leaf: Leaf, source: Source, fields: Iterable[str]) -> Places:
    """All places of a term or a phrase in the given fields."""
    if isinstance(leaf, Phrase):
        return _phrase(leaf, source, fields)
    if isinstance(leaf, Compound):
        return _compound(leaf, source, fields)
    if isinstance(leaf, Either):
        return _either(leaf, source, fields)
    return _word(leaf, source, fields)


def _word(term: Word | Mask, source: Source, fields: Iterable[str]) -> Places:
    found: _Gathered = {}
    weights = expand(term, source.reader)
    for field in fields:
        for entry, (weight, very_form) in weights.items():
            for number, positions in source.positions(entry, field):
                for at in positions:
                    mark = Mark(term.text, at, entry.width)
                    _keep(found, number, field, Place(at, entry.width, weight, very_form, (mark,)))
    return _sorted(found)


def _keep(found: _Gathered, number: int, field: str, place: Place) -> None:
    """Of places that cover the same positions the likelier stays, then the one in the very form."""
    here = found.setdefault(number, {}).setdefault(field, {})
    old = here.get((place.position, place.width))
    if old is None or (old.weight, old.very_form) < (place.weight, place.very_form):
        here[place.position, place.width] = place


def _sorted(found: _Gathered) -> Places:
    return {
        number: {field: [here[at] for at in sorted(here)] for field, here in fields.items()}
        for number, fields in found.items()
    }


def _compound(term: Compound, source: Source, fields: Iterable[str]) -> Places:
    """The whole by its own entries, or the parts in a row: телеграм-канал, телеграм канал."""
    fields = tuple(fields)
    merged: _Gathered = {}
    whole = _word(Word(term.text, term.form, term.exact), source, fields)
    for found in (whole, _phrase(Phrase(term.parts), source, fields)):
        for number, by_field in found.items():
            for field, here in by_field.items():
                for place in here:
                    mark = Mark(term.text, place.position, place.width)
                    _keep(merged, number, field, place._replace(marks=(mark,)))
    return _sorted(merged)


def _either(term: Either, source: Source, fields: Iterable[str]) -> Places:
    """What was typed or a synonym; either is shown as what was typed."""
    fields = tuple(fields)
    merged: _Gathered = {}
    for option in term.options:
        for number, by_field in places(option, source, fields).items():
            for field, here in by_field.items():
                for place in here:
                    marks = tuple(mark._replace(word=term.text) for mark in place.marks)
                    typed = place.very_form and option is term.typed
                    _keep(merged, number, field, place._replace(very_form=typed, marks=marks))
    return _sorted(merged)


def _phrase(phrase: Phrase, source: Source, fields: Iterable[str]) -> Places:
    fields = tuple(fields)
    cache: dict[Term, Places] = {}
    steps: list[tuple[int, Places]] = []  # how many positions to leave out before the item, and where it stands
    gap = 0
    for item in phrase.items:
        if isinstance(item, Gap):
            gap += 1
            continue
        if item not in cache:
            cache[item] = places(item, source, fields)
        steps.append((gap, cache[item]))
        gap = 0
    found: _Gathered = {}
    for number in set(steps[0][1]).intersection(*(step for _, step in steps[1:])):
        for field in fields:
            items = [(gap, step[number].get(field, ())) for gap, step in steps]
            chains = _near([here for _, here in items], phrase.slop) if phrase.slop is not None else _rows(items)
            for chain in chains:
                _keep(found, number, field, _joined(chain))
    return _sorted(found)


def _rows(items: Sequence[tuple[int, Sequence[Place]]]) -> Iterator[tuple[Place, ...]]:
    """Chains in which each item begins where the one before it ends, gaps left out."""
    chains: list[tuple[Place, ...]] = [(place,) for place in items[0][1]]
    for gap, here in items[1:]:
        at: dict[int, list[Place]] = {}
        for place in here:
            at.setdefault(place.position, []).append(place)
        ends = ((chain, chain[-1].position + chain[-1].width + gap) for chain in chains)
        chains = [(*chain, place) for chain, end in ends for place in at.get(end, ())]
    yield from chains


def _near(items: Sequence[Sequence[Place]], slop: int) -> Iterator[tuple[Place, ...]]:
    """Chains in any order with at most `slop` positions between their places in all.

    For each place that may come first, the others are the nearest that follow it and do not overlap; where two
    words may stand in the same place, every order of choosing is tried, of up to `_ORDERED` words.
    """
    for number, here in enumerate(items):
        others = [other for at, other in enumerate(items) if at != number]
        orders = list(permutations(others)) if len(others) <= _ORDERED else [tuple(others)]
        for first in here:
            yield from (chain for order in orders if (chain := _following(first, order, slop)))


def _following(first: Place, others: Sequence[Sequence[Place]], slop: int) -> tuple[Place, ...] | None:
    chain = [first]
    for other in others:
        following = other[bisect_right(other, first.position, key=_position) :]
        free = (place for place in following if all(_apart(place, taken) for taken in chain))
        if (nearest := next(free, None)) is None:
            return None
        chain.append(nearest)
    end = max(place.position + place.width for place in chain)
    between = end - first.position - sum(place.width for place in chain)
    return tuple(sorted(chain)) if between <= slop else None


def _position(place: Place) -> int:
    return place.position


def _apart(one: Place, other: Place) -> bool:
    return one.position + one.width <= other.position or other.position + other.width <= one.position


def _joined(chain: Sequence[Place]) -> Place:
    """One place for the chain: the weights multiply, the very form is typed if it is in all."""
    weight = 1.0
    for place in chain:
        weight *= place.weight
    first, last = chain[0], chain[-1]
    width = last.position + last.width - first.position
    marks = tuple(mark for place in chain for mark in place.marks)
    return Place(first.position, width, weight, all(place.very_form for place in chain), marks)
