"""How an array keeps its elements: each as a whole value, or, if all are of one kind, only their payloads.

The *element kind* of an array is in its `flags`.  It is the tag that all elements have, or GENERIC:

| elements | bytes of each | block |
| --- | --- | --- |
| ints, floats | 8 | BufferObject |
| bools | 1 | BufferObject |
| objects of one kind: all strings, all arrays, … | 8 | PointersObject |
| GENERIC: anything, each with its tag | 16 | ValuesObject |

The elements of an array that was made with a few of them lie behind its object instead, in the same cell.

Null and builtin functions have no payload worth keeping apart; an array with one of them is GENERIC.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, fill_memory, function, i64, null, u8, u64, word
from rufflang.runtime.heap import (
    BUFFER_HEAD,
    POINTERS_HEAD,
    VALUES_HEAD,
    cell_size_for,
    new_buffer,
    new_pointers,
    new_values,
)
from rufflang.runtime.heap_growing import (
    grow_buffer,
    grow_pointers,
    grow_values,
    release_buffer,
    release_pointers,
    release_values,
)
from rufflang.runtime.heap_layout import find_cell, heap_of
from rufflang.runtime.marking import share_all, share_all_objects
from rufflang.runtime.objects import GENERIC, BufferObject, holds_objects
from rufflang.runtime.values import BOOL, FLOAT, INT, OBJECT_TAGS, Value, is_among, tag_set
from rufflang.runtime.vm import VM

PACKED_TAGS = tag_set(BOOL, INT, FLOAT) | OBJECT_TAGS


@function(inline=True)
def element_size(kind: u8) -> i64:
    """Bytes of one element."""
    return 16 if kind == GENERIC else 1 if kind == BOOL else 8


@function(inline=True)
def element_kind(tag: i64) -> u8:
    """The kind of an array whose elements all have this tag."""
    return u8(tag) if is_among(tag, u64(PACKED_TAGS)) else u8(GENERIC)


@function
def allocate_elements(vm: VM, kind: u8, size: i64) -> Ptr[u8]:
    """Room for `size` bytes of elements of this kind, zeroed unless they are numbers; null for none."""
    if size == 0:
        return null(Ptr[u8])
    if kind == GENERIC:
        return cast(Ptr[u8], new_values(vm, (size + 15) >> 4).items)
    if holds_objects(kind):
        return cast(Ptr[u8], new_pointers(vm, (size + 7) >> 3).items)
    return new_buffer(vm, size).bytes


@function(inline=True)
def filled_block(kind: u8, size: i64) -> i64:
    """How many bytes of elements a block holds whose cell has room for `size` bytes of them."""
    head = i64(BUFFER_HEAD)
    if kind == GENERIC:
        head = VALUES_HEAD
    elif holds_objects(kind):
        head = POINTERS_HEAD
    return cell_size_for(head + size) - head


@function
def grow_elements(vm: VM, kind: u8, data: Ptr[u8], size: i64) -> bool:
    """Makes room for `size` bytes of elements where they are, if that can be."""
    if kind == GENERIC:
        return grow_values(vm, cast(Ptr[Value], data), (size + 15) >> 4)
    if holds_objects(kind):
        return grow_pointers(vm, cast(Ptr[i64], data), (size + 7) >> 3)
    return grow_buffer(vm, data, size)


@function
def release_elements(vm: VM, kind: u8, data: Ptr[u8]) -> None:
    """Gives back at once what an array that nobody else knows had its elements in, if that is large."""
    if kind == GENERIC:
        release_values(vm, cast(Ptr[Value], data))
    elif holds_objects(kind):
        release_pointers(vm, cast(Ptr[i64], data))
    else:
        release_buffer(vm, data)


@function
def block_room(vm: VM, kind: u8, data: Ptr[u8]) -> i64:
    """Bytes of elements in the block that elements lie in, which is one of their own; 0 for none."""
    if word(data) == 0:
        return 0
    # The three blocks have their capacity at the same place, counted in what they hold.
    capacity = cast(BufferObject, find_cell(heap_of(vm), word(data))).capacity
    if kind == GENERIC or holds_objects(kind):
        return capacity * element_size(kind)
    return capacity


@function
def share_elements(kind: u8, data: Ptr[u8], count: i64) -> None:
    """Marks every container among some elements."""
    if kind == GENERIC:
        share_all(cast(Ptr[Value], data), count)
    elif holds_objects(kind):
        share_all_objects(i64(kind), cast(Ptr[i64], data), count)


@function
def clear_elements(kind: u8, data: Ptr[u8], count: i64) -> None:
    """Lets go of what some elements hold that are elements no more."""
    if kind == GENERIC or holds_objects(kind):
        fill_memory(data, 0, count * element_size(kind))
