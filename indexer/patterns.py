"""Regular expressions that are compiled when they are first used.

A process that asks one question uses a fifth of those that it loads, and to compile them all takes a third of its time.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    """Stands in for a pattern: has its methods and attributes."""

    def __init__(self, *expression: Any) -> None:
        self._expression = expression

    def __getattr__(self, name: str) -> Any:
        """Of the pattern; the next time it is there."""
        found = getattr(re.compile(*self._expression), name)
        setattr(self, name, found)
        return found


def pattern(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, which raises what is wrong with the expression only when the pattern is used."""
    return cast("re.Pattern[AnyStr]", _Later(expression, flags))
