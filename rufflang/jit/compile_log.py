"""What compiling has cost in a run, for a profile of it."""

from __future__ import annotations

from time import monotonic

from rufflang.jit.hot import HotRequest

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Compilation:
    """One attempt at what a request is about; `refusal` is empty if it gave code."""

    __slots__ = ("_started", "cause", "index", "number", "refusal", "seconds")

    def __init__(self, request: HotRequest) -> None:
        self.number = request.number
        self.index = request.index
        self.cause = request.cause
        self.refusal = ""
        self.seconds = 0.0
        self._started = monotonic()

    def end(self) -> None:
        """The attempt is over."""
        self.seconds = monotonic() - self._started


class CompileLog:
    """Everything that was compiled for one VM, in order.

    `waiting` is told when the program begins and ceases to wait for the JIT.
    """

    __slots__ = ("compilations", "waiting")

    def __init__(self, waiting: Callable[[bool], None]) -> None:
        self.compilations: list[Compilation] = []
        self.waiting = waiting

    def begin(self, request: HotRequest) -> None:
        """Notes an attempt."""
        self.compilations.append(Compilation(request))

    def refuse(self, reason: str) -> None:
        """The attempt in progress gives no code."""
        self.compilations[-1].refusal = reason

    def end(self) -> None:
        """The attempt in progress is over."""
        self.compilations[-1].end()
