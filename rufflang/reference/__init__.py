"""The reference evaluator: runs a parsed program by walking its syntax tree.

It is slow, short and meant to be obviously right: other engines are tested against
it.  `run` is its whole public face.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from rufflang.reference.builtins import PRELUDE
from rufflang.reference.errors import ExitRequest, FatalError, Interrupted, RuffError
from rufflang.reference.machine import Machine
from rufflang.reference.output import Port
from rufflang.reference.permissions import ALL_PERMISSIONS, Permissions
from rufflang.reference.reports import RuntimeErrorReport, report_of
from rufflang.reference.spawning import MAIN_STACK_SIZES, start_thread
from rufflang.reference.threads import Threads
from rufflang.source import Source
from rufflang.syntax.ast import Program

__all__ = ["Outcome", "RuntimeErrorReport", "run"]

_RECURSION_LIMIT = 10**9
_POLLING_INTERVAL = 0.1
_PATIENCE_AFTER_INTERRUPTION = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its exit code, and the error if one was not caught.

    `called_exit` tells `exit(0)` from reaching the end.
    """

    exit_code: int
    error: RuntimeErrorReport | None = None
    called_exit: bool = False
    is_abandoned: bool = False


@dataclass
class _Run:
    """What the evaluation thread leaves behind."""

    machine: Machine
    program: Program
    source: Source
    outcome: Outcome | None = None
    failure: BaseException | None = field(default=None)

    def __call__(self) -> None:
        try:
            self.machine.run(self.program, self.source)
            self.outcome = Outcome(0)
        except ExitRequest as request:
            self.outcome = Outcome(request.code, called_exit=True)
        except RuffError as error:
            self.outcome = Outcome(4, report_of(error, self.machine.modules))
        except FatalError as error:
            self.outcome = Outcome(4, RuntimeErrorReport(error.message, 0, 0, None, []))
        except BaseException as failure:
            self._fail(failure)

    def _fail(self, failure: BaseException) -> None:
        """The evaluation was stopped: by a spawned block, by the host, or by a fault."""
        threads = self.machine.threads
        if isinstance(failure, Interrupted) and threads.exit_code is not None:
            self.outcome = Outcome(threads.exit_code, called_exit=True)
        elif isinstance(failure, Interrupted) and threads.time_message is not None:
            self.outcome = Outcome(4, RuntimeErrorReport(threads.time_message, 0, 0, None, []))
        else:
            self.failure = threads.failure or failure


def run(
    program: Program,
    source: Source,
    *,
    arguments: list[str] | None = None,
    max_depth: int = 10000,
    scheduler_timeout_ms: int = 120_000,
    timeout: tuple[float, str] | None = None,
    fuel: tuple[int, str] | None = None,
    permissions: Permissions = ALL_PERMISSIONS,
    report_block_error: Callable[[RuntimeErrorReport], None] | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
    stdin: TextIO | None = None,
) -> Outcome:
    """Runs a checked program to its end.

    `arguments` are what `args()` answers, `max_depth` is the limit of active calls,
    `scheduler_timeout_ms` that of waiting for promises; `timeout` (seconds) and `fuel` (loop
    rounds and calls) are limits with the message of exceeding them; `permissions` says what the
    program may do; `report_block_error` shows the errors that end spawned blocks; the streams default to
    the process's own.  Errors of the program are part of the result; KeyboardInterrupt is passed on after
    the program has been stopped.
    """
    output, error_output = Port(stdout or sys.stdout), Port(stderr or sys.stderr)
    machine = Machine(
        PRELUDE, output, error_output, Port(stdin or sys.stdin), list(arguments or []), max_depth,
        scheduler_timeout_ms, source.name, Threads(report_block_error), fuel=fuel, permissions=permissions,
    )
    task = _Run(machine, program, source)
    previous_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        _run_with_large_stack(task, timeout)
    finally:
        machine.threads.stop()
        sys.setrecursionlimit(previous_limit)
        output.flush()
        error_output.flush()
    if task.failure is not None:
        raise task.failure
    if task.outcome is None and timeout is not None:
        return Outcome(4, RuntimeErrorReport(timeout[1], 0, 0, None, []), is_abandoned=True)
    assert task.outcome is not None
    return task.outcome


def _run_with_large_stack(task: _Run, timeout: tuple[float, str] | None) -> None:
    """Runs `task` on a thread of its own, with the largest stack that the system grants.

    Without an outcome of the task afterwards, it could not be stopped in time.
    """
    thread = start_thread(task, MAIN_STACK_SIZES)
    deadline = None if timeout is None else time.monotonic() + timeout[0]
    try:
        # Waiting without a time limit cannot be interrupted on every system.
        while thread.is_alive():
            left = _POLLING_INTERVAL if deadline is None else deadline - time.monotonic()
            if timeout is not None and left <= 0:
                task.machine.threads.time_message = timeout[1]
                task.machine.threads.interruption.set()
                thread.join(_PATIENCE_AFTER_INTERRUPTION)
                return
            thread.join(min(left, _POLLING_INTERVAL))
    except KeyboardInterrupt:
        task.machine.threads.interruption.set()
        thread.join(_PATIENCE_AFTER_INTERRUPTION)
        raise
