"""Channels: queues of values between tasks.

The values lie in a ring.  A task that finds it empty joins the channel's queue of receivers;
whoever sends lets the first of them look again, if nobody is faster.
"""

from __future__ import annotations

from rufflang.lowpy import cast, copy_memory, element, function, i64, is_null, null, size_of, u8, word
from rufflang.runtime.heap import allocate, new_values
from rufflang.runtime.marking import share
from rufflang.runtime.objects import WAITING, ChannelObject, TaskObject
from rufflang.runtime.promises import make_ready
from rufflang.runtime.values import CHANNEL, Value, null_value, unbound
from rufflang.runtime.vm import VM

_FIRST_CAPACITY = 8


@function
def new_channel(vm: VM) -> Value:
    """An empty channel."""
    channel = cast(ChannelObject, allocate(vm, size_of(ChannelObject), CHANNEL))
    return Value(CHANNEL, word(channel))


@function
def send(vm: VM, channel: ChannelObject, value: Value) -> None:
    """Appends a value and wakes the task that has waited for one longest; the channel is not shared."""
    share(value)
    _append(vm, channel, value)
    receiver = next_receiver(vm, channel)
    if not is_null(receiver):
        receiver.received = unbound()
        make_ready(vm, receiver)


@function
def item_at(channel: ChannelObject, index: i64) -> Value:
    """The value that is `index` places behind the oldest one."""
    place = channel.first + index
    if place >= channel.items.capacity:
        place -= channel.items.capacity
    return channel.items.items[place]


@function
def take_first(channel: ChannelObject) -> Value:
    """Removes and returns the oldest value of a channel that has one."""
    items = channel.items
    value = items.items[channel.first]
    items.items[channel.first] = Value(0, 0)
    channel.first += 1
    if channel.first == items.capacity:
        channel.first = 0
    channel.count -= 1
    return value


@function
def add_receiver(vm: VM, channel: ChannelObject, task: TaskObject) -> None:
    """Notes that a task, which is about to wait, wants a value."""
    vm.receiver_count += 1
    task.waiting_since = vm.receiver_count
    task.next = null(TaskObject)
    if is_null(channel.last_waiting):
        channel.first_waiting = task
    else:
        channel.last_waiting.next = task
    channel.last_waiting = task
    if channel.flags == 0:
        channel.flags = u8(1)
        channel.previous_receiving = vm.last_receiving
        channel.next_receiving = null(ChannelObject)
        if is_null(vm.last_receiving):
            vm.first_receiving = channel
        else:
            vm.last_receiving.next_receiving = channel
        vm.last_receiving = channel


@function
def _leave_list(vm: VM, channel: ChannelObject) -> None:
    """Takes a channel at which no task waits any more out of the VM's list."""
    before = channel.previous_receiving
    after = channel.next_receiving
    if is_null(before):
        vm.first_receiving = after
    else:
        before.next_receiving = after
    if is_null(after):
        vm.last_receiving = before
    else:
        after.previous_receiving = before
    channel.flags = u8(0)


@function
def serve_with_null(vm: VM) -> bool:
    """Nothing can ever be sent any more: lets the task that has waited longest go on with null.

    False if no task waits at a channel.
    """
    longest = null(ChannelObject)
    channel = vm.first_receiving
    while not is_null(channel):
        following = channel.next_receiving
        _forget_cancelled(vm, channel)
        waiting = channel.first_waiting
        if not is_null(waiting):
            if is_null(longest) or waiting.waiting_since < longest.first_waiting.waiting_since:
                longest = channel
        channel = following
    if is_null(longest):
        return False
    receiver = next_receiver(vm, longest)
    receiver.received = null_value()
    make_ready(vm, receiver)
    return True


@function
def _forget_cancelled(vm: VM, channel: ChannelObject) -> None:
    """Takes tasks out of the front of the queue that do not wait any more."""
    while not is_null(channel.first_waiting) and channel.first_waiting.flags != WAITING:
        _drop_first(vm, channel)


@function
def _drop_first(vm: VM, channel: ChannelObject) -> TaskObject:
    task = channel.first_waiting
    channel.first_waiting = task.next
    if is_null(task.next):
        channel.last_waiting = null(TaskObject)
        _leave_list(vm, channel)
    task.next = null(TaskObject)
    return task


@function
def next_receiver(vm: VM, channel: ChannelObject) -> TaskObject:
    """Takes the task that has waited for longest out of the queue; null if none does."""
    _forget_cancelled(vm, channel)
    return channel.first_waiting if is_null(channel.first_waiting) else _drop_first(vm, channel)


@function
def _append(vm: VM, channel: ChannelObject, value: Value) -> None:
    items = channel.items
    if is_null(items) or channel.count == items.capacity:
        _grow(vm, channel)
        items = channel.items
    place = channel.first + channel.count
    if place >= items.capacity:
        place -= items.capacity
    items.items[place] = value
    channel.count += 1


@function
def _grow(vm: VM, channel: ChannelObject) -> None:
    """Doubles the ring; its oldest value comes first in the new one."""
    old = channel.items
    if is_null(old):
        channel.items = new_values(vm, _FIRST_CAPACITY)
        return
    grown = new_values(vm, old.capacity * 2)
    behind = old.capacity - channel.first
    copy_memory(grown.items, element(old.items, channel.first), behind * 16)
    copy_memory(element(grown.items, behind), old.items, channel.first * 16)
    channel.items = grown
    channel.first = 0
