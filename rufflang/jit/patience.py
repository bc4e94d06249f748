"""How long a program has worked since it got hot, which decides what code is worth making for it.

This is time of the processor: on a busy machine, or while it waits, a program gains nothing from code made early.
Nor may it be made to wait itself by threads of its process that have to do with such code.
"""

from __future__ import annotations

import sys
from io import FileIO
from time import process_time, sleep

from rufflang.interpreter.processors import usable_processors
from rufflang.jit.noting import BEGINNING_SECONDS, PREPARING_SECONDS

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST_SLEEP, _LONGEST_SLEEP = 0.002, 0.25
_LOOKING_AGAIN_SECONDS = 0.004
_FOREVER = float("inf")

_SWITCH_SECONDS = 0.0005
"""A program that asks for code waits so long at most for a thread that imports, describes or makes something."""


class Patience:
    """Begins when a program gets hot, and is over with it.  `start` is that moment, by default now."""

    __slots__ = ("_start", "is_over")

    def __init__(self, start: float | None = None) -> None:
        self._start = process_time() if start is None else start
        self.is_over = False

    @property
    def worked(self) -> float:
        """For how many seconds the program has worked."""
        return process_time() - self._start

    def missing(self, seconds: float) -> float:
        """For how much longer the program has to work until it has done so for so many seconds."""
        return seconds - self.worked

    def wait(self, seconds: float, is_enough: Callable[[], bool] | None = None) -> None:
        """Waits until the program has worked for so long; less long when it is over before, or that is enough."""
        before = pause = _FOREVER
        while not self.is_over and (rest := self.missing(seconds)) > 0.0:
            if is_enough is not None and is_enough():
                return
            # While the program itself waits for something, it is not watched closely.
            pause = max(rest, _SHORTEST_SLEEP) if rest < 0.9 * before else min(2.0 * pause, _LONGEST_SLEEP)
            before = rest
            sleep(pause if is_enough is None else min(pause, _LOOKING_AGAIN_SECONDS))

    def wait_for_a_processor(self) -> None:
        """Waits until what makes code should get ready; less long when the program is over before."""
        self.wait(PREPARING_SECONDS)
        while not self.is_over and self.missing(BEGINNING_SECONDS) > 0.0 and not _has_free_processor():
            self.wait(self.worked + _LOOKING_AGAIN_SECONDS)


def give_way_soon() -> None:
    """Has threads that are busy let a program that asks for code have the interpreter lock soon."""
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))


def _has_free_processor() -> bool:
    """Whether another process can run now without taking time away from this one, as far as that is known."""
    try:
        with FileIO("/proc/loadavg") as file:
            running = int(file.read().split()[3].split(b"/")[0])
        # One of those is this thread, which is about to wait.
        return running <= usable_processors()
    except (OSError, ValueError, IndexError):
        return False
