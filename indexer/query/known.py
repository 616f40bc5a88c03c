"""Which of many words an index has, as keys of forms or as lemmas, and how many documents have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indexer.segment.filter import Hashes
from indexer.segment.reader import Reader


class Known(NamedTuple):
    """How many documents have a form of a word, an entry each, and how many the lemma; deleted ones count."""

    forms: int
    lemmas: int


def known(hashes: Hashes, word: Callable[[int], str], reader: Reader) -> dict[int, Known]:
    """Those of some words that the index has, by their numbers; `word` writes one out.

    The filters of the segments leave few of them, and those are looked up in the order of the lexicon, page by page.
    """
    found: dict[int, Known] = {}
    for segment in reader.segments:
        for text, number in sorted((word(number), number) for number in segment.words.maybe(hashes).tolist()):
            forms, lemmas = segment.words.of_key(text), segment.words.of_lemma(text)
            if forms or lemmas:
                before = found.get(number, Known(0, 0))
                found[number] = Known(before.forms + forms, before.lemmas + lemmas)
    return found
