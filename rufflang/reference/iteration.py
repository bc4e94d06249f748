"""Everything that gives items one at a time: iterators and what `for` walks over.

A *source* answers `advance` with the next item in a tuple of one, or with None when there is none.
Generators are sources too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from rufflang.reference.calls import call
from rufflang.reference.errors import RuffError
from rufflang.reference.generators import GeneratorValue, Item
from rufflang.reference.operators import truncated
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    FunctionValue,
    Handle,
    Value,
    is_truthy,
    share,
    share_all,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


class Source(Protocol):
    """Something that gives items."""

    def advance(self, machine: Machine) -> Item:
        """The next item, if there is one."""


class ListSource:
    """Values that are all known when the iteration begins; containers among them are marked shared."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = iter(values)

    def advance(self, machine: Machine) -> Item:
        for value in self._values:
            return (value,)
        return None


class Mapped:
    """`source.map(function)`."""

    def __init__(self, source: Source, function: Value) -> None:
        self._source = source
        self._function = function

    def advance(self, machine: Machine) -> Item:
        item = self._source.advance(machine)
        return None if item is None else (call(machine, self._function, [share(item[0])]),)


class Filtered:
    """`source.filter(function)`."""

    def __init__(self, source: Source, function: Value) -> None:
        self._source = source
        self._function = function

    def advance(self, machine: Machine) -> Item:
        while (item := self._source.advance(machine)) is not None:
            machine.check_interruption()
            if is_truthy(call(machine, self._function, [share(item[0])])):
                return item
        return None


class Taken:
    """`source.take(limit)`."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source = source
        self._remaining = limit

    def advance(self, machine: Machine) -> Item:
        if self._remaining <= 0:
            return None
        item = self._source.advance(machine)
        self._remaining -= 1
        return item


class IteratorValue(Handle):
    """The handle that programs call an iterator."""

    type_name = "iterator"

    def __init__(self, source: Source) -> None:
        self._source = source

    def advance(self, machine: Machine) -> Item:
        return self._source.advance(machine)


def source_of(machine: Machine, value: Value) -> Source:
    """What `for` walks over."""
    if isinstance(value, FunctionValue) and value.node.is_generator and not value.node.parameters:
        value = call(machine, value, [])
    if isinstance(value, (IteratorValue, GeneratorValue)):
        return value
    return ListSource(known_items(value))


def known_items(value: Value) -> Iterable[Value]:
    """The items of a value that has all of them, fixed now; raises for other values."""
    if type(value) is int:
        return range(value)
    if type(value) is float:
        return range(truncated(value))
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(value, (ArrayValue, CollectionValue)):
        return share_all(list(value.items))
    if isinstance(value, DictValue):
        return list(value.entries)
    raise RuffError("Cannot iterate over non-iterable type")
