"""Truthiness: which values conditions take for false."""

from __future__ import annotations

from rufflang.lowpy import cast, function
from rufflang.runtime.objects import ArrayObject, DictObject, StringObject
from rufflang.runtime.values import ARRAY, BOOL, DICT, FLOAT, INT, NULL, STRING, Value, as_float


@function(inline=True)
def truthy(value: Value) -> bool:
    """Whether a condition takes the value for true."""
    tag = value.tag
    if tag == BOOL or tag == INT:
        return value.payload != 0
    if tag == NULL:
        return False
    return truthy_object(value)


@function
def truthy_object(value: Value) -> bool:
    """`truthy` of a value that is neither null, bool nor int."""
    tag = value.tag
    if tag == FLOAT:
        return as_float(value) != 0.0
    if tag == STRING:
        return cast(StringObject, value.payload).byte_count != 0
    if tag == ARRAY:
        return cast(ArrayObject, value.payload).length != 0
    if tag == DICT:
        return cast(DictObject, value.payload).count != 0
    return True
