"""Frozen values whose classes cost next to nothing to define.

`dataclasses` writes and compiles six methods for every class, which takes a millisecond: too much for each of the
dozens that a command defines to ask one question. Here all classes share theirs. To make an instance takes no longer
where all fields are given by position.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """What a frozen dataclass is, of fields written as there; those of a base come first.

    Values are equal when they are of one class and their fields are equal. Raises TypeError for arguments that are not
    the fields, AttributeError where a field is set.
    """

    __slots__ = ("__dict__", "_hash")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[tuple[object, ...]]  # of the last fields
    _hash: int  # worked out when it is first asked for

    def __init_subclass__(cls) -> None:
        cls.__match_args__ += tuple(cls.__annotations__)  # type: ignore[misc]
        cls._defaults = tuple([getattr(cls, name) for name in cls.__match_args__ if hasattr(cls, name)])

    def __init__(self, *given: Any, **named: Any) -> None:
        names = self.__match_args__
        if named or len(given) != len(names):
            given = self._whole(given, named)
        self.__dict__.update(zip(names, given, strict=True))
        self.__post_init__()

    def __post_init__(self) -> None:
        """Where a class looks at what it was given."""

    @classmethod
    def _whole(cls, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """All fields in their order."""
        names, defaults = cls.__match_args__, cls._defaults
        lacking = len(names) - len(given)
        if not named and 0 <= lacking <= len(defaults):
            return given + defaults[len(defaults) - lacking :]
        by_place = dict(zip(names, given, strict=False))
        fields = {**dict(zip(reversed(names), reversed(defaults), strict=False)), **by_place, **named}
        if lacking < 0 or fields.keys() != {*names} or not named.keys().isdisjoint(by_place):
            raise TypeError(f"{cls.__name__}({', '.join(names)}) was given {given} and {named}")
        return tuple([fields[name] for name in names])

    def replace(self, **changes: Any) -> Self:
        """The same with other values of some fields."""
        return type(self)(**{**vars(self), **changes})

    def __eq__(self, other: object) -> bool:
        return self is other or (self.__class__ is other.__class__ and self.__dict__ == other.__dict__)

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash(tuple(self.__dict__.values())))
            return self._hash

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__  # hashes are of one process

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")
