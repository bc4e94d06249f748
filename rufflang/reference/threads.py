"""What the threads of one program share: the main program's and those of its spawned blocks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.reference.errors import Interrupted

if TYPE_CHECKING:
    from rufflang.reference.reports import RuntimeErrorReport
    from rufflang.reference.scheduler import Scheduler
    from rufflang.reference.snapshots import Message

_POLLING_INTERVAL = 0.1
_TASK_POOL_SIZE = 256
_PATIENCE_AT_THE_END = 1.0


class Threads:
    """Who is alive, who waits, and the shared store.

    `changed` guards everything here and all channels; it is notified when a value was sent
    and when a thread stops running.  `interruption` asks all threads to stop; `exit_code` is
    set when a spawned block called `exit`, `time_message` when the program's time is over,
    `failure` when the evaluator itself failed in a block.
    `task_pool_size` limits how much `parallel_map` has under way.  `report_block_error` shows the
    error that ended a spawned block; by default nobody hears of it.
    """

    def __init__(self, report_block_error: Callable[[RuntimeErrorReport], None] | None = None) -> None:
        self.report_block_error = report_block_error
        self.reporting = threading.Lock()
        self.interruption = threading.Event()
        self.changed = threading.Condition()
        self.store: dict[str, Message] = {}
        self.exit_code: int | None = None
        self.time_message: str | None = None
        self.failure: BaseException | None = None
        self.task_pool_size = _TASK_POOL_SIZE
        self._alive = 1
        self._idle: list[Scheduler] = []

    def thread_starts(self) -> None:
        """A thread is about to run a spawned block."""
        with self.changed:
            self._alive += 1

    def thread_ends(self) -> None:
        """A spawned block has ended."""
        with self.changed:
            self._alive -= 1
            self.changed.notify_all()

    def stop(self) -> None:
        """The main program has ended: stops all blocks, and waits a little for them to notice.

        A block that was still writing when the process ends could bring it down.
        """
        self.interruption.set()
        with self.changed:
            self.changed.notify_all()
            self.changed.wait_for(lambda: self._alive == 1, _PATIENCE_AT_THE_END)

    def check_interruption(self) -> None:
        """Ends the calling thread's work if the program has to stop."""
        if self.interruption.is_set():
            raise Interrupted

    def wait(self, scheduler: Scheduler, seconds: float, has_timers: bool) -> None:
        """Waits until a task of `scheduler` is ready, but at most so long.

        When every thread waits for a value that nobody is left to send, one of the tasks that
        wait for a channel is made ready without a value.
        """
        deadline = time.monotonic() + seconds
        with self.changed:
            if not has_timers:
                self._idle.append(scheduler)
                self.changed.notify_all()
            try:
                while not scheduler.has_ready() and time.monotonic() < deadline:
                    self.check_interruption()
                    if not has_timers and self._nobody_can_send() and scheduler.give_up_one_receiver():
                        return
                    self.changed.wait(min(_POLLING_INTERVAL, max(0.0, deadline - time.monotonic())))
            finally:
                if not has_timers:
                    self._idle.remove(scheduler)

    def _nobody_can_send(self) -> bool:
        return len(self._idle) == self._alive and not any(waiting.has_ready() for waiting in self._idle)
