"""Making texts: interpolation, and appending in place to a string that is under construction.

See `runtime.strings_growing` for what such a string is, and `bytecode.growing` for where there are any.
"""

from __future__ import annotations

from rufflang.interpreter.arithmetic import add
from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, function, i64, word
from rufflang.runtime.display import append_counted
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.strings_growing import append_string, complete, growing, note_characters
from rufflang.runtime.text_builder import TextBuilder, builder_failed, builder_finish_counted, builder_new
from rufflang.runtime.values import ERROR, STRING, Value
from rufflang.runtime.vm import VM


@function(inline=True)
def _append_texts(vm: VM, builder: TextBuilder, parts: Ptr[Value], count: i64) -> None:
    for index in range(count):
        append_counted(vm, builder, parts[index])


@opcode("BUILD_STRING")
@function
def build_string(vm: VM, parts: Ptr[Value], count: i64) -> Value:
    text = builder_new(vm)
    _append_texts(vm, text, parts, count)
    if builder_failed(text):
        return raise_out_of_memory(vm)
    return Value(STRING, word(builder_finish_counted(vm, text)))


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
