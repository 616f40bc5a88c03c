"""Words that stand near each other, and function words: what they change of the order and of the score."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from indexer import Document, Index
from indexer.analysis.function_words import FUNCTION_WORDS


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index."""
    with Index.open(tmp_path / "index", create=True) as opened:
        yield opened


def order(index: Index, query: str, **options: Any) -> list[str]:
    """Ids of the hits."""
    return [hit.id for hit in index.search(query, snippets=0, **options)]


def scores(index: Index, query: str, **options: Any) -> dict[str, float]:
    """Score by id."""
    return {hit.id: hit.score for hit in index.search(query, snippets=0, **options)}


def bridge(distance: int) -> Document:
    """Twelve words, of which «мост» is the first and «реку» stands so many positions behind it."""
    words = ["мост", *["вода"] * 11]
    words[distance] = "реку"
    return Document(" ".join(words), id=str(distance), lang="ru")


@pytest.mark.parametrize("match", ["all", "any"])
@pytest.mark.parametrize("query", ["мост реку", "реку мост"])
def test_the_nearer_the_better(index: Index, query: str, match: Any) -> None:
    """Whichever word stands first; nine positions are as good as any number, and equals go by id."""
    index.add_many(map(bridge, (11, 9, 8, 3, 2, 1)))
    assert order(index, query, match=match) == ["1", "2", "3", "8", "11", "9"]


def test_what_nearness_adds(index: Index) -> None:
    """Both words are in two of three documents: 2 / 2 · ln(1 + 1.5 / 2.5) / distance."""
    index.add_many([bridge(4), bridge(9), Document("вода " * 12, id="вода")])
    found = scores(index, "мост реку")
    assert math.isclose(found["4"] - found["9"], math.log(1 + 1.5 / 2.5) / 4)
    beside = scores(index, "мост реку вода", match="any")  # a third word: a third of it, and «реку» is near «вода» too
    assert math.isclose(beside["4"] - beside["9"], 2 / 3 * math.log(1 + 1.5 / 2.5) / 4)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("гарантии безопасности", "as they stand"),
        ("гарантия безопасность", "in other forms"),
        ("+гарантии +безопасности", "each a must"),
        ("гарантии И безопасности", "bound by AND"),
        ("гарантии и безопасности", "a function word between them is not a neighbour"),
        ("гарантии для безопасности слова", "where not all words are found"),
    ],
)
def test_neighbours(index: Index, query: str, why: str) -> None:
    """Both documents have the words once, in texts of one length."""
    index.add_many(
        [
            Document(
                "Гарантии банк дал вкладчикам и заявил о важности новых технологий для безопасности.", id="далеко"
            ),
            Document("Банк вкладчикам заявил о важности новых технологий и дал для гарантии безопасности.", id="рядом"),
        ]
    )
    assert order(index, query) == ["рядом", "далеко"], why


def test_fields_are_apart(index: Index) -> None:
    """The last word of a title and the first of the text are not side by side."""
    index.add_many(
        [
            Document("дома построили", id="1", title="Новости порта"),
            Document("построили дома", id="2", title="Порта новости"),
        ]
    )
    found = scores(index, "порта дома")
    assert math.isclose(found["1"], found["2"])


def test_a_word_is_no_neighbour_of_itself(index: Index) -> None:
    """«мост мост»: twice the word, each with half of the bonus for the form typed, 2 · 1.25 against 1.5."""
    index.add_many([bridge(4), Document("вода", id="вода")])
    assert math.isclose(scores(index, "мост мост")["4"] / scores(index, "мост")["4"], 2.5 / 1.5)


def test_function_words_count_little(index: Index) -> None:
    """A question's «что» and «для» are rare here, and still the document about the matter is the first."""
    index.add_many(
        [
            Document("Причал построили для лодок.", id="причал"),
            Document("Что это было, никто не понял, а лодок нет.", id="что"),
            Document("Лодок много. Причал стоит пустой.", id="лодки"),
        ]
    )
    assert order(index, "что такое причал", match="any")[0] == "причал"
    words = scores(index, "что лодок", match="any")["что"] - scores(index, "лодок", match="any")["что"]
    # ln(1 + 2.5 / 1.5) · .4 of one «что», and what the bonus for «лодок» loses among two words
    assert 0 < words < math.log(1 + 2.5 / 1.5) * 0.6


