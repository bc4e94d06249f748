"""Promises that settle at a certain time: a binary heap of times, earliest first.

Of two timers for the same time the one set first comes first.  A timer whose promise has
been settled otherwise stays in the heap until its turn comes, and is then ignored.
"""

from __future__ import annotations

from rufflang.lowpy import copy_memory, function, i64, is_null, literal
from rufflang.runtime.builtins.clock import monotonic_time
from rufflang.runtime.errors import append_literal
from rufflang.runtime.heap import new_values
from rufflang.runtime.objects import REJECTED, RESOLVED, PromiseObject
from rufflang.runtime.promises import as_promise, is_pending, promise_value, settle
from rufflang.runtime.strings import string_value
from rufflang.runtime.text_builder import builder_append_int, builder_finish, builder_new
from rufflang.runtime.values import Value, int_value, null_value
from rufflang.runtime.vm import VM

_FIRST_CAPACITY = 16


@function
def add_timer(vm: VM, promise: PromiseObject, time: i64) -> None:
    """Lets a promise settle at a time, in nanoseconds of the monotonic clock."""
    count = vm.timer_count
    if is_null(vm.timers) or vm.timers.capacity < count * 2 + 2:
        _grow(vm)
    vm.timer_sequence += 1
    promise.sequence = vm.timer_sequence
    vm.timer_count = count + 1
    _put(vm, count, time, promise_value(promise))
    _sift_up(vm, count)


@function
def _grow(vm: VM) -> None:
    count = vm.timer_count
    grown = new_values(vm, (count * 2 if count > 0 else i64(_FIRST_CAPACITY)) * 2)
    if count > 0:
        copy_memory(grown.items, vm.timers.items, count * 32)
    vm.timers = grown


@function(inline=True)
def _time(vm: VM, index: i64) -> i64:
    return vm.timers.items[index * 2].payload


@function(inline=True)
def _promise(vm: VM, index: i64) -> PromiseObject:
    return as_promise(vm.timers.items[index * 2 + 1])


@function
def _put(vm: VM, index: i64, time: i64, promise: Value) -> None:
    vm.timers.items[index * 2] = int_value(time)
    vm.timers.items[index * 2 + 1] = promise


@function
def _comes_before(vm: VM, first: i64, second: i64) -> bool:
    if _time(vm, first) != _time(vm, second):
        return _time(vm, first) < _time(vm, second)
    return _promise(vm, first).sequence < _promise(vm, second).sequence


@function
def _swap(vm: VM, first: i64, second: i64) -> None:
    time = _time(vm, first)
    promise = vm.timers.items[first * 2 + 1]
    _put(vm, first, _time(vm, second), vm.timers.items[second * 2 + 1])
    _put(vm, second, time, promise)


@function
def _sift_up(vm: VM, index: i64) -> None:
    while index > 0:
        parent = (index - 1) >> 1
        if not _comes_before(vm, index, parent):
            return
        _swap(vm, index, parent)
        index = parent


@function
def _sift_down(vm: VM, index: i64) -> None:
    while index * 2 + 1 < vm.timer_count:
        child = index * 2 + 1
        if child + 1 < vm.timer_count and _comes_before(vm, child + 1, child):
            child += 1
        if not _comes_before(vm, child, index):
            return
        _swap(vm, index, child)
        index = child


@function
def _drop_first(vm: VM) -> PromiseObject:
    promise = _promise(vm, 0)
    last = vm.timer_count - 1
    _swap(vm, 0, last)
    _put(vm, last, 0, null_value())
    vm.timer_count = last
    _sift_down(vm, 0)
    return promise


@function
def next_time(vm: VM) -> i64:
    """When the next timer that matters is due; -1 if there is none."""
    while vm.timer_count > 0:
        if is_pending(_promise(vm, 0)):
            return _time(vm, 0)
        _drop_first(vm)
    return -1


@function
def fire_timers(vm: VM) -> None:
    """Settles every promise whose time has come."""
    if vm.timer_count == 0:
        return
    now = monotonic_time(vm)
    time = next_time(vm)
    while 0 <= time and time <= now:
        promise = _drop_first(vm)
        if promise.timeout < 0:
            settle(vm, promise, RESOLVED, null_value())
        else:
            settle(vm, promise, REJECTED, _timeout_reason(vm, promise.timeout))
        time = next_time(vm)


@function
def _timeout_reason(vm: VM, milliseconds: i64) -> Value:
    text = builder_new(vm)
    append_literal(vm, text, literal("Timeout after "))
    builder_append_int(vm, text, milliseconds)
    append_literal(vm, text, literal("ms"))
    return string_value(builder_finish(vm, text))
