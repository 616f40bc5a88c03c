"""The documents of a segment, as they are read: columns, what a hit shows, texts in compressed chunks, checkpoints.

The texts are one stream of characters, cut into chunks that are compressed one by one (Zstandard, RFC 8878, with a
dictionary trained on the segment's own first texts): a text each, but for those of a line or two, and pieces of long
ones, so that a passage of a book costs a chunk or two. What a hit shows without its text is compressed in blocks of 16
documents. Every 64th token, or one shortly before it at which the tokenizer may begin anew, leaves its offset: a
checkpoint. `storing` writes all this.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from indexer.arrays import ranges
from indexer.segment import locations
from indexer.segment.files import Sections

Array = NDArray[Any]

# What is kept of a document without its text.
HEAD = ("id", "title", "title_at", "date", "path", "lang", "fields")
HEADS = 16  # documents, of which this is compressed together
CHECKPOINT = 64  # tokens
DIGEST = 8  # bytes of a fingerprint
_scan = json.JSONDecoder().raw_decode
_CHUNKS, _BLOCKS = 1024, 4096  # kept in memory: 4 MB, if texts are short, and as much again


class Rows(NamedTuple):
    """Some documents as columns, for writing: of each

    - the values of HEAD as JSON, the text in UTF-8, its number of characters;
    - the date as `day` has it, the id as `hashed` has it, the fingerprint (DIGEST bytes, one after another);
    - tokens, the title's included, and tokens of the text alone;
    - the number of its checkpoints, whose offsets in the text and steps back follow, for all documents together;
    - its pages or chapters, as `locations` packs them, and its fingerprint for telling reprints (`shingles`).
    """

    heads: Sequence[str]
    texts: Sequence[bytes]
    chars: Sequence[int]
    dates: Sequence[int]
    hashes: Sequence[int]
    digests: bytes
    lengths: Array
    words: Array
    marks: Array
    offsets: Array
    back: Array
    locations: Sequence[bytes]
    shingles: Array


# Of the documents of a batch it is asked three times: are they there, what do they replace, and to be written.
@lru_cache(maxsize=1 << 12)
def hashed(identity: str) -> int:
    """A document's id as 64 bits."""
    import hashlib  # loads OpenSSL, which a search does not need

    # a name that is no text can be asked for, but never stored
    data = identity.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def day(date: str | None) -> int:
    """An ISO date as a number of the same order, 20220109; 0 for none."""
    return int(date.replace("-", "")) if date else 0


def shared(dictionary: bytes) -> zstandard.ZstdCompressionDict | None:
    """What blocks are compressed with besides themselves, if anything."""
    # one that was not trained is what blocks refer to, and no more
    return zstandard.ZstdCompressionDict(dictionary) if dictionary else None


def _blocks(ends: Array, blocks: Array, dictionary: bytes) -> Callable[[int], str]:
    """What reads compressed blocks, by their number."""
    decompress = zstandard.ZstdDecompressor(dict_data=shared(dictionary)).decompress
    turn = Lock()  # it is not for two threads at once, and a writer may look into the segments of a reader

    def block(number: int) -> str:
        data = blocks[ends.item(number) : ends.item(number + 1)].data
        with turn:
            return decompress(data).decode()

    return block


class Documents:
    """The documents of an open segment."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.lengths = sections["length"]

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _chunk(self) -> Callable[[int], str]:
        ends, chunks, dictionary = (self.sections[f"text.{name}"] for name in ("ends", "chunks", "dictionary"))
        return lru_cache(_CHUNKS)(_blocks(ends, chunks, dictionary.tobytes()))

    @cached_property
    def _heads(self) -> Callable[[int], list[str]]:
        ends, blocks, dictionary = (self.sections[f"head.{name}"] for name in ("ends", "blocks", "dictionary"))
        block = _blocks(ends, blocks, dictionary.tobytes())
        return lru_cache(_BLOCKS)(lambda number: block(number).split("\n"))

    def head(self, number: int) -> dict[str, Any]:
        """What a hit shows of a document: id, title, title_at, date, path, lang, fields."""
        row, _ = _scan(self._heads(number // HEADS)[number % HEADS])
        return dict(zip(HEAD, row, strict=True))

    def chars(self, number: int) -> int:
        """How many characters its text has."""
        begin, end = self.sections["char"][number : number + 2].tolist()
        return int(end - begin)

    def text(self, number: int, start: int = 0, end: int | None = None) -> str:
        """Its text, or the characters start … end of it."""
        char, starts = self.sections["char"], self.sections["text.starts"]
        first, last = char.item(number), char.item(number + 1)
        low = first + start
        high = last if end is None else min(last, first + end)
        if low >= high:
            return ""
        chunk = int(starts.searchsorted(starts.dtype.type(low), "right"))  # of another type it would be copied whole
        begin = starts.item(chunk - 1)
        parts = [self._chunk(chunk - 1)[low - begin : high - begin]]
        while (begin := starts.item(chunk)) < high:
            parts.append(self._chunk(chunk)[: high - begin])
            chunk += 1
        return "".join(parts)

    def locations(self, number: int) -> tuple[tuple[int, str], ...]:
        """Its pages or chapters, as they were given."""
        return locations.read(self.sections, number) if "location" in self.sections else ()

    def digest(self, number: int) -> bytes:
        """The fingerprint of its content."""
        return self.sections["digest"][DIGEST * number : DIGEST * (number + 1)].tobytes()

    def numbers(self, identity: str) -> list[int]:
        """The documents of an id, deleted ones too."""
        wanted = hashed(identity)
        hashes = self.sections["hash.sorted"]
        at = int(hashes.searchsorted(np.uint64(wanted)))  # an int would make floats of both
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

    @property
    def shingles(self) -> Array:
        """The fingerprints by which reprints are told; 0 for all in a segment from before there were any."""
        return self.sections["shingles"] if "shingles" in self.sections else np.zeros(len(self), np.uint64)

    @cached_property
    def _hashes(self) -> Array:
        hashes = np.zeros(len(self), np.uint64)
        hashes[self.sections["hash.number"]] = self.sections["hash.sorted"]
        return hashes

    def rows(self, chosen: Array) -> Rows:
        """Some documents as they were written, for merging."""
        sections, numbers = self.sections, chosen.tolist()
        first, last = (sections["mark"][at].astype(np.int64) for at in (chosen, chosen + 1))
        marks = ranges(first, last - first)
        return Rows(
            [self._heads(number // HEADS)[number % HEADS] for number in numbers],
            [self.text(number).encode() for number in numbers],
            (sections["char"][chosen + 1] - sections["char"][chosen]).tolist(),
            sections["date"][chosen].tolist(),
            self._hashes[chosen].tolist(),
            sections["digest"].reshape(-1, DIGEST)[chosen].tobytes(),
            self.lengths[chosen],
            sections["words"][chosen],
            last - first,
            sections["mark.offset"][marks],
            sections["mark.back"][marks],
            [locations.row(sections, number) for number in numbers],
            self.shingles[chosen],
        )
