"""Display and debug texts of values without parts."""

from __future__ import annotations

from rufflang.bytecode.chunk import ASYNC as ASYNC_FUNCTION
from rufflang.bytecode.chunk import GENERATOR as GENERATOR_FUNCTION
from rufflang.lowpy import Ptr, cast, function, i64, is_null, literal, literal_size, u8
from rufflang.runtime.byte_strings import as_bytes
from rufflang.runtime.objects import (
    CANCELLED,
    EXHAUSTED,
    PENDING,
    RESOLVED,
    EnumDefinition,
    FunctionObject,
    GeneratorObject,
    PromiseObject,
    Proto,
    StringObject,
    StructDefinition,
    TaskObject,
)
from rufflang.runtime.promises import reason_of
from rufflang.runtime.sets_hash import is_leaf
from rufflang.runtime.strings import as_string
from rufflang.runtime.structs import as_struct
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_byte,
    builder_append_float,
    builder_append_int,
    builder_append_string,
)
from rufflang.runtime.values import (
    BOOL,
    BYTES,
    CHANNEL,
    ENUM,
    FLOAT,
    FUNCTION,
    GENERATOR,
    INT,
    ITERATOR,
    NATIVE,
    NULL,
    PROMISE,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TASK,
    Value,
    as_float,
)
from rufflang.runtime.vm import VM

_QUOTE = 34
_CLOSE = 41
_SPACE = 32
_LESS = 60
_GREATER = 62


@function(inline=True)
def has_parts(value: Value) -> bool:
    """Whether the value's display text contains those of other values."""
    return not is_leaf(value)


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
        _append_function(vm, builder, cast(FunctionObject, value.payload).proto)
    elif tag == NATIVE:
        _append_native(vm, builder, vm.builtins[value.payload].name)
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
    elif tag == GENERATOR:
        _append_generator(vm, builder, cast(GeneratorObject, value.payload))
    elif tag == PROMISE:
        _append_promise(vm, builder, i64(cast(PromiseObject, value.payload).flags))
    elif tag == TASK:
        builder_append(vm, builder, literal("<task>"), literal_size("<task>"))
    elif tag == CHANNEL:
        builder_append(vm, builder, literal("<channel>"), literal_size("<channel>"))
    elif tag == BYTES:
        builder_append(vm, builder, literal("<bytes: "), literal_size("<bytes: "))
        builder_append_int(vm, builder, as_bytes(value).byte_count)
        builder_append_byte(vm, builder, _GREATER)
    else:
        builder_append(vm, builder, literal("<unknown>"), literal_size("<unknown>"))


@function
def _append_native(vm: VM, builder: TextBuilder, name: StringObject) -> None:
    builder_append(vm, builder, literal("<native function: "), literal_size("<native function: "))
    builder_append_string(vm, builder, name)
    builder_append_byte(vm, builder, _GREATER)


@function
def _append_function(vm: VM, builder: TextBuilder, proto: Proto) -> None:
    """`<function name>`, `<async function name>`, `<generator function with n params>`, or as a native one."""
    if proto.hidden != 0:
        _append_native(vm, builder, proto.name)
        return
    if proto.kind == GENERATOR_FUNCTION:
        builder_append(vm, builder, literal("<generator function with "), literal_size("<generator function with "))
        builder_append_int(vm, builder, proto.parameter_count - proto.has_receiver)
        builder_append(vm, builder, literal(" params>"), literal_size(" params>"))
        return
    builder_append_byte(vm, builder, _LESS)
    if proto.kind == ASYNC_FUNCTION:
        builder_append(vm, builder, literal("async "), literal_size("async "))
    builder_append(vm, builder, literal("function"), literal_size("function"))
    name = proto.declared_name
    if not is_null(name) and name.byte_count > 0:
        builder_append_byte(vm, builder, _SPACE)
        builder_append_string(vm, builder, name)
    builder_append_byte(vm, builder, _GREATER)


