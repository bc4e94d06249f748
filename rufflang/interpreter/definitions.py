"""Functions, structs, enums, results and tagged values as opcodes.

Descriptor constants (`bytecode.chunk`) arrive as VALUES objects; `loading` writes them and
the positions used here are the ones it uses.
"""

from __future__ import annotations

from rufflang.interpreter.calling import call_value
from rufflang.interpreter.feedback import record_kind
from rufflang.interpreter.table import opcode
from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    function,
    i64,
    literal,
    literal_size,
    size_of,
    u32,
    u64,
    word,
)
from rufflang.runtime.errors import raise_text
from rufflang.runtime.heap import allocate, take_cell
from rufflang.runtime.objects import (
    ERR_VARIANT,
    NONE_VARIANT,
    OK_VARIANT,
    SOME_VARIANT,
    BoxObject,
    CellObject,
    EnumDefinition,
    FunctionObject,
    Proto,
    StringObject,
    StructDefinition,
    StructObject,
    TaggedObject,
    ValuesObject,
)
from rufflang.runtime.results import new_box
from rufflang.runtime.structs import anonymous_definition, field_set, field_slot, new_definition, new_instance
from rufflang.runtime.structs_layout import (
    definition_of,
    field_value,
    has_number,
    instance_size,
    set_all_fields,
    set_field_value,
)
from rufflang.runtime.values import (
    ENUM,
    ERROR,
    FUNCTION,
    NULL,
    OPTION,
    RESULT,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    UNBOUND,
    Value,
)
from rufflang.runtime.vm import VM

# Items of a struct constant: name, counts, then field names, method names, default slots.
STRUCT_NAME = 0
STRUCT_FIELD_COUNT = 1
STRUCT_METHOD_COUNT = 2
STRUCT_DEFAULT_COUNT = 3
STRUCT_NAMES = 4
# Items of a literal constant: name, count, then field names.
LITERAL_NAME = 0
LITERAL_COUNT = 1
LITERAL_NAMES = 2

SEVERAL_DEFINITIONS = 1
"""Bit of the cache word of a literal: the definition noted there is not the only one it has met."""


@opcode("MAKE_FUNCTION")
@function
def make_function(vm: VM, registers: Ptr[Value], proto: Proto) -> Value:
    closure = new_function(vm, proto)
    for index in range(proto.capture_count):
        cell = registers[proto.captures[index]]
        closure.captures[index] = cast(CellObject, cell.payload)
    return Value(FUNCTION, word(closure))


@function
def new_function(vm: VM, proto: Proto) -> FunctionObject:
    """A closure whose captures are still to be filled in."""
    size = size_of(FunctionObject) + proto.capture_count * 8
    closure = cast(FunctionObject, allocate(vm, size, FUNCTION))
    closure.proto = proto
    closure.capture_count = proto.capture_count
    return closure


@opcode("MAKE_STRUCT")
@function
def make_struct(vm: VM, constant: ValuesObject, closures: Ptr[Value]) -> Value:
    items = constant.items
    field_count = items[STRUCT_FIELD_COUNT].payload
    method_count = items[STRUCT_METHOD_COUNT].payload
    fields = element(items, STRUCT_NAMES)
    methods = element(fields, field_count)
    name = cast(StringObject, items[STRUCT_NAME].payload)
    definition = new_definition(vm, name, fields, field_count, methods, method_count, closures)
    slots = element(methods, method_count)
    defaults = definition.defaults.items
    for index in range(items[STRUCT_DEFAULT_COUNT].payload):
        defaults[slots[index].payload] = closures[method_count + index]
    return Value(STRUCT_DEFINITION, word(definition))


@opcode("MAKE_ENUM")
@function
def make_enum(vm: VM, constant: ValuesObject) -> Value:
    definition = cast(EnumDefinition, allocate(vm, size_of(EnumDefinition), ENUM))
    definition.name = cast(StringObject, constant.items[0].payload)
    return Value(ENUM, word(definition))


@opcode("NEW_STRUCT")
@function
def new_struct(vm: VM, definition: Value, constant: ValuesObject, values: Ptr[Value], cache: Ptr[u64]) -> Value:
    """An instance with the given fields; the cache says that they are the declared ones in order."""
    if definition.tag == STRUCT_DEFINITION:
        known = cast(StructDefinition, definition.payload)
        if u64(known.aux) == cache[0] >> 32:
            count = known.field_count
            instance = cast(StructObject, take_cell(vm, instance_size(count), STRUCT))
            set_all_fields(instance, u64(known.aux), values, count)
            return Value(STRUCT, word(instance))
    return new_struct_other(vm, definition, constant, values, cache)


