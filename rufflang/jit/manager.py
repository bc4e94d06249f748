"""Answers the VM's requests for compiled code, each at once if it can.

The VM asks once a function's calls or a loop's iterations meet their threshold, and again
when compiled code has left too often because its assumptions failed.  Code that an earlier run
has left is installed before the call goes on; for everything else there are `orders`, which are not even imported
before.
"""

from __future__ import annotations

import os
import sys

from rufflang.jit.code_cache import CodeCache
from rufflang.jit.engine import JitEngine
from rufflang.jit.hot import FUNCTION_REQUEST

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library
    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.journal import Journal
    from rufflang.jit.orders import Orders
    from rufflang.jit.patience import Patience


class JitManager:
    """Serves one VM."""

    def __init__(
        self,
        library: Library,
        vm: int,
        chunks: Chunks,
        mode: str,
        threshold: int,
        version: str,
        program: str,
        journal: Journal | None,
        counts_work: bool,
        log: CompileLog | None,
        patience: Patience | None = None,
    ) -> None:
        """`program` is its name.

        `patience` is given if the program has been hot for a while; else it gets hot with the first request that is
        not answered at once.
        """
        self.threshold = threshold
        self.debug = "DEBUG_JIT" in os.environ
        self.version, self.program = version, program
        self.journal, self.log = journal, log
        self.is_synchronous = mode == "sync" or self.debug
        # A journal is about compiling: it has nothing to say of code that is there already. A profile wants
        # code that says where it is.
        self.cache = CodeCache(version, program) if journal is None and log is None else None
        self.engine = JitEngine(library, vm, chunks, self.cache, self.say if self.debug else None, counts_work, log)
        self._patience = patience
        self._orders: Orders | None = None
        self._is_closed = False

    def close(self) -> None:
        """Takes no more code; what is being made elsewhere is still kept for later runs."""
        self._is_closed = True
        if self._orders is not None:
            self._orders.close()

    def make_afterwards(self, noted: list[tuple[int, int, list[int]]]) -> None:
        """Has code made for the next run of a program that is over; see `on_request`.  Closes, too."""
        requests = [request for entry in noted if (request := self.engine.request(*entry)) is not None]
        self._make_orders().make_afterwards(requests)
        self.close()

    def on_request(self, number: int, index: int, tags: list[int]) -> None:
        """Answers the VM's request for a function (-1), again (-2), or for the loop whose jump is at `index`.

        `tags` are those of the registers of the frame in which that loop runs.
        """
        if self._is_closed:
            return
        if self.debug and index == FUNCTION_REQUEST:
            from rufflang.jit.telling import about_request

            self.say(about_request(self.engine.chunks, number, self.threshold))
        request = self.engine.request(number, index, tags)
        if request is not None and not self.engine.answer_from_cache(request):
            self._make_orders().add(request)

    def _make_orders(self) -> Orders:
        if self._orders is None:
            from rufflang.jit.orders import Orders

            self._orders = Orders(self, self._patience)
        return self._orders

    def say(self, text: str) -> None:
        """Tells what happens, while debugging."""
        if self.debug:
            print(text, file=sys.stderr)
