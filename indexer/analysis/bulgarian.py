"""A Bulgarian form → the words it may be a form of: a table of nominal endings of our own.

Bulgarian nouns and adjectives have no cases; they have number, gender and a definite article written as
an ending (град, градът, града, градове, градовете). The table undoes the article, then number and gender,
and names a *real word* wherever the ending tells it, the singular without article, masculine of
adjectives, since the lemmas of all languages meet in one index. Where an ending leaves a choice
(срещи: среща? срещ?) every reading is given with its share.

Verbs stay whole. A stemmer that strips their endings gives договорят ("they agree") and договор
("contract") one stem, as BulStem (Nakov 2003) does in all its settings. An ending that nouns share with
verbs (-и, -а) keeps the form itself as one of the readings.

The shares were counted once, over the 36,000 commonest forms (wordfreq) against the paradigms of the
spelling dictionary (hunspell-bg), and rounded; neither is needed to run. The endings are those of the
academic grammar (Граматика на съвременния български книжовен език, т. 2 «Морфология», БАН, 1983).
"""

import functools
from collections.abc import Iterator

from indexer.patterns import pattern

_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_WORD = pattern(r"(?:[а-ъьюя]+-)*[а-ъьюя]{3,40}")
_VOWEL = pattern("[аеиоуъюя]")
_LONGEST = 6
_Column = list[tuple[str, float]]

