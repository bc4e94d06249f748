"""Promises: results that may not be there yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rufflang.reference.display import debug
from rufflang.reference.errors import RuffError
from rufflang.reference.values import Handle, Value, share


@dataclass(frozen=True, slots=True)
class Resolved:
    """A promise's good end."""

    value: Value


@dataclass(frozen=True, slots=True)
class Rejected:
    """A promise's bad end: why, and the very error if the body of an async function raised one.

    `text` is followed by the reason of `cause`, if there is one.
    """

    text: str
    error: RuffError | None = None
    cause: Rejected | None = None

    @property
    def reason(self) -> str:
        """Why, in words; put together only when asked for, since in a chain of promises each repeats all before."""
        texts: list[str] = []
        rejected: Rejected | None = self
        while rejected is not None:
            texts.append(rejected.text)
            rejected = rejected.cause
        return "".join(texts)


class PromiseValue(Handle):
    """A promise; it is settled once, and keeps its outcome."""

    type_name = "promise"

    def __init__(self) -> None:
        self.outcome: Resolved | Rejected | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def settled(self) -> bool:
        """Whether there is an outcome."""
        return self.outcome is not None

    def settle(self, outcome: Resolved | Rejected) -> None:
        """Sets the outcome, unless there is one, and tells everybody who waits, in order."""
        if self.outcome is not None:
            return
        self.outcome = outcome
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def when_settled(self, listener: Callable[[], None]) -> None:
        """Calls `listener` when there is an outcome: now, if there is one already."""
        if self.outcome is None:
            self._listeners.append(listener)
        else:
            listener()

    def result(self) -> Value:
        """What awaiting the settled promise gives or raises."""
        if isinstance(self.outcome, Resolved):
            return share(self.outcome.value)
        assert self.outcome is not None
        if self.outcome.error is not None:
            raise self.outcome.error.again()
        raise RuffError(f"Promise rejected: {self.outcome.reason}")

    def display_text(self) -> str:
        if self.outcome is None:
            return "<promise: pending>"
        return f"<promise: {'resolved' if isinstance(self.outcome, Resolved) else 'rejected'}>"

    def debug_text(self) -> str:
        if isinstance(self.outcome, Resolved):
            return f"Promise(Resolved: {debug(self.outcome.value)})"
        return "Promise(Pending)" if self.outcome is None else f"Promise(Rejected: {self.outcome.reason})"


def settled(outcome: Resolved | Rejected) -> PromiseValue:
    """A promise that has its outcome already."""
    promise = PromiseValue()
    promise.settle(outcome)
    return promise
