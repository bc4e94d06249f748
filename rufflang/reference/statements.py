"""The meaning of every statement node: `STATEMENTS` maps a node class to its function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins import PRELUDE
from rufflang.reference.builtins.core import numbers_of_range
from rufflang.reference.completion import Break, Completion, Continue, Return
from rufflang.reference.errors import RuffError
from rufflang.reference.imports import import_module
from rufflang.reference.iteration import ListSource, Source, source_of
from rufflang.reference.patterns import destructure, match_case
from rufflang.reference.places import assign
from rufflang.reference.scopes import Scope
from rufflang.reference.values import (
    EnumDefinition,
    FunctionValue,
    StructDefinition,
    is_truthy,
    share,
)
from rufflang.syntax import ast
from rufflang.syntax.test_suite import SETUP_FAILED

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_Meaning = Callable[["Machine", Any, Scope], Completion | None]

_HOISTED = (ast.FunctionDeclaration, ast.StructDeclaration, ast.EnumDeclaration)


def hoist(machine: Machine, statements: Iterable[ast.Statement], scope: Scope) -> list[ast.Statement]:
    """Executes a file's function, struct and enum declarations; returns the other statements."""
    remaining: list[ast.Statement] = []
    for statement in statements:
        if isinstance(statement, _HOISTED):
            machine.execute(statement, scope)
        else:
            remaining.append(statement)
    return remaining


# ------------------------------------------------------- declarations and assignment


def _declare(machine: Machine, node: ast.Declare, scope: Scope) -> None:
    value = machine.evaluate(node.value, scope)
    for name, part in destructure(node.pattern, value):
        scope.declare(name, part, node.kind)


def _destructure(machine: Machine, node: ast.Destructure, scope: Scope) -> None:
    value = machine.evaluate(node.value, scope)
    for name, part in destructure(node.pattern, value):
        scope.assign(name, part)


def _declare_function(machine: Machine, node: ast.FunctionDeclaration, scope: Scope) -> None:
    name = str(node.function.name)
    scope.define(name, FunctionValue(node.function, scope, name))


def _declare_struct(machine: Machine, node: ast.StructDeclaration, scope: Scope) -> None:
    scope.define(node.name, StructDefinition(node, scope))


def _declare_enum(machine: Machine, node: ast.EnumDeclaration, scope: Scope) -> None:
    scope.define(node.name, EnumDefinition(node.name))


def _export(machine: Machine, node: ast.Export, scope: Scope) -> Completion | None:
    return machine.execute(node.statement, scope)


def _expression(machine: Machine, node: ast.ExpressionStatement, scope: Scope) -> None:
    machine.evaluate(node.value, scope)


# -------------------------------------------------------------------------- branches


def _if(machine: Machine, node: ast.If, scope: Scope) -> Completion | None:
    branch: ast.If | ast.Block | None = node
    while isinstance(branch, ast.If):
        holds = is_truthy(machine.evaluate(branch.condition, scope))
        branch = branch.then if holds else branch.otherwise
    return None if branch is None else machine.execute_all(branch.statements, Scope(scope))


def _match(machine: Machine, node: ast.Match, scope: Scope) -> Completion | None:
    subject = machine.evaluate(node.subject, scope)
    for arm in node.arms:
        if not match_case(arm.pattern, subject, scope):
            continue
        if arm.guard is None or is_truthy(machine.evaluate(arm.guard, scope)):
            return machine.execute_all(arm.body.statements, scope)
    return None if node.default is None else machine.execute_all(node.default.statements, scope)


def _try(machine: Machine, node: ast.Try, scope: Scope) -> Completion | None:
    try:
        return machine.execute_all(node.body.statements, Scope(scope))
    except RuffError as error:
        caught = error.as_value()
    handler_scope = Scope(scope)
    if node.error_name is not None:
        handler_scope.define(node.error_name, caught)
    return machine.execute_all(node.handler.statements, handler_scope)


# ----------------------------------------------------------------------------- loops


def _while(machine: Machine, node: ast.While, scope: Scope) -> Completion | None:
    while node.condition is None or is_truthy(machine.evaluate(node.condition, scope)):
        machine.check_interruption()
        completion = machine.execute_all(node.body.statements, Scope(scope))
        if isinstance(completion, Break):
            break
        if isinstance(completion, Return):
            return completion
    return None


def _for(machine: Machine, node: ast.For, scope: Scope) -> Completion | None:
    source = _walked_over(machine, node.iterable, scope)
    while (item := source.advance(machine)) is not None:
        machine.check_interruption()
        iteration = Scope(scope)
        for name, part in destructure(node.pattern, share(item[0])):
            iteration.define(name, part)
        completion = machine.execute_all(node.body.statements, iteration)
        if isinstance(completion, Break):
            break
        if isinstance(completion, Return):
            return completion
    return None


def _walked_over(machine: Machine, node: ast.Expression, scope: Scope) -> Source:
    """What a loop goes over: a call of `range` that is written there makes each number when its round begins."""
    while isinstance(node, ast.Parenthesised):
        node = node.inner
    if not isinstance(node, ast.Call) or not _is_range(machine, node, scope):
        return source_of(machine, machine.evaluate(node, scope))
    bounds = [machine.evaluate(argument, scope) for argument in node.arguments]
    try:
        return ListSource(numbers_of_range(bounds))
    except RuffError as error:
        error.locate(node.span, scope.file(), machine.function_names)
        raise


def _is_range(machine: Machine, node: ast.Call, scope: Scope) -> bool:
    if not isinstance(node.callee, ast.Name) or node.callee.name != "range" or not 1 <= len(node.arguments) <= 3:
        return False
    return machine.evaluate(node.callee, scope) is PRELUDE["range"]


# ----------------------------------------------------------------------------- jumps


def _return(machine: Machine, node: ast.Return, scope: Scope) -> Completion:
    return Return(None if node.value is None else machine.evaluate(node.value, scope))


def _break(machine: Machine, node: ast.Break, scope: Scope) -> Completion:
    return Break()


def _continue(machine: Machine, node: ast.Continue, scope: Scope) -> Completion:
    return Continue()


# ------------------------------------------------------------------ tests and modules


def _nothing(machine: Machine, node: ast.Statement, scope: Scope) -> None:
    """Test blocks are no part of a program: a test is run as a `TestCase`."""


def _test_case(machine: Machine, node: ast.TestCase, scope: Scope) -> None:
    inner = Scope(scope)
    failure: RuffError | None = None
    try:
        for setup in node.setups:
            machine.run_statements(setup.statements, inner)
    except RuffError as error:
        failure = RuffError(SETUP_FAILED + error.message)
    else:
        try:
            machine.run_statements(node.body.statements, inner)
        except RuffError as error:
            failure = error
    for teardown in node.teardowns:
        with suppress(RuffError):
            machine.run_statements(teardown.statements, inner)
    if failure is not None:
        raise failure


STATEMENTS: dict[type, _Meaning] = {
    ast.Declare: _declare,
    ast.Destructure: _destructure,
    ast.Assign: assign,
    ast.ExpressionStatement: _expression,
    ast.FunctionDeclaration: _declare_function,
    ast.StructDeclaration: _declare_struct,
    ast.EnumDeclaration: _declare_enum,
    ast.Import: import_module,
    ast.Export: _export,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.Match: _match,
    ast.Try: _try,
    ast.Return: _return,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Test: _nothing,
    ast.TestGroup: _nothing,
    ast.TestSetup: _nothing,
    ast.TestTeardown: _nothing,
    ast.TestCase: _test_case,
}
