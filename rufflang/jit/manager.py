"""When to compile what, and where: requests from the VM, and who answers them.

The VM asks once a function's calls or a loop's iterations meet their threshold, and again
when compiled code has left too often because its assumptions failed.  Code that an earlier run
has left is installed before the call goes on.  Other code is made before the call goes on in
`sync` mode; otherwise another process makes it while the interpreter continues (or, where that is not
possible, a thread), unless the program is over soon, and installing code is a matter of storing pointers.
Of a program that is over before, but not at once, the code is made afterwards, for its next run.
"""

from __future__ import annotations

import _thread
import itertools
import os
import sys

from rufflang.jit.code_cache import CodeCache
from rufflang.jit.engine import JitEngine
from rufflang.jit.hot import FUNCTION_REQUEST, HotRequest
from rufflang.jit.patience import Patience

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library
    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.compiling_thread import CompilingThread
    from rufflang.jit.hot import Description, Result
    from rufflang.jit.journal import Journal
    from rufflang.jit.workshop import Workshop

_next_number = itertools.count(1).__next__


class JitManager:
    """Compiles for one VM.  `chunks[n]` is the chunk with number n."""

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
        """`program` is a digest that names it.

        `patience` is given if the program has been hot for a while; else it gets hot with the first request that is
        not answered at once.
        """
        self.chunks = chunks
        self.threshold = threshold
        self.debug = "DEBUG_JIT" in os.environ
        self.synchronous = mode == "sync" or self.debug
        self.journal = journal
        # A journal is about compiling: it has nothing to say of code that is there already. A profile wants
        # code that says where it is.
        self.version, self.program = version, program
        self._cache = CodeCache(version, program) if journal is None and log is None else None
        say = self._say if self.debug else None
        self._engine = JitEngine(library, vm, chunks, self._cache, say, journal, counts_work, log)
        self._helpers: list[Workshop | CompilingThread] = []
        self._thread: CompilingThread | None = None
        self._installing = _thread.allocate_lock()
        self._closed = False
        self.number = _next_number()
        """Tells the managers of this process apart."""
        self._patience = patience

    @property
    def is_closed(self) -> bool:
        """Whether the program is over."""
        return self._closed

    @property
    def patience(self) -> Patience:
        """What began when the program got hot."""
        if self._patience is None:
            self._patience = Patience()
        return self._patience

    def close(self) -> None:
        """Takes no more code; what is being made elsewhere is still kept for later runs."""
        with self._installing:
            was_closed, self._closed = self._closed, True
        if was_closed:
            return
        self.patience.is_over = True
        # Whoever is about to read the VM's memory is waited for.
        for helper in self._helpers:
            helper.leave(self)
        self._engine.keep()

    def make_afterwards(self, noted: list[tuple[int, int, list[int]]]) -> None:
        """Has code made for the next run of a program that is over; see `on_request`.  Closes, too."""
        requests = [request for entry in noted if (request := self._engine.request(*entry)) is not None]
        workshop = self._workshop()
        if workshop is not None:
            self._helpers.append(workshop)
            workshop.make_afterwards(self, requests)
        self.close()

    # --------------------------------------------------------------------- requests

    def on_request(self, number: int, index: int, tags: list[int]) -> None:
        """Answers the VM's request for a function (-1), again (-2), or for the loop whose jump is at `index`.

        `tags` are those of the registers of the frame in which that loop runs.
        """
        if self._closed or number >= len(self.chunks):
            return
        if self.debug and index == FUNCTION_REQUEST:
            name = self.chunks[number].chunk.name
            self._say(f"JIT: Function '{name}' hit threshold ({self.threshold} calls), attempting compilation...")
        request = self._engine.request(number, index, tags)
        if request is None or self._engine.answer_from_cache(request):
            return
        if self.synchronous:
            self.perform(request)
        else:
            self._give_away(request)

    def on_entered(self, vm: int, number: int) -> None:
        """Reports that a compiled function was called from the interpreter."""
        print(f"JIT: Calling compiled function: {self.chunks[number].chunk.name}", file=sys.stderr)

    def _give_away(self, request: HotRequest) -> None:
        if not self._helpers:
            self._patience = self.patience
            self._find_helper()
        self._helpers[-1].add(self, request)

    def _find_helper(self) -> None:
        """Finds who compiles while the program goes on: another process, if this one finds what it leaves."""
        workshop = self._workshop()
        if workshop is not None:
            self._helpers.append(workshop)
        else:
            self._use_thread()

    def _workshop(self) -> Workshop | None:
        """The other process that makes code, if there is or can be one."""
        from rufflang.jit.workshop import Workshop, can_work

        workshop = Workshop.of_this_process()
        return workshop if self._cache is not None and (workshop.is_there or can_work(self._cache)) else None

    def _use_thread(self) -> None:
        """Lets a thread of this process compile from now on."""
        from rufflang.jit.compiling_thread import CompilingThread

        if self._thread is None:
            self._thread = CompilingThread()
            self._helpers.append(self._thread)

    # ---------------------------------------------------------------- made elsewhere

    def describe(self, requests: list[HotRequest], known_units: int) -> Description:
        """What has to be known of the VM to answer requests; see `JitEngine.describe`."""
        return self._engine.describe(requests, known_units)

    def accept(self, request: HotRequest, result: Result | None, fault: str) -> None:
        """Takes what was made; None if nothing could be made there."""
        with self._installing:
            if self._closed:
                return
            if fault:
                self._engine.reject(request, fault)
            elif result is None or not self._engine.accept(request, result):
                self._use_thread()
                self._helpers[-1].add(self, request)

    def keep(self) -> None:
        """Puts what was compiled in this process into the cache."""
        self._engine.keep()

    def perform(self, request: HotRequest) -> None:
        """Compiles in this process."""
        try:
            self._engine.compile(request)
        except Exception as problem:  # a fault of the JIT must never stop the program
            chunk = self.chunks[request.number].chunk
            self._say(f"JIT: Failed to compile function '{chunk.name}': {problem!r}")
            if self.journal is not None:
                self.journal.fault(chunk, request.cause, repr(problem))
            self._engine.report_fault(repr(problem))
            if "RUFFLANG_TRACEBACK" in os.environ:
                raise

    def _say(self, text: str) -> None:
        if self.debug:
            print(text, file=sys.stderr)
