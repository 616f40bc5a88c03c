"""The cases of `tests/cases/search.jsonl` on a cluster: what a local index finds, marks and suggests is found there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import servers
from case_runner import complaints, fill
from opensearch_store import emptied
from test_cases import CASES, NOT_YET

from indexer import Index

REACHED = [case for case in CASES if case["id"] not in NOT_YET]


@pytest.fixture(scope="module")
def remote(cluster: servers.Cluster) -> Iterator[Index]:
    """An empty index on the cluster."""
    with Index.open(f"{cluster.urls[0].replace('http', 'opensearch')}/cases", create=True) as index:
        yield index


@pytest.mark.parametrize("case", REACHED, ids=lambda case: case["id"])
def test_case(case: dict[str, Any], remote: Index, tmp_path: Path) -> None:
    """Found, left out, in order, marked and cut as the case says."""
    fill(emptied(remote), case, tmp_path)
    assert not list(complaints(case, remote))
