"""When the next collection is due: how much may be allocated until then.

A collection costs what has to be searched for pointers, and saves what has become garbage since the last one. So the
heap may grow in proportion to what there is to be searched: then the work for each byte that is allocated
is limited, however large the heap is.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64
from rufflang.runtime.heap_layout import Heap

LEAST_THRESHOLD = 1 << 20  # bytes allocated between two collections, at least: about what caches hold
LEAST_NEAR_LIMIT = 1 << 20  # the same where the memory limit is near
SMALL_HEAP = 4 << 20  # what a heap may grow to although little of it is alive
SMALL_HEAP_FACTOR = 3  # but by no more than so many times what is searched: what is reused soon is in the caches
CACHED_HEAP = 16 << 20  # searching is cheap while a heap is in the processor's caches


@function
def _growth(heap: Heap) -> i64:
    """By how much the heap may grow; as to the bytes that are not searched, by a quarter."""
    searched = heap.live_bytes - heap.plain_bytes
    growth = searched >> 1 if searched < CACHED_HEAP else searched - (CACHED_HEAP >> 1)
    growth += heap.plain_bytes >> 2
    least = SMALL_HEAP - heap.live_bytes
    if least > searched * SMALL_HEAP_FACTOR:
        least = searched * SMALL_HEAP_FACTOR
    return growth if growth > least else least


@function
def set_threshold(heap: Heap) -> None:
    """Decides how much may be allocated before the next collection."""
    threshold = _growth(heap)
    if threshold < LEAST_THRESHOLD:
        threshold = LEAST_THRESHOLD
    room = heap.memory_limit - heap.live_bytes
    if threshold > room:
        least = heap.live_bytes >> 4
        if least < LEAST_NEAR_LIMIT:
            least = LEAST_NEAR_LIMIT
        threshold = room if room > least else least
    heap.threshold = threshold


@function
def put_off(heap: Heap, size: i64) -> None:
    """Has the next collection wait until so many bytes have been allocated, if the memory limit allows that."""
    if size > heap.threshold and size <= heap.memory_limit - heap.live_bytes:
        heap.threshold = size


@function
def plan_next(heap: Heap, pause: i64) -> None:
    """Ends a collection, which took so many nanoseconds, by saying when the next one will be."""
    heap.collections += 1
    heap.pause_total += pause
    if pause > heap.pause_longest:
        heap.pause_longest = pause
    heap.total_bytes += heap.allocated_bytes
    heap.allocated_bytes = 0
    set_threshold(heap)
