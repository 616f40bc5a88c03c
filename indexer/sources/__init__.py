"""Files and streams → documents. What cannot be one is a Problem or a SourceError, its reason in Russian."""

from indexer.sources.encodings import check as check_encoding
from indexer.sources.files import FORMATS, read
from indexer.sources.folder import UNKNOWN, walk
from indexer.sources.reasons import printable, unreadable
from indexer.sources.source import Found, Reader

__all__ = ["FORMATS", "UNKNOWN", "Found", "Reader", "check_encoding", "printable", "read", "unreadable", "walk"]
