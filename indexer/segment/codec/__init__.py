"""The index as an index of Whoosh: every query, collector, facet and sorter of Whoosh runs on the very same files.

    with open_index("index_data").searcher() as searcher:
        results = searcher.search(Term("lemma", "уступка") & Term("lang", "ru"), groupedby="path")

Nothing else imports this module: a search of our own does without Whoosh. Only what Whoosh 2.7.4 and whoosh3 have in
common is used, and nothing is pickled. Two of Whoosh's faults are kept out of the way here: its collectors may skip
blocks only where one term is asked for (elsewhere it loses scores and documents), and `refresh` opens anew.
"""

from indexer.segment.codec.index import FileIndex, Searcher, open_index
from indexer.segment.codec.matcher import Bm25

__all__ = ["Bm25", "FileIndex", "Searcher", "open_index"]
