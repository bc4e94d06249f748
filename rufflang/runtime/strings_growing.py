"""Strings under construction: `text := text + piece` in a loop without a new string for each round.

The compiler knows loops in which a variable is only ever appended to (`bytecode.growing`).  There the
variable may hold a *growing* string: a text builder with its number of characters known, which appending
changes in place.  Nothing but that one variable ever refers to it; behind the loop the compiler has it
completed, and from then on it is a string like any other.
"""

from __future__ import annotations

from rufflang.lowpy import cast, function, unlikely
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.objects import ASCII, StringObject
from rufflang.runtime.strings import GROWN, is_ascii, string_value
from rufflang.runtime.text_builder import (
    COPY_LIMIT,
    TextBuilder,
    builder_append_string,
    builder_copy,
    builder_give_back,
    builder_hand_over,
    builder_new,
    has_room_for_words,
    put_string,
)
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

GROWING = 4  # flag


@function(inline=True)
def is_growing(text: StringObject) -> bool:
    return (text.flags & GROWING) != 0


@function
def _begin(vm: VM, text: StringObject) -> TextBuilder:
    """A growing string with the characters of `text`."""
    builder = builder_new(vm)
    builder_append_string(vm, builder, text)
    builder.char_count = text.char_count
    builder.flags = GROWING | (text.flags & ASCII)
    return builder


@function
def growing(vm: VM, text: StringObject) -> TextBuilder:
    """The growing string that takes the place of `text`: itself, if it is one."""
    return cast(TextBuilder, text) if is_growing(text) else _begin(vm, text)


@function
def _append_slowly(vm: VM, text: StringObject, piece: StringObject) -> Value:
    total = text.byte_count + piece.byte_count
    if not text_room_for(vm, total):
        return raise_out_of_memory(vm)
    builder = growing(vm, text)
    builder_append_string(vm, builder, piece)
    if builder.byte_count != total:
        return raise_out_of_memory(vm)
    builder.char_count += piece.char_count
    if not is_ascii(piece):
        builder.flags = GROWING
    return string_value(builder)


@function(inline=True)
def append_string(vm: VM, text: StringObject, piece: StringObject) -> Value:
    """`text + piece`, where nothing else needs `text` any more if it is growing."""
    builder = cast(TextBuilder, text)
    if unlikely(not is_growing(text) or not has_room_for_words(builder, piece.byte_count)):
        return _append_slowly(vm, text, piece)
    put_string(builder, piece)
    text.char_count += piece.char_count
    if unlikely(not is_ascii(piece)):
        text.flags = GROWING
    return string_value(text)


@function(inline=True)
def note_characters(text: TextBuilder) -> None:
    """Notes of a growing string to which something was added whether all of it is ASCII."""
    if unlikely(text.char_count != text.byte_count):
        text.flags = GROWING


@function
def complete(vm: VM, text: StringObject) -> StringObject:
    """The finished string; a growing one is used up."""
    if not is_growing(text):
        return text
    builder = cast(TextBuilder, text)
    is_plain = text.flags & ASCII
    if text.byte_count > COPY_LIMIT:
        text.flags = is_plain | GROWN
        builder_hand_over(builder)
        return text
    finished = builder_copy(vm, builder)
    builder_give_back(vm, builder)
    return finished
