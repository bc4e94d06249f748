"""The reference evaluator: runs a parsed program by walking its syntax tree.

It is slow, short and meant to be obviously right: other engines are tested against
it.  `run` is its whole public face.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from typing import TextIO

from rufflang.reference.builtins import PRELUDE
from rufflang.reference.display import display
from rufflang.reference.errors import ExitRequest, RuffError, TryReturn
from rufflang.reference.machine import Machine
from rufflang.reference.output import Port
from rufflang.syntax.ast import Program
from rufflang.syntax.spans import Source, Span

__all__ = ["Outcome", "RuntimeErrorReport", "run"]

_STACK_SIZES = (512 * 2**20, 128 * 2**20, 0)
_RECURSION_LIMIT = 10**9
_POLLING_INTERVAL = 0.1
_PATIENCE_AFTER_INTERRUPTION = 1.0


@dataclass(frozen=True)
class RuntimeErrorReport:
    """An uncaught error.  `call_stack` names the active functions, outermost first."""

    message: str
    line: int
    column: int
    span: Span | None
    call_stack: list[str]


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its exit code, and the error if one was not caught."""

    exit_code: int
    error: RuntimeErrorReport | None = None


@dataclass
class _Run:
    """What the evaluation thread leaves behind."""

    machine: Machine
    program: Program
    outcome: Outcome | None = None
    failure: BaseException | None = field(default=None)

    def __call__(self) -> None:
        try:
            self.machine.run(self.program)
            self.outcome = Outcome(0)
        except TryReturn:
            self.outcome = Outcome(0)
        except ExitRequest as request:
            self.outcome = Outcome(request.code)
        except RuffError as error:
            self.outcome = Outcome(4, _report(error))
        except BaseException as failure:
            self.failure = failure


def run(
    program: Program,
    source: Source,
    *,
    arguments: list[str] | None = None,
    max_depth: int = 10000,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
    stdin: TextIO | None = None,
) -> Outcome:
    """Runs a checked program to its end.

    `arguments` are what `args()` answers, `max_depth` is the limit of active calls, and
    the streams default to the process's own.  Errors of the program are part of the
    result; KeyboardInterrupt is passed on after the program has been stopped.
    """
    output, error_output = Port(stdout or sys.stdout), Port(stderr or sys.stderr)
    machine = Machine(
        PRELUDE, output, error_output, Port(stdin or sys.stdin), list(arguments or []), max_depth
    )
    task = _Run(machine, program)
    previous_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        _run_with_large_stack(task)
    finally:
        sys.setrecursionlimit(previous_limit)
        output.flush()
        error_output.flush()
    if task.failure is not None:
        raise task.failure
    assert task.outcome is not None
    return task.outcome


def _run_with_large_stack(task: _Run) -> None:
    """Runs `task` on a thread of its own, with the largest stack that the system grants."""
    thread = _start_thread(task)
    try:
        # Waiting without a time limit cannot be interrupted on every system.
        while thread.is_alive():
            thread.join(_POLLING_INTERVAL)
    except KeyboardInterrupt:
        task.machine.interruption.set()
        thread.join(_PATIENCE_AFTER_INTERRUPTION)
        raise


def _start_thread(task: _Run) -> threading.Thread:
    previous = threading.stack_size()
    try:
        for size in _STACK_SIZES:
            try:
                threading.stack_size(size)
                thread = threading.Thread(target=task, name="reference evaluator", daemon=True)
                thread.start()
                return thread
            except (ValueError, RuntimeError):
                continue
    finally:
        threading.stack_size(previous)
    raise RuntimeError("cannot start a thread for the reference evaluator")


def _report(error: RuffError) -> RuntimeErrorReport:
    span = error.span
    line = error.line or 0
    column = span.column if span is not None and span.line == line else 0
    names = [display(name) for name in error.stack or []]
    return RuntimeErrorReport(error.message, line, column, span, names)
