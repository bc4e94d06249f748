"""Letting a test run while no other does, although tests run in several processes."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


class Turns:
    """Two files in a folder of all the processes, locked in an order in which nobody waits for ever.

    Every test begins with the lock on `next`.  One that may run together with others gives it back at once and
    shares the lock on `running`; one that has to be alone keeps it, so that no other begins, and waits for those
    that run.
    """

    def __init__(self, folder: Path) -> None:
        self._next, self._running = folder / "next.lock", folder / "running.lock"

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """While others may run as well."""
        with contextlib.ExitStack() as stack:
            with _locked(self._next, fcntl.LOCK_EX):
                stack.enter_context(_locked(self._running, fcntl.LOCK_SH))
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While no other runs."""
        with _locked(self._next, fcntl.LOCK_EX), _locked(self._running, fcntl.LOCK_EX):
            yield


@contextlib.contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, kind)
        try:
            yield
        finally:
            # Closing it would not do if a process was forked meanwhile.
            fcntl.flock(file, fcntl.LOCK_UN)
