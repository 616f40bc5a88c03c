"""Files and streams → documents. What cannot be one is a Problem or a SourceError, its reason in Russian."""

from indexer.sources.encodings import check as check_encoding
from indexer.sources.files import FORMATS, READING, ending, read
from indexer.sources.folder import IGNORED, INDEX, UNKNOWN, File, single, walk
from indexer.sources.reasons import printable, unreadable
from indexer.sources.source import Found, NotNow, Reader

__all__ = [
    "FORMATS",
    "IGNORED",
    "INDEX",
    "READING",
    "UNKNOWN",
    "File",
    "Found",
    "NotNow",
    "Reader",
    "check_encoding",
    "ending",
    "printable",
    "read",
    "single",
    "unreadable",
    "walk",
]
