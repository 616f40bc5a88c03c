"""Words that begin as what is being typed: from a sample of the documents that have such words, counted in all."""

from __future__ import annotations

from itertools import islice

from indexer.opensearch.asking import Searcher
from indexer.opensearch.candidates import candidates
from indexer.opensearch.counting import Counts
from indexer.opensearch.lexicon import RemoteLexicon
from indexer.opensearch.listing import Listing
from indexer.opensearch.tokens import key_term
from indexer.query.beginnings import beginning
from indexer.repair.suggestions import last_word, readings

# So many documents are looked at, and so many of their words counted.
_SAMPLE, _COUNTED = 200, 200


def complete(searcher: Searcher, prefix: str, limit: int) -> list[str]:
    """Forms that begin with the last word of the prefix, in most documents first, behind the words before it."""
    before, typed = last_word(prefix)
    for reading in readings(typed):
        if found := _beginning(searcher, reading)[:limit]:
            return [before + form for form in found]
    return []


def _beginning(searcher: Searcher, prefix: str) -> list[str]:
    if not prefix:
        return []
    fields = [{"prefix": {f"{field}_units": {"value": key_term(prefix)}}} for field in ("text", "title")]
    query = {"bool": {"should": fields, "minimum_should_match": 1}}
    sample = Listing(searcher.connection, query, "relevance").documents(0, _SAMPLE)
    known, counts = searcher.statistics(), Counts(searcher.connection)
    with candidates(sample, known, counts, searcher.lore) as reader:
        words = sorted(beginning(prefix, reader), key=lambda word: (len(word), word))[:_COUNTED]
    frequencies = dict(zip(words, counts.terms([[key_term(word)] for word in words]), strict=True))
    ordered = sorted(words, key=lambda word: (-frequencies[word], len(word)))
    lexicon = RemoteLexicon(searcher.connection, known.languages)
    return [form for word in islice(ordered, 50) if (form := lexicon.written(word)) is not None]
