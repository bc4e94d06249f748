"""What has to be made for one VM, and by whom.

In `sync` mode code is made before the call goes on; otherwise another process makes it while the interpreter
continues (or, where that is not possible, a thread), unless the program is over soon, and installing code is a
matter of storing pointers.  Of a program that is over before, but not at once, the code is made afterwards, for its
next run.
"""

from __future__ import annotations

import _thread
import itertools
import os
import sys

from rufflang.jit.patience import Patience

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.compiling_thread import CompilingThread
    from rufflang.jit.hot import Description, HotRequest, InstalledCode, Result
    from rufflang.jit.local_compiler import LocalCompiler
    from rufflang.jit.manager import JitManager
    from rufflang.jit.workshop import Workshop

_next_number = itertools.count(1).__next__


class Orders:
    """Those of one VM, until it is closed."""

    def __init__(self, manager: JitManager, patience: Patience | None) -> None:
        """The first of them begins now, unless `patience` says that the program has been hot for a while."""
        self._manager = manager
        self._engine = manager.engine
        self.version, self.program = manager.version, manager.program
        self.patience = patience or Patience()
        self.number = _next_number()
        """Tells the VMs of this process apart."""
        self.is_closed = False
        self._installing = _thread.allocate_lock()
        self._helpers: list[Workshop | CompilingThread] = []
        self._thread: CompilingThread | None = None
        self._compiler: LocalCompiler | None = None

    def close(self) -> None:
        """Takes no more code; what is being made elsewhere is still kept for later runs."""
        with self._installing:
            was_closed, self.is_closed = self.is_closed, True
        if was_closed:
            return
        self.patience.is_over = True
        # Whoever is about to read the VM's memory is waited for.
        for helper in self._helpers:
            helper.leave(self)
        self.keep()

    def add(self, request: HotRequest) -> None:
        """Has code made for a request."""
        if self._manager.is_synchronous:
            self.perform(request)
            return
        if not self._helpers:
            self._find_helper()
        self._helpers[-1].add(self, request)

    def make_afterwards(self, requests: list[HotRequest]) -> None:
        """Has code made for the next run of a program that is over."""
        workshop = self._workshop()
        if workshop is not None:
            self._helpers.append(workshop)
            workshop.make_afterwards(self, requests)

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

        workshop, cache = Workshop.of_this_process(), self._manager.cache
        return workshop if cache is not None and (workshop.is_there or can_work(cache)) else None

    def _use_thread(self) -> None:
        """Lets a thread of this process compile from now on."""
        from rufflang.jit.compiling_thread import CompilingThread

        if self._thread is None:
            self._thread = CompilingThread()
            self._helpers.append(self._thread)

    # ---------------------------------------------------------------- made elsewhere

    def describe(self, requests: list[HotRequest], known_units: int) -> Description:
        """What has to be known of the VM to answer requests."""
        from rufflang.jit.surroundings import describe

        return describe(self._engine, requests, known_units)

    def accept(self, request: HotRequest, result: Result | None, fault: str) -> None:
        """Takes what was made; None if nothing could be made there."""
        with self._installing:
            if self.is_closed:
                return
            if fault:
                _report_fault(fault)
                self._engine.refuse(request, fault)
            elif result is None or not self._engine.accept(request, result):
                self._use_thread()
                self._helpers[-1].add(self, request)

    # --------------------------------------------------------------------- made here

    def perform(self, request: HotRequest) -> None:
        """Compiles in this process, and installs the code or records why there is none."""
        manager, log = self._manager, self._manager.log
        try:
            if log is not None:
                log.begin(request)
            try:
                self._compile(request)
            finally:
                if log is not None:
                    log.end()
        except Exception as problem:  # a fault of the JIT must never stop the program
            chunk = self._engine.chunks[self._engine.chunks.index_of(request.number)].chunk
            manager.say(f"JIT: Failed to compile function '{chunk.name}': {problem!r}")
            if manager.journal is not None:
                manager.journal.fault(chunk, request.cause, repr(problem))
            _report_fault(repr(problem))
            if "RUFFLANG_TRACEBACK" in os.environ:
                raise

    def _compile(self, request: HotRequest) -> None:
        from rufflang.jit.request import CannotCompile, CompilerFault

        try:
            code = self._compiled(request)
        except CannotCompile as problem:
            if isinstance(problem, CompilerFault):
                _report_fault(str(problem))
            if self._manager.journal is not None:
                self._manager.journal.refuse(str(problem))
            self._engine.refuse(request, str(problem))
        else:
            self._engine.install(request, code)

    def _compiled(self, request: HotRequest) -> InstalledCode:
        import gc

        from rufflang.jit.local_compiler import LocalCompiler

        # Python's own collector would look through all that the translation makes, and find nothing.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            if self._compiler is None:
                manager = self._manager
                self._compiler = LocalCompiler(self._engine.library, self._engine, manager.cache, manager.journal)
            return self._compiler.compile(request)
        finally:
            if was_enabled:
                gc.enable()

    def keep(self) -> None:
        """Puts what was compiled in this process into the cache."""
        if self._compiler is not None:
            self._compiler.keep()


def _report_fault(problem: str) -> None:
    """Mistakes of the JIT are harmless and silent, but not while the project's tests run."""
    if "RUFFLANG_JIT_CHECK" in os.environ:
        print(f"JIT fault: {problem}", file=sys.stderr)
