"""The heap's face to the rest of the runtime: allocation.

The fast path takes the first cell of a free list and is meant to be inlined; with a constant
size everything but the list's address folds away.  Any allocation may collect.  Raw
pointers in local variables are safe: the collector searches the native stack conservatively,
interior pointers included.  There are no write barriers.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, fill_memory, function, i64, is_null, likely, null, offset, u64, volatile_load
from rufflang.runtime.collector import collect
from rufflang.runtime.collector_pace import put_off
from rufflang.runtime.heap_layout import (
    CLASS_COUNT,
    LARGEST_SMALL,
    LARGEST_STEPPED,
    PAGE_SHIFT,
    FreeCell,
    Heap,
    heap_of,
    pages_for,
    size_class_of,
    size_of_class,
)
from rufflang.runtime.heap_pages import has_run
from rufflang.runtime.heap_spans import fill_span, finish_sweeping, new_large, new_span, sweep_next
from rufflang.runtime.heap_system import end_out_of_memory
from rufflang.runtime.objects import (
    KIND_SHIFT,
    BufferObject,
    DictEntry,
    EntriesObject,
    Object,
    PointersObject,
    ValuesObject,
    size_of_entries,
    tags_behind,
)
from rufflang.runtime.profile import note_allocation
from rufflang.runtime.stopping import ask_to_stop, count_steps
from rufflang.runtime.values import BUFFER, ENTRIES, POINTERS, VALUES
from rufflang.runtime.vm import STOP_MEMORY, VM

HEADER = 8
VALUE_SIZE = 16
VALUES_HEAD = 16
POINTER_SIZE = 8
POINTERS_HEAD = 16
ENTRIES_HEAD = 16
LARGE_STEP_SHIFT = 6  # bytes of a large cell that are one step of work
BUFFER_HEAD = 24


@function(inline=True)
def allocate(vm: VM, size: i64, kind: i64) -> Object:
    """A zeroed cell of at least `size` bytes (header included, 8 at least) with `kind` in its header.

    Never fails visibly: over the memory limit it asks the program to stop and goes on.
    """
    if size <= LARGEST_STEPPED:
        size_class = size_class_of(size)
        cell = vm.free_lists[size_class]
        if likely(not is_null(cell)):
            vm.free_lists[size_class] = cast(FreeCell, cell).next
            cast(Ptr[u64], cell)[0] = u64(kind << KIND_SHIFT)
            fill_memory(offset(cell, HEADER), 0, size - HEADER)
            return cell
    return allocate_slowly(vm, size, kind)


@function(inline=True)
def allocate_unzeroed(vm: VM, size: i64, kind: i64) -> Object:
    """Like `allocate`, but only the header is set: the caller fills the rest before it allocates again."""
    cell = take_cell(vm, size, kind)
    cast(Ptr[u64], cell)[0] = u64(kind << KIND_SHIFT)
    return cell


@function(inline=True)
def take_cell(vm: VM, size: i64, kind: i64) -> Object:
    """Like `allocate_unzeroed`, but the header is the caller's business too."""
    if size <= LARGEST_STEPPED:
        size_class = size_class_of(size)
        cell = vm.free_lists[size_class]
        if likely(not is_null(cell)):
            vm.free_lists[size_class] = cast(FreeCell, cell).next
            return cell
    return allocate_slowly_unzeroed(vm, size, kind)


@function(cold=True)
def allocate_slowly(vm: VM, size: i64, kind: i64) -> Object:
    """The slow path of `allocate`."""
    if size > LARGEST_SMALL:
        return _allocate_large(vm, size, kind, 1)
    cell = _allocate_small(vm, size_class_of(size), kind)
    fill_memory(offset(cell, HEADER), 0, size - HEADER)
    return cell


@function(cold=True)
def allocate_slowly_unzeroed(vm: VM, size: i64, kind: i64) -> Object:
    """The slow path of `allocate_unzeroed`."""
    if size > LARGEST_SMALL:
        return _allocate_large(vm, size, kind, 0)
    return _allocate_small(vm, size_class_of(size), kind)


@function
def _allocate_small(vm: VM, size_class: i64, kind: i64) -> Object:
    heap = heap_of(vm)
    if heap.stress != 0:
        return _allocate_stressed(vm, heap, size_class, kind)
    cell = vm.free_lists[size_class]
    if is_null(cell):
        cell = _more_cells(vm, heap, size_class)
    vm.free_lists[size_class] = cast(FreeCell, cell).next
    cast(Ptr[u64], cell)[0] = u64(kind << KIND_SHIFT)
    return cell


