"""What to offer while a query is typed: words of the index that begin so, or that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from indexer.analysis.folding import fold, key
from indexer.query.beginnings import beginning
from indexer.repair import layout, lookalike, spelling
from indexer.repair.chain import transliterated
from indexer.repair.lexicon import Lexicon
from indexer.segment.reader import Reader

# A word of the other readings of the same keys, or look, costs nothing: it is only ever offered.
_SAME = 0.0


def complete(prefix: str, reader: Reader, lexicon: Lexicon, limit: int) -> list[str]:
    """Forms that begin with the last word of the prefix, in most documents first, behind the words before it.

    Where there are none, the prefix is read in the other keyboard layout.
    """
    before, typed = last_word(prefix)
    for reading in readings(typed):
        if found := list(islice(_beginning(reading, reader, lexicon), limit)):
            return [before + form for form in found]
    return []


def last_word(prefix: str) -> tuple[str, str]:
    """What was typed before the last word, and that word."""
    before, space, typed = prefix.rpartition(" ")
    return before + space, typed


def readings(typed: str) -> Iterator[str]:
    """The look-up keys that the beginning of a word may be meant for: as typed, and in the other keyboard layout."""
    return (key(fold(reading)) for reading in (typed, *layout.other(typed)))


def suggest(word: str, lexicon: Lexicon, limit: int) -> list[str]:
    """Words that may have been meant, likeliest first; never the word itself."""
    typed = key(fold(word))
    same = ((key(fold(other)), _SAME) for other in (*layout.other(word), *lookalike.other(word)))
    found = [*lexicon.known(same), *transliterated(typed, lexicon)]
    found = found or spelling.candidates(typed, lexicon)
    words = dict.fromkeys(candidate.word for candidate in found if candidate.word != typed)
    return list(islice(_live(words, lexicon), limit))


def _beginning(prefix: str, reader: Reader, lexicon: Lexicon) -> Iterator[str]:
    if prefix:
        yield from _live(beginning(prefix, reader), lexicon)


def _live(words: Iterable[str], lexicon: Lexicon) -> Iterator[str]:
    """The words that documents still have."""
    return (form for word in words if (form := lexicon.written(word)) is not None)
