"""Documents → the sections of a file, some at a time; `documents` says what they are and reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from indexer.arrays import ranges
from indexer.segment.documents import CHECKPOINT, HEADS, Rows, shared
from indexer.segment.files import SectionWriter
from indexer.segment.locations import LocationsWriter

Array = NDArray[Any]

CHUNK = 4096  # characters, about 8 KB of Russian, of a piece of a long text
_LEAST = 256  # characters of a chunk that ends with a text
_DICTIONARY = 112 << 10
# A dictionary is a gain from about so many characters on, and is trained on the first so many, by pieces of some bytes.
_WORTH, _SAMPLE, _PIECE = 1 << 19, 1 << 21, 2048
# What it is put together from, in bytes: Liao, Petri, Moffat & Wirth 2016, «Effective Construction of Relative
# Lempel-Ziv Dictionaries».
_SEGMENT, _DMER = 512, 8
# Its counts are hashed into so many bits, and one in ten is looked at when they are put together: as good, in a third
# of the time.
_HASHED, _SKIP = 17, 10
# The same for heads, counted in documents.
_WORTH_HEADS, _SAMPLE_HEADS, _DICTIONARY_HEADS = 256, 1024, 64 << 10
_LEVEL = 3
_DTYPES = {
    "length": np.uint32, "words": np.uint32, "marks": np.int64, "mark.offset": np.uint32, "mark.back": np.uint16,
    "shingles": np.uint64,
}  # fmt: skip


class TextWriter:
    """Compresses texts as they come: chunks into the section begun last, their directory in the end."""

    def __init__(self, target: SectionWriter) -> None:
        self._target = target
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionary = b""
        self._waiting: list[tuple[bytes, int]] = []  # texts in UTF-8, and how many characters each has
        self._size = 0  # of those, until the dictionary is trained
        self._bytes, self._chars = [0], [0]  # of each chunk, compressed and not
        target.begin("text.chunks", np.uint8)

    def add(self, texts: Sequence[bytes], chars: Sequence[int]) -> None:
        """More texts, in UTF-8, and how many characters each has."""
        more = zip(texts, chars, strict=True)
        while self._compressor is None and (text := next(more, None)) is not None:
            self._waiting.append(text)
            self._size += text[1]
            if self._size >= _SAMPLE:
                self._start()
        self._waiting += more
        if self._compressor is not None:
            self._compress(self._compressor, final=False)

    def _start(self) -> zstandard.ZstdCompressor:
        """Train the dictionary on the texts that wait."""
        if self._size >= _WORTH:
            sample = b"".join([text for text, _ in self._waiting])[: 2 * _SAMPLE]
            pieces: list[bytes | bytearray | memoryview] = [
                sample[at : at + _PIECE] for at in range(0, len(sample), _PIECE)
            ]
            self._dictionary = zstandard.train_dictionary(
                _DICTIONARY, pieces, k=_SEGMENT, d=_DMER, f=_HASHED, accel=_SKIP, level=_LEVEL
            ).as_bytes()
        self._compressor = _compressor(self._dictionary)
        return self._compressor

    def _compress(self, compressor: zstandard.ZstdCompressor, *, final: bool) -> None:
        blobs = [*map(compressor.compress, self._cut(final=final))]
        self._bytes += map(len, blobs)
        self._target.append(b"".join(blobs))

    def _cut(self, *, final: bool) -> Iterator[bytes]:
        """Chunks end with a text where one of about the right size can, and within a long one."""
        ready, size = list[bytes](), 0
        for text, chars in self._waiting:
            ready.append(text)
            size += chars
            if size >= _LEAST:
                yield from self._pieces(b"".join(ready), size)
                ready, size = [], 0
        if final and size:
            yield from self._pieces(b"".join(ready), size)
            ready, size = [], 0
        self._waiting = [(b"".join(ready), size)] if ready else []

    def _pieces(self, data: bytes, chars: int) -> Iterator[bytes]:
        if chars >= 2 * CHUNK:
            begins, at = np.frombuffer(data, np.int8) >= -64, 0  # the bytes that a character begins with
            while chars >= 2 * CHUNK:
                size = begins[at : at + 4 * CHUNK + 1].nonzero()[0].item(CHUNK)
                self._chars.append(CHUNK)
                yield data[at : at + size]
                at, chars = at + size, chars - CHUNK
            data = data[at:]
        self._chars.append(chars)
        yield data

    def close(self) -> None:
        """The rest, and the directory."""
        self._compress(self._compressor or self._start(), final=True)
        self._target.add("text.ends", _narrow([*accumulate(self._bytes)]))
        self._target.add("text.starts", _narrow([*accumulate(self._chars)]))
        self._target.add("text.dictionary", np.frombuffer(self._dictionary, np.uint8))


class HeadWriter:
    """Compresses what hits show of documents, in blocks."""

    def __init__(self) -> None:
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionary = b""
        self._waiting: list[str] = []
        self._blocks: list[bytes] = []

    def add(self, heads: Sequence[str]) -> None:
        """More of them, in JSON."""
        self._waiting += heads
        if self._compressor is None and len(self._waiting) >= _SAMPLE_HEADS:
            self._start()
        if self._compressor is not None:
            self._compress(len(self._waiting) // HEADS * HEADS)

    def _start(self) -> None:
        if len(self._waiting) >= _WORTH_HEADS:
            sample = "\n".join(self._waiting[:_SAMPLE_HEADS]).encode()
            self._dictionary = sample[-min(_DICTIONARY_HEADS, len(sample) // 4) :]
        self._compressor = _compressor(self._dictionary)

    def _compress(self, number: int) -> None:
        assert self._compressor is not None
        for first in range(0, number, HEADS):
            self._blocks.append(self._compressor.compress("\n".join(self._waiting[first : first + HEADS]).encode()))
        del self._waiting[:number]

    def write(self, target: SectionWriter) -> None:
        """All of them as sections of a file."""
        if self._compressor is None:
            self._start()
        self._compress(len(self._waiting))
        target.add("head.dictionary", np.frombuffer(self._dictionary, np.uint8))
        target.add("head.ends", np.array([0, *accumulate(map(len, self._blocks))], np.uint64))
        target.add("head.blocks", np.frombuffer(b"".join(self._blocks), np.uint8))


class DocumentsWriter:
    """Writes documents into the sections of a file as they come; their numbers count from 0."""

    def __init__(self, target: SectionWriter) -> None:
        self._target = target
        self._texts, self._heads, self._locations = TextWriter(target), HeadWriter(), LocationsWriter()
        self._chars: list[int] = []
        self._dates: list[int] = []
        self._hashes: list[int] = []
        self._digests: list[bytes] = []
        self._arrays: dict[str, list[Array]] = {name: [] for name in _DTYPES}

    def __len__(self) -> int:
        return len(self._chars)

    @property
    def lengths(self) -> Array:
        """Tokens of every document, title included, as uint32."""
        return self._column("length")

    def _column(self, name: str) -> Array:
        parts = self._arrays[name]
        return np.concatenate(parts).astype(_DTYPES[name]) if parts else np.zeros(0, _DTYPES[name])

    def add(self, rows: Rows) -> None:
        """More documents."""
        self._texts.add(rows.texts, rows.chars)
        self._heads.add(rows.heads)
        self._locations.add(rows.locations)
        self._chars += rows.chars
        self._dates += rows.dates
        self._hashes += rows.hashes
        self._digests.append(rows.digests)
        columns = (rows.lengths, rows.words, rows.marks, rows.offsets, rows.back, rows.shingles)
        for name, column in zip(_DTYPES, columns, strict=True):
            self._arrays[name].append(column.astype(_DTYPES[name]))

    def close(self) -> None:
        """Everything that is not written yet."""
        self._texts.close()
        target = self._target
        hashes = np.array(self._hashes, np.uint64)
        order = hashes.argsort(kind="stable")
        target.add("length", self.lengths)
        target.add("words", self._column("words"))
        target.add("date", np.array(self._dates, np.uint32))
        target.add("char", _narrow([0, *accumulate(self._chars)]))
        target.add("hash.sorted", hashes[order])
        target.add("hash.number", order.astype(np.uint32))
        target.add("digest", np.frombuffer(b"".join(self._digests), np.uint8))
        target.add("mark", _narrow([0, *accumulate(self._column("marks").tolist())]))
        target.add("mark.offset", self._column("mark.offset"))
        target.add("mark.back", self._column("mark.back"))
        target.add("shingles", self._column("shingles"))
        self._heads.write(target)
        self._locations.write(target)


def _compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared(dictionary), write_checksum=True)


def _narrow(rising: Sequence[int]) -> Array:
    return np.array(rising, np.uint32 if rising[-1] < 1 << 32 else np.uint64)


def checkpoints(texts: Sequence[str], first: Array, starts: Array, inner: Array) -> tuple[Array, Array, Array]:
    """(numbers, offsets, steps back) of the checkpoints of texts whose tokens are `first[t]:first[t + 1]`.

    `starts` says where each token begins in its text, `inner` whether it is a later part of a whole. The tokenizer may
    begin anew at a letter behind white space, where no stretch of several parts runs over it. Where there is none
    among the last tokens, the checkpoint before is repeated.
    """
    many = np.maximum(first[1:] - first[:-1] - 1, 0)[: len(texts)] // CHECKPOINT
    of_text = np.arange(len(texts)).repeat(many)
    wanted = first.take(of_text) + ranges(np.ones(len(many), np.int64), many) * CHECKPOINT
    owners, offsets, back = of_text.tolist(), starts.take(wanted).tolist(), [0] * len(wanted)
    good = np.array([_begins(texts[number], offset) for number, offset in zip(owners, offsets, strict=True)], bool)
    good &= ~inner.take(wanted)
    for at in (~good).nonzero()[0].tolist():
        text, last = texts[owners[at]], wanted.item(at)
        for token in range(last - 1, last - CHECKPOINT, -1):
            offset = starts.item(token)
            if _begins(text, offset) and not inner.item(token):
                offsets[at], back[at] = offset, last - token
                break
        else:
            repeated = at > 0 and owners[at - 1] == owners[at]
            offsets[at], back[at] = (offsets[at - 1], back[at - 1] + CHECKPOINT) if repeated else (0, CHECKPOINT)
    far = np.array(back, np.int64)
    # a text whose last checkpoint is too far back has no more of them
    kept = np.maximum.accumulate(np.where(far > 65535, of_text, -1)) < of_text
    numbers = np.bincount(of_text[kept], minlength=len(texts))
    return numbers, np.array(offsets, np.uint32)[kept], far[kept].astype(np.uint16)


def _begins(text: str, offset: int) -> bool:
    return text[offset - 1].isspace() and text[offset].isalpha()


def write_all(target: SectionWriter, documents: Iterable[Rows]) -> Array:
    """Documents into a file; the tokens of each, as uint32."""
    writer = DocumentsWriter(target)
    for rows in documents:
        writer.add(rows)
    writer.close()
    return writer.lengths
