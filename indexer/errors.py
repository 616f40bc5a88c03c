"""What can go wrong. Every error the package raises is one of these, and says what to do next.

IndexerError
├── IndexNotFound       no index where one was asked for
├── AddressError        the address of an index on a server cannot be used as it is
├── IndexLocked         another process is writing, and the wait is over
├── IndexDamaged        the files of the index do not make sense
├── IndexVersionError   made by another format, dictionary or set of rules
├── DocumentError       a document cannot be taken as it is
│   └── DocumentNotFound  (also a KeyError)
├── SourceError         a file or a line cannot be read as a document
├── SearchTimeout       the search took longer than it was allowed
└── QueryError          an empty query, or an option that has no such value
"""


class IndexerError(Exception):
    """The root: catch this one to catch all."""


class IndexNotFound(IndexerError):
    """There is no index in the folder named."""


class AddressError(IndexerError):
    """The address of an index on a server cannot be read, or asks for what is not safe."""


class IndexLocked(IndexerError):
    """Another process holds the write lock."""


class IndexDamaged(IndexerError):
    """The index exists, and cannot be read."""


class IndexVersionError(IndexerError):
    """The index was made by another version of the format or of the analysis."""


class DocumentError(IndexerError):
    """A document cannot be indexed as it is."""


class DocumentNotFound(DocumentError, KeyError):
    """The index holds no document of this id."""

    def __str__(self) -> str:  # KeyError would show the repr
        return Exception.__str__(self)


class SourceError(IndexerError):
    """A file, a stream or one line of it cannot be read."""


class SearchTimeout(IndexerError):
    """The search was given up after the time allowed."""


class QueryError(IndexerError):
    """The query is empty, or an option has a value that means nothing."""
