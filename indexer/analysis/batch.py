"""Many texts → tokens as columns: exactly what `tokens.tokenize` gives, at a tenth of the time.

Nine words in ten are letters of one script between spaces and signs that no rule of the tokenizer continues over.
Those are found here, all at once, by the classes of their neighbours. Whatever else stands between two spaces is
read once for each distinct stretch, by `shapes` or the reference tokenizer, and kept by the vocabulary.

A class is of a code point, a run is a maximal row of one class, an island is the runs between two that separate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from string import ascii_letters, digits
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.folding import APOSTROPHES, HYPHENS, INVISIBLE
from indexer.analysis.hashing import ABSENT, Ints, Letters, Places, Points
from indexer.analysis.spelling import RUSSIAN, Flags, alphanumeric
from indexer.analysis.vocabulary import Vocabulary
from indexer.arrays import edges, ranges
from indexer.patterns import pattern

Classes = NDArray[np.uint8]

# Texts are taken together up to this many code points: more would not fit the cache of a processor and would take
# more memory, with fewer what each call of NumPy costs would show.
_CHUNK = 1 << 19
# Where a long text may be cut, as no rule goes on over it: behind a sign of no rule, a blank line, a space in prose.
_CUT = pattern(r"""[;()\[\]{}<>=/|*!?%&$^~"«»„“”—…\\]|\n\n|(?<=[^\W\d_])\s(?=[^\W\d_])""")

# A rule goes on over a SPACE only at a line end or between digits, over a STOP never: so it may stand between texts.
SPACE, STOP = 0, 1
# Signs that begin no token and end the one before, unless a letter or digit follows; a hyphen also before a line end.
JOINER, HYPHEN = 2, 3
# Signs that may belong to the word before them: soft hyphens also before a line end.
SOFT, MARK = 4, 5
CYRILLIC, LATIN, DIGIT, OTHER = 6, 7, 8, 9
_OF_CLASS = {
    STOP: "\0",
    JOINER: "._@:" + HYPHENS + APOSTROPHES,
    HYPHEN: "-\u2010",
    MARK: "+#" + INVISIBLE + "".join(map(chr, range(0x300, 0x370))),
    SOFT: "\u00ad\u00ac",
}


class Tokens(NamedTuple):
    """The tokens of T texts as columns: n that count as length, text by text, and m wholes in the same order.

    The tokens of text t are `first[t]:first[t + 1]`; a position is an index among them. Starts and ends count code
    points from the beginning of the text.
    """

    form: Ints  # [n] ids into `Vocabulary.forms`
    start: Ints  # [n]
    end: Ints  # [n]
    capital: Flags  # [n]
    first: Places  # [T + 1]
    whole_form: Ints  # [m]
    whole_token: Places  # [m] the first part, as an index into the n tokens of all texts
    whole_width: Ints  # [m] the number of parts
    whole_start: Ints  # [m]
    whole_end: Ints  # [m]
    whole_capital: Flags  # [m]


class Items(NamedTuple):
    """Some texts as one, and what stands in it: words that are easy to tell, and the stretches that hold the others."""

    text: str
    letters: Letters  # the same as code points
    start: Places  # of words and stretches, in order
    end: Places
    stretch: Places  # which of them are stretches
    begin: Places  # where each text begins in the whole, and where one more would


class Chunk(NamedTuple):
    """Texts that are looked at together, or a piece of one long text."""

    texts: Sequence[str]
    offset: int = 0  # where the piece begins in its text
    goes_on: bool = False  # whether another piece of the text follows


def tokenize_batch(texts: Sequence[str], vocabulary: Vocabulary) -> Tokens:
    """Tokens of the texts; what is not in the vocabulary is added to it."""
    found: list[Tokens] = []
    base = 0
    for chunk in chunks(texts):
        tokens = _chunk_tokens(chunk.texts, vocabulary)
        size = len(tokens.form)
        found.append(_moved(tokens, chunk, base, not found))
        base += size
    return found[0] if len(found) == 1 else _joined(found)


