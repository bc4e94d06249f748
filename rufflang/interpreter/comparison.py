"""What `== != < <= > >=` and truthiness mean."""

from __future__ import annotations

from rufflang.interpreter.arithmetic import are_numbers, number
from rufflang.interpreter.overloading import OP_GE, OP_GT, OP_LE, OP_LT, equal_other, order_other
from rufflang.interpreter.table import opcode
from rufflang.lowpy import absolute, f64, function, i64
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_comparing import equal_beginnings, string_compare, string_equal
from rufflang.runtime.structs import is_overloaded
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import BOOL, FLOAT, INT, NULL, STRING, Value, as_float, bool_value
from rufflang.runtime.vm import VM

EPSILON = 2.220446049250313e-16
INFINITY = float("inf")


@function(inline=True)
def floats_equal(left: f64, right: f64) -> bool:
    """Equality with the language's tolerance; infinities equal themselves, NaN nothing."""
    return left == right or (absolute(left - right) < EPSILON and absolute(left) < INFINITY)


@function(inline=True)
def strings_equal(left: Value, right: Value) -> bool:
    """Equality of two strings, most of which differ in their length or first word, or are one."""
    a = as_string(left)
    b = as_string(right)
    if a == b:
        return True
    return a.byte_count == b.byte_count and equal_beginnings(a, b) and string_equal(a, b)


@function(inline=True)
def string_order(left: Value, right: Value) -> i64:
    """`string_compare` of two strings, most of which differ in their first byte."""
    a = as_string(left)
    b = as_string(right)
    if a.byte_count != 0 and b.byte_count != 0 and a.data[0] != b.data[0]:
        return i64(a.data[0]) - i64(b.data[0])
    return string_compare(a, b)


@opcode("EQ")
@function
def equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload == right.payload)
    if left.tag == FLOAT and right.tag == FLOAT:
        return bool_value(floats_equal(as_float(left), as_float(right)))
    if left.tag == BOOL and right.tag == BOOL:
        return bool_value(left.payload == right.payload)
    if left.tag == STRING and right.tag == STRING:
        return bool_value(strings_equal(left, right))
    if (left.tag == NULL or right.tag == NULL) and not is_overloaded(left):
        return bool_value(left.tag == right.tag)
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
    if left.tag == STRING and right.tag == STRING:
        return bool_value(not strings_equal(left, right))
    if (left.tag == NULL or right.tag == NULL) and not is_overloaded(left):
        return bool_value(left.tag != right.tag)
    return equal_other(vm, left, right, True)


@opcode("LT")
@function
def less(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload < right.payload)
    if are_numbers(left, right):
        return bool_value(number(left) < number(right))
    if left.tag == STRING and right.tag == STRING:
        return bool_value(string_order(left, right) < 0)
    return order_other(vm, OP_LT, left, right)


@opcode("LE")
@function
def less_or_equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload <= right.payload)
    if are_numbers(left, right):
        return bool_value(number(left) <= number(right))
    if left.tag == STRING and right.tag == STRING:
        return bool_value(string_order(left, right) <= 0)
    return order_other(vm, OP_LE, left, right)


@opcode("GT")
@function
def greater(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload > right.payload)
    if are_numbers(left, right):
        return bool_value(number(left) > number(right))
    if left.tag == STRING and right.tag == STRING:
        return bool_value(string_order(left, right) > 0)
    return order_other(vm, OP_GT, left, right)


@opcode("GE")
@function
def greater_or_equal(vm: VM, left: Value, right: Value) -> Value:
    if left.tag == INT and right.tag == INT:
        return bool_value(left.payload >= right.payload)
    if are_numbers(left, right):
        return bool_value(number(left) >= number(right))
    if left.tag == STRING and right.tag == STRING:
        return bool_value(string_order(left, right) >= 0)
    return order_other(vm, OP_GE, left, right)


@opcode("TRUTH")
@function
def truth(vm: VM, operand: Value) -> Value:
    return bool_value(truthy(operand))
