"""Runs a task on a thread with a deep native stack, and stops it on Ctrl-C."""

from __future__ import annotations

import _thread
from collections.abc import Callable

STACK_BYTES = 512 << 20
LEAST_STACK_BYTES = 8 << 20
PATIENCE_SECONDS = 0.035
ATTEMPTS = 2


def on_deep_stack(task: Callable[[], None], interrupt: Callable[[], None]) -> None:
    """Runs a task to its end; Ctrl-C meanwhile calls `interrupt`, which should end the task soon.

    Raises what the task raised, or KeyboardInterrupt: also if the task does not end soon
    after it was interrupted.  Then its thread is abandoned, and the process should end.
    """
    failure: list[BaseException] = []
    running = _thread.allocate_lock()
    running.acquire()

    def body() -> None:
        try:
            task()
        except BaseException as problem:
            failure.append(problem)
        finally:
            running.release()

    _start(body)
    try:
        running.acquire()
    except KeyboardInterrupt:
        _stop(running, interrupt)
    if failure:
        raise failure[0]


def _start(body: Callable[[], None]) -> None:
    """Starts the thread, with less stack where the system refuses to give that much."""
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


def _stop(running: _thread.LockType, interrupt: Callable[[], None]) -> None:
    """Asks the task to end, a few times, since one request can be lost among others."""
    for _ in range(ATTEMPTS):
        interrupt()
        if running.acquire(timeout=PATIENCE_SECONDS):
            break
    raise KeyboardInterrupt
