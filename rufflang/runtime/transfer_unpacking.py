"""Copying the values of a block into a VM's heap (see `transfer_block`).

Every record is read twice: first all objects are made, so that each has an address, then they are filled.
Sets come last, as their index depends on what is in their elements.
Meanwhile a table keeps them alive.  Objects that the VM has already (variables of its files, struct
definitions that it knows) take the place of copies.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    function,
    i64,
    is_null,
    literal,
    null,
    size_of,
    u8,
    u32,
    u64,
    word,
)
from rufflang.runtime.arrays import array_items, array_words, new_packed
from rufflang.runtime.arrays_storage import element_size
from rufflang.runtime.byte_strings import allocate_bytes
from rufflang.runtime.dicts import dict_insert, new_dict
from rufflang.runtime.errors import raise_literal, raise_out_of_memory
from rufflang.runtime.heap import VALUE_SIZE, allocate, keep_alive, new_values, room_for
from rufflang.runtime.objects import (
    GENERIC,
    NONE_VARIANT,
    ArrayObject,
    BoxObject,
    CellObject,
    ChannelObject,
    DictObject,
    EnumDefinition,
    FunctionObject,
    Object,
    Proto,
    SetObject,
    StringObject,
    StructDefinition,
    StructObject,
    TaggedObject,
    ValuesObject,
    holds_objects,
)
from rufflang.runtime.sets_table import as_set, fill_index, new_set
from rufflang.runtime.strings import allocate_string
from rufflang.runtime.structs import as_struct, give_further_fields, set_shape_of
from rufflang.runtime.structs_layout import OVERLOADED, instance_size, set_field_value
from rufflang.runtime.structs_numbers import enter_definition
from rufflang.runtime.structs_origin import definition_of_origin, note_origin
from rufflang.runtime.transfer_block import (
    BLOCK_HEAD,
    BLOCK_OBJECTS,
    BLOCK_PAYLOAD,
    BLOCK_SIZE,
    BLOCK_TAG,
    ERROR_DEFINITION,
    GLOBAL_CELL,
    NO_OBJECT,
)
from rufflang.runtime.transfer_packing import CROSSING_TAGS
from rufflang.runtime.values import (
    ARRAY,
    BYTES,
    CELL,
    CHANNEL,
    DICT,
    ENUM,
    FUNCTION,
    OPTION,
    RESULT,
    SET,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    VALUES,
    Value,
    is_among,
)
from rufflang.runtime.vm import VM

_UNKNOWN_FUNCTION = "Cannot receive a function from another thread: its module is not imported here"



@function
def unpack(vm: VM, block: Ptr[i64]) -> Value:
    """A copy of the block's value in this VM; ERROR when that is not possible."""
    size = block[BLOCK_SIZE] * 8
    if not room_for(vm, size):
        return raise_out_of_memory(vm)
    count = block[BLOCK_OBJECTS]
    if count == 0:
        return Value(block[BLOCK_TAG], block[BLOCK_PAYLOAD])
    table = new_values(vm, count)
    if not _make_all(vm, table, element(block, BLOCK_HEAD), count):
        return raise_literal(vm, literal(_UNKNOWN_FUNCTION))
    _fill_all(vm, table, element(block, BLOCK_HEAD), count)
    value = _resolved(table, block[BLOCK_TAG], block[BLOCK_PAYLOAD])
    keep_alive(table)
    return value


@function(inline=True)
def _resolved(table: ValuesObject, tag: i64, payload: i64) -> Value:
    """A value of the block in this VM."""
    if is_among(tag, u64(CROSSING_TAGS)):
        return Value(tag, table.items[payload].payload)
    return Value(tag, payload)


# ------------------------------------------------------------------- reading a record


@function(inline=True)
def _kind_of(record: Ptr[i64]) -> i64:
    return record[0] & 255


@function(inline=True)
def _aux_of(record: Ptr[i64]) -> i64:
    return i64(u64(record[0]) >> 32)


@function(inline=True)
def _words_for(byte_count: i64) -> i64:
    return (byte_count + 7) >> 3


@function
def _record_size(record: Ptr[i64]) -> i64:
    """The words of a record."""
    kind = _kind_of(record)
    if kind == STRING or kind == BYTES:
        return 3 + _words_for(record[1])
    if kind == ARRAY:
        return 2 + _words_for(record[1] * element_size(u8(record[0] >> 8)))
    if kind == DICT:
        return 2 + record[1] * 4
    if kind == STRUCT:
        return 4 + record[1] * 2
    if kind == CELL:
        return 4
    if kind == GLOBAL_CELL:
        return 5
    if kind == FUNCTION:
        return 4 + record[2]
    if kind == RESULT or kind == OPTION:
        return 3
    if kind == TAGGED:
        return 2 + _aux_of(record) * 2
    if kind == VALUES or kind == SET:
        return 2 + record[1] * 2
    if kind == ENUM or kind == CHANNEL:
        return 2
    if kind == STRUCT_DEFINITION:
        return 10
    return 1


