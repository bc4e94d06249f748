"""Collection: what keeps a cell alive, deep and wide structures, memory returned, limits, pauses."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from rufflang.lowpy import Ptr, cast, element, function, i64, null, size_of, word
from rufflang.lowpy.types import Struct, struct_type
from rufflang.runtime.dicts import dict_set, new_dict
from rufflang.runtime.heap import allocate, new_pointers, new_values
from rufflang.runtime.objects import (
    GENERIC,
    HOLDS_POINTERS,
    KEY_TAG_SHIFT,
    ArrayObject,
    BoxObject,
    BufferObject,
    CellObject,
    DictEntry,
    DictObject,
    EntriesObject,
    EnumDefinition,
    FunctionObject,
    Object,
    Proto,
    StringObject,
    StructDefinition,
    StructObject,
    TaggedObject,
    kind_of,
)
from rufflang.runtime.structs import give_further_fields, new_instance
from rufflang.runtime.structs_layout import (
    field_place,
    field_value,
    payload_place,
    set_field_value,
)
from rufflang.runtime.structs_numbers import enter_definition
from rufflang.runtime.values import (
    ARRAY,
    BUFFER,
    CELL,
    DICT,
    ENTRIES,
    ENUM,
    FUNCTION,
    INT,
    ITERATOR,
    OPTION,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    VALUES,
    Value,
)
from rufflang.runtime.vm import STOP_MEMORY, VM
from tests.runtime.vm_fixture import NativeModule, TestVM, read_field, write_field

CANARY = 0x5EED


@function
def make_canary(vm: VM) -> Object:
    """A cell whose contents show whether it is still alive."""
    cell = cast(Ptr[i64], allocate(vm, 16, BUFFER))
    cell[1] = CANARY
    return cast(Object, cell)


@function
def is_alive(canary: Object) -> bool:
    return i64(canary.kind) == BUFFER and cast(Ptr[i64], canary)[1] == CANARY


@function
def make_holder(vm: VM, size: i64, kind: i64) -> Object:
    return allocate(vm, size, kind)


@function
def churn(vm: VM, size: i64, count: i64) -> None:
    """Makes garbage."""
    for _ in range(count):
        allocate(vm, size, BUFFER)


@function
def survives_in_local(vm: VM, count: i64) -> bool:
    """Whether a cell that only a local variable refers to survives allocations."""
    canary = make_canary(vm)
    churn(vm, 16, count)
    return is_alive(canary)


@function
def survives_by_interior_pointer(vm: VM, count: i64) -> bool:
    """Whether a cell survives to which only a pointer into its middle exists."""
    middle = element(new_values(vm, 100).items, 50)
    middle[0] = Value(INT, CANARY)
    churn(vm, 1616, count)
    return middle[0].payload == CANARY


@function
def make_chain(vm: VM, definition: StructDefinition, length: i64) -> StructObject:
    """Struct instances, each the only field of the one before."""
    head = null(StructObject)
    for number in range(length):
        link = new_instance(vm, definition)
        set_field_value(link, 0, Value(INT, number))
        if word(head) != 0:
            set_field_value(link, 1, Value(STRUCT, word(head)))
        head = link
    return head


@function
def make_definition(vm: VM, field_count: i64) -> StructDefinition:
    definition = cast(StructDefinition, allocate(vm, size_of(StructDefinition), STRUCT_DEFINITION))
    definition.field_count = field_count
    enter_definition(vm, definition, 0, False)
    return definition


@function
def make_extended(vm: VM, canary: Object) -> StructObject:
    """An instance that has a cell among the fields which its definition does not declare."""
    instance = new_instance(vm, make_definition(vm, 0))
    further = new_dict(vm, 1)
    give_further_fields(vm, instance, further)
    dict_set(vm, further, Value(INT, 1), Value(BUFFER, word(canary)))
    return instance


@function
def chain_length(head: StructObject) -> i64:
    """How many links hold the right number."""
    link = head
    count = 0
    while word(link) != 0 and kind_of(link) == STRUCT:
        count += 1
        link = cast(StructObject, field_value(link, 1).payload)
    return count


@function
def make_wide(vm: VM, count: i64) -> Object:
    """A buffer of values, each a box."""
    wide = new_values(vm, count)
    for index in range(count):
        box = cast(BoxObject, allocate(vm, size_of(BoxObject), OPTION))
        box.value = Value(INT, index)
        wide.items[index] = Value(OPTION, word(box))
    return wide


@function
def make_wide_pointers(vm: VM, count: i64) -> Object:
    """A buffer of addresses, each that of a box, but for every fourth, which is null."""
    wide = new_pointers(vm, count)
    for index in range(count):
        if index & 3 != 0:
            box = cast(BoxObject, allocate(vm, size_of(BoxObject), OPTION))
            box.value = Value(INT, index)
            wide.items[index] = word(box)
    return wide


@function
def count_wide_pointers(pointers: Ptr[i64], count: i64) -> i64:
    right = 0
    for index in range(count):
        box = cast(BoxObject, pointers[index])
        if index & 3 == 0:
            right += i64(pointers[index] == 0)
        elif i64(box.kind) == OPTION and box.value.payload == index:
            right += 1
    return right


@function
def count_wide(values: Ptr[Value], count: i64) -> i64:
    right = 0
    for index in range(count):
        box = cast(BoxObject, values[index].payload)
        if i64(box.kind) == OPTION and box.value.payload == index:
            right += 1
    return right


@cache
def native() -> NativeModule:
    return NativeModule(
        [make_canary, is_alive, make_holder, churn, survives_in_local, survives_by_interior_pointer,
         make_chain, make_definition, make_extended, new_instance, chain_length, make_wide, count_wide,
         make_wide_pointers, count_wide_pointers],
        level=2,
    )  # fmt: skip


@pytest.fixture
def vm() -> Iterator[TestVM]:
    machine = native().vm()
    yield machine
    machine.close()


@pytest.fixture
def stressed() -> Iterator[TestVM]:
    machine = native().vm(stress=1)
    yield machine
    machine.close()


def alive(canary: int) -> bool:
    result: bool = native().call(is_alive, canary)
    return result


def store_word(address: int, word: int) -> None:
    ctypes.c_int64.from_address(address).value = word


def store_value(address: int, tag: int, payload: int) -> None:
    ctypes.c_int64.from_address(address).value = tag
    ctypes.c_int64.from_address(address + 8).value = payload


def test_cells_that_only_locals_hold_survive_collections_at_every_allocation(stressed: TestVM) -> None:
    assert stressed.call(survives_in_local, 300)
    assert stressed.statistics().collections >= 300


def test_a_pointer_into_the_middle_keeps_a_cell(stressed: TestVM) -> None:
    assert stressed.call(survives_by_interior_pointer, 100)


def test_most_cells_that_nothing_refers_to_are_freed(vm: TestVM) -> None:
    canaries = [vm.call(make_canary) for _ in range(1000)]
    vm.collect()
    assert sum(map(alive, canaries)) < 20


def test_a_root_keeps_a_cell_until_it_is_cleared(vm: TestVM) -> None:
    canaries = [vm.call(make_canary) for _ in range(32)]
    for index, canary in enumerate(canaries):
        vm.set_root(index, STRING, canary)
    vm.collect()
    assert all(map(alive, canaries))
    for index in range(32):
        vm.set_root(index, INT, 0)
    vm.collect()
    assert sum(map(alive, canaries)) < 16


def test_the_value_stack_keeps_what_the_registers_of_the_running_frame_hold(vm: TestVM) -> None:
    proto = ctypes.create_string_buffer(size_of_layout(Proto))
    write_field(ctypes.addressof(proto), Proto, "register_count", 32)
    closure = vm.call(make_holder, size_of_layout(FunctionObject), FUNCTION)
    write_field(closure, FunctionObject, "proto", ctypes.addressof(proto))
    registers = vm.field("stack_base") + 2 * 16
    store_value(registers - 2 * 16, FUNCTION, closure)
    canaries = [vm.call(make_canary) for _ in range(64)]
    for index, canary in enumerate(canaries):
        store_value(registers + 16 * index, STRING, canary)
    write_field(vm.address, VM, "frame", registers)
    vm.collect()
    assert all(map(alive, canaries[:32]))
    assert sum(map(alive, canaries[32:])) < 16


def size_of_layout(layout: type[Struct]) -> int:
    return struct_type(layout).byte_size


def address_of_field(address: int, layout: type[Struct], name: str) -> int:
    return address + struct_type(layout).fields[name].offset


def hold_in_array(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(ArrayObject), ARRAY)
    vm.set_root(1, ARRAY, holder)
    values = vm.call(new_values, 10)
    write_field(holder, ArrayObject, "data", values + 16)
    store_value(values + 16 + 9 * 16, STRING, canary)
    return ARRAY, holder


def hold_in_dict_key(vm: TestVM, canary: int) -> tuple[int, int]:
    return hold_in_dict(vm, canary, "key")


def hold_in_dict_value(vm: TestVM, canary: int) -> tuple[int, int]:
    return hold_in_dict(vm, canary, "value")


def hold_in_dict(vm: TestVM, canary: int, part: str) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(DictObject), DICT)
    vm.set_root(1, DICT, holder)
    first_tags = size_of_layout(EntriesObject) + 3 * size_of_layout(DictEntry)
    entries = vm.call(make_holder, first_tags + 3, ENTRIES)
    write_field(entries, EntriesObject, "capacity", 3)
    write_field(holder, DictObject, "entries", entries + size_of_layout(EntriesObject))
    write_field(holder, DictObject, "flags", HOLDS_POINTERS)
    last = entries + size_of_layout(EntriesObject) + 2 * size_of_layout(DictEntry)
    write_field(last, DictEntry, part, canary)
    tags = STRING << KEY_TAG_SHIFT if part == "key" else STRING
    ctypes.c_uint8.from_address(entries + first_tags + 2).value = tags
    return DICT, holder


def hold_in_dict_index(vm: TestVM, canary: int) -> tuple[int, int]:
    _, holder = hold_in_dict(vm, 0, "key")
    write_field(holder, DictObject, "guide", canary + size_of_layout(BufferObject))
    write_field(holder, DictObject, "last_slot", 63)
    return DICT, holder


def hold_in_string(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(StringObject), STRING)
    write_field(holder, StringObject, "data", canary + 12)
    return STRING, holder


def hold_in_cell(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(CellObject), CELL)
    store_value(address_of_field(holder, CellObject, "value"), STRING, canary)
    return CELL, holder


def hold_in_cell_name(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(CellObject), CELL)
    write_field(holder, CellObject, "name", canary)
    return CELL, holder


def hold_in_function(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(FunctionObject) + 24, FUNCTION)
    write_field(holder, FunctionObject, "capture_count", 3)
    ctypes.c_int64.from_address(read_field(holder, FunctionObject, "captures") + 16).value = canary
    return FUNCTION, holder


def hold_in_option(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(BoxObject), OPTION)
    store_value(address_of_field(holder, BoxObject, "value"), STRING, canary)
    return OPTION, holder


def hold_in_tagged(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(TaggedObject) + 32, TAGGED)
    write_field(holder, TaggedObject, "aux", 2)
    store_value(read_field(holder, TaggedObject, "payload") + 16, STRING, canary)
    return TAGGED, holder


def hold_in_struct_field(vm: TestVM, canary: int) -> tuple[int, int]:
    return _hold_in_slot(vm, canary, 1)


def hold_in_struct_of_many_fields(vm: TestVM, canary: int) -> tuple[int, int]:
    return _hold_in_slot(vm, canary, 17)


def _hold_in_slot(vm: TestVM, canary: int, slot: int) -> tuple[int, int]:
    definition = vm.call(make_definition, slot + 1)
    vm.set_root(1, STRUCT_DEFINITION, definition)
    holder: int = vm.call(new_instance, definition)
    ctypes.c_uint8.from_address(holder + field_place(slot)).value = STRING
    ctypes.c_int64.from_address(holder + payload_place(field_place(slot))).value = canary
    return STRUCT, holder


def hold_in_struct_extra(vm: TestVM, canary: int) -> tuple[int, int]:
    return STRUCT, vm.call(make_extended, canary)


def hold_behind_array(vm: TestVM, canary: int) -> tuple[int, int]:
    return hold_behind(vm, GENERIC, 3 * 16, 2 * 16, lambda place: store_value(place, STRING, canary))


def hold_behind_array_of_objects(vm: TestVM, canary: int) -> tuple[int, int]:
    return hold_behind(vm, STRING, 3 * 8, 2 * 8, lambda place: store_word(place, canary))


def hold_behind(vm: TestVM, kind: int, size: int, place: int, store: Callable[[int], None]) -> tuple[int, int]:
    """An array that has three elements behind its object."""
    holder = vm.call(make_holder, size_of_layout(ArrayObject) + size, ARRAY)
    elements = holder + size_of_layout(ArrayObject)
    write_field(holder, ArrayObject, "flags", kind)
    write_field(holder, ArrayObject, "data", elements)
    write_field(holder, ArrayObject, "length", 3)
    store(elements + place)
    return ARRAY, holder


def hold_in_definition(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_definition, 0)
    write_field(holder, StructDefinition, "methods", canary)
    return STRUCT_DEFINITION, holder


def hold_in_enum(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, size_of_layout(EnumDefinition), ENUM)
    write_field(holder, EnumDefinition, "name", canary)
    return ENUM, holder


def hold_in_unknown_kind(vm: TestVM, canary: int) -> tuple[int, int]:
    holder = vm.call(make_holder, 200, 99)
    store_word(holder + 152, canary)
    return ITERATOR, holder


HOLDERS: list[Callable[[TestVM, int], tuple[int, int]]] = [
    hold_in_array, hold_behind_array, hold_behind_array_of_objects, hold_in_dict_key, hold_in_dict_value,
    hold_in_dict_index, hold_in_string, hold_in_cell,
    hold_in_cell_name, hold_in_function, hold_in_option, hold_in_tagged, hold_in_struct_field,
    hold_in_struct_of_many_fields, hold_in_struct_extra,
    hold_in_definition, hold_in_enum, hold_in_unknown_kind,
]  # fmt: skip


@pytest.mark.parametrize("hold", HOLDERS, ids=lambda hold: hold.__name__)
def test_every_kind_of_cell_keeps_what_it_refers_to(
    vm: TestVM, hold: Callable[[TestVM, int], tuple[int, int]]
) -> None:
    canaries = []
    values = vm.call(new_values, 50)
    vm.set_root(0, VALUES, values)
    for index in range(50):
        canary = vm.call(make_canary)
        store_value(values + 16 + 16 * index, *hold(vm, canary))
        canaries.append(canary)
    vm.set_root(1, INT, 0)
    for _ in range(3):
        vm.collect()
    assert all(map(alive, canaries))
    vm.set_root(0, INT, 0)
    vm.collect()
    vm.collect()
    assert sum(map(alive, canaries)) < 25


def test_a_definition_with_a_number_lives_as_long_as_something_refers_to_it(vm: TestVM) -> None:
    canaries = [vm.call(make_canary) for _ in range(50)]
    for canary in canaries:
        hold_in_definition(vm, canary)
    vm.collect()
    vm.collect()
    assert sum(map(alive, canaries)) < 25


def test_a_chain_of_a_million_structs_is_marked_without_recursion(vm: TestVM) -> None:
    definition = vm.call(make_definition, 2)
    vm.set_root(1, STRUCT_DEFINITION, definition)
    head = vm.call(make_chain, definition, 1_000_000)
    vm.set_root(0, STRUCT, head)
    vm.collect()
    assert native().call(chain_length, head) == 1_000_000
    assert vm.statistics().live >= 24_000_000
    vm.set_root(0, INT, 0)
    vm.collect()
    vm.collect()
    assert vm.statistics().live < 1_000_000


def test_a_buffer_of_a_million_boxes_is_marked(vm: TestVM) -> None:
    wide = vm.call(make_wide, 1_000_000)
    vm.set_root(0, VALUES, wide)
    vm.collect()
    assert native().call(count_wide, wide + 16, 1_000_000) == 1_000_000


@pytest.mark.parametrize("count", [1, 255, 256, 257, 1_000_000])
def test_every_cell_is_marked_whose_address_a_buffer_has(vm: TestVM, count: int) -> None:
    wide = vm.call(make_wide_pointers, count)
    vm.set_root(0, ARRAY, vm.call(make_holder, size_of_layout(ArrayObject), ARRAY))
    write_field(vm.root(0)[1], ArrayObject, "data", wide + 16)
    for _ in range(2):
        vm.collect()
    assert native().call(count_wide_pointers, wide + 16, count) == count


def resident_bytes() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
@pytest.mark.parametrize("size", [48, 40_000_000])
def test_freed_memory_goes_back_to_the_system(vm: TestVM, size: int) -> None:
    before = resident_bytes()
    values = vm.call(new_values, 100_000_000 // (size + 16))
    vm.set_root(0, VALUES, values)
    for index in range(min(2, 100_000_000 // size)):
        block = vm.call(make_holder, size, BUFFER)
        ctypes.memset(block + 8, 1, size - 8)
        store_value(values + 16 + 16 * index, STRING, block)
    if size < 1000:
        vm.set_root(1, VALUES, vm.call(make_wide, 1_000_000))
    assert resident_bytes() > before + 30_000_000
    vm.set_root(0, INT, 0)
    vm.set_root(1, INT, 0)
    vm.collect()
    vm.collect()
    assert resident_bytes() < before + 20_000_000
    assert vm.statistics().used_pages < 1000


def test_garbage_of_many_sizes_does_not_make_the_heap_grow(vm: TestVM) -> None:
    for _ in range(20):
        for size in (24, 100, 700, 3000, 12_000, 20_000, 300_000, 2_000_000):
            vm.call(churn, size, 10_000_000 // size)
    statistics = vm.statistics()
    assert statistics.allocated > 1_000_000_000
    assert (statistics.used_pages + statistics.free_pages) * 8192 < 100_000_000


def test_exceeding_the_limit_asks_the_program_to_stop_and_goes_on() -> None:
    machine = native().vm(memory_limit=20_000_000)
    machine.call(churn, 1000, 200_000)
    assert machine.field("interrupt") == 0
    machine.set_root(0, VALUES, machine.call(make_wide, 1_000_000))
    assert machine.field("interrupt") == STOP_MEMORY
    assert machine.call(survives_in_local, 100)
    machine.close()


def test_pauses_are_counted(vm: TestVM) -> None:
    vm.call(churn, 48, 2_000_000)
    statistics = vm.statistics()
    assert statistics.collections >= 5
    assert 0 < statistics.pause_longest <= statistics.pause_total


def test_vms_can_be_made_and_freed_many_times() -> None:
    for _ in range(200):
        machine = native().vm()
        machine.call(churn, 100, 100)
        machine.close()
