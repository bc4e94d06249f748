"""Upper and lower case: ASCII here, the rest of Unicode by the host's tables.

`VM.host_text` is a C function `StringObject* (VM*, i64 operation, StringObject*)`; the
operations are the constants of this module and of `builtins.output`.  The host makes the
result with the exported function `new_string`.
"""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, select, u8, u64, word
from rufflang.runtime.host_calls import call_host_for_object
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import HIGH_BITS, WORD, allocate_string, is_ascii, seal_ascii, text_words
from rufflang.runtime.vm import VM

UPPER = 0
LOWER = 1
CAPITALIZE = 2

_CASE_BIT = 0x20
_LETTERS = 26
_FIRST_UPPER = 65
_FIRST_LOWER = 97
_EACH_BYTE = 0x0101010101010101


@function(inline=True)
def lower_byte(byte: u8) -> u8:
    """The lower-case form of an ASCII character."""
    return select(byte - _FIRST_UPPER < _LETTERS, byte | _CASE_BIT, byte)


@function(inline=True)
def upper_byte(byte: u8) -> u8:
    """The upper-case form of an ASCII character."""
    return select(byte - _FIRST_LOWER < _LETTERS, byte & ~_CASE_BIT, byte)


@function(inline=True)
def _case_bits(word: u64, first: u64) -> u64:
    """The bit by which cases differ in each byte of a word of ASCII that is a letter, from `first` on.

    A byte of at least n gets its highest bit when 128 - n is added to it, and no carry leaves it.
    """
    reach_first = word + u64(_EACH_BYTE) * (u64(128) - first)
    go_beyond = word + u64(_EACH_BYTE) * (u64(128 - _LETTERS) - first)
    return ((reach_first ^ go_beyond) & u64(HIGH_BITS)) >> u64(2)


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
    if size == 1:
        byte = text.data[0]
        return vm.ascii_strings[i64(lower_byte(byte) if operation == LOWER else upper_byte(byte))]
    result = allocate_string(vm, size)
    source = text_words(text)
    target = text_words(result)
    if operation == UPPER:
        for i in range((size + WORD - 1) >> 3):
            target[i] = source[i] ^ _case_bits(source[i], u64(_FIRST_LOWER))
    else:
        for i in range((size + WORD - 1) >> 3):
            target[i] = source[i] | _case_bits(source[i], u64(_FIRST_UPPER))
        if operation == CAPITALIZE:
            result.data[0] = upper_byte(text.data[0])
    return seal_ascii(result)
