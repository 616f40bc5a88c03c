"""The words that tell a text from others: what a search for documents like it asks for.

The words of the largest tf · idf (Salton & Buckley 1988, «Term-weighting approaches in automatic text retrieval»), a
lemma counted once, each by the form that the text has oftenest.
"""

from __future__ import annotations

from collections import Counter
from math import log

import numpy as np

from indexer import ranking
from indexer.analysis import words
from indexer.analysis.batch import tokenize_batch
from indexer.analysis.language import of_word
from indexer.query.tree import And, Word
from indexer.segment.reader import Reader

# So many words are asked for; of a long text its beginning tells enough.
_WORDS, _CHARS = 25, 100_000
# Shorter ones are hardly what a text is about; and what stands in more than this share of many documents tells nothing.
_SHORTEST, _COMMONEST, _FEW = 3, 0.25, 10


def typical(text: str, language: str, reader: Reader) -> And:
    """The most telling words of a text, as the tree of a query for any of them; the most telling first."""
    forms: dict[str, Counter[str]] = {}
    for form, count in _forms(text, reader).items():
        own = of_word(form, language)
        lemmas = reader.lemmas_of_form(form, own) or words.lemmas(form, own)
        forms.setdefault(lemmas[0][0], Counter())[form] += count
    having = reader.lemma_frequencies(list(forms))
    counts = (of_lemma.total() for of_lemma in forms.values())
    worth = {
        lemma: _worth(count, number, reader.documents)
        for lemma, count, number in zip(forms, counts, having, strict=True)
    }
    best = sorted((lemma for lemma in worth if worth[lemma]), key=lambda lemma: (-worth[lemma], lemma))[:_WORDS]
    likeliest = (min(forms[lemma].items(), key=lambda pair: (-pair[1], pair[0]))[0] for lemma in best)
    return And(tuple(Word(form, form) for form in likeliest))


def _forms(text: str, reader: Reader) -> dict[str, int]:
    vocabulary = reader.vocabulary
    counts = np.bincount(tokenize_batch([text[:_CHARS]], vocabulary).form, minlength=len(vocabulary))
    having = np.flatnonzero(counts)
    found = zip(vocabulary.forms.some(having), counts[having].tolist(), strict=True)
    return {form: count for form, count in found if len(form) >= _SHORTEST and form.isalpha()}


def _worth(count: int, having: int, documents: int) -> float:
    """tf · idf; nothing for what no document has, or too many have to be told by it."""
    if not having or having > max(_FEW, _COMMONEST * documents):
        return 0.0
    return (1 + log(count)) * ranking.idf(documents, having)
