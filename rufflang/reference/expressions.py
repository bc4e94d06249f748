"""The meaning of every expression node.

`EXPRESSIONS` maps a node class to the function that computes its value.  `PEEKS` holds
the ones that can find a value without marking it shared; `Machine.peek` prefers them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rufflang.reference.calls import call
from rufflang.reference.display import display
from rufflang.reference.errors import RuffError, TryReturn, thrown
from rufflang.reference.generators import yield_value
from rufflang.reference.methods import call_member
from rufflang.reference.overloads import apply_binary, apply_unary
from rufflang.reference.places import read_index, read_member, read_optional_member
from rufflang.reference.scopes import Scope
from rufflang.reference.spawning import spawn
from rufflang.reference.values import (
    ArrayValue,
    DictValue,
    FunctionValue,
    NativeFunction,
    ResultValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    Value,
    dict_key,
    is_function,
    is_truthy,
    pin,
    share,
    share_all,
    unpin,
)
from rufflang.syntax import ast

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

_Meaning = Callable[["Machine", Any, Scope], Value]


# ------------------------------------------------------------------------ literals


def _literal(machine: Machine, node: ast.IntLiteral, scope: Scope) -> Value:
    return node.value


def _null(machine: Machine, node: ast.NullLiteral, scope: Scope) -> Value:
    return None


def _interpolated(machine: Machine, node: ast.InterpolatedString, scope: Scope) -> Value:
    return "".join([
        part if isinstance(part, str) else display(machine.peek(part, scope)) for part in node.parts
    ])


def _array(machine: Machine, node: ast.ArrayLiteral, scope: Scope) -> Value:
    items: list[Value] = []
    for element in node.elements:
        if isinstance(element, ast.Spread):
            spread = machine.evaluate(element.value, scope)
            if not isinstance(spread, ArrayValue):
                raise RuffError("Can only spread arrays")
            items += share_all(spread.items)
        else:
            items.append(machine.evaluate(element, scope))
    return ArrayValue(items)


def _dict(machine: Machine, node: ast.DictLiteral, scope: Scope) -> Value:
    entries: dict[str, Value] = {}
    for entry in node.entries:
        if isinstance(entry, ast.Spread):
            spread = machine.evaluate(entry.value, scope)
            if not isinstance(spread, DictValue):
                raise RuffError("Can only spread dicts")
            share_all(spread.entries.values())
            entries.update(spread.entries)
        else:
            key = dict_key(machine.evaluate(entry.key, scope))
            value = machine.evaluate(entry.value, scope)
            if key is None:
                raise RuffError("Dict keys must be strings")
            entries[key] = value
    return DictValue(entries)


def _struct(machine: Machine, node: ast.StructLiteral, scope: Scope) -> Value:
    fields = {field.name: machine.evaluate(field.value, scope) for field in node.fields}
    binding = scope.find(node.name)
    definition = binding.value if binding is not None else None
    if not isinstance(definition, StructDefinition):
        return StructValue(node.name, None, fields)
    for declared in definition.declaration.fields:
        if declared.default is not None and declared.name not in fields:
            fields[declared.name] = machine.evaluate(declared.default, definition.scope)
    return StructValue(node.name, definition, fields)


def _result(machine: Machine, node: ast.ResultLiteral, scope: Scope) -> Value:
    payload = () if node.value is None else (machine.evaluate(node.value, scope),)
    return ResultValue(node.variant, payload)


def _tagged(machine: Machine, node: ast.Tagged, scope: Scope) -> Value:
    return TaggedValue(node.enum, node.variant, tuple(_arguments(machine, node.arguments, scope)))


def _function(machine: Machine, node: ast.Function, scope: Scope) -> Value:
    return FunctionValue(node, scope, node.name if node.name is not None else "<lambda>")


# ----------------------------------------------------------------- names and steps


def _peek_name(machine: Machine, node: ast.Name, scope: Scope) -> Value:
    return machine.read_name(node.name, scope)


def _peek_parenthesised(machine: Machine, node: ast.Parenthesised, scope: Scope) -> Value:
    return machine.peek(node.inner, scope)


def _peek_index(machine: Machine, node: ast.Index, scope: Scope) -> Value:
    base = pin(machine.peek(node.base, scope))
    index = machine.evaluate(node.index, scope)
    unpin(base)
    return read_index(base, index)


def _peek_member(machine: Machine, node: ast.Member, scope: Scope) -> Value:
    base = machine.peek(node.base, scope)
    return read_optional_member(base, node.name) if node.optional else read_member(base, node.name)


def _sharing(peek: _Meaning) -> _Meaning:
    """The same value, fit to be kept."""
    return lambda machine, node, scope: share(peek(machine, node, scope))


# ----------------------------------------------------------------------- operators


def _unary(machine: Machine, node: ast.Unary, scope: Scope) -> Value:
    return apply_unary(machine, node.op, machine.evaluate(node.operand, scope))


def _binary(machine: Machine, node: ast.Binary, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    right = machine.evaluate(node.right, scope)
    return apply_binary(machine, node.op, left, right)


def _logical(machine: Machine, node: ast.Logical, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    if node.op == "??":
        return machine.evaluate(node.right, scope) if left is None else left
    if is_truthy(left) == (node.op == "||"):
        return node.op == "||"
    return is_truthy(machine.evaluate(node.right, scope))


def _try_operator(machine: Machine, node: ast.TryOperator, scope: Scope) -> Value:
    operand = machine.evaluate(node.operand, scope)
    if not isinstance(operand, ResultValue):
        raise RuffError("Try operator requires Result or Option")
    if operand.variant in ("Err", "None"):
        raise TryReturn(operand)
    return share(operand.payload[0])


def _throw(machine: Machine, node: ast.Throw, scope: Scope) -> Value:
    value = machine.evaluate(node.arguments[0], scope)
    raise thrown(value, "" if isinstance(value, StructValue) else display(value))


# --------------------------------------------------------------------------- calls


def _arguments(machine: Machine, nodes: tuple[ast.Expression, ...], scope: Scope) -> list[Value]:
    return [machine.evaluate(argument, scope) for argument in nodes]


def _peeked_arguments(machine: Machine, nodes: tuple[ast.Expression, ...], scope: Scope) -> list[Value]:
    arguments = [pin(machine.peek(argument, scope)) for argument in nodes]
    for argument in arguments:
        unpin(argument)
    return arguments


def _call(machine: Machine, node: ast.Call, scope: Scope) -> Value:
    function = machine.evaluate(node.callee, scope)
    if isinstance(function, NativeFunction) and function.only_looks:
        return call(machine, function, _peeked_arguments(machine, node.arguments, scope))
    return call(machine, function, _arguments(machine, node.arguments, scope))


def _method_call(
    machine: Machine, node: ast.MethodCall, scope: Scope, piped: tuple[Value, ...] = ()
) -> Value:
    receiver = pin(machine.peek(node.receiver, scope))
    if receiver is None and node.optional:
        return None
    arguments = _arguments(machine, node.arguments, scope)
    unpin(receiver)
    return call_member(machine, receiver, node.name, [*piped, *arguments])


def _pipe(machine: Machine, node: ast.Pipe, scope: Scope) -> Value:
    piped = machine.evaluate(node.left, scope)
    if isinstance(node.right, ast.MethodCall):
        return _method_call(machine, node.right, scope, (piped,))
    arguments: list[Value] = [piped]
    if isinstance(node.right, ast.Call):
        function = machine.evaluate(node.right.callee, scope)
        arguments += _arguments(machine, node.right.arguments, scope)
    else:
        function = machine.evaluate(node.right, scope)
    if not is_function(function):
        raise RuffError("Pipe operator requires a function on the right side")
    return call(machine, function, arguments)


def _yield(machine: Machine, node: ast.Yield, scope: Scope) -> Value:
    yield_value(None if node.value is None else machine.evaluate(node.value, scope))
    return None


def _await(machine: Machine, node: ast.Await, scope: Scope) -> Value:
    return machine.scheduler.wait_for(machine.evaluate(node.operand, scope))


def _spawn(machine: Machine, node: ast.SpawnExpression, scope: Scope) -> Value:
    spawn(machine, node.body, scope)
    return None


PEEKS: dict[type, _Meaning] = {
    ast.Name: _peek_name,
    ast.Parenthesised: _peek_parenthesised,
    ast.Index: _peek_index,
    ast.Member: _peek_member,
}

EXPRESSIONS: dict[type, _Meaning] = {
    ast.IntLiteral: _literal,
    ast.FloatLiteral: _literal,
    ast.StringLiteral: _literal,
    ast.BoolLiteral: _literal,
    ast.NullLiteral: _null,
    ast.InterpolatedString: _interpolated,
    ast.ArrayLiteral: _array,
    ast.DictLiteral: _dict,
    ast.StructLiteral: _struct,
    ast.ResultLiteral: _result,
    ast.Tagged: _tagged,
    ast.Function: _function,
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.Logical: _logical,
    ast.TryOperator: _try_operator,
    ast.Throw: _throw,
    ast.Call: _call,
    ast.MethodCall: _method_call,
    ast.Pipe: _pipe,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.SpawnExpression: _spawn,
    **{node: _sharing(peek) for node, peek in PEEKS.items()},
}
