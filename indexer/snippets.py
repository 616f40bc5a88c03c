"""Text and the places that matched → passages and spans, no markup.

A passage is a whole sentence where it fits, with neighbours that bring other query words as far as they fit; a
longer sentence is cut between words around what matched. The best passages are chosen greedily: each is worth the
summed idf of its words, and a word shown before is worth little again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
# Start and end in the text, the spans between, and whether the sentence goes on before and behind; of all that are
# looked at few are shown, so that it is a plain row.
Passage = tuple[int, int, Sequence[Span], bool, bool]


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
    if len(stretches) == 1 and not stretches[0].start:  # as most: nothing is to be moved
        candidates = _candidates(stretches[0], found, weights, chars)
    else:
        candidates = [one for stretch in stretches for one in _within(stretch, found, weights, chars)]
    if len(candidates) > count or any(one[1] > other[0] for one, other in pairwise(candidates)):
        candidates = _chosen(candidates, weights, count, title)
    return candidates


def _chosen(
    candidates: list[Passage], weights: Mapping[str, float], count: int, title: tuple[int, int]
) -> list[Passage]:
    """The best of them, none overlapping another, in the order of the text."""
    chosen: list[Passage] = []
    shown: set[str] = set()
    while candidates and len(chosen) < count:
        best = candidates[0]
        if len(candidates) > 1:
            worth = [*_worth(candidates, weights, shown, title)]
            best = candidates[worth.index(max(worth))]
        chosen.append(best)
        if len(chosen) < count:
            start, end, spans, _, _ = best
            shown.update([word for _, _, word in spans])
            candidates = [candidate for candidate in candidates if candidate[1] <= start or candidate[0] >= end]
    return sorted(chosen)


def _within(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> list[Passage]:
    """The candidates of one stretch, counted from the beginning of the text."""
    base, end = stretch.start, stretch.start + len(stretch.text)
    here = [(low - base, high - base, word) for low, high, word in found if base <= low and high <= end]
    return [_moved(candidate, base) for candidate in _candidates(stretch, here, weights, chars)]


def _moved(candidate: Passage, by: int) -> Passage:
    """The same in a text that begins so many characters earlier."""
    start, end, spans, cut_before, cut_after = candidate
    moved = [(low + by, high + by, word) for low, high, word in spans]
    return start + by, end + by, moved, cut_before, cut_after


def _worth(
    candidates: Iterable[Passage], weights: Mapping[str, float], shown: AbstractSet[str], title: tuple[int, int]
) -> Iterator[float]:
    """What each passage is worth beside words that are shown already."""
    for start, _, spans, _, _ in candidates:
        worth = 0.0
        known = shown
        for _, _, word in spans:
            weight = weights.get(word, LEAST)
            if word in known:
                worth += weight * AGAIN
            else:
                worth += weight
                if len(spans) > 1:
                    known = known | {word}
        yield worth * TITLE if title[0] <= start < title[1] else worth


def _candidates(stretch: Stretch, found: Sequence[Span], weights: Mapping[str, float], chars: int) -> list[Passage]:
    """Sentences with matches; a neighbour joins while it brings a new word and fits."""
    text = stretch.text
    candidates: list[Passage] = []
    before: Passage | None = None  # the last one that is a whole sentence, or several
    for start, end, inside in stretch.sentences.holding(text, found):
        if end < inside[-1][1]:
            end = inside[-1][1]  # a match may run over what looks like a sentence's end: С.⏎Петербург
        if end - start > chars:
            candidates.append(_window(text, start, end, inside, weights, chars))
            continue
        if before is not None and end - before[0] <= chars and (text[before[1] : start] or " ").isspace():
            words = {word for _, _, word in before[2]}
            if any(word not in words for _, _, word in inside):
                candidates.pop()  # nothing stands between them
                start, inside = before[0], [*before[2], *inside]
        before = start, end, inside, False, False
        candidates.append(before)
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
    kept = [(low, min(high, right), word) for low, high, word in inside if left <= low < right]
    return left, right, kept, left > start, right < end


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
        return start, end, (), False, False
    start = len(text) - len(text.lstrip())
    stop = min(len(text), start + chars)
    end = _word_end(text, stop, start) if stop < len(text) else len(text.rstrip())
    end = end if end > start else stop  # one word fills it
    return start, end, (), False, end < len(text.rstrip())
