"""Results and options as heap objects."""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, size_of, u32, word
from rufflang.runtime.heap import allocate
from rufflang.runtime.objects import SOME_VARIANT, BoxObject
from rufflang.runtime.values import OPTION, UNBOUND, Value
from rufflang.runtime.vm import VM


@function
def new_box(vm: VM, kind: i64, variant: i64, value: Value) -> Value:
    """A result or option."""
    box = cast(BoxObject, allocate(vm, size_of(BoxObject), kind))
    box.aux = u32(variant)
    box.value = value
    return Value(kind, word(box))


@function
def some_value(vm: VM, value: Value) -> Value:
    """`Some(value)`."""
    return new_box(vm, OPTION, SOME_VARIANT, value)


@function
def none_value(vm: VM) -> Value:
    """`None`."""
    return Value(OPTION, word(vm.none))


@function
def option_of(vm: VM, item: Value) -> Value:
    """`Some(item)`, or `None` for UNBOUND."""
    return none_value(vm) if item.tag == UNBOUND else some_value(vm, item)
