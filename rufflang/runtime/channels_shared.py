"""Channels that several VMs know: sending, taking, and noticing what others have sent.

Such a channel has a queue in the exchange (see `shared_queues`), and nothing in itself.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, field_address, function, i64, is_null, volatile_load
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.channels import next_receiver, take_first
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.exchange import Exchange, SharedQueue, lock, unlock
from rufflang.runtime.objects import WAITING, ChannelObject
from rufflang.runtime.promises import make_ready
from rufflang.runtime.shared_queues import put_block, take_block
from rufflang.runtime.transfer_block import free_block
from rufflang.runtime.transfer_messages import pack_message
from rufflang.runtime.transfer_unpacking import unpack
from rufflang.runtime.values import ERROR, Value, bool_value, unbound
from rufflang.runtime.vm import VM


@function
def send_between_threads(vm: VM, channel: ChannelObject, value: Value) -> Value:
    """Appends a copy of the value to the queue.  What was printed before is shown before."""
    block = pack_message(vm, value)
    if is_null(block):
        return Value(ERROR, 0)
    flush_output(vm)
    if not put_block(vm, cast(SharedQueue, channel.queue), block):
        return raise_out_of_memory(vm)
    return bool_value(True)


@function
def take(vm: VM, channel: ChannelObject) -> Value:
    """The oldest value; UNBOUND when there is none, ERROR when it cannot be had."""
    if is_null(channel.queue):
        return take_first(channel) if channel.count > 0 else unbound()
    block = take_block(vm, cast(SharedQueue, channel.queue))
    if is_null(block):
        return unbound()
    value = unpack(vm, block)
    free_block(block)
    return value


@function
def has_unseen_messages(vm: VM) -> bool:
    """Whether somebody has sent something since this VM looked, which matters if one of its tasks waits for that."""
    if is_null(vm.exchange) or is_null(vm.first_receiving):
        return False
    return volatile_load(cast(Ptr[i64], field_address(cast(Exchange, vm.exchange), "sent"))) != vm.sent_seen


@function
def notice_messages(vm: VM) -> None:
    """Lets tasks look again into the shared channels into which others have sent something."""
    if not has_unseen_messages(vm):
        return
    exchange = cast(Exchange, vm.exchange)
    lock(exchange)
    vm.sent_seen = exchange.sent
    channel = vm.first_receiving
    while not is_null(channel):
        following = channel.next_receiving
        if not is_null(channel.queue):
            _wake_receivers(vm, channel, cast(SharedQueue, channel.queue).count)
        channel = following
    unlock(exchange)


@function
def _wake_receivers(vm: VM, channel: ChannelObject, count: i64) -> None:
    """Lets as many tasks go on as there are messages, the longest waiting first."""
    while count > 0:
        receiver = next_receiver(vm, channel)
        if is_null(receiver):
            return
        receiver.received = unbound()
        make_ready(vm, receiver)
        count -= 1


@function
def waits_for_threads(vm: VM) -> bool:
    """Whether some task waits at a channel while other VMs are alive.

    Which of them could send into this very channel is not asked: a block knows every channel that was
    visible where it stands.
    """
    if is_null(vm.exchange):
        return False
    if volatile_load(cast(Ptr[i64], field_address(cast(Exchange, vm.exchange), "alive"))) < 2:
        return False
    channel = vm.first_receiving
    while not is_null(channel):
        if _has_receiver(channel):
            return True
        channel = channel.next_receiving
    return False


@function
def _has_receiver(channel: ChannelObject) -> bool:
    task = channel.first_waiting
    while not is_null(task):
        if i64(task.flags) == WAITING:
            return True
        task = task.next
    return False
