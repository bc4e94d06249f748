"""How the heap is laid out: address range, pages, spans, size classes.

One range of addresses is reserved for each VM and divided into pages of 8 KB.  A run of
pages is free, or a span: of equal small cells, or of one large cell.  For each page
`page_table` has the size class in its high 8 bits and, below, 1 + the number of the first page
of its span; 0 means not in use.  The descriptor of a span lies outside the range, at its first
page's place in `span_table`; the last page's place of a free run also knows the first page.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Struct,
    cast,
    count_leading_zeros,
    function,
    i64,
    inline,
    offset,
    size_of,
    u8,
    u32,
    u64,
    word,
)
from rufflang.runtime.objects import BufferObject, Object, StringObject, StructDefinition
from rufflang.runtime.vm import SIZE_CLASSES, VM

PAGE_SHIFT = 13
PAGE_SIZE = 1 << PAGE_SHIFT
LARGEST_RESERVE = 1 << 36
SMALLEST_RESERVE = 1 << 26
CLASS_SHIFT = 24  # in a page table entry
PAGE_MASK = (1 << CLASS_SHIFT) - 1

# Size classes 1 to 64 are multiples of 8 bytes; then each doubling has four.  Those are one cache line
# larger than a multiple of many lines: cells at equal distances would share a few sets of the processor's
# cache, and a walk down the columns of a matrix would miss at each step.  What a power of two needs
# together with a header fits as well.
STEP_SHIFT = 3
SMALLEST_CELL = 16  # also in class 1: a free cell needs two words
LARGEST_STEPPED = 512
STEPPED_CLASSES = 64
CLASS_COUNT = 85
CACHE_LINE = 64
LARGEST_SMALL = 16384 + CACHE_LINE
LARGE_CLASS = 127  # marks the pages of large cells

RUN_BINS = 128  # free runs of 1 … 127 pages have a list each; longer ones share bin 0

ARRIVING = 16  # a power of two
POSITION_TABLES = 8  # a power of two
CHARACTERS = 256  # a power of two
KEPT_WORDS = 1024  # a power of two
WORD_CREDIT = 4096

FREE_RUN = 0
SMALL_SPAN = 1
LARGE_SPAN = 2


class FreeCell(Struct):
    """A cell of kind 0 in a free list.

    It is no `Object`, because its words are those of whatever object it becomes.
    """

    header: u64
    next: Object


class Span(Struct):
    """A run of pages: free, of small cells, or of one large cell."""

    next: Span
    previous: Span
    start: Ptr[u8]
    first_page: i64
    page_count: i64
    state: i64
    dirty: i64  # a free run that is not known to be all zero
    size_class: i64
    cell_size: i64
    cell_count: i64  # those that have been in use; behind them only the last span of a class has room for more
    reciprocal: u64  # 2 ** 32 / cell_size rounded up; 0 for a large cell


class Heap(Struct):
    """All state of one heap, apart from the free lists, which are in the VM."""

    base: Ptr[u8]
    reserved_pages: i64
    committed_pages: i64
    used_bytes: u64  # everything above has never been in use
    page_table: Ptr[u32]
    span_table: Ptr[u8]
    live_pages: Ptr[u8]  # for each page whether the last collection has found a live cell that begins there
    free_runs: Ptr[Span] = inline(128)
    free_pages: i64
    dirty_pages: i64
    span_colour: u32  # which part of what it has left over the next span of small cells leaves free in front
    allocated_beside_idle: i64  # bytes, as long as every collection has found some of these left over

    cell_sizes: Ptr[i64] = inline(SIZE_CLASSES)
    span_pages: Ptr[i64] = inline(SIZE_CLASSES)
    spans: Ptr[Span] = inline(SIZE_CLASSES)  # per size class
    unswept: Ptr[Span] = inline(SIZE_CLASSES)  # from here on the class's spans are still to be swept
    searched_class: i64  # from this one on classes have no unswept span any more in which nothing is alive
    held: Ptr[Object] = inline(SIZE_CLASSES)  # stress mode keeps the free lists here
    large: Span
    swept: Object  # result of `sweep_cells`
    swept_count: i64
    is_mixed: i64  # whether the span swept last had live cells among free ones

    definitions: Ptr[StructDefinition]  # the VM's table of them
    colour: u8  # mark of a live cell: 1 and 2 in turn
    mark_stack: Ptr[u64]  # see `collector_marking`
    mark_top: i64
    mark_capacity: i64
    arriving: Ptr[Object] = inline(ARRIVING)  # a ring of cells to be marked once they are in the processor's cache

    # Of a few texts, where their characters are (`strings_positions`): the text, its length then, the table.
    # That keeps no text alive.
    position_texts: Ptr[StringObject] = inline(POSITION_TABLES)
    position_counts: Ptr[i64] = inline(POSITION_TABLES)
    position_tables: Ptr[BufferObject] = inline(POSITION_TABLES)
    # And which character of a text was looked for last, and where it starts.
    found_texts: Ptr[StringObject] = inline(POSITION_TABLES)
    found_indices: Ptr[i64] = inline(POSITION_TABLES)
    found_starts: Ptr[i64] = inline(POSITION_TABLES)

    # Strings of one character beyond ASCII, by the lower bits of their code points (`strings_characters`).
    character_codes: Ptr[u32] = inline(CHARACTERS)
    characters: Ptr[StringObject] = inline(CHARACTERS)

    # Short texts: what each is known by, and the text; and whether it pays to keep them (`strings_words`).
    kept_words: Ptr[u64] = inline(KEPT_WORDS * 2)
    word_credit: i64

    memory_limit: i64
    live_bytes: i64  # found by the last collection
    plain_bytes: i64  # those of them in cells that are no work for it, however large they are
    allocated_bytes: i64  # since then
    threshold: i64  # of allocated bytes that starts a collection
    stress: i64  # collect at every n-th allocation; 0: off
    stress_left: i64
    fail_at: i64  # for tests: with which allocation the memory limit counts as reached; 0: with none
    allocations: i64  # how many there were, counted only for that
    is_full: i64  # the limit counts as reached

    collections: i64
    total_bytes: i64
    pause_total: i64
    pause_longest: i64
    stack_low: i64  # bounds of the native stack of the thread that collected last
    stack_high: i64
    scratch: Ptr[i64] = inline(16)


@function(inline=True)
def heap_of(vm: VM) -> Heap:
    """The heap of a VM."""
    return cast(Heap, vm.heap)


@function(inline=True)
def span_at(heap: Heap, page: i64) -> Span:
    """The descriptor at a page's place in the span table."""
    return cast(Span, offset(heap.span_table, page * size_of(Span)))


