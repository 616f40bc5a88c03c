"""Every path of the index against its brute-force twin, on random documents and queries.

The documents and queries of one test share a few families of words that are easily confused, so that they meet.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import strategies
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from twin import ROUNDING, Mark, Twin

from indexer import Document, Hit, Index, QueryError, Results, Snippet, tokenize
from indexer.segment.record import prepare

# The same examples every time: what fails here fails for everyone.
settings.register_profile(
    "fixed",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FIXED = settings.get_profile("fixed")


@contextmanager
def indexed(*documents: Document) -> Iterator[Index]:
    """An index of its own for the documents."""
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.add_many(documents)
        yield index


def ids(results: Results) -> list[str]:
    """Ids of the hits in their order."""
    return [hit.id for hit in results]


# Documents, scores, order, words lacking


class Question(NamedTuple):
    """A query with the options that decide what matches."""

    query: str
    options: dict[str, Any]


def questions(words: list[str], *, most: int) -> st.SearchStrategy[list[Question]]:
    """Some questions over the words."""
    one = st.builds(Question, strategies.queries(words), strategies.options())
    return st.lists(one, min_size=most // 2, max_size=most)


def compare(index: Index, twin: Twin, question: Question) -> Results:
    """The index finds what its twin finds, and orders it by score and id."""
    query, options = question
    results = index.search(query, limit=None, snippets=0, repair=False, **options)
    answer = twin.ask(query, **options)
    assert set(ids(results)) == answer.scores.keys()
    assert results.total == len(answer.scores)
    for hit in results:
        assert math.isclose(hit.score, answer.scores[hit.id], rel_tol=ROUNDING, abs_tol=1e-12), hit.id
    assert ids(results) == [hit.id for hit in sorted(results, key=lambda hit: (-hit.score, hit.id))]
    assert results.relaxed in answer.lacking
    return results


@st.composite
def libraries(draw: Callable[..., Any], words_each: int = 14) -> tuple[list[Document], list[Question]]:
    """Documents, and questions about them."""
    words = draw(strategies.vocabularies())
    document = strategies.documents(words, words_each)
    documents = draw(st.lists(document, min_size=1, max_size=8, unique_by=lambda document: document.id))
    return documents, draw(questions(words, most=20))


@settings(FIXED, max_examples=130)
@given(libraries())
def test_the_index_finds_what_brute_force_finds(library: tuple[list[Document], list[Question]]) -> None:
    """Documents, totals, scores, order and the words of a relaxed query are those of the twin."""
    documents, asked = library
    twin = Twin(documents)
    with indexed(*documents) as index:
        for question in asked:
            compare(index, twin, question)


@st.composite
def related(draw: Callable[..., Any]) -> tuple[list[Document], list[str]]:
    """Documents of some sentences, and words that stand in order or in one of them, or do not."""
    words = draw(strategies.vocabularies())
    document = strategies.documents(words, 40)
    documents = draw(st.lists(document, min_size=1, max_size=5, unique_by=lambda document: document.id))
    return documents, draw(st.lists(strategies.related(words), min_size=10, max_size=20))


@settings(FIXED, max_examples=60)
@given(related())
def test_words_in_relation(library: tuple[list[Document], list[str]]) -> None:
    """Documents, scores and marks of `&` and `<<` are those of the twin."""
    documents, asked = library
    twin = Twin(documents)
    stored = {document.id: document for document in documents}
    with indexed(*documents) as index:
        for query in asked:
            compare(index, twin, Question(query, {}))
            results = index.search(query, limit=None, snippets=3, repair=False)
            for hit in results:
                meant, owed = twin.marks(query, hit.id, relaxed=bool(results.relaxed))
                check_passages(hit.snippets, stored[hit.id], 3, 240)
                check_marks(hit.snippets, meant, owed)
                check_matches(hit, meant)


# Adding, replacing, deleting, reopening


class Step(NamedTuple):
    """What is done to the index: documents added in one commit, ids deleted; then it is asked, opened anew or not."""

    added: list[Document]
    deleted: list[str]
    reopened: bool
    asked: list[Question]


@st.composite
def histories(draw: Callable[..., Any]) -> list[Step]:
    """Steps over few ids, so that documents are replaced and deleted; enough of them that segments are merged."""
    words = draw(strategies.vocabularies())
    step = st.builds(
        Step,
        st.lists(strategies.documents(words), max_size=3),
        st.one_of(st.just([]), st.lists(st.sampled_from([*strategies.IDS, "нет"]), max_size=2)),
        st.booleans(),
        questions(words, most=4),
    )
    history: list[Step] = draw(st.lists(step, min_size=4, max_size=9))
    return history


@settings(FIXED, max_examples=40)
@given(histories())
def test_after_any_sequence_of_changes(history: list[Step]) -> None:
    """Whatever lies in segments, and however many there are, the answers are those of the documents alive."""
    twin = Twin()
    with tempfile.TemporaryDirectory() as folder:
        index = Index.open(Path(folder) / "index", create=True)
        for step in history:
            change(index, twin, step)
            if step.reopened:
                index.close()
                index = Index.open(Path(folder) / "index")
            assert len(index) == len(twin.documents)
            assert {one for one in strategies.IDS if one in index} == twin.documents.keys()
            for question in step.asked:
                compare(index, twin, question)
        index.close()


def change(index: Index, twin: Twin, step: Step) -> None:
    """The same to both; a document alone goes by `add`."""
    if len(step.added) == 1:
        index.add(step.added[0])
    else:
        index.add_many(step.added)
    for document in step.added:
        twin.add(document)
    assert index.delete(*step.deleted) == twin.delete(*step.deleted)


def test_a_commit_more_than_whoosh_leaves_alone() -> None:
    """The sixth small segment makes Whoosh merge, deleted documents are left behind, and nothing else changes."""
    documents = [Document(f"Договор {number} о стали" + " и льде" * number, id=str(number)) for number in range(12)]
    with indexed() as index:
        twin, segments = Twin(), set()
        for document in documents:
            index.add(document)
            twin.add(document)
            assert index.delete(str(int(document.id or "") - 3)) == twin.delete(str(int(document.id or "") - 3))
            segments.add(index.stats().segments)
            for query in ("сталь", "договоры лед", "!льде", '"о стали"', "сталь уступка", "-льде", "7"):
                compare(index, twin, Question(query, {}))
    assert min(segments) < max(segments)


# Pages and sorting


@settings(FIXED, max_examples=20)
@given(libraries(), st.integers(0, 9), st.integers(0, 9))
def test_pages_are_slices_of_the_whole(library: tuple[list[Document], list[Question]], offset: int, limit: int) -> None:
    """A page has the hits, ranks and scores that the whole has there, and the same total."""
    documents, asked = library
    with indexed(*documents) as index:
        for query, options in asked:
            whole = index.search(query, limit=None, **options)
            page = index.search(query, offset=offset, limit=limit, **options)
            assert page.hits == whole.hits[offset : offset + limit]
            assert (page.total, page.relaxed) == (whole.total, whole.relaxed)
            assert [hit.rank for hit in whole] == list(range(1, len(whole) + 1))


@settings(FIXED, max_examples=20)
@given(libraries())
def test_sorting(library: tuple[list[Document], list[Question]]) -> None:
    """By date and path the documents are the same; equals go by id, what has no date or path stands last."""
    documents, asked = library
    with indexed(*documents) as index:
        for query, options in asked:
            hits = index.search(query, limit=None, **options).hits
            for sort in ("date", "-date", "path"):
                found = index.search(query, limit=None, sort=sort, **options)
                assert ids(found) == [hit.id for hit in in_order(hits, sort)]


def in_order(hits: Sequence[Hit], sort: str) -> list[Hit]:
    """The hits sorted in the plainest way."""
    name = sort.removeprefix("-")
    have = sorted((hit for hit in hits if getattr(hit, name)), key=lambda hit: hit.id)
    have.sort(key=lambda hit: getattr(hit, name), reverse=sort != name)
    return have + sorted((hit for hit in hits if not getattr(hit, name)), key=lambda hit: hit.id)


# Snippets and matches


@settings(FIXED, max_examples=60)
@given(libraries(60), st.integers(1, 3), st.sampled_from([1, 12, 25, 40, 80, 240]))
def test_snippets_and_marks(library: tuple[list[Document], list[Question]], count: int, chars: int) -> None:
    """Passages lie in the document as they say, and mark the words of the query and nothing else."""
    documents, asked = library
    twin = Twin(documents)
    stored = {document.id: document for document in documents}
    with indexed(*documents) as index:
        for query, options in asked:
            results = index.search(query, limit=None, snippets=count, snippet_chars=chars, repair=False, **options)
            for hit in results:
                how = {name: value for name, value in options.items() if name != "where"}
                how["relaxed"] = bool(results.relaxed)
                meant, owed = twin.marks(query, hit.id, **how)
                check_passages(hit.snippets, stored[hit.id], count, chars)
                check_marks(hit.snippets, meant, owed)
                check_matches(hit, meant)


def check_passages(snippets: Sequence[Snippet], document: Document, count: int, chars: int) -> None:
    """Passages are parts of one field, in order, apart, none too long; spans lie in them in order, apart."""
    assert len(snippets) <= count
    assert len({snippet.field for snippet in snippets}) <= 1
    for snippet in snippets:
        source = getattr(document, snippet.field)
        assert source[snippet.start : snippet.end] == snippet.text
        assert 0 < len(snippet.text) <= chars
        edges = [edge for span in snippet.spans for edge in span]
        assert all(start < end for start, end in snippet.spans)
        assert edges == sorted(edges)
        assert not edges or (edges[0] >= 0 and edges[-1] <= len(snippet.text))
    edges = [edge for snippet in snippets for edge in (snippet.start, snippet.end)]
    assert edges == sorted(edges)


def check_marks(snippets: Sequence[Snippet], meant: set[Mark], owed: set[Mark]) -> None:
    """Each span is a word that the query meets, or its beginning; each that must be marked is, where it is shown."""
    for snippet in snippets:
        here = {mark for mark in meant if mark.field == snippet.field}
        whole = {(mark.start, mark.end) for mark in here}
        cut = {(mark.start, snippet.end) for mark in here if mark.end > snippet.end}
        spans = {(snippet.start + start, snippet.start + end) for start, end in snippet.spans}
        assert spans <= whole | cut
        # parts of a hyphenated word that stand in two sentences are one span, which begins in the first
        entering = {(mark.start, mark.end) for mark in here if mark.start < snippet.start < mark.end}
        for mark in here & owed:
            shown = snippet.start <= mark.start and mark.end <= snippet.end
            assert not shown or any(mark.start < end and start < mark.end for start, end in spans | entering), mark


def check_matches(hit: Hit, meant: set[Mark]) -> None:
    """`matches` names words of the query that the document has, and is empty only where nothing is marked."""
    assert hit.matches.keys() <= {mark.word for mark in meant}
    assert bool(hit.matches) == any(snippet.spans for snippet in hit.snippets)
    assert meant or not hit.matches


# What random search found, as small as it gets

NUMBERS = ("один два", "один два", "три четыре", "три четыре пять шесть", "пять шесть")
SIX = "один два три четыре пять шесть"


def numbered(*texts: str) -> list[Document]:
    """Documents of these texts; ids are numbers from 0."""
    return [Document(text, id=str(number), lang="ru") for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("why", "texts", "query", "where", "found"),
    [
        ("a typed е may be ё, beside a typed ё too", ["трёхколёсный"], "!трехколёсный", {}, ["0"]),
        ("a mask meets the first part of a whole as well", ["телеграм-канал"], '"теле* канал"', {}, ["0"]),
        ("a mask meets the first group of a number as well", ["5 374 рубля"], '"5* 374"', {}, ["0"]),
        ("the nearest place is left to another word", ["рябков сталь стали"], '"рябков стали !сталь"~0', {}, ["0"]),
        ("two of six words alike are a third", NUMBERS, SIX, {}, ["3", "0", "1", "2", "4"]),
        ("operators alone find nothing", ["один"], "***", {"lang": "ru"}, []),
        ("nothing excluded is an operator alone", ["один"], "НЕ ()", {}, []),
        ("nothing to look for in titles is not there", ["один"], "один title:()", {}, ["0"]),
        ("a phrase goes on behind a whole", ["5 374 рубля", "5374 рубля"], '"5374 рубля"', {}, ["1", "0"]),
    ],
)
def test_found(why: str, texts: Sequence[str], query: str, where: dict[str, Any], found: list[str]) -> None:
    """The library and its twin find the same, and it is this."""
    documents = numbered(*texts)
    with indexed(*documents) as index:
        assert ids(compare(index, Twin(documents), Question(query, {"where": where}))) == found, why


@pytest.mark.parametrize(
    ("gone", "text", "query"),
    [("bg", "птица на лёту", "лет"), ("uk", "встреча с послом", "после")],
    ids=["Bulgarian: «лет» may be a word of its own, as the lemma of «лёту»", "Ukrainian: the vocative of «посол»"],
)
def test_the_language_of_deleted_documents_is_forgotten(gone: str, text: str, query: str) -> None:
    """In Russian the word stands for another lemma, so that only a document in another language makes it found."""
    with indexed(Document(text, id="1", lang="ru")) as index:
        assert ids(index.search(query, repair=False)) == []
        index.add(Document("вода", id="2", lang=gone))
        assert ids(index.search(query, repair=False)) == ["1"]
        index.delete("2")
        assert ids(index.search(query, repair=False)) == []


def test_words_near_each_other_have_no_order() -> None:
    """Both documents have both words as they were typed."""
    with indexed(*numbered("стал стала", "стала стал")) as index:
        one, other = index.search("стал /1 стала")
        assert math.isclose(one.score, other.score)


def test_what_is_excluded_of_titles_may_stand_in_texts() -> None:
    """The exclusion is of the field that it stands in."""
    documents = [Document("Два.", id="1", title="Один"), Document("Три.", id="2", title="Один, два")]
    with indexed(*documents) as index:
        assert ids(compare(index, Twin(documents), Question("title:(один -два)", {}))) == ["1"]


def test_a_title_that_begins_with_a_hashtag_counts_once() -> None:
    """It stands in the text as a line of its own."""
    title = "#Россия вернулась"
    document = Document(f"{title}\n\nДругое.", id="1", title=title)
    with indexed(document) as index:
        compare(index, Twin([document]), Question("вернулась", {}))


@pytest.mark.parametrize("query", ["(один -два) ИЛИ три", "(один +четыре) ИЛИ три", "(один lang:bg) ИЛИ три"])
def test_an_alternative_not_met_is_not_marked(query: str) -> None:
    """The document is found by the other alternative alone."""
    with indexed(*numbered("Один, два, три.")) as index:
        (hit,) = index.search(query)
        assert hit.matches == {"три": ("три",)}


# Any text

_PIECES = (
    """" « » „ ( ) - + | * ? ! = ~ : && ~2 /2 title: заголовок: path: ext: lang: а все Ё 5 х-у a@b.ru 😀 ß İ""".split()
)
_PIECES += [" ", "\n", "\0", "\u0301", "\u00ad", "НЕ ", "NOT ", " ИЛИ ", " OR ", " И "]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of two documents to put nonsense to."""
    with Index.open(tmp_path_factory.mktemp("any") / "index", create=True) as index:
        index.add_many([Document("Всё а у х-у, 5 яблок.", id="1", path="а/б.txt"), Document("a@b.ru ß", id="2")])
        yield index


@settings(FIXED, max_examples=1500)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)),
    st.sampled_from(["all", "any"]),
)
@example("(" * 5000, "all")
@example("НЕ " * 5000 + "а", "all")
@example('"а все"~' + "9" * 5000, "all")
def test_any_text_is_a_query(small: Index, query: str, match: Any) -> None:
    """Only a blank query is an error."""
    if query.strip():
        assert small.search(query, match=match).query == query
    else:
        with pytest.raises(QueryError):
            small.search(query, match=match)


@st.composite
def strange(draw: Callable[..., Any]) -> Document:
    """A document of any characters that Unicode has."""
    id_, title, text, path, value = (draw(st.text()) for _ in range(5))
    return Document(text, id=id_, title=title, path=path, fields={value: value})


@settings(FIXED, max_examples=100)
@given(st.lists(strange(), max_size=4))
def test_any_text_is_a_document(documents: list[Document]) -> None:
    """It is taken, kept as it was, and a query of its words finds it."""
    completed = {whole.id: whole for whole in (prepare(document).whole for document in documents)}
    with indexed(*documents) as index:
        assert len(index) == len(completed)
        for identity, document in completed.items():
            assert index.get(str(identity)) == document
            words = " ".join(f'"{token}"' for token in tokenize(document.text))
            if words:
                assert identity in ids(index.search(words, limit=None)), words
