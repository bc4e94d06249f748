"""Builtins on arrays: changing one, taking parts of one."""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, f64, function, i64, literal, u8
from rufflang.runtime.arrays import (
    array_from_values,
    array_get,
    array_push,
    array_slice,
    array_take_last,
    array_value,
    as_array,
    new_array,
)
from rufflang.runtime.arrays_editing import (
    array_insert,
    array_joined,
    array_part,
    array_remove,
    array_reverse,
    array_section,
    array_sort,
    owned_array,
)
from rufflang.runtime.builtins.parts import Parts, array_of_parts, parts_of
from rufflang.runtime.builtins.registry import KEEPS_ALL, builtin
from rufflang.runtime.byte_strings import as_bytes, bytes_slice, bytes_value
from rufflang.runtime.errors import (
    append_literal,
    raise_built,
    raise_literal,
    raise_named,
    raise_out_of_memory,
)
from rufflang.runtime.heap import room_for
from rufflang.runtime.marking import share
from rufflang.runtime.numbers_arguments import is_number, whole_number
from rufflang.runtime.objects import ArrayObject
from rufflang.runtime.ranges import array_of_range
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ARRAY, BYTES, ERROR, Value, int_value
from rufflang.runtime.vm import VM


@builtin("array", keeps=KEEPS_ALL)
@function
def builtin_array(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """array(...values: any) -> array

    An array of the arguments.
    """
    return array_value(array_from_values(vm, arguments, count))


@builtin("range")
@function
def builtin_range(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """range(start: number = 0, stop: number, step: number = 1) -> array of int

    The ints from start to stop (exclusive) by step; a negative step counts down.
    """
    if count < 1 or count > 3:
        return raise_literal(vm, literal("range() requires 1, 2, or 3 arguments"))
    for i in range(count):
        if not is_number(arguments[i]):
            return raise_literal(vm, literal("range() requires numeric arguments"))
    start = 0 if count == 1 else whole_number(arguments[0])
    stop = whole_number(arguments[0] if count == 1 else arguments[1])
    step = 1 if count < 3 else whole_number(arguments[2])
    if step == 0:
        return raise_literal(vm, literal("range() step cannot be zero"))
    return array_of_range(vm, start, stop, step)


@function
def _append(vm: VM, arguments: Ptr[Value], name: Ptr[u8]) -> Value:
    if arguments[0].tag != ARRAY:
        return raise_named(vm, name, literal("() requires an array as the first argument"))
    result = owned_array(vm, arguments[0], 4)
    if result.tag != ERROR:
        array_push(vm, as_array(result), arguments[1])
    return result


@builtin("push", 2, 2, arity="collection", keeps=(0, 1))
@function
def builtin_push(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """push(xs: array, item: any) -> array

    The array with the item at its end.
    """
    if arguments[0].tag == ARRAY and as_array(arguments[0]).shared == 0:
        array_push(vm, as_array(arguments[0]), arguments[1])
        return arguments[0]
    return _push_elsewhere(vm, arguments)


@function(cold=True)
def _push_elsewhere(vm: VM, arguments: Ptr[Value]) -> Value:
    """`push` on a shared array, or on what is no array."""
    return _append(vm, arguments, literal("push"))


@builtin("append", 2, 2, arity="collection", keeps=(0, 1))
@function
def builtin_append(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """append(xs: array, item: any) -> array

    The array with the item at its end.
    """
    return _append(vm, arguments, literal("append"))


@function
def popped_parts(vm: VM, arguments: Ptr[Value], count: i64) -> Parts:
    """The parts that `pop` gives."""
    if arguments[0].tag == ARRAY:
        array = as_array(arguments[0])
        if array.shared == 0 and array.length > 0:
            return parts_of(arguments[0], array_take_last(array))
    return _popped_elsewhere(vm, arguments)


@function(cold=True)
def _popped_elsewhere(vm: VM, arguments: Ptr[Value]) -> Parts:
    """`pop` on a shared or empty array, or on what is no array."""
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("pop() requires an array argument"))
    last = as_array(arguments[0]).length - 1
    if last < 0:
        return parts_of(arguments[0], int_value(0))
    popped = array_get(as_array(arguments[0]), last)
    share(popped)
    return parts_of(array_section(vm, as_array(arguments[0]), 0, last), popped)


@builtin("pop", 1, 1, arity="collection", keeps=(0,), parts=popped_parts)
@function
def builtin_pop(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """pop(xs: array) -> [array, any]

    The array without its last element, and that element; 0 if there is none.
    """
    return array_of_parts(vm, popped_parts(vm, arguments, count))


@function(cold=True)
def _raise_bounds(vm: VM, name: Ptr[u8], index: i64, length: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, literal("() index "))
    builder_append_int(vm, message, index)
    append_literal(vm, message, literal(" out of bounds for array of length "))
    builder_append_int(vm, message, length)
    return raise_built(vm, message)


@builtin("insert", 3, 3, arity="collection", keeps=(0, 2))
@function
def builtin_insert(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """insert(xs: array, index: number, item: any) -> array

    The array with the item before the element at the index, or at its end.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("insert() requires 3 arguments: array, index, and item"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("insert() index must be a number"))
    index = whole_number(arguments[1])
    length = as_array(arguments[0]).length
    if index < 0 or index > length:
        return _raise_bounds(vm, literal("insert"), index, length)
    result = owned_array(vm, arguments[0], 1)
    if result.tag != ERROR:
        array_insert(vm, as_array(result), index, arguments[2])
    return result


@function
def removed_parts(vm: VM, arguments: Ptr[Value], count: i64) -> Parts:
    """The parts that `remove_at` gives."""
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("remove_at() requires 2 arguments: array and index"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("remove_at() index must be a number"))
    index = whole_number(arguments[1])
    array = as_array(arguments[0])
    if index < 0 or index >= array.length:
        return _raise_bounds(vm, literal("remove_at"), index, array.length)
    removed = array_get(array, index)
    if array.shared == 0:
        array_remove(array, index)
        return parts_of(arguments[0], removed)
    return _removed_elsewhere(vm, array, index, removed)


@function(cold=True)
def _removed_elsewhere(vm: VM, array: ArrayObject, index: i64, removed: Value) -> Parts:
    """`remove_at` on a shared array."""
    share(removed)
    if index == 0:
        return parts_of(array_section(vm, array, 1, array.length - 1), removed)
    rest = owned_array(vm, array_value(array), 0)
    if rest.tag != ERROR:
        array_remove(as_array(rest), index)
    return parts_of(rest, removed)


@builtin("remove_at", 2, 2, arity="collection", keeps=(0,), parts=removed_parts)
@function
def builtin_remove_at(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """remove_at(xs: array, index: number) -> [array, any]

    The array without the element at the index, and that element.
    """
    return array_of_parts(vm, removed_parts(vm, arguments, count))


# --------------------------------------------------------------------------------- parts


@function
def _clamped(position: i64, length: i64) -> i64:
    """A position that may count from the end, moved into 0 … length."""
    if position < 0:
        from_end = position + length
        return from_end if from_end > 0 else 0
    return position if position < length else length


@builtin("slice", 3, 3, arity="collection", keeps=(0,))
@function
def builtin_slice(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """slice(xs: array | bytes, start: number, end: number) -> array or bytes

    The elements or bytes from start to end (exclusive); negative positions count from the end.
    """
    if arguments[0].tag != ARRAY and arguments[0].tag != BYTES:
        return raise_literal(vm, literal("slice() requires array or bytes and numeric start/end arguments"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("slice() start must be a number"))
    if not is_number(arguments[2]):
        return raise_literal(vm, literal("slice() end must be a number"))
    is_array = arguments[0].tag == ARRAY
    length = as_array(arguments[0]).length if is_array else as_bytes(arguments[0]).byte_count
    start = _clamped(whole_number(arguments[1]), length)
    end = _clamped(whole_number(arguments[2]), length)
    size = end - start if end > start else 0
    if is_array:
        return array_part(vm, arguments[0], start, size)
    return bytes_value(bytes_slice(vm, as_bytes(arguments[0]), start, size))


@builtin("take", 2, 2, arity="collection", keeps=(0,))
@function
def builtin_take(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """take(xs: array, count: number) -> array

    The first so many elements.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("take() requires 2 arguments: array and count"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("take() count must be a number"))
    wanted = whole_number(arguments[1])
    taken = _clamped(wanted if wanted > 0 else 0, as_array(arguments[0]).length)
    return array_part(vm, arguments[0], 0, taken)


@builtin("skip", 2, 2, arity="collection", keeps=(0,))
@function
def builtin_skip(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """skip(xs: array, count: number) -> array

    What is left after the first so many elements.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("skip() requires 2 arguments: array and count"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("skip() count must be a number"))
    wanted = whole_number(arguments[1])
    length = as_array(arguments[0]).length
    skipped = _clamped(wanted if wanted > 0 else 0, length)
    return array_part(vm, arguments[0], skipped, length - skipped)


@builtin("concat", 2, 2, arity="collection", keeps=(0,))
@function
def builtin_concat(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """concat(a: array, b: array) -> array

    The elements of both arrays.
    """
    if arguments[0].tag != ARRAY or arguments[1].tag != ARRAY:
        return raise_literal(vm, literal("concat() requires two array arguments"))
    return array_joined(vm, arguments[0], arguments[1])


@builtin("sort", 1, 1, arity="collection", keeps=(0,))
@function
def builtin_sort(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """sort(xs: array) -> array

    The elements in ascending order; elements that cannot be compared count as equal.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("sort requires an array argument"))
    if not room_for(vm, as_array(arguments[0]).length * 48):
        return raise_out_of_memory(vm)
    result = owned_array(vm, arguments[0], 0)
    if result.tag != ERROR:
        array_sort(vm, as_array(result))
    return result


@builtin("reverse", 1, 1, arity="collection", keeps=(0,))
@function
def builtin_reverse(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """reverse(xs: array) -> array

    The elements from last to first.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("reverse requires an array argument"))
    result = owned_array(vm, arguments[0], 0)
    if result.tag != ERROR:
        array_reverse(as_array(result))
    return result


@builtin("chunk", 2, 2, arity="collection")
@function
def builtin_chunk(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """chunk(xs: array, size: number) -> array of array

    Consecutive pieces of a size, the last perhaps shorter; one piece if the size is not positive.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("chunk() requires 2 arguments: array and size"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("chunk() size must be a number"))
    array = as_array(arguments[0])
    size = whole_number(arguments[1])
    if not room_for(vm, array.length * (80 if size == 1 else 40)):
        return raise_out_of_memory(vm)
    pieces = new_array(vm, 0)
    if size <= 0:
        array_push(vm, pieces, array_value(array_slice(vm, array, 0, array.length, 0)))
    start = 0
    while size > 0 and start < array.length:
        rest = array.length - start
        taken = size if size < rest else rest
        array_push(vm, pieces, array_value(array_slice(vm, array, start, taken, 0)))
        start += taken
    return array_value(pieces)


@builtin("windows", 2, 2, arity="collection")
@function
def builtin_windows(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """windows(xs: array, size: number) -> array of array

    All overlapping pieces of a size; none if the size is not positive.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("windows() requires 2 arguments: array and size"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("windows() size must be a number"))
    array = as_array(arguments[0])
    size = whole_number(arguments[1])
    if size <= 0 or size > array.length:
        return array_value(new_array(vm, 0))
    total = array.length - size + 1
    if f64(total) * f64(size) > 1e12 or not room_for(vm, total * (size * 16 + 64)):
        return raise_out_of_memory(vm)
    pieces = new_array(vm, total)
    for start in range(total):
        array_push(vm, pieces, array_value(array_slice(vm, array, start, size, 0)))
    return array_value(pieces)
