"""Conversions between types, and questions about types."""

from __future__ import annotations

from rufflang.lowpy import Ptr, f64, function, i64, literal, u8, u64
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.byte_strings import allocate_bytes, bytes_value
from rufflang.runtime.display import display_value
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_named, raise_out_of_memory
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.numbers import parse_int_text
from rufflang.runtime.numbers_arguments import is_number, whole_number
from rufflang.runtime.numbers_floats import parse_float_text
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.strings_case import lower_byte
from rufflang.runtime.text_builder import builder_append_int, builder_append_string, builder_new
from rufflang.runtime.truth import truthy
from rufflang.runtime.type_names import type_name
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    DICT,
    FLOAT,
    FUNCTION,
    INT,
    NATIVE,
    NULL,
    STRING,
    UNBOUND,
    Value,
    bool_value,
    float_value,
    int_value,
)
from rufflang.runtime.vm import VM

_ONE_ARGUMENT = "() requires one argument"


@function(cold=True)
def _not_a_number(vm: VM, before: Ptr[u8], text: StringObject, after: Ptr[u8]) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, before)
    builder_append_string(vm, message, text)
    append_literal(vm, message, after)
    return raise_built(vm, message)


@function(cold=True)
def _not_convertible(vm: VM, value: Value, after: Ptr[u8]) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, literal("Cannot convert "))
    if value.tag == ARRAY:
        append_literal(vm, message, literal("array"))
    elif value.tag == DICT:
        append_literal(vm, message, literal("dict"))
    elif value.tag == NULL:
        append_literal(vm, message, literal("null"))
    else:
        append_literal(vm, message, literal("value"))
    append_literal(vm, message, after)
    return raise_built(vm, message)


