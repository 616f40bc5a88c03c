"""The zoo: every rival behind one interface. Title and text are one field for all but ours, which takes them apart.

Engines are imported where they are used, so that a rival that is not installed is only missing, and one rival's
process does not carry another's memory.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rival import Answer, Item, Query, Rival
from zoo_native import Tantivy, Xapian
from zoo_python import Bm25s, Whoosh


class Ours(Rival):
    """This library: title apart from the text; `jobs` and 256 MB for building, `count=False`, where it has them."""

    name, modules, package = "ours", ("indexer",), "indexer"

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        from inspect import signature

        from indexer import Document, Index

        known = signature(Index.add_many).parameters
        options = {"jobs": self.jobs, "memory": "256MB"}
        if self.jobs > 1 and "jobs" not in known:
            raise NotImplementedError("this version builds with one worker only")
        with Index.open(folder, create=True) as index:
            index.add_many(
                (Document(item.text, id=item.id, title=item.title) for item in documents),
                **{name: value for name, value in options.items() if name in known},
            )

    def open(self, folder: Path) -> None:
        from inspect import signature

        from indexer import Document, Index

        self._document = Document
        self._index = Index.open(folder)
        self._counts = "count" in signature(Index.search).parameters
        len(self._index)  # an index is opened by its first use

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        options: dict[str, Any] = {"count": count} if self._counts else {}
        match = "any" if query.operator == "any" else "all"
        hits = self._index.search(query.text, limit=k, match=match, snippets=2 if snippets else 0, **options)
        if snippets:
            [passage.html() for hit in hits for passage in hit.snippets]
        return Answer([hit.id for hit in hits], hits.total if count else None)

    def add_one(self, document: Item) -> None:
        self._index.add(self._document(document.text, id=document.id, title=document.title))

    def delete_one(self, identity: str) -> None:
        self._index.delete(identity)

    def close(self) -> None:
        self._index.close()

    @classmethod
    def one_shot(cls, folder: Path, query: Query, snippets: bool) -> list[str]:
        """The command itself, as installed; `python -m indexer search` where it is not."""
        command = Path(sys.executable).with_name("search")
        start = [str(command)] if command.exists() else ["-m", "indexer", "search"]
        return [*start, "--index", str(folder), "--any", *([] if snippets else ["--no-snippets"]), query.text]


class Fts5(Rival):
    """SQLite's FTS5 as shipped: unicode61, one transaction, defaults; ids in a table beside, to delete by."""

    name = "fts5"

    @classmethod
    def missing(cls) -> str | None:
        try:
            sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)").connection.close()
        except sqlite3.Error as error:
            return str(error)
        return None

    @classmethod
    def version(cls) -> str:
        return sqlite3.sqlite_version

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        base = sqlite3.connect(folder / "fts5.db")
        base.execute("CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, text)")
        base.execute("CREATE TABLE ids(id TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        for item in documents:
            self._insert(base, item)
        base.commit()
        base.close()

    @staticmethod
    def _insert(base: sqlite3.Connection, item: Item) -> None:
        row = base.execute("INSERT INTO docs(id, text) VALUES (?, ?)", (item.id, item.full)).lastrowid
        base.execute("INSERT INTO ids VALUES (?, ?)", (item.id, row))

    def open(self, folder: Path) -> None:
        self._base = sqlite3.connect(folder / "fts5.db")
        self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()  # read the file, not only its name

    @staticmethod
    def _expression(query: Query) -> str:
        words = [f'"{word}"' for word in query.words]
        return f'"{" ".join(query.words)}"' if query.operator == "phrase" else (
            (" OR " if query.operator == "any" else " AND ").join(words)
        )  # fmt: skip

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        column = ", snippet(docs, 1, '<b>', '</b>', '…', 32)" if snippets else ""
        expression = self._expression(query)
        rows = self._base.execute(
            f"SELECT id{column} FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?", (expression, k)
        ).fetchall()
        total = None
        if count:
            (total,) = self._base.execute("SELECT count(*) FROM docs WHERE docs MATCH ?", (expression,)).fetchone()
        return Answer([row[0] for row in rows], total)

    def add_one(self, document: Item) -> None:
        self.delete_one(document.id)
        with self._base:
            self._insert(self._base, document)

    def delete_one(self, identity: str) -> None:
        with self._base:
            if row := self._base.execute("SELECT row FROM ids WHERE id = ?", (identity,)).fetchone():
                self._base.execute("DELETE FROM docs WHERE rowid = ?", row)
                self._base.execute("DELETE FROM ids WHERE id = ?", (identity,))

    def close(self) -> None:
        self._base.close()

    @classmethod
    def one_shot(cls, folder: Path, query: Query, snippets: bool) -> list[str]:
        """No more than a script of its user would have."""
        column = ", snippet(docs, 1, '<b>', '</b>', '…', 32)" if snippets else ""
        lines = [
            "import sqlite3",
            f"base = sqlite3.connect({str(folder / 'fts5.db')!r})",
            f"ask = {f'SELECT id{column} FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT 10'!r}",
            f"for row in base.execute(ask, ({cls._expression(query)!r},)): print(*row)",
        ]
        return ["-c", "\n".join(lines)]


ZOO: dict[str, type[Rival]] = {rival.name: rival for rival in (Ours, Whoosh, Tantivy, Fts5, Bm25s, Xapian)}