def test_function_words_alone_are_words(index: Index) -> None:
    """There is nothing else to ask for: «кто» is as rare as it is, and near «я» as any word."""
    index.add_many([Document("Кто я", id="1"), Document("Я и мост и море, и ещё кто", id="2"), Document("Я", id="3")])
    assert order(index, "кто я") == ["1", "2"]
    alone, beside = scores(index, "кто")["1"], scores(index, "кто (мост | я)", match="any")["1"]
    assert alone > math.log(1 + 1.5 / 2.5)
    assert beside > 0


def test_the_table_of_function_words() -> None:
    """By look-up key, and nothing in it that someone might look for."""
    assert all(word == word.lower() and "ё" not in word for word in FUNCTION_WORDS)
    assert {"что", "котором", "ли", "її", "които", "the"} <= FUNCTION_WORDS
    assert not {"без", "против", "до", "после", "мост", "быть", "можно", "сша"} & FUNCTION_WORDS


@pytest.mark.parametrize("match", ["any", "all"])
@pytest.mark.parametrize("seed", range(4))
def test_pruning_loses_nothing(seed: int, match: Any) -> None:
    """Of 600 documents the best few, asked for alone, are those of all; pages go on where the one before ends."""
    random = Random(seed)
    words = "сталь лёд мост река порт вода город дорога письмо зима".split()
    weights = [1 / (number + 1) ** 1.3 for number in range(len(words))]
    texts = [" ".join(random.choices(words, weights, k=random.randint(2, 40))) for _ in range(600)]
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.add_many(Document(text, id=str(number), lang="ru") for number, text in enumerate(texts[:400]))
        index.add_many(Document(text, id=str(number), lang="ru") for number, text in enumerate(texts[400:], 400))
        for _ in range(25):
            query = " ".join(random.sample(words, random.randint(2, 5)))
            options: dict[str, Any] = {"match": match, "snippets": 0}
            whole = index.search(query, limit=None, **options)
            pages = [index.search(query, limit=7, offset=at, count=False, **options) for at in (0, 7, 14)]
            found = [(hit.id, hit.score) for page in pages for hit in page]
            assert found == [(hit.id, hit.score) for hit in whole[:21]], query


@pytest.mark.parametrize("before", [[], ["сталь лёд"], ["лёд мост"], ["мост река"], ["сталь лёд", "мост река"]])
def test_whatever_pairs_are_known_already(before: list[str]) -> None:
    """A word is read once for both of its neighbours: which of the two were asked for before changes nothing."""
    random = Random(7)
    words = "сталь лёд мост река вода".split()
    texts = [" ".join(random.choices(words, k=random.randint(1, 12))) for _ in range(80)]
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.add_many(Document(text, id=str(number), lang="ru") for number, text in enumerate(texts))
        for query in before:
            index.search(query)
        for hit in index.search("сталь лёд мост мост река", match="any", limit=None, explain=True):
            text = texts[int(hit.id)].split()
            places = {word: [at for at, one in enumerate(text) if one == word] for word in words}
            near = {}
            for one, other in ("сталь", "лёд"), ("лёд", "мост"), ("мост", "река"):
                apart = min((abs(a - b) for a in places[one] for b in places[other]), default=99)
                if apart <= 8:
                    near[one, other] = apart
            assert [tuple(pair["words"]) for pair in hit.explain["near"]] == [*near], text
            rarity = {word["word"]: word["idf"] for word in hit.explain["words"]}
            for pair, apart in zip(hit.explain["near"], near.values(), strict=True):
                assert math.isclose(pair["score"], 2 / 5 * min(rarity[word] for word in pair["words"]) / apart)
