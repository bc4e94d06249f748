"""Builtins on dicts."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, word
from rufflang.runtime.arrays import (
    array_of_two,
    array_push,
    array_value,
    array_words,
    new_array,
    new_packed,
)
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.dicts import as_dict, dict_clone, dict_delete, dict_set, dict_update, dict_value, new_dict
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.dicts_finding import find_key
from rufflang.runtime.dicts_keys import is_key, key_string, normalise_key
from rufflang.runtime.dicts_order import CANONICAL_SIZE, canonical_names, canonical_order
from rufflang.runtime.display import display
from rufflang.runtime.errors import raise_literal, raise_out_of_memory
from rufflang.runtime.heap import room_for
from rufflang.runtime.marking import share
from rufflang.runtime.sharing import dict_has_room
from rufflang.runtime.strings import string_value
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    DICT,
    ERROR,
    FLOAT,
    INT,
    STRING,
    Value,
    int_value,
    null_value,
)
from rufflang.runtime.vm import VM

_BAD_GET_DEFAULT = "get_default() requires 3 arguments: dict, key, default_value"


@function
def owned_dict(vm: VM, value: Value) -> Value:
    """A dict value itself if nobody else holds it, else a copy; ERROR without memory."""
    if as_dict(value).shared == 0:
        return value
    if not dict_has_room(vm, as_dict(value).count):
        return raise_out_of_memory(vm)
    return dict_value(dict_clone(vm, as_dict(value)))


@builtin("dict", 0, 0, arity="central")
@function
def builtin_dict(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """dict() -> dict

    A new empty dict.
    """
    return dict_value(new_dict(vm, 0))


@builtin("keys", 1, 1, arity="central")
@function
def builtin_keys(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """keys(d: dict) -> array of string

    The keys in canonical order; none for other kinds of value.
    """
    if arguments[0].tag != DICT:
        return array_value(new_array(vm, 0))
    table = as_dict(arguments[0])
    if not room_for(vm, table.count * CANONICAL_SIZE):
        return raise_out_of_memory(vm)
    return array_value(canonical_names(vm, table))


@builtin("values", 1, 1, arity="central")
@function
def builtin_values(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """values(d: dict) -> array

    The values, in canonical order of their keys; none for other kinds of value.
    """
    if arguments[0].tag != DICT:
        return array_value(new_array(vm, 0))
    table = as_dict(arguments[0])
    if not room_for(vm, table.count * (CANONICAL_SIZE + 16)):
        return raise_out_of_memory(vm)
    order = canonical_order(vm, table)
    found = new_array(vm, order.length)
    for i in range(order.length):
        value = entry_value(table, array_words(order)[i])
        share(value)
        array_push(vm, found, value)
    return array_value(found)


@builtin("items", 1, 1, arity="central")
@function
def builtin_items(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """items(d: dict) -> array of [string, any]

    Pairs of key and value, in canonical order; none for other kinds of value.
    """
    if arguments[0].tag != DICT:
        return array_value(new_array(vm, 0))
    table = as_dict(arguments[0])
    if not room_for(vm, table.count * (CANONICAL_SIZE + 136)):
        return raise_out_of_memory(vm)
    order = canonical_order(vm, table)
    pairs = new_packed(vm, ARRAY, order.length)
    for i in range(order.length):
        entry = array_words(order)[i]
        value = entry_value(table, entry)
        share(value)
        pair = array_of_two(vm, string_value(key_string(vm, entry_key(table, entry))), value)
        array_words(pairs)[i] = word(pair)
    return array_value(pairs)


# ------------------------------------------------------------------------------- looking


@builtin("has_key", 2, 2, arity="central")
@function
def builtin_has_key(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """has_key(d: dict, key: string or int) -> int

    1 if the dict has the key, else 0.
    """
    if arguments[0].tag != DICT or not is_key(arguments[1]):
        return int_value(0)
    return int_value(i64(find_key(vm, as_dict(arguments[0]), arguments[1]) >= 0))


@function
def _found_or(vm: VM, arguments: Ptr[Value], otherwise: Value) -> Value:
    if arguments[0].tag != DICT or not is_key(arguments[1]):
        return otherwise
    entry = find_key(vm, as_dict(arguments[0]), arguments[1])
    if entry < 0:
        return otherwise
    found = entry_value(as_dict(arguments[0]), entry)
    share(found)
    return found


@builtin("get", 2, 3, arity="central", keeps=(2,))
@function
def builtin_get(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """get(d: dict, key: string or int, default: any = null) -> any

    The value of the key, or the default.
    """
    return _found_or(vm, arguments, arguments[2] if count == 3 else null_value())


@builtin("get_default", 3, 3, keeps=(2,))
@function
def builtin_get_default(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """get_default(d: dict, key: string or int, default: any) -> any

    The value of the key, or the default.
    """
    if count != 3 or arguments[0].tag != DICT or not is_key(arguments[1]):
        return raise_literal(vm, literal(_BAD_GET_DEFAULT))
    return _found_or(vm, arguments, arguments[2])


# ------------------------------------------------------------------------------ changing


@builtin("delete", 2, 2, arity="central", keeps=(0,))
@function
def builtin_delete(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """delete(d: dict, key: string or int) -> dict

    The dict without the key.
    """
    if arguments[0].tag != DICT:
        return raise_literal(vm, literal("delete() requires a dict argument"))
    if not is_key(arguments[1]):
        return arguments[0]
    result = owned_dict(vm, arguments[0])
    if result.tag != ERROR:
        dict_delete(as_dict(result), normalise_key(vm, arguments[1]))
    return result


@function
def _merge(vm: VM, arguments: Ptr[Value]) -> Value:
    if arguments[0].tag != DICT or arguments[1].tag != DICT:
        return dict_value(new_dict(vm, 0))
    if not dict_has_room(vm, as_dict(arguments[0]).count + as_dict(arguments[1]).count):
        return raise_out_of_memory(vm)
    result = owned_dict(vm, arguments[0])
    if result.tag != ERROR:
        dict_update(vm, as_dict(result), as_dict(arguments[1]))
    return result


@builtin("merge", 2, 2, arity="central", keeps=(0,))
@function
def builtin_merge(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """merge(a: dict, b: dict) -> dict

    The entries of both; those of b win.
    """
    return _merge(vm, arguments)


@builtin("update", 2, 2, arity="central", keeps=(0,))
@function
def builtin_update(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """update(a: dict, b: dict) -> dict

    The entries of both; those of b win.
    """
    return _merge(vm, arguments)


@builtin("invert", 1, 1, arity="central")
@function
def builtin_invert(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """invert(d: dict) -> dict

    The keys by the display texts of their values; only string, int, float and bool values count.
    """
    if arguments[0].tag != DICT:
        return raise_literal(vm, literal("invert() requires a dict argument"))
    table = as_dict(arguments[0])
    if not dict_has_room(vm, table.count * 2):
        return raise_out_of_memory(vm)
    order = canonical_order(vm, table)
    inverted = new_dict(vm, 0)
    for i in range(order.length):
        entry = array_words(order)[i]
        value = entry_value(table, entry)
        if value.tag == STRING or value.tag == INT or value.tag == FLOAT or value.tag == BOOL:
            text = string_value(display(vm, value))
            key = string_value(key_string(vm, entry_key(table, entry)))
            dict_set(vm, inverted, normalise_key(vm, text), key)
    return dict_value(inverted)
