"""The search again, slow and obvious: what every path of the index is compared with.

A `Twin` keeps its documents in a dictionary and asks each of them in turn. It shares with the library what defines
a word (the tokens, their languages, lemmas and surname keys) and the tree of a query. Everything that decides what
matches and what it weighs is written here anew from the formulas:

    weight  1 for the form typed; else min(1, Σ over lemmas of a(lemma) · P(lemma | entry)), and of a capitalised
            surname of the same key at least one half; a(kin) = .1 · a(lemma) of aspect partners, .05 of related words
    f       Σ weights of the places in the text + 2 · Σ weights of those in the title; v: the places in the form typed
    idf     ln(1 + (N - df + .5) / (df + .5))
    sat(x)  x · 2.2 / (x + 1.2 · (.25 + .75 · length / average length))
    leaf    idf · (sat(f) + .5 / (words of the query) · sat(v)); the idf of a function word beside others · .4
    near    of each two neighbours among the plain words that are no such function words, where their nearest places in
            one field are 1 ≤ d ≤ 8 positions apart: 2 / (such words) · the lesser idf / d; the same place is as d = 1
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise, permutations, product
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from indexer import Document
from indexer.analysis import kinship, russian, surnames, words
from indexer.analysis.folding import key
from indexer.analysis.function_words import FUNCTION_WORDS
from indexer.analysis.language import detect, of_word
from indexer.analysis.tokens import tokenize
from indexer.query.parser import parse
from indexer.query.spellings import with_spellings
from indexer.query.synonyms import load
from indexer.query.tree import (
    And,
    Before,
    Compound,
    Either,
    Filter,
    Gap,
    InTitle,
    Leaf,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Sentence,
    Term,
    Word,
)
from indexer.query.widening import with_kin, with_synonyms
from indexer.sentences import sentences

Fields = tuple[str, ...]
Sought = tuple[Leaf, Fields]

BOTH = ("text", "title")
# Sums of the same numbers in another order differ by less than this.
ROUNDING = 1e-9


class Entry(NamedTuple):
    """A form in a language; the width tells «5 374» from «5374»."""

    form: str
    language: str
    width: int


class Place(NamedTuple):
    """Positions `start` … `end` of a field that match; `marks` are (query word, start, end) within them."""

    start: int
    end: int
    weight: float
    typed: bool
    marks: tuple[tuple[str, int, int], ...]


class Mark(NamedTuple):
    """Characters of a stored field that match a word of the query."""

    field: str
    start: int
    end: int
    word: str


@dataclass(frozen=True)
class Kept:
    """A document as it is searched: (entry, position, capital) by field, and where each position stands."""

    id: str
    lang: str
    document: Document
    tokens: Mapping[str, Sequence[tuple[Entry, int, bool]]]
    characters: Mapping[str, Mapping[int, tuple[int, int]]]
    length: int
    title_inside: bool
    sentences: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Answer:
    """Scores by id; of a relaxed query, the words that each of the best hits lacks (they may tie)."""

    scores: dict[str, float] = field(default_factory=dict)
    lacking: tuple[tuple[str, ...], ...] = ((),)


def kept(document: Document) -> Kept:
    """A document analysed."""
    inside = title_inside(document)
    streams = {"text": document.text} if inside else {"text": document.text, "title": document.title}
    lang = document.lang if document.lang in words.LANGUAGES else detect(*streams.values())
    tokens: dict[str, list[tuple[Entry, int, bool]]] = {"text": [], "title": []}
    characters: dict[str, dict[int, tuple[int, int]]] = {"text": {}, "title": {}}
    for name, stream in streams.items():
        for token in tokenize(stream, russian.known):
            home = "title" if inside and inside[0] <= token.start < inside[1] else name
            entry = Entry(token.form, of_word(token.form, lang), token.width)
            tokens[home].append((entry, token.position, token.capital))
            if token.kind == "word":
                characters[home][token.position] = (token.start, token.end)
    length = sum(map(len, characters.values()))
    return Kept(str(document.id), lang, document, tokens, characters, length, bool(inside), [*sentences(document.text)])


def title_inside(document: Document) -> tuple[int, int] | None:
    """The characters of the title where it is one of the first five lines of the text that are not blank."""
    title = document.title
    at = filled = 0
    for line in document.text.splitlines(keepends=True):
        filled += bool(line.strip())
        bare = line.strip()
        if title.strip() in (bare, bare.lstrip("# ")) and title in line and filled <= 5:
            begin = at + line.index(title)
            return (begin, begin + len(title)) if title else None
        at += len(line)
    return None


class Twin:
    """Documents in memory, searched one by one."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self.documents: dict[str, Kept] = {}
        for document in documents:
            self.add(document)

    def add(self, document: Document) -> None:
        """Add a document; one of the same id is replaced."""
        self.documents[str(document.id)] = kept(document)

    def delete(self, *ids: str) -> int:
        """Delete documents; how many there were."""
        return sum(self.documents.pop(identity, None) is not None for identity in dict.fromkeys(ids))

    def ask(self, query: str, *, match: str = "all", exact: bool = False, where: Mapping[str, Any] | None = None,
            relax: bool = True, expand: tuple[str, ...] = (), synonyms: Path | None = None) -> Answer:  # fmt: skip
        """Every document that matches, scored, and what is lacking where none has all the words."""
        asked = Asked(
            understood(query, match, exact, expand, synonyms),
            [Filter(*pair) for pair in (where or {}).items()],
            self.documents,
        )
        found = asked.scores(match)
        return Answer(found) if found or match == "any" or not relax else asked.relaxed()

    def marks(
        self, query: str, identity: str, *, match: str = "all", exact: bool = False, relaxed: bool = False,
        expand: tuple[str, ...] = (), synonyms: Path | None = None,
    ) -> tuple[set[Mark], set[Mark]]:  # fmt: skip
        """What any word of the query meets in a document; and of it what must be marked."""
        asked = Asked(understood(query, match, exact, expand, synonyms), [], self.documents)
        one = self.documents[identity]
        loose = relaxed or match == "any"
        return set(asked.meant(one, match, loose)), set(asked.owed(one, match, loose))


