"""Snippets: which passages of a text are shown, and what is marked in them.

In a text [brackets] stand around what matched; in what is expected they stand around what is marked, and … where a
sentence goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Document, Index
from indexer.analysis.tokens import tokenize
from indexer.sentences import Sentences
from indexer.snippets import Passage, Span, Stretch
from indexer.snippets import passages as of_stretches


def passages(text: str, found: list[Span], weights: Mapping[str, float], **options: Any) -> list[Passage]:
    """The passages of a text that was read whole."""
    return of_stretches([Stretch(0, text, Sentences())], found, weights, **options)


def read(marked: str) -> tuple[str, list[Span]]:
    """The text without brackets, and a span for each pair of them; a span's word is its first letter in lower case."""
    text, found = "", []
    for piece in re.split(r"(\[[^]]*\])", marked):
        if piece.startswith("["):
            found.append((len(text), len(text) + len(piece) - 2, piece[1].lower()))
        text += piece.strip("[]")
    return text, found


def written(text: str, passage: Passage) -> str:
    """A passage with its marks and ellipses."""
    at, last, spans, cut_before, cut_after = passage
    parts = []
    for start, end, _ in spans:
        parts += [text[at:start], "[", text[start:end], "]"]
        at = end
    shown = "".join([*parts, text[at:last]])
    return "…" * cut_before + shown + "…" * cut_after


def shown(marked: str, count: int = 2, chars: int = 60, weights: Mapping[str, float] | None = None) -> list[str]:
    """The passages of a text, as people see them; the title is between < and >."""
    text, found = read(marked)
    title = (text.index("<"), text.index(">") + 1) if "<" in text else (0, 0)
    every = {word: 1.0 for _, _, word in found}
    chosen = passages(text, found, weights or every, count=count, chars=chars, title=title)
    return [written(text, passage) for passage in chosen]


# why | text | passages
WHOLE = """
a sentence is shown whole
    Было тихо. В саду пел [соловей] и пахло сеном. Стемнело.
    В саду пел [соловей] и пахло сеном.
every match of a sentence is marked
    Утром [дождь], днём [дождь], и ночью [дождь]. Стемнело.
    Утром [дождь], днём [дождь], и ночью [дождь].
two sentences far apart are two passages
    Пел [соловей]. Было тихо, как бывает только в саду. Шёл [дождь].
    Пел [соловей].
    Шёл [дождь].
neighbours with other words are one passage
    Пел [соловей]. Шёл [дождь]. Стемнело.
    Пел [соловей]. Шёл [дождь].
over a line end too
    Пел [соловей].⏎Шёл [дождь]. Стемнело.
    Пел [соловей].⏎Шёл [дождь].
a neighbour with the same word brings nothing new
    Шёл [дождь]. Лил [дождь]. Стемнело.
    Шёл [дождь].
    Лил [дождь].
neighbours that do not fit together stay apart
    Долго и печально пел в саду [соловей]. Ночью до самого утра шёл холодный [дождь].
    Долго и печально пел в саду [соловей].
    Ночью до самого утра шёл холодный [дождь].
an abbreviation does not cut a passage
    Стемнело. В 1905 г. построили [дом] на ул. Садовой. Сгорел он быстро.
    В 1905 г. построили [дом] на ул. Садовой.
a match over what looks like the end of a sentence is shown whole
    Он поехал в [С.⏎Петербург] по делам. Вернулся нескоро.
    Он поехал в [С.⏎Петербург] по делам.
no more passages than asked for, the first ones of equals
    [Дождь] утром. Сухо днём. [Дождь] ночью. Сухо потом. [Дождь] опять.
    [Дождь] утром.
    [Дождь] ночью.
in the order of the text, whichever is better
    [Дождь] утром. Было сухо, и пели птицы. [Дождь] и [соловей].
    [Дождь] утром.
    [Дождь] и [соловей].
"""

