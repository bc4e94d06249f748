"""`spawn`: blocks that run on threads of their own, with copies of everything they can see."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.records import Record, field_names
from rufflang.reference.crossing import cross_with_block
from rufflang.reference.errors import ExitRequest, FatalError, Interrupted, RuffError
from rufflang.reference.fibers import unwind_fibers
from rufflang.reference.reports import RuntimeErrorReport, report_of
from rufflang.reference.scopes import Scope
from rufflang.reference.snapshots import Copier
from rufflang.syntax import ast

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

MAIN_STACK_SIZES = (512 * 2**20, 128 * 2**20, 0)
BLOCK_STACK_SIZES = (64 * 2**20, 0)

_stack_size_lock = threading.Lock()


def spawn(machine: Machine, block: ast.Block, scope: Scope) -> None:
    """Starts `block` with a snapshot of everything visible in `scope`."""
    copier = Copier()
    snapshot = Scope(copier.scope(scope))
    for name in sorted(copier.refusals):
        if _mentions(block, name):
            raise RuffError(copier.refusals[name])
    cross_with_block(machine, block, scope)
    spawned = _SpawnedBlock(machine.for_another_thread(copier.global_scopes()), block, snapshot)
    machine.threads.thread_starts()
    start_thread(spawned, BLOCK_STACK_SIZES)


def _mentions(node: object, name: str) -> bool:
    """Whether `name` is read anywhere inside a piece of the tree."""
    if isinstance(node, tuple):
        return any(_mentions(part, name) for part in node)
    if isinstance(node, ast.Name):
        return node.name == name
    return isinstance(node, Record) and any(_mentions(getattr(node, field), name) for field in field_names(node))


def start_thread(body: Callable[[], None], stack_sizes: tuple[int, ...]) -> threading.Thread:
    """Runs `body` on a thread with the first of the stack sizes that the system grants."""

    def whole() -> None:
        try:
            body()
        finally:
            unwind_fibers()

    with _stack_size_lock:
        previous = threading.stack_size()
        try:
            for size in stack_sizes:
                try:
                    threading.stack_size(size)
                    thread = threading.Thread(target=whole, name="reference evaluator", daemon=True)
                    thread.start()
                    return thread
                except (ValueError, RuntimeError):
                    continue
        finally:
            threading.stack_size(previous)
    raise RuntimeError("cannot start a thread for the reference evaluator")


class _SpawnedBlock:
    """The life of one block."""

    def __init__(self, machine: Machine, block: ast.Block, scope: Scope) -> None:
        self._machine = machine
        self._block = block
        self._scope = scope

    def __call__(self) -> None:
        threads = self._machine.threads
        try:
            self._machine.run_statements(self._block.statements, self._scope)
            self._machine.scheduler.finish()
        except RuffError as error:
            self._report(report_of(error, self._machine.modules))
        except FatalError as error:
            self._report(RuntimeErrorReport(error.message, 0, 0, None, []))
        except ExitRequest as request:
            threads.exit_code = request.code
            threads.interruption.set()
        except Interrupted:
            pass
        except BaseException as failure:
            threads.failure = failure
            threads.interruption.set()
        finally:
            threads.thread_ends()

    def _report(self, report: RuntimeErrorReport) -> None:
        threads = self._machine.threads
        if threads.report_block_error is not None:
            self._machine.error_output.flush()
            with threads.reporting:
                threads.report_block_error(report)
