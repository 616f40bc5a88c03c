"""Related words of Russian, Япония ~ японский, переговоры ~ переговорный, паровоз ~ паровозик: by rules of derivation.

A rule is how a word ends and how another made of it does (Русская грамматика, 1980, «Словообразование»), where both
stand in the dictionary as words of the kinds that the rule is of. It is read both ways, one step: no kin of kin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.analysis.russian import headwords

# What the one word is and the other; what both must have in common; how many letters they share at least. Then how the
# one ends and the other does, a hyphen for nothing. A word in brackets behind it: the ending of a rival, which the
# other word is made of if there is such a noun (водка, not вода, makes водочка).
_RULES = """
NOUN,Geox ADJF - 3
    ия ский/ийский/инский/ьский/ьянский/иатский  гия жский  сия сский  ша ский  а ский/инский/ейский/ской/енский
    ка канский  га жский  ла льский  са ский  я йский  - ский/ской  л льский  ль ский  г жский  ск ский  цк цкий
    ь ский/ской/енский  й йский  о ский/йский  ы ский/инский  и ский/йский  у инский  ье ский/ный
NOUN,Geox NOUN,anim,masc - 3
    ия ец/иец/ьянец  а ец/инец  ка канец  ь ец  й ец  - ец/чанин/янин  ск чанин/янин
NOUN,anim,masc ADJF - 3
    ец ский/йский  анин анский  янин янский  ин ский/инский  - ский  ист истический  к ческий  тель тельный
NOUN,inan ADJF - 5
    - ский
NOUN,inan ADJF - 4
    - ный/ной/ской/ический  л льный  ы ный  и ный  а ный()/ной()/овый()  о ный()/ной()/овый()  ло льный  ь ный  ье ный
NOUN,inan ADJF - 3
    - овый/овой  г жный  к чный/чной  х шный  ец ечный  ц чный  а овой()  ла льный  га жный/жной  ака ачный  ека ечный
    ука учный  ка очный  ха шный  ца чный  ча чный  ко чный  це ечный  ь ной/евый/евой  й йный/евый/евой
    ия ионный/ический/ийный/ийский  ика ический  ство ственный  ствие ственный  вие вный  чие чный  сие сный  мие мный
    дие дный  ие ийный  изм истский/истический
NOUN,anim,masc NOUN,anim,femn - 3
    ец ка/ица  анин анка  янин янка  ин ка  тель тельница  ник ница  - ка  р рша  ик ичка
NOUN,inan NOUN,inan gender 3
    - ик/чик  к чек  а очка(ка)  ь очка(ка)  ка очка/ечка
NOUN,anim,masc NOUN,inan - 3
    - ство  ист изм  ик ика/ия  лог логия  граф графия
NOUN,inan NOUN,anim,masc - 4
    - ист/щик/чик  ы щик  ка чик/щик  ия ист/ионер  ство ственник
ADJF NOUN,inan,femn - 3
    ый ость/ность/ота/изна  ой ость/ота  ий ость/ность
ADJF ADVB - 3
    ый о  ий о/е/и  ой о
INFN NOUN,inan,neut - 3
    ать ание  ять яние/ение  еть ение  ить ение/итие  бить бление  пить пление  вить вление  мить мление  тить щение
    дить ждение  сить шение  зить жение  стить щение  сти сение/дение/тение  ыть ытие  чь чение  нуть новение
INFN NOUN,anim,masc - 3
    ать атель  ить итель
INFN NOUN,inan,femn - 4
    ировать ация/ировка
