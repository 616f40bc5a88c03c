"""How marks are written, and the values that carry them.

In a text [brackets] stand around what matched.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import markup
from indexer.model import AddReport, Document
from indexer.results import Hit, Results, Snippet

Spans = tuple[tuple[int, int], ...]


def read(marked: str) -> tuple[str, Spans]:
    """The text without brackets, and what stood in them."""
    text, spans = "", []
    for piece in re.split(r"(\[[^]]*\])", marked):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 2))
        text += piece.strip("[]")
    return text, tuple(spans)


HTML = """
Пел [соловей]. → Пел <mark>соловей</mark>.                            # a word
[Соловей] → <mark>Соловей</mark>                                      # the whole text
[Пел] [соловей] → <mark>Пел</mark> <mark>соловей</mark>               # two
[Пел][соловей] → <mark>Пел</mark><mark>соловей</mark>                 # side by side
Было тихо. → Было тихо.                                               # nothing matched
a < b & [c] > d → a &lt; b &amp; <mark>c</mark> &gt; d                # signs of HTML
[<b>] → <mark>&lt;b&gt;</mark>                                        # within a mark too
</mark>[а] → &lt;/mark&gt;<mark>а</mark>                              # a text that would end our mark
"[а]" '[б]' → &quot;<mark>а</mark>&quot; &#x27;<mark>б</mark>&#x27;   # quotation marks, for attributes
&amp; [а] → &amp;amp; <mark>а</mark>                                  # what is escaped already is text
до\u0301[ждь] → до\u0301<mark>ждь</mark>                              # stress stays where it was
"""

MARKDOWN = r"""
Пел [соловей]. → Пел **соловей**.                                     # a word
Было тихо. → Было тихо.                                               # nothing matched
*а* _б_ `в` → \*а\* \_б\_ \`в\`                                       # signs of Markdown
# 5 | ~6~ <i> → \# 5 \| \~6\~ \<i\>                                   # more of them
&lt; и &amp; → \&lt; и \&amp;                                        # entities
C:\книги → C:\\книги                                                  # a backslash
[а_б]в → **а\_б**в                                                    # within a mark
"""

ANSI = """
Пел [соловей]. → Пел ‹1;31m›соловей‹0m›.                              # bold red
Было тихо. → Было тихо.                                               # nothing matched
[Пел][соловей] → ‹1;31m›Пел‹0m›‹1;31m›соловей‹0m›                     # side by side
а\x1b[б] → а�‹1;31m›б‹0m›                                             # an escape sequence of the text's own
а\x07б\x00в\x9bг\x7f → а�б�в�г�                                       # a bell, a zero, another escape, delete
а\tб → а\tб                                                           # a tab is harmless
<b> & "а" → <b> & "а"                                                 # and HTML means nothing here
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    """(marked text, what is written, reason)."""
    found = [re.fullmatch(r"(.+?) → (.+?) {2,}# (.+)", line) for line in table.strip("\n").split("\n")]
    assert all(found), table
    return [(row[1], row[2].replace("‹", "\x1b[").replace("›", ""), row[3]) for row in found if row]


@pytest.mark.parametrize(("marked", "expected", "reason"), rows(HTML))
def test_html(marked: str, expected: str, reason: str) -> None:
    assert markup.html(*read(marked)) == expected, reason


@pytest.mark.parametrize(("marked", "expected", "reason"), rows(MARKDOWN))
def test_markdown(marked: str, expected: str, reason: str) -> None:
    assert markup.markdown(*read(marked)) == expected, reason


@pytest.mark.parametrize(("marked", "expected", "reason"), rows(ANSI))
def test_ansi(marked: str, expected: str, reason: str) -> None:
    assert markup.ansi(*read(marked)) == expected, reason


def test_html_with_a_tag_of_ones_own() -> None:
    assert markup.html("Пел соловей", ((4, 11),), "em") == "Пел <em>соловей</em>"


def test_line_ends_stay() -> None:
    text = "Пел\nсоловей"
    assert markup.html(text, ()) == markup.ansi(text, ()) == markup.markdown(text, ()) == text


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, Spans]:
    """Any text with any spans."""
    alphabet = st.one_of(st.characters(), st.sampled_from("аб<>&\"'*_`\\[]#|~\x1b\x07\n\t …"))
    text = draw(st.text(alphabet, max_size=40))
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, tuple(pair for at, pair in enumerate(pairwise(ends)) if at % 2 == 0)


@given(marked_texts())
def test_html_read_back_is_the_text_and_the_only_tags_are_ours(case: tuple[str, Spans]) -> None:
    text, spans = case
    written = markup.html(text, spans)
    parts = re.split(r"<mark>|</mark>", written)
    assert html.unescape("".join(parts)) == html.unescape(html.escape(text)) == text
    assert not any("<" in part or ">" in part for part in parts)
    assert [html.unescape(part) for part in parts[1::2]] == [text[start:end] for start, end in spans]


