"""Stable sorting: runs by binary insertion, then merging.

Fewer than 64 elements are one run: first the ascending or strictly descending start (turned
round), then binary insertion of the others.  That makes the order of arrays with
incomparable pairs, which count as equal, well defined for small arrays.  The loops
exist twice: for values, compared in one of three ways, and for machine words.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    element,
    f64,
    float_from_bits,
    function,
    i64,
    move_memory,
    offset,
    select,
    u8,
)
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.strings import as_string, string_compare
from rufflang.runtime.values import FLOAT, INT, STRING, Value, as_float
from rufflang.runtime.vm import VM

_RUN = 64

# How values are compared.
BY_VALUE = 0  # numbers and strings as the language orders them
BY_INT = 1  # payloads are ints, tags are anything
BY_STRING = 2  # payloads are strings, tags are anything


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
def _merge(source: Ptr[Value], target: Ptr[Value], middle: i64, end: i64, order: i64) -> None:
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
    copy_memory(offset(target, out * 16), offset(source, left * 16), (middle - left) * 16)
    out += middle - left
    copy_memory(offset(target, out * 16), offset(source, right * 16), (end - right) * 16)


@function
def sort_values(vm: VM, items: Ptr[Value], count: i64, order: i64) -> None:
    """Sorts values in place; callers ask the heap for 16 bytes an element first."""
    start = 0
    while start < count:
        rest = count - start
        _sort_run(element(items, start), rest if rest < _RUN else _RUN, order)
        start += _RUN
    if count <= _RUN:
        return
    source = items
    target = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    width = _RUN
    while width < count:
        start = 0
        while start < count:
            rest = count - start
            end = rest if rest < width * 2 else width * 2
            middle = end if end < width else width
            _merge(element(source, start), element(target, start), middle, end, order)
            start += width * 2
        swapped = source
        source = target
        target = swapped
        width = width * 2
    if source != items:
        copy_memory(cast(Ptr[u8], items), cast(Ptr[u8], source), count * 16)


# ------------------------------------------------------------------------ machine words


@function(inline=True)
def _word_before(a: i64, b: i64, floats: bool) -> bool:
    if floats:
        return float_from_bits(a) < float_from_bits(b)
    return a < b


@function(inline=True)
def _start_of_word_run(words: Ptr[i64], count: i64, floats: bool) -> i64:
    if count < 2:
        return count
    length = 2
    if not _word_before(words[1], words[0], floats):
        while length < count and not _word_before(words[length], words[length - 1], floats):
            length += 1
        return length
    while length < count and _word_before(words[length], words[length - 1], floats):
        length += 1
    for i in range(length >> 1):
        swapped = words[i]
        words[i] = words[length - 1 - i]
        words[length - 1 - i] = swapped
    return length


@function(inline=True)
def _sort_word_run(words: Ptr[i64], count: i64, floats: bool) -> None:
    for i in range(_start_of_word_run(words, count, floats), count):
        item = words[i]
        low = 0
        high = i
        while low < high:
            middle = (low + high) >> 1
            smaller = _word_before(item, words[middle], floats)
            high = select(smaller, middle, high)
            low = select(smaller, low, middle + 1)
        hole = cast(Ptr[u8], element(words, low))
        move_memory(offset(hole, 8), hole, (i - low) * 8)
        words[low] = item


@function(inline=True)
def _merge_words(source: Ptr[i64], target: Ptr[i64], middle: i64, end: i64, floats: bool) -> None:
    left = 0
    right = middle
    out = 0
    if middle < end and _word_before(source[middle], source[middle - 1], floats):
        while left < middle and right < end:
            a = source[left]
            b = source[right]
            smaller = _word_before(b, a, floats)
            target[out] = select(smaller, b, a)
            right += i64(smaller)
            left += 1 - i64(smaller)
            out += 1
    copy_memory(offset(target, out * 8), offset(source, left * 8), (middle - left) * 8)
    out += middle - left
    copy_memory(offset(target, out * 8), offset(source, right * 8), (end - right) * 8)


@function(inline=True)
def _sort_words(vm: VM, words: Ptr[i64], count: i64, floats: bool) -> None:
    start = 0
    while start < count:
        rest = count - start
        _sort_word_run(element(words, start), rest if rest < _RUN else _RUN, floats)
        start += _RUN
    if count <= _RUN:
        return
    source = words
    target = cast(Ptr[i64], new_buffer(vm, count * 8).bytes)
    width = _RUN
    while width < count:
        start = 0
        while start < count:
            rest = count - start
            end = rest if rest < width * 2 else width * 2
            middle = end if end < width else width
            _merge_words(element(source, start), element(target, start), middle, end, floats)
            start += width * 2
        swapped = source
        source = target
        target = swapped
        width = width * 2
    if source != words:
        copy_memory(cast(Ptr[u8], words), cast(Ptr[u8], source), count * 8)


@function
def sort_ints(vm: VM, words: Ptr[i64], count: i64) -> None:
    """Sorts ints in place; callers ask the heap for 8 bytes an element first."""
    _sort_words(vm, words, count, False)


@function
def sort_floats(vm: VM, words: Ptr[i64], count: i64) -> None:
    """Sorts the bits of floats in place, stably (0.0 equals -0.0); NaN has no order."""
    _sort_words(vm, words, count, True)
