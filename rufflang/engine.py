"""Running Ruff programs on the native VM, from Python.

`run_program` is what the command line calls: a checked program in, its outcome out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rufflang.bytecode.compiler import compile_program
from rufflang.bytecode.chunk import Unit
from rufflang.bytecode.errors import CompileError
from rufflang.host.machine import (
    FATAL_EXIT,
    FATAL_INTERRUPT,
    FATAL_MEMORY,
    STOP_INTERRUPT,
    Machine,
    MachineError,
    on_deep_stack,
)
from rufflang.run_options import RunOptions
from rufflang.stdlib.prelude import PRELUDE_NAMES, prelude_text
from rufflang.syntax import Source, parse
from rufflang.syntax.ast import Program
from rufflang.syntax.spans import Span

EXIT_ERROR = 4


@dataclass(frozen=True, slots=True)
class RuntimeFailure:
    """An uncaught error; `line` and `column` are 0 when unknown; the call stack is outermost first."""

    message: str
    line: int
    column: int
    span: Span | None = None
    call_stack: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended."""

    exit_code: int
    error: RuntimeFailure | None = None


def run_program(program: Program, source: Source, options: RunOptions) -> Outcome:
    """Runs a checked program to its end.

    Raises KeyboardInterrupt when it was interrupted, CompileError when it cannot be compiled.
    """
    machine = Machine(options)
    outcomes: list[Outcome] = []

    def task() -> None:
        machine.furnish()
        unit = compile_program(program, source, machine.builtins)
        if not PRELUDE_SET.isdisjoint(_names_in(unit)):
            _load_prelude(machine)
        finished = machine.run(unit)
        outcomes.append(Outcome(0) if finished else _failed(machine))

    def interrupt() -> None:
        machine.functions.ruff_request_stop(machine.vm, STOP_INTERRUPT)

    on_deep_stack(task, interrupt)
    outcome = outcomes[0]
    machine.close()
    return outcome


PRELUDE_SET = frozenset(PRELUDE_NAMES)


def _names_in(unit: Unit) -> frozenset[str]:
    """Identifiers of the source; enough to know whether the prelude is needed."""
    text = unit.source.text
    return frozenset(name for name in PRELUDE_NAMES if name in text)


def _load_prelude(machine: Machine) -> None:
    source = Source("prelude.ruff", prelude_text())
    parsed = parse(source)
    assert parsed.program is not None
    machine.load_prelude(compile_program(parsed.program, source, machine.builtins, repl=True))


def _failed(machine: Machine) -> Outcome:
    error = machine.error()
    if error.kind == FATAL_EXIT:
        return Outcome(machine.functions.ruff_exit_code(machine.vm))
    if error.kind == FATAL_INTERRUPT:
        raise KeyboardInterrupt
    message = error.message
    if error.kind == FATAL_MEMORY:
        message = "Memory limit exceeded"
    return Outcome(EXIT_ERROR, _report(error, message))


def _report(error: MachineError, message: str) -> RuntimeFailure:
    return RuntimeFailure(message, error.line, error.column, None, error.call_stack)


__all__ = ["CompileError", "Outcome", "RuntimeFailure", "run_program"]
