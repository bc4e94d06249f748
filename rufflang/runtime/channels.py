"""Channels: queues of values between tasks.

The values lie in a ring.  A task that finds it empty joins the channel's queue of receivers,
and whoever sends next hands the value straight to the first of them.
"""

from __future__ import annotations

from rufflang.lowpy import cast, copy_memory, element, function, i64, is_null, null, size_of, u8, word
from rufflang.runtime.heap import allocate, new_values
from rufflang.runtime.marking import share
from rufflang.runtime.objects import WAITING, ChannelObject, TaskObject
from rufflang.runtime.promises import make_ready
from rufflang.runtime.values import CHANNEL, Value, null_value
from rufflang.runtime.vm import VM

_FIRST_CAPACITY = 8


@function
def new_channel(vm: VM) -> Value:
    """An empty channel."""
    channel = cast(ChannelObject, allocate(vm, size_of(ChannelObject), CHANNEL))
    return Value(CHANNEL, word(channel))


@function
def send(vm: VM, channel: ChannelObject, value: Value) -> None:
    """Hands a value to the first task that waits for one, or keeps it; the channel is not shared."""
    share(value)
    receiver = next_receiver(channel)
    if is_null(receiver):
        _append(vm, channel, value)
    else:
        receiver.received = value
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
    task.next = null(TaskObject)
    if is_null(channel.last_waiting):
        channel.first_waiting = task
    else:
        channel.last_waiting.next = task
    channel.last_waiting = task
    if channel.flags == 0:
        channel.flags = u8(1)
        channel.next_receiving = null(ChannelObject)
        if is_null(vm.last_receiving):
            vm.first_receiving = channel
        else:
            vm.last_receiving.next_receiving = channel
        vm.last_receiving = channel


@function
def serve_with_null(vm: VM) -> bool:
    """Nothing can ever be sent any more: lets one receiver go on with null; False if none waits."""
    while not is_null(vm.first_receiving):
        channel = vm.first_receiving
        receiver = next_receiver(channel)
        if not is_null(receiver):
            receiver.received = null_value()
            make_ready(vm, receiver)
            return True
        vm.first_receiving = channel.next_receiving
        if is_null(vm.first_receiving):
            vm.last_receiving = null(ChannelObject)
        channel.flags = u8(0)
    return False


@function
def next_receiver(channel: ChannelObject) -> TaskObject:
    """Takes the task that has waited for longest out of the queue; null if none does."""
    task = channel.first_waiting
    while not is_null(task):
        channel.first_waiting = task.next
        if is_null(task.next):
            channel.last_waiting = null(TaskObject)
        task.next = null(TaskObject)
        if task.flags == WAITING:
            return task
        task = channel.first_waiting
    return task


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
