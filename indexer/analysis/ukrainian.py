"""A Ukrainian form → the words it may be a form of, by the dictionary of pymorphy3-dicts-uk (VESUM).

The dictionary is an extra (`uk`), because its licence is not one. Without it a small table of nominal
endings gives the forms of a word one stem, after "~", which meets nothing but stems. Measured over the
40,000 commonest forms against the dictionary: of the pairs of forms of one word, where one of them is a
noun or adjective, the table joins 88 % (pairs joined rightly: 97 %), the form alone none. It leaves verbs
alone, and cannot follow a changing root (договір, договору).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from indexer.analysis import loading
from indexer.patterns import pattern

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

    from indexer.analysis.dictionary import Dictionary
    from indexer.analysis.guesses import Morphology

_DICTIONARY = "pymorphy3-dicts-uk"
# pymorphy3 raises on some letters (U+17000), so it is asked about words of the alphabet alone. It spells the
# apostrophe as the tokens do, U+0027.
_WORD = pattern(r"[а-щьюяєіїґ]+(?:['-][а-щьюяєіїґ]+)*")
_VOWEL = pattern("[аеиоуєіїюя]")
# Not -о, which would join adverbs (просто) to adjectives more often than cases of neuters.
_ENDINGS = """
а я у ю е є і ї и ь ий ій їй ом ем єм ою ею єю ам ям ах ях ами ями ів їв
ого ього ому ьому ої ьої их їх им їм ім ими їми
"""


@functools.cache
def installed() -> bool:
    """Whether the dictionary is there."""
    return bool(_release())


@functools.cache
def _release() -> str:
    """The release of the dictionary, "" where there is none; importlib.metadata would cost more than a search."""
    try:
        from pymorphy3_dicts_uk import __version__
    except ImportError:
        return ""
    return str(__version__)


def version() -> str:
    """What the lemmas depend on: the dictionary, or the number of the table of endings."""
    return f"{_DICTIONARY} {_release()}" if installed() else "endings 1"


def lemmas(form: str) -> tuple[tuple[str, float], ...]:
    """(lemma, P(lemma | form)) of a folded form, likeliest first; never empty, never raises.

    The dictionary knows no frequencies: the lemmas of a form share by the number of its readings. Without it
    the form and its stem share.
    """
    if len(form) > 60 or not _WORD.fullmatch(form):
        return ((form.replace("ё", "е"), 1.0),)
    if not installed():
        return ((form, 0.6), ("~" + _stem(form), 0.4))
    items = _dictionary().find(form)
    if lemma := _dictionary().only_lemma(items):
        return ((lemma, 1.0),)
    shares = _morphology().weights(form, items)
    total = sum(shares.values())
    pairs = [(lemma, round(share / total, 4)) for lemma, share in shares.items() if share / total > 0.01]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))) or ((form, 1.0),)


def guesses(form: str) -> bool:
    """Whether there is a dictionary, and it does not know the form."""
    return installed() and bool(_WORD.fullmatch(form)) and not _dictionary().has(form)


def _stem(form: str) -> str:
    """The form without its longest ending, if that leaves two letters and a vowel."""
    for ending in sorted(_ENDINGS.split(), key=len, reverse=True):
        rest = form.removesuffix(ending)
        if rest != form and len(rest) > 1 and _VOWEL.search(rest):
            return rest
    return form


@functools.cache
def _analyzer() -> MorphAnalyzer:
    return loading.analyzer("uk")


@functools.cache
def _dictionary() -> Dictionary:
    from indexer.analysis.dictionary import Dictionary

    return Dictionary(_analyzer())


@functools.cache
def _morphology() -> Morphology:
    from indexer.analysis.guesses import Morphology

    return Morphology(_analyzer(), _dictionary(), adverbs=False)
