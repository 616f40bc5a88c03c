"""Aspect partners of Russian verbs, заявить ~ заявлять: by rule, where the dictionary has both.

A rule is how a perfective ends and how its imperfective does (Русская грамматика, 1980, §§ 1391–1431): «чить чивать*»
makes «заканчивать» of «закончить», where by the star the last о of the stem becomes а. The rules are read both ways.
What no rule tells is listed: other roots (сказать ~ говорить), and prefixes that add nothing but aspect (делать ~
сделать). Either way the dictionary must have both words, of different aspect and of the same transitivity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from indexer.analysis.russian import headwords
from indexer.patterns import pattern

_RULES = """
бить блять бливать*     пить плять пливать*     вить влять вливать*     фить флять     мить млять мливать*
тить щать чать чивать* тывать*     стить щать щивать*     дить ждать жать живать*     сить шать шивать* сывать*
зить жать живать*     жить жать живать*     шить шать шивать*     чить чать чивать* кивать*     щить щать щивать*
лить лять ливать*     ыслить ышлять     рить рять ривать*     нить нять нивать*     ить ивать*     тащить таскивать
пустить пускать     ступить ступать     бросить бросать     хватить хватать     нзить нзать     шибить шибать
ать ывать*     гать гивать*     кать кивать*     хать хивать*     жать жимать жинать     ержать ерживать*
лежать леживать     шать шивать*     чать чивать* чинать     щать щивать*     дать давать     знать знавать
стать ставать     брать бирать     драть дирать     врать вирать     звать зывать     слать сылать     стлать стилать
ждать жидать     рвать рывать     гнать гонять     бежать бегать     ехать езжать     спать сыпать
ять ивать*     еять евать     мять минать     нять нимать     пять пинать
еть ывать евать     треть тривать*     идеть ижать иживать     лететь летать     гореть горать
мереть мирать     переть пирать     тереть тирать
нуть ать ывать*     гнуть гивать*     кнуть кивать*     хнуть хивать*     януть ягивать     мянуть минать
крикнуть кричать     стукнуть стучать     буркнуть бурчать     рыкнуть рычать     кинуть кидать кидывать
двинуть двигать     тронуть трогать     вернуть ворачивать вертывать     дохнуть дыхать     сохнуть сыхать
снуть сыпать     коснуть касать
нести носить     вести водить     везти возить     расти растать     цвести цветать     мести метать     плести плетать
брести бретать     спасти спасать     грести гребать     скрести скребать     ползти ползать     лезть лезать
пасть падать     красть крадывать     есть едать     клясть клинать     честь читывать
лечь легать лекать     мочь могать     жечь жигать     течь текать     речь рекать     сечь секать     стричь стригать
прячь прягать     стичь стигать     беречь берегать     ложить лагать кладывать
ыть ывать     уть увать     оть ывать*     йти ходить     ойти ходить
"""
# What the rules would pair and is of two verbs: прилаживать is of приладить, not of приложить.
_STRANGERS = """
пойти походить     ложить лаживать     слезить слеживать     драть дрывать     метить мещать     метить метывать
спешить спешивать     творить тваривать     провозить провожать     возить важивать     катить качивать
дерзить держивать     пять пивать     помять поминать     ужать ужинать     счесть считывать     обить обливать
стать стывать     давнуть давать
"""
_LISTED = """
сказать говорить     взять брать     положить класть     поймать ловить     купить покупать     вернуть возвращать
вернуться возвращаться     возвратить возвращать     возвратиться возвращаться     лечь ложиться     сесть садиться
стать становиться     посадить сажать     уронить ронять     повесить вешать     проглотить глотать     укусить кусать
выстрелить стрелять     пойти идти     поехать ехать     взойти восходить     разойтись расходиться
поклониться кланяться     прочесть читать     счесть считать     изъять изымать     предпочесть предпочитать
отнять отнимать     пересесть пересаживаться     согнать сгонять     сжечь сжигать     сойти сходить
"""
# A prefix, and the imperfectives whose meaning stays the same with it.
_PREFIXES = """
с      делать петь играть варить шить фотографировать копировать экономить мочь уметь готовить ломать конструировать
       формировать формулировать ориентировать прятать лгать есть красть
на     писать печатать рисовать учить кормить поить пугать точить чертить
по     строить звонить смотреть слушать обещать просить благодарить дарить нравиться думать глядеть завтракать обедать
       ужинать красить лезть мыть пробовать пытаться радовать садить сеять советовать спешить ссориться стараться
       стелить стирать стричь терять тратить тревожить трогать тушить худеть целовать чинить чистить чувствовать шутить
       верить влиять вредить жалеть жаловаться желать жертвовать завидовать заботиться здороваться знакомить
       клясться мечтать надеяться сочувствовать ставить стареть страдать требовать хвалить хоронить гибнуть
