"""What comes of a run of adding: told as it comes, and counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Literal

from indexer.errors import DocumentError
from indexer.model import AddReport, Document, Problem
from indexer.segment.record import Prepared, called, prepare

# what is done, and how much there is in all: files; documents and None where the number of files is not known
Progress = Callable[[int, int | None], None]
Outcome = Literal["added", "changed", "unchanged"]
# of a document, by its path or, where it has none, its id; of a file that need not be read, by its path
OnDocument = Callable[[str, Outcome], None]


class Tally:
    """The counts of one run, wherever its documents go."""

    def __init__(
        self,
        skip: bool,
        progress: Progress | None,
        on_problem: Callable[[Problem], None] | None,
        on_document: OnDocument | None,
    ) -> None:
        """`skip` lets a run go on after a document that cannot be taken."""
        self.skip = skip
        self._progress = progress or (lambda _done, _total: None)
        self._on_problem = on_problem or (lambda _: None)
        self._on_document = on_document or (lambda _path, _outcome: None)
        self._counts: Counter[str] = Counter()
        self._failed: list[Problem] = []
        self._done = 0
        self._began = time.perf_counter()
        self.total: int | None = None

    def prepared(self, document: Document) -> Prepared | None:
        """The document ready to be written; None for one that cannot be taken, which is noted.

        Raises DocumentError for it instead where bad ones are not skipped.
        """
        try:
            return prepare(document)
        except DocumentError as error:
            if not self.skip:
                raise
            self.fail(Problem(called(document), str(error)))
            return None

    def expect(self, files: int) -> None:
        """Tell that so many files are to come."""
        self.total = files
        self._progress(0, files)

    def did(self) -> None:
        """Tell that a file is done, or a document where files are not counted."""
        self._done += 1
        self._progress(self._done, self.total)

    def took(self, name: str, outcome: Outcome) -> None:
        """Note what came of a document, by its path or id."""
        self._counts[outcome] += 1
        self._on_document(name, outcome)
        if self.total is None:
            self.did()

    def unchanged(self, file: str, documents: int) -> None:
        """Note a file whose documents need not be looked at."""
        self._counts["unchanged"] += documents
        if documents:
            self._on_document(file, "unchanged")
        self.did()

    def fail(self, problem: Problem, *, known: bool = False) -> None:
        """Note what could not be taken; `known` is what an earlier run has told already."""
        self._failed.append(problem)
        if not known:
            self._on_problem(problem)

    def deleted(self, number: int) -> None:
        """Note that so many documents were deleted by the way."""
        self._counts["deleted"] += number

    def report(self) -> AddReport:
        """What the run did."""
        counts = {name: self._counts[name] for name in ("added", "changed", "deleted", "unchanged")}
        return AddReport(**counts, failed=self._failed, seconds=time.perf_counter() - self._began)
