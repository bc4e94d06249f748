"""Built-ins that look into or take parts of several kinds of collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import whole_number
from rufflang.reference.builtins.registry import builtin, collection_arity
from rufflang.reference.equality import equal
from rufflang.reference.errors import RuffError
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    Value,
    array_of,
    dict_key,
    share,
    share_all,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def position_of(items: list[Value], wanted: Value) -> int:
    """The index of the first element equal to `wanted`, or -1."""
    for position, item in enumerate(items):
        if equal(item, wanted):
            return position
    return -1


@builtin("contains", 2, only_looks=True)
def contains(machine: Machine, arguments: list[Any]) -> Value:
    """Whether an array has an element, a dict a key (bools) or a string a part (1 or 0)."""
    container, wanted = arguments
    if isinstance(container, ArrayValue):
        return position_of(container.items, wanted) >= 0
    if isinstance(container, DictValue):
        return dict_key(wanted) in container.entries
    if not isinstance(container, str):
        raise RuffError("contains() first argument must be a string, array, or dictionary")
    if not isinstance(wanted, str):
        raise RuffError("contains() requires two arguments: string/array and substring/item")
    return int(wanted in container)


@builtin("index_of", 2, only_looks=True)
def index_of(machine: Machine, arguments: list[Any]) -> Value:
    """Where an element of an array or a part of a string is first found, or -1."""
    container, wanted = arguments
    if isinstance(container, ArrayValue):
        return position_of(container.items, wanted)
    if not isinstance(container, str):
        raise RuffError("index_of() first argument must be a string or array")
    if not isinstance(wanted, str):
        raise RuffError("index_of() requires two arguments: string/array and substring/item")
    return container.find(wanted)


@builtin("is_empty", 1, only_looks=True)
def is_empty(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a string, array or dict has nothing in it."""
    value = arguments[0]
    if isinstance(value, (str, bytes, ArrayValue)):
        return len(value) == 0
    if isinstance(value, DictValue):
        return not value.entries
    if isinstance(value, CollectionValue):
        return not value.items
    raise RuffError("is_empty() requires a string argument")


@builtin("remove", 2, arity_message=collection_arity(2))
def remove(machine: Machine, arguments: list[Any]) -> Value:
    """An array without the first equal element; for a dict the pair of the rest and the removed value."""
    container, wanted = arguments
    if isinstance(container, ArrayValue):
        position = position_of(container.items, wanted)
        items = list(container.items)
        return array_of(items if position < 0 else items[:position] + items[position + 1:])
    key = dict_key(wanted)
    if not isinstance(container, DictValue) or key is None:
        raise RuffError("remove() requires an array or dictionary-like value with a valid key/item")
    return ArrayValue([without_key(container, key), share(container.entries.get(key, 0))])


def without_key(container: DictValue, key: str | None) -> DictValue:
    """A new dict without the entry `key`, if there is one."""
    share_all(container.entries.values())
    return DictValue({name: value for name, value in container.entries.items() if name != key})


@builtin("clear", 1, arity_message=collection_arity(1), only_looks=True)
def clear(machine: Machine, arguments: list[Any]) -> Value:
    """An empty array for an array, an empty dict for a dict."""
    if isinstance(arguments[0], ArrayValue):
        return ArrayValue([])
    if isinstance(arguments[0], DictValue):
        return DictValue({})
    raise RuffError("clear() requires an array or dict argument")


@builtin("slice", 3, arity_message=collection_arity(3))
def slice_(machine: Machine, arguments: list[Any]) -> Value:
    """The elements from start to end (exclusive); negative positions count from the end."""
    container = arguments[0]
    if not isinstance(container, (ArrayValue, bytes)):
        raise RuffError("slice() requires array or bytes and numeric start/end arguments")
    start = whole_number(arguments[1], "slice() start must be a number")
    end = whole_number(arguments[2], "slice() end must be a number")
    return container[start:end] if isinstance(container, bytes) else array_of(container.items[start:end])