про    читать демонстрировать диктовать голосовать информировать комментировать консультировать контролировать
       анализировать иллюстрировать финансировать звучать сигнализировать
за     платить регистрировать фиксировать планировать маскировать хотеть шифровать вербовать программировать тормозить
у      видеть слышать тонуть
от     праздновать реагировать редактировать ремонтировать регулировать мстить корректировать реставрировать
вы     пить учить сушить расти рыть стирать
при    готовить мерить грозить
о      слепнуть глохнуть слабеть крепнуть публиковать беднеть
об     радовать
раз    делить будить дробить сердить
рас    смешить таять плавить
ис     портить пугать пачкать печь
вос    пользоваться
"""
_ASPECTS = frozenset({"perf", "impf"})
_LAST_VOWEL = pattern(r"(.*)([аеиоуыэюя])([^аеиоуыэюя]*)", re.DOTALL)


class _Rule(NamedTuple):
    """How the two partners end; `loose` if the last о of a perfective stem may be an а."""

    perfective: str
    imperfective: str
    loose: bool


def partners(verb: str) -> list[str]:
    """The infinitives that differ from an infinitive by aspect alone, ё written е; none of any other word."""
    reflexive = next((ending for ending in ("ся", "сь") if verb.endswith(ending)), "")
    found: dict[str, None] = {}
    for mine in headwords(verb):
        if mine & _ASPECTS:
            candidates = _candidates(verb.removesuffix(reflexive), reflexive, "perf" in mine)
            found.update((other, None) for other in candidates if any(_differ(mine, its) for its in headwords(other)))
    found.pop(verb, None)  # it may be of both aspects
    return list(found)


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the grammemes are those of two verbs of different aspect, both transitive or neither."""
    return one & _ASPECTS != other & _ASPECTS and "INFN" in other and ("tran" in one) == ("tran" in other)


def _candidates(base: str, reflexive: str, perfective: bool) -> Iterator[str]:
    """What the partners of a verb would be, whether or not there are such verbs."""
    for rule in _rules():
        mine, other = rule[:2] if perfective else rule[1::-1]
        if base.endswith(mine):
            for stem in _stems(base.removesuffix(mine), rule.loose, perfective):
                pair = (base, stem + other) if perfective else (stem + other, base)
                if not any(pair[0].endswith(one) and pair[1].endswith(two) for one, two in _strangers()):
                    yield _with(reflexive, stem + other)
    yield from _listed().get(base + reflexive, ())
    yield from _prefixed().get(base + reflexive, ())
    yield from (_with(reflexive, other) for other in (_prefixed().get(base, ()) if reflexive else ()))


def _stems(stem: str, loose: bool, perfective: bool) -> Iterator[str]:
    """The stem of a verb as it may be in its partner: the о of «закончить» is the а of «заканчивать»."""
    yield stem
    own, other = "оа" if perfective else "ао"
    if loose and (found := _LAST_VOWEL.fullmatch(stem)) and found[2] == own:
        yield found[1] + other + found[3]


def _with(reflexive: str, base: str) -> str:
    return base + ("сь" if base.endswith("ти") else "ся") if reflexive else base


def _rows(table: str) -> Iterator[list[str]]:
    """The rows of a table: words, of which three spaces or a line end part the rows."""
    return (row.split() for row in re.split(r"\s{3,}|\n", table.strip()))


@cache
def _rules() -> tuple[_Rule, ...]:
    ends = ((perfective, end) for perfective, *imperfectives in _rows(_RULES) for end in imperfectives)
    return tuple(_Rule(perfective, end.rstrip("*"), end.endswith("*")) for perfective, end in ends)


@cache
def _strangers() -> list[tuple[str, str]]:
    return [(perfective, imperfective) for perfective, imperfective in _rows(_STRANGERS)]


@cache
def _listed() -> dict[str, list[str]]:
    return _either_way((perfective, imperfective) for perfective, imperfective in _rows(_LISTED))


@cache
def _prefixed() -> dict[str, list[str]]:
    pairs: list[tuple[str, str]] = []
    prefix = ""
    for row in _PREFIXES.strip("\n").split("\n"):
        verbs = row.split()
        prefix = prefix if row.startswith(" ") else verbs.pop(0)
        pairs += [(prefix + verb, verb) for verb in verbs]
    return _either_way(pairs)


def _either_way(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """A verb of a pair → its partners."""
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found
