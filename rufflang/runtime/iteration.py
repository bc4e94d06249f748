"""`for` loops over values: the state of a loop is the iterated value and a position."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, literal_size, offset
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.byte_strings import as_bytes
from rufflang.runtime.dicts import as_dict, next_entry
from rufflang.runtime.dicts_entries import entry_key
from rufflang.runtime.dicts_keys import key_string
from rufflang.runtime.errors import raise_text
from rufflang.runtime.sets_table import as_set, next_element
from rufflang.runtime.sharing import share
from rufflang.runtime.strings import as_string, character_size, string_value
from rufflang.runtime.strings_characters import character_string
from rufflang.runtime.values import (
    ARRAY,
    BYTES,
    DICT,
    FLOAT,
    GENERATOR,
    INT,
    ITERATOR,
    QUEUE,
    SET,
    STACK,
    STRING,
    STRUCT,
    Value,
    as_float,
    int_value,
    is_container,
)
from rufflang.runtime.vm import VM

_NOT_ITERABLE = "Cannot iterate over non-iterable type"


@function
def iteration_start(vm: VM, value: Value) -> Value:
    """The position before the first item of an iterable, or ERROR."""
    tag = value.tag
    if tag == INT or tag == FLOAT or tag == STRING or tag == BYTES or (tag != STRUCT and is_container(value)):
        return int_value(0)
    if tag == GENERATOR or tag == ITERATOR:
        return int_value(0)
    return raise_text(vm, literal(_NOT_ITERABLE), literal_size(_NOT_ITERABLE))


@function(inline=True)
def iteration_next(vm: VM, state: Ptr[Value], out: Ptr[Value]) -> bool:
    """Puts the next item of the loop over state[0] at position state[1] into out[0]; False at the end."""
    iterable = state[0]
    position = state[1].payload
    if iterable.tag == INT:
        if position >= iterable.payload:
            return False
        state[1] = int_value(position + 1)
        out[0] = int_value(position)
        return True
    if iterable.tag == ARRAY:
        if position >= as_array(iterable).length:
            return False
        item = array_get(as_array(iterable), position)
        share(item)
        state[1] = int_value(position + 1)
        out[0] = item
        return True
    if not iteration_next_slowly(vm, state, out):
        return False
    share(out[0])
    return True


@function
def iteration_next_slowly(vm: VM, state: Ptr[Value], out: Ptr[Value]) -> bool:
    """`iteration_next` over everything but ints and arrays; a container is borrowed, not marked."""
    iterable = state[0]
    position = state[1].payload
    if iterable.tag == QUEUE or iterable.tag == STACK or iterable.tag == SET:
        return _next_element(state, out)
    if iterable.tag == STRING:
        text = as_string(iterable)
        if position >= text.byte_count:
            return False
        end = position + character_size(text.data[position])
        state[1] = int_value(end)
        out[0] = string_value(character_string(vm, offset(text.data, position)))
        return True
    if iterable.tag == DICT:
        entry = next_entry(as_dict(iterable), position)
        if entry < 0:
            return False
        state[1] = int_value(entry + 1)
        out[0] = string_value(key_string(vm, entry_key(as_dict(iterable), entry)))
        return True
    if iterable.tag == BYTES:
        if position >= as_bytes(iterable).byte_count:
            return False
        state[1] = int_value(position + 1)
        out[0] = int_value(i64(as_bytes(iterable).data[position]))
        return True
    if position >= i64(as_float(iterable)):
        return False
    state[1] = int_value(position + 1)
    out[0] = int_value(position)
    return True


@function
def _next_element(state: Ptr[Value], out: Ptr[Value]) -> bool:
    """The next element of a set, queue or stack."""
    iterable = state[0]
    position = state[1].payload
    if iterable.tag == SET:
        position = next_element(as_set(iterable), position)
        if position < 0:
            return False
        out[0] = as_set(iterable).items[position]
    else:
        if position >= as_array(iterable).length:
            return False
        out[0] = array_get(as_array(iterable), position)
    state[1] = int_value(position + 1)
    return True
