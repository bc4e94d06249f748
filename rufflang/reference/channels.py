"""Channels: queues of values between tasks and threads."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from rufflang.reference.snapshots import Message
from rufflang.reference.values import Handle, Value

if TYPE_CHECKING:
    from rufflang.reference.scheduler import Scheduler, Task
    from rufflang.reference.threads import Threads


class ChannelValue(Handle):
    """An unbounded queue.

    A value stays what it is as long as only one thread knows the channel (see `crossing`); once others know it,
    everybody gets the copy that was made when the value was sent.
    """

    type_name = "channel"
    crosses = True

    def __init__(self, threads: Threads) -> None:
        self.has_crossed = False
        self._threads = threads
        self._values: deque[Value] = deque()
        """Messages, when other threads know the channel."""
        self._waiting: deque[tuple[Scheduler, Task]] = deque()

    def debug_text(self) -> str:
        return "Channel"

    def kept(self) -> list[Value]:
        """The values in it, while only one thread knows it."""
        return list(self._values)

    def cross(self, messages: list[Message]) -> None:
        """Other threads will know the channel, which has these messages in it instead of values."""
        with self._threads.changed:
            self.has_crossed = True
            self._values = deque(messages)

    def send(self, value: Value) -> None:
        """Appends `value`, a message if the channel has crossed; the task that has waited longest looks for it."""
        with self._threads.changed:
            self._values.append(value)
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
            value = self._values.popleft()
        return (value.received_by(receiver.machine) if isinstance(value, Message) else value,)

    def forget(self, task: Task) -> None:
        """`task` does not wait any more."""
        with self._threads.changed:
            self._waiting = deque(pair for pair in self._waiting if pair[1] is not task)
