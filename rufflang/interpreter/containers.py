"""Indexing, fields, places and literals: thin bindings of opcodes to the runtime.

Field access keeps an inline cache in the instruction's cache words (`shape_cache`); what is done on
the way to a place that is written notes how often something had to be cloned, and indexing how arrays
are stored (`feedback`).
"""

from __future__ import annotations

from rufflang.interpreter.feedback import record_access, record_clone, record_kind, record_pieces
from rufflang.interpreter.shape_cache import (
    FIRST_FIELD,
    field_payload,
    field_shape,
    further_field,
    low_half,
    note_field,
)
from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, cast, element, function, i64, likely, u64, unlikely, word
from rufflang.runtime.arrays import array_from_values, array_push
from rufflang.runtime.destructuring import destructure_array, destructure_dict
from rufflang.runtime.dicts import dict_add, new_dict
from rufflang.runtime.fields import field_get_any, field_get_optional, field_set_any, place_field
from rufflang.runtime.indexing import (
    array_extend,
    dict_extend,
    dict_set_literal,
    index_get,
    index_set,
    place_clone,
    place_index,
    text_index_get,
)
from rufflang.runtime.marking import may_have_other_holders, share
from rufflang.runtime.objects import ArrayObject, DictObject, StringObject, StructObject, ValuesObject
from rufflang.runtime.sharing import is_shared, own
from rufflang.runtime.structs import field_get, field_slot, is_overloaded, method_slot
from rufflang.runtime.structs_layout import (
    definition_of,
    field_place,
    has_extension,
    set_value_at,
    set_value_in,
    shape_of,
    value_at,
    value_in,
)
from rufflang.runtime.values import ARRAY, DICT, ERROR, INT, STRING, STRUCT, UNBOUND, Value, bears_mark
from rufflang.runtime.vm import VM


@function
def own_value(vm: VM, value: Value) -> Value:
    """The value if it may be written in place, else a clone."""
    return own(vm, value)


@opcode("GET_INDEX", without_feedback=index_get)
@function
def get_index(vm: VM, base: Value, index: Value, cache: Ptr[u64]) -> Value:
    record_access(cache, base, index)
    if base.tag == STRING and index.tag == INT:
        value = text_index_get(vm, base, index)
    else:
        value = index_get(vm, base, index)
    record_kind(cache, value)
    return value


@opcode("SET_INDEX", without_feedback=index_set)
@function
def set_index(vm: VM, base: Value, index: Value, value: Value, cache: Ptr[u64]) -> Value:
    record_access(cache, base, index)
    return index_set(vm, base, index, value)


@opcode("GET_FIELD", without_feedback=field_get_any)
@function
def get_field(vm: VM, base: Value, name: StringObject, cache: Ptr[u64]) -> Value:
    if base.tag == STRUCT:
        instance = cast(StructObject, base.payload)
        entry = cache[FIRST_FIELD]
        if likely(shape_of(instance) == field_shape(entry)):
            value = value_in(instance, low_half(entry), field_payload(entry))
            if likely(value.tag != UNBOUND):
                record_kind(element(cache, FIRST_FIELD), value)
                return value
    return get_field_other(vm, base, name, cache)


@function
def get_field_other(vm: VM, base: Value, name: StringObject, cache: Ptr[u64]) -> Value:
    """A field access by another than the first shape."""
    place = find_place(vm, base, name, cache)
    if place >= 0 and value_at(cast(StructObject, base.payload), place).tag != UNBOUND:
        value = value_at(cast(StructObject, base.payload), place)
    else:
        value = field_get_any(vm, base, name)
    record_kind(element(cache, FIRST_FIELD), value)
    return value


@function
def find_place(vm: VM, base: Value, name: StringObject, cache: Ptr[u64]) -> i64:
    """Where this kind of instance has the field, -1 if that is nowhere in it; the cache remembers it."""
    if base.tag != STRUCT:
        return -1
    instance = cast(StructObject, base.payload)
    shape = shape_of(instance)
    if shape == field_shape(cache[FIRST_FIELD]):
        return low_half(cache[FIRST_FIELD])
    place = further_field(cache, shape)
    if place < 0:
        slot = field_slot(definition_of(vm, instance), name)
        if slot >= 0:
            note_field(cache, shape, slot)
            place = -1 if slot == 0 and has_extension(shape) else field_place(slot)
    return place


@opcode("GET_FIELD_OPTIONAL", without_feedback=field_get_optional)
@function
def get_field_optional(vm: VM, base: Value, name: StringObject, cache: Ptr[u64]) -> Value:
    value = field_get_optional(vm, base, name)
    record_kind(cache, value)
    return value


