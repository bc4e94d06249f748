"""Taking arrays and dicts apart into consecutive registers.

The compiler marks the pieces where whoever holds the whole may use it again.  Where the whole is gone, as
what a call has given is (`[xs, x] := pop(xs)`), a piece has another holder only if the whole itself has: hence
the marks here.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, function, i64, literal, literal_size, u8
from rufflang.runtime.arrays import array_get, array_value, as_array, new_array
from rufflang.runtime.arrays_editing import array_section
from rufflang.runtime.dicts import as_dict, dict_clone, dict_delete, dict_value, new_dict
from rufflang.runtime.dicts_finding import dict_get
from rufflang.runtime.dicts_keys import normalise_key
from rufflang.runtime.errors import raise_around
from rufflang.runtime.objects import ArrayObject
from rufflang.runtime.sharing import share
from rufflang.runtime.type_names import operand_name
from rufflang.runtime.values import ARRAY, DICT, ERROR, NULL, UNBOUND, Value, null_value
from rufflang.runtime.vm import VM


@function(inline=True)
def share_piece(array: ArrayObject, piece: Value) -> None:
    """Marks an element that is bound, if others hold the array that it is in."""
    if array.shared != 0:
        share(piece)


@function
def destructure_array(vm: VM, out: Ptr[Value], value: Value, count: i64, with_rest: bool) -> Value:
    """Writes `count` elements, then perhaps the array of the others, to `out`; gives null, or ERROR."""
    if value.tag == NULL:
        _fill_with_null(out, count)
        if with_rest:
            out[count] = array_value(new_array(vm, 0))
        return null_value()
    if value.tag != ARRAY:
        return _raise_wrong_kind(vm, value, literal(" as array"), literal_size(" as array"))
    array = as_array(value)
    length = array.length
    for i in range(count):
        item = null_value()
        if i < length:
            item = array_get(array, i)
            share_piece(array, item)
        out[i] = item
    if with_rest:
        start = count if count < length else length
        rest = array_section(vm, array, start, length - start)
        if rest.tag == ERROR:
            return rest
        out[count] = rest
    return null_value()


@function
def destructure_dict(
    vm: VM, out: Ptr[Value], value: Value, names: Ptr[Value], count: i64, with_rest: bool
) -> Value:
    """Writes the entries of `count` names, then perhaps the dict of the others; gives null, or ERROR."""
    if value.tag == NULL:
        _fill_with_null(out, count)
        if with_rest:
            out[count] = dict_value(new_dict(vm, 0))
        return null_value()
    if value.tag != DICT:
        return _raise_wrong_kind(vm, value, literal(" as dict"), literal_size(" as dict"))
    table = as_dict(value)
    for i in range(count):
        item = dict_get(table, normalise_key(vm, names[i]))
        if item.tag == UNBOUND:
            item = null_value()
        if table.shared != 0:
            share(item)
        out[i] = item
    if with_rest:
        rest = dict_clone(vm, table)
        for i in range(count):
            dict_delete(rest, normalise_key(vm, names[i]))
        out[count] = dict_value(rest)
    return null_value()


@function
def _fill_with_null(out: Ptr[Value], count: i64) -> None:
    for i in range(count):
        out[i] = null_value()


@function(cold=True)
def _raise_wrong_kind(vm: VM, value: Value, ending: Ptr[u8], ending_size: i64) -> Raised:
    before = literal("Cannot destructure ")
    before_size = literal_size("Cannot destructure ")
    return raise_around(vm, before, before_size, operand_name(vm, value), ending, ending_size)
