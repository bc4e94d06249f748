"""The lazy methods of arrays, generators and iterators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.reference.errors import RuffError
from rufflang.reference.generators import GeneratorValue
from rufflang.reference.iteration import Filtered, IteratorValue, Mapped, Source, Taken, source_of
from rufflang.reference.values import ArrayValue, ResultValue, Value, array_of, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

# Each method: on what it can be called, and the number of its arguments.
ITERATOR_METHODS = {
    "map": ("iterators or arrays", 1),
    "filter": ("iterators or arrays", 1),
    "take": ("iterators or arrays", 1),
    "collect": ("iterators", 0),
    "next": ("iterators", 0),
}


def call_iterator_method(machine: Machine, receiver: Value, name: str, arguments: list[Value]) -> Value:
    """`receiver.name(arguments)` for one of the names above and any kind of receiver."""
    receivers, count = ITERATOR_METHODS[name]
    is_array = isinstance(receiver, ArrayValue)
    if not isinstance(receiver, (IteratorValue, GeneratorValue)) and not (is_array and name != "next"):
        raise RuffError(f"{name}() can only be called on {receivers}")
    if len(arguments) != count:
        raise RuffError(f"{name} expects {count} arguments, got {len(arguments)}")
    if name == "next":
        return _next(machine, receiver)
    if name == "collect":
        return collect(machine, receiver)
    return _lazily(source_of(machine, receiver), name, arguments[0])


def collect(machine: Machine, value: Value) -> Value:
    """An array of everything that an iterator or generator still gives; an array is itself."""
    if isinstance(value, ArrayValue):
        return share(value)
    source, items = source_of(machine, value), list[Value]()
    while (item := source.advance(machine)) is not None:
        machine.check_interruption()
        items.append(item[0])
    return array_of(items)


def _next(machine: Machine, value: Value) -> ResultValue:
    item = source_of(machine, value).advance(machine)
    return ResultValue("None", ()) if item is None else ResultValue("Some", (share(item[0]),))


def _lazily(source: Source, name: str, argument: Value) -> IteratorValue:
    if name == "map":
        return IteratorValue(Mapped(source, argument))
    if name == "filter":
        return IteratorValue(Filtered(source, argument))
    if type(argument) is not int:
        raise RuffError("take() requires an integer argument")
    return IteratorValue(Taken(source, argument))
