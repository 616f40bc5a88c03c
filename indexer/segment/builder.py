"""Documents → a new segment: tokens gathered in columns, inverted at once, written to three files.

`NAME.documents` holds the texts and columns, `NAME.postings` the lists of forms and keywords, and `NAME-0.lexicon`
the terms with their morphology and the lists of lemmas, which alone are written anew when the morphology changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import russian
from indexer.analysis.detection import Votes
from indexer.analysis.strings import Strings
from indexer.analysis.vocabulary import Vocabulary
from indexer.arrays import edges, ranges
from indexer.segment import inversion
from indexer.segment.documents import Rows, day, hashed
from indexer.segment.entries import Chosen, Entries
from indexer.segment.files import Fingerprint, SectionWriter
from indexer.segment.inversion import Occurrences
from indexer.segment.keywords import keywords
from indexer.segment.lexicon import LexiconWriter
from indexer.segment.lexicons import write_lexicons
from indexer.segment.listing import PostingsWriter
from indexer.segment.locations import packed
from indexer.segment.postings import Run, frequencies
from indexer.segment.record import Prepared
from indexer.segment.shingles import Beginnings, fingerprints
from indexer.segment.storing import DocumentsWriter, checkpoints
from indexer.segment.tokenised import Tokenised, tokenised

Array = NDArray[Any]

# What a token takes while it waits, is sorted and written, its part of the lexicon included, in bytes: the measure of
# `memory`.
_TOKEN = 40
# About 120 MB of forms and their lemmas; and what little is worth keeping for the next documents.
_MOST_FORMS, _FEW_FORMS = 320_000, 16_000
# Postings of lemmas worked out at a time, about.
_AT_ONCE = 1 << 17
# Sizes, documents and frequencies of no lists.
_NOTHING: tuple[Array, Array, Array] = (np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint32))
# Value 1 of a form: one place in the text, not capitalised.
COMMON = 1


class Built(NamedTuple):
    """A segment as written: its files by kind, and how many documents and tokens it has."""

    name: str
    documents: int
    tokens: int
    files: dict[str, Fingerprint]


class Lore:
    """The words and entries seen so far, for one builder after another."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary(russian.known)
        self.entries = Entries(self.vocabulary.forms)
        self.beginnings, self.votes = Beginnings(self.vocabulary.forms), Votes(self.vocabulary.forms)

    @property
    def heavy(self) -> bool:
        """Whether it takes so much memory that it had better be begun anew."""
        return len(self.vocabulary) > _MOST_FORMS

    @property
    def light(self) -> bool:
        """Whether it takes so little that it may stay in memory when nothing is written."""
        return len(self.vocabulary) <= _FEW_FORMS


