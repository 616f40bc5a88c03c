"""Surnames: whether the nominative finds the other cases, and whether what the surname key joins is one name.

    python surnames.py recall               every 40th surname of the dictionary, by its own tag Surn, all endings
    python surnames.py recall --unknown     the same with another first letter, so that no dictionary has them
    python surnames.py joins INDEX          pairs of forms that the key alone joins in an index, to be read one by one

A recall is a share of (nominative of him, another form of him, her or them) pairs, each form in a document of its own.
A join is a query form and an entry that it meets by the surname key and by no lemma, with a line of text around it.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from pymorphy3 import MorphAnalyzer

from indexer import Document, Index
from indexer.analysis import russian, surnames, words
from indexer.analysis.folding import key
from indexer.query.expansion import surnames_of
from indexer.segment.reader import Reader

STEP = 40
LETTERS = "щжхцшфбпгвдзклмнрст"
# The longest run of characters shown around a form.
AROUND = 60


def names(step: int) -> Iterator[tuple[str, list[str]]]:
    """Every so many surnames of the dictionary in its order, each with the distinct look-up keys of its forms."""
    morphology = MorphAnalyzer(lang="ru")
    dictionary = morphology.dictionary
    heads = (
        (word, paradigm)
        for word, (paradigm, index) in dictionary.words.iteritems()
        if index == 0 and "Surn" in dictionary.build_tag_info(paradigm, 0)
    )
    for number, (word, paradigm) in enumerate(heads):
        if number % step == 0:
            (parse,) = [
                parse
                for parse in morphology.parse(word)
                if "Surn" in parse.tag and parse.methods_stack[0][2] == paradigm and parse.methods_stack[0][3] == 0
            ]
            yield key(word), list(dict.fromkeys(key(form.word) for form in parse.lexeme))


def unknown(every: list[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """The names with another first letter, the first of which no form is known; their endings stay."""
    for name, forms in every:
        for letter in LETTERS:
            other = [letter + form[1:] for form in forms]
            if not any(map(russian.known, other)):
                yield letter + name[1:], other
                break


def recall(step: int, strange: bool) -> None:
    """Print the share of forms that their nominative finds, and each that it does not find."""
    every = list(names(step))
    if strange:
        every = list(unknown(every))
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        index.add_many(
            Document(f"Вчера {form.title()} ответил на вопросы.", id=f"{name} {form}", lang="ru")
            for name, forms in every
            for form in forms
        )
        pairs = met = 0
        for name, forms in every:
            wanted = {f"{name} {form}" for form in forms if form != name}
            found = {hit.id for hit in index.search(name, limit=None, snippets=0)}
            pairs, met = pairs + len(wanted), met + len(wanted & found)
            if lost := sorted(one.split()[1] for one in wanted - found):
                print(f"{name}: {', '.join(lost)}")
    print(f"surnames {len(every)}, pairs {pairs}, found {met}, recall {met / max(1, pairs):.4f}")


def joins(folder: Path, count: int, seed: int) -> None:
    """Print pairs that the key alone joins, drawn among all distinct ones of the index."""
    with Index.open(folder) as index:
        reader = index._current()
        pairs = sorted(set(_joined(reader)))
        print(f"{len(pairs)} pairs of {len({surname for surname, _, _ in pairs})} keys")
        for surname, asked, met in sorted(Random(seed).sample(pairs, min(count, len(pairs)))):
            print(f"{surname}\t{asked}\t{met}\n\t{_line(index, asked)}\n\t{_line(index, met)}")


def _joined(reader: Reader) -> Iterator[tuple[str, str, str]]:
    """(key, form, other form): both mostly capitalised, both of one key, of no lemma in common."""
    for entry in reader.scan(""):
        names = list(surnames.keys(entry.form))
        if not names or reader.capitalised(entry) < surnames.CAPITALISED:
            continue
        for surname in names:
            mine = words.affinities(entry.form, ("ru",))
            for other, _ in surnames_of(entry.form, reader):
                if not mine.keys() & dict(words.lemmas(other.form, other.language)):
                    yield surname, *sorted((entry.form, other.form))


def _line(index: Index, form: str) -> str:
    """Where the form stands first, on one line."""
    for hit in index.search(f"!{form}", limit=1):
        for snippet in hit.snippets:
            if found := re.search(rf"\b{form}\b", key(snippet.text.lower())):
                begin, end = max(0, found.start() - AROUND), found.end() + AROUND
                return " ".join(snippet.text[begin:end].split())
    return "?"


def main() -> None:
    """One of the two measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="measure", required=True)
    command = commands.add_parser("recall")
    command.add_argument("--step", type=int, default=STEP)
    command.add_argument("--unknown", action="store_true")
    command = commands.add_parser("joins")
    command.add_argument("index", type=Path)
    command.add_argument("--count", type=int, default=100)
    command.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.measure == "recall":
        recall(options.step, options.unknown)
    else:
        joins(options.index, options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
