"""Stopping a running program: interruption, memory limit, deadline.

Loop back-edges and calls look at `VM.interrupt`; when it is set, they come here.  These
errors cannot be caught by the program.
"""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64
from rufflang.runtime.heap import has_room
from rufflang.runtime.values import UNBOUND, Value
from rufflang.runtime.vm import STOP_DEADLINE, STOP_INTERRUPT, STOP_MEMORY, VM

FATAL_INTERRUPT = 1
FATAL_MEMORY = 2
FATAL_DEADLINE = 3
FATAL_EXIT = 4


@function(cold=True)
def stop_requested(vm: VM) -> bool:
    """Takes the request and puts a fatal error in flight; False when there is no reason to stop any more."""
    request = vm.interrupt
    vm.interrupt = 0
    vm.call_limit = vm.depth_limit
    if (request & STOP_INTERRUPT) != 0:
        raise_fatal(vm, FATAL_INTERRUPT)
        return True
    if (request & STOP_DEADLINE) != 0:
        raise_fatal(vm, FATAL_DEADLINE)
        return True
    if (request & STOP_MEMORY) != 0 and not has_room(vm, 0):
        raise_fatal(vm, FATAL_MEMORY)
        return True
    return False


@function(cold=True)
def raise_fatal(vm: VM, reason: i64) -> Raised:
    """An error that no handler catches; the engine words its message."""
    vm.error_message = vm.empty_string
    vm.error = Value(UNBOUND, 0)
    vm.error_is_fatal = reason
    return Raised()
