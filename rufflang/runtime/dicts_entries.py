"""The entries of a dict: keys and values, with their tags in a word, so that one takes 24 bytes.

They lie behind the object if it was made for a few, else in a block of their own.  A dict knows when all that it has
ever held were numbers: the collector does not search it then.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, copy_memory, function, i64, size_of, u8, u64, word
from rufflang.runtime.collector_stack import POINTER_TAGS
from rufflang.runtime.heap import allocate, cell_size_for
from rufflang.runtime.heap_growing import grow_entries_block, release_entries_block
from rufflang.runtime.marking import share
from rufflang.runtime.objects import HOLDS_POINTERS, DictEntry, DictObject, EntriesObject, entries_behind, entry_at
from rufflang.runtime.values import ENTRIES, UNBOUND, Value, is_among
from rufflang.runtime.vm import VM


@function(inline=True)
def entry_key(table: DictObject, entry: i64) -> Value:
    """The key of an entry; UNBOUND when it was deleted."""
    place = entry_at(table.entries, entry)
    return Value(place.key_tag, place.key)


@function(inline=True)
def entry_value(table: DictObject, entry: i64) -> Value:
    """The value of an entry, borrowed."""
    place = entry_at(table.entries, entry)
    return Value(place.value_tag, place.value)


@function(inline=True)
def _note_pointer(table: DictObject, value: Value) -> None:
    if is_among(value.tag, u64(POINTER_TAGS)):
        table.flags |= HOLDS_POINTERS


@function(inline=True)
def set_entry_value(table: DictObject, entry: i64, value: Value) -> None:
    """Replaces the value of an entry."""
    _note_pointer(table, value)
    place = entry_at(table.entries, entry)
    place.value = value.payload
    place.value_tag = value.tag


@function(inline=True)
def set_entry(table: DictObject, entry: i64, key: Value, value: Value) -> None:
    """Gives an entry its key and value."""
    _note_pointer(table, key)
    _note_pointer(table, value)
    place = entry_at(table.entries, entry)
    place.key = key.payload
    place.value = value.payload
    place.key_tag = key.tag
    place.value_tag = value.tag


@function
def share_values(table: DictObject) -> None:
    """Marks every container among the values of a dict."""
    for entry in range(table.used):
        share(entry_value(table, entry))


@function
def _move_entries(table: DictObject, first: DictEntry) -> None:
    """Moves the entries that are alive to where the `first` one shall be, close together."""
    if table.used == table.count:
        copy_memory(cast(Ptr[u8], first), cast(Ptr[u8], table.entries), table.used * size_of(DictEntry))
        return
    kept = 0
    for entry in range(table.used):
        old = entry_at(table.entries, entry)
        if old.key_tag != UNBOUND:
            copy_memory(cast(Ptr[u8], entry_at(first, kept)), cast(Ptr[u8], old), size_of(DictEntry))
            kept += 1
    table.used = kept


@function
def filled_block(capacity: i64) -> i64:
    """For how many entries there is room in the block that room for so many is in."""
    head = size_of(EntriesObject)
    room = cell_size_for(head + capacity * size_of(DictEntry)) - head
    return i64(u64(room) // u64(size_of(DictEntry)))


@function
def resize_entries(vm: VM, table: DictObject, capacity: i64) -> None:
    """Gives a dict room for so many entries, at least those that are alive, which are close together then."""
    is_inline = word(table.entries) == word(entries_behind(table))
    if is_inline or table.used != table.count or not grow_entries_block(vm, table.entries, capacity):
        block = cast(EntriesObject, allocate(vm, size_of(EntriesObject) + capacity * size_of(DictEntry), ENTRIES))
        block.capacity = capacity
        first = cast(DictEntry, block.items)
        _move_entries(table, first)
        if not is_inline:
            release_entries_block(vm, table.entries)
        table.entries = first
        table.recent = 0
    table.entry_capacity = capacity