@function
def new_struct_other(vm: VM, definition: Value, constant: ValuesObject, values: Ptr[Value], cache: Ptr[u64]) -> Value:
    """Any struct literal: undeclared names, extra fields, defaults."""
    items = constant.items
    count = items[LITERAL_COUNT].payload
    names = element(items, LITERAL_NAMES)
    if definition.tag == STRUCT_DEFINITION:
        kind = cast(StructDefinition, definition.payload)
    else:
        kind = anonymous_definition(vm, cast(StringObject, items[LITERAL_NAME].payload), names, count)
    instance = new_instance(vm, kind)
    in_order = count == kind.field_count and definition.tag == STRUCT_DEFINITION and has_number(u64(kind.aux))
    for index in range(count):
        name = cast(StringObject, names[index].payload)
        field_set(vm, instance, name, values[index])
        if field_slot(kind, name) != index:
            in_order = False
    if in_order:
        several = 0 if cache[0] == 0 else SEVERAL_DEFINITIONS
        cache[0] = (u64(kind.aux) << 32) | (cache[0] & u64(SEVERAL_DEFINITIONS)) | u64(several)
    return add_defaults(vm, instance)


@function
def add_defaults(vm: VM, instance: StructObject) -> Value:
    """Evaluates the defaults of the fields that are still absent."""
    definition = definition_of(vm, instance)
    for slot in range(definition.field_count):
        default = definition.defaults.items[slot]
        if field_value(instance, slot).tag == UNBOUND and default.tag != UNBOUND:
            value = call_value(vm, default, definition.defaults.items, 0)
            if value.tag == ERROR:
                return value
            set_field_value(instance, slot, value)
    return Value(STRUCT, word(instance))


@opcode("MAKE_OK")
@function
def make_ok(vm: VM, value: Value) -> Value:
    return new_box(vm, RESULT, OK_VARIANT, value)


@opcode("MAKE_ERR")
@function
def make_err(vm: VM, value: Value) -> Value:
    return new_box(vm, RESULT, ERR_VARIANT, value)


@opcode("MAKE_SOME")
@function
def make_some(vm: VM, value: Value) -> Value:
    return new_box(vm, OPTION, SOME_VARIANT, value)


@opcode("LOAD_NONE")
@function
def load_none(vm: VM) -> Value:
    return Value(OPTION, word(vm.none))


@opcode("MAKE_TAGGED")
@function
def make_tagged(vm: VM, payload: Ptr[Value], name: StringObject, count: i64) -> Value:
    tagged = cast(TaggedObject, allocate(vm, size_of(TaggedObject) + count * 16, TAGGED))
    tagged.aux = u32(count)
    tagged.name = name
    copy_memory(tagged.payload, payload, count * 16)
    return Value(TAGGED, word(tagged))


@function(inline=True)
def payload_count(value: Value) -> i64:
    """Number of payload items of a result, option or tagged value; 0 for others."""
    if value.tag == TAGGED:
        return i64(cast(TaggedObject, value.payload).aux)
    if value.tag == RESULT or value.tag == OPTION:
        return 0 if i64(cast(BoxObject, value.payload).aux) == NONE_VARIANT else 1
    return 0


@opcode("JUMP_IF_NO_PAYLOAD")
@function
def jump_if_no_payload(vm: VM, value: Value, index: i64) -> bool:
    return payload_count(value) <= index


@function
def payload_item(vm: VM, value: Value, index: i64) -> Value:
    """An item of the payload, borrowed; null if there are not so many."""
    if payload_count(value) <= index:
        return Value(NULL, 0)
    item = cast(BoxObject, value.payload).value
    if value.tag == TAGGED:
        item = cast(TaggedObject, value.payload).payload[index]
    return item


@opcode("PAYLOAD", without_feedback=payload_item)
@function
def payload(vm: VM, value: Value, index: i64, cache: Ptr[u64]) -> Value:
    item = payload_item(vm, value, index)
    record_kind(cache, item)
    return item


@opcode("JUMP_IF_NOT_VARIANT")
@function
def jump_if_not_variant(vm: VM, value: Value, variant: i64) -> bool:
    if value.tag != RESULT and value.tag != OPTION:
        return True
    return i64(cast(BoxObject, value.payload).aux) != variant


@opcode("JUMP_IF_UNWRAPPED")
@function
def unwrap(vm: VM, value: Value) -> Value:
    """The payload of Ok or Some; UNBOUND for Err and None, which the function returns."""
    if value.tag != RESULT and value.tag != OPTION:
        message = literal("Try operator requires Result or Option")
        return raise_text(vm, message, literal_size("Try operator requires Result or Option"))
    box = cast(BoxObject, value.payload)
    variant = i64(box.aux)
    if variant == OK_VARIANT or variant == SOME_VARIANT:
        return box.value
    return Value(UNBOUND, 0)
