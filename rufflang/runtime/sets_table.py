"""The table of a set: its elements in order of insertion and, above eight of them, an index of hashes.

The index is open-addressed with linear probing and at most half full.  Its slots repeat the hashes, so
that searching looks at few elements.  A removed element leaves UNBOUND behind until the table is
rebuilt.  `next_candidate` enumerates what may equal a value; `equality` says what does.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Record,
    cast,
    copy_memory,
    fill_memory,
    function,
    i64,
    null,
    size_of,
    u8,
    u32,
    u64,
    word,
)
from rufflang.runtime.heap import allocate, new_cleared_buffer, new_values
from rufflang.runtime.heap_growing import grow_values, release_buffer, release_values
from rufflang.runtime.marking import share_all
from rufflang.runtime.objects import SetObject
from rufflang.runtime.sets_hash import NEIGHBOURS, is_leaf, leaf_hash, nested_hash
from rufflang.runtime.table_room import SMALL, index_bits, wanted_room
from rufflang.runtime.values import SET, UNBOUND, Value, unbound
from rufflang.runtime.vm import VM

_LOWER = 0xFFFFFFFF
_REMOVED = _LOWER  # a slot whose element was removed


class Candidate(Record):
    """An element that may equal the value looked for (-1: there is none) and where to go on behind it."""

    entry: i64
    cursor: i64


@function(inline=True)
def as_set(value: Value) -> SetObject:
    """The object of a value known to be a set."""
    return cast(SetObject, value.payload)


@function(inline=True)
def set_value(table: SetObject) -> Value:
    return Value(SET, word(table))


@function(inline=True)
def _home(table: SetObject, hashed: u64) -> i64:
    """The slot where the search for a hash begins; its last bits are those of the hash itself."""
    neighbours = u64(NEIGHBOURS)
    return i64((hashed >> u64(table.aux)) & ~neighbours | hashed & neighbours)


@function(inline=True)
def next_candidate(table: SetObject, hashed: u64, cursor: i64) -> Candidate:
    """The first element with this hash, in order of insertion, from a cursor (0 in the beginning) on."""
    if table.index_size == 0:
        position = next_element(table, cursor)
        return Candidate(position, position + 1)
    index = table.index
    mask = table.index_size - 1
    home = _home(table, hashed)
    probes = cursor
    while True:
        slot = index[(home + probes) & mask]
        probes += 1
        if slot >> 32 == hashed and slot & u64(_LOWER) != u64(_REMOVED) and slot != 0:
            return Candidate(i64(slot & u64(_LOWER)) - 1, probes)
        if slot == 0:
            return Candidate(-1, probes)


@function
def next_element(table: SetObject, position: i64) -> i64:
    """The first element at or after `position` that was not removed, or -1."""
    for entry in range(position, table.used):
        if table.items[entry].tag != UNBOUND:
            return entry
    return -1


@function
def nested_hash_in(vm: VM, table: SetObject, value: Value) -> u64:
    """The hash of a value with parts in this set, which becomes coarse if the value demands that."""
    hashed = nested_hash(vm, value, table.flags != 0)
    if hashed == 0:
        table.flags = 1
        fill_index(vm, table)
        hashed = nested_hash(vm, value, True)
    return hashed >> 32


@function(inline=True)
def hash_in(vm: VM, table: SetObject, value: Value) -> u64:
    """The hash under which this set stores a value."""
    return leaf_hash(value) if is_leaf(value) else nested_hash_in(vm, table, value)


# ---------------------------------------------------------------------------- building


@function
def new_set(vm: VM, capacity: i64) -> SetObject:
    """An empty set with room for `capacity` elements."""
    table = cast(SetObject, allocate(vm, size_of(SetObject), SET))
    if capacity > 0:
        _make_room(vm, table, capacity)
    return table


@function(inline=True)
def _move_items(table: SetObject, room: Ptr[Value]) -> i64:
    """Moves the elements that were not removed to new room, close together; gives their number."""
    kept = 0
    for entry in range(table.used):
        if table.items[entry].tag != UNBOUND:
            room[kept] = table.items[entry]
            kept += 1
    return kept


@function
def _make_room(vm: VM, table: SetObject, wanted: i64) -> None:
    """Gives an unshared set room for its elements and others, `wanted` in all, and an index for them."""
    bits = index_bits(wanted)
    capacity = 1 << bits if wanted > SMALL else wanted
    _drop_index(vm, table)
    if wanted <= SMALL or table.used != table.count or not grow_values(vm, table.items, capacity):
        items = new_values(vm, capacity).items
        table.used = _move_items(table, items)
        release_values(vm, table.items)
        table.items = items
    table.capacity = capacity
    if capacity > SMALL:
        slots = capacity * 2
        table.index = cast(Ptr[u64], new_cleared_buffer(vm, slots * 8).bytes)
        table.index_size = slots
        table.aux = u32(31 - bits)


@function
def _drop_index(vm: VM, table: SetObject) -> None:
    if table.index_size != 0:
        release_buffer(vm, cast(Ptr[u8], table.index))
        table.index = null(Ptr[u64])
        table.index_size = 0


@function(inline=True)
def _enter(table: SetObject, entry: i64, hashed: u64) -> None:
    """Puts an element into the index."""
    index = table.index
    mask = table.index_size - 1
    slot = _home(table, hashed)
    while index[slot] != 0:
        slot = (slot + 1) & mask
    index[slot] = (hashed << 32) | u64(entry + 1)


@function
def fill_index(vm: VM, table: SetObject) -> None:
    """Makes the index anew, if the set has one."""
    if table.index_size != 0:
        fill_memory(table.index, 0, table.index_size * 8)
    _enter_all(vm, table)


@function
def _enter_all(vm: VM, table: SetObject) -> None:
    """Puts the elements into the index, if the set has one, which is empty."""
    if table.index_size == 0:
        return
    for entry in range(table.used):
        item = table.items[entry]
        if item.tag != UNBOUND:
            _enter(table, entry, hash_in(vm, table, item))


@function
def set_reserve(vm: VM, table: SetObject, additional: i64) -> None:
    """Makes room for so many more elements in an unshared set."""
    if table.used + additional <= table.capacity:
        return
    _make_room(vm, table, wanted_room(table.count, table.capacity, additional))
    _enter_all(vm, table)


@function
def set_append(vm: VM, table: SetObject, value: Value, hashed: u64) -> None:
    """Adds a value, given its hash, that the unshared set does not have."""
    if table.used == table.capacity:
        set_reserve(vm, table, 1)
    entry = table.used
    table.items[entry] = value
    table.used = entry + 1
    table.count += 1
    if table.index_size != 0:
        _enter(table, entry, hashed)


@function
def set_delete(vm: VM, table: SetObject, entry: i64) -> None:
    """Removes an element from an unshared set."""
    if table.index_size != 0:
        index = table.index
        mask = table.index_size - 1
        slot = _home(table, hash_in(vm, table, table.items[entry]))
        while i64(index[slot] & u64(_LOWER)) != entry + 1:
            slot = (slot + 1) & mask
        index[slot] = u64(_REMOVED)
    table.items[entry] = unbound()
    table.count -= 1
    if table.index_size == 0 and entry + 1 == table.used:
        table.used = entry


@function
def set_clone(vm: VM, table: SetObject, room: i64) -> SetObject:
    """An unshared copy with room for more; nested containers are marked, as both sets hold them."""
    copy = new_set(vm, table.count + room)
    copy.flags = table.flags
    share_all(table.items, table.used)
    if table.used == table.count and copy.capacity == table.capacity:
        copy_memory(copy.items, table.items, table.used * 16)
        copy_memory(copy.index, table.index, table.index_size * 8)
        copy.used = table.used
        copy.count = table.count
        return copy
    for entry in range(table.used):
        if table.items[entry].tag != UNBOUND:
            copy.items[copy.count] = table.items[entry]
            copy.count += 1
    copy.used = copy.count
    fill_index(vm, copy)
    return copy
