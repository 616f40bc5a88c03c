"""Numbers → score. Pure functions.

BM25 (Robertson & Zaragoza 2009, «The Probabilistic Relevance Framework: BM25 and Beyond») on expected term
frequencies: an occurrence of a form counts for its weight, the probability that it is the word asked for.
"""

from __future__ import annotations

from math import log
from typing import Any, TypeVar

Numbers = TypeVar("Numbers", float, Any)

K1 = 1.2
B = 0.75
# An occurrence in the title counts for this many in the text.
TITLE = 2.0
# What the very form typed adds, as a share of its own BM25, divided by the number of words asked for: it decides
# between documents when one word is typed, and is noise in a question of ten.
VERY_FORM = 0.5
# A function word counts for this share of its idf beside other words.
LIGHT = 0.4
# Two neighbouring words of the query that stand within so many positions of each other add NEAR / words · the lesser
# idf / distance, `words` being those of the query that are no function words.
NEAR = 2.0
WITHIN = 8


def idf(documents: int, having: int) -> float:
    """Inverse document frequency, never negative (the form of Lucene's BM25Similarity)."""
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def saturation(frequency: Numbers, length: Any, average: float) -> Numbers:
    """The term-frequency part of BM25, 0 … K1 + 1, for documents of `length` tokens; numbers or arrays of one shape."""
    share: Numbers = frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / average))
    return share


def score(idf: Any, kin: Numbers, very_form: Any, words: int = 1) -> Numbers:
    """A query word's score, one of `words` of the query, from the saturations of its frequency in documents.

    `kin` is that of the expected frequency over the word's forms, `very_form` that of the part in the form typed.
    Numbers or arrays, `idf` too where there are several words.
    """
    worth: Numbers = idf * (kin + VERY_FORM / words * very_form)
    return worth
