"""`language.detect` and `language.of_word` for many texts or words at once: the same answers, some tenfold faster.

Nearly every text here is Russian, and that can be proved without counting all the votes. A text is not in another
language if the most votes that each could have are too few against the fewest that Russian has. Both bounds come from
a few passes over the codes of all the letters; the texts for which they do not suffice are left to `detect`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple
from unicodedata import combining, normalize

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import language as rules
from indexer.analysis.hashing import ABSENT, MIXER, Keys, Places, Table
from indexer.analysis.language import detect, of_word
from indexer.analysis.strings import Strings

Codes = NDArray[np.uint8]
Votes = NDArray[np.int64]
Bits = NDArray[np.uint16]

# Texts or words are taken together up to this many code points: more would not fit the cache of a processor.
_CHUNK = 1 << 17

# The letters that rules tell apart have the codes from 1 on, last of them those that tell a language by themselves,
# Russian, by its place Russian or Bulgarian, Ukrainian; then come all other Cyrillic letters, and the rest.
_TELLING = "ыэёѣ" + "ъ" + "іїєґ"
_LETTERS = "".join(chr(point) for point in range(ord("а"), ord("я") + 1) if chr(point) not in _TELLING) + _TELLING
_CYRILLIC, _LATIN, _ODD, _END = 39, 64, 128, 255
# Letters and signs of forms that tell something only beside others.
_SIGN = 16
# Common in some texts, and always a character of its own behind Russian vowels.
_STRESS = "\u0301"
_VISIBLE = re.compile(r"\S+")
_NOTHING_ODD = re.compile("[\0-\x7fА-Яа-яЁё«»“”„–—…]*")
_VOTED = ("ru", "uk", "bg")
# So many letters are in a key, and this bit of it tells that there are more.
_KEY, _LONGER = 8, 6


def detect_many(texts: Sequence[str]) -> list[str]:
    """`detect` of each of the texts."""
    found: list[str] = []
    for chunk in _chunks([text[: rules.SAMPLE] for text in texts]):
        english, russian = _settled(list(map(_plain, chunk)))
        found += map(_answer, chunk, english.tolist(), russian.tolist())
    return found


def _answer(text: str, english: bool, russian: bool) -> str:
    if english or russian:
        return "en" if english else "ru"
    return detect(text)


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    begin = size = 0
    for at, text in enumerate(texts):
        if size and size + len(text) > _CHUNK:
            yield texts[begin:at]
            begin, size = at, 0
        size += len(text)
    yield texts[begin:]


def _plain(text: str) -> str:
    """The text as `detect` sees it, but for what `_codes` does to each character by itself.

    In small letters and composed, a text has the same addresses, if it has no odd characters, which `_codes` marks.
    Those in an address it would not see, and stress marks it does not mark, so both are looked for here.
    """
    if _STRESS in text:
        return rules.sample(text)
    if "/" not in text or "://" not in text:  # the first is found faster
        return text
    begins, ends = [], [0]
    for begin, end in _addresses(text):
        if not _NOTHING_ODD.fullmatch(text, begin, end):
            return rules.sample(text)
        begins.append(begin)
        ends.append(end)
    return " ".join([text[end:begin] for begin, end in zip([*begins, len(text)], ends, strict=True)])


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """The matches of `ADDRESS`, found from the sign in their middle, which is a rarer one than letters."""
    sign = text.find("://")
    while sign >= 0:
        begin = sign
        while begin and (text[begin - 1].isalnum() or text[begin - 1] == "_"):
            begin -= 1
        rest = _VISIBLE.match(text, sign + 3) if begin < sign else None
        if rest:
            yield begin, rest.end()
        sign = text.find("://", rest.end() if rest else sign + 1)


class _Letters(NamedTuple):
    """The letters of T texts, as codes; 0 is whatever is not Cyrillic, as before the first and behind the last.

    `telling` are the places of those that tell a language by themselves.
    """

    code: Codes
    telling: Places
    text: Places  # [T + 1] where each begins, and the last ends
    end: Places  # [words]
    of_word: Places  # [words] the text
    key: Keys  # [words] the last eight letters, the very last in the highest byte; those of longer words are marked

    def per_text(self, places: Places) -> Votes:
        """How many of the places, which are in order, each text has."""
        return np.diff(places.searchsorted(self.text))

    def words_per_text(self, words: Places) -> Votes:
        """How many of the words each text has."""
        return np.bincount(self.of_word.take(words), minlength=len(self.text) - 1)

    def of_places(self, places: Places) -> Places:
        """The text of each of the places, which are in order."""
        return np.arange(len(self.text) - 1).repeat(self.per_text(places))


def _settled(texts: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of the texts are surely English, and which are surely Russian.

    `detect` names a language other than Russian when its votes are LEAST at least, and LEAD times those against it at
    least, which are those for Russian and some more. So it says Russian when the other language has less than that
    even by more votes than it has, against fewer than there are.
    """
    code = _coded(texts)
    rare = (code >= _code(_TELLING[0])).nonzero()[0]
    kind = code.take(rare)
    text = np.concatenate(([_KEY], rare[kind == _END] + 1))
    letters, cyrillic = _letters(code, rare[kind < _CYRILLIC], text)
    odd = letters.per_text(rare[kind == _ODD]) > 0
    english = letters.per_text(rare[kind == _LATIN]) > rules.LATIN_SHARE * cyrillic
    votes = _common(letters)
    votes["ru"] += _russian(letters)
    ended = _ended(letters)
    votes["uk"] += _ukrainian(letters) + ended["uk"]
    votes["bg"] += _bulgarian(letters) + ended["bg"]
    russian = np.maximum(votes["uk"], votes["bg"]) < np.maximum(rules.LEAST, rules.LEAD * votes["ru"])
    return english & ~odd, russian & ~english & ~odd