# An ending, then what may stand in its place, each with its share ("-" is nothing). After "+" an article has
# been taken off, and the second column goes on with what is left: that is no verb, and has no short article
# -а. "C" is any consonant but й. The longest ending that fits wins.
_ENDINGS = """
ата   а+ .85  ат .10  ата .05                                          # страната, депутата, дата
ята   я+ 1                                                             # земята
ото   о+ 1                                                             # правителството
ето   е 1                                                              # решението
ите   и+ 1                                                             # договорите
овете - 1                                                              # градовете
тта   т 1                                                              # сигурността
щта   щ 1                                                              # нощта
вта   в 1                                                              # любовта
дта   д 1                                                              # заповедта
ът    - 1                                                              # договорът
змът  зъм 1                                                            # туризмът
ият   - 1                                                              # новият
ският ски 1                                                            # руският
шкият шки 1                                                            # човешкият
Cният Cен 1                                                            # главният
йният ен 1                                                             # крайният
телят тел 1                                                            # учителят
карят кар 1                                                            # лекарят
а     а .55  - .40  о .05                  | а .90  - .05  о .05       # страна, града, писма
ла    л .50  ла .45  ло .05                | ла .60  л .25  ло .15     # казала, сила, села
ра    ра .55  р .45                        | ра .90  р .10             # мярка, парка
ора   ор .80  ора .20                      | ора 1                     # отбора, гора
са    с .65  са .35                        | са 1                      # часа, маса
ма    ма .60  м .40                        | ма .85  м .15             # система, проблема
зма   зъм .95  зма .05                     | зма 1                     # туризма, призма
ва    ва .95  в .05                        | ва .75  в .20  во .05     # трябва, държава, права
ава   ава .85  ав .15                      | ава .50  ав .40  аво .10  # става, хубава, права
ива   ива .55  ив .45                      | ив .55  ива .45           # открива, красива
ова   ова .60  ов .40                      | ов .95  ова .05           # основа, готова
ева   ева 1                                | ева .50  ев .50           # Женева, слънчевата
ства  ство .55  ства .45                   | ство 1                    # средства, чувства
ка    ка .70  к .30                        | ка .75  к .25             # майка, човека
Cка   Cка 1                                                            # точка, банка
ика   ика .60  ик .40                      | ика 1                     # политика, вестника
ъка   ък .75  ъка .25                      | ъка 1                     # списъка, ръка
ока   ок .85  ока .15                      | ок .65  ока .35           # висока, посока
ска   ски .80  ска .20                     | ски .95  ска .05          # руска, закуска
иска  иска .85  иск .15                    | иска 1                    # поиска, риска
шка   шка .75  шки .25                                                 # грешка, човешка
ца    ца .80  ц .15  це .05                | ца .90  це .10            # седмица, месеца, лицата
ща    ща .75  щ .25                        | щ .65  ща .35             # среща, следващата
ища   ище 1                                                            # училища
ена   ен .60  ена .40                      | ен .80  ена .20           # решена, цена
ина   ина .85  ин .15                      | ина 1                     # година, магазина
она   он .75  она .25                      | она 1                     # телефона, зона
Cна   Cен .90  Cна .10                     | Cен .95  Cна .05          # главна, Варна
йна   ен .65  йна .20  йн .15              | ен .75  йна .25           # крайна, война, басейна
ета   е .45  ет .30  ета .25               | е .60  ета .40            # момчета, съвета, диета
Cта   Cт .70  Cта .30                      | Cта .80  Cт .20           # проекта, карта
теля  тел 1                                | теля 1                    # учителя
каря  кар 1                                | каря 1                    # лекаря
ая    ая .85  ай .15                       | ая 1                      # стая, случая
ия    ия .65  - .20  ие .15                | ия .80  ие .20            # партия, новия, усилия
Cния  Cен .95  Cния .05                    | Cния 1                    # главния, линия
йния  ен 1                                 | йния 1                    # крайния
ския  ски 1                                | ския 1                    # руския
шкия  шки 1                                | шкия 1                    # човешкия
щия   щ 1                                  | щия 1                     # следващия
ция   ция 1                                                            # гаранция
гия   гия 1                                                            # енергия
ения  ение .75  ен .15  ения .10           | ение 1                    # решения, зеления, Армения
ания  ане .45  ание .35  ания .15  ан .05  | ане .50  ание .40  ания .10# искания, издания, Испания
вания ване 1                                                           # изследвания
ствия ствие 1                                                          # действия
о     о .75  - .25                         | о .60  - .40              # село, хубаво
ство  ство 1                                                           # правителство
ско   ски .95  ско .05                     | ски 1                     # руско
шко   шки 1                                                            # човешко
Cно   Cен .95  Cно .05                                                 # сигурно, петно
йно   ен .95  йно .05                      | ен 1                      # крайно
ено   ен .85  ено .15                      | ен .95  ено .05           # решено
ано   ан .85  ано .15                                                  # казано
мо    м .70  мо .30                        | м .80  мо .20             # голямо, писмо
що    щ .60  що .40                        | щ .90  що .10             # общо, защо
ове   - 1                                                              # градове
и     и .40  - .33  а .22  я .05           | - .53  а .40  я .07       # прави, договори, срещи, земи
ии    ия .95  ий .05                                                   # гаранции, критерии
аи    ай .60  аи .40                       | ай .90  ая .10            # случаи, стаи
еи    ей .55  ея .45                                                   # музеи, идеи
ои    ои .75  ой .25                       | ой 1                      # стои, герои
ги    га .55  г .25  ги .20                | га .70  г .30             # книги, други
зи    за .35  зи .35  з .15  г .15         | за .50  з .30  г .20      # кризи, пази, анализи, белези
хи    х .60  ха .40                                                    # успехи, дрехи
си    с .50  си .30  са .20                | с .75  са .25             # въпроси, носи, маси
ки    ка .65  ки .30  к .05                | ка .85  к .10  ки .05     # отстъпки, високи
оки   ок .75  ока .25                                                  # високи, посоки
ски   ски .95  ска .05                                                 # руски, маски
шки   шка .50  шки .50                     | шка .75  шки .25          # грешки, човешки
йки   йки .55  йка .45                     | йка 1                     # правейки, майки
ци    к .85  ц .10  ца .05                                             # потоци, месеци, птици
ици   ица .60  ик .40                      | ик .50  ица .50           # граници, ученици
Cци   Cец 1                                                            # творци
йци   ец .90  йка .10                      | ец .95  йка .05           # европейци
ти    т .50  ти .35  та .15                | т .75  та .25             # съвети, плати, минути
нти   нт .95  нта .05                                                  # документи
сти   ст .80  сти .20                      | ст 1                      # области, прости
зми   зъм 1                                                            # механизми
ени   ен .70  ени .15  ена .15             | ен .80  ена .20           # учени, промени, жени
ани   ан .50  ана .20  ани .15  анин .15   | ан .65  ана .20  анин .15 # органи, страни, граждани
яни   ян .55  янин .35  яни .10            | янин .65  ян .35          # християни, пияни
ини   ина .65  ин .20  ини .10  иня .05    | ина .60  ин .35  иня .05  # години, магазини
Cни   Cен .90  Cни .05  Cна .05            | Cен .95  Cна .05          # сигурни, кухни
йни   ен .80  йн .10  йна .10                                          # крайни, войни, басейни
ли    л .60  ли .25  ла .15                | л .80  ла .20             # казали, моли, школи
ори   ор .70  ори .25  ора .05             | ор .95  ора .05           # договори, отговори
ари   ар .55  ари .30  ара .15             | ар .85  ара .15           # пазари, удари, цигари
Cри   Cър .65  Cра .20  Cри .15            | Cър .75  Cра .25          # министри, сестри
щи    щ .50  щи .45  ща .05                | щ .85  ща .15             # общи, съобщи, къщи
"""

