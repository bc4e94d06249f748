"""Values leaving a VM: as snapshots, through channels, into the shared store.

What is inside a channel when it first crosses has to cross too, and may contain channels that have not
crossed yet.  `pack` therefore only lists these channels, and here the list is worked off.  If something in one of them
cannot cross, nothing does.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, cast, function, i64, is_null, literal, null, u8
from rufflang.runtime.channels import item_at
from rufflang.runtime.errors import append_literal, raise_built, raise_out_of_memory
from rufflang.runtime.exchange import SharedQueue
from rufflang.runtime.objects import ChannelObject, ValuesObject
from rufflang.runtime.shared_queues import empty_queue, put_block
from rufflang.runtime.text_builder import builder_append_string, builder_new
from rufflang.runtime.transfer_block import MESSAGE, SNAPSHOT, WIDE_SNAPSHOT, free_block
from rufflang.runtime.transfer_packing import pack
from rufflang.runtime.type_names import type_name
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM


@function
def pack_message(vm: VM, value: Value) -> Ptr[i64]:
    """The value as a block, which belongs to the caller; null with an error in flight if it cannot cross."""
    block = _packed(vm, value, MESSAGE)
    if is_null(block):
        _raise_not_packed(vm)
    return block


@function
def pack_snapshot(vm: VM, closure: Value) -> Ptr[i64]:
    """What a spawned block starts with, like `pack_message`.

    It is as wide as it can be: what only functions that arrive later would use must not keep a block from starting.
    """
    block = _packed(vm, closure, WIDE_SNAPSHOT)
    if is_null(block):
        block = _packed(vm, closure, SNAPSHOT)
    if is_null(block):
        _raise_not_packed(vm)
    return block


@function
def _packed(vm: VM, value: Value, purpose: i64) -> Ptr[i64]:
    """The value as a block; null when something cannot cross, whose tag is in `scratch`, or else for lack of memory."""
    refused = cast(Ptr[i64], vm.scratch)
    block = pack(vm, value, purpose, refused)
    if refused[0] == 0 and _pack_contents(vm, refused):
        _end_moving(vm)
        return block
    free_block(block)
    _cancel_moving(vm)
    return null(Ptr[i64])


@function(cold=True)
def _raise_not_packed(vm: VM) -> Raised:
    refused = cast(Ptr[i64], vm.scratch)
    if refused[0] != 0:
        return raise_refused(vm, refused[0])
    return raise_out_of_memory(vm)


@function
def _pack_contents(vm: VM, refused: Ptr[i64]) -> bool:
    """Fills the queues of the channels on the list, which becomes longer meanwhile; nobody else knows them yet.

    False when something cannot cross, whose tag is in `refused` then, or when there is no memory.
    """
    channel = vm.first_moving
    while not is_null(channel):
        for index in range(channel.count):
            block = pack(vm, item_at(channel, index), MESSAGE, refused)
            if refused[0] != 0:
                free_block(block)
                return False
            if not put_block(vm, cast(SharedQueue, channel.queue), block):
                return False
        channel = channel.next_moving
    return True


@function
def _end_moving(vm: VM) -> None:
    """What is in the queues now is not in the channels themselves any more."""
    while not is_null(vm.first_moving):
        channel = _next_moving(vm)
        channel.items = null(ValuesObject)
        channel.first = 0
        channel.count = 0


@function
def _cancel_moving(vm: VM) -> None:
    """Nothing crosses: the channels stay as they were."""
    while not is_null(vm.first_moving):
        channel = _next_moving(vm)
        empty_queue(vm, cast(SharedQueue, channel.queue))
        channel.queue = null(Ptr[u8])


@function
def _next_moving(vm: VM) -> ChannelObject:
    channel = vm.first_moving
    vm.first_moving = channel.next_moving
    channel.next_moving = null(ChannelObject)
    if is_null(vm.first_moving):
        vm.last_moving = null(ChannelObject)
    return channel


@function(cold=True)
def raise_refused(vm: VM, tag: i64) -> Raised:
    """The error about a value that cannot leave its VM."""
    name = type_name(vm, Value(tag, 0))
    message = builder_new(vm)
    append_literal(vm, message, literal("Cannot send "))
    is_vowel = name.data[0] == 105 or name.data[0] == 97
    append_literal(vm, message, literal("an ") if is_vowel else literal("a "))
    builder_append_string(vm, message, name)
    append_literal(vm, message, literal(" to another thread"))
    return raise_built(vm, message)
