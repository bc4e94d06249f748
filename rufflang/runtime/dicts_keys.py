"""Keys of dicts: INT or STRING values, each key in one spelling.

A string that is the canonical text of an i64 is turned into that INT on the way in, and back into text
on the way out.  The text of a short one knows its number (`numerals`), so that this takes hardly any time.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64, u64
from rufflang.runtime.numbers import int_text
from rufflang.runtime.numerals import hashed_number
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import WORD, as_string, string_hash
from rufflang.runtime.values import INT, STRING, Value
from rufflang.runtime.vm import VM

_LONGEST_INT = 20  # characters of -9223372036854775808
_MINUS = 45
_ZERO = 48
_NINE = 57


@function(inline=True)
def is_key(value: Value) -> bool:
    """Whether the value may be used as a key."""
    return value.tag == STRING or value.tag == INT


@function(inline=True)
def normalise_key(vm: VM, key: Value) -> Value:
    """The form of a STRING or INT under which dicts store it: canonical decimals become INT."""
    if key.tag == STRING:
        number = hashed_number(as_string(key).aux)
        return Value(INT, number) if number >= 0 else normalise_text(vm, key)
    return key


@function(inline=True)
def normalise_text(vm: VM, key: Value) -> Value:
    """`normalise_key` of a STRING, made for one that is not known to be a short number."""
    text = as_string(key)
    if u64(text.byte_count - 1) < u64(_LONGEST_INT) and text.data[0] <= _NINE and text.data[0] >= _MINUS:
        return _normalise_numeric(key)
    return key


@function
def _normalise_numeric(key: Value) -> Value:
    text = as_string(key)
    size = text.byte_count
    if size <= WORD and text.data[0] != _MINUS:
        number = hashed_number(string_hash(text))
        return Value(INT, number) if number >= 0 else key
    start = 1 if text.data[0] == _MINUS else 0
    if size == start or size - start > 19 or (text.data[start] == _ZERO and size > 1):
        return key
    magnitude: u64 = 0
    for i in range(start, size):
        digit = u64(text.data[i]) - u64(_ZERO)
        if digit > 9:
            return key
        magnitude = magnitude * 10 + digit
    if magnitude > u64(0x7FFFFFFFFFFFFFFF) + u64(start):
        return key
    return Value(INT, -i64(magnitude) if start == 1 else i64(magnitude))


@function
def key_string(vm: VM, key: Value) -> StringObject:
    """The text of a stored key."""
    if key.tag == STRING:
        return as_string(key)
    return int_text(vm, key.payload)
