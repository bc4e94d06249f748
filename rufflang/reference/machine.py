"""The evaluator's centre: one `Machine` runs one program.

`evaluate` and `execute` look a node's meaning up in the tables of `expressions` and
`statements`; those functions come back here for everything inside their node.  This
is also the one place where a raised error learns where it happened.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable

from rufflang.reference.calls import call
from rufflang.reference.completion import Completion, Return
from rufflang.reference.errors import FatalError, RuffError, TryReturn
from rufflang.reference.expressions import EXPRESSIONS, PEEKS
from rufflang.reference.imports import Modules
from rufflang.reference.output import Port
from rufflang.reference.permissions import ALL_PERMISSIONS, Permissions
from rufflang.reference.scheduler import Scheduler
from rufflang.reference.scopes import Scope
from rufflang.reference.statements import STATEMENTS, hoist
from rufflang.reference.threads import Threads
from rufflang.reference.values import Value, share
from rufflang.source import Source
from rufflang.syntax import ast
from rufflang.syntax.exports import executed_statements
from rufflang.syntax.test_suite import DECLARATIONS_ENDED


class Machine:
    """Everything that belongs to one run of a program.

    `prelude` maps names to built-ins and constants, `entry` is the script's path as given.
    `function_names` are the active calls of user functions in the current task, outermost first.
    Every thread has a machine of its own; `threads` is what they share.  `global_scopes` are those
    of all files that it runs, `programs` these files.
    """

    def __init__(
        self, prelude: dict[str, Value], output: Port, error_output: Port, input_port: Port,
        arguments: list[str], max_depth: int, scheduler_timeout_ms: int = 120_000,
        entry: str | None = None, threads: Threads | None = None, fuel: tuple[int, str] | None = None,
        permissions: Permissions = ALL_PERMISSIONS,
    ) -> None:
        self.prelude = prelude
        self.output = output
        self.error_output = error_output
        self.input_port = input_port
        self.arguments = arguments
        self.max_depth = max_depth
        self.scheduler_timeout_ms = scheduler_timeout_ms
        self.threads = Threads() if threads is None else threads
        self.entry = entry
        self.permissions = permissions
        self.modules = Modules(self, entry)
        self.scheduler = Scheduler(self, scheduler_timeout_ms, self.threads)
        self.function_names = self.scheduler.current.function_names
        self.global_scopes: dict[Source | None, Scope] = {}
        self.programs: dict[Source | None, ast.Program] = {}
        self.fuel = self.fuel_left = fuel
        """How many loop rounds and calls there may be, and the message for the end of them."""
        self.started = time.perf_counter()

    def for_another_thread(self, global_scopes: Iterable[Scope]) -> Machine:
        """A machine for a spawned block, which begins with these copies of global scopes."""
        machine = Machine(
            self.prelude, self.output, self.error_output, self.input_port, self.arguments, self.max_depth,
            self.scheduler_timeout_ms, self.entry, self.threads, self.fuel, self.permissions,
        )
        machine.started = self.started
        machine.global_scopes = {scope.source: scope for scope in global_scopes}
        machine.programs = dict(self.programs)
        return machine

    def run(self, program: ast.Program, source: Source) -> None:
        """Runs a whole program, and everything that it started and that has not ended by then."""
        self.run_file(program, Scope(None, source))
        self.scheduler.finish()

    def run_file(self, program: ast.Program, scope: Scope) -> None:
        """Runs a file's statements: hoisted declarations first, then the rest in order."""
        self.global_scopes[scope.source] = scope
        self.programs[scope.source] = program
        remaining = hoist(self, executed_statements(program), scope)
        if remaining and isinstance(remaining[-1], ast.TestCase):
            self._run_test(remaining, scope)
        else:
            self.run_statements(remaining, scope)

    def _run_test(self, statements: Iterable[ast.Statement], scope: Scope) -> None:
        """Runs a test behind the declarations of its file: a `?` among them must not pass for a test."""
        try:
            self.execute_all(statements, scope)
        except TryReturn:
            raise RuffError(DECLARATIONS_ENDED) from None

    def run_statements(self, statements: Iterable[ast.Statement], scope: Scope) -> None:
        """Runs statements that belong to no function: `return` and `?` end them, the value is ignored."""
        with contextlib.suppress(TryReturn):
            self.execute_all(statements, scope)

    def execute_all(self, statements: Iterable[ast.Statement], scope: Scope) -> Completion | None:
        """Executes statements in `scope` itself until one of them does not end normally."""
        for statement in statements:
            completion = self.execute(statement, scope)
            if completion is not None:
                return completion
        return None

    def execute(self, node: ast.Statement, scope: Scope) -> Completion | None:
        """Executes one statement; None means that it ended normally."""
        try:
            return STATEMENTS[type(node)](self, node, scope)
        except RuffError as error:
            error.locate(node.span, scope.file(), self.function_names)
            raise

    def evaluate(self, node: ast.Expression, scope: Scope) -> Value:
        """The value of an expression, to be kept or passed on (marked shared if need be)."""
        try:
            return EXPRESSIONS[type(node)](self, node, scope)
        except RuffError as error:
            error.locate(node.span, scope.file(), self.function_names)
            raise

    def peek(self, node: ast.Expression, scope: Scope) -> Value:
        """The value of an expression, only to be looked at.

        Unlike `evaluate` it does not mark what it finds in variables and containers.
        The caller pins the value while user code may run, and shares what it keeps.
        """
        meaning = PEEKS.get(type(node))
        if meaning is None:
            return self.evaluate(node, scope)
        try:
            return meaning(self, node, scope)
        except RuffError as error:
            error.locate(node.span, scope.file(), self.function_names)
            raise

    def demand_depth(self, name: str) -> None:
        """Raises if one more call, of the function `name`, would be too deep."""
        self.check_interruption()
        if self.scheduler.current.inherited_depth + len(self.function_names) >= self.max_depth:
            raise RuffError(f"Maximum VM call stack depth of {self.max_depth} exceeded while calling {name}")

    def enter(self, name: str) -> list[str]:
        """Counts a call of the function `name`; the caller pops the result when the call is over."""
        self.demand_depth(name)
        self.function_names.append(name)
        return self.function_names

    def run_body(self, node: ast.Function, scope: Scope) -> Value:
        """Runs a function's body, its parameters being bound in `scope`; the result is what it returns."""
        try:
            completion = self.execute_all(node.body.statements, scope)
        except TryReturn as early:
            return early.value
        return completion.value if isinstance(completion, Return) else None

    def read_name(self, name: str, scope: Scope) -> Value:
        """The value that `name` has in `scope`."""
        binding = scope.find(name)
        if binding is not None:
            return binding.value
        if name in self.prelude:
            return self.prelude[name]
        raise RuffError(f"Undefined variable: {name}")

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """Calls any callable with values that may also be held elsewhere."""
        for argument in arguments:
            share(argument)
        return call(self, function, arguments)

    def check_interruption(self) -> None:
        """Called wherever a program can spend unbounded time."""
        self.threads.check_interruption()
        if self.fuel_left is not None:
            left, message = self.fuel_left
            if left == 0:
                raise FatalError(message)
            self.fuel_left = left - 1, message
