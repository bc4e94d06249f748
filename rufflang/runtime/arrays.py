"""Arrays: elements in one block, stored as `arrays_storage` tells, or, if the array was made with a few, behind it.

An empty array takes the kind of the first element it gets; an element of another kind turns a packed array into
a GENERIC one.  `data` may point into the middle of its block, which is how elements are dropped at the front in
constant time.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, null, offset, size_of, u8, u32, u64, word
from rufflang.runtime.arrays_storage import (
    allocate_elements,
    clear_elements,
    element_kind,
    element_size,
    filled_block,
    grow_elements,
    release_elements,
    share_elements,
)
from rufflang.runtime.heap import allocate, allocate_unzeroed
from rufflang.runtime.heap_layout import LARGEST_SMALL
from rufflang.runtime.objects import GENERIC, ArrayObject, holds_objects
from rufflang.runtime.values import ARRAY, BOOL, UNBOUND, Value
from rufflang.runtime.vm import VM

_FIRST_CAPACITY = 4
_MOST_EXPECTED = 1 << 17  # larger ones have pages of their own, and mostly grow where they are
_DOUBLED_BYTES = 512  # arrays that are larger grow by half
_MOST_BEHIND = 128  # bytes of elements that an array is made with and has behind it; no view is that small


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
    """The payloads of the elements of a packed array, but for bools."""
    return cast(Ptr[i64], array.data)


@function
def new_array(vm: VM, length_capacity: i64) -> ArrayObject:
    """An empty array; its first block will have room for `length_capacity` elements."""
    array = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
    array.aux = u32(length_capacity if length_capacity < 1 << 20 else 1 << 20)
    return array


@function
def new_packed(vm: VM, kind: u8, length: i64) -> ArrayObject:
    """An array of `length` elements of a kind, all of which the caller sets at once."""
    array = _with_room(vm, kind, length * element_size(kind))
    array.length = length
    return array


@function(inline=True)
def _with_room(vm: VM, kind: u8, size: i64) -> ArrayObject:
    """An empty array with room for `size` bytes of elements, zeroed unless they are numbers."""
    if u64(size - 1) < u64(_MOST_BEHIND):
        if kind == GENERIC or holds_objects(kind):
            array = cast(ArrayObject, allocate(vm, size_of(ArrayObject) + size, ARRAY))
        else:
            array = cast(ArrayObject, allocate_unzeroed(vm, size_of(ArrayObject) + size, ARRAY))
            array.length = 0
        array.data = offset(array, size_of(ArrayObject))
    else:
        array = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
        array.data = allocate_elements(vm, kind, size)
    array.flags = kind
    array.capacity = size
    return array


@function(cold=True)
def array_to_fill(vm: VM, kind: u8, length: i64) -> ArrayObject:
    """`new_packed` for compiled code that is left."""
    return new_packed(vm, kind, length)


@function
def _common_kind(values: Ptr[Value], count: i64) -> u8:
    """The element kind for all of these values."""
    if count == 0:
        return GENERIC
    for i in range(1, count):
        if values[i].tag != values[0].tag:
            return GENERIC
    return element_kind(values[0].tag)


@function
def array_from_values(vm: VM, values: Ptr[Value], count: i64) -> ArrayObject:
    """An array of these values, packed if it can be; their marks are left alone."""
    kind = _common_kind(values, count)
    array = new_packed(vm, kind, count)
    if kind == GENERIC:
        copy_memory(array.data, cast(Ptr[u8], values), count * 16)
    else:
        _pack(kind, array.data, values, count)
    return array


@function
def _pack(kind: u8, data: Ptr[u8], values: Ptr[Value], count: i64) -> None:
    """Puts the payloads of values of one kind where they are elements."""
    if kind == BOOL:
        for i in range(count):
            data[i] = u8(values[i].payload)
    else:
        words = cast(Ptr[i64], data)
        for i in range(count):
            words[i] = values[i].payload


@function
def array_of_pieces(vm: VM, registers: Ptr[Value], count: i64) -> Value:
    """The array that compiled code returns in pieces, which stand where its frame begins."""
    # The collector finds them there.
    vm.frame = registers
    return array_value(array_from_values(vm, registers, count))


@function
def array_pack(vm: VM, array: ArrayObject) -> None:
    """Stores the elements of an unshared GENERIC array packed if they turn out to be all of one kind."""
    kind = _common_kind(array_items(array), array.length)
    if kind == GENERIC:
        return
    size = array.length * element_size(kind)
    data = allocate_elements(vm, kind, size)
    _pack(kind, data, array_items(array), array.length)
    array.flags = kind
    array.data = data
    array.capacity = size


@function
def array_of_two(vm: VM, first: Value, second: Value) -> ArrayObject:
    """An array of two values, whose marks are left alone."""
    kind = element_kind(first.tag) if first.tag == second.tag else u8(GENERIC)
    pair = new_packed(vm, kind, 2)
    array_set(vm, pair, 0, first)
    array_set(vm, pair, 1, second)
    return pair


@function(inline=True)
def array_get(array: ArrayObject, index: i64) -> Value:
    """Element `index`, which must be in range; a container is borrowed, not marked."""
    kind = array.flags
    if kind == GENERIC:
        return array_items(array)[index]
    if kind == BOOL:
        return Value(BOOL, i64(array.data[index]))
    return Value(i64(kind), array_words(array)[index])


@function(inline=True)
def array_object(array: ArrayObject, index: i64) -> Value:
    """`array_get` where the elements are objects of one kind."""
    return Value(i64(array.flags), array_words(array)[index])


@function(inline=True)
def array_set(vm: VM, array: ArrayObject, index: i64, value: Value) -> None:
    """Replaces element `index` (in range) of an unshared array."""
    kind = array.flags
    if kind == GENERIC:
        array_items(array)[index] = value
    elif i64(kind) == value.tag:
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
    grown = filled_block(array.flags, grown)
    # Small blocks neither grow where they are nor are given back at once.
    is_small = array.capacity <= LARGEST_SMALL >> 1
    if is_small or not grow_elements(vm, array.flags, array.data, grown):
        old = array.data
        data = allocate_elements(vm, array.flags, grown)
        copy_memory(data, old, used)
        array.data = data
        if not is_small:
            release_elements(vm, array.flags, old)
    array.capacity = grown


@function
def array_expect(vm: VM, array: ArrayObject, more: i64) -> None:
    """Makes room for elements that are about to be pushed, or, while their kind is not known, has the first make it."""
    if array.shared != 0:
        return
    more = more if more < _MOST_EXPECTED else _MOST_EXPECTED
    if array.length == 0 and array.capacity == 0:
        array.aux = u32(more)
    else:
        array_reserve(vm, array, array.length + more)


@function(inline=True)
def array_push(vm: VM, array: ArrayObject, value: Value) -> None:
    """Appends to an unshared array, in amortised constant time."""
    length = array.length
    kind = array.flags
    if i64(kind) == value.tag and (length + 1) * element_size(kind) <= array.capacity:
        put_packed(array, length, value)
        array.length = length + 1
    elif kind == GENERIC and length > 0 and (length + 1) * element_size(GENERIC) <= array.capacity:
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
        # So arrays that are alike have like headers, of which compiled code makes use.
        array.aux = 0
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
    copy = _with_room(vm, kind, (count + room) * size)
    copy.length = count
    if count > 0:
        source = offset(array.data, start * size)
        copy_memory(copy.data, source, count * size)
        share_elements(kind, source, count)
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
    share_elements(other.flags, other.data, count)
    array.length = length + count


@function
def array_truncate(array: ArrayObject, length: i64) -> None:
    """Drops elements at the end of an unshared array."""
    place = offset(array.data, length * element_size(array.flags))
    clear_elements(array.flags, place, array.length - length)
    array.length = length


@function
def array_drop_front(array: ArrayObject, count: i64) -> None:
    """Drops `count` elements at the front of an unshared array without moving the others."""
    size = count * element_size(array.flags)
    if count >= array.length:
        array_truncate(array, 0)
        return
    clear_elements(array.flags, array.data, count)
    array.data = offset(array.data, size)
    array.capacity -= size
    array.length -= count


@function(inline=True)
def _let_go(array: ArrayObject, index: i64) -> None:
    """Lets go of what an element holds that is about to be one no more."""
    kind = array.flags
    if kind == GENERIC:
        array_items(array)[index] = Value(UNBOUND, 0)
    elif holds_objects(kind):
        array_words(array)[index] = 0


@function(inline=True)
def array_take_last(array: ArrayObject) -> Value:
    """Takes the last element off an unshared array that has one."""
    last = array.length - 1
    taken = array_get(array, last)
    _let_go(array, last)
    array.length = last
    return taken


@function(inline=True)
def array_take_first(array: ArrayObject) -> Value:
    """Takes the first element off an unshared array that has one, without moving the others."""
    taken = array_get(array, 0)
    _let_go(array, 0)
    if array.length > 1:
        size = element_size(array.flags)
        array.data = offset(array.data, size)
        array.capacity -= size
    array.length -= 1
    return taken
