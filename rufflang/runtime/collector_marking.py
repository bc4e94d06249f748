"""Marking: from a set of starting points to everything they reach, without native recursion.

Each kind of cell knows where its pointers are; `_trace` and `_trace_struct` are the one place that says so.  A
kind without an entry there is searched word by word, which is always safe.  What was reached waits on the mark
stack (`collector_stack`).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, is_null, null, prefetch, size_of, u64, unlikely, word
from rufflang.runtime.collector_stack import (
    MANY,
    POINTER_TAGS,
    grow_mark_stack,
    mark_cell,
    mark_entries,
    mark_pointers,
    mark_values,
    push_chunk,
)
from rufflang.runtime.heap_layout import (
    ARRIVING,
    CLASS_SHIFT,
    LARGE_CLASS,
    LARGEST_STEPPED,
    PAGE_MASK,
    Heap,
    find_cell,
    page_of,
    span_at,
)
from rufflang.runtime.objects import (
    GENERIC,
    HOLDS_POINTERS,
    INSTANCE,
    ArrayObject,
    BoxObject,
    BufferObject,
    CellObject,
    DictEntry,
    DictObject,
    EntriesObject,
    EnumDefinition,
    FunctionObject,
    GeneratorObject,
    Object,
    PointersObject,
    SetObject,
    StringObject,
    StructDefinition,
    StructObject,
    TaggedObject,
    ValuesObject,
    block_of,
    entries_behind,
    holds_objects,
    tags_behind,
)
from rufflang.runtime.structs_layout import (
    DEFINITION,
    FIRST_PAYLOAD,
    FIRST_TAGS,
    NUMBER,
    TAG_BITS,
    TAGS,
    WORD,
    extension_of,
    has_extension,
    payload_at,
    shape_of,
    tags_at,
)
from rufflang.runtime.values import (
    ARRAY,
    BUFFER,
    BYTES,
    CELL,
    DICT,
    ENTRIES,
    ENUM,
    FUNCTION,
    GENERATOR,
    OPTION,
    POINTERS,
    RESULT,
    SET,
    STRING,
    STRUCT_DEFINITION,
    TAGGED,
    VALUES,
    Value,
    is_among,
)


@function(inline=True)
def _count_live(heap: Heap, cell: Object) -> i64:
    """Adds the size of a cell to the live bytes, and gives it; its page has a live cell."""
    page = page_of(heap, cell)
    heap.live_pages[page] = 1
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
def mark_address(heap: Heap, address: i64) -> None:
    """Has the cell marked that a word points into, if it does."""
    cell = find_cell(heap, address)
    if not is_null(cell) and cell.mark != heap.colour:
        mark_cell(heap, cell)


@function(inline=True)
def mark_value(heap: Heap, value: Value) -> None:
    """Has marked what a value points to."""
    if is_among(value.tag, u64(POINTER_TAGS)):
        mark_cell(heap, cast(Object, value.payload))


@function
def mark_words(heap: Heap, start: Ptr[i64], count: i64) -> None:
    """Has marked, conservatively, what consecutive words may point to."""
    base = word(heap.base)
    for index in range(count):
        candidate = start[index]
        if u64(candidate - base) < heap.used_bytes:
            mark_address(heap, candidate)


@function
def drain(heap: Heap) -> None:
    """Marks what is on the stack and everything that it reaches.

    A cell's memory is asked for when it comes from the stack; meanwhile it waits in a ring of such cells for its
    turn.  Once the stack is empty the ring is filled with nulls, until nothing else is left in it.
    """
    top = heap.mark_top
    place = 0
    nulls = 0
    while top > 0 or nulls < ARRIVING:
        cell = null(Object)
        nulls += 1
        if top > 0:
            top -= 1
            nulls = 0
            entry = i64(heap.mark_stack[top])
            if entry & MANY == 0:
                cell = cast(Object, entry)
                prefetch(cell)
            else:
                top = push_chunk(heap, top - 1, entry)
        arrived = heap.arriving[place]
        heap.arriving[place] = cell
        place = (place + 1) & (ARRIVING - 1)
        if not is_null(arrived) and arrived.mark != heap.colour:
            top = _mark(heap, top, arrived)
    heap.mark_top = 0


@function(inline=True)
def _mark(heap: Heap, top: i64, cell: Object) -> i64:
    """Marks a cell and pushes what it points to; for `top` see `_push_values`."""
    cell.mark = heap.colour
    if i64(cell.kind) >= INSTANCE:
        return _trace_struct(heap, top, cast(StructObject, cell))
    heap.mark_top = top
    _trace(heap, cell, _count_live(heap, cell))
    return heap.mark_top


@function(inline=True)
def _trace_struct(heap: Heap, top: i64, instance: StructObject) -> i64:
    shape = shape_of(instance)
    definition = heap.definitions[i64(shape & u64(NUMBER))]
    if unlikely(has_extension(shape)):
        heap.mark_top = top
        mark_cell(heap, extension_of(instance))
        top = heap.mark_top
        definition = cast(StructDefinition, extension_of(instance).items[DEFINITION].payload)
    heap.live_pages[page_of(heap, instance)] = 1
    heap.live_bytes += definition.cell_size
    if unlikely(definition.mark != heap.colour):
        heap.mark_top = top
        mark_cell(heap, definition)
        top = heap.mark_top
    while unlikely(top + definition.field_count > heap.mark_capacity):
        grow_mark_stack(heap)
    return _push_fields(heap, top, instance, definition.field_count)


@function(inline=True)
def _push_fields(heap: Heap, top: i64, instance: StructObject, field_count: i64) -> i64:
    """`_push_values` for the declared fields of an instance; there is room for all of them."""
    stack = heap.mark_stack
    tags = u64(instance.aux)
    place = i64(FIRST_PAYLOAD)
    count = i64(FIRST_TAGS)
    left = field_count
    while left > 0:
        if count > left:
            count = left
        for _ in range(count):
            stack[top] = payload_at(instance, place)
            top += i64(is_among(i64(tags), u64(POINTER_TAGS)))
            tags = tags >> u64(TAG_BITS)
            place += WORD
        left -= count
        if left > 0:
            tags = tags_at(instance, place)
            place += WORD
            count = i64(TAGS)
    return top


@function
def _trace(heap: Heap, cell: Object, size: i64) -> None:
    """Has marked what a cell points to: the layout of every kind but structs, most frequent first."""
    kind = i64(cell.kind)
    if kind == STRING or kind == BYTES:
        text = cast(StringObject, cell)
        if text.data != text.inline_bytes:
            mark_address(heap, word(text.data))
    elif kind == BUFFER:
        _count_plain(heap, size)
    elif kind == VALUES:
        values = cast(ValuesObject, cell)
        mark_values(heap, values.items, values.capacity)
    elif kind == ENTRIES:
        entries = cast(EntriesObject, cell)
        first = cast(DictEntry, entries.items)
        mark_entries(heap, first, tags_behind(first, entries.capacity), entries.capacity)
    elif kind == POINTERS:
        pointers = cast(PointersObject, cell)
        mark_pointers(heap, pointers.items, pointers.capacity)
    elif kind == ARRAY:
        _trace_array(heap, cast(ArrayObject, cell), size)
    elif kind == DICT:
        _trace_dict(heap, cast(DictObject, cell))
    elif kind == CELL:
        mark_value(heap, cast(CellObject, cell).value)
        mark_cell(heap, cast(CellObject, cell).name)
    elif kind == FUNCTION:
        _trace_function(heap, cast(FunctionObject, cell))
    elif kind == GENERATOR:
        _trace_generator(heap, cast(GeneratorObject, cell))
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


@function(inline=True)
def _trace_array(heap: Heap, array: ArrayObject, size: i64) -> None:
    if u64(word(array.data) - word(array)) >= u64(size):
        mark_address(heap, word(array.data))
    elif array.flags == GENERIC:
        mark_values(heap, cast(Ptr[Value], array.data), array.length)
    elif holds_objects(array.flags):
        mark_pointers(heap, cast(Ptr[i64], array.data), array.length)


@function
def _trace_dict(heap: Heap, table: DictObject) -> None:
    holds_pointers = table.flags & HOLDS_POINTERS != 0
    if word(table.entries) == word(entries_behind(table)):
        tags = tags_behind(table.entries, table.entry_capacity)
        mark_entries(heap, table.entries, tags, table.used if holds_pointers else i64(0))
    else:
        block = block_of(table.entries)
        if holds_pointers:
            mark_cell(heap, block)
        elif block.mark != heap.colour:
            block.mark = heap.colour
            _count_plain(heap, _count_live(heap, block))
        if table.last_slot != 0:
            mark_cell(heap, cast(Object, i64(table.guide) - size_of(BufferObject)))
    # The string that was looked up last may be freed, and its cell become another string.
    table.recent = 0


@function
def _trace_function(heap: Heap, closure: FunctionObject) -> None:
    for index in range(closure.capture_count):
        mark_cell(heap, closure.captures[index])


@function
def _trace_generator(heap: Heap, generator: GeneratorObject) -> None:
    """Searches the registers word by word, since a loop keeps a generator in what looks like an int."""
    mark_cell(heap, generator.function)
    mark_words(heap, cast(Ptr[i64], generator.registers), generator.register_count << 1)


@function
def _trace_definition(heap: Heap, definition: StructDefinition) -> None:
    mark_cell(heap, definition.name)
    mark_cell(heap, definition.field_names)
    mark_cell(heap, definition.field_slots)
    mark_cell(heap, definition.method_slots)
    mark_cell(heap, definition.methods)
    mark_cell(heap, definition.defaults)


@function
def _trace_unknown(heap: Heap, cell: Object) -> None:
    """Searches a cell of a kind without a layout here word by word."""
    span = span_at(heap, i64(heap.page_table[page_of(heap, cell)] & PAGE_MASK) - 1)
    mark_words(heap, cast(Ptr[i64], cell), span.cell_size >> 3)
