"""`language.detect` of many documents at once: the same answers, from columns.

What a form votes for is worked out once, when it is first met; what the distinct forms of a document vote for is a
sum. Nearly every document here is Russian or English by these votes alone; the others are left to
`language.of_forms`, which asks the dictionary as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import language as rules
from indexer.analysis.batch import Tokens
from indexer.analysis.hashing import ABSENT, MIXER, Keys, Places, Table
from indexer.analysis.strings import Strings
from indexer.arrays import Growing, distinct, ranges

Codes = NDArray[np.uint8]
Counts = NDArray[np.int64]
Bits = NDArray[np.uint16]
Flags = NDArray[np.bool_]

# The letters that rules tell apart have the codes from 1 on, last of them those that tell a language by themselves,
# Russian, by its place Russian or Bulgarian, Ukrainian; then come all other Cyrillic letters, and Latin ones.
_TELLING = "ыэёѣ" + "ъ" + "іїєґ"
_LETTERS = "".join(chr(point) for point in range(ord("а"), ord("я") + 1) if chr(point) not in _TELLING) + _TELLING
_CYRILLIC, _LATIN = 39, 64
_VISIBLE = re.compile(r"\S+")
_VOTED = ("ru", "uk", "bg")
# The votes of a form for each of them take so many bits of one number.
_VOTE = np.uint32(10)
_VOTES = np.uint32((1 << 10) - 1)
# What most forms are asked for is in one number: the balance of their letters, and behind it in bits whether they vote
# for Russian, and whether for another language.
_FLAGS, _FOR, _AGAINST = 2, 2, 1
# So many letters are in a key, and this bit of it tells that there are more.
_KEY, _LONGER = 8, 6


class Votes:
    """What forms tell of the language of a document; `forms` may grow between calls."""

    def __init__(self, forms: Strings) -> None:
        self._forms = forms
        self._votes, self._told = Growing(np.zeros(0, np.uint32)), Growing(np.zeros(0, np.int32))

    def languages(self, tokens: Tokens, texts: Sequence[str], owner: Places, documents: int) -> list[str]:
        """The languages of some documents, of which text t, as its tokens are, belongs to document `owner[t]`."""
        self._grow()
        form = tokens.form.astype(np.int64)
        sizes = np.diff(tokens.first)
        document, some = owner.repeat(sizes), sizes.nonzero()[0]
        counted = _counted(tokens, texts)
        told = self._told.array.take(form)
        told *= counted
        balance = np.add.reduceat(told >> _FLAGS, tokens.first.take(some))
        english = np.bincount(owner.take(some), balance, documents) > 0
        # few forms speak against Russian, and few documents have enough of them to be asked what speaks for it
        pairs = _pairs(document, form, (told & _AGAINST > 0).nonzero()[0])
        most = np.maximum(self._sum(pairs, "uk", documents), self._sum(pairs, "bg", documents))
        other = ~english & (most >= rules.LEAST)
        found = ["en" if one else "ru" for one in english.tolist()]
        if other.any():
            asked = (told & _FOR > 0).nonzero()[0]
            asked = asked[other.take(document.take(asked))]
            other &= most >= rules.LEAD * self._sum(_pairs(document, form, asked), "ru", documents)
            each, once = _pairs(document, form, (counted & other.take(document)).nonzero()[0])
            names, firsts = self._forms.some(once).tolist(), each.searchsorted(np.arange(documents + 1)).tolist()
            for number in other.nonzero()[0].tolist():
                found[number] = rules.of_forms(names[firsts[number] : firsts[number + 1]], 0)
        return found

    def _sum(self, pairs: tuple[Places, Places], language: str, documents: int) -> NDArray[Any]:
        """The votes for a language, by document: each form of one votes once."""
        votes = self._votes.array.take(pairs[1]) >> _VOTE * np.uint32(_VOTED.index(language)) & _VOTES
        return np.bincount(pairs[0], votes, documents)

    def _grow(self) -> None:
        known = len(self._votes.array)
        if len(self._forms) > known:
            votes, balance = _of_forms(self._forms.part(known, len(self._forms)))
            self._votes.extend(votes)
            self._told.extend(balance << _FLAGS | _FOR * (votes & _VOTES > 0) | _AGAINST * (votes > _VOTES))


def _pairs(documents: Places, forms: Places, tokens: Places) -> tuple[Places, Places]:
    """Documents and forms of some tokens, each pair of them once, by documents."""
    pairs = distinct(documents.take(tokens) << 32 | forms.take(tokens))
    return pairs >> 32, pairs & 0xFFFFFFFF


def _counted(tokens: Tokens, texts: Sequence[str]) -> Flags:
    """Which of the tokens tell something: those of the beginnings, but for addresses."""
    counted = tokens.start < rules.SAMPLE
    spans: list[int] = []
    for number, text in enumerate(texts):
        # one sign is found faster than three
        sign = text.find("://", 0, rules.SAMPLE) if "/" in text else -1
        while sign >= 0:
            begin, end = _address(text, sign)
            spans += (number << 32 | begin, number << 32 | end)
            sign = text.find("://", max(end, sign + 1), rules.SAMPLE)
    if spans:
        places = np.arange(len(texts)).repeat(np.diff(tokens.first)) << 32 | tokens.start
        first, after = places.searchsorted(spans).reshape(-1, 2).T
        counted[ranges(first, after - first)] = False
    return counted


def _address(text: str, sign: int) -> tuple[int, int]:
    """Where the match of `ADDRESS` begins and ends that has its sign here; it is found sooner from there."""
    begin, end = sign, sign + 3
    while begin and (text[begin - 1].isalnum() or text[begin - 1] == "_"):
        begin -= 1
    rest = _VISIBLE.match(text, end, rules.SAMPLE)
    return (begin, rest.end()) if rest and begin < sign else (sign, sign)


class _Letters(NamedTuple):
    """The letters of some forms, as codes, and their words, which are the rows of Cyrillic letters.

    `telling` are the places of those that tell a language by themselves.
    """

    code: Codes  # 0 before the first and behind each form, and for whatever is no letter of ours
    telling: Places
    form: Places  # [forms + 1] where each begins, and one more would
    start: Places  # [words]
    end: Places  # [words]
    of_word: Places  # [words] the form
    key: Keys  # [words] the last eight letters, the very last in the highest byte; those of longer words are marked

    def per_form(self, places: Places) -> Counts:
        """How many of the places, which are in order, each form has."""
        return np.diff(places.searchsorted(self.form))

    def sum(self, words: Places, votes: Counts) -> Counts:
        """The votes of some words, by form."""
        return np.bincount(self.of_word.take(words), votes, len(self.form) - 1).astype(np.int64)


def _of_forms(forms: Strings) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
    """What each of the forms votes for, one number for all languages; and its part of the balance of letters."""
    code = np.zeros(_KEY + len(forms.points), np.uint8)
    _codes().take(forms.points, out=code[_KEY:], mode="clip")
    balance = np.add.reduceat(_worth().take(code[_KEY:]), forms.starts)
    letters = _letters(code, np.append(forms.starts, len(forms.points)) + _KEY)
    votes, ended = _common(letters), _ended(letters)
    votes["ru"] += rules.LETTER_VOTES["ru"] * _russian(letters)
    votes["uk"] += rules.LETTER_VOTES["uk"] * _ukrainian(letters) + ended["uk"]
    votes["bg"] += rules.LETTER_VOTES["bg"] * _bulgarian(letters) + ended["bg"]
    packed = sum(votes[language] << int(_VOTE) * column for column, language in enumerate(_VOTED))
    return np.asarray(packed, np.uint32), balance


def _letters(code: Codes, form: Places) -> _Letters:
    letter = (code - np.uint8(1)) < _CYRILLIC  # 0 wraps around
    bound = (letter[1:] != letter[:-1]).nonzero()[0] + 1
    start, end = bound[::2], bound[1::2]
    of_word = np.arange(len(form) - 1).repeat(np.diff(start.searchsorted(form)))
    code = code * letter
    telling = (code >= _code(_TELLING[0])).nonzero()[0]
    telling = telling[code.take(telling) < _CYRILLIC]
    return _Letters(code, telling, form, start, end, of_word, _keys(code, end - start, end))


def _common(letters: _Letters) -> dict[str, Counts]:
    """The votes of the commonest words."""
    table, codes, votes = _common_words()
    word = table.find(letters.key * MIXER)
    hit = (word != ABSENT).nonzero()[0]
    # of a longer word the key has only the end
    longer = hit[letters.end.take(hit) - letters.start.take(hit) > _KEY]
    for at in longer.tolist():
        if letters.code[letters.start[at] : letters.end[at]].tobytes() != codes[word[at]]:
            word[at] = ABSENT
    hit = hit[word.take(hit) != ABSENT]
    return {language: letters.sum(hit, votes[word.take(hit), column]) for column, language in enumerate(_VOTED)}


def _keys(code: Codes, length: Places, end: Places) -> Keys:
    """The keys of words; codes of letters leave room for the mark in the lowest byte."""
    eights = np.ndarray((len(code) - _KEY + 1,), "<u8", code.data, strides=(1,))
    keys: Keys = eights[end - _KEY] & _masks().take(length, mode="clip")
    keys |= (length > _KEY).astype(np.uint64) << np.uint64(_LONGER)
    return keys


@cache
def _masks() -> Keys:
    """By the length of a word, which of the eight codes up to its end are its own."""
    return np.array([((1 << 8 * length) - 1) << 8 * (_KEY - length) for length in range(_KEY + 1)], np.uint64)


@cache
def _common_words() -> tuple[Table, list[bytes], Counts]:
    """Keys of the commonest words → numbers; by number the codes of the words, and their votes for ru, uk, bg."""
    words = [*rules.LANGUAGE_OF_COMMON]
    codes = [bytes(map(_code, word)) for word in words]
    code, length = np.frombuffer(bytes(_KEY) + b"".join(codes), np.uint8), np.array([*map(len, words)])
    keys = _keys(code, length, length.cumsum() + _KEY)
    assert len(set(keys.tolist())) == len(words), "two words of one ending"
    table = Table()
    table.insert(keys * MIXER, np.arange(len(words), dtype=np.int32))
    votes = np.zeros((len(words), len(_VOTED)), np.int64)
    for number, word in enumerate(words):
        votes[number, _VOTED.index(rules.LANGUAGE_OF_COMMON[word])] = rules.common_votes(word)
    return table, codes, votes


def _russian(letters: _Letters) -> Counts:
    """How many letters of each form are Russian: ы э ё ѣ, and ъ at the end of a word."""
    kind = letters.code.take(letters.telling)
    last = (kind == _code("ъ")) & (letters.code.take(letters.telling + 1) == 0)
    return letters.per_form(letters.telling[(kind < _code("ъ")) | last])


def _ukrainian(letters: _Letters) -> Counts:
    """How many letters of each form are Ukrainian."""
    return letters.per_form(letters.telling[letters.code.take(letters.telling) > _code("ъ")])


def _bulgarian(letters: _Letters) -> Counts:
    """How many letters of each form are Bulgarian."""
    at = letters.telling[letters.code.take(letters.telling) == _code("ъ")]
    return letters.per_form(at[_consonant().take(letters.code.take(at + 1))])


def _ended(letters: _Letters) -> dict[str, Counts]:
    """The votes of the endings. A word has one of a language at most, since all stand at its end."""
    fits, two, languages = _endings()
    left = two.take((letters.key >> np.uint64(48)).view(np.int64))
    word = left.nonzero()[0]
    left, key = left.take(word), letters.key.take(word)
    for back in range(2, len(fits)):
        left &= fits[back].take((key >> np.uint64(8 * (_KEY - 1 - back))).astype(np.uint8))
    return {
        language: rules.ENDING_VOTES[language] * letters.sum(word, (left & bits > 0).astype(np.int64))
        for language, bits in languages.items()
    }


def _code(letter: str) -> int:
    return _LETTERS.index(letter) + 1


@cache
def _consonant() -> Flags:
    """By the code of a letter: whether ъ before it is Bulgarian."""
    flags = np.zeros(256, np.bool_)
    flags[[_code(letter) for letter in _LETTERS if rules.BULGARIAN.match("ъ" + letter)]] = True
    return flags


@cache
def _endings() -> tuple[Bits, Bits, dict[str, int]]:
    """[place from the end, code] the endings that a letter there fits, as bits; the same for the last two letters of
    a word, as they stand in a key; and the bits of each language.
    """
    endings = [(language, ending) for language in rules.ENDINGS for ending in rules.ENDINGS[language]]
    fits, languages = np.zeros((_KEY - 2, 256), np.uint16), dict.fromkeys(rules.ENDINGS, 0)
    for number, (language, ending) in enumerate(endings):
        letters_at = re.findall(r"\[.*?\]|.", ending)[::-1]
        for back, letters in enumerate(letters_at):
            fits[back, [_code(letter) for letter in _LETTERS if re.fullmatch(letters, letter)]] |= 1 << number
        fits[len(letters_at) :] |= np.uint16(1 << number)
        languages[language] |= 1 << number
    return fits, np.bitwise_and.outer(fits[0], fits[1]).ravel(), languages


@cache
def _codes() -> Codes:
    """Codes by code point, as far as there are letters that count."""
    every = "".join(map(chr, range(0x500))) + "\0"  # those beyond have the last code
    codes = np.zeros(len(every), np.uint8)
    codes[[match.start() for match in rules.CYRILLIC.finditer(every)]] = _CYRILLIC
    codes[[match.start() for match in rules.LATIN.finditer(every)]] = _LATIN
    codes[[ord(letter) for letter in _LETTERS]] = np.arange(1, len(_LETTERS) + 1)
    return codes


@cache
def _worth() -> NDArray[np.int16]:
    """[256] what a letter of each code adds to the balance of Latin and Cyrillic ones."""
    worth = np.zeros(256, np.int16)
    worth[1 : _CYRILLIC + 1] = -rules.LATIN_SHARE
    worth[_LATIN] = 1
    return worth
