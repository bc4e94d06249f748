"""Argument conversions that several areas of built-ins need."""

from __future__ import annotations

from rufflang.reference.errors import RuffError
from rufflang.reference.operators import is_number, truncated
from rufflang.reference.values import ArrayValue, Value

_LARGEST_RESULT = 2**28


def whole_number(value: Value, message: str) -> int:
    """A number argument truncated toward zero, kept inside 64 bits; raises `message` for other kinds."""
    if not is_number(value):
        raise RuffError(message)
    return truncated(value)  # type: ignore[arg-type]


def demand_room(name: str, size: int) -> None:
    """Refuses a result of `size` elements or characters that no memory is likely to hold."""
    if size > _LARGEST_RESULT:
        raise RuffError(f"{name}() ran out of memory")


def elements(value: Value, message: str) -> list[Value]:
    """A snapshot of an array argument's elements; raises `message` for other kinds.

    A snapshot, because callbacks may append to the variable that holds the array.
    """
    if not isinstance(value, ArrayValue):
        raise RuffError(message)
    return list(value.items)


def text(value: Value, message: str) -> str:
    """A string argument; raises `message` for other kinds."""
    if not isinstance(value, str):
        raise RuffError(message)
    return value
