"""The hash index of a dict: which slot belongs to which entry, and in which order slots are searched.

A slot has the number of an entry plus two in as many low bits as a slot's number needs; 0 is an
empty slot, 1 a deleted one.  The bits above are bits of the key's hash, so that the search for a key looks at
hardly any other entry.  The index has a power of two of slots and is at most half full, or a quarter as long as it is
small: then most keys are in their first slot.  `aux` of the dict is the shift that leaves of 64 bits the number
of a slot.  The hash of a string has 32 bits, of which the lower ones are that number.

Ints that follow each other have slots that follow each other, a thousand at a time, because programs mostly
visit them together; the hash of the upper bits chooses where such a row begins.  Rows may overlap,
so a search does not go on from slot to slot for long, which would lead through a whole row of others: it goes to the
end of its group of eight slots and then jumps, to where only this key's search goes next.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Record, cast, function, i64, null, u8, u32, u64
from rufflang.runtime.heap import new_cleared_buffer
from rufflang.runtime.heap_growing import release_buffer
from rufflang.runtime.objects import DictObject, StringObject
from rufflang.runtime.strings import as_string, string_hash
from rufflang.runtime.values import INT, Value
from rufflang.runtime.vm import VM

EMPTY_SLOT = 0
DELETED_SLOT = 1
_FIRST_ENTRY = 2  # what a slot has for entry 0

_HASH_FACTOR = 0x9E3779B97F4A7C15
_ROW_BITS = 10
_ROW = (1 << _ROW_BITS) - 1
_GROUP = 7
_SPREAD_UP_TO = 13  # entries, as a power of two, for which even a sparse index stays in the nearer caches
# A linear congruential generator with all of its 2 ** 64 states: a search comes to every slot in the end.
_JUMP_FACTOR = 6364136223846793005
_JUMP_STEP = 1442695040888963407


class Probe(Record):
    """A place in the search for a key: the slot to look at, and what the next jump depends on."""

    slot: i64
    state: u64


@function
def make_index(vm: VM, table: DictObject, bits: i64) -> None:
    """An empty index for `2 ** bits` entries."""
    spread = 1 if bits > _SPREAD_UP_TO else 2
    slots = 1 << (bits + spread)
    table.index = cast(Ptr[u32], new_cleared_buffer(vm, slots * 4).bytes)
    table.index_size = slots
    table.aux = u32(64 - bits - spread)


@function
def drop_index(vm: VM, table: DictObject) -> None:
    """From now on the dict has no index."""
    if table.index_size != 0:
        release_buffer(vm, cast(Ptr[u8], table.index))
        table.index = null(Ptr[u32])
        table.index_size = 0


@function(inline=True)
def int_probe(table: DictObject, number: i64) -> Probe:
    """Where the search for an int begins."""
    row = u64(number >> _ROW_BITS) * u64(_HASH_FACTOR) >> u64(table.aux)
    slot = (i64(row) + (number & _ROW)) & (table.index_size - 1)
    return Probe(slot, u64(number ^ (number >> 32)) * u64(_HASH_FACTOR))


@function(inline=True)
def string_probe(table: DictObject, text: StringObject) -> Probe:
    """Where the search for a string begins."""
    hashed = string_hash(text)
    return Probe(i64(hashed) & (table.index_size - 1), u64(hashed))


@function(inline=True)
def next_probe(table: DictObject, probe: Probe) -> Probe:
    """Where it goes on."""
    if probe.slot & _GROUP != _GROUP:
        return Probe(probe.slot + 1, probe.state)
    state = probe.state * u64(_JUMP_FACTOR) + u64(_JUMP_STEP)
    return Probe(i64(state >> u64(table.aux)), state)


@function(inline=True)
def may_be_entry(table: DictObject, content: u32, first: Probe) -> bool:
    """Whether a slot has the hash bits of the key for which the search began with this probe."""
    return i64(content ^ u32(first.state)) & -table.index_size == 0


@function(inline=True)
def entry_in(table: DictObject, content: u32) -> i64:
    """The entry whose slot has this content; less than 0 for one without an entry."""
    return (i64(content) & (table.index_size - 1)) - _FIRST_ENTRY


@function(inline=True)
def first_candidate(table: DictObject, first: Probe) -> u32:
    """What is in the first slot of the search that may be the key's: EMPTY_SLOT if none is, as is known by then.

    DELETED_SLOT if the search has to leave its first group.
    """
    slot = first.slot
    content = table.index[slot]
    while not may_be_entry(table, content, first):
        if content == EMPTY_SLOT:
            return content
        if slot & _GROUP == _GROUP:
            return DELETED_SLOT
        slot += 1
        content = table.index[slot]
    return content


@function(inline=True)
def _probe_of(table: DictObject, key: Value) -> Probe:
    """Where the search for a normalised key begins."""
    if key.tag == INT:
        return int_probe(table, key.payload)
    return string_probe(table, as_string(key))


@function
def index_add(table: DictObject, key: Value, entry: i64) -> None:
    """Notes in which entry a new key is."""
    index = table.index
    mask = table.index_size - 1
    probe = _probe_of(table, key)
    content = u32(probe.state) & ~u32(mask) | u32(entry + _FIRST_ENTRY)
    while index[probe.slot] != EMPTY_SLOT:
        probe = next_probe(table, probe)
    index[probe.slot] = content


@function
def index_remove(table: DictObject, key: Value, entry: i64) -> None:
    """Forgets a key, which is in that entry."""
    index = table.index
    mask = table.index_size - 1
    probe = _probe_of(table, key)
    while (i64(index[probe.slot]) & mask) - _FIRST_ENTRY != entry:
        probe = next_probe(table, probe)
    index[probe.slot] = DELETED_SLOT
