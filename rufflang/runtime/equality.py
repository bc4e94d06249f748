"""Built-in equality: what `==` means when no operator method is involved.

Values nested to any depth are compared on a work stack of frames: two values, the position of
the next part, and for two sets where to go on searching for that part.  Parts of sets have no
counterpart known beforehand: when one turns out to differ from its candidate, the next is tried.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    absolute,
    cast,
    copy_memory,
    element,
    external,
    f64,
    function,
    i32,
    i64,
    is_null,
    u8,
    u64,
)
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.arrays_storage import element_size
from rufflang.runtime.dicts import as_dict
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.dicts_finding import dict_find
from rufflang.runtime.heap import new_values
from rufflang.runtime.objects import (
    GENERIC,
    NONE_VARIANT,
    BoxObject,
    SetObject,
    StructObject,
    TaggedObject,
    ValuesObject,
    holds_objects,
)
from rufflang.runtime.sets_hash import TOLERANCE, is_leaf, leaf_hashes
from rufflang.runtime.sets_table import as_set, nested_hash_in, next_candidate
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.strings import as_string
from rufflang.runtime.strings_comparing import string_equal
from rufflang.runtime.structs import (
    as_struct,
    field_at,
    field_get,
    field_name_at,
    field_positions,
    field_total,
    further_fields,
)
from rufflang.runtime.structs_layout import definition_of, field_value
from rufflang.runtime.values import (
    ARRAY,
    BYTES,
    DICT,
    ENUM,
    FLOAT,
    FUNCTION,
    INT,
    NATIVE,
    NULL,
    OPTION,
    QUEUE,
    RESULT,
    SET,
    STACK,
    STRING,
    STRUCT,
    STRUCT_DEFINITION,
    TAGGED,
    UNBOUND,
    Value,
    as_float,
    int_value,
)
from rufflang.runtime.vm import VM

_UNEQUAL = 0
_EQUAL = 1
_DESCEND = 2  # equal if all parts are

_FRAME = 4  # values a frame: both sides, the position, the cursor of a search


@external("memcmp")
def _memory_compare(a: Ptr[u8], b: Ptr[u8], size: i64) -> i32: ...


@function(inline=True)
def floats_equal(a: f64, b: f64) -> bool:
    """Equality of floats: less than TOLERANCE apart, or the same infinity; NaN equals nothing."""
    return a == b or absolute(a - b) < TOLERANCE


@function(inline=True)
def values_equal(vm: VM, a: Value, b: Value) -> bool:
    """Whether two values are equal by the built-in rules; never raises."""
    if a.tag == INT and b.tag == INT:
        return a.payload == b.payload
    return values_equal_slowly(vm, a, b)


@function
def values_equal_slowly(vm: VM, a: Value, b: Value) -> bool:
    """`values_equal` of any two values."""
    outcome = _compare_outside(vm, a, b)
    if outcome != _DESCEND:
        return outcome == _EQUAL
    return _compare_inside(vm, a, b)


@function
def _compare_outside(vm: VM, a: Value, b: Value) -> i64:
    """Compares what can be compared without looking at the parts of nested values."""
    tag = a.tag
    if tag != b.tag:
        if tag == INT and b.tag == FLOAT:
            return i64(floats_equal(f64(a.payload), as_float(b)))
        if tag == FLOAT and b.tag == INT:
            return i64(floats_equal(as_float(a), f64(b.payload)))
        return _UNEQUAL
    if tag <= INT:
        return i64(tag == NULL or a.payload == b.payload)
    if tag == FLOAT:
        return i64(floats_equal(as_float(a), as_float(b)))
    if tag == STRING or tag == BYTES:
        return i64(string_equal(as_string(a), as_string(b)))
    if tag == ARRAY or tag == QUEUE or tag == STACK:
        return _compare_arrays_outside(a, b)
    if tag == DICT:
        return _DESCEND if as_dict(a).count == as_dict(b).count else _UNEQUAL
    if tag == SET:
        return _DESCEND if as_set(a).count == as_set(b).count else _UNEQUAL
    if tag == FUNCTION or tag == NATIVE or tag == STRUCT_DEFINITION or tag == ENUM:
        return i64(a.payload == b.payload)
    return _compare_records_outside(vm, a, b)


@function
def _compare_arrays_outside(a: Value, b: Value) -> i64:
    length = as_array(a).length
    kind = as_array(a).flags
    if length != as_array(b).length:
        return _UNEQUAL
    if kind == GENERIC or kind == FLOAT or holds_objects(kind) or kind != as_array(b).flags:
        return _DESCEND
    size = length * element_size(kind)
    return i64(size == 0 or _memory_compare(as_array(a).data, as_array(b).data, size) == 0)


@function
def _compare_records_outside(vm: VM, a: Value, b: Value) -> i64:
    tag = a.tag
    if tag == STRUCT:
        if not string_equal(definition_of(vm, as_struct(a)).name, definition_of(vm, as_struct(b)).name):
            return _UNEQUAL
        return _DESCEND if field_total(vm, as_struct(a)) == field_total(vm, as_struct(b)) else _UNEQUAL
    if tag == TAGGED:
        left = cast(TaggedObject, a.payload)
        right = cast(TaggedObject, b.payload)
        if left.aux != right.aux or not string_equal(left.name, right.name):
            return _UNEQUAL
        return _DESCEND
    if tag == RESULT or tag == OPTION:
        variant = cast(BoxObject, a.payload).aux
        if variant != cast(BoxObject, b.payload).aux:
            return _UNEQUAL
        return _EQUAL if variant == NONE_VARIANT else _DESCEND
    return _UNEQUAL


# ------------------------------------------------------------------------ nested values


@function
def _compare_inside(vm: VM, a: Value, b: Value) -> bool:
    stack = new_values(vm, 16 * _FRAME)
    _open_frame(stack.items, a, b)
    depth = 1
    steps = 0
    while depth > 0:
        steps += 1
        if steps & (WORK_STEPS - 1) == 0 and work_stops(vm):
            return False
        if (depth + 1) * _FRAME > stack.capacity:
            stack = grown_stack(vm, stack)
        frame = element(stack.items, (depth - 1) * _FRAME)
        outcome = _compare_parts(vm, frame)
        if outcome == _DESCEND:
            depth += 1
        elif outcome == _EQUAL:
            depth -= 1
            if depth > 0:
                _part_found(element(frame, -_FRAME))
        else:
            depth = _frame_that_searches(stack.items, depth - 1)
            if depth == 0:
                return False
    return True


@function(inline=True)
def _open_frame(frame: Ptr[Value], a: Value, b: Value) -> None:
    frame[0] = a
    frame[1] = b
    frame[2] = int_value(0)
    frame[3] = int_value(0)


@function(inline=True)
def _part_found(frame: Ptr[Value]) -> None:
    """The part of a set that was searched for has an equal: on to the next one."""
    if frame[0].tag == SET:
        frame[2] = int_value(frame[2].payload + 1)
        frame[3] = int_value(0)


@function
def _frame_that_searches(frames: Ptr[Value], depth: i64) -> i64:
    """How many frames are left after two parts turned out unequal: up to one that tries another candidate."""
    left = depth
    while left > 0 and frames[(left - 1) * _FRAME].tag != SET:
        left -= 1
    return left


@function
def grown_stack(vm: VM, stack: ValuesObject) -> ValuesObject:
    """A work stack of twice the size with the same contents."""
    grown = new_values(vm, stack.capacity * 2)
    copy_memory(cast(Ptr[u8], grown.items), cast(Ptr[u8], stack.items), stack.capacity * 16)
    return grown


@function
def _compare_parts(vm: VM, frame: Ptr[Value]) -> i64:
    """Goes on with a frame; on _DESCEND the parts to compare first are behind it."""
    tag = frame[0].tag
    if tag == ARRAY or tag == QUEUE or tag == STACK:
        return _compare_elements(vm, frame)
    if tag == DICT:
        return _compare_entries(vm, frame)
    if tag == STRUCT:
        return _compare_fields(vm, frame)
    if tag == TAGGED:
        return _compare_payloads(vm, frame)
    if tag == SET:
        return _search_elements(vm, frame)
    if frame[2].payload == 1:
        return _EQUAL
    left = cast(BoxObject, frame[0].payload)
    right = cast(BoxObject, frame[1].payload)
    return _compare_part(vm, frame, 1, left.value, right.value)


@function(inline=True)
def _compare_part(vm: VM, frame: Ptr[Value], next_position: i64, a: Value, b: Value) -> i64:
    outcome = _compare_outside(vm, a, b)
    if outcome == _DESCEND:
        frame[2] = int_value(next_position)
        _open_frame(element(frame, _FRAME), a, b)
    return outcome


@function
def _compare_elements(vm: VM, frame: Ptr[Value]) -> i64:
    left = as_array(frame[0])
    right = as_array(frame[1])
    for i in range(frame[2].payload, left.length):
        if i & (WORK_STEPS - 1) == WORK_STEPS - 1 and work_stops(vm):
            return _UNEQUAL
        outcome = _compare_part(vm, frame, i + 1, array_get(left, i), array_get(right, i))
        if outcome != _EQUAL:
            return outcome
    return _EQUAL


@function
def _compare_entries(vm: VM, frame: Ptr[Value]) -> i64:
    left = as_dict(frame[0])
    right = as_dict(frame[1])
    for entry in range(frame[2].payload, left.used):
        key = entry_key(left, entry)
        if key.tag != UNBOUND:
            other = dict_find(right, key)
            if other < 0:
                return _UNEQUAL
            outcome = _compare_part(vm, frame, entry + 1, entry_value(left, entry), entry_value(right, other))
            if outcome != _EQUAL:
                return outcome
    return _EQUAL


@function
def _compare_fields(vm: VM, frame: Ptr[Value]) -> i64:
    left = as_struct(frame[0])
    right = as_struct(frame[1])
    definition = definition_of(vm, left)
    simple = definition == definition_of(vm, right) and is_null(further_fields(left))
    for position in range(frame[2].payload, field_positions(vm, left)):
        value = field_at(vm, left, position)
        if value.tag != UNBOUND:
            other = field_value(right, position) if simple else _same_field(vm, right, left, position)
            if other.tag == UNBOUND:
                return _UNEQUAL
            outcome = _compare_part(vm, frame, position + 1, value, other)
            if outcome != _EQUAL:
                return outcome
    return _EQUAL


@function
def _same_field(vm: VM, instance: StructObject, other: StructObject, position: i64) -> Value:
    """The field of `instance` that has the name of a field of `other`."""
    return field_get(vm, instance, as_string(field_name_at(vm, other, position)))


@function
def _compare_payloads(vm: VM, frame: Ptr[Value]) -> i64:
    left = cast(TaggedObject, frame[0].payload)
    right = cast(TaggedObject, frame[1].payload)
    for i in range(frame[2].payload, i64(left.aux)):
        outcome = _compare_part(vm, frame, i + 1, left.payload[i], right.payload[i])
        if outcome != _EQUAL:
            return outcome
    return _EQUAL


# ---------------------------------------------------------------------------------- sets


@function
def _search_elements(vm: VM, frame: Ptr[Value]) -> i64:
    """Whether every element of the left set is in the right one; both have as many."""
    left = as_set(frame[0])
    right = as_set(frame[1])
    cursor = frame[3].payload
    for entry in range(frame[2].payload, left.used):
        item = left.items[entry]
        outcome = _EQUAL
        if item.tag != UNBOUND and is_leaf(item):
            outcome = i64(find_leaf(vm, right, item) >= 0)
        elif item.tag != UNBOUND:
            frame[2] = int_value(entry)
            outcome = _search_nested(vm, frame, right, item, cursor)
            cursor = 0
        if outcome != _EQUAL:
            return outcome
    return _EQUAL


@function
def _search_nested(vm: VM, frame: Ptr[Value], table: SetObject, item: Value, cursor: i64) -> i64:
    """Goes on with the search for a nested element; on _DESCEND it is to be compared with a candidate."""
    hashed = nested_hash_in(vm, table, item)
    candidate = next_candidate(table, hashed, cursor)
    while candidate.entry >= 0:
        outcome = _compare_outside(vm, item, table.items[candidate.entry])
        if outcome == _DESCEND:
            frame[3] = int_value(candidate.cursor)
            _open_frame(element(frame, _FRAME), item, table.items[candidate.entry])
        if outcome != _UNEQUAL:
            return outcome
        candidate = next_candidate(table, hashed, candidate.cursor)
    return _UNEQUAL


@function
def find_leaf(vm: VM, table: SetObject, value: Value) -> i64:
    """The first element of a set that equals a value without parts, or -1."""
    hashes = leaf_hashes(value)
    found = _find_leaf_under(vm, table, value, hashes.first)
    if hashes.last != hashes.first and table.index_size != 0:
        other = _find_leaf_under(vm, table, value, hashes.last)
        if other >= 0 and (found < 0 or other < found):
            found = other
    return found


@function(inline=True)
def _find_leaf_under(vm: VM, table: SetObject, value: Value, hashed: u64) -> i64:
    candidate = next_candidate(table, hashed, 0)
    while candidate.entry >= 0:
        item = table.items[candidate.entry]
        if item.tag == INT and value.tag == INT:
            if item.payload == value.payload:
                return candidate.entry
        elif item.tag == STRING and value.tag == STRING:
            if string_equal(as_string(item), as_string(value)):
                return candidate.entry
        elif _compare_outside(vm, value, item) == _EQUAL:
            return candidate.entry
        candidate = next_candidate(table, hashed, candidate.cursor)
    return -1
