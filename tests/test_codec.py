"""The index as an index of Whoosh, compared with Whoosh's own codec over the same words and the same histories.

The referee is a stock Whoosh index whose postings are handed over analysed (by `twin`, not by the engine), scored by
a model written here from the formula over a dictionary of the documents, and searched like ours without the deleted
documents that Whoosh's Not may find. Left out, because stock Whoosh itself answers them differently from segment to
segment, or wrongly:

- AndMaybe, Otherwise and Or(scale=…): their matchers look at one segment at a time, or lose the optional side;
- the scores of DisjunctionMax, which takes the larger score even of two different documents: only what it finds counts;
- prefixes, masks and the like with `constantscore=True`: one term in a segment is scored, two are not;
- the terms met by And within Or: any that stands at the document counts, found by it or not;
- AndNot and spans within And or Or: Whoosh raises IndexError and NotImplementedError;
- the order of equal scores and keys, which is that of document numbers;
- stock TopCollector with its shortcuts, for anything but one term: it loses scores within And and Or.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isclose, log
from pathlib import Path
from typing import Any

import pytest
import whoosh
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whoosh import columns, fields, formats, sorting
from whoosh.analysis import IDTokenizer
from whoosh.collectors import TimeLimitCollector, TopCollector
from whoosh.index import LockError, create_in
from whoosh.qparser import QueryParser
from whoosh.query import (
    And,
    ConstantScoreQuery,
    DisjunctionMax,
    Every,
    FuzzyTerm,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Require,
    Term,
    TermRange,
    Variations,
    Wildcard,
)  # fmt: skip
from whoosh.query.spans import SpanFirst, SpanNear, SpanNot, SpanOr
from whoosh.scoring import BM25F, TF_IDF, BaseScorer, WeightingModel, WeightScorer
from whoosh.writing import AsyncWriter

from indexer import Document, Index, IndexerError, ranking
from indexer.analysis import words as morphology
from indexer.segment import terms
from indexer.segment.codec import Bm25, FileIndex, Searcher, open_index
from tests.strategies import documents, vocabularies
from tests.twin import kept

EXAMPLES = int(os.environ.get("CODEC_EXAMPLES", "20"))
QUERIES = 25
# Whoosh 2.7.4 loses documents of Require, and SpanNot raises NotImplementedError there.
MODERN = whoosh.__version__ > (3,)
SCORED = ("text", "title", "lemma")
COLUMNS = ("id", "lang", "date", "path")
Scores = dict[str, float]


@dataclass(frozen=True)
class Record:
    """A document for the referee: field → term → (weight, positions), and its length."""

    document: Document
    values: Mapping[str, Mapping[str, tuple[float, list[int]]]]
    length: int


def record(document: Document) -> Record:
    """A document analysed."""
    read = kept(document)
    values: dict[str, dict[str, tuple[float, list[int]]]] = {}
    amounts: dict[str, float] = defaultdict(float)
    for field, times in (("text", 1), ("title", 2)):
        places: dict[terms.Entry, list[int]] = defaultdict(list)
        for entry, position, _ in read.tokens[field]:
            places[terms.Entry(*entry)].append(position)
        values[field] = {terms.encode(entry): (len(found), sorted(found)) for entry, found in places.items()}
        for entry, found in places.items():
            if any(map(str.isalpha, entry.form)):
                for lemma, share in morphology.lemmas(entry.form, entry.language):
                    amounts[lemma] += times * len(found) * round(share * 10_000) / 10_000
    values["lemma"] = {lemma: (amount, []) for lemma, amount in amounts.items()}
    path = document.path or ""
    pairs = [
        (name, one) for name, all_ in document.fields.items() for one in (all_ if isinstance(all_, list) else [all_])
    ]
    keywords = {
        "id": [str(document.id)],
        "lang": [read.lang],
        "date": [str(document.date)] if document.date else [],
        "path": [path] if path else [],
        "ext": [path.rpartition(".")[2].lower()] if "." in path else [],
        "field": [f"{name}={one}" for name, one in pairs],
    }
    values |= {field: {term: (1.0, []) for term in found} for field, found in keywords.items()}
    return Record(document, values, read.length)


class Given(fields.FieldType):  # type: ignore[misc]
    """A field whose value is its postings."""

    def __init__(self, format_: formats.Format, *, scorable: bool = False, sortable: bool = False) -> None:
        super().__init__(format_, IDTokenizer(), scorable=scorable, sortable=sortable)

    def index(
        self, value: Mapping[str, tuple[float, list[int]]], **_: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """What Whoosh's writer takes."""
        for term, (weight, positions) in value.items():
            yield term.encode(), max(1, len(positions)), weight, self.format.encode(positions)

    def to_column_value(self, value: Mapping[str, Any]) -> bytes:
        """What is sorted by."""
        return next(iter(value), "").encode()


