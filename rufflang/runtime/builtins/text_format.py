"""`format`: printf-like templates."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, offset, u8
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.debug_text import append_debug_text
from rufflang.runtime.display import append_display
from rufflang.runtime.errors import append_literal, built_text, raise_built, raise_literal
from rufflang.runtime.numbers_arguments import as_number, is_number, whole_number
from rufflang.runtime.strings import as_string
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_float,
    builder_append_int,
    builder_new,
)
from rufflang.runtime.values import BOOL, ERROR, NULL, STRING, Value
from rufflang.runtime.vm import VM

_PERCENT = 37
_TEXT = 115  # s
_WHOLE = 100  # d
_FRACTIONAL = 102  # f


@function(cold=True)
def _missing(vm: VM, letter: u8) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, literal("format() missing argument for placeholder %"))
    builder_append_byte(vm, message, letter)
    return raise_built(vm, message)


@function(cold=True)
def _not_numeric(vm: VM, letter: u8, value: Value) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, literal("format() %"))
    builder_append_byte(vm, message, letter)
    append_literal(vm, message, literal(" requires numeric argument, got "))
    append_debug_text(vm, message, value)
    return raise_built(vm, message)


@function
def _append_formatted(vm: VM, builder: TextBuilder, letter: u8, value: Value) -> Value:
    """Adds a value in the form that a placeholder asks for; ERROR if it has no such form."""
    if letter == _TEXT:
        append_display(vm, builder, value)
    elif letter == _WHOLE and (is_number(value) or value.tag == BOOL):
        builder_append_int(vm, builder, value.payload if value.tag == BOOL else whole_number(value))
    elif letter == _FRACTIONAL and is_number(value):
        builder_append_float(vm, builder, as_number(value))
    else:
        return _not_numeric(vm, letter, value)
    return Value(NULL, 0)


@function
def _next_percent(data: Ptr[u8], size: i64, start: i64) -> i64:
    position = start
    while position < size and data[position] != _PERCENT:
        position += 1
    return position


@builtin("format")
@function
def builtin_format(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """format(template: string, ...args: any) -> string

    The template with %s (display text), %d (int) and %f (float) replaced by the arguments in
    turn, and %% by a percent sign.
    """
    if count == 0:
        return raise_literal(vm, literal("format() requires at least 1 argument (template)"))
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("format() first argument must be a string"))
    data = as_string(arguments[0]).data
    size = as_string(arguments[0]).byte_count
    builder = builder_new(vm)
    used = 1
    position = 0
    while position < size:
        percent = _next_percent(data, size, position)
        builder_append(vm, builder, offset(data, position), percent - position)
        position = percent + 2
        letter: u8 = _PERCENT
        if percent + 1 < size:
            letter = data[percent + 1]
        if letter == _TEXT or letter == _WHOLE or letter == _FRACTIONAL:
            if used == count:
                return _missing(vm, letter)
            added = _append_formatted(vm, builder, letter, arguments[used])
            if added.tag == ERROR:
                return added
            used += 1
        elif percent < size:
            builder_append_byte(vm, builder, _PERCENT)
            if letter != _PERCENT:
                position = percent + 1
    return built_text(vm, builder)
