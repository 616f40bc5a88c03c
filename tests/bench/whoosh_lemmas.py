"""Whoosh as shipped with lemmas by pymorphy3; a module of its own because Whoosh pickles its analyzers by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer
from whoosh.analysis import Filter, LowercaseFilter, RegexTokenizer
from whoosh.fields import ID, TEXT, Schema


@lru_cache(maxsize=1)
def _morph() -> MorphAnalyzer:
    return MorphAnalyzer()


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """The lemma of the first parse."""
    return str(_morph().parse(word)[0].normal_form)


class LemmaFilter(Filter):  # type: ignore[misc]
    """Puts the lemma in a token's place."""

    is_morph = True

    def __call__(self, tokens: Iterator[Any]) -> Iterator[Any]:
        for token in tokens:
            token.text = lemma(token.text)
            yield token


def schema() -> Schema:
    """One field for title and text, stored."""
    analyzer = RegexTokenizer() | LowercaseFilter() | LemmaFilter()
    return Schema(id=ID(unique=True, stored=True), text=TEXT(analyzer=analyzer, stored=True))
