"""The spawned blocks of a program: each runs in a VM of its own, on a thread of its own.

A block starts with a snapshot, which the parent's VM has made (`runtime.transfer_packing`), and in a VM into which
the parent's units are loaded in the same order, so that chunks have the same numbers there.  Nothing else
connects the two.  When the main program ends, the blocks that still run are asked to stop.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable
from time import monotonic, sleep

from rufflang.host.callbacks import STOP_FAULT
from rufflang.host.compiled_unit import LoadedUnit
from rufflang.host.deep_stack import LONGEST_WAIT, Running, start_deep_thread
from rufflang.host.machine import ERROR_TAG, Machine
from rufflang.host.machine_errors import FATAL_EXIT, FATAL_INTERRUPT, MachineError
from rufflang.host.prelude_unit import load_prelude

PAUSE_SECONDS = 0.001
PATIENCE_SECONDS = 0.1
"""How long the end of a program waits for the blocks that it has asked to stop."""


class _Setup:
    """What happens on a block's thread before the block runs; the spawning VM waits for that."""

    __slots__ = ("lacks_memory", "running")

    def __init__(self) -> None:
        self.running = Running()
        self.lacks_memory = False

    def succeeds(self, machine: Machine, units: list[LoadedUnit]) -> bool:
        """Prepares the VM; False when the system has no memory for that."""
        try:
            machine.furnish()
            load_units(machine, units)
        except MemoryError:
            self.lacks_memory = True
            return False
        self.running.end()
        return True


def load_units(machine: Machine, units: list[LoadedUnit]) -> None:
    """Loads what the parent of a block has loaded."""
    for unit in units:
        if unit.is_prelude:
            load_prelude(machine, unit.compiled)
        else:
            machine.load(unit.compiled, unit.source)


def _has_run(machine: Machine, block: int) -> bool:
    """Runs a block, given its snapshot; False when an error is in flight afterwards."""
    machine.begin()
    tag = machine.functions.ruff_run_block(machine.vm, block)
    machine.finish()
    return bool(tag != ERROR_TAG)


class SpawnedBlocks:
    """Starts and stops the blocks of the program that runs in `main`."""

    def __init__(self, main: Machine) -> None:
        self.main = main
        self.exit_code: int | None = None
        """What a block has given to `exit`, which ends the whole program."""
        self.fault: BaseException | None = None
        """Why the host had to stop a block, and with it the program."""
        self._setting_up = _thread.allocate_lock()
        self._changing = _thread.allocate_lock()
        self._reporting = _thread.allocate_lock()
        self._running: dict[int, Machine] = {}
        self._last_identity = main.identity
        self._is_over = False

    def start(self, parent: Machine, block: int) -> bool:
        """Starts a block; False when the system has no room for it, and then the snapshot is still there.

        Blocks are set up one after the other, so that none takes what another one needs to become complete.
        """
        with self._setting_up:
            with self._changing:
                if self._is_over:
                    return False
                self._last_identity += 1
                identity = self._last_identity
            try:
                machine = Machine(parent.options, parent.entry, parent.runtime, parent=parent, identity=identity)
                return self._start_thread(machine, list(parent.loader.units), block)
            except MemoryError:
                return False

    def _start_thread(self, machine: Machine, units: list[LoadedUnit], block: int) -> bool:
        """Whether the VM could be set up on a thread of its own, where the block runs then."""
        setup = _Setup()
        with self._changing:
            self._running[machine.identity] = machine
        try:
            start_deep_thread(lambda: self._run(machine, units, block, setup), machine.sizes.native_stack)
        except (RuntimeError, ValueError, MemoryError):
            self._forget(machine)
            return False
        while not setup.running.wait(LONGEST_WAIT):
            pass
        return not setup.lacks_memory

    def _run(self, machine: Machine, units: list[LoadedUnit], block: int, setup: _Setup) -> None:
        try:
            if setup.succeeds(machine, units) and not _has_run(machine, block):
                self._judge(machine, machine.error())
        except BaseException as problem:
            self._fail(problem)
        finally:
            self._forget(machine)
            setup.running.end()

    def _forget(self, machine: Machine) -> None:
        """Frees the VM, which from then on nobody may ask to stop."""
        with self._changing:
            del self._running[machine.identity]
        machine.functions.ruff_leave_program(machine.vm)
        if machine.profiler is not None:
            machine.profiler.end(machine)
        machine.close()

    def _judge(self, machine: Machine, error: MachineError) -> None:
        """A block ended early: by an error of its own, or because the program should end."""
        fault = machine.fault
        if error.kind == FATAL_EXIT:
            self._end_program(machine.functions.ruff_exit_code(machine.vm))
        elif fault is not None:
            self._fail(fault)
        elif error.kind != FATAL_INTERRUPT and self.main.report_block_error is not None:
            with self._reporting:
                self.main.report_block_error(error)

    def _fail(self, problem: BaseException) -> None:
        """The program should stop, and raise this."""
        self.fault = problem
        self._tell_main(lambda: self.main.functions.ruff_request_stop(self.main.vm, STOP_FAULT))

    def _end_program(self, exit_code: int) -> None:
        """Ends the main program, even if it hangs."""
        self.exit_code = exit_code
        self._tell_main(self.main.interrupt)
        if not self.main.running.wait(PATIENCE_SECONDS):
            self.main.running.end()

    def _tell_main(self, message: Callable[[], None]) -> None:
        """Does something to the main program's VM, if that still exists."""
        with self._changing:
            if not self._is_over:
                message()

    def are_running(self) -> bool:
        """Whether there are blocks that have not ended yet."""
        with self._changing:
            return bool(self._running)

    def stop(self) -> None:
        """Asks the blocks that still run to stop, and gives them a moment for that."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            with self._changing:
                if not self._running:
                    self._is_over = True
                    return
                for machine in self._running.values():
                    machine.interrupt()
                self._is_over = monotonic() > deadline
            if self._is_over:
                return
            sleep(PAUSE_SECONDS)
