"""Blocks that grow where they are.

What grows to a large size is not copied each time its block is full: if the pages behind the block are
free, they become part of it.  The block that grew last is mostly the last one of the heap, and behind it
are the pages that never were in use.

A block may only grow for its one holder: who else knows it does not expect more than its old capacity.  And only
its one holder may give it back at once, which leaves room for what is in front of it, or, if it is small, is the
next one of its size: what grows bit by bit leaves no garbage behind.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, fill_memory, function, i64, is_null, move_memory, null, offset, size_of, u8, word
from rufflang.runtime.heap import (
    BUFFER_HEAD,
    ENTRIES_HEAD,
    POINTER_SIZE,
    POINTERS_HEAD,
    VALUE_SIZE,
    VALUES_HEAD,
    collect_before,
    count_large,
)
from rufflang.runtime.heap_layout import CLASS_SHIFT, PAGE_SHIFT, Heap, Span, find_cell, heap_of, pages_for
from rufflang.runtime.heap_spans import free_cell, free_large, grow_large, large_span, poison
from rufflang.runtime.objects import (
    BufferObject,
    DictEntry,
    Object,
    ValuesObject,
    block_of,
    size_of_entries,
    tags_behind,
)
from rufflang.runtime.values import BUFFER, Value
from rufflang.runtime.vm import VM


@function
def _grow_cell(vm: VM, cell: Object, size: i64) -> Span:
    """Makes a cell one of `size` bytes, if it is large and there is room; else null.

    `dirty` of the result tells how many of the new pages, the first ones, may hold anything but zeros.
    """
    heap = heap_of(vm)
    span = large_span(heap, word(cell))
    if is_null(span):
        return span
    span.dirty = 0
    missing = pages_for(size) - span.page_count
    if missing > 0:
        collect_before(vm, heap, missing << PAGE_SHIFT)
        if not grow_large(heap, span, missing):
            return null(Span)
        # It counts as much work as a copy: that must not depend on what lies behind a block.
        count_large(vm, heap, size, missing << PAGE_SHIFT, i64(cell.kind))
    return span


@function
def grow_buffer(vm: VM, data: Ptr[u8], capacity: i64) -> bool:
    """Makes room for `capacity` bytes in the buffer whose first byte is at `data`.

    False if it stays as it is, also where `data` is null or inside of a block.
    """
    buffer = cast(BufferObject, offset(data, -BUFFER_HEAD))
    if is_null(_grow_cell(vm, buffer, BUFFER_HEAD + capacity)):
        return False
    buffer.capacity = capacity
    return True


@function
def grow_values(vm: VM, items: Ptr[Value], capacity: i64) -> bool:
    """`grow_buffer` for a buffer of values; the new ones are UNBOUND."""
    return _grow_traced(vm, cast(ValuesObject, offset(cast(Ptr[u8], items), -VALUES_HEAD)), capacity, VALUE_SIZE)


@function
def grow_pointers(vm: VM, items: Ptr[i64], capacity: i64) -> bool:
    """`grow_buffer` for a buffer of addresses; the new ones are null."""
    return _grow_traced(vm, cast(ValuesObject, offset(cast(Ptr[u8], items), -POINTERS_HEAD)), capacity, POINTER_SIZE)


@function
def grow_entries_block(vm: VM, first: DictEntry, capacity: i64) -> bool:
    """`grow_buffer` for a buffer of entries; the new ones have no key.  Their tags move, as they lie behind them."""
    block = block_of(first)
    count = block.capacity
    old_size = ENTRIES_HEAD + size_of_entries(count)
    span = _grow_cell(vm, block, ENTRIES_HEAD + size_of_entries(capacity))
    if is_null(span):
        return False
    tags = tags_behind(first, capacity)
    move_memory(tags, tags_behind(first, count), count)
    _clear_new(span, old_size, ENTRIES_HEAD + capacity * size_of(DictEntry) + count)
    block.capacity = capacity
    return True


@function
def _grow_traced(vm: VM, cell: ValuesObject, capacity: i64, unit: i64) -> bool:
    """Makes room for so many units of a buffer, whose heads are all alike, and fills what is new with zeros."""
    size = VALUES_HEAD + capacity * unit
    span = _grow_cell(vm, cell, size)
    if is_null(span):
        return False
    old_size = VALUES_HEAD + cell.capacity * unit
    _clear_new(span, old_size, old_size)
    cell.capacity = capacity
    return True


@function
def _clear_new(span: Span, old_size: i64, start: i64) -> None:
    """Fills a cell that has grown by `_grow_cell` with zeros, from `start` on.

    Pages that have never been used stay so until something is put there.
    """
    unknown = (pages_for(old_size) + span.dirty) << PAGE_SHIFT
    if start < unknown:
        fill_memory(offset(span.start, start), 0, unknown - start)


@function
def release_buffer(vm: VM, data: Ptr[u8]) -> None:
    """Gives back the pages of the buffer whose first byte is at `data`, if it is large; nobody uses it any more."""
    _release(vm, offset(data, -BUFFER_HEAD))


@function
def release_values(vm: VM, items: Ptr[Value]) -> None:
    """`release_buffer` for a buffer of values."""
    _release(vm, offset(cast(Ptr[u8], items), -VALUES_HEAD))


@function
def release_entries_block(vm: VM, first: DictEntry) -> None:
    """`release_buffer` for a buffer of entries."""
    _release(vm, cast(Ptr[u8], block_of(first)))


@function
def release_pointers(vm: VM, items: Ptr[i64]) -> None:
    """`release_buffer` for a buffer of addresses."""
    _release(vm, offset(cast(Ptr[u8], items), -POINTERS_HEAD))


@function
def _release(vm: VM, block: Ptr[u8]) -> None:
    heap = heap_of(vm)
    span = large_span(heap, word(block))
    if is_null(span):
        _release_small(vm, heap, block)
    else:
        heap.allocated_bytes -= span.cell_size
        free_large(heap, span)


@function
def _release_small(vm: VM, heap: Heap, block: Ptr[u8]) -> None:
    """Puts a block that is a small cell where the next one of its size is taken from.

    But not one that sweeping has yet to come past: it would free whatever is in the cell by then.
    """
    cell = find_cell(heap, word(block))
    if is_null(cell) or word(cell) != word(block):
        return
    page = (word(block) - word(heap.base)) >> PAGE_SHIFT
    size_class = i64(heap.page_table[page] >> CLASS_SHIFT)
    if heap.stress != 0:
        cell.kind = u8(BUFFER)
        poison(cell, heap.cell_sizes[size_class])
    elif cell.mark == 0 or is_null(heap.unswept[size_class]):
        free_cell(cell, vm.free_lists[size_class])
        vm.free_lists[size_class] = cell