def understood(query: str, match: str, exact: bool, expand: tuple[str, ...], synonyms: Path | None) -> Node:
    """The tree of a query, shared with the library."""
    tree = with_kin(parse(query, exact=exact), expand)
    if synonyms:
        tree = with_synonyms(tree, load(synonyms), any_will_do=match == "any")
    return with_spellings(tree)


class Asked:
    """One query against one state of the documents."""

    def __init__(self, tree: Node, filters: Sequence[Filter], documents: Mapping[str, Kept]) -> None:
        self._top = tree if isinstance(tree, And) else And((tree,))
        self._filters = filters
        self._documents = documents
        self._places: dict[tuple[Leaf, str, str], list[Place]] = {}
        self._having: dict[Sought, int] = {}
        self._weights: dict[tuple[Word | Mask, Entry], tuple[float, bool]] = {}

    # the query as a whole

    def scores(self, match: str) -> dict[str, float]:
        """Score by id of the documents that have all, or with `match="any"` any of the plain words."""
        each = {one.id: self._top_level(one, match) for one in self._passing()}
        near = self._nearness(flat=match == "any")
        return {one: score + near(self._documents[one]) for one, score in each.items() if score is not None}

    def relaxed(self) -> Answer:
        """Words that occur nowhere are dropped; the rest is any of them, from a third of their summed idf on."""
        children = [part for child in self._top.children for part in ungrouped(child)]
        loose = [node for node in children if isinstance(node, Term)]
        binding = [node for node in children if not isinstance(node, Term)]
        if any(isinstance(node, Must) for node in binding):
            return Answer()
        found = {node: self._idf(node, BOTH) for node in loose if self._frequency(node, BOTH)}
        least = sum(found[node] for node in loose if node in found) / 3
        bound = any(not isinstance(node, Not | Filter) for node in binding)
        if len(loose) + bound < 2 or not (found or bound):
            return Answer()
        scores: dict[str, float] = {}
        near = self._nearness(flat=False)
        for one in self._passing():
            fixed = [self._score(node, one, BOTH) for node in binding]
            met = [node for node in loose if node in found and self._stands(node, one, BOTH)]
            enough = sum(found[node] for node in met) >= least * (1 - ROUNDING)
            if None not in fixed and (enough and met if found else True):
                scores[one.id] = sum(filter(None, fixed)) + sum(self._leaf(node, one, BOTH) or 0.0 for node in met)
                scores[one.id] += near(one)
        return Answer(scores, tuple(self._lacking(loose, scores))) if scores else Answer()

    def _lacking(self, loose: Sequence[Term], scores: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
        top = max(scores.values())
        best = [self._documents[one] for one, score in scores.items() if score >= top * (1 - ROUNDING)]
        for one in sorted(best, key=lambda one: one.id):
            yield tuple(node.text for node in loose if not self._stands(node, one, BOTH))

    def _passing(self) -> Iterator[Kept]:
        nothing = self._top == And(())
        return (one for one in self._documents.values() if not nothing and all(passes(f, one) for f in self._filters))

    def _top_level(self, one: Kept, match: str) -> float | None:
        if match == "all":
            return self._score(self._top, one, BOTH)
        silent = [node for node in self._top.children if isinstance(node, Not | Filter)]
        musts = [node for node in self._top.children if isinstance(node, Must)]
        plain = [node for node in self._top.children if node not in silent and node not in musts]
        any_of = [self._score(word, one, BOTH) for node in plain for word in loosened(node)]
        all_of = [self._score(node, one, BOTH) for node in (*silent, *musts)]
        if None in all_of or (any_of and not musts and set(any_of) == {None}):
            return None
        return sum(filter(None, (*all_of, *any_of)))

    # a node in a document: its score, None where it does not match

    def _score(self, node: Node, one: Kept, fields: Fields) -> float | None:
        match node:
            case And():
                return self._all(node, one, fields)
            case Before() | Sentence():
                scores = [self._score(child, one, fields) for child in node.children]
                return sum(filter(None, scores)) if any(self._related(node, one, name) for name in fields) else None
            case Or():
                met = [s for child in node.children if (s := self._score(child, one, fields)) is not None]
                return sum(met) if met else None
            case Must():
                return self._score(node.child, one, fields)
            case InTitle():
                return self._score(node.child, one, ("title",))
            case Filter():
                return 0.0 if passes(node, one) else None
            case Not():
                return 0.0 if self._score(node.child, one, fields) is None else None
        return self._leaf(node, one, fields)

    def _all(self, node: And, one: Kept, fields: Fields) -> float | None:
        """All children; beside a `+x` the plain ones only add to the score."""
        musts = any(isinstance(child, Must) for child in node.children)
        total = 0.0
        for child in node.children:
            score = self._score(child, one, fields)
            if score is None and (not musts or isinstance(child, Must | Not | Filter)):
                return None
            total += score or 0.0
        return total if node.children else None

    # a leaf in a document

    def _leaf(self, leaf: Leaf, one: Kept, fields: Fields) -> float | None:
        f = v = 0.0
        for name in fields:
            boost = {"text": 1.0, "title": 2.0}[name]
            for place in self._once(leaf, one, name):
                f += boost * place.weight
                v += boost * place.weight * place.typed
        if not f:
            return None
        norm = 1.2 * (1 - 0.75 + 0.75 * one.length / self._average_length)
        bonus = 0.5 / self._words * (v * 2.2 / (v + norm))
        return self._idf(leaf, fields) * (f * 2.2 / (f + norm) + bonus)

    def _idf(self, leaf: Leaf, fields: Fields) -> float:
        df = self._frequency(leaf, fields)
        share = 0.4 if not self._all_light and is_light(leaf) else 1.0
        return share * math.log(1 + (len(self._documents) - df + 0.5) / (df + 0.5))

    def _frequency(self, leaf: Leaf, fields: Fields) -> int:
        if (leaf, fields) not in self._having:
            self._having[leaf, fields] = sum(self._stands(leaf, one, fields) for one in self._documents.values())
        return self._having[leaf, fields]

    def _stands(self, leaf: Leaf, one: Kept, fields: Fields) -> bool:
        return any(self._once(leaf, one, name) for name in fields)

    @cached_property
    def _all_light(self) -> bool:
        return all(is_light(term) for term in terms(self._top))

    @cached_property
    def _words(self) -> int:
        """How many words a document may have of the query; it has one at least."""
        return max(1, sum(1 for _ in terms(self._top)))

    @cached_property
    def _average_length(self) -> float:
        """In words; never below 1."""
        return max(1.0, sum(one.length for one in self._documents.values()) / len(self._documents))

    # words near each other

    def _nearness(self, *, flat: bool) -> Callable[[Kept], float]:
        """What a document gains; `flat` takes phrases and hyphenated words for their words."""
        row = [word for word in plain_words(self._top, flat=flat) if self._all_light or not is_light(word)]
        neighbours = [(a, b) for a, b in pairwise(row) if a.form != b.form]
        return lambda one: sum(2 / len(row) * self._pair(a, b, one) for a, b in neighbours)

    def _pair(self, a: Word, b: Word, one: Kept) -> float:
        distances = [
            max(1, abs(place.start - other.start))
            for name in BOTH
            for place in self._all_places(a, one, name)
            for other in self._all_places(b, one, name)
        ]
        if not distances or min(distances) > 8:
            return 0.0
        return min(self._idf(a, BOTH), self._idf(b, BOTH)) / min(distances)

    # places

    def _once(self, leaf: Leaf, one: Kept, name: str) -> list[Place]:
        """A place counts once, for the most that may begin there; of alternatives one within another does not count."""
        best: dict[int, Place] = {}
        places = self._all_places(leaf, one, name)
        for place in places:
            if isinstance(leaf, Either) and any(within_another(place, other) for other in places):
                continue
            old = best.get(place.start)
            if not old or (old.weight, old.typed) < (place.weight, place.typed):
                best[place.start] = place
        return list(best.values())

    def _all_places(self, leaf: Leaf, one: Kept, name: str) -> list[Place]:
        at = leaf, one.id, name
        if at not in self._places:
            found = self._phrase(leaf, one, name) if isinstance(leaf, Phrase) else self._term(leaf, one, name)
            self._places[at] = list(found)
        return self._places[at]

    def _term(self, term: Term, one: Kept, name: str) -> Iterator[Place]:
        if isinstance(term, Either):
            for option in term.options:
                for place in self._all_places(option, one, name):
                    marks = tuple((term.text, start, end) for _, start, end in place.marks)
                    yield place._replace(typed=place.typed and option is term.typed, marks=marks)
            return
        if isinstance(term, Compound):
            whole = Word(term.text, term.form, term.exact)
            for place in (*self._term(whole, one, name), *self._phrase(Phrase(term.parts), one, name)):
                yield place._replace(marks=((term.text, place.start, place.end),))
            return
        for entry, position, _ in one.tokens[name]:
            weight, typed = self._weight(term, entry)
            if weight:
                end = position + entry.width
                yield Place(position, end, weight, typed, ((term.text, position, end),))

    def _phrase(self, phrase: Phrase, one: Kept, name: str) -> Iterator[Place]:
        chains = self._rows if phrase.slop is None else self._near
        for chain in chains(phrase, one, name):
            weight = math.prod(place.weight for place in chain)
            marks = tuple(mark for place in chain for mark in place.marks)
            start, end = min(place.start for place in chain), max(place.end for place in chain)
            yield Place(start, end, weight, all(place.typed for place in chain), marks)

    def _rows(self, phrase: Phrase, one: Kept, name: str) -> Iterator[tuple[Place, ...]]:
        """Each item begins where the one before it ends; a gap is one position."""
        chains: list[tuple[tuple[Place, ...], int | None]] = [((), None)]
        for item in phrase.items:
            if isinstance(item, Gap):
                chains = [(chain, None if at is None else at + 1) for chain, at in chains]
            else:
                here = self._all_places(item, one, name)
                chains = [((*chain, p), p.end) for chain, at in chains for p in here if at in (None, p.start)]
        return (chain for chain, _ in chains)

    def _near(self, phrase: Phrase, one: Kept, name: str) -> Iterator[tuple[Place, ...]]:
        """Behind each place of each item the nearest free places of the others, whichever of up to three is first."""
        items = [self._all_places(item, one, name) for item in phrase.items if not isinstance(item, Gap)]
        for number, here in enumerate(items):
            others = items[:number] + items[number + 1 :]
            orders = permutations(others) if len(others) <= 3 else [others]
            for first, order in product(here, orders):
                chain = [first]
                for other in order:
                    behind = (p for p in other if p.start > first.start and all(apart(p, taken) for taken in chain))
                    chain += sorted(behind, key=nearest)[:1]
                if len(chain) == len(items) and between(chain) <= (phrase.slop or 0):
                    yield tuple(chain)

    # words in relation

    def _related(self, node: Before | Sentence, one: Kept, name: str) -> list[tuple[Leaf, Place]]:
        """The places of the words that stand as asked in some choice of one place each."""
        each = [
            [(leaf, place) for leaf in options(child) for place in self._all_places(leaf, one, name)]
            for child in node.children
        ]
        if isinstance(node, Sentence):
            each = [[pair for pair in here if all(reached(pair, there) for there in each)] for here in each]
        holds = in_order if isinstance(node, Before) else lambda choice: in_one_sentence(choice, one, name)
        return [place for choice in product(*each) if holds([place for _, place in choice]) for place in choice]

    # what an entry weighs for a word

    def _weight(self, term: Word | Mask, entry: Entry) -> tuple[float, bool]:
        if (term, entry) not in self._weights:
            self._weights[term, entry] = self._weighed(term, entry)
        return self._weights[term, entry]

    def _weighed(self, term: Word | Mask, entry: Entry) -> tuple[float, bool]:
        if isinstance(term, Mask):
            return float(fits(term.pattern, key(entry.form))), False
        if typed(term.form, entry.form):
            return 1.0, True
        if term.exact:
            return 0.0, False
        return max(self._kinship(term, entry), self._namesake(term.form, entry)), False

    def _kinship(self, word: Word, entry: Entry) -> float:
        own = words.affinities(word.form, self._languages)
        asked = dict(own)
        for lemma, affinity in own.items():
            for kind, part in (("aspect", 0.1), ("related", 0.05)):
                if kind in word.kin and affinity * part >= 0.01:
                    for other in kinship.KINDS[kind].of(lemma):
                        asked[other] = max(asked.get(other, 0.0), affinity * part)
        return min(1.0, sum(asked.get(lemma, 0.0) * p for lemma, p in words.lemmas(entry.form, entry.language)))

    def _namesake(self, form: str, entry: Entry) -> float:
        case = key(entry.form)
        same = any(case in surnames.cases(surname) for surname in surnames.keys(form))
        return (
            0.5
            if same and surnames.fits(case, entry.language) and self._capitals[entry] >= self._occurrences[entry] / 2
            else 0.0
        )

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return tuple(sorted({"ru", *(one.lang for one in self._documents.values())}))

    @cached_property
    def _occurrences(self) -> Counter[Entry]:
        return Counter(entry for one in self._documents.values() for name in BOTH for entry, _, _ in one.tokens[name])

    @cached_property
    def _capitals(self) -> Counter[Entry]:
        tokens = (token for one in self._documents.values() for name in BOTH for token in one.tokens[name])
        return Counter(entry for entry, _, capital in tokens if capital)

    # what is marked

    def meant(self, one: Kept, match: str, loose: bool) -> Iterator[Mark]:
        """What the words of the query meet; those of a phrase, or in relation, only where they stand as asked."""
        for leaf, fields in self._asked_for(match, loose):
            yield from self._marks(leaf, one, fields)
        if not loose:
            yield from self._related_marks(one, relations(self._top, BOTH))

    def owed(self, one: Kept, match: str, loose: bool) -> Iterator[Mark]:
        """The same, without groups that the document does not match where it must match.

        Nor of words near each other: of several pairings within the same stretch any one may be shown.
        """

        def met(node: Node, fields: Fields) -> bool:
            return self._score(node, one, fields) is not None

        for leaf, fields in self._asked_for(match, True) if loose else leaves(self._top, BOTH, met, related=False):
            if not isinstance(leaf, Phrase) or leaf.slop is None:
                yield from self._marks(leaf, one, fields)
        if not loose:
            yield from self._related_marks(one, relations(self._top, BOTH, met), near=False)

    def _asked_for(self, match: str, loose: bool) -> Iterator[Sought]:
        for node in self._top.children:
            for word in loosened(node) if match == "any" else (node,):
                yield from leaves(word, BOTH, related=loose)

    def _related_marks(
        self, one: Kept, found: Iterable[tuple[Before | Sentence, Fields]], *, near: bool = True
    ) -> Iterator[Mark]:
        for node, fields in found:
            for name in fields:
                for leaf, place in self._related(node, one, name):
                    if near or not isinstance(leaf, Phrase) or leaf.slop is None:
                        yield from (self._mark(one, name, *mark) for mark in place.marks)

    def _marks(self, leaf: Leaf, one: Kept, fields: Fields) -> Iterator[Mark]:
        for name in fields:
            for place in self._all_places(leaf, one, name):
                for word, start, end in place.marks:
                    yield self._mark(one, name, word, start, end)

    @staticmethod
    def _mark(one: Kept, name: str, word: str, start: int, end: int) -> Mark:
        at = one.characters[name]
        return Mark("text" if one.title_inside else name, at[start][0], at[end - 1][1], word)


def anything(_node: Node, _fields: Fields) -> bool:
    """Whether any node is wanted: it is."""
    return True


def leaves(
    node: Node, fields: Fields, wanted: Callable[[Node, Fields], bool] = anything, *, related: bool = True
) -> Iterator[Sought]:
    """The leaves a document may have, each with the fields it is looked for in; of the nodes wanted only.

    Without `related`, none of those whose places depend on others.
    """
    if not wanted(node, fields):
        return
    match node:
        case And() | Or():
            for child in node.children:
                yield from leaves(child, fields, wanted, related=related)
        case Before() | Sentence():
            for child in node.children if related else ():
                yield from leaves(child, fields, wanted)
        case Must():
            yield from leaves(node.child, fields, wanted, related=related)
        case InTitle():
            yield from leaves(node.child, ("title",), wanted, related=related)
        case Word() | Compound() | Mask() | Either() | Phrase():
            yield node, fields


def relations(
    node: Node, fields: Fields, wanted: Callable[[Node, Fields], bool] = anything
) -> Iterator[tuple[Before | Sentence, Fields]]:
    """The nodes of words in relation, likewise."""
    if not wanted(node, fields):
        return
    match node:
        case Before() | Sentence():
            yield node, fields
        case And() | Or():
            for child in node.children:
                yield from relations(child, fields, wanted)
        case Must():
            yield from relations(node.child, fields, wanted)
        case InTitle():
            yield from relations(node.child, ("title",), wanted)


def options(child: Node) -> Sequence[Leaf]:
    """A leaf, or the leaves that are alternatives."""
    return child.children if isinstance(child, Or) else (child,)  # type: ignore[return-value]


def reached(pair: tuple[Leaf, Place], others: Iterable[tuple[Leaf, Place]]) -> bool:
    """Whether one of the others begins at most 255 positions away."""
    return any(abs(pair[1].start - other.start) <= 255 for _, other in others)


def in_order(places: Sequence[Place]) -> bool:
    """Whether each stands behind the one before it."""
    return all(one.end <= other.start for one, other in pairwise(places))


def in_one_sentence(places: Sequence[Place], one: Kept, name: str) -> bool:
    """Whether all begin and end in the same sentence; a title is one."""
    if name == "title":
        return True
    edges = [at for place in places for at in (place.start, place.end - 1)]
    begins = [one.characters[name][at][0] for at in edges]
    return any(all(start <= begin < end for begin in begins) for start, end in one.sentences)


def terms(node: Node) -> Iterator[Term]:
    """The words a document may have, those of phrases too."""
    for leaf, _ in leaves(node, BOTH):
        yield from (i for i in leaf.items if not isinstance(i, Gap)) if isinstance(leaf, Phrase) else (leaf,)


def plain_words(node: Node, *, flat: bool) -> Iterator[Word]:
    """The words that stand alone, in the order of the query; not those of alternatives, titles and exclusions."""
    match node:
        case And():
            for child in node.children:
                yield from plain_words(child, flat=flat)
        case Must():
            yield from plain_words(node.child, flat=flat)
        case Word():
            yield node
        case Phrase() | Compound() if flat:
            yield from (word for word in loosened(node) if isinstance(word, Word))


def is_light(node: Node) -> bool:
    """Whether it is a function word; ё is as good as е."""
    return isinstance(node, Word) and key(node.form) in FUNCTION_WORDS


def ungrouped(node: Node) -> Sequence[Node]:
    """What stands in parentheses, one by one; a group in which something must be there is one."""
    if not isinstance(node, And) or any(isinstance(child, Must) for child in node.children):
        return [node]
    return [part for child in node.children for part in ungrouped(child)]


def loosened(node: Node) -> Iterator[Node]:
    """In a question a phrase is its words, and a hyphenated word its parts."""
    match node:
        case Phrase(items, None):
            for item in items:
                yield from loosened(item) if not isinstance(item, Gap) else ()
        case Compound():
            yield from node.parts
        case Before() | Sentence():
            for child in node.children:
                yield from loosened(child)
        case _:
            yield node


def typed(asked: str, form: str) -> bool:
    """Whether this is the form typed: a typed ё is meant, a typed е may be either."""
    return len(asked) == len(form) and all(a == f or (a, f) == ("е", "ё") for a, f in zip(asked, form, strict=True))


def fits(pattern: str, text: str) -> bool:
    """`*` is any letters, `?` is one."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


def nearest(place: Place) -> tuple[int, int, float, bool]:
    """The order of choice among places: the first, the shorter, the likelier, the form typed."""
    return place.start, place.end, -place.weight, not place.typed


def within_another(place: Place, other: Place) -> bool:
    """Whether a place lies within a wider one."""
    inside = other.start <= place.start and place.end <= other.end
    return inside and (place.start, place.end) != (other.start, other.end)


def apart(one: Place, other: Place) -> bool:
    """Whether two places share no position."""
    return one.end <= other.start or other.end <= one.start


def between(chain: Sequence[Place]) -> int:
    """How many positions from the first of the places to the last belong to none of them."""
    covered = sum(place.end - place.start for place in chain)
    return max(place.end for place in chain) - min(place.start for place in chain) - covered


def passes(condition: Filter, one: Kept) -> bool:
    """Whether a document has the value a filter asks for."""
    name, value = condition.field, condition.value
    document = one.document
    several = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    match name:
        case "lang":
            return one.lang in several
        case "ext":
            return PurePosixPath(document.path or "").suffix.lower() in {f".{ending}" for ending in several}
        case "path":
            path = PurePosixPath(document.path or "")
            return any(fnmatchcase(str(p), str(glob)) for p in (path, *path.parents) if p.name for glob in several)
        case "date":
            return within(str(document.date or ""), value)
    has = document.fields.get(name)
    if isinstance(value, tuple):
        first, last = value
        return has is not None and (first is None or first <= has) and (last is None or has <= last)
    return any(wanted in (has if isinstance(has, list) else [has]) for wanted in several)


def within(day: str, value: object) -> bool:
    """Whether an ISO day lies between two ends, both of them in; an end may name a year or a month."""
    ends = value if isinstance(value, tuple) else str(value).split("..") if ".." in str(value) else (value, value)
    first, last = (str(end or "") for end in ends)
    return bool(day) and first <= day and (not last or day[: len(last)] <= last)
