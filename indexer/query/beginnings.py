"""The words of an index that begin with some letters, in most documents first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from indexer.segment.reader import Reader

# Terms of a segment looked at first, and how many times more each next time.
_FIRST, _MORE = 64, 8


def beginning(prefix: str, reader: Reader) -> Iterator[str]:
    """Keys of forms that begin with the prefix, by falling number of documents, deleted ones too; then the shorter.

    Of each segment only the most frequent terms are looked up, as long as no other word can be as frequent as what is
    given: the threshold algorithm (Fagin, Lotem and Naor, JCSS 66(4), 2003).
    """
    spans = [(segment.forms, segment.forms.beginning(prefix)) for segment in reader.segments]
    sizes = [forms.sizes(ranks) for forms, ranks in spans]
    order = [np.argsort(-size, kind="stable") for size in sizes]
    counts: dict[str, int] = {}
    given = 0
    for step in count():
        depth = _FIRST * _MORE**step
        for (forms, ranks), first in zip(spans, order, strict=True):
            for row in first[:depth].tolist():
                if (key := forms.term(ranks.start + row).partition("\t")[0]) not in counts:
                    counts[key] = sum(segment.words.documents(key)[0] for segment in reader.segments)
        # a key that was not met has a term below the depth for each of its languages
        most = sum(int(size[first[depth]]) for size, first in zip(sizes, order, strict=True) if len(first) > depth)
        most *= len(reader.languages)
        ready = sorted(counts, key=lambda key: (-counts[key], len(key), key))
        sure = [key for key in ready if counts[key] > most]
        yield from sure[given:]
        given = len(sure)
        if not most:
            return
