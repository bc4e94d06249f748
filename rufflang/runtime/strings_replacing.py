"""Strings in which a part has been replaced wherever it stands."""

from __future__ import annotations

from rufflang.lowpy import copy_memory, count_trailing_zeros, function, i64, mul_overflow, offset, u8, u64
from rufflang.runtime.errors import built_text, raise_out_of_memory
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import (
    allocate_string,
    character_size,
    put_text,
    seal_counted,
    string_value,
    text_words,
)
from rufflang.runtime.strings_bytes import count_byte, pattern_of, words_of, zero_bytes
from rufflang.runtime.strings_searching import find_bytes
from rufflang.runtime.text_builder import builder_append, builder_append_string, builder_new
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM


@function
def replace_all(vm: VM, text: StringObject, old: StringObject, new: StringObject) -> Value:
    """The text with every `old` replaced; an empty `old` stands at each end and between characters."""
    if old.byte_count == 0:
        return _put_between_characters(vm, text, new)
    if old.byte_count == 1:
        return _replace_byte(vm, text, old.data[0], new)
    found = find_bytes(text, old, 0)
    if found < 0:
        return string_value(text)
    builder = builder_new(vm)
    position = 0
    while found >= 0:
        builder_append(vm, builder, offset(text.data, position), found - position)
        builder_append_string(vm, builder, new)
        position = found + old.byte_count
        found = find_bytes(text, old, position)
    builder_append(vm, builder, offset(text.data, position), text.byte_count - position)
    return built_text(vm, builder)


@function
def _put_between_characters(vm: VM, text: StringObject, new: StringObject) -> Value:
    builder = builder_new(vm)
    builder_append_string(vm, builder, new)
    position = 0
    while position < text.byte_count:
        unit = character_size(text.data[position])
        builder_append(vm, builder, offset(text.data, position), unit)
        builder_append_string(vm, builder, new)
        position += unit
    return built_text(vm, builder)


@function
def _replace_byte(vm: VM, text: StringObject, old: u8, new: StringObject) -> Value:
    """`replace_all` of an ASCII character: where it stands is counted before, so that the size is known."""
    count = count_byte(text, old)
    if count == 0:
        return string_value(text)
    added, overflowed = mul_overflow(count, new.byte_count - 1)
    size = text.byte_count + added
    if overflowed or not text_room_for(vm, size):
        return raise_out_of_memory(vm)
    if size == 0:
        return string_value(vm.empty_string)
    result = allocate_string(vm, size)
    if new.byte_count == 1:
        _exchange(result, text, old, new.data[0])
    else:
        _fill_in(result, text, old, new, count)
    if size == 1:
        return string_value(vm.ascii_strings[i64(result.data[0])])
    result.char_count = text.char_count + count * (new.char_count - 1)
    return string_value(seal_counted(result))


@function
def _exchange(result: StringObject, text: StringObject, old: u8, new: u8) -> None:
    """Writes the text with another byte in place of the old one."""
    source = text_words(text)
    target = text_words(result)
    pattern = pattern_of(old)
    for i in range(words_of(text)):
        # The high bit of each byte to change, moved to its lowest, times what both bytes differ by.
        target[i] = source[i] ^ (zero_bytes(source[i] ^ pattern) >> u64(7)) * u64(old ^ new)


@function
def _fill_in(result: StringObject, text: StringObject, old: u8, new: StringObject, count: i64) -> None:
    """Writes the text with another text in place of the old byte, which occurs so often."""
    words = text_words(text)
    pattern = pattern_of(old)
    start = 0
    end = 0
    left = count
    for i in range(words_of(text)):
        found = zero_bytes(words[i] ^ pattern)
        while found != 0 and left > 0:
            position = i * 8 + i64(count_trailing_zeros(found) >> 3)
            copy_memory(offset(result.data, end), offset(text.data, start), position - start)
            end = put_text(result, end + position - start, new)
            start = position + 1
            left -= 1
            found = found & (found - 1)
    copy_memory(offset(result.data, end), offset(text.data, start), text.byte_count - start)
