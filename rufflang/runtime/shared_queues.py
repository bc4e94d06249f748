"""What is behind a channel that several VMs know: a queue of blocks in the exchange.

A channel begins as a thing of one VM.  When it first crosses, in a snapshot or inside a message, it gets a
shared queue, what was waiting in it moves there, and all copies of the channel, in whatever VM, refer to
that queue.  A queue stays until the program ends.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, is_null, null, size_of, u8, word
from rufflang.runtime.exchange import SharedQueue, adopt, exchange_of, lock, release, unlock
from rufflang.runtime.exchange_waiting import announce
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.transfer_block import BLOCK_NEXT, free_block
from rufflang.runtime.vm import VM


@function
def new_queue(vm: VM) -> SharedQueue:
    """An empty queue."""
    exchange = exchange_of(vm)
    queue = cast(SharedQueue, system_calloc(1, size_of(SharedQueue)))
    lock(exchange)
    queue.next = exchange.queues
    exchange.queues = cast(Ptr[u8], queue)
    unlock(exchange)
    return queue


@function
def put_block(vm: VM, queue: SharedQueue, block: Ptr[i64]) -> bool:
    """Appends a block; False, and the block is freed, when there is no memory for it."""
    exchange = exchange_of(vm)
    lock(exchange)
    if not adopt(vm, exchange, block):
        unlock(exchange)
        return False
    if is_null(queue.last):
        queue.first = block
    else:
        queue.last[BLOCK_NEXT] = word(block)
    queue.last = block
    queue.count += 1
    announce(exchange)
    unlock(exchange)
    return True


@function
def take_block(vm: VM, queue: SharedQueue) -> Ptr[i64]:
    """Removes the oldest block, which the caller has to free; null when the queue is empty."""
    exchange = exchange_of(vm)
    lock(exchange)
    block = queue.first
    if not is_null(block):
        queue.first = cast(Ptr[i64], block[BLOCK_NEXT])
        if is_null(queue.first):
            queue.last = null(Ptr[i64])
        queue.count -= 1
        release(exchange, block)
    unlock(exchange)
    return block


@function
def empty_queue(vm: VM, queue: SharedQueue) -> None:
    """Forgets what is in a queue."""
    block = take_block(vm, queue)
    while not is_null(block):
        free_block(block)
        block = take_block(vm, queue)
