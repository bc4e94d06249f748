"""Builtins on sets.  Arguments of a wrong kind give an empty set or false instead of an error."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal
from rufflang.runtime.arrays import array_value, as_array, new_array
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import raise_literal, raise_out_of_memory
from rufflang.runtime.heap import room_for
from rufflang.runtime.marking import share
from rufflang.runtime.objects import SetObject
from rufflang.runtime.sets import set_add, set_discard, set_elements, set_find, set_from_array
from rufflang.runtime.sets_table import as_set, hash_in, new_set, set_append, set_clone, set_value
from rufflang.runtime.values import ARRAY, ERROR, SET, UNBOUND, Value, bool_value
from rufflang.runtime.vm import VM

_ELEMENT_SIZE = 48  # bytes that an element takes at most
_FEW = 64  # elements that there is room for before it is known how many there will be


@function
def owned_set(vm: VM, value: Value, room: i64) -> Value:
    """A set value itself if nobody else holds it, else a copy with room for more; ERROR without memory."""
    if as_set(value).shared == 0:
        return value
    if not room_for(vm, (as_set(value).count + room) * _ELEMENT_SIZE):
        return raise_out_of_memory(vm)
    return set_value(set_clone(vm, as_set(value), room))


@function
def _empty(vm: VM) -> Value:
    return set_value(new_set(vm, 0))


@builtin("Set")
@function
def builtin_set(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """Set(xs: array = []) -> set

    A set of the elements; of equal ones the first.
    """
    if count > 1:
        return raise_literal(vm, literal("Set constructor takes at most 1 argument"))
    if count == 0:
        return _empty(vm)
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("Set constructor requires an array argument"))
    if not room_for(vm, as_array(arguments[0]).length * _ELEMENT_SIZE):
        return raise_out_of_memory(vm)
    return set_value(set_from_array(vm, as_array(arguments[0])))


@builtin("set_add", 2, 2, arity="central", keeps=(0, 1))
@function
def builtin_set_add(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_add(s: set, item: any) -> set

    The set with the item.
    """
    if arguments[0].tag != SET:
        return _empty(vm)
    if as_set(arguments[0]).shared != 0 and set_find(vm, as_set(arguments[0]), arguments[1]) >= 0:
        return arguments[0]
    result = owned_set(vm, arguments[0], 1)
    if result.tag != ERROR:
        set_add(vm, as_set(result), arguments[1])
    return result


@builtin("set_remove", 2, 2, arity="central", keeps=(0,))
@function
def builtin_set_remove(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_remove(s: set, item: any) -> set

    The set without the item.
    """
    if arguments[0].tag != SET:
        return _empty(vm)
    if as_set(arguments[0]).shared != 0 and set_find(vm, as_set(arguments[0]), arguments[1]) < 0:
        return arguments[0]
    result = owned_set(vm, arguments[0], 0)
    if result.tag != ERROR:
        set_discard(vm, as_set(result), arguments[1])
    return result


@builtin("set_has", 2, 2, arity="central")
@function
def builtin_set_has(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_has(s: set, item: any) -> bool

    Whether the set has an element equal to the item.
    """
    if arguments[0].tag != SET:
        return bool_value(False)
    return bool_value(set_find(vm, as_set(arguments[0]), arguments[1]) >= 0)


@builtin("set_union", 2, 2, arity="central", keeps=(0,))
@function
def builtin_set_union(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_union(a: set, b: set) -> set

    The elements of a, then those of b that a does not have.
    """
    if arguments[0].tag != SET or arguments[1].tag != SET:
        return _empty(vm)
    added = as_set(arguments[1])
    if not room_for(vm, (as_set(arguments[0]).count + added.count) * _ELEMENT_SIZE):
        return raise_out_of_memory(vm)
    result = owned_set(vm, arguments[0], added.count)
    for entry in range(added.used):
        item = added.items[entry]
        if item.tag != UNBOUND:
            share(item)
            set_add(vm, as_set(result), item)
    return result


@function
def _selected(vm: VM, table: SetObject, other: SetObject, wanted: bool) -> Value:
    """The elements of a set that another has, or has not."""
    if not room_for(vm, table.count * _ELEMENT_SIZE):
        return raise_out_of_memory(vm)
    result = new_set(vm, table.count if table.count < _FEW else _FEW)
    for entry in range(table.used):
        item = table.items[entry]
        if item.tag != UNBOUND and (set_find(vm, other, item) >= 0) == wanted:
            share(item)
            set_append(vm, result, item, hash_in(vm, result, item))
    return set_value(result)


@builtin("set_intersect", 2, 2, arity="central")
@function
def builtin_set_intersect(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_intersect(a: set, b: set) -> set

    The elements of a that b has too.
    """
    if arguments[0].tag != SET or arguments[1].tag != SET:
        return _empty(vm)
    return _selected(vm, as_set(arguments[0]), as_set(arguments[1]), True)


@builtin("set_difference", 2, 2, arity="central")
@function
def builtin_set_difference(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_difference(a: set, b: set) -> set

    The elements of a that b does not have.
    """
    if arguments[0].tag != SET or arguments[1].tag != SET:
        return _empty(vm)
    return _selected(vm, as_set(arguments[0]), as_set(arguments[1]), False)


@builtin("set_to_array", 1, 1, arity="central")
@function
def builtin_set_to_array(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_to_array(s: set) -> array

    The elements in order of insertion; none for other kinds of value.
    """
    if arguments[0].tag != SET:
        return array_value(new_array(vm, 0))
    if not room_for(vm, as_set(arguments[0]).count * 16):
        return raise_out_of_memory(vm)
    return array_value(set_elements(vm, as_set(arguments[0])))
