"""Runs of pages: reserving the address range, handing out runs, joining and returning free ones.

Free runs are never neighbours: a run that becomes free is joined with those beside it.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i32, i64, is_null, null, offset, size_of, u8, u32, u64
from rufflang.runtime.heap_layout import (
    CLASS_SHIFT,
    FREE_RUN,
    LARGEST_RESERVE,
    PAGE_SHIFT,
    RUN_BINS,
    SMALLEST_RESERVE,
    Heap,
    Span,
    page_address,
    span_at,
)
from rufflang.runtime.heap_system import (
    MAP_FLAGS,
    NO_ACCESS,
    READ_WRITE,
    give_back_memory,
    map_failed,
    prefer_huge_pages,
    system_mmap,
    system_mprotect,
    system_munmap,
)

COMMIT_STEP = 1 << 24
ENTRY_SIZE = 4  # of the page table


@function
def map_memory(size: i64, access: i64) -> Ptr[u8]:
    """Fresh zeroed address space that uses memory only where it is touched; MAP_FAILED if there is none."""
    return system_mmap(null(Ptr[u8]), size, i32(access), MAP_FLAGS, -1, 0)


@function
def release_range(heap: Heap) -> None:
    """Unmaps whatever of the heap's four ranges is mapped."""
    pages = heap.reserved_pages
    if not map_failed(heap.base):
        system_munmap(heap.base, pages << PAGE_SHIFT)
    if not map_failed(cast(Ptr[u8], heap.page_table)):
        system_munmap(cast(Ptr[u8], heap.page_table), pages * ENTRY_SIZE)
    if not map_failed(heap.span_table):
        system_munmap(heap.span_table, pages * size_of(Span))
    if not map_failed(heap.live_pages):
        system_munmap(heap.live_pages, pages)


@function
def reserve_range(heap: Heap, most: i64) -> bool:
    """Reserves a large range of at most `most` bytes; False when not even the smallest is to be had.

    Where the process's address space is limited, half of what would fit is left to others.
    """
    size = i64(LARGEST_RESERVE)
    while size > most:
        size = size >> 1
    if size >= SMALLEST_RESERVE and _reserve(heap, size):
        return True
    size = size >> 1
    while size >= SMALLEST_RESERVE:
        if _reserve(heap, size):
            if size == SMALLEST_RESERVE:
                return True
            release_range(heap)
            return _reserve(heap, size >> 1)
        size = size >> 1
    return False


@function
def _reserve(heap: Heap, size: i64) -> bool:
    """Maps a range of `size` bytes and its tables, or nothing."""
    pages = size >> PAGE_SHIFT
    heap.reserved_pages = pages
    heap.base = map_memory(size, NO_ACCESS)
    heap.page_table = cast(Ptr[u32], map_memory(pages * ENTRY_SIZE, READ_WRITE))
    heap.span_table = map_memory(pages * size_of(Span), READ_WRITE)
    heap.live_pages = map_memory(pages, READ_WRITE)
    has_tables = not map_failed(cast(Ptr[u8], heap.page_table)) and not map_failed(heap.span_table)
    if map_failed(heap.base) or not has_tables or map_failed(heap.live_pages):
        release_range(heap)
        return False
    return True


@function(inline=True)
def _bin_of(page_count: i64) -> i64:
    if page_count < RUN_BINS:
        return page_count
    return 0


@function
def _insert_run(heap: Heap, first: i64, page_count: i64, dirty: i64) -> None:
    run = span_at(heap, first)
    run.first_page = first
    run.page_count = page_count
    run.state = FREE_RUN
    run.dirty = dirty
    span_at(heap, first + page_count - 1).first_page = first
    position = _bin_of(page_count)
    head = heap.free_runs[position]
    run.previous = null(Span)
    run.next = head
    if not is_null(head):
        head.previous = run
    heap.free_runs[position] = run
    heap.free_pages += page_count
    if dirty != 0:
        heap.dirty_pages += page_count


@function
def _remove_run(heap: Heap, run: Span) -> None:
    if is_null(run.previous):
        heap.free_runs[_bin_of(run.page_count)] = run.next
    else:
        run.previous.next = run.next
    if not is_null(run.next):
        run.next.previous = run.previous
    heap.free_pages -= run.page_count
    if run.dirty != 0:
        heap.dirty_pages -= run.page_count


@function
def _best_long_run(heap: Heap, page_count: i64) -> Span:
    """The shortest of the long free runs that has `page_count` pages, or null."""
    best = null(Span)
    run = heap.free_runs[0]
    while not is_null(run):
        if run.page_count >= page_count and (is_null(best) or run.page_count < best.page_count):
            best = run
        run = run.next
    return best


@function
def _find_run(heap: Heap, page_count: i64) -> Span:
    for position in range(page_count, RUN_BINS):
        if not is_null(heap.free_runs[position]):
            return heap.free_runs[position]
    return _best_long_run(heap, page_count)


