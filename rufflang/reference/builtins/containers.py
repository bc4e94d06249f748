"""Sets, queues and stacks (`stdlib.md` section 11).

Many of these answer wrong kinds of arguments with an empty value instead of an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import builtin
from rufflang.reference.equality import place_of
from rufflang.reference.errors import RuffError
from rufflang.reference.sets import SetValue
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    QueueValue,
    StackValue,
    Value,
    array_of,
    share_all,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def with_all(container: SetValue, values: Iterable[Value]) -> SetValue:
    """A set with those values added that it does not have, in order."""
    for value in values:
        if not _has(container, value):
            container = container.with_new(value)
    return container


def _has(container: SetValue, wanted: Value) -> bool:
    return place_of(container, wanted) >= 0


# ------------------------------------------------------------------------------ sets


@builtin("Set", 0, 1, arity_message="Set constructor takes at most 1 argument")
def set_(machine: Machine, arguments: list[Any]) -> Value:
    """A set of the elements of an array; the first of equal elements stays."""
    if not arguments:
        return SetValue(())
    if not isinstance(arguments[0], ArrayValue):
        raise RuffError("Set constructor requires an array argument")
    return with_all(SetValue(()), arguments[0].items)


@builtin("set_add", 2)
def set_add(machine: Machine, arguments: list[Any]) -> Value:
    """A set with one more element."""
    container, item = arguments
    return with_all(container, [item]) if isinstance(container, SetValue) else SetValue(())


@builtin("set_remove", 2)
def set_remove(machine: Machine, arguments: list[Any]) -> Value:
    """A set without an element."""
    container, item = arguments
    if not isinstance(container, SetValue):
        return SetValue(())
    place = place_of(container, item)
    return container if place < 0 else SetValue(container.items[:place] + container.items[place + 1:])


@builtin("set_has", 2, only_looks=True)
def set_has(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a set has an element."""
    return isinstance(arguments[0], SetValue) and _has(arguments[0], arguments[1])


def _are_sets(arguments: list[Any]) -> bool:
    return all(isinstance(argument, SetValue) for argument in arguments)


@builtin("set_union", 2)
def set_union(machine: Machine, arguments: list[Any]) -> Value:
    """The elements of the first set, then those that only the second has."""
    left, right = arguments
    return with_all(left, right.items) if _are_sets(arguments) else SetValue(())


@builtin("set_intersect", 2)
def set_intersect(machine: Machine, arguments: list[Any]) -> Value:
    """The elements of the first set that the second has too."""
    left, right = arguments
    if not _are_sets(arguments):
        return SetValue(())
    return SetValue(tuple(item for item in left.items if _has(right, item)))


@builtin("set_difference", 2)
def set_difference(machine: Machine, arguments: list[Any]) -> Value:
    """The elements of the first set that the second does not have."""
    left, right = arguments
    if not _are_sets(arguments):
        return SetValue(())
    return SetValue(tuple(item for item in left.items if not _has(right, item)))


# ----------------------------------------------------------------- queues and stacks


def _items(value: Value, kind: type[CollectionValue]) -> tuple[Value, ...]:
    """The elements of a collection of that kind; none for other values."""
    return value.items if isinstance(value, kind) else ()


def _register_sequence(kind: type[CollectionValue], prefix: str, add: str, take: str, first: int) -> None:
    """Registers the functions that queues and stacks share; `first` is where items leave: 0 or -1."""
    noun = prefix.capitalize()

    def construct(machine: Machine, arguments: list[Any]) -> Value:
        usable = bool(arguments) and isinstance(arguments[0], ArrayValue)
        return kind(share_all(tuple(arguments[0].items)) if usable else ())

    def adding(machine: Machine, arguments: list[Any]) -> Value:
        container, item = arguments
        return kind((*container.items, item)) if isinstance(container, kind) else kind(())

    def taking(machine: Machine, arguments: list[Any]) -> Value:
        items = _items(arguments[0], kind)
        if not items:
            return ArrayValue([kind(()), None])
        rest = items[1:] if first == 0 else items[:-1]
        return ArrayValue([kind(rest), items[first]])

    def peek(machine: Machine, arguments: list[Any]) -> Value:
        items = _items(arguments[0], kind)
        return items[first] if items else None

    def size(machine: Machine, arguments: list[Any]) -> Value:
        if not isinstance(arguments[0], kind):
            raise RuffError(f"{prefix}_size requires a {noun} argument")
        return len(arguments[0].items)

    def is_empty(machine: Machine, arguments: list[Any]) -> Value:
        return not _items(arguments[0], kind)

    construct.__doc__ = f"A {prefix} of the elements of an array."
    adding.__doc__ = f"A {prefix} with one more element."
    taking.__doc__ = f"The pair of the remaining {prefix} and the element taken from it (null if there is none)."
    peek.__doc__ = f"The element that a {prefix} would give next, or null."
    size.__doc__ = f"The number of elements of a {prefix}."
    is_empty.__doc__ = f"Whether a {prefix} has no elements."
    size_arity = f"{prefix}_size expects 1 argument ({prefix}), got {{got}}"
    builtin(noun, 0, 1)(construct)
    builtin(f"{prefix}_{add}", 2)(adding)
    builtin(f"{prefix}_{take}", 1)(taking)
    builtin(f"{prefix}_peek", 1)(peek)
    builtin(f"{prefix}_size", 1, arity_message=size_arity, only_looks=True)(size)
    builtin(f"{prefix}_is_empty", 1, only_looks=True)(is_empty)


_register_sequence(QueueValue, "queue", "enqueue", "dequeue", 0)
_register_sequence(StackValue, "stack", "push", "pop", -1)


def _register_to_array(name: str, kind: type[CollectionValue]) -> None:
    def to_array(machine: Machine, arguments: list[Any]) -> Value:
        return array_of(list(_items(arguments[0], kind)))

    to_array.__doc__ = "The elements as an array, in iteration order."
    builtin(name, 1)(to_array)


_register_to_array("set_to_array", SetValue)
_register_to_array("queue_to_array", QueueValue)
_register_to_array("stack_to_array", StackValue)
