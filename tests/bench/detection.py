"""How often the encoding of a text is told rightly: `python tests/bench/detection.py CORPUS.jsonl.gz [-n 1000]`.

Each text gives one piece of so many letters from its beginning, which is written in each encoding that has all of it
and decoded by what is detected. Right is what gives the text back: KOI8-R and KOI8-U, cp1251 and MacCyrillic share most
of their letters.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import read

from indexer.sources import encodings

ENCODINGS = ("utf-8", "utf-16", "utf-32", "cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")


def piece(text: str, letters: int) -> str:
    """The beginning of a text that has so many letters, or nothing."""
    seen = 0
    for at, sign in enumerate(text):
        seen += sign.isalpha()
        if seen == letters:
            return text[: at + 1]
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-n", type=int, default=1000, help="texts")
    parser.add_argument("--letters", type=int, nargs="+", default=[50, 200, 1000])
    options = parser.parse_args()
    print("letters", *ENCODINGS, sep="\t")
    for letters in options.letters:
        right, tried = Counter[str](), Counter[str]()
        for document in read(options.corpus, 30 * options.n):
            if not (text := piece(document.text, letters)):
                continue
            for name in ENCODINGS:
                try:
                    data = text.encode(name)
                except UnicodeEncodeError:
                    continue
                if tried[name] < options.n:
                    tried[name] += 1
                    right[name] += data.decode(encodings.detect(data), "replace").lstrip("\ufeff") == text
        print(letters, *(f"{right[name]}/{tried[name]}" for name in ENCODINGS), sep="\t")


if __name__ == "__main__":
    main()
