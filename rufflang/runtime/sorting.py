"""Stable sorting: runs by binary insertion, then merging.

Fewer than 64 elements are one run: first the ascending or strictly descending start (turned
round), then binary insertion of the others.  That makes the order of arrays with
incomparable pairs, which count as equal, well defined for small arrays.  Packed
numbers are sorted by `sorting_numbers`, arrays of strings by `sorting_strings`.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    f64,
    function,
    i64,
    move_memory,
    offset,
    u8,
    u64,
)
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_comparing import string_compare
from rufflang.runtime.values import FLOAT, INT, STRING, Value, as_float
from rufflang.runtime.vm import VM

RUN = 64

# How values are compared.
BY_VALUE = 0  # numbers and strings as the language orders them
BY_INT = 1  # payloads are ints, tags are anything
BY_STRING = 2  # payloads are strings, tags are anything
BY_KEY = 3  # payloads are strings, tags their keys as `sorting_strings` makes them


@function(inline=True)
def _number(value: Value) -> f64:
    return f64(value.payload) if value.tag == INT else as_float(value)


@function(inline=True)
def value_before(a: Value, b: Value) -> bool:
    """Whether a < b for sorting: False for pairs that have no order."""
    if a.tag == INT and b.tag == INT:
        return a.payload < b.payload
    if a.tag == STRING or b.tag == STRING:
        return a.tag == b.tag and string_compare(as_string(a), as_string(b)) < 0
    if (a.tag == INT or a.tag == FLOAT) and (b.tag == INT or b.tag == FLOAT):
        return _number(a) < _number(b)
    return False


@function
def _before(a: Value, b: Value, order: i64) -> bool:
    if order == BY_VALUE:
        return value_before(a, b)
    if order == BY_INT:
        return a.payload < b.payload
    if order == BY_KEY and a.tag != b.tag:
        return u64(a.tag) < u64(b.tag)
    return string_compare(as_string(a), as_string(b)) < 0


@function
def _start_of_run(items: Ptr[Value], count: i64, order: i64) -> i64:
    """Length of the ordered start; a strictly descending one is turned round."""
    if count < 2:
        return count
    length = 2
    if not _before(items[1], items[0], order):
        while length < count and not _before(items[length], items[length - 1], order):
            length += 1
        return length
    while length < count and _before(items[length], items[length - 1], order):
        length += 1
    for i in range(length >> 1):
        swapped = items[i]
        items[i] = items[length - 1 - i]
        items[length - 1 - i] = swapped
    return length


@function
def _sort_run(items: Ptr[Value], count: i64, order: i64) -> None:
    for i in range(_start_of_run(items, count, order), count):
        item = items[i]
        low = 0
        high = i
        while low < high:
            middle = (low + high) >> 1
            if _before(item, items[middle], order):
                high = middle
            else:
                low = middle + 1
        hole = cast(Ptr[u8], element(items, low))
        move_memory(offset(hole, 16), hole, (i - low) * 16)
        items[low] = item


@function
def _merge(vm: VM, source: Ptr[Value], target: Ptr[Value], middle: i64, end: i64, order: i64) -> None:
    left = 0
    right = middle
    out = 0
    if middle < end and _before(source[middle], source[middle - 1], order):
        while left < middle and right < end:
            if _before(source[right], source[left], order):
                target[out] = source[right]
                right += 1
            else:
                target[out] = source[left]
                left += 1
            out += 1
            if out & (WORK_STEPS - 1) == 0 and work_stops(vm):
                return
    copy_memory(offset(target, out * 16), offset(source, left * 16), (middle - left) * 16)
    out += middle - left
    copy_memory(offset(target, out * 16), offset(source, right * 16), (end - right) * 16)


@function
def sort_values(vm: VM, items: Ptr[Value], count: i64, order: i64) -> None:
    """Sorts values in place; callers ask the heap for 16 bytes an element first."""
    spare = items
    if count > RUN:
        spare = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    sort_values_beside(vm, items, count, order, spare)


@function
def sort_values_beside(vm: VM, items: Ptr[Value], count: i64, order: i64, spare: Ptr[Value]) -> None:
    """Sorts values in place; `spare` has room for as many, if they are more than a run."""
    start = 0
    while start < count:
        rest = count - start
        _sort_run(element(items, start), rest if rest < RUN else RUN, order)
        start += RUN
        if start & (WORK_STEPS - 1) == 0 and work_stops(vm):
            return
    if count <= RUN:
        return
    source = items
    target = spare
    width = RUN
    while width < count:
        start = 0
        while start < count:
            rest = count - start
            end = rest if rest < width * 2 else width * 2
            middle = end if end < width else width
            _merge(vm, element(source, start), element(target, start), middle, end, order)
            start += width * 2
        if work_stops(vm):
            return
        swapped = source
        source = target
        target = swapped
        width = width * 2
    if source != items:
        copy_memory(cast(Ptr[u8], items), cast(Ptr[u8], source), count * 16)