def stock_schema() -> fields.Schema:
    """The same fields as ours, of Whoosh's own making."""
    plain = {name: Given(formats.Existence(), sortable=name in COLUMNS) for name in (*COLUMNS, "ext", "field")}
    scored = {name: Given(formats.Positions(), scorable=True) for name in ("text", "title")}
    lemma = Given(formats.Existence(), scorable=True)
    return fields.Schema(
        **plain, **scored, lemma=lemma, length=fields.COLUMN(columns.NumericColumn("I")), key=fields.STORED()
    )


class Plain(WeightingModel):  # type: ignore[misc]
    """BM25 from the formula, over a dictionary of documents."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        self._records = records
        self._average = max(1.0, sum(each.length for each in records.values()) / max(1, len(records)))

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> BaseScorer:  # noqa: ARG002
        """The scorer of a term."""
        if fieldname not in SCORED:
            return WeightScorer(1.0)
        having = sum(text.decode() in each.values[fieldname] for each in self._records.values())
        rarity = log(1 + (len(self._records) - having + 0.5) / (having + 0.5))

        class Scorer(BaseScorer):  # type: ignore[misc]
            def score(_, matcher: Any) -> float:  # noqa: N805
                weight, number = matcher.weight(), matcher.id()
                length = self._records[searcher.stored_fields(number)["key"]].length
                return rarity * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * length / self._average))

        return Scorer()


@dataclass(frozen=True)
class Commit:
    """One step of a history: documents in, ids out, whether all is merged then, and who writes."""

    documents: list[Document]
    deleted: list[str]
    merge: bool
    by_whoosh: bool


@st.composite
def histories(draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[Commit]:
    """A few commits."""
    words = draw(vocabularies())
    identities = st.integers(1, 40).map(str)
    commits = []
    for _ in range(draw(st.integers(1, 5))):
        found = draw(st.lists(documents(words), min_size=1, max_size=12))
        given_ids = draw(st.lists(identities, min_size=len(found), max_size=len(found), unique=True))
        named = [
            replace(each, id=identity, lang=each.lang or "ru") for each, identity in zip(found, given_ids, strict=True)
        ]
        gone = draw(st.lists(identities, max_size=6))
        commits.append(Commit(named, gone, draw(st.sampled_from([False, False, True])), draw(st.booleans())))
    return commits


class Pair:
    """Our index and the referee, brought to the same state."""

    def __init__(self, folder: Path) -> None:
        (folder / "stock").mkdir(parents=True)
        self.index = Index.open(folder / "ours", create=True)
        self.ours: FileIndex = open_index(folder / "ours")
        self.stock = create_in(str(folder / "stock"), stock_schema())
        self.records: dict[str, Record] = {}

    def apply(self, commit: Commit) -> None:
        """One step."""
        if commit.by_whoosh:
            with self.ours.writer() as writer:
                for identity in commit.deleted:
                    writer.delete_by_term("id", identity)
                for each in commit.documents:
                    values = {name: getattr(each, name) for name in ("text", "title", "id", "path", "date", "lang")}
                    writer.add_document(**values, **each.fields)
        else:
            self.index.delete(*commit.deleted)
            self.index.add_many(commit.documents, force=True)
        if commit.merge:
            self.ours.optimize()
        self._apply_stock(commit)

    def _apply_stock(self, commit: Commit) -> None:
        writer = self.stock.writer()
        for identity in {*commit.deleted, *(str(each.id) for each in commit.documents)}:
            writer.delete_by_term("id", identity)
            self.records.pop(identity, None)
        for each in commit.documents:
            made = self.records[str(each.id)] = record(each)
            writer.add_document(
                **{name: value for name, value in made.values.items() if value}, length=made.length, key=each.id
            )
        writer.commit(optimize=commit.merge, merge=commit.merge)


# Queries


class Asker:
    """Random queries over the terms of some documents, and some terms that are nowhere."""

    def __init__(self, records: Mapping[str, Record], seed: int) -> None:
        self._random = random.Random(seed)
        self._terms: dict[str, list[str]] = defaultdict(lambda: ["нет"])
        self._sentences: dict[str, list[list[str]]] = defaultdict(list)
        for each in records.values():
            for field, postings in each.values.items():
                self._terms[field] += postings
                places = sorted((at, term) for term, (_, positions) in postings.items() for at in positions)
                self._sentences[field].append([term for _, term in places])

    def _one(self, choices: Iterable[Any]) -> Any:
        return self._random.choice(list(choices))

    def _term(self, field: str) -> str:
        return str(self._one(self._terms[field]))

    def _field(self) -> str:
        return str(self._one(("text", "text", "title", "lemma", "lemma", "lang", "date", "path", "ext", "field", "id")))

    def query(self, depth: int = 2) -> Query:
        """A query."""
        if depth and self._random.random() < 0.6:
            return self._compound(depth - 1)
        return self._one((self._word, self._word, self._word, self._expanded, self._phrase, self._rest))()

    def flat(self) -> Query:
        """A query in which every term at a document is one that it was found by."""
        parts = [self._one((self._word, self._expanded))() for _ in range(self._one((1, 2, 3)))]
        return self._one((And, Or))(parts)

    def span(self) -> Query:
        """A query of spans, which Whoosh takes only by itself."""
        field = self._one(("text", "title"))
        first, second = (Term(field, term) for term in self._near(field, 2))
        return self._one((
            SpanNear(first, second, slop=self._one((1, 3)), ordered=self._one((True, False))),
            SpanFirst(first, limit=self._one((0, 3))),
            SpanOr([first, second]),
            SpanNot(first, second) if MODERN else SpanOr([first, second]),
        ))  # fmt: skip

    def _near(self, field: str, size: int) -> list[str]:
        """Terms that stand one after another, more often than not."""
        sentence = self._one(self._sentences[field] or [[]])
        if len(sentence) < size or self._random.random() < 0.3:
            return [self._term(field) for _ in range(size)]
        at = self._random.randrange(len(sentence) - size + 1)
        return list(sentence[at : at + size])

    def _word(self) -> Query:
        field = self._field()
        return Term(field, self._term(field), boost=self._one((1.0, 1.0, 2.5, 0.5)))

    def _expanded(self) -> Query:
        field = self._field()
        term = self._term(field)
        at = self._random.randrange(len(term))
        low, high = sorted((term, self._term(field)))
        pattern = self._one((f"{term[:at]}*", f"{term[:at]}?{term[at + 1 :]}", f"*{term[at:]}"))
        bounds = (self._one((low, None)), self._one((high, None)), at % 2 == 0, at % 3 == 0)
        loose = {"maxdist": self._one((1, 2)), "prefixlength": self._one((0, 1))}
        return self._one((
            Prefix(field, term[: at + 1], constantscore=False),
            Wildcard(field, pattern, constantscore=False),
            TermRange(field, *bounds, constantscore=False),
            FuzzyTerm("lemma", self._mistyped(), constantscore=False, **loose),
            Variations("lemma", self._term("lemma")),
        ))  # fmt: skip

    def _mistyped(self) -> str:
        term = self._term("lemma")
        at = self._random.randrange(len(term))
        return str(self._one((term[:at] + term[at + 1 :], term[:at] + "о" + term[at:], term))) or "о"

    def _phrase(self) -> Query:
        field = self._one(("text", "text", "title"))
        found = self._near(field, self._one((1, 2, 2, 3)))
        return self._one((Phrase(field, found, slop=self._one((1, 1, 2, 4))), Phrase(field, found, boost=3.0)))

    def _rest(self) -> Query:
        return self._one((Every(), Every(self._field()), ConstantScoreQuery(self._expanded(), 2.0), Not(self._word())))

    def _compound(self, depth: int) -> Query:
        parts = [self.query(depth) for _ in range(self._one((2, 2, 3)))]
        return self._one((
            And(parts, boost=self._one((1.0, 2.0))),
            And([parts[0], Not(parts[1])]),
            Require(parts[0], parts[1]) if MODERN else And(parts),
            Or(parts), Or(parts), Or(parts, boost=0.5),
            DisjunctionMax(parts),
        ))  # fmt: skip


def scored(query: Query) -> bool:
    """Whether stock Whoosh's scores of it can be relied on; its normalize() makes ranges constant, asked or not."""
    if isinstance(query, ConstantScoreQuery):
        return True
    constant = isinstance(query, DisjunctionMax) or getattr(query, "constantscore", False)
    return not constant and all(map(scored, query.children()))


