"""What `+ - * / %`, unary `-` and `!` mean.

Ints and floats are decided here, inline, so that a caller who knows the tags keeps only the
one machine instruction it needs; every other case is a call.
"""

from __future__ import annotations

from rufflang.interpreter.overloading import (
    OP_ADD,
    OP_DIV,
    OP_MOD,
    OP_MUL,
    OP_NEG,
    OP_NOT,
    OP_SUB,
    binary_other,
    raise_negation_overflow,
    raise_overflow,
    unary_other,
)
from rufflang.interpreter.table import opcode
from rufflang.lowpy import (
    Raised,
    add_overflow,
    divide_truncated,
    f64,
    float_remainder,
    function,
    likely,
    literal,
    literal_size,
    mul_overflow,
    remainder_truncated,
    sub_overflow,
    unlikely,
)
from rufflang.runtime.errors import add_strings, raise_text
from rufflang.runtime.strings import as_string
from rufflang.runtime.values import BOOL, FLOAT, INT, STRING, Value, as_float, bool_value, float_value, int_value
from rufflang.runtime.vm import VM

LEAST = -(1 << 63)


@function(inline=True)
def is_number(value: Value) -> bool:
    return value.tag == INT or value.tag == FLOAT


@function(inline=True)
def are_numbers(left: Value, right: Value) -> bool:
    """Whether both are; two doubles are recognised first, as they need no conversion."""
    return (left.tag == FLOAT and right.tag == FLOAT) or (is_number(left) and is_number(right))


@function(inline=True)
def number(value: Value) -> f64:
    """An int or float as a double, which it is mostly already."""
    if likely(value.tag == FLOAT):
        return as_float(value)
    return f64(value.payload)


@opcode("ADD", "ADD_IMM")
@function
def add(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        total, overflowed = add_overflow(left.payload, right.payload)
        if unlikely(overflowed):
            return raise_overflow(vm, left.payload, OP_ADD, right.payload)
        return int_value(total)
    if are_numbers(left, right):
        return float_value(number(left) + number(right))
    if left.tag == STRING and right.tag == STRING:
        return add_strings(vm, as_string(left), as_string(right))
    return binary_other(vm, OP_ADD, left, right)


@opcode("SUB", "SUB_IMM")
@function
def subtract(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        difference, overflowed = sub_overflow(left.payload, right.payload)
        if unlikely(overflowed):
            return raise_overflow(vm, left.payload, OP_SUB, right.payload)
        return int_value(difference)
    if are_numbers(left, right):
        return float_value(number(left) - number(right))
    return binary_other(vm, OP_SUB, left, right)


@opcode("MUL")
@function
def multiply(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        product, overflowed = mul_overflow(left.payload, right.payload)
        if unlikely(overflowed):
            return raise_overflow(vm, left.payload, OP_MUL, right.payload)
        return int_value(product)
    if are_numbers(left, right):
        return float_value(number(left) * number(right))
    return binary_other(vm, OP_MUL, left, right)


@function(cold=True)
def raise_division(vm: VM) -> Raised:
    return raise_text(vm, literal("Division by zero"), literal_size("Division by zero"))


@function(cold=True)
def raise_modulo(vm: VM) -> Raised:
    return raise_text(vm, literal("Modulo by zero"), literal_size("Modulo by zero"))


@opcode("DIV")
@function
def divide(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        if unlikely(right.payload == 0):
            return raise_division(vm)
        if unlikely(right.payload == -1 and left.payload == LEAST):
            return raise_overflow(vm, left.payload, OP_DIV, right.payload)
        return int_value(divide_truncated(left.payload, right.payload))
    if are_numbers(left, right):
        if unlikely(number(right) == 0.0):
            return raise_division(vm)
        return float_value(number(left) / number(right))
    return binary_other(vm, OP_DIV, left, right)


@opcode("MOD")
@function
def modulo(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        if unlikely(right.payload == 0):
            return raise_modulo(vm)
        if unlikely(right.payload == -1 and left.payload == LEAST):
            return raise_overflow(vm, left.payload, OP_MOD, right.payload)
        return int_value(remainder_truncated(left.payload, right.payload))
    if are_numbers(left, right):
        if unlikely(number(right) == 0.0):
            return raise_modulo(vm)
        return float_value(float_remainder(number(left), number(right)))
    return binary_other(vm, OP_MOD, left, right)


@opcode("NEG")
@function
def negate(vm: VM, operand: Value) -> Value:
    if operand.tag == INT:
        if unlikely(operand.payload == LEAST):
            return raise_negation_overflow(vm)
        return int_value(0 - operand.payload)
    if operand.tag == FLOAT:
        return float_value(-as_float(operand))
    return unary_other(vm, OP_NEG, operand)


@opcode("NOT")
@function
def logical_not(vm: VM, operand: Value) -> Value:
    if operand.tag == BOOL:
        return bool_value(operand.payload == 0)
    return unary_other(vm, OP_NOT, operand)
