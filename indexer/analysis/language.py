"""Which language? Of a document, from its beginning; of one word, from its letters.

Every distinct word of the beginning votes: by letters that the neighbour languages lack (ы э ё; і ї є ґ; ъ
before a consonant), by being one of the commonest words that they lack, by its ending. Bulgarian and
Ukrainian must lead Russian clearly, so that a title of two words and a Russian text that quotes stay Russian.
The language of a query is not detected at all: it is too short to tell.
"""

from __future__ import annotations

import re
from unicodedata import normalize

LANGUAGES = ("ru", "uk", "bg", "en")

_SAMPLE = 4000
# The fewest votes for another language than Russian, and how many times those for Russian they must be.
_LEAST, _LEAD = 2, 1.5
# Latin letters to one Cyrillic from which a text is English: a Russian manual of a program has fewer.
_LATIN_SHARE = 5

_ADDRESS = re.compile(r"\w+://\S+")
_LATIN = re.compile("[a-zß-öø-ɏ]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_CYRILLIC_WORD = re.compile("[Ѐ-ӿ]+")
# Letters. In Russian ъ stands before е ё ю я, in old print at the end of words; Ukrainian has none.
_RUSSIAN = re.compile(r"[ыэёѣ]|ъ\b")
_UKRAINIAN = re.compile("[іїєґ]|[а-щ]'[юя]")  # комп'ютер: of a Cyrillic word the apostrophe tells too
_BULGARIAN = re.compile("ъ(?=[бвгджзклмнпрстфхцчшщ])")
# Endings that Russian words hardly have: the infinitive and the verbal noun; the article and the aorist.
_ENDINGS = {
    "uk": re.compile(r"(?:ння|[а-щ][б-рт-хч-щ][аиу]ти|лося|увал[аио])\b"),
    "bg": re.compile(r"(?:[ая]та|[а-я]{3}(?:ите|[иа]ха)|ият|овете|[ицн]ето|ството|ване)\b"),
}
# What Russian words often have, and words of the other language never.
_NEVER = {"uk": re.compile(r"и[яеюи]|(?:тся|[^т]ой)\b"), "bg": re.compile(r"ь(?!о)|(?:[ая]ми|ому|ую)\b")}

# The commonest words of each that the other two hardly use (by wordfreq), but for those with letters above.
_COMMON = {
    "ru": """
    что из его он только если когда мне меня еще их они будет она может очень со также ее чем где больше
    сейчас более себя всех тебя теперь всего ему почему пока здесь потому такой однако ничего несколько
    своей сказал потом является вместе лишь тот сделать всем конечно которая стал которой хотя чего ведь
    могут своих тех кроме такие другие ней либо никто имеет затем оно другой какие нельзя собой кажется
    которое нее слишком иногда своим котором менее пусть о к уже кто есть во после нет вот даже можно том
    об надо тоже тем кстати
    """,
    "uk": """
    з що та це як але його вже коли якщо або було вони мене щоб чи який був буде також дуже хто можна вона
    цього бути яка цей треба чому була були бо зараз щодо лише тепер проти щось яких саме цьому завжди
    нього йому таке чого теж можуть разом якого мають знову такий ця трохи яку двох тих яке хтось цих воно
    якому хоча цим протягом понад тобто нема чим кожен хоч мав якби всього яким де будь
    """,
    "bg": """
    да е се си че са това като най има му ако няма след през аз които какво трябва всички който което един
    още този тази ги вече една малко нещо преди ме повече сега беше защото тези тя всичко защо тук всеки
    сме някой прави колко срещу няколко сте ето днес докато ние пак според бе нищо дори имам имат някои
    отново нея неща никога освен никой вие затова казва сред нито каза обаче колкото тъй бяха нека нали
    имаше друго те ще със към съм бъде го само години хората
    """,
}
_LANGUAGE_OF_COMMON = {word: language for language, words in _COMMON.items() for word in words.split()}


def detect(text: str) -> str:
    """The language of a document, one of LANGUAGES; Russian when there is nothing to tell it by."""
    sample = _ADDRESS.sub(" ", normalize("NFC", text[:_SAMPLE]).lower())
    if len(_LATIN.findall(sample)) > _LATIN_SHARE * len(_CYRILLIC.findall(sample)):
        return "en"
    words = set(_CYRILLIC_WORD.findall(sample))
    distinct = " ".join(words)
    votes = {
        "ru": len(_RUSSIAN.findall(distinct)),
        "uk": 2 * len(_UKRAINIAN.findall(distinct)) + 2 * len(_ENDINGS["uk"].findall(distinct)),
        "bg": 2 * len(_BULGARIAN.findall(distinct)) + len(_ENDINGS["bg"].findall(distinct)),
    }
    for word in words & _LANGUAGE_OF_COMMON.keys():
        votes[_LANGUAGE_OF_COMMON[word]] += 2 if len(word) > 2 else 1
    other = max("uk", "bg", key=votes.__getitem__)
    against = votes["ru"] + len(_NEVER[other].findall(distinct))
    return other if votes[other] >= max(_LEAST, _LEAD * against) else "ru"


def of_word(form: str, document: str) -> str:
    """The language of one folded form in a document of language `document`: by its letters, if they tell."""
    if form.isascii() or not _CYRILLIC.search(form):
        return "en" if _LATIN.search(form) else document
    if _UKRAINIAN.search(form):
        return "uk"
    if _RUSSIAN.search(form):
        return "ru"
    if _BULGARIAN.search(form):
        return "bg"
    return "ru" if document == "en" or (document == "uk" and "ъ" in form) else document
