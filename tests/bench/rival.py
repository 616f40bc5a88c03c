"""What a rival is: the values that go in and out, and the interface that every engine of the zoo is driven through."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import ClassVar, NamedTuple


class Item(NamedTuple):
    """A document of the corpus."""

    id: str
    title: str
    text: str

    @property
    def full(self) -> str:
        """Title and text as one field; a title that opens the text stands there once."""
        return self.text if not self.title or self.text.startswith(self.title) else f"{self.title}\n{self.text}"


class Query(NamedTuple):
    """A query: its text as one types it, its class, its words."""

    text: str
    kind: str
    words: tuple[str, ...]

    @property
    def operator(self) -> str:
        """How the words hang together: any, all or phrase."""
        return {"and": "all", "ph": "phrase"}.get(self.kind.rstrip("23"), "any")

    @property
    def plain(self) -> str:
        """The words alone, in quotation marks where they are a phrase: what every query parser takes."""
        return f'"{" ".join(self.words)}"' if self.operator == "phrase" else " ".join(self.words)


class Answer(NamedTuple):
    """The ids found, best first, and how many documents match, where that was asked."""

    ids: list[str]
    total: int | None = None


class Rival:
    """One engine; the docstring of each says how it is set up, so that a reader can judge the fairness."""

    name: ClassVar[str]
    modules: ClassVar[tuple[str, ...]] = ()  # what must be importable
    package: ClassVar[str] = ""  # whose version is reported
    lacks: ClassVar[frozenset[str]] = frozenset()  # of all, phrase, snippets, count, change

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs

    @classmethod
    def missing(cls) -> str | None:
        """Why this rival cannot run here, or None."""
        try:
            for module in cls.modules:
                import_module(module)
        except ImportError as error:
            return str(error)
        return None

    @classmethod
    def version(cls) -> str:
        """The version of the engine."""
        from importlib.metadata import version

        return version(cls.package)

    def can(self, query: Query) -> bool:
        """Whether the rival has the query's operator."""
        return query.operator not in self.lacks

    def build(self, documents: Iterable[Item], folder: Path) -> None:
        """Make an index in the folder, durable on return."""
        raise NotImplementedError

    def open(self, folder: Path) -> None:
        """Open the index for searching and, later, changing."""
        raise NotImplementedError

    def search(self, query: Query, k: int, snippets: bool, count: bool) -> Answer:
        """The k best; `snippets` makes a marked passage of each hit, `count` the exact number of matches."""
        raise NotImplementedError

    def add_one(self, document: Item) -> None:
        """Add a document: durable and visible to the next search on return."""
        raise NotImplementedError

    def delete_one(self, identity: str) -> None:
        """Delete a document: durably, and gone for the next search."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of everything that is open."""

    @classmethod
    def one_shot(cls, folder: Path, query: Query, snippets: bool) -> list[str]:
        """Arguments for Python that open the index, ask once and print, in a process of its own."""
        here = str(Path(__file__).parent)
        lines = [
            f"import sys; sys.path.insert(0, {here!r})",
            "from pathlib import Path; from rival import Query; from zoo import ZOO",
            f"rival = ZOO[{cls.name!r}]()",
            f"rival.open(Path({str(folder)!r}))",
            f"print(rival.search(Query{tuple(query)!r}, 10, {snippets}, False))",
        ]
        return ["-c", "\n".join(lines)]
