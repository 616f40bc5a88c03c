"""Text and the places that matched → passages and spans, no markup.

A passage is a whole sentence where it fits, with neighbours that bring other query words as far as they fit; a
longer sentence is cut between words around what matched. The best passages are chosen greedily: each is worth the
summed idf of its words, and a word shown before is worth little again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from indexer.sentences import Sentences, sentences

# What a word that is shown already, or once more, adds to a passage.
AGAIN = 0.1
# A title is shown above the passages anyway, so that one within it is worth less.
TITLE = 0.3
# What a word is worth that every document has.
LEAST = 0.01

# A matched stretch of the text and the query word it met: start, end, word.
Span = tuple[int, int, str]


class Passage(NamedTuple):
    """`text[start:end]` with the spans in it; `cut_*` say that the sentence goes on there."""

    start: int
    end: int
    spans: tuple[Span, ...]
    cut_before: bool = False
    cut_after: bool = False

    def moved(self, by: int) -> Passage:
        """The same in a text that begins so many characters earlier."""
        spans = tuple((start + by, end + by, word) for start, end, word in self.spans)
        return self._replace(start=self.start + by, end=self.end + by, spans=spans)


class Stretch(NamedTuple):
    """A part of a text: `text` begins at the character `start`; what is known of its sentences, its first position."""

    start: int
    text: str
    sentences: Sentences
    position: int = 0


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

    Words are worth LEAST, if the weights have nothing of them. Where nothing is to be marked it is the beginning of
    the text.
    """
    if not found:
        text = stretches[0].text if stretches else ""
        return [_head(text, chars)] if count and text.strip() else []
    candidates: list[Passage] = []
    for stretch in stretches:
        candidates += _within(stretch, found, weights, chars)
    if len(candidates) <= count and all(one.end <= other.start for one, other in pairwise(candidates)):
        return candidates
    chosen: list[Passage] = []
    shown: set[str] = set()
    while candidates and len(chosen) < count:
        best = candidates[0]
        if len(candidates) > 1:
            worth = [_worth(passage, weights, shown.copy(), title) for passage in candidates]
            best = candidates[worth.index(max(worth))]
        start, end, spans, *_ = best
        chosen.append(best)
        shown.update([word for _, _, word in spans])
        candidates = [passage for passage in candidates if passage.end <= start or passage.start >= end]
    return sorted(chosen)


def _within(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> Iterable[Passage]:
    """The candidates of one stretch, counted from the beginning of the text."""
    base, end = stretch.start, stretch.start + len(stretch.text)
    if found[0][0] >= base and found[-1][1] <= end:
        here = found
    else:
        here = [span for span in found if base <= span[0] and span[1] <= end]
    if not base:
        return _candidates(stretch, here, weights, chars)
    local = [(start - base, end - base, word) for start, end, word in here]
    return [passage.moved(base) for passage in _candidates(stretch, local, weights, chars)]


def _worth(passage: Passage, weights: Mapping[str, float], shown: set[str], title: tuple[int, int]) -> float:
    """What a passage is worth beside words that are shown already, to which its own are added."""
    start, _, spans, _, _ = passage
    worth = 0.0
    for _, _, word in spans:
        if word in shown:
            worth += weights.get(word, LEAST) * AGAIN
        else:
            worth += weights.get(word, LEAST)
            shown.add(word)
    return worth * TITLE if title[0] <= start < title[1] else worth


def _candidates(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> list[Passage]:
    """Sentences with matches; a neighbour joins while it brings a new word and fits."""
    _, text, known, _ = stretch
    candidates: list[Passage] = []
    last: Passage | None = None  # the last one that is a whole sentence, or several
    at = done = 0
    while at < len(found):
        first = at
        start, done = known.around(text, found[at][0], done)
        at += 1
        while at < len(found) and found[at][0] < done:
            at += 1
        inside = tuple(found[first:at])
        end = max(done, found[at - 1][1])  # a match may run over what looks like a sentence's end: С.⏎Петербург
        if end - start > chars:
            candidates.append(_window(text, start, end, inside, weights, chars))
            continue
        if last is not None and end - last.start <= chars and not text[last.end : start].strip():
            words = {word for _, _, word in last.spans}
            if any(word not in words for _, _, word in inside):
                candidates.pop()  # nothing stands between them
                start, inside = last.start, (*last.spans, *inside)
        last = Passage(start, end, inside)
        candidates.append(last)
    return candidates


def _window(
    text: str, start: int, end: int, inside: Sequence[Span], weights: Mapping[str, float], chars: int
) -> Passage:
    """The best `chars` characters of a long sentence, cut between words."""
    every = {word for _, _, word in inside}
    low, high, most = start, start, -1.0
    for number, (first, _, _) in enumerate(inside):
        words: set[str] = set()
        last = first
        for _, behind, word in inside[number:]:
            if behind - first > chars:
                break
            words.add(word)
            last = behind
        # the same words in another order must be worth the same: the first such window stays
        if (worth := fsum([weights.get(word, LEAST) for word in words])) > most:
            low, high, most = first, last, worth
        if len(words) == len(every):
            break  # nothing is worth more
    high = high if high > low else min(low + chars, end)  # a word longer than the window
    spare = max(0, chars - (high - low))
    left = max(start, min(low - spare // 2, end - chars))
    right = min(end, left + chars)
    if left > start:
        left = _word_start(text, left, low)
    if right < end:
        right = _word_end(text, right, high)
    kept = tuple([(low, min(high, right), word) for low, high, word in inside if left <= low < right])
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
