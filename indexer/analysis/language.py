"""Which language? Of a document, from its beginning; of one word, from its letters.

Every distinct form of the beginning votes: by letters that the neighbour languages lack (ы э ё; і ї є ґ; ъ
before a consonant), by being one of the commonest words that they lack, by its ending. Bulgarian and
Ukrainian must lead Russian clearly, so that a title of two words and a Russian text that quotes stay Russian; where
they do, a second count asks the Russian dictionary, since «нажмите» ends and «само» is spelled as in Bulgarian.
The language of a query is not detected at all: it is too short to tell.

One text or word at a time, as it is defined; `detection` gives the same for many at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from indexer.analysis import russian
from indexer.analysis.tokens import tokenize
from indexer.patterns import pattern

LANGUAGES = ("ru", "uk", "bg", "en")

# Of a text only the words count that begin among so many characters.
SAMPLE = 4000
# The fewest votes for another language than Russian, and how many times those for Russian they must be.
LEAST, LEAD = 2, 1.5
# Latin letters to one Cyrillic from which a text is English: a Russian manual of a program has fewer.
LATIN_SHARE = 5

ADDRESS = pattern(r"\b\w++://\S+")  # the same as \w+://\S+, but does not try every tail of every word
LATIN = pattern("[a-zß-öø-ɏ]")
CYRILLIC = pattern("[Ѐ-ӿ]")
_CYRILLIC_WORD = pattern("[Ѐ-ӿ]+")
# Letters. In Russian ъ stands before е ё ю я, in old print at the end of words; Ukrainian has none.
RUSSIAN = pattern(r"[ыэёѣ]|ъ\b")
UKRAINIAN = pattern("[іїєґ]|[а-щ]'[юя]")  # комп'ютер: of a Cyrillic word the apostrophe tells too
BULGARIAN = pattern("ъ(?=[бвгджзклмнпрстфхцчшщ])")
# Endings that Russian words hardly have: the infinitive and the verbal noun; the article and the aorist.
ENDINGS = {
    "uk": ("ння", "[а-щ][б-рт-хч-щ][аиу]ти", "лося", "увал[аио]"),
    "bg": ("[ая]та", "[а-я][а-я][а-я]ите", "[а-я][а-я][а-я][иа]ха", "ият", "овете", "[ицн]ето", "ството", "ване"),
}
_ENDINGS = {language: pattern(rf"(?:{'|'.join(endings)})\b") for language, endings in ENDINGS.items()}
# What a letter or ending of each language counts.
LETTER_VOTES = {"ru": 1, "uk": 2, "bg": 2}
ENDING_VOTES = {"uk": 2, "bg": 1}
# What Russian words often have, and words of the other language never.
_NEVER = {"uk": pattern(r"и[яеюи]|(?:тся|[^т]ой)\b"), "bg": pattern(r"ь(?!о)|(?:[ая]ми|ому|ую)\b")}

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
LANGUAGE_OF_COMMON = {word: language for language, words in _COMMON.items() for word in words.split()}


def detect(*texts: str) -> str:
    """The language of a document, one of LANGUAGES, from its texts: a title that does not stand in the text is another.

    Russian when there is nothing to tell it by. Addresses tell nothing.
    """
    forms, balance = set[str](), 0
    for text in texts:
        addresses = [range(*match.span()) for match in ADDRESS.finditer(text, 0, SAMPLE)]
        for token in takewhile(lambda token: token.start < SAMPLE, tokenize(text, russian.known)):
            if token.kind == "word" and not any(token.start in address for address in addresses):
                forms.add(token.form)
                balance += len(LATIN.findall(token.form)) - LATIN_SHARE * len(CYRILLIC.findall(token.form))
    return of_forms(forms, balance)


def of_forms(forms: Iterable[str], balance: int) -> str:
    """The language of a document, from the distinct forms of its words.

    `balance` is how many Latin letters it has more than LATIN_SHARE to each Cyrillic one.
    """
    if balance > 0:
        return "en"
    words = [word for form in forms for word in _CYRILLIC_WORD.findall(form)]
    together = " ".join(words)
    votes = {
        language: LETTER_VOTES[language] * len(letters.findall(together))
        for language, letters in (("ru", RUSSIAN), ("uk", UKRAINIAN), ("bg", BULGARIAN))
    }
    for language, ending in _ENDINGS.items():
        votes[language] += ENDING_VOTES[language] * len(ending.findall(together))
    for word in words:
        if (common := LANGUAGE_OF_COMMON.get(word)) is not None:
            votes[common] += common_votes(word)
    other = max("uk", "bg", key=votes.__getitem__)
    least = max(LEAST, LEAD * (votes["ru"] + len(_NEVER[other].findall(together))))
    if votes[other] < least or all(map(russian.known, words)):
        return "ru"
    return other if votes[other] - _russian_too(words, other) >= least else "ru"


def _russian_too(words: Iterable[str], language: str) -> int:
    """How many votes too many another language has by words that are Russian as well.

    The ending of such a word says nothing, and that it is common there no more than a short one says.
    """
    votes = 0
    for word in words:
        ending = ENDING_VOTES[language] if _ENDINGS[language].search(word) else 0
        common = common_votes(word) if LANGUAGE_OF_COMMON.get(word) == language else 0
        if (ending or common > 1) and russian.known(word):
            votes += ending + max(0, common - 1)
    return votes


def common_votes(word: str) -> int:
    """What one of the commonest words counts: a short one may stand there by chance."""
    return 2 if len(word) > 2 else 1


def of_word(form: str, document: str) -> str:
    """The language of one folded form in a document of language `document`: by its letters, if they tell."""
    if form.isascii() or not CYRILLIC.search(form):
        return "en" if LATIN.search(form) else document
    if UKRAINIAN.search(form):
        return "uk"
    if RUSSIAN.search(form):
        return "ru"
    if BULGARIAN.search(form):
        return "bg"
    return "ru" if document == "en" or (document == "uk" and "ъ" in form) else document
