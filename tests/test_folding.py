"""Folding: a word as written → the form it is indexed under, and the key it is looked up by.

Rows to be read and added to by a linguist: `written → form`, and why. Marks that cannot be seen are written \\u….
"""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis.folding import APOSTROPHES, HYPHENS, INVISIBLE, MAX_FORM, fold, key

ROWS = """
Дождь → дождь                                   # case
ДОЖДЬ → дождь                                   # case
Ёлка → ёлка                                     # ё stays in the form: лёд is no лед
йод → йод                                       # й is a letter of its own
Straße → strasse                                # full case folding
Τέλος → τέλοσ                                   # the final sigma is a sigma
2022 → 2022                                     # digits stand for themselves

# Stress, drawn in many ways
мо\u0301края → мокрая                           # acute after the vowel
МО\u0301КРАЯ → мокрая                           # over a capital
мо\u0300края → мокрая                           # grave: the secondary stress of a dictionary
мо\u0341края → мокрая                           # an acute by another number, the same to NFC
мокрая\u0301 → мокрая                           # stress on the last letter
ё\u0301лка → ёлка                               # stress over ё, which needs none
мóкрая → мокрая                                 # a Latin ó instead of a stressed о
бáнка → банка                                   # a Latin á
пéна → пена                                     # a Latin é
гýща → гуща                                     # a Latin ý
вѐдро → ведро                                   # е with grave is one letter of Unicode
ВЀДРО → ведро                                   # and as a capital
БÁНКА → банка                                   # a capital with a Latin accent
полно'чный → полночный                          # an apostrophe behind a vowel, as old electronic texts write stress
ѝва → ива                                       # и with grave too

# Letters in two pieces, as macOS and PDF write them
и\u0306од → йод                                 # и and breve
И\u0306од → йод                                 # the same, capital
е\u0308лка → ёлка                               # е and diaeresis
Е\u0308ЛКА → ёлка                               # the same, capital
и\u0301\u0306од → йод                           # stress written between и and its breve
ї → ї                                           # Ukrainian
і\u0308 → ї                                     # Ukrainian in two pieces
cafe\u0301 → café                               # Latin keeps its accents
наи\u0308вный → наӥвный                         # ӥ is a letter, of Udmurt

# Nothing to see
са\u00adмо\u00adвар → самовар                   # soft hyphens
\u00adсамовар\u00ad → самовар                   # at the edges
само\u200bвар → самовар                         # zero-width space
само\u200dвар → самовар                         # zero-width joiner
само\u2060вар → самовар                         # word joiner
са¬мо¬вар → самовар                             # a soft hyphen that a scanner wrote out
\ufeffсамовар → самовар                         # byte order mark

# Hyphens and apostrophes
жар-птица → жар-птица                           # the hyphen of the keyboard
жар\u2010птица → жар-птица                      # the hyphen of Unicode
жар\u2011птица → жар-птица                      # the one that no line breaks at
жар–птица → жар-птица                           # en dash
Ж’ан → ж'ан                                     # typographic apostrophe
ж\u02bcан → ж'ан                                # the letter apostrophe of Ukrainian
ж`ан → ж'ан                                     # the key above Tab

# Look-alikes: a word of two scripts is of one, if it can be
KОШКА → кошка                                   # Latin K
кoшка → кошка                                   # Latin o
Eлка → елка                                     # Latin E
cнег → снег                                     # Latin c
Bетер → ветер                                   # B looks like В as a capital
УТPО → утро                                     # Latin P
гроxот → грохот                                 # Latin x
Берëза → берёза                                 # Latin ë
ËЛКА → ёлка                                     # Latin Ë
тyча → туча                                     # Latin y
Ciч → січ                                       # Latin C and i in a Ukrainian word
мiсто → місто                                   # Latin i is Ukrainian і
snоw → snow                                     # Cyrillic о in a Latin word
Рython → python                                 # Cyrillic Р in a Latin word
АСME → асме                                     # reads either way, half and half: Russian first
bcё → bcё                                       # small b is no в: left as it is
wифи → wифи                                     # no letter of Cyrillic looks like w
кotик → кotик                                   # small t is no т
CКА-13 → ска-13                                 # each part for itself
IT-oтдел → it-отдел                             # so that a Latin part stays Latin
Intel-кoвский → intel-ковский                   # the same
O’Генри → o'генри                               # a lone letter is not of two scripts
1C → 1с                                         # a letter behind digits: С of the firm «1С»
1С → 1с                                         # the same in Cyrillic
2x → 2х                                         # both mean the same, whichever was typed
4K → 4к                                         # the same
CO2 → co2                                       # all Latin: nothing to repair
Т-34 → т-34                                     # all Cyrillic
COVID → covid                                   # all letters have a twin, none is foreign
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    """(written, form, reason) of the table's lines that have an arrow."""
    found = [re.fullmatch(r"(.+?) → (.+?)\s+# (.+)", line) for line in table.splitlines()]
    return [(row[1], row[2], row[3]) for row in found if row]


