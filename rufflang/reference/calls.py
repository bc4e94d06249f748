"""Calling functions, methods and built-ins with evaluated arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.reference.errors import NOT_CALLABLE, RuffError
from rufflang.reference.generators import GeneratorValue
from rufflang.reference.scopes import Scope
from rufflang.reference.values import FunctionValue, NativeFunction, StructValue, Value, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine
    from rufflang.reference.scheduler import Task


def call(machine: Machine, function: Value, arguments: list[Value]) -> Value:
    """Calls `function`, whatever it is."""
    if isinstance(function, FunctionValue):
        return _call_user_function(machine, function, None, Scope(function.scope), arguments)
    if isinstance(function, NativeFunction):
        return call_native(machine, function, arguments)
    raise RuffError(NOT_CALLABLE)


def call_native(machine: Machine, function: NativeFunction, arguments: list[Value]) -> Value:
    """Checks the permission and the argument count, and runs a built-in."""
    if function.capability is not None and not machine.permissions.allows(function.capability):
        raise RuffError(machine.permissions.denial(function.capability, function.name))
    count = len(arguments)
    if count < function.minimum or (function.maximum is not None and count > function.maximum):
        expected = _expected(function.minimum, function.maximum)
        raise RuffError(function.arity_message.format(name=function.name, expected=expected, got=count))
    try:
        return function.function(machine, arguments)
    except (MemoryError, OverflowError):
        raise RuffError(f"{function.name}() ran out of memory") from None


def call_method(
    machine: Machine, method: FunctionValue, receiver: StructValue, arguments: list[Value]
) -> Value:
    """Calls a struct's method on `receiver`."""
    parameters = method.node.parameters
    if parameters and parameters[0].name == "self":
        return _call_user_function(machine, method, receiver, Scope(method.scope), arguments)
    fields = Scope(method.scope)
    for name, value in receiver.fields.items():
        fields.define(name, share(value))
    return _call_user_function(machine, method, None, Scope(fields), arguments)


def _expected(minimum: int, maximum: int | None) -> str:
    if maximum is None:
        return f"at least {minimum}"
    return str(minimum) if minimum == maximum else f"{minimum} to {maximum}"


def start_task(machine: Machine, function: FunctionValue | NativeFunction) -> Task:
    """Runs a function without parameters as a task."""
    if isinstance(function, NativeFunction):
        return machine.scheduler.start(lambda: call_native(machine, function, []))
    scope = Scope(function.scope)
    _bind(function, None, scope, [])
    if function.node.is_generator:
        return machine.scheduler.start(lambda: _generator(machine, function, scope))
    return _start(machine, function, scope)


def _call_user_function(
    machine: Machine,
    function: FunctionValue,
    receiver: StructValue | None,
    scope: Scope,
    arguments: list[Value],
) -> Value:
    _bind(function, receiver, scope, arguments)
    if function.node.is_generator:
        return _generator(machine, function, scope)
    if function.node.is_async:
        return _start(machine, function, scope).promise
    return _run(machine, function, scope)


def _bind(
    function: FunctionValue, receiver: StructValue | None, scope: Scope, arguments: list[Value]
) -> None:
    parameters = function.node.parameters if receiver is None else function.node.parameters[1:]
    if len(arguments) != len(parameters):
        raise RuffError(f"{function.name} expects {len(parameters)} arguments, got {len(arguments)}")
    if receiver is not None:
        scope.define("self", receiver)
    for parameter, argument in zip(parameters, arguments, strict=True):
        scope.define(parameter.name, argument)


def _generator(machine: Machine, function: FunctionValue, scope: Scope) -> GeneratorValue:
    """What a call of a generator function gives."""
    machine.demand_depth(function.name)
    return GeneratorValue(function, scope)


def _start(machine: Machine, function: FunctionValue, scope: Scope) -> Task:
    machine.demand_depth(function.name)
    return machine.scheduler.start(lambda: _run(machine, function, scope))


def _run(machine: Machine, function: FunctionValue, scope: Scope) -> Value:
    names = machine.enter(function.name)
    try:
        return machine.run_body(function.node, scope)
    finally:
        names.pop()
