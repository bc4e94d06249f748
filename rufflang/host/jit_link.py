"""Where the VM's requests for compiled code arrive.

The JIT itself is imported when the first request comes: most programs are over before.
"""

from __future__ import annotations

import os

from rufflang.host.compiled_unit import UnitLoader
from rufflang.interpreter.foreign import Int64, Pointer, address_of, callback_type
from rufflang.interpreter.native_library import Library

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.journal import Journal
    from rufflang.jit.manager import JitManager

REQUEST_CALLBACK = callback_type((None, (Pointer, Int64, Int64)))
ENTERED_CALLBACK = callback_type((None, (Pointer, Int64)))


class JitLink:
    """Passes requests on to the JIT of one VM."""

    def __init__(
        self,
        library: Library,
        vm: int,
        chunks: UnitLoader,
        mode: str,
        threshold: int,
        version: str,
        counts_work: bool,
    ) -> None:
        """`version` is the digest of this package, which its compiled code depends on.

        Code that `counts_work` pays for it with fuel.
        """
        self._settings = (library, vm, chunks, mode, threshold, version)
        self._counts_work = counts_work
        self._manager: JitManager | None = None
        self.journal: Journal | None = None
        self.log: CompileLog | None = None
        self._request = REQUEST_CALLBACK(self._on_request)
        self._entered = ENTERED_CALLBACK(self._on_entered)

    @property
    def request_address(self) -> int:
        """The C function by which the VM asks for code."""
        return address_of(self._request)

    @property
    def entered_address(self) -> int | None:
        """The C function that reports entries into compiled code; only while debugging."""
        return address_of(self._entered) if "DEBUG_JIT" in os.environ else None

    def close(self) -> None:
        """Stops compiling; waits for a compilation in progress."""
        if self._manager is not None:
            self._manager.close()

    def _jit(self) -> JitManager:
        if self._manager is None:
            from rufflang.jit.manager import JitManager

            self._manager = JitManager(*self._settings, self.journal, self._counts_work, self.log)
        return self._manager

    def _on_request(self, vm: int, number: int, index: int) -> None:
        if self.log is None:
            self._jit().on_request(vm, number, index)
            return
        self.log.waiting(True)
        try:
            self._jit().on_request(vm, number, index)
        finally:
            self.log.waiting(False)

    def _on_entered(self, vm: int, number: int) -> None:
        self._jit().on_entered(vm, number)