@builtin("to_string", aliases=("str",))
@function
def builtin_to_string(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_string(x: any) -> string

    The display text, which `print` shows.
    """
    if count != 1:
        return raise_named(vm, literal("to_string"), literal(_ONE_ARGUMENT))
    return display_value(vm, arguments[0])


@builtin("to_int")
@function
def builtin_to_int(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_int(x: int | float | string | bool) -> int

    An int from a number (truncated toward zero), a decimal text or a bool.
    """
    if count != 1:
        return raise_named(vm, literal("to_int"), literal(_ONE_ARGUMENT))
    value = arguments[0]
    if is_number(value):
        return int_value(whole_number(value))
    if value.tag == BOOL:
        return int_value(value.payload)
    if value.tag != STRING:
        return _not_convertible(vm, value, literal(" to int"))
    parsed = parse_int_text(as_string(value))
    if parsed.tag == UNBOUND:
        return _not_a_number(vm, literal("Cannot convert '"), as_string(value), literal("' to int"))
    return parsed


@builtin("to_float")
@function
def builtin_to_float(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_float(x: int | float | string | bool) -> float

    A float from a number, a text or a bool.
    """
    if count != 1:
        return raise_named(vm, literal("to_float"), literal(_ONE_ARGUMENT))
    value = arguments[0]
    if value.tag == FLOAT:
        return value
    if value.tag == INT or value.tag == BOOL:
        return float_value(f64(value.payload))
    if value.tag != STRING:
        return _not_convertible(vm, value, literal(" to float"))
    parsed = parse_float_text(vm, as_string(value))
    if parsed.tag == UNBOUND:
        return _not_a_number(vm, literal("Cannot convert '"), as_string(value), literal("' to float"))
    return parsed


@function
def _says_false(text: StringObject) -> bool:
    """Whether the text is empty, `0`, or any casing of `false`."""
    if text.byte_count == 1:
        return text.data[0] == 48
    if text.byte_count != 5:
        return text.byte_count == 0
    false = literal("false")
    for i in range(5):
        if lower_byte(text.data[i]) != false[i]:
            return False
    return True


@builtin("to_bool")
@function
def builtin_to_bool(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_bool(x: any) -> bool

    Truthiness, except that the texts "0" and "false" (in any casing) are false too.
    """
    if count != 1:
        return raise_named(vm, literal("to_bool"), literal(_ONE_ARGUMENT))
    if arguments[0].tag == STRING:
        return bool_value(not _says_false(as_string(arguments[0])))
    return bool_value(truthy(arguments[0]))


@builtin("is_truthy", 1, 1, arity="central")
@function
def builtin_is_truthy(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_truthy(x: any) -> bool

    Whether a condition takes the value for true.
    """
    return bool_value(truthy(arguments[0]))


@builtin("parse_int", 1, 1, arity="central")
@function
def builtin_parse_int(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """parse_int(s: string) -> int

    The int that a text spells; raises if it spells none.
    """
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("parse_int requires a string argument"))
    text = as_string(arguments[0])
    parsed = parse_int_text(text)
    if parsed.tag == UNBOUND:
        return _not_a_number(vm, literal("Cannot parse '"), text, literal("' as integer"))
    return parsed


@builtin("parse_float", 1, 1, arity="central")
@function
def builtin_parse_float(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """parse_float(s: string) -> float

    The float that a text spells; raises if it spells none.
    """
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("parse_float requires a string argument"))
    text = as_string(arguments[0])
    parsed = parse_float_text(vm, text)
    if parsed.tag == UNBOUND:
        return _not_a_number(vm, literal("Cannot parse '"), text, literal("' as float"))
    return parsed


@builtin("type", 1, 1, arity="central", aliases=("type_of",))
@function
def builtin_type(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """type(x: any) -> string

    The name of the value's type.
    """
    return string_value(type_name(vm, arguments[0]))


@function(inline=True)
def _is_kind(vm: VM, arguments: Ptr[Value], count: i64, tag: i64, name: Ptr[u8]) -> Value:
    if count > 1:
        return raise_named(vm, name, literal("() expects 1 argument"))
    return bool_value(count == 1 and arguments[0].tag == tag)


@builtin("is_int")
@function
def builtin_is_int(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_int(x: any) -> bool

    Whether the value is an int.
    """
    return _is_kind(vm, arguments, count, INT, literal("is_int"))


@builtin("is_float")
@function
def builtin_is_float(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_float(x: any) -> bool

    Whether the value is a float.
    """
    return _is_kind(vm, arguments, count, FLOAT, literal("is_float"))


@builtin("is_string")
@function
def builtin_is_string(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_string(x: any) -> bool

    Whether the value is a string.
    """
    return _is_kind(vm, arguments, count, STRING, literal("is_string"))


@builtin("is_bool")
@function
def builtin_is_bool(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_bool(x: any) -> bool

    Whether the value is true or false.
    """
    return _is_kind(vm, arguments, count, BOOL, literal("is_bool"))


@builtin("is_array")
@function
def builtin_is_array(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_array(x: any) -> bool

    Whether the value is an array.
    """
    return _is_kind(vm, arguments, count, ARRAY, literal("is_array"))


@builtin("is_dict")
@function
def builtin_is_dict(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_dict(x: any) -> bool

    Whether the value is a dict.
    """
    return _is_kind(vm, arguments, count, DICT, literal("is_dict"))


@builtin("is_null")
@function
def builtin_is_null(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_null(x: any) -> bool

    Whether the value is null.
    """
    return _is_kind(vm, arguments, count, NULL, literal("is_null"))


@builtin("is_function")
@function
def builtin_is_function(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """is_function(x: any) -> bool

    Whether the value is a function of any kind, builtins included.
    """
    if count == 1 and arguments[0].tag == NATIVE:
        return bool_value(True)
    return _is_kind(vm, arguments, count, FUNCTION, literal("is_function"))


@builtin("bytes")
@function
def builtin_bytes(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bytes(xs: array of int) -> bytes

    The bytes with these numbers, each from 0 to 255.
    """
    if count != 1 or arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("bytes() requires an array argument"))
    numbers = as_array(arguments[0])
    if not text_room_for(vm, numbers.length):
        return raise_out_of_memory(vm)
    made = allocate_bytes(vm, numbers.length)
    for i in range(numbers.length):
        item = array_get(numbers, i)
        if item.tag != INT:
            return raise_literal(vm, literal("bytes() requires an array of integers"))
        if u64(item.payload) > 255:
            message = builder_new(vm)
            append_literal(vm, message, literal("bytes() requires integers in range 0-255, got "))
            builder_append_int(vm, message, item.payload)
            return raise_built(vm, message)
        made.data[i] = u8(item.payload)
    return bytes_value(made)
