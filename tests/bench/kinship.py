"""Pairs of kin drawn from the whole dictionary, to be read one by one: how often is a rule wrong?

    python kinship.py KIND [--count 100] [--seed 1] [--of WORDS]

A line is a word and one of its kin; `--of` draws among the words of a file, one a line, instead of the dictionary.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from pymorphy3 import MorphAnalyzer

from indexer.analysis import kinship
from indexer.analysis.folding import key


def pairs(kind: str, lemmas: Iterator[str]) -> set[tuple[str, str]]:
    """All pairs of the lemmas' kin, each once."""
    return {(min(lemma, other), max(lemma, other)) for lemma in lemmas for other in kinship.KINDS[kind].of(lemma)}


def headwords() -> Iterator[str]:
    """The dictionary forms of all words that the dictionary has."""
    for word, (_, index) in MorphAnalyzer(lang="ru").dictionary.words.iteritems():
        if not index:
            yield key(word)


def main() -> None:
    """Print how many pairs there are, and some of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=kinship.KINDS)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--of", type=Path)
    options = parser.parse_args()
    words = iter(options.of.read_text(encoding="utf-8").split()) if options.of else headwords()
    every = sorted(pairs(options.kind, words))
    print(f"{len(every)} pairs")
    for pair in sorted(Random(options.seed).sample(every, min(options.count, len(every)))):
        print(*pair)


if __name__ == "__main__":
    sys.exit(main())
