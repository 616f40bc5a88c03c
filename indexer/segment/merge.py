"""Segments → one segment without their deleted documents, term by term, in bounded memory.

Lists are taken whole pages at a time, renumbered and joined by passes over arrays; no text is tokenised and no word is
analysed. Which segments to merge is decided by tiers: see `due`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.arrays import edges, ranges
from indexer.segment.builder import COMMON, Built
from indexer.segment.documents import Rows
from indexer.segment.files import SectionWriter
from indexer.segment.inversion import reverse
from indexer.segment.lexicon import NO_KIN, PAGE, Kin, Lexicon, LexiconWriter
from indexer.segment.lexicons import Forms, Lemmas, write_lexicons
from indexer.segment.listing import PostingsWriter
from indexer.segment.ordering import union
from indexer.segment.postings import Places, Run
from indexer.segment.segment import Segment
from indexer.segment.storing import write_all
from indexer.segment.toc import SegmentInfo

Array = NDArray[Any]

# So many segments of one size are merged into one of the next, which is so many times larger.
FANOUT = 8
_SMALLEST = 4096  # tokens: all segments below are of one size
_LARGEST = 1 << 27  # tokens: nothing is merged into more
# Postings in memory at a time, in all segments together.
_AT_ONCE = 1 << 19
# Characters of texts in memory at a time, but for longer texts.
_CHARACTERS = 1 << 20


def due(segments: Sequence[SegmentInfo]) -> list[SegmentInfo]:
    """The segments to merge next; none when all is well.

    One of which half is deleted goes at once; otherwise the lowest tier that has FANOUT of them.
    """
    for segment in segments:
        if segment.deleted * 2 > segment.documents:
            return [segment]
    tiers: dict[int, list[SegmentInfo]] = {}
    for segment in segments:
        tiers.setdefault(_tier(segment.tokens), []).append(segment)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= FANOUT and sum(segment.tokens for segment in tiers[tier]) <= _LARGEST:
            return tiers[tier]
    return []


def _tier(tokens: int) -> int:
    tier = 0
    while tokens >= _SMALLEST:
        tokens //= FANOUT
        tier += 1
    return tier


class Part(NamedTuple):
    """Some consecutive lists of one segment: their terms, postings with the new numbers, and first rank."""

    terms: list[str]
    run: Run
    first: int


class Joined(NamedTuple):
    """Lists of several segments as one: `sources` [2, terms] has the segment and the rank there of every first list."""

    terms: list[str]
    run: Run
    sources: Array


class Source(NamedTuple):
    """A lexicon to be merged: the new number of each of its documents (-1 where it is deleted), and their lengths."""

    lexicon: Lexicon
    numbers: Array
    lengths: Array


def joined(sources: Sequence[Source]) -> Iterator[Joined]:
    """All lists of the sources in the order of their terms; each but the last of a multiple of PAGE terms.

    A source is read by whole pages up to a term that begins one of the largest lexicon's.
    """
    left = Joined([], Run(np.zeros(0, np.int64), np.zeros(0, np.int64)), np.zeros((2, 0), np.int64))
    for until in _stops(sources):
        parts = [_part(source, *until(source)) for source in sources]
        found = _join(parts)
        left = _concatenated(left, found) if left.terms else found
        whole = len(left.terms) // PAGE * PAGE
        if whole:
            yield _slice(left, 0, whole)
            left = _slice(left, whole, len(left.terms))
    if left.terms:
        yield left


def _stops(sources: Sequence[Source]) -> Iterator[Callable[[Source], tuple[int, int]]]:
    """Cuts: for each, a function from a source to the ranks (first, last) that lie between the cut before and it."""
    largest = max(sources, key=lambda source: source.lexicon.postings).lexicon
    total = sum(source.lexicon.postings for source in sources)
    pages = max(1, largest.pages * _AT_ONCE // max(1, total))
    cuts = [largest.term(page * PAGE) for page in range(pages, largest.pages, pages)]
    bounds: list[str | None] = [None, *cuts, None]
    for low, high in pairwise(bounds):

        def between(source: Source, low: str | None = low, high: str | None = high) -> tuple[int, int]:
            first = 0 if low is None else source.lexicon.rank(low)
            return first, len(source.lexicon) if high is None else source.lexicon.rank(high)

        yield between


def _part(source: Source, first: int, last: int) -> Part:
    """The lists of some ranks, without deleted documents, with new numbers; empty ones stay, with size 0."""
    terms, run = source.lexicon.lists_of(first, last, source.lengths)
    documents = source.numbers[run.documents]
    if len(documents) and documents.min() < 0:
        kept = documents >= 0
        of_list = np.repeat(np.arange(len(run.sizes)), run.sizes)
        sizes = np.bincount(of_list[kept], minlength=len(run.sizes))
        places = run.places and Places(
            run.places.counts[kept], run.places.positions[np.repeat(kept, run.places.counts)]
        )
        run = Run(sizes, documents[kept], None if run.values is None else run.values[kept], places)
    else:
        run = run._replace(documents=documents)
    return Part(terms, run, first)


def _join(parts: Sequence[Part]) -> Joined:
    """One list a term: those of the segments one after another, which is the order of the new numbers."""
    terms, places_of_parts = union([part.terms for part in parts])
    sizes = np.zeros((len(terms), len(parts)), np.int64)
    starts = np.zeros_like(sizes)
    ranks = np.full(sizes.shape, -1, np.int64)
    at = 0
    for number, (part, rows) in enumerate(zip(parts, places_of_parts, strict=True)):
        sizes[rows, number] = part.run.sizes
        starts[rows, number] = at + np.cumsum(part.run.sizes) - part.run.sizes
        ranks[rows, number] = np.arange(part.first, part.first + len(part.terms))
        at += len(part.run.documents)
    picked = ranges(starts.ravel(), sizes.ravel())
    documents = np.concatenate([part.run.documents for part in parts])[picked]
    values = None
    if any(part.run.values is not None for part in parts):
        values = np.concatenate([part.run.values for part in parts if part.run.values is not None])[picked]
    placed = [part.run.places for part in parts if part.run.places is not None]
    places = None
    if placed:
        counts = np.concatenate([one.counts for one in placed])
        begin = np.cumsum(counts) - counts
        positions = np.concatenate([one.positions for one in placed])[ranges(begin[picked], counts[picked])]
        places = Places(counts[picked], positions)
    total = sizes.sum(axis=1)
    kept = np.flatnonzero(total)
    first = np.argmax(ranks >= 0, axis=1)
    sources = np.stack((first, ranks[np.arange(len(ranks)), first]))[:, kept]
    return Joined([terms[row] for row in kept.tolist()], Run(total[kept], documents, values, places), sources)


def _slice(lists: Joined, first: int, last: int) -> Joined:
    run = lists.run
    before = edges(run.sizes)
    begin, end = int(before[first]), int(before[last])
    values = None if run.values is None else run.values[begin:end]
    places = None
    if run.places is not None:
        done = edges(run.places.counts)
        places = Places(run.places.counts[begin:end], run.places.positions[done[begin] : done[end]])
    part = Run(run.sizes[first:last], run.documents[begin:end], values, places)
    return Joined(lists.terms[first:last], part, lists.sources[:, first:last])


def _concatenated(one: Joined, two: Joined) -> Joined:
    def both(first: Array | None, second: Array | None) -> Any:
        return None if first is None or second is None else np.concatenate((first, second))

    places = None
    if one.run.places is not None and two.run.places is not None:
        places = Places(*map(both, one.run.places, two.run.places))
    run = Run(
        both(one.run.sizes, two.run.sizes), both(one.run.documents, two.run.documents),
        both(one.run.values, two.run.values), places,
    )  # fmt: skip
    return Joined(one.terms + two.terms, run, np.concatenate((one.sources, two.sources), axis=1))


def merge(segments: Sequence[Segment], folder: Path, name: str) -> Built:
    """Write the live documents of some segments as a new one; on disk on return."""
    numbers, at = [], 0
    for segment in segments:
        live = np.ones(len(segment), bool) if segment.live is None else segment.live
        numbers.append(np.where(live, np.cumsum(live) - 1 + at, -1))
        at += int(live.sum())
    with (
        SectionWriter(folder / f"{name}.documents") as documents,
        SectionWriter(folder / f"{name}.postings") as postings,
        SectionWriter(folder / f"{name}-0.lexicon") as lexicon,
    ):
        lengths = write_all(documents, _rows(segments, numbers))
        lemmas = _Lemmas(segments)
        waiting: list[Forms] = []
        writer = PostingsWriter(lengths, COMMON, places=True)
        for lists in joined(_sources(segments, numbers, "forms")):
            waiting.append((Strings.of(lists.terms), [column.astype(np.int32) for column in writer.append(lists.run)]))
            lemmas.note(lists.sources)
        writer.write(postings, "form.")
        plain, of_keywords = PostingsWriter(lengths, None), LexiconWriter(coded=False)
        for lists in joined(_sources(segments, numbers, "keywords")):
            of_keywords.append(Strings.of(lists.terms), plain.append(lists.run))
        plain.write(postings, "keyword.")
        of_keywords.write(postings, "keyword.")
        kin, names = lemmas.kin()
        lists_of_lemmas = _lemma_lists(segments, numbers, names)
        write_lexicons(lexicon, waiting, lists_of_lemmas, kin, reverse(kin, len(names)), lengths)
    files = {"documents": documents, "postings": postings, "lexicon": lexicon}
    return Built(name, len(lengths), int(lengths.sum()), {kind: file.fingerprint for kind, file in files.items()})


def _rows(segments: Sequence[Segment], numbers: Sequence[Array]) -> Iterator[Rows]:
    """The live documents of the segments, some at a time."""
    for segment, new in zip(segments, numbers, strict=True):
        alive = np.flatnonzero(new >= 0)
        ends = segment.documents.sections["char"][alive + 1]
        for some in np.split(alive, np.flatnonzero(np.diff(ends // _CHARACTERS)) + 1):
            yield segment.documents.rows(some)


def _sources(segments: Sequence[Segment], numbers: Sequence[Array], kind: str) -> list[Source]:
    pairs = zip(segments, numbers, strict=True)
    return [Source(getattr(segment, kind), new, segment.documents.lengths) for segment, new in pairs]


def _lemma_lists(segments: Sequence[Segment], numbers: Sequence[Array], names: list[str]) -> Iterator[Lemmas]:
    done = 0
    for lists in joined(_sources(segments, numbers, "lemmas")):
        assert lists.terms == names[done : done + len(lists.terms)], "a lemma without forms, or the other way round"
        yield Strings.of(lists.terms), lists.run
        done += len(lists.terms)


class _Lemmas:
    """Gathers the lemmas of the forms that stay, as the segments know them."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        names = [[*segment.lemmas.terms(range(len(segment.lemmas)))] for segment in segments]
        self._names, self._ranks = union(names)
        self._found = [NO_KIN]

    def note(self, sources: Array) -> None:
        """The next forms, each by the first segment that has it and its rank there."""
        mine = [np.flatnonzero(sources[0] == number) for number in range(len(self._segments))]
        found = [segment.forms.kin_of(sources[1][some]) for segment, some in zip(self._segments, mine, strict=True)]
        counts = np.zeros(sources.shape[1], np.int64)
        for some, kin in zip(mine, found, strict=True):
            counts[some] = kin.counts
        starts = np.cumsum(counts) - counts
        ranks, shares = np.zeros((2, int(counts.sum())), np.int64)
        for some, kin, of_segment in zip(mine, found, self._ranks, strict=True):
            at = ranges(starts[some], counts[some])
            ranks[at], shares[at] = of_segment[kin.ranks], kin.shares
        self._found.append(Kin(counts, ranks, shares))

    def kin(self) -> tuple[Kin, list[str]]:
        """The lemmas of all forms noted, and those lemmas' names, in order."""
        kin = Kin(*map(np.concatenate, zip(*self._found, strict=True)))
        used, ranks = np.unique(kin.ranks, return_inverse=True)
        return kin._replace(ranks=ranks), [self._names[number] for number in used.tolist()]
