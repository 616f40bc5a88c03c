"""What all tests share: no example is timed; servers for OpenSearch, started when first asked for.

Where they cannot be had, their tests are skipped with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import servers
from hypothesis import settings

# A dictionary is loaded by whatever example is the first to ask for it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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