@function
def _use_fresh_pages(heap: Heap, page_count: i64) -> bool:
    """Moves the end of the part in use behind pages never used before; False at the end of the range."""
    first = i64(heap.used_bytes >> u64(PAGE_SHIFT))
    if page_count > heap.reserved_pages - first:
        return False
    missing = first + page_count - heap.committed_pages
    if missing > 0:
        step = COMMIT_STEP >> PAGE_SHIFT
        wanted = missing if missing > step else step
        if wanted > heap.reserved_pages - heap.committed_pages:
            wanted = heap.reserved_pages - heap.committed_pages
        start = page_address(heap, heap.committed_pages)
        if system_mprotect(start, wanted << PAGE_SHIFT, READ_WRITE) != 0:
            return False
        if heap.committed_pages > 0:  # else it may stay small
            prefer_huge_pages(start, offset(start, wanted << PAGE_SHIFT))
        heap.committed_pages += wanted
    heap.used_bytes = u64(first + page_count) << u64(PAGE_SHIFT)
    return True


@function
def _fresh_run(heap: Heap, page_count: i64) -> bool:
    """Puts a run of pages never used before into the free lists; False at the end of the range."""
    first = i64(heap.used_bytes >> u64(PAGE_SHIFT))
    if not _use_fresh_pages(heap, page_count):
        return False
    _insert_run(heap, first, page_count, 0)
    return True


@function
def _enter_pages(heap: Heap, span: Span, first: i64, page_count: i64) -> None:
    """Says in the page table that pages belong to a span."""
    entry = u32(span.first_page + 1) | (u32(span.size_class) << CLASS_SHIFT)
    for page in range(first, first + page_count):
        heap.page_table[page] = entry


@function
def take_pages(heap: Heap, page_count: i64, size_class: i64) -> Span:
    """A run of exactly `page_count` pages, entered in the page table; null when there is none.

    `dirty` of the result is 0 if all its bytes are zero.
    """
    run = _find_run(heap, page_count)
    if is_null(run):
        if not _fresh_run(heap, page_count):
            return run
        run = _find_run(heap, page_count)
    _remove_run(heap, run)
    first = run.first_page
    rest = run.page_count - page_count
    if rest > 0:
        _insert_run(heap, first + page_count, rest, run.dirty)
    run.page_count = page_count
    run.size_class = size_class
    run.start = page_address(heap, first)
    _enter_pages(heap, run, first, page_count)
    return run


@function
def extend_run(heap: Heap, span: Span, missing: i64) -> bool:
    """Gives a span in use so many more pages; False if those behind it are not free.

    `dirty` of the span tells then how many of them, the first ones, may hold anything but zeros.
    """
    after = span.first_page + span.page_count
    end = i64(heap.used_bytes >> u64(PAGE_SHIFT))
    behind = span_at(heap, after)
    free = 0
    if after < end and heap.page_table[after] == 0:
        free = behind.page_count
    if free < missing and (after + free < end or not _use_fresh_pages(heap, missing - free)):
        return False
    span.dirty = 0
    if free > 0:
        _remove_run(heap, behind)
        if behind.dirty != 0:
            span.dirty = missing if missing < free else free
    if free > missing:
        _insert_run(heap, after + missing, free - missing, behind.dirty)
    span.page_count += missing
    _enter_pages(heap, span, after, missing)
    return True


@function
def free_pages(heap: Heap, span: Span) -> None:
    """Makes the pages of a span free again, joined with free neighbours."""
    first = span.first_page
    page_count = span.page_count
    for page in range(first, first + page_count):
        heap.page_table[page] = 0
    if first > 0 and heap.page_table[first - 1] == 0:
        before = span_at(heap, span_at(heap, first - 1).first_page)
        _remove_run(heap, before)
        first = before.first_page
        page_count += before.page_count
    after = first + page_count
    if after < i64(heap.used_bytes >> u64(PAGE_SHIFT)) and heap.page_table[after] == 0:
        run = span_at(heap, after)
        _remove_run(heap, run)
        page_count += run.page_count
    _insert_run(heap, first, page_count, 1)


@function
def _give_back_list(heap: Heap, position: i64) -> None:
    run = heap.free_runs[position]
    while not is_null(run):
        size = run.page_count << PAGE_SHIFT
        if run.dirty != 0 and give_back_memory(page_address(heap, run.first_page), size):
            run.dirty = 0
            heap.dirty_pages -= run.page_count
        run = run.next


@function(cold=True)
def give_back_free_pages(heap: Heap) -> None:
    """Returns the memory of all free runs to the system."""
    for position in range(RUN_BINS):
        _give_back_list(heap, position)


@function
def has_free_run(heap: Heap, page_count: i64) -> bool:
    """Whether that many pages that were in use before are free in a row."""
    return not is_null(_find_run(heap, page_count))


@function
def has_run(heap: Heap, page_count: i64) -> bool:
    """Whether the address range still has a run of that many pages."""
    unused = heap.reserved_pages - i64(heap.used_bytes >> u64(PAGE_SHIFT))
    return page_count <= unused or has_free_run(heap, page_count)
