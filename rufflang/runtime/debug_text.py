"""Debug text: the short form of values in messages, where containers show only their size."""

from __future__ import annotations

from rufflang.lowpy import function, literal, literal_size
from rufflang.runtime.arrays import as_array
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.display import append_debug
from rufflang.runtime.strings import as_string
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_int,
    builder_append_string,
)
from rufflang.runtime.values import ARRAY, DICT, STRING, Value
from rufflang.runtime.vm import VM

_QUOTE = 34
_CLOSE_ROUND = 41
_CLOSE_SQUARE = 93


@function
def append_debug_text(vm: VM, builder: TextBuilder, value: Value) -> None:
    """Adds the debug text of a value."""
    if value.tag == STRING:
        builder_append(vm, builder, literal('Str("'), literal_size('Str("'))
        builder_append_string(vm, builder, as_string(value))
        builder_append_byte(vm, builder, _QUOTE)
        builder_append_byte(vm, builder, _CLOSE_ROUND)
    elif value.tag == ARRAY:
        builder_append(vm, builder, literal("Array["), literal_size("Array["))
        builder_append_int(vm, builder, as_array(value).length)
        builder_append_byte(vm, builder, _CLOSE_SQUARE)
    elif value.tag == DICT:
        builder_append(vm, builder, literal("Dict{"), literal_size("Dict{"))
        builder_append_int(vm, builder, as_dict(value).count)
        builder_append(vm, builder, literal(" keys}"), literal_size(" keys}"))
    else:
        append_debug(vm, builder, value)
