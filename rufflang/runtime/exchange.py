"""What the VMs of one program share: a lock, the shared store, and the channels that connect them.

The first VM makes it when it first needs it, and every VM that it or its blocks start gets the same one.
It lies outside every heap.  What is kept in it are blocks (see `transfer_block`), which belong to it.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Struct,
    cast,
    external,
    function,
    i32,
    i64,
    inline,
    is_null,
    null,
    size_of,
    u8,
    u64,
)
from rufflang.runtime.heap_layout import heap_of
from rufflang.runtime.heap_system import system_calloc, system_free
from rufflang.runtime.transfer_block import BLOCK_NEXT, BLOCK_SIZE, free_block
from rufflang.runtime.vm import VM

_FIRST_BUCKETS = 64


class SharedEntry(Struct):
    """An entry of the shared store, in the list of its bucket."""

    next: Ptr[u8]
    hash: u64
    block: Ptr[i64]
    key_size: i64
    key: Ptr[u8] = inline(0)


class SharedQueue(Struct):
    """What is behind a channel of several VMs: blocks, oldest first, linked by their BLOCK_NEXT.

    `next` is another queue of the exchange.
    """

    next: Ptr[u8]
    first: Ptr[i64]
    last: Ptr[i64]
    count: i64


class Exchange(Struct):
    """See the module's text.  All fields behind the first two may be used only while the lock is held."""

    mutex: Ptr[i64] = inline(8)
    condition: Ptr[i64] = inline(8)
    alive: i64  # VMs that have not ended
    waiting: i64  # those of them that wait for a message and can do nothing else
    first_waiting: Ptr[u8]  # these VMs, linked by `VM.next_waiting`
    sent: i64  # how many messages have been sent
    queues: Ptr[u8]  # every SharedQueue
    block_bytes: i64
    entry_count: i64
    bucket_count: i64
    buckets: Ptr[Ptr[u8]]


@external("pthread_mutex_init")
def _mutex_init(mutex: Ptr[i64], attributes: Ptr[u8]) -> i32: ...


@external("pthread_mutex_lock")
def _mutex_lock(mutex: Ptr[i64]) -> i32: ...


@external("pthread_mutex_unlock")
def _mutex_unlock(mutex: Ptr[i64]) -> i32: ...


@external("pthread_cond_init")
def _condition_init(condition: Ptr[i64], attributes: Ptr[u8]) -> i32: ...


@function
def exchange_of(vm: VM) -> Exchange:
    """The exchange of the program that the VM belongs to."""
    if is_null(vm.exchange):
        exchange = cast(Exchange, system_calloc(1, size_of(Exchange)))
        _mutex_init(exchange.mutex, null(Ptr[u8]))
        _condition_init(exchange.condition, null(Ptr[u8]))
        exchange.alive = 1
        exchange.bucket_count = _FIRST_BUCKETS
        exchange.buckets = cast(Ptr[Ptr[u8]], system_calloc(_FIRST_BUCKETS, 8))
        vm.exchange = cast(Ptr[u8], exchange)
    return cast(Exchange, vm.exchange)


@function
def lock(exchange: Exchange) -> None:
    """Waits until no other VM uses the exchange."""
    _mutex_lock(exchange.mutex)


@function
def unlock(exchange: Exchange) -> None:
    """Lets other VMs use the exchange."""
    _mutex_unlock(exchange.mutex)


@function
def adopt(vm: VM, exchange: Exchange, block: Ptr[i64]) -> bool:
    """Takes over a block; False, and the block is freed, when all blocks together exceed the memory limit."""
    size = block[BLOCK_SIZE] * 8
    if exchange.block_bytes + size > heap_of(vm).memory_limit:
        free_block(block)
        return False
    exchange.block_bytes += size
    return True


@function
def release(exchange: Exchange, block: Ptr[i64]) -> Ptr[i64]:
    """Gives a block away, which the caller has to free."""
    exchange.block_bytes -= block[BLOCK_SIZE] * 8
    return block


@function
def free_queues(exchange: Exchange) -> None:
    """Returns the queues of channels, and what is in them."""
    queue = cast(SharedQueue, exchange.queues)
    while not is_null(queue):
        block = queue.first
        while not is_null(block):
            following = cast(Ptr[i64], block[BLOCK_NEXT])
            free_block(block)
            block = following
        after = cast(SharedQueue, queue.next)
        system_free(cast(Ptr[u8], queue))
        queue = after


@function(export="ruff_free_exchange")
def free_exchange(vm: VM) -> None:
    """Returns the exchange to the system; no other VM may use it any more."""
    if is_null(vm.exchange):
        return
    exchange = cast(Exchange, vm.exchange)
    for number in range(exchange.bucket_count):
        entry = cast(SharedEntry, exchange.buckets[number])
        while not is_null(entry):
            following = cast(SharedEntry, entry.next)
            free_block(entry.block)
            system_free(cast(Ptr[u8], entry))
            entry = following
    system_free(cast(Ptr[u8], exchange.buckets))
    free_queues(exchange)
    system_free(vm.exchange)
    vm.exchange = null(Ptr[u8])
