"""Raising: how runtime functions put an error in flight.

A function that fails calls one of these and returns the result (`return raise_text(…)`).
Only the message is recorded here; where the error happened and the call stack are added by
the first frame that sees it (`rufflang.interpreter.unwinding`).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, external, function, i64, literal, literal_size, null, u8
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.objects import Proto, StringObject
from rufflang.runtime.stopping import ask_to_stop, look_at_calls_again
from rufflang.runtime.strings import new_string, string_value
from rufflang.runtime.strings_adding import concat_strings
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_string,
    builder_failed,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import UNBOUND, Value
from rufflang.runtime.vm import STOP_MEMORY, VM

_OUT_OF_MEMORY = "Memory limit exceeded"


@function(cold=True)
def raise_message(vm: VM, message: StringObject) -> Raised:
    """Puts an ordinary, catchable error with this message in flight."""
    vm.error_message = message
    vm.error = Value(0, 0)
    vm.error_cause = Value(0, 0)
    vm.error_subject = Value(0, 0)
    vm.error_stack = Value(0, 0)
    vm.error_line = Value(0, 0)
    vm.error_is_fatal = 0
    vm.error_position = 0
    vm.error_proto = null(Proto)
    return Raised()


@function(cold=True)
def raise_text(vm: VM, data: Ptr[u8], size: i64) -> Raised:
    """Raises an error with these bytes as its message."""
    return raise_message(vm, new_string(vm, data, size))


@function(cold=True)
def raise_built(vm: VM, message: TextBuilder) -> Raised:
    """Raises an error with the text of a builder, which is used up."""
    return raise_message(vm, builder_finish(vm, message))


@function(cold=True)
def raise_around(
    vm: VM, before: Ptr[u8], before_size: i64, middle: StringObject, after: Ptr[u8], after_size: i64
) -> Raised:
    """Raises an error whose message is a string between two constant texts."""
    message = builder_new(vm)
    builder_append(vm, message, before, before_size)
    builder_append_string(vm, message, middle)
    builder_append(vm, message, after, after_size)
    return raise_built(vm, message)


@function(cold=True)
def raise_out_of_memory(vm: VM) -> Raised:
    """A value would not fit under the memory limit: ends the program like every excess of it."""
    ask_to_stop(vm, STOP_MEMORY)
    message = new_string(vm, literal(_OUT_OF_MEMORY), literal_size(_OUT_OF_MEMORY))
    raise_message(vm, message)
    vm.error_is_fatal = 2
    return Raised()


@function(export="ruff_take_error")
def take_error(vm: VM) -> Value:
    """The error in flight as a value, a string where no frame has seen it; afterwards none is in flight."""
    error = vm.error if vm.error.tag != UNBOUND else string_value(vm.error_message)
    vm.error = Value(UNBOUND, 0)
    vm.error_cause = Value(UNBOUND, 0)
    vm.caught_position = vm.error_position
    vm.caught_proto = vm.error_proto
    look_at_calls_again(vm)  # frames are gone
    return error


@external("strlen")
def _text_length(text: Ptr[u8]) -> i64: ...


@function(cold=True)
def raise_literal(vm: VM, text: Ptr[u8]) -> Raised:
    """Raises an error whose message is a `literal(…)`."""
    return raise_text(vm, text, _text_length(text))


@function(cold=True)
def raise_named(vm: VM, name: Ptr[u8], rest: Ptr[u8]) -> Raised:
    """Raises an error whose message is a name and a text right behind it, both `literal(…)`."""
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, rest)
    return raise_built(vm, message)


@function(cold=True)
def raise_about(vm: VM, start: Ptr[u8], name: StringObject) -> Raised:
    """Raises an error whose message is a `literal(…)` and a name right behind it."""
    message = builder_new(vm)
    append_literal(vm, message, start)
    builder_append_string(vm, message, name)
    return raise_built(vm, message)


@function(cold=True)
def append_literal(vm: VM, message: TextBuilder, text: Ptr[u8]) -> None:
    """Adds a `literal(…)` to a text."""
    builder_append(vm, message, text, _text_length(text))


@function
def built_text(vm: VM, builder: TextBuilder) -> Value:
    """The text of a builder as a value; raises if it did not fit under the memory limit."""
    if builder_failed(builder):
        return raise_out_of_memory(vm)
    return string_value(builder_finish(vm, builder))


@function(inline=True)
def add_strings(vm: VM, a: StringObject, b: StringObject) -> Value:
    """The meaning of `+` on strings; raises if the result does not fit under the memory limit."""
    if not text_room_for(vm, a.byte_count + b.byte_count):
        return raise_out_of_memory(vm)
    return string_value(concat_strings(vm, a, b))
