"""Waiting for messages from other threads, and finding out that none can come any more.

A VM waits when none of its tasks can go on and no timer of its own runs.  If all VMs of the program that have
not ended wait like that, nobody can ever send anything: then one of them is **released**, which
means that its longest waiting `receive` gives null.  The others go on waiting, since the one that goes
on may send.  First come spawned blocks, the oldest one of those that wait first, and the main program comes
last: workers learn that there is no more work before it learns that there are no more results.

Whoever sends wakes all VMs that wait, and none of them counts as waiting before it has looked.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    cast,
    external,
    function,
    i32,
    i64,
    is_null,
    null,
    u8,
)
from rufflang.runtime.exchange import Exchange, lock, unlock
from rufflang.runtime.heap_system import CLOCK_MONOTONIC, system_clock_gettime
from rufflang.runtime.stopping import is_asked_to_stop
from rufflang.runtime.vm import VM

_CLOCK_REALTIME = 0
_SECOND = 1_000_000_000
_SLICE = 50_000_000
"""Nanoseconds after which a waiting VM looks whether it should stop."""

NEVER = 1 << 62


@external("pthread_cond_timedwait")
def _condition_wait(condition: Ptr[i64], mutex: Ptr[i64], until: Ptr[i64]) -> i32: ...


@external("pthread_cond_broadcast")
def _condition_broadcast(condition: Ptr[i64]) -> i32: ...


@function
def announce(exchange: Exchange) -> None:
    """A message was sent: every VM that waits has to look again.  The lock is held."""
    exchange.sent += 1
    vm = cast(VM, exchange.first_waiting)
    while not is_null(vm):
        vm.is_waiting = 0
        vm = cast(VM, vm.next_waiting)
    exchange.first_waiting = null(Ptr[u8])
    exchange.waiting = 0
    _condition_broadcast(exchange.condition)


@function
def wait_for_message(vm: VM, exchange: Exchange, deadline: i64, only_others_help: bool) -> bool:
    """Waits until something is sent, the VM should stop, or a time of the monotonic clock (or NEVER) has come.

    True when the VM was released: nothing can be sent any more.  That can happen if `only_others_help`: without
    a message this VM has nothing more to do.
    """
    lock(exchange)
    left = _time_left(vm, deadline)
    while exchange.sent == vm.sent_seen and not _must_go_on(vm) and left > 0:
        if only_others_help and vm.is_waiting == 0:
            _enter(exchange, vm)
        if not _must_go_on(vm):
            _sleep(vm, exchange, left)
        left = _time_left(vm, deadline)
    if vm.is_waiting != 0:
        _leave(exchange, vm)
    released = vm.is_released != 0
    vm.is_released = 0
    unlock(exchange)
    return released


@function
def _must_go_on(vm: VM) -> bool:
    return vm.is_released != 0 or is_asked_to_stop(vm)


@function
def _time_left(vm: VM, deadline: i64) -> i64:
    """Nanoseconds until the deadline, but no more than a slice."""
    if deadline == NEVER:
        return _SLICE
    words = cast(Ptr[i64], vm.wait_words)
    system_clock_gettime(i32(CLOCK_MONOTONIC), words)
    left = deadline - words[0] * _SECOND - words[1]
    return left if left < _SLICE else _SLICE


@function
def _sleep(vm: VM, exchange: Exchange, nanoseconds: i64) -> None:
    words = cast(Ptr[i64], vm.wait_words)
    system_clock_gettime(i32(_CLOCK_REALTIME), words)
    words[1] += nanoseconds
    if words[1] >= _SECOND:
        words[0] += 1
        words[1] -= _SECOND
    _condition_wait(exchange.condition, exchange.mutex, words)


@function
def _enter(exchange: Exchange, vm: VM) -> None:
    """Counts the VM as waiting."""
    vm.is_waiting = 1
    vm.next_waiting = exchange.first_waiting
    exchange.first_waiting = cast(Ptr[u8], vm)
    exchange.waiting += 1
    release_if_all_wait(exchange)


@function
def _leave(exchange: Exchange, vm: VM) -> None:
    """Does not count the VM as waiting any more."""
    vm.is_waiting = 0
    exchange.waiting -= 1
    before = cast(VM, exchange.first_waiting)
    if before == vm:
        exchange.first_waiting = vm.next_waiting
        return
    while cast(VM, before.next_waiting) != vm:
        before = cast(VM, before.next_waiting)
    before.next_waiting = vm.next_waiting


@function
def release_if_all_wait(exchange: Exchange) -> None:
    """Lets one VM go on without a message if all are waiting.  The lock is held."""
    if exchange.waiting == 0 or exchange.waiting < exchange.alive:
        return
    chosen = cast(VM, exchange.first_waiting)
    vm = cast(VM, chosen.next_waiting)
    while not is_null(vm):
        if chosen.identity == 1 or (vm.identity != 1 and vm.identity < chosen.identity):
            chosen = vm
        vm = cast(VM, vm.next_waiting)
    _leave(exchange, chosen)
    chosen.is_released = 1
    _condition_broadcast(exchange.condition)


@function
def wake_all(exchange: Exchange) -> None:
    """Lets every VM that waits see whether it should stop."""
    lock(exchange)
    _condition_broadcast(exchange.condition)
    unlock(exchange)


@function
def join_exchange(exchange: Exchange) -> None:
    """Counts one more VM."""
    lock(exchange)
    exchange.alive += 1
    unlock(exchange)


@function(export="ruff_leave_program")
def leave_program(vm: VM) -> None:
    """The VM of a spawned block has ended: it will send nothing any more."""
    exchange = cast(Exchange, vm.exchange)
    lock(exchange)
    exchange.alive -= 1
    release_if_all_wait(exchange)
    unlock(exchange)
