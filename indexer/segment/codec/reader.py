"""Codec and segments of Whoosh over open segments of ours, and Whoosh's reader of all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from whoosh import reading
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage

from indexer.errors import IndexerError
from indexer.segment.codec.documents import PerDocumentReader
from indexer.segment.codec.schema import schema
from indexer.segment.codec.terms import TermsReader
from indexer.segment.collection import Collection
from indexer.segment.segment import Segment as Opened

ONLY_READ = "Сегменты этого индекса пишет только он сам: FileIndex.writer() или Index.add"


class Codec(base.Codec):
    """Reads segments; writing is the engine's own affair."""

    def terms_reader(self, storage: Any, segment: Segment) -> TermsReader:  # noqa: ARG002
        """The terms and postings of a segment."""
        return TermsReader(segment.opened)

    def per_document_reader(self, storage: Any, segment: Segment) -> PerDocumentReader:  # noqa: ARG002
        """Columns and stored fields of a segment."""
        return PerDocumentReader(segment.opened, schema())

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise IndexerError(ONLY_READ)

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment = _refuse


class Segment(base.Segment):
    """An open segment of ours."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.indexname = "indexer"
        # of two commits the same segment may have other deleted documents
        self.segid = "-".join(sorted(name for name, _, _ in opened.info.files.values()))
        self.compound = False

    def codec(self) -> Codec:
        """What reads it."""
        return Codec()

    def should_assemble(self) -> bool:
        """Its files stay apart."""
        return False

    def doc_count_all(self) -> int:
        """Documents, deleted ones too."""
        return len(self.opened)

    def deleted_count(self) -> int:
        """Deleted documents."""
        return self.opened.info.deleted

    def deleted_docs(self) -> Any:
        """Their numbers."""
        return PerDocumentReader(self.opened, None).deleted_docs()

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is one."""
        return PerDocumentReader(self.opened, None).is_deleted(docnum)

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:  # noqa: ARG002
        """Not here."""
        raise IndexerError(ONLY_READ)


class EmptyReader(reading.EmptyReader):
    """A reader without segments that knows which commit it is."""

    def __init__(self, generation: int) -> None:
        super().__init__(schema())
        self._generation = generation

    def generation(self) -> int:
        """The commit."""
        return self._generation


def whoosh_reader(found: Collection, generation: int, folder: Path) -> reading.IndexReader:
    """Whoosh's reader of one committed state."""
    fields, storage = schema(), FileStorage(str(folder))
    leaves = [reading.SegmentReader(storage, fields, Segment(each), generation) for each in found.segments]
    if not leaves:
        return EmptyReader(generation)
    return leaves[0] if len(leaves) == 1 else reading.MultiReader(leaves, generation)
