"""Dictionaries: entries in insertion order and, above eight of them, a hash index of entry numbers.

Keys are normalised ones (`dicts_keys`).  A deleted entry keeps its place, with an UNBOUND key, until the
dict is rebuilt; `dicts_finding`, `dicts_index` and `dicts_few` say how an entry is found.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, fill_memory, function, i64, offset, size_of, u8, word
from rufflang.runtime.dicts_entries import (
    copy_entries,
    entry_key,
    entry_value,
    filled_block,
    resize_entries,
    set_entry,
    set_entry_value,
    share_values,
)
from rufflang.runtime.dicts_few import forget_key, note_key
from rufflang.runtime.dicts_finding import dict_find, find_string
from rufflang.runtime.dicts_index import copy_index, drop_index, has_index_for, index_add, index_remove, make_index
from rufflang.runtime.heap import HEADER, allocate_unzeroed
from rufflang.runtime.objects import HOLDS_POINTERS, DictObject, StringObject, entries_behind, size_of_entries
from rufflang.runtime.strings import as_string, string_hash, string_value
from rufflang.runtime.table_room import SMALL, index_bits, rounded_room, wanted_room
from rufflang.runtime.values import DICT, UNBOUND, Value, unbound
from rufflang.runtime.vm import VM


@function(inline=True)
def as_dict(value: Value) -> DictObject:
    """The object of a value known to be a dict."""
    return cast(DictObject, value.payload)


@function(inline=True)
def dict_value(table: DictObject) -> Value:
    return Value(DICT, word(table))


@function
def next_entry(table: DictObject, position: i64) -> i64:
    """The first entry at or after `position` that is alive, or -1."""
    used = table.used
    entry = position
    while entry < used:
        if entry_key(table, entry).tag != UNBOUND:
            return entry
        entry += 1
    return -1


# ---------------------------------------------------------------------------- building


@function
def new_dict(vm: VM, capacity: i64) -> DictObject:
    """An empty dict with room for `capacity` entries."""
    behind = capacity if capacity <= SMALL else i64(0)
    table = cast(DictObject, allocate_unzeroed(vm, size_of(DictObject) + size_of_entries(behind), DICT))
    fill_memory(offset(cast(Ptr[u8], table), HEADER), 0, size_of(DictObject) - HEADER)
    table.entries = entries_behind(table)
    table.entry_capacity = behind
    if capacity > SMALL:
        _make_room(vm, table, capacity)
    return table


@function(inline=True)
def _at_most(number: i64, limit: i64) -> i64:
    return number if number < limit else limit


@function
def _make_room(vm: VM, table: DictObject, wanted: i64) -> None:
    """Gives a dict room for its live entries and others, `wanted` in all or a few more, and an index for them."""
    capacity = rounded_room(wanted)
    bits = index_bits(capacity)
    if capacity > SMALL:
        capacity = _at_most(filled_block(capacity), 1 << bits)
    keeps_index = has_index_for(table, bits) if capacity > SMALL else table.last_slot == 0
    keeps_index = keeps_index and table.used == table.count
    if not keeps_index:
        drop_index(vm, table)
    resize_entries(vm, table, capacity)
    if not keeps_index:
        if capacity > SMALL:
            make_index(vm, table, bits)
        for entry in range(table.used):
            _note_entry(table, entry_key(table, entry), entry)


@function(inline=True)
def _note_entry(table: DictObject, key: Value, entry: i64) -> None:
    """Has the key of an entry found."""
    if table.last_slot != 0:
        index_add(table, key, entry)
    else:
        note_key(table, key, entry)


@function
def _append_entry(table: DictObject, key: Value, value: Value) -> None:
    """Adds an entry with a new key; there is room."""
    entry = table.used
    set_entry(table, entry, key, value)
    table.used = entry + 1
    table.count += 1
    _note_entry(table, key, entry)


@function
def dict_reserve(vm: VM, table: DictObject, additional: i64) -> None:
    """Makes room for so many more entries."""
    if table.used + additional <= table.entry_capacity:
        return
    _make_room(vm, table, wanted_room(table.count, table.entry_capacity, additional))


@function
def dict_insert(vm: VM, table: DictObject, key: Value, value: Value) -> None:
    """Adds a normalised key that the unshared dict does not have."""
    if table.used == table.entry_capacity:
        dict_reserve(vm, table, 1)
    _append_entry(table, key, value)


@function(inline=True)
def dict_add(vm: VM, table: DictObject, key: Value, value: Value) -> None:
    """`dict_insert`, made for literals: mostly few entries, for which there is room."""
    entry = table.used
    if entry < table.entry_capacity and table.last_slot == 0:
        set_entry(table, entry, key, value)
        table.used = entry + 1
        table.count += 1
        note_key(table, key, entry)
    else:
        dict_insert(vm, table, key, value)


@function
def dict_set(vm: VM, table: DictObject, key: Value, value: Value) -> None:
    """Inserts a normalised key into an unshared dict, or replaces its value."""
    entry = dict_find(table, key)
    if entry >= 0:
        set_entry_value(table, entry, value)
    else:
        dict_insert(vm, table, key, value)


@function
def intern_string(vm: VM, text: StringObject) -> StringObject:
    """The one string object that stands for all constants with this text; its hash is computed already."""
    string_hash(text)
    entry = find_string(vm.interned, text)
    if entry >= 0:
        return as_string(entry_key(vm.interned, entry))
    dict_insert(vm, vm.interned, string_value(text), string_value(text))
    return text


@function
def dict_delete(table: DictObject, key: Value) -> bool:
    """Removes a normalised key from an unshared dict; False when it is absent."""
    entry = dict_find(table, key)
    if entry < 0:
        return False
    if table.last_slot != 0:
        index_remove(table, key, entry)
    else:
        forget_key(table, entry)
    set_entry(table, entry, unbound(), unbound())
    table.count -= 1
    table.recent = 0
    if table.last_slot == 0 and entry + 1 == table.used:
        table.used = entry
    return True


@function(inline=True)
def _copy_entries(table: DictObject, other: DictObject) -> None:
    """Copies the entries of another dict, none of them deleted, into an empty one with the same room, or none has
    an index.
    """
    copy_entries(other, table.entries, table.entry_capacity)
    copy_index(table, other)
    table.flags |= other.flags & HOLDS_POINTERS
    table.used = other.used
    table.count = other.count


@function
def dict_clone(vm: VM, table: DictObject) -> DictObject:
    """An unshared copy; containers among the values are marked, as both dicts hold them."""
    copy = new_dict(vm, table.entry_capacity if table.used == table.count else table.count)
    share_values(table)
    if table.used != table.count:
        for entry in range(table.used):
            if entry_key(table, entry).tag != UNBOUND:
                _append_entry(copy, entry_key(table, entry), entry_value(table, entry))
        return copy
    _copy_entries(copy, table)
    return copy


@function
def dict_update(vm: VM, table: DictObject, other: DictObject) -> None:
    """Inserts the entries of another dict into an unshared one; their values are marked."""
    dict_reserve(vm, table, other.count)
    share_values(other)
    if table.used == 0 and table.last_slot == 0 and other.last_slot == 0 and other.used == other.count:
        _copy_entries(table, other)
        return
    for entry in range(other.used):
        if entry_key(other, entry).tag != UNBOUND:
            dict_set(vm, table, entry_key(other, entry), entry_value(other, entry))