@given(marked_texts())
def test_a_terminal_is_told_nothing_but_our_colours(case: tuple[str, Spans]) -> None:
    text, spans = case
    written = markup.ansi(text, spans)
    plain = written.replace("\x1b[1;31m", "").replace("\x1b[0m", "")
    assert plain == markup.harmless(text)
    assert len(plain) == len(text), "so that columns stay where they are"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain)


@given(marked_texts())
def test_markdown_read_back_is_the_text(case: tuple[str, Spans]) -> None:
    text, spans = case
    written = markup.markdown(text, spans)
    bare = re.sub(r"\\(.)|\*\*", lambda found: found[1] or "", written, flags=re.DOTALL)
    assert bare == text
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\*\*", written)) == 2 * len(spans) or "\\" in text


# The values.

SNIPPET = Snippet("text", 10, 31, "Пел соловей и <другие>", ((4, 11),), "стр. 2", more_before=True, more_after=True)


def test_a_snippet_goes_on_where_it_says() -> None:
    assert str(SNIPPET) == "…Пел соловей и <другие>…"
    assert SNIPPET.html() == "…Пел <mark>соловей</mark> и &lt;другие&gt;…"
    assert SNIPPET.html("b") == "…Пел <b>соловей</b> и &lt;другие&gt;…"
    assert SNIPPET.ansi() == "…Пел \x1b[1;31mсоловей\x1b[0m и <другие>…"
    assert SNIPPET.markdown() == "…Пел **соловей** и \\<другие\\>…"
    assert str(Snippet("title", 0, 3, "Пел")) == "Пел", "and where it does not"
    assert str(Snippet("title", 0, 3, "Пел", more_before=True)) == "…Пел"
    assert str(Snippet("title", 0, 3, "Пел", more_after=True)) == "Пел…"


def test_a_snippet_as_json() -> None:
    assert SNIPPET.to_dict() == {
        "field": "text",
        "start": 10,
        "end": 31,
        "text": "Пел соловей и <другие>",
        "spans": [[4, 11]],
        "location": "стр. 2",
    }


def test_a_hit_as_json_has_every_key_even_when_there_is_nothing_to_say() -> None:
    assert Hit(1, "а", 0.123456).to_dict() == {
        "rank": 1,
        "id": "а",
        "path": None,
        "title": "",
        "date": None,
        "lang": None,
        "score": 0.1235,
        "matches": {},
        "snippets": [],
        "fields": {},
        "duplicates": [],
        "explain": None,
    }


def test_results_without_hits() -> None:
    empty = Results("соловей", "соловей", repaired={"kind": "layout", "from": "a", "to": "ф"}, relaxed=("сад",))
    assert (len(empty), list(empty), bool(empty), empty[:5]) == (0, [], False, ())
    as_json = json.loads(empty.to_json())
    assert as_json["version"] == 1
    assert as_json["repaired"] == {"kind": "layout", "from": "a", "to": "ф"}
    assert as_json["relaxed"] == ["сад"]
    assert (as_json["total"], as_json["total_is"], as_json["hits"], as_json["facets"]) == (0, "exact", [], {})
    assert empty._repr_html_() == "<ol></ol>"


def test_results_are_a_sequence() -> None:
    hits = tuple(Hit(rank, str(rank), 1.0) for rank in (1, 2, 3))
    results = Results("а", "а", hits, total=30)
    assert len(results) == 3, "those of the page"
    assert results[0] is hits[0]
    assert results[-1] is hits[2]
    assert results[1:] == hits[1:]
    assert list(results) == list(hits)
    assert hits[1] in results
    assert results.index(hits[2]) == 2
    with pytest.raises(IndexError):
        results[3]


def test_json_keeps_russian_letters_and_is_one_line() -> None:
    snippet = Snippet("text", 0, 9, 'Ёж\nи "уж"')
    written = Results("ёж", "ёж", (Hit(1, "а", 1.0, snippets=(snippet,)),), 1).to_json()
    assert "Ёж" in written
    assert "\n" not in written
    assert json.loads(written)["hits"][0]["snippets"][0]["text"] == 'Ёж\nи "уж"'


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_notebooks_show_text_as_text(identity: str, title: str, text: str) -> None:
    snippet = Snippet("text", 0, len(text), text)
    shown = Results("а", "а", (Hit(1, identity, 1.0, title=title, snippets=(snippet,)),), 1)._repr_html_()
    tags = re.findall(r"<[^>]*>", shown)
    assert tags == ["<ol>", "<li>", "<b>", "</b>", "<br>", "</li>", "</ol>"]
    assert text in html.unescape(shown)


def test_values_are_values() -> None:
    assert Document("а") == Document("а", None, "", None, None, None, {})
    assert Document("а", date=dt.date(2022, 1, 9)) != Document("а", date="2022-01-09"), "as its owner wrote it"
    assert AddReport() == AddReport(0, 0, 0, 0, [], 0.0)
    assert AddReport().failed is not AddReport().failed
