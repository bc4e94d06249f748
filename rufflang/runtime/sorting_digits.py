"""Sorting by digits: items are put in order of one byte of their keys after the other, from the lowest one.

An item is one word, which is its own key, or several, of which the first one is; `width` says how many.  It is a
constant wherever this is used, as `signed` is, so each use becomes a loop of its own.  Bytes in which all keys agree
are skipped.

Donald Knuth, The Art of Computer Programming, volume 3, section 5.2.5 (radix list sort, here with counted places).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, fill_memory, function, i64, select, u8, u64
from rufflang.runtime.stopping import count_steps, work_stops
from rufflang.runtime.vm import VM

DIGITS = 256
FEW = 128
"""Up to so many items are sorted in less time by comparing them."""

_SIGN_SHIFT = 56  # of the byte that has the sign


@function(inline=True)
def _digit(key: i64, shift: u64, signed: bool) -> i64:
    """The byte of a key at a bit; negative keys come first if they are `signed`."""
    flipped = select(signed & (shift == _SIGN_SHIFT), 128, 0)
    return i64(u64(key) >> shift & 255) ^ flipped


@function(inline=True)
def _distribute(
    source: Ptr[i64], target: Ptr[i64], count: i64, width: i64, shift: u64, signed: bool, places: Ptr[i64]
) -> None:
    """Copies the items in order of one byte of their keys."""
    fill_memory(cast(Ptr[u8], places), 0, DIGITS * 8)
    for i in range(count):
        digit = _digit(source[i * width], shift, signed)
        places[digit] = places[digit] + 1
    place = 0
    for digit in range(DIGITS):
        here = places[digit]
        places[digit] = place
        place += here
    for i in range(count):
        digit = _digit(source[i * width], shift, signed)
        place = places[digit]
        for part in range(width):
            target[place * width + part] = source[i * width + part]
        places[digit] = place + 1


@function(inline=True)
def sort_by_digits(
    vm: VM, items: Ptr[i64], count: i64, width: i64, signed: bool, spare: Ptr[i64], places: Ptr[i64]
) -> None:
    """Sorts in place, stably; `spare` has room for the items, `places` for DIGITS words."""
    different: u64 = 0
    for i in range(1, count):
        different = different | u64(items[i * width] ^ items[0])
    source = items
    target = spare
    shift: u64 = 0
    while shift < 64:
        if (different >> shift & 255) != 0:
            _distribute(source, target, count, width, shift, signed, places)
            count_steps(vm, count)
            if work_stops(vm):
                return
            swapped = source
            source = target
            target = swapped
        shift += 8
    if source != items:
        copy_memory(cast(Ptr[u8], items), cast(Ptr[u8], source), count * width * 8)
