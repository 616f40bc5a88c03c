"""Rivals written in Python."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rival import Answer, Item, Query, Rival


class Whoosh(Rival):
    """As shipped: lemma of the first parse (cached), BM25F, its highlighter, default memory, one process."""

    name, modules, package = "whoosh", ("whoosh", "pymorphy3"), "whoosh3"

    @classmethod
    def version(cls) -> str:
        from whoosh import versionstring

        return str(versionstring(build=False))

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        from whoosh.index import create_in
        from whoosh_lemmas import schema

        index = create_in(str(folder), schema())
        writer = index.writer()
        for item in documents:
            writer.add_document(id=item.id, text=item.full)
        writer.commit()
        index.close()

    def open(self, folder: Path) -> None:
        from whoosh.index import open_dir
        from whoosh.qparser import AndGroup, OrGroup, QueryParser

        self._index = open_dir(str(folder))
        self._searcher = self._index.searcher()
        groups = {"any": OrGroup, "all": AndGroup, "phrase": AndGroup}
        self._parsers = {name: QueryParser("text", self._index.schema, group=group) for name, group in groups.items()}

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        found = self._searcher.search(self._parsers[query.operator].parse(query.plain), limit=k)
        if snippets:
            [hit.highlights("text") for hit in found]
        return Answer([hit["id"] for hit in found], len(found) if count else None)

    def _changed(self) -> None:
        # not refresh(): that one still shows documents deleted since
        self._searcher.close()
        self._searcher = self._index.searcher()

    def add_one(self, document: Item) -> None:
        writer = self._index.writer()
        writer.update_document(id=document.id, text=document.full)
        writer.commit()
        self._changed()

    def delete_one(self, identity: str) -> None:
        writer = self._index.writer()
        writer.delete_by_term("id", identity)
        writer.commit()
        self._changed()

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


class Bm25s(Rival):
    """NumPy backend, Russian Snowball, no stop words, texts kept beside; any-of-the-words only, never updated."""

    name, modules, package = "bm25s", ("bm25s", "Stemmer"), "bm25s"
    lacks = frozenset({"all", "phrase", "snippets", "count", "change"})

    @staticmethod
    def _tokens(texts: list[str], stemmer: Any) -> Any:
        import bm25s

        return bm25s.tokenize(texts, stopwords=[], stemmer=stemmer, show_progress=False)

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        import bm25s
        from Stemmer import Stemmer

        items = list(documents)
        engine = bm25s.BM25(backend="numpy")
        engine.index(self._tokens([item.full for item in items], Stemmer("russian")), show_progress=False)
        engine.save(str(folder), corpus=[item._asdict() for item in items])

    def open(self, folder: Path) -> None:
        import bm25s
        from Stemmer import Stemmer

        self._stemmer = Stemmer("russian")
        self._engine = bm25s.BM25.load(str(folder), load_corpus=True)

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:  # noqa: ARG002
        tokens = self._tokens([" ".join(query.words)], self._stemmer)
        limit = min(k, len(self._engine.corpus))
        found, scores = self._engine.retrieve(tokens, k=limit, show_progress=False)
        return Answer([row["id"] for row, score in zip(found[0], scores[0], strict=True) if score > 0])

    def close(self) -> None:
        self._engine = None
