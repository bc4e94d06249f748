"""Comparing strings: whether they are equal, and which comes first.

Short ones are compared as whole words, which their places in memory allow (see `strings`), and without a call.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, external, function, i32, i64, offset, u8, u32, u64
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import WORD, as_string, text_words, without_rest
from rufflang.runtime.values import Value

SHORT = 64  # texts up to this size are compared word by word, without a call


@external("memcmp")
def compare_memory(a: Ptr[u8], b: Ptr[u8], size: i64) -> i32: ...


@function(inline=True)
def same_memory(a: Ptr[u8], b: Ptr[u8], size: i64) -> bool:
    """Whether so many bytes are the same in both places; few of them are compared without a call."""
    if size > WORD * 2:
        return compare_memory(a, b, size) == 0
    if size >= WORD:
        first = cast(Ptr[u64], a)[0] ^ cast(Ptr[u64], b)[0]
        rest = size - WORD
        return first | (cast(Ptr[u64], offset(a, rest))[0] ^ cast(Ptr[u64], offset(b, rest))[0]) == 0
    if size >= 4:
        start = cast(Ptr[u32], a)[0] ^ cast(Ptr[u32], b)[0]
        rest = size - 4
        return start | (cast(Ptr[u32], offset(a, rest))[0] ^ cast(Ptr[u32], offset(b, rest))[0]) == 0
    if size == 0:
        return True
    middle = size >> 1
    return a[0] == b[0] and a[middle] == b[middle] and a[size - 1] == b[size - 1]


@function(inline=True)
def same_bytes(a: StringObject, b: StringObject) -> bool:
    """Whether two strings of the same size have the same bytes."""
    size = a.byte_count
    if size > SHORT:
        return compare_memory(a.data, b.data, size) == 0
    left = text_words(a)
    right = text_words(b)
    last = (size - 1) >> 3
    for i in range(last):
        if left[i] != right[i]:
            return False
    return size == 0 or without_rest(left[last] ^ right[last], size) == 0


@function(inline=True)
def same_few_bytes(a: StringObject, b: StringObject) -> bool:
    """`same_bytes` for up to two words, without a loop."""
    size = a.byte_count
    different = text_words(a)[0] ^ text_words(b)[0]
    if size <= WORD:
        return size == 0 or without_rest(different, size) == 0
    last = cast(Ptr[u64], offset(a.data, size - WORD))[0] ^ cast(Ptr[u64], offset(b.data, size - WORD))[0]
    return different | last == 0


@function(inline=True)
def equal_beginnings(a: StringObject, b: StringObject) -> bool:
    """Whether the first eight bytes of two strings of the same size are the same, as far as they have them."""
    size = a.byte_count
    first = text_words(a)[0] ^ text_words(b)[0]
    if size < 8:
        return size == 0 or without_rest(first, size) == 0
    return first == 0


@function(inline=True)
def is_short_text(item: Value, size: i64, first: u64, second: u64, third: u64, last: u64) -> bool:
    """Whether a string is a certain one of up to four words.

    These are its `first` eight bytes, or fewer with zeros in front of them, and as far as it has more the ones
    behind them, and its `last` eight, which mostly tell it from others that begin alike.
    """
    text = as_string(item)
    words = text_words(text)
    if text.byte_count != size:
        return False
    if size <= WORD:
        return size == 0 or without_rest(words[0], size) == first
    if cast(Ptr[u64], offset(text.data, size - WORD))[0] != last or words[0] != first:
        return False
    return (size <= WORD * 2 or words[1] == second) and (size <= WORD * 3 or words[2] == third)


@function
def string_equal(a: StringObject, b: StringObject) -> bool:
    """Whether both have the same characters."""
    if a == b:
        return True
    return a.byte_count == b.byte_count and same_bytes(a, b)


@function
def string_compare(a: StringObject, b: StringObject) -> i64:
    """Negative, 0 or positive as a comes before, equals or follows b in code point order."""
    if a == b:
        return 0
    shorter = a.byte_count if a.byte_count < b.byte_count else b.byte_count
    order = i64(compare_memory(a.data, b.data, shorter))
    if order != 0:
        return order
    return a.byte_count - b.byte_count
