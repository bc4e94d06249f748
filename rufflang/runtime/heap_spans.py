"""Spans of small cells and large cells: making, sweeping, freeing.

Sweeping is lazy: after marking, each class remembers its first unswept span, and an
allocation that finds its free list empty sweeps the next one.  A new span goes in front
of the list and so counts as swept.  Of its pages only as much becomes cells as is needed, so that classes with
few cells use little memory.  Before the heap takes pages that were never in use, it takes those of unswept spans in
which nothing is alive, of whatever class.
"""

from __future__ import annotations

from rufflang.lowpy import cast, fill_memory, function, i64, is_null, null, offset, select, u32, u64, word
from rufflang.runtime.heap_layout import (
    CACHE_LINE,
    CLASS_COUNT,
    CLASS_SHIFT,
    LARGE_CLASS,
    LARGE_SPAN,
    PAGE_SHIFT,
    PAGE_SIZE,
    SMALL_SPAN,
    FreeCell,
    Heap,
    Span,
    page_address,
    span_at,
)
from rufflang.runtime.heap_pages import extend_run, free_pages, has_free_run, take_pages
from rufflang.runtime.heap_system import prefer_huge_pages
from rufflang.runtime.objects import Object

POISON = 0xA5  # what stress mode writes into freed cells, so that a use of one shows
HEADER_SIZE = 16  # of a free cell
GOLDEN_SECTION = 0x9E3779B9  # of 2 ** 32
FRESH_BYTES = 4096  # how much of a new span becomes cells at once
MIXED_SHIFT = 3  # a span is mixed if more than an eighth of its cells are alive, and of them free
HUGE_CELL = 1 << 22  # from this size on a large cell should get huge pages; one may be used only in part


@function(inline=True)
def free_cell(cell: Object, next_free: Object) -> None:
    """Makes a cell the first one of a free list."""
    free = cast(FreeCell, cell)
    free.header = 0
    free.next = next_free


@function(inline=True)
def poison(cell: Object, size: i64) -> None:
    """Makes that a use of what was in a cell of this size shows."""
    fill_memory(offset(cell, HEADER_SIZE), POISON, size - HEADER_SIZE)


@function
def _sweep_alike(heap: Heap, span: Span) -> None:
    """`sweep_cells` where most cells share the fate of the one before, which the processor then foretells."""
    head = null(Object)
    count = 0
    size = span.cell_size
    colour = heap.colour
    under_stress = heap.stress != 0
    position = offset(span.start, (span.cell_count - 1) * size)
    for _ in range(span.cell_count):
        cell = cast(Object, position)
        if cell.mark != colour:
            if under_stress and cell.kind != 0:
                poison(cell, size)
            free_cell(cell, head)
            head = cell
            count += 1
        position = offset(position, -size)
    heap.swept = head
    heap.swept_count = count


@function
def _sweep_mixed(heap: Heap, span: Span) -> None:
    """`sweep_cells` without a branch for each cell: what would be written into a live one goes elsewhere."""
    head = null(Object)
    count = 0
    size = span.cell_size
    colour = heap.colour
    elsewhere = cast(Object, heap.scratch)
    position = offset(span.start, (span.cell_count - 1) * size)
    for _ in range(span.cell_count):
        cell = cast(Object, position)
        is_dead = cell.mark != colour
        free_cell(select(is_dead, cell, elsewhere), head)
        head = select(is_dead, cell, head)
        count += i64(is_dead)
        position = offset(position, -size)
    heap.swept = head
    heap.swept_count = count


@function
def sweep_cells(heap: Heap, span: Span) -> None:
    """Links the cells that are free or not marked; leaves them in `heap.swept` and `swept_count`."""
    if heap.is_mixed != 0 and heap.stress == 0:
        _sweep_mixed(heap, span)
    else:
        _sweep_alike(heap, span)
    alive = span.cell_count - heap.swept_count
    fewer = alive if alive < heap.swept_count else heap.swept_count
    heap.is_mixed = i64(fewer << MIXED_SHIFT > span.cell_count)


@function
def _link(heap: Heap, span: Span, size_class: i64) -> None:
    head = heap.spans[size_class]
    span.previous = null(Span)
    span.next = head
    if not is_null(head):
        head.previous = span
    heap.spans[size_class] = span


@function
def new_span(heap: Heap, size_class: i64) -> bool:
    """Makes a span; its first cells are left as `sweep_cells` leaves them.  False without pages."""
    span = _take_pages(heap, heap.span_pages[size_class], size_class)
    if is_null(span):
        return False
    size = heap.cell_sizes[size_class]
    span.state = SMALL_SPAN
    span.cell_size = size
    span.cell_count = 0
    span.reciprocal = (u64(1 << 32) + u64(size) - 1) // u64(size)
    _colour(heap, span)
    _link(heap, span, size_class)
    return fill_span(heap, size_class)


@function
def _colour(heap: Heap, span: Span) -> None:
    """Moves the cells of a span by some cache lines, so that those of many spans use all sets of the cache.

    As in Bonwick, "The Slab Allocator" (1994): what a span has left over is in front in part.  Colours
    follow each other at distances of the golden section, so that any few of them lie evenly.
    """
    left_over = u64(span.page_count << PAGE_SHIFT) % u64(span.cell_size)
    colours = left_over // u64(CACHE_LINE) + 1
    span.start = offset(span.start, i64((u64(heap.span_colour) * colours) >> u64(32)) * CACHE_LINE)
    heap.span_colour += u32(GOLDEN_SECTION)