def normal(query: Query) -> Query:
    """The query as a parser of Whoosh would hand it over; Whoosh cannot normalise some of its own queries."""
    try:
        return query.normalize()
    except (AttributeError, NotImplementedError):
        return query


# Comparison


class Judge:
    """Compares the two indexes in one state."""

    def __init__(self, pair: Pair) -> None:
        self.ours = pair.ours.searcher()
        self.stock = Searcher(pair.stock.reader(), weighting=Plain(pair.records))
        self.records = pair.records

    def _key(self, searcher: Any, number: int) -> str:
        kept_ = searcher.stored_fields(number)
        return str(kept_["id" if searcher is self.ours else "key"])

    def scores(self, searcher: Any, query: Query, **options: Any) -> Scores:
        """Every document found, with its score."""
        found = searcher.search(query, limit=None, **options)
        keys = [self._key(searcher, number) for _, number in found.top_n]
        assert len(set(keys)) == len(keys) == len(found), "a document counts once"
        return dict(zip(keys, (score for score, _ in found.top_n), strict=True))

    def same(self, query: Query, **options: Any) -> None:
        """The same documents, the same scores, the same ten best."""
        ours, stock = self.scores(self.ours, query, **options), self.scores(self.stock, query, **options)
        assert ours.keys() == stock.keys(), query
        if not scored(query):
            return
        for key, score in stock.items():
            assert isclose(ours[key], score, rel_tol=1e-6, abs_tol=1e-6), (query, key, ours[key], score)
        best = self.ours.search(query, limit=10, **options)
        if "filter" not in options:
            assert len(best) == len(stock), query
        expected = sorted(stock.values(), reverse=True)[:10]
        assert len(expected) == best.scored_length(), query
        for (number, score), wanted in zip(best.items(), expected, strict=True):
            assert isclose(score, wanted, rel_tol=1e-6, abs_tol=1e-6), query
            assert isclose(score, stock[self._key(self.ours, number)], rel_tol=1e-6, abs_tol=1e-6), query

    def same_terms(self, query: Query) -> None:
        """The same terms are met in the same documents."""
        met = []
        for searcher in (self.ours, self.stock):
            found = searcher.search(query, limit=None, terms=True)
            met.append({self._key(searcher, hit.docnum): set(hit.matched_terms()) for hit in found})
        assert met[0] == met[1], query

    def same_order(self, query: Query, facet: Any, wanted: Callable[[str], Any], *, reverse: bool = False) -> None:
        """The same keys in the same order, cut after five too."""
        for limit in (None, 5):
            orders = []
            for searcher in (self.ours, self.stock):
                found = searcher.search(query, limit=limit, sortedby=facet, reverse=reverse)
                orders.append([wanted(self._key(searcher, number)) for _, number in found.top_n])
            assert orders[0] == orders[1], (query, facet)

    def same_groups(self, query: Query, facet: Any) -> None:
        """The same documents in the same groups."""
        groups = []
        for searcher in (self.ours, self.stock):
            found = searcher.search(query, limit=None, groupedby={"group": facet}).groups("group")
            groups.append({name: {self._key(searcher, number) for number in all_} for name, all_ in found.items()})
        assert groups[0] == groups[1], (query, facet)

    def same_lexicon(self) -> None:
        """Exactly the terms that live documents have, with their numbers, postings and positions."""
        reader = self.ours.reader()
        expected: dict[tuple[str, bytes], dict[str, tuple[float, list[int]]]] = defaultdict(dict)
        for key, each in self.records.items():
            for field, postings in each.values.items():
                for term, posting in postings.items():
                    expected[field, term.encode()][key] = posting
        assert list(reader.all_terms()) == sorted(expected)
        for (field, term), postings in expected.items():
            info = reader.term_info(field, term)
            assert info.doc_frequency() == reader.doc_frequency(field, term) == len(postings)
            assert isclose(info.weight(), sum(weight for weight, _ in postings.values()))
            assert isclose(info.max_weight(), max(weight for weight, _ in postings.values()))
            lengths = [self.records[key].length for key in postings]
            assert (info.min_length(), info.max_length()) == (min(lengths), max(lengths))
            matcher = reader.postings(field, term)
            while matcher.is_active():
                weight, positions = postings.pop(self._key(self.ours, matcher.id()))
                assert isclose(matcher.weight(), weight)
                assert isclose(matcher.value_as("weight"), weight)
                if field in ("text", "title"):
                    assert matcher.value_as("positions") == positions == [span.start for span in matcher.spans()]
                    assert self.ours.schema[field].format.decode_positions(matcher.value()) == positions
                matcher.next()
            assert not postings


