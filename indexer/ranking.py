"""Numbers → score. Pure functions.

BM25 (Robertson & Zaragoza 2009, «The Probabilistic Relevance Framework: BM25 and Beyond») on expected term
frequencies: an occurrence of a form counts for its weight, the probability that it is the word asked for.
"""

from __future__ import annotations

from math import log

K1 = 1.2
B = 0.75
# An occurrence in the title counts for this many in the text.
TITLE = 2.0
# What the very form typed adds, as a share of its own BM25, divided by the number of words asked for: it decides
# between documents when one word is typed, and is noise in a question of ten.
VERY_FORM = 0.5


def idf(documents: int, having: int) -> float:
    """Inverse document frequency, never negative (the form of Lucene's BM25Similarity)."""
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def saturation(frequency: float, length: float, average: float) -> float:
    """The term-frequency part of BM25, 0 … K1 + 1, for a document of `length` tokens."""
    return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / average))


def score(idf: float, frequency: float, very_form: float, length: float, average: float, words: int = 1) -> float:
    """A query word's score in a document, one of `words` of the query.

    `frequency` is expected over the word's forms, `very_form` the part of it that stands in the form typed.
    """
    kin = saturation(frequency, length, average)
    return idf * (kin + VERY_FORM / words * saturation(very_form, length, average))
