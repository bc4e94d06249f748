"""Copying values out of a VM into a block (see `transfer_block`).

Whoever packs a value holds it, so everything in it stays alive, and nothing moves.  Packing does not
recurse: the list of objects found so far is also the list of work.

A **snapshot** is what a spawned block starts with.  From the block's closure it reaches captured
variables and, through the constants of chunks, the global variables that its code can mention, in whatever
file; a variable that holds something that cannot cross is unbound in the copy.  A **wide snapshot** has also,
if that code may receive functions that it cannot reach yet, the global variables that these can mention: those
that any function does.  A **message** is a
value sent through a channel or put into the shared store.  The code of functions in it finds the global
variables of the VM where it arrives.
"""

from __future__ import annotations

from rufflang.bytecode.positions import HIDDEN
from rufflang.lowpy import Ptr, cast, function, i64, is_null, literal, literal_size, u8, u64, word
from rufflang.runtime.arrays import array_get, array_items
from rufflang.runtime.arrays_storage import element_size
from rufflang.runtime.dicts import next_entry
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.objects import (
    GENERIC,
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
    kind_of,
)
from rufflang.runtime.sets_table import next_element
from rufflang.runtime.shared_queues import new_queue
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_comparing import compare_memory
from rufflang.runtime.structs import further_fields
from rufflang.runtime.structs_layout import definition_of, field_value
from rufflang.runtime.structs_origin import origin_of
from rufflang.runtime.transfer_block import (
    BLOCK_PAYLOAD,
    BLOCK_TAG,
    ERROR_DEFINITION,
    GLOBAL_CELL,
    MESSAGE,
    NO_OBJECT,
    WIDE_SNAPSHOT,
    Packer,
    finish_packer,
    new_packer,
    number_of,
    write_bytes,
    write_word,
)
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    BYTES,
    CELL,
    CHANNEL,
    DICT,
    ENUM,
    FLOAT,
    FUNCTION,
    INT,
    NATIVE,
    NULL,
    OPTION,
    QUEUE,
    RESULT,
    SET,
    STACK,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    UNBOUND,
    VALUES,
    Value,
    is_among,
    tag_set,
)
from rufflang.runtime.vm import VM

PLAIN_TAGS = tag_set(UNBOUND, NULL, BOOL, INT, FLOAT, NATIVE)
CROSSING_TAGS = tag_set(
    STRING, ARRAY, DICT, STRUCT, FUNCTION, STRUCT_DEFINITION, ENUM, TAGGED, RESULT, OPTION, CELL, VALUES,
    SET, QUEUE, STACK, BYTES, CHANNEL,
)  # fmt: skip


@function
def can_cross(value: Value) -> bool:
    """Whether a value of this kind may leave its VM; what it contains is another question."""
    return is_among(value.tag, u64(PLAIN_TAGS | CROSSING_TAGS))


@function
def pack(vm: VM, value: Value, purpose: i64, refused: Ptr[i64]) -> Ptr[i64]:
    """The value as a block.  `refused` gets the tag of something in it that cannot cross, or 0."""
    packer = new_packer(purpose)
    payload = _packed_payload(packer, value)
    done = _write_found(vm, packer, 0)
    if purpose == WIDE_SNAPSHOT and _may_receive(vm, packer):
        _find_globals_of_functions(vm, packer)
        _write_found(vm, packer, done)
    refused[0] = packer.refused
    block = finish_packer(packer)
    block[BLOCK_TAG] = value.tag
    block[BLOCK_PAYLOAD] = payload
    return block


@function
def _write_found(vm: VM, packer: Packer, done: i64) -> i64:
    """The records of all objects from a number on, also of those found meanwhile; how many objects there are then."""
    while done < packer.count:
        _write_object(vm, packer, cast(Object, packer.objects[done]), packer.places[done])
        done += 1
    return done


# ------------------------------------------------------------------------------ values


