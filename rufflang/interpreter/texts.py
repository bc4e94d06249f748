"""Making texts: interpolation, and appending in place to a string that is under construction.

See `runtime.strings_growing` for what such a string is, and `bytecode.growing` for where there are any.
"""

from __future__ import annotations

from rufflang.interpreter.arithmetic import add
from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, element, function, i64, is_null, word
from rufflang.runtime.display import append_counted
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import text_room_for
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.strings_adding import concat_strings
from rufflang.runtime.strings_growing import append_string, complete, growing, note_characters
from rufflang.runtime.strings_short import short_text
from rufflang.runtime.text_builder import COPY_LIMIT, TextBuilder, builder_failed, builder_finish_counted, builder_new
from rufflang.runtime.values import ERROR, STRING, Value
from rufflang.runtime.vm import VM


@function(inline=True)
def _append_texts(vm: VM, builder: TextBuilder, parts: Ptr[Value], count: i64) -> None:
    for index in range(count):
        append_counted(vm, builder, parts[index])


@opcode("BUILD_STRING")
@function
def build_string(vm: VM, parts: Ptr[Value], count: i64) -> Value:
    if count > 1 and parts[0].tag == STRING and as_string(parts[0]).byte_count > COPY_LIMIT:
        return _continued(vm, as_string(parts[0]), element(parts, 1), count - 1)
    short = short_text(vm, parts, count)
    if not is_null(short):
        return string_value(short)
    text = builder_new(vm)
    _append_texts(vm, text, parts, count)
    if builder_failed(text):
        return raise_out_of_memory(vm)
    return Value(STRING, word(builder_finish_counted(vm, text)))


@function(cold=True)
def _continued(vm: VM, start: StringObject, parts: Ptr[Value], count: i64) -> Value:
    """A long text and what is to stand behind it: `text := "${text}, ${item}"` takes no longer each time."""
    rest = build_string(vm, parts, count)
    if rest.tag == ERROR:
        return rest
    if not text_room_for(vm, start.byte_count + as_string(rest).byte_count):
        return raise_out_of_memory(vm)
    return string_value(concat_strings(vm, start, as_string(rest)))


@opcode("APPEND")
@function
def append(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == STRING and right.tag == STRING:
        return append_string(vm, as_string(left), as_string(right))
    return add(vm, left, right)


@opcode("APPEND_TEXTS")
@function
def append_texts(vm: VM, left: Value, parts: Ptr[Value], count: i64) -> Value:
    if left.tag != STRING:
        text = build_string(vm, parts, count)
        return text if text.tag == ERROR else add(vm, left, text)
    builder = growing(vm, as_string(left))
    _append_texts(vm, builder, parts, count)
    if builder_failed(builder):
        return raise_out_of_memory(vm)
    note_characters(builder)
    return string_value(builder)


@opcode("COMPLETE")
@function
def complete_text(vm: VM, text: Value) -> Value:
    if text.tag == STRING:
        return string_value(complete(vm, as_string(text)))
    return text
