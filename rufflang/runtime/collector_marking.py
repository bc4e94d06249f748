"""Marking: from a set of starting points to everything they reach, without native recursion.

Each kind of cell knows where its pointers are; `_trace` is the one place that says so.  A
kind without an entry there is searched word by word, which is always safe.  The mark stack has
pairs: an address and a count of values there, or, with count 0, a cell to trace.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, is_null, null, prefetch, u8, u64, unlikely, word
from rufflang.runtime.heap_layout import (
    ARRIVING,
    CLASS_SHIFT,
    LARGE_CLASS,
    LARGEST_STEPPED,
    PAGE_MASK,
    PAGE_SHIFT,
    Heap,
    find_cell,
    span_at,
)
from rufflang.runtime.heap_system import end_out_of_memory, system_realloc
from rufflang.runtime.objects import (
    ArrayObject,
    BoxObject,
    CellObject,
    DictObject,
    EnumDefinition,
    FunctionObject,
    Object,
    SetObject,
    StringObject,
    StructDefinition,
    StructObject,
    TaggedObject,
    ValuesObject,
)
from rufflang.runtime.values import (
    ARRAY,
    BUFFER,
    BYTES,
    CELL,
    CHANNEL,
    DICT,
    ENUM,
    FUNCTION,
    GENERATOR,
    ITERATOR,
    OPTION,
    PROMISE,
    QUEUE,
    RESULT,
    SET,
    STACK,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    TASK,
    VALUES,
    Value,
    is_among,
    tag_set,
)

POINTER_TAGS = tag_set(
    STRING, ARRAY, DICT, STRUCT, SET, QUEUE, STACK, FUNCTION, STRUCT_DEFINITION, ENUM, TAGGED, RESULT,
    OPTION, CELL, BYTES, ITERATOR, GENERATOR, PROMISE, TASK, CHANNEL, BUFFER, VALUES,
)  # fmt: skip

CHUNK = 256  # values of a long buffer looked at before what they reach
PAIR_SIZE = 16
FIRST_CAPACITY = 4096  # pairs
KEPT_CAPACITY = 65536  # a mark stack that grew larger is given back


@function(cold=True)
def _grow_mark_stack(heap: Heap) -> None:
    capacity = heap.mark_capacity * 2
    if capacity == 0:
        capacity = FIRST_CAPACITY
    grown = system_realloc(cast(Ptr[u8], heap.mark_stack), capacity * PAIR_SIZE)
    if is_null(grown):
        end_out_of_memory()
    heap.mark_stack = cast(Ptr[u64], grown)
    heap.mark_capacity = capacity


@function(cold=True)
def shrink_mark_stack(heap: Heap) -> None:
    """Gives an unusually large mark stack back."""
    if heap.mark_capacity > KEPT_CAPACITY:
        shrunk = system_realloc(cast(Ptr[u8], heap.mark_stack), KEPT_CAPACITY * PAIR_SIZE)
        heap.mark_stack = cast(Ptr[u64], shrunk)
        heap.mark_capacity = KEPT_CAPACITY


@function(inline=True)
def _push(heap: Heap, address: i64, count: i64) -> None:
    top = heap.mark_top
    if unlikely(top == heap.mark_capacity):
        _grow_mark_stack(heap)
    heap.mark_stack[top * 2] = u64(address)
    heap.mark_stack[top * 2 + 1] = u64(count)
    heap.mark_top = top + 1


@function(inline=True)
def _count_live(heap: Heap, cell: Object) -> i64:
    """Adds the size of a cell to the live bytes, and gives it."""
    page = i64(u64(word(cell) - word(heap.base)) >> u64(PAGE_SHIFT))
    entry = heap.page_table[page]
    size_class = i64(entry >> CLASS_SHIFT)
    if size_class == LARGE_CLASS:
        size = span_at(heap, i64(entry & PAGE_MASK) - 1).cell_size
    else:
        size = heap.cell_sizes[size_class]
    heap.live_bytes += size
    return size


@function(inline=True)
def _count_plain(heap: Heap, size: i64) -> None:
    """Counts a cell without pointers: finding a small one is work all the same."""
    if size > LARGEST_STEPPED:
        heap.plain_bytes += size


@function
def mark_cell(heap: Heap, cell: Object) -> None:
    """Marks a cell (or null) and queues it if it has pointers."""
    if is_null(cell) or cell.mark == heap.colour:
        return
    cell.mark = heap.colour
    size = _count_live(heap, cell)
    kind = i64(cell.kind)
    if kind == BUFFER:
        _count_plain(heap, size)
        return
    if kind == STRING or kind == BYTES:
        text = cast(StringObject, cell)
        if text.data != text.inline_bytes:
            _mark_buffer(heap, word(text.data))
        return
    _push(heap, word(cell), 0)


@function
def _mark_buffer(heap: Heap, address: i64) -> None:
    """Marks the cell that the bytes of a string (or of bytes) are in."""
    cell = find_cell(heap, address)
    if is_null(cell) or cell.mark == heap.colour:
        return
    cell.mark = heap.colour
    size = _count_live(heap, cell)
    if i64(cell.kind) == BUFFER:
        _count_plain(heap, size)
    else:
        _push(heap, word(cell), 0)


@function
def mark_address(heap: Heap, address: i64) -> None:
    """Marks the cell that a word points into, if it does."""
    mark_cell(heap, find_cell(heap, address))


@function
def _mark_soon(heap: Heap, cell: Object) -> None:
    """Asks for a cell's memory, and marks the cell that was asked for a while ago, whose memory has come."""
    prefetch(cell)
    place = heap.arrival
    arrived = heap.arriving[place]
    heap.arriving[place] = cell
    heap.arrival = (place + 1) & (ARRIVING - 1)
    mark_cell(heap, arrived)


