"""What only the whole index knows: how many documents, how long, in which languages, and which forms are surnames."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from indexer.analysis import surnames
from indexer.query.tree import Compound, Either, Fuzzy, Gap, Node, Phrase, Word
from indexer.segment.terms import Entry

# Forms of one surname in an index, with different counts, are some dozens in each of the documents' ways to have it.
_MOST = 10_000
_NAMES = "names-"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the live documents of an index; `capitalised` is of the entries that may be surnames in the query."""

    documents: int
    average_length: float
    languages: tuple[str, ...]
    capitalised: Mapping[Entry, float]

    def names_of(self, key: str) -> frozenset[Entry]:
        """The possible surnames of a look-up key."""
        return frozenset(entry for entry in self.capitalised if entry.key == key)


def request(forms: Iterable[str]) -> dict[str, Any]:
    """The search that `read` reads; the forms are those of the query's words."""
    keys = dict.fromkeys(key for form in forms for key in surnames.keys(form))
    counted: dict[str, Any] = {
        "length": {"avg": {"field": "length"}},
        "languages": {"terms": {"field": "lang", "size": 100}},
    }
    for number, key in enumerate(keys):
        counted[f"{_NAMES}{number}"] = {"terms": {"field": "names", "include": _cases(key), "size": _MOST}}
    return {"size": 0, "track_total_hits": True, "aggs": counted}


def read(answer: Mapping[str, Any]) -> Statistics:
    """The statistics of the answer to a `request`."""
    counts = answer["aggregations"]
    places, capitals = Counter[Entry](), Counter[Entry]()
    buckets = (bucket for name in counts if name.startswith(_NAMES) for bucket in counts[name]["buckets"])
    for bucket in buckets:
        _, form, language, width, here, of_them = bucket["key"].split("\t")
        entry = Entry(form, language, int(width))
        places[entry] += int(here) * bucket["doc_count"]
        capitals[entry] += int(of_them) * bucket["doc_count"]
    return Statistics(
        answer["hits"]["total"]["value"],
        counts["length"]["value"] or 1.0,
        tuple(sorted({"ru", *(bucket["key"] for bucket in counts["languages"]["buckets"])})),
        {entry: capitals[entry] / places[entry] for entry in places},
    )


def forms(node: Node | Gap) -> Iterator[str]:
    """The forms of all words of a query, of which each may be a surname."""
    match node:
        case Word() | Fuzzy():
            yield node.form
        case Compound():
            yield node.form
            inner: tuple[Node | Gap, ...] = node.parts
        case Either():
            inner = node.options
        case Phrase():
            inner = node.items
        case _:
            child = getattr(node, "child", None)
            inner = getattr(node, "children", () if child is None else (child,))
    if not isinstance(node, Word | Fuzzy):
        for one in inner:
            yield from forms(one)


def _cases(key: str) -> str:
    """The cases of a surname with whatever is counted of them, as a regular expression of Lucene, a short one."""
    cases = sorted(surnames.cases(key))
    stem = commonprefix(cases)  # noqa: RUF071  (of letters)
    endings = "|".join(_literal(ending) for case in cases if (ending := case.removeprefix(stem)))
    return f"{_literal(stem)}({endings}){'?' * (stem in cases)}\t.*"


def _literal(text: str) -> str:
    return re.sub(r"\W", lambda sign: f"\\{sign[0]}", text)
