"""Two functions for other tools: the forms of a word, and the tokens of a text."""

from __future__ import annotations

from indexer.analysis import russian
from indexer.analysis.folding import fold, key
from indexer.analysis.tokens import tokenize as _tokens


def forms(word: str) -> list[str]:
    """All forms of a Russian word, of every lemma that it may be, ё folded to е: "идти" → шёл among them."""
    return russian.forms(fold(word))


def tokenize(text: str) -> list[str]:
    """Folded tokens for other BM25 tools, one for each position: parts of hyphenated words, no wholes."""
    return [key(token.form) for token in _tokens(text, russian.known) if token.kind == "word"]
