"""Allocation: size classes, zeroing, buffers, large cells, and what programs do to memory at random."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterator
from functools import cache

import pytest

from rufflang.lowpy import Ptr, cast, function, i64
from rufflang.runtime.heap import (
    LARGEST_TEXT,
    allocate,
    cell_size_for,
    has_room,
    new_buffer,
    new_values,
    text_room_for,
)
from rufflang.runtime.heap_layout import LARGEST_SMALL, SMALLEST_CELL, find_cell, heap_of, size_class_of, size_of_class
from rufflang.runtime.objects import BufferObject, Object, ValuesObject
from rufflang.runtime.values import BUFFER, VALUES
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule, TestVM, read_field

HEADER = 8


@function
def class_of_size(size: i64) -> i64:
    return size_class_of(size)


@function
def make_cell(vm: VM, size: i64, kind: i64) -> Object:
    return allocate(vm, size, kind)


@function
def has_room_for_text(vm: VM, size: i64) -> bool:
    return text_room_for(vm, size)


@function
def owner_of(vm: VM, address: i64) -> Object:
    return find_cell(heap_of(vm), address)


@function
def sum_of_fresh_cells(vm: VM, size: i64, count: i64) -> i64:
    """Fills cells with ones after adding up what they held; most become garbage."""
    total = 0
    for _ in range(count):
        cell = cast(Ptr[i64], allocate(vm, size, BUFFER))
        for index in range(1, size >> 3):
            total += cell[index]
            cell[index] = -1
    return total


@cache
def native() -> NativeModule:
    functions = [class_of_size, size_of_class, make_cell, owner_of, sum_of_fresh_cells, cell_size_for]
    return NativeModule([*functions, has_room, has_room_for_text])


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def vm(request: pytest.FixtureRequest) -> Iterator[TestVM]:
    machine = native().vm(stress=request.param)
    yield machine
    machine.close()


def test_every_small_size_gets_the_smallest_class_that_holds_it() -> None:
    for size in range(8, LARGEST_SMALL + 1):
        size_class = native().call(class_of_size, size)
        assert native().call(size_of_class, size_class) >= size
        assert size <= SMALLEST_CELL or native().call(size_of_class, size_class - 1) < size


@pytest.mark.parametrize("size", [8, 16, 17, 48, 512, 513, 4000, 16384, 16449, 100_000])
def test_a_cell_has_its_kind_and_is_zero_otherwise(vm: TestVM, size: int) -> None:
    cell = vm.call(make_cell, size, BUFFER)
    assert ctypes.string_at(cell, size) == bytes([0, 0, 0, BUFFER]) + bytes(size - 4)


@pytest.mark.parametrize(("size", "count"), [(48, 2000), (1000, 500), (40_000, 300)])
def test_cells_used_again_are_zero(vm: TestVM, size: int, count: int) -> None:
    assert vm.call(sum_of_fresh_cells, size, count) == 0
    vm.collect()
    assert vm.call(sum_of_fresh_cells, size, count) == 0


@pytest.mark.parametrize("size", [16, 48, 513, 5000, 16384, 16449, 3_000_000])
def test_an_address_inside_a_cell_finds_the_cell_and_one_behind_it_does_not(vm: TestVM, size: int) -> None:
    cell = vm.call(make_cell, size, BUFFER)
    real_size = native().call(cell_size_for, size)
    for within in {0, 1, size // 2, size - 1, real_size - 1}:
        assert vm.call(owner_of, cell + within) == cell
    assert vm.call(owner_of, cell + real_size) != cell
    assert vm.call(owner_of, cell - 1) != cell


@pytest.mark.parametrize("size", [1024, 2560, 5120])
def test_equal_cells_begin_at_most_sets_of_the_cache(size: int) -> None:
    sets = 64
    vm = native().vm()
    cells = [vm.call(make_cell, size, BUFFER) for _ in range(2 * sets)]
    vm.close()
    assert len({cell // 64 % sets for cell in cells}) >= sets // 2


def test_words_that_are_no_addresses_find_nothing(vm: TestVM) -> None:
    cell = vm.call(make_cell, 16, BUFFER)
    for candidate in (0, 1, -1, 2**63 - 1, -(2**63), cell + (1 << 35), cell - (1 << 35), vm.address):
        assert vm.call(owner_of, candidate) == 0


def test_buffers_know_their_capacity(vm: TestVM) -> None:
    values = vm.call(new_values, 100)
    assert read_field(values, ValuesObject, "capacity") == 100
    assert ctypes.string_at(read_field(values, ValuesObject, "items"), 1600) == bytes(1600)
    buffer = vm.call(new_buffer, 77)
    assert read_field(buffer, BufferObject, "capacity") == 77
    assert read_field(buffer, BufferObject, "used") == 0


def test_room_depends_on_the_limit() -> None:
    machine = native().vm(memory_limit=100_000_000)
    assert machine.call(has_room, 90_000_000)
    assert not machine.call(has_room, 110_000_000)
    assert not machine.call(has_room, 2**62)
    machine.set_root(0, BUFFER, machine.call(make_cell, 50_000_000, BUFFER))
    assert not machine.call(has_room, 60_000_000)
    assert machine.call(has_room, 40_000_000)
    machine.set_root(0, 0, 0)
    assert machine.call(has_room, 90_000_000)
    machine.close()


def test_a_text_has_a_limit_of_its_own() -> None:
    machine = native().vm(memory_limit=1 << 34)
    assert machine.call(has_room_for_text, LARGEST_TEXT)
    assert not machine.call(has_room_for_text, LARGEST_TEXT + 1)
    assert machine.call(has_room, LARGEST_TEXT + 1)
    machine.close()


class ShadowHeap:
    """What the heap must hold: blocks of values, each a canary and references to others."""

    def __init__(self, machine: TestVM, seed: int) -> None:
        self.machine = machine
        self.random = random.Random(seed)
        self.blocks: dict[int, list[tuple[int, int]]] = {}
        self.roots: dict[int, int] = {}
        self.made = 0

    def make(self) -> None:
        """Makes a block that refers to reachable blocks, and puts it into a root."""
        size = self.random.choice([1, 2, 3, 5, 9, 30, 31, 100, 400, 1500])
        address = self.machine.call(new_values, size)
        reachable = self.reachable()
        end = address + 16 + 16 * size
        assert not any(
            address < other + 16 + 16 * len(self.blocks[other]) and other < end for other in reachable
        )
        self.made += 1
        contents = [(0, self.made)]
        targets = sorted(reachable)
        for _ in range(size - 1):
            other = self.random.choice(targets) if targets and self.random.random() < 0.3 else 0
            contents.append((VALUES, other) if other else (3, self.random.randrange(1 << 40)))
        self.blocks = {block: self.blocks[block] for block in reachable}
        self.blocks[address] = contents
        for index, (tag, payload) in enumerate(contents):
            ctypes.c_int64.from_address(address + 16 + 16 * index).value = tag
            ctypes.c_int64.from_address(address + 24 + 16 * index).value = payload
        self.set_root(self.random.randrange(32), address)

    def set_root(self, index: int, address: int) -> None:
        self.machine.set_root(index, VALUES, address)
        self.roots[index] = address

    def reachable(self) -> set[int]:
        found: set[int] = set()
        pending = list(self.roots.values())
        while pending:
            address = pending.pop()
            if address in found or address == 0:
                continue
            found.add(address)
            pending.extend(payload for tag, payload in self.blocks[address] if tag == VALUES)
        return found

    def check(self) -> None:
        for address in self.reachable():
            assert read_field(address, Object, "kind") == VALUES
            contents = self.blocks[address]
            assert read_field(address, ValuesObject, "capacity") == len(contents)
            words = (ctypes.c_int64 * (2 * len(contents))).from_address(address + 16)
            assert list(zip(words[::2], words[1::2], strict=True)) == contents


@pytest.mark.parametrize("seed", range(4))
def test_random_programs_find_their_data_unchanged(vm: TestVM, seed: int) -> None:
    shadow = ShadowHeap(vm, seed)
    for step in range(250):
        shadow.make()
        if shadow.random.random() < 0.2:
            shadow.set_root(shadow.random.randrange(32), 0)
        if step % 25 == 0:
            vm.collect()
        if step % 10 == 0:
            shadow.check()
    shadow.check()
