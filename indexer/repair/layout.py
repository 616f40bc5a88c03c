"""Text typed in the other keyboard layout: «ghbdtn» ↔ «привет», ЙЦУКЕН of Windows and QWERTY."""

from __future__ import annotations

import re

# The keys of letters, then those of quotation marks and numero, which stand elsewhere in the Russian layout.
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>@#"
_RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"№'
_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN[:-2], _LATIN[:-2])
_HAS_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_HAS_LATIN = re.compile(r"[A-Za-z]")
_AROUND = ",.;:'`<>"


def other(text: str) -> list[str]:
    """What the same keys give in the other layout, the likelier reading first; nothing for a text of both alphabets.

    «ghbdtn,» is «приветб», or «привет» and a comma.
    """
    cyrillic, latin = bool(_HAS_CYRILLIC.search(text)), bool(_HAS_LATIN.search(text))
    if cyrillic == latin:
        return []
    if cyrillic:
        return [text.translate(_TO_LATIN)]
    readings = (text, text.rstrip(_AROUND), text.strip(_AROUND))
    return list(dict.fromkeys(reading.translate(_TO_RUSSIAN) for reading in readings))