def _moved(tokens: Tokens, chunk: Chunk, base: int, opens: bool) -> Tokens:
    """The tokens of a chunk as those after `base` others; without the end of a text that goes on."""
    first = tokens.first[0 if opens else 1 : -1 if chunk.goes_on else None]
    moved = tokens._replace(first=first + base, whole_token=tokens.whole_token + base)
    for column in (moved.start, moved.end, moved.whole_start, moved.whole_end) if chunk.offset else ():
        column += np.int32(chunk.offset)
    return moved


def _joined(chunks: list[Tokens]) -> Tokens:
    """The chunks as one, column by column, so that not all is in memory twice."""
    columns = [list(column) for column in zip(*chunks, strict=True)][::-1]
    chunks.clear()
    return Tokens(*[np.concatenate(columns.pop()) for _ in range(len(columns))])


def chunks(texts: Sequence[str]) -> Iterator[Chunk]:
    """The texts in order, as many at once as are well looked at together."""
    begin = size = 0
    for at, text in enumerate(texts):
        size += len(text)
        if size > _CHUNK:
            if begin < at:
                yield Chunk(texts[begin:at])
            begin, size = at, len(text)
        if size > _CHUNK:
            yield from _pieces(text)
            begin, size = at + 1, 0
    if begin < len(texts) or not texts:
        yield Chunk(texts[begin:])


def _pieces(text: str) -> Iterator[Chunk]:
    begin = 0
    while len(text) - begin > _CHUNK and (cut := _CUT.search(text, begin + _CHUNK)):
        yield Chunk([text[begin : cut.end()]], begin, True)
        begin = cut.end()
    yield Chunk([text[begin:]], begin)


def _chunk_tokens(texts: Sequence[str], vocabulary: Vocabulary) -> Tokens:
    text, letters, start, end, stretch, begin = items(texts)
    value = vocabulary.find(text, letters, start, end, stretch)
    item = start.searchsorted(begin)
    offset = begin[:-1].astype(np.int32).repeat(item[1:] - item[:-1])
    return _tokens(value, start.astype(np.int32) - offset, end.astype(np.int32) - offset, stretch, item, vocabulary)


def items(texts: Sequence[str]) -> Items:
    """The words and stretches of the texts, none of which goes on from one text to the next."""
    text = "\0".join(("", *texts, ""))
    letters = Letters.of(code_points(text))
    begin = 1 + edges(1 + np.fromiter(map(len, texts), np.int64, len(texts)))
    return Items(text, letters, *_items(_kinds(letters)), begin)


def code_points(text: str) -> Points:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _kinds(letters: Letters) -> Classes:
    """The class of each letter."""
    kind = np.frombuffer(bytearray(letters.codes[: len(letters.points)]).translate(_classes_of_codes()), np.uint8)
    kind[letters.rare] = classes().take(letters.points.take(letters.rare), mode="clip")
    return kind


def _items(kind: Classes) -> tuple[Places, Places, Places]:
    """Starts and ends of the words that are easy to tell and of the stretches that hold the others; which are these."""
    bound = np.ones(len(kind) + 1, np.bool_)
    np.not_equal(kind[1:], kind[:-1], out=bound[1:-1])
    at = bound.nonzero()[0]
    run = kind.take(at[:-1])
    between = run <= STOP
    item = _easy(run, between)
    links = _links(run, at)
    item[links - 2] = item[links - 1] = item[links + 1] = False  # words beside it, a hyphen perhaps between
    space = between.nonzero()[0]
    hard = ((run >= CYRILLIC) > item).nonzero()[0]
    first_hard = between.take(hard - 1)
    first_hard[1:] |= hard[1:] - hard[:-1] > 2
    first_hard[:1] = True  # others have one of their island before them
    first, after = _stretches(space, hard[first_hard], links)
    item[first] = between[first] = True
    chosen = item.nonzero()[0]
    start, end = at.take(chosen, mode="clip"), at[1:].take(chosen, mode="clip")
    stretch = between.take(chosen, mode="clip").nonzero()[0]
    end[stretch] = at.take(after)
    return start, end, stretch


def _easy(run: Classes, between: Flags) -> Flags:
    """Whether the run is the only one of letters or digits in its island, with nothing but joiners around."""
    joiner = (run - np.uint8(JOINER)) <= HYPHEN - JOINER  # below the least class it wraps around
    opens, closes = between.copy(), between.copy()
    opens[1:] |= joiner[1:] & between[:-1]
    closes[:-1] |= joiner[:-1] & between[1:]
    easy = (run - np.uint8(CYRILLIC)) <= DIGIT - CYRILLIC
    easy[1:] &= opens[:-1]
    easy[:-1] &= closes[1:]
    return easy


