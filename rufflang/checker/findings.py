"""What the checker has to say: one finding for each row of the table of messages."""

from __future__ import annotations

from dataclasses import dataclass

from rufflang.checker.types import BOOL, FLOAT, INT, STRING, FunctionType, Type
from rufflang.syntax.spans import Span

TYPE_ERROR = "Type Error"
UNDEFINED_FUNCTION = "Undefined Function"

_CONVERSIONS: dict[Type, str] = {INT: "to_int", FLOAT: "to_float", STRING: "to_string", BOOL: "to_bool"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning: where, its kind, its message, and what could be done about it.

    `unknown_name` is the name of an undefined function, for which a spelling may be suggested.
    """

    span: Span
    message: str
    hint: str | None
    kind: str = TYPE_ERROR
    unknown_name: str | None = None


def wrong_declaration(span: Span, kind: str, name: str, declared: Type, actual: Type) -> Finding:
    """`kind` is `let`, `mut` or `const`."""
    what = "constant" if kind == "const" else "variable"
    hint = "Remove the annotation or convert the value"
    if kind == "const":
        hint = "Initialise the constant with a value of the declared type"
    return Finding(span, f"Type mismatch: {what} '{name}' declared as {declared} but assigned {actual}", hint)


def wrong_assignment(span: Span, name: str, declared: Type, actual: Type) -> Finding:
    conversion = _CONVERSIONS.get(declared)
    hint = f"Convert the value with {conversion}()" if conversion else "Assign a value of the declared type"
    return Finding(
        span, f"Type mismatch: cannot assign {actual} to variable '{name}' of type {declared}", hint
    )


def wrong_return(span: Span, declared: Type, actual: Type) -> Finding:
    return Finding(
        span, f"Return type mismatch: expected {declared} but got {actual}", "Return a value of the declared type"
    )


def wrong_comparison(span: Span, op: str, left: Type, right: Type) -> Finding:
    return Finding(
        span, f"Comparison '{op}' between incompatible types: {left} and {right}", "Convert one of the two sides"
    )


def wrong_operands(span: Span, op: str, left: Type, right: Type) -> Finding:
    hint = "Use interpolation or to_string() to join texts" if STRING in (left, right) and op == "+" else None
    return Finding(span, f"Binary operation '{op}' with incompatible types: {left} and {right}", hint)


def wrong_count(span: Span, function: str, least: int, most: int, actual: int) -> Finding:
    return Finding(span, f"Function '{function}' expects {least}-{most} arguments but got {actual}", None)


def wrong_argument(span: Span, function: str, number: int, expected: Type, actual: Type) -> Finding:
    """`number` counts from 1."""
    hint = None if isinstance(actual, FunctionType) else "Convert the argument or change the annotation"
    return Finding(
        span, f"Function '{function}' parameter {number} expects {expected} but got {actual}", hint
    )


def undefined_function(span: Span, name: str) -> Finding:
    return Finding(span, f"Undefined function '{name}'", None, UNDEFINED_FUNCTION, name)


def wrong_spread(span: Span, container: str, actual: Type) -> Finding:
    """`container` is `Array` or `Dict`."""
    return Finding(span, f"{container} spread expects {container} value, got {actual}", None)


def wrong_string_index(span: Span) -> Finding:
    return Finding(span, "String index access expects integer index", "Use an int as the index")


def wrong_try(span: Span) -> Finding:
    return Finding(
        span, "Try operator (?) can only be used on Result values", "Put Ok(), Err() or an option in front of '?'"
    )
