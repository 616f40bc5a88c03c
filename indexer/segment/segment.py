"""One open segment: its documents, lexicons and lists, and which of its documents are alive."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged
from indexer.segment.documents import Documents
from indexer.segment.files import ADVICE, Sections
from indexer.segment.lexicon import Lexicon
from indexer.segment.postings import SHARE, Lists, frequencies
from indexer.segment.toc import SegmentInfo
from indexer.segment.words import Words

Array = NDArray[Any]


class Segment:
    """Raises OSError when a file is not there, IndexDamaged when it is not what the table of contents says."""

    documents: Documents
    forms: Lexicon
    lemmas: Lexicon
    keywords: Lexicon
    words: Words

    def __init__(self, folder: Path, info: SegmentInfo, before: Segment | None = None) -> None:
        """`before` is the same segment when other documents of it were deleted: what is open of it stays so."""
        self.info = info
        if before is None:
            self.files = _opened(folder, info, info.files.keys())
            self._read()
            return
        self.files = {kind: file for kind, file in before.files.items() if kind != "deleted"}
        self.files |= _opened(folder, info, {"deleted"})
        self.documents, self.keywords = before.documents, before.keywords
        self.forms, self.lemmas, self.words = before.forms, before.lemmas, before.words

    def _read(self) -> None:
        files = self.files
        self.documents = Documents(files["documents"])
        if len(self.documents) != self.info.documents:
            name = self.info.files["documents"][0]
            raise IndexDamaged(f"В файле индекса {name} не то число документов. {ADVICE}")
        self.forms = Lexicon(files["lexicon"], "form.", Lists(files["postings"], "form."))
        self.lemmas = Lexicon(files["lexicon"], "lemma.", Lists(files["lexicon"], "lemma."))
        self.keywords = Lexicon(files["postings"], "keyword.", Lists(files["postings"], "keyword."))
        self.words = Words(files["lexicon"], self.forms, self.lemmas)

    def __len__(self) -> int:
        """Documents, deleted ones too."""
        return self.info.documents

    @cached_property
    def live(self) -> Array | None:
        """Which documents are alive, as bools; None for all."""
        if "deleted" not in self.files:
            return None
        gone = np.unpackbits(self.files["deleted"]["deleted"], count=len(self), bitorder="little")
        live: Array = gone == 0
        return live

    def alive(self, documents: Array) -> Array | None:
        """Which of some documents are alive; None for all."""
        return None if self.live is None else self.live[documents]

    @cached_property
    def lemma_amounts(self) -> Array:
        """By code: the expected frequency of a lemma, title twice."""
        return self._values(self.lemmas) / SHARE

    @cached_property
    def form_amounts(self) -> Array:
        """By code: the frequency of a form, title twice."""
        return frequencies(self._values(self.forms)).astype(float)

    @staticmethod
    def _values(lexicon: Lexicon) -> Array:
        assert lexicon.lists.values is not None
        return lexicon.lists.values

    @cached_property
    def tokens(self) -> int:
        """Tokens of the live documents."""
        gone = 0 if self.live is None else self.documents.lengths[np.flatnonzero(~self.live)].sum(dtype=np.int64)
        return self.info.tokens - int(gone)


def _opened(folder: Path, info: SegmentInfo, kinds: Collection[str]) -> dict[str, Sections]:
    """The files of some kinds that the segment has."""
    files = {}
    for kind, (name, length, _) in info.files.items():
        if kind in kinds:
            files[kind] = Sections(folder / name)
            if files[kind].length != length:
                raise IndexDamaged(f"Файл индекса {name} не той длины. {ADVICE}")
    return files
