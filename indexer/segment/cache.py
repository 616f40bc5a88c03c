"""Arrays that were worked out and may be wanted again, as many as fit into some bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Generic, TypeVar
from weakref import WeakMethod

T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., Any])


def remembered(method: M, size: int | None) -> M:
    """A method that remembers so many of its answers; its object, which has it as an attribute, must be there.

    A plain `lru_cache` of it would be a cycle: files and arrays would stay open until the collector comes by.
    """
    weak = WeakMethod(method)

    def answer(key: Hashable) -> Any:
        found = weak()
        assert found is not None, "the object is gone"
        return found(key)

    return lru_cache(size)(answer)  # type: ignore[return-value]


class Cache(Generic[T]):
    """A mapping that forgets what was used longest ago; `size` says what a value takes, in bytes."""

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self._limit = limit
        self._size = size
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._taken = 0

    def __contains__(self, key: object) -> bool:
        """Whether the value of a key is there."""
        return key in self._kept

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
