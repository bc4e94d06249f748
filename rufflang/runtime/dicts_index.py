"""The hash index of a dict: which slot belongs to which entry, and in which order slots are searched.

A slot has the number of an entry plus two in as many low bits as a slot's number needs; 0 is an
empty slot, 1 a deleted one.  The bits above are bits of the key's hash, so that the search for a key looks at
hardly any other entry.  A slot has 32 bits, or 16 where that leaves some for the hash, so that many dicts that are
neither small nor large take little memory.  The index has a power of two of slots and is at most half full, or a
quarter as long as it is small: then most keys are in their first slot.  `aux` of the dict is the shift that leaves of
64 bits the number of a slot.  The hash of a string has 32 bits, of which the lower ones are that number.

Ints that follow each other have slots that follow each other, a thousand at a time, because programs mostly
visit them together; the hash of the upper bits chooses where such a row begins.  Rows may overlap,
so a search does not go on from slot to slot for long, which would lead through a whole row of others: it goes to the
end of its group of eight slots and then jumps, to where only this key's search goes next.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Record, cast, copy_memory, count_leading_zeros, function, i64, u8, u16, u32, u64, word
from rufflang.runtime.heap import new_cleared_buffer
from rufflang.runtime.heap_growing import release_buffer
from rufflang.runtime.objects import DictObject, StringObject
from rufflang.runtime.strings import as_string, string_hash
from rufflang.runtime.values import INT, Value
from rufflang.runtime.vm import VM

EMPTY_SLOT = 0
DELETED_SLOT = 1
_SHORT = (1 << 16) - 1
_FIRST_ENTRY = 2  # what a slot has for entry 0

_HASH_FACTOR = 0x9E3779B97F4A7C15
_ROW_BITS = 10
_ROW = (1 << _ROW_BITS) - 1
_GROUP = 7
_SPREAD_UP_TO = 10  # entries, as a power of two, for which even a sparse index is small
_LAST_OF_SHORT = (1 << 12) - 1  # the last slot of the largest index whose slots have 16 bits
# A linear congruential generator with all of its 2 ** 64 states: a search comes to every slot in the end.
_JUMP_FACTOR = 6364136223846793005
_JUMP_STEP = 1442695040888963407


class Probe(Record):
    """A place in the search for a key: the slot to look at, and what the next jump depends on."""

    slot: i64
    state: u64


@function(inline=True)
def _last_slot_for(bits: i64) -> i64:
    return (1 << (bits + 1 if bits > _SPREAD_UP_TO else bits + 2)) - 1


@function(inline=True)
def has_index_for(table: DictObject, bits: i64) -> bool:
    """Whether the index is one for `2 ** bits` entries."""
    return table.last_slot == _last_slot_for(bits)


@function(inline=True)
def _index_bytes(last_slot: i64) -> i64:
    return (last_slot + 1) * (2 if last_slot <= _LAST_OF_SHORT else 4)


@function(inline=True)
def slot_content(table: DictObject, slot: i64) -> u32:
    """What is in a slot."""
    if table.last_slot <= _LAST_OF_SHORT:
        return u32(cast(Ptr[u16], i64(table.guide))[slot])
    return cast(Ptr[u32], i64(table.guide))[slot]


@function(inline=True)
def fill_slot(table: DictObject, slot: i64, content: u32) -> None:
    """Puts something into a slot, of which as many bits are kept as it has."""
    if table.last_slot <= _LAST_OF_SHORT:
        cast(Ptr[u16], i64(table.guide))[slot] = u16(content)
    else:
        cast(Ptr[u32], i64(table.guide))[slot] = content


@function
def copy_index(table: DictObject, other: DictObject) -> None:
    """Copies the index of another dict, or what takes its place, into that of one with the same room."""
    if table.last_slot != 0:
        copy_memory(cast(Ptr[u8], i64(table.guide)), cast(Ptr[u8], i64(other.guide)), _index_bytes(table.last_slot))
    else:
        table.guide = other.guide


@function
def make_index(vm: VM, table: DictObject, bits: i64) -> None:
    """An empty index for `2 ** bits` entries."""
    last_slot = _last_slot_for(bits)
    table.guide = u64(word(new_cleared_buffer(vm, _index_bytes(last_slot)).bytes))
    table.last_slot = last_slot
    table.aux = u32(count_leading_zeros(u64(last_slot)))


@function
def drop_index(vm: VM, table: DictObject) -> None:
    """From now on the dict has no index."""
    if table.last_slot != 0:
        release_buffer(vm, cast(Ptr[u8], i64(table.guide)))
        table.last_slot = 0
    table.guide = 0


@function(inline=True)
def int_probe(table: DictObject, number: i64) -> Probe:
    """Where the search for an int begins."""
    row = u64(number >> _ROW_BITS) * u64(_HASH_FACTOR) >> u64(table.aux)
    slot = (i64(row) + (number & _ROW)) & table.last_slot
    return Probe(slot, u64(number ^ (number >> 32)) * u64(_HASH_FACTOR))


@function(inline=True)
def string_probe(table: DictObject, text: StringObject) -> Probe:
    """Where the search for a string begins."""
    hashed = string_hash(text)
    return Probe(i64(hashed) & table.last_slot, u64(hashed))


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
    different = i64(content ^ u32(first.state)) & ~table.last_slot
    return (different & _SHORT if table.last_slot <= _LAST_OF_SHORT else different) == 0


@function(inline=True)
def entry_in(table: DictObject, content: u32) -> i64:
    """The entry whose slot has this content; less than 0 for one without an entry."""
    return (i64(content) & table.last_slot) - _FIRST_ENTRY


@function(inline=True)
def first_candidate(table: DictObject, first: Probe) -> u32:
    """What is in the first slot of the search that may be the key's: EMPTY_SLOT if none is, as is known by then.

    DELETED_SLOT if the search has to leave its first group.
    """
    slot = first.slot
    content = slot_content(table, slot)
    while not may_be_entry(table, content, first):
        if content == EMPTY_SLOT:
            return content
        if slot & _GROUP == _GROUP:
            return DELETED_SLOT
        slot += 1
        content = slot_content(table, slot)
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
    probe = _probe_of(table, key)
    content = u32(probe.state) & ~u32(table.last_slot) | u32(entry + _FIRST_ENTRY)
    while slot_content(table, probe.slot) != EMPTY_SLOT:
        probe = next_probe(table, probe)
    fill_slot(table, probe.slot, content)


@function
def index_remove(table: DictObject, key: Value, entry: i64) -> None:
    """Forgets a key, which is in that entry."""
    probe = _probe_of(table, key)
    while entry_in(table, slot_content(table, probe.slot)) != entry:
        probe = next_probe(table, probe)
    fill_slot(table, probe.slot, u32(DELETED_SLOT))
