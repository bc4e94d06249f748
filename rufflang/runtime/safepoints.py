"""Stopping a running program: interruption, limits, output that nobody takes.

Loop back-edges look at `VM.interrupt`, calls at `VM.call_limit`; when there is a request (see
`runtime.stopping`), they come here.  These errors cannot be caught by the program.
"""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64
from rufflang.runtime.errors import raise_message
from rufflang.runtime.heap import has_room
from rufflang.runtime.stopping import count_work, forget_requests
from rufflang.runtime.vm import (
    NO_REASON,
    STOP_DEADLINE,
    STOP_INTERRUPT,
    STOP_MEMORY,
    STOP_OUTPUT,
    STOP_SPENT,
    VM,
)

# `VM.error_is_fatal`
FATAL_INTERRUPT = 1
FATAL_MEMORY = 2
FATAL_DEADLINE = 3
FATAL_EXIT = 4
FATAL_OUTPUT = 5
FATAL_SCHEDULER = 6
FATAL_FUEL = 7


@function(cold=True)
def stop_requested(vm: VM) -> bool:
    """Answers a request: puts a fatal error in flight; False when there is no reason to stop any more."""
    request = vm.interrupt & ~NO_REASON
    if request == 0:
        return False
    if request == STOP_MEMORY and has_room(vm, 0):
        forget_requests(vm)
        return False
    stop_at_once(vm)
    return True


@function(cold=True)
def loop_must_stop(vm: VM) -> bool:
    """What a jump backwards asks while `VM.interrupt` is set: pays one unit of fuel, answers requests."""
    count_work(vm, 1)
    return stop_requested(vm)


@function(cold=True)
def call_must_stop(vm: VM) -> bool:
    """The same for a call, which stops the program at any request."""
    count_work(vm, 1)
    if (vm.interrupt & ~NO_REASON) == 0:
        return False
    stop_at_once(vm)
    return True


@function(cold=True)
def stop_at_once(vm: VM) -> Raised:
    """Puts the fatal error for the most urgent request in flight."""
    request = vm.interrupt
    forget_requests(vm)
    if (request & STOP_INTERRUPT) != 0:
        return raise_fatal(vm, FATAL_INTERRUPT)
    if (request & STOP_OUTPUT) != 0:
        return raise_fatal(vm, FATAL_OUTPUT)
    if (request & STOP_DEADLINE) != 0:
        return raise_fatal(vm, FATAL_DEADLINE)
    if (request & STOP_SPENT) != 0:
        return raise_fatal(vm, FATAL_FUEL)
    return raise_fatal(vm, FATAL_MEMORY)


@function(cold=True)
def raise_fatal(vm: VM, reason: i64) -> Raised:
    """An error that no handler catches; the engine words its message."""
    raise_message(vm, vm.empty_string)
    vm.error_is_fatal = reason
    return Raised()
