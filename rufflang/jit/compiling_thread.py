"""A thread that compiles for one VM in the process of the program, where no other process can do it."""

from __future__ import annotations

import _thread
from _queue import Empty, SimpleQueue

from rufflang.jit.hot import HotRequest
from rufflang.jit.noting import BEGINNING_SECONDS
from rufflang.jit.patience import give_way_soon

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.orders import Orders

_IDLE_SECONDS = 0.3


class CompilingThread:
    """Compiles what it is given, one after the other."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[HotRequest | None] = SimpleQueue()
        self._working = _thread.allocate_lock()
        self._running = _thread.allocate_lock()
        self._running.acquire()
        self._is_started = False

    def add(self, customer: Orders, request: HotRequest) -> None:
        """Has code made for a request of the VM."""
        self._jobs.put(request)
        if not self._is_started:
            self._is_started = True
            give_way_soon()
            self._working.acquire()
            _thread.start_new_thread(self._work, (customer,))

    def leave(self, customer: Orders) -> None:
        """Stops compiling; waits for a compilation in progress."""
        if self._is_started:
            self._running.release()
            self._jobs.put(None)
            self._working.acquire()

    def _work(self, customer: Orders) -> None:
        try:
            if self._running.acquire(timeout=max(0.0, customer.patience.missing(BEGINNING_SECONDS))):
                return
            while True:
                try:
                    request = self._jobs.get(timeout=_IDLE_SECONDS)
                except Empty:
                    customer.keep()
                    request = self._jobs.get()
                if request is None or self._running.acquire(blocking=False):
                    return
                customer.perform(request)
        finally:
            self._working.release()