# What the endings cannot reach: a word, then its other forms. "-" ends the stem of an adjective, "~" that of
# a noun. A name alone says that it is not inflected, whatever it looks like.
_OPEN = {"-": "а о и ия ият ата ото ите", "~": "а ът ове овете и ите"}
_IRREGULAR = """
ден: деня денят дена дни дните; път: пътя пътят пътища пътищата; човек: човека човекът хора хората;
дете: деца децата; брат: братя братята; господин: господа; мъж: мъж~ мъже мъжете; кон: коня конят коне;
око: очи очите; ухо: уши ушите; ръка: ръце ръцете; крак: крак~ крака краката; коляно: колене коленете;
име: имена имената; време: времена времената; племе: племена племената; знаме: знамена знамената;
място: места местата; тяло: тела телата; лято: лета летата; дърво: дървета дърветата; цвете: цветя цветята;
край: края краят краища; случай: случая случаят; герой: героя героят; музей: музея музеят;
цар: царя царят царе; крал: краля кралят крале; сън: съня сънят сънища; огън: огъня огънят огньове;
българин: българи българите; сърбин: сърби сърбите; турчин: турци турците; грък: гърци гърците;
вълк: вълци вълците; песен: песни песните песента; есен: есента; вечер: вечерта; сутрин: сутринта;
цел: целта цели целите; степен: степента степени; мисъл: мисълта мисли мислите; сол: солта; реч: речта;
данни: данните; нещо: неща нещата; лев: лева левове; мярка: мерки мерките; сянка: сенки сенките;
животно: животни животните; промяна: промени промените; смяна: смени смените; цвят: цвят~ цвет~;
свят: свят~ свет~; бряг: бряг~ брег~; сняг: сняг~ снег~; грях: грях~ грех~; вятър: вятър~ ветр~;
център: центр~; ъгъл: ъгъл~ ъгл~; гръб: гърб~; връх: върх~; алгоритъм: алгоритм~; първи: първ-; втори: втор-;
трети: трет-; четвърти: четвърт-; пети: пет-; шести: шест-; друг: друг-; малък: малк-; близък: близк-;
тежък: тежк-; нисък: ниск-; сладък: сладк-; кратък: кратк-; рядък: рядк- редк-; тънък: тънк-; ярък: ярк-;
дълъг: дълг-; топъл: топл-; кръгъл: кръгл-; светъл: светл-; зъл: зл-; мъртъв: мъртв-; еднакъв: еднакв-;
добър: добр-; голям: голям- големи големите големия големият; бял: бял- бели белите белия белият;
цял: цял- цели целите целия целият; ляв: ляв- леви левите левия левият; десен: дясн- десни десните;
тесен: тясн- тесни тесните; летен: лятн-; верен: вярн-; железен: желязн-;
европа:; русия:; украйна:; германия:; испания:; британия:; великобритания:; албания:; компания:; кампания:;
москва:; виена:; варна:; софия:; америка:; африка:; азия:; македония:; сърбия:; гърция:; турция:; женева:
"""

