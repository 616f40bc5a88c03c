"""Both kinds of index keep the one promise; mypy checks the types, and this what is there."""

from __future__ import annotations

import inspect

import pytest

from indexer.index import Index
from indexer.protocol import AnyIndex


def test_a_local_index_does_all_of_it() -> None:
    """Every name of the protocol."""
    assert names() <= set(dir(Index))


def test_an_index_on_a_cluster_does_all_of_it() -> None:
    """Every name, with the same parameters, so that going there is a change of address."""
    remote = pytest.importorskip("indexer.opensearch.index").RemoteIndex
    assert names() <= set(dir(remote))
    for name in (
        "add",
        "add_many",
        "add_path",
        "delete",
        "delete_path",
        "similar",
        "like",
        "suggest",
        "complete",
        "get",
    ):
        here, there = (inspect.signature(getattr(kind, name)) for kind in (Index, remote))
        assert here.parameters == there.parameters, name


def names() -> set[str]:
    """What an index is to have."""
    return {name for name in vars(AnyIndex) if not name.startswith("_")}
