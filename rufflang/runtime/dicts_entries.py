"""The entries of a dict: the payloads of keys and values, 16 bytes of each, and a byte for the tags of both.

They lie behind the object if it was made for a few, else in a block of their own; the tags lie behind all of them.  A
dict knows when all that it has ever held were numbers: the collector does not search it then.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, size_of, u8, u64, word
from rufflang.runtime.collector_stack import POINTER_TAGS
from rufflang.runtime.heap import ENTRIES_HEAD, cell_size_for, new_entries
from rufflang.runtime.heap_growing import grow_entries_block, release_entries_block
from rufflang.runtime.marking import share
from rufflang.runtime.objects import (
    HOLDS_POINTERS,
    KEY_TAG_SHIFT,
    VALUE_TAG_BITS,
    DictEntry,
    DictObject,
    entries_behind,
    entry_at,
    size_of_entries,
    tags_behind,
)
from rufflang.runtime.values import UNBOUND, Value, is_among
from rufflang.runtime.vm import VM


@function(inline=True)
def _tags_of(table: DictObject) -> Ptr[u8]:
    return tags_behind(table.entries, table.entry_capacity)


@function(inline=True)
def entry_key(table: DictObject, entry: i64) -> Value:
    """The key of an entry; UNBOUND when it was deleted."""
    return Value(i64(_tags_of(table)[entry] >> KEY_TAG_SHIFT), entry_at(table.entries, entry).key)


@function(inline=True)
def entry_value(table: DictObject, entry: i64) -> Value:
    """The value of an entry, borrowed."""
    return Value(i64(_tags_of(table)[entry] & VALUE_TAG_BITS), entry_at(table.entries, entry).value)


@function(inline=True)
def _note_pointer(table: DictObject, value: Value) -> None:
    if is_among(value.tag, u64(POINTER_TAGS)):
        table.flags |= HOLDS_POINTERS


@function(inline=True)
def set_entry_value(table: DictObject, entry: i64, value: Value) -> None:
    """Replaces the value of an entry."""
    _note_pointer(table, value)
    entry_at(table.entries, entry).value = value.payload
    tags = _tags_of(table)
    tags[entry] = tags[entry] & ~VALUE_TAG_BITS | u8(value.tag)


@function(inline=True)
def set_entry(table: DictObject, entry: i64, key: Value, value: Value) -> None:
    """Gives an entry its key and value."""
    _note_pointer(table, key)
    _note_pointer(table, value)
    place = entry_at(table.entries, entry)
    place.key = key.payload
    place.value = value.payload
    _tags_of(table)[entry] = u8(key.tag << KEY_TAG_SHIFT | value.tag)


@function
def share_values(table: DictObject) -> None:
    """Marks every container among the values of a dict."""
    for entry in range(table.used):
        share(entry_value(table, entry))


@function
def copy_entries(table: DictObject, first: DictEntry, capacity: i64) -> None:
    """Copies the entries of a dict in which none was deleted to where there is room for so many."""
    copy_memory(cast(Ptr[u8], first), cast(Ptr[u8], table.entries), table.used * size_of(DictEntry))
    copy_memory(tags_behind(first, capacity), _tags_of(table), table.used)


@function
def _move_entries(table: DictObject, first: DictEntry, capacity: i64) -> None:
    """`copy_entries` of those that are alive, close together; they are all that the dict has from now on."""
    if table.used == table.count:
        copy_entries(table, first, capacity)
        return
    old_tags = _tags_of(table)
    tags = tags_behind(first, capacity)
    kept = 0
    for entry in range(table.used):
        if old_tags[entry] >> KEY_TAG_SHIFT != UNBOUND:
            old = entry_at(table.entries, entry)
            copy_memory(cast(Ptr[u8], entry_at(first, kept)), cast(Ptr[u8], old), size_of(DictEntry))
            tags[kept] = old_tags[entry]
            kept += 1
    table.used = kept


@function
def filled_block(capacity: i64) -> i64:
    """For how many entries there is room in the block that room for so many is in."""
    room = cell_size_for(ENTRIES_HEAD + size_of_entries(capacity)) - ENTRIES_HEAD
    return i64(u64(room) // u64(size_of_entries(1)))


@function
def resize_entries(vm: VM, table: DictObject, capacity: i64) -> None:
    """Gives a dict room for so many entries, at least those that are alive, which are close together then."""
    is_inline = word(table.entries) == word(entries_behind(table))
    if is_inline or table.used != table.count or not grow_entries_block(vm, table.entries, capacity):
        first = cast(DictEntry, new_entries(vm, capacity).items)
        _move_entries(table, first, capacity)
        if not is_inline:
            release_entries_block(vm, table.entries)
        table.entries = first
        table.recent = 0
    table.entry_capacity = capacity
