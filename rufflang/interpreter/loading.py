"""Puts compiled units into a VM.

A unit arrives as one block of 64-bit words, made by `rufflang.host.packing`, which also describes its
layout; one call loads it all.  Everything is created in place, inside a chunk's constants,
so that no object is ever held by native code alone while the collector may run.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import GENERATOR as GENERATOR_FUNCTION
from rufflang.lowpy import (
    Ptr,
    Struct,
    cast,
    copy_memory,
    element,
    function,
    i64,
    size_of,
    u8,
    u32,
    u64,
    word,
)
from rufflang.runtime.dicts import intern_string
from rufflang.runtime.functions_numbers import give_number
from rufflang.runtime.heap import allocate, new_values
from rufflang.runtime.heap_system import needed_memory, system_free
from rufflang.runtime.objects import IDENTITY_WORDS, CellObject, Proto, StringObject
from rufflang.runtime.strings import new_string
from rufflang.runtime.values import CELL, INT, STRING, VALUES, Value
from rufflang.runtime.vm import VM

# Kinds of constants in a packed unit, beside the tags of values that are no objects.
PACKED_TEXT = 16
PACKED_CHUNK = 17
PACKED_LIST = 18

LEAST_PROTOS = 64
STAMP_FACTOR = 0x9E3779B97F4A7C15


class UnitReader(Struct):
    """A place in a packed unit."""

    words: Ptr[i64]


@function
def copied(data: Ptr[u8], size: i64) -> Ptr[u8]:
    """A copy of some bytes outside the heap."""
    memory = needed_memory(1, size + 8)
    copy_memory(memory, data, size)
    return memory


@function
def intern(vm: VM, data: Ptr[u8], size: i64) -> StringObject:
    """The one string object for a constant text; its hash is computed already."""
    return intern_string(vm, new_string(vm, data, size))


@function
def new_proto(vm: VM, code_length: i64, constant_count: i64) -> Proto:
    """A chunk with room for code and constants."""
    proto = cast(Proto, needed_memory(1, size_of(Proto)))
    proto.code = cast(Ptr[u64], needed_memory(code_length + 1, 8))
    proto.code_length = code_length
    proto.constants = cast(Ptr[Value], needed_memory(constant_count + 1, 16))
    proto.constant_count = constant_count
    proto.name = vm.empty_string
    proto.declared_name = vm.empty_string
    proto.arity_name = vm.empty_string
    if vm.proto_count == vm.proto_capacity:
        grow_protos(vm)
    proto.index = vm.proto_count
    vm.protos[vm.proto_count] = proto
    vm.proto_count += 1
    return proto


@function
def grow_protos(vm: VM) -> None:
    """Makes the table of chunks larger; the old one stays where it is, since compiled code may read it."""
    capacity = vm.proto_capacity * 2 + LEAST_PROTOS
    table = cast(Ptr[Proto], needed_memory(capacity, 8))
    if vm.proto_count > 0:
        copy_memory(table, vm.protos, vm.proto_count * 8)
    vm.protos = table
    vm.proto_capacity = capacity


@function
def read_word(reader: UnitReader) -> i64:
    """The next word."""
    value = reader.words[0]
    reader.words = element(reader.words, 1)
    return value


@function
def read_text(vm: VM, reader: UnitReader) -> StringObject:
    """The next text: its size in bytes, then its bytes, padded to whole words."""
    size = read_word(reader)
    text = intern(vm, cast(Ptr[u8], reader.words), size)
    reader.words = element(reader.words, (size + 7) >> 3)
    return text


@function
def read_words(reader: UnitReader, count: i64) -> Ptr[u8]:
    """A copy of the next `count` words."""
    memory = copied(cast(Ptr[u8], reader.words), count * 8)
    reader.words = element(reader.words, count)
    return memory


@function(export="ruff_load_unit")
def load_unit(vm: VM, words: Ptr[i64]) -> Proto:
    """Loads a packed unit; the result is its top level."""
    reader = cast(UnitReader, needed_memory(1, size_of(UnitReader)))
    reader.words = words
    first = vm.proto_count
    count = read_word(reader)
    for _ in range(count):
        code_length = read_word(reader)
        new_proto(vm, code_length, read_word(reader))
    main = vm.protos[first]
    read_globals(vm, reader, main)
    for index in range(count):
        proto = vm.protos[first + index]
        read_identity(vm, reader, proto)
        read_code(reader, proto, main)
        read_description(vm, reader, proto)
        read_constants(vm, reader, proto, first)
    count_inner(vm, first, count)
    stamp(vm, words, reader, first)
    system_free(cast(Ptr[u8], reader))
    return main


@function
def stamp(vm: VM, words: Ptr[i64], reader: UnitReader, first: i64) -> None:
    """Derives the stamps of a unit's chunks from all words of the unit."""
    total: u64 = 0
    for index in range((word(reader.words) - word(words)) >> 3):
        total = (total ^ u64(words[index])) * STAMP_FACTOR
    for number in range(first, vm.proto_count):
        vm.protos[number].stamp = i64(total + u64(number - first))


