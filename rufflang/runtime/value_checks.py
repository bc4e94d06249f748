"""Is a value well formed?  Asked only while the VM checks itself (see `frame_checks`)."""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, is_null, u8, u64, word
from rufflang.runtime.arrays import array_words
from rufflang.runtime.arrays_storage import element_kind, element_size
from rufflang.runtime.collector_stack import POINTER_TAGS
from rufflang.runtime.dicts_entries import entry_key
from rufflang.runtime.dicts_finding import dict_find
from rufflang.runtime.heap_layout import find_cell, heap_of
from rufflang.runtime.objects import GENERIC, ArrayObject, DictObject, holds_objects, kind_of
from rufflang.runtime.table_room import SMALL
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    BUFFER,
    CHANNEL,
    DICT,
    INT,
    NATIVE,
    POINTERS,
    QUEUE,
    STACK,
    STRING,
    UNBOUND,
    VALUES,
    Value,
    is_among,
)
from rufflang.runtime.vm import VM

# What is wrong; `host.self_checks` words these.
UNKNOWN_TAG = 1
NO_CELL = 2
WRONG_KIND = 3
DEAD_CELL = 4
BAD_MARK = 5
BAD_BOOL = 6
BAD_NATIVE = 7
ARRAY_KIND = 8
ARRAY_CAPACITY = 9
ARRAY_DATA = 10
DICT_COUNTS = 11
DICT_ENTRIES = 12
DICT_INDEX = 13

LARGEST_CHECKED = 16  # entries of a dict, or elements of an array, that are looked at in detail


@function
def value_problem(vm: VM, value: Value) -> i64:
    """What is wrong with a value that a register holds; 0 for nothing."""
    tag = value.tag
    if u64(tag) > u64(CHANNEL):
        return UNKNOWN_TAG
    if tag == BOOL and u64(value.payload) > u64(1):
        return BAD_BOOL
    if tag == NATIVE and u64(value.payload) >= u64(vm.builtin_count):
        return BAD_NATIVE
    if not is_among(tag, u64(POINTER_TAGS)):
        return 0
    kind = _cell_kind(tag)
    problem = cell_problem(vm, value.payload, kind)
    if problem != 0:
        return problem
    if kind == ARRAY:
        return _array_problem(vm, cast(ArrayObject, value.payload))
    if tag == DICT:
        return _dict_problem(vm, cast(DictObject, value.payload))
    return 0


@function(inline=True)
def _cell_kind(tag: i64) -> i64:
    """The kind of the cells of values: queues and stacks are arrays inside."""
    return i64(ARRAY) if tag == QUEUE or tag == STACK else tag


@function
def cell_problem(vm: VM, address: i64, kind: i64) -> i64:
    """What is wrong with a pointer to a live cell of that kind."""
    heap = heap_of(vm)
    cell = find_cell(heap, address)
    if is_null(cell) or word(cell) != address:
        return NO_CELL
    if kind_of(cell) != kind:
        return WRONG_KIND
    if cell.mark != u8(0) and cell.mark != heap.colour:
        return DEAD_CELL
    if cell.shared > u8(1):
        return BAD_MARK
    return 0


@function
def _array_problem(vm: VM, array: ArrayObject) -> i64:
    if array.flags != element_kind(i64(array.flags)):
        return ARRAY_KIND
    if array.length < 0 or array.length * element_size(array.flags) > array.capacity:
        return ARRAY_CAPACITY
    if array.capacity == 0:
        return 0
    block = i64(VALUES) if array.flags == GENERIC else i64(POINTERS) if holds_objects(array.flags) else i64(BUFFER)
    if word(find_cell(heap_of(vm), word(array.data))) == word(array):
        block = ARRAY
    problem = _block_problem(vm, word(array.data), array.capacity, block)
    if problem != 0 or not holds_objects(array.flags) or array.length > LARGEST_CHECKED:
        return problem
    for index in range(array.length):
        problem = cell_problem(vm, array_words(array)[index], _cell_kind(i64(array.flags)))
        if problem != 0:
            return problem
    return 0


@function
def _block_problem(vm: VM, address: i64, size: i64, kind: i64) -> i64:
    """What is wrong with a block of elements that begins anywhere in a cell of that kind."""
    heap = heap_of(vm)
    cell = find_cell(heap, address)
    if is_null(cell) or i64(cell.kind) != kind or word(find_cell(heap, address + size - 1)) != word(cell):
        return ARRAY_DATA
    return 0


@function
def _dict_problem(vm: VM, table: DictObject) -> i64:
    if table.count > table.used or table.used > table.entry_capacity:
        return DICT_COUNTS
    if table.used > SMALL and table.last_slot < table.used:
        return DICT_INDEX
    if table.used > LARGEST_CHECKED:
        return 0
    alive = 0
    for entry in range(table.used):
        key = entry_key(table, entry)
        if key.tag != UNBOUND:
            alive += 1
            if key.tag != INT and (key.tag != STRING or cell_problem(vm, key.payload, STRING) != 0):
                return DICT_ENTRIES
            if dict_find(table, key) != entry:
                return DICT_INDEX
    return 0 if alive == table.count else i64(DICT_COUNTS)