# ------------------------------------------------------------------------ first reading


@function
def _make_all(vm: VM, table: ValuesObject, start: Ptr[i64], count: i64) -> bool:
    """Makes every object; False when one is a function whose code this VM has not loaded."""
    record = start
    for number in range(count):
        if _kind_of(record) == FUNCTION and is_null(find_proto(vm, record[1], record[3])):
            return False
        table.items[number] = _made(vm, record)
        record = element(record, _record_size(record))
    return True


@function
def find_proto(vm: VM, number: i64, stamp: i64) -> Proto:
    """The chunk with this stamp, which has most probably this number; null if there is none."""
    if number < vm.proto_count and vm.protos[number].stamp == stamp:
        return vm.protos[number]
    for other in range(vm.proto_count):
        if vm.protos[other].stamp == stamp:
            return vm.protos[other]
    return null(Proto)


@function
def _made(vm: VM, record: Ptr[i64]) -> Value:
    """The object for a record: strings are complete, others empty."""
    kind = _kind_of(record)
    if kind == GLOBAL_CELL:
        return vm.protos[record[1]].constants[record[2]]
    if kind == ERROR_DEFINITION:
        return Value(STRUCT_DEFINITION, word(vm.error_definition))
    if kind == STRUCT_DEFINITION:
        return Value(kind, word(_made_definition(vm, record)))
    if kind == OPTION and _aux_of(record) == NONE_VARIANT:
        return Value(kind, word(vm.none))
    cell = _allocated(vm, record, kind)
    cell.shared = u8(record[0] >> 16)
    if kind == STRUCT:
        return Value(kind, word(cell))
    cell.flags = u8(record[0] >> 8)
    if kind != DICT and kind != SET:
        cell.aux = u32(_aux_of(record))
    return Value(kind, word(cell))


@function
def _allocated(vm: VM, record: Ptr[i64], kind: i64) -> Object:
    if kind == STRING:
        return _filled_string(record, allocate_string(vm, record[1]))
    if kind == BYTES:
        return _filled_string(record, allocate_bytes(vm, record[1]))
    if kind == SET:
        return new_set(vm, record[1])
    if kind == STRUCT:
        return allocate(vm, instance_size(record[1]), STRUCT)
    if kind == ARRAY:
        return new_packed(vm, u8(record[0] >> 8), record[1])
    if kind == DICT:
        return new_dict(vm, record[1])
    if kind == CELL:
        return allocate(vm, size_of(CellObject), CELL)
    if kind == FUNCTION:
        return _made_function(vm, record)
    if kind == TAGGED:
        return allocate(vm, size_of(TaggedObject) + _aux_of(record) * VALUE_SIZE, TAGGED)
    if kind == VALUES:
        return new_values(vm, record[1])
    if kind == CHANNEL:
        channel = cast(ChannelObject, allocate(vm, size_of(ChannelObject), CHANNEL))
        channel.queue = cast(Ptr[u8], record[1])
        return channel
    if kind == ENUM:
        return allocate(vm, size_of(EnumDefinition), ENUM)
    return allocate(vm, size_of(BoxObject), kind)


@function
def _filled_string(record: Ptr[i64], text: StringObject) -> StringObject:
    """A new string, or bytes, with what the record says."""
    text.char_count = record[2]
    copy_memory(text.data, cast(Ptr[u8], element(record, 3)), record[1])
    return text


@function
def _made_function(vm: VM, record: Ptr[i64]) -> FunctionObject:
    closure = cast(FunctionObject, allocate(vm, size_of(FunctionObject) + record[2] * 8, FUNCTION))
    closure.proto = find_proto(vm, record[1], record[3])
    closure.capture_count = record[2]
    return closure


@function
def _made_definition(vm: VM, record: Ptr[i64]) -> StructDefinition:
    """This VM's definition of the same origin, or a new one."""
    known = definition_of_origin(vm, record[1])
    if word(known) != 0:
        return known
    definition = cast(StructDefinition, allocate(vm, size_of(StructDefinition), STRUCT_DEFINITION))
    definition.field_count = record[2]
    # The number it has there is the one that code knows.
    enter_definition(vm, definition, u64((record[1] & 0xFFFFFFFF) - 1), _aux_of(record) & OVERLOADED != 0)
    definition.method_count = record[3]
    note_origin(vm, definition, record[1])
    return definition


# ----------------------------------------------------------------------- second reading


