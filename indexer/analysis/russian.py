"""Russian: form → weighted lemmas by pymorphy3, with the places where its dictionary misleads a search mended.

P(lemma | form) is pymorphy3's estimate P(tag | form) (Korobov 2015, «Morphological Analyzer and Generator for
Russian and Ukrainian Languages»), summed over the parses of one lemma.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version as _installed
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import Stemmer
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

Lemmas = tuple[tuple[str, float], ...]

# Lemmas less likely than this are ignored everywhere.
FLOOR = 0.01
# A word no dictionary knows also stands under its stem, so that guesses which differ (Шольц, Шольцем) still meet.
STEM_WEIGHT = 0.3
# What pymorphy3 may be asked. It raises on U+17000, so that a look at the script is not enough.
_ASKABLE = re.compile(r"[а-яё]+(?:-[а-яё]+)*")
_ORDINAL = re.compile(r"(\d+)-(?:[йяеюиом]|го|му|ом|ем|ей|ой|ый|ий|ое|ая|ые|ие|ую|ою|ею|ых|их|ым|им|ыми|ими|ми|х)")


@cache
def _analyzer() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


def version() -> str:
    """What `lemmas` depends on: the dictionary."""
    return f"pymorphy3-dicts-ru {_installed('pymorphy3-dicts-ru')}"


def known(form: str) -> bool:
    """Whether the dictionary has the form."""
    return bool(_ASKABLE.fullmatch(form)) and _analyzer().word_is_known(form)


def lemmas(form: str) -> Lemmas:
    """(lemma, P(lemma | form)) by falling P; ё folded; never empty, never raises.

    A lemma that begins with "~" is the stem of a word that the dictionary does not know.
    """
    if ordinal := _ORDINAL.fullmatch(form):
        return ((f"{ordinal[1]}-й", 1.0),)
    if not _ASKABLE.fullmatch(form):
        return ((form.replace("ё", "е"), 1.0),)
    analyzer = _analyzer()
    weights: dict[str, float] = {}
    for parse in _without_abbreviated_verbs(analyzer.parse(form)):
        lemma = _lemma(parse).replace("ё", "е")
        weights[lemma] = weights.get(lemma, 0.0) + parse.score
    total = sum(weights.values())
    shares = {lemma: weight / total for lemma, weight in weights.items()} if total else {form: 1.0}
    if not analyzer.word_is_known(form):
        shares = {lemma: share * (1 - STEM_WEIGHT) for lemma, share in shares.items()}
        shares["~" + _stem(form.replace("ё", "е"))] = STEM_WEIGHT
    kept = ((lemma, round(share, 4)) for lemma, share in shares.items() if share >= FLOOR)
    return tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def forms(form: str) -> list[str]:
    """All forms of every lemma that the form may be, ё folded, each once, likelier lemmas first."""
    if not _ASKABLE.fullmatch(form):
        return [form]
    parses = [parse for parse in _without_abbreviated_verbs(_analyzer().parse(form)) if parse.score >= FLOOR]
    words = (inflected.word for parse in parses for inflected in parse.lexeme)
    return list(dict.fromkeys(word.replace("ё", "е") for word in words))


def _without_abbreviated_verbs(parses: list[Parse]) -> list[Parse]:
    """«см» is centimetres far more often than the cut-off «смотри» that the dictionary puts first."""
    kept = [parse for parse in parses if not ("VERB" in parse.tag and "Abbr" in parse.tag)]
    return kept or parses


def _lemma(parse: Parse) -> str:
    """The normal form; but a woman's patronymic is not a man's: Ивановне → ивановна, not иванович."""
    if "Patr" in parse.tag and "femn" in parse.tag:
        base = parse.inflect({"nomn", "sing"})
        return str(base.word if base else parse.normal_form)
    return str(parse.normal_form)


@cache
def _stemmer() -> Stemmer.Stemmer:
    import Stemmer

    return Stemmer.Stemmer("russian")


def _stem(form: str) -> str:
    """Snowball's Russian stem (snowballstem.org/algorithms/russian)."""
    return str(_stemmer().stemWord(form))
