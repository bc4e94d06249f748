"""When to compile what: requests from the VM, and the thread that compiles.

The VM asks once a function's calls or a loop's iterations meet their threshold, and again
when compiled code has left too often because its assumptions failed.  Code that an earlier run
has left is installed before the call goes on.  Other code is made before the call goes on in
`sync` mode; otherwise a thread compiles while the interpreter continues, unless the program is over
soon, and installing code is a matter of storing pointers.
"""

from __future__ import annotations

import _thread
import os
import sys

from rufflang.jit.code_cache import CodeCache
from rufflang.jit.engine import JitEngine
from rufflang.jit.hot import FUNCTION_REQUEST, HotRequest

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from _queue import SimpleQueue

    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.interpreter.native_library import Library
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.journal import Journal

_IDLE_SECONDS = 0.3
_PATIENCE_SECONDS = 0.1
"""Only a program that is still running so long after it got hot is worth starting LLVM for."""

_SWITCH_SECONDS = 0.001


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
        journal: Journal | None,
        counts_work: bool,
        log: CompileLog | None,
    ) -> None:
        self.chunks = chunks
        self.threshold = threshold
        self.debug = "DEBUG_JIT" in os.environ
        self.synchronous = mode == "sync" or self.debug
        self.journal = journal
        # A journal is about compiling: it has nothing to say of code that is there already. A profile wants
        # code that says where it is.
        program = f"{chunks.program_digest}-counting" if counts_work else chunks.program_digest
        cache = CodeCache(version, program) if journal is None and log is None else None
        say = self._say if self.debug else None
        self._engine = JitEngine(library, vm, chunks, cache, say, journal, counts_work, log)
        self._jobs: SimpleQueue[HotRequest | None] | None = None
        self._working = _thread.allocate_lock()
        self._running = _thread.allocate_lock()
        self._running.acquire()
        self._closed = False

    def close(self) -> None:
        """Stops compiling; waits for a compilation in progress."""
        if self._closed:
            return
        self._closed = True
        self._running.release()
        if self._jobs is not None:
            self._jobs.put(None)
            self._working.acquire()
        self._engine.keep()

    # --------------------------------------------------------------------- requests

    def on_request(self, vm: int, number: int, index: int) -> None:
        """Answers the VM's request for a function (-1), again (-2), or for the loop whose jump is at `index`."""
        if self._closed or number >= len(self.chunks):
            return
        if self.debug and index == FUNCTION_REQUEST:
            name = self.chunks[number].chunk.name
            self._say(f"JIT: Function '{name}' hit threshold ({self.threshold} calls), attempting compilation...")
        request = self._engine.request(number, index)
        if request is None or self._engine.answer_from_cache(request):
            return
        if self.synchronous:
            self._perform(request)
        else:
            self._give_to_worker(request)

    def on_entered(self, vm: int, number: int) -> None:
        """Reports that a compiled function was called from the interpreter."""
        print(f"JIT: Calling compiled function: {self.chunks[number].chunk.name}", file=sys.stderr)

    def _give_to_worker(self, request: HotRequest) -> None:
        if self._jobs is None:
            # What `threading` and `queue` are made of: the program waits while they are imported.
            from _queue import SimpleQueue

            # It must not wait long for the interpreter lock either when it asks for more code.
            sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
            self._jobs = SimpleQueue()
            self._jobs.put(request)
            self._working.acquire()
            _thread.start_new_thread(self._work, (self._jobs,))
        else:
            self._jobs.put(request)

    def _work(self, jobs: SimpleQueue[HotRequest | None]) -> None:
        """What the compiling thread does, until the manager is closed."""
        from _queue import Empty

        try:
            if self._running.acquire(timeout=_PATIENCE_SECONDS):
                return
            while True:
                try:
                    request = jobs.get(timeout=_IDLE_SECONDS)
                except Empty:
                    self._engine.keep()
                    request = jobs.get()
                if request is None or self._closed:
                    return
                self._perform(request)
        finally:
            self._working.release()

    def _perform(self, request: HotRequest) -> None:
        try:
            self._engine.compile(request)
        except Exception as problem:  # a fault of the JIT must never stop the program
            chunk = self.chunks[request.number].chunk
            self._say(f"JIT: Failed to compile function '{chunk.name}': {problem!r}")
            if self.journal is not None:
                self.journal.fault(chunk, request.cause, repr(problem))
            if "RUFFLANG_JIT_CHECK" in os.environ:
                print(f"JIT fault: {problem!r}", file=sys.stderr)
            if "RUFFLANG_TRACEBACK" in os.environ:
                raise

    def _say(self, text: str) -> None:
        if self.debug:
            print(text, file=sys.stderr)