# not shrunk: a history takes half a second, and the seed makes the queries anew whatever is left out of it
UNSHRUNK = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@UNSHRUNK
@given(history=histories(), seed=st.integers(0, 2**32))
def test_the_same_as_whoosh(tmp_path_factory: pytest.TempPathFactory, history: list[Commit], seed: int) -> None:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    for commit in history:
        pair.apply(commit)
    judge, asker = Judge(pair), Asker(pair.records, seed)
    assert judge.ours.doc_count() == len(pair.records) == judge.stock.doc_count()
    judge.same_lexicon()
    dates = {key: str(each.document.date or "") for key, each in pair.records.items()}
    paths = {key: each.document.path or "" for key, each in pair.records.items()}
    for number in range(QUERIES):
        query = asker.span() if number % 8 == 7 else asker.query()
        query = normal(query) if number % 2 else query
        match number % 6:
            case 0:
                judge.same(query, filter=asker.query(0))
                judge.same(query, mask=asker.query(0))
            case 1:
                judge.same_terms(asker.flat())
            case 2:
                judge.same_order(query, "date", dates.__getitem__, reverse=bool(number % 4))
                judge.same_order(query, sorting.FieldFacet("path"), paths.__getitem__)
                both = sorting.MultiFacet(["date", "path", sorting.FieldFacet("id", reverse=True)])
                judge.same_order(query, both, lambda key: key)
            case 3:
                judge.same_groups(query, sorting.FieldFacet("lang"))
                judge.same_groups(query, sorting.FieldFacet("field", allow_overlap=True))
                judge.same_groups(query, sorting.FieldFacet("ext"))
                judge.same_groups(query, sorting.QueryFacet({"a": asker.query(0), "b": asker.query(0)}))
        judge.same(query)


