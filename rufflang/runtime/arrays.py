"""Arrays: elements in one block, packed when all of them are ints, floats or bools.

`flags` of an array is its element kind.  An empty array takes the kind of the first element it
gets; an element of another kind turns a packed array into a GENERIC one.  `data` may
point into the middle of its block, which is how elements are dropped at the front in constant time.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    fill_memory,
    function,
    i64,
    null,
    offset,
    size_of,
    u8,
    u32,
    word,
)
from rufflang.runtime.heap import BUFFER_HEAD, VALUES_HEAD, allocate, cell_size_for, new_buffer, new_values
from rufflang.runtime.heap_growing import grow_buffer, grow_values, release_buffer, release_values
from rufflang.runtime.marking import share_all
from rufflang.runtime.objects import BOOLS, FLOATS, GENERIC, INTS, ArrayObject
from rufflang.runtime.values import ARRAY, BOOL, FLOAT, INT, Value
from rufflang.runtime.vm import VM

_FIRST_CAPACITY = 4
_DOUBLED_BYTES = 512  # arrays that are larger grow by half


@function(inline=True)
def as_array(value: Value) -> ArrayObject:
    """The object of a value known to be an array."""
    return cast(ArrayObject, value.payload)


@function(inline=True)
def array_value(array: ArrayObject) -> Value:
    return Value(ARRAY, word(array))


@function(inline=True)
def array_items(array: ArrayObject) -> Ptr[Value]:
    """The elements of a GENERIC array."""
    return cast(Ptr[Value], array.data)


@function(inline=True)
def array_words(array: ArrayObject) -> Ptr[i64]:
    """The elements of an INTS array, or the bits of those of a FLOATS array."""
    return cast(Ptr[i64], array.data)


@function(inline=True)
def element_size(kind: u8) -> i64:
    """Bytes of one element."""
    return 16 if kind == GENERIC else 1 if kind == BOOLS else 8


@function(inline=True)
def element_kind(tag: i64) -> u8:
    """The kind of an array whose elements all have this tag."""
    kind: u8 = GENERIC
    if tag == INT:
        kind = INTS
    elif tag == FLOAT:
        kind = FLOATS
    elif tag == BOOL:
        kind = BOOLS
    return kind


@function
def allocate_elements(vm: VM, kind: u8, size: i64) -> Ptr[u8]:
    """Room for `size` bytes of elements of this kind, zeroed for GENERIC ones; null for none."""
    if size == 0:
        return null(Ptr[u8])
    if kind == GENERIC:
        return cast(Ptr[u8], new_values(vm, i64((size + 15) >> 4)).items)
    return new_buffer(vm, size).bytes


@function
def new_array(vm: VM, length_capacity: i64) -> ArrayObject:
    """An empty array; its first block will have room for `length_capacity` elements."""
    array = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
    array.aux = u32(length_capacity if length_capacity < 1 << 20 else 1 << 20)
    return array


@function
def new_packed(vm: VM, kind: u8, length: i64) -> ArrayObject:
    """An array of `length` elements of a kind, all of which the caller sets at once."""
    array = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
    size = length * element_size(kind)
    array.flags = kind
    array.data = allocate_elements(vm, kind, size)
    array.capacity = size
    array.length = length
    return array


@function
def array_from_values(vm: VM, values: Ptr[Value], count: i64) -> ArrayObject:
    """An array of these values, packed if it can be; their marks are left alone."""
    kind: u8 = GENERIC
    if count > 0:
        tag = values[0].tag
        kind = element_kind(tag)
        for i in range(1, count):
            if values[i].tag != tag:
                kind = GENERIC
                break
    array = new_packed(vm, kind, count)
    if kind == GENERIC:
        copy_memory(array.data, cast(Ptr[u8], values), count * 16)
    elif kind == BOOLS:
        for i in range(count):
            array.data[i] = u8(values[i].payload)
    else:
        words = array_words(array)
        for i in range(count):
            words[i] = values[i].payload
    return array


@function(inline=True)
def array_get(array: ArrayObject, index: i64) -> Value:
    """Element `index`, which must be in range; a container is borrowed, not marked."""
    kind = array.flags
    if kind == INTS:
        return Value(INT, array_words(array)[index])
    if kind == GENERIC:
        return array_items(array)[index]
    if kind == FLOATS:
        return Value(FLOAT, array_words(array)[index])
    return Value(BOOL, i64(array.data[index]))


@function(inline=True)
def array_set(vm: VM, array: ArrayObject, index: i64, value: Value) -> None:
    """Replaces element `index` (in range) of an unshared array."""
    kind = array.flags
    if kind == GENERIC:
        array_items(array)[index] = value
    elif kind == element_kind(value.tag):
        put_packed(array, index, value)
    else:
        array_set_foreign(vm, array, index, value)


@function(inline=True)
def put_packed(array: ArrayObject, index: i64, value: Value) -> None:
    """Writes an element of a packed array's own kind."""
    if value.tag == BOOL:
        array.data[index] = u8(value.payload)
    else:
        array_words(array)[index] = value.payload


@function
def array_set_foreign(vm: VM, array: ArrayObject, index: i64, value: Value) -> None:
    """`array_set` for an element that a packed array cannot take."""
    array_widen(vm, array)
    array_items(array)[index] = value


@function
def array_widen(vm: VM, array: ArrayObject) -> None:
    """Makes a packed array GENERIC, with a little room to grow."""
    length = array.length
    capacity = length + (length >> 2) + _FIRST_CAPACITY
    data = allocate_elements(vm, GENERIC, capacity * 16)
    items = cast(Ptr[Value], data)
    for i in range(length):
        items[i] = array_get(array, i)
    array.flags = GENERIC
    array.data = data
    array.capacity = capacity * 16