def _links(run: Classes, at: Places) -> Places:
    """Spaces over which a rule may go on: само-⏎вар, 5 374, 3,5. Some of them it will not, which does no harm."""
    space = run[1:-1] == SPACE
    digits = (space & (run[:-2] >= DIGIT) & (run[2:] >= DIGIT)).nonzero()[0] + 1
    digits = digits[at.take(digits + 1) - at.take(digits) == 1]
    breaking = (run[1:-2] - np.uint8(HYPHEN)) <= SOFT - HYPHEN
    broken = (breaking & space[1:] & (run[:-3] >= SOFT) & (run[3:] >= CYRILLIC)).nonzero()[0] + 2
    return np.concatenate((digits, broken))


def _stretches(space: Places, hard: Places, links: Places) -> tuple[Places, Places]:
    """For the islands of the hard runs, joined over the links: the first run, and the run after the last.

    `space` are the runs between islands, `hard` those with letters or digits that are not easy.
    """
    island = space.searchsorted(hard)
    last = np.ones(len(island), np.bool_)
    np.not_equal(island[1:], island[:-1], out=last[:-1])
    island = island[last]
    glued = np.zeros(len(space) + 1, np.bool_)
    glued[space.searchsorted(links)] = True
    ends = ~glued.take(island)
    begins = np.ones(len(island), np.bool_)
    begins[1:] = ends[:-1]
    return space.take(island[begins] - 1) + 1, space.take(island[ends])


def _tokens(value: Ints, start: Ints, end: Ints, stretch: Places, item: Places, vocabulary: Vocabulary) -> Tokens:
    """Columns of the tokens; the items of text t, words and those in `stretch`, are `item[t]:item[t + 1]`."""
    seen = vocabulary.stretches()
    part, parts, whole, wholes = seen.extent.take(ABSENT - 1 - value.take(stretch), axis=1)
    more = edges(parts - 1)  # tokens than items before each stretch
    token, origin = stretch + more[:-1], start.take(stretch)
    of = np.arange(len(value) + more[-1])
    bounds = np.concatenate(([0], token, [len(of)]))
    of -= more.repeat(bounds[1:] - bounds[:-1])
    word, start_of, end_of = (column.take(of, mode="clip") for column in (value, start, end))
    place, row, shift = ranges(token, parts), ranges(part, parts), origin.repeat(parts)
    word[place], begins, ends = seen.part.take(row, axis=1)
    start_of[place], end_of[place] = begins + shift, ends + shift
    packed, begins, ends, first, width = seen.whole.take(ranges(whole, wholes), axis=1)
    shift = origin.repeat(wholes)
    return Tokens(
        form=word >> 1,
        start=start_of,
        end=end_of,
        capital=(word & 1).astype(np.bool_),
        first=item + more.take(stretch.searchsorted(item)),
        whole_form=packed >> 1,
        whole_token=token.repeat(wholes) + first,
        whole_width=width,
        whole_start=begins + shift,
        whole_end=ends + shift,
        whole_capital=(packed & 1).astype(np.bool_),
    )


@cache
def classes() -> Classes:
    """[65536] the class of each code point; those above the last are as the last, which may be anything."""
    classes = np.full(1 << 16, SPACE, np.uint8)
    for number, signs in _OF_CLASS.items():
        classes[[ord(sign) for sign in signs]] = number
    classes[alphanumeric()] = OTHER
    for number, letters in ((CYRILLIC, RUSSIAN), (LATIN, ascii_letters), (DIGIT, digits)):
        classes[[ord(letter) for letter in letters]] = number
    classes[-1] = OTHER
    return classes


@cache
def _classes_of_codes() -> bytes:
    """The class of each code of a byte."""
    letters = Letters.of(np.arange(0x480, dtype=np.uint32))
    of_codes = np.zeros(256, np.uint8)
    of_codes[np.delete(letters.codes[:0x480], letters.rare)] = np.delete(classes()[:0x480], letters.rare)
    return of_codes.tobytes()
