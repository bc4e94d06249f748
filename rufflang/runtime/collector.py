"""The collector: one collection from roots to the start of sweeping.

Nothing moves.  Marking stops the program; small cells are swept later, as allocation
needs them (`heap_spans`), large ones at once.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, fill_memory, function, i32, i64, null, spill_registers, u64
from rufflang.runtime.collector_pace import plan_next
from rufflang.runtime.collector_roots import (
    forget_characters,
    forget_words,
    mark_native_stack,
    mark_position_tables,
    mark_value_stack,
    mark_vm,
)
from rufflang.runtime.collector_stack import shrink_mark_stack
from rufflang.runtime.heap_layout import CLASS_COUNT, PAGE_SHIFT, Heap, heap_of
from rufflang.runtime.heap_pages import give_back_free_pages
from rufflang.runtime.heap_spans import finish_sweeping, start_sweeping, sweep_large
from rufflang.runtime.heap_system import CLOCK_MONOTONIC, system_clock_gettime
from rufflang.runtime.objects import Object
from rufflang.runtime.profile import COLLECTING, change_activity
from rufflang.runtime.stopping import ask_to_stop
from rufflang.runtime.vm import STOP_MEMORY, VM

FEW_BYTES = 1 << 20  # of pages that are not worth returning, though nobody needs them
IDLE_SHIFT = 2  # while pages are idle four times their size is allocated before they are returned
KEPT_PAGES = (1 << 24) >> PAGE_SHIFT  # dirty free pages that are not worth returning
NANOSECONDS = 1000000000


@function
def monotonic_time(heap: Heap) -> i64:
    """Nanoseconds of the system's monotonic clock."""
    system_clock_gettime(i32(CLOCK_MONOTONIC), heap.scratch)
    return heap.scratch[0] * NANOSECONDS + heap.scratch[1]


@function
def _forget_free_lists(vm: VM, heap: Heap) -> None:
    for size_class in range(CLASS_COUNT):
        vm.free_lists[size_class] = null(Object)
        heap.held[size_class] = null(Object)


@function
def _mark_roots(vm: VM, heap: Heap) -> None:
    fill_memory(heap.live_pages, 0, i64(heap.used_bytes >> u64(PAGE_SHIFT)))
    heap.live_bytes = 0
    heap.plain_bytes = 0
    mark_native_stack(vm, heap)
    mark_value_stack(vm, heap)
    mark_vm(vm, heap)
    mark_position_tables(heap)
    forget_characters(heap)
    forget_words(heap)
    shrink_mark_stack(heap)


@function
def _give_back_idle_pages(heap: Heap) -> None:
    """Before pages become free, returns those that were left over although much has been allocated."""
    idle = heap.dirty_pages << PAGE_SHIFT
    heap.allocated_beside_idle += heap.allocated_bytes
    if idle < FEW_BYTES:
        heap.allocated_beside_idle = 0
    elif heap.allocated_beside_idle >> IDLE_SHIFT > idle:
        heap.allocated_beside_idle = 0
        give_back_free_pages(heap)


@function(cold=True)
def collect(vm: VM) -> None:
    """Frees what cannot be reached.  Over the memory limit it sets STOP_MEMORY in `vm.interrupt`."""
    spill_registers()
    heap = heap_of(vm)
    started = monotonic_time(heap)
    activity = change_activity(vm, COLLECTING)
    _give_back_idle_pages(heap)
    finish_sweeping(heap)
    _forget_free_lists(vm, heap)
    heap.colour = 3 - heap.colour
    _mark_roots(vm, heap)
    start_sweeping(heap)
    sweep_large(heap)
    if heap.dirty_pages > KEPT_PAGES and heap.dirty_pages > heap.live_bytes >> (PAGE_SHIFT + 1):
        give_back_free_pages(heap)
    if heap.live_bytes > heap.memory_limit:
        ask_to_stop(vm, STOP_MEMORY)
    plan_next(heap, monotonic_time(heap) - started)
    change_activity(vm, activity)


@function(cold=True, export="heap_collect")
def collect_fully(vm: VM) -> None:
    """Collects, sweeps everything, and returns all free memory to the system."""
    collect(vm)
    finish_sweeping(heap_of(vm))
    give_back_free_pages(heap_of(vm))


@function(export="heap_statistics")
def heap_statistics(vm: VM, out: Ptr[i64]) -> None:
    """Writes eight numbers.

    Collections, bytes allocated in all, bytes alive after the last collection, bytes handed out
    since then, nanoseconds of all pauses, of the longest, pages in use, pages that are free.
    """
    heap = heap_of(vm)
    out[0] = heap.collections
    out[1] = heap.total_bytes + heap.allocated_bytes
    out[2] = heap.live_bytes
    out[3] = heap.allocated_bytes
    out[4] = heap.pause_total
    out[5] = heap.pause_longest
    out[6] = i64(heap.used_bytes >> PAGE_SHIFT) - heap.free_pages
    out[7] = heap.free_pages
