"""Frozen values whose classes cost next to nothing to define.

`dataclasses` writes and compiles six methods for every class, which takes a millisecond: too much for each of the
dozens that a command defines to ask one question. Here one method is written, when the first instance is made; the
others are shared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """What a frozen dataclass is, of fields written as there; those of a base come first.

    Values are equal when they are of one class and their fields are equal. Raises TypeError for arguments that are not
    the fields, AttributeError where a field is set.
    """

    __slots__ = ("__dict__", "_hash")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _hash: int  # worked out when it is first asked for

    def __init_subclass__(cls) -> None:
        cls.__match_args__ += tuple(cls.__annotations__)  # type: ignore[misc]
        if "__init__" not in vars(cls):
            type.__setattr__(cls, "__init__", Value.__init__)  # and not what was written for a base

    def __init__(self, *given: Any, **named: Any) -> None:
        cls = type(self)
        type.__setattr__(cls, "__init__", _initializer(cls))
        cls.__init__(self, *given, **named)

    def __post_init__(self) -> None:
        """Where a class looks at what it was given."""

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


def _initializer(cls: type[Value]) -> Callable[..., None]:
    """The `__init__` of a class, which takes its fields; their defaults are attributes of the class."""
    names = cls.__match_args__
    parameters = ["self", *(f"{name}=cls.{name}" if hasattr(cls, name) else name for name in names)]
    lines = [f"def __init__({', '.join(parameters)}):"]
    lines.append(f" self.__dict__.update({', '.join(f'{name}={name}' for name in names)})")
    if cls.__post_init__ is not Value.__post_init__:
        lines.append(" self.__post_init__()")
    scope: dict[str, Any] = {"cls": cls}
    exec("\n".join(lines), scope)
    written: Callable[..., None] = scope["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    return written