# Our own engine, and what else runs


WORDS = [("уступкою", "уступка"), ("договорам", "договор"), ("каналами", "канал"), ("окном", "окно")]
TEXTS = [
    "Уступка прав. Договор уступки канала.", "Окно и договор, договор и окно.", "Каналы телеграма, каналы. Уступки!",
    "О договоре", "Кошка на окне.", "Ни о чём.", "Уступку сделали, окна закрыли, договоры подписали.",
]  # fmt: skip


def texts(folder: Path) -> tuple[Index, FileIndex]:
    """Several segments with deleted documents."""
    index = Index.open(folder, create=True)
    for round_ in range(3):
        index.add_many([
            Document(text + " И ещё слово." * (number % 3), id=f"{round_}-{number}",
                     title=TEXTS[number - 1] * (number % 2),
                     date=f"202{round_}-01-0{number + 1}", path=f"п{round_}/{number}.txt", lang="ru",
                     fields={"год": number})
            for number, text in enumerate(TEXTS)
        ])  # fmt: skip
    index.delete("0-0", "1-3", "2-6")
    index.add(Document("Уступка канала в новом договоре", id="0-1", lang="ru"))
    return index, open_index(folder)


def test_scores_are_those_of_our_own_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "NEAR", 0.0)  # Whoosh's trees know their terms alone
    index, ours = texts(tmp_path)
    forms = " ".join(typed for typed, _ in WORDS)
    assert not any(
        typed in index.get(hit.id).text.lower() for hit in index.search(forms, limit=None) for typed, _ in WORDS
    )
    lemmas = [Term("lemma", lemma) for _, lemma in WORDS]
    asked: list[tuple[str, str, Query]] = [
        (typed, "all", lemma) for (typed, _), lemma in zip(WORDS, lemmas, strict=True)
    ]
    asked += [(forms, "any", Or(lemmas)), (" ".join(forms.split()[:2]), "all", And(lemmas[:2]))]
    with ours.searcher() as searcher:
        for text, match, query in asked:
            wanted = {hit.id: hit.score for hit in index.search(text, match=match, limit=None, snippets=0, relax=False)}
            found = {hit["id"]: hit.score for hit in searcher.search(query, limit=None)}
            assert len(wanted) > 2
            assert wanted.keys() == found.keys(), text
            assert all(isclose(found[key], score, rel_tol=1e-12) for key, score in wanted.items()), text


