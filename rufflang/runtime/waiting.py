"""When no task is ready: waiting for time to pass, or finding that nothing can ever happen."""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64, is_null, literal
from rufflang.runtime.builtins.clock import monotonic_time, sleep_until
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.channels import serve_with_null
from rufflang.runtime.channels_shared import waits_for_threads
from rufflang.runtime.errors import append_literal, raise_built
from rufflang.runtime.exchange import exchange_of
from rufflang.runtime.exchange_waiting import NEVER, wait_for_message
from rufflang.runtime.safepoints import FATAL_SCHEDULER, stop_requested
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.timers import next_time
from rufflang.runtime.vm import VM

_NANOSECONDS_A_MILLISECOND = 1_000_000
_LONGEST_LIMIT = 1 << 40  # milliseconds, decades: what lies beyond would not fit when counted in nanoseconds


@function
def idle(vm: VM) -> bool:
    """Returns when something may have happened; False when an error is in flight that ends the program."""
    vm.rounds += 1
    time = next_time(vm)
    if time >= 0:
        return _wait_until(vm, time)
    if waits_for_threads(vm):
        flush_output(vm)
        released = wait_for_message(vm, exchange_of(vm), NEVER)
        if vm.interrupt != 0 and stop_requested(vm):
            return False
        if not released:
            return True
    if serve_with_null(vm):
        return True
    raise_timeout(vm)
    return False


@function
def _wait_until(vm: VM, time: i64) -> bool:
    """Sleeps until a time, or until another thread sends something, or as long as the program may wait at all.

    That is limited while it waits for promises; the main task may wait at a channel for ever.
    """
    start = monotonic_time(vm)
    is_limited = is_null(vm.main_task) or vm.main_task.waiting_since == 0
    limit = vm.wait_limit if vm.wait_limit < _LONGEST_LIMIT else i64(_LONGEST_LIMIT)
    last = start + limit * _NANOSECONDS_A_MILLISECOND - vm.waited
    flush_output(vm)
    end = time if time < last or not is_limited else last
    if waits_for_threads(vm):
        wait_for_message(vm, exchange_of(vm), end)
    else:
        sleep_until(vm, end)
    if is_limited:
        vm.waited += monotonic_time(vm) - start
    if vm.interrupt != 0 and stop_requested(vm):
        return False
    if is_limited and time > last and monotonic_time(vm) >= last:
        raise_timeout(vm)
        return False
    return True


@function(cold=True)
def raise_timeout(vm: VM) -> Raised:
    """The program has waited too long, or for something that can never happen."""
    text = builder_new(vm)
    append_literal(vm, text, literal("Scheduler timed out after "))
    builder_append_int(vm, text, vm.wait_limit)
    append_literal(vm, text, literal("ms ("))
    builder_append_int(vm, text, vm.rounds)
    append_literal(vm, text, literal(" rounds, "))
    builder_append_int(vm, text, vm.live_tasks)
    append_literal(vm, text, literal(" pending)"))
    raise_built(vm, text)
    vm.error_is_fatal = FATAL_SCHEDULER
    return Raised()
