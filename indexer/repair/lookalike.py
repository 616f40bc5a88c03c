"""A word typed wholly in letters that look like those of the other alphabet: «COBET» for «СОВЕТ», «А4», «М0СКВА»."""

from __future__ import annotations

import re

from indexer.analysis.folding import fold

# Letters and digits that look alike in print, Latin before Cyrillic.
_LATIN, _CYRILLIC = "ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук"
_DIGITS = str.maketrans("0346", "озчб")
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_DIGIT_WITHIN = re.compile(r"(?=.*[а-яё])(?=.*[0346])[а-яё0346]+")


def other(text: str) -> list[str]:
    """The same look in the other alphabet; nothing where some letter has no such look."""
    for letters, table in ((_LATIN, _TO_CYRILLIC), (_CYRILLIC, _TO_LATIN)):
        if re.fullmatch(rf"[{letters}\d-]*[{letters}][{letters}\d-]*", text):
            return [text.translate(table)]
    if _DIGIT_WITHIN.fullmatch(form := fold(text)):
        return [form.translate(_DIGITS)]
    return []
