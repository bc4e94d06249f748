"""When no task is ready: waiting for time to pass, or finding that nothing can ever happen."""

from __future__ import annotations

from rufflang.lowpy import Raised, function, i64, is_null, literal
from rufflang.runtime.builtins.clock import NANOSECONDS_A_MILLISECOND, monotonic_time, sleep_until
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.channels import serve_with_null
from rufflang.runtime.channels_shared import has_unseen_messages, waits_for_threads
from rufflang.runtime.errors import append_literal, raise_built
from rufflang.runtime.exchange import exchange_of
from rufflang.runtime.exchange_waiting import NEVER, wait_for_message
from rufflang.runtime.safepoints import FATAL_SCHEDULER, stop_requested
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.timers import next_time
from rufflang.runtime.vm import VM

_LONGEST_LIMIT = 1 << 40  # milliseconds, decades: what lies beyond would not fit when counted in nanoseconds


@function
def idle(vm: VM) -> bool:
    """Returns when something may have happened; False when an error is in flight that ends the program."""
    vm.rounds += 1
    time = next_time(vm)
    has_timer = time >= 0
    by_threads = waits_for_threads(vm)
    if has_timer or by_threads:
        last = _last_time(vm)
        is_too_long = not has_timer or time > last
        released = _wait_until(vm, last if is_too_long else time, by_threads, not has_timer)
        if vm.interrupt != 0 and stop_requested(vm):
            return False
        if is_too_long and not released and monotonic_time(vm) >= last:
            raise_timeout(vm)
            return False
        if not released:
            return True
    # The last of the others may have sent something and ended, in this order, since this VM looked for messages.
    if has_unseen_messages(vm) or serve_with_null(vm):
        return True
    raise_timeout(vm)
    return False


@function
def _is_limited(vm: VM) -> bool:
    """Whether the program waits for promises, which is limited; the main task may wait at a channel for ever."""
    return is_null(vm.main_task) or vm.main_task.waiting_since == 0


@function
def _last_time(vm: VM) -> i64:
    """Until when the program may wait now."""
    if not _is_limited(vm):
        return NEVER
    limit = vm.wait_limit if vm.wait_limit < _LONGEST_LIMIT else i64(_LONGEST_LIMIT)
    return monotonic_time(vm) + limit * NANOSECONDS_A_MILLISECOND - vm.waited


@function
def _wait_until(vm: VM, end: i64, by_threads: bool, only_others_help: bool) -> bool:
    """Sleeps until a time or, if others may send, until one does; true if nobody can do that any more."""
    start = monotonic_time(vm)
    released = False
    flush_output(vm)
    if by_threads:
        released = wait_for_message(vm, exchange_of(vm), end, only_others_help)
    else:
        sleep_until(vm, end)
    if _is_limited(vm):
        vm.waited += monotonic_time(vm) - start
    return released


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