@function
def _append_promise(vm: VM, builder: TextBuilder, state: i64) -> None:
    if state == PENDING:
        builder_append(vm, builder, literal("<promise: pending>"), literal_size("<promise: pending>"))
    elif state == RESOLVED:
        builder_append(vm, builder, literal("<promise: resolved>"), literal_size("<promise: resolved>"))
    else:
        builder_append(vm, builder, literal("<promise: rejected>"), literal_size("<promise: rejected>"))


@function
def _append_generator(vm: VM, builder: TextBuilder, generator: GeneratorObject) -> None:
    if i64(generator.flags) == EXHAUSTED:
        builder_append(vm, builder, literal("<exhausted generator ("), literal_size("<exhausted generator ("))
    else:
        builder_append(vm, builder, literal("<generator ("), literal_size("<generator ("))
    builder_append_int(vm, builder, i64(generator.aux))
    builder_append(vm, builder, literal(" params)>"), literal_size(" params)>"))


# ------------------------------------------------------------------------------- debug


@function(inline=True)
def has_debug_parts(value: Value) -> bool:
    """Whether the value's debug form contains those of other values."""
    if value.tag == PROMISE:
        return i64(cast(PromiseObject, value.payload).flags) == RESOLVED
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
def _append_debug_function(vm: VM, builder: TextBuilder, proto: Proto) -> None:
    if proto.hidden != 0:
        _append_named(vm, builder, literal("NativeFunction("), literal_size("NativeFunction("), proto.name)
        return
    if proto.kind == ASYNC_FUNCTION:
        builder_append(vm, builder, literal("Async"), 5)
    builder_append(vm, builder, literal("Function"), literal_size("Function"))


@function
def _append_debug_handle(vm: VM, builder: TextBuilder, value: Value) -> None:
    tag = value.tag
    if tag == STRUCT:
        name = definition_of(vm, as_struct(value)).name
        _append_named(vm, builder, literal("Struct("), literal_size("Struct("), name)
    elif tag == FUNCTION:
        _append_debug_function(vm, builder, cast(FunctionObject, value.payload).proto)
    elif tag == NATIVE:
        name = vm.builtins[value.payload].name
        _append_named(vm, builder, literal("NativeFunction("), literal_size("NativeFunction("), name)
    elif tag == STRUCT_DEFINITION:
        name = cast(StructDefinition, value.payload).name
        _append_named(vm, builder, literal("StructDef("), literal_size("StructDef("), name)
    elif tag == ENUM:
        name = cast(EnumDefinition, value.payload).name
        _append_named(vm, builder, literal("EnumDef("), literal_size("EnumDef("), name)
    elif tag == BYTES:
        builder_append(vm, builder, literal("Bytes("), literal_size("Bytes("))
        builder_append_int(vm, builder, as_bytes(value).byte_count)
        builder_append(vm, builder, literal(" bytes)"), literal_size(" bytes)"))
    elif tag == PROMISE:
        _append_unresolved(vm, builder, cast(PromiseObject, value.payload))
    elif tag == TASK:
        if i64(cast(TaskObject, value.payload).flags) == CANCELLED:
            builder_append(vm, builder, literal("TaskHandle(Cancelled)"), literal_size("TaskHandle(Cancelled)"))
        else:
            builder_append(vm, builder, literal("TaskHandle(Running)"), literal_size("TaskHandle(Running)"))
    elif tag == CHANNEL:
        builder_append(vm, builder, literal("Channel"), literal_size("Channel"))
    else:
        append_leaf(vm, builder, value)


@function
def _append_unresolved(vm: VM, builder: TextBuilder, promise: PromiseObject) -> None:
    if i64(promise.flags) == PENDING:
        builder_append(vm, builder, literal("Promise(Pending)"), literal_size("Promise(Pending)"))
    else:
        reason = reason_of(vm, promise)
        _append_named(vm, builder, literal("Promise(Rejected: "), literal_size("Promise(Rejected: "), reason)


@function
def _append_named(vm: VM, builder: TextBuilder, before: Ptr[u8], size: i64, name: StringObject) -> None:
    builder_append(vm, builder, before, size)
    builder_append_string(vm, builder, name)
    builder_append_byte(vm, builder, _CLOSE)
