"""Raising any value: making an error in flight of what a program throws (`language` 8.1)."""

from __future__ import annotations

from rufflang.bytecode.positions import LINE_SHIFT
from rufflang.lowpy import function, i64, literal, literal_size
from rufflang.runtime.display import display_value
from rufflang.runtime.errors import raise_built, raise_message
from rufflang.runtime.marking import share
from rufflang.runtime.objects import StructObject
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_comparing import string_equal
from rufflang.runtime.structs import as_struct, field_get, struct_value
from rufflang.runtime.structs_layout import definition_of, field_value
from rufflang.runtime.text_builder import builder_append, builder_append_string, builder_new
from rufflang.runtime.values import ARRAY, ERROR, INT, STRING, STRUCT, Value
from rufflang.runtime.vm import VM
from rufflang.source import MOST_LINES


@function
def throw_value(vm: VM, value: Value) -> Value:
    """Puts an error made of any value in flight (`language` 8.1); gives ERROR."""
    if value.tag == STRING:
        return raise_message(vm, as_string(value))
    if value.tag != STRUCT:
        text = display_value(vm, value)
        if text.tag == ERROR:
            return text
        return raise_message(vm, as_string(text))
    return raise_struct(vm, as_struct(value))


@function
def raise_struct(vm: VM, instance: StructObject) -> Value:
    """Throws a struct: a caught error again, or a new error made from its fields."""
    definition = definition_of(vm, instance)
    name = definition.name
    is_whole = field_value(instance, 1).tag == ARRAY and field_value(instance, 2).tag == INT
    is_caught = definition == vm.error_definition and is_whole
    message = field_get(vm, instance, vm.error_fields[0])
    if is_caught and message.tag == STRING:
        raise_message(vm, as_string(message))
        vm.error = struct_value(instance)
        recall_position(vm, field_value(instance, 2).payload)
        share(vm.error)
        return Value(ERROR, 0)
    if message.tag == STRING:
        raise_message(vm, as_string(message))
    else:
        text = builder_new(vm)
        builder_append_string(vm, text, name)
        builder_append(vm, text, literal(" error"), literal_size(" error"))
        raise_built(vm, text)
    vm.error_cause = field_get(vm, instance, vm.error_fields[3])
    share(vm.error_cause)
    if string_equal(name, vm.error_definition.name):
        keep_given_parts(vm, instance)
    return Value(ERROR, 0)


@function
def keep_given_parts(vm: VM, instance: StructObject) -> None:
    """A struct named Error made by hand keeps the stack and line it has."""
    stack = field_get(vm, instance, vm.error_fields[1])
    if stack.tag == ARRAY:
        share(stack)
        vm.error_stack = stack
    line = field_get(vm, instance, vm.error_fields[2])
    if line.tag == INT:
        vm.error_line = line


@function
def recall_position(vm: VM, line: i64) -> None:
    """Places an error that is thrown again: where the last one caught was, if that is it, else in its line."""
    if vm.caught_position >> LINE_SHIFT == line:
        vm.error_position = vm.caught_position
        vm.error_proto = vm.caught_proto
    else:
        vm.error_position = position_of_line(line)


@function
def position_of_line(line: i64) -> i64:
    """The place that a line is of which nothing else is known; 0, no place, for what can be no line."""
    if line < 0 or line > MOST_LINES:
        return 0
    return line << LINE_SHIFT
