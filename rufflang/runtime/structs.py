"""Struct definitions and instances.

A definition gives each declared field a slot; an instance has those fields inline.  Few instances have
others too: these have a dict for them, in an extension (`structs_layout`).  Literals of undeclared
struct names get a definition made from their field names, one for each name and set of
fields in written order.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, is_null, null, size_of, u8, u64, word
from rufflang.runtime.dicts import dict_clone, dict_set, new_dict
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.dicts_finding import dict_find
from rufflang.runtime.heap import allocate, allocate_slowly_unzeroed, keep_alive, new_values
from rufflang.runtime.marking import share
from rufflang.runtime.objects import DictObject, StringObject, StructDefinition, StructObject, ValuesObject
from rufflang.runtime.strings import as_string, long_string_hash, string_value
from rufflang.runtime.structs_layout import (
    DEFINITION,
    EXTENDED,
    EXTENSION_ITEMS,
    FIRST_FIELD,
    FURTHER_FIELDS,
    OVERLOADED,
    definition_of,
    extension_of,
    field_value,
    has_extension,
    has_number,
    instance_size,
    set_extension,
    set_field_value,
    set_header,
    set_shape,
    shape_of,
)
from rufflang.runtime.structs_numbers import describe_definition, digest_of_names, enter_definition
from rufflang.runtime.text_builder import (
    builder_append_byte,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import DICT, INT, STRUCT, STRUCT_DEFINITION, UNBOUND, Value, unbound
from rufflang.runtime.vm import OPERATOR_ROOM, VM


@function(inline=True)
def as_struct(value: Value) -> StructObject:
    """The object of a value known to be a struct instance."""
    return cast(StructObject, value.payload)


@function(inline=True)
def struct_value(instance: StructObject) -> Value:
    return Value(STRUCT, word(instance))


@function
def new_definition(
    vm: VM,
    name: StringObject,
    field_names: Ptr[Value],
    field_count: i64,
    method_names: Ptr[Value],
    method_count: i64,
    closures: Ptr[Value],
) -> StructDefinition:
    """A definition with these methods and without defaults, which the caller fills in."""
    definition = cast(StructDefinition, allocate(vm, size_of(StructDefinition), STRUCT_DEFINITION))
    definition.name = name
    definition.field_count = field_count
    definition.method_count = method_count
    definition.field_names = new_values(vm, field_count)
    definition.defaults = new_values(vm, field_count)
    definition.methods = new_values(vm, method_count)
    definition.field_slots = _slots_of_names(vm, field_names, field_count)
    definition.method_slots = _slots_of_names(vm, method_names, method_count)
    copy_memory(
        cast(Ptr[u8], definition.field_names.items), cast(Ptr[u8], field_names), field_count * size_of(Value)
    )
    copy_memory(cast(Ptr[u8], definition.methods.items), cast(Ptr[u8], closures), method_count * size_of(Value))
    digest = digest_of_names(long_string_hash(name), field_names, field_count)
    digest = digest_of_names(digest, method_names, method_count)
    enter_definition(vm, definition, digest, method_count > 0 and _has_operators(vm, definition))
    describe_definition(vm, definition, field_names, method_names, closures)
    return definition


@function
def _has_operators(vm: VM, definition: StructDefinition) -> bool:
    for operator in range(OPERATOR_ROOM):
        method = vm.operator_methods[operator]
        if not is_null(method) and method_slot(definition, method) >= 0:
            return True
    return False


@function(inline=True)
def is_overloaded(value: Value) -> bool:
    """Whether operators on the value may be the business of its struct's methods."""
    return value.tag == STRUCT and shape_of(as_struct(value)) & u64(OVERLOADED) != 0


@function
def _slots_of_names(vm: VM, names: Ptr[Value], count: i64) -> DictObject:
    slots = new_dict(vm, count)
    for slot in range(count):
        dict_set(vm, slots, names[slot], Value(INT, slot))
    return slots


@function
def field_slot(definition: StructDefinition, name: StringObject) -> i64:
    """The slot of a declared field, or -1."""
    entry = dict_find(definition.field_slots, string_value(name))
    return entry_value(definition.field_slots, entry).payload if entry >= 0 else -1


@function
def method_slot(definition: StructDefinition, name: StringObject) -> i64:
    """The number of a method, or -1."""
    entry = dict_find(definition.method_slots, string_value(name))
    return entry_value(definition.method_slots, entry).payload if entry >= 0 else -1


@function
def anonymous_definition(
    vm: VM, name: StringObject, field_names: Ptr[Value], field_count: i64
) -> StructDefinition:
    """The definition shared by all literals with this undeclared name and these fields in this order."""
    builder = builder_new(vm)
    builder_append_string(vm, builder, name)
    for i in range(field_count):
        builder_append_byte(vm, builder, 0)
        builder_append_string(vm, builder, as_string(field_names[i]))
    key = string_value(builder_finish(vm, builder))
    if is_null(vm.anonymous_definitions):
        vm.anonymous_definitions = new_dict(vm, 0)
    entry = dict_find(vm.anonymous_definitions, key)
    if entry >= 0:
        return cast(StructDefinition, entry_value(vm.anonymous_definitions, entry).payload)
    definition = new_definition(vm, name, field_names, field_count, field_names, 0, field_names)
    dict_set(vm, vm.anonymous_definitions, key, Value(STRUCT_DEFINITION, word(definition)))
    return definition


