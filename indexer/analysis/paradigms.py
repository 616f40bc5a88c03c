"""How every form of a pymorphy3 dictionary turns into its lemma, as columns.

A paradigm is a list of (prefix, tag, suffix), the word's dictionary form first (Korobov 2015, «Morphological Analyzer
and Generator for Russian and Ukrainian Languages», 2). A cell is a form of a paradigm, paradigm after paradigm:
Russian has 141,658 in 3,456. Cells that turn into their lemmas in the same way have one move.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.numbering import first_seen
from indexer.analysis.strings import Strings, pieced

if TYPE_CHECKING:
    from pymorphy3.opencorpora_dict.wrapper import Dictionary
    from pymorphy3.tagset import OpencorporaTag

Array = NDArray[Any]

# What a form may be that is an adverb behind по-: по-западному.
ADVERBIAL = {"ADJF", "sing", "datv"}
# How a form becomes its lemma: before + form[stem] + after.
Move = tuple[slice, str, str]


class Paradigms:
    """Of each cell the numbers of its paradigm, tag and move, and what the tag says."""

    def __init__(self, data: Dictionary, fold: tuple[str, str] | None, mended: bool) -> None:
        """`fold` and `mended` are those of `dictionary.Dictionary`."""
        sizes = np.array([len(paradigm) // 3 for paradigm in data.paradigms], np.int32)
        self.first = np.append(np.int32(0), np.cumsum(sizes, dtype=np.int32))
        self.paradigm = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        # a paradigm is kept as its suffixes, then its tags, then its prefixes
        numbers = np.frombuffer(b"".join(paradigm.tobytes() for paradigm in data.paradigms), np.uint16)
        at = np.arange(self.first[-1]) + 2 * self.first[self.paradigm]
        suffix, self.tag, prefix = (numbers[at + part * sizes[self.paradigm]] for part in range(3))
        kinds: dict[OpencorporaTag, int] = {}
        # equal for equal tags, which may be written differently
        self.kind = np.array([kinds.setdefault(tag, len(kinds)) for tag in data.gramtab], np.int32)[self.tag]
        self.productive = np.array([tag.is_productive() for tag in data.gramtab])[self.tag]
        self.abbreviated_verb, self.woman = (
            np.array([mended and grammemes <= tag.grammemes for tag in data.gramtab])[self.tag]
            for grammemes in ({"VERB", "Abbr"}, {"Patr", "femn"})
        )
        self.adverbial = np.array([tag.grammemes >= ADVERBIAL for tag in data.gramtab])[self.tag]
        target = self.first[self.paradigm]
        whole = target == np.arange(len(target))  # a dictionary form is its own lemma
        forms = {number: data.build_paradigm_info(number) for number in set(self.paradigm[self.woman].tolist())}
        for cell in np.flatnonzero(self.woman).tolist():
            index = _nominative(forms[int(self.paradigm[cell])], data.gramtab[self.tag[cell]])
            if index is not None:
                target[cell], whole[cell] = self.first[self.paradigm[cell]] + index, False
        prefixes, suffixes = _Texts(data.paradigm_prefixes, fold), _Texts(data.suffixes, fold)
        key = np.zeros(len(target), np.int64)
        cut = prefixes.length[prefix], suffixes.length[suffix]
        for part in (*cut, prefixes.same[prefix[target]], suffixes.same[suffix[target]]):
            key = key << 15 | np.where(whole, 0, part)
        # an abbreviated verb shares its move with nothing, so that a form which may be one has no only lemma
        odd = np.flatnonzero(self.abbreviated_verb)
        key[odd] = -1 - odd
        cells, self.move = first_seen(key.view(np.uint64))
        self._texts = Strings.of(("", *prefixes.texts, *suffixes.texts))
        onto = target[cells]
        columns = cut[0][cells], cut[1][cells], prefix[onto] + 1, suffix[onto] + np.int64(1 + len(prefixes.texts))
        # by number of a move: how many letters are left out before the stem and after it; the texts that are put there
        self._parts = [np.where(whole[cells], 0, column) for column in columns]

    @cached_property
    def moves(self) -> list[Move]:
        """The moves by number."""
        texts, columns = self._texts.tolist(), zip(*(part.tolist() for part in self._parts), strict=True)
        return [(slice(first, -last or None), texts[before], texts[after]) for first, last, before, after in columns]

    def moved(self, forms: Strings, some: Array, moves: Array, cuts: Array) -> Strings:
        """What some of the forms, written as lemmas are, become by moves, which leave out letters before a cut."""
        texts, (first, last, before, after) = self._texts, [part.take(moves) for part in self._parts]
        source = np.concatenate((texts.points, forms.points))
        begin, first = len(texts.points) + forms.starts.take(some), first + cuts
        return pieced(
            source,
            (begin, cuts),
            (texts.starts.take(before), texts.sizes.take(before)),
            (begin + first, forms.sizes.take(some) - first - last),
            (texts.starts.take(after), texts.sizes.take(after) + 1),
        )

    def number(self, values: Array) -> Array:
        """The cells that values of an automaton name with their last four bytes: the paradigm, the index in it."""
        numbers = values.view(np.int64)
        cells: Array = self.first.take(numbers >> 16 & 0xFFFF) + (numbers & 0xFFFF)
        return cells


class _Texts:
    """Parts of words: how long each is, how it is written in lemmas, and the number of the first written so."""

    def __init__(self, texts: list[str], fold: tuple[str, str] | None) -> None:
        self.length = np.array([*map(len, texts)])
        self.texts = [text.replace(*fold) for text in texts] if fold else texts
        numbers: dict[str, int] = {"": 0}
        self.same = np.array([numbers.setdefault(text, len(numbers)) for text in self.texts])


def _nominative(forms: Sequence[tuple[str, OpencorporaTag, str]], tag: OpencorporaTag) -> int | None:
    """The index of the nominative singular likest to the tag, as `Parse.inflect` chooses it."""
    wanted = {"nomn", "sing"}
    grammemes = tag.updated_grammemes(wanted)

    def likeness(index: int) -> float:
        other = forms[index][1].grammemes
        return len(grammemes & other) - 0.1 * len(grammemes ^ other)

    indices = [index for index, (_, other, _) in enumerate(forms) if wanted <= other.grammemes]
    return max(indices, key=likeness, default=None)