def _letters(code: Codes, telling: Places, text: Places) -> tuple[_Letters, Votes]:
    """The letters of texts that begin at some places of the codes, and how many are Cyrillic."""
    letter = (code - np.uint8(1)) < _CYRILLIC  # 0 wraps around
    bound = (letter[1:] != letter[:-1]).nonzero()[0] + 1
    start, end = bound[::2], bound[1::2]
    length, first = end - start, start.searchsorted(text)
    of_word = np.arange(len(text) - 1).repeat(np.diff(first))
    cyrillic = np.diff(np.concatenate((np.zeros(1, np.int64), length.cumsum())).take(first))
    code *= letter
    return _Letters(code, telling, text, end, of_word, _keys(code, length, end)), cyrillic


def _coded(texts: Sequence[str]) -> Codes:
    """The codes of all the texts, an `_END` behind each, and zeros before the first."""
    joined = "\0".join((*texts, ""))
    if joined.count("\0") > len(texts):
        joined = "\0".join((*(text.replace("\0", " ") for text in texts), ""))
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), "<u2")
    code = np.zeros(_KEY + len(units), np.uint8)
    _codes().take(units, out=code[_KEY:], mode="clip")
    return code


def _common(letters: _Letters) -> dict[str, Votes]:
    """The votes of the commonest words: of those for other languages not too few, for Russian not too many."""
    table, votes = _common_words()
    word = table.find(letters.key * MIXER)
    hit = (word != ABSENT).nonzero()[0]
    # each word of a text votes once
    pairs = _distinct(letters.of_word.take(hit) * len(votes) + word.take(hit))
    text, word = np.divmod(pairs, len(votes))
    return {
        language: np.bincount(text, votes[word, column], len(letters.text) - 1).astype(np.int64)
        for column, language in enumerate(_VOTED)
    }


def _distinct(values: Places) -> Places:
    values = np.sort(values)
    new = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]


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
def _common_words() -> tuple[Table, Votes]:
    """Keys of the commonest words → numbers, and by number the votes for ru, uk, bg.

    The words that are too long for a key of their own are Russian, and so may be left out.
    """
    words = [word for word in rules.LANGUAGE_OF_COMMON if len(word) <= _KEY]
    assert all(rules.LANGUAGE_OF_COMMON[word] == "ru" for word in rules.LANGUAGE_OF_COMMON.keys() - set(words))
    code = _coded(words)
    end = (code == _END).nonzero()[0]
    table = Table()
    keys = _keys(code, np.array(list(map(len, words))), end)
    table.insert(keys * MIXER, np.arange(len(words), dtype=np.int32))
    votes = np.zeros((len(words), len(_VOTED)), np.int64)
    for number, word in enumerate(words):
        votes[number, _VOTED.index(rules.LANGUAGE_OF_COMMON[word])] = rules.common_votes(word)
    return table, votes


def _russian(letters: _Letters) -> Votes:
    """Votes for Russian by its letters, perhaps too few: each ы э ё ѣ, and each ъ at an end, of the distinct words.

    Counted are the distinct pairs of neighbours that such a letter has in the text, where no letter is a neighbour,
    too. Equal words have equal pairs, so each pair stands for one letter at least of the distinct words.
    """
    code = letters.code
    kind = code.take(letters.telling)
    at = letters.telling[(kind < _code("ъ")) | ((kind == _code("ъ")) & (code.take(letters.telling + 1) == 0))]
    around = (code.take(at).astype(np.int64) << 12) | (code.take(at - 1).astype(np.int64) << 6) | code.take(at + 1)
    pairs = _distinct(letters.of_places(at) << 18 | around)
    return np.bincount(pairs >> 18, minlength=len(letters.text) - 1)


