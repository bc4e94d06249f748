"""Stopping a running program: interruption, memory limit, deadline, output that nobody takes.

Loop back-edges look at `VM.interrupt`, calls at `VM.call_limit`; when there is a request (see
`runtime.stopping`), they come here.  These errors cannot be caught by the program.
"""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64
from rufflang.runtime.errors import raise_message
from rufflang.runtime.heap import has_room
from rufflang.runtime.vm import STOP_DEADLINE, STOP_INTERRUPT, STOP_MEMORY, STOP_OUTPUT, VM

# `VM.error_is_fatal`
FATAL_INTERRUPT = 1
FATAL_MEMORY = 2
FATAL_DEADLINE = 3
FATAL_EXIT = 4
FATAL_OUTPUT = 5
FATAL_SCHEDULER = 6


@function(cold=True)
def stop_requested(vm: VM) -> bool:
    """Answers a request: puts a fatal error in flight; False when there is no reason to stop any more."""
    if vm.interrupt == STOP_MEMORY and has_room(vm, 0):
        vm.interrupt = 0
        vm.call_limit = 0
        return False
    stop_at_once(vm)
    return True


@function(cold=True)
def stop_at_once(vm: VM) -> Raised:
    """Puts the fatal error for the most urgent request in flight."""
    request = vm.interrupt
    vm.interrupt = 0
    vm.call_limit = 0
    if (request & STOP_INTERRUPT) != 0:
        return raise_fatal(vm, FATAL_INTERRUPT)
    if (request & STOP_OUTPUT) != 0:
        return raise_fatal(vm, FATAL_OUTPUT)
    if (request & STOP_DEADLINE) != 0:
        return raise_fatal(vm, FATAL_DEADLINE)
    return raise_fatal(vm, FATAL_MEMORY)


@function(cold=True)
def raise_fatal(vm: VM, reason: i64) -> Raised:
    """An error that no handler catches; the engine words its message."""
    raise_message(vm, vm.empty_string)
    vm.error_is_fatal = reason
    return Raised()
