"""The documents of a segment: columns, what a hit shows, texts in compressed chunks, and where their tokens stand.

The texts are one stream of characters, cut into chunks of about 8 KB that are compressed one by one (Zstandard, RFC
8878, with a dictionary of the segment's own first texts), so that a passage of a book costs a chunk or two. What a
hit shows without its text is compressed in blocks of 16 documents. Every 64th token, or one shortly before it at
which the tokenizer may begin anew, leaves its offset: a checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from indexer.segment.files import Sections, SectionWriter

Array = NDArray[Any]

# What is kept of a document without its text.
HEAD = ("id", "title", "title_at", "date", "path", "lang", "fields")
CHUNK = 4096  # characters, about 8 KB of Russian
HEADS = 16
CHECKPOINT = 64
DIGEST = 8  # bytes of a fingerprint
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_scan = json.JSONDecoder().raw_decode
_DICTIONARY = 64 << 10
# A dictionary is a gain from about so many characters on, and is made of the texts among the first so many.
_WORTH, _SAMPLE = 1 << 19, 1 << 21
_LEVEL = 3
_CHUNKS, _BLOCKS = 256, 4096  # kept in memory: 4 MB, and as much again


class Stored(NamedTuple):
    """A document for writing: the head is what a hit shows; checkpoints are (offsets, steps back) of its text."""

    head: dict[str, Any]
    text: str
    digest: bytes
    length: int
    words: int
    offsets: Array
    back: Array


def hashed(identity: str) -> int:
    """A document's id as 64 bits."""
    import hashlib  # loads OpenSSL, which a search does not need

    # a name that is no text can be asked for, but never stored
    data = identity.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def day(date: str | None) -> int:
    """An ISO date as a number of the same order, 20220109; 0 for none."""
    return int(date.replace("-", "")) if date else 0


class TextWriter:
    """Compresses texts as they come: chunks into the section begun last, their directory in the end."""

    def __init__(self, target: SectionWriter) -> None:
        self._target = target
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionary = b""
        self._waiting: list[str] = []
        self._size = self._at = 0
        self._ends, self._starts = [0], [0]
        target.begin("text.chunks", np.uint8)

    def add(self, text: str) -> None:
        """One more text."""
        self._waiting.append(text)
        self._size += len(text)
        if self._compressor is None:
            if self._size >= _SAMPLE:
                self._start()
                self._cut(final=False)
        elif self._size >= CHUNK:
            self._cut(final=False)

    def _start(self) -> None:
        """Choose the dictionary: pieces from all over the texts that wait."""
        if self._size >= _WORTH:
            sample = "".join(self._waiting).encode()
            step = len(sample) // (_DICTIONARY // 1024)
            self._dictionary = b"".join(sample[at : at + 1024] for at in range(0, len(sample) - 1024, step))
        self._compressor = _compressor(_LEVEL, self._dictionary)

    def _cut(self, *, final: bool) -> None:
        """Chunks end with a text where one of about the right size can, and within a long one."""
        ready, size = [], 0
        for text in self._waiting:
            ready.append(text)
            size += len(text)
            if size >= CHUNK:
                joined = "".join(ready)
                while len(joined) >= 2 * CHUNK:
                    self._put(joined[:CHUNK])
                    joined = joined[CHUNK:]
                self._put(joined)
                ready, size = [], 0
        if final and size:
            self._put("".join(ready))
            ready, size = [], 0
        self._waiting, self._size = ready, size

    def _put(self, text: str) -> None:
        assert self._compressor is not None
        blob = self._compressor.compress(text.encode())
        self._target.append(blob)
        self._at += len(text)
        self._ends.append(self._ends[-1] + len(blob))
        self._starts.append(self._at)

    def close(self) -> None:
        """The rest, and the directory."""
        if self._compressor is None:
            self._start()
        self._cut(final=True)
        self._target.add("text.ends", _narrow(self._ends))
        self._target.add("text.starts", _narrow(self._starts))
        self._target.add("text.dictionary", np.frombuffer(self._dictionary, np.uint8))


