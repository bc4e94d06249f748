"""By which numbers caches and compiled code know functions.

A program is edited, and run again with the machine code of the functions that are as they were.  So what stands for a
function there must not depend on how many others there are before it.  Its number comes from its identity, a digest
of its code; where that number is taken already, the function gets a following one.  Whoever relies on a
number after it left this VM has to compare the identity as well (`jit.answers`).

Other threads look functions up while the program loads some.  So a table that is too small is replaced by a larger
one with everything in it, and stays where it is.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, function, i64, inline, is_null, null, u8, u64
from rufflang.runtime.heap_system import needed_memory, system_free
from rufflang.runtime.objects import Proto
from rufflang.runtime.vm import VM

SHORT_NUMBER = 1 << 24
"""Numbers from here on do not fit everywhere, and belong to functions that have found no other."""

_LEAST_CAPACITY = 128
_MOST_TRIES = 64
_HEAD_BYTES = 16
_SPREAD = 0x9E3779B97F4A7C15


class NumberTable(Struct):
    """A hash table of functions by their numbers, at least half of it empty; `before` is the one that it replaces."""

    capacity: i64
    before: Ptr[u8]
    slots: Ptr[Proto] = inline(0)


@function(inline=True)
def _first_slot(table: NumberTable, number: i64) -> i64:
    return i64((u64(number) * u64(_SPREAD)) >> 32) & (table.capacity - 1)


@function
def numbered_proto(vm: VM, number: i64) -> Proto:
    """The loaded chunk with a number; null when there is none."""
    table = cast(NumberTable, vm.numbers)
    if is_null(table):
        return null(Proto)
    slot = _first_slot(table, number)
    while not is_null(table.slots[slot]):
        if table.slots[slot].number == number:
            return table.slots[slot]
        slot = (slot + 1) & (table.capacity - 1)
    return null(Proto)


@function
def give_number(vm: VM, proto: Proto) -> None:
    """Gives a chunk whose identity is there its number."""
    table = cast(NumberTable, vm.numbers)
    if is_null(table) or table.capacity < 2 * vm.proto_count:
        table = _larger_table(vm, proto)
        vm.numbers = cast(Ptr[u8], table)
    proto.number = _free_number(vm, i64(proto.identity[0]) & (SHORT_NUMBER - 1), SHORT_NUMBER + proto.index)
    _enter(table, proto)


@function
def _free_number(vm: VM, first: i64, otherwise: i64) -> i64:
    number = first
    for _ in range(_MOST_TRIES):
        if number != 0 and is_null(numbered_proto(vm, number)):
            return number
        number = (number + 1) & (SHORT_NUMBER - 1)
    return otherwise


@function
def _enter(table: NumberTable, proto: Proto) -> None:
    slot = _first_slot(table, proto.number)
    while not is_null(table.slots[slot]):
        slot = (slot + 1) & (table.capacity - 1)
    table.slots[slot] = proto


@function
def _larger_table(vm: VM, following: Proto) -> NumberTable:
    """A table with room for all chunks, and in it those before the one that gets its number now."""
    capacity: i64 = _LEAST_CAPACITY
    while capacity < 4 * vm.proto_count:
        capacity += capacity
    table = cast(NumberTable, needed_memory(_HEAD_BYTES + capacity * 8, 1))
    table.capacity = capacity
    table.before = vm.numbers
    for index in range(following.index):
        _enter(table, vm.protos[index])
    return table


@function
def free_numbers(vm: VM) -> None:
    """Returns the memory of all tables to the system."""
    table = cast(NumberTable, vm.numbers)
    while not is_null(table):
        before = cast(NumberTable, table.before)
        system_free(cast(Ptr[u8], table))
        table = before


@function(export="ruff_proto_address")
def proto_address(vm: VM, number: i64) -> Proto:
    """A loaded chunk by its number; null when there is none."""
    return numbered_proto(vm, number)


@function(export="ruff_proto_index")
def proto_index(vm: VM, number: i64) -> i64:
    """The index of a loaded chunk by its number; -1 when there is none."""
    proto = numbered_proto(vm, number)
    return i64(-1) if is_null(proto) else proto.index


@function(export="ruff_proto_number")
def proto_number(vm: VM, index: i64) -> i64:
    """The number of a loaded chunk."""
    return vm.protos[index].number


@function(export="ruff_register_count")
def register_count(vm: VM, number: i64) -> i64:
    """How many registers a frame of a loaded chunk has."""
    return numbered_proto(vm, number).register_count
