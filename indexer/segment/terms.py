"""Lexicon entries and how they are written as terms of a Whoosh index.

An entry is a form in a language: «рябков» of Russian texts and «рябков» of Bulgarian texts are two. Its term
begins with the look-up key, so that all entries of a key, or of a prefix, lie together in the lexicon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indexer.analysis.folding import key
from indexer.analysis.strings import Strings

# Never part of a form: tokens hold letters, digits and a few joiners only. It stands first behind the key.
KEY_END = "\t"


class Entry(NamedTuple):
    """A form of the lexicon, the language it is read in, and how many positions it covers.

    The width tells «5374» from «5 374» and a hyphenated whole from a word: a phrase goes on behind it.
    """

    form: str
    language: str
    width: int = 1

    @property
    def key(self) -> str:
        """What the form is looked up by."""
        return key(self.form)


def encode(entry: Entry) -> str:
    """key, language; then, where they are not the key and 1, the form and the width."""
    folded = entry.key
    parts = [folded, entry.language]
    if entry.width > 1 or entry.form != folded:
        parts.append(entry.form)
    if entry.width > 1:
        parts.append(str(entry.width))
    return KEY_END.join(parts)


def encode_wholes(forms: Strings, language: str, widths: Sequence[int]) -> Strings:
    """`encode` of many forms, of which most are of several positions; «#1» is of one."""
    return Strings.of(
        [
            f"{folded}\t{language}\t{form}\t{width}" if width > 1 else encode(Entry(form, language))
            for folded, form, width in zip(forms.replaced("ё", "е"), forms, widths, strict=True)
        ]
    )


def decode(term: str) -> Entry:
    """The entry of a term that `encode` wrote."""
    folded, language, *rest = term.split(KEY_END)
    return Entry(rest[0] if rest else folded, language, int(rest[1]) if len(rest) > 1 else 1)


def key_prefix(folded: str) -> str:
    """What the terms of all entries of one key begin with, and no others."""
    return folded + KEY_END
