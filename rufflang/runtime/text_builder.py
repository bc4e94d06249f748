"""Growing texts: how every longer message, display text and builtin result is put together.

A builder is laid out like a string over a buffer, so that the collector needs to know
nothing new and finishing a long text copies nothing.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    f64,
    function,
    i64,
    likely,
    offset,
    offset_of,
    size_of,
    u8,
    u64,
    unlikely,
)
from rufflang.runtime.heap import allocate, new_buffer, text_room_for
from rufflang.runtime.heap_growing import grow_buffer, release_buffer
from rufflang.runtime.numbers import few_digits, int_text_size, write_int_text
from rufflang.runtime.numbers_floats import float_decimal, float_text_size, write_float_text
from rufflang.runtime.numerals import EIGHT_DIGITS
from rufflang.runtime.objects import BufferObject, StringObject
from rufflang.runtime.stopping import ask_to_stop
from rufflang.runtime.strings import (
    GROWN,
    WORD,
    allocate_string,
    new_counted_string,
    new_string,
    seal_counted,
    seal_string,
)
from rufflang.runtime.values import STRING
from rufflang.runtime.vm import SPARE_BUILDERS, STOP_CUT_OFF, VM

_FIRST_CAPACITY = 104
_TWO_WORDS = 16
_THREE_WORDS = 24
COPY_LIMIT = 1024  # finished texts up to this size are copied out of their buffer, to take no more than they need


class TextBuilder(StringObject):
    """`byte_count` bytes are written; `data` is the start of a BufferObject's bytes.

    `aux` is 1 once the memory limit cut the text off.  `char_count` is right only where all is added by those
    who count (`display.append_counted`, `strings_growing`): they know it of what they add, and bytes that were just
    written are better not looked at again.
    """


@function
def builder_new(vm: VM) -> TextBuilder:
    """An empty builder."""
    left = vm.spare_builder_count - 1
    if left >= 0:
        spare = vm.spare_builders[left]
        vm.spare_builder_count = left
        spare.byte_count = 0
        spare.char_count = 0
        return cast(TextBuilder, spare)
    builder = cast(TextBuilder, allocate(vm, size_of(TextBuilder), STRING))
    builder.data = new_buffer(vm, _FIRST_CAPACITY).bytes
    return builder


@function(inline=True)
def _buffer_of(builder: TextBuilder) -> BufferObject:
    return cast(BufferObject, offset(builder.data, -offset_of(BufferObject, "bytes")))


@function(inline=True)
def builder_capacity(builder: TextBuilder) -> i64:
    """How many bytes there is room for."""
    return _buffer_of(builder).capacity


@function(cold=True)
def _grow(vm: VM, builder: TextBuilder, needed: i64) -> bool:
    capacity = needed + needed
    if not text_room_for(vm, capacity):
        # Not less: room for a few bytes more would be used up, and all copied, again and again.
        capacity = needed + (needed >> 3)
        if not text_room_for(vm, capacity):
            builder.aux = 1
            ask_to_stop(vm, STOP_CUT_OFF)
            return False
    if not grow_buffer(vm, builder.data, capacity):
        old = builder.data
        buffer = new_buffer(vm, capacity)
        copy_memory(buffer.bytes, old, builder.byte_count)
        builder.data = buffer.bytes
        release_buffer(vm, old)
    return True


@function
def builder_reserve(vm: VM, builder: TextBuilder, size: i64) -> bool:
    """Makes room for `size` more bytes; False when the memory limit forbids it."""
    needed = builder.byte_count + size
    if unlikely(needed > builder_capacity(builder)):
        return builder.aux == 0 and _grow(vm, builder, needed)
    return True


@function
def builder_failed(builder: TextBuilder) -> bool:
    """Whether the memory limit cut the text off; the program is being stopped then."""
    return builder.aux != 0


@function
def builder_append(vm: VM, builder: TextBuilder, data: Ptr[u8], size: i64) -> None:
    """Adds bytes, which are valid UTF-8."""
    if builder_reserve(vm, builder, size):
        copy_memory(offset(builder.data, builder.byte_count), data, size)
        builder.byte_count = builder.byte_count + size


@function
def builder_append_byte(vm: VM, builder: TextBuilder, byte: u8) -> None:
    """Adds one ASCII character."""
    if builder_reserve(vm, builder, 1):
        builder.data[builder.byte_count] = byte
        builder.byte_count = builder.byte_count + 1


@function(inline=True)
def has_room_for_words(builder: TextBuilder, size: i64) -> bool:
    """Whether `put_string` may add so many bytes."""
    return builder.byte_count + size + _TWO_WORDS <= builder_capacity(builder)


@function(inline=True)
def put_string(builder: TextBuilder, text: StringObject) -> None:
    """Adds a string for which there is more than enough room."""
    size = text.byte_count
    place = offset(builder.data, builder.byte_count)
    if likely(size <= _TWO_WORDS):
        # Whole words may be read and written: it is quicker than to ask how many bytes of them are needed.
        copy_memory(place, text.data, WORD)
        if size > WORD:
            copy_memory(offset(place, WORD), offset(text.data, WORD), WORD)
    else:
        copy_memory(place, text.data, size)
    builder.byte_count += size


@function
def builder_append_string(vm: VM, builder: TextBuilder, text: StringObject) -> None:
    """Adds a string."""
    if likely(has_room_for_words(builder, text.byte_count)):
        put_string(builder, text)
    else:
        builder_append(vm, builder, text.data, text.byte_count)


@function
def builder_append_int(vm: VM, builder: TextBuilder, number: i64) -> None:
    """Adds the display text of an int."""
    place = offset(builder.data, builder.byte_count)
    if u64(number) < u64(EIGHT_DIGITS) and builder.byte_count + WORD <= builder_capacity(builder):
        digits = few_digits(u64(number))
        cast(Ptr[u64], place)[0] = digits.word
        builder.byte_count += digits.count
    else:
        _append_any_int(vm, builder, number)


@function
def _append_any_int(vm: VM, builder: TextBuilder, number: i64) -> None:
    size = int_text_size(number)
    if builder_reserve(vm, builder, size):
        write_int_text(offset(builder.data, builder.byte_count), number, size)
        builder.byte_count = builder.byte_count + size


@function
def builder_append_float(vm: VM, builder: TextBuilder, number: f64) -> None:
    """Adds the display text of a float."""
    decimal = float_decimal(number)
    size = float_text_size(number, decimal)
    if builder_reserve(vm, builder, size):
        write_float_text(offset(builder.data, builder.byte_count), number, decimal)
        builder.byte_count = builder.byte_count + size


@function(inline=True)
def builder_give_back(vm: VM, builder: TextBuilder) -> None:
    """Keeps a builder that is done for the next text: most are short, and one is made after the other."""
    spare = vm.spare_builder_count
    if builder.aux == 0 and spare < SPARE_BUILDERS:
        builder.flags = 0
        vm.spare_builders[spare] = builder
        vm.spare_builder_count = spare + 1


@function
def builder_hand_over(builder: TextBuilder) -> None:
    """Makes a string of the builder itself, apart from its flags and its number of characters."""
    _buffer_of(builder).used = builder.byte_count
    builder.aux = 0


@function
def builder_finish(vm: VM, builder: TextBuilder) -> StringObject:
    """The text as a string; the builder is used up."""
    if builder.byte_count <= COPY_LIMIT:
        text = new_string(vm, builder.data, builder.byte_count)
        builder_give_back(vm, builder)
        return text
    builder_hand_over(builder)
    builder.flags = GROWN
    return seal_string(builder)


@function
def builder_copy(vm: VM, builder: TextBuilder) -> StringObject:
    """A string with the text of a builder in which the characters are counted."""
    size = builder.byte_count
    if size <= 1 or size > _THREE_WORDS:
        return new_counted_string(vm, builder.data, size, builder.char_count)
    text = allocate_string(vm, size)
    # Whole words, as in `put_string`: cells have room for as many of them as the text needs.
    if size <= WORD:
        copy_memory(text.data, builder.data, WORD)
    elif size <= _TWO_WORDS:
        copy_memory(text.data, builder.data, _TWO_WORDS)
    else:
        copy_memory(text.data, builder.data, _THREE_WORDS)
    text.char_count = builder.char_count
    return seal_counted(text)


@function
def builder_finish_counted(vm: VM, builder: TextBuilder) -> StringObject:
    """`builder_finish` of a builder in which the characters are counted."""
    if builder.byte_count <= COPY_LIMIT:
        text = builder_copy(vm, builder)
        builder_give_back(vm, builder)
        return text
    builder_hand_over(builder)
    builder.flags = GROWN
    return seal_counted(builder)
