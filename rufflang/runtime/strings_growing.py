"""Strings under construction: `text := text + piece` in a loop without a new string for each round.

The compiler knows loops in which a variable is only ever appended to (`bytecode.growing`).  There the
variable may hold a *growing* string: a text builder with its number of characters known, which appending
changes in place.  Nothing but that one variable ever refers to it; behind the loop the compiler has it
completed, and from then on it is a string like any other.
"""

from __future__ import annotations

from rufflang.lowpy import cast, copy_memory, function, i64, likely, offset, unlikely
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.objects import ASCII, StringObject
from rufflang.runtime.strings import (
    GROWN,
    WORD,
    count_characters,
    is_ascii,
    new_counted_string,
    string_fits,
    string_value,
)
from rufflang.runtime.text_builder import (
    COPY_LIMIT,
    TextBuilder,
    builder_append_string,
    builder_capacity,
    builder_give_back,
    builder_hand_over,
    builder_new,
)
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

GROWING = 4  # flag
_TWO_WORDS = 16


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
    if not string_fits(vm, total):
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
    size = piece.byte_count
    total = text.byte_count + size
    if unlikely(not is_growing(text) or total + _TWO_WORDS > builder_capacity(cast(TextBuilder, text))):
        return _append_slowly(vm, text, piece)
    place = offset(text.data, text.byte_count)
    if likely(size <= _TWO_WORDS):
        # Whole words may be read and written: it is quicker than to ask how many bytes of them are needed.
        copy_memory(place, piece.data, WORD)
        if size > WORD:
            copy_memory(offset(place, WORD), offset(piece.data, WORD), WORD)
    else:
        copy_memory(place, piece.data, size)
    text.byte_count = total
    text.char_count += piece.char_count
    if unlikely(not is_ascii(piece)):
        text.flags = GROWING
    return string_value(text)


@function
def count_appended(builder: TextBuilder, before: i64) -> None:
    """Counts the characters that were put behind the first `before` bytes."""
    size = builder.byte_count - before
    characters = count_characters(offset(builder.data, before), size)
    builder.char_count += characters
    if characters != size:
        builder.flags = GROWING


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
    finished = new_counted_string(vm, text.data, text.byte_count, text.char_count)
    builder_give_back(vm, builder)
    return finished
