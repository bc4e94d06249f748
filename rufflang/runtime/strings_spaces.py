"""White space as Unicode defines it (property White_Space), in UTF-8."""

from __future__ import annotations

from rufflang.lowpy import function, i64, offset, u64
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import character_size, decode_character

TAB = 9
CARRIAGE_RETURN = 13
SPACE = 32


@function(inline=True)
def is_ascii_space(code: i64) -> bool:
    """Whether an ASCII code is white space."""
    return code == SPACE or u64(code - TAB) <= CARRIAGE_RETURN - TAB


@function
def is_space(code: i64) -> bool:
    """Whether a code point is white space."""
    if code < 0x80:
        return is_ascii_space(code)
    if code == 0x85 or code == 0xA0 or code == 0x1680:
        return True
    if code >= 0x2000 and code <= 0x200A:
        return True
    return code == 0x2028 or code == 0x2029 or code == 0x202F or code == 0x205F or code == 0x3000


@function
def trimmed_start(text: StringObject, start: i64) -> i64:
    """Byte position of the first character from `start` on that is not white space."""
    position = start
    while position < text.byte_count:
        if not is_space(decode_character(offset(text.data, position))):
            break
        position += character_size(text.data[position])
    return position


@function
def trimmed_end(text: StringObject, start: i64) -> i64:
    """Byte position behind the last character, at `start` or later, that is not white space."""
    end = text.byte_count
    while end > start:
        last = end - 1
        while (text.data[last] & 0xC0) == 0x80:
            last -= 1
        if not is_space(decode_character(offset(text.data, last))):
            break
        end = last
    return end
