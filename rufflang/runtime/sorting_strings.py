"""Sorting strings: seven bytes of each at a time, as numbers.

A key has seven bytes and, in its lowest byte, how many bytes are left from the first of them on, up to eight.  So of
two texts that agree as far as their keys go, either both end there and are equal, or both go on: those are
sorted by the next seven bytes.  Keys are sorted byte by byte, from the lowest, skipping bytes in which all
agree, by `sorting_digits`; a few by `sorting`, or in place.  Most texts are never looked at again after the first key
was made.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, element, function, i64, null, offset, u64, word
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.objects import StringObject
from rufflang.runtime.sorting import BY_KEY, RUN, sort_values_beside
from rufflang.runtime.sorting_digits import DIGITS, FEW, sort_by_digits
from rufflang.runtime.stopping import work_stops
from rufflang.runtime.strings import WORD, as_string, text_words
from rufflang.runtime.strings_comparing import string_compare
from rufflang.runtime.values import STRING, Value
from rufflang.runtime.vm import VM

_KEY_BYTES = 7
_GOES_ON = 8  # in the lowest byte of a key: the text has more bytes than the key
_IN_PLACE = 8  # texts, at most, for which keys are made again at each comparison: no memory, and half of the time
_FURTHEST = _KEY_BYTES * 8  # texts that agree up to there are compared as a whole

_EVERY_FOURTH = 0x00FF00FF00FF00FF
_EVERY_SECOND = 0x0000FFFF0000FFFF


@function(inline=True)
def _first_byte_highest(text: u64) -> u64:
    """A word of memory as the number that has its first byte as the highest one."""
    pairs = (text & u64(_EVERY_FOURTH)) << 8 | (text >> 8 & u64(_EVERY_FOURTH))
    quarters = (pairs & u64(_EVERY_SECOND)) << 16 | (pairs >> 16 & u64(_EVERY_SECOND))
    return quarters << 32 | quarters >> 32


@function(inline=True)
def _key(text: StringObject, start: i64) -> i64:
    """The key of a text from byte `start` on, which is 0 or at most as far as it is long."""
    left = text.byte_count - start
    if left >= WORD:
        found = cast(Ptr[u64], offset(text.data, start))[0]
        return i64(_first_byte_highest(found) & ~u64(0xFF) | u64(_GOES_ON))
    if left == 0:
        return 0
    # The last bytes, with zeros behind them; a text that has a `start` has a whole word before its end.
    unused = u64(WORD - left) * 8
    found = text_words(text)[0] << unused
    if start > 0:
        found = cast(Ptr[u64], offset(text.data, text.byte_count - WORD))[0]
    return i64(_first_byte_highest(found >> unused) | u64(left))


@function
def _sort_by_digits(vm: VM, pairs: Ptr[Value], count: i64, spare: Ptr[Value], places: Ptr[i64]) -> None:
    in_order = 1
    while in_order < count and u64(pairs[in_order - 1].tag) <= u64(pairs[in_order].tag):
        in_order += 1
    if in_order < count:
        sort_by_digits(vm, cast(Ptr[i64], pairs), count, 2, False, cast(Ptr[i64], spare), places)


@function
def _sort_equals(vm: VM, pairs: Ptr[Value], count: i64, start: i64, spare: Ptr[Value], places: Ptr[i64]) -> None:
    """Sorts neighbours with equal keys by what comes behind byte `start`."""
    first = 0
    while first < count:
        key = pairs[first].tag
        end = first + 1
        while end < count and pairs[end].tag == key:
            end += 1
        if end - first > 1 and key & 0xFF == _GOES_ON:
            _sort_from(vm, element(pairs, first), end - first, start, spare, places)
        first = end


@function
def _sort_from(vm: VM, pairs: Ptr[Value], count: i64, start: i64, spare: Ptr[Value], places: Ptr[i64]) -> None:
    """Sorts texts that agree up to byte `start`; their keys are made here."""
    for i in range(count):
        pairs[i] = Value(_key(as_string(pairs[i]), start), pairs[i].payload)
    if count <= FEW or start >= _FURTHEST:
        sort_values_beside(vm, pairs, count, BY_KEY, spare)
    else:
        _sort_by_digits(vm, pairs, count, spare, places)
        if not work_stops(vm):
            _sort_equals(vm, pairs, count, start + _KEY_BYTES, spare, places)


@function(inline=True)
def _is_before(text: StringObject, key: u64, other: StringObject) -> bool:
    """Whether a text, given with its first key, comes before another one."""
    other_key = u64(_key(other, 0))
    if key != other_key:
        return key < other_key
    return key & 0xFF == _GOES_ON and string_compare(text, other) < 0


@function
def _sort_in_place(texts: Ptr[i64], count: i64) -> None:
    """Puts each text where it belongs among those in front of it."""
    for i in range(1, count):
        text = cast(StringObject, texts[i])
        key = u64(_key(text, 0))
        place = i
        while place > 0 and _is_before(text, key, cast(StringObject, texts[place - 1])):
            texts[place] = texts[place - 1]
            place -= 1
        texts[place] = word(text)


@function
def sort_strings(vm: VM, texts: Ptr[i64], count: i64) -> None:
    """Sorts addresses of strings in place; callers ask the heap for 32 bytes an element first."""
    if count <= _IN_PLACE:
        _sort_in_place(texts, count)
        return
    pairs = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    spare = pairs
    places = null(Ptr[i64])
    if count > RUN:
        spare = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    if count > FEW:
        places = cast(Ptr[i64], new_buffer(vm, DIGITS * 8).bytes)
    for i in range(count):
        pairs[i] = Value(STRING, texts[i])
    _sort_from(vm, pairs, count, 0, spare, places)
    for i in range(count):
        texts[i] = pairs[i].payload
