"""Tables that count: how often each key came, and how much of something each time.

A key is two words.  Entries stand in the order in which their keys first came, so the number of an
entry may itself be part of a key, and whoever reads a table while it grows finds what was there before.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, copy_memory, function, i64, is_null, null, size_of, u8, u64
from rufflang.runtime.heap_system import system_calloc, system_free

# Words of an entry: the key's two, how often it came, the sum of the amounts.
ENTRY_WORDS = 4
LEAST_CAPACITY = 256
_SPREAD = 0x9E3779B97F4A7C15


class Tally(Struct):
    """`places` is a hash index with two words for each entry there is room for: 0, or 1 + an entry's number."""

    entries: Ptr[i64]
    count: i64
    capacity: i64
    places: Ptr[i64]
    outgrown: Ptr[i64]  # the entries of before the table last grew, which somebody may be reading


@function
def new_tally() -> Tally:
    """An empty table; null when the system has no memory."""
    return cast(Tally, system_calloc(1, size_of(Tally)))


@function
def free_tally(tally: Tally) -> None:
    """Returns a table to the system."""
    if not is_null(tally):
        system_free(cast(Ptr[u8], tally.entries))
        system_free(cast(Ptr[u8], tally.places))
        system_free(cast(Ptr[u8], tally.outgrown))
        system_free(cast(Ptr[u8], tally))


@function
def _place_of(tally: Tally, first: i64, second: i64) -> i64:
    """Where in the index the key is, or belongs."""
    mixed = (u64(first) * u64(_SPREAD)) ^ u64(second)
    mixed = (mixed ^ (mixed >> 29)) * u64(_SPREAD)
    mask = tally.capacity * 2 - 1
    place = i64(mixed >> 32) & mask
    while tally.places[place] != 0:
        entry = (tally.places[place] - 1) * ENTRY_WORDS
        if tally.entries[entry] == first and tally.entries[entry + 1] == second:
            return place
        place = (place + 1) & mask
    return place


@function(cold=True)
def _grow(tally: Tally) -> bool:
    """Makes room for twice as many entries; False when the system has no memory."""
    capacity = tally.capacity * 2 if tally.capacity > 0 else i64(LEAST_CAPACITY)
    entries = cast(Ptr[i64], system_calloc(capacity, ENTRY_WORDS * 8))
    places = cast(Ptr[i64], system_calloc(capacity, 16))
    if is_null(entries) or is_null(places):
        system_free(cast(Ptr[u8], entries))
        system_free(cast(Ptr[u8], places))
        return False
    if tally.count > 0:
        copy_memory(cast(Ptr[u8], entries), cast(Ptr[u8], tally.entries), tally.count * ENTRY_WORDS * 8)
    system_free(cast(Ptr[u8], tally.outgrown))
    system_free(cast(Ptr[u8], tally.places))
    tally.outgrown = tally.entries
    tally.entries = entries
    tally.places = places
    tally.capacity = capacity
    for number in range(tally.count):
        entry = number * ENTRY_WORDS
        places[_place_of(tally, entries[entry], entries[entry + 1])] = number + 1
    return True


@function
def add_to_tally(tally: Tally, first: i64, second: i64, amount: i64) -> i64:
    """Counts the key once more; the number of its entry, -1 when there is no memory for it."""
    if tally.count == tally.capacity and not _grow(tally):
        return -1
    place = _place_of(tally, first, second)
    if tally.places[place] == 0:
        entry = tally.count * ENTRY_WORDS
        tally.entries[entry] = first
        tally.entries[entry + 1] = second
        tally.count += 1
        tally.places[place] = tally.count
    number = tally.places[place] - 1
    tally.entries[number * ENTRY_WORDS + 2] += 1
    tally.entries[number * ENTRY_WORDS + 3] += amount
    return number


@function(export="ruff_tally_entries")
def tally_entries(tally: Tally) -> Ptr[i64]:
    """The entries, as many as `ruff_tally_count` says, in order of their numbers."""
    return null(Ptr[i64]) if is_null(tally) else tally.entries


@function(export="ruff_tally_count")
def tally_count(tally: Tally) -> i64:
    return i64(0) if is_null(tally) else tally.count
