"""The shared store: names and values that all VMs of a program see, as a hash table in the exchange."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    copy_memory,
    function,
    i64,
    is_null,
    null,
    size_of,
    u8,
    u64,
)
from rufflang.runtime.exchange import Exchange, SharedEntry
from rufflang.runtime.heap_system import system_calloc, system_free
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import long_string_hash
from rufflang.runtime.strings_comparing import compare_memory


@function
def _bucket(exchange: Exchange, hashed: u64) -> i64:
    return i64(hashed & u64(exchange.bucket_count - 1))


@function
def find_entry(exchange: Exchange, key: StringObject) -> SharedEntry:
    """The entry of a name, or null.  The lock is held."""
    hashed = long_string_hash(key)
    entry = cast(SharedEntry, exchange.buckets[_bucket(exchange, hashed)])
    while not is_null(entry):
        if entry.hash == hashed and entry.key_size == key.byte_count:
            if compare_memory(entry.key, key.data, key.byte_count) == 0:
                return entry
        entry = cast(SharedEntry, entry.next)
    return entry


@function
def put_entry(exchange: Exchange, key: StringObject, block: Ptr[i64]) -> Ptr[i64]:
    """Sets the block of a name; the one it had before, or null.  The lock is held."""
    entry = find_entry(exchange, key)
    if is_null(entry):
        _add_entry(exchange, key, block)
        return null(Ptr[i64])
    previous = entry.block
    entry.block = block
    return previous


@function
def _add_entry(exchange: Exchange, key: StringObject, block: Ptr[i64]) -> None:
    if exchange.entry_count >= exchange.bucket_count:
        _grow(exchange)
    entry = cast(SharedEntry, system_calloc(1, size_of(SharedEntry) + key.byte_count))
    entry.hash = long_string_hash(key)
    entry.block = block
    entry.key_size = key.byte_count
    copy_memory(entry.key, key.data, key.byte_count)
    _link(exchange, entry)
    exchange.entry_count += 1


@function
def _link(exchange: Exchange, entry: SharedEntry) -> None:
    bucket = _bucket(exchange, entry.hash)
    entry.next = exchange.buckets[bucket]
    exchange.buckets[bucket] = cast(Ptr[u8], entry)


@function
def _grow(exchange: Exchange) -> None:
    """Doubles the number of buckets."""
    old = exchange.buckets
    count = exchange.bucket_count
    exchange.bucket_count = count * 2
    exchange.buckets = cast(Ptr[Ptr[u8]], system_calloc(count * 2, 8))
    for number in range(count):
        entry = cast(SharedEntry, old[number])
        while not is_null(entry):
            following = cast(SharedEntry, entry.next)
            _link(exchange, entry)
            entry = following
    system_free(cast(Ptr[u8], old))


@function
def delete_entry(exchange: Exchange, key: StringObject) -> Ptr[i64]:
    """Removes a name; the block it had, or null.  The lock is held."""
    entry = find_entry(exchange, key)
    if is_null(entry):
        return null(Ptr[i64])
    bucket = _bucket(exchange, entry.hash)
    before = cast(SharedEntry, exchange.buckets[bucket])
    if before == entry:
        exchange.buckets[bucket] = entry.next
    else:
        while cast(SharedEntry, before.next) != entry:
            before = cast(SharedEntry, before.next)
        before.next = entry.next
    exchange.entry_count -= 1
    block = entry.block
    system_free(cast(Ptr[u8], entry))
    return block
