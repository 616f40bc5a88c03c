"""Lemmas read off the dictionary are those that pymorphy3's own parses give, to the last digit.

`by_parses` and `ukrainian_by_parses` are the slow and obvious twins.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis import automaton, loading, russian, ukrainian, words
from indexer.analysis.strings import Strings

Lemmas = tuple[tuple[str, float], ...]


def by_parses(form: str) -> Lemmas:
    """`russian.lemmas` by `MorphAnalyzer.parse`."""
    if ordinal := russian._ORDINAL.fullmatch(form):
        return ((f"{ordinal[1]}-й", 1.0),)
    if not russian._ASKABLE.fullmatch(form):
        return ((form.replace("ё", "е"), 1.0),)
    analyzer = russian._analyzer()
    parses = analyzer.parse(form)
    parses = [parse for parse in parses if not ("VERB" in parse.tag and "Abbr" in parse.tag)] or parses
    weights: dict[str, float] = {}
    for parse in parses:
        lemma = parse.normal_form
        if "Patr" in parse.tag and "femn" in parse.tag and (base := parse.inflect({"nomn", "sing"})):
            lemma = base.word
        lemma = lemma.replace("ё", "е")
        weights[lemma] = weights.get(lemma, 0.0) + parse.score
    total = sum(weights.values())
    shares = {lemma: weight / total for lemma, weight in weights.items()} if total else {form: 1.0}
    if not analyzer.word_is_known(form):
        shares = {lemma: share * (1 - russian.STEM_WEIGHT) for lemma, share in shares.items()}
        shares["~" + russian._stem(form.replace("ё", "е"))] = russian.STEM_WEIGHT
    kept = ((lemma, round(share, 4)) for lemma, share in shares.items() if share >= russian.FLOOR)
    return tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def ukrainian_by_parses(form: str) -> Lemmas:
    """`ukrainian.lemmas` by `MorphAnalyzer.parse`."""
    if len(form) > 60 or not ukrainian._WORD.fullmatch(form):
        return ((form.replace("ё", "е"), 1.0),)
    shares: dict[str, float] = {}
    for parse in ukrainian._analyzer().parse(form):
        shares[parse.normal_form] = shares.get(parse.normal_form, 0.0) + parse.score
    total = sum(shares.values())
    pairs = [(lemma, round(share / total, 4)) for lemma, share in shares.items() if share / total > 0.01]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))) or ((form, 1.0),)


KNOWN = """
кот кошками люди ребёнка ребенка шёл шел все всё осел осёл небо нёбо мед мёд звезды звёзды лет лёт еще ещё
стали печь стекла мыла духи берет пила три стих граф рой банки белка души пол уже дорогой простой больной рабочих
получше побыстрее наилучший наибольших лучше подороже белейший поменьше
см г м с в а и о я к у ж б э ы ё ь ъ км кг руб тыс др гг стр ул см-то
иванович ивановна ивановне ивановну иваныча петровны сергеевной ильинична ильиничне никитична никитичной
кто-то кое-кто по-русски по-прежнему из-за всё-таки как-нибудь премьер-министром диван-кровать ростов-на-дону
двумя пятью сорока полтора двести мною нами кого меня оба обеими чей мамин лисьего
оон тасс вузах нато сша москвой тверью нью-йорке ленину путина иванова смирновой
"""
UNKNOWN = """
бутявкать бутявкала бутявками щурогляз шмульц шмульцем ковидный ковидных тиктокер тиктокершами байткод зумерский
суперкот супер-кот супербутявка авиакот авиабутявками псевдокошка псевдо-кошка антибутявка анти-бутявка
экс-бутявка экс-премьер-министра экс-интернет-магазин противо-интернет-магазин дезинтернет-магазин
небезынтересненький недобутявил перебутявил заклавиатурили довыпендривался
интернет-магазинчиками человек-гора команд-участниц компания-производителем воздушно-капельного бутявка-щурогляз
кот-бутявка жжж-кот кот-жжж жжж-ззз кот-кот-кот кот-кот-то бутявка-то смотри-ка бутявкай-ка-то жжж-то пришёл-таки
сергеевна-петровна сергеевне-бутявке зейнабовна зейнабовне зейнабовну зейнабовны зейнабовной гюльчатаевичем
по-бутявски по-бутявскому по-западненькому по-жжж по-моему-то по-твоему-бутявски по-кот
поинтереснейше наибутявейший наибутявейшего побутявее подлиннющее понаклюкались
ёжиковатенький тёмнобровенькая темнобровенькая трёхголовенького зелёнкин белёнькай перепёрлось
жж жжж жжжж ъъъъ ьыъ ёёёё ааааааа нцк вкать ться ующая аяя зззая
сверх-пере-недо-бутявка не-не-не-кот за-за до-до-до топ-кот
нейросетью двухбуквенный недоуздочком недоёлкам двухелеем неинновационнее экс-пристава медиа-контента экс-елью
по-германски по-купечески по-елею по-по по-а по-тогдашнему по-дож-дите а-кот кот-а нн-елеем дела-а нехожде-ние
не-о-бык-но-венно о-ту-его экс-о-том все-то берете-с береге-елее перо-все
"""
FOREIGN = """
cat кoт covid-19 ковид-19 5 5-й 12-го 5-е 5-бутявка з'їзд здоров'я україна її кот' -кот кот- кот--кот - -- c++
Кот КОТ кот. щурогляз\u0301 \U00017000 кот\U00017000 \U00017000-кот
"""
# What is before a known word, or an ending, may be spelled with ё in several ways; «прод» is an abbreviated verb.
SPELLINGS = """
бутеренелее перебелееее зеленелеее севелее ежеелеее елееелее нетеменее береее мееее нееее ееее елеёе ёлееё
прод нимрод фрод заехал заёхал бысем бысём шмелем шмелём шмеле шмелё наибеле наибелее побелее понеберее
щенеенок щенеёнок бутявченочек ждёмте подждёмте сверхъёлка недоёлкой ёлкоёлкой недоелкоелкой подполе
"""
SPELLINGS = SPELLINGS.split()
FORMS = [*KNOWN.split(), *UNKNOWN.split(), *FOREIGN.split(), "", " ", "кот ", "не" * 40, "ё" * 128, "бутявк" * 50]
UKRAINIAN = """
кіт коти котами мова мови мовою здоров'я їжа її ще що ґанок ганок ганку аґрус агрус дзиґа дзига місто міста
найкращий якнайкраще щонайбільше найбутявіший щонайбутявішого якнайбутявіше бутявка бутявками бутявкати
супербутявка супер-кіт інтернет-магазин віце-бутявка кіт-бутявка жжж-кіт жжж прийди-но прийшов-таки бутявка-от
по-українськи по-бутявськи петрівна петрівні петрівна-бутявка єв'яв'ячка ґазґанок газганок жж ю і
"""


@pytest.mark.parametrize("form", FORMS)
def test_lemmas_are_those_of_parses(form: str) -> None:
    assert russian.lemmas(form) == by_parses(form)


@pytest.mark.parametrize("form", UKRAINIAN.split())
def test_ukrainian_lemmas_are_those_of_parses(form: str) -> None:
    pytest.importorskip("pymorphy3_dicts_uk")
    assert ukrainian.lemmas(form) == ukrainian_by_parses(form)


SYLLABLES = st.text(st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюя-"), min_size=1, max_size=5)
PREFIXES = ["", "не", "по", "по-", "наи", "супер", "анти-", "анти", "экс-", "за", "пере", "кот-", "инно", "жж"]
ENDINGS = ["", "-то", "-ка", "ся", "ами", "ого", "ение", "-кот", "-бутявке", "ёнок", "енок", "вна", "вне"]
REAL = KNOWN.split() + UNKNOWN.split()
GENERATED = st.one_of(
    st.lists(SYLLABLES, max_size=5).map("".join),
    st.builds("{}{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(REAL), st.sampled_from(ENDINGS)),
    st.builds("{}-{}".format, st.sampled_from(REAL), st.sampled_from(REAL)),
    st.builds("{}{}".format, SYLLABLES, st.sampled_from(REAL)),
    st.builds("{1:.{0}}{2}".format, st.integers(1, 6), st.sampled_from(REAL), SYLLABLES),
)


@settings(max_examples=400, deadline=None)
@given(GENERATED)
@example("ивановна-петровна")  # both parts change, as pymorphy3 alone can tell
@example("ива-новна")  # the second part may be a patronymic
def test_lemmas_of_any_word_are_those_of_parses(form: str) -> None:
    assert russian.lemmas(form) == by_parses(form)
    assert russian.known(form) is bool(russian._ASKABLE.fullmatch(form) and russian._analyzer().word_is_known(form))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(GENERATED, st.sampled_from([*FORMS, "2022", "-"])), max_size=40))
def test_many_at_once_are_as_one_by_one(forms: list[str]) -> None:
    forms = [form for form in forms if any(map(str.isalpha, form))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(russian, "_FEW", 0)
        for language in words.LANGUAGES:
            found = words.lemmas_many(Strings.of(forms), np.arange(len(forms)), language)
            assert found.of_each(len(forms)) == [words.lemmas(form, language) for form in forms]


def test_spellings_in_the_order_of_pymorphy3() -> None:
    """The places of the letters that are swapped, from the first letter on, as lists: the empty one is the first."""
    size = 7
    places = [[place for place in range(size) if bits >> (size - 1 - place) & 1] for bits in range(1 << size)]
    order = np.argsort(automaton.spelling(np.arange(1 << size, dtype=np.uint64)), kind="stable")
    assert [places[bits] for bits in order.tolist()] == sorted(places)


def test_which_of_many_have_probabilities() -> None:
    forms = [form for form in FORMS + SPELLINGS if russian._ASKABLE.fullmatch(form)]
    found = russian._dictionary().having_chances(Strings.of(forms)).tolist()
    assert found == [*map(russian._dictionary().has_chances, forms)]
    assert {True, False} == {*found}


def test_all_at_once_are_those_of_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(russian, "_FEW", 0)
    both = FORMS + SPELLINGS
    together = russian.lemmas_many(Strings.of(both), np.arange(len(both))).of_each(len(both))
    for form, found in zip(both, together, strict=True):
        assert found == by_parses(form), form


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_rounded_shares_sum_to_one_at_most(language: str) -> None:
    many = words.lemmas_many(Strings.of(FORMS), np.arange(len(FORMS)), language).of_each(len(FORMS))
    for form, found in zip(FORMS, many, strict=True):
        shares = [share for _, share in found]
        assert sum(round(share * 10_000) for share in shares) <= 10_000, form
        assert shares == sorted(shares, reverse=True), form
        assert shares == [round(share, 4) for share in shares], form


def test_a_form_of_a_thousand_prefixes_has_lemmas() -> None:
    assert russian.lemmas("не" * 1000)[0] == ("не" * 1000, 0.7)


def test_what_rounding_adds_is_taken_off_the_largest_share() -> None:
    sixths = tuple((lemma, 0.1667) for lemma in "абвгде")
    assert words._of_sum_one(sixths) == (*sixths[1:], ("а", 0.1665)), "it is not the largest any more"
    assert words._of_sum_one((("а", 0.5001), ("б", 0.25), ("в", 0.25))) == (("а", 0.5), ("б", 0.25), ("в", 0.25))
    thirds = tuple((lemma, 0.3333) for lemma in "абв")
    assert words._of_sum_one(thirds) == thirds, "what rounding took is not given back"


# Words for both readers of the dictionary; without the C one pymorphy3 takes its own in Python.
_IN_PYTHON = """
import sys
import numpy as np
sys.modules["dawg"] = None
from pymorphy3.dawg import EXTENSION_AVAILABLE
assert not EXTENSION_AVAILABLE
from tests.test_lemmas import FORMS, by_parses
from indexer.analysis import russian
from indexer.analysis.strings import Strings
russian._FEW = 0
found = russian.lemmas_many(Strings.of(FORMS), np.arange(len(FORMS))).of_each(len(FORMS))
assert found == [russian.lemmas(form) for form in FORMS] == [by_parses(form) for form in FORMS]
print(found)
"""


def test_the_reader_in_python_tells_the_same() -> None:
    root = Path(__file__).parent.parent
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _IN_PYTHON]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == str(russian.lemmas_many(Strings.of(FORMS), np.arange(len(FORMS))).of_each(len(FORMS)))


def test_a_dictionary_is_loaded_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that come while it is being loaded wait: a second loading would break what the first has begun to use."""
    made: list[str] = []

    class Slow:
        def __init__(self, path: str, lang: str) -> None:
            made.append(f"{lang} {path}")
            time.sleep(0.05)

    monkeypatch.setattr("pymorphy3.MorphAnalyzer", Slow)
    for language in ("сё", "то"):
        data = ModuleType(f"pymorphy3_dicts_{language}")
        data.get_path = lambda language=language: f"/{language}"  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, data.__name__, data)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(loading.analyzer, ["сё", "сё", "то", "сё"]))
    assert sorted(made) == ["сё /сё", "то /то"]
    assert found[0] is found[1] is found[3] is not found[2]
