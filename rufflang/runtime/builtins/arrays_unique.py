"""`unique`: the first of every group of equal elements, found by hashing where equality allows.

Strings and ints are looked up in dicts.  Floats are equal when they are less than 2 ** -52 apart:
below 2 they are kept in buckets of that width, of which three are looked at; from 2 on
that means equal bits.  Everything else is compared with all its like.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, absolute, bits_of, f64, floor, function, i64, literal
from rufflang.runtime.arrays import array_get, array_push, array_value, as_array, new_array
from rufflang.runtime.arrays_editing import array_position, room_for
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.dicts import dict_find, dict_insert, entry_value, find_int, new_dict, normalise_key
from rufflang.runtime.equality import floats_equal
from rufflang.runtime.errors import raise_literal, raise_out_of_memory
from rufflang.runtime.marking import share
from rufflang.runtime.numbers_arguments import as_number
from rufflang.runtime.objects import ArrayObject, DictObject
from rufflang.runtime.values import ARRAY, FLOAT, INT, STRING, Value, as_float, float_value, int_value
from rufflang.runtime.vm import VM

_BUCKETS_PER_UNIT = float(1 << 52)
_LARGEST_EXACT = 1 << 53

# How the numbers of an array are told apart.
_AS_INTS = 0  # there are no floats
_AS_FLOATS = 1  # every int is exact as a float
_BY_COMPARING = 2


@function
def _number_method(array: ArrayObject) -> i64:
    floats = 0
    large = 0
    for i in range(array.length):
        item = array_get(array, i)
        if item.tag == FLOAT:
            floats = 1
        elif item.tag == INT and (item.payload > _LARGEST_EXACT or item.payload < -_LARGEST_EXACT):
            large = 1
    if floats == 0:
        return _AS_INTS
    return _AS_FLOATS if large == 0 else _BY_COMPARING


@function
def _is_new_key(vm: VM, seen: DictObject, key: Value) -> bool:
    """Whether a normalised key was not seen before; it is from now on."""
    if dict_find(seen, key) >= 0:
        return False
    dict_insert(vm, seen, key, int_value(0))
    return True


@function
def _is_new_float(vm: VM, seen: DictObject, number: f64) -> bool:
    """Whether no equal float was seen before; this one is from now on."""
    bucket = bits_of(number)
    if absolute(number) < 2.0:
        bucket = i64(floor(number * _BUCKETS_PER_UNIT))
        for near in range(bucket - 1, bucket + 2):
            entry = find_int(seen, near)
            if entry >= 0 and floats_equal(as_float(entry_value(seen, entry)), number):
                return False
    elif number == number and find_int(seen, bucket) >= 0:
        return False
    if number == number:
        dict_insert(vm, seen, int_value(bucket), float_value(number))
    return True


@builtin("unique", 1, 1, arity="collection")
@function
def builtin_unique(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """unique(xs: array) -> array

    The first of every group of equal elements, in order.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("unique requires an array argument"))
    array = as_array(arguments[0])
    if not room_for(vm, array.length * 96):
        return raise_out_of_memory(vm)
    kept = new_array(vm, 0)
    texts = new_dict(vm, 0)
    numbers = new_dict(vm, 0)
    others = new_array(vm, 0)
    method = _number_method(array)
    for i in range(array.length):
        item = array_get(array, i)
        is_new = True
        if item.tag == STRING:
            is_new = _is_new_key(vm, texts, normalise_key(vm, item))
        elif (item.tag == INT or item.tag == FLOAT) and method == _AS_FLOATS:
            is_new = _is_new_float(vm, numbers, as_number(item))
        elif item.tag == INT and method == _AS_INTS:
            is_new = _is_new_key(vm, numbers, item)
        else:
            is_new = array_position(vm, others, item) < 0
            if is_new:
                array_push(vm, others, item)
        if is_new:
            share(item)
            array_push(vm, kept, item)
    return array_value(kept)
