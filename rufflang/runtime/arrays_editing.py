"""Changing arrays as builtins do: in place when nobody else holds them, else in a copy.

A large part of a shared array is a *view*: an array that uses the same block.  Nobody writes
to that block any more, as both arrays are marked shared; whoever wants to write to one of them gets
a copy like everybody else.  Views keep loops linear that take elements off one by one.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, move_memory, offset, size_of, u8
from rufflang.runtime.arrays import (
    array_append_all,
    array_drop_front,
    array_get,
    array_items,
    array_pack,
    array_push,
    array_set,
    array_slice,
    array_truncate,
    array_value,
    array_words,
    as_array,
)
from rufflang.runtime.arrays_storage import block_room, element_size
from rufflang.runtime.equality import values_equal
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import allocate, room_for
from rufflang.runtime.objects import GENERIC, ArrayObject
from rufflang.runtime.sorting import BY_VALUE, sort_values
from rufflang.runtime.sorting_numbers import sort_floats, sort_ints
from rufflang.runtime.sorting_strings import sort_strings
from rufflang.runtime.stopping import WORK_STEPS, count_steps, work_stops
from rufflang.runtime.values import ARRAY, BOOL, FLOAT, INT, STRING, Value
from rufflang.runtime.vm import VM

_SMALLEST_VIEW = 256  # bytes; less is copied
_LARGEST_WASTE = 8  # a part may keep alive a block of so many times its size


@function
def owned_array(vm: VM, value: Value, room: i64) -> Value:
    """An array value itself if nobody else holds it, else a copy with room for more; ERROR without memory."""
    array = as_array(value)
    if array.shared == 0:
        return value
    if not room_for(vm, (array.length + room) * 16):
        return raise_out_of_memory(vm)
    return array_value(array_slice(vm, array, 0, array.length, room))


@function
def array_insert(vm: VM, array: ArrayObject, index: i64, value: Value) -> None:
    """Inserts before element `index` (0 … length) of an unshared array."""
    moved = array.length - index
    array_push(vm, array, value)
    if moved > 0:
        size = element_size(array.flags)
        move_memory(offset(array.data, (index + 1) * size), offset(array.data, index * size), moved * size)
        array_set(vm, array, index, value)


@function
def array_remove(array: ArrayObject, index: i64) -> None:
    """Removes element `index` of an unshared array; the first one in constant time."""
    if index == 0:
        array_drop_front(array, 1)
        return
    size = element_size(array.flags)
    moved = array.length - index - 1
    move_memory(offset(array.data, index * size), offset(array.data, (index + 1) * size), moved * size)
    array_truncate(array, array.length - 1)


@function
def _is_worth_a_view(vm: VM, array: ArrayObject, count: i64) -> bool:
    """Whether `count` elements are most of the array and not too little of its block to keep that alive."""
    if count * 2 < array.length and array.shared == 0:
        return False
    size = count * element_size(array.flags)
    if size < _SMALLEST_VIEW:
        return False
    return size * _LARGEST_WASTE >= block_room(vm, array.flags, array.data)


@function
def _view(vm: VM, kind: u8, data: Ptr[u8], count: i64) -> ArrayObject:
    """An array that uses `count` elements of somebody else's block."""
    view = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
    view.flags = kind
    view.shared = 1
    view.data = data
    view.capacity = count * element_size(kind)
    view.length = count
    return view


@function
def section_view(vm: VM, items: Ptr[Value], count: i64) -> ArrayObject:
    """A view of `count` values of a block."""
    return _view(vm, GENERIC, cast(Ptr[u8], items), count)


@function
def array_section(vm: VM, array: ArrayObject, start: i64, count: i64) -> Value:
    """`count` elements from `start` on as another array: a view or a copy; ERROR without memory."""
    size = element_size(array.flags)
    if _is_worth_a_view(vm, array, count):
        array.shared = 1
        return array_value(_view(vm, array.flags, offset(array.data, start * size), count))
    if not room_for(vm, count * size):
        return raise_out_of_memory(vm)
    return array_value(array_slice(vm, array, start, count, 0))


@function
def array_part(vm: VM, value: Value, start: i64, count: i64) -> Value:
    """`count` elements from `start` on of an array value, in place if worth it; ERROR without memory."""
    array = as_array(value)
    size = element_size(array.flags)
    if array.shared == 0 and (count * size * _LARGEST_WASTE >= array.capacity or array.capacity <= 256):
        array_truncate(array, start + count)
        array_drop_front(array, start)
        return value
    return array_section(vm, array, start, count)


@function
def array_joined(vm: VM, first: Value, second: Value) -> Value:
    """The elements of an array value, in place if nobody else holds it, and those of another."""
    added = as_array(second).length
    if not room_for(vm, (as_array(first).length + added) * 16):
        return raise_out_of_memory(vm)
    result = owned_array(vm, first, added)
    array_append_all(vm, as_array(result), as_array(second))
    return result


@function
def array_position(vm: VM, array: ArrayObject, wanted: Value) -> i64:
    """The index of the first element equal to `wanted`, or -1."""
    length = array.length
    if array.flags == INT and wanted.tag == INT:
        words = array_words(array)
        for i in range(length):
            if words[i] == wanted.payload:
                count_steps(vm, i)
                return i
        count_steps(vm, length)
        return -1
    for i in range(length):
        if i & (WORK_STEPS - 1) == WORK_STEPS - 1 and work_stops(vm):
            return -1
        if values_equal(vm, array_get(array, i), wanted):
            return i
    return -1


@function
def array_sort(vm: VM, array: ArrayObject) -> None:
    """Sorts an unshared array in place; callers ask the heap for 48 bytes an element first."""
    if array.flags == GENERIC:
        array_pack(vm, array)
    if array.flags == INT:
        sort_ints(vm, array_words(array), array.length)
    elif array.flags == FLOAT:
        sort_floats(vm, array_words(array), array.length)
    elif array.flags == STRING:
        sort_strings(vm, array_words(array), array.length)
    elif array.flags == GENERIC:
        sort_values(vm, array_items(array), array.length, BY_VALUE)


@function
def array_reverse(array: ArrayObject) -> None:
    """Turns an unshared array round."""
    length = array.length
    for i in range(length >> 1):
        other = length - 1 - i
        if array.flags == GENERIC:
            item = array_items(array)[i]
            array_items(array)[i] = array_items(array)[other]
            array_items(array)[other] = item
        elif array.flags == BOOL:
            truth = array.data[i]
            array.data[i] = array.data[other]
            array.data[other] = truth
        else:
            number = array_words(array)[i]
            array_words(array)[i] = array_words(array)[other]
            array_words(array)[other] = number
