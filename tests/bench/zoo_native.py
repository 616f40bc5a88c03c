"""Rivals written in C++ or Rust, reached through their Python bindings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rival import Answer, Item, Query, Rival


class Tantivy(Rival):
    """Simple tokenizer, lowercase, Russian stemmer; one indexing thread, 128 MB. Ids come from the stored
    documents: its binding reads fast fields of numbers only."""

    name, modules, package = "tantivy", ("tantivy",), "tantivy"

    @staticmethod
    def _analyzer() -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        return (
            TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.stemmer("russian")).build()
        )

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        from tantivy import Document, Index, SchemaBuilder

        builder = SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", stored=True, tokenizer_name="ru")
        index = Index(builder.build(), path=str(folder))
        index.register_tokenizer("ru", self._analyzer())
        writer = index.writer(heap_size=128_000_000, num_threads=1)
        for item in documents:
            writer.add_document(Document(id=item.id, text=item.full))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        from tantivy import Document, Index, SnippetGenerator

        self._document, self._snippets = Document, SnippetGenerator
        self._index: Any = Index.open(str(folder))
        self._index.register_tokenizer("ru", self._analyzer())
        self._searcher: Any = self._index.searcher()
        self._writer: Any = None

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        parsed = self._index.parse_query(query.plain, ["text"], conjunction_by_default=query.operator == "all")
        result = self._searcher.search(parsed, limit=k, count=count)
        documents = [self._searcher.doc(address) for _, address in result.hits]
        if snippets:
            passages = self._snippets.create(self._searcher, parsed, self._index.schema, "text")
            [passages.snippet_from_doc(document).to_html() for document in documents]
        return Answer([document.get_first("id") for document in documents], result.count if count else None)

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _write(self) -> Any:
        # one writer for the life of the process: what its documentation advises
        self._writer = self._writer or self._index.writer(heap_size=128_000_000, num_threads=1)
        return self._writer

    def add_one(self, document: Item) -> None:
        self._write().delete_documents_by_term("id", document.id)
        self._writer.add_document(self._document(id=document.id, text=document.full))
        self._commit()

    def delete_one(self, identity: str) -> None:
        self._write().delete_documents_by_term("id", identity)
        self._commit()

    def close(self) -> None:
        self._searcher = self._writer = self._index = None

    @classmethod
    def one_shot(cls, folder: Path, query: Query, snippets: bool) -> list[str]:
        """No more than a script of its user would have: importing the zoo costs more than Tantivy itself."""
        lines = [
            "from tantivy import Filter, Index, SnippetGenerator, TextAnalyzerBuilder, Tokenizer",
            f"index = Index.open({str(folder)!r})",
            "words = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())",
            "index.register_tokenizer('ru', words.filter(Filter.stemmer('russian')).build())",
            f"query, searcher = index.parse_query({query.plain!r}, ['text']), index.searcher()",
            "passages = SnippetGenerator.create(searcher, query, index.schema, 'text')" if snippets else "",
            "for _, address in searcher.search(query, 10, count=False).hits:",
            "    document = searcher.doc(address)",
            "    print(document.get_first('id'))",
            "    print(passages.snippet_from_doc(document).to_html())" if snippets else "",
        ]
        return ["-c", "\n".join(lines)]


class Xapian(Rival):
    """Term generator and query parser with the Russian stemmer (stems without
    positions, raw words with), ids as values, defaults."""

    name, modules = "xapian", ("xapian",)

    @classmethod
    def version(cls) -> str:
        import xapian

        return str(xapian.version_string())

    @staticmethod
    def _fill(generator: Any, item: Item) -> tuple[str, Any]:
        import xapian

        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(item.full)
        document.add_value(0, item.id)
        document.set_data(item.full)
        document.add_boolean_term(key := _key(item.id))
        return key, document

    @staticmethod
    def _generator() -> Any:
        import xapian

        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("russian"))
        return generator

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        import xapian

        base = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
        generator = self._generator()
        for item in documents:
            base.add_document(self._fill(generator, item)[1])
        base.commit()
        base.close()

    def open(self, folder: Path) -> None:
        import xapian

        self._folder = folder
        self._writer: Any = None
        self._base = xapian.Database(str(folder))
        self._stem = xapian.Stem("russian")
        self._parser = xapian.QueryParser()
        self._parser.set_database(self._base)
        self._parser.set_stemmer(self._stem)
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
        self._operators = {"any": xapian.Query.OP_OR, "all": xapian.Query.OP_AND, "phrase": xapian.Query.OP_AND}

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        import xapian

        self._parser.set_default_op(self._operators[query.operator])
        enquire = xapian.Enquire(self._base)
        enquire.set_query(self._parser.parse_query(query.plain))
        found = enquire.get_mset(0, k, self._base.get_doccount() if count else 0)
        ids = []
        for hit in found:
            ids.append(hit.document.get_value(0).decode())
            if snippets:
                found.snippet(hit.document.get_data(), 240, self._stem)
        return Answer(ids, found.get_matches_estimated() if count else None)

    def _write(self) -> Any:
        import xapian

        self._writer = self._writer or xapian.WritableDatabase(str(self._folder), xapian.DB_OPEN)
        return self._writer

    def add_one(self, document: Item) -> None:
        self._write().replace_document(*self._fill(self._generator(), document))
        self._writer.commit()
        self._base.reopen()

    def delete_one(self, identity: str) -> None:
        self._write().delete_document(_key(identity))
        self._writer.commit()
        self._base.reopen()

    def close(self) -> None:
        self._base.close()
        if self._writer is not None:
            self._writer.close()


def _key(identity: str) -> str:
    """The unique term of an id; Xapian's terms end at 245 bytes."""
    from hashlib import sha1

    data = identity.encode()
    return "Q" + (identity if len(data) < 200 else sha1(data).hexdigest())