@function(inline=True)
def _filled_block(kind: u8, size: i64) -> i64:
    """How many bytes of elements a block holds whose cell has room for `size` bytes of them."""
    head = i64(VALUES_HEAD) if kind == GENERIC else i64(BUFFER_HEAD)
    return cell_size_for(head + size) - head


@function
def _grow_elements(vm: VM, array: ArrayObject, size: i64) -> bool:
    """Makes room for `size` bytes of elements where they are, if that can be."""
    if array.flags == GENERIC:
        return grow_values(vm, array_items(array), (size + 15) >> 4)
    return grow_buffer(vm, array.data, size)


@function
def _release_elements(vm: VM, kind: u8, data: Ptr[u8]) -> None:
    """Gives back at once what an array that nobody else knows had its elements in, if that is large."""
    if kind == GENERIC:
        release_values(vm, cast(Ptr[Value], data))
    else:
        release_buffer(vm, data)


@function
def array_reserve(vm: VM, array: ArrayObject, length: i64) -> None:
    """Makes room for `length` elements of the array's present kind: twice as many as before, or half as many more."""
    size = element_size(array.flags)
    needed = length * size
    if needed <= array.capacity:
        return
    used = array.length * size
    grown = used + (used >> 1) if used > _DOUBLED_BYTES else used * 2
    if grown < needed:
        grown = needed
    grown = _filled_block(array.flags, grown)
    if not _grow_elements(vm, array, grown):
        old = array.data
        data = allocate_elements(vm, array.flags, grown)
        copy_memory(data, old, used)
        array.data = data
        _release_elements(vm, array.flags, old)
    array.capacity = grown


@function(inline=True)
def array_push(vm: VM, array: ArrayObject, value: Value) -> None:
    """Appends to an unshared array, in amortised constant time."""
    length = array.length
    kind = element_kind(value.tag)
    if kind != GENERIC and array.flags == kind and (length + 1) * element_size(kind) <= array.capacity:
        put_packed(array, length, value)
        array.length = length + 1
    elif array.flags == GENERIC and length > 0 and (length + 1) * element_size(GENERIC) <= array.capacity:
        array_items(array)[length] = value
        array.length = length + 1
    else:
        array_push_slowly(vm, array, value)


@function
def array_push_slowly(vm: VM, array: ArrayObject, value: Value) -> None:
    """`array_push` for whatever needs a new block, another kind, or is rare."""
    length = array.length
    kind = element_kind(value.tag)
    if length == 0 and kind != array.flags:
        array.flags = kind
        array.data = null(Ptr[u8])
        array.capacity = 0
    if array.flags != kind and array.flags != GENERIC:
        array_widen(vm, array)
    if (length + 1) * element_size(array.flags) > array.capacity:
        wanted = i64(array.aux)
        if length > 0 or wanted == 0:
            wanted = length + _FIRST_CAPACITY
        array_reserve(vm, array, wanted)
    array.length = length + 1
    array_set(vm, array, length, value)


@function
def array_clone(vm: VM, array: ArrayObject) -> ArrayObject:
    """An unshared copy; containers among the elements are marked, as both arrays hold them."""
    return array_slice(vm, array, 0, array.length, 0)


@function
def array_slice(vm: VM, array: ArrayObject, start: i64, count: i64, room: i64) -> ArrayObject:
    """A new array of `count` elements from `start` on, with room for `room` more."""
    kind = array.flags
    size = element_size(kind)
    copy = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
    copy.flags = kind
    copy.data = allocate_elements(vm, kind, (count + room) * size)
    copy.capacity = (count + room) * size
    copy.length = count
    if count > 0:
        source = offset(array.data, start * size)
        copy_memory(copy.data, source, count * size)
        if kind == GENERIC:
            share_all(cast(Ptr[Value], source), count)
    return copy


@function
def array_append_all(vm: VM, array: ArrayObject, other: ArrayObject) -> None:
    """Appends the elements of `other`, which may be the same array; they are marked."""
    count = other.length
    if count == 0:
        return
    if array.length == 0 and array.flags != other.flags:
        array.flags = other.flags
        array.data = null(Ptr[u8])
        array.capacity = 0
    if array.flags != other.flags and array.flags != GENERIC:
        array_widen(vm, array)
    length = array.length
    array_reserve(vm, array, length + count)
    if other.flags == array.flags:
        size = element_size(array.flags)
        copy_memory(offset(array.data, length * size), other.data, count * size)
    else:
        items = array_items(array)
        for i in range(count):
            items[length + i] = array_get(other, i)
    if other.flags == GENERIC:
        share_all(array_items(other), count)
    array.length = length + count


@function
def array_truncate(array: ArrayObject, length: i64) -> None:
    """Drops elements at the end of an unshared array."""
    if array.flags == GENERIC:
        dropped = array.length - length
        fill_memory(cast(Ptr[u8], element(array_items(array), length)), 0, dropped * 16)
    array.length = length


@function
def array_drop_front(array: ArrayObject, count: i64) -> None:
    """Drops `count` elements at the front of an unshared array without moving the others."""
    size = count * element_size(array.flags)
    if count >= array.length:
        array_truncate(array, 0)
        return
    if array.flags == GENERIC:
        fill_memory(array.data, 0, size)
    array.data = offset(array.data, size)
    array.capacity -= size
    array.length -= count
