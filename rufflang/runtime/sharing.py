"""Copy on write: cloning containers that have several holders.

`own` is what every write through a variable, element or field does first.
"""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64
from rufflang.runtime.arrays import array_clone, array_value, as_array
from rufflang.runtime.arrays_storage import element_size
from rufflang.runtime.dicts import as_dict, dict_clone, dict_value
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import room_for
from rufflang.runtime.marking import is_shared as is_shared
from rufflang.runtime.marking import share as share
from rufflang.runtime.marking import share_all as share_all
from rufflang.runtime.structs import as_struct, struct_clone, struct_value
from rufflang.runtime.values import ARRAY, DICT, ERROR, STRUCT, Value
from rufflang.runtime.vm import VM


@function
def clone_container(vm: VM, value: Value) -> Value:
    """A shallow, unshared copy of an array, dict or struct; ERROR when there is no memory for it.

    Other values, sets, queues and stacks among them, have no parts that could be written.
    """
    if value.tag == ARRAY:
        size = as_array(value).length * element_size(as_array(value).flags)
        if not room_for(vm, size):
            return raise_out_of_memory(vm)
        return array_value(array_clone(vm, as_array(value)))
    if value.tag == DICT:
        if not dict_has_room(vm, as_dict(value).count):
            return raise_out_of_memory(vm)
        return dict_value(dict_clone(vm, as_dict(value)))
    if value.tag == STRUCT:
        return struct_value(struct_clone(vm, as_struct(value)))
    return value


@function
def dict_has_room(vm: VM, count: i64) -> bool:
    """Whether a dict of so many entries may be allocated."""
    size = count * 64
    return room_for(vm, size)


@function(inline=True)
def own(vm: VM, value: Value) -> Value:
    """The value if it may be written in place, else a clone, which is of the same kind."""
    if is_shared(value):
        copy = clone_container(vm, value)
        if copy.tag == ERROR:
            return pass_on(vm)
        return Value(value.tag, copy.payload)
    return value


@function(cold=True)
def pass_on(vm: VM) -> Raised:
    """Leaves with the error that is in flight already."""
    return Raised()
