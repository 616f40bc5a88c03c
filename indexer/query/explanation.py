"""Why a document was found: which of its forms met which word, by which kinship, and its score as a sum.

Of every word `score` = `idf` · (`saturation` + `share` · `very_form`), where both saturations are BM25's f (k₁ + 1) /
(f + k₁ (1 - b + b · length / average)), f being Σ weight · places over the forms, a place in the title counting twice;
`share` is VERY_FORM / words of the query. What two words near each other add stands apart. All of it sums up to the
score.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer import ranking
from indexer.analysis import words
from indexer.query.expansion import Weight, affinities, expand
from indexer.query.plan import Plan
from indexer.query.scored import Scored
from indexer.query.tree import Compound, Either, Fuzzy, Gap, Leaf, Mask, Phrase, Word
from indexer.segment.reader import Reader
from indexer.segment.terms import Entry

# A mask may fit more forms than anyone would read; of one that does, the forms are not listed.
_MOST = 500


def explain(plan: Plan, number: int, reader: Reader) -> dict[str, Any]:
    """What the score of a document that the plan found is made of, as values for JSON."""
    parts = [_part(node, scored, number, reader) for node, scored in plan.contributions(number)]
    near = [
        {"words": [one.text, other.text], "score": score}
        for one, other, scored in plan.near()
        if (score := scored.score_of(number))
    ]
    return {
        "score": sum(part["score"] for part in (*parts, *near)),
        "length": int(reader.lengths[number]),
        "average": reader.average_length,
        "words": parts,
        "near": near,
    }


def _part(node: Leaf, scored: Scored, number: int, reader: Reader) -> dict[str, Any]:
    saturation, very_form = scored.saturations(number)
    return {
        "word": node.text if not isinstance(node, Phrase) else " ".join(_typed(node)),
        "score": scored.score_of(number),
        "idf": scored.idf,
        "documents": scored.frequency,
        "saturation": saturation,
        "very_form": very_form,
        "share": ranking.VERY_FORM / scored.words,
        "forms": list(_forms(node, number, reader)),
    }


def _typed(phrase: Phrase) -> Iterator[str]:
    yield from ("*" if isinstance(item, Gap) else item.text for item in phrase.items)


def _forms(node: Leaf | Gap, number: int, reader: Reader) -> Iterator[dict[str, Any]]:
    """The forms of a document that stand for a word, for the words of a phrase, or for what else was meant."""
    if isinstance(node, Word | Mask):
        found = expand(node, reader)
        for entry, weight in sorted(found.items()) if len(found) <= _MOST else ():
            counts = {field: len(places) for field, places in reader.positions(entry, number)}
            if any(counts.values()):
                kinship = _kinship(node, entry, weight, reader)
                yield {"form": entry.form, "language": entry.language, "weight": weight.value, **counts, **kinship}
        return
    inner: tuple[Leaf | Gap, ...] = ()
    if isinstance(node, Either):
        inner = node.options
    elif isinstance(node, Phrase):
        inner = node.items
    elif isinstance(node, Compound):
        inner = (Word(node.text, node.form, node.exact), *node.parts)
    for item in inner:
        yield from _forms(item, number, reader)


def _kinship(node: Word | Mask, entry: Entry, weight: Weight, reader: Reader) -> dict[str, Any]:
    """How a form comes to stand for a word: typed, lemma, stem, kin, surname, fuzzy or mask; and by which lemmas."""
    if weight.very_form:
        return {"kinship": "typed", "lemmas": []}
    if isinstance(node, Mask):
        return {"kinship": "fuzzy" if isinstance(node, Fuzzy) else "mask", "lemmas": []}
    asked = affinities(node, reader)
    shared = [lemma for lemma, _ in reader.lemmas_of(entry) or () if lemma in asked]
    if not shared:
        return {"kinship": "surname", "lemmas": []}
    own = words.affinities(node.form, reader.languages, reader.lemmas_of_form)
    kind = "kin" if not any(lemma in own for lemma in shared) else "lemma"
    if all(lemma.startswith("~") for lemma in shared):
        kind = "stem"
    return {"kinship": kind, "lemmas": [lemma.removeprefix("~") for lemma in shared]}
