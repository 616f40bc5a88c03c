"""Our query tree → OpenSearch's query language, built of values alone: what was typed only ever becomes a term.

Words, masks, phrases, groups and filters become queries that find exactly what a local index finds. Of words in
relation, words near each other and some rare phrases only a wider query is known: then `exact` is False, and every
document found is still to be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from indexer import ranking
from indexer.analysis.function_words import FUNCTION_WORDS
from indexer.opensearch.filtering import Values, condition
from indexer.opensearch.rows import Row, Rows
from indexer.opensearch.tokens import BETWEEN, NOTHING, key_term, lemma_term, typed_terms
from indexer.query.plan import Match, plain_words
from indexer.query.relations import REACH, leaves
from indexer.query.tree import (
    And,
    Before,
    Either,
    Filter,
    Fuzzy,
    Gap,
    InTitle,
    Leaf,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Related,
    Word,
)
from indexer.segment.reader import FIELDS, Reader

Dsl = dict[str, Any]
NONE: Dsl = {"match_none": {}}
ALL: Dsl = {"match_all": {}}
# Positions between words of one sentence, at most: more than `relations.REACH`, as wholes have one position there.
_SENTENCE = 2 * REACH
# A query of more words finds them without regard to how often they stand: a cluster takes 1,024 terms in all.
_MANY = 40
# What makes the order of the cluster near to ours: by measurement of tests/bench/overlap.py. Frequencies in text and
# title are saturated apart there, and the idf of the very form is its own, larger one.
_BOOST = {"text": 1.0, "title": 1.3}
_LESSER_FIELD = 0.4
_TYPED = 0.2


class Asked(NamedTuple):
    """A query, and whether it finds nothing else than what was asked for."""

    query: Dsl
    exact: bool = True


class Translator:
    """Turns trees into queries; `reader` knows languages and surnames of the index. Notes the leaves that it meets."""

    def __init__(self, reader: Reader, values: Values, words: int) -> None:
        """`words` is how many words there are in all that is asked for."""
        self._rows = Rows(reader)
        self._many = words > _MANY
        self._values = values
        self.leaves: dict[tuple[Leaf, tuple[str, ...]], Asked] = {}

    def asked(self, tree: Node, match: Match = "all") -> Asked:
        """The query of a whole tree."""
        return self._all(tree if isinstance(tree, And) else And((tree,)), FIELDS, match)

    def relaxed(self, binding: Sequence[Node], loose: Sequence[tuple[Leaf, float]], least: float) -> Asked:
        """What passes all of `binding` and has words of at least so much idf in all."""
        parts = [self._node(node, FIELDS) for node in binding]
        if loose:
            words = [(self.leaf(node, FIELDS), idf) for node, idf in loose]
            covered = [{"constant_score": {"filter": asked.query, "boost": idf}} for asked, idf in words]
            # 32-bit sums: a document just at the limit must not be lost by rounding
            enough = {"function_score": {"query": _any(covered), "min_score": least * (1 - 1e-6)}}
            ranked = _any([asked.query for asked, _ in words])
            query = {"bool": {"must": [ranked], "filter": [enough]}}
            parts.append(Asked(query, all(asked.exact for asked, _ in words)))
        return Asked({"bool": {"must": [part.query for part in parts]}}, all(part.exact for part in parts))

    def _node(self, node: Node, fields: tuple[str, ...]) -> Asked:
        match node:
            case And():
                return self._all(node, fields, "all")
            case Or():
                return _or([self._node(child, fields) for child in node.children])
            case Must():
                return self._node(node.child, fields)
            case InTitle():
                return self._node(node.child, ("title",))
            case Filter():
                return Asked({"bool": {"filter": [condition(node, self._values)]}})
            case Not():
                gone = self._node(node.child, fields)
                return Asked({"bool": {"must_not": [gone.query]}}) if gone.exact else Asked(ALL, False)
        return self._related(node, fields) if isinstance(node, Related) else self.leaf(node, fields)

    def _related(self, node: Related, fields: tuple[str, ...]) -> Asked:
        """Words in order are found as asked; those of one sentence are looked for near each other, and checked."""
        for child in node.children:
            for leaf in leaves(child):
                self.leaf(leaf, fields)  # to be counted
        parts = [[self._rows.of(leaf) for leaf in leaves(child)] for child in node.children]
        if any(rows is None for part in parts for rows in part):
            return Asked(_all([self._node(child, fields).query for child in node.children]), False)
        choices = [[row for rows in part for row in rows or ()] for part in parts]
        items = [{"any_of": {"intervals": [_interval(row) for row in rows]}} for rows in choices]
        ordered = isinstance(node, Before)
        found = {"all_of": {"ordered": ordered, "max_gaps": -1 if ordered else _SENTENCE, "intervals": items}}
        query = _in_fields(fields, lambda field: {"intervals": {f"{field}_units": found}})
        # a whole that covers several positions has one there, and a gap is none
        exact = ordered and all(() not in row for rows in choices for row in rows)
        # what they score is that of the words
        words = [self._node(child, fields).query for child in node.children]
        return Asked({"bool": {"must": words, "filter": [query]}}, exact)

    def _all(self, node: And, fields: tuple[str, ...], match: Match) -> Asked:
        """As `Plan` evaluates an And: all children, or the plain ones as a bonus to those that must be there."""
        required = [child for child in node.children if isinstance(child, Must)]
        silent = [child for child in node.children if isinstance(child, Filter | Not)]
        plain = [child for child in node.children if child not in required and child not in silent]
        if match == "any":
            plain = [word for child in plain for word in plain_words(child)]
        if not (required or silent or plain):
            return Asked(NONE)
        passing, musts, scored = ([self._node(child, fields) for child in part] for part in (silent, required, plain))
        exact = all(asked.exact for asked in (*passing, *musts, *scored))
        query: Dsl = {"filter": [asked.query for asked in passing]}
        if not required and match == "all":
            query["must"] = [asked.query for asked in scored]
        else:
            query["must"] = [asked.query for asked in musts]
            query["should"] = [asked.query for asked in scored]
            query["minimum_should_match"] = 0 if musts or not scored else 1
        return Asked({"bool": {name: part for name, part in query.items() if part != []}}, exact)

    def leaf(self, node: Leaf, fields: tuple[str, ...]) -> Asked:
        """The query of a word, a mask or a phrase."""
        if (node, fields) not in self.leaves:
            self.leaves[node, fields] = self._leaf(node, fields)
        return self.leaves[node, fields]

    def _leaf(self, node: Leaf, fields: tuple[str, ...]) -> Asked:
        match node:
            case Fuzzy():
                return self._fuzzy(node, fields)
            case Mask():
                return Asked(_in_fields(fields, lambda field: _mask(field, node.pattern)))
            case Word():
                light = ranking.LIGHT if node.form.replace("ё", "е") in FUNCTION_WORDS else 1.0
                return Asked(self._word(node, fields, light))
        if (rows := self._rows.of(node)) is not None:
            return Asked(_any([_row(row, fields) for row in rows]))
        if isinstance(node, Phrase):  # its words in any order: the documents found are to be checked
            return Asked(self._near(node, fields) or self._beside(node, fields), False)
        assert isinstance(node, Either)
        return _or([self._leaf(option, fields) for option in node.options])

    def _word(self, word: Word, fields: tuple[str, ...], share: float) -> Dsl:
        """A word by its kin, whose frequencies are summed; the very form is a bonus, and may stand alone."""
        typed = tuple(typed_terms(word.form))
        if self._many:
            terms = list(self._rows.terms(word))
            return _in_fields(
                fields, lambda field: {"terms": {f"{field}_units": terms, "boost": share * _BOOST[field]}}
            )
        if word.exact:
            return _row((typed,), fields, share)
        kin = tuple(term for term in self._rows.terms(word) if term not in typed)
        return _any([_row((kin,), fields, share), _row((typed,), fields, share * _TYPED)])

    def _beside(self, phrase: Phrase, fields: tuple[str, ...]) -> Dsl:
        """All words of a phrase in one field, wherever there."""
        items = [item for item in phrase.items if not isinstance(item, Gap)]
        return _any([_all([self._leaf(item, (field,)).query for item in items]) for field in fields])

    def _near(self, phrase: Phrase, fields: tuple[str, ...]) -> Dsl | None:
        """Words near each other, or somewhat less near; None where they cannot be asked for so."""
        slop, items = phrase.slop, list[Dsl]()
        if slop is None:
            return None
        for item in phrase.items:
            if isinstance(item, Gap):
                continue
            if (rows := self._rows.in_phrase(item)) is None:
                return None
            slop += max(len(row) for row in rows) - 1  # a hyphenated word has one position there
            items.append({"any_of": {"intervals": [_interval(row) for row in rows]}})
        near = {"all_of": {"ordered": False, "max_gaps": slop, "intervals": items}}
        return _in_fields(fields, lambda field: {"intervals": {f"{field}_units": near}})

    def _fuzzy(self, node: Fuzzy, fields: tuple[str, ...]) -> Asked:
        """Terms within the distance; OpenSearch knows more letters than people mistype, so that each is checked."""
        terms = self._rows.terms(Word(node.text, node.form))
        near = [
            _in_fields(fields, lambda field, term=term: _fuzzy(field, term, node.distance))
            for term in (key_term(node.pattern), lemma_term(node.pattern))
        ]
        return Asked(_any([_row((terms,), fields), *near]), False)


def _interval(row: Row) -> Dsl:
    """A row as an interval, or somewhat more: positions that are not asked for may be left out."""
    units = " ".join(BETWEEN.join(step) for step in row if step)
    return {"match": {"query": units, "ordered": True, "max_gaps": row.count(())}}


def _row(row: Row, fields: tuple[str, ...], boost: float = 1.0) -> Dsl:
    """A row of positions in one of the fields: alternatives at a position count as one term."""
    while row and not row[-1]:  # what stands at the end is not asked for
        row = row[:-1]
    units = " ".join(BETWEEN.join(step) if step else NOTHING for step in row)
    kind = "match" if len(row) == 1 else "match_phrase"
    return _in_fields(
        fields, lambda field: {kind: {f"{field}_units": {"query": units, "boost": boost * _BOOST[field]}}}
    )


def _mask(field: str, pattern: str) -> Dsl:
    escaped = pattern.replace("\\", "\\\\")
    return {"wildcard": {f"{field}_units": {"value": key_term(escaped), "boost": _BOOST[field]}}}


def _fuzzy(field: str, term: str, distance: int) -> Dsl:
    options = {"fuzziness": distance, "prefix_length": 2, "transpositions": True, "rewrite": "constant_score"}
    return {"fuzzy": {f"{field}_units": {"value": term, **options}}}


def _in_fields(fields: tuple[str, ...], query: Any) -> Dsl:
    found = [query(field) for field in fields]
    return found[0] if len(found) == 1 else {"dis_max": {"queries": found, "tie_breaker": _LESSER_FIELD}}


def _any(queries: Sequence[Dsl]) -> Dsl:
    return queries[0] if len(queries) == 1 else {"bool": {"should": [*queries], "minimum_should_match": 1}}


def _all(queries: Sequence[Dsl]) -> Dsl:
    return {"bool": {"must": [*queries]}}


def _or(parts: Iterable[Asked]) -> Asked:
    found = list(parts)
    return Asked(_any([part.query for part in found]), all(part.exact for part in found))
