"""Strings made of others: repeated, padded, reversed."""

from __future__ import annotations

from rufflang.lowpy import copy_memory, function, i64, mul_overflow, offset, u64
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.objects import StringObject
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.strings import allocate_string, character_size, is_ascii, seal_ascii, seal_string, string_value
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

_HALF_OF_ALL = 1 << 62

_MOST_AT_ONCE = 1 << 16
"""Bytes that are copied between two looks whether the program is to stop; they stay in the processor's cache."""


@function
def _seal_like(text: StringObject, model: StringObject) -> StringObject:
    if is_ascii(model):
        return seal_ascii(text)
    return seal_string(text)


@function
def repeat_text(vm: VM, text: StringObject, count: i64) -> Value:
    """The text `count` times over."""
    if count <= 0 or text.byte_count == 0:
        return string_value(vm.empty_string)
    size, overflowed = mul_overflow(text.byte_count, count)
    if overflowed or not text_room_for(vm, size):
        return raise_out_of_memory(vm)
    result = allocate_string(vm, size)
    copy_memory(result.data, text.data, text.byte_count)
    most = text.byte_count
    if most < _MOST_AT_ONCE:
        most = i64(u64(_MOST_AT_ONCE) // u64(most)) * most
    done = text.byte_count
    while done < size:
        if work_stops(vm):
            return string_value(vm.empty_string)
        step = done if done < size - done else size - done
        if step > most:
            step = most
        copy_memory(offset(result.data, done), result.data, step)
        done += step
    return string_value(_seal_like(result, text))


@function
def pad_text(vm: VM, text: StringObject, width: i64, pad: StringObject, at_start: bool) -> Value:
    """The text filled up to `width` characters with the first character of `pad`, or with spaces."""
    missing = width - text.char_count
    if missing <= 0:
        return string_value(text)
    source = pad
    if pad.byte_count == 0:
        source = vm.ascii_strings[32]
    unit = character_size(source.data[0])
    if missing > _HALF_OF_ALL >> 3 or not text_room_for(vm, missing * unit + text.byte_count):
        return raise_out_of_memory(vm)
    padding = missing * unit
    result = allocate_string(vm, padding + text.byte_count)
    target = result.data
    if not at_start:
        target = offset(target, text.byte_count)
    for i in range(missing):
        if i & (WORK_STEPS - 1) == WORK_STEPS - 1 and work_stops(vm):
            return string_value(vm.empty_string)
        copy_memory(offset(target, i * unit), source.data, unit)
    copy_memory(offset(result.data, padding if at_start else 0), text.data, text.byte_count)
    return string_value(seal_string(result))


@function
def reverse_text(vm: VM, text: StringObject) -> Value:
    """The characters in reverse order."""
    size = text.byte_count
    if text.char_count <= 1:
        return string_value(text)
    if not text_room_for(vm, size):
        return raise_out_of_memory(vm)
    result = allocate_string(vm, size)
    source = text.data
    target = result.data
    if is_ascii(text):
        for i in range(size):
            target[size - 1 - i] = source[i]
        return string_value(seal_ascii(result))
    position = 0
    while position < size:
        unit = character_size(text.data[position])
        copy_memory(offset(result.data, size - position - unit), offset(text.data, position), unit)
        position += unit
    return string_value(seal_string(result))
