"""How an index looks on OpenSearch: settings, fields, and in `_meta` the versions by which it was made.

The name that users give is an alias; behind it stands an index `NAME-1`, or a later one after a re-index. Nothing but
stock filters is used, so that any cluster takes it.
"""

from __future__ import annotations

from typing import Any

from indexer import ranking
from indexer.analysis import words
from indexer.opensearch.tokens import BETWEEN, NOTHING

# Raised by every change of the mapping or of what stands in the units.
VERSION = 1

_KEYWORD = {"type": "keyword"}
_STORED = {"enabled": False, "type": "object"}
_UNITS = {"type": "text", "analyzer": "units", "similarity": "ours"}
_FIELDS: dict[str, dict[str, Any]] = {
    # what is shown: kept as it is, not searched
    "text": {"type": "keyword", "index": False, "doc_values": False},
    "title": {"type": "keyword", "index": False, "doc_values": False},
    "fields": _STORED,
    "locations": _STORED,
    # what is filtered, counted and sorted by
    "id": _KEYWORD,
    "digest": {"type": "keyword", "index": False},
    "lang": _KEYWORD,
    "date": _KEYWORD,  # ISO, so that bounds compare as strings
    "year": _KEYWORD,
    "path": _KEYWORD,
    "places": _KEYWORD,
    "dir": _KEYWORD,
    "ext": _KEYWORD,
    "field": _KEYWORD,  # «name=value»
    "length": {"type": "integer"},
    "chars": {"type": "integer", "index": False},
    # what is searched
    "text_units": _UNITS,
    "title_units": _UNITS,
    "names": _KEYWORD,
}


def analysis() -> dict[str, str]:
    """By which rules and dictionaries words are read today."""
    return {"rules": str(words.RULES), **{language: words.version(language) for language in words.LANGUAGES}}


def index_body(settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """What an index is created with; `settings` are those of the cluster's owner: shards, replicas."""
    return {
        "settings": {"index": {**(settings or {}), **_ANALYSIS}},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"indexer": {"mapping": VERSION, "analysis": analysis()}},
            # what can be worked out again is not stored twice
            "_source": {"excludes": ["text_units", "title_units", "names", "places"]},
            "properties": _FIELDS,
        },
    }


_ANALYSIS: dict[str, Any] = {
    "analysis": {
        "analyzer": {"units": {"type": "custom", "tokenizer": "units", "filter": ["terms", "nothing"]}},
        "tokenizer": {"units": {"type": "whitespace", "max_token_length": 65_536}},
        "filter": {
            "terms": {"type": "pattern_capture", "preserve_original": False, "patterns": [f"([^{BETWEEN}]+)"]},
            "nothing": {"type": "stop", "stopwords": [NOTHING]},
        },
    },
    "similarity": {"ours": {"type": "BM25", "k1": ranking.K1, "b": ranking.B}},
}
