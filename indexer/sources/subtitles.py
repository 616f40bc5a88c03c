"""Subtitles (.srt, .vtt) → one document whose passages name the minute and second they are spoken at."""

import re
from collections.abc import Iterator

from indexer.model import Document
from indexer.sources import encodings, metadata
from indexer.sources.growing import Growing
from indexer.sources.source import Source

_CUE = re.compile(
    r"^(?:\d+[^\S\n]*\n)?(?P<start>(?:\d+:)?\d\d:\d\d)[,.]\d{1,3}[^\S\n]*-->[^\n]*\n(?P<text>(?:[^\n]*\S[^\n]*(?:\n|\Z))*)",
    re.MULTILINE,
)
_MARKS = re.compile(r"</?[a-z][^<>\n]{0,80}>|\{\\[^{}\n]{0,80}\}", re.IGNORECASE)


def read(source: Source) -> Iterator[Document]:
    """The text of the cues, a line each; numbers, times and marks of type are left out."""
    text = encodings.decode(source.read(), source.encoding).replace("\r\n", "\n").replace("\r", "\n")
    grown = Growing()
    for cue in _CUE.finditer(text):
        grown.begin(cue["start"])
        grown.add(_MARKS.sub("", cue["text"]), "\n")
    if grown.text:
        yield metadata.extracted(grown.text, path=source.path, locations=grown.locations)
