"""Built-in equality (`==` without operator methods).

Works through pairs on a list of its own, so that a chain of a million nested values
compares without deep recursion.
"""

from __future__ import annotations

import math

from rufflang.reference.sets import TOLERANCE, SetValue
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    EnumDefinition,
    FunctionValue,
    NativeFunction,
    ResultValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    Value,
)

_Pairs = list[tuple[Value, Value]]


def equal(left: Value, right: Value) -> bool:
    """Whether two values are equal; never fails."""
    pending: _Pairs = [(left, right)]
    while pending:
        inner = _compare(*pending.pop())
        if inner is None:
            return False
        pending.extend(inner)
    return True


def _compare(left: Value, right: Value) -> _Pairs | None:
    """None if unequal whatever is inside, else the inner pairs that must be equal too."""
    if isinstance(left, bool) or isinstance(right, bool):
        return [] if left is right else None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return [] if _numbers_equal(left, right) else None
    if type(left) is not type(right):
        return None
    if isinstance(left, ArrayValue) and isinstance(right, ArrayValue):
        return list(zip(left.items, right.items, strict=True)) if len(left) == len(right) else None
    if isinstance(left, DictValue) and isinstance(right, DictValue):
        return _entry_pairs(left.entries, right.entries)
    if isinstance(left, StructValue) and isinstance(right, StructValue):
        return _entry_pairs(left.fields, right.fields) if left.name == right.name else None
    if isinstance(left, TaggedValue) and isinstance(right, TaggedValue):
        same = (left.enum, left.variant, len(left.payload)) == (right.enum, right.variant, len(right.payload))
        return list(zip(left.payload, right.payload, strict=True)) if same else None
    if isinstance(left, ResultValue) and isinstance(right, ResultValue):
        return list(zip(left.payload, right.payload, strict=True)) if left.variant == right.variant else None
    if isinstance(left, SetValue) and isinstance(right, SetValue):
        same = left.length == right.length and all(place_of(right, item) >= 0 for item in left.items)
        return [] if same else None
    if isinstance(left, CollectionValue) and isinstance(right, CollectionValue):
        same_length = len(left.items) == len(right.items)
        return list(zip(left.items, right.items, strict=True)) if same_length else None
    if isinstance(left, (str, bytes, type(None))):
        return [] if left == right else None
    if isinstance(left, (FunctionValue, NativeFunction, StructDefinition, EnumDefinition)):
        return [] if left is right else None
    return None


def place_of(container: SetValue, wanted: Value) -> int:
    """Where the first element of a set is that equals a value, or -1."""
    return next((place for place in container.candidates(wanted) if equal(container.element(place), wanted)), -1)


def _numbers_equal(left: float, right: float) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    first, second = float(left), float(right)
    if math.isfinite(first) and math.isfinite(second):
        return abs(first - second) < TOLERANCE
    return first == second


def _entry_pairs(left: dict[str, Value], right: dict[str, Value]) -> _Pairs | None:
    if left.keys() != right.keys():
        return None
    return [(value, right[key]) for key, value in left.items()]
