"""The query parser: what people type → what they mean.

A row is `query → tree # reason`. In trees: (a b) all of them, (a | b) any, -a without, +a must, =a this very form,
"a b" one after another, "a b"~2 near, _ any word, a{b c} a hyphenated whole and its parts, *а? a mask,
title:a in titles, lang:<ru> a filter, ∅ nothing to look for. ⏎ is a line end.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis.folding import fold
from indexer.analysis.tokens import tokenize
from indexer.errors import QueryError
from indexer.query.parser import FIELDS, parse, with_filters
from indexer.query.tree import (
    And,
    Before,
    Compound,
    Filter,
    Fuzzy,
    Gap,
    InTitle,
    Mask,
    Must,
    Node,
    Not,
    Or,
    Phrase,
    Sentence,
    Word,
)

WORDS = """
яблоня → яблоня                                     # one word
Яблоня в саду → (яблоня в саду)                     # words: all of them, small ones too
Куда летят утки? → (куда летят утки)                # a question mark at the end is punctuation
Куда?! → куда                                       # so are several signs
Утки летят! Зима… → (утки летят зима)               # and these
«Утки» летят → ("утки" летят)                       # quotation marks are a phrase
[утки] {гуси} <куры> → (утки гуси куры)             # other brackets are nothing
утки/гуси → (утки гуси)                             # a slash is nothing
утки - гуси → (утки гуси)                           # a lone hyphen is no minus
утки — гуси → (утки гуси)                           # nor is a dash
утки, гуси; куры. → (утки гуси куры)                # punctuation
жар-птица → жар-птица{жар птица}                    # the whole, or its parts
кто-то → кто-то                                     # one word
12 345 яблок → (12345 яблок)                        # digits in groups are one number
3,5 кг → (3,5 кг)                                   # so are fractions
ст. 7.2 → (ст 7,2)                                  # numbers of articles
5-ФЗ → 5-фз{5 фз}                                   # of laws
9:05 → 9:05                                         # a time is no field
03.04.2021 → 2021-04-03                             # a day
zayavka@primer.ru → zayavka@primer.ru               # e-mail
https://primer.ru/a → (https primer.ru a)           # an address
#весна → #весна                                     # a hashtag
https://primer.ru/a?b=c → (https primer.ru a b c)   # an address is no mask
[куда?] → куда                                      # a question mark within other signs
Куда?—В лес. → (куда в лес)                         # before a dash
+7 495 123-45-67 → (7 495 123-45-67{123 45 67})     # a telephone as in texts: + before a digit is no operator
«Заря»-«Восток» → ("заря" "восток")                 # a hyphen between quotation marks is no minus
C++ → c++                                           # a language
д’Артаньян → д'артаньян{д артаньян}                 # an apostrophe
и, или, не → (и или не)                             # small letters are words
не яблоко или груша → (не яблоко или груша)         # always
Урожай: яблоки → (урожай яблоки)                    # a colon is no field
урожай:яблоки → (урожай яблоки)                     # nor here: no such field
заголовок урожай → (заголовок урожай)               # a name without a colon is a word
утки⏎гуси → (утки гуси)                             # a line end is a space
\u00a0утки\u00a0гуси → (утки гуси)                  # a no-break space too
са\u00adмо\u00adвар → самовар                       # what cannot be seen is not there
"""

OPERATORS = """
утки ИЛИ гуси → (утки | гуси)                       # Russian
утки OR гуси → (утки | гуси)                        # English
утки | гуси → (утки | гуси)                         # a sign
утки|гуси → (утки | гуси)                           # tight
утки || гуси → (утки | гуси)                        # of programmers
утки ИЛИ гуси OR куры | индюки → (утки | гуси | куры | индюки)   # all in one
утки И гуси → (утки гуси)                           # AND is what is meant anyway
утки AND гуси → (утки гуси)                         # the same
утки && гуси → (утки гуси)                          # the same
утки & гуси → (утки & гуси)                         # in one sentence
утки << гуси → (утки << гуси)                       # one behind the other
утки & гуси & куры → (утки & гуси & куры)           # three in one
утки << "дикие гуси" << кур* → (утки << "дикие гуси" << кур*)    # phrases and masks too
летят утки & гуси спят → (летят (утки & гуси) спят)  # the neighbours only
(утки ИЛИ куры) & гуси → ((утки | куры) & гуси)     # any of them
(дикие утки) & гуси → (дикие & утки & гуси)         # all of them
утки & гуси /2 куры → (утки & "гуси куры"~1)        # near binds closer
утки & гуси И куры → ((утки & гуси) куры)           # И does not
утки ИЛИ гуси & куры → (утки | (гуси & куры))       # nor does ИЛИ
утки & -гуси → (утки -гуси)                         # what is not there is in no sentence
утки << lang:ru → (утки lang:<ru>)                  # nor does a filter stand anywhere
утки & гуси << куры → (утки (гуси << куры))         # nor two of them as one
(утки & гуси) & -куры → ((утки & гуси) -куры)       # which leaves the group as it was
title:(утки & гуси) → title:(утки & гуси)           # in titles
-(утки & гуси) → (-(утки & гуси))                   # not in one sentence
утки&гуси → (утки гуси)                             # a sign without spaces is nothing
<<утки>> гуси → (утки гуси)                         # nor are signs for quotation marks
дикие утки ИЛИ гуси → ((дикие утки) | гуси)         # AND binds closer than OR
утки ИЛИ гуси И куры → (утки | (гуси куры))         # with or without its name
утки НЕ гуси → (утки -гуси)                         # without
утки NOT гуси → (утки -гуси)                        # the same
утки -гуси → (утки -гуси)                           # the same
-гуси → (-гуси)                                     # alone too
НЕ гуси → (-гуси)                                   # the same
утки И НЕ гуси → (утки -гуси)                       # both words are typed
утки И -гуси → (утки -гуси)                         # or both signs
утки ИЛИ НЕ гуси → (утки | (-гуси))                 # an alternative of its own
утки -гуси -куры → (утки -гуси -куры)               # several
НЕ утки гуси → (-утки гуси)                         # the first word only
-жар-птица → (-жар-птица{жар птица})                # a hyphenated word as a whole
+утки гуси → (+утки гуси)                           # must; the rest may
+утки +гуси куры → (+утки +гуси куры)               # the same
!утки → =утки                                       # this very form
=утки → =утки                                       # another sign for it
-!утки → (-=утки)                                   # both
+!утки гуси → (+=утки гуси)                         # the same
!жар-птица → =жар-птица{=жар =птица}                # of a hyphenated word
!Ёлка → =ёлка                                       # ё is kept
C++ -C# → (c++ -c#)                                 # signs of a name are not operators
"""

GROUPS = """
(утки) → утки                                       # one
(утки ИЛИ гуси) летят → ((утки | гуси) летят)       # a group of alternatives
летят (утки|гуси) → (летят (утки | гуси))           # tight
летят -(утки ИЛИ гуси) → (летят -(утки | гуси))     # none of them
летят НЕ (утки ИЛИ гуси) → (летят -(утки | гуси))   # the same
+(утки гуси) летят → (+(утки гуси) летят)           # both must
((утки) ИЛИ (дикие гуси)) → (утки | (дикие гуси))   # groups in groups
(утки И (гуси ИЛИ куры)) → (утки (гуси | куры))     # the same
(утки -гуси) ИЛИ куры → ((утки -гуси) | куры)       # an exclusion holds in its group
(-гуси) → (-гуси)                                   # alone too
летят (+утки гуси) → (летят (+утки гуси))           # so does a must
НЕ(утки ИЛИ гуси) летят → (-(утки | гуси) летят)    # without a space
утки И(гуси ИЛИ куры) → (утки (гуси | куры))        # the same
утки&&(гуси|куры) → (утки (гуси | куры))            # the same
(утки ИЛИ гуси)(летят | спят) → ((утки | гуси) (летят | спят))   # the same
утки (гуси) куры → (утки гуси куры)                 # a group of one is no group
"""

PHRASES = """
"дикие утки" → "дикие утки"                         # one after another
«дикие утки» → "дикие утки"                         # in print
„дикие утки“ → "дикие утки"                         # inner
“дикие утки” → "дикие утки"                         # English
"Дикие, утки!" → "дикие утки"                       # punctuation is nothing
"утки" → "утки"                                     # of one word
"дикие утки"~3 → "дикие утки"~3                     # near: so many words between
"дикие утки"~0 → "дикие утки"~0                     # in any order
"дикие * утки" → "дикие _ утки"                     # one word left out
"дикие * * утки" → "дикие _ _ утки"                 # two
"* дикие утки *" → "дикие утки"                     # at the edges it says nothing
"!дикие утки" → "=дикие утки"                       # one word in this very form
!"дикие утки" → "=дикие =утки"                      # all
="дикие утки"~1 → "=дикие =утки"~1                  # the same
"дик* утки" → "дик* утки"                           # a mask
"жар-птица летит" → "жар-птица{жар птица} летит"    # a hyphenated word
"12 345 уток" → "12345 уток"                        # a number in groups
"быть И не быть" → "быть и не быть"                 # no operators within
"утки ИЛИ гуси" → "утки или гуси"                   # the same
"утки -гуси" → "утки гуси"                          # the same
"(утки) | гуси" → "утки гуси"                       # the same
"title:утки" → "title утки"                         # no fields
-"дикие утки" гуси → (-"дикие утки" гуси)           # without
НЕ "дикие утки" → (-"дикие утки")                   # the same
+"дикие утки" гуси → (+"дикие утки" гуси)           # must
-!"дикие утки" → (-"=дикие =утки")                  # both
"дикие утки" ИЛИ "серые гуси" → ("дикие утки" | "серые гуси")   # alternatives
"дикие утки"|«серые гуси» → ("дикие утки" | "серые гуси")   # tight
"дикие""утки" → ("дикие" "утки")                    # two phrases
кто сказал «кря»? → (кто сказал "кря")              # a question mark behind
«дикие "утки" летят» → "дикие утки летят"           # quotation marks within quotation marks
"дикие⏎утки" → "дикие утки"                         # over a line end
дикие /3 утки → "дикие утки"~2                      # within three words: two between
дикие /1 утки → "дикие утки"~0                      # neighbours in any order
!дикие /2 утк* → "=дикие утк*"~1                    # any kind of word
летят дикие /2 утки → (летят "дикие утки"~1)        # the words around it only
"""

FIELDS_TYPED = """
title:яблоня → title:яблоня                         # in titles
заголовок:яблоня → title:яблоня                     # in Russian
ЗАГОЛОВОК:Яблоня → title:яблоня                     # in any case
title:"дикие утки" → title:"дикие утки"             # a phrase
title:«дикие утки» → title:"дикие утки"             # in print
title:"дикие утки"~2 → title:"дикие утки"~2         # near
title:(утки ИЛИ гуси) → title:(утки | гуси)         # a group
-title:яблоня → (-title:яблоня)                     # without
+title:яблоня сад → (+title:яблоня сад)             # must
-title:(утки гуси) → (-title:(утки гуси))           # without a group
НЕ title:яблоня → (-title:яблоня)                   # the same
title:!яблони → title:=яблони                       # this very form
title:!"дикие утки" → title:"=дикие =утки"          # of a phrase
title:яблон* → title:яблон*                         # a mask
title:жар-птица → title:жар-птица{жар птица}        # a hyphenated word
title:утки,гуси → title:(утки гуси)                 # two words
lang:ru яблоня → (lang:<ru> яблоня)                 # filters
язык:bg → lang:<bg>                                 # the same
lang:ru,bg → lang:<ru,bg>                           # a list is read by the filter
-lang:bg → (-lang:<bg>)                             # not this
ext:txt → ext:<txt>                                 # the ending of a file
path:news/* → path:<news/*>                         # a glob
путь:"Мои документы" → path:<Мои документы>         # with spaces
date:2022 → date:<2022>                             # the same
дата:2022-01..2022-03 → date:<2022-01..2022-03>     # a range
date:..31.12.2021 → date:<..31.12.2021>             # an open one
date:"03.04.2021" → date:<03.04.2021>               # in quotation marks
path:C:/книги → path:<C:/книги>                     # the first colon counts
папка:книги → path:<книги>                          # a folder
title: яблоня → (title яблоня)                      # a colon at the end of a word is punctuation
дата:завтра яблоня → ((дата завтра) яблоня)         # no date: words
-дата:завтра яблоня → (-(дата завтра) яблоня)       # without them
"""

MASKS = """
яблон* → яблон*                                     # a beginning
*лоня → *лоня                                       # an end
я*ня → я*ня                                         # both
ябл?ня → ябл?ня                                     # one letter
?блоня → ?блоня                                     # the first
яблоня? → яблоня                                    # the last: that is a question
Яблон* → яблон*                                     # case
ёлк* → елк*                                         # a pattern is over keys: ё is е
-яблон* → (-яблон*)                                 # without
+яблон* сад → (+яблон* сад)                         # must
яблон*, сад → (яблон* сад)                          # punctuation behind
кое-как* → кое-как*                                 # with a hyphen
20?? → 20                                           # question marks at the end are a question
* → ∅                                               # everything is nothing
*** → ∅                                             # the same
? → ∅                                               # the same
сад * → сад                                         # the same
"""

NOTHING_TO_DO = """
() → ∅                                              # empty
(()) → ∅                                            # the same
"" → ∅                                              # the same
«» яблоня → яблоня                                  # the same
"—" → ∅                                             # signs only
... → ∅                                             # the same
- → ∅                                               # operators without operands
+ → ∅                                               # the same
! → ∅                                               # the same
НЕ → ∅                                              # the same
И → ∅                                               # the same
ИЛИ → ∅                                             # the same
И ИЛИ → ∅                                           # the same
яблоня И → яблоня                                   # at the end
И яблоня → яблоня                                   # at the beginning
яблоня ИЛИ → яблоня                                 # the same
ИЛИ яблоня → яблоня                                 # the same
яблоня ИЛИ ИЛИ сад → (яблоня | сад)                 # twice
яблоня И И сад → (яблоня сад)                       # the same
яблоня НЕ ИЛИ сад → (яблоня | сад)                  # before another operator
-(яблоня НЕ) сад → (-яблоня сад)                    # before a parenthesis
яблоня НЕ → яблоня                                  # the same
сад −яблоня → (сад -яблоня)                         # a minus sign, as word processors write it
сад − яблоня → (сад яблоня)                          # alone it is a dash
−(яблоня сад) → (-(яблоня сад))                     # before a group
НЕ НЕ яблоня → (-яблоня)                            # no word is said twice on purpose
яблоня -() сад → (яблоня сад)                       # without nothing
яблоня /3 → яблоня                                  # near nothing
яблоня & → яблоня                                   # in one sentence with nothing
<< яблоня → яблоня                                  # behind nothing
яблоня & ИЛИ сад → (яблоня | сад)                   # before another operator
яблоня & И сад → (яблоня сад)                       # the same
яблоня & & сад → (яблоня & сад)                     # twice
"яблоня → яблоня                                    # unbalanced
яблоня" → яблоня                                    # the same
«яблоня → яблоня                                    # the same
„яблоня сад → (яблоня сад)                          # the same
(яблоня → яблоня                                    # the same
яблоня) → яблоня                                    # the same
)яблоня( → яблоня                                   # the same
((яблоня ИЛИ сад) → (яблоня | сад)                  # the same
яблоня) ИЛИ (сад → (яблоня | сад)                   # the same
"яблоня" сад" → ("яблоня" сад)                      # the same
яблоня:) → яблоня                                   # a smile
яблоня ;-) сад → (яблоня сад)                       # another
ext: → ext                                          # a field without a value is a word
title:"" яблоня → яблоня                            # the same
title:() яблоня → яблоня                            # the same
title:! яблоня → яблоня                             # the same
--яблоня → яблоня                                   # two signs are no sign
"""


def shown(node: Node | Gap) -> str:
    """A tree, as the tables write it."""
    match node:
        case Word(_, form, exact):
            return "=" * exact + form
        case Compound(_, form, parts, exact):
            return "=" * exact + form + "{" + " ".join(map(shown, parts)) + "}"
        case Mask(_, pattern):
            return pattern
        case Gap():
            return "_"
        case Phrase(items, slop):
            return '"' + " ".join(map(shown, items)) + '"' + (f"~{slop}" if slop is not None else "")
        case InTitle(child):
            return f"title:{shown(child)}"
        case Filter(name, value):
            return f"{name}:<{value}>"
        case Must(child):
            return f"+{shown(child)}"
        case Not(child):
            return f"-{shown(child)}"
        case And(()):
            return "∅"
        case And(children):
            return "(" + " ".join(map(shown, children)) + ")"
        case Or(children):
            return "(" + " | ".join(map(shown, children)) + ")"
        case Before(children):
            return "(" + " << ".join(map(shown, children)) + ")"
        case Sentence(children):
            return "(" + " & ".join(map(shown, children)) + ")"


def rows(*tables: str) -> list[tuple[str, str, str]]:
    """(query, tree, reason)."""
    lines = [line for table in tables for line in table.strip("\n").split("\n")]
    found = [re.fullmatch(r"(.+?) → (.+?)\s{2,}# (.+)", line) for line in lines]
    assert all(found), [line for line, row in zip(lines, found, strict=True) if not row]
    return [(row[1].replace("⏎", "\n"), row[2], row[3]) for row in found if row]


TABLE = rows(WORDS, OPERATORS, GROUPS, PHRASES, FIELDS_TYPED, MASKS, NOTHING_TO_DO)


@pytest.mark.parametrize(("query", "tree", "reason"), TABLE, ids=[row[0] for row in TABLE])
def test_tree(query: str, tree: str, reason: str) -> None:
    assert shown(parse(query)) == tree, reason


@pytest.mark.parametrize("query", ["", " ", "\n\t", "\u00a0\u2003"], ids=ascii)
def test_only_an_empty_query_is_an_error(query: str) -> None:
    with pytest.raises(QueryError, match="Пустой запрос"):
        parse(query)


def test_words_keep_what_was_typed() -> None:
    """`text` is what is shown to people as the word that was met, or was not."""
    tree = parse("Ёлку !Жар-птицу яблон* 12 345")
    assert isinstance(tree, And)
    assert [getattr(child, "text", "") for child in tree.children] == ["Ёлку", "Жар-птицу", "яблон*", "12 345"]


EXACT = """
утки гуси → (=утки =гуси)                           # every word
"дикие утки" → "=дикие =утки"                       # of a phrase
-утки жар-птица → (-=утки =жар-птица{=жар =птица})  # with operators
title:утки → title:=утки                            # in a field
утк* → утк*                                         # a mask is of forms anyway
lang:ru → lang:<ru>                                 # a filter has no words
"""


@pytest.mark.parametrize(("query", "tree", "reason"), rows(EXACT))
def test_exact_takes_every_word_as_typed(query: str, tree: str, reason: str) -> None:
    assert shown(parse(query, exact=True)) == tree, reason


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_by_every_name(name: str) -> None:
    value = "2022" if FIELDS[name] == "date" else "а"
    tree = parse(f"{name}:{value}")
    assert tree == (InTitle(Word("а", "а")) if FIELDS[name] == "title" else Filter(FIELDS[name], value))
    assert parse(f"{name.upper()}:{value}") == tree
    assert parse(f"НЕ {name}:{value}") == parse(f"-{name}:{value}") == And((Not(tree),))


def test_filters_given_as_options_join_the_query() -> None:
    russian, year = Filter("lang", "ru"), Filter("date", 2022)
    assert shown(with_filters(parse("утки"), (russian,))) == "(утки lang:<ru>)"
    assert shown(with_filters(parse("утки гуси"), (russian, year))) == "(утки гуси lang:<ru> date:<2022>)"
    assert shown(with_filters(parse("утки ИЛИ гуси"), (russian,))) == "((утки | гуси) lang:<ru>)"
    assert shown(with_filters(parse("-утки"), (russian,))) == "(-утки lang:<ru>)"
    assert with_filters(parse("утки"), ()) == parse("утки")


# What holds of every query.

PIECES = [
    *'утки ёлка жар-птица кто-то 12 345 3,5 C++ a@b.ru ИЛИ OR | || И && & НЕ NOT - + ! = ( ) " « » „ “ ” ~2 ~'.split(),
    *"<< title: lang:ru date:2022 path:а/б ext: * ? ут* ?тки утки? /3 /2 : , . … — ' ’ [ ] #а \U00017000 🐈".split(),
    *(" ", " ", " ", "\n", "\u00ad", "\u0301"),
]
QUERIES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=15).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join),
).filter(str.strip)


def children(node: Node | Gap) -> tuple[Node | Gap, ...]:
    """The nodes right below a node."""
    match node:
        case And(below) | Or(below) | Before(below) | Sentence(below):
            return below
        case Phrase(items):
            return items
        case Compound(parts=parts):
            return parts
        case InTitle(child) | Must(child) | Not(child):
            return (child,)
    return ()


def every(node: Node | Gap) -> list[Node | Gap]:
    """The node and all below it."""
    return [node, *(below for child in children(node) for below in every(child))]


@given(QUERIES)
@example("\x1c.")
@example('"*"')
@example("title:*")
@example("-" * 50 + "(")
def test_any_text_is_a_query(query: str) -> None:
    tree = parse(query)
    assert hash(tree) == hash(parse(query)), "a tree is a value"
    assert shown(tree)


@given(QUERIES)
@example("0 /0 title:'")
def test_trees_have_no_empty_branches(query: str) -> None:
    tree = parse(query)
    for node in every(tree):
        for child in children(node):
            assert child not in (And(()), Or(())), "nothing below the root is empty"
        match node:
            case Or(below) | Before(below) | Sentence(below):
                assert len(below) > 1
            case And((only,)):
                assert isinstance(only, Not | Must), "what else is alone needs no group"
            case Compound(form=form, parts=parts):
                assert form
                assert parts
            case Phrase(items):
                assert items
                assert not isinstance(items[0], Gap)
                assert not isinstance(items[-1], Gap)
            case Fuzzy(form=form, distance=distance):
                assert any(map(str.isalpha, form))
                assert distance in (1, 2)
            case Mask(pattern=pattern):
                assert re.search(r"[*?]", pattern)
                assert re.search(r"[^*?]", pattern), "a letter at least"
            case Word(text, form):
                assert text.strip() == text
                assert form


@given(st.lists(st.sampled_from([*"утки Ёлка жар-птица кто-то 12 345 3,5 C++ a@b.ru и или не".split()]), min_size=1))
def test_plain_words_are_the_tokens_of_the_text(words: list[str]) -> None:
    """What is typed is cut as what is written, wholes instead of their parts."""
    query, covered, expected = " ".join(words), -1, []
    for token in tokenize(query):
        if token.kind == "word" and token.position <= covered:
            continue
        covered = token.position + token.width - 1
        expected.append(token.form)
    tree = parse(query)
    found = tree.children if isinstance(tree, And) else (tree,)
    assert [node.form for node in found if isinstance(node, Word | Compound)] == expected
    assert len(found) == len(expected)


LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)


@given(st.lists(st.one_of(LETTERS, st.sampled_from("и И НЕ OR Ёлка Kот".split())), min_size=1), st.booleans())
@example(["а"] * 600, False)
def test_words_alone_go_a_way_of_their_own(words: list[str], exact: bool) -> None:
    """And come out as they do beside a full stop, which says nothing, but sends them the way of all others."""
    query = " ".join(words)
    assert parse(query, exact=exact) == parse(f"{query} .", exact=exact)
    assert parse(f'"{query}"~3', exact=exact) == parse(f'"{query} ."~3', exact=exact)
    assert parse(f'"{query}"', fuzzy=1) == parse(f'"{query} ."', fuzzy=1)


@given(QUERIES)
def test_a_word_is_folded_as_in_texts(query: str) -> None:
    for node in every(parse(query)):
        if isinstance(node, Word) and node.text.isalnum():
            assert node.form == fold(node.text)


@given(QUERIES)
def test_a_query_in_quotation_marks_is_a_phrase_or_nothing(query: str) -> None:
    inside = re.sub(r"[\"“”„«»]", " ", query)
    tree = parse(f'"{inside}"')
    assert isinstance(tree, Phrase) or tree == And(())
    assert not {"Must", "Not", "Or", "InTitle", "Filter"} & {type(node).__name__ for node in every(tree)}


# Hostile queries: none may take more than linear time, or more stack than there is. A slow rule is noticed.

MANY = 5_000
HOSTILE = {
    "opening parentheses": "(" * MANY,
    "balanced parentheses": "(" * MANY + "а" + ")" * MANY,
    "parentheses with spaces": "( " * MANY + "а",
    "excluded parentheses": "-(" * MANY + "а",
    "groups of groups": "(а ИЛИ " * MANY + "б" + ")" * MANY,
    "closing parentheses": ") " * MANY,
    "NOT": "НЕ " * MANY + "а",
    "minuses": "-" * MANY + "а",
    "AND": "а И " * MANY,
    "OR": "а ИЛИ " * MANY,
    "near": "а /2 " * MANY,
    "one sentence": "а & " * MANY,
    "order": "а << " * MANY,
    "straight quotation marks": '" ' * MANY,
    "opening quotation marks": "« " * MANY,
    "low quotation marks": "„ " * MANY,
    "a long phrase": '"' + "а " * MANY + '"',
    "a long phrase of masks": '"' + "а* " * MANY + '"',
    "gaps": '"а' + " *" * MANY + ' а"',
    "fields": "title:" * MANY,
    "masks": "а* " * MANY,
    "asterisks": "*" * MANY,
    "question marks": "?а" * MANY,
    "hyphens": "а-" * MANY,
    "hyphenated words": "а-а " * MANY,
    "a long word": "щ" * 1_000_000,
    "a long text": "утки летят, гуси тоже. " * MANY,
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_hostile_queries(query: str) -> None:
    assert hash(parse(query))
    assert shown(parse(query))


def test_parentheses_deeper_than_anyone_means_are_text() -> None:
    deep = parse("(" * 2_000 + "утки ИЛИ гуси" + ")" * 2_000)
    assert shown(deep) == "(утки | гуси)"
    assert shown(parse("(" * 40 + "утки ИЛИ гуси" + ")" * 40 + " летят")) == "((утки | гуси) летят)"
