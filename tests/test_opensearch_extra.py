"""What of OpenSearch is loaded, and what is said where it is not installed."""

from __future__ import annotations

import subprocess
import sys


def printed(script: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True).stdout


def test_nobody_pays_for_what_he_does_not_use() -> None:
    """A local index loads neither the client nor our own part for it: only what tells an address."""
    script = "import sys, indexer; indexer.Index; print([name for name in sys.modules if 'opensearch' in name])"
    assert printed(script) == "['indexer.opensearch']\n"


def test_without_the_client() -> None:
    """One sentence says what to install; it is an error like all others."""
    script = (
        "import sys; sys.modules['opensearchpy'] = None\n"
        "from indexer import Index, IndexerError\n"
        "try: Index.open('opensearch://127.0.0.1:9/news')\n"
        "except IndexerError as error: print(error)"
    )
    assert printed(script).endswith("pip install 'indexer[opensearch]'\n")
