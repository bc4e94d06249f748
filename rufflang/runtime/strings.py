"""Strings: immutable UTF-8 with the number of characters known.

The characters of a string lie behind its object, or at the start of a BufferObject whose
spare room the next concatenation may take (flag GROWN, see `strings_adding`); no string ever sees
bytes behind its own end.  Both places are aligned to eight bytes and end at a multiple of
eight, and the empty string has a word, too, so that short strings are compared, hashed and copied as whole words.
Characters of an ASCII string are found in constant time, those of other strings by counting.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    function,
    i64,
    is_null,
    likely,
    multiply_high,
    offset,
    size_of,
    u8,
    u32,
    u64,
    unlikely,
    word,
)
from rufflang.runtime.heap import LARGEST_TEXT, allocate_unzeroed
from rufflang.runtime.heap_system import end_out_of_memory
from rufflang.runtime.numerals import hash_of_other, number_in_word, numeral_hash
from rufflang.runtime.objects import ASCII, StringObject
from rufflang.runtime.values import STRING, Value
from rufflang.runtime.vm import VM

GROWN = 2  # flag: the bytes are at the start of a BufferObject's room
WORD = 8
FIRST_BEYOND_ASCII = 0x80  # among bytes and code points
HIGH_BITS = 0x8080808080808080  # of the bytes of a word: set beyond ASCII

_HASH_FACTOR = 0x9E3779B97F4A7C15
_HASH_START = 0xA0761D6478BD642F


@function(inline=True)
def string_value(text: StringObject) -> Value:
    return Value(STRING, word(text))


@function(inline=True)
def as_string(value: Value) -> StringObject:
    """The string in a value known to be one."""
    return cast(StringObject, value.payload)


@function(inline=True)
def is_ascii(text: StringObject) -> bool:
    return (text.flags & ASCII) != 0


# ------------------------------------------------------------------------ making strings


@function(inline=True)
def allocate_word(vm: VM) -> StringObject:
    """A string of up to eight bytes; the caller sets its size, number of characters and flags."""
    text = cast(StringObject, allocate_unzeroed(vm, size_of(StringObject) + WORD, STRING))
    text.data = text.inline_bytes
    return text


@function
def allocate_string(vm: VM, byte_count: i64) -> StringObject:
    """A string whose bytes the caller fills in before it calls a `seal_` function.

    Ends the process if it would be longer than a string can be, which programs are told before (`text_room_for`).
    """
    if unlikely(byte_count > LARGEST_TEXT):
        end_out_of_memory()
    room = byte_count if byte_count > 0 else i64(WORD)
    text = cast(StringObject, allocate_unzeroed(vm, size_of(StringObject) + room, STRING))
    text.byte_count = byte_count
    text.char_count = 0
    text.data = text.inline_bytes
    return text


@function(inline=True)
def _high_bits_of_few(data: Ptr[u8], size: i64) -> u64:
    """What is not zero if one of at most seven bytes is not ASCII."""
    if size >= 4:
        first = cast(Ptr[u32], data)[0]
        return u64(first | cast(Ptr[u32], offset(data, size - 4))[0]) & u64(HIGH_BITS)
    if size == 0:
        return 0
    return u64(data[0] | data[size >> 1] | data[size - 1]) & u64(HIGH_BITS)


@function
def is_ascii_text(data: Ptr[u8], size: i64) -> bool:
    """Whether all bytes are ASCII: eight at a time, the last ones once more where they do not come out even."""
    if size < 8:
        return _high_bits_of_few(data, size) == 0
    position = 0
    while position + 8 <= size:
        if cast(Ptr[u64], offset(data, position))[0] & u64(HIGH_BITS) != 0:
            return False
        position += 8
    return cast(Ptr[u64], offset(data, size - 8))[0] & u64(HIGH_BITS) == 0


@function
def count_starts(data: Ptr[u8], byte_count: i64) -> i64:
    """How many characters start in these bytes."""
    count = 0
    for i in range(byte_count):
        count += i64((data[i] & 0xC0) != 0x80)
    return count


@function(inline=True)
def count_characters(data: Ptr[u8], byte_count: i64) -> i64:
    """Number of characters in valid UTF-8: bytes that do not continue one."""
    if likely(is_ascii_text(data, byte_count)):
        return byte_count
    return count_starts(data, byte_count)


@function(inline=True)
def seal_ascii(text: StringObject) -> StringObject:
    """Completes a string whose bytes are known to be ASCII."""
    text.char_count = text.byte_count
    text.flags = text.flags | ASCII
    return text


@function(inline=True)
def seal_counted(text: StringObject) -> StringObject:
    """Completes a string whose bytes are in place and whose characters are counted."""
    if text.char_count == text.byte_count:
        text.flags = text.flags | ASCII
    return text


@function
def seal_string(text: StringObject) -> StringObject:
    """Completes a string whose bytes are in place."""
    count = count_characters(text.data, text.byte_count)
    text.char_count = count
    if count == text.byte_count:
        text.flags = text.flags | ASCII
    return text


@function
def new_string(vm: VM, data: Ptr[u8], byte_count: i64) -> StringObject:
    """A string of these bytes, copied; they are valid UTF-8."""
    if byte_count <= 1:
        shared = vm.empty_string
        if byte_count == 1:
            shared = vm.ascii_strings[i64(data[0])]
        if likely(not is_null(shared)):
            return shared
    text = allocate_string(vm, byte_count)
    copy_memory(text.data, data, byte_count)
    return seal_string(text)


@function
def new_counted_string(vm: VM, data: Ptr[u8], byte_count: i64, char_count: i64) -> StringObject:
    """`new_string` for bytes that are known to be so many characters."""
    if byte_count <= 1:
        return new_string(vm, data, byte_count)
    text = allocate_string(vm, byte_count)
    copy_memory(text.data, data, byte_count)
    text.char_count = char_count
    return seal_counted(text)


@function(inline=True)
def new_ascii_string(vm: VM, data: Ptr[u8], byte_count: i64) -> StringObject:
    """`new_string` for bytes known to be ASCII."""
    return new_counted_string(vm, data, byte_count, byte_count)


@function(inline=True)
def text_words(text: StringObject) -> Ptr[u64]:
    """The bytes as words.  The last one, also the first one, may be read as a whole: cells have room for that."""
    return cast(Ptr[u64], text.data)


@function(inline=True)
def put_text(result: StringObject, position: i64, text: StringObject) -> i64:
    """Copies a text into one that is being made; gives the position behind it.

    Short ones are copied as whole words, where what is written too much is still within the result.
    """
    size = text.byte_count
    place = offset(result.data, position)
    if size <= WORD * 2 and position + WORD * 2 <= result.byte_count:
        copy_memory(place, text.data, WORD)
        if size > WORD:
            copy_memory(offset(place, WORD), offset(text.data, WORD), WORD)
    else:
        copy_memory(place, text.data, size)
    return position + size


# ------------------------------------------------------------------------------- hashing


@function(inline=True)
def without_rest(last: u64, byte_count: i64) -> u64:
    """The last word of a text that is not empty, with zeros in place of what stands behind the text."""
    return last << (u64(0 - byte_count) & 7) * 8


@function(inline=True)
def _mix(a: u64, b: u64) -> u64:
    return (a * b) ^ multiply_high(a, b)


@function(inline=True)
def _finished_hash(state: u64, tail: u64) -> u32:
    """The hash of a text that is no short number, whose last word is `tail`."""
    mixed = _mix(state ^ tail, u64(_HASH_FACTOR))
    return hash_of_other(u32(mixed ^ (mixed >> 29)))


@function(inline=True)
def hash_of_word(tail: u64, size: i64) -> u32:
    """The hash of a text of 1 to 8 bytes, given with zeros in front of them."""
    number = number_in_word(tail, size)
    if number >= 0:
        return numeral_hash(u64(number))
    return _finished_hash(u64(size) ^ u64(_HASH_START), tail)


@function
def _hash_of_bytes(text: StringObject) -> u32:
    words = text_words(text)
    size = text.byte_count
    state = u64(size) ^ u64(_HASH_START)
    if size == 0:
        return _finished_hash(state, 0)
    # Bytes may be a view of others, behind which not even the rest of a word belongs to the cell.
    if size <= WORD:
        return hash_of_word(without_rest(words[0], size), size)
    for i in range((size - 1) >> 3):
        state = _mix(state ^ words[i], u64(_HASH_FACTOR))
    return _finished_hash(state, cast(Ptr[u64], offset(text.data, size - WORD))[0])


@function
def _compute_hash(text: StringObject) -> u32:
    hashed = _hash_of_bytes(text)
    text.aux = hashed
    return hashed


@function(inline=True)
def string_hash(text: StringObject) -> u32:
    """Hash of the characters, never 0; computed once a string."""
    known = text.aux
    if likely(known != 0):
        return known
    return _compute_hash(text)


@function(inline=True)
def long_string_hash(text: StringObject) -> u64:
    """The same, spread over 64 bits."""
    return u64(string_hash(text)) * u64(_HASH_FACTOR)


# -------------------------------------------------------------------------- characters


@function(inline=True)
def character_size(first: u8) -> i64:
    """Bytes of the UTF-8 character that starts with this byte."""
    if first < FIRST_BEYOND_ASCII:
        return 1
    if first < 0xE0:
        return 2
    return 3 if first < 0xF0 else 4


@function
def decode_character(data: Ptr[u8]) -> i64:
    """The code point at `data`."""
    first = i64(data[0])
    if first < FIRST_BEYOND_ASCII:
        return first
    if first < 0xE0:
        return (first & 0x1F) << 6 | (i64(data[1]) & 0x3F)
    if first < 0xF0:
        return (first & 0x0F) << 12 | (i64(data[1]) & 0x3F) << 6 | (i64(data[2]) & 0x3F)
    tail = (i64(data[1]) & 0x3F) << 12 | (i64(data[2]) & 0x3F) << 6 | (i64(data[3]) & 0x3F)
    return (first & 0x07) << 18 | tail


# ----------------------------------------------------------------------------- startup


@function
def set_up_strings(vm: VM) -> None:
    """Makes the strings that always exist: the empty one and each ASCII character."""
    vm.empty_string = seal_ascii(allocate_string(vm, 0))
    for code in range(128):
        text = allocate_string(vm, 1)
        text.data[0] = u8(code)
        string_hash(text)
        vm.ascii_strings[code] = seal_ascii(text)
