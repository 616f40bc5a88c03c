"""A document as it is kept: what it must be, and where its title stands in its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Document
from indexer.errors import DocumentError
from indexer.segment.record import prepare, title_span

TITLE = "Мост открыт"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Мост открыт\nПервыми прошли школьники.", (0, 11)),
        ("  Мост открыт  \r\nПервыми прошли школьники.", (2, 13)),  # white space around it is no part of it
        ("# Мост открыт\n\nПервыми прошли школьники.", (2, 13)),  # a heading in Markdown
        ("Заречный, 3 мая\u2028Мост открыт\u2028Первыми прошли.", (16, 27)),  # any line break of Unicode
        ("Мост открыт для всех.\nМост открыт", (22, 33)),  # within a line first, then as a line
        ("Мост открыт для всех.", (0, 0)),  # never as a line
        ("раз\n\nдва\n\nтри\nчетыре\nМост открыт", (21, 32)),  # the fifth line with something on it
        ("раз\nдва\nтри\nчетыре\nпять\nМост открыт", (0, 0)),  # the sixth
        ("МОСТ ОТКРЫТ\nПервыми прошли школьники.", (0, 0)),  # in capitals it is not the same
    ],
)
def test_where_a_title_stands(text: str, span: tuple[int, int]) -> None:
    assert title_span(Document(text, title=TITLE)) == span


def line_by_line(title: str, text: str) -> tuple[int, int]:
    """The same by the definition: among the first five lines with something on them the first that is the title."""
    at = seen = 0
    for line in text.splitlines(keepends=True) if title else []:
        begin = line.find(title)
        if begin >= 0 and title.strip() in (line.strip(), line.strip().lstrip("# ").strip()):
            return at + begin, at + begin + len(title)
        at, seen = at + len(line), seen + bool(line.strip())
        if seen == 5:
            break
    return 0, 0


@given(st.text("аб# \r\n\u2028", max_size=4), st.text("аб# \r\n\u2028", max_size=30))
def test_a_title_stands_where_reading_line_by_line_finds_it(title: str, text: str) -> None:
    assert title_span(Document(text, title=title)) == line_by_line(title, text)


def test_an_id_must_be_text() -> None:
    """Half of a character has no UTF-8: the index could not write the id down, nor anybody ask for it."""
    with pytest.raises(DocumentError, match="суррогаты"):
        prepare(Document("текст", id="мост \ud800"))
