"""Servers for the tests of OpenSearch: started when first asked for; skipped with the reason where they cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import servers


def _cluster(nodes: int) -> Iterator[servers.Cluster]:
    try:
        cluster = servers.start(nodes)
    except servers.Unavailable as reason:
        pytest.skip(str(reason))
    with cluster:
        yield cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[servers.Cluster]:
    """One node, for all tests that need a server; each makes indexes of its own."""
    yield from _cluster(1)


@pytest.fixture(scope="module")
def three_nodes() -> Iterator[servers.Cluster]:
    """Three nodes in one cluster; the first test finds all of them running, the next ones what it has left."""
    yield from _cluster(3)
