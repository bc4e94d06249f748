"""Assertions, and `error`, which raises."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, u8
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.debug_text import append_debug_text
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_finding import dict_find
from rufflang.runtime.dicts_keys import is_key, normalise_key
from rufflang.runtime.display import display
from rufflang.runtime.equality import values_equal
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_message, raise_named
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_searching import string_contains
from rufflang.runtime.text_builder import builder_new
from rufflang.runtime.throwing import throw_value
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import ARRAY, BOOL, DICT, STRING, Value, bool_value
from rufflang.runtime.vm import VM


@builtin("error", 1, 1, arity="central", keeps=(0,))
@function
def builtin_error(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """error(message: any)

    Raises its argument, like `throw`.
    """
    return throw_value(vm, arguments[0])


@builtin("assert")
@function
def builtin_assert(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """assert(condition: any, message?: any) -> bool

    Raises the message unless the condition is truthy; the result is true.
    """
    if count == 0:
        return raise_literal(vm, literal("assert requires at least 1 argument: condition"))
    if count > 2:
        return raise_literal(vm, literal("assert() expects at most 2 arguments: condition, [message]"))
    if truthy(arguments[0]):
        return bool_value(True)
    if count == 2:
        return raise_message(vm, display(vm, arguments[1]))
    return raise_literal(vm, literal("Assertion failed"))


@builtin("assert_equal")
@function
def builtin_assert_equal(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """assert_equal(actual: any, expected: any) -> bool

    Raises unless the two values are equal; the result is true.
    """
    if count != 2:
        return raise_literal(vm, literal("assert_equal requires 2 arguments: actual, expected"))
    if values_equal(vm, arguments[0], arguments[1]):
        return bool_value(True)
    message = builder_new(vm)
    append_literal(vm, message, literal("Assertion failed: expected "))
    append_debug_text(vm, message, arguments[1])
    append_literal(vm, message, literal(", got "))
    append_debug_text(vm, message, arguments[0])
    return raise_built(vm, message)


@function(inline=True)
def _assert_bool(vm: VM, arguments: Ptr[Value], count: i64, name: Ptr[u8], wanted: i64) -> Value:
    if count != 1:
        return raise_named(vm, name, literal(" requires exactly 1 argument"))
    if arguments[0].tag != BOOL:
        return raise_named(vm, name, literal(" requires a boolean argument"))
    if arguments[0].payload == wanted:
        return bool_value(True)
    if wanted == 1:
        return raise_literal(vm, literal("Assertion failed: expected true, got false"))
    return raise_literal(vm, literal("Assertion failed: expected false, got true"))


@builtin("assert_true")
@function
def builtin_assert_true(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """assert_true(x: bool) -> bool

    Raises unless the value is true; the result is true.
    """
    return _assert_bool(vm, arguments, count, literal("assert_true"), 1)


@builtin("assert_false")
@function
def builtin_assert_false(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """assert_false(x: bool) -> bool

    Raises unless the value is false; the result is true.
    """
    return _assert_bool(vm, arguments, count, literal("assert_false"), 0)


@function
def _array_has(vm: VM, array: Value, item: Value) -> bool:
    items = as_array(array)
    for i in range(items.length):
        if values_equal(vm, array_get(items, i), item):
            return True
    return False


@function
def _is_in(vm: VM, collection: Value, item: Value) -> bool:
    if collection.tag == ARRAY:
        return _array_has(vm, collection, item)
    if collection.tag == STRING:
        return item.tag == STRING and string_contains(as_string(collection), as_string(item))
    return is_key(item) and dict_find(as_dict(collection), normalise_key(vm, item)) >= 0


@builtin("assert_contains")
@function
def builtin_assert_contains(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """assert_contains(collection: array | string | dict, item: any) -> bool

    Raises unless an array has an element, a string a part, a dict a key; the result is true.
    """
    if count != 2:
        return raise_literal(vm, literal("assert_contains requires 2 arguments: collection, item"))
    collection = arguments[0]
    if collection.tag != ARRAY and collection.tag != STRING and collection.tag != DICT:
        return raise_literal(
            vm, literal("assert_contains requires an array, string, or dict as first argument")
        )
    if _is_in(vm, collection, arguments[1]):
        return bool_value(True)
    message = builder_new(vm)
    append_literal(vm, message, literal("Assertion failed: "))
    append_debug_text(vm, message, collection)
    append_literal(vm, message, literal(" does not contain "))
    append_debug_text(vm, message, arguments[1])
    return raise_built(vm, message)
