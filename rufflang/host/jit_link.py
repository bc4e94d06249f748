"""What becomes of the VM's requests for compiled code.

This is imported at the first one, and the JIT itself when that pays: most programs are over before.  When an
earlier run has left code, that is at the first request, too.  Otherwise requests are only noted at first, and
somebody else looks at them once the program has worked for a while, while it goes on.
"""

from __future__ import annotations

import os
import sys

from rufflang.foreign import address_of, string_at
from rufflang.interpreter.source_stamp import book_place, program_name

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import CFuncPtr

    from rufflang.host.machine import Machine
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.journal import Journal
    from rufflang.jit.manager import JitManager
    from rufflang.jit.noting import NotedRequests
    from rufflang.jit.patience import Patience

_VALUE_BYTES = 16


class JitLink:
    """Passes requests of one VM on to its JIT."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._version = machine.runtime.stamp.package
        """The digest of this package, which its compiled code depends on."""
        self._counts_work = machine.options.fuel is not None
        """Whether code pays for that with fuel."""
        self._manager: JitManager | None = None
        self._noted: NotedRequests | None = None
        self.journal: Journal | None = None
        self.log: CompileLog | None = None
        self._entered: CFuncPtr | None = None

    @property
    def entered_address(self) -> int:
        """A C function that reports entries into compiled code."""
        if self._entered is None:
            from rufflang.foreign import Int64, Pointer, callback_type

            self._entered = callback_type((None, (Pointer, Int64)))(self._on_entered)
        return address_of(self._entered)

    def close(self, may_leave_a_copy: bool = False) -> None:
        """Stops compiling; waits for a compilation in progress.

        If it may leave a copy of this process behind, that sees to what was noted, and nobody waits for it.
        """
        if self._noted is not None:
            self._noted.close(may_leave_a_copy)
            self._manager = self._manager or self._noted.manager
        if self._manager is not None:
            self._manager.close()

    # --------------------------------------------------------------------- requests

    def on_request(self, number: int, index: int, frame: int | None) -> None:
        """Takes a request for a function or a loop of a chunk; see `JitManager.on_request`."""
        tags = [] if frame is None else self._tags(number, frame)
        if self._manager is None and self._is_noted(number, index, tags):
            return
        if self.log is None:
            self._jit().on_request(number, index, tags)
            return
        self.log.waiting(True)
        try:
            self._jit().on_request(number, index, tags)
        finally:
            self.log.waiting(False)

    def _tags(self, number: int, frame: int) -> list[int]:
        """Those of the registers of a frame of that chunk."""
        size = _VALUE_BYTES * self._machine.functions.ruff_register_count(self._machine.vm, number)
        return memoryview(string_at(frame, size)).cast("Q")[::2].tolist()

    def _on_entered(self, vm: int, number: int) -> None:
        """Tells of it; only while debugging."""
        from rufflang.jit.telling import about_entry

        print(about_entry(self._machine.chunks, number), file=sys.stderr)

    def _is_noted(self, number: int, index: int, tags: list[int]) -> bool:
        """Notes a request, unless it should be answered at once."""
        if self._noted is None:
            if not self._may_wait():
                return False
            from rufflang.jit.noting import NotedRequests

            self._noted = NotedRequests(self._version, self._program(), self._new_manager)
        self._manager = self._noted.add(number, index, tags)
        return self._manager is None

    def _may_wait(self) -> bool:
        """Whether no earlier run has left code, and nobody wants to see at once what comes of a request."""
        is_watched = self.journal is not None or self.log is not None or "DEBUG_JIT" in os.environ
        if is_watched or self._machine.options.jit != "on":
            return False
        return not os.path.exists(book_place(self._version, self._program()))

    def _jit(self) -> JitManager:
        if self._manager is None:
            self._manager = self._new_manager(None)
        return self._manager

    def _new_manager(self, patience: Patience | None) -> JitManager:
        from rufflang.jit.manager import JitManager

        machine = self._machine
        settings = (machine.options.jit, machine.options.jit_threshold, self._version, self._program())
        return JitManager(
            machine.runtime.library, machine.vm, machine.chunks, *settings, self.journal, self._counts_work, self.log,
            patience,
        )  # fmt: skip

    def _program(self) -> str:
        return program_name(self._machine.entry, self._counts_work)