@function
def _mark_arriving(heap: Heap) -> None:
    for place in range(ARRIVING):
        cell = heap.arriving[place]
        heap.arriving[place] = null(Object)
        mark_cell(heap, cell)


@function(inline=True)
def mark_value(heap: Heap, value: Value) -> None:
    """Marks what a value points to, by the end of the next `drain`."""
    if is_among(value.tag, u64(POINTER_TAGS)):
        _mark_soon(heap, cast(Object, value.payload))


@function
def mark_values(heap: Heap, values: Ptr[Value], count: i64) -> None:
    """Marks what consecutive values point to."""
    for index in range(count):
        mark_value(heap, values[index])


@function
def mark_words(heap: Heap, start: Ptr[i64], count: i64) -> None:
    """Marks conservatively what consecutive words may point to."""
    base = word(heap.base)
    for index in range(count):
        candidate = start[index]
        if u64(candidate - base) < heap.used_bytes:
            mark_address(heap, candidate)


@function
def drain(heap: Heap) -> None:
    """Traces until nothing is left to be marked."""
    _drain_stack(heap)
    _mark_arriving(heap)
    while heap.mark_top > 0:
        _drain_stack(heap)
        _mark_arriving(heap)


@function
def _drain_stack(heap: Heap) -> None:
    while heap.mark_top > 0:
        top = heap.mark_top - 1
        heap.mark_top = top
        address = i64(heap.mark_stack[top * 2])
        count = i64(heap.mark_stack[top * 2 + 1])
        if count == 0:
            _trace(heap, cast(Object, address))
        else:
            values = cast(Ptr[Value], address)
            if count > CHUNK:
                _push(heap, word(element(values, CHUNK)), count - CHUNK)
                count = CHUNK
            mark_values(heap, values, count)


@function
def _trace(heap: Heap, cell: Object) -> None:
    """Marks what a cell points to: the layout of every kind, most frequent first."""
    kind = i64(cell.kind)
    if kind == STRUCT:
        _trace_struct(heap, cast(StructObject, cell))
    elif kind == VALUES:
        values = cast(ValuesObject, cell)
        _push(heap, word(values.items), values.capacity)
    elif kind == ARRAY:
        mark_address(heap, word(cast(ArrayObject, cell).data))
    elif kind == DICT:
        _trace_dict(heap, cast(DictObject, cell))
    elif kind == CELL:
        mark_value(heap, cast(CellObject, cell).value)
        mark_cell(heap, cast(CellObject, cell).name)
    elif kind == FUNCTION:
        _trace_function(heap, cast(FunctionObject, cell))
    elif kind == RESULT or kind == OPTION:
        mark_value(heap, cast(BoxObject, cell).value)
    elif kind == TAGGED:
        mark_cell(heap, cast(TaggedObject, cell).name)
        mark_values(heap, cast(TaggedObject, cell).payload, i64(cell.aux))
    elif kind == STRUCT_DEFINITION:
        _trace_definition(heap, cast(StructDefinition, cell))
    elif kind == ENUM:
        mark_cell(heap, cast(EnumDefinition, cell).name)
    elif kind == SET:
        mark_address(heap, word(cast(SetObject, cell).items))
        mark_address(heap, word(cast(SetObject, cell).index))
    else:
        _trace_unknown(heap, cell)


@function
def _trace_dict(heap: Heap, table: DictObject) -> None:
    mark_address(heap, word(table.entries))
    mark_address(heap, word(table.index))
    # The string that was looked up last may be freed, and its cell become another string.
    table.recent = 0


@function
def _trace_struct(heap: Heap, instance: StructObject) -> None:
    mark_cell(heap, instance.definition)
    if not is_null(instance.definition):
        mark_values(heap, instance.fields, instance.definition.field_count)


@function
def _trace_function(heap: Heap, closure: FunctionObject) -> None:
    for index in range(closure.capture_count):
        mark_cell(heap, closure.captures[index])


@function
def _trace_definition(heap: Heap, definition: StructDefinition) -> None:
    mark_cell(heap, definition.name)
    mark_cell(heap, definition.field_names)
    mark_cell(heap, definition.field_slots)
    mark_cell(heap, definition.method_slots)
    mark_cell(heap, definition.methods)
    mark_cell(heap, definition.defaults)
    mark_cell(heap, definition.extra)
    mark_cell(heap, definition.declared)


@function
def _trace_unknown(heap: Heap, cell: Object) -> None:
    """Searches a cell of a kind without a layout here word by word."""
    page = i64(u64(word(cell) - word(heap.base)) >> u64(PAGE_SHIFT))
    span = span_at(heap, i64(heap.page_table[page] & PAGE_MASK) - 1)
    mark_words(heap, cast(Ptr[i64], cell), span.cell_size >> 3)
