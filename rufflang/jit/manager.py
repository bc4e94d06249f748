"""When to compile what: requests from the VM, the compiling thread, installing code.

The VM asks once a function's calls or a loop's iterations meet their threshold, and again
when compiled code has left too often because its assumptions failed.  In `sync` mode the
answer is given before the call goes on; otherwise a thread compiles while the
interpreter continues, and installing code is a matter of storing pointers.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rufflang.interpreter.loaded_chunk import Chunks
from rufflang.interpreter.native_library import Library
from rufflang.jit import memory

if TYPE_CHECKING:
    from rufflang.jit.journal import Journal

FUNCTION_REQUEST = -1


@dataclass(slots=True)
class _Job:
    number: int
    index: int
    words: list[int]
    frame_tags: list[int] = field(default_factory=list)


class JitManager:
    """Compiles for one VM.  `chunks[n]` is the chunk with number n."""

    def __init__(self, library: Library, vm: int, chunks: Chunks, mode: str, threshold: int) -> None:
        self.library = library
        self.vm = vm
        self.chunks = chunks
        self.threshold = threshold
        self.debug = "DEBUG_JIT" in os.environ
        self.synchronous = mode == "sync" or self.debug
        self._worker: threading.Thread | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._engine: Any = None
        self._closed = False
        self.journal: Journal | None = None

    def close(self) -> None:
        """Stops compiling; waits for a compilation in progress."""
        self._closed = True
        if self._worker is not None:
            self._jobs.put(None)
            self._worker.join()

    # --------------------------------------------------------------------- requests

    def on_request(self, vm: int, number: int, index: int) -> None:
        """Answers the VM's request; see `JitEngine.perform`."""
        if self._closed or number >= len(self.chunks):
            return
        tags: list[int] = []
        if index >= 0:
            tags = memory.frame_tags(self.vm, self.chunks[number].chunk.register_count)
        elif index == FUNCTION_REQUEST:
            name = self.chunks[number].chunk.name
            self._say(f"JIT: Function '{name}' hit threshold ({self.threshold} calls), attempting compilation...")
        job = _Job(number, index, memory.code_words(self.chunks[number].address), tags)
        if self.synchronous:
            self._perform(job)
            return
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="ruff-jit", daemon=True)
            self._worker.start()
        self._jobs.put(job)

    def on_entered(self, vm: int, number: int) -> None:
        """Reports that a compiled function was called from the interpreter."""
        print(f"JIT: Calling compiled function: {self.chunks[number].chunk.name}", file=sys.stderr)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None or self._closed:
                return
            self._perform(job)

    def _perform(self, job: _Job) -> None:
        try:
            self._get_engine().perform(job.number, job.index, job.words, job.frame_tags)
        except Exception as problem:  # a fault of the JIT must never stop the program
            self._say(f"JIT: Failed to compile function '{self.chunks[job.number].chunk.name}': {problem!r}")
            if self.journal is not None:
                from rufflang.jit.request import HOT_FUNCTION, HOT_LOOP

                cause = HOT_FUNCTION if job.index < 0 else HOT_LOOP
                self.journal.fault(self.chunks[job.number].chunk, cause, repr(problem))
            if "RUFFLANG_JIT_CHECK" in os.environ:
                print(f"JIT fault: {problem!r}", file=sys.stderr)
            if "RUFFLANG_TRACEBACK" in os.environ:
                raise

    def _get_engine(self) -> Any:
        if self._engine is None:
            from rufflang.jit.engine import JitEngine

            self._engine = JitEngine(self.library, self.chunks, self._say, self.journal)
        return self._engine

    def _say(self, text: str) -> None:
        if self.debug:
            print(text, file=sys.stderr)

