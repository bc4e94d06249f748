"""How Ruff values look inside the VM.

A value is two 64-bit words: a tag that names its kind and a payload.  Numbers live in
the payload itself (an int as it is, a float by its bits, a bool as 0 or 1); everything
else is a pointer to a heap object whose header names its layout.  Nothing is boxed, and
in compiled code the two words are two registers, one of which disappears when the
kind is known.
"""

from __future__ import annotations

from rufflang.lowpy import Record, bits_of, f64, float_from_bits, function, i64, u64

UNBOUND = 0  # no value: unbound variable, absent field, deleted dict entry
NULL = 1
BOOL = 2
INT = 3
FLOAT = 4
STRING = 5
ARRAY = 6  # ARRAY … STACK are the containers with value semantics
DICT = 7
STRUCT = 8
SET = 9
QUEUE = 10
STACK = 11
FUNCTION = 12
NATIVE = 13  # builtin function; the payload is its number
STRUCT_DEFINITION = 14
ENUM = 15
TAGGED = 16
RESULT = 17
OPTION = 18
CELL = 19
BYTES = 20
ITERATOR = 21
GENERATOR = 22
PROMISE = 23
TASK = 24
CHANNEL = 25
ERROR = 30  # an error is in flight; details are in the VM
EXIT = 31  # compiled loop code: go on interpreting; the payload is the program counter
PIECES = 32  # compiled function: an array is returned, whose elements stand where its frame begins

# Kinds of heap objects that are never values.
BUFFER = 40  # bytes, no pointers
VALUES = 41  # a buffer of values
POINTERS = 44  # a buffer of addresses of cells
ENTRIES = 45  # a buffer of entries of a dict
SAVED_STACK = 42
REACTION = 43


class Value(Record):
    """Any Ruff value."""

    raised = (ERROR, 0)

    tag: i64
    payload: i64


def tag_set(*tags: int) -> int:
    """A set of tags as the bits of a number, for `is_among`."""
    return sum(1 << tag for tag in tags)


@function(inline=True)
def is_among(tag: i64, tags: u64) -> bool:
    """Whether a tag is in a `tag_set`."""
    return (tags >> u64(tag & 63)) & u64(1) != 0


OBJECT_TAGS = tag_set(
    STRING, ARRAY, DICT, STRUCT, SET, QUEUE, STACK, FUNCTION, STRUCT_DEFINITION, ENUM, TAGGED, RESULT, OPTION,
    BYTES, ITERATOR, GENERATOR, PROMISE, TASK, CHANNEL,
)  # fmt: skip
"""Values whose payload is the address of a cell."""
MARKED_TAGS = tag_set(ARRAY, DICT, STRUCT, SET, QUEUE, STACK, TAGGED, RESULT, OPTION)


@function(inline=True)
def null_value() -> Value:
    return Value(NULL, 0)


@function(inline=True)
def unbound() -> Value:
    return Value(UNBOUND, 0)


@function(inline=True)
def int_value(number: i64) -> Value:
    return Value(INT, number)


@function(inline=True)
def bool_value(truth: bool) -> Value:
    return Value(BOOL, i64(truth))


@function(inline=True)
def float_value(number: f64) -> Value:
    return Value(FLOAT, bits_of(number))


@function(inline=True)
def as_float(value: Value) -> f64:
    """The double in a value known to be a float."""
    return float_from_bits(value.payload)


@function(inline=True)
def bears_mark(value: Value) -> bool:
    """Whether the value is a container, or one that holds others and is never written (result, option, tagged)."""
    return is_among(value.tag, u64(MARKED_TAGS))


@function(inline=True)
def is_container(value: Value) -> bool:
    """Whether the value is copied on write (array, dict, struct, set, queue, stack)."""
    return u64(value.tag - ARRAY) <= u64(STACK - ARRAY)
