"""Display and debug texts of values without parts."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, is_null, literal, literal_size, u8
from rufflang.runtime.objects import EnumDefinition, FunctionObject, StringObject, StructDefinition
from rufflang.runtime.strings import as_string
from rufflang.runtime.structs import as_struct
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_float,
    builder_append_int,
    builder_append_string,
)
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    DICT,
    ENUM,
    FLOAT,
    FUNCTION,
    INT,
    ITERATOR,
    NATIVE,
    NULL,
    OPTION,
    RESULT,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    Value,
    as_float,
)
from rufflang.runtime.vm import VM

_QUOTE = 34
_CLOSE = 41
_GREATER = 62


@function(inline=True)
def has_parts(value: Value) -> bool:
    """Whether the value's display text contains those of other values."""
    tag = value.tag
    return tag == ARRAY or tag == DICT or tag == STRUCT or tag == TAGGED or tag == RESULT or tag == OPTION


@function
def append_leaf(vm: VM, builder: TextBuilder, value: Value) -> None:
    """Adds the display text of a value without parts."""
    tag = value.tag
    if tag == INT:
        builder_append_int(vm, builder, value.payload)
    elif tag == STRING:
        builder_append_string(vm, builder, as_string(value))
    elif tag == FLOAT:
        builder_append_float(vm, builder, as_float(value))
    elif tag == BOOL:
        if value.payload != 0:
            builder_append(vm, builder, literal("true"), 4)
        else:
            builder_append(vm, builder, literal("false"), 5)
    elif tag == NULL:
        builder_append(vm, builder, literal("null"), 4)
    else:
        _append_handle(vm, builder, value)


@function
def _append_handle(vm: VM, builder: TextBuilder, value: Value) -> None:
    tag = value.tag
    if tag == FUNCTION:
        name = cast(FunctionObject, value.payload).proto.declared_name
        builder_append(vm, builder, literal("<function"), literal_size("<function"))
        if not is_null(name) and name.byte_count > 0:
            builder_append_byte(vm, builder, 32)
            builder_append_string(vm, builder, name)
        builder_append_byte(vm, builder, _GREATER)
    elif tag == NATIVE:
        builder_append(vm, builder, literal("<native function: "), literal_size("<native function: "))
        builder_append_string(vm, builder, vm.builtins[value.payload].name)
        builder_append_byte(vm, builder, _GREATER)
    elif tag == STRUCT_DEFINITION:
        builder_append(vm, builder, literal("<struct "), literal_size("<struct "))
        builder_append_string(vm, builder, cast(StructDefinition, value.payload).name)
        builder_append_byte(vm, builder, _GREATER)
    elif tag == ENUM:
        builder_append(vm, builder, literal("<enum "), literal_size("<enum "))
        builder_append_string(vm, builder, cast(EnumDefinition, value.payload).name)
        builder_append_byte(vm, builder, _GREATER)
    elif tag == ITERATOR:
        builder_append(vm, builder, literal("<iterator>"), literal_size("<iterator>"))
    else:
        builder_append(vm, builder, literal("<unknown>"), literal_size("<unknown>"))


# ------------------------------------------------------------------------------- debug


@function(inline=True)
def has_debug_parts(value: Value) -> bool:
    """Whether the value's debug form contains those of other values."""
    return has_parts(value) and value.tag != STRUCT


@function
def append_debug_leaf(vm: VM, builder: TextBuilder, value: Value) -> None:
    """Adds the debug form of a value without parts."""
    tag = value.tag
    if tag == NULL:
        builder_append(vm, builder, literal("Null"), 4)
    elif tag == INT:
        _append_wrapped(vm, builder, value, literal("Int("), 4)
    elif tag == FLOAT:
        _append_wrapped(vm, builder, value, literal("Float("), 6)
    elif tag == BOOL:
        _append_wrapped(vm, builder, value, literal("Bool("), 5)
    elif tag == STRING:
        builder_append(vm, builder, literal('String("'), literal_size('String("'))
        builder_append_string(vm, builder, as_string(value))
        builder_append_byte(vm, builder, _QUOTE)
        builder_append_byte(vm, builder, _CLOSE)
    else:
        _append_debug_handle(vm, builder, value)


@function
def _append_wrapped(vm: VM, builder: TextBuilder, value: Value, before: Ptr[u8], size: i64) -> None:
    builder_append(vm, builder, before, size)
    append_leaf(vm, builder, value)
    builder_append_byte(vm, builder, _CLOSE)


@function
def _append_debug_handle(vm: VM, builder: TextBuilder, value: Value) -> None:
    tag = value.tag
    if tag == STRUCT:
        name = as_struct(value).definition.name
        _append_named(vm, builder, literal("Struct("), literal_size("Struct("), name)
    elif tag == FUNCTION:
        builder_append(vm, builder, literal("Function"), literal_size("Function"))
    elif tag == NATIVE:
        name = vm.builtins[value.payload].name
        _append_named(vm, builder, literal("NativeFunction("), literal_size("NativeFunction("), name)
    elif tag == STRUCT_DEFINITION:
        name = cast(StructDefinition, value.payload).name
        _append_named(vm, builder, literal("StructDef("), literal_size("StructDef("), name)
    elif tag == ENUM:
        name = cast(EnumDefinition, value.payload).name
        _append_named(vm, builder, literal("EnumDef("), literal_size("EnumDef("), name)
    else:
        append_leaf(vm, builder, value)


@function
def _append_named(vm: VM, builder: TextBuilder, before: Ptr[u8], size: i64, name: StringObject) -> None:
    builder_append(vm, builder, before, size)
    builder_append_string(vm, builder, name)
    builder_append_byte(vm, builder, _CLOSE)
