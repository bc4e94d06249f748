"""Mathematics and bit operations (`stdlib.md` section 5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import PRELUDE, builtin
from rufflang.reference.display import debug_text
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import is_number
from rufflang.reference.values import Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

PRELUDE["PI"] = math.pi
PRELUDE["E"] = math.e


def _unary(name: str, documentation: str, function: Callable[[float], float]) -> None:
    def apply(machine: Machine, arguments: list[Any]) -> Value:
        if not is_number(arguments[0]):
            raise RuffError(f"{name}() expects numeric argument 'value' , got {debug_text(arguments[0])}")
        return function(float(arguments[0]))

    apply.__doc__ = documentation
    builtin(name, 1, arity_message="{name}() expects 1 argument")(apply)


def _keeping_infinity(function: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding function that leaves infinities and NaN alone and keeps the sign of zero."""
    return lambda x: math.copysign(float(function(x)), x) if math.isfinite(x) else x


def _half_away_from_zero(x: float) -> int:
    whole = math.floor(abs(x))
    rounded = whole + 1 if abs(x) - whole >= 0.5 else whole
    return rounded if x >= 0 else -rounded


def _finite(function: Callable[[float], float]) -> Callable[[float], float]:
    """A trigonometric function that answers NaN outside its domain."""
    return lambda x: function(x) if math.isfinite(x) else math.nan


def _exponential(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _square_root(x: float) -> float:
    if x < 0:
        raise RuffError("sqrt() domain error: value must be >= 0")
    return math.sqrt(x)


def _logarithm(x: float) -> float:
    if x <= 0:
        raise RuffError("log() domain error: value must be > 0")
    return math.log(x)


_unary("abs", "The absolute value, as a float.", abs)
_unary("floor", "The greatest whole number not above the value.", _keeping_infinity(math.floor))
_unary("ceil", "The least whole number not below the value.", _keeping_infinity(math.ceil))
_unary("round", "The nearest whole number, halves away from zero.", _keeping_infinity(_half_away_from_zero))
_unary("sin", "The sine of an angle in radians.", _finite(math.sin))
_unary("cos", "The cosine of an angle in radians.", _finite(math.cos))
_unary("tan", "The tangent of an angle in radians.", _finite(math.tan))
_unary("exp", "E to the power of the value.", _exponential)
_unary("sqrt", "The square root.", _square_root)
_unary("log", "The natural logarithm.", _logarithm)


def _binary(name: str, documentation: str, function: Callable[[float, float], float]) -> None:
    def apply(machine: Machine, arguments: list[Any]) -> Value:
        if not all([is_number(argument) for argument in arguments]):
            raise RuffError(f"{name}() expects numeric arguments")
        return function(float(arguments[0]), float(arguments[1]))

    apply.__doc__ = documentation
    builtin(name, 2, arity_message="{name}() expects 2 arguments")(apply)


def _power(base: float, exponent: float) -> float:
    is_odd = math.isfinite(exponent) and math.fmod(exponent, 2) in (1.0, -1.0)
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and is_odd else math.inf
    except ValueError:
        if base == 0:
            return math.copysign(math.inf, base) if is_odd else math.inf
        return math.nan


def _smaller(left: float, right: float) -> float:
    if math.isnan(left) or math.isnan(right):
        return right if math.isnan(left) else left
    return min(left, right)


def _greater(left: float, right: float) -> float:
    if math.isnan(left) or math.isnan(right):
        return right if math.isnan(left) else left
    return max(left, right)


_binary("pow", "Base to the power of exponent.", _power)
_binary("min", "The smaller of two numbers, as a float.", _smaller)
_binary("max", "The greater of two numbers, as a float.", _greater)


def _signed(value: int) -> int:
    """The low 64 bits of `value` as a signed int."""
    low = value & (2**64 - 1)
    return low - 2**64 if low >= 2**63 else low


def _demand_int(name: str, label: str, value: Value) -> None:
    if type(value) is not int:
        raise RuffError(f"{name}() expects integer argument '{label}' , got {debug_text(value)}")


def _bitwise(name: str, documentation: str, function: Callable[[int, int], int]) -> None:
    def apply(machine: Machine, arguments: list[Any]) -> Value:
        _demand_int(name, "left", arguments[0])
        _demand_int(name, "right", arguments[1])
        return function(arguments[0], arguments[1])

    apply.__doc__ = documentation
    builtin(name, 2)(apply)


def _shift(name: str, documentation: str, function: Callable[[int, int], int]) -> None:
    def apply(machine: Machine, arguments: list[Any]) -> Value:
        _demand_int(name, "value", arguments[0])
        _demand_int(name, "shift", arguments[1])
        if not 0 <= arguments[1] <= 63:
            raise RuffError(f"{name}() expects a shift amount between 0 and 63")
        return _signed(function(arguments[0], arguments[1]))

    apply.__doc__ = documentation
    builtin(name, 2)(apply)


_bitwise("bit_and", "Bitwise and.", lambda left, right: left & right)
_bitwise("bit_or", "Bitwise or.", lambda left, right: left | right)
_bitwise("bit_xor", "Bitwise exclusive or.", lambda left, right: left ^ right)
_shift("bit_shl", "Left shift inside 64 bits.", lambda value, shift: value << shift)
_shift("bit_shr", "Arithmetic right shift.", lambda value, shift: value >> shift)


@builtin("bit_not", 1)
def bit_not(machine: Machine, arguments: list[Any]) -> Value:
    """Bitwise complement."""
    _demand_int("bit_not", "value", arguments[0])
    return ~int(arguments[0])
