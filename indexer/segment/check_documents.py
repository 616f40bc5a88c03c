"""Whether the documents of a segment are what they must be: a sentence for everything that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.model import Document
from indexer.segment.documents import DIGEST, Documents, day, hashed
from indexer.segment.keywords import keywords
from indexer.segment.locations import sound
from indexer.segment.record import digests
from indexer.segment.toc import SegmentInfo

Array = NDArray[Any]


def columns(documents: Documents, info: SegmentInfo) -> Iterator[str]:
    """The columns have a row a document, and offsets rise up to the length of what they are offsets of."""
    sections, size = documents.sections, info.documents
    rows = {"length": size, "words": size, "date": size, "hash.sorted": size, "hash.number": size, "char": size + 1}
    rows |= {"mark": size + 1, "digest": DIGEST * size, "mark.back": len(sections["mark.offset"])}
    rows |= {"shingles": size} if "shingles" in sections else {}
    for name, wanted in rows.items():
        if len(sections[name]) != wanted:
            yield f"раздел {name}: строк {len(sections[name])}, а должно быть {wanted}"
    ends = {
        "char": None,
        "text.starts": sections["char"][-1],
        "text.ends": len(sections["text.chunks"]),
        "mark": len(sections["mark.offset"]),
        "head.ends": len(sections["head.blocks"]),
    }
    for name, end in ends.items():
        column = sections[name].astype(np.int64)
        if not len(column) or column[0] or (np.diff(column) < 0).any() or (end is not None and column[-1] != end):
            yield f"раздел {name}: числа не растут от нуля до конца"
    if "location" in sections and len(sections["location"]) != size + 1:
        yield f"раздел location: строк {len(sections['location'])}, а должно быть {size + 1}"
    if len(sections["text.starts"]) != len(sections["text.ends"]):
        yield "раздел text.starts: частей текста не столько, сколько в text.ends"
    hashes, numbers = sections["hash.sorted"], sections["hash.number"]
    if (hashes[1:] < hashes[:-1]).any() or not np.array_equal(np.sort(numbers), np.arange(size)):
        yield "раздел hash.number: в таблице id есть не все документы"
    if int(sections["length"].sum(dtype=np.int64)) != info.tokens:
        yield "раздел length: слов не столько, сколько в оглавлении индекса"


def deleted(bits: Array | None, info: SegmentInfo) -> Iterator[str]:
    """As many bits as documents, as many of them set as are deleted."""
    if bits is None:
        if info.deleted:
            yield f"нет списка удалённых, а удалённых {info.deleted}"
        return
    if len(bits) != -(-info.documents // 8):
        yield f"раздел deleted: байт {len(bits)}, а документов {info.documents}"
    elif int(np.unpackbits(bits).sum()) != info.deleted:
        yield f"раздел deleted: удалённых {int(np.unpackbits(bits).sum())}, а в оглавлении индекса {info.deleted}"


class Each:
    """Every document, one after another; how many of them are wrong in what way, and sums for other checks."""

    def __init__(self, documents: Documents, info: SegmentInfo) -> None:
        self._documents = documents
        self._info = info
        self._wrong: dict[str, list[int]] = {}
        self.pairs = self.sum = 0  # of keywords, as `keyword_sum` of the lists

    def problems(self) -> Iterator[str]:
        """What is wrong, a sentence a kind."""
        for number in range(self._info.documents):
            try:
                document, title_at = document_of(self._documents, number)
            except Exception as error:
                self._note(f"head.blocks или text.chunks: не читается ({type(error).__name__})", number)
                continue
            for reason in self._document(number, document, title_at):
                self._note(reason, number)
            self._sum(number, document)
        for reason, numbers in self._wrong.items():
            yield f"раздел {reason}: документов {len(numbers)}, первый из них {numbers[0]}"

    def _note(self, reason: str, number: int) -> None:
        self._wrong.setdefault(reason, []).append(number)

    def _document(self, number: int, document: Document, title_at: tuple[int, int]) -> Iterator[str]:
        documents, sections = self._documents, self._documents.sections
        text = document.text
        if len(text) != documents.chars(number):
            yield "char: длина текста другая"
        if documents.digest(number) not in digests(document):
            yield "digest: отпечаток документа другой"
        if day(str(document.date or "")) != sections["date"][number]:
            yield "date: дата другая"
        at = int(np.searchsorted(sections["hash.sorted"], hashed(document.id or "")))
        if number not in documents.numbers(document.id or "") or at == len(sections["hash.sorted"]):
            yield "hash.sorted: документ не находится по id"
        if not sound(document.locations, len(text)):
            yield "location.rows: места страниц или глав идут не по порядку"
        begin, end = title_at
        if end and (not 0 <= begin < end <= len(text) or text[begin:end] != document.title):
            yield "head.blocks: заголовка нет там, где он должен быть в тексте"
        words = int(sections["words"][number])
        if words > int(sections["length"][number]):
            yield "words: слов в тексте больше, чем во всём документе"
        positions, offsets = documents.checkpoints(number)
        if (np.diff(offsets) < 0).any() or (np.diff(positions) < 0).any() or positions[-1] > words or positions[0]:
            yield "mark.back: опорные точки идут не по порядку"
        elif any(at >= len(text) or not text[at - 1].isspace() for at in offsets.tolist() if at):
            yield "mark.offset: опорная точка не в начале слова"

    def _sum(self, number: int, document: Document) -> None:
        found = keywords(document, document.lang)
        self.pairs += len(found)
        self.sum += sum(hash((keyword, number)) for keyword in found)


def document_of(documents: Documents, number: int) -> tuple[Document, tuple[int, int]]:
    """A document as it was given, and where its title stands in its text. Raises anything for damaged bytes."""
    head = documents.head(number)
    begin, end = head.pop("title_at")
    document = Document(text=documents.text(number), locations=documents.locations(number), **head)
    if not (isinstance(document.id, str) and isinstance(document.title, str) and isinstance(document.fields, dict)):
        raise ValueError("заголовок документа")
    return document, (int(begin), int(end))
