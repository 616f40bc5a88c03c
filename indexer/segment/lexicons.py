"""The words of a segment, written: forms, lemmas with their lists, and the filter of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.strings import Strings
from indexer.segment import filter as bloom
from indexer.segment.files import SectionWriter
from indexer.segment.lexicon import Kin, LexiconWriter
from indexer.segment.listing import PostingsWriter
from indexer.segment.postings import SHARE, Run

Array = NDArray[Any]

# Terms in order, with a row of COLUMNS for each, or with their lists.
Forms = tuple[Strings, Sequence[Array]]
Lemmas = tuple[Strings, Run]


def write_lexicons(
    target: SectionWriter, forms: Iterable[Forms], lemmas: Iterable[Lemmas], kin: Kin, backward: Kin, lengths: Array
) -> None:
    """The sections form.*, lemma.* and filter, from parts, of which each but the last has whole pages.

    `kin` are the lemmas of all the forms, `backward` the forms of all the lemmas.
    """
    hashes = [np.zeros(0, np.uint64)]
    of_forms = LexiconWriter(coded=True)
    for terms, columns in forms:
        of_forms.append(terms, columns, kin.cut(of_forms.size, of_forms.size + len(terms)))
        hashes.append(bloom.hashes(terms))
    of_forms.write(target, "form.")
    lists, of_lemmas = PostingsWriter(lengths, SHARE), LexiconWriter(coded=True)
    for terms, run in lemmas:
        of_lemmas.append(terms, lists.append(run), backward.cut(of_lemmas.size, of_lemmas.size + len(terms)))
        hashes.append(bloom.hashes(terms))
    lists.write(target, "lemma.")
    of_lemmas.write(target, "lemma.")
    target.add(bloom.SECTION, bloom.made(np.concatenate(hashes)))
