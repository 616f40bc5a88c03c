"""Frozen values whose classes cost next to nothing to define.

`dataclasses` writes and compiles six methods for every class, which takes a millisecond: too much for each of the
dozens that a command defines to ask one question. Here all classes share theirs. To make an instance takes no longer
where the fields are given by position.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """What a frozen dataclass is, of fields written as there; those of a base come first.

    Values are equal when they are of one class and their fields are equal. Raises TypeError for arguments that are not
    the fields, AttributeError where a field is set.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    _needed: ClassVar[frozenset[str]]
    _fitting: ClassVar[range]  # how many may be given by position, where none is given by name
    _default: ClassVar[dict[str, object]]  # of all fields in their order, so that those of instances have one

    def __init_subclass__(cls) -> None:
        cls.__match_args__ += tuple(cls.__annotations__)  # type: ignore[misc]
        cls._needed = frozenset(name for name in cls.__match_args__ if not hasattr(cls, name))
        cls._fitting = range(len(cls._needed), len(cls.__match_args__) + 1)  # those needed come first
        cls._default = {name: getattr(cls, name, None) for name in cls.__match_args__}

    def __init__(self, *given: Any, **named: Any) -> None:
        names, fields = self.__match_args__, self.__dict__
        fields.update(self._default)
        fields.update(zip(names, given, strict=False), **named)
        if named:
            by_place = names[: len(given)]
            fit = len(fields) == len(names) >= len(given) and named.keys().isdisjoint(by_place)
            fit = fit and self._needed <= {*by_place, *named}
        else:
            fit = len(given) in self._fitting
        if not fit:
            raise TypeError(f"{type(self).__name__}({', '.join(names)}) was given {given} and {named}")
        self.__post_init__()

    def __post_init__(self) -> None:
        """Where a class looks at what it was given."""

    def replace(self, **changes: Any) -> Self:
        """The same with other values of some fields."""
        return type(self)(**{**vars(self), **changes})

    def __eq__(self, other: object) -> bool:
        return self is other or (self.__class__ is other.__class__ and self.__dict__ == other.__dict__)

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")
