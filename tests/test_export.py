"""What is exported and added again is the same index: texts to the letter, and all that documents say of themselves."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Document, Index
from indexer.model import Problem
from indexer.sources import jsonl

LETTERS = st.characters(exclude_categories=["Cs"])
STRINGS = st.text(LETTERS, max_size=12)
NAMES = STRINGS.filter(lambda name: name.strip() != "")
VALUES = STRINGS | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.lists(
    st.builds(
        Document,
        text=STRINGS.filter(lambda text: text.strip() != "")
        | st.just("Паром вышел в полдень, а маяк погас\n\n9 января 2022 года. Ветер стих."),
        id=st.none() | NAMES,
        title=st.just("") | NAMES,
        date=st.none() | st.dates(),
        path=st.none() | NAMES,
        lang=st.sampled_from([None, "ru", "bg", "uk", "en"]),
        fields=st.dictionaries(NAMES, VALUES | st.lists(STRINGS, max_size=3), max_size=3),
        locations=st.sampled_from([(), ((0, "стр. 1"),)]),
    ),
    max_size=4,
)


def again(document: Document) -> Document | Problem:
    (found,) = jsonl.read([jsonl.line(document).encode()], "stdin")
    return found


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_an_export_is_the_index_again(documents: list[Document]) -> None:
    """A title or date that a document has not is not found in its text on the way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(Path(folder) / "one", create=True) as one,
        Index.open(Path(folder) / "two", create=True) as two,
    ):
        one.add_many(documents)
        exported = list(one.export())
        assert len(exported) == len(one)
        back = [again(document) for document in exported]
        two.add_many([found for found in back if isinstance(found, Document)])
        assert {found.id: found for found in two.export()} == {found.id: found for found in exported}


def test_a_line() -> None:
    document = Document("Паром\r\n вышел\u00a0в полдень.\n", id="1", lang="ru", fields={"автор": "Иванов"})
    assert jsonl.line(document) == (
        '{"id": "1", "path": null, "lang": "ru", "title": "", "date": "", '
        '"text": "Паром\\r\\n вышел\u00a0в полдень.\\n", "fields": {"автор": "Иванов"}}\n'
    )
