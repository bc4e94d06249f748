"""`for` loops and matching as opcodes."""

from __future__ import annotations

from rufflang.bytecode.chunk import GENERATOR as GENERATOR_FUNCTION
from rufflang.interpreter.calling import call_value
from rufflang.interpreter.comparison import strings_equal
from rufflang.interpreter.feedback import record_asking, record_storage
from rufflang.interpreter.table import opcode
from rufflang.lowpy import (
    Ptr,
    Raised,
    Record,
    add_overflow,
    cast,
    element,
    function,
    i64,
    literal,
    offset,
    select,
    u64,
    word,
)
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_entries import entry_key
from rufflang.runtime.equality import values_equal
from rufflang.runtime.errors import raise_literal
from rufflang.runtime.iteration import iteration_next_slowly, iteration_start
from rufflang.runtime.iterators import next_item
from rufflang.runtime.numbers import int_text
from rufflang.runtime.objects import FunctionObject, TaggedObject
from rufflang.runtime.strings import FIRST_BEYOND_ASCII, as_string, character_size, string_value
from rufflang.runtime.strings_characters import character_string
from rufflang.runtime.values import (
    ARRAY,
    DICT,
    ERROR,
    FLOAT,
    FUNCTION,
    GENERATOR,
    INT,
    ITERATOR,
    STRING,
    TAGGED,
    UNBOUND,
    Value,
    as_float,
    int_value,
)
from rufflang.runtime.vm import VM


class Iteration(Record):
    """One step of a loop: the item (UNBOUND at the end, ERROR on failure) and the position after it."""

    raised = (ERROR, 0, 0)

    tag: i64
    payload: i64
    position: i64


class RangeBounds(Record):
    """The state of a loop over `range(…)`."""

    raised = (0, 0, 0)

    start: i64
    stop: i64
    step: i64


@function(inline=True)
def no_item() -> Iteration:
    return Iteration(UNBOUND, 0, 0)


@opcode("FOR_PREPARE")
@function
def for_prepare(vm: VM, iterable: Value) -> Value:
    """The position before the first item, kept in A+1.

    A generator function is called here; the generator stands in place of the position, as a
    plain number, which the collector takes for the pointer that it is.
    """
    if iterable.tag == GENERATOR:
        return int_value(0)
    if iterable.tag == FUNCTION:
        proto = cast(FunctionObject, iterable.payload).proto
        if proto.kind == GENERATOR_FUNCTION and proto.parameter_count == 0:
            generator = call_value(vm, iterable, vm.scratch, 0)
            return generator if generator.tag == ERROR else int_value(generator.payload)
    return iteration_start(vm, iterable)


@function(inline=True)
def for_item(vm: VM, iterable: Value, position: Value) -> Iteration:
    """Ints, arrays, keys and ASCII characters are given right here, the rest by the runtime."""
    index = position.payload
    if iterable.tag == INT:
        if index >= iterable.payload:
            return no_item()
        return Iteration(INT, index, index + 1)
    if iterable.tag == ARRAY:
        array = as_array(iterable)
        if index >= array.length:
            return no_item()
        item = array_get(array, index)
        return Iteration(item.tag, item.payload, index + 1)
    if iterable.tag == DICT:
        table = as_dict(iterable)
        if index < table.used:
            key = entry_key(table, index)
            if key.tag == STRING:
                return Iteration(STRING, key.payload, index + 1)
            if key.tag == INT:
                return Iteration(STRING, word(int_text(vm, key.payload)), index + 1)
    if iterable.tag == STRING:
        text = as_string(iterable)
        if index >= text.byte_count:
            return no_item()
        first = text.data[index]
        if first < FIRST_BEYOND_ASCII:
            return Iteration(STRING, word(vm.ascii_strings[i64(first)]), index + 1)
        character = character_string(vm, offset(text.data, index))
        return Iteration(STRING, word(character), index + character_size(first))
    return for_next_other(vm, iterable, position)


@opcode("FOR_NEXT", without_feedback=for_item)
@function
def for_next(vm: VM, iterable: Value, position: Value, cache: Ptr[u64]) -> Iteration:
    if iterable.tag == ARRAY and position.payload < as_array(iterable).length:
        record_storage(cache, iterable)
    elif iterable.tag == GENERATOR:
        record_asking(cache)
    return for_item(vm, iterable, position)


@function
def for_next_other(vm: VM, iterable: Value, position: Value) -> Iteration:
    if iterable.tag == GENERATOR or iterable.tag == ITERATOR:
        item = next_item(vm, iterable)
        return Iteration(item.tag, item.payload, 0)
    if iterable.tag == FUNCTION:
        item = next_item(vm, Value(GENERATOR, position.payload))
        return Iteration(item.tag, item.payload, position.payload)
    state = vm.scratch
    state[0] = iterable
    state[1] = position
    if not iteration_next_slowly(vm, state, element(state, 2)):
        return no_item()
    return Iteration(state[2].tag, state[2].payload, state[1].payload)


@function(cold=True)
def raise_range_type(vm: VM) -> Raised:
    return raise_literal(vm, literal("range() requires numeric arguments"))


@function(cold=True)
def raise_range_step(vm: VM) -> Raised:
    return raise_literal(vm, literal("range() step cannot be zero"))


@function(inline=True)
def whole(value: Value) -> i64:
    """A number as an int; floats are truncated."""
    return i64(as_float(value)) if value.tag == FLOAT else value.payload


@function(inline=True)
def is_numeric(value: Value) -> bool:
    return value.tag == INT or value.tag == FLOAT


@opcode("RANGE_PREPARE")
@function
def range_prepare(vm: VM, first: Value, second: Value, third: Value, count: i64) -> RangeBounds:
    """The checked bounds of `range` with the first `count` values as arguments."""
    if not is_numeric(first) or (count > 1 and not is_numeric(second)) or (count > 2 and not is_numeric(third)):
        return raise_range_type(vm)
    if count == 1:
        return RangeBounds(0, whole(first), 1)
    if count == 2:
        return RangeBounds(whole(first), whole(second), 1)
    step = whole(third)
    if step == 0:
        return raise_range_step(vm)
    return RangeBounds(whole(first), whole(second), step)


@opcode("RANGE_NEXT")
@function
def range_next(vm: VM, current: Value, stop: Value, step: Value) -> Iteration:
    item = current.payload
    if step.payload > 0:
        if item >= stop.payload:
            return no_item()
    elif item <= stop.payload:
        return no_item()
    following, overflowed = add_overflow(item, step.payload)
    return Iteration(INT, item, select(overflowed, stop.payload, following))


@opcode("JUMP_IF_NOT_MATCH")
@function
def jump_if_not_match(vm: VM, subject: Value, constant: Value) -> bool:
    if subject.tag == INT and constant.tag == INT:
        return subject.payload != constant.payload
    if subject.tag == STRING and constant.tag == STRING:
        return not strings_equal(subject, constant)
    return not values_equal(vm, subject, constant)


@opcode("JUMP_IF_NOT_TAG")
@function
def jump_if_not_tag(vm: VM, subject: Value, name: Value) -> bool:
    if subject.tag != TAGGED:
        return True
    return not strings_equal(string_value(cast(TaggedObject, subject.payload).name), name)
