"""Upper and lower case: ASCII here, the rest of Unicode by the host's tables.

`VM.host_text` is a C function `StringObject* (VM*, i64 operation, StringObject*)`; the
operations are the constants of this module and of `builtins.output`.  The host makes the
result with the exported function `new_string`.
"""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, select, u8, word
from rufflang.runtime.host_calls import call_host_for_object
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import allocate_string, is_ascii, seal_ascii
from rufflang.runtime.vm import VM

UPPER = 0
LOWER = 1
CAPITALIZE = 2

_CASE_BIT = 0x20
_LETTERS = 26
_FIRST_UPPER = 65
_FIRST_LOWER = 97


@function(inline=True)
def lower_byte(byte: u8) -> u8:
    """The lower-case form of an ASCII character."""
    return select(byte - _FIRST_UPPER < _LETTERS, byte | _CASE_BIT, byte)


@function(inline=True)
def upper_byte(byte: u8) -> u8:
    """The upper-case form of an ASCII character."""
    return select(byte - _FIRST_LOWER < _LETTERS, byte & ~_CASE_BIT, byte)


@function
def change_case(vm: VM, text: StringObject, operation: i64) -> StringObject:
    """The text in upper case, in lower case, or capitalised."""
    if not is_ascii(text):
        mapped: StringObject = cast(
            StringObject, call_host_for_object(vm, vm.host_text, operation, word(text), 0)
        )
        return mapped
    size = text.byte_count
    if size == 0:
        return text
    result = allocate_string(vm, size)
    source = text.data
    target = result.data
    if operation == UPPER:
        for i in range(size):
            target[i] = upper_byte(source[i])
    else:
        for i in range(size):
            target[i] = lower_byte(source[i])
        if operation == CAPITALIZE:
            target[0] = upper_byte(source[0])
    return seal_ascii(result)
