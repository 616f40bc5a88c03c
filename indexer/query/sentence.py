"""In which sentence of its document each of many places stands: the texts are read again.

Nothing of sentences is kept in an index. A text of ordinary length is tokenised whole, of a long one what lies between
the checkpoints around the places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import beginnings
from indexer.query.spots import DOCUMENT_BITS, POSITION_BITS
from indexer.segment.reader import Reader
from indexer.sentences import numbered

if TYPE_CHECKING:
    from indexer.analysis.vocabulary import Vocabulary

Array = NDArray[Any]

# Tokens from which a text is long.
_LONG = 1024
# So many texts are read at a time.
_BATCH = 256


class _Piece(NamedTuple):
    """A part of a text: the character and the position at which it begins, and how many of the places are in it."""

    text: str
    start: int
    position: int
    places: int


def of_places(keys: Array, reader: Reader, on_step: Callable[[], None] = lambda: None) -> Array:
    """For rising keys of spots, each once, numbers that are equal in one sentence of a document; a title is one."""
    from indexer.analysis import russian
    from indexer.analysis.vocabulary import Vocabulary

    found = np.zeros(len(keys), np.int64)
    in_text = np.flatnonzero((keys >> POSITION_BITS) & 1 == 0)
    documents = keys[in_text] >> DOCUMENT_BITS
    positions = keys[in_text] & ((1 << POSITION_BITS) - 1)
    edges = [*beginnings(documents).tolist(), len(documents)]
    # most of many texts are not shown, so that their words need not be remembered
    vocabulary = reader.vocabulary if len(edges) <= _BATCH else Vocabulary(russian.known)
    for first in range(0, len(edges) - 1, _BATCH):
        on_step()
        ends = edges[first : first + _BATCH + 1]
        batch = slice(ends[0], ends[-1])
        numbers = documents[ends[:-1]].tolist()
        here = np.split(positions[batch], np.array(ends[1:-1], int) - ends[0])
        found[in_text[batch]] = _of_texts(numbers, here, reader, vocabulary)
    return found


def _of_texts(
    documents: Sequence[int], positions: Sequence[Array], reader: Reader, vocabulary: Vocabulary
) -> list[int]:
    from indexer.analysis.batch import tokenize_batch

    texts = [reader.text(document) for document in documents]
    pieces = [
        piece
        for document, text, here in zip(documents, texts, positions, strict=True)
        for piece in _pieces(document, text, here, reader)
    ]
    tokens = tokenize_batch([piece.text for piece in pieces], vocabulary)
    places = [piece.places for piece in pieces]
    at = np.concatenate(positions) + np.repeat(tokens.first[:-1] - [piece.position for piece in pieces], places)
    offsets = (tokens.start[at] + np.repeat([piece.start for piece in pieces], places)).tolist()
    found: list[int] = []
    for text, here in zip(texts, positions, strict=True):
        found += numbered(text, offsets[len(found) : len(found) + len(here)])
    return found


def _pieces(document: int, text: str, positions: Array, reader: Reader) -> list[_Piece]:
    """What must be tokenised to know where the tokens at the positions begin."""
    if reader.words(document) <= _LONG:
        return [_Piece(text, 0, 0, len(positions))]
    begins, offsets = reader.checkpoints(document)
    last = np.searchsorted(begins, positions, "right") - 1
    first = beginnings(last)
    ends = np.append(offsets, len(text))
    counts = np.diff(np.append(first, len(positions))).tolist()
    return [
        _Piece(text[offsets[at] : ends[at + 1]], int(offsets[at]), int(begins[at]), count)
        for at, count in zip(last[first].tolist(), counts, strict=True)
    ]