@function
def _fill_all(vm: VM, table: ValuesObject, start: Ptr[i64], count: i64) -> None:
    record = start
    for number in range(count):
        _fill(vm, table, record, cast(Object, table.items[number].payload))
        record = element(record, _record_size(record))
    record = start
    for number in range(count):
        kind = _kind_of(record)
        if kind == SET:
            fill_index(vm, as_set(table.items[number]))
        elif kind == STRUCT and record[3] != NO_OBJECT:
            further = cast(DictObject, _object(table, record[3]))
            give_further_fields(vm, as_struct(table.items[number]), further)
        record = element(record, _record_size(record))


@function
def _object(table: ValuesObject, number: i64) -> Object:
    return null(Object) if number == NO_OBJECT else cast(Object, table.items[number].payload)


@function
def _read_values(table: ValuesObject, record: Ptr[i64], place: i64, values: Ptr[Value], count: i64) -> None:
    """Copies values of a record, from a place in it on."""
    for index in range(count):
        values[index] = _resolved(table, record[place + index * 2], record[place + index * 2 + 1])


@function
def _fill(vm: VM, table: ValuesObject, record: Ptr[i64], cell: Object) -> None:
    """Gives an object what its record says."""
    kind = _kind_of(record)
    if kind == STRUCT:
        _fill_struct(vm, table, record, cast(StructObject, cell))
    elif kind == ARRAY:
        _fill_array(table, record, cast(ArrayObject, cell))
    elif kind == DICT:
        _fill_dict(vm, table, record, cast(DictObject, cell))
    elif kind == CELL:
        variable = cast(CellObject, cell)
        variable.name = cast(StringObject, _object(table, record[1]))
        variable.value = _resolved(table, record[2], record[3])
    elif kind == GLOBAL_CELL:
        variable = cast(CellObject, cell)
        variable.aux = u32(_aux_of(record))
        variable.value = _resolved(table, record[3], record[4])
    elif kind == FUNCTION:
        for index in range(record[2]):
            cast(FunctionObject, cell).captures[index] = cast(CellObject, _object(table, record[4 + index]))
    elif kind == RESULT or kind == OPTION:
        cast(BoxObject, cell).value = _resolved(table, record[1], record[2])
    elif kind == TAGGED:
        cast(TaggedObject, cell).name = cast(StringObject, _object(table, record[1]))
        _read_values(table, record, 2, cast(TaggedObject, cell).payload, _aux_of(record))
    elif kind == VALUES:
        _read_values(table, record, 2, cast(ValuesObject, cell).items, record[1])
    elif kind == SET:
        elements = cast(SetObject, cell)
        _read_values(table, record, 2, elements.items, record[1])
        elements.count = record[1]
        elements.used = record[1]
    elif kind == ENUM:
        cast(EnumDefinition, cell).name = cast(StringObject, _object(table, record[1]))
    elif kind == STRUCT_DEFINITION:
        _fill_definition(table, record, cast(StructDefinition, cell))


@function
def _fill_struct(vm: VM, table: ValuesObject, record: Ptr[i64], instance: StructObject) -> None:
    definition = cast(StructDefinition, _object(table, record[2]))
    set_shape_of(vm, instance, definition)
    for slot in range(record[1]):
        set_field_value(instance, slot, _resolved(table, record[4 + slot * 2], record[5 + slot * 2]))


@function
def _fill_array(table: ValuesObject, record: Ptr[i64], array: ArrayObject) -> None:
    if array.flags == GENERIC:
        _read_values(table, record, 2, array_items(array), record[1])
    elif holds_objects(array.flags):
        for index in range(record[1]):
            array_words(array)[index] = _resolved(table, i64(array.flags), record[2 + index]).payload
    else:
        size = record[1] * element_size(array.flags)
        copy_memory(array.data, cast(Ptr[u8], element(record, 2)), size)


@function
def _fill_dict(vm: VM, table: ValuesObject, record: Ptr[i64], entries: DictObject) -> None:
    for index in range(record[1]):
        place = 2 + index * 4
        key = _resolved(table, record[place], record[place + 1])
        dict_insert(vm, entries, key, _resolved(table, record[place + 2], record[place + 3]))


@function
def _fill_definition(table: ValuesObject, record: Ptr[i64], definition: StructDefinition) -> None:
    """Completes a new definition; one that the VM had already stays as it is."""
    if word(definition.name) != 0:
        return
    definition.name = cast(StringObject, _object(table, record[4]))
    definition.field_names = cast(ValuesObject, _object(table, record[5]))
    definition.field_slots = cast(DictObject, _object(table, record[6]))
    definition.method_slots = cast(DictObject, _object(table, record[7]))
    definition.methods = cast(ValuesObject, _object(table, record[8]))
    definition.defaults = cast(ValuesObject, _object(table, record[9]))
