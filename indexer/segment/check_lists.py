"""Whether the lexicons and lists of a segment are what they must be: a sentence for everything that is not.

Lists are decoded by ranges of terms, so that memory does not grow with the segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import words
from indexer.arrays import ranges
from indexer.segment import inversion, terms
from indexer.segment.files import Sections
from indexer.segment.integers import MODES, decode_all
from indexer.segment.lexicon import PAGE, Lexicon, Rows
from indexer.segment.postings import (
    BLOCK,
    LONG,
    SHARE,
    TOTALS,
    Places,
    Run,
    capitals,
    count,
    in_text,
    numbered,
)
from indexer.segment.relemmatise import lemma_lists

Array = NDArray[Any]

_AT_ONCE = 1 << 20


def pages(lexicon: Lexicon, streams: Sections, prefix: str, documents: int) -> Iterator[str]:
    """The terms in order, and where every list lies; `streams` is the file of the lists."""
    if lexicon.pages != -(-len(lexicon) // PAGE) or len(lexicon.heads) != lexicon.pages:
        yield f"раздел {prefix}ends: страниц {lexicon.pages}, а терминов {len(lexicon)}"
        return
    reached = dict.fromkeys(TOTALS, 0)
    previous = None
    for number in range(lexicon.pages):
        page = lexicon.page(number)
        if len(page.terms) != min(PAGE, len(lexicon) - number * PAGE) or page.lines[0] != lexicon.heads[number]:
            yield f"раздел {prefix}pages: страница {number} не сходится с оглавлением страниц"
            return
        known = page.terms if previous is None else [previous, *page.terms]
        if any(one >= two for one, two in pairwise(known)):
            yield f"раздел {prefix}pages: термины страницы {number} не по порядку"
        if wrong := _columns(page.columns, len(page.terms), documents, coded=lexicon.lists.values is not None):
            yield f"раздел {prefix}pages: на странице {number} неверно: {wrong}"
            return
        if page.before(0) != reached:
            yield f"раздел {prefix}pages: списки страницы {number} начинаются не там, где кончились прежние"
            return
        if int(page.kin.counts.sum()) != len(page.kin.ranks) or len(page.kin.ranks) != len(page.kin.shares):
            yield f"раздел {prefix}pages: на странице {number} неверно число родственных слов"
            return
        reached, previous = page.before(len(page.terms)), page.terms[-1]
    yield from _totals(reached, streams, prefix)


def _columns(columns: dict[str, Array], size: int, documents: int, *, coded: bool) -> str:
    """The name of a column whose numbers cannot be, empty where all can."""
    if any(len(column) != size for column in columns.values()):
        return "число строк"
    bounds = {
        "size": (1, documents),
        "doc_over": (0, columns["size"]),
        "code_over": (0, columns["size"] if coded else 0),
        "high_over": (0, columns["long_places"]),
        "long_places": (0, columns["places"]),
        **dict.fromkeys(("doc_mode", "code_mode", "high_mode"), (0, len(MODES))),
    }
    wrong = (name for name, (low, high) in bounds.items() if ((columns[name] < low) | (columns[name] > high)).any())
    return next(wrong, "")


def _totals(reached: dict[str, int], streams: Sections, prefix: str) -> Iterator[str]:
    """All lists together are as long as the sections that they lie in."""
    for name, total in reached.items():
        section = prefix + ("block.before" if name == "block" else name)
        if section not in streams and not total:
            continue
        if len(streams[section]) != total:
            yield f"раздел {section}: длина {len(streams[section])}, а списки занимают {total}"
    for name in ("block.over", "block.places", "block.most", "block.least"):
        section = prefix + name
        if section in streams and len(streams[section]) not in (0 if name == "block.places" else -1, reached["block"]):
            yield f"раздел {section}: длина {len(streams[section])}, а списки занимают {reached['block']}"


def chunks(lexicon: Lexicon) -> Iterator[Rows]:
    """All lists, some pages at a time."""
    first = held = 0
    for number in range(lexicon.pages):
        held += int(lexicon.page(number).columns["size"].sum())
        end = min(len(lexicon), (number + 1) * PAGE)
        if held >= _AT_ONCE or end == len(lexicon):
            yield lexicon.rows(first, end)
            first, held = end, 0


class Lists:
    """The lists of one kind, decoded step by step; `problems` says what is wrong with them."""

    def __init__(self, lexicon: Lexicon, streams: Sections, prefix: str, lengths: Array, words_of: Array) -> None:
        self._lexicon, self._lists = lexicon, lexicon.lists
        self._streams, self._prefix = streams, prefix
        self._lengths = lengths.astype(np.int64)
        # positions go up to the number of words in the text; a title that is not in the text has its own
        self._in_text = words_of.astype(np.int64)
        self._in_title = np.where(self._lengths > self._in_text, self._lengths - self._in_text, self._in_text)
        self._first = np.concatenate(([0], np.cumsum(self._lengths)))
        self._taken = np.zeros(int(self._first[-1]), bool)  # places at which a word stands, document by document

    def problems(self) -> Iterator[str]:
        """What is wrong, a sentence each; decoding stops at the first chunk that makes no sense."""
        for rows in chunks(self._lexicon):
            found = list(self._chunk(rows))
            if found:
                yield from (f"раздел {self._prefix}{text} (термины от «{_shown(rows.terms[0])}»)" for text in found)
                return
        if self._lists.placed and not self._taken.all():
            place = int(np.argmin(self._taken))
            number = int(np.searchsorted(self._first, place, "right")) - 1
            place -= int(self._first[number])
            yield f"разделы {self._prefix}*: у документа {number} на месте {place} нет ни одного слова"

    def _chunk(self, rows: Rows) -> Iterator[str]:
        columns = rows.columns
        sizes = columns["size"]
        gaps = self._decoded("doc", rows, sizes)
        documents = numbered(gaps, sizes)
        if len(documents) != sizes.sum() or (documents >= len(self._lengths)).any():
            yield "doc: номер документа больше числа документов"
            return
        if not self._escapes_right("doc", rows, gaps, sizes):
            yield "doc: неверно число больших чисел"
        if self._lists.values is None:
            yield from self._blocks(Run(sizes, documents), gaps, columns)
            return
        codes = self._decoded("code", rows, sizes)
        if (codes >= len(self._lists.values)).any():
            yield "code: кода нет в таблице значений"
            return
        if not self._escapes_right("code", rows, codes, sizes):
            yield "code: неверно число больших чисел"
        values = self._lists.values[codes]
        run = Run(sizes, documents, values)
        if self._lists.placed:
            wrong = list(self._places(rows, run))
            yield from wrong
            if wrong:
                return
            run = run._replace(places=Places(count(values), np.zeros(0, np.int64)))
        elif not values.all():
            yield "values: частота ноль"
        yield from self._blocks(run, gaps, columns)

    def _decoded(self, part: str, rows: Rows, sizes: Array) -> Array:
        return decode_all(rows.columns[f"{part}_mode"], sizes, self._lists.part(part, rows.begin, rows.end))

    def _escapes_right(self, part: str, rows: Rows, values: Array, sizes: Array) -> bool:
        """Whether each list has as many exceptions as its row says."""
        escapes = np.array([1 << 32, *(mode.escape for mode in MODES.values())])
        over = values >= np.repeat(escapes[rows.columns[f"{part}_mode"]], sizes)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        return bool((np.bincount(owners[over], minlength=len(sizes)) == rows.columns[f"{part}_over"]).all())

    def _places(self, rows: Rows, run: Run) -> Iterator[str]:
        """Positions rise within the text and within the title and stay within them; their number is right."""
        values, columns = run.values, rows.columns
        assert values is not None
        counts, texts = count(values), in_text(values)
        starts = np.cumsum(run.sizes) - run.sizes
        long = self._lengths[run.documents] > LONG
        totals = [np.add.reduceat(amounts, starts) for amounts in (counts, counts * long)]
        if (counts < 1).any() or (capitals(values) > counts).any():
            yield "values: мест меньше одного или меньше, чем заглавных"
            return
        if any((total != columns[name]).any() for total, name in zip(totals, ("places", "long_places"), strict=True)):
            yield "low: число мест не сходится со словарём"
            return
        found = self._lexicon.lists.run(columns, rows.begin, rows.end, self._lengths).places
        assert found is not None
        positions = found.positions.astype(np.int64)
        title = np.ones(len(positions), bool)
        title[ranges(np.cumsum(counts) - counts, texts)] = False
        owner = np.repeat(np.arange(len(counts)), counts)
        same = (owner[1:] == owner[:-1]) & (title[1:] == title[:-1])
        if (positions[1:] <= positions[:-1])[same].any():
            yield "low: места слова в документе идут не по порядку"
        document = run.documents[owner]
        if (positions >= np.where(title, self._in_title[document], self._in_text[document])).any():
            yield "low: место слова за концом текста"
            return
        single = np.array([terms.decode(term).width == 1 for term in rows.terms])
        apart = title & (self._lengths > self._in_text)[document]
        mine = np.repeat(np.repeat(single, run.sizes), counts)
        places = self._first[document] + np.where(apart, self._in_text[document], 0) + positions
        self._taken[places[mine]] = True

    def _blocks(self, run: Run, gaps: Array, columns: dict[str, Array]) -> Iterator[str]:
        """The rows of the table for lists of several blocks."""
        many = np.where(run.sizes > BLOCK, -(-run.sizes // BLOCK), 0)
        if not many.any():
            return
        begin = self._table_begin
        self._table_begin += int(many.sum())
        rows = slice(begin, self._table_begin)
        starts = np.cumsum(run.sizes) - run.sizes
        of_list = np.repeat(np.arange(len(many)), many)
        first = np.repeat(starts, many) + (np.arange(len(of_list)) - np.repeat(np.cumsum(many) - many, many)) * BLOCK
        before = np.where(first > starts[of_list], run.documents[first - 1], 0)
        escapes = np.array([0, *(mode.escape for mode in MODES.values())])[columns["doc_mode"]][of_list]
        wanted = {"before": before, "over": exceptions_before(gaps, first, starts[of_list], escapes)}
        if run.places is not None:
            done = np.concatenate(([0], np.cumsum(run.places.counts)))
            wanted["places"] = done[first] - done[starts[of_list]]
        for name, numbers in wanted.items():
            if (self._table(name)[rows] != numbers).any():
                yield f"block.{name}: строка таблицы блоков не сходится со списком"
        if run.places is None and run.values is not None:
            last = np.minimum(first + BLOCK, (starts + run.sizes)[of_list])
            yield from self._bounds(run, first, last, rows)

    _table_begin = 0

    def _table(self, name: str) -> Array:
        return self._streams[f"{self._prefix}block.{name}"]

    def _bounds(self, run: Run, first: Array, last: Array, rows: slice) -> Iterator[str]:
        """The largest frequency and the least length over frequency of a block are bounds."""
        picked = ranges(first, last - first)
        edges = np.cumsum(last - first) - (last - first)
        assert run.values is not None
        values = run.values[picked] / SHARE
        ratio = self._lengths[run.documents[picked]] / values
        most, least = self._table("most")[rows], self._table("least")[rows]
        if (most < np.maximum.reduceat(values, edges)).any() or (least > np.minimum.reduceat(ratio, edges)).any():
            yield "block.most: граница блока не граница"


def _shown(term: str) -> str:
    return term.replace("\t", " ")[:40]


def morphology(forms: Lexicon, lemmas: Lexicon, lengths: Array) -> Iterator[str]:
    """Forms and lemmas name each other alike, and the lists of lemmas are what follows from those of forms."""
    for number in range(forms.pages):
        for term in forms.page(number).terms:
            entry = terms.decode(term)
            if terms.encode(entry) != term or entry.language not in words.LANGUAGES:
                yield f"раздел form.pages: термин «{_shown(term)}» записан неверно"
                return
    kin = forms.all_kin()
    owners = np.repeat(np.arange(len(kin.counts)), kin.counts)
    if ((kin.ranks < 0) | (kin.ranks >= len(lemmas))).any():
        yield "раздел form.pages: леммы с таким номером нет"
        return
    sums = np.bincount(owners, weights=kin.shares, minlength=len(forms))
    if ((kin.shares < 1) | (kin.shares > SHARE)).any() or (sums > SHARE).any():
        yield "раздел form.pages: вероятности лемм не от 0,0001 до 1"
    expected, found = inversion.reverse(kin, len(lemmas)), lemmas.all_kin()
    if any(one.tolist() != two.tolist() for one, two in zip(expected, found, strict=True)):
        yield "разделы form.pages и lemma.pages: формы и леммы называют друг друга по-разному"
        return
    for first, last, run in lemma_lists(forms, found, lengths):
        _, stored = lemmas.lists_of(first, last, lengths)
        assert run.values is not None and stored.values is not None
        pairs = ((run.sizes, stored.sizes), (run.documents, stored.documents), (run.values, stored.values))
        if any(not np.array_equal(one, two) for one, two in pairs):
            yield f"разделы lemma.*: списки лемм от «{lemmas.term(first)}» не те, что следуют из списков форм"
            return


def keyword_sum(keywords: Lexicon, lengths: Array) -> tuple[int, int]:
    """How many pairs of keyword and document there are, and a sum of their hashes: equal for equal pairs."""
    pairs = total = 0
    for rows in chunks(keywords):
        run = keywords.lists.run(rows.columns, rows.begin, rows.end, lengths)
        owners = np.repeat(np.arange(len(run.sizes)), run.sizes)
        pairs += len(owners)
        total += sum(
            hash((rows.terms[owner], number))
            for owner, number in zip(owners.tolist(), run.documents.tolist(), strict=True)
        )
    return pairs, total


def exceptions_before(gaps: Array, first: Array, start: Array, escape: Array) -> Array:
    """How many exceptions there are in each list before each of its blocks."""
    done = np.zeros(len(first), np.int64)
    for mode in MODES.values():
        over = np.concatenate(([0], np.cumsum(gaps >= mode.escape)))
        mine = escape == mode.escape
        done[mine] = over[first[mine]] - over[start[mine]]
    return done
