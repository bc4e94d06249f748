"""Running Ruff programs on the native VM, from Python.

`run_program` takes a checked program and gives its outcome.  `run_known` does the same for a
source that an earlier run has compiled, without looking at the program again.  `run_each` is for
programs that nobody runs twice, such as tests.
"""

from __future__ import annotations

import os
import sys

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.deep_stack import TimeIsOver, on_deep_stack
from rufflang.host.machine import Machine
from rufflang.host.program_store import restore, store
from rufflang.interpreter.native_library import load
from rufflang.run_options import RunOptions

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rufflang.host.machine_errors import MachineError
    from rufflang.host.profiling import Profiler
    from rufflang.jit.journal import Journal
    from rufflang.syntax import Source
    from rufflang.syntax.ast import Program
    from rufflang.syntax.spans import Span

__all__ = ["Outcome", "RuntimeFailure", "run_each", "run_known", "run_program"]

EXIT_ERROR = 4


class RuntimeFailure:
    """An uncaught error; `line` and `column` are 0 when unknown; the call stack is outermost first.

    `source` is the file in which it happened; None stands for the program's own.  `subject` is the type
    of the value that the error is about, if there is one, and the names of what it has.
    """

    __slots__ = ("call_stack", "column", "line", "message", "source", "span", "subject")

    def __init__(
        self, message: str, line: int, column: int, span: Span | None, source: Source | None,
        call_stack: list[str],
        subject: tuple[str, ...] = (),
    ) -> None:
        self.source = source
        self.subject = subject
        self.message = message
        self.line = line
        self.column = column
        self.span = span
        self.call_stack = call_stack


class Outcome:
    """How a program ended; `called_exit` tells `exit(0)` from reaching the end.

    `is_abandoned` says that its thread may not have ended.
    """

    __slots__ = ("called_exit", "error", "exit_code", "is_abandoned")

    def __init__(
        self,
        exit_code: int,
        error: RuntimeFailure | None = None,
        called_exit: bool = False,
        is_abandoned: bool = False,
    ) -> None:
        self.exit_code = exit_code
        self.error = error
        self.called_exit = called_exit
        self.is_abandoned = is_abandoned


def run_program(
    program: Program,
    source: Source,
    options: RunOptions,
    journal: Journal | None = None,
    profiler: Profiler | None = None,
) -> Outcome:
    """Runs a checked program to its end, and remembers it for `run_known`.

    What the JIT does is written into the journal, if one is given; a profiler watches the run.

    Raises KeyboardInterrupt when it was interrupted, CompileError when it cannot be compiled, and
    OSError when its output cannot be written.
    """
    machine = Machine(options, source.name)
    if machine.jit is not None:
        machine.jit.journal = journal
    machine.profiler = profiler
    units: list[CompiledUnit] = []

    def compiled() -> CompiledUnit:
        units.append(_compiled(program, source, machine))
        return units[0]

    try:
        return _run(machine, compiled, source)
    finally:
        if units:
            store(machine.runtime.stamp, source.name, source.text, units[0])
        _store_modules(machine)


def run_known(source: Source, options: RunOptions) -> Outcome | None:
    """Runs a source that `run_program` has run before, unchanged; None when it is not known.

    Raises what `run_program` raises.
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
        return _run(machine, lambda: compiled, source)
    finally:
        _store_modules(machine)


def _store_modules(machine: Machine) -> None:
    for path, text, compiled in machine.fresh_modules:
        store(machine.runtime.stamp, path, text, compiled)


def run_each(programs: Iterable[Program], source: Source, options: RunOptions) -> Iterator[Outcome]:
    """Runs checked programs made from one source, each on a VM of its own, as their outcomes are asked for.

    Raises what `run_program` raises.
    """
    runtime = load()

    def outcome(program: Program) -> Outcome:
        machine = Machine(options, source.name, runtime)
        try:
            return _run(machine, lambda: _compiled(program, source, machine), source)
        finally:
            _store_modules(machine)

    return map(outcome, programs)


def _compiled(program: Program, source: Source, machine: Machine) -> CompiledUnit:
    from rufflang.bytecode.compiler import compile_program

    unit = compile_program(
        program, source, machine.builtin_table(), exports_of=lambda name: machine.imports.exports_of(name)
    )
    return CompiledUnit.of(unit)


def _run(machine: Machine, compile_unit: Callable[[], CompiledUnit], source: Source) -> Outcome:
    outcomes: list[Outcome] = []
    machine.report_block_error = lambda error: _tell(machine.options, error)

    def task() -> None:
        compiled = compile_unit()
        machine.furnish()
        machine.need_prelude(source)
        finished = machine.run(machine.load(compiled, source))
        if machine.fault is not None:
            raise machine.fault
        outcomes.append(Outcome(0) if finished else _failed(machine))
        if "stats" in os.environ.get("RUFFLANG_GC", ""):
            from rufflang.host.heap_report import heap_report

            print(heap_report(machine), file=sys.stderr)

    try:
        time_left = None if machine.options.timeout_seconds is None else machine.time_left
        stack_bytes = machine.sizes.native_stack
        on_deep_stack(task, machine.interrupt, machine.running, time_left, machine.expire, stack_bytes)
    except TimeIsOver:
        # A builtin that waits or takes long holds the thread; it must keep its machine.
        machine.flush_output()
        failure = RuntimeFailure(machine.options.time_message, 0, 0, None, None, [])
        return Outcome(EXIT_ERROR, failure, is_abandoned=True)
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
        return Outcome(_exit_code_of_blocks(machine) or 0, called_exit=True)
    machine.close()
    return outcomes[0]


def _exit_code_of_blocks(machine: Machine) -> int | None:
    """The exit code with which a spawned block has ended the program."""
    return None if machine.blocks is None else machine.blocks.exit_code


def _tell(options: RunOptions, error: MachineError) -> None:
    if options.report_block_error is not None:
        options.report_block_error(_report(error))


def _failed(machine: Machine) -> Outcome:
    from rufflang.host.machine_errors import FATAL_EXIT, FATAL_INTERRUPT

    error = machine.error()
    if error.kind == FATAL_EXIT:
        return Outcome(machine.functions.ruff_exit_code(machine.vm), called_exit=True)
    if error.kind == FATAL_INTERRUPT:
        exit_code = _exit_code_of_blocks(machine)
        if exit_code is None:
            raise KeyboardInterrupt
        return Outcome(exit_code, called_exit=True)
    return Outcome(EXIT_ERROR, _report(error))


def _report(error: MachineError) -> RuntimeFailure:
    from rufflang.syntax.spans import Span

    span = Span(0, error.width, error.line, error.column) if error.line and error.column else None
    return RuntimeFailure(
        error.message, error.line, error.column, span, error.source, error.call_stack, error.subject
    )
