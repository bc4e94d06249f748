"""Strings put together of two: `a + b`.

What comes out long goes into a buffer with spare room, which the next string that begins with the same bytes may
take.  So a text that grows piece by piece is built in linear time wherever it is kept; where only one
variable has it, `strings_growing` needs no new string for each piece either.
"""

from __future__ import annotations

from rufflang.lowpy import cast, copy_memory, function, i64, offset, offset_of, size_of, u64
from rufflang.runtime.heap import LARGE, allocate, new_buffer
from rufflang.runtime.heap_growing import grow_buffer
from rufflang.runtime.objects import ASCII, BufferObject, StringObject
from rufflang.runtime.strings import GROWN, WORD, allocate_string, text_words
from rufflang.runtime.strings_words import are_words_kept, new_word, word_string
from rufflang.runtime.values import STRING
from rufflang.runtime.vm import VM

INLINE_LIMIT = 128  # sums up to this size are copied


@function
def _share_buffer(vm: VM, buffer: BufferObject, a: StringObject, b: StringObject) -> StringObject:
    text = cast(StringObject, allocate(vm, size_of(StringObject), STRING))
    text.byte_count = a.byte_count + b.byte_count
    text.char_count = a.char_count + b.char_count
    text.flags = (a.flags & b.flags & ASCII) | GROWN
    text.data = buffer.bytes
    return text


@function
def _concat_in_buffer(vm: VM, a: StringObject, b: StringObject, total: i64) -> StringObject:
    capacity = total + total
    if capacity > LARGE:
        capacity = total + (total >> 3)
    if (a.flags & GROWN) != 0:
        home = cast(BufferObject, offset(a.data, -offset_of(BufferObject, "bytes")))
        if home.used == a.byte_count and (total <= home.capacity or grow_buffer(vm, home.bytes, capacity)):
            copy_memory(offset(home.bytes, a.byte_count), b.data, b.byte_count)
            home.used = total
            return _share_buffer(vm, home, a, b)
    buffer = new_buffer(vm, capacity)
    copy_memory(buffer.bytes, a.data, a.byte_count)
    copy_memory(offset(buffer.bytes, a.byte_count), b.data, b.byte_count)
    buffer.used = total
    return _share_buffer(vm, buffer, a, b)


@function(inline=True)
def _concat_in_word(vm: VM, a: StringObject, b: StringObject, total: i64) -> StringObject:
    """Two strings, neither of them empty, whose bytes fit into one word."""
    shift = u64(a.byte_count) * 8
    unused = u64(WORD - total) * 8
    bits = (text_words(a)[0] & ((u64(1) << shift) - 1)) | text_words(b)[0] << shift
    if are_words_kept(vm):
        return word_string(vm, bits << unused >> unused, total, a.char_count + b.char_count)
    return new_word(vm, bits, total, a.char_count + b.char_count, 0)


@function
def concat_strings(vm: VM, a: StringObject, b: StringObject) -> StringObject:
    """a followed by b; large results need `string_fits` first.  Amortised linear for a growing a."""
    total = a.byte_count + b.byte_count
    if a.byte_count == 0:
        return b
    if b.byte_count == 0:
        return a
    if total <= WORD:
        return _concat_in_word(vm, a, b, total)
    if total > INLINE_LIMIT:
        return _concat_in_buffer(vm, a, b, total)
    text = allocate_string(vm, total)
    copy_memory(text.data, a.data, a.byte_count)
    copy_memory(offset(text.data, a.byte_count), b.data, b.byte_count)
    text.char_count = a.char_count + b.char_count
    text.flags = a.flags & b.flags & ASCII
    return text
