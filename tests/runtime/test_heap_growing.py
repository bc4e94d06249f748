"""Blocks that grow where they are."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from rufflang.lowpy import function, i64
from rufflang.runtime.arrays import array_reserve, new_packed
from rufflang.runtime.collector import collect
from rufflang.runtime.heap import cell_size_for, new_buffer, new_pointers, new_values
from rufflang.runtime.heap_growing import grow_buffer, grow_pointers, grow_values, release_buffer, release_values
from rufflang.runtime.heap_layout import find_cell, heap_of
from rufflang.runtime.objects import GENERIC, ArrayObject, BufferObject, Object, PointersObject, ValuesObject
from rufflang.runtime.values import ARRAY, BUFFER, INT, STRING, VALUES
from rufflang.runtime.vm import STOP_FUEL, VM
from tests.runtime.vm_fixture import NativeModule, TestVM, read_field, write_field

PAGE = 8192
SIZES = [(20_000, 30_000), (20_000, 20_001), (100_000, 10_000_000), (9_000_000, 40_000_000)]


@function
def owner_of(vm: VM, address: i64) -> Object:
    return find_cell(heap_of(vm), address)


@cache
def native() -> NativeModule:
    return NativeModule([
        collect, grow_buffer, grow_pointers, grow_values, new_pointers, release_buffer,
        release_values, owner_of, cell_size_for, new_packed, array_reserve,
    ])  # fmt: skip


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def vm(request: pytest.FixtureRequest) -> Iterator[TestVM]:
    machine = native().vm(stress=request.param)
    yield machine
    machine.close()


def bytes_of(buffer: int) -> int:
    address: int = read_field(buffer, BufferObject, "bytes")
    return address


def items_of(values: int) -> int:
    address: int = read_field(values, ValuesObject, "items")
    return address


def kept_buffer(vm: TestVM, root: int, size: int) -> int:
    buffer: int = vm.call(new_buffer, size)
    vm.set_root(root, BUFFER, buffer)
    ctypes.memset(bytes_of(buffer), root + 1, size)
    return buffer


@pytest.mark.parametrize(("size", "larger"), SIZES)
def test_the_last_block_of_the_heap_grows_and_keeps_what_it_holds(vm: TestVM, size: int, larger: int) -> None:
    buffer = kept_buffer(vm, 0, size)
    assert vm.call(grow_buffer, bytes_of(buffer), larger)
    assert read_field(buffer, BufferObject, "capacity") == larger
    assert ctypes.string_at(bytes_of(buffer), size) == bytes([1]) * size
    ctypes.memset(bytes_of(buffer) + size, 2, larger - size)
    assert vm.call(owner_of, bytes_of(buffer) + larger - 1) == buffer


@pytest.mark.parametrize(("size", "larger"), SIZES)
def test_what_comes_behind_a_block_that_has_grown_is_apart_from_it(
    vm: TestVM, size: int, larger: int
) -> None:
    buffer = kept_buffer(vm, 0, size)
    assert vm.call(grow_buffer, bytes_of(buffer), larger)
    other = kept_buffer(vm, 1, 50_000)
    assert other >= buffer + native().call(cell_size_for, larger) or other < buffer
    vm.collect()
    assert ctypes.string_at(bytes_of(buffer), size) == bytes([1]) * size
    assert ctypes.string_at(bytes_of(other), 50_000) == bytes([2]) * 50_000


def test_a_block_with_another_one_behind_it_stays_as_it_is(vm: TestVM) -> None:
    buffer = kept_buffer(vm, 0, 20_000)
    kept_buffer(vm, 1, 20_000)
    assert not vm.call(grow_buffer, bytes_of(buffer), 30_000)
    assert read_field(buffer, BufferObject, "capacity") == 20_000


def test_a_block_grows_into_the_place_of_one_that_is_gone_and_beyond_all_others(vm: TestVM) -> None:
    buffer = kept_buffer(vm, 0, 20_000)
    kept_buffer(vm, 1, 20_000)
    kept_buffer(vm, 2, 20_000)
    vm.set_root(1, 0, 0)
    vm.collect()
    assert vm.call(grow_buffer, bytes_of(buffer), 40_000)
    assert not vm.call(grow_buffer, bytes_of(buffer), 60_000)
    vm.set_root(2, 0, 0)
    vm.collect()
    assert vm.call(grow_buffer, bytes_of(buffer), 1_000_000)
    assert ctypes.string_at(bytes_of(buffer), 20_000) == bytes([1]) * 20_000


def block_before_garbage(vm: TestVM, maker: Callable[..., object], count: int) -> int:
    """A block that is kept, with pages behind it that were in use, and whose memory is not returned to the system."""
    block: int = vm.call(maker, count)
    vm.set_root(0, VALUES, block)
    kept_buffer(vm, 1, 100_000)
    vm.set_root(1, 0, 0)
    vm.call(collect)
    return block


def test_new_values_of_a_block_are_unbound_whatever_was_in_their_place(vm: TestVM) -> None:
    values = block_before_garbage(vm, new_values, 2000)
    assert vm.call(grow_values, items_of(values), 7000)
    assert read_field(values, ValuesObject, "capacity") == 7000
    assert ctypes.string_at(items_of(values), 7000 * 16) == bytes(7000 * 16)


def test_new_addresses_of_a_block_are_null_whatever_was_in_their_place(vm: TestVM) -> None:
    pointers = block_before_garbage(vm, new_pointers, 4000)
    assert vm.call(grow_pointers, items_of(pointers), 14_000)
    assert read_field(pointers, PointersObject, "capacity") == 14_000
    assert ctypes.string_at(items_of(pointers), 14_000 * 8) == bytes(14_000 * 8)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which pages are in memory")
def test_growing_beyond_what_was_in_use_takes_no_memory_before_something_is_put_there(vm: TestVM) -> None:
    values = block_before_garbage(vm, new_values, 2000)
    assert vm.call(grow_values, items_of(values), 1_000_000)
    assert resident_bytes(items_of(values), 16_000_000) < 300_000
    assert ctypes.string_at(items_of(values), 16_000_000) == bytes(16_000_000)


def resident_bytes(address: int, size: int) -> int:
    """How many of these bytes are on pages that are in memory."""
    page = mmap.PAGESIZE
    start = address // page * page
    pages = (ctypes.c_ubyte * ((address + size - start + page - 1) // page))()
    assert ctypes.CDLL(None).mincore(ctypes.c_void_p(start), ctypes.c_size_t(address + size - start), pages) == 0
    return page * sum(state & 1 for state in pages)


def test_small_blocks_and_places_inside_of_blocks_do_not_grow(vm: TestVM) -> None:
    small = kept_buffer(vm, 0, 1000)
    assert not vm.call(grow_buffer, bytes_of(small), 2000)
    large = kept_buffer(vm, 1, 100_000)
    assert not vm.call(grow_buffer, bytes_of(large) + 8, 200_000)
    assert not vm.call(grow_buffer, bytes_of(large) + PAGE, 200_000)
    assert not vm.call(grow_buffer, 0, 200_000)


@pytest.mark.parametrize("kind", [BUFFER, VALUES])
def test_growing_is_as_much_work_as_a_larger_copy(kind: int) -> None:
    machine = native().vm()
    make, grow = (new_buffer, grow_buffer) if kind == BUFFER else (new_values, grow_values)
    block = machine.call(make, 10_000 if kind == VALUES else 160_000)
    write_field(machine.address, VM, "interrupt", STOP_FUEL)
    write_field(machine.address, VM, "fuel", 1_000_000)
    assert machine.call(grow, bytes_of(block) if kind == BUFFER else items_of(block), 500_000)
    spent = 1_000_000 - machine.field("fuel")
    machine.call(make, 500_000)
    assert spent == (1_000_000 - machine.field("fuel")) / 2 > 0
    machine.close()


def test_growing_counts_as_allocating_and_what_has_grown_goes_as_a_whole() -> None:
    machine = native().vm()
    before = machine.statistics()
    buffer = kept_buffer(machine, 0, 100_000)
    assert machine.call(grow_buffer, bytes_of(buffer), 50_000_000)
    grown = machine.statistics()
    assert grown.allocated - before.allocated == native().call(cell_size_for, 50_000_024)
    machine.collect()
    assert machine.statistics().live >= 50_000_000
    machine.set_root(0, 0, 0)
    machine.collect()
    assert machine.statistics().used_pages == before.used_pages
    machine.close()


def test_a_block_that_is_given_back_leaves_room_for_the_one_in_front_of_it(vm: TestVM) -> None:
    buffer = kept_buffer(vm, 0, 20_000)
    behind = kept_buffer(vm, 1, 20_000)
    last = kept_buffer(vm, 2, 20_000)
    vm.call(release_buffer, bytes_of(behind))
    assert vm.call(owner_of, bytes_of(behind)) == 0
    assert vm.call(grow_buffer, bytes_of(buffer), 40_000)
    vm.collect()
    assert ctypes.string_at(bytes_of(buffer), 20_000) == bytes([1]) * 20_000
    assert ctypes.string_at(bytes_of(last), 20_000) == bytes([3]) * 20_000


def test_what_is_given_back_counts_as_never_allocated(vm: TestVM) -> None:
    before = vm.statistics()
    buffer = kept_buffer(vm, 0, 100_000)
    values = vm.call(new_values, 10_000)
    vm.call(release_buffer, bytes_of(buffer))
    vm.call(release_values, items_of(values))
    after = vm.statistics()
    assert after.used_pages == before.used_pages
    assert after.collections > before.collections or after.allocated == before.allocated


@pytest.mark.parametrize("kind", [INT, STRING, GENERIC])
def test_an_array_that_moves_gives_back_what_its_elements_were_in(vm: TestVM, kind: int) -> None:
    array = vm.call(new_packed, kind, 5000)
    vm.set_root(0, ARRAY, array)
    old = read_field(array, ArrayObject, "data")
    assert vm.call(owner_of, old) != 0
    kept_buffer(vm, 1, 20_000)
    vm.call(array_reserve, array, 50_000)
    assert read_field(array, ArrayObject, "data") != old
    assert vm.call(owner_of, old) == 0


def test_a_small_block_that_is_given_back_is_the_next_one_of_its_size() -> None:
    machine = native().vm()
    small = kept_buffer(machine, 0, 1000)
    machine.call(release_buffer, bytes_of(small))
    assert machine.call(owner_of, bytes_of(small)) == 0
    assert machine.call(new_buffer, 999) == small
    assert machine.call(new_buffer, 999) != small
    machine.close()


def test_a_small_block_that_sweeping_has_yet_to_come_past_is_not_given_to_anybody() -> None:
    machine = native().vm()
    small = kept_buffer(machine, 0, 1000)
    machine.call(collect)
    machine.call(release_buffer, bytes_of(small))
    others = [kept_buffer(machine, root, 1000) for root in range(1, 20)]
    assert len(set(others)) == 19
    for root, other in enumerate(others, 1):
        assert ctypes.string_at(bytes_of(other), 1000) == bytes([root + 1]) * 1000
    machine.close()


def test_a_small_block_that_sweeping_has_come_past_may_be_given_back() -> None:
    machine = native().vm()
    small = kept_buffer(machine, 0, 1000)
    kept_buffer(machine, 1, 1000)
    machine.call(collect)
    kept_buffer(machine, 2, 1000)
    machine.call(release_buffer, bytes_of(small))
    assert machine.call(new_buffer, 1000) == small
    machine.close()


def test_what_a_small_block_held_cannot_be_used_under_stress_once_that_was_given_back() -> None:
    machine = native().vm(stress=1)
    small = kept_buffer(machine, 0, 1000)
    machine.call(release_buffer, bytes_of(small))
    assert bytes([1]) not in ctypes.string_at(bytes_of(small), 1000)
    machine.close()


def test_a_place_inside_of_a_small_block_is_not_given_back() -> None:
    machine = native().vm()
    small = kept_buffer(machine, 0, 1000)
    machine.call(release_buffer, bytes_of(small) + 8)
    assert machine.call(owner_of, bytes_of(small)) == small
    assert machine.call(new_buffer, 1000) != small
    machine.close()