@function(inline=True)
def page_of(heap: Heap, cell: Object) -> i64:
    """The page in which a cell begins."""
    return i64(u64(word(cell) - word(heap.base)) >> u64(PAGE_SHIFT))


@function(inline=True)
def page_address(heap: Heap, page: i64) -> Ptr[u8]:
    """The first byte of a page."""
    return offset(heap.base, page << PAGE_SHIFT)


@function(inline=True)
def pages_for(size: i64) -> i64:
    """How many pages hold `size` bytes."""
    return (size + (PAGE_SIZE - 1)) >> PAGE_SHIFT


@function(inline=True)
def size_class_of(size: i64) -> i64:
    """The class of small cells (up to LARGEST_SMALL bytes) that fits."""
    if size <= LARGEST_STEPPED:
        return (size + ((1 << STEP_SHIFT) - 1)) >> STEP_SHIFT
    last = u64(size - (CACHE_LINE + 1) if size > LARGEST_STEPPED + CACHE_LINE else i64(LARGEST_STEPPED))
    magnitude = 63 - i64(count_leading_zeros(last))
    quarter = i64(last >> u64(magnitude - 2)) & 3
    return STEPPED_CLASSES + 1 + (magnitude - 9) * 4 + quarter


@function
def size_of_class(size_class: i64) -> i64:
    """Bytes of a cell of this class."""
    if size_class <= STEPPED_CLASSES:
        size = size_class << STEP_SHIFT
        return size if size > SMALLEST_CELL else i64(SMALLEST_CELL)
    step = size_class - (STEPPED_CLASSES + 1)
    base = 512 << (step >> 2)
    return base + ((step & 3) + 1) * (base >> 2) + CACHE_LINE


@function
def pages_of_class(size_class: i64) -> i64:
    """Pages of a span of this class: enough that little is left over."""
    size = size_of_class(size_class)
    if size <= LARGEST_STEPPED:
        return 2
    if size <= 2048 + CACHE_LINE:
        return 4
    best = 8
    for count in range(9, 12):
        if _left_over(count, size) * best < _left_over(best, size) * count:
            best = count
    return best


@function(inline=True)
def _left_over(page_count: i64, cell_size: i64) -> i64:
    return i64(u64(page_count << PAGE_SHIFT) % u64(cell_size))


@function
def set_up_classes(heap: Heap) -> None:
    """Fills the tables of the size classes."""
    for size_class in range(1, CLASS_COUNT):
        heap.cell_sizes[size_class] = size_of_class(size_class)
        heap.span_pages[size_class] = pages_of_class(size_class)


@function
def find_cell(heap: Heap, address: i64) -> Object:
    """The cell in use that an address points into, or null: for words that may be anything."""
    relative = u64(address - word(heap.base))
    if relative >= heap.used_bytes:
        return cast(Object, 0)
    entry = heap.page_table[i64(relative >> u64(PAGE_SHIFT))]
    if entry == 0:
        return cast(Object, 0)
    span = span_at(heap, i64(entry & PAGE_MASK) - 1)
    within = address - word(span.start)
    index = i64((u64(within) * span.reciprocal) >> u64(32))
    if within < 0 or index >= span.cell_count:
        return cast(Object, 0)
    cell = cast(Object, offset(span.start, index * span.cell_size))
    if cell.kind == 0:
        return cast(Object, 0)
    return cell