@function
def fill_span(heap: Heap, size_class: i64) -> bool:
    """Makes cells of some more bytes of the class's last span, like `sweep_cells`.  False if it is full."""
    span = heap.spans[size_class]
    if is_null(span):
        return False
    size = span.cell_size
    start = offset(span.start, span.cell_count * size)
    count = i64(u64(FRESH_BYTES + size - 1) // u64(size))
    end = page_address(heap, span.first_page + span.page_count)
    room = i64(u64(word(end) - word(start)) // u64(size))
    if count > room:
        count = room
    head = null(Object)
    position = offset(start, (count - 1) * size)
    for _ in range(count):
        cell = cast(FreeCell, position)
        cell.header = 0
        cell.next = head
        head = cast(Object, cell)
        position = offset(position, -size)
    span.cell_count += count
    heap.swept = head
    heap.swept_count = count
    return count > 0


@function
def _unlink(heap: Heap, span: Span, size_class: i64) -> None:
    if is_null(span.previous):
        heap.spans[size_class] = span.next
    else:
        span.previous.next = span.next
    if not is_null(span.next):
        span.next.previous = span.previous


@function
def sweep_next(heap: Heap, size_class: i64) -> bool:
    """Sweeps spans of the class until one has a free cell; False when all are swept."""
    span = heap.unswept[size_class]
    while not is_null(span):
        sweep_cells(heap, span)
        span = span.next
        heap.unswept[size_class] = span
        if heap.swept_count > 0:
            return True
    return False


@function
def _finish_class(heap: Heap, size_class: i64) -> None:
    span = heap.unswept[size_class]
    while not is_null(span):
        following = span.next
        sweep_cells(heap, span)
        if heap.swept_count == span.cell_count:
            _unlink(heap, span, size_class)
            free_pages(heap, span)
        span = following
    heap.unswept[size_class] = null(Span)


@function
def finish_sweeping(heap: Heap) -> None:
    """Sweeps every span not yet swept; those without a live cell become free pages.

    Every dead cell has kind 0 afterwards, so that marking can tell it from a live one.
    The free cells of spans swept here stay unlisted until the next sweep.
    """
    for size_class in range(1, CLASS_COUNT):
        _finish_class(heap, size_class)


@function
def _is_dead(heap: Heap, span: Span) -> bool:
    """Whether the last collection has found no live cell in a span."""
    for page in range(span.first_page, span.first_page + span.page_count):
        if heap.live_pages[page] != 0:
            return False
    return True


@function
def start_sweeping(heap: Heap) -> None:
    """After marking: makes every span unswept."""
    for size_class in range(1, CLASS_COUNT):
        heap.unswept[size_class] = heap.spans[size_class]
    heap.searched_class = CLASS_COUNT


@function
def _free_dead_of(heap: Heap, size_class: i64) -> None:
    span = heap.unswept[size_class]
    while not is_null(span):
        following = span.next
        if _is_dead(heap, span):
            if heap.stress != 0:
                poison(cast(Object, span.start), span.cell_count * span.cell_size)
            if heap.unswept[size_class] == span:
                heap.unswept[size_class] = following
            _unlink(heap, span, size_class)
            free_pages(heap, span)
        span = following


@function
def _take_pages(heap: Heap, page_count: i64, size_class: i64) -> Span:
    """`take_pages`, of spans without a live cell, which are still to be swept, rather than of fresh ones.

    They are taken from a class of large cells first, as few of these will be wanted.
    """
    while heap.searched_class > 1 and not has_free_run(heap, page_count):
        heap.searched_class -= 1
        _free_dead_of(heap, heap.searched_class)
    return take_pages(heap, page_count, size_class)


@function
def free_large(heap: Heap, span: Span) -> None:
    """Frees the pages of a large cell."""
    cast(Object, span.start).kind = 0
    if is_null(span.previous):
        heap.large = span.next
    else:
        span.previous.next = span.next
    if not is_null(span.next):
        span.next.previous = span.previous
    free_pages(heap, span)


@function
def sweep_large(heap: Heap) -> None:
    """Frees large cells that are not marked."""
    span = heap.large
    while not is_null(span):
        following = span.next
        if cast(Object, span.start).mark != heap.colour:
            free_large(heap, span)
        span = following


@function
def new_large(heap: Heap, page_count: i64) -> Span:
    """A span for one large cell, or null without pages.  Unless `dirty`, its bytes are zero."""
    span = _take_pages(heap, page_count, LARGE_CLASS)
    if is_null(span):
        return span
    span.state = LARGE_SPAN
    span.cell_size = page_count << PAGE_SHIFT
    span.cell_count = 1
    span.reciprocal = 0
    if span.cell_size >= HUGE_CELL:
        prefer_huge_pages(span.start, offset(span.start, span.cell_size))
    head = heap.large
    span.previous = null(Span)
    span.next = head
    if not is_null(head):
        head.previous = span
    heap.large = span
    return span


@function
def large_span(heap: Heap, address: i64) -> Span:
    """The span of the large cell that starts at an address, or null."""
    relative = u64(address - word(heap.base))
    if relative >= heap.used_bytes or relative & u64(PAGE_SIZE - 1) != 0:
        return null(Span)
    page = i64(relative >> u64(PAGE_SHIFT))
    if heap.page_table[page] != u32(page + 1) | (u32(LARGE_CLASS) << CLASS_SHIFT):
        return null(Span)
    return span_at(heap, page)


@function
def grow_large(heap: Heap, span: Span, missing: i64) -> bool:
    """Gives a large cell so many more pages, where it is; False if there is no room behind it."""
    if not extend_run(heap, span, missing):
        return False
    span.cell_size = span.page_count << PAGE_SHIFT
    if span.cell_size >= HUGE_CELL:
        prefer_huge_pages(span.start, offset(span.start, span.cell_size))
    return True
