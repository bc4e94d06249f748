"""The order in which fields of struct instances are shown: by code point of their names."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64
from rufflang.runtime.arrays import array_words, new_packed
from rufflang.runtime.heap import new_buffer, new_values
from rufflang.runtime.objects import ArrayObject, StructObject
from rufflang.runtime.sorting import BY_STRING, sort_values
from rufflang.runtime.structs import field_at, field_name_at, field_positions, field_total
from rufflang.runtime.values import INT, UNBOUND, Value
from rufflang.runtime.vm import VM


@function
def field_order(vm: VM, instance: StructObject) -> ArrayObject:
    """The numbers of the fields that are present, sorted by name, as an array of ints."""
    order = new_packed(vm, INT, field_total(vm, instance))
    if order.length == 0:
        return order
    names = new_values(vm, order.length)
    place = 0
    for position in range(field_positions(vm, instance)):
        if field_at(vm, instance, position).tag != UNBOUND:
            array_words(order)[place] = position
            names.items[place] = field_name_at(vm, instance, position)
            place += 1
    _sort_positions(vm, names.items, array_words(order), order.length)
    return order


@function
def _sort_positions(vm: VM, texts: Ptr[Value], positions: Ptr[i64], count: i64) -> None:
    """Sorts numbers by the STRING values that stand at the same places in `texts`."""
    pairs = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    for i in range(count):
        pairs[i] = Value(positions[i], texts[i].payload)
    sort_values(vm, pairs, count, BY_STRING)
    for i in range(count):
        positions[i] = pairs[i].tag