def test_terms_and_stored_fields(tmp_path: Path) -> None:
    index, ours = texts(tmp_path)
    with ours.searcher() as searcher:
        reader = searcher.reader()
        assert len(reader.leaf_readers()) == 4
        assert reader.has_deletions()
        assert [term.decode() for term in reader.expand_prefix("lemma", "ок")] == ["окно"]
        assert {terms.decode(term.decode()).form for term in reader.expand_prefix("text", "уступк")} == {
            "уступка", "уступки", "уступку",
        }  # fmt: skip
        assert next(iter(reader.terms_from("lemma", b""))) == next(
            (f, t) for f, t in reader.all_terms() if f == "lemma"
        )
        assert list(reader.lexicon("ext")) == [b"txt"]
        assert {*reader.field_terms("field")} == {f"год={number}" for number in range(7)}
        assert searcher.corrector("lemma").suggest("угол", maxdist=2) == []
        assert searcher.corrector("lemma").suggest("догвор") == ["договор"]
        assert searcher.document_number(id="0-0") is None
        for document in searcher.documents():
            kept_ = index.get(document["id"])
            assert document == {name: value for name in document if (value := getattr(kept_, name)) is not None}
            assert {"text", "title", "id", "lang", "fields"} <= document.keys()
        lengths = reader.column_reader("length")
        assert [lengths[number] for number in reader.all_doc_ids()] == [
            searcher.doc_field_length(number, "lemma") for number in reader.all_doc_ids()
        ]
        assert reader.most_frequent_terms("lemma", 1)[0][1].decode() == "уступка"
    index.close()


