"""Builtins on several kinds of collections, and `debug`."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, literal_size
from rufflang.runtime.arrays import array_get, array_value, as_array, new_array
from rufflang.runtime.arrays_editing import array_position, array_remove, owned_array
from rufflang.runtime.builtins.dicts import owned_dict
from rufflang.runtime.builtins.output import write_output
from rufflang.runtime.builtins.parts import Parts, array_of_parts, parts_of
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.dicts import as_dict, dict_delete, dict_value, new_dict
from rufflang.runtime.dicts_finding import dict_get, find_key
from rufflang.runtime.dicts_keys import is_key, normalise_key
from rufflang.runtime.display import append_debug
from rufflang.runtime.errors import raise_literal, raise_out_of_memory
from rufflang.runtime.marking import share
from rufflang.runtime.objects import ArrayObject
from rufflang.runtime.sets_table import as_set
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_searching import string_contains, string_index_of
from rufflang.runtime.text_builder import builder_append, builder_append_byte, builder_failed, builder_new
from rufflang.runtime.values import (
    ARRAY,
    BYTES,
    DICT,
    ERROR,
    QUEUE,
    SET,
    STACK,
    STRING,
    STRUCT,
    UNBOUND,
    Value,
    bool_value,
    int_value,
    is_container,
    null_value,
)
from rufflang.runtime.vm import VM

_NO_LENGTH = "len() requires an array, dict, bytes, set, queue, stack, or string"
_NOT_REMOVABLE = "remove() requires an array or dictionary-like value with a valid key/item"
_LINE_FEED = 10
_SPACE = 32


@builtin("len", 1, 1, arity="central")
@function
def builtin_len(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """len(x: any) -> int

    The number of characters, elements or entries.
    """
    value = arguments[0]
    tag = value.tag
    if tag == ARRAY or tag == QUEUE or tag == STACK:
        return int_value(as_array(value).length)
    if tag == STRING or tag == BYTES:
        return int_value(as_string(value).char_count)
    if tag == DICT:
        return int_value(as_dict(value).count)
    if tag == SET:
        return int_value(as_set(value).count)
    return raise_literal(vm, literal(_NO_LENGTH))


@builtin("is_empty", 1, 1, arity="central")
@function
def builtin_is_empty(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_empty(x: string) -> bool

    Whether a string, or anything else that has a length, has nothing in it.
    """
    value = arguments[0]
    if value.tag == STRUCT or not (is_container(value) or value.tag == STRING or value.tag == BYTES):
        return raise_literal(vm, literal("is_empty() requires a string argument"))
    return bool_value(builtin_len(vm, arguments, count).payload == 0)


@builtin("contains", 2, 2, arity="central")
@function
def builtin_contains(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """contains(x: string or array or dict, item: any) -> int or bool

    Whether an array has an element or a dict a key (bools), or a string a part (1 or 0).
    """
    value = arguments[0]
    wanted = arguments[1]
    if value.tag == ARRAY:
        return bool_value(array_position(vm, as_array(value), wanted) >= 0)
    if value.tag == DICT:
        return bool_value(is_key(wanted) and find_key(vm, as_dict(value), wanted) >= 0)
    if value.tag != STRING:
        return raise_literal(vm, literal("contains() first argument must be a string, array, or dictionary"))
    if wanted.tag != STRING:
        return raise_literal(
            vm, literal("contains() requires two arguments: string/array and substring/item")
        )
    return int_value(i64(string_contains(as_string(value), as_string(wanted))))


@builtin("index_of", 2, 2, arity="central")
@function
def builtin_index_of(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """index_of(x: string or array, item: any) -> int

    Where an element of an array or a part of a string is first found, or -1.
    """
    value = arguments[0]
    wanted = arguments[1]
    if value.tag == ARRAY:
        return int_value(array_position(vm, as_array(value), wanted))
    if value.tag != STRING:
        return raise_literal(vm, literal("index_of() first argument must be a string or array"))
    if wanted.tag != STRING:
        return raise_literal(
            vm, literal("index_of() requires two arguments: string/array and substring/item")
        )
    return int_value(string_index_of(as_string(value), as_string(wanted)))


@function
def remove_parts(vm: VM, arguments: Ptr[Value], count: i64) -> Parts:
    """The parts that `remove` gives; of an array, which it gives as such, what two names would get."""
    value = arguments[0]
    if value.tag == DICT and is_key(arguments[1]):
        return _key_parts(vm, value, normalise_key(vm, arguments[1]))
    rest = _without_element(vm, value, arguments[1])
    if rest.tag == ERROR:
        return parts_of(rest, rest)
    return parts_of(_borrowed_element(as_array(rest), 0), _borrowed_element(as_array(rest), 1))


@function
def _borrowed_element(array: ArrayObject, index: i64) -> Value:
    """An element, marked if the array is, or null."""
    if index >= array.length:
        return null_value()
    item = array_get(array, index)
    if array.shared != 0:
        share(item)
    return item


@function
def _without_element(vm: VM, value: Value, item: Value) -> Value:
    """An array without the first element that equals the item."""
    if value.tag != ARRAY:
        return raise_literal(vm, literal(_NOT_REMOVABLE))
    index = array_position(vm, as_array(value), item)
    if index < 0:
        return value
    rest = owned_array(vm, value, 0)
    if rest.tag != ERROR:
        array_remove(as_array(rest), index)
    return rest


@function
def _key_parts(vm: VM, value: Value, key: Value) -> Parts:
    rest = owned_dict(vm, value)
    if rest.tag == ERROR:
        return parts_of(rest, rest)
    removed = dict_get(as_dict(rest), key)
    if removed.tag == UNBOUND:
        return parts_of(rest, int_value(0))
    dict_delete(as_dict(rest), key)
    return parts_of(rest, removed)


@builtin("remove", 2, 2, arity="collection", keeps=(0,), parts=remove_parts)
@function
def builtin_remove(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """remove(x: array or dict, item: any) -> array or [dict, any]

    An array without the first equal element; for a dict, `[dict without the key, its value or 0]`.
    """
    if arguments[0].tag == DICT and is_key(arguments[1]):
        return array_of_parts(vm, _key_parts(vm, arguments[0], normalise_key(vm, arguments[1])))
    return _without_element(vm, arguments[0], arguments[1])


@builtin("clear", 1, 1, arity="collection")
@function
def builtin_clear(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """clear(x: array or dict) -> array or dict

    An empty array for an array, an empty dict for a dict.
    """
    if arguments[0].tag == ARRAY:
        return array_value(new_array(vm, 0))
    if arguments[0].tag == DICT:
        return dict_value(new_dict(vm, 0))
    return raise_literal(vm, literal("clear() requires an array or dict argument"))


@builtin("debug")
@function
def builtin_debug(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """debug(...values: any) -> null

    Prints `[DEBUG]` and the debug form of each value.
    """
    line = builder_new(vm)
    builder_append(vm, line, literal("[DEBUG]"), literal_size("[DEBUG]"))
    for i in range(count):
        builder_append_byte(vm, line, _SPACE)
        append_debug(vm, line, arguments[i])
    builder_append_byte(vm, line, _LINE_FEED)
    if builder_failed(line):
        return raise_out_of_memory(vm)
    write_output(vm, line.data, line.byte_count)
    return null_value()
