"""A form → its weighted lemmas, by the language it is in. One table of languages; a new language is a new row."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType

from indexer.analysis import bulgarian, english, russian, ukrainian
from indexer.analysis.folding import key
from indexer.analysis.language import of_word

# Each module has lemmas(form) → ((lemma, P), …) and version() → what the result depends on.
LANGUAGES: dict[str, ModuleType] = {"ru": russian, "uk": ukrainian, "bg": bulgarian, "en": english}

# Raised by every change of tokens, folding, keys or rules: an index of another version must be made anew.
RULES = 2


def version(language: str) -> str:
    """What the lemmas of one language depend on, to be kept in an index and compared when it is opened."""
    return f"{RULES}: {LANGUAGES[language].version()}"


@lru_cache(maxsize=1 << 18)
def lemmas(form: str, language: str) -> tuple[tuple[str, float], ...]:
    """(lemma, P(lemma | form)) by falling P. A form without a letter has no morphology: it is its own lemma."""
    if not any(map(str.isalpha, form)):
        return ((form, 1.0),)
    found: tuple[tuple[str, float], ...] = LANGUAGES[language].lemmas(form)
    return found


def affinities(form: str, languages: tuple[str, ...]) -> dict[str, float]:
    """A query word's lemmas → a(lemma) = P(lemma | word) / the largest of them, over all languages given.

    The language of a query is not detected: too short to tell. A lemma of two languages takes the larger value.
    """
    found: dict[str, float] = {}
    for language in {of_word(form, language) for language in languages}:
        pairs = lemmas(form, language)
        for lemma, share in pairs:
            found[lemma] = max(found.get(lemma, 0.0), share / pairs[0][1])
    return {lemma: affinity for lemma, affinity in found.items() if affinity >= russian.FLOOR} or {key(form): 1.0}
