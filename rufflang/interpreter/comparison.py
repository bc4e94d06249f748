"""What `== != < <= > >=` and truthiness mean."""

from __future__ import annotations

from rufflang.interpreter.arithmetic import is_number, number
from rufflang.interpreter.overloading import OP_GE, OP_GT, OP_LE, OP_LT, equal_other, order_other
from rufflang.interpreter.table import opcode
from rufflang.lowpy import absolute, f64, function
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import BOOL, FLOAT, INT, NULL, Value, as_float, bool_value
from rufflang.runtime.vm import VM

EPSILON = 2.220446049250313e-16
INFINITY = float("inf")


@function(inline=True)
def floats_equal(left: f64, right: f64) -> bool:
    """Equality with the language's tolerance; infinities equal themselves, NaN nothing."""
    return left == right or (absolute(left - right) < EPSILON and absolute(left) < INFINITY)


@opcode("EQ")
@function
def equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload == right.payload)
    if left.tag == FLOAT and right.tag == FLOAT:
        return bool_value(floats_equal(as_float(left), as_float(right)))
    if left.tag == BOOL and right.tag == BOOL:
        return bool_value(left.payload == right.payload)
    if left.tag == NULL and right.tag == NULL:
        return bool_value(True)
    return equal_other(vm, left, right, False)


@opcode("NE")
@function
def not_equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload != right.payload)
    if left.tag == FLOAT and right.tag == FLOAT:
        return bool_value(not floats_equal(as_float(left), as_float(right)))
    if left.tag == BOOL and right.tag == BOOL:
        return bool_value(left.payload != right.payload)
    if left.tag == NULL and right.tag == NULL:
        return bool_value(False)
    return equal_other(vm, left, right, True)


@opcode("LT")
@function
def less(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload < right.payload)
    if is_number(left) and is_number(right):
        return bool_value(number(left) < number(right))
    return order_other(vm, OP_LT, left, right)


@opcode("LE")
@function
def less_or_equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload <= right.payload)
    if is_number(left) and is_number(right):
        return bool_value(number(left) <= number(right))
    return order_other(vm, OP_LE, left, right)


@opcode("GT")
@function
def greater(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload > right.payload)
    if is_number(left) and is_number(right):
        return bool_value(number(left) > number(right))
    return order_other(vm, OP_GT, left, right)


@opcode("GE")
@function
def greater_or_equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload >= right.payload)
    if is_number(left) and is_number(right):
        return bool_value(number(left) >= number(right))
    return order_other(vm, OP_GE, left, right)


@opcode("TRUTH")
@function
def truth(vm: VM, operand: Value) -> Value:
    return bool_value(truthy(operand))