@function
def new_instance(vm: VM, definition: StructDefinition) -> StructObject:
    """An instance whose fields are all absent; defaults are the caller's business."""
    instance = cast(StructObject, allocate(vm, instance_size(definition.field_count), STRUCT))
    set_shape_of(vm, instance, definition)
    return instance


@function
def set_shape_of(vm: VM, instance: StructObject, definition: StructDefinition) -> None:
    """Gives a new instance, none of whose fields is there, its shape."""
    if not has_number(u64(definition.aux)):
        set_extension(instance, _new_extension(vm, definition))
    set_shape(instance, u64(definition.aux))
    # Up to here there may be nothing else that keeps it alive.
    keep_alive(definition)


@function
def _new_extension(vm: VM, definition: StructDefinition) -> ValuesObject:
    extension = new_values(vm, EXTENSION_ITEMS)
    extension.items[DEFINITION] = Value(STRUCT_DEFINITION, word(definition))
    return extension


@function(cold=True)
def instance_to_fill(vm: VM, definition: StructDefinition, tags: i64) -> StructObject:
    """An instance with the first tags, for compiled code that is left; the caller fills in the rest at once."""
    instance = cast(StructObject, allocate_slowly_unzeroed(vm, instance_size(definition.field_count), STRUCT))
    set_header(instance, u64(definition.aux), u64(tags))
    keep_alive(definition)
    return instance


@function
def field_get(vm: VM, instance: StructObject, name: StringObject) -> Value:
    """The field's value, borrowed; UNBOUND when absent."""
    slot = field_slot(definition_of(vm, instance), name)
    if slot >= 0:
        return field_value(instance, slot)
    extra = further_fields(instance)
    if is_null(extra):
        return unbound()
    entry = dict_find(extra, string_value(name))
    return entry_value(extra, entry) if entry >= 0 else unbound()


@function
def field_set(vm: VM, instance: StructObject, name: StringObject, value: Value) -> None:
    """Replaces or adds a field of an unshared instance."""
    slot = field_slot(definition_of(vm, instance), name)
    if slot >= 0:
        set_field_value(instance, slot, value)
        return
    if is_null(further_fields(instance)):
        give_further_fields(vm, instance, new_dict(vm, 0))
    dict_set(vm, further_fields(instance), string_value(name), value)


@function
def further_fields(instance: StructObject) -> DictObject:
    """The fields of an instance that its definition does not declare, or null."""
    if not has_extension(shape_of(instance)):
        return null(DictObject)
    return cast(DictObject, extension_of(instance).items[FURTHER_FIELDS].payload)


@function
def give_further_fields(vm: VM, instance: StructObject, fields: DictObject) -> None:
    """Gives an instance that has none fields which its definition does not declare."""
    if not has_extension(shape_of(instance)):
        definition = definition_of(vm, instance)
        extension = _new_extension(vm, definition)
        if definition.field_count > 0:
            extension.items[FIRST_FIELD] = field_value(instance, 0)
        set_extension(instance, extension)
        set_shape(instance, shape_of(instance) | u64(EXTENDED))
    extension_of(instance).items[FURTHER_FIELDS] = Value(DICT, word(fields))


@function
def field_total(vm: VM, instance: StructObject) -> i64:
    """How many fields the instance has."""
    extra = further_fields(instance)
    total = 0 if is_null(extra) else extra.count
    for slot in range(definition_of(vm, instance).field_count):
        if field_value(instance, slot).tag != UNBOUND:
            total += 1
    return total


@function
def struct_clone(vm: VM, instance: StructObject) -> StructObject:
    """An unshared copy; containers in fields are marked, as both instances hold them."""
    definition = definition_of(vm, instance)
    copy = new_instance(vm, definition)
    for slot in range(definition.field_count):
        value = field_value(instance, slot)
        share(value)
        set_field_value(copy, slot, value)
    extra = further_fields(instance)
    if not is_null(extra):
        give_further_fields(vm, copy, dict_clone(vm, extra))
    return copy


# Fields of an instance are numbered: declared ones by slot, then the entries of `further_fields`.


@function
def field_positions(vm: VM, instance: StructObject) -> i64:
    """One more than the last number a field of the instance may have."""
    extra = further_fields(instance)
    return definition_of(vm, instance).field_count + (0 if is_null(extra) else extra.used)


@function
def field_at(vm: VM, instance: StructObject, position: i64) -> Value:
    """The value of a field by number, borrowed; UNBOUND when there is none."""
    declared = definition_of(vm, instance).field_count
    if position < declared:
        return field_value(instance, position)
    return entry_value(further_fields(instance), position - declared)


@function
def field_name_at(vm: VM, instance: StructObject, position: i64) -> Value:
    """The name of a field by number, as a STRING value."""
    definition = definition_of(vm, instance)
    if position < definition.field_count:
        return definition.field_names.items[position]
    return entry_key(further_fields(instance), position - definition.field_count)