@opcode("SET_FIELD", without_feedback=field_set_any)
@function
def set_field(vm: VM, base: Value, name: StringObject, value: Value, cache: Ptr[u64]) -> Value:
    if base.tag == STRUCT:
        instance = cast(StructObject, base.payload)
        entry = cache[FIRST_FIELD]
        if likely(shape_of(instance) == field_shape(entry)):
            set_value_in(instance, low_half(entry), field_payload(entry), value)
            return value
    return set_field_other(vm, base, name, value, cache)


@function
def set_field_other(vm: VM, base: Value, name: StringObject, value: Value, cache: Ptr[u64]) -> Value:
    """An assignment to a field of another than the first shape."""
    place = find_place(vm, base, name, cache)
    if place < 0:
        return field_set_any(vm, base, name, value)
    set_value_at(cast(StructObject, base.payload), place, value)
    return value


@opcode("OWN", without_feedback=own_value)
@function
def own_register(vm: VM, value: Value, cache: Ptr[u64]) -> Value:
    if likely(not is_shared(value)):
        return value
    record_clone(cache)
    return own_value(vm, value)


@opcode("SHARE_PART")
@function
def share_part(vm: VM, whole: Value, part: Value) -> None:
    if bears_mark(part) and may_have_other_holders(whole):
        share(part)


@opcode("OWN_INDEX", without_feedback=place_index)
@function
def own_index(vm: VM, base: Value, index: Value, cache: Ptr[u64]) -> Value:
    child = index_get(vm, base, index)
    record_kind(cache, child)
    if unlikely(is_shared(child)):
        record_clone(cache)
        return place_clone(vm, base, index, child)
    return child


@opcode("OWN_FIELD", without_feedback=place_field)
@function
def own_field(vm: VM, base: Value, name: StringObject, cache: Ptr[u64]) -> Value:
    child = get_field(vm, base, name, element(cache, 1))
    if unlikely(is_shared(child)):
        record_clone(cache)
        return place_field(vm, base, name)
    return child


@opcode("JUMP_IF_NO_FIELD")
@function
def jump_if_no_field(vm: VM, base: Value, name: StringObject) -> bool:
    if base.tag != STRUCT:
        return True
    return field_get(vm, cast(StructObject, base.payload), name).tag == UNBOUND


@opcode("JUMP_IF_NO_OPERATOR")
@function
def jump_if_no_operator(vm: VM, operand: Value, name: StringObject) -> bool:
    if not is_overloaded(operand):
        return True
    return method_slot(definition_of(vm, cast(StructObject, operand.payload)), name) < 0


@opcode("NEW_ARRAY")
@function
def make_array(vm: VM, items: Ptr[Value], count: i64) -> Value:
    return Value(ARRAY, word(array_from_values(vm, items, count)))


@opcode("ARRAY_PUSH")
@function
def push_element(vm: VM, array: Value, value: Value) -> None:
    array_push(vm, cast(ArrayObject, array.payload), value)


@opcode("ARRAY_EXTEND")
@function
def extend_array(vm: VM, array: Value, value: Value) -> Value:
    return array_extend(vm, cast(ArrayObject, array.payload), value)


@opcode("NEW_DICT")
@function
def make_dict(vm: VM, capacity: i64) -> Value:
    return Value(DICT, word(new_dict(vm, capacity)))


@opcode("DICT_SET")
@function
def set_entry(vm: VM, table: Value, key: Value, value: Value) -> Value:
    return dict_set_literal(vm, cast(DictObject, table.payload), key, value)


@opcode("DICT_ADD")
@function
def add_entry(vm: VM, table: Value, key: Value, value: Value) -> None:
    dict_add(vm, cast(DictObject, table.payload), key, value)


@opcode("DICT_EXTEND")
@function
def extend_dict(vm: VM, table: Value, value: Value) -> Value:
    return dict_extend(vm, cast(DictObject, table.payload), value)


@function
def take_items_apart(vm: VM, out: Ptr[Value], value: Value, shape: i64) -> Value:
    result = destructure_array(vm, out, value, shape >> 1, (shape & 1) != 0)
    return result if is_error(result) else out[0]


@opcode("DESTRUCTURE_ARRAY", without_feedback=take_items_apart)
@function
def destructure_items(vm: VM, out: Ptr[Value], value: Value, shape: i64, cache: Ptr[u64]) -> Value:
    record_pieces(cache, value, shape >> 1)
    return take_items_apart(vm, out, value, shape)


@opcode("DESTRUCTURE_DICT")
@function
def destructure_entries(vm: VM, out: Ptr[Value], value: Value, constant: ValuesObject) -> Value:
    """The constant's items: how many names, whether a rest is wanted, then the names."""
    items = constant.items
    names = element(items, 2)
    result = destructure_dict(vm, out, value, names, items[0].payload, items[1].payload != 0)
    return result if is_error(result) else out[0]


@function(inline=True)
def is_error(value: Value) -> bool:
    return value.tag == ERROR
