"""A query and its options → results: OpenSearch finds, our own code ranks the best of it, and shows why and where.

The documents found come in blocks, in the order of the cluster, which is nearly ours; each block is put into our own
order. Where the cluster can only find more than was asked for, or reprints are to be folded, all that it found is
fetched and goes through the code of a local index.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

from indexer import searching
from indexer.errors import QueryError
from indexer.model import Document
from indexer.opensearch import statistics
from indexer.opensearch.candidates import Candidates, candidates
from indexer.opensearch.connection import Body, Connection
from indexer.opensearch.counting import Counts, counting, facets, facets_request, total
from indexer.opensearch.lexicon import RemoteLexicon
from indexer.opensearch.listing import Listing, read
from indexer.opensearch.querying import Asked, Translator
from indexer.opensearch.statistics import Statistics
from indexer.options import Options
from indexer.query.filters import where
from indexer.query.likeness import typical
from indexer.query.parser import parse, with_filters
from indexer.query.plan import Answer, Plan
from indexer.query.scored import Found
from indexer.query.topk import page
from indexer.query.tree import Node, Word
from indexer.repair.chain import Chain, Repair
from indexer.results import Hit, Results
from indexer.segment.builder import Lore
from indexer.showing import hits

# So many documents are fetched and ranked together, fewer where they are long: so many positions in all.
_BLOCK, _LEAST, _POSITIONS = 100, 20, 200_000
# So many documents at most are fetched to be checked one by one, and so many at a time.
MOST_CHECKED, _FETCHED = 10_000, 500


class Searcher:
    """One search of a remote index; what was fetched for it is let go of when `stack` is closed."""

    def __init__(self, connection: Connection, options: Options, lore: Lore, stack: ExitStack) -> None:
        self.connection = connection
        self.options = options
        self.began = time.perf_counter()
        self.clock = searching.stopwatch(options.timeout, self.began)
        self.lore = lore
        self._stack = stack

    def run(self, query: str) -> Results:
        """The results of a query. Raises QueryError and SearchTimeout."""
        asked, offered = self.ask(searching.understand(query, self.options)), list[str]()
        if not asked.found or asked.lacks_words():
            chain = Chain(query, RemoteLexicon(self.connection, asked.known.languages), self.finds)

            def again(text: str) -> Question:
                return self.ask(searching.understand(text, self.options))

            asked, offered = searching.mended(asked, again, chain, self.options, self.clock)
        return asked.results(query, offered)

    def alike(self, text: str, language: str, without: str | None = None) -> Results:
        """The documents most like a text; that of one id is left out."""
        known = self.statistics()
        tree = typical(text, language, self._without_documents(known, Counts(self.connection)))
        query = " ".join(word.text for word in tree.children if isinstance(word, Word))
        self.options = self.options.replace(match="any")
        asked = self.ask(with_filters(tree, where(self.options.where)), without)
        return asked.results(query, [])

    def ask(self, tree: Node, without: str | None = None) -> Question:
        """Ask for a tree; the document of one id is left out."""
        known, translator = self._translator(tree)
        asked = translator.asked(tree, self.options.match)
        if without is not None:
            asked = asked._replace(query={"bool": {"must": [asked.query], "must_not": [{"term": {"id": without}}]}})
        return self._posed(tree, known, asked, translator)

    def ask_partly(self, question: Question) -> Question | None:
        """Ask for documents that have some of the words; None where none may be lacking."""
        plan = Plan(question.tree, self._without_documents(question.known, question.counts), self.clock)
        if (relaxation := plan.relaxation()) is None:
            return None
        loose = [(node, leaf.idf) for node, leaf in relaxation.found]
        _, translator = self._translator(question.tree, question.known)
        asked = translator.relaxed(relaxation.binding, loose, relaxation.least)
        return self._posed(question.tree, question.known, asked, None, question)

    def _translator(self, tree: Node, known: Statistics | None = None) -> tuple[Statistics, Translator]:
        """What turns a tree into a query, and what it knows of the index."""
        forms = list(statistics.forms(tree))
        known, counts = known or self.statistics(forms), Counts(self.connection)
        return known, Translator(self._without_documents(known, counts), counts.values, len(forms))

    def finds(self, text: str) -> bool:
        """Whether the index has what a piece of a query asks for."""
        tree = parse(text)
        asked = self._translator(tree)[1].asked(tree)
        return Counts(self.connection).queries([asked.query])[0] > 0

    def statistics(self, forms: Sequence[str] = ()) -> Statistics:
        """What the whole index knows, of some words too."""
        return statistics.read(self.connection.search(statistics.request(forms), self.options.timeout))

    def kept(self, reader: AbstractContextManager[Candidates]) -> Candidates:
        """Some documents as a local index, until the search is over."""
        return self._stack.enter_context(reader)

    def _without_documents(self, known: Statistics, counts: Counts) -> Candidates:
        return self.kept(candidates((), known, counts, self.lore))

    def _posed(
        self, tree: Node, known: Statistics, asked: Asked, translator: Translator | None, before: Question | None = None
    ) -> Question:
        """Ask a query, and count what its words find; partly, what they found `before` is known."""
        whole = not asked.exact or self.options.collapse is not None
        size = max(_LEAST, min(_BLOCK, int(_POSITIONS / known.average_length)))
        listing = Listing(self.connection, asked.query, self.options.sort, self.options.timeout)
        body = listing.request(0, 0 if whole or (self.options.end == 0 and before is None) else size)
        body["track_total_hits"] = self.options.count or self.options.limit is None or whole
        if self.options.facets and not whole:
            body["aggs"] = facets_request(list(self.options.facets))
        leaves = {} if translator is None else translator.leaves
        searches = [body, *(counting(leaf.query) for leaf in leaves.values())]
        answer, *counted = self.connection.searches(searches, self.options.timeout)
        counts = (
            before.counts if before else Counts(self.connection, dict(zip(leaves, map(total, counted), strict=True)))
        )
        found = Question(self, tree, known, counts, listing, answer, size, before is not None)
        return found.checked() if whole else found


@dataclass(frozen=True, eq=False)
class Question:
    """A tree that the cluster was asked for, and the first of what it found."""

    searcher: Searcher
    tree: Node
    known: Statistics
    counts: Counts
    listing: Listing
    answer: Body
    size: int  # of a block
    partly: bool
    repair: Repair | None = None
    local: tuple[searching.Asked, Candidates] | None = None  # where all that was found is here

    @property
    def found(self) -> bool:
        """Whether there is any document."""
        return self.local[0].found if self.local else total(self.answer) > 0

    def lacks_words(self) -> bool:
        """Whether some word that was looked for is nowhere in the index."""
        if self.local is not None:
            return self.local[0].lacks_words()
        return any(not count for (node, _), count in self.counts.leaves.items() if isinstance(node, Word))

    def repaired(self, repair: Repair) -> Question:
        """The same, as what was asked in place of another query."""
        local = self.local and (self.local[0].repaired(repair), self.local[1])
        return replace(self, repair=repair, local=local)

    def relaxed(self) -> Question:
        """The documents that have some of the words; where none may be lacking, the same, which found nothing."""
        found = self.searcher.ask_partly(self)
        return self if found is None else found.repaired(self.repair) if self.repair else found

    def checked(self) -> Question:
        """The same with all that was found fetched, and what was not asked for left out."""
        if (number := total(self.answer)) > MOST_CHECKED:
            raise QueryError(
                f"Под такой запрос подходит до {number} документов, и каждый нужно проверить; на кластере это можно для"
                f" {MOST_CHECKED}. Добавьте слов или фильтр"
            )
        documents: list[Document] = []
        while len(documents) < number:
            self.searcher.clock()
            more = self.listing.documents(len(documents), len(documents) + _FETCHED)
            documents += more
            if not more:
                break
        reader = self.searcher.kept(self._here(documents))
        plan, found, lacking = self._planned(reader)
        asked = searching.Asked(plan, Answer(found, len(found.documents), True), None, lacking)
        return replace(self, local=(asked, reader))

    def _here(self, documents: Sequence[Document]) -> AbstractContextManager[Candidates]:
        return candidates(documents, self.known, self.counts, self.searcher.lore)

    def _planned(self, reader: Candidates) -> tuple[Plan, Found, list[str]]:
        """What of the documents matches, and what the best of them lacks."""
        plan = Plan(self.tree, reader, self.searcher.clock)
        found, lacking = plan.relaxed() if self.partly else (plan.answer(self.searcher.options.match).found, [])
        return plan, found, lacking

    def results(self, query: str, offered: Sequence[str]) -> Results:
        """The page that was asked for."""
        options = self.searcher.options
        if self.local is not None:
            asked, reader = self.local
            return searching.results(query, asked, offered, reader, options, self.searcher.began)
        executed = self.repair.text if self.repair else query
        lacking: list[str] = []
        shown = tuple(self._hits(lacking))
        return Results(
            query=query,
            executed=executed,
            hits=shown,
            total=total(self.answer),
            total_is="exact" if self.answer["hits"]["total"]["relation"] == "eq" else "at_least",
            took_ms=round((time.perf_counter() - self.searcher.began) * 1000, 2),
            repaired={"kind": self.repair.kind, "from": query, "to": executed} if self.repair else None,
            relaxed=tuple(lacking),
            suggestions=tuple(offered),
            facets=facets(self.answer, list(options.facets)),
        )

    def _hits(self, lacking: list[str]) -> Iterator[Hit]:
        """The hits of the page, block by block; the words that the best document lacks are put into `lacking`."""
        options = self.searcher.options
        end = total(self.answer) if options.end is None else options.end
        first = options.offset // self.size * self.size
        if self.partly and (first or not end):
            with self._here(read(self.answer)) as reader:
                lacking += self._planned(reader)[2]
        for low in range(first, end, self.size):
            documents = self.listing.documents(low, low + self.size) if low else read(self.answer)
            if not documents:
                return
            with self._here(documents) as reader:
                plan, found, lacks = self._planned(reader)
                if not low:
                    lacking += lacks
                order = found.documents.tolist() if options.sort != "relevance" else page(found, None, reader.identity)
                numbers = order[max(0, options.offset - low) : end - low]
                place = options.replace(offset=max(options.offset, low))
                yield from hits(plan, found, reader, {number: [] for number in numbers}, place)
