"""Where the VM's requests for compiled code arrive.

The JIT itself is imported when that pays: most programs are over before.  When an earlier run has left code, that is
at the first request.  Otherwise requests are only noted at first, and somebody else looks at them once the program
has worked for a while, while it goes on.
"""

from __future__ import annotations

import _thread
import os

from rufflang.host.compiled_unit import UnitLoader
from rufflang.interpreter.foreign import Int64, Pointer, address_of, callback_type, string_at
from rufflang.interpreter.native_library import Library
from rufflang.interpreter.source_stamp import book_place

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.compile_log import CompileLog
    from rufflang.jit.journal import Journal
    from rufflang.jit.manager import JitManager
    from rufflang.jit.patience import Patience
    from rufflang.jit.workshop import Workshop

REQUEST_CALLBACK = callback_type((None, (Pointer, Int64, Int64, Pointer)))
ENTERED_CALLBACK = callback_type((None, (Pointer, Int64)))

_VALUE_BYTES = 16


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
        self._patience: Patience | None = None
        self._noted: list[tuple[int, int, list[int]]] = []
        self._workshop: Workshop | None = None
        self._changing = _thread.allocate_lock()
        self._beginning = _thread.allocate_lock()
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

    def close(self, may_leave_a_copy: bool = False) -> None:
        """Stops compiling; waits for a compilation in progress.

        If it may leave a copy of this process behind, that sees to what was noted, and nobody waits for it.
        """
        if self._patience is not None:
            self._patience.is_over = True
            with self._beginning:
                if self._manager is None and self._is_worth_keeping(self._patience):
                    self._have_made(may_leave_a_copy)
        if self._manager is not None:
            self._manager.close()

    # --------------------------------------------------------------------- requests

    def _on_request(self, vm: int, number: int, index: int, frame: int | None) -> None:
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
        _, vm, chunks, *_ = self._settings
        size = _VALUE_BYTES * chunks.functions.ruff_register_count(vm, number)
        return memoryview(string_at(frame, size)).cast("Q")[::2].tolist()

    def _on_entered(self, vm: int, number: int) -> None:
        self._jit().on_entered(vm, number)

    def _jit(self) -> JitManager:
        if self._manager is None:
            self._manager = self._new_manager()
        return self._manager

    def _new_manager(self) -> JitManager:
        from rufflang.jit.manager import JitManager

        return JitManager(
            *self._settings, self._program(), self.journal, self._counts_work, self.log, self._patience
        )

    @property
    def _version(self) -> str:
        return self._settings[-1]

    def _program(self) -> str:
        """A digest that names the program; its code is another if that counts work."""
        digest = self._settings[2].program_digest
        return f"{digest}-counting" if self._counts_work else digest

    # ------------------------------------------------------------------------ later

    def _is_noted(self, number: int, index: int, tags: list[int]) -> bool:
        """Notes a request, unless it should be answered at once."""
        if self._patience is None:
            if not self._may_wait():
                return False
            from rufflang.jit.patience import Patience

            self._patience = Patience()
            self._noted.append((number, index, tags))
            self._start_looking_later(self._patience)
            return True
        with self._changing:
            if self._manager is None:
                self._noted.append((number, index, tags))
            return self._manager is None

    def _may_wait(self) -> bool:
        """Whether no earlier run has left code, and nobody wants to see at once what comes of a request."""
        *_, mode, _, _ = self._settings
        is_watched = self.journal is not None or self.log is not None or "DEBUG_JIT" in os.environ
        return mode == "on" and not is_watched and not os.path.exists(book_place(self._version, self._program()))

    def _start_looking_later(self, patience: Patience) -> None:
        try:
            _thread.start_new_thread(self._look_later, (patience,))
        except RuntimeError:
            return  # There is no room for a thread; the end of the program looks at what was noted.

    def _look_later(self, patience: Patience) -> None:
        """What a thread of its own does."""
        from rufflang.jit.patience import BEGINNING_SECONDS, give_way_soon

        patience.wait_for_a_processor()
        with self._beginning:
            if patience.is_over:
                return
            give_way_soon()
            self._get_ready()
        patience.wait(BEGINNING_SECONDS)
        with self._beginning:
            if patience.is_over:
                return
            manager = self._new_manager()
            while requests := self._take_noted(manager):
                for request in requests:
                    manager.on_request(*request)

    def _get_ready(self) -> None:
        """Lets another process get ready to make code."""
        from rufflang.jit.code_cache import CodeCache
        from rufflang.jit.workshop import Workshop, can_work

        if can_work(CodeCache(self._version, self._program())):
            self._workshop = Workshop.of_this_process()
            self._workshop.get_ready()

    def _take_noted(self, manager: JitManager) -> list[tuple[int, int, list[int]]]:
        """What was noted since the last time; when there is nothing, further requests go to the manager."""
        with self._changing:
            requests, self._noted = self._noted, []
            if not requests:
                self._manager = manager
        return requests

    # ------------------------------------------------------------------- afterwards

    def _is_worth_keeping(self, patience: Patience) -> bool:
        """Whether code should be made for the next run, while nobody waits for it."""
        from rufflang.jit.work_record import is_code_due

        return is_code_due(self._version, self._program(), patience)

    def _have_made(self, may_leave_a_copy: bool) -> None:
        """Has code made for what was noted, after the end of the program."""
        if may_leave_a_copy:
            from rufflang.jit.afterwards import do_in_copy

            files = [] if self._workshop is None else self._workshop.files
            if do_in_copy(self._have_made_in_copy, files):
                return
        # There may be no room for a copy, but for the process that makes the code.
        self._new_manager().make_afterwards(self._noted)

    def _have_made_in_copy(self) -> None:
        if self._workshop is not None:
            self._workshop.begin_copy()
        self._new_manager().make_afterwards(self._noted)
