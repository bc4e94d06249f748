"""Adding to a queue that has several holders, without copying it each time.

The elements of queues are never written to, so any number of them may use one block: each is a part
of it (a view, see `arrays_editing`).  Where nothing stands yet behind the last element, another may be
put there, which the other holders do not see.  So a program that keeps the pair from `queue_dequeue`
a while, or an older version of a queue, still needs constant time for each element.  Stacks would not
gain: behind what is left after `stack_pop` stands the element that was taken.
"""

from __future__ import annotations

from rufflang.lowpy import cast, element, function, i64, is_null, word
from rufflang.runtime.arrays import array_get, array_items, array_value
from rufflang.runtime.arrays_editing import section_view
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import new_values, room_for
from rufflang.runtime.heap_layout import find_cell, heap_of
from rufflang.runtime.marking import share
from rufflang.runtime.objects import GENERIC, ArrayObject, ValuesObject
from rufflang.runtime.values import UNBOUND, VALUES, Value
from rufflang.runtime.vm import VM

_FIRST_ROOM = 8


@function
def shared_with_item(vm: VM, items: ArrayObject, value: Value) -> Value:
    """The elements of a shared queue and another one, as an array; ERROR without memory."""
    if not _has_free_place(vm, items):
        capacity = items.length * 2 + _FIRST_ROOM
        if not room_for(vm, capacity * 16):
            return raise_out_of_memory(vm)
        return _extended(vm, _with_room(vm, items, capacity), value)
    return _extended(vm, items, value)


@function
def _has_free_place(vm: VM, items: ArrayObject) -> bool:
    """Whether the block of a GENERIC array goes on behind its last element, and nothing stands there."""
    if items.flags != GENERIC or items.length == 0:
        return False
    block = find_cell(heap_of(vm), word(items.data))
    if is_null(block) or i64(block.kind) != VALUES:
        return False
    place = element(array_items(items), items.length)
    end = element(cast(ValuesObject, block).items, cast(ValuesObject, block).capacity)
    return word(place) < word(end) and place[0].tag == UNBOUND


@function
def _with_room(vm: VM, items: ArrayObject, capacity: i64) -> ArrayObject:
    """A GENERIC copy, whose block has room for more; the elements are marked, as both hold them."""
    block = new_values(vm, capacity)
    for i in range(items.length):
        item = array_get(items, i)
        share(item)
        block.items[i] = item
    return section_view(vm, block.items, items.length)


@function
def _extended(vm: VM, items: ArrayObject, value: Value) -> Value:
    """Puts a value into the free place behind the last element."""
    array_items(items)[items.length] = value
    return array_value(section_view(vm, array_items(items), items.length + 1))
