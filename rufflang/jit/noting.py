"""What a program asks for of which no earlier run has left code: noted at first, since most programs are over soon.

Somebody looks at it when the program has worked for a while, while it goes on; or a copy of its process does when it
is over, for its next run, and nobody waits for that.  Until then nothing else of the JIT is imported.
"""

from __future__ import annotations

import _thread
import os
from time import process_time, sleep

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.manager import JitManager
    from rufflang.jit.patience import Patience
    from rufflang.jit.workshop import Workshop

    Noted = tuple[int, int, list[int]]
    """A function, the place of a loop in it, and the tags of its registers; see `JitManager.on_request`."""

# How long a program has worked is time of the processor since it got hot.

PREPARING_SECONDS = 0.02
"""If there is a free processor, a program that has worked for so long is worth getting ready for what makes code."""

BEGINNING_SECONDS = 0.1
"""Without one, only such a program is worth making code for while it runs.

With one, code is asked for as soon as somebody is ready to make it, or after this time: until then the program
shows what it does.
"""

KEEPING_SECONDS = 0.025
"""A program whose runs have worked for so long, all together, will gain when it runs again and its code is there."""

SHORTEST_SECONDS = 0.005
"""What a run gains for which code is there is spent on loading it if it works for less."""

_GRACE_SECONDS = 0.01
"""The end of the program should not have to share a processor, or its pages, with what is done afterwards."""


class NotedRequests:
    """Those of one VM, from the first one on, with which the program got hot."""

    def __init__(self, version: str, program: str, new_manager: Callable[[Patience | None], JitManager]) -> None:
        self._names = version, program
        self._new_manager = new_manager
        self._since = process_time()
        self._thread = _thread.get_native_id()
        """The one that runs the program."""
        self._noted: list[Noted] = []
        self._patience: Patience | None = None
        self._workshop: Workshop | None = None
        self._is_over = False
        self._changing = _thread.allocate_lock()
        self._beginning = _thread.allocate_lock()
        self.manager: JitManager | None = None
        """Who takes further requests, once those that were noted have been looked at."""
        try:
            _thread.start_new_thread(self._look_later, ())
        except RuntimeError:
            return  # There is no room for a thread; the end of the program looks at what was noted.

    def add(self, number: int, index: int, tags: list[int]) -> JitManager | None:
        """Notes a request; if it is too late for that, who answers it."""
        with self._changing:
            if self.manager is None:
                self._noted.append((number, index, tags))
            return self.manager

    def close(self, may_leave_a_copy: bool) -> None:
        """The program is over.

        If it may leave a copy of this process behind, that sees to what was noted, and nobody waits for it.
        """
        self._is_over = True
        if self._patience is not None:
            self._patience.is_over = True
        with self._beginning:
            if self.manager is None:
                self._finish(process_time() - self._since, may_leave_a_copy)

    # ------------------------------------------------------------------------ later

    def _look_later(self) -> None:
        """What a thread of its own does."""
        # Before that the program cannot have worked for so long.
        sleep(PREPARING_SECONDS)
        with self._beginning:
            if self._is_over:
                return
            from rufflang.interpreter.processors import step_aside

            step_aside(self._thread)
            from rufflang.jit.patience import Patience, give_way_soon

            patience = self._patience = Patience(self._since)
        patience.wait_for_a_processor()
        with self._beginning:
            if patience.is_over:
                return
            give_way_soon()
            self._get_ready()
        patience.wait(BEGINNING_SECONDS, self._is_ready)
        with self._beginning:
            if patience.is_over:
                return
            manager = self._new_manager(patience)
            while requests := self._take(manager):
                for request in requests:
                    manager.on_request(*request)

    def _get_ready(self) -> None:
        """Lets another process get ready to make code."""
        from rufflang.jit.code_cache import CodeCache
        from rufflang.jit.workshop import Workshop, can_work

        if can_work(CodeCache(*self._names)):
            self._workshop = Workshop.of_this_process()
            self._workshop.get_ready(self._names[0])

    def _is_ready(self) -> bool:
        return self._workshop is not None and self._workshop.is_ready

    def _take(self, manager: JitManager) -> list[Noted]:
        """What was noted since the last time; when there is nothing, further requests go to the manager."""
        with self._changing:
            requests, self._noted = self._noted, []
            if not requests:
                self.manager = manager
        return requests

    # ------------------------------------------------------------------- afterwards

    def _finish(self, worked: float, may_leave_a_copy: bool) -> None:
        """Has code made for what was noted if it is due after a run that has worked for so long."""
        if worked < SHORTEST_SECONDS:
            return
        # If one run is long enough, it can be found out in the copy whether another one was before it.
        is_likely = may_leave_a_copy and worked >= KEEPING_SECONDS
        if not is_likely and not self._is_due(worked):
            return
        if not may_leave_a_copy or not self._leave_copy(worked if is_likely else None):
            # There may be no room for a copy, but for the process that makes the code.
            self._have_made()

    def _is_due(self, worked: float) -> bool:
        from rufflang.jit.work_record import is_code_due

        return is_code_due(*self._names, worked)

    def _leave_copy(self, worked: float | None) -> bool:
        """Leaves a copy of this process that has code made, if that is due where a time is given; False: there is none.

        What other threads are doing at this moment is of no importance to it.
        """
        try:
            copy = os.fork()
        except OSError:
            return False
        if copy == 0:
            try:
                _part_with_program([] if self._workshop is None else self._workshop.files)
                if worked is None or self._is_due(worked):
                    if self._workshop is not None:
                        self._workshop.begin_copy()
                    self._have_made()
            finally:
                os._exit(0)
        return True

    def _have_made(self) -> None:
        self._new_manager(self._patience).make_afterwards(self._noted)


def _part_with_program(files: list[int]) -> None:
    """Makes this copy of the process one of which the program's surroundings see nothing; some files stay open."""
    # First, since whoever reads what the program prints may be waiting for its end.
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    sleep(_GRACE_SECONDS)
    from rufflang.jit.starting import detach, give_way

    detach(files)
    give_way()
