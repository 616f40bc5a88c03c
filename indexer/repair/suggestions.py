"""What to offer while a query is typed: words of the index that begin so, or that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from indexer.analysis.folding import fold, key
from indexer.query.keys import of_forms
from indexer.repair import layout, lookalike, spelling, translit
from indexer.repair.candidates import known
from indexer.segment.reader import Reader

# A word of the other readings of the same keys, or look, costs nothing: it is only ever offered.
_SAME = 0.0


def complete(prefix: str, reader: Reader, limit: int) -> list[str]:
    """Forms that begin with the last word of the prefix, in most documents first, behind the words before it.

    Where there are none, the prefix is read in the other keyboard layout.
    """
    before, space, typed = prefix.rpartition(" ")
    for reading in (typed, *layout.other(typed)):
        if found := list(islice(_beginning(key(fold(reading)), reader), limit)):
            return [before + space + form for form in found]
    return []


def suggest(word: str, reader: Reader, limit: int) -> list[str]:
    """Words that may have been meant, likeliest first; never the word itself."""
    typed = key(fold(word))
    same = ((key(fold(other)), _SAME) for other in (*layout.other(word), *lookalike.other(word)))
    found = [*known(same, reader), *translit.candidates(typed, reader)]
    found = found or spelling.candidates(typed, reader)
    words = dict.fromkeys(candidate.word for candidate in found if candidate.word != typed)
    return list(islice(_live(words, reader), limit))


def _beginning(prefix: str, reader: Reader) -> Iterator[str]:
    if prefix:
        keys = of_forms(reader, prefix[0])
        rows = keys.beginning(prefix)
        best = rows[np.lexsort((keys.lengths[rows], -keys.frequencies[rows]))]
        yield from _live((keys.key(row) for row in best.tolist()), reader)


def _live(words: Iterable[str], reader: Reader) -> Iterator[str]:
    """The words that documents still have, in the spelling that most have; a lemma or two words as they are."""
    for word in words:
        counts = {entry.form: len(reader.form(entry).documents) for entry in reader.entries(word)}
        if any(counts.values()):
            yield min(counts, key=lambda form: (-counts[form], "ё" in form, form))
        elif not counts:
            yield word