CUT = """
a long sentence is cut between words around the match
    Из-за леса, из-за тёмных гор, по широкой степи и вдоль тихой реки летел наш [соловей] домой, в старый сад у дороги.
    …тихой реки летел наш [соловей] домой, в старый сад у…
from its beginning if the match is there
    [Соловей] летел домой из-за леса, из-за тёмных гор, по широкой степи и вдоль тихой реки.
    [Соловей] летел домой из-за леса, из-за тёмных гор, по широкой…
to its end if the match is there
    Из-за леса, из-за тёмных гор, по широкой степи и вдоль тихой реки летел домой [соловей].
    …по широкой степи и вдоль тихой реки летел домой [соловей].
two matches that fit into one window are both in it
    Из-за леса, из-за тёмных гор, по широкой степи [соловей] и тихий [дождь] летели домой, в старый сад у дороги.
    …по широкой степи [соловей] и тихий [дождь] летели домой, в…
of two windows the one with more words is shown
    [Дождь] пришёл из-за леса, из-за тёмных гор, по широкой степи, вдоль реки, а с ним [соловей] и [ветер] степной.
    …широкой степи, вдоль реки, а с ним [соловей] и [ветер] степной.
"""

HEAD = """
where nothing is marked the beginning is shown: as many sentences as fit
    Было тихо. В саду пел соловей. Пахло сеном и яблоками, и стемнело рано.
    Было тихо. В саду пел соловей.
and no more than one passage
    Было тихо.
    Было тихо.
without the space around
    ⏎⏎  Было тихо.⏎⏎
    Было тихо.
a heading is a part of it
    Сад⏎⏎Было тихо. В саду пел соловей, и пахло сеном и яблоками, как всегда.
    Сад⏎⏎Было тихо.
a long first sentence is cut between words
    Из-за леса, из-за тёмных гор, по широкой степи и вдоль тихой реки летел наш соловей домой.
    Из-за леса, из-за тёмных гор, по широкой степи и вдоль тихой…
"""


def cases(*tables: str) -> list[tuple[str, str, list[str]]]:
    """(why, text, passages): a line each, the latter two indented."""
    found: list[tuple[str, str, list[str]]] = []
    for line in "\n".join(table.strip() for table in tables).splitlines():
        if not line.startswith("    "):
            found.append((line, "", []))
            continue
        why, text, expected = found[-1]
        line = line[4:].replace("⏎", "\n")
        found[-1] = (why, text, [*expected, line]) if text else (why, line, expected)
    return found


TABLE = cases(WHOLE, CUT, HEAD)