@function
def _allocate_stressed(vm: VM, heap: Heap, size_class: i64, kind: i64) -> Object:
    """Stress mode: free lists are held back, so that every allocation comes here."""
    _count_down_stress(vm, heap)
    note_allocation(vm, heap.cell_sizes[size_class], kind)
    cell = heap.held[size_class]
    if is_null(cell):
        cell = _more_cells(vm, heap, size_class)
    heap.held[size_class] = cast(FreeCell, cell).next
    cast(Ptr[u64], cell)[0] = u64(kind << KIND_SHIFT)
    return cell


STRESS_FREE_BYTES = 1 << 18
STRESS_SHIFT = 12
NEVER = 1 << 62


@function
def _count_down_stress(vm: VM, heap: Heap) -> None:
    """Collects at every n-th allocation, more rarely on a large heap, so that its cost does not multiply."""
    if heap.fail_at != 0:
        _count_allocation(vm, heap)
    heap.stress_left -= 1
    if heap.stress_left <= 0:
        excess = heap.live_bytes - STRESS_FREE_BYTES
        heap.stress_left = heap.stress + (excess >> STRESS_SHIFT if excess > 0 else i64(0))
        collect(vm)


@function
def _count_allocation(vm: VM, heap: Heap) -> None:
    heap.allocations += 1
    if heap.allocations == heap.fail_at:
        heap.is_full = 1
        ask_to_stop(vm, STOP_MEMORY)


@function(export="heap_hold_free_lists")
def hold_free_lists(vm: VM) -> None:
    """From now on every allocation takes the slow way, where it can be counted."""
    heap = heap_of(vm)
    if heap.stress == 0:
        heap.stress = NEVER
        heap.stress_left = NEVER
        for size_class in range(CLASS_COUNT):
            heap.held[size_class] = vm.free_lists[size_class]
            vm.free_lists[size_class] = null(Object)


@function(export="heap_fail_at")
def fail_at(vm: VM, number: i64) -> None:
    """For tests: from the allocation with this number on, the memory limit counts as reached.

    Allocations are counted from here on, and so are questions for room.
    """
    heap = heap_of(vm)
    hold_free_lists(vm)
    heap.fail_at = number
    heap.allocations = 0


@function(export="heap_allocations")
def allocations(vm: VM) -> i64:
    """How many allocations there were since `heap_fail_at`."""
    return heap_of(vm).allocations


@function
def _more_cells(vm: VM, heap: Heap, size_class: i64) -> Object:
    """A free list for the class: from an unswept span, after a collection if one is due, or of fresh cells."""
    if not sweep_next(heap, size_class):
        if heap.allocated_bytes > heap.threshold:
            collect(vm)
        if not sweep_next(heap, size_class) and not fill_span(heap, size_class) and not new_span(heap, size_class):
            collect(vm)
            finish_sweeping(heap)
            if not new_span(heap, size_class):
                end_out_of_memory()
    heap.allocated_bytes += heap.swept_count * heap.cell_sizes[size_class]
    return heap.swept


@function
def collect_before(vm: VM, heap: Heap, size: i64) -> None:
    """Collects if it is time for that, now that so many bytes are wanted for a large cell."""
    if heap.stress != 0:
        _count_down_stress(vm, heap)
    if heap.allocated_bytes + size > heap.threshold and heap.allocated_bytes > 0:
        collect(vm)


@function
def expect_cells(vm: VM, size: i64) -> None:
    """Says that cells of so many bytes are about to be allocated that will all be alive for a while.

    A collection that is due in their midst is done before it, when there is less to be marked.
    """
    heap = heap_of(vm)
    if heap.stress == 0 and heap.allocated_bytes + size > heap.threshold:
        if heap.allocated_bytes > heap.threshold >> 1:
            collect(vm)
        put_off(heap, heap.allocated_bytes + size)


@function
def count_large(vm: VM, heap: Heap, size: i64, taken: i64, kind: i64) -> None:
    """Counts a large cell that has got this size, for which so many bytes were taken."""
    if heap.stress != 0:
        note_allocation(vm, size, kind)
    heap.allocated_bytes += taken
    count_steps(vm, size >> LARGE_STEP_SHIFT)