@function
def count_inner(vm: VM, first: i64, count: i64) -> None:
    """Notes how many chunks are inside each one, of which `read_constants` has noted the last child."""
    for index in range(count):
        proto = vm.protos[first + count - 1 - index]
        if proto.inner_count > 0:
            proto.inner_count += vm.protos[proto.index + proto.inner_count].inner_count


@function
def read_globals(vm: VM, reader: UnitReader, main: Proto) -> None:
    """Makes the unit's global cells, constants of its top level."""
    base = read_word(reader)
    count = read_word(reader)
    for index in range(count):
        cell = cast(CellObject, allocate(vm, size_of(CellObject), CELL))
        main.constants[base + index] = Value(CELL, word(cell))
        cell.name = read_text(vm, reader)


@function
def read_identity(vm: VM, reader: UnitReader, proto: Proto) -> None:
    """What tells a chunk from others, and the number that comes of it."""
    for index in range(IDENTITY_WORDS):
        proto.identity[index] = u64(read_word(reader))
    give_number(vm, proto)


@function
def read_code(reader: UnitReader, proto: Proto, main: Proto) -> None:
    """The global cells that the code uses, positions, code, handlers and captures."""
    length = proto.code_length
    place = read_word(reader)
    count = read_word(reader)
    for index in range(count):
        proto.constants[place + index] = main.constants[read_word(reader)]
    proto.positions = cast(Ptr[u64], read_words(reader, length))
    copy_memory(proto.code, reader.words, length * 8)
    reader.words = element(reader.words, length)
    proto.handler_count = read_word(reader)
    proto.handlers = cast(Ptr[i64], read_words(reader, proto.handler_count * 4))
    proto.capture_count = read_word(reader)
    proto.captures = cast(Ptr[i64], read_words(reader, proto.capture_count))


@function
def read_description(vm: VM, reader: UnitReader, proto: Proto) -> None:
    """Numbers and names; an anonymous function has no declared name."""
    proto.register_count = read_word(reader)
    proto.parameter_count = read_word(reader)
    proto.has_receiver = read_word(reader)
    proto.lent = read_word(reader)
    proto.hidden = read_word(reader)
    loop_count = read_word(reader)
    proto.kind = read_word(reader)
    proto.name = read_text(vm, reader)
    proto.arity_name = proto.name
    if read_word(reader) != 0:
        proto.declared_name = read_text(vm, reader)
    proto.parameter_feedback = cast(Ptr[u32], needed_memory(proto.parameter_count + 1, 4))
    if proto.kind == GENERATOR_FUNCTION:
        proto.resume_feedback = cast(Ptr[u32], needed_memory(proto.register_count, 4))
    proto.loop_entries = cast(Ptr[Ptr[u8]], needed_memory(loop_count + 1, 8))


@function
def read_constants(vm: VM, reader: UnitReader, proto: Proto, first: i64) -> None:
    """The chunk's own constants, from the beginning of its table."""
    count = read_word(reader)
    for index in range(count):
        kind = read_word(reader)
        if kind == PACKED_TEXT:
            proto.constants[index] = Value(STRING, word(read_text(vm, reader)))
        elif kind == PACKED_CHUNK:
            inner = vm.protos[first + read_word(reader)]
            proto.inner_count = inner.index - proto.index
            proto.constants[index] = Value(INT, word(inner))
        elif kind == PACKED_LIST:
            read_list(vm, reader, element(proto.constants, index))
        else:
            proto.constants[index] = Value(kind, read_word(reader))


@function
def read_list(vm: VM, reader: UnitReader, place: Ptr[Value]) -> None:
    """A descriptor: ints and texts in a VALUES object."""
    count = read_word(reader)
    values = new_values(vm, count)
    place[0] = Value(VALUES, word(values))
    for index in range(count):
        kind = read_word(reader)
        if kind == PACKED_TEXT:
            values.items[index] = Value(STRING, word(read_text(vm, reader)))
        else:
            values.items[index] = Value(kind, read_word(reader))