@function
def _packed_payload(packer: Packer, value: Value) -> i64:
    """A value's second word inside a block."""
    if is_among(value.tag, u64(PLAIN_TAGS)):
        return value.payload
    if is_among(value.tag, u64(CROSSING_TAGS)):
        return number_of(packer, cast(Object, value.payload), 0)
    packer.refused = value.tag
    return 0


@function
def _write_value(packer: Packer, value: Value) -> None:
    write_word(packer, value.tag)
    write_word(packer, _packed_payload(packer, value))


@function
def _write_values(packer: Packer, values: Ptr[Value], count: i64) -> None:
    for index in range(count):
        _write_value(packer, values[index])


@function
def _write_reference(packer: Packer, cell: Object) -> None:
    """The number of an object, or NO_OBJECT for null."""
    write_word(packer, NO_OBJECT if is_null(cell) else number_of(packer, cell, 0))


@function
def _write_head(packer: Packer, kind: i64, cell: Object) -> None:
    head = kind | i64(cell.flags) << 8 | i64(cell.shared) << 16 | i64(cell.aux) << 32
    write_word(packer, head)


# ----------------------------------------------------------------------------- objects


@function
def _write_object(vm: VM, packer: Packer, cell: Object, place: i64) -> None:
    """The record of one object; most frequent kinds first."""
    kind = kind_of(cell)
    if kind == STRUCT_DEFINITION:
        _write_definition(vm, packer, cast(StructDefinition, cell))
        return
    if kind == CELL:
        _write_cell(packer, cast(CellObject, cell), place)
        return
    if kind == CHANNEL:
        write_word(packer, CHANNEL)
        write_word(packer, word(_queue_of(vm, cast(ChannelObject, cell))))
        return
    _write_head(packer, kind, cell)
    if kind == STRING or kind == BYTES:
        text = cast(StringObject, cell)
        write_word(packer, text.byte_count)
        write_word(packer, text.char_count)
        write_bytes(packer, text.data, text.byte_count)
    elif kind == STRUCT:
        _write_struct(vm, packer, cast(StructObject, cell))
    elif kind == ARRAY:
        _write_array(packer, cast(ArrayObject, cell))
    elif kind == DICT:
        _write_dict(packer, cast(DictObject, cell))
    elif kind == SET:
        _write_set(packer, cast(SetObject, cell))
    elif kind == FUNCTION:
        _write_function(vm, packer, cast(FunctionObject, cell))
    elif kind == RESULT or kind == OPTION:
        _write_value(packer, cast(BoxObject, cell).value)
    elif kind == TAGGED:
        _write_reference(packer, cast(TaggedObject, cell).name)
        _write_values(packer, cast(TaggedObject, cell).payload, i64(cell.aux))
    elif kind == VALUES:
        write_word(packer, cast(ValuesObject, cell).capacity)
        _write_values(packer, cast(ValuesObject, cell).items, cast(ValuesObject, cell).capacity)
    elif kind == ENUM:
        _write_reference(packer, cast(EnumDefinition, cell).name)


@function
def _queue_of(vm: VM, channel: ChannelObject) -> Ptr[u8]:
    """The queue behind a channel, which from now on is shared."""
    if is_null(channel.queue):
        channel.queue = cast(Ptr[u8], new_queue(vm))
        if is_null(vm.last_moving):
            vm.first_moving = channel
        else:
            vm.last_moving.next_moving = channel
        vm.last_moving = channel
    return channel.queue


@function
def _write_struct(vm: VM, packer: Packer, instance: StructObject) -> None:
    definition = definition_of(vm, instance)
    count = definition.field_count
    write_word(packer, count)
    _write_reference(packer, definition)
    _write_reference(packer, further_fields(instance))
    for slot in range(count):
        _write_value(packer, field_value(instance, slot))


@function
def _write_array(packer: Packer, array: ArrayObject) -> None:
    write_word(packer, array.length)
    if array.flags == GENERIC:
        _write_values(packer, array_items(array), array.length)
    elif holds_objects(array.flags):
        for index in range(array.length):
            write_word(packer, _packed_payload(packer, array_get(array, index)))
    else:
        write_bytes(packer, array.data, array.length * element_size(array.flags))


