"""When the heap is collected: how much may be allocated beside what is alive, and what a collection gives back."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from rufflang.lowpy import Ptr, cast, function, i64, null, size_of, u8, word
from rufflang.runtime import collector
from rufflang.runtime.heap import allocate, expect_cells, new_values
from rufflang.runtime.heap_layout import Heap
from rufflang.runtime.objects import ArrayObject, BoxObject
from rufflang.runtime.values import ARRAY, BUFFER, INT, OPTION, VALUES, Value
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule, TestVM, read_field

MEGABYTE = 1 << 20
BOX_BYTES = 24

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which pages are in memory")


@function
def keep_boxes(vm: VM, count: i64) -> None:
    """Makes boxes that stay alive, as a list."""
    head = null(BoxObject)
    for _ in range(count):
        box = cast(BoxObject, allocate(vm, size_of(BoxObject), OPTION))
        box.value = Value(OPTION, word(head)) if word(head) != 0 else Value(INT, 0)
        head = box
        vm.roots[0] = Value(OPTION, word(box))


@function
def keep_buffers(vm: VM, count: i64, size: i64) -> None:
    """Makes buffers without pointers that stay alive."""
    holder = new_values(vm, count)
    vm.roots[0] = Value(VALUES, word(holder))
    for index in range(count):
        array = cast(ArrayObject, allocate(vm, size_of(ArrayObject), ARRAY))
        holder.items[index] = Value(ARRAY, word(array))
        array.data = cast(Ptr[u8], allocate(vm, size, BUFFER))


@function
def make_one_of_each(vm: VM, largest: i64) -> None:
    """Makes a cell of each size."""
    for words in range(2, largest >> 3):
        allocate(vm, words << 3, BUFFER)


@function
def make_garbage(vm: VM, count: i64) -> None:
    for _ in range(count):
        allocate(vm, size_of(BoxObject), OPTION)


@cache
def native() -> NativeModule:
    return NativeModule([keep_boxes, keep_buffers, make_garbage, make_one_of_each, expect_cells, collector.collect])


@pytest.fixture
def vm() -> Iterator[TestVM]:
    machine = native().vm()
    yield machine
    machine.close()


def threshold(vm: TestVM) -> int:
    """How many bytes may be allocated now before the next collection."""
    vm.collect()
    found: int = read_field(vm.field("heap"), Heap, "threshold")
    return found


def test_an_empty_heap_is_collected_at_every_megabyte(vm: TestVM) -> None:
    assert threshold(vm) == MEGABYTE


@pytest.mark.parametrize(
    ("live", "more"), [(0.25, 1), (0.5, 1.5), (1, 3), (2, 2), (3, 1.5), (5, 2.5), (8, 4), (16, 8), (20, 12), (64, 56)]
)
def test_a_heap_may_grow_by_half_a_small_one_by_more_and_a_large_one_nearly_twofold(
    vm: TestVM, live: float, more: float
) -> None:
    vm.call(keep_boxes, int(live * MEGABYTE) // BOX_BYTES)
    assert threshold(vm) / MEGABYTE == pytest.approx(more, rel=0.15)


def test_cells_without_pointers_are_no_reason_to_let_the_heap_grow(vm: TestVM) -> None:
    vm.call(keep_buffers, 500, 16384)
    assert threshold(vm) < 3 * MEGABYTE
    assert vm.statistics().live >= 500 * 16384


def test_finding_small_cells_is_work_though_they_have_no_pointers(vm: TestVM) -> None:
    vm.call(keep_buffers, 100_000, 96)
    assert threshold(vm) >= 100_000 * 96 / 2


@pytest.mark.parametrize("live", [1000, 10_000, 100_000, 1_000_000])
def test_the_work_of_the_collector_is_proportional_to_what_is_allocated(vm: TestVM, live: int) -> None:
    vm.call(keep_boxes, live)
    before = vm.statistics()
    vm.call(make_garbage, 2_000_000)
    after = vm.statistics()
    searched = (after.collections - before.collections) * live * BOX_BYTES
    allocated = after.allocated - before.allocated
    assert searched <= 2.2 * max(allocated, live * BOX_BYTES)


def test_a_collection_that_is_due_amid_expected_cells_is_done_before_them(vm: TestVM) -> None:
    vm.call(make_garbage, 9 * MEGABYTE // (10 * BOX_BYTES))
    vm.call(expect_cells, 4 * MEGABYTE)
    assert vm.statistics().collections == 1
    vm.call(keep_boxes, 4 * MEGABYTE // BOX_BYTES)
    assert vm.statistics().collections == 1
    vm.call(make_garbage, MEGABYTE // BOX_BYTES)
    assert vm.statistics().collections == 2


def test_a_collection_is_put_off_if_little_has_been_allocated_since_the_last_one(vm: TestVM) -> None:
    vm.call(make_garbage, MEGABYTE // (10 * BOX_BYTES))
    vm.call(expect_cells, 4 * MEGABYTE)
    vm.call(keep_boxes, 4 * MEGABYTE // BOX_BYTES)
    assert vm.statistics().collections == 0


def test_expected_cells_put_no_collection_off_beyond_the_memory_limit() -> None:
    machine = native().vm(memory_limit=3 * MEGABYTE)
    machine.call(expect_cells, 4 * MEGABYTE)
    machine.call(make_garbage, 4 * MEGABYTE // BOX_BYTES)
    assert machine.statistics().collections > 0
    machine.close()


def test_cells_of_another_size_take_the_pages_of_what_has_died_before_fresh_ones(vm: TestVM) -> None:
    vm.call(expect_cells, 16 * MEGABYTE)
    vm.call(keep_boxes, 4 * MEGABYTE // BOX_BYTES)
    vm.set_root(0, INT, 0)
    vm.call(collector.collect)
    pages = vm.statistics().used_pages + vm.statistics().free_pages
    vm.call(expect_cells, 16 * MEGABYTE)
    vm.call(keep_buffers, MEGABYTE // 512, 1024)
    assert vm.statistics().collections == 1
    assert vm.statistics().used_pages + vm.statistics().free_pages == pages


@on_linux
def test_pages_that_are_left_over_while_much_is_allocated_are_returned(vm: TestVM) -> None:
    vm.call(keep_boxes, 8 * MEGABYTE // BOX_BYTES)
    vm.set_root(0, INT, 0)
    vm.call(keep_buffers, 16, 2048)
    resident = []
    for _ in range(60):
        vm.call(make_garbage, MEGABYTE // BOX_BYTES)
        vm.call(collector.collect)
        resident.append(resident_heap(vm))
    assert min(resident[:10]) > 8 * MEGABYTE
    assert resident[-1] < 3 * MEGABYTE


@on_linux
def test_pages_that_are_used_and_free_in_turn_are_kept(vm: TestVM) -> None:
    for _ in range(8):
        vm.call(keep_boxes, 4 * MEGABYTE // BOX_BYTES)
        vm.set_root(0, INT, 0)
        vm.call(collector.collect)
        assert resident_heap(vm) > 4 * MEGABYTE


@on_linux
def test_sizes_of_which_there_are_few_cells_use_little_memory(vm: TestVM) -> None:
    before = resident_heap(vm)
    vm.call(make_one_of_each, 512)
    assert resident_heap(vm) - before < 62 * 8192


def resident_heap(vm: TestVM) -> int:
    """Bytes of the heap's address range that are in memory."""
    base = read_field(vm.field("heap"), Heap, "base")
    used = read_field(vm.field("heap"), Heap, "used_bytes")
    with open("/proc/self/pagemap", "rb") as file:
        file.seek(base // mmap.PAGESIZE * 8)
        entries = memoryview(file.read(used // mmap.PAGESIZE * 8)).cast("Q")
    return sum(entry >> 63 for entry in entries) * mmap.PAGESIZE
