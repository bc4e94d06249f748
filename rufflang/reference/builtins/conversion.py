"""Conversions between types and questions about types (`stdlib.md` section 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import elements, text
from rufflang.reference.builtins.registry import builtin
from rufflang.reference.builtins.strings import WHITE_SPACE
from rufflang.reference.display import display
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import truncated
from rufflang.reference.values import (
    MAXIMUM_INT,
    MINIMUM_INT,
    ArrayValue,
    DictValue,
    Value,
    is_function,
    is_truthy,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_ONE_ARGUMENT = "{name}() requires one argument"

_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_FLOAT = re.compile(
    r"[+-]?(inf|infinity|nan|([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?)", re.ASCII | re.IGNORECASE
)


def integer_from(source: str) -> int | None:
    """The 64-bit int that `source` spells in decimal, or None."""
    found = _INTEGER.fullmatch(source.strip(WHITE_SPACE))
    if found is None:
        return None
    value = int(found[1] + found[2])
    return value if MINIMUM_INT <= value <= MAXIMUM_INT else None


def float_from(source: str) -> float | None:
    """The float that `source` spells, or None."""
    trimmed = source.strip(WHITE_SPACE)
    return float(trimmed) if _FLOAT.fullmatch(trimmed) else None


def _kind(value: Value) -> str:
    kinds: dict[type, str] = {ArrayValue: "array", DictValue: "dict", type(None): "null"}
    return kinds.get(type(value), "value")


@builtin("to_string", 1, arity_message=_ONE_ARGUMENT, only_looks=True, aliases=("str",))
def to_string(machine: Machine, arguments: list[Any]) -> Value:
    """The display text."""
    return display(arguments[0])


@builtin("to_int", 1, arity_message=_ONE_ARGUMENT, only_looks=True)
def to_int(machine: Machine, arguments: list[Any]) -> Value:
    """An int from a number (truncated), a decimal text or a bool."""
    value = arguments[0]
    if isinstance(value, (bool, int, float)):
        return int(value) if isinstance(value, bool) else truncated(value)
    if not isinstance(value, str):
        raise RuffError(f"Cannot convert {_kind(value)} to int")
    converted = integer_from(value)
    if converted is None:
        raise RuffError(f"Cannot convert '{value}' to int")
    return converted


@builtin("to_float", 1, arity_message=_ONE_ARGUMENT, only_looks=True)
def to_float(machine: Machine, arguments: list[Any]) -> Value:
    """A float from a number, a text or a bool."""
    value = arguments[0]
    if isinstance(value, (bool, int, float)):
        return float(value)
    if not isinstance(value, str):
        raise RuffError(f"Cannot convert {_kind(value)} to float")
    converted = float_from(value)
    if converted is None:
        raise RuffError(f"Cannot convert '{value}' to float")
    return converted


@builtin("to_bool", 1, arity_message=_ONE_ARGUMENT, only_looks=True)
def to_bool(machine: Machine, arguments: list[Any]) -> Value:
    """Truthiness, except that the texts `0` and `false` are false too."""
    value = arguments[0]
    if isinstance(value, str):
        return value.lower() not in ("", "0", "false")
    return is_truthy(value)


@builtin("is_truthy", 1, only_looks=True)
def is_truthy_(machine: Machine, arguments: list[Any]) -> Value:
    """Language truthiness."""
    return is_truthy(arguments[0])


@builtin("parse_int", 1)
def parse_int(machine: Machine, arguments: list[Any]) -> Value:
    """The int that a text spells; raises if it spells none."""
    source = text(arguments[0], "parse_int requires a string argument")
    value = integer_from(source)
    if value is None:
        raise RuffError(f"Cannot parse '{source}' as integer")
    return value


@builtin("parse_float", 1)
def parse_float(machine: Machine, arguments: list[Any]) -> Value:
    """The float that a text spells; raises if it spells none."""
    source = text(arguments[0], "parse_float requires a string argument")
    value = float_from(source)
    if value is None:
        raise RuffError(f"Cannot parse '{source}' as float")
    return value


@builtin("bytes", 1, arity_message="bytes() requires an array argument", only_looks=True)
def bytes_(machine: Machine, arguments: list[Any]) -> Value:
    """Bytes from an array of ints between 0 and 255."""
    numbers = elements(arguments[0], "bytes() requires an array argument")
    for number in numbers:
        if type(number) is not int:
            raise RuffError("bytes() requires an array of integers")
        if not 0 <= number <= 255:
            raise RuffError(f"bytes() requires integers in range 0-255, got {number}")
    return bytes(numbers)  # type: ignore[arg-type]


def _type_question(name: str, answer: Callable[[Value], bool]) -> None:
    def ask(machine: Machine, arguments: list[Any]) -> Value:
        return bool(arguments) and answer(arguments[0])

    ask.__doc__ = f"Whether the value is of the kind that `{name}` names."
    builtin(name, 0, 1, arity_message="{name}() expects 1 argument", only_looks=True)(ask)


_type_question("is_int", lambda value: type(value) is int)
_type_question("is_float", lambda value: type(value) is float)
_type_question("is_string", lambda value: isinstance(value, str))
_type_question("is_bool", lambda value: isinstance(value, bool))
_type_question("is_array", lambda value: isinstance(value, ArrayValue))
_type_question("is_dict", lambda value: isinstance(value, DictValue))
_type_question("is_null", lambda value: value is None)
_type_question("is_function", is_function)
