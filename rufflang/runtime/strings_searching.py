"""Finding a text in another."""

from __future__ import annotations

from rufflang.lowpy import Ptr, external, function, i32, i64, is_null, offset, u8, word
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings_comparing import SHORT, same_memory
from rufflang.runtime.strings_positions import character_index

_PATIENCE = 8  # attempts that may fail in any text
_DISTANCE = 16  # bytes from one to the next, from there on; a long part may be like the text for long


@external("memchr")
def find_byte(data: Ptr[u8], byte: i32, size: i64) -> Ptr[u8]: ...


@external("memmem")
def find_memory(haystack: Ptr[u8], size: i64, needle: Ptr[u8], needle_size: i64) -> Ptr[u8]: ...


@function
def find_bytes(text: StringObject, part: StringObject, start: i64) -> i64:
    """Byte position of the first `part` at or after byte `start`, or -1.

    Its first byte is looked for, which takes no preparation; where that is found too often to no avail, `memmem`
    goes on, which takes time in proportion to the text whatever is in it.
    """
    size = part.byte_count
    if size == 0 and start <= text.byte_count:
        return start
    last = text.byte_count - size
    position = start
    attempts = 0
    while position <= last:
        found = find_byte(offset(text.data, position), i32(part.data[0]), last - position + 1)
        if is_null(found) or same_memory(found, part.data, size):
            return _position_in(text, found)
        position = word(found) - word(text.data) + 1
        attempts += 1
        if attempts > _PATIENCE and (size > SHORT or position - start < attempts * _DISTANCE):
            rest = text.byte_count - position
            return _position_in(text, find_memory(offset(text.data, position), rest, part.data, size))
    return -1


@function(inline=True)
def _position_in(text: StringObject, found: Ptr[u8]) -> i64:
    return -1 if is_null(found) else word(found) - word(text.data)


@function
def string_contains(text: StringObject, part: StringObject) -> bool:
    """Whether `part` occurs in the text; the empty string occurs everywhere."""
    return find_bytes(text, part, 0) >= 0


@function
def string_index_of(text: StringObject, part: StringObject) -> i64:
    """Character index of the first `part`, or -1."""
    position = find_bytes(text, part, 0)
    return position if position < 0 else character_index(text, position)


@function
def matches_at(text: StringObject, part: StringObject, position: i64) -> bool:
    """Whether `part` stands at byte `position`, which may be negative or too far."""
    if position < 0 or part.byte_count > text.byte_count - position:
        return False
    return same_memory(offset(text.data, position), part.data, part.byte_count)
