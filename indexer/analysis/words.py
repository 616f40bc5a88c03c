"""A form → its weighted lemmas, by the language it is in. One table of languages; a new language is a new row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from types import ModuleType

import numpy as np

from indexer.analysis import bulgarian, english, russian, ukrainian
from indexer.analysis.columns import Array, Found, Lemmas, in_rows
from indexer.analysis.folding import key
from indexer.analysis.language import of_word
from indexer.analysis.strings import Strings

# Each module has lemmas(form) → ((lemma, P), …) and version() → what the result depends on; and where many forms
# at once are faster, lemmas_many(forms, some of them).
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
    if not any(map(str.isalpha, form)):
        return ((form, 1.0),)
    found: Lemmas = LANGUAGES[language].lemmas(form)
    return _of_sum_one(found) if len(found) > 1 else found


def lemmas_many(forms: Strings, some: Array, language: str) -> Found:
    """`lemmas` of some of the forms, given by their numbers, which have a letter; faster for many, none kept."""
    found = _by_language(forms, some, LANGUAGES[language])
    sums = np.bincount(found.forms, np.rint(found.shares * 10_000))
    too_much: defaultdict[int, list[int]] = defaultdict(list)
    for row in (sums > 10_000).take(found.forms).nonzero()[0].tolist():
        too_much[found.forms.item(row)].append(row)
    lemmas, shares = found.lemmas.copy(), found.shares.copy()
    for of_form in too_much.values():
        number_of = {found.names[found.lemmas.item(row)]: found.lemmas.item(row) for row in of_form}
        pairs = _of_sum_one(tuple(zip(number_of, found.shares[of_form].tolist(), strict=True)))
        lemmas[of_form], shares[of_form] = [number_of[lemma] for lemma, _ in pairs], [share for _, share in pairs]
    return found._replace(lemmas=lemmas, shares=shares)


def _by_language(forms: Strings, some: Array, language: ModuleType) -> Found:
    """What the module of the language says of some of the forms."""
    if hasattr(language, "lemmas_many"):
        found: Found = language.lemmas_many(forms, some)
        return found
    return in_rows(some, [language.lemmas(form) for form in forms.some(some)])


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
    for pairs in _readings({of_word(form, language) for language in languages}, form, known):
        for lemma, share in pairs:
            found[lemma] = max(found.get(lemma, 0.0), share / pairs[0][1])
    return {lemma: affinity for lemma, affinity in found.items() if affinity >= russian.FLOOR} or {key(form): 1.0}


def _readings(languages: set[str], form: str, known: Callable[[str, str], Lemmas | None]) -> list[Lemmas]:
    """The lemmas of a form in each language; what Ukrainian only guesses yields to what the Russian dictionary has.

    Else «статьи» would be «стать» in an index with Ukrainian documents. Bulgarian has no dictionary to tell by.
    """
    read = {language: known(form, language) or lemmas(form, language) for language in sorted(languages)}
    if {"ru", "uk"} <= languages and not russian.is_guess(read["ru"]) and ukrainian.guesses(form):
        del read["uk"]
    return list(read.values())
