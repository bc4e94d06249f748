"""The mark stack: what has been reached and is still to be looked at.

It has cells that may be marked already, or null; and, where a word is not the address of a cell because its last bit
is set, a number of values, of addresses of cells, or of entries of a dict, with the place of the first one below it,
and below that for entries the place of their tags.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, is_null, u8, u64, unlikely, word
from rufflang.runtime.heap_layout import Heap
from rufflang.runtime.heap_system import end_out_of_memory, system_realloc
from rufflang.runtime.objects import KEY_TAG_SHIFT, VALUE_TAG_BITS, DictEntry, Object, entry_at
from rufflang.runtime.values import BUFFER, CELL, OBJECT_TAGS, STRING, VALUES, Value, is_among, tag_set

POINTER_TAGS = OBJECT_TAGS | tag_set(CELL, BUFFER, VALUES)

_CHUNK = 256  # values of a long buffer looked at before what they reach
_WORD_SIZE = 8
_FIRST_CAPACITY = 8192  # words
_KEPT_CAPACITY = 131072  # a mark stack that grew larger is given back
MANY = 1  # the last bit of a number of values, addresses, or entries of a dict
_ARE_VALUES = 2
_ARE_ENTRIES = 4
_COUNT_SHIFT = 3


@function(cold=True)
def grow_mark_stack(heap: Heap) -> None:
    capacity = heap.mark_capacity * 2
    if capacity == 0:
        capacity = _FIRST_CAPACITY
    grown = system_realloc(cast(Ptr[u8], heap.mark_stack), capacity * _WORD_SIZE)
    if is_null(grown):
        end_out_of_memory()
    heap.mark_stack = cast(Ptr[u64], grown)
    heap.mark_capacity = capacity


@function(cold=True)
def shrink_mark_stack(heap: Heap) -> None:
    """Gives an unusually large mark stack back."""
    if heap.mark_capacity > _KEPT_CAPACITY:
        shrunk = system_realloc(cast(Ptr[u8], heap.mark_stack), _KEPT_CAPACITY * _WORD_SIZE)
        heap.mark_stack = cast(Ptr[u64], shrunk)
        heap.mark_capacity = _KEPT_CAPACITY


@function(inline=True)
def _push_word(heap: Heap, address: i64) -> None:
    top = heap.mark_top
    if unlikely(top == heap.mark_capacity):
        grow_mark_stack(heap)
    heap.mark_stack[top] = u64(address)
    heap.mark_top = top + 1


@function(inline=True)
def _push_many(heap: Heap, address: i64, count: i64, what: i64) -> None:
    """Pushes a number of values or addresses, `what` of both it is."""
    top = heap.mark_top
    if unlikely(top + 2 > heap.mark_capacity):
        grow_mark_stack(heap)
    heap.mark_stack[top] = u64(address)
    heap.mark_stack[top + 1] = u64(count << _COUNT_SHIFT | what)
    heap.mark_top = top + 2


@function(inline=True)
def _push_values(heap: Heap, top: i64, values: Ptr[Value], count: i64) -> i64:
    """Pushes the cells that a few values point to; `top` and the result are what `heap.mark_top` would be.

    There is no branch for each value, as nobody can predict it.
    """
    while unlikely(top + count > heap.mark_capacity):
        grow_mark_stack(heap)
    stack = heap.mark_stack
    for index in range(count):
        value = values[index]
        stack[top] = u64(value.payload)
        top += i64(is_among(value.tag, u64(POINTER_TAGS)))
    return top


@function(inline=True)
def _push_pointers(heap: Heap, top: i64, pointers: Ptr[i64], count: i64) -> i64:
    """`_push_values` for addresses of cells, or null."""
    while unlikely(top + count > heap.mark_capacity):
        grow_mark_stack(heap)
    stack = heap.mark_stack
    for index in range(count):
        address = pointers[index]
        stack[top] = u64(address)
        top += i64(address != 0)
    return top


@function(inline=True)
def _push_entries(heap: Heap, top: i64, first: DictEntry, tags: Ptr[u8], count: i64) -> i64:
    """`_push_values` for entries of a dict."""
    while unlikely(top + count * 2 > heap.mark_capacity):
        grow_mark_stack(heap)
    stack = heap.mark_stack
    for number in range(count):
        entry = entry_at(first, number)
        stack[top] = u64(entry.key)
        top += i64(tags[number] >> KEY_TAG_SHIFT == STRING)
        stack[top] = u64(entry.value)
        top += i64(is_among(i64(tags[number] & VALUE_TAG_BITS), u64(POINTER_TAGS)))
    return top


@function(inline=True)
def mark_cell(heap: Heap, cell: Object) -> None:
    """Has the next `drain` mark a cell, or null, and what it points to."""
    _push_word(heap, word(cell))


@function
def mark_values(heap: Heap, values: Ptr[Value], count: i64) -> None:
    """Has marked what consecutive values point to."""
    if count > 0:
        _push_many(heap, word(values), count, MANY | _ARE_VALUES)


@function(inline=True)
def mark_entries(heap: Heap, first: DictEntry, tags: Ptr[u8], count: i64) -> None:
    """Has marked what consecutive entries with these tags point to."""
    if count > 0:
        _push_word(heap, word(tags))
        _push_many(heap, word(first), count, MANY | _ARE_ENTRIES)


@function(inline=True)
def mark_pointers(heap: Heap, pointers: Ptr[i64], count: i64) -> None:
    """Has marked consecutive cells, of which some may be null."""
    if count > 0:
        _push_many(heap, word(pointers), count, MANY)


@function
def push_chunk(heap: Heap, top: i64, entry: i64) -> i64:
    """`_push_values` or its like for those whose place is at `top`; if they are many, the rest stays there."""
    address = i64(heap.mark_stack[top])
    count = i64(u64(entry) >> u64(_COUNT_SHIFT))
    heap.mark_top = top
    if entry & _ARE_ENTRIES != 0:
        first = cast(DictEntry, address)
        tags = cast(Ptr[u8], i64(heap.mark_stack[top - 1]))
        heap.mark_top = top - 1
        if count > _CHUNK:
            mark_entries(heap, entry_at(first, _CHUNK), element(tags, _CHUNK), count - _CHUNK)
            count = _CHUNK
        return _push_entries(heap, heap.mark_top, first, tags, count)
    if entry & _ARE_VALUES == 0:
        pointers = cast(Ptr[i64], address)
        if count > _CHUNK:
            _push_many(heap, word(element(pointers, _CHUNK)), count - _CHUNK, MANY)
            count = _CHUNK
        return _push_pointers(heap, heap.mark_top, pointers, count)
    values = cast(Ptr[Value], address)
    if count > _CHUNK:
        _push_many(heap, word(element(values, _CHUNK)), count - _CHUNK, MANY | _ARE_VALUES)
        count = _CHUNK
    return _push_values(heap, heap.mark_top, values, count)
