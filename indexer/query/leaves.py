"""What a query is made of, against one state of the index: documents, and the score that each gains.

A leaf is a word, a mask or a phrase: its documents, its document frequency, its BM25 in every document. A word's
frequency comes from the lists of its lemmas, corrected by those of the forms that weigh more than their lemmas say:
the very form typed, and surnames. And and Or of anything are `Found` again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import ranking
from indexer.arrays import distinct, find, sums
from indexer.query import spots
from indexer.query.expansion import affinities, surnames_of, typed_entries
from indexer.query.places import places
from indexer.query.scored import Found, Saturated, Scored
from indexer.query.spots import Spots
from indexer.query.tree import Either, Leaf, Phrase, Word
from indexer.segment.reader import FIELDS, NOTHING, Frequencies, Reader

Array = NDArray[Any]

# Fewer documents than one in so many are sooner sorted than ticked off.
_SPARSE = 32


def leaf(node: Leaf, reader: Reader, fields: tuple[str, ...], words: int, share: float = 1.0) -> Scored:
    """A leaf of the query tree, worked out or remembered."""
    saturated: Saturated = reader.worked_out.get((node, fields), lambda: _saturated(node, reader, fields))
    return Scored(saturated, words, share)


def _saturated(node: Leaf, reader: Reader, fields: tuple[str, ...]) -> Saturated:
    kin, typed = _frequencies(node, reader, fields)
    documents = kin.documents
    lengths = reader.lengths[documents]
    average = reader.average_length
    shares = ranking.saturation(kin.amounts, lengths, average)
    of_typed = None
    if len(typed.documents):
        of_typed = np.zeros(len(documents))
        at, _ = find(documents, typed.documents)
        of_typed[at] = ranking.saturation(typed.amounts, lengths[at], average)
    frequency = reader.document_frequency((node, fields), documents)
    idf = ranking.idf(reader.documents, frequency)
    return Saturated(documents, shares, of_typed, idf, reader.size, frequency)


def _frequencies(node: Leaf, reader: Reader, fields: tuple[str, ...]) -> tuple[Frequencies, Frequencies]:
    """Expected frequency per document, and the part of it in the very form."""
    if isinstance(node, Word) and fields == FIELDS:
        return _word(node, reader)
    found = spots_of(node, reader, fields)
    return spots.frequencies(spots.outermost(found) if isinstance(node, Either) else found)


def spots_of(node: Leaf, reader: Reader, fields: tuple[str, ...]) -> Spots:
    """Where a leaf of any kind stands."""
    if isinstance(node, Phrase) and node.slop is not None:
        return _near(node, reader, fields)
    return spots.find(node, reader, fields)


def _word(node: Word, reader: Reader) -> tuple[Frequencies, Frequencies]:
    entries = typed_entries(node.form, reader)
    typed = summed([(1.0, reader.form(entry)) for entry in entries])
    if node.exact:
        return typed, typed
    asked = affinities(node, reader)
    parts = [(affinity, reader.lemma(lemma)) for lemma, affinity in asked.items()]

    def linear(entry: Any) -> float:
        return sum(asked.get(lemma, 0.0) * share for lemma, share in reader.lemmas_of(entry) or ())

    parts += [(1.0 - linear(entry), reader.form(entry)) for entry in entries]
    for entry, least in surnames_of(node.form, reader):
        if entry not in entries and (lacking := least - linear(entry)) > 0:
            parts.append((lacking, reader.form(entry)))
    return summed(parts), typed


def summed(parts: Iterable[tuple[float, Frequencies]]) -> Frequencies:
    """Σ weight · amount per document."""
    parts = [(weight, part) for weight, part in parts if abs(weight) > 1e-12 and len(part.documents)]
    if not parts:
        return NOTHING
    if len(parts) == 1:
        weight, part = parts[0]
        return part if weight == 1.0 else Frequencies(part.documents, weight * part.amounts)
    documents = np.concatenate([part.documents for _, part in parts])
    amounts = np.concatenate([weight * part.amounts for weight, part in parts])
    order = np.argsort(documents, kind="stable")
    return Frequencies(*sums(documents[order], amounts[order]))


def _near(node: Phrase, reader: Reader, fields: tuple[str, ...]) -> Spots:
    """Words near each other: place by place, in the documents that have them all."""
    keys, widths, weights, typed = [], [], [], []
    shared = intersection([spots.documents(spots.find(item, reader, fields)) for item in spots.items(node)])
    for number, by_field in places(node, reader.among(shared), fields).items():
        for field, here in by_field.items():
            for place in here:
                keys.append(spots.key(number, field, place.position))
                widths.append(place.width)
                weights.append(place.weight)
                typed.append(place.very_form)
    columns = (np.array(keys, np.int64), np.array(widths, np.int64), np.array(weights, float), np.array(typed, bool))
    return spots.spots(*columns)


def intersection(lists: Sequence[Array]) -> Array:
    """The documents that are in all of some rising lists, the shortest first."""
    ordered = sorted(lists, key=len)
    documents = ordered[0]
    for other in ordered[1:]:
        documents = documents[find(other, documents)[1]]
    return documents


def all_of(parts: Sequence[Found], silent: Sequence[Array] = ()) -> Found:
    """Documents that are in every part and in every silent list, which add nothing; scores are summed in order."""
    ordered = sorted([*parts, *map(unscored, silent)], key=lambda part: len(part.documents))
    documents = ordered[0].documents
    rows = [np.arange(len(documents))]  # where the documents stand in each list
    for part in ordered[1:]:
        found, there = part.find(documents)
        documents = documents[there]
        rows = [row[there] for row in (*rows, found)]
    scores = np.zeros(len(documents))
    for part in parts:
        scores += part.scored(rows[ordered.index(part)])
    return Found(documents, scores)


def any_of(parts: Sequence[Found], within: Array | None = None) -> Found:
    """Documents that are in some part (and within a list); scores are summed in order."""
    if len(parts) == 1 and within is None:
        return parts[0]
    if not parts:
        return Found(np.zeros(0, np.int64), np.zeros(0))
    documents = union([part.documents for part in parts])
    if within is not None:
        documents = intersection([documents, within])
    scores = np.zeros(len(documents))
    for part in parts:
        scores += part.at(documents)
    return Found(documents, scores)


def union(lists: Sequence[Array]) -> Array:
    """The documents that are in some of the rising lists."""
    size = max((int(one[-1]) + 1 for one in lists if len(one)), default=0)
    if sum(map(len, lists)) * _SPARSE < size:
        return distinct(np.concatenate(lists))
    there = np.zeros(size, bool)
    for one in lists:
        there[one] = True
    return np.flatnonzero(there)


def total(parts: Sequence[Scored]) -> int:
    """How many documents are in some of the parts."""
    many: Array | None = None
    few = []
    for part in parts:
        if (bits := part.bits) is None:
            few.append(part.documents)
        else:
            many = bits if many is None else many | bits
    documents = union(few) if few else np.zeros(0, np.int64)
    if many is None:
        return len(documents)
    words = many[documents >> 6] >> (documents & 63).astype(np.uint64)
    return int(np.bitwise_count(many).sum()) + len(documents) - int((words & np.uint64(1)).sum())


def without(live: Array, gone: Array) -> Array:
    """The live documents that are not among those gone."""
    return live[~find(gone, live)[1]]


def unscored(documents: Array) -> Found:
    """Documents that pass, and gain nothing by it."""
    return Found(documents, np.zeros(len(documents)))
