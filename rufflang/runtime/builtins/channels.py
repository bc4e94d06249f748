"""Channels: `channel` and its methods."""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, cast, function, i64, is_null, literal, u8
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.channels import add_receiver, new_channel, send
from rufflang.runtime.channels_shared import send_between_threads, take
from rufflang.runtime.errors import append_literal, raise_built
from rufflang.runtime.objects import ChannelObject
from rufflang.runtime.tasks import running_task, wait
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ERROR, UNBOUND, Value, bool_value, null_value
from rufflang.runtime.vm import VM


@function(cold=True)
def _raise_count(vm: VM, expectation: Ptr[u8], count: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, expectation)
    append_literal(vm, message, literal(" arguments, got "))
    builder_append_int(vm, message, count)
    return raise_built(vm, message)


@builtin("channel")
@function
def builtin_channel(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """channel() -> channel

    A new empty channel: a queue of values between tasks and spawned blocks.
    """
    if count != 0:
        return _raise_count(vm, literal("channel() expects 0"), count)
    return new_channel(vm)


@builtin("channel.send", keeps=(1,))
@function
def channel_send(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """channel.send(value: any) -> bool

    Appends a value and returns true; never waits.
    """
    if count != 2:
        return _raise_count(vm, literal("Channel.send expects 1"), count - 1)
    channel = cast(ChannelObject, arguments[0].payload)
    if not is_null(channel.queue):
        return send_between_threads(vm, channel, arguments[1])
    send(vm, channel, arguments[1])
    return bool_value(True)


@builtin("channel.receive")
@function
def channel_receive(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """channel.receive() -> any

    Removes and returns the oldest value.  Waits for one, while other tasks run; null when nothing
    is left that could send.
    """
    if count != 1:
        return _raise_count(vm, literal("Channel.receive expects 0"), count - 1)
    channel = cast(ChannelObject, arguments[0].payload)
    while True:
        value = take(vm, channel)
        if value.tag != UNBOUND:
            return value
        task = running_task(vm)
        add_receiver(vm, channel, task)
        if not wait(vm):
            return Value(ERROR, 0)
        value = task.received
        task.received = null_value()
        task.waiting_since = 0
        # Without a value the task was only told to look again, and another one may have been faster.
        if value.tag != UNBOUND:
            return value
