"""What builtins give that take an element out of a container: the container without it, and the element.

`pop(xs)` gives an array of these two.  As nearly every program takes that apart where it gets it
(`[xs, x] := pop(xs)`), such a builtin is a function that gives `Parts`.  TAKE_APART runs that; the builtin itself
puts the parts into an array.
"""

from __future__ import annotations

from rufflang.lowpy import Record, function, i64
from rufflang.runtime.arrays import array_of_two, array_value
from rufflang.runtime.values import ERROR, Value
from rufflang.runtime.vm import VM


class Parts(Record):
    """The rest of a container, and what was taken out of it."""

    raised = (ERROR, 0, 0, 0)

    rest_tag: i64
    rest_payload: i64
    taken_tag: i64
    taken_payload: i64


@function(inline=True)
def parts_of(rest: Value, taken: Value) -> Parts:
    """Two values as parts; the marks of both are left alone."""
    return Parts(rest.tag, rest.payload, taken.tag, taken.payload)


@function(inline=True)
def rest_of(parts: Parts) -> Value:
    """The first part; ERROR if an error is in flight."""
    return Value(parts.rest_tag, parts.rest_payload)


@function(inline=True)
def taken_of(parts: Parts) -> Value:
    """The second part."""
    return Value(parts.taken_tag, parts.taken_payload)


@function
def array_of_parts(vm: VM, parts: Parts) -> Value:
    """Both parts in an array, or ERROR."""
    rest = rest_of(parts)
    if rest.tag == ERROR:
        return rest
    return array_value(array_of_two(vm, rest, taken_of(parts)))
