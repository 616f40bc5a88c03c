"""Where the leaves of a query stand: for each document and field, the places that match.

A place counts once, whatever number of entries or lemmas meet in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from indexer.query.expansion import expand
from indexer.query.tree import Compound, Gap, Leaf, Mask, Phrase, Term, Word
from indexer.segment.reader import Reader


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


# document number → field → places by position
Places = dict[int, dict[str, list[Place]]]


def places(leaf: Leaf, reader: Reader, fields: Iterable[str]) -> Places:
    """All places of a word, a mask, a hyphenated word or a phrase in the given fields."""
    if isinstance(leaf, Phrase):
        return _phrase(leaf, reader, fields)
    if isinstance(leaf, Compound):
        return _compound(leaf, reader, fields)
    return _word(leaf, reader, fields)


def _word(term: Word | Mask, reader: Reader, fields: Iterable[str]) -> Places:
    found: dict[int, dict[str, dict[int, Place]]] = {}
    weights = expand(term, reader)
    for field in fields:
        for entry, (weight, very_form) in weights.items():
            for number, positions in reader.positions(entry, field):
                here = found.setdefault(number, {}).setdefault(field, {})
                for at in positions:
                    # of a whole and its first part the likelier is kept, then the longer
                    old = here.get(at)
                    if old is None or (old.weight, old.width) < (weight, entry.width):
                        mark = Mark(term.text, at, entry.width)
                        here[at] = Place(at, entry.width, weight, very_form, (mark,))
    return _sorted(found)


def _sorted(found: Mapping[int, Mapping[str, Mapping[int, Place]]]) -> Places:
    return {
        number: {field: [here[at] for at in sorted(here)] for field, here in fields.items()}
        for number, fields in found.items()
    }


def _compound(term: Compound, reader: Reader, fields: Iterable[str]) -> Places:
    """The whole by its own entries, or the parts in a row: телеграм-канал, телеграм канал."""
    fields = tuple(fields)
    merged: dict[int, dict[str, dict[int, Place]]] = {}
    whole = _word(Word(term.text, term.form, term.exact), reader, fields)
    for found in (whole, _phrase(Phrase(term.parts), reader, fields)):
        for number, by_field in found.items():
            for field, here in by_field.items():
                kept = merged.setdefault(number, {}).setdefault(field, {})
                for place in here:
                    if place.position not in kept or kept[place.position].weight < place.weight:
                        mark = Mark(term.text, place.position, place.width)
                        kept[place.position] = place._replace(marks=(mark,))
    return _sorted(merged)


def _phrase(phrase: Phrase, reader: Reader, fields: Iterable[str]) -> Places:
    fields = tuple(fields)
    cache: dict[Term, Places] = {}
    steps: list[tuple[int, Places]] = []  # how many positions to leave out before the item, and where it stands
    gap = 0
    for item in phrase.items:
        if isinstance(item, Gap):
            gap += 1
            continue
        if item not in cache:
            cache[item] = places(item, reader, fields)
        steps.append((gap, cache[item]))
        gap = 0
    found: dict[int, dict[str, dict[int, Place]]] = {}
    for number in set(steps[0][1]).intersection(*(step for _, step in steps[1:])):
        for field in fields:
            items = [(gap, step[number].get(field, ())) for gap, step in steps]
            chains = _near([here for _, here in items], phrase.slop) if phrase.slop is not None else _rows(items)
            for chain in chains:
                place = _joined(chain)
                here = found.setdefault(number, {}).setdefault(field, {})
                if place.position not in here or here[place.position].weight < place.weight:
                    here[place.position] = place
    return _sorted(found)


def _rows(items: Sequence[tuple[int, Sequence[Place]]]) -> Iterator[tuple[Place, ...]]:
    """Chains in which each item begins where the one before it ends, gaps left out."""
    chains: list[tuple[Place, ...]] = [(place,) for place in items[0][1]]
    for gap, here in items[1:]:
        at: dict[int, Place] = {place.position: place for place in here}
        ends = ((chain, chain[-1].position + chain[-1].width + gap) for chain in chains)
        chains = [(*chain, at[end]) for chain, end in ends if end in at]
    yield from chains


def _near(items: Sequence[Sequence[Place]], slop: int) -> Iterator[tuple[Place, ...]]:
    """Chains in any order with at most `slop` positions between their places in all.

    For each place that may come first, the others are the nearest that follow it and do not overlap.
    """
    for number, here in enumerate(items):
        others = [other for at, other in enumerate(items) if at != number]
        for first in here:
            chain = [first]
            for other in others:
                following = other[bisect_right(other, first.position, key=_position) :]
                free = (p for p in following if all(_apart(p, taken) for taken in chain))
                if (nearest := next(free, None)) is None:
                    break
                chain.append(nearest)
            else:
                end = max(place.position + place.width for place in chain)
                if end - first.position - sum(place.width for place in chain) <= slop:
                    yield tuple(sorted(chain))


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
