"""Text and the places that matched → passages and spans, no markup.

A passage is a whole sentence where it fits, with neighbours that bring other query words as far as they fit; a
longer sentence is cut between words around what matched. The best passages are chosen greedily: each is worth the
summed idf of its words, and a word shown before is worth little again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from indexer.sentences import Sentences, sentences

# What a word that is shown already, or once more, adds to a passage.
AGAIN = 0.1
# A title is shown above the passages anyway, so that one within it is worth less.
TITLE = 0.3


class Span(NamedTuple):
    """A matched stretch of the text and the query word it met."""

    start: int
    end: int
    word: str


class Passage(NamedTuple):
    """`text[start:end]` with the spans in it; `cut_*` say that the sentence goes on there."""

    start: int
    end: int
    spans: tuple[Span, ...]
    cut_before: bool = False
    cut_after: bool = False

    def moved(self, by: int) -> Passage:
        """The same in a text that begins so many characters earlier."""
        spans = tuple(Span(span.start + by, span.end + by, span.word) for span in self.spans)
        return self._replace(start=self.start + by, end=self.end + by, spans=spans)


class Stretch(NamedTuple):
    """A part of a text: `text` begins at the character `start`; what is known of its sentences."""

    start: int
    text: str
    sentences: Sentences


def passages(
    stretches: Sequence[Stretch],
    found: Sequence[Span],
    weights: Mapping[str, float],
    *,
    count: int,
    chars: int,
    title: tuple[int, int] = (0, 0),
) -> list[Passage]:
    """At most `count` passages of at most `chars` characters, in the order of the text, of what was read of it.

    Where nothing is to be marked it is the beginning of the text.
    """
    if not found:
        text = stretches[0].text if stretches else ""
        return [_head(text, chars)] if count and text.strip() else []
    candidates = [p for stretch in stretches for p in _within(stretch, found, weights, chars)]
    if len(candidates) <= count and all(one.end <= other.start for one, other in pairwise(candidates)):
        return candidates
    chosen: list[Passage] = []
    shown: set[str] = set()
    while candidates and len(chosen) < count:
        best = candidates[0]
        if len(candidates) > 1:
            best = max(candidates, key=lambda p: (_worth(p, weights, shown, title), -p.start))
        chosen.append(best)
        shown.update(span.word for span in best.spans)
        candidates = [p for p in candidates if p.end <= best.start or p.start >= best.end]
    return sorted(chosen)


def _within(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> Iterable[Passage]:
    """The candidates of one stretch, counted from the beginning of the text."""
    base, end = stretch.start, stretch.start + len(stretch.text)
    if found[0].start >= base and found[-1].end <= end:
        here = found
    else:
        here = [span for span in found if base <= span.start and span.end <= end]
    if not base:
        return _candidates(stretch, here, weights, chars)
    local = [Span(span.start - base, span.end - base, span.word) for span in here]
    return (passage.moved(base) for passage in _candidates(stretch, local, weights, chars))


def _worth(passage: Passage, weights: Mapping[str, float], shown: set[str], title: tuple[int, int]) -> float:
    seen = set(shown)
    worth = 0.0
    for span in passage.spans:
        # the floor keeps a word that every document has from being worth nothing
        worth += max(weights.get(span.word, 0.0), 0.01) * (AGAIN if span.word in seen else 1.0)
        seen.add(span.word)
    return worth * (TITLE if title[0] <= passage.start < title[1] else 1.0)


def _candidates(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> list[Passage]:
    """Sentences with matches; a neighbour joins while it brings a new word and fits."""
    text = stretch.text
    candidates: list[Passage] = []
    last: Passage | None = None  # the last one that is a whole sentence, or several
    for start, end, inside in _marked_sentences(stretch, found):
        if end - start > chars:
            candidates.append(_window(text, start, end, inside, weights, chars))
            continue
        passage = Passage(start, end, inside)
        if last is not None and end - last.start <= chars and not text[last.end : start].strip():
            words = {span.word for span in last.spans}
            if any(span.word not in words for span in inside):
                candidates.pop()  # nothing stands between them
                passage = Passage(last.start, end, (*last.spans, *inside))
        candidates.append(passage)
        last = passage
    return candidates


def _marked_sentences(stretch: Stretch, found: Sequence[Span]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """(start, end, spans) of the sentences that hold the beginning of a span."""
    at = done = 0
    while at < len(found):
        first = at
        start, done = stretch.sentences.around(stretch.text, found[at].start, done)
        while at < len(found) and found[at].start < done:
            at += 1
        inside = tuple(found[first:at])
        # a match may run over what looks like a sentence's end: С.⏎Петербург
        yield start, max(done, inside[-1].end), inside


def _window(
    text: str, start: int, end: int, inside: Sequence[Span], weights: Mapping[str, float], chars: int
) -> Passage:
    """The best `chars` characters of a long sentence, cut between words."""
    best: tuple[float, int, int] | None = None
    for number, first in enumerate(inside):
        words: set[str] = set()
        last = first.start
        for span in inside[number:]:
            if span.end - first.start > chars:
                break
            words.add(span.word)
            last = span.end
        # the same words in another order must be worth the same: the first such window stays
        worth = fsum(max(weights.get(word, 0.0), 0.01) for word in words)
        if best is None or worth > best[0]:
            best = (worth, first.start, last)
    assert best is not None  # a marked sentence has a mark
    _, low, high = best
    high = high if high > low else min(low + chars, end)  # a word longer than the window
    spare = max(0, chars - (high - low))
    left = max(start, min(low - spare // 2, end - chars))
    right = min(end, left + chars)
    if left > start:
        left = _word_start(text, left, low)
    if right < end:
        right = _word_end(text, right, high)
    kept = tuple(Span(s.start, min(s.end, right), s.word) for s in inside if left <= s.start < right)
    return Passage(left, right, kept, left > start, right < end)


def _word_start(text: str, at: int, limit: int) -> int:
    """The first beginning of a word from `at` on, not behind `limit`."""
    if at and not text[at - 1].isspace():
        while at < limit and not text[at].isspace():
            at += 1
    while at < limit and text[at].isspace():
        at += 1
    return at


def _word_end(text: str, at: int, limit: int) -> int:
    """The last end of a word up to `at`, not before `limit`."""
    end = at
    if not text[at].isspace():
        while end > limit and not text[end - 1].isspace():
            end -= 1
    while end > limit and text[end - 1].isspace():
        end -= 1
    return end


def _head(text: str, chars: int) -> Passage:
    """The beginning of the text: as many whole sentences as fit, or a part of the first."""
    start = end = 0
    for first, last in sentences(text[: 4 * chars + 1000]):
        if not end:
            start = first
        if last - start > chars:
            break
        end = last
    if end:
        return Passage(start, end, ())
    start = len(text) - len(text.lstrip())
    stop = min(len(text), start + chars)
    end = _word_end(text, stop, start) if stop < len(text) else len(text.rstrip())
    end = end if end > start else stop  # one word fills it
    return Passage(start, end, (), False, end < len(text.rstrip()))
