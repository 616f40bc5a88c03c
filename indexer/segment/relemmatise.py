"""The morphology of an index worked out anew: lexicons and lists of lemmas are rewritten, nothing else is.

Forms and their lists stay as they are, no text is read. Every segment gets a new `NAME-G.lexicon`; the commit that
names them also says by which dictionaries they were made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import words
from indexer.analysis.numbering import Numbering
from indexer.analysis.strings import Strings
from indexer.arrays import distinct, edges
from indexer.errors import IndexerError, IndexVersionError
from indexer.segment import inversion
from indexer.segment.entries import lemmas_of
from indexer.segment.files import SectionWriter
from indexer.segment.lexicon import PAGE, Kin, Lexicon
from indexer.segment.lexicons import Forms, write_lexicons
from indexer.segment.ordering import order
from indexer.segment.postings import COLUMNS, SHARE, Run, frequencies
from indexer.segment.segment import Segment
from indexer.segment.store import Store
from indexer.segment.terms import decode
from indexer.segment.toc import SegmentInfo, Toc

Array = NDArray[Any]

# Postings of lemmas worked out at a time, about; each takes some 60 bytes meanwhile.
AT_ONCE = 2 << 20
# Terms whose lemmas are asked for together.
_TERMS = 64 * PAGE


def relemmatise(store: Store, timeout: float) -> None:
    """Bring the lemmas of the index up to date with the dictionaries of today; on disk on return.

    Raises IndexLocked when another process writes for longer than `timeout` seconds.
    """
    with ExitStack() as held:
        with store.allowed():
            held.enter_context(store.lock(timeout))
        contents = store.contents()
        try:
            with store.allowed(), store.reading(writing=True):
                store.commit(_renewed(store, contents))
        except BaseException:
            with suppress(OSError, IndexerError):
                store.sweep({*contents.files(), *store.contents().files()})
            raise


def _renewed(store: Store, contents: Toc) -> Toc:
    segments, languages = [], set[str]()
    for info in contents.segments:
        fresh, spoken = _rewritten(store, info, contents.generation + 1)
        segments.append(fresh)
        languages |= spoken
    analysis = {language: words.version(language) for language in sorted(languages)}
    return contents.replace(analysis=analysis, rules=words.RULES, segments=tuple(segments))


def _rewritten(store: Store, info: SegmentInfo, generation: int) -> tuple[SegmentInfo, set[str]]:
    """The segment with a lexicon of today's morphology, and the languages of its words."""
    segment = Segment(store.folder, info)
    kin, names, languages = _kin(segment.forms)
    name = f"{info.name}-{generation}.lexicon"
    with SectionWriter(store.folder / name) as file:
        backward = inversion.reverse(kin, len(names))
        lists = lemma_lists(segment.forms, backward, segment.documents.lengths)
        of_lemmas = ((names.part(first, last), run) for first, last, run in lists)
        write_lexicons(file, _forms(segment.forms), of_lemmas, kin, backward, segment.documents.lengths)
    return info.replace(files=info.files | {"lexicon": (name, *file.fingerprint)}), languages


def _forms(forms: Lexicon) -> Iterator[Forms]:
    for first in range(0, len(forms), _TERMS):
        rows = forms.rows(first, min(first + _TERMS, len(forms)))
        yield Strings.of(rows.terms), [rows.columns[column] for column in COLUMNS]


def _kin(forms: Lexicon) -> tuple[Kin, Strings, set[str]]:
    """The lemmas of all forms as today's dictionaries have them, those lemmas in order, and the forms' languages."""
    numbering, number_of = Numbering(), {language: number for number, language in enumerate(words.LANGUAGES)}
    counts, kin, shares = ([np.zeros(0, np.int64)] for _ in range(3))
    languages = set[str]()
    for first in range(0, len(forms), _TERMS):
        entries = [decode(term) for term in forms.terms(range(first, min(first + _TERMS, len(forms))))]
        languages |= {entry.language for entry in entries}
        if unknown := languages - words.LANGUAGES.keys():
            raise IndexVersionError(f"В индексе есть языки, которых эта версия не знает: {', '.join(sorted(unknown))}")
        spoken = np.array([number_of[entry.language] for entry in entries])
        found = lemmas_of(Strings.of([entry.form for entry in entries]), spoken)
        counts.append(np.bincount(found.forms, minlength=len(entries)))
        kin.append(numbering.of(found.names).astype(np.int64).take(found.lemmas))
        shares.append(np.rint(found.shares * SHARE).astype(np.int64))
    in_order = order(numbering.strings)
    rank_of = np.argsort(in_order)
    of_forms = Kin(np.concatenate(counts), rank_of[np.concatenate(kin)], np.concatenate(shares))
    return of_forms, numbering.strings.some(in_order), languages


def lemma_lists(forms: Lexicon, kin: Kin, lengths: Array) -> Iterator[tuple[int, int, Run]]:
    """(first, last, lists) of the lemmas by rank, as they follow from the lists of the forms; `kin` is of the lemmas.

    A pass over the forms for each range of lemmas, so that memory does not grow with the segment.
    """
    for first, last in inversion.page_ranges(forms.sizes(range(len(forms))), kin, AT_ONCE):
        part = kin.cut(first, last)
        chosen = distinct(part.ranks)
        part = part._replace(ranks=chosen.searchsorted(part.ranks))
        lists = _lists(forms, chosen, lengths)
        yield first, last, inversion.lemmatise(lists, edges(lists.sizes), part, len(lengths))


def _lists(forms: Lexicon, chosen: Array, lengths: Array) -> Run:
    """The lists of some forms, given by their ranks in order, with frequencies and without places."""
    parts = []
    for page in distinct(chosen // PAGE).tolist():
        first = page * PAGE
        _, run = forms.lists_of(first, min(first + PAGE, len(forms)), lengths, places=False)
        wanted = np.zeros(len(run.sizes), bool)
        wanted[chosen[(chosen >= first) & (chosen < first + PAGE)] - first] = True
        of_posting = np.repeat(wanted, run.sizes)
        assert run.values is not None
        parts.append((run.sizes[wanted], run.documents[of_posting], frequencies(run.values[of_posting])))
    sizes, documents, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Run(sizes, documents, counts)
