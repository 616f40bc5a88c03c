"""Russian: form → weighted lemmas, and which forms a query word reaches.

Tables to be read and added to by a linguist.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import russian, ukrainian, words
from indexer.analysis.folding import fold, key

# form: its lemmas, likeliest first, ё folded; "~" is the stem of a word that the dictionary does not know
LEMMAS = """
пня: пень                           # fleeting vowel
пень: пень пенить                   # homonyms: all of them, the likelier first
пёс: пес                            # ё is folded in lemmas
пса: пес
гусята: гусенок                     # a suffix that changes
небеса: небо                        # an old plural
ночью: ночью ночь                   # an adverb too
пламенем: пламя                     # heteroclite
котята: котенок
соседи: сосед                       # hard in the singular, soft in the plural
крылья: крыло
детям: ребенок                      # suppletive
людьми: человек
метро: метро                        # indeclinable
шоссе: шоссе
ножницами: ножницы                  # plural only
ехал: ехать
поехавший: поехать                  # participles are of their verb
спят: спать
лягте: лечь                         # three roots of one verb
лёг: лечь
шла: идти                           # suppletive
шедшего: идти
вымыв: вымыть                       # gerunds too
сшитое: сшить
умывается: умываться                # reflexive verbs are verbs of their own
белейший: белый                     # superlative
худший: плохой                      # suppletive
злее: злой                          # comparative
дядин: дядин                        # possessive adjectives are words of their own
двумя: два
пятью: пять
сорока: сорок сорока                # forty, or a magpie
мною: я
нами: мы
кого: кто
никого: никто
вузах: вуз                          # abbreviations decline like nouns
тасс: тасс
оон: оон
москвой: москва
тверью: тверь
псковом: псков
матвею: матвей
любови: любовь
ильиничной: ильинична               # the patronymic of a woman is not that of a man
ильичом: ильич
трём: три тереть
полутора: полтора
пила: пила пил пить                 # a saw, of saws, drank
печь: печь
стекла: стекло стечь
душа: душа душ душить
белка: белок белка                  # of white, or a squirrel
смог: смочь смог
см: см                              # centimetres, not «смотри»
хайпом: хайп ~хайп                  # an unknown word also stands under its stem
кто-то: кто-то                      # particle words
кого-нибудь: кто-нибудь
по-птичьи: по-птичьи
7-й: 7-й                            # ordinals in digits have one lemma
7-го: 7-й
80-х: 80-й
21-му: 21-й
7-я: 7-й
7-е: 7-й
c++: c++                            # what is no Russian word comes back whole
ё-моё: е-мое                        # with ё folded all the same
5374: 5374
3,5: 3,5
"""

# query | forms that it must reach | words that it must not
REACH = """
пёс | пса псом псы псов пес | песок                                           # fleeting vowel, ё typed or not
лоб | лба лбу лбами | лобный лобовой                                          # but not what is derived
ветер | ветра ветром ветры ветров | ветеран
ручей | ручья ручьи ручьями | ручной
огонь | огня огни огнём огнем | огонёк
отец | отца отцов отцами | отчий
воробей | воробья воробьи воробьёв | воробьиный
ехать | еду едешь ехал ехали ехавший едущий езжай | ездить поезд              # suppletive; not its frequentative
найти | нашёл нашла найдёт найду найденный | находить                         # not its imperfective
лечь | ляг лёг легла лягут лёгший | лечить лечение                            # three roots
сесть | сел села сядет сядь | сидеть
есть | ем ешь ел ели едят | съедобный                                         # not «съесть»
бить | бью бьёт бил бей битый | битва
шить | шью шьёшь шил шитый | шинель
звать | зову зовёт звала званный | зов
гнать | гоню гонит гнала | погоня
красить | крашу красит крашенный | красота
тёмный | тёмная тёмных темней темнее темнейший темен тёмен | темнота          # all degrees
короткий | короче короток коротка | короткометражка
лёгкий | легче легок лёгкими легкий | лягу
хороший | лучше лучший хорош | лучина                                         # suppletive degrees
плохой | хуже худший плох | худой                                             # so
ребёнок | дети детей детьми детям ребенка | детский                           # suppletive plural
человек | люди людей людям человеком | человечный                             # so
год | лет годов года году | годный                                            # so: «пять лет»
песня | песен песни песнями | песок                                           # fleeting vowel of the genitive plural
окно | окон окна окнами | окошко
семья | семей семье семьями | семя
земля | земель земли землёй землей | земляк
сестра | сестёр сестер сестры | сестринский
судья | судей судьи судье | суд
князь | князья князей князьям | княгиня
зуб | зубы зубья зубов | зубр                                                 # two plurals
колено | колени коленей колен коленями | коленка                              # so
ухо | уши ушей ушами | ушиб                                                   # changing root
око | очи очей | окно
чудо | чудеса чудес | чудак                                                   # longer plural
мать | матери матерью матерей | материя                                       # longer stem
время | времени времён временами | временный                                  # heteroclite
путь | пути путём путей | путать
два | двух двум двумя две | вдвое                                             # numerals
сорок | сорока | срок                                                         # homonyms meet
тысяча | тысяч тысячи тысячью тысячами | тысячный
кто | кого кому кем ком | —                                                   # pronouns
что | чего чему чем чём | —
мы | нас нам нами | —
какой-то | какого-то какому-то какие-то | какой                               # in its cases, not by its parts
кто-нибудь | кого-нибудь кому-нибудь кем-нибудь | кто
вуз | вуза вузы вузов вузам | узы
завод | заводы заводе заводом | завести                                       # not the verb of the same beginning
часть | частью части частей | часто частый                                    # not the adverb that stems alike
порт | порта порту портом порты | портной портить
нота | ноты нот ноте нотой | нато                                             # a name in capitals is another word
банк | банка банку банков | баночный
мул | мула мулы мулов | мулла                                                 # one letter, another word
устав | устава уставом уставу | усталый
дождь | дождя дожди дождём | дожать                                           # not the verb
крановщица | крановщицы крановщице | кран
нейросеть | нейросетями нейросети | сеть                                      # words that no dictionary has
лайкать | лайкает лайкают лайкал | лайка                                      # verbs too
криптовалюта | криптовалютой криптовалюты криптовалют | валюта
Пётр | петра петру петром | петровский                                        # names
Лев | льва львом | левша
Павел | павла павлу павлом | павлин
Любовь | любови любовью | —
Фёкла | фёклы феклой | свёкла
Ильинична | ильиничны ильиничной | ильич
Никита | никиты никитой никите | —
Псков | пскова псковом пскове | —                                             # towns
Тверь | твери тверью | —
Сочи | сочи | сочный                                                          # indeclinable
Киев | киева киевом киеве | клей
Нью-Йорк | нью-йорка нью-йорке | —                                            # of two words
Ростов-на-Дону | ростове-на-дону ростова-на-дону | —
иван-чай | иван-чая иван-чаем | —
7-й | 7-го 7-му 7-я 7-е 7-х 7-ми | 7                                          # ordinals in digits are not the number
"""


def cells(line: str) -> list[str]:
    """The cells of a row, without the reason."""
    return [cell.strip() for cell in line.partition("#")[0].split("|")]


LEMMA_ROWS = [re.split(r":\s+", cells(line)[0]) for line in LEMMAS.strip().splitlines()]
REACH_ROWS = [cells(line) for line in REACH.strip().splitlines()]


@pytest.mark.parametrize(("form", "expected"), LEMMA_ROWS, ids=[form for form, _ in LEMMA_ROWS])
def test_lemmas(form: str, expected: str) -> None:
    assert [lemma for lemma, _ in russian.lemmas(form)] == expected.split()


def weight(query: str, form: str) -> float:
    """How far the form stands for the query word: Σ a(lemma) · P(lemma | form)."""
    affinities = words.affinities(fold(query), ("ru",))
    return sum(affinities.get(lemma, 0.0) * share for lemma, share in words.lemmas(fold(form), "ru"))


@pytest.mark.parametrize(("query", "kin", "strangers"), REACH_ROWS, ids=[row[0] for row in REACH_ROWS])
def test_reach(query: str, kin: str, strangers: str) -> None:
    assert [form for form in kin.split() if weight(query, form) < russian.FLOOR] == [], "must be reached"
    assert [form for form in strangers.strip("—").split() if weight(query, form) > 0] == [], "must not be reached"


# query | forms, each less likely to be the word asked for than the one before
LIKELIER = """
сталь | сталью стали                # «стали» is more often a verb
стать | стала стали
мыть | мыл мыло                     # «мыло» is more often a noun
дух | духом духи                    # ghosts, or scent
брать | брал берет                  # or a cap
"""


@pytest.mark.parametrize(("query", "forms"), [cells(line) for line in LIKELIER.strip().splitlines()])
def test_a_form_of_several_words_weighs_less(query: str, forms: str) -> None:
    weights = [weight(query, form) for form in forms.split()]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)
    assert weights[-1] >= russian.FLOOR, "but is found"


def test_shares_of_homonyms_are_probabilities() -> None:
    shares = dict(russian.lemmas("печь"))
    assert shares == {"печь": 1.0}, "the stove and the verb have one lemma: their shares add up"
    shares = dict(russian.lemmas("стекла"))
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-3)


def test_the_stem_of_an_unknown_word_joins_guesses_that_differ() -> None:
    one, other = dict(russian.lemmas("шмульц")), dict(russian.lemmas("шмульцем"))
    assert one["~шмульц"] == other["~шмульц"] == russian.STEM_WEIGHT


@pytest.mark.parametrize(
    ("form", "is_known"),
    [
        ("самовар", True),
        ("самоваром", True),
        ("самовары", True),
        ("ёлка", True),
        ("елка", True),
        ("кто-то", True),
        ("щурогляз", False),
        ("covid", False),
        ("5", False),
        ("", False),
        ("-", False),
        ("\U00017000", False),
    ],
)
def test_known(form: str, is_known: bool) -> None:
    assert russian.known(form) is is_known


def test_forms_are_all_that_a_word_may_be() -> None:
    forms = russian.forms("пса")
    assert {"пес", "пса", "псу", "псом", "псе", "псы", "псов", "псам", "псами", "псах"} <= set(forms)
    assert len(forms) == len(set(forms)), "each once"
    assert not any("ё" in form for form in forms), "as keys"
    assert {"шел", "идет", "шедшего"} <= set(russian.forms("идти"))
    assert "дело" not in russian.forms("день"), "what is ignored everywhere is ignored here"
    assert russian.forms("c++") == ["c++"], "no Russian word has one form"


COMMON = """
время человек рука глаз вопрос дом страна мир случай голова ребёнок конец город женщина вода отец ночь стол имя
народ жена суд путь форма улица вечер мать язык век школа цель театр письмо утро пёс лёд орёл котёнок семя дочь сын
брат стул лист крыло ухо яблоко небо судно курица хозяин сосед боярин гражданин полтора шестьдесят двести пятьсот
сказать говорить знать стать видеть идти стоять думать жить понять делать взять давать пойти увидеть выйти работать
любить ответить лежать гнать бежать стелить печь жечь лечь сесть петь лить мести вести везти нести ползти грести
цвести клясть жать мять начать принять ехать лгать дать надоесть дремать плакать искать писать мыться бороться
новый большой хороший плохой маленький высокий старый молодой белый чёрный лисий мамин рыбий третий самый весь этот
""".split()


@pytest.mark.parametrize("word", COMMON)
def test_a_word_reaches_all_its_forms_and_each_of_them_the_word(word: str) -> None:
    forms = russian.forms(fold(word))
    assert [form for form in forms if weight(word, form) < russian.FLOOR] == []
    assert [form for form in forms if weight(form, word) < russian.FLOOR] == []


FORMS = st.one_of(
    st.text(max_size=20),
    st.text(st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюя-"), max_size=25),
    st.text(st.sampled_from("абёіїъ'-az09~+#@. \U00017000"), max_size=8),
).map(fold)


@given(FORMS)
@example("\U00017000")  # pymorphy3 raises on it
@example("\U00017000кошка")
@example("-")
@example("а-")
@example("ё" * 128)
def test_any_form_has_lemmas(form: str) -> None:
    found = russian.lemmas(form)
    shares = [share for _, share in found]
    assert found
    assert shares == sorted(shares, reverse=True)
    assert all(russian.FLOOR <= share <= 1 for share in shares)
    assert sum(shares) <= 1 + 1e-3
    assert len(dict(found)) == len(found)
    assert not any("ё" in lemma for lemma, _ in found)
    assert sum(lemma.startswith("~") for lemma, _ in found if not form.startswith("~")) <= 1
    assert russian.forms(form)


WITH_YO = """
ёлка мёд самолёт тёмный счёт шёл ребёнок щёки пчёл звёзд вёдра слёзы ещё всё чьё моё чём шофёр объём подъём съёмка
отчёт вдвоём днём чёрный твёрдый пьёт поёт берёт зовёт Семён Пётр Алёна Алёне Фёдор Лёша Потёмкин Горбачёв Королёвым
"""


@pytest.mark.parametrize("word", WITH_YO.split())
def test_yo_typed_or_not_is_the_same_word(word: str) -> None:
    typed_without = key(fold(word))
    assert weight(typed_without, word) >= russian.FLOOR
    assert weight(word, typed_without) >= russian.FLOOR


@given(FORMS, st.lists(st.sampled_from(["ru", "uk", "bg", "en"]), unique=True, max_size=4))
def test_affinities_are_weights(form: str, languages: list[str]) -> None:
    found = words.affinities(form, tuple(languages))
    assert found
    assert max(found.values()) == 1
    assert min(found.values()) >= russian.FLOOR


def test_a_word_without_letters_is_its_own_lemma_in_every_language() -> None:
    for language in words.LANGUAGES:
        assert words.lemmas("2022", language) == (("2022", 1.0),)
    assert words.affinities("2022", tuple(words.LANGUAGES)) == {"2022": 1.0}


def test_an_index_without_languages_knows_the_form_alone() -> None:
    assert words.affinities("ёж", ()) == {"еж": 1.0}


def test_a_word_of_two_languages_takes_the_lemmas_of_both() -> None:
    assert words.affinities("стали", ("ru",)).keys() < words.affinities("стали", ("ru", "uk", "bg")).keys()
    assert words.affinities("сталью", ("ru", "en")) == words.affinities("сталью", ("ru",)), "no Latin letter"


@pytest.mark.skipif(not ukrainian.installed(), reason="pymorphy3-dicts-uk, an extra, is not installed")
def test_a_ukrainian_guess_yields_to_the_russian_dictionary() -> None:
    everywhere = ("ru", "uk")
    assert words.affinities("статьи", everywhere) == {"статья": 1.0}, "not «стать», as a Ukrainian ending would have it"
    assert "рік" in words.affinities("року", everywhere), "what the Ukrainian dictionary knows stays"
    assert "~рябков" in words.affinities("рябкова", everywhere), "and so does what both only guess"


def test_versions_tell_what_an_index_depends_on() -> None:
    versions = {language: words.version(language) for language in words.LANGUAGES}
    assert all(version.startswith(f"{words.LEMMAS}: ") for version in versions.values())
    assert "pymorphy3-dicts-ru" in versions["ru"]
    assert len(set(versions.values())) == len(versions)
