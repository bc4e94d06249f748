"""Arithmetic, ordering and negation on built-in values.

Operator methods of structs are looked up by the evaluator before it comes here.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from rufflang.reference.equality import equal
from rufflang.reference.errors import RuffError
from rufflang.reference.values import (
    MAXIMUM_INT,
    MINIMUM_INT,
    ArrayValue,
    DictValue,
    FunctionValue,
    NativeFunction,
    StructValue,
    Value,
)

_OPERAND_NAMES: dict[type, str] = {
    int: "int", float: "float", bool: "bool", str: "string", type(None): "null",
    ArrayValue: "array", DictValue: "dict", StructValue: "struct",
    FunctionValue: "function", NativeFunction: "native_function",
}

BINARY_METHODS = {
    "+": "op_add", "-": "op_sub", "*": "op_mul", "/": "op_div", "%": "op_mod", "==": "op_eq",
    "!=": "op_ne", "<": "op_lt", ">": "op_gt", "<=": "op_le", ">=": "op_ge",
}
UNARY_METHODS = {"-": "op_neg", "!": "op_not"}


def operand_name(value: Value) -> str:
    """What operator messages call the type of `value`."""
    return _OPERAND_NAMES.get(type(value), "value")


def is_number(value: Value) -> bool:
    """Whether `value` is an int or a float (a bool is neither)."""
    return type(value) is int or type(value) is float


def truncated(number: float) -> int:
    """`number` without its fraction; NaN is 0 and what does not fit becomes the nearest int."""
    if isinstance(number, int):
        return number
    if math.isnan(number):
        return 0
    if math.isinf(number):
        return MAXIMUM_INT if number > 0 else MINIMUM_INT
    return max(MINIMUM_INT, min(MAXIMUM_INT, int(number)))


def binary(operator: str, left: Value, right: Value) -> Value:
    """The result of `left operator right` for every operator that evaluates both sides."""
    if operator == "==":
        return equal(left, right)
    if operator == "!=":
        return not equal(left, right)
    if isinstance(left, str) and isinstance(right, str):
        if operator == "+":
            return left + right
        if operator in _COMPARISONS:
            return _COMPARISONS[operator](left, right)
    if type(left) is int and type(right) is int:
        if operator in _COMPARISONS:
            return _COMPARISONS[operator](left, right)
        return _integer_arithmetic(operator, left, right)
    if is_number(left) and is_number(right):
        return _float_operation(operator, float(left), float(right))  # type: ignore[arg-type]
    raise RuffError(f"Invalid binary operation: {operand_name(left)} {operator} {operand_name(right)}")


def negate(operand: Value) -> Value:
    """`-operand`."""
    if type(operand) is int:
        if operand == MINIMUM_INT:
            raise RuffError(f"Integer overflow: -({operand})")
        return -operand
    if type(operand) is float:
        return -operand
    raise RuffError(f"Invalid unary operation: - {operand_name(operand)}")


def logical_not(operand: Value) -> Value:
    """`!operand`."""
    if isinstance(operand, bool):
        return not operand
    raise RuffError(f"Invalid unary operation: ! {operand_name(operand)}")


_COMPARISONS: dict[str, Callable[..., bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _integer_arithmetic(operator: str, left: int, right: int) -> int:
    if operator in ("/", "%"):
        _demand_divisor(operator, right)
        quotient = abs(left) // abs(right)
        if (left < 0) != (right < 0):
            quotient = -quotient
        if not MINIMUM_INT <= quotient <= MAXIMUM_INT:
            raise RuffError(f"Integer overflow: {left} {operator} {right}")
        return quotient if operator == "/" else left - quotient * right
    exact = left + right if operator == "+" else left - right if operator == "-" else left * right
    if not MINIMUM_INT <= exact <= MAXIMUM_INT:
        raise RuffError(f"Integer overflow: {left} {operator} {right}")
    return exact


def _float_operation(operator: str, left: float, right: float) -> float | bool:
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](left, right)
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    _demand_divisor(operator, right)
    if operator == "/":
        return left / right
    return math.nan if math.isinf(left) else math.fmod(left, right)


def _demand_divisor(operator: str, right: float) -> None:
    if right == 0:
        raise RuffError("Division by zero" if operator == "/" else "Modulo by zero")
