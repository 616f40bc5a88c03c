"""Arrays that were worked out and may be wanted again, as many as fit into some bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """A mapping that forgets what was used longest ago; `size` says what a value takes, in bytes."""

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self._limit = limit
        self._size = size
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._taken = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made if it is not there."""
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return found[0]
        value = make()
        size = self._size(value)
        if size <= self._limit // 4:
            self._kept[key] = (value, size)
            self._taken += size
            while self._taken > self._limit:
                self._taken -= self._kept.popitem(last=False)[1][1]
        return value
