"""pymorphy3's dictionaries, each loaded once and one at a time, whatever number of threads ask for them first.

Loading one empties for a moment the table of grammemes that all of them share, and who makes a tag meanwhile fails.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_ONE_AT_A_TIME = Lock()


def analyzer(language: str) -> MorphAnalyzer:
    """The analyzer of the dictionary of a language."""
    with _ONE_AT_A_TIME:
        return _loaded(language)


@cache
def _loaded(language: str) -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    # told where the dictionary is, it does not look through all the packages that are installed
    return MorphAnalyzer(import_module(f"pymorphy3_dicts_{language}").get_path(), language)