class DocumentsWriter:
    """Writes documents into the sections of a file as they come; their numbers count from 0."""

    def __init__(self, target: SectionWriter) -> None:
        self._target = target
        self._texts = TextWriter(target)
        self._heads: list[str] = []
        self._blocks: list[bytes] = []
        self._compressor: zstandard.ZstdCompressor | None = None
        self._dictionary = b""
        self._columns: dict[str, list[int]] = {name: [] for name in ("length", "words", "chars", "date", "hash")}
        self.digests: list[bytes] = []
        self._marks = [0]
        self._offsets: list[Array] = []
        self._back: list[Array] = []

    def __len__(self) -> int:
        return len(self.digests)

    @property
    def lengths(self) -> Array:
        """Tokens of every document, title included, as uint32."""
        return np.array(self._columns["length"], np.uint32)

    def add(self, document: Stored) -> None:
        """One more document."""
        self._texts.add(document.text)
        head = document.head
        self._heads.append(_encode([head[name] for name in HEAD]))
        if len(self._heads) == (1024 if self._compressor is None else HEADS):
            self._flush_heads()
        columns = self._columns
        columns["length"].append(document.length)
        columns["words"].append(document.words)
        columns["chars"].append(len(document.text))
        columns["date"].append(day(head["date"]))
        columns["hash"].append(hashed(head["id"]))
        self.digests.append(document.digest)
        self._marks.append(self._marks[-1] + len(document.offsets))
        if len(document.offsets):
            self._offsets.append(document.offsets)
            self._back.append(document.back)

    def _flush_heads(self) -> None:
        """Compress what waits, with a dictionary of the first heads, once there are some."""
        if self._compressor is None:
            sample = "\n".join(self._heads[-1024:]).encode()
            self._dictionary = sample[-_DICTIONARY // 4 :] if len(self._heads) >= 256 else b""
            self._compressor = _compressor(9, self._dictionary)
        for first in range(0, len(self._heads), HEADS):
            self._blocks.append(self._compressor.compress("\n".join(self._heads[first : first + HEADS]).encode()))
        self._heads = []

    def close(self) -> None:
        """Everything that is not written yet."""
        self._texts.close()
        if self._heads:
            self._flush_heads()
        target, columns = self._target, self._columns
        hashes = np.array(columns["hash"], np.uint64)
        order = np.argsort(hashes, kind="stable")
        target.add("length", self.lengths)
        target.add("words", np.array(columns["words"], np.uint32))
        target.add("date", np.array(columns["date"], np.uint32))
        target.add("char", _narrow([0, *np.cumsum(columns["chars"]).tolist()]))
        target.add("hash.sorted", hashes[order])
        target.add("hash.number", order.astype(np.uint32))
        target.add("digest", np.frombuffer(b"".join(self.digests), np.uint8))
        target.add("mark", _narrow(self._marks))
        target.add("mark.offset", _joined(self._offsets, np.uint32))
        target.add("mark.back", _joined(self._back, np.uint16))
        target.add("head.dictionary", np.frombuffer(self._dictionary, np.uint8))
        target.add("head.ends", np.cumsum([0, *map(len, self._blocks)]).astype(np.uint64))
        target.add("head.blocks", np.frombuffer(b"".join(self._blocks), np.uint8))


def _compressor(level: int, dictionary: bytes) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=level, dict_data=_shared(dictionary), write_checksum=True)


def _shared(dictionary: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(dictionary, zstandard.DICT_TYPE_RAWCONTENT) if dictionary else None


def _narrow(rising: Sequence[int]) -> Array:
    return np.array(rising, np.uint32 if rising[-1] < 1 << 32 else np.uint64)


def _joined(parts: Sequence[Array], dtype: Any) -> Array:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)


Decompress = Callable[[Any], bytes]


def _decompressor(dictionary: bytes) -> Decompress:
    decompress = zstandard.ZstdDecompressor(dict_data=_shared(dictionary)).decompress
    turn = Lock()  # it is not for two threads at once, and a writer may look into the segments of a reader

    def decompressed(data: Any) -> bytes:
        with turn:
            return decompress(data)

    return decompressed


