"""`for` loops and matching as opcodes."""

from __future__ import annotations

from rufflang.interpreter.table import opcode
from rufflang.lowpy import Ptr, Raised, add_overflow, cast, element, function, i64, literal, literal_size
from rufflang.runtime.equality import values_equal
from rufflang.runtime.errors import raise_text
from rufflang.runtime.iteration import iteration_next, iteration_start
from rufflang.runtime.objects import StringObject, TaggedObject
from rufflang.runtime.strings import string_equal
from rufflang.runtime.values import ERROR, FLOAT, INT, TAGGED, UNBOUND, Value, as_float
from rufflang.runtime.vm import VM


@opcode("FOR_PREPARE")
@function
def for_prepare(vm: VM, state: Ptr[Value]) -> Value:
    position = iteration_start(vm, state[0])
    if position.tag == ERROR:
        return position
    state[1] = position
    return state[0]


@opcode("FOR_NEXT")
@function
def for_next(vm: VM, out: Ptr[Value]) -> Value:
    """The next item, or UNBOUND at the end; ints and ranges of them are counted right here."""
    if out[0].tag == INT:
        position = out[1].payload
        if position >= out[0].payload:
            return Value(UNBOUND, 0)
        out[1] = Value(INT, position + 1)
        return Value(INT, position)
    if not iteration_next(vm, out, element(out, 2)):
        return Value(UNBOUND, 0)
    return out[2]


@function(cold=True)
def raise_range_type(vm: VM) -> Raised:
    return raise_text(vm, literal("range() requires numeric arguments"), literal_size("range() requires numeric arguments"))


@function(cold=True)
def raise_range_step(vm: VM) -> Raised:
    return raise_text(vm, literal("range() step cannot be zero"), literal_size("range() step cannot be zero"))


@function
def whole(value: Value) -> i64:
    """A number as an int; floats are truncated."""
    return i64(as_float(value)) if value.tag == FLOAT else value.payload


@function
def is_numeric(value: Value) -> bool:
    return value.tag == INT or value.tag == FLOAT


@opcode("RANGE_PREPARE")
@function
def range_prepare(vm: VM, state: Ptr[Value], count: i64) -> Value:
    for index in range(count):
        if not is_numeric(state[index]):
            return raise_range_type(vm)
    start: i64 = 0
    stop = whole(state[0])
    step: i64 = 1
    if count > 1:
        start = stop
        stop = whole(state[1])
    if count > 2:
        step = whole(state[2])
        if step == 0:
            return raise_range_step(vm)
    state[1] = Value(INT, stop)
    state[2] = Value(INT, step)
    return Value(INT, start)


@opcode("RANGE_NEXT")
@function
def range_next(vm: VM, out: Ptr[Value]) -> Value:
    current = out[0].payload
    stop = out[1].payload
    step = out[2].payload
    if (step > 0 and current >= stop) or (step < 0 and current <= stop):
        return Value(UNBOUND, 0)
    following, overflowed = add_overflow(current, step)
    out[0] = Value(INT, stop if overflowed else following)
    return Value(INT, current)


@opcode("JUMP_IF_NOT_MATCH")
@function
def jump_if_not_match(vm: VM, subject: Value, constant: Value) -> bool:
    if subject.tag == INT and constant.tag == INT:
        return subject.payload != constant.payload
    return not values_equal(vm, subject, constant)


@opcode("JUMP_IF_NOT_TAG")
@function
def jump_if_not_tag(vm: VM, subject: Value, name: StringObject) -> bool:
    if subject.tag != TAGGED:
        return True
    return not string_equal(cast(TaggedObject, subject.payload).name, name)
