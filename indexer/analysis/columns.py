"""The lemmas of many forms in columns: what indexing takes them in, where a tuple of pairs a form would be slow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import strings
from indexer.analysis.strings import Strings

Array = NDArray[Any]

Lemmas = tuple[tuple[str, float], ...]


class Found(NamedTuple):
    """Rows of (which form, a lemma of it, P(lemma | form)); those of a form one after another, by falling P.

    Lemmas are numbers into `names`.
    """

    forms: Array
    lemmas: Array
    shares: Array
    names: Strings

    def of(self, numbers: Array) -> Found:
        """The same with other numbers for the forms: `numbers[form]`."""
        return self._replace(forms=numbers.take(self.forms))

    def some(self, rows: Array) -> Found:
        """Some of the rows."""
        return Found(self.forms.take(rows), self.lemmas.take(rows), self.shares.take(rows), self.names)

    def without(self, forms: Array) -> Found:
        """The same without some of the forms."""
        return self.some(np.flatnonzero(~np.isin(self.forms, forms))).bare() if len(forms) else self

    def by_form(self) -> Found:
        """The same by rising number of the form."""
        return self.some(np.argsort(self.forms, kind="stable"))

    def bare(self) -> Found:
        """The same without names that are of no row."""
        used = np.zeros(len(self.names), bool)
        used[self.lemmas] = True
        at = used.nonzero()[0]
        return self._replace(lemmas=(used.cumsum() - 1).take(self.lemmas), names=self.names.some(at))

    def of_each(self, forms: int) -> list[Lemmas]:
        """The lemmas of each of so many forms."""
        found: list[list[tuple[str, float]]] = [[] for _ in range(forms)]
        names = self.names.tolist()
        for form, lemma, share in zip(self.forms.tolist(), self.lemmas.tolist(), self.shares.tolist(), strict=True):
            found[form].append((names[lemma], share))
        return [*map(tuple, found)]


def certain(forms: Array, lemmas: Strings) -> Found:
    """Forms that have one lemma each."""
    return Found(forms, np.arange(len(lemmas)), np.ones(len(lemmas)), lemmas)


def in_rows(forms: Sequence[int] | Array, pairs: Sequence[Lemmas]) -> Found:
    """Forms that have any number of lemmas."""
    counts = list(map(len, pairs))
    shares = [share for each in pairs for _, share in each]
    lemmas = Strings.of([lemma for each in pairs for lemma, _ in each])
    return Found(np.asarray(forms, np.int64).repeat(counts), np.arange(len(lemmas)), np.array(shares), lemmas)


def joined(parts: Sequence[Found]) -> Found:
    """The rows of several: no form is in two of them."""
    before = accumulate((len(part.names) for part in parts), initial=0)
    numbers = [part.lemmas + at for part, at in zip(parts, before, strict=False)]
    forms = np.concatenate([np.zeros(0, np.int64), *(part.forms for part in parts)])
    lemmas = np.concatenate([np.zeros(0, np.int64), *numbers])
    shares = np.concatenate([np.zeros(0), *(part.shares for part in parts)])
    return Found(forms, lemmas, shares, strings.joined([part.names for part in parts]))
