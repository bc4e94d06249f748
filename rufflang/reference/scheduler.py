"""The tasks of one thread and who runs next.

There is no loop that runs tasks: a task that has to wait switches to the next one that is ready,
and one that finds nobody ready waits for time to pass or for another thread.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.reference.errors import FatalError, RuffError
from rufflang.reference.fibers import Fiber, new_fiber, place_to_go_on, switch_to
from rufflang.reference.promises import PromiseValue, Rejected, Resolved
from rufflang.reference.values import Handle, Value

if TYPE_CHECKING:
    from rufflang.modules import Loading
    from rufflang.reference.channels import ChannelValue
    from rufflang.reference.machine import Machine
    from rufflang.reference.threads import Threads


class Task(Handle):
    """The main program, or one call of an async function; also the handle that `spawn_task` gives.

    `starter` is the task that called the function and goes on when this one first has to wait;
    until then the calls active there count here too (`inherited_depth`).  `loading` is the innermost
    module during whose loading this task runs or was started.
    """

    type_name = "taskhandle"

    def __init__(self, starter: Task | None = None, inherited_depth: int = 0) -> None:
        self.function_names: list[str] = []
        self.inherited_depth = inherited_depth
        self.promise = PromiseValue()
        self.starter = starter
        self.fiber: Fiber | None = None
        self.cancelled = False
        self.gave_up = False
        self.loading: Loading | None = None if starter is None else starter.loading

    def display_text(self) -> str:
        return "<task>"

    def debug_text(self) -> str:
        return f"TaskHandle({'Cancelled' if self.cancelled else 'Running'})"


class Scheduler:
    """Runs the tasks of one machine."""

    def __init__(self, machine: Machine, timeout_ms: int, threads: Threads) -> None:
        self.current = Task()
        self.machine = machine
        self._main = self.current
        self._ready: deque[Task] = deque()
        self._unfinished: dict[Task, None] = {}
        self._receivers: dict[Task, ChannelValue] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_numbers = itertools.count()
        self._timeout_ms = timeout_ms
        self._seconds_waited = 0.0
        self._rounds = 0
        self._main_waits_for_all = False
        self._threads = threads

    # ------------------------------------------------------------- starting and ending tasks

    def start(self, body: Callable[[], Value]) -> Task:
        """Runs `body` as a task until it first has to wait, and comes back."""
        caller = self.current
        task = Task(caller, caller.inherited_depth + len(caller.function_names))
        task.fiber = new_fiber(lambda: self._run(task, body))
        self._unfinished[task] = None
        caller.fiber = place_to_go_on()
        self._go_on(task)
        return task

    def _run(self, task: Task, body: Callable[[], Value]) -> Fiber | None:
        """The whole life of a task's fiber.  What is not a Ruff error ends the program."""
        try:
            task.promise.settle(Resolved(body()))
        except RuffError as error:
            task.promise.settle(Rejected(error.message, error))
        self._forget(task)
        successor = task.starter or self._next()
        self._become(successor)
        return successor.fiber

    def _forget(self, task: Task) -> None:
        self._unfinished.pop(task, None)
        if self._main_waits_for_all and not self._unfinished:
            self._main_waits_for_all = False
            self.make_ready(self._main)

    def cancel(self, task: Task) -> bool:
        """Stops `task` where it waits; False if it has ended."""
        if task.promise.settled:
            return False
        task.cancelled = True
        if task in self._ready:
            self._ready.remove(task)
        if task in self._receivers:
            self._receivers.pop(task).forget(task)
        task.promise.settle(Rejected("Task was cancelled"))
        self._forget(task)
        if task.loading is not None:
            self.machine.modules.abandon(task)
        return True

    def finish(self) -> None:
        """For the main program at its end: runs everything that is not finished."""
        if self._unfinished:
            self._main_waits_for_all = True
            self._suspend()

    # ------------------------------------------------------------------------------- waiting

    def wait_for(self, value: Value) -> Value:
        """What `await` does."""
        if not isinstance(value, PromiseValue):
            return value
        self.wait_until_settled(value)
        return value.result()

    def wait_until_settled(self, promise: PromiseValue) -> None:
        """Suspends the current task while `promise` has no outcome."""
        if not promise.settled:
            task = self.current
            promise.when_settled(lambda: self.make_ready(task))
            self._suspend()

    def receive(self, channel: ChannelValue) -> Value:
        """The next value of a channel; null when nobody is left who could send one."""
        task = self.current
        while (item := channel.take(self, task)) is None:
            self._receivers[task] = channel
            self._suspend()
            self._receivers.pop(task, None)
            if task.gave_up:
                task.gave_up = False
                return None
        return item[0]

    def call_later(self, milliseconds: int, action: Callable[[], None]) -> None:
        """Calls `action` when so much time has passed and some task has to wait."""
        due = time.monotonic() + milliseconds / 1000
        heapq.heappush(self._timers, (due, next(self._timer_numbers), action))

    def make_ready(self, task: Task) -> None:
        """Lets a waiting task run when its turn comes; may be called by other threads."""
        if not task.cancelled:
            self._ready.append(task)

    def has_ready(self) -> bool:
        """Whether some task can go on at once."""
        return bool(self._ready)

    def give_up_one_receiver(self) -> bool:
        """Lets the task that has waited longest for a channel go on without a value."""
        for task, channel in self._receivers.items():
            channel.forget(task)
            task.gave_up = True
            self._ready.append(task)
            del self._receivers[task]
            return True
        return False

    # ----------------------------------------------------------------------------- switching

    def _suspend(self) -> None:
        """Lets others run until somebody has made the current task ready."""
        task = self.current
        task.fiber = place_to_go_on()
        task.inherited_depth = 0
        successor = task.starter or self._next()
        task.starter = None
        if successor is not task:
            self._go_on(successor)

    def _go_on(self, task: Task) -> None:
        self._become(task)
        switch_to(task.fiber)

    def _become(self, task: Task) -> None:
        self.current = task
        self.machine.function_names = task.function_names

    def _next(self) -> Task:
        while True:
            self.machine.check_interruption()
            while self._timers and self._timers[0][0] <= time.monotonic():
                heapq.heappop(self._timers)[2]()
            if self._ready:
                return self._ready.popleft()
            self._rounds += 1
            self._wait_idly()

    def _wait_idly(self) -> None:
        """Nobody is ready: waits for the next timer or for another thread."""
        self.machine.output.flush()
        began = time.monotonic()
        limit = self._timers[0][0] - began if self._timers else float("inf")
        # Waiting for a channel may take forever, waiting for promises may not.
        is_limited = self._main not in self._receivers
        if is_limited:
            limit = min(limit, self._timeout_ms / 1000 - self._seconds_waited)
        self._threads.wait(self, limit, bool(self._timers))
        if is_limited:
            self._seconds_waited += time.monotonic() - began
            if self._seconds_waited >= self._timeout_ms / 1000 and not self._ready:
                raise FatalError(
                    f"Scheduler timed out after {self._timeout_ms}ms "
                    f"({self._rounds} rounds, {len(self._unfinished)} pending)"
                )
