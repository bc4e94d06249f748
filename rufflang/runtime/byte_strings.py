"""Bytes: immutable byte strings, laid out like strings, so hashing and comparing are those of strings.

`char_count` is the number of bytes.  A large part of a byte string uses the bytes of the
whole, so that a program may take a file apart piece by piece without copying it each time.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, offset, size_of, u8, unlikely, word
from rufflang.runtime.heap import LARGEST_TEXT, allocate
from rufflang.runtime.heap_system import end_out_of_memory
from rufflang.runtime.objects import StringObject
from rufflang.runtime.values import BYTES, Value
from rufflang.runtime.vm import VM

_SMALLEST_VIEW = 256  # less is copied
_LARGEST_WASTE = 8  # a part may keep alive bytes of so many times its size


@function(inline=True)
def as_bytes(value: Value) -> StringObject:
    """The object of a value known to be bytes."""
    return cast(StringObject, value.payload)


@function(inline=True)
def bytes_value(data: StringObject) -> Value:
    return Value(BYTES, word(data))


@function
def allocate_bytes(vm: VM, count: i64) -> StringObject:
    """So many bytes, which the caller sets at once; see `allocate_string` for how many may be."""
    if unlikely(count > LARGEST_TEXT):
        end_out_of_memory()
    made = cast(StringObject, allocate(vm, size_of(StringObject) + count, BYTES))
    made.byte_count = count
    made.char_count = count
    made.data = made.inline_bytes
    return made


@function
def new_bytes(vm: VM, data: Ptr[u8], count: i64) -> StringObject:
    """A copy of these bytes."""
    made = allocate_bytes(vm, count)
    copy_memory(made.data, data, count)
    return made


@function
def bytes_slice(vm: VM, whole: StringObject, start: i64, count: i64) -> StringObject:
    """`count` bytes from `start` on."""
    if count == whole.byte_count:
        return whole
    if count < _SMALLEST_VIEW or count * _LARGEST_WASTE < whole.byte_count:
        return new_bytes(vm, offset(whole.data, start), count)
    part = cast(StringObject, allocate(vm, size_of(StringObject), BYTES))
    part.byte_count = count
    part.char_count = count
    part.data = offset(whole.data, start)
    return part
