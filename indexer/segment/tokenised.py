"""Documents → their tokens in columns, with whose they are and in which languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.batch import Tokens, tokenize_batch
from indexer.analysis.detection import Votes
from indexer.analysis.vocabulary import Vocabulary
from indexer.segment.record import Prepared

Array = NDArray[Any]


class Tokenised(NamedTuple):
    """The tokens of D documents: first those of their texts, then those of the titles that stand apart."""

    tokens: Tokens
    owner: Array  # [texts of the tokens] which document each is of
    languages: list[str]  # [D]


def tokenised(documents: Sequence[Prepared], vocabulary: Vocabulary, votes: Votes) -> Tokenised:
    """The tokens of some documents; languages that are not given are found, where `votes` are of the vocabulary."""
    texts = [each.document.text for each in documents]
    apart = [number for number, each in enumerate(documents) if each.apart]
    owner = np.concatenate((np.arange(len(texts)), np.array(apart, np.int64)))
    texts += [documents[number].document.title for number in apart]
    tokens = tokenize_batch(texts, vocabulary)
    given = [each.document.lang for each in documents]
    found = votes.languages(tokens, texts, owner, len(documents)) if None in given else given
    return Tokenised(tokens, owner, [one or other or "ru" for one, other in zip(given, found, strict=True)])
