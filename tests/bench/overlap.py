"""How near the order on a cluster is to that of a local index, and how fast documents go in and answers come out.

    python tests/bench/overlap.py opensearch://127.0.0.1:9200/overlap --corpus corpus.jsonl.gz --documents 4000

The index of the address is made anew. Each query of `queries.py` is asked of both; `overlap@10` is the share of the
local index's best ten that are among the cluster's, `same` how often all ten are the same in the same order, `sets`
how often both find as many documents. Milliseconds are medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import corpus
import queries
from rival import Item, Query

from indexer import Document, Index

K = 10


def main() -> None:
    """Fill both, ask both, print a line a class of queries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--queries", type=int, default=34, help="of each class")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    items = list(corpus.read(options.corpus, options.documents))
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(Path(folder) / "index", create=True) as local,
        Index.open(options.address, create=True, timeout=60.0) as remote,
    ):
        remote.delete(*(document.id or "" for document in remote.export()))
        local.add_many(_documents(items))
        began = time.perf_counter()
        remote.add_many(_documents(items), jobs=options.jobs)
        print(f"{len(items) / (time.perf_counter() - began):.0f} documents a second, {options.jobs} jobs")
        compare(local, remote, queries.make(items, options.queries))


def _documents(items: list[Item]) -> Iterator[Document]:
    return (Document(item.text, id=item.id, title=item.title, lang="ru") for item in items)


def compare(local: Index, remote: Index, asked: list[Query]) -> None:
    """A line for each class of queries, and one for all."""
    rows: defaultdict[str, list[tuple[float, bool, bool, float, float]]] = defaultdict(list)
    for query in asked:
        text = f'"{query.text}"' if query.kind.startswith("ph") else query.text
        how = "all" if query.kind.startswith(("ph", "and")) else "any"
        answers = []
        for index in (local, remote):
            began = time.perf_counter()
            found = index.search(text, match=how, limit=K)  # type: ignore[arg-type]
            answers.append((found, 1000 * (time.perf_counter() - began)))
        (here, fast), (there, slow) = answers
        best, others = [hit.id for hit in here], [hit.id for hit in there]
        overlap = len({*best} & {*others}) / len(best) if best else 1.0
        for name in (query.kind, "all"):
            rows[name].append((overlap, best == others, here.total == there.total, fast, slow))
    rows["all"] = rows.pop("all")  # the last line
    print(f"{'class':8} {'queries':>7} {'overlap':>7} {'same':>5} {'sets':>5} {'local ms':>8} {'ms':>8}")
    for name, found in rows.items():
        overlap, same, sets = (statistics.mean(map(float, column)) for column in list(zip(*found, strict=True))[:3])
        fast, slow = (statistics.median(column) for column in list(zip(*found, strict=True))[3:])
        print(f"{name:8} {len(found):7} {overlap:7.3f} {same:5.2f} {sets:5.2f} {fast:8.2f} {slow:8.2f}")


if __name__ == "__main__":
    main()
