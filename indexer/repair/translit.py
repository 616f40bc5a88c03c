"""A word written in the letters of the other alphabet: Riabkov, Ryabkov, Rjabkov → рябков; рябков → ryabkov.

There are many systems (GOST 7.79, BGN/PCGN, passports, habit), and people mix them; so every letter, or group of
letters, has its readings with what each costs, and the readings of a word come cheapest first. Soft signs, which most
systems leave out, are among them.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from indexer.analysis import russian, surnames
from indexer.repair.candidates import Candidate, ranked
from indexer.repair.lexicon import Lexicon

_MOST, _MOST_SURNAMES, _MOST_OF_BASE = 600, 40, 12
_DEAREST = 2.0
_STEP = 0.05  # what every reading costs, so that «kh» is rather one letter than two


def _table(text: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """«sch щ1 ш3» → {"sch": (("щ", .1), ("ш", .3))}: readings with their costs in tenths, 0 left out."""
    table = {}
    for row in text.split("\n"):
        source, *readings = row.split() or [""]
        if source:
            pairs = (re.fullmatch(r"(\D*)(\d*)", reading) for reading in readings)
            table[source] = tuple((pair[1].replace("-", ""), int(pair[2] or 0) / 10) for pair in pairs if pair)
    return table


# Behind a vowel, at the beginning and at the end some letters are read otherwise: «V:», «^» and «$».
_TO_CYRILLIC = _table("""
a а
b б бь6
c ц3 к3 с5
d д дь5
e е э4 ъе8
^e э1 е
f ф фь7
g г ж6
h х г4
i и ы6 ь7 й6
V:i й и1
i$ и ий3 ы5
j й ж4 дж5 ь5
k к
l л ль3
m м мь6
n н нь4
o о
p п
q к3 кь6
r р рь4
s с сь4
t т ть4
u у ю6
v в вь6
w в1 у4 ш7
x кс1 х3
y ы и4 ь5 й3
V:y й ы5
y$ ы1 ий2 ый2 й5
z з ц5 зь6
' ь ъ1 -5
4 ч2
6 ш3
sh ш щ4
zh ж
kh х
ts ц тс1
tz ц1
ch ч х5
tch ч1
shch щ сч4
sch щ1 ш3 сч4
shh щ
ph ф2
th т2 ф5
ck к1
gh г2
dj дж2
dzh дж
ya я ья2 ъя3 ыа7
ja я1 ья2
ia я1 иа ья3
ia$ ия1 я1 ья3
yu ю ью2 ъю5
ju ю1 ью2
iu ю1 иу
yo е йо2 ье2 ъе3 ьо4
jo е1 йо2 ье2
io е3 ио
ye е1 ье2 ъе3 ые3
je е1 ье2
ie ие е2 ье3
yy$ ый ий1
iy$ ий ый2
ij$ ий ый2
ii$ ий ии3
yi и2 ї2 ый4
ey$ ей ий4
er$ ер р3
ss сс с3
ff фф ф1 в3
""")
_TO_LATIN = _table("""
а a
б b
в v w2 ff6
г g h4
д d
е e ye2 ie3 yo3 io5
^е e ye1 yo3
ж zh j3
з z
и i y4
й y i2 j2 -4
ий$ y1 iy1 ii1 yy2 ij2 i3
ый$ y1 yy1 yj2
к k c3
л l
м m
н n
о o
п p
р r
с s
кс x1 ks
т t
у u ou4
ф f ph4
х kh h1 ch4 x4
ц ts c3 tz3 z5
ч ch tch3
ш sh sch3
щ shch sch2 sh4
ъ -
ы y i3
ь - '4
э e
ю yu iu1 ju2
я ya ia1 ja2
ье ie1 ye1 yo2
ия ia1 iya
ья ia1 ya1
і i
ї yi i1
є ye ie1
ґ g
""")
_VOWELS = "aeiouyаеиоуыэюя"
_LATIN_WORD, _CYRILLIC_WORD = re.compile(r"[a-z46']*[a-z][a-z46']*"), re.compile(r"[а-яіїєґ]+")


def readings(key: str) -> Iterator[tuple[str, float]]:
    """(reading in the other alphabet, cost) of a look-up key, cheapest first; none for a key of both or of neither."""
    if _LATIN_WORD.fullmatch(key):
        yield from _read(key, _TO_CYRILLIC)
    elif _CYRILLIC_WORD.fullmatch(key):
        yield from _read(key, _TO_LATIN)


def candidates(key: str, lexicon: Lexicon) -> list[Candidate]:
    """The readings that the index has, as forms, as lemmas or else as surnames in other cases, likeliest first.

    Where it has none, those of what a Russian word is a form of: Рябкову → ryabkov.
    """
    found = list(readings(key))
    return ranked(lexicon.known(found) or list(_surnames(found, lexicon)) or lexicon.known(_of_bases(key)))


def _of_bases(key: str) -> Iterator[tuple[str, float]]:
    if _CYRILLIC_WORD.fullmatch(key):
        for base in {*surnames.keys(key), *(lemma for lemma, _ in russian.lemmas(key))} - {key}:
            yield from islice(readings(base), _MOST_OF_BASE)


def _surnames(found: list[tuple[str, float]], lexicon: Lexicon) -> Iterator[Candidate]:
    meant = {
        word: {case for surname in surnames.keys(word) for case in surnames.cases(surname)}
        for word, _ in found[:_MOST_SURNAMES]
    }
    counts = {case.word: case.frequency for case in lexicon.known((case, 0.0) for case in set().union(*meant.values()))}
    for word, cost in found[:_MOST_SURNAMES]:
        if have := counts.keys() & meant[word]:
            yield Candidate(word, cost, max(counts[case] for case in have))


def _read(word: str, table: Mapping[str, tuple[tuple[str, float], ...]]) -> Iterator[tuple[str, float]]:
    """Best first over the beginnings of the word that have been read."""
    waiting: list[tuple[float, int, str]] = [(0.0, 0, "")]
    seen: set[tuple[int, str]] = set()
    given = 0
    while waiting and given < _MOST:
        cost, at, text = heapq.heappop(waiting)
        if (at, text) in seen:
            continue
        seen.add((at, text))
        if at == len(word):
            given += 1
            yield text, cost
            continue
        for length in range(1, min(4, len(word) - at) + 1):
            for reading, more in _options(word, at, length, table):
                if (reached := cost + more + _STEP) <= _DEAREST:
                    heapq.heappush(waiting, (reached, at + length, text + reading))


def _options(
    word: str, at: int, length: int, table: Mapping[str, tuple[tuple[str, float], ...]]
) -> tuple[tuple[str, float], ...]:
    """The readings of the letters at a place, by what stands around them."""
    letters = word[at : at + length]
    if not at and "^" + letters in table:
        return table["^" + letters]
    if at and word[at - 1] in _VOWELS and "V:" + letters in table:
        return table["V:" + letters]
    if at + length == len(word) and letters + "$" in table:
        return table[letters + "$"]
    return table.get(letters, ())
