"""Built-ins on arrays (`stdlib.md` section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import elements, whole_number
from rufflang.reference.builtins.containers import with_all
from rufflang.reference.builtins.registry import builtin, collection_arity
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import binary, is_number
from rufflang.reference.sets import SetValue
from rufflang.reference.sorting import in_order
from rufflang.reference.values import ArrayValue, Value, array_of, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_ONE, _TWO, _THREE = collection_arity(1), collection_arity(2), collection_arity(3)


def _appending(name: str) -> None:
    def append(machine: Machine, arguments: list[Any]) -> Value:
        """An array with one more element at its end."""
        if not isinstance(arguments[0], ArrayValue):
            raise RuffError(f"{name}() requires an array as the first argument")
        return arguments[0].appended(arguments[1])

    builtin(name, 2, arity_message=_TWO)(append)


_appending("push")
_appending("append")


@builtin("pop", 1, arity_message=_ONE)
def pop(machine: Machine, arguments: list[Any]) -> Value:
    """The pair of the array without its last element and that element (0 if there is none)."""
    items = elements(arguments[0], "pop() requires an array argument")
    return ArrayValue([array_of(items[:-1]), share(items[-1]) if items else 0])


@builtin("concat", 2, arity_message=_TWO)
def concat(machine: Machine, arguments: list[Any]) -> Value:
    """The elements of one array followed by those of another."""
    message = "concat() requires two array arguments"
    return array_of(elements(arguments[0], message) + elements(arguments[1], message))


def _demand_position(name: str, index: int, last: int, length: int) -> None:
    if not 0 <= index <= last:
        raise RuffError(f"{name}() index {index} out of bounds for array of length {length}")


@builtin("insert", 3, arity_message=_THREE)
def insert(machine: Machine, arguments: list[Any]) -> Value:
    """An array with one more element at an index."""
    items = elements(arguments[0], "insert() requires 3 arguments: array, index, and item")
    index = whole_number(arguments[1], "insert() index must be a number")
    _demand_position("insert", index, len(items), len(items))
    items.insert(index, arguments[2])
    return array_of(items)


@builtin("remove_at", 2, arity_message=_TWO)
def remove_at(machine: Machine, arguments: list[Any]) -> Value:
    """The pair of the array without the element at an index and that element."""
    items = elements(arguments[0], "remove_at() requires 2 arguments: array and index")
    index = whole_number(arguments[1], "remove_at() index must be a number")
    _demand_position("remove_at", index, len(items) - 1, len(items))
    removed = items.pop(index)
    return ArrayValue([array_of(items), share(removed)])


def _before(left: Value, right: Value) -> bool:
    comparable = (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
    return comparable and binary("<", left, right) is True


@builtin("sort", 1, arity_message=_ONE)
def sort(machine: Machine, arguments: list[Any]) -> Value:
    """The elements in ascending order; stable."""
    items = elements(arguments[0], "sort requires an array argument")
    return array_of(in_order(items, _before))


@builtin("reverse", 1, arity_message=_ONE)
def reverse(machine: Machine, arguments: list[Any]) -> Value:
    """The elements from last to first."""
    return array_of(elements(arguments[0], "reverse requires an array argument")[::-1])


@builtin("unique", 1, arity_message=_ONE)
def unique(machine: Machine, arguments: list[Any]) -> Value:
    """The first of every group of equal elements, in order."""
    items = elements(arguments[0], "unique requires an array argument")
    return array_of(list(with_all(SetValue(()), items).items))


@builtin("sum", 1, arity_message=_ONE, only_looks=True)
def sum_(machine: Machine, arguments: list[Any]) -> Value:
    """The sum of the numbers among the elements."""
    total: Value = 0
    for item in elements(arguments[0], "sum requires an array argument"):
        if is_number(item):
            total = binary("+", total, item)
    return total


@builtin("flatten", 1, arity_message=_ONE)
def flatten(machine: Machine, arguments: list[Any]) -> Value:
    """One level of nesting taken away."""
    flat: list[Value] = []
    for item in elements(arguments[0], "flatten() requires an array argument"):
        flat += item.items if isinstance(item, ArrayValue) else [item]
    return array_of(flat)


@builtin("zip", 2, arity_message=_TWO)
def zip_(machine: Machine, arguments: list[Any]) -> Value:
    """Pairs of elements at the same index, as many as the shorter array has."""
    message = "zip() requires 2 array arguments"
    pairs = zip(elements(arguments[0], message), elements(arguments[1], message), strict=False)
    return ArrayValue([array_of([left, right]) for left, right in pairs])


@builtin("enumerate", 1, arity_message=_ONE)
def enumerate_(machine: Machine, arguments: list[Any]) -> Value:
    """Pairs of index and element."""
    items = elements(arguments[0], "enumerate() requires an array argument")
    return ArrayValue([array_of([index, item]) for index, item in enumerate(items)])


@builtin("chunk", 2, arity_message=_TWO)
def chunk(machine: Machine, arguments: list[Any]) -> Value:
    """Consecutive pieces of a size; the last may be shorter."""
    items = elements(arguments[0], "chunk() requires 2 arguments: array and size")
    size = whole_number(arguments[1], "chunk() size must be a number")
    if size <= 0:
        return ArrayValue([array_of(items)])
    return ArrayValue([array_of(items[start:start + size]) for start in range(0, len(items), size)])


@builtin("windows", 2, arity_message=_TWO)
def windows(machine: Machine, arguments: list[Any]) -> Value:
    """All overlapping pieces of a size."""
    items = elements(arguments[0], "windows() requires 2 arguments: array and size")
    size = whole_number(arguments[1], "windows() size must be a number")
    if size <= 0:
        return ArrayValue([])
    return ArrayValue([array_of(items[start:start + size]) for start in range(len(items) - size + 1)])


@builtin("take", 2, arity_message=_TWO)
def take(machine: Machine, arguments: list[Any]) -> Value:
    """The first so many elements."""
    items = elements(arguments[0], "take() requires 2 arguments: array and count")
    return array_of(items[: max(0, whole_number(arguments[1], "take() count must be a number"))])


@builtin("skip", 2, arity_message=_TWO)
def skip(machine: Machine, arguments: list[Any]) -> Value:
    """What is left after the first so many elements."""
    items = elements(arguments[0], "skip() requires 2 arguments: array and count")
    return array_of(items[max(0, whole_number(arguments[1], "skip() count must be a number")):])
