"""The same index on an OpenSearch cluster, for those who outgrow one machine."""

from __future__ import annotations

from os import PathLike


def is_address(place: str | PathLike[str]) -> bool:
    """Whether this is an address for `address.parse`, and no folder: also one mistyped, or made a `Path`, which has
    lost its second slash. A single letter is a drive.
    """
    scheme, colon, _ = str(place).partition(":/")
    return bool(colon) and len(scheme) > 1 and scheme.isascii() and scheme.isalpha()
