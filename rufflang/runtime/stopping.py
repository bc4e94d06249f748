"""Asking a running program to stop, from wherever the reason is found, and counting its work.

Loops look at `VM.interrupt`; calls compare their depth with `VM.call_limit`, which a request
lowers so far that the next call cannot miss it.  `safepoints` answers requests.

Under a fuel limit the bit STOP_FUEL is always set, so that every safepoint takes the slow way and
counts; without one nothing is counted anywhere.  Machine code made for such a run counts its
loops itself (`jit.operations`) and differs in nothing else.

A profile asks for samples by the same words (STOP_SAMPLE): whoever looks for reasons to stop passes
over that bit, and `profile` says where it is answered.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, field_address, function, i64, unlikely, volatile_load
from rufflang.runtime.vm import NO_REASON, STOP_CUT_OFF, STOP_FUEL, STOP_MEMORY, STOP_SPENT, VM

NO_CALLS = -(1 << 62)

# Native loops ask `work_stops` once in so many steps, and pay for them with so many units.
WORK_STEPS = 4096
WORK_UNITS = 256


@function
def ask_to_stop(vm: VM, reason: i64) -> None:
    """Makes the program stop at its next safepoint; `reason` is one of the STOP bits."""
    vm.interrupt = vm.interrupt | reason
    vm.call_limit = NO_CALLS


@function
def is_asked_to_stop(vm: VM) -> bool:
    """For waiting in native code: whether there may be a reason to stop."""
    return (volatile_load(cast(Ptr[i64], field_address(vm, "interrupt"))) & ~NO_REASON) != 0


@function
def look_at_calls_again(vm: VM) -> None:
    """The next call has to ask `call_depth.may_call`; under a fuel limit every call has to."""
    vm.call_limit = NO_CALLS if vm.interrupt != 0 else i64(0)


@function
def forget_requests(vm: VM) -> None:
    """There is no reason to stop any more."""
    vm.interrupt = vm.interrupt & STOP_FUEL
    look_at_calls_again(vm)


@function
def count_work(vm: VM, units: i64) -> None:
    """Pays for work, if it is counted; when nothing is left, the program is asked to stop."""
    if (vm.interrupt & STOP_FUEL) != 0:
        if vm.fuel < units:
            vm.fuel = 0
            ask_to_stop(vm, STOP_SPENT)
        else:
            vm.fuel -= units


@function(inline=True)
def work_stops(vm: VM) -> bool:
    """For loops in native code, once in WORK_STEPS steps: whether to break off.

    Whatever the loop leaves behind then, right or wrong, nothing sees it: the program stops before
    it can call a builtin or end.
    """
    if unlikely(volatile_load(cast(Ptr[i64], field_address(vm, "interrupt"))) != 0):
        return _breaks_off(vm)
    return False


@function(inline=True)
def count_steps(vm: VM, steps: i64) -> None:
    """Pays for a loop in native code that is over before anybody would want to break it off."""
    if unlikely(vm.interrupt != 0):
        count_work(vm, steps >> 4)


@function(cold=True)
def _breaks_off(vm: VM) -> bool:
    count_work(vm, WORK_UNITS)
    # Room for memory may be found later; the other reasons last.
    if (vm.interrupt & ~(NO_REASON | STOP_MEMORY)) == 0:
        return False
    ask_to_stop(vm, STOP_CUT_OFF)
    return True
