"""Russian: form → weighted lemmas by pymorphy3, with the places where its dictionary misleads a search mended.

P(lemma | form) is pymorphy3's estimate P(tag | form) (Korobov 2015, «Morphological Analyzer and Generator for
Russian and Ukrainian Languages»), summed over the parses of one lemma.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from indexer.analysis import columns, loading
from indexer.analysis.columns import Array, Found, Lemmas
from indexer.analysis.readings import Weights, estimated, in_shares, weights
from indexer.analysis.strings import Strings, joined
from indexer.patterns import pattern

if TYPE_CHECKING:
    import Stemmer
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

    from indexer.analysis.analogy import Analogy
    from indexer.analysis.compounds import Compounds
    from indexer.analysis.dictionary import Dictionary, Items
    from indexer.analysis.guesses import Morphology
    from indexer.analysis.lookup import Known, Lookup

# Lemmas less likely than this are ignored everywhere.
FLOOR = 0.01
# A word no dictionary knows also stands under its stem, so that guesses which differ (Шольц, Шольцем) still meet.
STEM_WEIGHT = 0.3
# So many forms are looked up sooner one by one than together.
_FEW = 500
# What pymorphy3 may be asked. It raises on U+17000, so that a look at the script is not enough.
_ASKABLE = pattern(r"[а-яё]+(?:-[а-яё]+)*")
_ORDINAL = pattern(r"(\d+)-(?:[йяеюиом]|го|му|ом|ем|ей|ой|ый|ий|ое|ая|ые|ие|ую|ою|ею|ых|их|ым|им|ыми|ими|ми|х)")


@cache
def _analyzer() -> MorphAnalyzer:
    return loading.analyzer("ru")


@cache
def _dictionary() -> Dictionary:
    from indexer.analysis.dictionary import Dictionary

    return Dictionary(_analyzer(), fold=("ё", "е"), mended=True)


@cache
def _morphology() -> Morphology:
    from indexer.analysis.guesses import Morphology

    return Morphology(_analyzer(), _dictionary(), adverbs=True)


@cache
def _analogy() -> Analogy:
    from indexer.analysis.analogy import Analogy

    morphology = _morphology()
    known = _lookup().automaton
    return Analogy(_dictionary(), known, morphology.paradigm_prefixes, morphology.longest_suffix)


@cache
def _compounds() -> Compounds:
    from indexer.analysis.compounds import Compounds

    return Compounds(_dictionary(), _morphology(), _lookup(), _analogy())


@cache
def _lookup() -> Lookup:
    from indexer.analysis.lookup import Lookup

    return Lookup(_dictionary())


def version() -> str:
    """What `lemmas` depends on: the dictionary."""
    from pymorphy3_dicts_ru import __version__  # importlib.metadata would cost a command more than the search

    return f"pymorphy3-dicts-ru {__version__}"


def known(form: str) -> bool:
    """Whether the dictionary has the form."""
    return bool(_ASKABLE.fullmatch(form)) and _dictionary().has(form)


# An entry takes a quarter of a kilobyte.
@lru_cache(maxsize=1 << 12)
def headwords(lemma: str) -> tuple[frozenset[str], ...]:
    """The grammemes (OpenCorpora's names) of each word of the dictionary that has this lemma, ё written е."""
    return tuple(_dictionary().headwords(lemma)) if _ASKABLE.fullmatch(lemma) else ()


def lemmas(form: str) -> Lemmas:
    """(lemma, P(lemma | form)) by falling P; ё folded; never empty, never raises.

    A lemma that begins with "~" is the stem of a word that the dictionary does not know.
    """
    if not _ASKABLE.fullmatch(form):
        return ((_not_asked(form), 1.0),)
    items = _dictionary().find(form)
    lemma = _dictionary().only_lemma(items)
    return ((lemma, 1.0),) if lemma else _weighed(form, items)


def is_guess(found: Lemmas) -> bool:
    """Whether these lemmas are of a word that the dictionary does not know."""
    return any(lemma.startswith("~") for lemma, _ in found)


def lemmas_many(forms: Strings, some: Array) -> Found:
    """`lemmas` of some of the forms, given by their numbers."""
    if len(some) < _FEW:
        return columns.in_rows(some, [*map(lemmas, forms.some(some))])
    from indexer.analysis.automaton import Words

    askable = _are_askable(forms).take(some)
    others, asked = some[~askable], some[askable]
    known = _lookup().find(Words.of(forms).some(asked))
    certain = np.flatnonzero(known.moves >= 0)
    several = np.flatnonzero((known.moves < 0) & (known.spellings > 0))
    unknown = asked[known.spellings == 0]
    parts = [
        columns.certain(others, Strings.of(map(_not_asked, forms.some(others)))),
        columns.certain(asked[certain], _lookup().lemmas(forms, asked[certain], known.moves[certain])),
        _of_several(forms.some(asked[several]), known, several).of(asked[several]),
        _of_unknown(forms.some(unknown)).of(unknown),
    ]
    return columns.joined(parts)


def _are_askable(forms: Strings) -> Array:
    """Which of the forms `_ASKABLE` matches: letters alone, and hyphens each between two."""
    points = forms.points
    letter = ((points - np.uint32(ord("а"))) < 32) | (points == ord("ё"))  # below "а" it wraps around
    wrong = ~letter
    hyphen = (points == ord("-")).nonzero()[0]
    wrong[hyphen] = ~(letter.take(hyphen - 1) & letter.take(hyphen + 1))
    wrong[forms.ends] = False  # the line breaks
    return (forms.sizes > 0) & ~np.logical_or.reduceat(wrong, forms.starts)


def _of_several(words: Strings, known: Known, several: Array) -> Found:
    """The lemmas of words that may be of several, and are those of these numbers in what is known."""
    dictionary = _dictionary()
    readings = estimated(_lookup().readings(known, several), words, dictionary)
    return in_shares(weights(readings, dictionary.folded_all(words), dictionary.cells), FLOOR)


def _of_unknown(words: Strings) -> Found:
    """The lemmas of words that the dictionary does not have."""
    from indexer.analysis import analogy, compounds

    dictionary, morphology = _dictionary(), _morphology()
    each = words.tolist()
    is_plain = np.array([morphology.is_plain(word) and len(word) <= analogy.LONGEST for word in each], bool)
    rated = dictionary.having_chances(words)
    left = np.flatnonzero(rated)
    parts: list[Found] = []
    for at, read, most in (
        (np.flatnonzero(is_plain & ~rated), _by_analogy, analogy.MOST),
        (np.flatnonzero(~is_plain & ~rated), _compounds().weights, compounds.MOST),
    ):
        for first in range(0, len(at), most):
            mine = at[first : first + most]
            some = words.some(mine)
            found = read(some)
            odd = np.flatnonzero(np.bincount(found.words, minlength=len(some)) == 0)  # must be read elsewhere
            stems = Strings.of(["~" + stem for stem in _stemmer().stemWords(dictionary.folded_all(some).tolist())])
            parts.append(in_shares(found, FLOOR, stems, STEM_WEIGHT).without(odd).of(mine))
            left = np.append(left, mine[odd])
    # Words of one ending together: what is guessed of it, or of what follows a prefix, is still in the caches.
    others = sorted(left.tolist(), key=lambda at: each[at][::-1])
    return columns.joined([*parts, columns.in_rows(others, [_weighed(each[at], ()) for at in others])])


def _by_analogy(words: Strings) -> Weights:
    """The lemmas of plain words, each of which has some."""
    dictionary = _dictionary()
    readings = _analogy().readings(words)
    folded = dictionary.folded_all(words)
    found = weights(readings.scaled(), folded, dictionary.cells)
    bare = np.flatnonzero(np.bincount(found.words, minlength=len(words)) == 0)
    return Weights(
        np.concatenate((found.words, bare)),
        np.concatenate((found.lemmas, np.arange(len(found.names), len(found.names) + len(bare)))),
        np.concatenate((found.weights, np.ones(len(bare)))),
        joined((found.names, folded.some(bare))),
    )


def _not_asked(form: str) -> str:
    """The lemma of what no dictionary has: numerals in figures, words of other letters."""
    ordinal = _ORDINAL.fullmatch(form)
    return f"{ordinal[1]}-й" if ordinal else form.replace("ё", "е")


def _weighed(form: str, items: Items) -> Lemmas:
    """The lemmas of a form that may be of several, or that the dictionary does not know."""
    found = _lemma_weights(form, items)
    total = sum(found.values())
    if not total:
        found, total = {form.replace("ё", "е"): 1.0}, 1.0
    shares = [(weight / total, lemma) for lemma, weight in found.items()]
    if not items:
        shares = [(share * (1 - STEM_WEIGHT), lemma) for share, lemma in shares]
        shares.append((STEM_WEIGHT, "~" + _stem(form.replace("ё", "е"))))
    kept = [(-round(share, 4), lemma) for share, lemma in shares if share >= FLOOR]
    kept.sort()
    return tuple([(lemma, -share) for share, lemma in kept])


def _lemma_weights(form: str, items: Items) -> dict[str, float]:
    """Lemma → the sum of P(tag | form) over the parses of it."""
    from indexer.analysis.guesses import Unread

    try:
        return _morphology().weights(form, items)
    except (Unread, RecursionError):
        return _slowly(form)


def _slowly(form: str) -> dict[str, float]:
    """`_lemma_weights` by pymorphy3 itself; nothing of a form with so many prefixes that it cannot be read."""
    try:
        parses = _without_abbreviated_verbs(_analyzer().parse(form))
    except RecursionError:
        return {}
    found: dict[str, float] = {}
    for parse in parses:
        lemma = _lemma(parse).replace("ё", "е")
        found[lemma] = found.get(lemma, 0.0) + parse.score
    return found


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

    # Its cache is slower than stemming once it is full.
    return Stemmer.Stemmer("russian", 0)


def _stem(form: str) -> str:
    """Snowball's Russian stem (snowballstem.org/algorithms/russian)."""
    return str(_stemmer().stemWord(form))
