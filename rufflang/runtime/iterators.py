"""Lazy iterators: the items of an array or generator, mapped, filtered or counted off on demand.

An iterator asks its source for one item at a time, so items flow through a whole chain one
by one.  Generators are resumed by the interpreter, through `VM.resume`.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Raised,
    call_pointer,
    cast,
    function,
    i64,
    literal,
    size_of,
    stack_address,
    u8,
    unlikely,
    word,
)
from rufflang.runtime.arrays import array_get, array_push, array_value, as_array, new_array
from rufflang.runtime.errors import raise_literal
from rufflang.runtime.heap import allocate
from rufflang.runtime.marking import share
from rufflang.runtime.objects import FILTERED, FROM_ARRAY, MAPPED, IteratorObject
from rufflang.runtime.results import option_of
from rufflang.runtime.safepoints import loop_must_stop
from rufflang.runtime.truth import truthy
from rufflang.runtime.values import ARRAY, ERROR, GENERATOR, ITERATOR, UNBOUND, Value, unbound
from rufflang.runtime.vm import VM


@function
def new_iterator(vm: VM, source: Value, kind: i64, mapping: Value, position: i64) -> Value:
    """An iterator over an array, generator or iterator."""
    share(source)
    iterator = cast(IteratorObject, allocate(vm, size_of(IteratorObject), ITERATOR))
    iterator.flags = u8(kind)
    iterator.source = source
    iterator.mapping = mapping
    iterator.position = position
    return Value(ITERATOR, word(iterator))


@function
def iterator_over(vm: VM, source: Value, kind: i64, mapping: Value, position: i64) -> Value:
    """An iterator that takes its items from a value of any iterable kind."""
    if source.tag == ARRAY:
        source = new_iterator(vm, source, FROM_ARRAY, unbound(), 0)
    return new_iterator(vm, source, kind, mapping, position)


@function(cold=True)
def raise_chain_too_long(vm: VM) -> Raised:
    return raise_literal(vm, literal("Maximum data nesting depth of 10000 exceeded while iterating"))


@function
def next_item(vm: VM, source: Value) -> Value:
    """The next item of a generator or iterator, to be kept; UNBOUND after the last one."""
    if source.tag == GENERATOR:
        resumed: Value = call_pointer(Value, vm.resume, vm, source.payload)
        return resumed
    if unlikely(word(stack_address()) < word(vm.native_stack_limit)):
        return raise_chain_too_long(vm)
    iterator = cast(IteratorObject, source.payload)
    kind = i64(iterator.flags)
    if kind == FROM_ARRAY:
        return _next_element(iterator)
    if kind == MAPPED:
        item = next_item(vm, iterator.source)
        return item if _is_end(item) else _apply(vm, iterator, item)
    if kind == FILTERED:
        return _next_fitting(vm, iterator)
    if iterator.position <= 0:
        return unbound()
    iterator.position -= 1
    return next_item(vm, iterator.source)


@function
def next_option(vm: VM, source: Value) -> Value:
    """`Some` of the next item of a generator or iterator, `None` after the last one; or ERROR."""
    item = next_item(vm, source)
    return item if item.tag == ERROR else option_of(vm, item)


@function(inline=True)
def _is_end(item: Value) -> bool:
    return item.tag == UNBOUND or item.tag == ERROR


@function
def _next_element(iterator: IteratorObject) -> Value:
    array = as_array(iterator.source)
    index = iterator.position
    if index >= array.length:
        return unbound()
    iterator.position = index + 1
    item = array_get(array, index)
    share(item)
    return item


@function
def _apply(vm: VM, iterator: IteratorObject, item: Value) -> Value:
    """The result of the iterator's function for an item."""
    place = vm.scratch
    place[0] = item
    mapping = iterator.mapping
    result: Value = call_pointer(Value, vm.call_value, vm, mapping.tag, mapping.payload, place, i64(1))
    return result


@function
def _next_fitting(vm: VM, iterator: IteratorObject) -> Value:
    """The next item for which the iterator's function gives something truthy."""
    while True:
        if unlikely(vm.interrupt != 0):
            if loop_must_stop(vm):
                return Value(ERROR, 0)
        item = next_item(vm, iterator.source)
        if _is_end(item):
            return item
        fits = _apply(vm, iterator, item)
        if fits.tag == ERROR:
            return fits
        if truthy(fits):
            return item


@function
def collect_items(vm: VM, source: Value) -> Value:
    """An array of all items that are left, or ERROR."""
    items = new_array(vm, 0)
    item = next_item(vm, source)
    while not _is_end(item):
        array_push(vm, items, item)
        if unlikely(vm.interrupt != 0):
            if loop_must_stop(vm):
                return Value(ERROR, 0)
        item = next_item(vm, source)
    return item if item.tag == ERROR else array_value(items)