def _ukrainian(letters: _Letters) -> Votes:
    """Votes for Ukrainian by its letters, perhaps too many: those of all words, not of the distinct ones.

    `detect` looks for them in Cyrillic words, where there is no apostrophe.
    """
    at = letters.telling[letters.code.take(letters.telling) > _code("ъ")]
    votes: Votes = rules.LETTER_VOTES["uk"] * letters.per_text(at)
    return votes


def _bulgarian(letters: _Letters) -> Votes:
    """Votes for Bulgarian by its letters, perhaps too many, in the same way."""
    at = letters.telling[letters.code.take(letters.telling) == _code("ъ")]
    votes: Votes = rules.LETTER_VOTES["bg"] * letters.per_text(at[_consonant().take(letters.code.take(at + 1))])
    return votes


def _ended(letters: _Letters) -> dict[str, Votes]:
    """Votes by the endings, perhaps too many, in the same way. A word has one at most, since all stand at its end."""
    fits, two, languages = _endings()
    left = two.take((letters.key >> np.uint64(48)).view(np.int64))
    word = left.nonzero()[0]
    left, key = left.take(word), letters.key.take(word)
    for back in range(2, len(fits)):
        left &= fits[back].take((key >> np.uint64(8 * (_KEY - 1 - back))).astype(np.uint8))
    return {
        language: rules.ENDING_VOTES[language] * letters.words_per_text(word[left & bits > 0])
        for language, bits in languages.items()
    }


def _code(letter: str) -> int:
    return _LETTERS.index(letter) + 1


@cache
def _consonant() -> NDArray[np.bool_]:
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
    """[65536] codes by UTF-16 unit: a letter and its capital have one. What lies above the units is no letter of ours.

    Odd are the characters that in small letters or composed are not one of the same kind, or that join with those
    before them: of a text without any, each character can be taken by itself. Stress marks are for `_plain` to see to.
    """
    codes = np.zeros(1 << 16, np.uint8)
    codes[1:0xD800] = [_code_of(chr(point)) for point in range(1, 0xD800)]
    codes[0xE000:] = [_code_of(chr(point)) for point in range(0xE000, 1 << 16)]
    codes[0] = _END
    codes[ord(_STRESS)] = 0
    return codes


def _code_of(character: str) -> int:
    small = character.lower()
    if combining(character) or normalize("NFC", character) != character or len(small) != 1:
        return _ODD
    if rules.CYRILLIC.match(small):
        return _LETTERS.find(small) + 1 or (_CYRILLIC if small.isalnum() else _ODD)
    return _LATIN if rules.LATIN.match(small) else 0


def of_words(forms: Strings, document: str) -> dict[str, Places]:
    """`of_word` of each of the forms, none of which is empty: language → which of them are of it, rising."""
    languages, language = _by_kinds(document)
    if not len(forms):
        return {}
    kinds = np.bitwise_or.reduceat(_kinds().take(forms.points, mode="clip"), forms.starts)
    found = language.take(kinds)
    for at in (kinds >= _SIGN).nonzero()[0].tolist():
        found[at] = languages.index(of_word(forms[at], document))
    every = {own: (found == number).nonzero()[0] for number, own in enumerate(languages)}
    return {own: at for own, at in every.items() if len(at)}


@cache
def _kinds() -> Codes:
    """[65536] what a character of a form tells, as bits; as none beyond tells anything."""
    everything = "".join(map(chr, range(1 << 16)))
    kinds = np.zeros(1 << 16, np.uint8)
    for bit, letters in enumerate((rules.CYRILLIC, rules.LATIN, rules.UKRAINIAN, rules.RUSSIAN)):
        kinds[[match.start() for match in letters.finditer(everything)]] |= 1 << bit
    kinds[[ord(sign) for sign in "ъ'"]] = _SIGN
    return kinds


@cache
def _by_kinds(document: str) -> tuple[list[str], Codes]:
    """Languages; [32] by the bits of `_kinds` without a sign: which of them it is in a document of a language."""
    samples = ("и", "q", "і", "ы")
    forms = ["".join(sample for bit, sample in enumerate(samples) if bits >> bit & 1) for bits in range(16)]
    found = [of_word(form, document) for form in forms] * 2
    languages = sorted({*rules.LANGUAGES, document})
    return languages, np.array([*map(languages.index, found)], np.uint8)
