"""Stable sorting of packed numbers: by digits where bits order them, else by merging.

Ints are sorted byte by byte, from the lowest, skipping bytes in which all agree.  So are
floats, after a change of their bits that orders them like ints, unless there is a NaN, which
has no order, or a -0.0, which must stay where it is among zeros.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    float_from_bits,
    function,
    i64,
    move_memory,
    offset,
    select,
    u8,
)
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.sorting import RUN
from rufflang.runtime.sorting_digits import DIGITS, FEW, sort_by_digits
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.vm import VM

_ALL_BUT_SIGN = (1 << 63) - 1
_MINUS_ZERO = -(1 << 63)


@function
def sort_ints(vm: VM, words: Ptr[i64], count: i64) -> None:
    """Sorts ints in place; callers ask the heap for 8 bytes an element first."""
    if count <= FEW or _start_of_run(words, count, False) == count:
        _merge_sort(vm, words, count, False)
    else:
        _sort_by_digits(vm, words, count)


@function
def sort_floats(vm: VM, words: Ptr[i64], count: i64) -> None:
    """Sorts the bits of floats in place, stably (0.0 equals -0.0); NaN has no order."""
    if count <= FEW or not _are_ordered_by_bits(words, count):
        _merge_sort(vm, words, count, True)
        return
    _turn_negatives(words, count)
    _sort_by_digits(vm, words, count)
    _turn_negatives(words, count)


@function
def _are_ordered_by_bits(words: Ptr[i64], count: i64) -> bool:
    for i in range(count):
        number = float_from_bits(words[i])
        if number != number or words[i] == _MINUS_ZERO:
            return False
    return True


@function
def _turn_negatives(words: Ptr[i64], count: i64) -> None:
    """Makes the bits of floats ints in the same order, and back."""
    for i in range(count):
        words[i] = words[i] ^ ((words[i] >> 63) & _ALL_BUT_SIGN)


@function
def _sort_by_digits(vm: VM, words: Ptr[i64], count: i64) -> None:
    places = cast(Ptr[i64], new_buffer(vm, DIGITS * 8).bytes)
    spare = cast(Ptr[i64], new_buffer(vm, count * 8).bytes)
    sort_by_digits(vm, words, count, 1, True, spare, places)


# ------------------------------------------------------------------------------- merging


@function(inline=True)
def _before(a: i64, b: i64, floats: bool) -> bool:
    if floats:
        return float_from_bits(a) < float_from_bits(b)
    return a < b


@function
def _start_of_run(words: Ptr[i64], count: i64, floats: bool) -> i64:
    if count < 2:
        return count
    length = 2
    if not _before(words[1], words[0], floats):
        while length < count and not _before(words[length], words[length - 1], floats):
            length += 1
        return length
    while length < count and _before(words[length], words[length - 1], floats):
        length += 1
    for i in range(length >> 1):
        swapped = words[i]
        words[i] = words[length - 1 - i]
        words[length - 1 - i] = swapped
    return length


@function
def _sort_run(words: Ptr[i64], count: i64, floats: bool) -> None:
    for i in range(_start_of_run(words, count, floats), count):
        item = words[i]
        low = 0
        high = i
        while low < high:
            middle = (low + high) >> 1
            smaller = _before(item, words[middle], floats)
            high = select(smaller, middle, high)
            low = select(smaller, low, middle + 1)
        hole = cast(Ptr[u8], element(words, low))
        move_memory(offset(hole, 8), hole, (i - low) * 8)
        words[low] = item


@function
def _merge(vm: VM, source: Ptr[i64], target: Ptr[i64], middle: i64, end: i64, floats: bool) -> None:
    left = 0
    right = middle
    out = 0
    if middle < end and _before(source[middle], source[middle - 1], floats):
        while left < middle and right < end:
            a = source[left]
            b = source[right]
            smaller = _before(b, a, floats)
            target[out] = select(smaller, b, a)
            right += i64(smaller)
            left += 1 - i64(smaller)
            out += 1
            if out & (WORK_STEPS - 1) == 0 and work_stops(vm):
                return
    copy_memory(offset(target, out * 8), offset(source, left * 8), (middle - left) * 8)
    out += middle - left
    copy_memory(offset(target, out * 8), offset(source, right * 8), (end - right) * 8)


@function
def _merge_sort(vm: VM, words: Ptr[i64], count: i64, floats: bool) -> None:
    start = 0
    while start < count:
        rest = count - start
        _sort_run(element(words, start), rest if rest < RUN else RUN, floats)
        start += RUN
        if start & (WORK_STEPS - 1) == 0 and work_stops(vm):
            return
    if count <= RUN:
        return
    source = words
    target = cast(Ptr[i64], new_buffer(vm, count * 8).bytes)
    width = RUN
    while width < count:
        start = 0
        while start < count:
            rest = count - start
            end = rest if rest < width * 2 else width * 2
            middle = end if end < width else width
            _merge(vm, element(source, start), element(target, start), middle, end, floats)
            start += width * 2
        if work_stops(vm):
            return
        swapped = source
        source = target
        target = swapped
        width = width * 2
    if source != words:
        copy_memory(cast(Ptr[u8], words), cast(Ptr[u8], source), count * 8)
