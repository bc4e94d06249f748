"""Builtins between strings and arrays of strings: split, join, lines, words."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, count_trailing_zeros, function, i64, literal, offset, size_of, u8, u64, word
from rufflang.runtime.arrays import array_get, array_push, array_value, array_words, as_array, new_array, new_packed
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.display import append_display
from rufflang.runtime.errors import built_text, raise_literal, raise_named, raise_out_of_memory
from rufflang.runtime.heap import expect_cells, room_for, text_room_for
from rufflang.runtime.objects import ArrayObject, StringObject
from rufflang.runtime.strings import (
    FIRST_BEYOND_ASCII,
    WORD,
    allocate_string,
    as_string,
    character_size,
    decode_character,
    is_ascii,
    put_text,
    seal_counted,
    string_value,
    text_words,
)
from rufflang.runtime.strings_bytes import EACH_BYTE, LOW_BITS, count_byte, pattern_of, words_of, zero_bytes
from rufflang.runtime.strings_searching import find_bytes
from rufflang.runtime.strings_spaces import CARRIAGE_RETURN, SPACE, TAB, is_ascii_space, is_space, trimmed_start
from rufflang.runtime.strings_words import byte_slice
from rufflang.runtime.text_builder import builder_append_string, builder_new
from rufflang.runtime.values import ARRAY, STRING, Value
from rufflang.runtime.vm import VM

_REQUIRES_STRING = "() requires a string argument"
_LINE_FEED = 10


@function
def _push_slice(vm: VM, pieces: ArrayObject, text: StringObject, start: i64, end: i64) -> None:
    array_push(vm, pieces, string_value(byte_slice(vm, text, start, end)))


@function
def _characters(vm: VM, text: StringObject) -> ArrayObject:
    """Each character, between two empty strings."""
    pieces = new_array(vm, text.char_count + 2)
    array_push(vm, pieces, string_value(vm.empty_string))
    position = 0
    while position < text.byte_count:
        end = position + character_size(text.data[position])
        _push_slice(vm, pieces, text, position, end)
        position = end
    array_push(vm, pieces, string_value(vm.empty_string))
    return pieces


@function
def _expect_pieces(vm: VM, text: StringObject, count: i64) -> bool:
    """Whether there is room for so many pieces of a text; the collector is told that they are coming."""
    if not room_for(vm, count * 8):
        return False
    expect_cells(vm, count * (size_of(StringObject) + WORD * 2) + text.byte_count)
    return True


@function
def _split_at_byte(vm: VM, text: StringObject, byte: u8, are_lines: bool) -> Value:
    """The pieces between single bytes, or the lines ended by them: looked for eight at a time, and counted before."""
    separators = count_byte(text, byte)
    count = separators + 1
    if are_lines and (text.byte_count == 0 or text.data[text.byte_count - 1] == byte):
        count = separators
    if not _expect_pieces(vm, text, count):
        return raise_out_of_memory(vm)
    pieces = new_packed(vm, STRING, count)
    texts = array_words(pieces)
    words = text_words(text)
    pattern = pattern_of(byte)
    start = 0
    piece = 0
    for i in range(words_of(text)):
        found = zero_bytes(words[i] ^ pattern)
        while found != 0 and piece < separators:
            position = i * 8 + i64(count_trailing_zeros(found) >> 3)
            end = _line_end(text, start, position) if are_lines else position
            texts[piece] = word(byte_slice(vm, text, start, end))
            piece += 1
            start = position + 1
            found = found & (found - 1)
    if count > separators:
        texts[piece] = word(byte_slice(vm, text, start, text.byte_count))
    return array_value(pieces)


@function
def split_text(vm: VM, text: StringObject, delimiter: StringObject) -> Value:
    """The pieces of the text between delimiters; an empty delimiter stands everywhere."""
    if delimiter.byte_count == 0:
        return array_value(_characters(vm, text))
    if delimiter.byte_count == 1:
        return _split_at_byte(vm, text, delimiter.data[0], False)
    pieces = new_array(vm, 0)
    position = 0
    found = find_bytes(text, delimiter, 0)
    while found >= 0:
        _push_slice(vm, pieces, text, position, found)
        position = found + delimiter.byte_count
        found = find_bytes(text, delimiter, position)
    _push_slice(vm, pieces, text, position, text.byte_count)
    return array_value(pieces)


@builtin("split", 2, 2, arity="central")
@function
def builtin_split(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """split(s: string, delimiter: string) -> array

    The pieces between delimiters; an empty delimiter splits everywhere, also at both ends.
    """
    if arguments[0].tag != STRING or arguments[1].tag != STRING:
        return raise_literal(vm, literal("split() requires string and delimiter string arguments"))
    return split_text(vm, as_string(arguments[0]), as_string(arguments[1]))


@function
def _joined_size(items: ArrayObject, separator: StringObject) -> i64:
    """Bytes of the joined text if all items are strings, and known as such, else -1."""
    if items.flags != STRING or items.length == 0:
        return -1
    total = (items.length - 1) * separator.byte_count
    for i in range(items.length):
        total += as_string(array_get(items, i)).byte_count
    return total


@function
def _join_strings(vm: VM, items: ArrayObject, separator: StringObject, size: i64) -> Value:
    """Joins strings in one go: the result is made in its right size."""
    if not text_room_for(vm, size):
        return raise_out_of_memory(vm)
    result = allocate_string(vm, size)
    position = 0
    characters = (items.length - 1) * separator.char_count
    texts = array_words(items)
    for i in range(items.length):
        if i > 0:
            position = put_text(result, position, separator)
        item = cast(StringObject, texts[i])
        position = put_text(result, position, item)
        characters += item.char_count
    result.char_count = characters
    return string_value(seal_counted(result))


@builtin("join", 2, 2, arity="central")
@function
def builtin_join(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """join(xs: array, separator: string) -> string

    The display texts of the elements, with the separator between them.
    """
    if arguments[0].tag != ARRAY or arguments[1].tag != STRING:
        return raise_literal(vm, literal("join() requires array and separator string arguments"))
    items = as_array(arguments[0])
    separator = as_string(arguments[1])
    size = _joined_size(items, separator)
    if size >= 0:
        return _join_strings(vm, items, separator, size)
    builder = builder_new(vm)
    for i in range(items.length):
        if i > 0:
            builder_append_string(vm, builder, separator)
        append_display(vm, builder, array_get(items, i))
    return built_text(vm, builder)


@function
def _line_end(text: StringObject, start: i64, line_feed: i64) -> i64:
    """Where the line before a line feed ends: a carriage return belongs to the line's end."""
    if line_feed > start and text.data[line_feed - 1] == CARRIAGE_RETURN:
        return line_feed - 1
    return line_feed


