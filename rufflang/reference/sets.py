"""Sets, found in by keys: equal values have a key in common, although equality tolerates small differences of floats.

A number below 2 lies in one of the intervals, eight tolerances wide, into which the number line is cut; what equals
it lies in the intervals of the number minus and plus the tolerance.  From 2 on equal floats are the same number, and an
int counts as the float it would be converted to.  Numbers inside other values have to have one key: all those between
-1 and 1, the only ones with something else in reach, have the same, and others are equal only if they are the same.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeGuard

from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    ResultValue,
    StructValue,
    TaggedValue,
    Value,
    share,
)

TOLERANCE = 2.220446049250313e-16
_INTERVALS_PER_UNIT = float(1 << 49)
_DEEPEST = 8
"""Parts that lie deeper have keys by their kind alone."""


class SetValue(CollectionValue):
    """Distinct elements in insertion order.

    As with arrays, a set with one more element uses the lists of the one it came from, which goes on seeing only its
    own first `length` elements.
    """

    __slots__ = ("_elements", "_places", "length")
    type_name = "set"

    def __init__(self, items: tuple[Value, ...]) -> None:
        """`items` are distinct, and marked shared."""
        super().__init__(items)
        self._elements = list(items)
        self.length = len(items)
        self._places: dict[Hashable, list[int]] | None = None
        """Per key: the elements that have it.  Made when it is first needed."""

    @property
    def items(self) -> tuple[Value, ...]:
        """The elements, in order."""
        if len(self._items) != self.length:
            self._items = tuple(self._elements[: self.length])
        return self._items

    def candidates(self, wanted: Value) -> Iterator[int]:
        """Where elements are, in order, among which is whatever equals a value."""
        places = self._indexed()
        found = [place for key in _possible_keys(wanted) for place in places.get(key, ())]
        return (place for place in sorted(found) if place < self.length)

    def element(self, place: int) -> Value:
        """The element at a place that `candidates` gave."""
        return self._elements[place]

    def with_new(self, value: Value) -> SetValue:
        """A set with one more element, which this one does not have."""
        places = self._indexed()
        longer = SetValue(())
        if len(self._elements) == self.length:
            longer._elements, longer._places = self._elements, places
        else:
            longer._elements = list(self.items)
            places = longer._indexed()
        places.setdefault(_own_key(value), []).append(self.length)
        longer._elements.append(share(value))
        longer.length = self.length + 1
        return longer

    def _indexed(self) -> dict[Hashable, list[int]]:
        if self._places is None:
            self._places = {}
            for place, element in enumerate(self._elements):
                self._places.setdefault(_own_key(element), []).append(place)
        return self._places


def _possible_keys(value: Value) -> list[Hashable]:
    """The keys of everything that equals a value."""
    if _is_number(value):
        number = float(value)
        if abs(number) < 2.0:
            first, last = _interval(number - TOLERANCE), _interval(number + TOLERANCE)
            return [first] if first == last else [first, last]
    return [_own_key(value)]


def _own_key(value: Value) -> Hashable:
    """The key under which a value is found."""
    if not _is_number(value):
        return _part_key(value, _DEEPEST)
    number = float(value)
    return _interval(number) if abs(number) < 2.0 else _number_key(number)


def _interval(number: float) -> Hashable:
    return "interval", math.floor(number * _INTERVALS_PER_UNIT + 0.5)


def _number_key(number: float) -> Hashable:
    return "number", 0.0 if abs(number) <= 1.0 else number


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _part_key(value: Value, depth: int) -> Hashable:
    """One key for everything that equals a value."""
    if isinstance(value, bool) or value is None:
        return "word", value
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(value, (int, float)):
        return _number_key(float(value))
    if depth == 0:
        return type(value).__name__
    if isinstance(value, (SetValue, DictValue, StructValue)):
        return _unordered_key(value, depth - 1)
    if isinstance(value, (ArrayValue, CollectionValue)):
        return type(value), _keys(value.items, depth - 1)
    if isinstance(value, TaggedValue):
        return value.enum, value.variant, _keys(value.payload, depth - 1)
    if isinstance(value, ResultValue):
        return value.variant, _keys(value.payload, depth - 1)
    return "identity", id(value)


def _keys(values: Iterable[Value], depth: int) -> Hashable:
    return tuple([_part_key(value, depth) for value in values])


def _unordered_key(value: SetValue | DictValue | StructValue, depth: int) -> Hashable:
    if isinstance(value, SetValue):
        return "set", frozenset(_part_key(item, depth) for item in value.items)
    name, entries = ("", value.entries) if isinstance(value, DictValue) else (value.name, value.fields)
    return "entries", name, frozenset((key, _part_key(item, depth)) for key, item in entries.items())