@pytest.mark.parametrize(("written", "form", "reason"), rows(ROWS), ids=[row[0] for row in rows(ROWS)])
def test_form(written: str, form: str, reason: str) -> None:
    assert fold(written) == form, reason


@pytest.mark.parametrize("written", ["", "\u00ad", "\u200b\u200d", "\u0301"], ids=ascii)
def test_nothing_is_left_of_nothing(written: str) -> None:
    assert fold(written) == ""


def test_every_hyphen_and_apostrophe_is_one() -> None:
    assert {fold(f"жар{hyphen}птица") for hyphen in HYPHENS} == {"жар-птица"}
    assert {fold(f"об{apostrophe}єкт") for apostrophe in APOSTROPHES} == {"об'єкт"}


def test_a_blob_is_cut_so_that_a_term_fits_any_index() -> None:
    assert fold("Щ" * 1_000_000) == "щ" * MAX_FORM
    assert fold("е\u0308" * 1_000) == "ё" * MAX_FORM
    assert fold("ß" * MAX_FORM) == "s" * MAX_FORM, "letters that grow are cut after they grew"


KEYS = """
ёлка елка                                       # ё and е are one for search
всё все                                         # in any word
йод йод                                         # й and и never: «мой» is not «мои»
мой мой                                         # so
мои мои                                         # and so
її її                                           # nothing but ё
"""


@pytest.mark.parametrize(("form", "expected"), [row.split()[:2] for row in KEYS.strip().splitlines()])
def test_key(form: str, expected: str) -> None:
    assert key(form) == expected


# The slow twin: every step, one letter at a time, for every word.

TWINS = dict(
    pair.split("=")
    for pair in """A=А B=В C=С E=Е Ë=Ё H=Н I=І Ï=Ї K=К M=М O=О P=Р T=Т X=Х Y=У
    a=а c=с e=е ë=ё i=і ï=ї k=к o=о p=р x=х y=у""".split()
)
STRESSED = dict(pair.split("=") for pair in "á=а à=а é=е è=е ó=о ò=о ý=у Á=А À=А É=Е È=Е Ó=О Ò=О Ý=У".split())
STRESS = "\u0300\u0301\u030f\u0311\u034f"


def composed(text: str) -> str:
    """NFC, without what cannot be seen and without stress."""
    text = "".join(letter for letter in unicodedata.normalize("NFC", text) if letter not in INVISIBLE + STRESS)
    for same, one in ((HYPHENS, "-"), (APOSTROPHES, "'"), ("ѐ", "е"), ("ѝ", "и"), ("Ѐ", "Е"), ("Ѝ", "И")):
        text = "".join(one if letter in same else letter for letter in text)
    return text


