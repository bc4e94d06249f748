"""One run of a program on the native VM, and how it ends.

`run_known` runs a source that an earlier run has compiled, without looking at the program again.
"""

from __future__ import annotations

import os

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.deep_stack import TimeIsOver, on_deep_stack
from rufflang.host.machine import Machine
from rufflang.host.program_store import restore
from rufflang.interpreter.native_library import load
from rufflang.run_options import RunOptions

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.host.machine_errors import MachineError
    from rufflang.source import Source


class Outcome:
    """How a program ended; `called_exit` tells `exit(0)` from reaching the end.

    `is_abandoned` says that its thread may not have ended.
    """

    __slots__ = ("called_exit", "error", "exit_code", "is_abandoned")

    def __init__(
        self,
        exit_code: int,
        error: MachineError | None = None,
        called_exit: bool = False,
        is_abandoned: bool = False,
    ) -> None:
        self.exit_code = exit_code
        self.error = error
        self.called_exit = called_exit
        self.is_abandoned = is_abandoned


def run_known(source: Source, options: RunOptions) -> Outcome | None:
    """Runs a source that was compiled by an earlier run and is unchanged; None when it is not known.

    Raises what `run` raises.
    """
    runtime = load()
    compiled = restore(runtime.stamp, source.name, source.text)
    if compiled is None:
        return None
    machine = Machine(options, source.name, runtime)
    if compiled.assumptions and not machine.imports.hold(compiled.assumptions):
        machine.close()
        return None
    try:
        return run(machine, lambda: compiled, source)
    finally:
        store_modules(machine)


def store_modules(machine: Machine) -> None:
    """Remembers the modules that a program had to compile."""
    for path, text, compiled in machine.fresh_modules:
        from rufflang.host.program_keeping import store

        store(machine.runtime.stamp, path, text, compiled)


def run(machine: Machine, compile_unit: Callable[[], CompiledUnit], source: Source) -> Outcome:
    """Runs a program to its end, on a machine that nobody needs afterwards.

    Raises what compiling it raises, KeyboardInterrupt when it was interrupted, and OSError when its output
    cannot be written.
    """
    outcomes: list[Outcome] = []
    machine.import_ahead()
    machine.report_block_error = machine.options.report_block_error

    def task() -> None:
        compiled = compile_unit()
        machine.furnish()
        machine.need_prelude(source)
        finished = machine.run(machine.load(compiled, source))
        if machine.fault is not None:
            raise machine.fault
        if finished:
            outcomes.append(Outcome(0))
        else:
            from rufflang.host.early_ends import end_by_error

            outcomes.append(end_by_error(machine))
        if "RUFFLANG_GC" in os.environ:
            from rufflang.host.collector_settings import report_as_asked

            report_as_asked(machine)

    try:
        time_left = None if machine.options.timeout_seconds is None else machine.time_left
        stack_bytes = machine.sizes.native_stack
        on_deep_stack(task, machine.interrupt, machine.running, time_left, machine.expire, stack_bytes)
    except TimeIsOver:
        # A builtin that waits or takes long holds the thread; it must keep its machine.
        machine.flush_output()
        from rufflang.host.early_ends import end_by_time

        return end_by_time(machine)
    except KeyboardInterrupt:
        # A builtin that takes long may still be running; what was printed before it should be seen.
        machine.flush_output()
        raise
    finally:
        if machine.blocks is not None:
            machine.blocks.stop()
        if machine.profiler is not None:
            machine.profiler.end(machine)
    if not outcomes:
        # A block has ended the program while its main part hangs, whose VM is therefore left alone.
        from rufflang.host.early_ends import end_by_block

        return end_by_block(machine)
    machine.close()
    return outcomes[0]
