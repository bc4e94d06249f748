"""What operators do beyond numbers: strings, structs that overload them, and errors.

Everything here is out of line; the fast cases are in `arithmetic` and `comparison`.
"""

from __future__ import annotations

from rufflang.interpreter.calling import call_method_value
from rufflang.lowpy import (
    Raised,
    cast,
    function,
    i64,
    literal,
    literal_size,
    word,
)
from rufflang.runtime.dicts_finding import dict_get
from rufflang.runtime.equality import values_equal
from rufflang.runtime.errors import raise_message
from rufflang.runtime.objects import StructObject
from rufflang.runtime.structs import is_overloaded
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.text_builder import (
    TextBuilder,
    builder_append,
    builder_append_int,
    builder_append_string,
    builder_finish,
    builder_new,
)
from rufflang.runtime.truth import truthy
from rufflang.runtime.type_names import operand_name
from rufflang.runtime.values import ERROR, STRING, UNBOUND, Value, bool_value
from rufflang.runtime.vm import VM

# Numbers of the overloadable operators; `VM.operator_methods[n]` is the method's name.
OP_ADD = 0
OP_SUB = 1
OP_MUL = 2
OP_DIV = 3
OP_MOD = 4
OP_EQ = 5
OP_NE = 6
OP_LT = 7
OP_LE = 8
OP_GT = 9
OP_GE = 10
OP_NEG = 11
OP_NOT = 12
OPERATOR_METHODS = (
    "op_add", "op_sub", "op_mul", "op_div", "op_mod", "op_eq", "op_ne",
    "op_lt", "op_le", "op_gt", "op_ge", "op_neg", "op_not",
)  # fmt: skip
OPERATOR_SIGNS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "-", "!")


@function
def find_operator(vm: VM, operand: Value, operator: i64) -> Value:
    """The struct's method for an operator, or UNBOUND."""
    if not is_overloaded(operand):
        return Value(UNBOUND, 0)
    definition = definition_of(vm, cast(StructObject, operand.payload))
    name = Value(STRING, word(vm.operator_methods[operator]))
    slot = dict_get(definition.method_slots, name)
    if slot.tag == UNBOUND:
        return slot
    return definition.methods.items[slot.payload]


@function(cold=True)
def raise_overflow(vm: VM, left: i64, operator: i64, right: i64) -> Raised:
    text = builder_new(vm)
    builder_append(vm, text, literal("Integer overflow: "), literal_size("Integer overflow: "))
    builder_append_int(vm, text, left)
    append_sign(vm, text, operator)
    builder_append_int(vm, text, right)
    return raise_message(vm, builder_finish(vm, text))


@function(cold=True)
def raise_negation_overflow(vm: VM) -> Raised:
    text = builder_new(vm)
    message = literal("Integer overflow: -(-9223372036854775808)")
    builder_append(vm, text, message, literal_size("Integer overflow: -(-9223372036854775808)"))
    return raise_message(vm, builder_finish(vm, text))


@function
def append_sign(vm: VM, text: TextBuilder, operator: i64) -> None:
    builder_append(vm, text, literal(" "), 1)
    builder_append_string(vm, text, vm.operator_signs[operator])
    builder_append(vm, text, literal(" "), 1)


@function(cold=True)
def raise_invalid_binary(vm: VM, left: Value, operator: i64, right: Value) -> Raised:
    text = builder_new(vm)
    builder_append(vm, text, literal("Invalid binary operation: "), literal_size("Invalid binary operation: "))
    builder_append_string(vm, text, operand_name(vm, left))
    append_sign(vm, text, operator)
    builder_append_string(vm, text, operand_name(vm, right))
    return raise_message(vm, builder_finish(vm, text))


@function(cold=True)
def raise_invalid_unary(vm: VM, operator: i64, operand: Value) -> Raised:
    text = builder_new(vm)
    builder_append(vm, text, literal("Invalid unary operation:"), literal_size("Invalid unary operation:"))
    append_sign(vm, text, operator)
    builder_append_string(vm, text, operand_name(vm, operand))
    return raise_message(vm, builder_finish(vm, text))


@function
def binary_other(vm: VM, operator: i64, left: Value, right: Value) -> Value:
    """An arithmetic operator on anything but two numbers, or two strings that are added."""
    method = find_operator(vm, left, operator)
    if method.tag != UNBOUND:
        return call_method_value(vm, method, left, right, 1)
    return raise_invalid_binary(vm, left, operator, right)


@function
def unary_other(vm: VM, operator: i64, operand: Value) -> Value:
    """Unary `-` or `!` on anything but a number or bool."""
    method = find_operator(vm, operand, operator)
    if method.tag != UNBOUND:
        return call_method_value(vm, method, operand, Value(UNBOUND, 0), 0)
    return raise_invalid_unary(vm, operator, operand)


@function
def order_other(vm: VM, operator: i64, left: Value, right: Value) -> Value:
    """`< <= > >=` on anything but two numbers or two strings."""
    method = find_operator(vm, left, operator)
    if method.tag != UNBOUND:
        return call_method_value(vm, method, left, right, 1)
    return raise_invalid_binary(vm, left, operator, right)


@function
def equal_other(vm: VM, left: Value, right: Value, negated: bool) -> Value:
    """`==` or `!=` on anything but two ints; `op_ne` falls back on `op_eq`, then on structure."""
    if is_overloaded(left):
        method = find_operator(vm, left, OP_NE if negated else OP_EQ)
        if method.tag != UNBOUND:
            result = call_method_value(vm, method, left, right, 1)
            return result if result.tag == ERROR else bool_value(truthy(result))
        if negated:
            method = find_operator(vm, left, OP_EQ)
            if method.tag != UNBOUND:
                result = call_method_value(vm, method, left, right, 1)
                return result if result.tag == ERROR else bool_value(not truthy(result))
    return bool_value(values_equal(vm, left, right) != negated)