# Words that look inflected and are not: pronouns, adverbs, months; and verbs so common that a reading as a
# noun (иска: иск, прави: право) would only mislead.
_WHOLE = """
ако ами като при или нито нали дали дори ето около поради заради въпреки вместо спрямо преди след докато какво
каква какви който която което които когото чиято това този тази тези тия онази онези така такава такива когато
където защо защото затова както колко колкото отколкото толкова няколко една едно едни два две три четири него
нея свои моя своя всеки всяка всяко всички всичко нищо някои някого някога никога винаги сега тогава понякога
веднага отдавна вчера утре снощи довечера рано накрая засега едва твърде почти тъкмо заедно отново вкъщи
януари февруари април юни юли август септември октомври ноември декември нато
има няма може трябва иска каза казва прави направи мисли носи говори знае види видя вижда гледа идва върви
излиза влиза изглежда намира разбира започна получи заяви обяви реши остана спечели продължи твърди
търси обича намери взема чака случи кажа мога дава стига помага бива участва
"""


def version() -> str:
    """What the lemmas depend on: the number of the table, raised whenever a row changes."""
    return "endings 1"


def lemmas(form: str) -> tuple[tuple[str, float], ...]:
    """(lemma, P(lemma | form)) of a folded form, likeliest first; the form itself when no ending fits.

    Anything may be asked; what is not a word of Bulgarian letters comes back whole.
    """
    known = _irregular().get(form)
    if known:
        return tuple((lemma, round(1 / len(known), 4)) for lemma in known)
    shares: dict[str, float] = {}
    if len(form) <= 60 and _WORD.fullmatch(form):
        for lemma, share in _readings(form, article_off=False):
            shares[lemma] = shares.get(lemma, 0) + share
    pairs = [(lemma, round(share, 4)) for lemma, share in shares.items() if share > 0.01]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))) or ((form.replace("ё", "е"), 1.0),)


def _readings(word: str, article_off: bool) -> Iterator[tuple[str, float]]:
    """What the table says of a word: its first or, when the article is off, its second column."""
    for length in range(min(_LONGEST, len(word)), 0, -1):
        stem, columns = word[:-length], _endings().get(word[-length:])
        if columns is None:
            continue
        for ending, share in columns[article_off]:
            lemma = stem + ending.strip("-+")
            if not _VOWEL.search(stem if ending.endswith("+") else lemma):  # no word is without: път, дата
                yield word, share
            elif ending.endswith("+"):
                for base, part in _readings(lemma, article_off=True):
                    yield base, share * part
            else:
                yield lemma, share
        return
    yield word, 1.0


@functools.cache
def _endings() -> dict[str, tuple[_Column, _Column]]:
    """Ending → its two columns, with "C" written out as every consonant."""
    table: dict[str, tuple[_Column, _Column]] = {}
    for row in filter(None, _ENDINGS.splitlines()):
        ending, rules = row.split("#")[0].split(maxsplit=1)
        for consonant in _CONSONANTS if "C" in ending else "C":
            columns = [rule.replace("C", consonant).split() for rule in rules.split("|")]
            pairs = [[(to, float(share)) for to, share in zip(c[::2], c[1::2], strict=True)] for c in columns]
            if "C" not in ending or ending.replace("C", consonant) not in table:
                table[ending.replace("C", consonant)] = pairs[0], pairs[-1]
    return table


@functools.cache
def _irregular() -> dict[str, tuple[str, ...]]:
    """Form → the words that have it, of those that the endings cannot reach or must not touch."""
    table: dict[str, tuple[str, ...]] = {word: (word,) for word in _WHOLE.split()}
    for entry in _IRREGULAR.split(";"):
        base, forms = entry.strip().split(":")
        for form in [base, *forms.split()]:
            for ending in _OPEN.get(form[-1], "").split() or [""]:
                full = form.rstrip("-~") + ending
                table[full] = tuple(dict.fromkeys((*table.get(full, ()), base)))
    return table
