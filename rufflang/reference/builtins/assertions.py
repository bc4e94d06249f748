"""Assertions and raising (`stdlib.md` section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.collections import position_of
from rufflang.reference.builtins.registry import builtin
from rufflang.reference.display import debug_text, display
from rufflang.reference.equality import equal
from rufflang.reference.errors import RuffError, thrown
from rufflang.reference.values import ArrayValue, DictValue, StructValue, Value, dict_key, is_truthy

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


@builtin("error", 1)
def error(machine: Machine, arguments: list[Any]) -> Value:
    """Raises its argument, like `throw`."""
    value = arguments[0]
    raise thrown(value, "" if isinstance(value, StructValue) else display(value))


@builtin("assert", 0, None, only_looks=True)
def assert_(machine: Machine, arguments: list[Any]) -> Value:
    """Raises the message unless the condition is truthy."""
    if not arguments:
        raise RuffError("assert requires at least 1 argument: condition")
    if len(arguments) > 2:
        raise RuffError("assert() expects at most 2 arguments: condition, [message]")
    if not is_truthy(arguments[0]):
        raise RuffError(display(arguments[1]) if len(arguments) == 2 else "Assertion failed")
    return True


@builtin(
    "assert_equal", 2, arity_message="assert_equal requires 2 arguments: actual, expected", only_looks=True
)
def assert_equal(machine: Machine, arguments: list[Any]) -> Value:
    """Raises unless two values are equal."""
    actual, expected = arguments
    if not equal(actual, expected):
        raise RuffError(f"Assertion failed: expected {debug_text(expected)}, got {debug_text(actual)}")
    return True


def _assert_bool(name: str, expected: bool) -> None:
    def check(machine: Machine, arguments: list[Any]) -> Value:
        if not isinstance(arguments[0], bool):
            raise RuffError(f"{name} requires a boolean argument")
        if arguments[0] is not expected:
            raise RuffError(f"Assertion failed: expected {display(expected)}, got {display(not expected)}")
        return True

    check.__doc__ = f"Raises unless the value is {display(expected)}."
    builtin(name, 1, arity_message="{name} requires exactly 1 argument", only_looks=True)(check)


_assert_bool("assert_true", True)
_assert_bool("assert_false", False)


_CONTAINS_ARITY = "assert_contains requires 2 arguments: collection, item"


@builtin("assert_contains", 2, arity_message=_CONTAINS_ARITY, only_looks=True)
def assert_contains(machine: Machine, arguments: list[Any]) -> Value:
    """Raises unless an array has an element, a dict a key or a string a part."""
    collection, item = arguments
    if isinstance(collection, ArrayValue):
        found = position_of(collection.items, item) >= 0
    elif isinstance(collection, DictValue):
        found = dict_key(item) in collection.entries
    elif isinstance(collection, str):
        found = isinstance(item, str) and item in collection
    else:
        raise RuffError("assert_contains requires an array, string, or dict as first argument")
    if not found:
        raise RuffError(f"Assertion failed: {debug_text(collection)} does not contain {debug_text(item)}")
    return True
