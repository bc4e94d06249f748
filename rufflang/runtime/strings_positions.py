"""Where the characters of a text are.

In an ASCII text character i is byte i.  In others it has to be looked for: of a long one there is a table of where
every 16th character starts, made when it is first asked for, so that a loop over the
indices of a text is linear.  The tables of a few texts are kept as long as the texts are in use.  A character near the
one that was found last is looked for from there.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, count_trailing_zeros, function, i64, likely, offset, population_count, u64, word
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.heap_layout import POSITION_TABLES, heap_of
from rufflang.runtime.objects import BufferObject, StringObject
from rufflang.runtime.strings import (
    HIGH_BITS,
    WORD,
    character_size,
    count_characters,
    count_starts,
    is_ascii,
)
from rufflang.runtime.strings_characters import character_string
from rufflang.runtime.strings_words import byte_slice
from rufflang.runtime.vm import VM

_STRIDE_SHIFT = 4
_STRIDE = 1 << _STRIDE_SHIFT
_LONG = 512  # bytes of a text that is worth a table
_NEAR = 8  # characters from the one found last


@function(inline=True)
def _starts_in_word(word: u64) -> u64:
    """The highest bit of each of eight bytes with which a character starts.

    Of those that go on, the highest bit is set and the next one is not.
    """
    return ~(word & ~word << 1) & u64(HIGH_BITS)


@function
def _walk(text: StringObject, start: i64, count: i64) -> i64:
    """Where the character starts that comes `count` characters behind the one at byte `start`."""
    data = text.data
    size = text.byte_count
    position = start
    left = count
    while left >= 64 and position + 64 <= size:
        starts = count_starts(offset(data, position), 64)
        if starts > left:
            break
        left -= starts
        position += 64
    while position + WORD <= size:
        starts_here = _starts_in_word(cast(Ptr[u64], offset(data, position))[0])
        starts = i64(population_count(starts_here))
        if starts > left:
            for _ in range(left):
                starts_here = starts_here & (starts_here - 1)
            return position + (i64(count_trailing_zeros(starts_here)) >> 3)
        left -= starts
        position += WORD
    while position < size and (data[position] & 0xC0) == 0x80:
        position += 1
    while left > 0 and position < size:
        position += character_size(data[position])
        left -= 1
    return position


@function
def _find(vm: VM, text: StringObject, index: i64) -> i64:
    """Where character `index` of a text that is not ASCII starts."""
    heap = heap_of(vm)
    slot = (word(text) >> 5) & (POSITION_TABLES - 1)
    distance = index - heap.found_indices[slot]
    position = heap.found_starts[slot]
    if heap.found_texts[slot] == text and distance < _NEAR and distance > -_NEAR:
        position = _step(text, position, distance)
    else:
        position = _find_anywhere(vm, text, index, slot)
    heap.found_texts[slot] = text
    heap.found_indices[slot] = index
    heap.found_starts[slot] = position
    return position


@function(inline=True)
def _step(text: StringObject, start: i64, distance: i64) -> i64:
    """`_walk` over a few characters, also backwards."""
    position = start
    for _ in range(distance):
        position += character_size(text.data[position])
    for _ in range(-distance):
        position -= 1
        while text.data[position] & 0xC0 == 0x80:
            position -= 1
    return position


@function
def _find_anywhere(vm: VM, text: StringObject, index: i64, slot: i64) -> i64:
    if index < _STRIDE or text.byte_count < _LONG:
        return _walk(text, 0, index)
    heap = heap_of(vm)
    table = heap.position_tables[slot]
    if heap.position_texts[slot] != text or heap.position_counts[slot] != text.char_count:
        table = _make_table(vm, text, slot)
    start = cast(Ptr[i64], table.bytes)[index >> _STRIDE_SHIFT]
    return _walk(text, start, index & (_STRIDE - 1))


@function(cold=True)
def _make_table(vm: VM, text: StringObject, slot: i64) -> BufferObject:
    entries = (text.char_count >> _STRIDE_SHIFT) + 1
    table = new_buffer(vm, entries * 8)
    starts = cast(Ptr[i64], table.bytes)
    position = 0
    for entry in range(entries):
        starts[entry] = position
        position = _walk(text, position, _STRIDE)
    heap = heap_of(vm)
    heap.position_texts[slot] = text
    heap.position_counts[slot] = text.char_count
    heap.position_tables[slot] = table
    return table


@function
def byte_offset(vm: VM, text: StringObject, index: i64) -> i64:
    """Where character `index` (0 … char_count) starts."""
    if is_ascii(text):
        return index
    if index >= text.char_count:
        return text.byte_count
    return _find(vm, text, index)


@function
def character_index(text: StringObject, position: i64) -> i64:
    """The index of the character that starts at byte `position`."""
    if is_ascii(text):
        return position
    return count_characters(text.data, position)


@function
def char_at(vm: VM, text: StringObject, index: i64) -> StringObject:
    """The one-character string at a valid index."""
    if likely(is_ascii(text)):
        return vm.ascii_strings[i64(text.data[index])]
    return character_string(vm, offset(text.data, _find(vm, text, index)))


@function
def substring(vm: VM, text: StringObject, start: i64, end: i64) -> StringObject:
    """The characters start … end - 1; bounds outside the text are moved to its ends."""
    first = start if start > 0 else 0
    last = end if end < text.char_count else text.char_count
    if first >= last:
        return vm.empty_string
    from_byte = byte_offset(vm, text, first)
    return byte_slice(vm, text, from_byte, byte_offset(vm, text, last))