@pytest.mark.parametrize(("why", "text", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_passages(why: str, text: str, expected: list[str]) -> None:
    assert shown(text) == expected, why


def test_rarer_words_are_shown_first() -> None:
    text = "Шёл [дождь]. Было сухо, и пахло. Пел [соловей]. Было сухо, и пахло. Лил [дождь]."
    assert shown(text, count=1, weights={"д": 0.1, "с": 3.0}) == ["Пел [соловей]."]
    assert shown(text, count=1, weights={"д": 3.0, "с": 0.1}) == ["Шёл [дождь]."]


def test_a_word_shown_already_is_worth_little_again() -> None:
    text = "[Дождь], [дождь]. Было сухо, и пахло. [Дождь], [дождь]. Было сухо, и пахло. Пел [соловей]."
    weights = {"д": 2.0, "с": 1.0}
    assert shown(text, count=2, weights=weights) == ["[Дождь], [дождь].", "Пел [соловей]."]


def test_words_that_every_document_has_are_shown_all_the_same() -> None:
    assert shown("Стемнело. Шёл [дождь].", weights={"д": 0.0}) == ["Шёл [дождь]."]
    assert shown("Стемнело. Шёл [дождь].", weights={}) == ["Шёл [дождь]."]


def test_the_title_is_shown_above_anyway() -> None:
    text = "<О [дожде] и саде>⏎⏎Было сухо. Потом пошёл [дождь]. Стемнело.".replace("⏎", "\n")
    assert shown(text, count=1) == ["Потом пошёл [дождь]."]
    assert shown(text, count=2) == ["<О [дожде] и саде>", "Потом пошёл [дождь]."]


@pytest.mark.parametrize("text", ["Шёл [дождь].", "Стемнело."])
def test_no_passages_when_none_are_asked_for(text: str) -> None:
    assert shown(text, count=0) == []


@pytest.mark.parametrize("text", ["", "  \n\n\t"], ids=ascii)
def test_an_empty_text_has_no_passages(text: str) -> None:
    assert shown(text) == []


# Spans: the words of a query → characters of the text.

PLACES = [
    ("a word", "Шёл дождь.", "дождём", "Шёл [дождь]."),
    ("its stress and soft hyphens are inside", "Шёл до\u0301\u00adждь.", "дождь", "Шёл [до\u0301\u00adждь]."),
    ("quotation marks are not", "«Дождь»!", "дождь", "«[Дождь]»!"),
    ("two words", "Шёл тихий дождь.", "тихий дождь", "Шёл [тихий] [дождь]."),
    ("of a phrase, which alone is marked", "Дождь, тихий дождь.", '"тихий дождь"', "Дождь, [тихий] [дождь]."),
    ("a hyphenated whole", "Вот жар-птица!", "жар-птица", "Вот [жар-птица]!"),
    ("or its parts in a row", "Вот жар птица!", "жар-птица", "Вот [жар птица]!"),
    ("and a part of it", "Вот жар-птица!", "птица", "Вот жар-[птица]!"),
    ("of a whole and its part the longer", "Вот жар-птица!", "птица жар-птица", "Вот [жар-птица]!"),
    ("and so of a whole and its first part", "Вот жар-птица!", "жар жар-птица", "Вот [жар-птица]!"),
    ("a number of three groups", "Это 1 234 567 рублей.", "1234567", "Это [1 234 567] рублей."),
    ("beside a group of it, the whole", "Это 1 234 567 рублей.", "1234567 234", "Это [1 234 567] рублей."),
    ("an address", "Пишите: a@primer.ru!", "a@primer.ru", "Пишите: [a@primer.ru]!"),
    ("a word divided at a line end", "Стоит само-\nвар.", "самовар", "Стоит [само-\nвар]."),
    ("letters of the other script", "Шёл дoждь.", "дождь", "Шёл [дoждь]."),
    ("capitals", "ШЁЛ ДОЖДЬ", "дождь", "ШЁЛ [ДОЖДЬ]"),
    ("one place for two words", "Шёл дождь.", "дождь дождём", "Шёл [дождь]."),
    ("words in any order", "Шёл тихий дождь.", "дождь тихий", "Шёл [тихий] [дождь]."),
    ("no word", "Шёл дождь.", "lang:ru", "Шёл дождь."),
]


@pytest.mark.parametrize(("why", "text", "query", "expected"), PLACES, ids=[row[0] for row in PLACES])
def test_spans(tmp_path: Path, why: str, text: str, query: str, expected: str) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(Document(text, id="1", lang="ru"))
        (hit,) = index.search(query, snippets=1).hits
    found = tuple((start, end, "") for start, end in hit.snippets[0].spans)
    assert written(hit.snippets[0].text, (0, len(text), found, False, False)) == expected, why


def test_a_span_tells_which_word_it_met(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(Document("Шёл тихий дождь, а утром другой дождь.", id="1"))
        (hit,) = index.search("дождём тихая").hits
    assert hit.matches == {"тихая": ("тихий",), "дождём": ("дождь",)}


# What holds of every text.

PIECES = [
    *"Дождь, дождь. соловей! — В саду 1905 г. жар-птица (тихо) а щщщщщщщщщщщщщщщщщщщ… 5 374 ? «Сад»".split(),
    *("\n", "\n\n", "\u00a0", "\t"),
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map(" ".join)


@st.composite
def found_in(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text, and spans at some of its words, each of one of three query words."""
    text = draw(TEXTS)
    words = [token for token in tokenize(text) if token.kind == "word"]
    chosen = draw(st.lists(st.sampled_from(words), unique=True, max_size=12)) if words else []
    return text, sorted((token.start, token.end, draw(st.sampled_from("абв"))) for token in chosen)


WEIGHTS = {"а": 0.0, "б": 1.0, "в": 2.5}


@given(found_in(), st.integers(0, 4), st.integers(20, 120))
def test_passages_are_short_apart_and_in_order(case: tuple[str, list[Span]], count: int, chars: int) -> None:
    text, found = case
    chosen = passages(text, found, WEIGHTS, count=count, chars=chars)
    assert len(chosen) <= count
    assert all(0 <= start < end <= len(text) for start, end, *_ in chosen)
    assert all(end - start <= chars for start, end, *_ in chosen)
    assert all(end <= start for (_, end, *_), (start, *_) in pairwise(chosen))


@given(found_in(), st.integers(20, 120))
def test_a_passage_marks_all_that_matched_in_it_and_nothing_else(case: tuple[str, list[Span]], chars: int) -> None:
    text, found = case
    for start, end, spans, *_ in passages(text, found, WEIGHTS, count=3, chars=chars):
        inside = [span for span in found if start <= span[0] and span[1] <= end]
        assert list(spans) == inside
        assert bool(inside) == bool(found), "a passage is shown for what it marks"


@given(found_in(), st.integers(20, 120))
def test_passages_begin_and_end_between_words(case: tuple[str, list[Span]], chars: int) -> None:
    text, found = case
    for start, end, *_ in passages(text, found, WEIGHTS, count=3, chars=chars):
        shown = text[start:end]
        assert shown == shown.strip()
        assert not text[max(0, start - 1) : start + 1].isalnum() or not start
        assert not text[end - 1 : end + 1].isalnum() or end == len(text)


@given(found_in(), st.integers(1, 4))
def test_whatever_matched_something_is_shown(case: tuple[str, list[Span]], count: int) -> None:
    text, found = case
    chosen = passages(text, found, WEIGHTS, count=count, chars=60)
    assert bool(chosen) == bool(text.strip())
    every = {word for _, _, word in found}
    shown_words = {word for _, _, spans, *_ in chosen for _, _, word in spans}
    if len(found) <= 1:
        assert shown_words == every


@given(st.text(max_size=60), st.integers(1, 30), st.integers(0, 3))
def test_any_text_has_a_beginning_or_nothing(text: str, chars: int, count: int) -> None:
    chosen = passages(text, [], {}, count=count, chars=chars)
    assert len(chosen) == (1 if count and text.strip() else 0)
    assert all(0 < end - start <= chars for start, end, *_ in chosen)
    assert all(text[start:end].strip() for start, end, *_ in chosen)


def test_a_text_of_one_endless_word() -> None:
    text = "щ" * 100_000
    assert passages(text, [], {}, count=2, chars=240) == [(0, 240, (), False, True)]
    ((start, end, spans, *_),) = passages("И вот: " + text, [(7, 100_007, "щ")], {}, count=2, chars=240)
    assert (start, end, spans) == (7, 247, [(7, 247, "щ")])


def test_passages_that_a_careful_reader_would_choose(tmp_path: Path) -> None:
    """Of 40 questions to the samples, each with the sentence chosen by hand beforehand, at least 38 show it at once."""
    root = Path(__file__).parents[1]
    pairs = [
        json.loads(line) for line in (root / "tests/cases/snippets.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(pairs) == 40
    shown = 0
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(root / "index_data" / "samples")
        for pair in pairs:
            results = index.search(pair["query"], snippets=1, limit=None)
            (hit,) = (hit for hit in results if Path(hit.path or "").stem == pair["document"])
            text = " ".join(hit.snippets[0].text.split())
            shown += any(" ".join(chosen.split()) in text for chosen in pair["chosen"])
    assert shown >= 38


def test_equal_windows_are_equal_in_any_order() -> None:
    """Of two stretches of a long sentence with the same words the first is shown, whatever the order of summing."""
    words = [f"[{word}]" for word in "ах бы вы го да ещё же за иль как ли мы".split()]
    weights = {word[1]: number / 10 for number, word in enumerate(words, 1)}
    for number in range(len(words)):
        turned = words[number:] + words[:number]
        text = f"{' '.join(words)} и {'много слов между ними, ' * 4} {' '.join(turned)}"
        assert shown(text, count=1, chars=40, weights=weights)[0].startswith(" ".join(words)), turned