def test_a_line_break_in_a_value(tmp_path: Path) -> None:
    with Index.open(tmp_path, create=True) as index:
        index.add(Document("а", id="1\n2", path="a\nb\\n", fields={"имя": "x\ny"}))
        index.add(Document("б", id="3", path="a\\nb"))
        with open_index(tmp_path).searcher() as searcher:
            for query, wanted in (
                (Term("path", "a\nb\\n"), {"1\n2"}),
                (Prefix("path", "a\n"), {"1\n2"}),
                (Term("id", "1\n2"), {"1\n2"}),
                (Term("field", "имя=x\ny"), {"1\n2"}),
                (Wildcard("path", "a\\*"), {"3"}),
            ):
                assert {hit["id"] for hit in searcher.search(query)} == wanted, query
            assert {*searcher.field_terms("path")} == {"a\nb\\n", "a\\nb"}
            assert searcher.search(Every(), groupedby="path").groups("path").keys() == {"a\nb\\n", "a\\nb"}


@pytest.fixture(scope="module")
def long_lists(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    """Lists of several blocks, in two segments, of which some documents are deleted."""
    folder = tmp_path_factory.mktemp("long")
    chance = random.Random(7)
    pool = "уступка уступка уступка договор договор канал окно кошка".split()
    with Index.open(folder, create=True) as index:
        for part in range(2):
            index.add_many(
                Document(
                    " ".join(chance.choices(pool, k=chance.choice((2, 5, 9, 30)))), id=f"{part}-{number}", lang="ru"
                )
                for number in range(900)
            )
        index.delete(*(f"{part}-{number}" for part in range(2) for number in range(0, 900, 7)))
    return open_index(folder)


@pytest.mark.parametrize("model", [Bm25(), BM25F(), TF_IDF()], ids=lambda model: type(model).__name__)
def test_blocks_may_be_skipped(long_lists: FileIndex, model: WeightingModel) -> None:
    """The ten best are those of the whole list, and blocks were passed over to find them."""
    lemmas = [Term("lemma", lemma) for lemma in ("уступка", "договор", "кошка")]
    skipped = 0
    with long_lists.searcher(weighting=model) as searcher:
        forms = [Term("text", f"{lemma.text}\tru", boost=2.0) for lemma in lemmas]
        for query in (*lemmas, *forms, Or(lemmas), And(lemmas), And([Or(lemmas[:2]), lemmas[2]])):
            every = searcher.search(query, limit=None)
            best = TopCollector(10)
            searcher.search_with_collector(query, best)
            assert [round(score, 9) for score, _ in best.results().top_n] == [
                round(score, 9) for score, _ in every.top_n[:10]
            ]
            assert len(best.results()) == len(every)
            assert not any(searcher.reader().is_deleted(number) for _, number in best.results().top_n)
            skipped += best.skipped_times
    assert skipped > 0 or not isinstance(model, Bm25)


def test_bounds_are_bounds(long_lists: FileIndex) -> None:
    with long_lists.searcher() as searcher:
        leaf = searcher.leaf_searchers()[0][0]
        for model in (Bm25(), BM25F(), TF_IDF()):
            matcher = leaf.postings("lemma", "уступка".encode(), weighting=model)
            assert matcher.supports_block_quality()
            met = []
            while matcher.is_active():
                assert matcher.score() <= matcher.block_quality() <= matcher.max_quality() + 1e-12
                met.append(matcher.id())
                matcher.next()
            matcher.reset()
            assert met == list(matcher.all_ids()) == [number for number, _ in matcher.copy().items_as("weight")]
            matcher.skip_to(met[300])
            assert (matcher.id(), matcher.copy().id()) == (met[300], met[300])
            matcher.skip_to_quality(1e9)
            assert not matcher.is_active()


def test_filters_parsers_and_other_collectors(tmp_path: Path) -> None:
    index, ours = texts(tmp_path)
    with ours.searcher() as searcher:
        everything = {hit["id"] for hit in searcher.search(Every(), limit=None)}
        assert everything == {f"{round_}-{number}" for round_ in range(3) for number in range(7)} - {
            "0-0",
            "1-3",
            "2-6",
        }
        assert {hit["id"] for hit in searcher.search(Not(Term("lemma", "договор")), limit=None)} == everything - {
            hit["id"] for hit in searcher.search(Term("lemma", "договор"), limit=None)
        }
        parsed = QueryParser("text", ours.schema).parse("(Уступки path:п1*) OR lemma:окно^2")
        assert {hit["id"] for hit in searcher.search(parsed, limit=None)} == {
            hit.id for hit in index.search("(!уступки path:п1) OR окном", limit=None)
        }
        limited = TimeLimitCollector(TopCollector(3), 5.0)
        searcher.search_with_collector(Term("lemma", "договор"), limited)
        assert limited.results().scored_length() == 3
        collapsed = searcher.search(Term("lemma", "договор"), collapse="lang", limit=5)
        assert collapsed.scored_length() == 1
        page = searcher.search_page(Term("lemma", "договор"), 2, pagelen=3)
        assert (page.pagenum, len(page)) == (2, len(index.search("договором", limit=None)))
        index.add(Document("Новый договор", id="9"))
        assert not searcher.up_to_date()
        with searcher.refresh() as fresh:
            assert len(fresh.search(Term("lemma", "договор"), limit=None)) == len(index.search("договором", limit=None))


def test_the_writer(tmp_path: Path) -> None:
    with Index.open(tmp_path, create=True) as index:
        ours = open_index(tmp_path)
        assert ours.is_empty()
        with ours.searcher() as searcher:
            assert not searcher.search(Every())
            assert searcher.up_to_date()
        with ours.writer() as writer:
            writer.add_document(text="Раз уступка", id="1", date=dt.date(2022, 1, 9), год=2022)
            writer.add_document(text="Два уступки", id="2", fields={"тег": ["а", "б"]})
        assert (len(index), index.get("1").fields) == (2, {"год": 2022})
        writer = ours.writer()
        writer.delete_by_query(Term("field", "тег=а"))
        writer.update_document(text="Раз снова", id="1")
        writer.delete_by_term("lemma", "уступка")
        with pytest.raises(LockError):
            ours.writer(timeout=0.1)
        assert len(index) == 2
        writer.cancel()
        assert "снова" not in index.get("1").text
        writer = ours.writer()
        writer.update_document(text="Раз снова", id="1")
        writer.delete_by_term("lemma", "уступка")
        waiting = AsyncWriter(ours, delay=0.01, writerargs={"timeout": 0.01})
        waiting.add_document(text="Три", id="3")
        waiting.commit()
        writer.commit(optimize=True)
        waiting.join()
        assert sorted(index.get(hit.id).text for hit in index.search("раз OR три", limit=None)) == ["Раз снова", "Три"]
        with pytest.raises(RuntimeError), ours.writer() as writer:
            writer.add_document(text="нет", id="4")
            raise RuntimeError
        assert "4" not in index
        for refused in (lambda: ours.add_field("x", None), lambda: FileIndex.create(None, None), ours._read_toc):
            with pytest.raises(IndexerError):
                refused()


def test_a_search_does_without_whoosh(tmp_path: Path) -> None:
    with Index.open(tmp_path, create=True) as index:
        index.add(Document("Уступка", id="1"))
    code = (
        "import sys, indexer; assert indexer.search('уступки', index=sys.argv[1]); assert 'whoosh' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