@function
def _write_dict(packer: Packer, table: DictObject) -> None:
    write_word(packer, table.count)
    entry = next_entry(table, 0)
    while entry >= 0:
        _write_value(packer, entry_key(table, entry))
        _write_value(packer, entry_value(table, entry))
        entry = next_entry(table, entry + 1)


@function
def _write_set(packer: Packer, table: SetObject) -> None:
    write_word(packer, table.count)
    entry = next_element(table, 0)
    while entry >= 0:
        _write_value(packer, table.items[entry])
        entry = next_element(table, entry + 1)


@function
def _write_cell(packer: Packer, cell: CellObject, place: i64) -> None:
    """A variable.  In a snapshot it is unbound if its value cannot cross."""
    if place != 0:
        _write_head(packer, GLOBAL_CELL, cell)
        write_word(packer, (place - 1) >> 32)
        write_word(packer, (place - 1) & 0xFFFFFFFF)
    else:
        _write_head(packer, CELL, cell)
        _write_reference(packer, cell.name)
    value = cell.value
    if packer.purpose != MESSAGE and not can_cross(value):
        value = Value(UNBOUND, 0)
    _write_value(packer, value)


@function
def _write_function(vm: VM, packer: Packer, closure: FunctionObject) -> None:
    write_word(packer, closure.proto.index)
    write_word(packer, closure.capture_count)
    write_word(packer, closure.proto.stamp)
    for index in range(closure.capture_count):
        _write_reference(packer, closure.captures[index])
    if packer.purpose != MESSAGE:
        _find_globals(vm, packer, closure.proto)


@function
def _find_globals(vm: VM, packer: Packer, proto: Proto) -> None:
    """Notes the global variables that a chunk and those inside it mention."""
    for index in range(proto.inner_count + 1):
        _find_globals_of_chunk(packer, vm.protos[proto.index + index])


@function
def _find_globals_of_chunk(packer: Packer, proto: Proto) -> None:
    for place in range(proto.constant_count):
        constant = proto.constants[place]
        if constant.tag == CELL:
            number_of(packer, cast(Object, constant.payload), (proto.index << 32 | place) + 1)


@function
def _find_globals_of_functions(vm: VM, packer: Packer) -> None:
    """Notes the global variables that functions mention; files and spawned blocks, which no value is, have no name."""
    for number in range(vm.proto_count):
        proto = vm.protos[number]
        if proto.hidden != HIDDEN and proto.name.byte_count > 0:
            _find_globals_of_chunk(packer, proto)


@function
def _may_receive(vm: VM, packer: Packer) -> bool:
    """Whether the functions found take something out of channels."""
    for number in range(packer.count):
        cell = cast(Object, packer.objects[number])
        if kind_of(cell) == FUNCTION and _mentions_receive(vm, cast(FunctionObject, cell).proto):
            return True
    return False


@function
def _mentions_receive(vm: VM, proto: Proto) -> bool:
    for index in range(proto.inner_count + 1):
        inner = vm.protos[proto.index + index]
        for place in range(inner.constant_count):
            if inner.constants[place].tag == STRING and _is_receive(as_string(inner.constants[place])):
                return True
    return False


@function
def _is_receive(name: StringObject) -> bool:
    size = literal_size("receive")
    return name.byte_count == size and compare_memory(name.data, literal("receive"), size) == 0


@function
def _write_definition(vm: VM, packer: Packer, definition: StructDefinition) -> None:
    if word(definition) == word(vm.error_definition):
        write_word(packer, ERROR_DEFINITION)
        return
    _write_head(packer, STRUCT_DEFINITION, definition)
    write_word(packer, origin_of(vm, definition))
    write_word(packer, definition.field_count)
    write_word(packer, definition.method_count)
    _write_reference(packer, definition.name)
    _write_reference(packer, definition.field_names)
    _write_reference(packer, definition.field_slots)
    _write_reference(packer, definition.method_slots)
    _write_reference(packer, definition.methods)
    _write_reference(packer, definition.defaults)
