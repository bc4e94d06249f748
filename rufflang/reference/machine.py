"""The evaluator's centre: one `Machine` runs one program.

`evaluate` and `execute` look a node's meaning up in the tables of `expressions` and
`statements`; those functions come back here for everything inside their node.  This
is also the one place where a raised error learns where it happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from rufflang.reference.calls import call
from rufflang.reference.completion import Completion, Return
from rufflang.reference.errors import Interrupted, RuffError, TryReturn
from rufflang.reference.expressions import EXPRESSIONS, PEEKS
from rufflang.reference.output import Port
from rufflang.reference.scopes import Scope
from rufflang.reference.statements import STATEMENTS, hoist
from rufflang.reference.values import Value, share
from rufflang.syntax import ast


class Machine:
    """Everything that belongs to one run of a program.

    `prelude` maps names to built-ins and constants.  `function_names` are the active
    calls of user functions, outermost first.
    """

    def __init__(
        self, prelude: dict[str, Value], output: Port, error_output: Port, input_port: Port,
        arguments: list[str], max_depth: int,
    ) -> None:
        self.prelude = prelude
        self.output = output
        self.error_output = error_output
        self.input_port = input_port
        self.arguments = arguments
        self.max_depth = max_depth
        self.function_names: list[str] = []
        self.global_scope = Scope(None)
        self.interruption = threading.Event()
        self.started = time.perf_counter()

    def run(self, program: ast.Program) -> None:
        """Runs a whole file: hoisted declarations first, then the rest in order."""
        remaining = hoist(self, program.statements, self.global_scope)
        self.execute_all(remaining, self.global_scope)

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
            error.locate(node.span, self.function_names)
            raise

    def evaluate(self, node: ast.Expression, scope: Scope) -> Value:
        """The value of an expression, to be kept or passed on (marked shared if need be)."""
        try:
            return EXPRESSIONS[type(node)](self, node, scope)
        except RuffError as error:
            error.locate(node.span, self.function_names)
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
            error.locate(node.span, self.function_names)
            raise

    def enter(self, name: str) -> list[str]:
        """Counts a call of the function `name`; the caller pops the result when the call is over."""
        self.check_interruption()
        if len(self.function_names) >= self.max_depth:
            raise RuffError(f"Maximum VM call stack depth of {self.max_depth} exceeded while calling {name}")
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
        if self.interruption.is_set():
            raise Interrupted
