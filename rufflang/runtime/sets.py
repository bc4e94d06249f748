"""Sets: looking for, adding and removing elements; the first of equal elements stays."""

from __future__ import annotations

from rufflang.lowpy import function, i64, u64
from rufflang.runtime.arrays import array_from_values, array_get, array_push, new_array
from rufflang.runtime.equality import find_leaf, values_equal
from rufflang.runtime.marking import share, share_all
from rufflang.runtime.objects import ArrayObject, SetObject
from rufflang.runtime.sets_hash import is_leaf, leaf_hash
from rufflang.runtime.sets_table import nested_hash_in, new_set, next_candidate, set_append, set_delete
from rufflang.runtime.values import UNBOUND, Value
from rufflang.runtime.vm import VM


@function(inline=True)
def set_find(vm: VM, table: SetObject, value: Value) -> i64:
    """The first element equal to a value, or -1."""
    if is_leaf(value):
        return find_leaf(vm, table, value)
    return _find_nested(vm, table, value, nested_hash_in(vm, table, value))


@function
def _find_nested(vm: VM, table: SetObject, value: Value, hashed: u64) -> i64:
    candidate = next_candidate(table, hashed, 0)
    while candidate.entry >= 0:
        if values_equal(vm, value, table.items[candidate.entry]):
            return candidate.entry
        candidate = next_candidate(table, hashed, candidate.cursor)
    return -1


@function
def set_add(vm: VM, table: SetObject, value: Value) -> bool:
    """Adds a value, whose mark is left alone, to an unshared set; False if it has an equal one already."""
    if is_leaf(value):
        if find_leaf(vm, table, value) >= 0:
            return False
        set_append(vm, table, value, leaf_hash(value))
        return True
    hashed = nested_hash_in(vm, table, value)
    if _find_nested(vm, table, value, hashed) >= 0:
        return False
    set_append(vm, table, value, hashed)
    return True


@function
def set_discard(vm: VM, table: SetObject, value: Value) -> None:
    """Removes the first element equal to a value from an unshared set."""
    entry = set_find(vm, table, value)
    if entry >= 0:
        set_delete(vm, table, entry)


@function
def set_from_array(vm: VM, array: ArrayObject) -> SetObject:
    """The set of an array's elements, which are marked."""
    table = new_set(vm, 0)
    for i in range(array.length):
        item = array_get(array, i)
        share(item)
        set_add(vm, table, item)
    return table


@function
def set_elements(vm: VM, table: SetObject) -> ArrayObject:
    """The elements as an array; they are marked."""
    share_all(table.items, table.used)
    if table.used == table.count:
        return array_from_values(vm, table.items, table.used)
    elements = new_array(vm, table.count)
    for entry in range(table.used):
        if table.items[entry].tag != UNBOUND:
            array_push(vm, elements, table.items[entry])
    return elements