@function
def _allocate_large(vm: VM, size: i64, kind: i64, zeroed: i64) -> Object:
    heap = heap_of(vm)
    page_count = pages_for(size)
    collect_before(vm, heap, size)
    span = new_large(heap, page_count)
    if is_null(span):
        collect(vm)
        finish_sweeping(heap)
        span = new_large(heap, page_count)
        if is_null(span):
            end_out_of_memory()
    count_large(vm, heap, size, span.cell_size, kind)
    if zeroed != 0 and span.dirty != 0:
        fill_memory(span.start, 0, size)
    cell = cast(Object, span.start)
    cast(Ptr[u64], cell)[0] = u64(kind << KIND_SHIFT)
    return cell


LARGE = 1 << 20  # bytes


@function(inline=True)
def room_for(vm: VM, size: i64) -> bool:
    """Whether `size` bytes may be allocated at once, as few always may; on False the caller raises out of memory.

    Has to be asked before any single allocation that a program may want to be large.
    """
    return likely(size <= LARGE) or has_room(vm, size)


# Bytes of a text: its size and its number of characters share a word. What a buffer is larger than asked for fits too.
LARGEST_TEXT = (1 << 32) - (1 << 16)


@function(inline=True)
def text_room_for(vm: VM, size: i64) -> bool:
    """`room_for` a text, or bytes, which have a limit of their own."""
    return likely(size <= LARGE) or (size <= LARGEST_TEXT and has_room(vm, size))


@function
def has_room(vm: VM, size: i64) -> bool:
    """Whether an allocation of `size` bytes would stay within the memory limit."""
    heap = heap_of(vm)
    if heap.fail_at != 0:
        _count_allocation(vm, heap)
        if heap.is_full != 0:
            return False
    if size > heap.memory_limit or size > (heap.reserved_pages << PAGE_SHIFT):
        return False
    if _is_within_limit(heap, size):
        return True
    collect(vm)
    finish_sweeping(heap)
    return _is_within_limit(heap, size)


@function
def _is_within_limit(heap: Heap, size: i64) -> bool:
    within_limit = heap.live_bytes + heap.allocated_bytes + size <= heap.memory_limit
    return within_limit and has_run(heap, pages_for(size))


@function
def cell_size_for(size: i64) -> i64:
    """Bytes really reserved for a cell of `size` bytes: what a growable buffer may use."""
    if size > LARGEST_SMALL:
        return pages_for(size) << PAGE_SHIFT
    return size_of_class(size_class_of(size))


@function
def new_values(vm: VM, capacity: i64) -> ValuesObject:
    """A buffer of `capacity` values, all UNBOUND."""
    values = cast(ValuesObject, allocate(vm, VALUES_HEAD + capacity * VALUE_SIZE, VALUES))
    values.capacity = capacity
    return values


@function
def new_pointers(vm: VM, capacity: i64) -> PointersObject:
    """A buffer of addresses of `capacity` cells, all null."""
    pointers = cast(PointersObject, allocate(vm, POINTERS_HEAD + capacity * POINTER_SIZE, POINTERS))
    pointers.capacity = capacity
    return pointers


@function
def new_entries(vm: VM, capacity: i64) -> EntriesObject:
    """A buffer of `capacity` entries, none of them with a key."""
    size = ENTRIES_HEAD + size_of_entries(capacity)
    if size > LARGEST_SMALL:  # of a large one no page is used before something is put there
        entries = cast(EntriesObject, allocate(vm, size, ENTRIES))
    else:
        entries = cast(EntriesObject, allocate_unzeroed(vm, size, ENTRIES))
        fill_memory(tags_behind(cast(DictEntry, entries.items), capacity), 0, capacity)
    entries.capacity = capacity
    return entries


@function
def new_buffer(vm: VM, capacity: i64) -> BufferObject:
    """A buffer of `capacity` bytes, none used; what they hold is undefined."""
    buffer = cast(BufferObject, allocate_unzeroed(vm, BUFFER_HEAD + capacity, BUFFER))
    buffer.capacity = capacity
    buffer.used = 0
    return buffer


@function
def new_cleared_buffer(vm: VM, capacity: i64) -> BufferObject:
    """`new_buffer` with zeros in it; of a large one no page is used before something is put there."""
    buffer = cast(BufferObject, allocate(vm, BUFFER_HEAD + capacity, BUFFER))
    buffer.capacity = capacity
    return buffer


@function(inline=True)
def keep_alive(cell: Object) -> None:
    """Keeps the cell reachable up to here: for one whose address may otherwise be dead by now
    although cells that only it refers to are still in use.
    """
    volatile_load(cast(Ptr[u64], cell))