class Builder:
    """Gathers documents; `full` says when it is time for `finish`."""

    def __init__(self, folder: Path, name: str, memory: int, lore: Lore, *, lasting: bool = True) -> None:
        """A segment that is not `lasting` is read and removed, and not synced."""
        self._folder = folder
        self._name = name
        self._lasting = lasting
        self._limit = memory // _TOKEN
        self._lore, self._known = lore, len(lore.entries)  # how many entries it had before
        self._target = SectionWriter(folder / f"{name}.documents", lasting=lasting)
        try:
            self._documents = DocumentsWriter(self._target)
        except BaseException:
            self.abandon()
            raise
        self._tokens: list[Occurrences] = []
        self._keywords: dict[str, list[int]] = {}
        self._size = self._longest = 0

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def languages(self) -> set[str]:
        """The languages that words were read in."""
        return self._lore.entries.languages  # perhaps of a segment before: that does no harm

    @property
    def full(self) -> bool:
        """Whether another batch might be too much for memory or for the keys of the inversion."""
        wide = inversion.width(max(1, len(self._lore.entries)), max(1, len(self)), self._longest)
        return self._size >= self._limit or wide >= 62

    def add(self, documents: Sequence[Prepared]) -> None:
        """Take some documents; they are numbered on from those before."""
        found = tokenised(documents, self._lore.vocabulary, self._lore.votes)
        self._gather(documents, found)
        self._keep(documents, found)

    def _keep(self, documents: Sequence[Prepared], found: Tokenised) -> None:
        """Store the documents with what is known of their tokens."""
        tokens, owner, languages = found
        for number, (each, language) in enumerate(zip(documents, languages, strict=True), len(self)):
            for keyword in keywords(each.document, language):
                self._keywords.setdefault(keyword, []).append(number)
        given, size = [each.document for each in documents], len(documents)
        words = tokens.first[1:] - tokens.first[:-1]
        inner = np.zeros(len(tokens.form) + 1, bool)
        inner[ranges(tokens.whole_token + 1, tokens.whole_width.astype(np.int64) - 1)] = True
        texts = [document.text for document in given]
        self._documents.add(
            Rows(
                [*map(Prepared.head, documents, languages)],
                [each.data for each in documents],
                list(map(len, texts)),
                [day(str(document.date or "")) for document in given],
                [hashed(document.id or "") for document in given],
                b"".join([each.digest for each in documents]),
                np.bincount(owner, weights=words, minlength=size),
                words[:size],
                *checkpoints(texts, tokens.first, tokens.start, inner),
                [packed(document.locations) for document in given],
                fingerprints(self._lore.beginnings.of(tokens.form[: tokens.first[size]]), tokens.first[: size + 1]),
            )
        )

    def _gather(self, documents: Sequence[Prepared], found: Tokenised) -> None:
        tokens, owner, _ = found
        sizes = tokens.first[1:] - tokens.first[:-1]
        of_whole = tokens.first.searchsorted(tokens.whole_token, "right") - 1
        positions = np.arange(len(tokens.form), dtype=np.uint32) - tokens.first[:-1].astype(np.uint32).repeat(sizes)
        begins, ends = _titles(documents, len(owner))
        titles = (tokens.start >= begins.repeat(sizes)) & (tokens.start < ends.repeat(sizes))
        whole_titles = (tokens.whole_start >= begins.take(of_whole)) & (tokens.whole_start < ends.take(of_whole))
        entries = self._of_tokens(found, of_whole)
        capitals = np.concatenate((tokens.capital, tokens.whole_capital))
        capitals &= self._lore.entries.name_like(entries)
        places = inversion.place(
            np.concatenate((positions, positions.take(tokens.whole_token))),
            np.concatenate((titles, whole_titles)),
            capitals,
        )
        numbers = (owner + len(self)).astype(np.uint32)
        wholes = np.bincount(of_whole, minlength=len(owner))
        self._tokens.append(
            Occurrences(entries, places, np.concatenate((numbers, numbers)), np.concatenate((sizes, wholes)))
        )
        self._size += len(entries)
        self._longest = max(self._longest, int(sizes.max(initial=0)))

    def _of_tokens(self, found: Tokenised, of_whole: Array) -> Array:
        """The entries of the tokens, those of wholes behind; by the languages of the documents."""
        tokens, owner, languages = found
        entries = np.zeros(len(tokens.form) + len(tokens.whole_form), np.int32)
        words, wholes = entries[: len(tokens.form)], entries[len(tokens.form) :]
        different = dict.fromkeys(languages)
        for language in different:
            some: Any = slice(None)
            several = some
            if len(different) > 1:
                mine = np.array([languages[number] == language for number in owner.tolist()], bool)
                some, several = np.repeat(mine, np.diff(tokens.first)), mine[of_whole]
            words[some] = self._lore.entries.of_words(tokens.form[some], language)
            wholes[several] = self._lore.entries.of_wholes(
                tokens.whole_form[several], tokens.whole_width[several], language
            )
        return entries

    def finish(self) -> Built:
        """Write the segment; on disk on return."""
        # synced one after another in the end: what is worked out between two waits for the disk has to warm up again
        with self._target, self._file("postings") as postings, self._file("lexicon", "-0") as lexicon:
            self._documents.close()
            lengths = self._documents.lengths
            chosen = self._chosen()
            columns, forms = self._written(postings, chosen.ranks, lengths)
            write_keywords(postings, sorted(self._keywords.items()), lengths)
            backward, starts = inversion.reverse(chosen.kin, len(chosen.lemmas)), edges(forms.sizes)
            of_lemmas = (
                (
                    chosen.lemmas.part(first, last),
                    inversion.lemmatise(forms, starts, backward.cut(first, last), len(self)),
                )
                for first, last in inversion.page_ranges(forms.sizes, backward, _AT_ONCE)
            )
            write_lexicons(
                lexicon, [(chosen.terms, columns)] if columns else [], of_lemmas, chosen.kin, backward, lengths
            )
        files = {"documents": self._target, "postings": postings, "lexicon": lexicon}
        prints = {kind: file.fingerprint for kind, file in files.items()}
        return Built(self._name, len(lengths), int(lengths.sum()), prints)

    def _file(self, kind: str, version: str = "") -> SectionWriter:
        return SectionWriter(self._folder / f"{self._name}{version}.{kind}", lasting=self._lasting)

    def _chosen(self) -> Chosen:
        """The lexicon of the entries that occur."""
        occurring = np.zeros(len(self._lore.entries), bool)
        occurring[self._known :] = True
        for tokens in self._tokens if self._known else ():
            occurring[tokens.entries] = True
        return self._lore.entries.choose(occurring.nonzero()[0])

    def _written(self, target: SectionWriter, ranks: Array, lengths: Array) -> tuple[list[Array], Run]:
        """Write the lists of the forms, by rank: their columns, and what of them the lists of lemmas follow from."""
        writer = PostingsWriter(lengths, COMMON, places=True)
        columns, kept = list[list[Array]](), [_NOTHING]
        for run in inversion.invert(self._tokens, ranks, len(self)):
            columns.append(writer.append(run))
            assert run.values is not None
            kept.append((run.sizes, run.documents, frequencies(run.values).astype(np.uint32)))
        writer.write(target, "form.")
        sizes, numbers, counts = (np.concatenate(column) for column in zip(*kept, strict=True))
        return [np.concatenate(column) for column in zip(*columns, strict=True)], Run(sizes, numbers, counts)

    def abandon(self) -> None:
        """Leave the file begun; nothing refers to it, and the next commit removes it. Raises OSError."""
        self._target.__exit__(InterruptedError, None, None)


def _titles(documents: Sequence[Prepared], texts: int) -> tuple[Array, Array]:
    """Where the titles begin and end in the texts; what follows those of the documents is titles alone."""
    begins, ends = np.zeros(texts, np.int32), np.full(texts, np.iinfo(np.int32).max, np.int32)
    begins[: len(documents)] = [each.title_at[0] for each in documents]
    ends[: len(documents)] = [each.title_at[1] for each in documents]
    return begins, ends


def write_keywords(target: SectionWriter, lists: Sequence[tuple[str, Sequence[int]]], lengths: Array) -> None:
    """The lists of documents by keyword, terms in order."""
    writer, lexicon = PostingsWriter(lengths, None), LexiconWriter(coded=False)
    if lists:
        sizes = np.array([len(numbers) for _, numbers in lists], np.int64)
        run = Run(sizes, np.concatenate([np.asarray(numbers, np.int64) for _, numbers in lists]))
        lexicon.append(Strings.of([term for term, _ in lists]), writer.append(run))
    writer.write(target, "keyword.")
    lexicon.write(target, "keyword.")