@builtin("lines", 1, 1, arity="central")
@function
def builtin_lines(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    r"""lines(s: string) -> array

    The lines without their ends, which are \n or \r\n; no empty line behind the last end.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("lines"), literal(_REQUIRES_STRING))
    return _split_at_byte(vm, as_string(arguments[0]), u8(_LINE_FEED), True)


@function(inline=True)
def _space_bytes(word: u64) -> u64:
    """The highest bit of each byte that is white space, of bytes that are ASCII."""
    from_tab = word + u64(EACH_BYTE) * u64(FIRST_BEYOND_ASCII - TAB)
    behind_return = word + u64(EACH_BYTE) * u64(FIRST_BEYOND_ASCII - CARRIAGE_RETURN - 1)
    return (zero_bytes(word ^ u64(EACH_BYTE) * u64(SPACE)) | from_tab & ~behind_return) & ~u64(LOW_BITS)


@function
def _count_words(text: StringObject) -> i64:
    """The number of words in a text that is ASCII: of characters with white space or nothing before them."""
    count = 0
    before = True
    for i in range(text.byte_count):
        is_white = is_ascii_space(i64(text.data[i]))
        count += i64(before) & ~i64(is_white)
        before = is_white
    return count


@function
def _ascii_words(vm: VM, text: StringObject) -> Value:
    """The words of a text that is ASCII; white space is looked for in eight characters at a time."""
    count = _count_words(text)
    if not _expect_pieces(vm, text, count):
        return raise_out_of_memory(vm)
    pieces = new_packed(vm, STRING, count)
    texts = array_words(pieces)
    words = text_words(text)
    start = 0
    piece = 0
    for i in range(words_of(text)):
        found = _space_bytes(words[i])
        while found != 0 and piece < count:
            position = i * 8 + i64(count_trailing_zeros(found) >> 3)
            if position >= text.byte_count:
                break
            if position > start:
                texts[piece] = word(byte_slice(vm, text, start, position))
                piece += 1
            start = position + 1
            found = found & (found - 1)
    if piece < count:
        texts[piece] = word(byte_slice(vm, text, start, text.byte_count))
    return array_value(pieces)


@function
def _word_end(text: StringObject, start: i64) -> i64:
    position = start
    while position < text.byte_count and not is_space(decode_character(offset(text.data, position))):
        position += character_size(text.data[position])
    return position


@builtin("words", 1, 1, arity="central")
@function
def builtin_words(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """words(s: string) -> array

    The pieces between runs of white space.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("words"), literal(_REQUIRES_STRING))
    text = as_string(arguments[0])
    if is_ascii(text):
        return _ascii_words(vm, text)
    pieces = new_array(vm, 0)
    position = trimmed_start(text, 0)
    while position < text.byte_count:
        end = _word_end(text, position)
        _push_slice(vm, pieces, text, position, end)
        position = trimmed_start(text, end)
    return array_value(pieces)
