"""Struct definitions and instances.

A definition gives each declared field a slot; an instance has those fields inline.  Few instances have
others too: these have a definition of their own, with a dict for them.  Literals of undeclared
struct names get a definition made from their field names, one for each name and set of
fields in written order.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, is_null, size_of, u8, u32, u64, word
from rufflang.runtime.dicts import dict_clone, dict_set, new_dict
from rufflang.runtime.dicts_finding import dict_find, entry_key, entry_value
from rufflang.runtime.heap import allocate, allocate_slowly_unzeroed, new_values
from rufflang.runtime.marking import share
from rufflang.runtime.objects import OVERLOADED, DictObject, StringObject, StructDefinition, StructObject
from rufflang.runtime.strings import as_string, long_string_hash, string_value
from rufflang.runtime.structs_layout import (
    definition_of,
    field_value,
    instance_size,
    set_definition,
    set_definition_and_tags,
    set_field_value,
)
from rufflang.runtime.text_builder import (
    builder_append_byte,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.values import INT, STRUCT, STRUCT_DEFINITION, UNBOUND, Value, unbound
from rufflang.runtime.vm import DEFINITION_ROOM, OPERATOR_ROOM, VM

_DIGEST_FACTOR = 0x9E3779B97F4A7C15


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
) -> StructDefinition:
    """A definition without defaults and with unbound methods, which the caller fills in."""
    definition = cast(StructDefinition, allocate(vm, size_of(StructDefinition), STRUCT_DEFINITION))
    digest = _digest_of_names(long_string_hash(name), field_names, field_count)
    enter_definition(vm, definition, _digest_of_names(digest, method_names, method_count))
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
    if method_count > 0 and _has_operators(vm, definition):
        definition.flags = OVERLOADED
    return definition


@function
def _digest_of_names(start: u64, names: Ptr[Value], count: i64) -> u64:
    digest = start
    for index in range(count):
        digest = (digest * u64(_DIGEST_FACTOR)) ^ long_string_hash(as_string(names[index]))
    return (digest * u64(_DIGEST_FACTOR)) ^ u64(count)


@function
def enter_definition(vm: VM, definition: StructDefinition, digest: u64) -> None:
    """Gives a definition its number; `digest` says what its instances look like, 0 if that is not known.

    The VM keeps one digest of the first n definitions for each n, so that compiled code which knows
    definitions by number can tell whether these are the ones it was made for.  What follows on
    something unknown is unknown as well.  Such code finds a definition by its number too: an instance
    with that number keeps it alive, and nothing else does.
    """
    before = vm.definition_count
    vm.definition_count = before + 1
    definition.aux = u32(before + 1)
    if before + 1 < DEFINITION_ROOM:
        vm.definitions[before + 1] = definition
        is_known = digest != 0 and (before == 0 or vm.definition_digests[before] != 0)
        whole = (vm.definition_digests[before] * u64(_DIGEST_FACTOR)) ^ digest
        vm.definition_digests[before + 1] = whole if is_known else u64(0)


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
    return value.tag == STRUCT and definition_of(as_struct(value)).flags == OVERLOADED


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
    definition = new_definition(vm, name, field_names, field_count, field_names, 0)
    dict_set(vm, vm.anonymous_definitions, key, Value(STRUCT_DEFINITION, word(definition)))
    return definition


@function
def new_instance(vm: VM, definition: StructDefinition) -> StructObject:
    """An instance whose fields are all absent; defaults are the caller's business."""
    instance = cast(StructObject, allocate(vm, instance_size(definition.field_count), STRUCT))
    instance.aux = definition.aux
    set_definition(instance, definition)
    return instance


@function(cold=True)
def instance_to_fill(vm: VM, definition: StructDefinition, first_tags: i64) -> StructObject:
    """An instance with the first word of tags, for compiled code that is left; the caller fills in the rest at once."""
    instance = cast(StructObject, allocate_slowly_unzeroed(vm, instance_size(definition.field_count), STRUCT))
    instance.aux = definition.aux
    set_definition_and_tags(instance, definition, first_tags)
    return instance


@function
def field_get(vm: VM, instance: StructObject, name: StringObject) -> Value:
    """The field's value, borrowed; UNBOUND when absent."""
    definition = definition_of(instance)
    slot = field_slot(definition, name)
    if slot >= 0:
        return field_value(instance, slot)
    extra = definition.extra
    if is_null(extra):
        return unbound()
    entry = dict_find(extra, string_value(name))
    return entry_value(extra, entry) if entry >= 0 else unbound()


@function
def field_set(vm: VM, instance: StructObject, name: StringObject, value: Value) -> None:
    """Replaces or adds a field of an unshared instance."""
    slot = field_slot(definition_of(instance), name)
    if slot >= 0:
        set_field_value(instance, slot, value)
        return
    if is_null(definition_of(instance).extra):
        give_extra(vm, instance, new_dict(vm, 0))
    dict_set(vm, definition_of(instance).extra, string_value(name), value)


@function
def give_extra(vm: VM, instance: StructObject, extra: DictObject) -> None:
    """Gives an instance a definition of its own, with fields that the one it has does not declare."""
    declared = declared_definition(instance)
    own = cast(StructDefinition, allocate(vm, size_of(StructDefinition), STRUCT_DEFINITION))
    own.flags = declared.flags
    own.aux = declared.aux
    own.name = declared.name
    own.field_count = declared.field_count
    own.method_count = declared.method_count
    own.field_names = declared.field_names
    own.field_slots = declared.field_slots
    own.method_slots = declared.method_slots
    own.methods = declared.methods
    own.defaults = declared.defaults
    own.extra = extra
    own.declared = declared
    set_definition(instance, own)


@function
def declared_definition(instance: StructObject) -> StructDefinition:
    """The definition that an instance has in common with others."""
    definition = definition_of(instance)
    return definition if is_null(definition.declared) else definition.declared


@function
def field_total(instance: StructObject) -> i64:
    """How many fields the instance has."""
    definition = definition_of(instance)
    total = 0 if is_null(definition.extra) else definition.extra.count
    for slot in range(definition.field_count):
        if field_value(instance, slot).tag != UNBOUND:
            total += 1
    return total


@function
def struct_clone(vm: VM, instance: StructObject) -> StructObject:
    """An unshared copy; containers in fields are marked, as both instances hold them."""
    definition = declared_definition(instance)
    copy = new_instance(vm, definition)
    for slot in range(definition.field_count):
        value = field_value(instance, slot)
        share(value)
        set_field_value(copy, slot, value)
    extra = definition_of(instance).extra
    if not is_null(extra):
        give_extra(vm, copy, dict_clone(vm, extra))
    return copy


# Fields of an instance are numbered: declared ones by slot, then the entries of `extra`.


@function
def field_positions(instance: StructObject) -> i64:
    """One more than the last number a field of the instance may have."""
    definition = definition_of(instance)
    return definition.field_count + (0 if is_null(definition.extra) else definition.extra.used)


@function
def field_at(instance: StructObject, position: i64) -> Value:
    """The value of a field by number, borrowed; UNBOUND when there is none."""
    definition = definition_of(instance)
    if position < definition.field_count:
        return field_value(instance, position)
    return entry_value(definition.extra, position - definition.field_count)


@function
def field_name_at(instance: StructObject, position: i64) -> Value:
    """The name of a field by number, as a STRING value."""
    definition = definition_of(instance)
    if position < definition.field_count:
        return definition.field_names.items[position]
    return entry_key(definition.extra, position - definition.field_count)