class Documents:
    """The documents of an open segment."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.lengths = sections["length"]
        self._chunk = lru_cache(_CHUNKS)(self._read_chunk)
        self._block = lru_cache(_BLOCKS)(self._read_block)

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _of_texts(self) -> Decompress:
        return _decompressor(self.sections["text.dictionary"].tobytes())

    @cached_property
    def _of_heads(self) -> Decompress:
        return _decompressor(self.sections["head.dictionary"].tobytes())

    def _read_chunk(self, number: int) -> str:
        begin, end = self.sections["text.ends"][number : number + 2].tolist()
        return self._of_texts(self.sections["text.chunks"][begin:end].data).decode()

    def _read_block(self, number: int) -> list[str]:
        begin, end = self.sections["head.ends"][number : number + 2].tolist()
        return self._of_heads(self.sections["head.blocks"][begin:end].data).decode().split("\n")

    def head(self, number: int) -> dict[str, Any]:
        """What a hit shows of a document: id, title, title_at, date, path, lang, fields."""
        row, _ = _scan(self._block(number // HEADS)[number % HEADS])
        return dict(zip(HEAD, row, strict=True))

    def chars(self, number: int) -> int:
        """How many characters its text has."""
        begin, end = self.sections["char"][number : number + 2].tolist()
        return int(end - begin)

    def text(self, number: int, start: int = 0, end: int | None = None) -> str:
        """Its text, or the characters start … end of it."""
        first, last = self.sections["char"][number : number + 2].tolist()
        low = first + start
        high = last if end is None else min(last, first + end)
        if low >= high:
            return ""
        starts = self.sections["text.starts"]
        at = int(np.searchsorted(starts, low, "right")) - 1
        parts = []
        while at < len(starts) - 1 and (begin := int(starts[at])) < high:
            parts.append(self._chunk(at)[max(0, low - begin) : high - begin])
            at += 1
        return "".join(parts)

    def digest(self, number: int) -> bytes:
        """The fingerprint of its content."""
        return self.sections["digest"][DIGEST * number : DIGEST * (number + 1)].tobytes()

    def numbers(self, identity: str) -> list[int]:
        """The documents of an id, deleted ones too."""
        wanted = hashed(identity)
        hashes = self.sections["hash.sorted"]
        at = int(np.searchsorted(hashes, wanted))
        found = []
        while at < len(hashes) and int(hashes[at]) == wanted:
            number = int(self.sections["hash.number"][at])
            if self.head(number)["id"] == identity:
                found.append(number)
            at += 1
        return found

    def checkpoints(self, number: int) -> tuple[Array, Array]:
        """(positions, offsets) of the places in its text where the tokenizer may begin, the first being (0, 0)."""
        begin, end = self.sections["mark"][number : number + 2].tolist()
        offsets = self.sections["mark.offset"][begin:end].astype(np.int64)
        positions = np.arange(1, len(offsets) + 1) * CHECKPOINT - self.sections["mark.back"][begin:end]
        return np.concatenate(([0], positions)), np.concatenate(([0], offsets))

    def stored(self, number: int) -> Stored:
        """A document as it was written, for merging."""
        begin, end = self.sections["mark"][number : number + 2].tolist()
        return Stored(
            self.head(number),
            self.text(number),
            self.digest(number),
            int(self.lengths[number]),
            int(self.sections["words"][number]),
            self.sections["mark.offset"][begin:end],
            self.sections["mark.back"][begin:end],
        )


def checkpoints(text: str, starts: Array, inner: Array) -> tuple[Array, Array]:
    """(offsets, steps back) for a text whose tokens begin at `starts`; `inner` says which are later parts of a whole.

    The tokenizer may begin anew at a letter behind white space, where no stretch of several parts runs over it. Where
    there is none among the last tokens, the checkpoint before is repeated.
    """
    offsets, back = [], []
    last_position = last_offset = 0
    for wanted in range(CHECKPOINT, len(starts), CHECKPOINT):
        for position in range(wanted, max(last_position, wanted - CHECKPOINT), -1):
            offset = int(starts[position])
            if text[offset - 1].isspace() and text[offset].isalpha() and not inner[position]:
                last_position, last_offset = position, offset
                break
        if wanted - last_position > 65535:
            break
        offsets.append(last_offset)
        back.append(wanted - last_position)
    return np.array(offsets, np.uint32), np.array(back, np.uint16)


def write_all(target: SectionWriter, documents: Iterable[Stored]) -> Array:
    """Documents into a file; the tokens of each, as uint32."""
    writer = DocumentsWriter(target)
    for document in documents:
        writer.add(document)
    writer.close()
    return writer.lengths
