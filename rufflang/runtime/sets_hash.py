"""Hashes under which sets find their elements: equal values have equal hashes, in spite of tolerance.

Equality is not exact for floats (less than 2 ** -52 apart) nor for ints beside floats, so it
is not even transitive.  Hashes are right nevertheless, for these reasons:

- An int counts as the float it would be converted to; ints up to 2 ** 53 are exact, so two
  different ones never meet under one float.  Larger ints share a hash with those of the same float.
- From 2 on neighbouring floats are at least 2 ** -51 apart: equality means the same number.
- Below 2 the hash of a number is that of its *cell*, an interval eight tolerances wide.  What equals
  a number lies between it minus and plus the tolerance, hence in the cells of these two
  (rounding keeps the order), which are mostly one cell: a search looks in both (`leaf_hashes`).
  Unequal numbers are a tolerance apart, so a cell holds at most nine elements.
- A nested value cannot be searched in every combination of cells.  Numbers *inside* it that are within
  1 of 0, the only ones with a neighbour in reach, all hash alike in a *coarse* set.  Before a
  float of that size turns up in an element or in a value looked for, a set is fine: it then
  has exact numbers only, and 0 and 1 inside nested elements hash differently.
- Dicts, structs and sets add up the hashes of their parts, as the order of these does not matter.

Below a depth of eight, parts hash by their kind alone.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Record,
    absolute,
    bits_of,
    cast,
    f64,
    floor,
    function,
    i64,
    multiply_high,
    select,
    truncate,
    u64,
)
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.objects import NONE_VARIANT, BoxObject, SetObject, StringObject, TaggedObject
from rufflang.runtime.strings import long_string_hash
from rufflang.runtime.structs import as_struct, field_at, field_name_at, field_positions
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.values import (
    ARRAY,
    BYTES,
    DICT,
    FLOAT,
    INT,
    OPTION,
    QUEUE,
    RESULT,
    SET,
    STACK,
    STRING,
    STRUCT,
    TAGGED,
    UNBOUND,
    Value,
    as_float,
    is_container,
)
from rufflang.runtime.vm import VM

TOLERANCE = 2.220446049250313e-16

_FACTOR = 0x9E3779B97F4A7C15
_LARGEST_EXACT = 1 << 53
_CELLS_PER_UNIT = float(1 << 49)
_INT_LIMIT = 9223372036854775808.0
NEIGHBOURS = 7  # the bits in which the hashes of neighbouring ints differ
_DEPTH = 8


class HashRange(Record):
    """The hashes under which what equals a value may be found: one, or two."""

    first: u64
    last: u64


@function(inline=True)
def is_leaf(value: Value) -> bool:
    """Whether the value has no parts that equality would compare."""
    tag = value.tag
    return not is_container(value) and tag != TAGGED and tag != RESULT and tag != OPTION


@function(inline=True)
def _mix(a: u64) -> u64:
    return (a * u64(_FACTOR)) ^ multiply_high(a, u64(_FACTOR))


@function(inline=True)
def _spread(number: i64) -> u64:
    """A hash of 32 bits; eight neighbouring ints get neighbouring ones, as programs often visit them together."""
    upper = _mix(u64(number >> 3)) >> 32
    return (upper & ~u64(NEIGHBOURS)) | (u64(number) & u64(NEIGHBOURS))


@function(inline=True)
def _cell(number: f64) -> i64:
    """The cell of a number below 2; whole numbers are in the middle of theirs."""
    return i64(floor(number * _CELLS_PER_UNIT + 0.5))


@function(inline=True)
def _exact(number: f64) -> i64:
    """A word that is the same for the same number: the int if it is one."""
    if number == truncate(number) and absolute(number) < _INT_LIMIT:
        return i64(number)
    return bits_of(number)


@function
def _number_hashes(number: f64) -> HashRange:
    if absolute(number) < 2.0:
        return HashRange(_spread(_cell(number - TOLERANCE)), _spread(_cell(number + TOLERANCE)))
    hashed = _spread(_exact(number))
    return HashRange(hashed, hashed)


@function(inline=True)
def leaf_hashes(value: Value) -> HashRange:
    """Where to look for what equals a value without parts."""
    if value.tag == INT and u64(value.payload + _LARGEST_EXACT) <= u64(_LARGEST_EXACT * 2):
        if u64(value.payload + 1) > 2:
            small = _spread(value.payload)
            return HashRange(small, small)
    if value.tag == INT:
        return _number_hashes(f64(value.payload))
    if value.tag == FLOAT:
        return _number_hashes(as_float(value))
    hashed = _other_hash(value) >> 32
    return HashRange(hashed, hashed)


@function(inline=True)
def leaf_hash(value: Value) -> u64:
    """The hash under which a value without parts is stored."""
    if value.tag == FLOAT or value.tag == INT:
        number = as_float(value) if value.tag == FLOAT else f64(value.payload)
        if absolute(number) < 2.0:
            return _spread(_cell(number))
    return leaf_hashes(value).first


@function(inline=True)
def _other_hash(value: Value) -> u64:
    """The hash of a value that is neither a number nor nested; 64 bits."""
    if value.tag == STRING:
        return long_string_hash(cast(StringObject, value.payload))
    if value.tag == BYTES:
        return long_string_hash(cast(StringObject, value.payload)) ^ u64(_FACTOR)
    return _mix(u64(value.payload) ^ (u64(value.tag) << 56))


# ------------------------------------------------------------------------ nested values


@function
def nested_hash(vm: VM, value: Value, coarse: bool) -> u64:
    """The hash of a value with parts, 64 bits; 0 if the value can only be told in a coarse set."""
    return _hash(vm, value, coarse, _DEPTH)


@function(inline=True)
def _known(hashed: u64) -> u64:
    """A hash, kept apart from 0."""
    return select(hashed == 0, u64(1), hashed)


@function(inline=True)
def _join(state: u64, part: u64) -> u64:
    """Adds a part whose place matters to a hash; 0 if one of them is."""
    if state == 0 or part == 0:
        return 0
    return _known(_mix(state ^ part))


@function
def _hash(vm: VM, value: Value, coarse: bool, depth: i64) -> u64:
    tag = value.tag
    if tag == INT or tag == FLOAT:
        return _inner_number(value, coarse)
    if is_leaf(value):
        return _known(_other_hash(value))
    kind = u64(tag) << 32
    if depth == 0:
        return kind
    if tag == ARRAY or tag == QUEUE or tag == STACK:
        array = as_array(value)
        state = kind
        for i in range(array.length):
            state = _join(state, _hash(vm, array_get(array, i), coarse, depth - 1))
        return state
    if tag == DICT:
        return _hash_entries(vm, kind, value, coarse, depth - 1)
    if tag == STRUCT:
        return _hash_fields(vm, kind, value, coarse, depth - 1)
    if tag == SET:
        return _hash_elements(vm, kind, value, coarse, depth - 1)
    if tag == TAGGED:
        tagged = cast(TaggedObject, value.payload)
        state = _join(kind, long_string_hash(tagged.name))
        for i in range(i64(tagged.aux)):
            state = _join(state, _hash(vm, tagged.payload[i], coarse, depth - 1))
        return state
    box = cast(BoxObject, value.payload)
    variant = kind + u64(box.aux)
    return variant if box.aux == NONE_VARIANT else _join(variant, _hash(vm, box.value, coarse, depth - 1))


@function(inline=True)
def _inner_number(value: Value, coarse: bool) -> u64:
    exact = value.payload
    if value.tag == FLOAT or u64(exact + _LARGEST_EXACT) > u64(_LARGEST_EXACT * 2):
        number = as_float(value) if value.tag == FLOAT else f64(exact)
        if absolute(number) <= 1.0:
            return u64(coarse)
        exact = _exact(number)
    elif coarse and u64(exact + 1) <= 2:
        return 1
    return _known(_mix(u64(exact)))


@function
def _hash_entries(vm: VM, kind: u64, value: Value, coarse: bool, depth: i64) -> u64:
    table = as_dict(value)
    total: u64 = 0
    for entry in range(table.used):
        key = entry_key(table, entry)
        if key.tag != UNBOUND:
            part = _join(_known(_other_hash(key)), _hash(vm, entry_value(table, entry), coarse, depth))
            if part == 0:
                return 0
            total += part
    return _join(kind, _known(total))


@function
def _hash_fields(vm: VM, kind: u64, value: Value, coarse: bool, depth: i64) -> u64:
    instance = as_struct(value)
    total: u64 = 0
    for position in range(field_positions(vm, instance)):
        field = field_at(vm, instance, position)
        if field.tag != UNBOUND:
            name = _known(_other_hash(field_name_at(vm, instance, position)))
            part = _join(name, _hash(vm, field, coarse, depth))
            if part == 0:
                return 0
            total += part
    return _join(_join(kind, long_string_hash(definition_of(vm, instance).name)), _known(total))


@function
def _hash_elements(vm: VM, kind: u64, value: Value, coarse: bool, depth: i64) -> u64:
    table = cast(SetObject, value.payload)
    total: u64 = 0
    for entry in range(table.used):
        if table.items[entry].tag != UNBOUND:
            part = _hash(vm, table.items[entry], coarse, depth)
            if part == 0:
                return 0
            total += part
    return _join(kind, _known(total))
