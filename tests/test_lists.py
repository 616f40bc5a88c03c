"""Posting lists as arrays: what is written is read again, and each fast path has a slow, obvious twin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.arrays import edges
from indexer.segment import inversion, listing
from indexer.segment.files import Sections, SectionWriter
from indexer.segment.integers import DTYPES, MODES, PIECE, decode_all, encode, pieces
from indexer.segment.inversion import Occurrences
from indexer.segment.lexicon import Kin
from indexer.segment.listing import Codes, PostingsWriter
from indexer.segment.postings import COLUMNS, LONG, SHARE, TITLE, Lists, Run, capitals, frequencies, in_text, in_title
from indexer.segment.storing import checkpoints

FIXED = settings(derandomize=True, deadline=None, max_examples=60)
# Numbers at the limits of modes and of their exceptions, and lists about as long as one, two and three pieces.
NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 14, 15, 16, 254, 255, 256, 257, 65534, 65535, 65536, 70000, (1 << 32) - 1])
LISTS = st.lists(
    st.builds(
        lambda numbers, times: (numbers * times)[: 3 * PIECE],
        st.lists(NUMBERS, min_size=1, max_size=5),
        st.sampled_from([1, 2, PIECE // 2, PIECE]),
    ),
    min_size=1,
    max_size=8,
)


def test_the_narrowest_mode() -> None:
    """By hand: zeros cost nothing; four twos a byte; an exception of two bits costs one more; 300 takes 16 bits."""
    rows = [[0, 0, 0], [1, 2, 2, 1], [1, 2, 2, 7], [200], [300], [9] * 8]
    found = encode(np.concatenate([np.array(row, np.uint32) for row in rows]), np.array([len(row) for row in rows]))
    assert found.modes.tolist() == [0, 1, 1, 3, 4, 2]
    assert found.exceptions.tolist() == [0, 0, 1, 0, 0, 0]
    assert found.streams["b2"].tolist() == [0b01101001, 0b11101001] and found.streams["x2"].tolist() == [7]


def test_a_list_of_millions() -> None:
    """However many numbers a mode cannot hold, it is not chosen: here two million in a list, between short ones."""
    values = np.full(2_000_002, 300, np.uint32)
    found = encode(values, np.array([1, 2_000_000, 1]))
    assert found.modes.tolist() == [4, 4, 4] and found.exceptions.tolist() == [0, 0, 0]
    values[1000:1002] = 70_000
    found = encode(values, np.array([1, 2_000_000, 1]))
    assert found.modes.tolist() == [4, 4, 4] and found.exceptions.tolist() == [0, 2, 0]


@FIXED
@given(LISTS)
def test_lists_of_numbers(rows: list[list[int]]) -> None:
    """Each list in the mode of least cost, the exceptions before each piece as counted, everything read again."""
    sizes = np.array([len(row) for row in rows])
    values = np.concatenate([np.array(row, np.uint32) for row in rows])
    found = encode(values, sizes)
    for row, chosen, exceptions in zip(rows, found.modes.tolist(), found.exceptions.tolist(), strict=True):
        costs = {} if any(row) else {0: 0}
        for number, mode in MODES.items():
            over = sum(value >= mode.escape for value in row)
            if max(row) < mode.limit:
                costs[number] = -(-len(row) * mode.bits // 8) + over * np.dtype(DTYPES[mode.high]).itemsize
        assert chosen == min(costs, key=lambda number: (costs[number], number))
        assert exceptions == (sum(value >= MODES[chosen].escape for value in row) if chosen else 0)
    assert decode_all(found.modes, sizes, found.streams).tolist() == values.tolist()
    cut = pieces(sizes)
    expected = [
        sum(value >= MODES[chosen].escape for value in row[:at]) if chosen else 0
        for row, chosen in zip(rows, found.modes.tolist(), strict=True)
        for at in range(0, len(row), PIECE)
    ]
    assert found.before(np.arange(len(cut.first)), np.arange(len(sizes)).repeat(cut.many)).tolist() == expected


def test_codes_of_values() -> None:
    """The common value is 0, others come as first seen, the commoner of those seen together first."""
    codes = Codes(1)
    assert codes.encode(np.array([7, 1, 9, 9], np.uint64)).tolist() == [2, 0, 1, 1]
    assert codes.encode(np.array([1 << 60, 9, 7], np.uint64)).tolist() == [3, 1, 2]
    assert codes.values == [1, 9, 7, 1 << 60]


Token = tuple[int, int, bool, int, bool]  # entry, document, in title, position, capital
# Every other document is long enough for positions of more than a byte.
LENGTHS = np.array([2 * LONG, LONG] * 5, np.uint32)
TOKENS = st.lists(
    st.builds(
        lambda entry, document, title, position, capital: (
            (entry, document, title, position % int(LENGTHS[document]), capital)
        ),
        *(st.integers(0, 4), st.integers(0, 9), st.booleans(), st.integers(0, 2 * LONG - 1), st.booleans()),
    ),
    min_size=1,
    max_size=150,
    unique_by=lambda token: (token[0], token[1], token[3]),
)


def _inverted(tokens: list[Token], batches: int) -> tuple[list[Run], list[int]]:
    """The lists of the entries that occur, in parts, and these: their ranks are the other way round."""
    dtypes = (np.int32, np.uint32, bool, np.uint32, bool)
    columns = [np.array(column, dtype) for column, dtype in zip(zip(*tokens, strict=True), dtypes, strict=True)]
    entries, documents, titles, positions, capital = columns
    used = sorted({token[0] for token in tokens}, reverse=True)
    ranks = np.full(5, -1, np.int32)
    ranks[used] = np.arange(len(used))
    places = inversion.place(positions, titles, capital)
    parts = [
        Occurrences(entries[at], places[at], documents[at], np.ones(len(entries[at]), np.int64))
        for at in (slice(first, None, batches) for first in range(batches))
    ]
    return [*inversion.invert(parts, ranks, len(LENGTHS))], used


def _written(runs: list[Run]) -> Run:
    """The lists of forms, written to a file and read from it."""
    writer = PostingsWriter(LENGTHS, 1, places=True)
    parts = [writer.append(run) for run in runs]
    columns = dict(zip(COLUMNS, map(np.concatenate, zip(*parts, strict=True)), strict=True))
    totals = dict(writer._streams.totals)
    with TemporaryDirectory() as folder:
        with SectionWriter(Path(folder) / "lists") as file:
            writer.write(file, "form.")
        lists = Lists(Sections(Path(folder) / "lists"), "form.")
        return lists.run(columns, dict.fromkeys(totals, 0), totals, LENGTHS)


@FIXED
@given(TOKENS, st.integers(1, 3), st.sampled_from([1, 7, 1 << 16]))
def test_inversion(tokens: list[Token], batches: int, at_once: int) -> None:
    """Tokens of some batches, some at a time → lists by rank, written and read again; text before title."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "_AT_ONCE", at_once)
        patch.setattr(listing, "_AT_ONCE", at_once)
        inverted, used = _inverted(tokens, batches)
        run = _written(inverted)
    here = defaultdict(list)
    for entry, document, title, position, capital in tokens:
        here[entry, document].append((title, position, capital))
    expected = [(entry, document) for entry in used for document in range(10) if (entry, document) in here]
    assert run.values is not None and run.places is not None
    assert run.sizes.tolist() == [sum(pair[0] == entry for pair in expected) for entry in used]
    assert run.documents.tolist() == [document for _, document in expected]
    assert in_text(run.values).tolist() == [sum(not title for title, _, _ in here[pair]) for pair in expected]
    assert in_title(run.values).tolist() == [sum(title for title, _, _ in here[pair]) for pair in expected]
    assert capitals(run.values).tolist() == [sum(capital for _, _, capital in here[pair]) for pair in expected]
    assert run.places.positions.tolist() == [position for pair in expected for _, position, _ in sorted(here[pair])]


