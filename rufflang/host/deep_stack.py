"""Threads with a deep native stack: for the program, which Ctrl-C or the end of its time stops, and for blocks."""

from __future__ import annotations

import _thread

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NATIVE_STACK_BYTES = 512 << 20
LEAST_STACK_BYTES = 8 << 20
LONGEST_WAIT = 0.05
"""Seconds.  Python notices a signal that arrives just before it begins to wait only when the wait is over."""


class Running:
    """A task on its way; who waits for it goes on when it ends, or when somebody gives it up."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._lock.acquire()

    def end(self) -> None:
        """Nobody has to wait any longer."""
        try:
            self._lock.release()
        except RuntimeError:
            return  # said before

    def wait(self, seconds: float) -> bool:
        """Waits for the end, or so long; whether it has come."""
        if not self._lock.acquire(timeout=seconds):
            return False
        self._lock.release()
        return True


class TimeIsOver(Exception):
    """The task did not end although its time is over.  Its thread may still run."""


def on_deep_stack(
    task: Callable[[], None],
    interrupt: Callable[[], None],
    running: Running | None = None,
    time_left: Callable[[], float] | None = None,
    expire: Callable[[], None] | None = None,
    most_bytes: int = NATIVE_STACK_BYTES,
) -> None:
    """Runs a task until it, or `running`, ends; Ctrl-C meanwhile calls `interrupt`, which should end it soon.

    When `time_left` tells no more seconds, `expire` is called to the same end.  Raises what the task
    raised, or KeyboardInterrupt when interrupted, or TimeIsOver: only if the task does not end soon
    although it was told that it expired.  Then its thread is abandoned, and the process should end.
    """
    failure: list[BaseException] = []
    running = running or Running()

    def body() -> None:
        try:
            task()
        except BaseException as problem:
            failure.append(problem)
        finally:
            running.end()

    start_deep_thread(body, most_bytes)
    try:
        if time_left is None or expire is None:
            while not running.wait(LONGEST_WAIT):
                pass
        else:
            from rufflang.host.stopping import end_in_time

            if not end_in_time(running, time_left, expire):
                raise TimeIsOver
    except KeyboardInterrupt:
        from rufflang.host.stopping import stop

        stop(running, interrupt)
        raise
    if failure:
        raise failure[0]


def start_deep_thread(body: Callable[[], None], most_bytes: int = NATIVE_STACK_BYTES) -> None:
    """Starts a thread with so much stack, with less where the system refuses to give that much.

    Raises RuntimeError when it has no room for another thread at all.
    """
    previous = _thread.stack_size()
    size = most_bytes
    try:
        while True:
            try:
                _thread.stack_size(size)
                _thread.start_new_thread(body, ())
                return
            except (RuntimeError, ValueError):
                size //= 2
                if size < LEAST_STACK_BYTES:
                    raise
    finally:
        _thread.stack_size(previous)