"""
# What the rules would join and is of two words, by their ends.
_STRANGERS = """
любим любимец     любимец любимский     вена венец     венец венский     венец венка     кос косец     хрома хромец
лена ленинский     чеша чешский     братец братский     язык языческий     телец телка     цель цельный
порядок порядочный     подвиг подвижный     запах запашный     клин клинический     класс классический
завод заводной     страна странный     глава главный     стадия стадионный     счет счетчик     образ образчик
новый новость     должный должность     долг должный     слог сложный     метить мещение     пасти падение
степ степной     чечень чеченец     треск тресковый     стен стенной     частик частичный     пластик пластический
храп храповой     мочь мочевой     органист организм     братик братия     орало оральный     спица спичный
отдел отдельный     накладной накладно     самария самарский
"""
# Of other stems than the rules know: all words of a row are kin.
_LISTED = """
москва московский москвич москвичка     россия российский россиянин     русь русский     франция французский француз
турция турецкий турок     греция греческий грек     чехия чешский чех     армения армянский армянин
грузия грузинский грузин     швеция шведский швед     дания датский датчанин     литва литовский литовец
беларусь белорусский белорус     белоруссия белорусский белорус     венгрия венгерский венгр
финляндия финский финн     германия немецкий немец     англия английский англичанин     польша польский поляк
болгария болгарский болгарин     сербия сербский серб     хорватия хорватский хорват     румыния румынский румын
черногория черногорский черногорец     осетия осетинский осетин     чечня чеченский чеченец
монголия монгольский монгол
башкирия башкирский башкир     башкортостан башкирский башкир     татарстан татарский татарин
калмыкия калмыцкий калмык     таджикистан таджикский таджик     узбекистан узбекский узбек     казахстан казахский казах
киргизия киргизский киргиз     туркмения туркменский туркмен     азербайджан азербайджанский азербайджанец
египет египетский египтянин     израиль израильский израильтянин     ирландия ирландский ирландец
шотландия шотландский шотландец     азия азиатский азиат     европа европейский европеец     вологда вологодский
кремль кремлевский     орел орловский     донбасс донбасский     поморье поморский     минск минский минчанин
день дневной     год годовой годичный     война военный     мир мировой     земля земной земельный     море морской
дом домашний     утро утренний     вечер вечерний     осень осенний     весна весенний     зима зимний     лето летний
душа душевный     небо небесный     дерево деревянный     нефть нефтяной     банк банковский     стена стенной
женщина женский     мужчина мужской     ребенок детский     семья семейный     деньги денежный     село сельский
деревня деревенский     отец отцовский     суд судебный судья     лицо лицевой     цена ценовой     полиция полицейский
милиция милицейский     выборы выборный избирательный     книга книжка     дорога дорожка     бумага бумажка
вода водный     лес лесной     рыба рыбный     гора горный     вино винный     мясо мясной     сила силовой сильный
фабрика фабричный     образование образовательный     строительство строительный     нос носовой     рука ручной
"""
# Grammemes of words that nothing is made of, or not what a reader means.
_ASIDE = frozenset({"Name", "Surn", "Patr", "Abbr", "Orgn", "Trad", "Arch", "Init"})
_SHARED = {"-": frozenset[str](), "gender": frozenset({"masc", "femn", "neut"})}


class _Rule(NamedTuple):
    """Two words of one stem: how they end, what they are, what they share; how a rival of the one would end, if any."""

    ends: tuple[str, str]
    grammemes: tuple[frozenset[str], frozenset[str]]
    shared: frozenset[str]
    stem: int
    rival: str | None


def related(lemma: str) -> list[str]:
    """The words made of a word, and those that it is made of, ё written е."""
    mine = [grammemes for grammemes in headwords(lemma) if not grammemes & _ASIDE]
    found: dict[str, None] = dict.fromkeys(_listed().get(lemma, ()))
    for rule in _rules() if mine else ():
        for one, other in ((0, 1), (1, 0)):
            stem = lemma.removesuffix(rule.ends[one])
            if len(stem) < rule.stem or not lemma.endswith(rule.ends[one]):
                continue
            candidate = stem + rule.ends[other]
            if any(_fit(rule, one, own, its) for own in mine for its in headwords(candidate)) and _true(rule, stem):
                found[candidate] = None
    found.pop(lemma, None)
    return list(found)


def _fit(rule: _Rule, one: int, mine: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the grammemes of two words are those of a rule; names of places have rules of their own."""
    return (
        mine >= rule.grammemes[one]
        and other >= rule.grammemes[1 - one]
        and mine & rule.shared == other & rule.shared
        and not other & _ASIDE
        and ("Geox" in mine or "Geox" in other) == ("Geox" in rule.grammemes[0])
    )


def _true(rule: _Rule, stem: str) -> bool:
    """Whether the two words of a rule and a stem are no strangers, and no rival is nearer."""
    one, other = (stem + end for end in rule.ends)
    if any(one.endswith(mine) and other.endswith(its) for mine, its in _strangers()):
        return False
    return rule.rival is None or not any("NOUN" in its and not its & _ASIDE for its in headwords(stem + rule.rival))


def _rows(table: str) -> Iterator[list[str]]:
    """The rows of a table: words, of which three spaces or a line end part the rows."""
    return (row.split() for row in re.split(r"\s{3,}|\n", table.strip()))


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_read(_RULES))


def _read(table: str) -> Iterator[_Rule]:
    kinds, shared, stem = (frozenset[str](), frozenset[str]()), frozenset[str](), 0
    for row in table.strip().split("\n"):
        if not row.startswith(" "):
            one, other, alike, least = row.split()
            kinds, shared, stem = (frozenset(one.split(",")), frozenset(other.split(","))), _SHARED[alike], int(least)
            continue
        for cell in re.split(r"\s{2,}", row.strip()):
            end, ends = cell.split(" ")
            for made, bracket, rival in (end.partition("(") for end in ends.split("/")):
                mine = "" if end == "-" else end
                yield _Rule((mine, made), kinds, shared, stem, rival.rstrip(")") if bracket else None)


@cache
def _strangers() -> list[tuple[str, str]]:
    return [(one, other) for one, other in _rows(_STRANGERS)]


@cache
def _listed() -> dict[str, list[str]]:
    """A listed word → the others of its rows."""
    found: dict[str, list[str]] = {}
    for row in _rows(_LISTED):
        for word in row:
            found.setdefault(word, []).extend(other for other in row if other != word)
    return found
