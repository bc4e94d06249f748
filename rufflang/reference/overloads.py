"""Operators as programs see them: a struct's `op_*` method first, the built-in meaning otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.reference.calls import call_method
from rufflang.reference.operators import BINARY_METHODS, UNARY_METHODS, binary, logical_not, negate
from rufflang.reference.values import FunctionValue, StructValue, Value, is_truthy, share

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def apply_binary(machine: Machine, operator: str, left: Value, right: Value) -> Value:
    """`left operator right`; only the left operand is asked for a method."""
    if isinstance(left, StructValue):
        method = left.method(BINARY_METHODS[operator])
        if method is not None:
            result = _call_operator(machine, method, left, [right])
            return is_truthy(result) if operator in ("==", "!=") else result
        equality = left.method("op_eq")
        if operator == "!=" and equality is not None:
            return not is_truthy(_call_operator(machine, equality, left, [right]))
    return binary(operator, left, right)


def apply_unary(machine: Machine, operator: str, operand: Value) -> Value:
    """`operator operand`."""
    if isinstance(operand, StructValue):
        method = operand.method(UNARY_METHODS[operator])
        if method is not None:
            return _call_operator(machine, method, operand, [])
    return negate(operand) if operator == "-" else logical_not(operand)


def _call_operator(
    machine: Machine, method: FunctionValue, receiver: StructValue, arguments: list[Value]
) -> Value:
    for value in (receiver, *arguments):
        share(value)
    return call_method(machine, method, receiver, arguments)
