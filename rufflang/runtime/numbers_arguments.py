"""Numbers as arguments of builtins: ints and floats, taken as either."""

from __future__ import annotations

from rufflang.lowpy import f64, function, i64
from rufflang.runtime.values import FLOAT, INT, Value, as_float


@function(inline=True)
def is_number(value: Value) -> bool:
    """Whether the value is an int or a float."""
    return value.tag == INT or value.tag == FLOAT


@function(inline=True)
def whole_number(value: Value) -> i64:
    """A number truncated toward zero and kept inside 64 bits; NaN is 0."""
    return value.payload if value.tag == INT else i64(as_float(value))


@function(inline=True)
def as_number(value: Value) -> f64:
    """A number as a double."""
    return f64(value.payload) if value.tag == INT else as_float(value)
