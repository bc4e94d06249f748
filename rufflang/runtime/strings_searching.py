"""Finding a text in another."""

from __future__ import annotations

from rufflang.lowpy import Ptr, external, function, i64, is_null, offset, u8, word
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import compare_memory
from rufflang.runtime.strings_positions import character_index


@external("memmem")
def find_memory(haystack: Ptr[u8], size: i64, needle: Ptr[u8], needle_size: i64) -> Ptr[u8]: ...


@function
def find_bytes(text: StringObject, part: StringObject, start: i64) -> i64:
    """Byte position of the first `part` at or after byte `start`, or -1."""
    if part.byte_count > text.byte_count - start:
        return -1
    if part.byte_count == 0:
        return start
    found = find_memory(offset(text.data, start), text.byte_count - start, part.data, part.byte_count)
    if is_null(found):
        return -1
    return word(found) - word(text.data)


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
    return compare_memory(offset(text.data, position), part.data, part.byte_count) == 0
