"""A word as written → the form it is indexed under, and the key it is looked up by.

The form is case-folded, NFC, without stress marks, soft hyphens and zero-width characters, with look-alike
letters of the other script repaired. It keeps ё, which tells лёд from лед; the key has е for every ё.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from indexer.patterns import pattern

# A word longer than this is no word; its beginning stands for it, so that a term fits any index.
MAX_FORM = 128

# Nothing to see, nothing to hear: soft hyphen (and ¬, which scanners write for it), zero-width space and joiners,
# word joiner, byte order mark.
INVISIBLE = "\u00ad\u00ac\u200b\u200c\u200d\u2060\ufeff"
APOSTROPHES = "'’ʼ‘`´"
HYPHENS = "-\u2010\u2011\u2012\u2013"

# Letters of the other script that look the same in print; Latin i stands for Ukrainian і.
_LATIN = "ABCEHKMOPTXYIÏËÁÀÉÈÓÒÝaceopxykiïëáàéèóòý"
_CYRILLIC = "АВСЕНКМОРТХУІЇЁААЕЕООУасеорхукіїёааееооу"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans("АВСЕНКМОРТХУІЇасеорхукії", "ABCEHKMOPTXYIÏaceopxykiï")
_HAS_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_HAS_CYRILLIC = pattern(r"[Ѐ-ӿ]")
# One Latin letter behind digits is more often the Cyrillic one typed in the wrong layout: 1C, 2x.
_DIGITS_AND_LETTER = re.compile(r"\d+[aceopxyk]")
_PLAIN = re.compile(r"[а-яёa-z0-9]+")
# Marks over a letter that are left after composition and mean stress or nothing.
_DROPPED = pattern(rf"[{INVISIBLE}\u0300\u0301\u030f\u0311\u034f]")
_UNIFY = str.maketrans(
    {**dict.fromkeys(HYPHENS, "-"), **dict.fromkeys(APOSTROPHES, "'"), **dict(zip("ѐѝЀЍ", "еиЕИ", strict=True))}
)
# An apostrophe behind a Russian vowel is stress, as old electronic texts write it: полно'чи; but not О'Генри.
_TYPED_STRESS = pattern(r"(?<=[а-яё][аеёиоуыэюя])'(?=[а-яё])")


def _one_script(word: str) -> str:
    """Repair look-alikes: a word of mixed script becomes all Cyrillic, else all Latin, else stays."""
    latin, cyrillic = len(_HAS_LATIN.findall(word)), len(_HAS_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    as_cyrillic, as_latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    pure_cyrillic, pure_latin = not _HAS_LATIN.search(as_cyrillic), not _HAS_CYRILLIC.search(as_latin)
    if pure_latin and (latin > cyrillic or not pure_cyrillic):
        return as_latin
    return as_cyrillic if pure_cyrillic else word


def fold(word: str) -> str:
    """The form of a word as written, «За́мок» → «замок»; may be empty where nothing visible is left."""
    return _fold(word if len(word) <= 8 * MAX_FORM else word[: 8 * MAX_FORM])


@lru_cache(maxsize=1 << 17)
def _fold(word: str) -> str:
    form = word.lower()
    if _PLAIN.fullmatch(form) and (form.isascii() or not _HAS_LATIN.search(form)):
        pass
    else:
        # Look-alikes are told by capitals too (B is В, b is not), so this comes before the case is lost.
        clean = _DROPPED.sub("", unicodedata.normalize("NFC", word)).translate(_UNIFY)
        form = re.sub(r"[^'-]+", lambda part: _one_script(part.group()), clean).casefold()
        form = _TYPED_STRESS.sub("", _DROPPED.sub("", unicodedata.normalize("NFC", form)).translate(_UNIFY))
    if _DIGITS_AND_LETTER.fullmatch(form):
        form = form.translate(_TO_CYRILLIC)
    return form[:MAX_FORM]


def key(form: str) -> str:
    """What a form is looked up by: ё and е are one for search, й and и never."""
    return form.replace("ё", "е")
