"""How fast the heap is: printed (`pytest -s`), never asserted; only the results are checked."""

from __future__ import annotations

import time
from functools import cache

import pytest

from rufflang.lowpy import Ptr, cast, function, i64, word
from rufflang.runtime.heap import allocate, new_values
from rufflang.runtime.objects import BoxObject
from rufflang.runtime.values import BUFFER, INT, OPTION, VALUES, Value
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule

pytestmark = pytest.mark.alone


@function
def short_lived(vm: VM, count: i64) -> i64:
    """Many cells of 48 bytes, none kept."""
    total = 0
    for number in range(count):
        cell = cast(Ptr[i64], allocate(vm, 48, BUFFER))
        cell[2] = number
        total += cell[2] + cell[3]
    return total


@function
def sliding_window(vm: VM, count: i64, mask: i64) -> i64:
    """Boxes of which the last `mask` + 1 are alive."""
    window = new_values(vm, mask + 1)
    vm.roots[0] = Value(VALUES, word(window))
    for number in range(count):
        box = cast(BoxObject, allocate(vm, 24, OPTION))
        box.value = Value(INT, number)
        window.items[(number * 40503) & mask] = Value(OPTION, word(box))
    return window.capacity


@cache
def native() -> NativeModule:
    return NativeModule([short_lived, sliding_window], level=2)


def test_ten_million_short_lived_cells() -> None:
    vm = native().vm()
    started = time.perf_counter()
    assert vm.call(short_lived, 10_000_000) == 10_000_000 * 9_999_999 // 2
    elapsed = time.perf_counter() - started
    statistics = vm.statistics()
    print(f"10 million cells of 48 bytes: {elapsed * 1000:.0f} ms, {statistics}")
    vm.close()


@pytest.mark.parametrize("size", [1 << 12, 1 << 20])
def test_a_window_of_live_cells(size: int) -> None:
    vm = native().vm()
    started = time.perf_counter()
    assert vm.call(sliding_window, 5_000_000, size - 1) == size
    elapsed = time.perf_counter() - started
    print(f"5 million boxes, {size} alive: {elapsed * 1000:.0f} ms, {vm.statistics()}")
    vm.close()
