"""Channels: queues of values between tasks and threads."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from rufflang.reference.errors import RuffError
from rufflang.reference.snapshots import Message
from rufflang.reference.values import Handle, Value, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine
    from rufflang.reference.scheduler import Scheduler, Task
    from rufflang.reference.threads import Threads


class ChannelValue(Handle):
    """An unbounded queue.

    A value stays what it is inside the thread that sent it; others get the copy that was
    made when it was sent.
    """

    type_name = "channel"
    crosses = True

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._values: deque[tuple[Scheduler, Value, Message]] = deque()
        self._waiting: deque[tuple[Scheduler, Task]] = deque()

    def debug_text(self) -> str:
        return "Channel"

    def send(self, sender: Scheduler, value: Value) -> None:
        """Appends `value`, and lets the task that has waited longest look for it."""
        copied = Message.of(value)
        with self._threads.changed:
            self._values.append((sender, share(value), copied))
            if self._waiting:
                scheduler, task = self._waiting.popleft()
                scheduler.make_ready(task)
            self._threads.changed.notify_all()

    def take(self, receiver: Scheduler, task: Task) -> tuple[Value] | None:
        """The oldest value; without one, `task` is noted as waiting."""
        with self._threads.changed:
            if not self._values:
                self._waiting.append((receiver, task))
                return None
            sender, value, copied = self._values.popleft()
        return (value if sender is receiver else copied.received_by(receiver.machine),)

    def forget(self, task: Task) -> None:
        """`task` does not wait any more."""
        with self._threads.changed:
            self._waiting = deque(pair for pair in self._waiting if pair[1] is not task)


def call_channel_method(
    machine: Machine, channel: ChannelValue, name: str, arguments: list[Value]
) -> Value:
    """`channel.name(arguments)`."""
    if name not in ("send", "receive"):
        raise RuffError(f"Channel has no method '{name}'")
    expected = 1 if name == "send" else 0
    if len(arguments) != expected:
        raise RuffError(f"Channel.{name} expects {expected} arguments, got {len(arguments)}")
    if name == "receive":
        return machine.scheduler.receive(channel)
    channel.send(machine.scheduler, arguments[0])
    return True
