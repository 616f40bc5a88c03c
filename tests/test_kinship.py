"""Kin by choice: which words the rules join, and which they must not."""

from __future__ import annotations

import pytest

from indexer.analysis import kinship
from indexer.analysis.aspect import partners
from indexer.analysis.derivation import related

# perfective imperfective  # the rule
ASPECTS = """
заявить заявлять            # -ить -лять
запретить запрещать         # -тить -щать
обсудить обсуждать          # -дить -ждать
спросить спрашивать         # о → а
закончить заканчивать
осмотреть осматривать
рассказать рассказывать     # -ать -ывать
признать признавать         # -знать -знавать
собрать собирать            # a vowel between
начать начинать
поднять поднимать
достигнуть достигать        # -нуть
вернуться возвращаться      # listed, with -ся
прийти приходить
подойти подходить
привести приводить
помочь помогать
открыть открывать
перевернуть переворачивать
сказать говорить            # other roots
взять брать
сделать делать              # prefixes that add nothing
написать писать
помыться мыться             # the same, reflexive
"""
# Words that look alike and are none.
NO_ASPECTS = """
пойти походить              # to go for a walk, to be like
приложить прилаживать       # of приладить
надеть наживать
прижать приживать
заметить замещать
купить купать
заявить заявление           # a noun is related, no aspect
заявить заявляться          # one is reflexive
использовать использовать   # of both aspects: no partner of itself
"""
RELATED = """
япония японский             # an adjective of a place
япония японец               # a man of it
японский японец
россия российский
америка американский
москва московский           # listed
волга волжский
псков псковский
переговоры переговорный
паровоз паровозик           # small
книга книжный
политика политический
информация информационный
государство государственный
ошибка ошибочный
учитель учительница
учитель учительский
журналист журналистка
физика физический
биолог биология
коммунист коммунизм
готовый готовность
быстрый быстро
исторический исторически
заявить заявление           # a noun of a verb
обсудить обсуждение
исчезнуть исчезновение
регистрировать регистрация
строить строитель
"""
NO_RELATED = """
страна странный             # strangers by meaning
цель цельный
новый новость
вода водочка                # водка is nearer
пес песок                   # alive and not
вина винный                 # of вино
иван ивановский             # nothing is made of first names
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The pairs of a table, without the reasons."""
    bare = (line.partition("#")[0].split() for line in table.strip().splitlines())
    return [(one, other) for one, other in bare]


@pytest.mark.parametrize(("one", "other"), rows(ASPECTS))
def test_partners(one: str, other: str) -> None:
    assert other in partners(one)
    assert one in partners(other)


@pytest.mark.parametrize(("one", "other"), rows(NO_ASPECTS))
def test_no_partners(one: str, other: str) -> None:
    assert other not in partners(one)
    assert one not in partners(other)


@pytest.mark.parametrize(("one", "other"), rows(RELATED))
def test_related(one: str, other: str) -> None:
    assert other in related(one)
    assert one in related(other)


@pytest.mark.parametrize(("one", "other"), rows(NO_RELATED))
def test_not_related(one: str, other: str) -> None:
    assert other not in related(one)
    assert one not in related(other)


def test_yo_is_written_e() -> None:
    """Lemmas have no ё: подчёркивать is found as the index keeps it."""
    assert partners("подчеркнуть") == ["подчеркивать"]
    assert "ледовый" in related("лед")


@pytest.mark.parametrize("kind", kinship.KINDS)
@pytest.mark.parametrize(
    "word", ["", "ся", "ти", "глокать", "bank", "2-й", "~шольц", "рябков", "а" * 10_000, "\U00017000"]
)
def test_words_without_kin(kind: str, word: str) -> None:
    """What the dictionary does not have has no kin, whatever it looks like."""
    assert list(kinship.of(kind, word)) == []


def test_the_weight_is_that_of_the_kind_and_the_lemma() -> None:
    """A lemma that the form hardly stands for brings no kin along."""
    assert list(kinship.of("aspect", "заявить", 0.5)) == [("заявлять", 0.05)]
    assert list(kinship.of("aspect", "заявить", 0.05)) == []
    assert all(0 < kind.weight < 0.5 for kind in kinship.KINDS.values()), "less than any true form or surname"
