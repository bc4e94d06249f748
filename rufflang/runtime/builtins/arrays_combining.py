"""Builtins on arrays: pairing, flattening, counting together, keeping first occurrences."""

from __future__ import annotations

from rufflang.lowpy import Ptr, add_overflow, f64, function, i64, literal
from rufflang.runtime.arrays import (
    array_append_all,
    array_get,
    array_of_two,
    array_push,
    array_value,
    array_words,
    as_array,
    new_array,
)
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_out_of_memory
from rufflang.runtime.heap import room_for
from rufflang.runtime.marking import share
from rufflang.runtime.numbers_arguments import as_number
from rufflang.runtime.objects import ArrayObject
from rufflang.runtime.sets import set_elements, set_from_array
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ARRAY, FLOAT, INT, Value, float_value, int_value
from rufflang.runtime.vm import VM

_PAIR_SIZE = 112  # bytes of an array of two values, and its place in another


@function
def _shared_pair(vm: VM, first: Value, second: Value) -> Value:
    """An array of two values that others hold too."""
    share(first)
    share(second)
    return array_value(array_of_two(vm, first, second))


@builtin("zip", 2, 2, arity="collection")
@function
def builtin_zip(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """zip(a: array, b: array) -> array of [any, any]

    Pairs of elements at the same index, as many as the shorter array has.
    """
    if arguments[0].tag != ARRAY or arguments[1].tag != ARRAY:
        return raise_literal(vm, literal("zip() requires 2 array arguments"))
    first = as_array(arguments[0])
    second = as_array(arguments[1])
    length = first.length if first.length < second.length else second.length
    if not room_for(vm, length * _PAIR_SIZE):
        return raise_out_of_memory(vm)
    pairs = new_array(vm, length)
    for i in range(length):
        array_push(vm, pairs, _shared_pair(vm, array_get(first, i), array_get(second, i)))
    return array_value(pairs)


@builtin("enumerate", 1, 1, arity="collection")
@function
def builtin_enumerate(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """enumerate(xs: array) -> array of [int, any]

    Pairs of index and element.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("enumerate() requires an array argument"))
    array = as_array(arguments[0])
    if not room_for(vm, array.length * _PAIR_SIZE):
        return raise_out_of_memory(vm)
    pairs = new_array(vm, array.length)
    for i in range(array.length):
        array_push(vm, pairs, _shared_pair(vm, int_value(i), array_get(array, i)))
    return array_value(pairs)


@function
def _flat_length(array: ArrayObject) -> i64:
    total = 0
    for i in range(array.length):
        item = array_get(array, i)
        total += as_array(item).length if item.tag == ARRAY else 1
    return total


@builtin("flatten", 1, 1, arity="collection")
@function
def builtin_flatten(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """flatten(xs: array) -> array

    One level of nesting taken away.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("flatten() requires an array argument"))
    array = as_array(arguments[0])
    length = _flat_length(array)
    if not room_for(vm, length * 16):
        return raise_out_of_memory(vm)
    flat = new_array(vm, length)
    for i in range(array.length):
        item = array_get(array, i)
        if item.tag == ARRAY:
            array_append_all(vm, flat, as_array(item))
        else:
            share(item)
            array_push(vm, flat, item)
    return array_value(flat)


# ----------------------------------------------------------------------------------- sum


@builtin("sum", 1, 1, arity="collection")
@function
def builtin_sum(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """sum(xs: array) -> number

    The sum of the numbers among the elements; a float if one of them is, 0 if there are none.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("sum requires an array argument"))
    array = as_array(arguments[0])
    if array.flags == FLOAT and array.length > 0:
        return float_value(_sum_from(array, 0, 0.0))
    if array.flags == INT:
        return _sum_of_ints(vm, array_words(array), array.length)
    total = 0
    for i in range(array.length):
        item = array_get(array, i)
        if item.tag == FLOAT:
            return float_value(_sum_from(array, i, f64(total)))
        if item.tag == INT:
            next_total, overflowed = add_overflow(total, item.payload)
            if overflowed:
                return _raise_overflow(vm, total, item.payload)
            total = next_total
    return int_value(total)


@function
def _sum_of_ints(vm: VM, items: Ptr[i64], count: i64) -> Value:
    total = 0
    for i in range(count):
        next_total, overflowed = add_overflow(total, items[i])
        if overflowed:
            return _raise_overflow(vm, total, items[i])
        total = next_total
    return int_value(total)


@function(cold=True)
def _raise_overflow(vm: VM, total: i64, item: i64) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, literal("Integer overflow: "))
    builder_append_int(vm, message, total)
    append_literal(vm, message, literal(" + "))
    builder_append_int(vm, message, item)
    return raise_built(vm, message)


@function
def _sum_from(array: ArrayObject, start: i64, so_far: f64) -> f64:
    """The sum of a float and the numbers from index `start` on."""
    total = so_far
    for i in range(start, array.length):
        item = array_get(array, i)
        if item.tag == INT or item.tag == FLOAT:
            total += as_number(item)
    return total


@builtin("unique", 1, 1, arity="collection")
@function
def builtin_unique(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """unique(xs: array) -> array

    The first of every group of equal elements, in order.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("unique requires an array argument"))
    if not room_for(vm, as_array(arguments[0]).length * 96):
        return raise_out_of_memory(vm)
    return array_value(set_elements(vm, set_from_array(vm, as_array(arguments[0]))))
