"""Ending a task that should not go on, as far as it lets itself be ended."""

from __future__ import annotations

from rufflang.host.deep_stack import LONGEST_WAIT, Running

# Type checkers take this for true; importing `collections` would slow down programs with little time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 0.035
_ATTEMPTS = 2
_ATTEMPTS_TO_EXPIRE = 14


def end_in_time(running: Running, time_left: Callable[[], float], expire: Callable[[], None]) -> bool:
    """Waits for the end of a task, which is told when its time is over; False if it does not end then."""
    while (seconds := time_left()) > 0:
        if running.wait(min(seconds, LONGEST_WAIT)):
            return True
    return _ends(running, expire, _ATTEMPTS_TO_EXPIRE)


def stop(running: Running, interrupt: Callable[[], None]) -> None:
    """Interrupts a task and gives it a moment to end."""
    _ends(running, interrupt, _ATTEMPTS)


def _ends(running: Running, ask: Callable[[], None], attempts: int) -> bool:
    """Asks the task to end, a few times, since one request can be lost among others; whether it does."""
    for _ in range(attempts):
        ask()
        if running.wait(PATIENCE_SECONDS):
            return True
    return False
