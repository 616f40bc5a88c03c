"""A form → its weighted lemmas, by the language it is in. One table of languages; a new language is a new row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from types import ModuleType

from indexer.analysis import bulgarian, english, russian, ukrainian
from indexer.analysis.folding import key
from indexer.analysis.language import of_word

Lemmas = tuple[tuple[str, float], ...]

# Each module has lemmas(form) → ((lemma, P), …) and version() → what the result depends on; and where many forms
# at once are faster, lemmas_many(forms).
LANGUAGES: dict[str, ModuleType] = {"ru": russian, "uk": ukrainian, "bg": bulgarian, "en": english}

# Raised by every change of what stands in the texts: tokens, folding, keys, languages of words, what looks like a
# surname. An index of another number must be made anew.
RULES = 3
# Raised by every change of how a form gets its lemmas, other than by its dictionary: `indexer relemmatise` mends it.
LEMMAS = 1


@cache
def version(language: str) -> str:
    """What the lemmas of one language depend on, to be kept in an index and compared when it is opened."""
    return f"{LEMMAS}: {LANGUAGES[language].version()}"


# An entry with its strings takes half a kilobyte.
@lru_cache(maxsize=1 << 15)
def lemmas(form: str, language: str) -> Lemmas:
    """(lemma, P(lemma | form)) by falling P, which sum to 1 at most.

    A form without a letter has no morphology: it is its own lemma.
    """
    return lemmas_many((form,), language)[0]


def lemmas_many(forms: Sequence[str], language: str) -> list[Lemmas]:
    """`lemmas` of each of the forms, in their order; faster for many at once, keeping none of them."""
    found = _by_language(forms, LANGUAGES[language])
    for at, form in enumerate(forms):
        if not (form.isalpha() or any(map(str.isalpha, form))):
            found[at] = ((form, 1.0),)
        elif len(found[at]) > 1:
            found[at] = _of_sum_one(found[at])
    return found


def _by_language(forms: Sequence[str], language: ModuleType) -> list[Lemmas]:
    """What the module of the language says of the forms."""
    if hasattr(language, "lemmas_many"):
        found: list[Lemmas] = language.lemmas_many(forms)
        return found
    return [language.lemmas(form) for form in forms]


def _of_sum_one(pairs: Lemmas) -> Lemmas:
    """Six times 1/6 = 0.1667 is 1.0002: what rounding made too much is taken off the largest share."""
    excess = sum([round(share * 10_000) for _, share in pairs]) - 10_000
    if excess <= 0:
        return pairs
    (lemma, largest), *rest = pairs
    lessened = (lemma, (round(largest * 10_000) - excess) / 10_000)
    return tuple(sorted([lessened, *rest], key=lambda pair: (-pair[1], pair[0])))


def affinities(
    form: str, languages: tuple[str, ...], known: Callable[[str, str], Lemmas | None] = lambda _form, _language: None
) -> dict[str, float]:
    """A query word's lemmas → a(lemma) = P(lemma | word) / the largest of them, over all languages given.

    The language of a query is not detected: too short to tell. A lemma of two languages takes the larger value.
    `known` may know the lemmas of a form in a language already, so that no dictionary is loaded.
    """
    found: dict[str, float] = {}
    for language in {of_word(form, language) for language in languages}:
        pairs = known(form, language) or lemmas(form, language)
        for lemma, share in pairs:
            found[lemma] = max(found.get(lemma, 0.0), share / pairs[0][1])
    return {lemma: affinity for lemma, affinity in found.items() if affinity >= russian.FLOOR} or {key(form): 1.0}
