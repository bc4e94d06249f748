"""Threads with a deep native stack: for the program, which stops on Ctrl-C, and for spawned blocks."""

from __future__ import annotations

import _thread
from collections.abc import Callable

STACK_BYTES = 512 << 20
LEAST_STACK_BYTES = 8 << 20
PATIENCE_SECONDS = 0.035
ATTEMPTS = 2


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

    def wait(self, seconds: float = -1) -> bool:
        """Waits for the end, or so long; whether it has come."""
        if not self._lock.acquire(timeout=seconds):
            return False
        self._lock.release()
        return True


def on_deep_stack(
    task: Callable[[], None], interrupt: Callable[[], None], running: Running | None = None
) -> None:
    """Runs a task until it, or `running`, ends; Ctrl-C meanwhile calls `interrupt`, which should end it soon.

    Raises what the task raised, or KeyboardInterrupt: also if the task does not end soon
    after it was interrupted.  Then its thread is abandoned, and the process should end.
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

    start_deep_thread(body)
    try:
        running.wait()
    except KeyboardInterrupt:
        _stop(running, interrupt)
    if failure:
        raise failure[0]


def start_deep_thread(body: Callable[[], None]) -> None:
    """Starts a thread, with less stack where the system refuses to give that much.

    Raises RuntimeError when it has no room for another thread at all.
    """
    previous = _thread.stack_size()
    size = STACK_BYTES
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


def _stop(running: Running, interrupt: Callable[[], None]) -> None:
    """Asks the task to end, a few times, since one request can be lost among others."""
    for _ in range(ATTEMPTS):
        interrupt()
        if running.wait(PATIENCE_SECONDS):
            break
    raise KeyboardInterrupt