def is_latin(letter: str) -> bool:
    """Of the English alphabet or its neighbours with accents."""
    return ("a" <= letter.lower() <= "z") or "À" <= letter <= "ɏ"


def is_cyrillic(letter: str) -> bool:
    """Of the block named Cyrillic."""
    return "\u0400" <= letter <= "\u04ff"


def repaired(part: str) -> str:
    """The part in one script, where it is in two and reads as one; Russian where it reads either way."""
    latin, cyrillic = sum(map(is_latin, part)), sum(map(is_cyrillic, part))
    if not latin or not cyrillic:
        return part
    back = {cyr: lat for lat, cyr in TWINS.items() if cyr.upper() != "Ё"}  # nobody types ё for ë
    as_cyrillic = "".join((TWINS | STRESSED).get(letter, letter) for letter in part)
    as_latin = "".join(back.get(letter, letter) for letter in part)
    if any(map(is_latin, as_cyrillic)):
        return part if any(map(is_cyrillic, as_latin)) else as_latin
    return as_latin if latin > cyrillic and not any(map(is_cyrillic, as_latin)) else as_cyrillic


RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def without_typed_stress(text: str) -> str:
    """Without the apostrophes that stand behind a vowel of a Russian word."""
    kept = []
    for at, sign in enumerate(text):
        before, vowel, after = text[max(0, at - 2) : max(0, at - 1)], text[max(0, at - 1) : at], text[at + 1 : at + 2]
        russian = all(letter and letter.lower() in RUSSIAN for letter in (before, vowel, after))
        if sign != "'" or not russian or vowel.lower() not in "аеёиоуыэюя":
            kept.append(sign)
    return "".join(kept)


def slow_fold(word: str) -> str:
    """What `fold` says of itself, without a short cut."""
    parts = [""]
    for letter in composed(word):
        parts += [letter, ""] if letter in "'-" else []
        if letter not in "'-":
            parts[-1] += letter
    form = without_typed_stress(composed("".join(map(repaired, parts)).casefold()))
    if len(form) > 1 and form[:-1].isdecimal() and form[-1] in "aceopxyk":
        form = form[:-1] + TWINS[form[-1]]
    return form[:MAX_FORM]


LETTERS = "абвеёийксухіїАВЕЁИЙКСУХІЇabcehikoptxyABCEHIKOPTXYáéóý0123ßİŉſςǅѝѐ" + HYPHENS + APOSTROPHES
MARKS = INVISIBLE + STRESS + "\u0306\u0308\u0345\u0327"
WORDS = st.one_of(st.text(max_size=30), st.text(st.sampled_from(LETTERS + MARKS), max_size=12))


@given(WORDS)
@example("K\u212a")  # the sign of Kelvin is a K
@example("и\u0301\u0306")
def test_the_fast_path_gives_what_the_slow_one_gives(word: str) -> None:
    assert fold(word) == slow_fold(word)


@given(WORDS)
@example("ŉ")  # folds to an apostrophe and n
@example("\u01c5")
def test_a_form_is_its_own_form(word: str) -> None:
    form = fold(word.casefold())
    assert fold(form) == form


@given(WORDS)
def test_the_key_of_a_form_has_no_yo_and_is_its_own_key(word: str) -> None:
    form = fold(word)
    assert "ё" not in key(form)
    assert key(key(form)) == key(form)
    assert len(key(form)) == len(form)


@given(WORDS)
def test_a_form_is_clean(word: str) -> None:
    form = fold(word)
    assert not set(form) & set(INVISIBLE + STRESS + HYPHENS[1:] + APOSTROPHES[1:])
    assert unicodedata.is_normalized("NFC", form)


@given(st.text(st.sampled_from(RUSSIAN), max_size=20))
def test_case_never_matters_for_russian_letters(word: str) -> None:
    assert fold(word.upper()) == fold(word.capitalize()) == fold(unicodedata.normalize("NFD", word)) == word
