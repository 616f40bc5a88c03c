"""Frozen values whose classes cost next to nothing to define.

`dataclasses` writes and compiles six methods for every class, which takes a millisecond: too much for each of the
dozens that a command defines to ask one question. Here all classes share theirs. To make an instance takes no longer
where the fields are given by position.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, NoReturn, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """What a frozen dataclass is, of fields written as there; those of a base come first.

    Values are equal when they are of one class and their fields are equal. Raises TypeError for arguments that are not
    the fields, AttributeError where a field is set.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[frozenset[str]]
    _needed: ClassVar[frozenset[str]]

    def __init_subclass__(cls) -> None:
        cls.__match_args__ += tuple(cls.__annotations__)  # type: ignore[misc]
        cls._known = frozenset(cls.__match_args__)
        cls._needed = frozenset(name for name in cls.__match_args__ if not hasattr(cls, name))
        cls._all = attrgetter("__class__", *cls.__match_args__)

    def __init__(self, *given: Any, **named: Any) -> None:
        names, fields = self.__match_args__, vars(self)
        fields.update(zip(names, given, strict=False), **named)
        if named:
            fit = len(fields) == len(given) + len(named) and self._needed <= fields.keys() <= self._known
        else:
            fit = len(self._needed) <= len(given) <= len(names)  # those needed come first
        if not fit:
            raise TypeError(f"{type(self).__name__}({', '.join(names)}) was given {given} and {named}")
        self.__post_init__()

    def __post_init__(self) -> None:
        """Where a class looks at what it was given."""

    def replace(self, **changes: Any) -> Self:
        """The same with other values of some fields."""
        return type(self)(**{**vars(self), **changes})

    # What makes a tuple of the class and all fields, those by default too.
    _all: ClassVar[attrgetter[tuple[object, ...]]]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Value) and self._all(self) == other._all(other))

    def __hash__(self) -> int:
        return hash(self._all(self))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")
