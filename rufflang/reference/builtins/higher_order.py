"""Eager functions over arrays that call back (`stdlib.md` section 9).

They loop with plain `for` statements: inside `any`, `all` or a generator the callback
would run on the C stack, which nested callbacks could exhaust.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import elements
from rufflang.reference.builtins.registry import builtin, collection_arity
from rufflang.reference.errors import RuffError
from rufflang.reference.values import ArrayValue, Value, array_of, is_function, is_truthy, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_TWO = collection_arity(2)


def _array_and_function(name: str, arguments: list[Any]) -> tuple[list[Value], Value]:
    message = f"{name} expects an array and a function"
    items = elements(arguments[0], message)
    if not is_function(arguments[1]):
        raise RuffError(message)
    return items, arguments[1]


@builtin("map", 2, arity_message=_TWO)
def map_(machine: Machine, arguments: list[Any]) -> Value:
    """The results of a function for every element."""
    items, function = _array_and_function("map", arguments)
    results: list[Value] = []
    for item in items:
        results.append(machine.call(function, [item]))
    return array_of(results)


@builtin("filter", 2, arity_message=_TWO)
def filter_(machine: Machine, arguments: list[Any]) -> Value:
    """The elements for which a function answers something truthy."""
    items, function = _array_and_function("filter", arguments)
    kept: list[Value] = []
    for item in items:
        if is_truthy(machine.call(function, [item])):
            kept.append(item)
    return array_of(kept)


@builtin("reduce", 3, arity_message=collection_arity(3))
def reduce(machine: Machine, arguments: list[Any]) -> Value:
    """What a function of accumulator and element makes of all elements, in order."""
    items, accumulator, function = arguments
    if not isinstance(items, ArrayValue) or not is_function(function):
        raise RuffError("reduce expects an array, an initial value, and a function")
    for item in list(items.items):
        accumulator = machine.call(function, [accumulator, item])
    return accumulator


@builtin("find", 2, arity_message=_TWO)
def find(machine: Machine, arguments: list[Any]) -> Value:
    """The first element for which a function answers something truthy, or 0."""
    items, function = _array_and_function("find", arguments)
    for item in items:
        if is_truthy(machine.call(function, [item])):
            return share(item)
    return 0


@builtin("any", 2, arity_message=_TWO)
def any_(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a function answers something truthy for some element."""
    items, function = _array_and_function("any", arguments)
    for item in items:  # noqa: SIM110
        if is_truthy(machine.call(function, [item])):
            return True
    return False


@builtin("all", 2, arity_message=_TWO)
def all_(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a function answers something truthy for every element."""
    items, function = _array_and_function("all", arguments)
    for item in items:  # noqa: SIM110
        if not is_truthy(machine.call(function, [item])):
            return False
    return True
