"""The lemmas of many forms in columns: what indexing takes them in, where a tuple of pairs a form would be slow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

Lemmas = tuple[tuple[str, float], ...]


class Found(NamedTuple):
    """Rows of (which form, a lemma of it, P(lemma | form)); those of a form one after another, by falling P."""

    forms: Array
    lemmas: list[str]
    shares: Array

    def of(self, numbers: Array) -> Found:
        """The same with other numbers for the forms: `numbers[form]`."""
        return self._replace(forms=numbers.take(self.forms))

    def without(self, forms: Array) -> Found:
        """The same without some of the forms."""
        rows = np.flatnonzero(~np.isin(self.forms, forms))
        return Found(self.forms[rows], [self.lemmas[row] for row in rows.tolist()], self.shares[rows])

    def by_form(self) -> Found:
        """The same by rising number of the form."""
        order = np.argsort(self.forms, kind="stable")
        lemmas = self.lemmas
        return Found(self.forms.take(order), [lemmas[row] for row in order.tolist()], self.shares.take(order))

    def of_each(self, forms: int) -> list[Lemmas]:
        """The lemmas of each of so many forms."""
        found: list[list[tuple[str, float]]] = [[] for _ in range(forms)]
        for form, lemma, share in zip(self.forms.tolist(), self.lemmas, self.shares.tolist(), strict=True):
            found[form].append((lemma, share))
        return [*map(tuple, found)]


def certain(forms: Sequence[int] | Array, lemmas: list[str]) -> Found:
    """Forms that have one lemma each."""
    return Found(np.asarray(forms, np.int64), lemmas, np.ones(len(lemmas)))


def in_rows(forms: Sequence[int] | Array, pairs: Sequence[Lemmas]) -> Found:
    """Forms that have any number of lemmas."""
    counts = list(map(len, pairs))
    shares = [share for each in pairs for _, share in each]
    return Found(
        np.repeat(np.asarray(forms, np.int64), counts), [lemma for each in pairs for lemma, _ in each], np.array(shares)
    )


def joined(parts: Sequence[Found]) -> Found:
    """The rows of several: no form is in two of them."""
    forms = np.concatenate([np.zeros(0, np.int64), *(part.forms for part in parts)])
    shares = np.concatenate([np.zeros(0), *(part.shares for part in parts)])
    return Found(forms, [lemma for part in parts for lemma in part.lemmas], shares)