@FIXED
@given(TOKENS, st.integers(0, 3), st.booleans())
def test_lists_of_lemmas(tokens: list[Token], seed: int, wide: bool) -> None:
    """Σ frequency · P(lemma | form), the title twice; also where the keys are too wide for amounts to stand in them."""
    (forms,), _ = _inverted(tokens, 1)
    chance = np.random.default_rng(seed)
    rows = [sorted(chance.choice(3, chance.integers(0, 4), replace=False).tolist()) for _ in forms.sizes]
    shares = [chance.integers(1, SHARE + 1, len(row)).tolist() for row in rows]
    columns = (list(map(len, rows)), list(chain(*rows)), list(chain(*shares)))
    kin = Kin(*(np.array(column, np.int64) for column in columns))
    assert forms.values is not None
    counts = in_text(forms.values) + TITLE * in_title(forms.values)
    forms = forms._replace(values=frequencies(forms.values))
    expected: Counter[tuple[int, int]] = Counter()
    of_form = np.repeat(np.arange(len(rows)), forms.sizes).tolist()
    for form, document, frequency in zip(of_form, forms.documents.tolist(), counts.tolist(), strict=True):
        for lemma, share in zip(rows[form], shares[form], strict=True):
            expected[lemma, document] += frequency * share
    with pytest.MonkeyPatch.context() as patch:
        if wide:  # as if amounts took so many bits that lemma and document had no room beside them
            patch.setattr(inversion, "bits", lambda largest: 60 if largest >= SHARE else largest.bit_length())
        run = inversion.lemmatise(forms, edges(forms.sizes), inversion.reverse(kin, 3), len(LENGTHS))
    assert run.values is not None
    found = zip(np.repeat(np.arange(3), run.sizes).tolist(), run.documents.tolist(), run.values.tolist(), strict=True)
    assert [((lemma, document), amount) for lemma, document, amount in found] == sorted(expected.items())


def test_checkpoints() -> None:
    """Every 64th token; one that does not follow a space gives way to the one before; where all are such, the last."""
    texts = ["раз два", "раз " * 64 + "«два» " + "раз " * 70, "раз" + " «а" * 130]
    starts = [[found.start() for found in re.finditer(r"\w+", text)] for text in texts]
    first = np.cumsum([0, *map(len, starts)])
    inner = np.zeros(first[-1] + 1, bool)
    numbers, offsets, back = checkpoints(texts, first, np.array(list(chain(*starts))), inner)
    assert numbers.tolist() == [0, 2, 2]
    assert offsets.tolist() == [starts[1][63], starts[1][128], 0, 0] and back.tolist() == [1, 0, 64, 128]
    inner[first[1] + 128] = True  # a later part of a whole is no place to begin
    assert checkpoints(texts, first, np.array(list(chain(*starts))), inner)[2].tolist() == [1, 1, 64, 128]


def test_checkpoints_too_far_back() -> None:
    """Steps back are kept in 16 bits: a text that has no place to begin for longer has no more checkpoints at all."""
    texts = ["«раз»" * 65_600 + " два" * 200, "раз " * 65]
    starts = [[found.start() for found in re.finditer(r"\w+", text)] for text in texts]
    first = np.cumsum([0, *map(len, starts)])
    inner = np.zeros(first[-1] + 1, bool)
    numbers, offsets, back = checkpoints(texts, first, np.array(list(chain(*starts))), inner)
    assert numbers.tolist() == [65535 // 64, 1]
    assert back.tolist() == [*range(64, 65535, 64), 0] and offsets.tolist() == [0] * (65535 // 64) + [256]
