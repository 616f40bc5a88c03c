"""Words broken at line ends, whole again where the dictionary is sure of it."""

import re

from indexer.analysis.folding import fold
from indexer.analysis.russian import known

# PDFium writes U+FFFE for a hyphen at the end of a line, and the line goes on behind it.
_BREAK = re.compile(r"(\w+)(?:\ufffe\n?|[-\u2010\u00ad]\n)(?=(\w+))")


def rejoined(text: str) -> str:
    """The text with «перего-⏎воры» as «переговоры» and «премьер-⏎министр» as «премьер-министр».

    What the dictionary knows neither way stays as it is, a hyphen and a new line: the tokenizer finds it by both.
    """
    return _BREAK.sub(_joined, text).replace("\ufffe", "-")


def _joined(found: re.Match[str]) -> str:
    left, right = found[1], found[2]
    if not right[0].islower():
        return f"{left}-"  # Санкт-Петербург, 1990-1995
    if known(fold(left + right)):
        return left
    if known(fold(f"{left}-{right}")) or (known(fold(left)) and known(fold(right))):
        return f"{left}-"
    return f"{left}-\n"
